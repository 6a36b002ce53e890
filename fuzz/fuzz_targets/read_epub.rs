//! Any bytes, or a listing of any files, read as `epub`: a document or a failure, never a panic; and what was read is written in all formats
//! with its text.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| apograph_fuzz::read_book(bytes));
