//! One document's way from input to checked output.

use std::collections::HashSet;

use crate::conservation::Flow;
use crate::decisions::ground::Ground;
use crate::decisions::{self, Decisions};
use crate::diagnostic::{Code, Diagnostic, Log};
use crate::enrich::Pass;
use crate::failure::Failure;
use crate::format::Packaging;
use crate::model::Document;
use crate::output::Memory;
use crate::read::Reader;
use crate::registry::Registry;
use crate::source::{Input, SourceMap, Span};
use crate::validate::Schema;
use crate::write::Writer;

const NOT_CONSERVED: Code = Code("text.not-conserved");
const NOT_CHECKED: Code = Code("schema.not-applied");
const NO_CHARACTER: Code = Code("text.no-character");
const NOT_PROVEN: Code = Code("text.not-proven");

/// What is to be checked on the way.
#[derive(Clone, Copy, Debug)]
pub struct Checks {
    /// Whether outputs are validated against their format's schema.
    pub schema: bool,
    /// Whether the text of source, document and outputs is compared.
    pub conservation: bool,
}

impl Default for Checks {
    fn default() -> Self {
        Self { schema: true, conservation: true }
    }
}

/// How a document is converted: by which readers, passes, writers and checks.
pub struct Conversion<'r> {
    registry: &'r Registry,
    /// The reader's name; `None` to let the input decide.
    pub from: Option<String>,
    /// What is to be checked.
    pub checks: Checks,
    /// The names of the passes that are to run, on any document. `None`: all passes, on documents without a TEI
    /// header; with one, the editors have said themselves what the passes would say, and only those run that are asked for in
    /// another way ([`Pass::is_asked_for`]).
    pub enrich: Option<Vec<String>>,
}

/// A document that was read and enriched.
#[derive(Debug)]
pub struct Read {
    /// The document.
    pub document: Document,
    /// The name of the format it was read from.
    pub format: &'static str,
    /// How many characters of text it has, white space aside; `None` if they were not counted.
    pub characters: Option<usize>,
    flow: Option<Flow>,
}

/// The files of one target format.
#[derive(Debug)]
pub struct Written {
    /// The name of the format.
    pub format: &'static str,
    /// Its file extension.
    pub extension: &'static str,
    /// The files; for an archive one principal file, the archive.
    pub files: Memory,
    /// True if the output's text was read back and is that of the document; `None` if that was not checked.
    pub conserved: Option<bool>,
}

impl<'r> Conversion<'r> {
    /// A conversion with all checks, by what a registry has.
    pub fn new(registry: &'r Registry) -> Self {
        Self { registry, from: None, checks: Checks::default(), enrich: None }
    }

    /// Reads and enriches one input, and proves that the document holds all of its text.
    ///
    /// # Errors
    /// A [`Failure`] if there is no reader for it, or the reader can make nothing of it.
    pub fn read(&self, input: &Input<'_>, log: &mut Log) -> Result<Read, Failure> {
        self.read_with(input, log, |document| document)
    }

    /// As [`Self::read`], with a change between reading and enriching: metadata from elsewhere.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_with(
        &self,
        input: &Input<'_>,
        log: &mut Log,
        amend: impl FnOnce(Document) -> Document,
    ) -> Result<Read, Failure> {
        let decisions = decisions::beside(input, log)?;
        self.read_decided(input, &decisions, log, amend)
    }

    /// As [`Self::read_with`], with these decisions of an editor instead of those in the file beside the input.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_decided(
        &self,
        input: &Input<'_>,
        decisions: &Decisions,
        log: &mut Log,
        amend: impl FnOnce(Document) -> Document,
    ) -> Result<Read, Failure> {
        let reader = match &self.from {
            Some(name) => self.registry.reader(name)?,
            None => self.registry.reader_for(input.name, input.bytes)?,
        };
        let document = amend(reader.read_decided(input, decisions, log)?);
        let flow = if self.checks.conservation { self.prove_reading(reader, input, &document, log)? } else { None };
        let mut document = self.enrich(document, input, flow.as_ref(), log);
        if !decisions.is_empty() {
            let ground = Ground::new(reader.format().name, input.bytes, &document, log);
            decisions::apply::apply(&mut document, &ground, decisions, log);
            self.compare(flow.as_ref(), &document, "what was decided", log);
        }
        let characters = flow.as_ref().map(Flow::characters);
        Ok(Read { document, format: reader.format().name, characters, flow })
    }

    /// Writes a document to one target, and checks what was written.
    ///
    /// # Errors
    /// A [`Failure`] if there is no such writer, or it fails.
    pub fn write(&self, read: &Read, target: &str, log: &mut Log) -> Result<Written, Failure> {
        let writer = self.registry.writer(target)?;
        let raw = Raw::of(writer, &read.document, log)?;
        self.checked(writer, raw, read.flow.as_ref(), log)
    }

    /// As [`Self::write`], of a document that is not needed any more: its memory is free before the output is checked.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_last(&self, read: Read, target: &str, log: &mut Log) -> Result<Written, Failure> {
        let writer = self.registry.writer(target)?;
        let raw = Raw::of(writer, &read.document, log)?;
        drop(read.document);
        self.checked(writer, raw, read.flow.as_ref(), log)
    }

    fn checked(&self, writer: &dyn Writer, raw: Raw, flow: Option<&Flow>, log: &mut Log) -> Result<Written, Failure> {
        let format = writer.format();
        let mut files = raw.files;
        if let Some(schema) = self.registry.schema(format.name).filter(|_| self.checks.schema) {
            if writer.follows_another_schema() {
                log.note(NOT_CHECKED, Span::default(), format!("the {} follows a schema of its own", format.name))
                    .hint("`apograph validate --schema FILE.rng` checks it against that");
            } else if raw.framed && writer.keeps_frame() {
                log.note(NOT_CHECKED, Span::default(), format!("the {} is as valid as its source was", format.name))
                    .hint("`apograph validate --schema FILE.rng` checks it against a schema of its own");
            } else {
                check(schema, &files, log);
            }
        }
        forget_repeated(log, raw.told);
        if format.packaging == Packaging::Archive {
            files = Memory::single(files.archive()?);
        }
        let conserved = match flow {
            Some(flow) => self.prove_writing(writer, flow, &files, log)?,
            None => None,
        };
        Ok(Written { format: format.name, extension: format.extensions[0], files, conserved })
    }

    fn prove_reading(
        &self,
        reader: &dyn Reader,
        input: &Input<'_>,
        document: &Document,
        log: &mut Log,
    ) -> Result<Option<Flow>, Failure> {
        let flow = Flow::of_about(document, input.bytes.len());
        if let Some(witness) = self.registry.witness(reader.format().name) {
            let source = witness.source_flow(input.bytes, log)?;
            if let Some(difference) = source.differs_from(&flow) {
                log.error(
                    NOT_CONSERVED,
                    Span::default(),
                    format!("the document does not hold the source's text: {difference}"),
                )
                .hint("this is a bug in the reader: please report it with the input");
            }
        } else {
            log.note(
                NOT_PROVEN,
                Span::default(),
                format!("`{}` has no witness: the text was not compared", reader.format().name),
            );
        }
        Ok(Some(flow))
    }

    fn prove_writing(
        &self,
        writer: &dyn Writer,
        flow: &Flow,
        files: &Memory,
        log: &mut Log,
    ) -> Result<Option<bool>, Failure> {
        let Some(witness) = self.registry.witness(writer.format().name) else { return Ok(None) };
        let written = witness.flow(files.main_bytes(), &[])?;
        let Some(difference) = flow.differs_from(&written) else { return Ok(Some(true)) };
        let (in_xml, characters) = flow.in_xml();
        if characters > 0 && in_xml.differs_from(&written.in_xml().0).is_none() {
            let format = writer.format().name;
            let message = format!("{format} has no place for control characters: {characters} became U+FFFD");
            log.loss(NO_CHARACTER, Span::default(), message).hint("the source is damaged, or is no text");
        } else {
            log.error(
                NOT_CONSERVED,
                Span::default(),
                format!("the {} does not hold the document's text: {difference}", writer.format().name),
            )
            .hint("this is a bug in the writer: please report it with the input");
        }
        Ok(Some(false))
    }

    /// Runs the passes, and compares the text behind them.
    fn enrich(&self, document: Document, input: &Input<'_>, before: Option<&Flow>, log: &mut Log) -> Document {
        let chosen = |pass: &&dyn Pass| match &self.enrich {
            Some(names) => names.iter().any(|name| name == pass.name()),
            None => document.metadata.header.is_none() || pass.is_asked_for(),
        };
        let passes: Vec<&dyn Pass> = self.registry.passes().filter(chosen).collect();
        if passes.is_empty() {
            return document;
        }
        let enriched = passes.iter().fold(document, |document, pass| pass.run_among(document, input, log));
        let names: Vec<&str> = passes.iter().map(|pass| pass.name()).collect();
        let what = match names[..] {
            [name] => format!("the pass `{name}`"),
            _ => format!("one of the passes `{}`", names.join("`, `")),
        };
        self.compare(before, &enriched, &what, log);
        enriched
    }

    /// Says if a document has no longer the text that it had.
    fn compare(&self, before: Option<&Flow>, document: &Document, what: &str, log: &mut Log) {
        if let Some(difference) =
            before.and_then(|before| before.differs_from(&Flow::of_about(document, before.main.end())))
        {
            let message = format!("{what} changed the text: {difference}");
            log.error(NOT_CONSERVED, Span::default(), message).hint("this is a bug: please report it with the input");
        }
    }
}

/// What a writer made, and what is still to be known of the document for it to be checked.
struct Raw {
    files: Memory,
    /// Whether the document has a frame: that of the TEI from which it was read.
    framed: bool,
    /// How much had been told before it was written.
    told: usize,
}

impl Raw {
    fn of(writer: &dyn Writer, document: &Document, log: &mut Log) -> Result<Self, Failure> {
        let told = log.diagnostics().len();
        let mut files = Memory::new();
        writer.write(document, &mut files, log)?;
        Ok(Self { files, framed: document.frame.is_some(), told })
    }
}

/// Takes back what writers and schemas said of links that lead nowhere, if the pass that made them said so before; and,
/// where it can't be told which link is meant, all but the first of those to one place.
fn forget_repeated(log: &mut Log, from: usize) {
    const NOWHERE: [&str; 2] = ["reference.dangling", "pointer.dangling"];
    let place = |diagnostic: &Diagnostic| {
        diagnostic.message.split('`').nth(1).map(|quoted| quoted.trim_start_matches('#').to_owned())
    };
    let known = log.diagnostics()[..from].iter().filter(|diagnostic| diagnostic.code.0 == "reference.unresolved");
    let known: HashSet<_> = known.filter_map(place).collect();
    let mut said = HashSet::new();
    log.retain_from(from, |diagnostic| {
        let nowhere = NOWHERE.contains(&diagnostic.code.0);
        let news = || place(diagnostic).is_none_or(|place| !known.contains(&place));
        let first = |said: &mut HashSet<_>| !diagnostic.span.is_nowhere() || said.insert(diagnostic.message.clone());
        !nowhere || news() && first(&mut said)
    });
}

/// Checks an output. Its faults lie in the output, not in the input: their places become words.
fn check(schema: &dyn Schema, files: &Memory, log: &mut Log) {
    let mut faults = Log::new();
    schema.check(files, &mut faults);
    let mut sources = SourceMap::default();
    if !faults.diagnostics().is_empty() {
        files.files().for_each(|(name, bytes)| _ = sources.add(name, String::from_utf8_lossy(bytes)));
    }
    for fault in faults.diagnostics() {
        let mut message = fault.message.clone();
        if let Some((name, _)) = files.files().nth(fault.span.file as usize).filter(|_| !fault.span.is_nowhere())
            && let Some(position) = sources.position(fault.span)
        {
            let name = if name.is_empty() { "the output" } else { name };
            message = format!("{message} (in {name}, line {}, column {})", position.line, position.column).into();
        }
        let told = log.push(fault.severity, fault.code, Span::default(), message);
        told.hint.clone_from(&fault.hint);
    }
}
