//! The envelope that the model's own JSON stands in: `{"format": "apograph", "version": 1, "document": {…}}`.

use crate::format::{Format, Packaging};

/// What the member `format` says.
pub const NAME: &str = "apograph";

/// The model's own JSON.
pub const FORMAT: Format = Format {
    name: "json",
    extensions: &["json"],
    media_type: "application/json",
    summary: "the document model itself, whole",
    packaging: Packaging::Single,
};
