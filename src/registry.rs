//! Readers, passes, writers and schemas, by name.

use std::sync::Arc;

use serde::Serialize;

use crate::conservation::Witness;
use crate::enrich::Pass;
use crate::failure::Failure;
use crate::format::Format;
use crate::read::Reader;
use crate::validate::Schema;
use crate::write::Writer;
use crate::{conservation, enrich, read, validate, write};

/// Everything that a conversion can be made of. A later registration of the same name takes the
/// place of the earlier. A clone shares what is registered.
#[derive(Clone, Default)]
pub struct Registry {
    readers: Vec<Arc<dyn Reader>>,
    passes: Vec<Arc<dyn Pass>>,
    writers: Vec<Arc<dyn Writer>>,
    schemas: Vec<Arc<dyn Schema>>,
    witnesses: Vec<Arc<dyn Witness>>,
}

/// A format, and what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The format, as its reader describes it; as its writer does, if it has no reader.
    #[serde(flatten)]
    pub format: Format,
    /// True if there is a reader.
    pub read: bool,
    /// True if there is a writer.
    pub write: bool,
    /// True if outputs are checked against a schema.
    pub schema: bool,
}

impl Registry {
    /// Nothing at all.
    pub fn empty() -> Self {
        Self::default()
    }

    /// All that this crate has.
    pub fn builtin() -> Self {
        Self::empty()
            .with_reader(read::epub::Epub::default())
            .with_reader(read::json::Json)
            .with_reader(read::tei::Tei::default())
            .with_reader(read::transcript::Transcript::default())
            .with_pass(enrich::Correspondents)
            .with_pass(enrich::Source)
            .with_pass(enrich::References)
            .with_pass(enrich::Dates)
            .with_pass(enrich::Names::default())
            .with_pass(enrich::Terms::default())
            .with_witness(read::transcript::Plain)
            .with_writer(write::tei::Tei::default())
            .with_witness(conservation::Tei)
            .with_schema(validate::Tei)
            .with_writer(write::epub::Epub::default())
            .with_schema(validate::Epub)
            .with_witness(conservation::Epub)
            .with_writer(write::json::Json)
            .with_reader(read::markdown::Markdown)
            .with_writer(write::markdown::Markdown)
            .with_schema(validate::Markdown)
            .with_witness(conservation::Markdown)
    }

    /// Adds a reader.
    #[must_use]
    pub fn with_reader(mut self, reader: impl Reader + 'static) -> Self {
        match self.readers.iter().position(|known| known.format().name == reader.format().name) {
            Some(at) => self.readers[at] = Arc::new(reader),
            None => self.readers.push(Arc::new(reader)),
        }
        self
    }

    /// Adds a pass behind the others, or in the place of the one of that name.
    #[must_use]
    pub fn with_pass(mut self, pass: impl Pass + 'static) -> Self {
        match self.passes.iter().position(|known| known.name() == pass.name()) {
            Some(at) => self.passes[at] = Arc::new(pass),
            None => self.passes.push(Arc::new(pass)),
        }
        self
    }

    /// Adds a writer.
    #[must_use]
    pub fn with_writer(mut self, writer: impl Writer + 'static) -> Self {
        match self.writers.iter().position(|known| known.format().name == writer.format().name) {
            Some(at) => self.writers[at] = Arc::new(writer),
            None => self.writers.push(Arc::new(writer)),
        }
        self
    }

    /// Adds the schema of a format.
    #[must_use]
    pub fn with_schema(mut self, schema: impl Schema + 'static) -> Self {
        self.schemas.retain(|known| known.format() != schema.format());
        self.schemas.push(Arc::new(schema));
        self
    }

    /// Adds the witness of a format's text.
    #[must_use]
    pub fn with_witness(mut self, witness: impl Witness + 'static) -> Self {
        self.witnesses.retain(|known| known.format() != witness.format());
        self.witnesses.push(Arc::new(witness));
        self
    }

    /// All readers, in the order of registration.
    pub fn readers(&self) -> impl Iterator<Item = &dyn Reader> {
        self.readers.iter().map(AsRef::as_ref)
    }

    /// All passes, in the order in which they run.
    pub fn passes(&self) -> impl Iterator<Item = &dyn Pass> {
        self.passes.iter().map(AsRef::as_ref)
    }

    /// All writers, in the order of registration.
    pub fn writers(&self) -> impl Iterator<Item = &dyn Writer> {
        self.writers.iter().map(AsRef::as_ref)
    }

    /// All formats, those with a reader first, in the order of registration.
    pub fn formats(&self) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        let readers = self.readers().map(|reader| (reader.format(), true, false));
        let writers = self.writers().map(|writer| (writer.format(), false, true));
        for (format, read, write) in readers.chain(writers) {
            match offers.iter_mut().find(|offer| offer.format.name == format.name) {
                Some(offer) => offer.write |= write,
                None => offers.push(Offer { format, read, write, schema: self.schema(format.name).is_some() }),
            }
        }
        offers
    }

    /// The reader of a format, by its name or by an extension of its files (`md`).
    ///
    /// # Errors
    /// [`Failure::UnknownFormat`], which lists what there is.
    pub fn reader(&self, name: &str) -> Result<&dyn Reader, Failure> {
        self.readers()
            .find(|reader| reader.format().name == name)
            .or_else(|| self.readers().find(|reader| reader.format().has_extension(name)))
            .ok_or_else(|| unknown("reader", name, self.readers().map(|reader| reader.format().name)))
    }

    /// The writer of a format, by its name or by an extension of its files (`md`).
    ///
    /// # Errors
    /// [`Failure::UnknownFormat`], which lists what there is.
    pub fn writer(&self, name: &str) -> Result<&dyn Writer, Failure> {
        self.writers()
            .find(|writer| writer.format().name == name)
            .or_else(|| self.writers().find(|writer| writer.format().has_extension(name)))
            .ok_or_else(|| unknown("writer", name, self.writers().map(|writer| writer.format().name)))
    }

    /// The pass of a name.
    ///
    /// # Errors
    /// [`Failure::UnknownFormat`], which lists what there is.
    pub fn pass(&self, name: &str) -> Result<&dyn Pass, Failure> {
        self.passes()
            .find(|pass| pass.name() == name)
            .ok_or_else(|| unknown("pass", name, self.passes().map(|pass| pass.name())))
    }

    /// The schema of a format, if it has one.
    pub fn schema(&self, format: &str) -> Option<&dyn Schema> {
        self.schemas.iter().map(AsRef::as_ref).find(|schema| schema.format() == format)
    }

    /// The witness of a format's text, if it has one.
    pub fn witness(&self, format: &str) -> Option<&dyn Witness> {
        self.witnesses.iter().map(AsRef::as_ref).find(|witness| witness.format() == format)
    }

    /// The reader for an input: by content, then by the file's extension, then the first registered reader
    /// that takes any text.
    ///
    /// # Errors
    /// [`Failure::UnknownFormat`] when nothing fits.
    pub fn reader_for(&self, name: &str, bytes: &[u8]) -> Result<&dyn Reader, Failure> {
        let head = &bytes[..bytes.len().min(4096)];
        let extension = std::path::Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or("");
        self.readers()
            .find(|reader| reader.recognizes(head))
            .or_else(|| self.readers().find(|reader| reader.format().has_extension(extension)))
            .or_else(|| self.readers().find(|reader| extension.is_empty() && reader.takes_any_text()))
            .ok_or_else(|| Failure::UnknownFormat {
                message: format!("`{name}` is of no known format; say which with --from ({})", self.reader_names()),
            })
    }

    fn reader_names(&self) -> String {
        self.readers().map(|reader| reader.format().name).collect::<Vec<_>>().join(", ")
    }
}

fn unknown<'n>(kind: &str, name: &str, known: impl Iterator<Item = &'n str>) -> Failure {
    let known = known.collect::<Vec<_>>().join(", ");
    Failure::UnknownFormat { message: format!("no {kind} for `{name}`; there are: {known}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_has_the_names_of_its_files_too() {
        let registry = Registry::builtin();
        assert_eq!(registry.writer("md").map(|writer| writer.format().name).ok(), Some("markdown"));
        assert_eq!(registry.reader("XML").map(|reader| reader.format().name).ok(), Some("tei"));
        assert_eq!(registry.reader("txt").map(|reader| reader.format().name).ok(), Some("transcript"));
        assert!(registry.writer("txt").is_err() && registry.writer("").is_err());
    }
}
