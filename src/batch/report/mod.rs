//! What is told about a run as a whole. In: outcomes in the order of the inputs, one after the other. Out: totals, and a
//! report as JSON (`schemas/report.schema.json`) or as an HTML page that needs no network. However many outcomes there are,
//! none is held.

mod merge;
mod page;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use merge::merge;

use super::Misuse;
use super::outcome::{Outcome, Status};
use super::store::Temporary;
use crate::diagnostic::Severity;

/// What a report's JSON calls itself.
const FORMAT: &str = "apograph-report";

/// The version of the report's JSON.
pub(crate) const VERSION: u32 = 1;

/// All outcomes in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Inputs.
    pub documents: usize,
    /// Inputs of which every output was made.
    pub converted: usize,
    /// Inputs of which every output was there already.
    pub unchanged: usize,
    /// Inputs of which some output is missing or wrong.
    pub failed: usize,
    /// Inputs on which the program stumbled.
    pub bugs: usize,
    /// Characters of text, white space aside.
    pub characters: usize,
    /// Notes.
    pub notes: usize,
    /// Page breaks.
    pub pages: usize,
    /// Inferences that a person should look at.
    pub doubts: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are losses.
    pub losses: usize,
    /// How many losses there are of each code: what targets could not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub losses_by_code: BTreeMap<String, usize>,
}

impl Totals {
    /// Adds an outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        self.documents += 1;
        match outcome.status {
            Status::Converted => self.converted += 1,
            Status::Unchanged => self.unchanged += 1,
            Status::Failed => self.failed += 1,
            Status::Bug => self.bugs += 1,
        }
        self.characters += outcome.counts.characters;
        self.notes += outcome.counts.notes;
        self.pages += outcome.counts.pages;
        self.doubts += outcome.counts.doubts;
        self.errors += outcome.count(Severity::Error);
        self.warnings += outcome.count(Severity::Warning);
        self.losses += outcome.count(Severity::Loss);
        for (code, count) in outcome.losses() {
            *self.losses_by_code.entry(code.to_owned()).or_default() += count;
        }
    }
}

/// Documents that are told one after the other.
#[derive(Debug)]
struct Told {
    file: BufWriter<File>,
    documents: usize,
}

/// A report on its way to its file.
#[derive(Debug)]
pub struct Report {
    path: PathBuf,
    html: bool,
    /// What is told of the documents: of a page's parts each in a file of its own. The totals, which stand before them,
    /// are known last.
    told: Vec<Told>,
    refused: Option<io::Error>,
}

impl Report {
    /// A report that will be the file `path`: an HTML page if its extension says so, else JSON.
    ///
    /// # Errors
    /// [`Misuse`] when nothing can be written in its folder.
    pub fn create(path: &Path) -> Result<Self, Misuse> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let html = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("html") || extension.eq_ignore_ascii_case("htm"));
        let part = |_| Ok(Told { file: BufWriter::new(tempfile::tempfile_in(folder)?), documents: 0 });
        let told = std::fs::create_dir_all(folder)
            .and_then(|()| (0..if html { page::PARTS.len() } else { 1 }).map(part).collect())
            .map_err(|cause| refusal(path, &cause))?;
        Ok(Self { path: path.to_owned(), html, told, refused: None })
    }

    /// Adds an outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        if self.refused.is_none() {
            self.refused = self.tell(outcome).err();
        }
    }

    fn tell(&mut self, outcome: &Outcome) -> io::Result<()> {
        let told = &mut self.told[if self.html { page::part(outcome) } else { 0 }];
        let number = told.documents;
        told.documents += 1;
        if self.html {
            let folder = self.path.parent().unwrap_or(Path::new(""));
            return told.file.write_all(page::row(outcome, number, folder).as_bytes());
        }
        told.file.write_all(if number > 0 { b",\n" } else { b"\n" })?;
        Ok(serde_json::to_writer(&mut told.file, outcome)?)
    }

    /// Puts the report in its place.
    ///
    /// # Errors
    /// [`Misuse`] when it can't be written.
    pub fn finish(mut self, totals: &Totals) -> Result<(), Misuse> {
        let path = self.path.clone();
        let finished = match self.refused.take() {
            Some(refused) => Err(refused),
            None => self.compose(totals),
        };
        finished.map_err(|cause| refusal(&path, &cause))
    }

    fn compose(self, totals: &Totals) -> io::Result<()> {
        let (head, tail) = if self.html { (page::head(totals), page::tail()) } else { frame(totals)? };
        let report = Temporary::beside(&self.path)?;
        let mut writer = BufWriter::new(report.file());
        writer.write_all(head.as_bytes())?;
        for (at, Told { file, documents }) in self.told.into_iter().enumerate() {
            let part = self.html.then(|| page::PARTS[at]);
            if part.is_some() && documents == 0 {
                continue;
            }
            let mut told = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            told.seek(SeekFrom::Start(0))?;
            writer.write_all(part.map(|part| part.head(documents)).unwrap_or_default().as_bytes())?;
            io::copy(&mut told, &mut writer)?;
            writer.write_all(part.map(|_| page::Part::TAIL).unwrap_or_default().as_bytes())?;
        }
        writer.write_all(tail.as_bytes())?;
        writer.flush()?;
        drop(writer);
        report.put(&self.path)
    }
}

/// What stands before and behind the documents of a report in JSON.
fn frame(totals: &Totals) -> io::Result<(String, String)> {
    let program = concat!("apograph ", env!("CARGO_PKG_VERSION"));
    let totals = serde_json::to_string(totals)?;
    let head = format!(
        "{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"program\":\"{program}\",\"totals\":{totals},\n\"documents\":["
    );
    Ok((head, "\n]}\n".to_owned()))
}

fn refusal(path: &Path, cause: &io::Error) -> Misuse {
    Misuse::new(format!("the report `{}` can't be written: {cause}", path.display()))
}
