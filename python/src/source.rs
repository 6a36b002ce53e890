//! What Python hands over to be read: bytes, or the path of a file.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::raise;

/// The bytes of an input, shared with all that came of it: places are looked up in them when they are asked for.
#[derive(Clone)]
pub(crate) enum Bytes {
    /// Bytes that belong to Python.
    Python(Arc<PyBackedBytes>),
    /// Bytes of ours.
    Own(Arc<Vec<u8>>),
}

impl Bytes {
    pub(crate) fn own(bytes: Vec<u8>) -> Self {
        Self::Own(Arc::new(bytes))
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Python(bytes) => bytes.as_ref(),
            Self::Own(bytes) => bytes.as_slice(),
        }
    }
}

/// Bytes, or where they are.
pub(crate) enum Source {
    Data(Bytes),
    File(PathBuf),
}

impl Source {
    /// The bytes; what the system says comes as Python says it (`FileNotFoundError` and its like).
    pub(crate) fn load(&self, py: Python<'_>, largest: u64) -> PyResult<Bytes> {
        let path = match self {
            Self::Data(bytes) => return Ok(bytes.clone()),
            Self::File(path) => path,
        };
        let read = py.detach(|| read(path, largest)).map_err(|cause| raise::refused(py, path, cause))?;
        match read {
            Some(bytes) => Ok(Bytes::own(bytes)),
            None => Err(raise::usage(
                py,
                format!("`{}` has more than {} MiB; `max_document` raises the limit", path.display(), largest >> 20),
            )),
        }
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Data(_) => None,
            Self::File(path) => Some(path),
        }
    }
}

fn read(path: &Path, largest: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(largest.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= largest).then_some(bytes))
}

impl<'a, 'py> FromPyObject<'a, 'py> for Source {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<PyBytes>() {
            return Ok(Self::Data(Bytes::Python(Arc::new(given.extract()?))));
        }
        given.extract().map(Self::File)
    }
}
