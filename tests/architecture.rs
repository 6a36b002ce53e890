//! The floors of the crate, by what the source files name: readers, passes, writers and validators stand side by side
//! and know nothing of each other; what two of them share lies beneath both and knows none of them.

use std::fs;
use std::path::{Path, PathBuf};

/// Those that stand side by side.
const SISTERS: &[&str] = &["read", "enrich", "write", "validate"];

/// What lies beneath them.
const BENEATH: &[&str] = &[
    "authority",
    "conservation",
    "dating",
    "decisions",
    "diagnostic",
    "epub",
    "failure",
    "format",
    "json",
    "markdown",
    "model",
    "source",
    "tei",
    "xml",
];

/// What stands above them all.
const ABOVE: &[&str] = &["batch", "cli", "convert", "explain", "index", "registry", "request", "serve"];

/// The source files of a module.
fn files(module: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let single = src.join(module).with_extension("rs");
    found.extend(single.is_file().then_some(single));
    let mut folders = vec![src.join(module)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("a folder that can be listed").path();
            match path.extension().is_some_and(|extension| extension == "rs") {
                true => found.push(path),
                false if path.is_dir() => folders.push(path),
                false => {}
            }
        }
    }
    assert!(!found.is_empty(), "there is no module `{module}`");
    found
}

/// Lines of a module's code that name one of the others; comments may.
fn names(module: &str, others: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(module) {
        let text = fs::read_to_string(&file).expect("a source file");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let named = |other: &&&str| {
                let path = format!("crate::{other}");
                code.match_indices(&path).any(|(at, _)| {
                    !code[at + path.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
                })
            };
            found.extend(others.iter().find(named).map(|other| {
                format!("{}:{}: `{module}` names `{other}`: {}", file.display(), number + 1, line.trim())
            }));
        }
    }
    found
}

fn assert_none(found: Vec<String>) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn sisters_know_nothing_of_each_other() {
    for sister in SISTERS {
        let others: Vec<&str> = SISTERS.iter().copied().filter(|other| other != sister).collect();
        assert_none(names(sister, &others));
    }
}

#[test]
fn what_lies_beneath_knows_nothing_of_what_stands_on_it() {
    for module in BENEATH {
        assert_none(names(module, SISTERS));
    }
}

#[test]
fn nothing_knows_what_stands_above_it() {
    for module in SISTERS.iter().chain(BENEATH) {
        assert_none(names(module, ABOVE));
    }
}

#[test]
fn a_line_that_names_another_is_seen() {
    assert!(!names("cli", &["write"]).is_empty());
}
