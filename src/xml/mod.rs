//! XML below any vocabulary: events with spans in, an owned tree to carry, well-formed text out.

mod decode;
mod element;
pub mod emit;
pub mod parse;

pub use decode::decode;
pub use element::{Element, Node};

/// True for a text without a character, or of nothing but white space as XML has it (XML 1.0 §2.3): a no-break space is
/// a character like others.
pub fn is_space(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}
