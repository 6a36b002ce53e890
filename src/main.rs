//! The binary: the command line over everything that the crate has.

fn main() {}
