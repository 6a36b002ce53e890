//! What was read, and what was made of it.

use std::sync::Arc;

use apograph::batch::finding::{Finding, Places};
use apograph::batch::outcome::{gravest, look_over};
use apograph::convert::{Read, Written};
use apograph::diagnostic::Log;
use apograph::explain::inferences;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Serialize;

use crate::source::Bytes;
use crate::workers;

/// A document that was read, with what is needed to say where things stand in its source.
pub(crate) struct Held {
    pub(crate) read: Read,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
    /// How many lines of the file stand before the first of `bytes`.
    pub(crate) line: u32,
    pub(crate) findings: Vec<Finding>,
}

impl Held {
    pub(crate) fn places(&self) -> Places {
        Places::new(&self.name, self.bytes.as_ref()).after(self.line)
    }

    /// What was noticed, with places; of very many diagnostics the gravest.
    pub(crate) fn findings(log: &Log, places: impl FnOnce() -> Places) -> Vec<Finding> {
        if log.diagnostics().is_empty() {
            return Vec::new();
        }
        let places = places();
        gravest(log.diagnostics()).0.into_iter().map(|diagnostic| Finding::of(diagnostic, &places)).collect()
    }
}

/// Findings as a JSON array.
pub(crate) fn findings_json<'f>(findings: impl Iterator<Item = &'f Finding>) -> String {
    json(&findings.collect::<Vec<_>>())
}

/// Anything of the library as JSON: strings, numbers and lists of them, which serde_json can't refuse.
pub(crate) fn json(said: &impl Serialize) -> String {
    serde_json::to_string(said).unwrap_or_default()
}

/// A document that was read and enriched.
#[pyclass(frozen, module = "apograph._native")]
pub(crate) struct Document(pub(crate) Arc<Held>);

#[pymethods]
impl Document {
    /// What the source is called.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The format it was read from.
    #[getter]
    fn format(&self) -> &str {
        self.0.read.format
    }

    /// Characters of text, white space aside; `None` if they were not counted.
    #[getter]
    fn characters(&self) -> Option<usize> {
        self.0.read.characters
    }

    /// What was noticed, as JSON.
    fn findings(&self) -> String {
        findings_json(self.0.findings.iter())
    }

    /// Every inference, as JSON.
    fn inferences(&self, py: Python<'_>) -> PyResult<String> {
        self.told(py, |held| json(&inferences(&held.read.document, &held.places())))
    }

    /// The document in figures, as JSON.
    fn counts(&self, py: Python<'_>) -> PyResult<String> {
        self.told(py, |held| json(&look_over(&held.read.document).0))
    }

    /// The document's tree, as JSON.
    fn model(&self, py: Python<'_>) -> PyResult<String> {
        self.told(py, |held| json(&held.read.document))
    }

    fn __repr__(&self) -> String {
        format!("<apograph._native.Document {:?}>", self.0.name)
    }
}

impl Document {
    fn told(&self, py: Python<'_>, tell: impl Fn(&Held) -> String + Sync) -> PyResult<String> {
        let held = &self.0;
        py.detach(|| workers::run(|| tell(held)))?.map_err(pyo3::exceptions::PyRuntimeError::new_err)
    }
}

/// Files by name.
type Files<'py> = Vec<(String, Bound<'py, PyBytes>)>;

/// What a document was made into.
#[pyclass(frozen, module = "apograph._native")]
pub(crate) struct Conversion {
    pub(crate) document: Arc<Held>,
    pub(crate) stem: String,
    pub(crate) written: Vec<Written>,
    /// What was noticed on writing.
    pub(crate) findings: Vec<Finding>,
}

#[pymethods]
impl Conversion {
    /// The document that was converted.
    #[getter]
    fn document(&self) -> Document {
        Document(Arc::clone(&self.document))
    }

    /// For each target its format, whether its text was proven, and its files with their names, the main one first.
    #[getter]
    fn written<'py>(&self, py: Python<'py>) -> Vec<(&'static str, Option<bool>, Files<'py>)> {
        let files = |written: &Written| {
            let main = format!("{}.{}", self.stem, written.extension);
            let name = |path: &str| if path.is_empty() { main.clone() } else { path.to_owned() };
            let mut files: Vec<_> = written.files.files().collect();
            files.sort_by_key(|(path, _)| !path.is_empty());
            files.into_iter().map(|(path, bytes)| (name(path), PyBytes::new(py, bytes))).collect()
        };
        self.written.iter().map(|written| (written.format, written.conserved, files(written))).collect()
    }

    /// What was noticed on reading and writing, as JSON.
    fn findings(&self) -> String {
        findings_json(self.document.findings.iter().chain(&self.findings))
    }

    /// True if nothing that was noticed is as grave as this.
    fn is_clear_of(&self, severity: &str) -> bool {
        let grave = |finding: &Finding| match severity {
            "loss" => finding.severity >= apograph::diagnostic::Severity::Loss,
            _ => finding.severity >= apograph::diagnostic::Severity::Error,
        };
        !self.document.findings.iter().chain(&self.findings).any(grave)
    }
}
