//! Converts historical and documentary texts into TEI XML, EPUB and Markdown, and proves that nothing was lost.
//!
//! Data flows one way:
//!
//! ```text
//! bytes ─ read ─▶ model::Document ─ enrich ─▶ model::Document ─ write ─▶ named files ─ validate ─▶ diagnostics
//! ```
//!
//! - a [`read::Reader`] fills the [`model`] from one format;
//! - each [`enrich::Pass`] says more about it and changes no character;
//! - a [`write::Writer`] turns it into files of one format and knows no reader;
//! - a [`validate::Schema`] reads those files anew;
//! - [`conservation`] compares the text that went in with the text that came out.
//!
//! [`registry::Registry`] holds them by name, [`convert::Conversion`] runs one document through them; [`decisions`] are
//! what an editor decided about a source, beside it; `index` (feature `index`) says what many documents say together;
//! `cli` (feature `cli`) is what the command line adds, `serve` (feature `serve`) a page and an HTTP interface.

pub mod authority;
pub mod batch;
#[cfg(feature = "cli")]
pub mod cli;
pub mod conservation;
pub mod convert;
pub mod dating;
pub mod decisions;
pub mod diagnostic;
pub mod enrich;
pub mod epub;
pub mod explain;
pub mod failure;
pub mod format;
#[cfg(feature = "index")]
pub mod index;
pub mod json;
pub mod markdown;
pub mod model;
pub mod nearby;
pub mod output;
mod parallel;
pub mod read;
pub mod registry;
pub mod request;
#[cfg(feature = "serve")]
pub mod serve;
pub mod source;
pub mod tei;
pub mod validate;
pub mod write;
pub mod xml;
