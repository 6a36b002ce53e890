//! Any text, compiled as a schema: a grammar or a failure, never a panic; and a grammar judges a small document.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| apograph_fuzz::schema(bytes));
