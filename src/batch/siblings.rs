//! The other inputs of a run, as one of them sees them. Where files are named for their documents, the names tell; else
//! the headings of a folder's transcripts are looked at, once. No order of work makes a difference.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::plan::{Destination, Job, Origin, Survey};
use super::run::Work;
use crate::read::transcript;
use crate::source::{Sibling, Siblings, decode};

/// The largest folder, in files, whose headings are looked at.
const MANY: usize = 10_000;
/// How many bytes of a file its heading stands in.
const HEAD: u64 = 4096;

/// The transcripts of a folder by the numbers in their headings; none for a number that several bear.
pub(super) type Numbered = BTreeMap<String, Option<PathBuf>>;

/// Looks at the headings of a folder's transcripts.
pub(super) fn numbered(folder: &Path, survey: &Survey) -> Numbered {
    let mut found = Numbered::new();
    let Ok(entries) = std::fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }) else {
        return found;
    };
    let paths: Vec<PathBuf> =
        entries.take(MANY + 1).filter_map(|entry| Some(folder.join(entry.ok()?.file_name()))).collect();
    if paths.len() > MANY {
        return found;
    }
    for path in paths.into_iter().filter(|path| transcript::is_named_so(path)) {
        if !path.canonicalize().is_ok_and(|canonical| survey.is_input(&canonical)) {
            continue;
        }
        let mut head = Vec::new();
        if File::open(&path).and_then(|file| file.take(HEAD).read_to_end(&mut head)).is_err() {
            continue;
        }
        if let Some(number) = transcript::first_number(&decode(&head).text) {
            found.entry(number).and_modify(|other| *other = None).or_insert(Some(path));
        }
    }
    found
}

/// The inputs in the folder of a job's input.
#[derive(Debug)]
pub(super) struct Beside<'w> {
    job: &'w Job,
    survey: &'w Survey,
    /// The extension of TEI files, if the run makes such, each in a file of its own.
    extension: Option<&'static str>,
}

impl<'w> Beside<'w> {
    pub(super) fn new(work: &Work<'_>, job: &'w Job, survey: &'w Survey) -> Self {
        let writes = work.targets.iter().any(|target| target == "tei");
        let many = matches!(work.destination, Destination::Folder(_) | Destination::Beside);
        Self { job, survey, extension: (writes && many).then_some("xml") }
    }
}

impl Siblings for Beside<'_> {
    fn find(&self, stem: &str) -> Option<Sibling> {
        let Origin::File(own) = &self.job.origin else { return None };
        let mut name = stem.to_owned();
        if let Some(extension) = own.extension() {
            name.push('.');
            name.push_str(extension.to_str()?);
        }
        Some(self.sibling(own.parent().unwrap_or(Path::new("")).join(name), stem))
    }

    fn numbered(&self, number: &str) -> Option<Sibling> {
        let Origin::File(own) = &self.job.origin else { return None };
        let folder = self.survey.numbered(own.parent().unwrap_or(Path::new("")));
        let file = folder.get(number).cloned().flatten()?;
        let stem = file.file_stem()?.to_str()?.to_owned();
        Some(self.sibling(file, &stem))
    }
}

impl Beside<'_> {
    fn sibling(&self, file: PathBuf, stem: &str) -> Sibling {
        let known = file.canonicalize().is_ok_and(|canonical| self.survey.is_input(&canonical));
        let address = self.extension.filter(|_| known && self.survey.keeps_name(self.job, stem));
        Sibling { file, known, address: address.map(|extension| format!("{}.{extension}", encoded(stem))) }
    }
}

/// A name as part of a URI: what is not unreserved there (RFC 3986 §2.3) is percent-encoded.
fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
