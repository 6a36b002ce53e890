//! The model as JSON: `{"format": "apograph", "version": 1, "document": {…}}`.

use serde::Serialize;

use super::Writer;
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::format::Format;
use crate::json::{FORMAT, NAME};
use crate::model::{Document, VERSION};
use crate::output::Output;

/// Writes the model's own JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

#[derive(Serialize)]
struct Envelope<'a> {
    format: &'static str,
    version: u32,
    document: &'a Document,
}

impl Writer for Json {
    fn format(&self) -> Format {
        FORMAT
    }

    fn write(&self, document: &Document, output: &mut dyn Output, _log: &mut Log) -> Result<(), Failure> {
        let file = output.main().map_err(Failure::file("output"))?;
        serde_json::to_writer_pretty(&mut *file, &Envelope { format: NAME, version: VERSION, document })
            .map_err(|cause| Failure::file("output")(cause.into()))?;
        file.write_all(b"\n").map_err(Failure::file("output"))
    }
}
