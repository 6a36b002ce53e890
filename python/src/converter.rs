//! The way from bytes to a document and on to outputs, with the options that were chosen once.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use apograph::batch::amend::Amendment;
use apograph::batch::finding::{Finding, Places};
use apograph::convert::{Checks, Conversion as Way};
use apograph::diagnostic::Log;
use apograph::failure::Failure;
use apograph::read::Parts;
use apograph::registry::Registry;
use apograph::source::Input;
use pyo3::prelude::*;

use crate::document::{Conversion, Document, Held, json};
use crate::options::Options;
use crate::source::{Bytes, Source};
use crate::{raise, workers};

/// How much of a source of many documents is read at a time.
const BUFFER: usize = 1 << 20;

/// Everything that is settled before the first document is read.
#[pyclass(frozen, module = "apograph._native")]
pub(crate) struct Converter {
    registry: Registry,
    from: Option<String>,
    enrich: Option<Vec<String>>,
    checks: Checks,
    amendment: Amendment,
    largest: u64,
}

/// What is to be read: its name, its bytes, where they lie and in which line of the file they begin.
struct Given<'g> {
    name: &'g str,
    bytes: &'g Bytes,
    path: Option<&'g Path>,
    line: u32,
    /// What the source of which it is a part was read as.
    format: Option<&'g str>,
}

#[pymethods]
impl Converter {
    /// Options are JSON objects, or `None`.
    #[new]
    #[pyo3(signature = (from_, enrich, validate, prove, max_document, metadata, metadata_files, options))]
    #[expect(clippy::too_many_arguments, reason = "one for each option; the class users see names them")]
    fn new(
        py: Python<'_>,
        from_: Option<String>,
        enrich: Option<Vec<String>>,
        validate: bool,
        prove: bool,
        max_document: u64,
        metadata: Option<&str>,
        metadata_files: Vec<PathBuf>,
        options: &str,
    ) -> PyResult<Self> {
        let options: Options = serde_json::from_str(options).map_err(|cause| raise::usage(py, cause.to_string()))?;
        let registry = options.registry(py)?;
        if let Some(name) = &from_ {
            registry.reader(name).map_err(|unknown| raise::misuse(py, &unknown))?;
        }
        for name in enrich.iter().flatten() {
            registry.pass(name).map_err(|unknown| raise::misuse(py, &unknown))?;
        }
        let mut amendment = Amendment::from_files(&metadata_files).map_err(|refused| match refused {
            Failure::File { path, cause } => raise::refused(py, Path::new(&path), cause),
            other => raise::misuse(py, &other),
        })?;
        if let Some(values) = metadata {
            let values = serde_json::from_str(values).map_err(|cause| raise::usage(py, cause.to_string()))?;
            amendment.overlay(Amendment::from_values(values));
        }
        let checks = Checks { schema: validate, conservation: prove };
        Ok(Self { registry, from: from_, enrich, checks, amendment, largest: max_document << 20 })
    }

    /// Reads one input.
    fn read(&self, py: Python<'_>, source: Source, name: Option<String>) -> PyResult<Document> {
        let name = called(&source, name);
        let bytes = source.load(py, self.largest)?;
        let given = Given { name: &name, bytes: &bytes, path: source.path(), line: 0, format: None };
        settle(py, &name, py.detach(|| workers::run(|| self.held(&given)))?).map(|held| Document(Arc::new(held)))
    }

    /// Reads one input and writes it to some targets.
    fn convert(&self, py: Python<'_>, source: Source, name: Option<String>, to: Vec<String>) -> PyResult<Conversion> {
        self.known(py, &to)?;
        let name = called(&source, name);
        let bytes = source.load(py, self.largest)?;
        let given = Given { name: &name, bytes: &bytes, path: source.path(), line: 0, format: None };
        let work = || self.held(&given).map(|held| self.written(Arc::new(held), &to));
        settle(py, &name, py.detach(|| workers::run(work))?)
    }

    /// Writes a document to some targets.
    fn write(&self, py: Python<'_>, document: &Document, to: Vec<String>) -> PyResult<Conversion> {
        self.known(py, &to)?;
        let held = &document.0;
        let work = || Ok(self.written(Arc::clone(held), &to));
        settle(py, &held.name, py.detach(|| workers::run(work))?)
    }

    /// The documents of a file that may hold many, read one at a time.
    fn documents(this: Py<Self>, py: Python<'_>, path: PathBuf) -> PyResult<Documents> {
        let converter = this.get();
        let name = path.display().to_string();
        let refused = |cause| raise::refused(py, &path, cause);
        let file = File::open(&path).map_err(refused)?;
        let mut head = Vec::new();
        file.take(4096).read_to_end(&mut head).map_err(refused)?;
        let reader = match &converter.from {
            Some(name) => converter.registry.reader(name),
            None => converter.registry.reader_for(&name, &head),
        };
        let reader =
            reader.map_err(|unknown| raise::failed(py, &name, &[&Finding::failure(&unknown, &Places::default())]))?;
        let file = File::open(&path).map_err(refused)?;
        let parts = reader.parts(Box::new(BufReader::with_capacity(BUFFER, file)));
        let format = reader.format().name;
        let state = Mutex::new(State { whole: parts.is_none(), parts, number: 0 });
        Ok(Documents { converter: this, path, name, format, state })
    }
}

impl Converter {
    fn known(&self, py: Python<'_>, to: &[String]) -> PyResult<()> {
        if to.is_empty() {
            return Err(raise::usage(py, "`to` names no format"));
        }
        to.iter()
            .try_for_each(|name| self.registry.writer(name).map(drop).map_err(|unknown| raise::misuse(py, &unknown)))
    }

    fn way(&self, format: Option<&str>) -> Way<'_> {
        let mut way = Way::new(&self.registry);
        way.from = format.map(str::to_owned).or_else(|| self.from.clone());
        way.enrich.clone_from(&self.enrich);
        way.checks = self.checks;
        way
    }

    fn held(&self, given: &Given<'_>) -> Result<Held, Vec<Finding>> {
        let input = Input { name: given.name, bytes: given.bytes.as_ref(), path: given.path, siblings: None };
        let places = || Places::new(given.name, given.bytes.as_ref()).after(given.line);
        let (mut log, mut amended) = (Log::new(), Log::new());
        let amend = |document| self.amendment.apply(document, &mut amended);
        let read = self.way(given.format).read_with(&input, &mut log, amend);
        log.append(amended);
        let mut findings = Held::findings(&log, places);
        match read {
            Ok(read) => {
                let (name, bytes) = (given.name.to_owned(), given.bytes.clone());
                Ok(Held { read, name, bytes, line: given.line, findings })
            }
            Err(failure) => {
                findings.push(Finding::failure(&failure, &places()));
                Err(findings)
            }
        }
    }

    fn written(&self, held: Arc<Held>, to: &[String]) -> Conversion {
        let way = self.way(None);
        let mut log = Log::new();
        let (mut written, mut failed) = (Vec::new(), Vec::new());
        for (_, target) in to.iter().enumerate().filter(|(at, target)| !to[..*at].contains(target)) {
            // One target that can't be written keeps no other from being written.
            match way.write(&held.read, target, &mut log) {
                Ok(files) => written.push(files),
                Err(failure) => failed.push(Finding::failure(&failure, &Places::default())),
            }
        }
        let mut findings = Held::findings(&log, || held.places());
        findings.append(&mut failed);
        let stem = Input::new(&held.name, &[]).stem().to_owned();
        Conversion { document: held, stem, written, findings }
    }
}

/// What messages call an input.
fn called(source: &Source, name: Option<String>) -> String {
    name.or_else(|| source.path().map(|path| path.display().to_string())).unwrap_or_else(|| "-".to_owned())
}

/// The result, or an exception that says what went wrong.
fn settle<R>(py: Python<'_>, name: &str, result: Result<Result<R, Vec<Finding>>, String>) -> PyResult<R> {
    match result {
        Ok(Ok(made)) => Ok(made),
        Ok(Err(findings)) => Err(raise::failed(py, name, &findings.iter().collect::<Vec<_>>())),
        Err(said) => {
            let hint = "please report it with the input";
            let finding = Finding::error("bug.panic", format!("this program has a fault: {said}"), hint);
            Err(raise::failed(py, name, &[&finding]))
        }
    }
}

/// The documents of a file, one after the other; what is held at a time is one of them.
#[pyclass(frozen, module = "apograph._native")]
pub(crate) struct Documents {
    converter: Py<Converter>,
    path: PathBuf,
    name: String,
    format: &'static str,
    state: Mutex<State>,
}

struct State {
    parts: Option<Parts>,
    /// True if the file holds one document, which is still to be read.
    whole: bool,
    number: usize,
}

#[pymethods]
impl Documents {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Document>> {
        let next = py.detach(|| {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let whole = std::mem::take(&mut state.whole);
            let next = state.parts.as_mut().and_then(Iterator::next);
            state.number += 1;
            if matches!(next, Some(Err(_)) | None) {
                state.parts = None;
            }
            (whole, state.number, next)
        });
        let converter = self.converter.get();
        let (number, part) = match next {
            (true, ..) => return converter.read(py, Source::File(self.path.clone()), None).map(Some),
            (false, _, None) => return Ok(None),
            (false, number, Some(part)) => (number, part),
        };
        let called = format!("{}#{number}", self.name);
        let part =
            part.map_err(|failure| raise::failed(py, &called, &[&Finding::failure(&failure, &Places::default())]))?;
        let bytes = Bytes::own(part.bytes);
        let (path, line) = (Some(self.path.as_path()), part.line);
        let given = Given { name: &called, bytes: &bytes, path, line, format: Some(self.format) };
        settle(py, &called, py.detach(|| workers::run(|| converter.held(&given)))?)
            .map(|held| Some(Document(Arc::new(held))))
    }
}

/// The formats that can be read and written, as JSON.
#[pyfunction]
pub(crate) fn formats() -> String {
    json(&Registry::builtin().formats())
}

/// The passes that say more about a text: name and what each does.
#[pyfunction]
pub(crate) fn passes() -> Vec<String> {
    Registry::builtin().passes().map(|pass| pass.name().to_owned()).collect()
}
