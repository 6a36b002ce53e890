//! The model as JSON, read back. In: what [`crate::write::json`] wrote. Out: the same document.

use serde::Deserialize;

use super::Reader;
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::format::Format;
use crate::json::{FORMAT, NAME};
use crate::model::{Document, VERSION};
use crate::source::{Input, Span};

/// Reads the model's own JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

#[derive(Deserialize)]
struct Envelope {
    format: String,
    version: u32,
    document: Document,
}

impl Reader for Json {
    fn format(&self) -> Format {
        FORMAT
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        head.trim_ascii_start().starts_with(b"{") && memchr::memmem::find(head, NAME.as_bytes()).is_some()
    }

    fn read(&self, input: &Input<'_>, _log: &mut Log) -> Result<Document, Failure> {
        let envelope: Envelope = serde_json::from_slice(input.bytes)
            .map_err(|cause| Failure::NotWellFormed { message: cause.to_string(), span: place(input.bytes, &cause) })?;
        if envelope.format != NAME || envelope.version > VERSION {
            return Err(Failure::Unsupported {
                message: format!(
                    "`{}` version {} was found; this program reads `{NAME}` up to version {VERSION}",
                    envelope.format, envelope.version
                ),
            });
        }
        Ok(envelope.document)
    }
}

/// Where the parser stopped. It counts lines from 1 and columns in bytes.
fn place(bytes: &[u8], cause: &serde_json::Error) -> Span {
    let skipped = cause.line().saturating_sub(2);
    let start = match cause.line() {
        0 | 1 => 0,
        _ => memchr::memchr_iter(b'\n', bytes).nth(skipped).map_or(bytes.len(), |end| end + 1),
    };
    let at = (start + cause.column().saturating_sub(1)).min(bytes.len());
    Span::new(at, (at + 1).min(bytes.len().max(1)))
}
