//! Options of a conversion, as Python gives them. Out: a registry whose readers and writers do so.

use std::path::{Path, PathBuf};

use apograph::failure::Failure;
use apograph::read;
use apograph::registry::Registry;
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

fn bytes(py: Python<'_>, path: &Path) -> PyResult<Vec<u8>> {
    std::fs::read(path).map_err(|cause| raise::refused(py, path, cause))
}

fn text(py: Python<'_>, path: &str) -> PyResult<String> {
    std::fs::read_to_string(path).map_err(|cause| raise::refused(py, Path::new(path), cause))
}
