//! What went wrong, as Python's exceptions. The classes are written in Python (`apograph/_errors.py`).

use std::io;
use std::path::Path;

use apograph::batch::finding::Finding;
use apograph::failure::Failure;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::document::findings_json;

/// A document of which nothing can be made.
pub(crate) fn failed(py: Python<'_>, name: &str, findings: &[&Finding]) -> PyErr {
    let made = class(py, "ConversionError")
        .and_then(|class| class.call_method1("of_findings", (name, findings_json(findings.iter().copied()))));
    made.map_or_else(|broken| broken, PyErr::from_value)
}

/// A request that can't be carried out as it stands.
pub(crate) fn usage(py: Python<'_>, message: impl Into<String>) -> PyErr {
    let made = class(py, "UsageError").and_then(|class| class.call1((message.into(),)));
    made.map_or_else(|broken| broken, PyErr::from_value)
}

/// As [`usage`], for a failure that is the caller's: a format that there is not, an option's file that is no such.
pub(crate) fn misuse(py: Python<'_>, failure: &Failure) -> PyErr {
    usage(py, failure.to_string())
}

/// A file that the system refuses, with its name.
pub(crate) fn refused(py: Python<'_>, path: &Path, cause: io::Error) -> PyErr {
    let Some(number) = cause.raw_os_error() else { return PyErr::from(cause) };
    // Python picks the class that belongs to the number.
    let strerror = py.import("os").and_then(|os| os.call_method1("strerror", (number,)));
    let path = path.as_os_str().to_owned();
    match strerror.and_then(|said| said.extract::<String>()) {
        Ok(said) => PyOSError::new_err((number, said, path)),
        Err(broken) => broken,
    }
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(py.import("apograph._errors")?.getattr(name)?.cast_into()?)
}
