//! The file of decisions beside a source.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Decisions;
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::source::{Input, Span};

/// Where the decisions about a source lie: `letter.decisions.toml` beside `letter.txt`.
pub fn path_for(source: &Path) -> PathBuf {
    source.with_extension("decisions.toml")
}

/// The decisions about an input that is a file; none if there is no such file beside it, or if it is about another
/// source of the same name (`letter.md`). The log learns that the conversion depends on the file, even if there is none.
///
/// # Errors
/// [`Failure::File`] if it can't be read, [`Failure::NotWellFormed`] if it is none: to go on without it would undo what
/// was decided.
pub fn beside(input: &Input<'_>, log: &mut Log) -> Result<Decisions, Failure> {
    let Some(source) = input.path else { return Ok(Decisions::default()) };
    let path = path_for(source);
    log.uses(&path);
    let name = path.display().to_string();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Decisions::default());
        }
        Err(cause) => return Err(Failure::file(name)(cause)),
    };
    let mut decisions = Decisions::parse(&text)
        .map_err(|fault| Failure::NotWellFormed { message: format!("{name}: {fault}"), span: Span::default() })?;
    let own = source.file_name().and_then(OsStr::to_str);
    if decisions.source.is_some() && decisions.source.as_deref() != own {
        return Ok(Decisions::default());
    }
    // A document of a source of many is handed over alone; most decisions are about the others.
    decisions.partial = fs::metadata(source).is_ok_and(|data| data.len() != input.bytes.len() as u64);
    Ok(decisions)
}
