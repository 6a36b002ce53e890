//! The library as a page calls it: files and options in, JSON out, as `apograph serve` would answer.

#![forbid(unsafe_code)]
#![cfg(target_family = "wasm")]

use apograph::registry::Registry;
use apograph::request::convert::convert;
use apograph::request::review::review;
use apograph::request::{Known, Refusal, Request, Upload};
use wasm_bindgen::prelude::wasm_bindgen;

/// What is asked for.
#[derive(Default)]
#[wasm_bindgen]
pub struct Asked {
    files: Vec<(String, Vec<u8>)>,
    options: Vec<(String, String)>,
}

#[wasm_bindgen]
impl Asked {
    /// Nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn file(&mut self, name: String, bytes: Vec<u8>) {
        self.files.push((name, bytes));
    }

    /// Adds the value of an option.
    pub fn option(&mut self, name: String, value: String) {
        self.options.push((name, value));
    }

    /// The report of a conversion, with the outputs in it.
    ///
    /// # Errors
    /// A problem, as JSON.
    pub fn convert(&self) -> Result<String, String> {
        let report = convert(&Registry::builtin(), &self.request()).map_err(|refusal| problem(&refusal))?;
        serde_json::to_string(&report).map_err(|fault| fault.to_string())
    }

    /// A source beside what is made of it.
    ///
    /// # Errors
    /// A problem, as JSON.
    pub fn review(&self) -> Result<String, String> {
        let review = review(&Registry::builtin(), &self.request()).map_err(|refusal| problem(&refusal))?;
        serde_json::to_string(&review).map_err(|fault| fault.to_string())
    }

    fn request(&self) -> Request<'_> {
        let files = self.files.iter().map(|(name, bytes)| Upload { name, bytes });
        Request { files: files.collect(), options: &self.options }
    }
}

/// What can be read and written, as JSON.
#[wasm_bindgen]
pub fn known() -> String {
    // Words and truths only; serde_json can't refuse them.
    serde_json::to_string(&Known::of(&Registry::builtin())).unwrap_or_default()
}

fn problem(refusal: &Refusal) -> String {
    let nothing = Vec::new();
    let (detail, diagnostics) = match refusal {
        Refusal::Request(detail) => (detail, &nothing),
        Refusal::Document { detail, diagnostics } => (detail, diagnostics),
    };
    serde_json::json!({ "title": refusal.title(), "detail": detail, "diagnostics": diagnostics }).to_string()
}
