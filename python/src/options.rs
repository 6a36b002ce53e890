//! Options of a conversion, as Python gives them. Out: a registry whose readers and writers do so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use apograph::authority::{Authorities, from_csv, from_json, of_document};
use apograph::diagnostic::Log;
use apograph::enrich::{Names, Terms};
use apograph::failure::Failure;
use apograph::read;
use apograph::registry::Registry;
use apograph::source::{Input, decode};
use apograph::write;
use apograph::write::epub::{Cover, Epub, Font, Notes, Sheet, Theme};
use pyo3::prelude::*;
use serde::Deserialize;

use crate::raise;

/// All options by which readers and writers are made, as JSON says them; what is absent is as usual.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Options {
    profile: Option<String>,
    tei_profile: Option<String>,
    xinclude: Option<bool>,
    notes: Option<String>,
    toc_depth: Option<usize>,
    theme: Option<String>,
    css: Option<PathBuf>,
    cover: Option<PathBuf>,
    fonts: Vec<PathBuf>,
    authorities: Vec<PathBuf>,
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    build_time: Option<i64>,
}

impl Options {
    pub(crate) fn registry(&self, py: Python<'_>) -> PyResult<Registry> {
        let mut registry = Registry::builtin();
        if let Some(named) = &self.profile {
            let profile = match read::transcript::Profile::named(named) {
                Some(profile) => profile,
                None => read::transcript::Profile::parse(&text(py, named)?).map_err(|why| raise::misuse(py, &why))?,
            };
            registry = registry.with_reader(read::transcript::Transcript { profile });
        }
        if let Some(xinclude) = self.xinclude {
            registry = registry.with_reader(read::tei::Tei { xinclude, ..read::tei::Tei::default() });
        }
        if let Some(named) = &self.tei_profile {
            let profile = if Path::new(named).extension().is_some_and(|extension| extension == "toml") {
                write::tei::Profile::parse(&text(py, named)?)
            } else {
                write::tei::Profile::bundled(named)
            };
            let profile = Some(profile.map_err(|why| raise::misuse(py, &why))?);
            registry = registry.with_writer(write::tei::Tei { profile, ..write::tei::Tei::default() });
        }
        if !self.authorities.is_empty() {
            let mut all = Authorities::default();
            for path in &self.authorities {
                all.append(authorities(py, &registry, path)?);
            }
            let all = Arc::new(all);
            registry = registry.with_pass(Names::new(Arc::clone(&all))).with_pass(Terms::new(all));
        }
        Ok(registry.with_writer(self.epub(py)?))
    }

    fn epub(&self, py: Python<'_>) -> PyResult<Epub> {
        let no = |what: &str, said: &str, known: &str| {
            raise::usage(py, format!("`{said}` is no {what}; it is one of {known}"))
        };
        let refuse = |why: Failure| raise::misuse(py, &why);
        let mut epub = Epub::default();
        if let Some(seconds) = self.build_time {
            let instant = chrono::DateTime::from_timestamp(seconds, 0)
                .ok_or_else(|| raise::usage(py, format!("`SOURCE_DATE_EPOCH` is {seconds}, which is no time")))?;
            epub.modified = Some(instant.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        }
        match self.notes.as_deref() {
            None | Some("popup") => {}
            Some("chapter") => epub.notes = Notes::Chapter,
            Some("book") => epub.notes = Notes::Book,
            Some(other) => return Err(no("place for notes", other, "popup, chapter, book")),
        }
        match self.theme.as_deref() {
            None | Some("documents") => {}
            Some("book") => epub.theme = Theme::Book,
            Some("clear") => epub.theme = Theme::Clear,
            Some(other) => return Err(no("theme", other, "documents, book, clear")),
        }
        if let Some(depth) = self.toc_depth {
            epub.toc_depth = depth;
        }
        if let Some(path) = &self.css {
            let bytes = bytes(py, path)?;
            let text = apograph::xml::decode(&bytes).map_err(refuse)?;
            epub.css = Some(Sheet::new(&path.to_string_lossy(), &text).map_err(refuse)?);
        }
        match self.cover.as_deref() {
            None => {}
            Some(path) if path == Path::new("none") => epub.cover = Cover::None,
            Some(path) => epub.cover = Cover::given(&path.to_string_lossy(), bytes(py, path)?).map_err(refuse)?,
        }
        for path in &self.fonts {
            epub.fonts.push(Font::new(&path.to_string_lossy(), bytes(py, path)?).map_err(refuse)?);
        }
        Ok(epub)
    }
}

/// What an authority file lists: TEI, CSV or JSON.
fn authorities(py: Python<'_>, registry: &Registry, path: &Path) -> PyResult<Authorities> {
    let (bytes, name) = (bytes(py, path)?, path.to_string_lossy());
    let found = match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => from_csv(&decode(&bytes).text),
        Some("json") => from_json(&decode(&bytes).text),
        _ => {
            let input = Input { name: &name, bytes: &bytes, path: Some(path), siblings: None };
            let read = registry.reader("tei").and_then(|reader| reader.read(&input, &mut Log::new()));
            read.map(|document| of_document(&document))
        }
    };
    let found = found.map_err(|why| raise::usage(py, format!("`{name}`: {why}")))?;
    if found.is_empty() {
        let message = format!("`{name}` lists no person, place, organisation or term with an id");
        return Err(raise::usage(py, message));
    }
    let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(found.within(&file))
}

fn bytes(py: Python<'_>, path: &Path) -> PyResult<Vec<u8>> {
    std::fs::read(path).map_err(|cause| raise::refused(py, path, cause))
}

fn text(py: Python<'_>, path: &str) -> PyResult<String> {
    std::fs::read_to_string(path).map_err(|cause| raise::refused(py, Path::new(path), cause))
}
