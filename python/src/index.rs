//! What many documents say together.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use apograph::batch::amend::Amendment;
use apograph::diagnostic::Log;
use apograph::index::cmif::{self, Edition};
use apograph::index::graph::Graph;
use apograph::index::{Entry, entries, table};
use apograph::model;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::document::{Document, json};
use crate::raise;

/// The entries of an index, and what can be made of them.
#[pyclass(frozen, module = "apograph._native")]
pub(crate) struct Index(Mutex<Vec<Entry>>);

impl Index {
    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn made<'py>(
        &self,
        py: Python<'py>,
        make: impl FnOnce(&[Entry], &mut Vec<u8>) -> io::Result<()> + Send,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let mut bytes = Vec::new();
        py.detach(|| make(&self.entries(), &mut bytes))?;
        Ok(PyBytes::new(py, &bytes))
    }
}

#[pymethods]
impl Index {
    #[new]
    fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Adds the entries of a document, and says how many.
    fn add(&self, py: Python<'_>, document: &Document) -> usize {
        let held = &document.0;
        let found = py.detach(|| entries(&held.name, &held.read.document));
        let count = found.len();
        self.entries().extend(found);
        count
    }

    /// All entries, as JSON, without layout.
    fn json(&self, py: Python<'_>) -> String {
        py.detach(|| json(&*self.entries()))
    }

    /// The table, as CSV.
    fn csv<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.made(py, |entries, bytes| table::csv(entries, bytes))
    }

    /// The table, as JSON for people.
    fn table<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.made(py, |entries, bytes| table::json(entries, bytes))
    }

    /// Who cites whom, as JSON.
    fn graph<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.made(py, |entries, bytes| Graph::of(entries).json(bytes))
    }

    /// Who cites whom, as GraphML.
    fn graphml<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.made(py, |entries, bytes| Graph::of(entries).graphml(bytes))
    }

    /// Who wrote to whom, as CMIF.
    fn cmif<'py>(&self, py: Python<'py>, metadata: &str, url: Option<String>) -> PyResult<Bound<'py, PyBytes>> {
        let values = serde_json::from_str(metadata).map_err(|cause| raise::usage(py, cause.to_string()))?;
        let named = Amendment::from_values(values).apply(model::Document::default(), &mut Log::new()).metadata;
        let date = named.publication.date;
        self.made(py, |entries, bytes| cmif::write(entries, &Edition { metadata: Some(&named), url, date }, bytes))
    }
}
