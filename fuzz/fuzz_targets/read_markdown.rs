//! Any bytes, read as `markdown`: a document or a failure, never a panic; and what was read is written in all formats
//! with its text.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| apograph_fuzz::read("markdown", bytes));
