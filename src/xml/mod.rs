//! XML below any vocabulary: events with spans in, an owned tree to carry, well-formed text out.

mod decode;
mod element;
pub mod emit;
pub mod parse;

pub use decode::decode;
pub use element::{Element, Node};
