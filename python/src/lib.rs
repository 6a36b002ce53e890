//! The native half of the Python module `apograph`: what is heavy. The half that users see is written in Python and
//! lies in `apograph/`; everything that is structured crosses between the two as JSON.

#![forbid(unsafe_code)]

mod converter;
mod document;
mod index;
mod options;
mod raise;
mod source;
mod validation;
mod workers;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use super::converter::{Converter, Documents, formats, passes};
    #[pymodule_export]
    use super::document::{Conversion, Document};
    #[pymodule_export]
    use super::index::Index;
    #[pymodule_export]
    use super::validation::validate;
}
