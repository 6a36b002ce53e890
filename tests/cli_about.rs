//! What the program says of itself: formats, completions, versions, manual pages.

mod command;

use std::fs;

use command::{apograph, said};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn formats_and_completions_print() {
    let folder = folder();
    let formats = apograph(folder.path()).args(["formats", "--json"]).assert().code(0);
    let rows: serde_json::Value = serde_json::from_slice(&formats.get_output().stdout).unwrap();
    assert!(rows.as_array().is_some_and(|rows| rows.iter().any(|row| row["name"] == "json" && row["read"] == true)));
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = apograph(folder.path()).args(["completions", shell]).assert().code(0);
        assert!(said(&script.get_output().stdout).contains("max-document"), "{shell}");
    }
}

#[test]
fn the_long_version_names_the_schemas() {
    let folder = folder();
    let short = apograph(folder.path()).arg("-V").assert().code(0);
    assert_eq!(said(&short.get_output().stdout), format!("apograph {}\n", env!("CARGO_PKG_VERSION")));
    let long = said(&apograph(folder.path()).arg("--version").assert().code(0).get_output().stdout);
    assert!(long.starts_with(&format!("apograph {}\n", env!("CARGO_PKG_VERSION"))), "{long}");
    for (name, version) in [("tei", "TEI P5"), ("epub", "EPUB 3.3"), ("json", "document model 1"), ("report", "1")] {
        assert!(long.lines().any(|line| line.trim_start().starts_with(name) && line.contains(version)), "{long}");
    }
}

#[test]
fn each_command_has_a_manual_page_that_names_its_options() {
    let folder = folder();
    let made = apograph(folder.path()).env("SOURCE_DATE_EPOCH", "1714564800").args(["man", "share/man1"]).assert();
    made.code(0);
    let page = |name: &str| fs::read_to_string(folder.path().join("share/man1").join(name)).unwrap();
    assert!(page("apograph.1").contains("apograph\\-convert(1)"));
    assert!(page("apograph-convert.1").contains("max\\-document"));
    let version = env!("CARGO_PKG_VERSION");
    for name in
        ["", "-convert", "-validate", "-explain", "-index", "-formats", "-report", "-report-merge", "-completions"]
    {
        let title = format!(".TH apograph{name} 1 2024-05-01 \"apograph {version}\"");
        let page = page(&format!("apograph{name}.1"));
        assert!(page.contains(&title), "{title}: {}", page.lines().take(4).collect::<Vec<_>>().join(" "));
    }
    let refused = apograph(folder.path()).args(["man", "/dev/null/x"]).assert().code(2);
    assert!(said(&refused.get_output().stderr).contains("/dev/null/x"));
}
