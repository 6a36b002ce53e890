//! The other inputs of a run, as one of them sees them: by the names of files alone, so that nothing is held of them
//! and no order of work makes a difference.

use std::path::Path;

use super::plan::{Destination, Job, Origin, Survey};
use super::run::Work;
use crate::source::{Sibling, Siblings};

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
        let file = own.parent().unwrap_or(Path::new("")).join(name);
        let known = file.canonicalize().is_ok_and(|canonical| self.survey.is_input(&canonical));
        let address = self.extension.filter(|_| known && self.survey.keeps_name(self.job, stem));
        Some(Sibling { file, known, address: address.map(|extension| format!("{}.{extension}", encoded(stem))) })
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
