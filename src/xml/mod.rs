//! XML below any vocabulary: events with spans in, an owned tree to carry, well-formed text out.

mod element;
pub mod emit;

pub use element::{Element, Node};
