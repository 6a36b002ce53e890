//! The verdicts of the EPUB validation beside those of EPUBCheck, on archives that lie beside the repository. Without
//! them the test says so and passes.

use std::path::{Path, PathBuf};

use apograph::diagnostic::{Log, Severity};
use apograph::registry::Registry;

/// Of how many archives in a hundred the verdict must be the same.
const AGREEMENT: usize = 100;
/// Of how many in a hundred the message ids, too.
const SAME_IDS: usize = 98;

fn shared(below: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("APOGRAPH_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = shared.join(below);
    if !path.exists() {
        eprintln!("skipped: no {}", path.display());
        return None;
    }
    Some(path)
}

fn check(path: &Path) -> Log {
    let bytes = std::fs::read(path).expect("the archive can be read");
    let registry = Registry::builtin();
    let mut log = Log::new();
    registry.schema("epub").expect("EPUB has a schema").check_file(&bytes, &mut log);
    log
}

/// Errors and warnings, by the numbers at the end of their messages.
fn ids(log: &Log) -> Vec<String> {
    let grave = log.diagnostics().iter().filter(|diagnostic| diagnostic.severity >= Severity::Warning);
    let id = |message: &str| message.rsplit_once('[').map(|(_, id)| id.trim_end_matches(']').to_owned());
    let mut ids = grave.filter_map(|diagnostic| id(&diagnostic.message)).collect::<Vec<_>>();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[test]
fn the_page_of_rules_has_them_all() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/epub-rules.md"));
    let page = page.expect("the page can be read");
    let rows = page.lines().filter(|line| line.starts_with("| `")).collect::<Vec<_>>();
    let expected = apograph::validate::epub::RULES.iter().map(|rule| {
        let severity = format!("{:?}", rule.severity).to_lowercase();
        format!("| `{}` | {} | {severity} | {} |", rule.code, rule.id, rule.meaning)
    });
    assert_eq!(rows, expected.collect::<Vec<_>>(), "docs/epub-rules.md is not the table of the program");
}

#[test]
fn verdicts_are_those_of_epubcheck() {
    let Some(folder) = shared("corpora/epub-verdicts") else { return };
    let table = std::fs::read_to_string(folder.join("verdicts.tsv")).expect("the table can be read");
    let (mut all, mut same, mut same_ids) = (0, 0, 0);
    for line in table.lines().skip(1) {
        let [file, verdict, messages, ..] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        let log = check(&folder.join(file));
        let found = ids(&log);
        let expected = messages.split_whitespace().collect::<Vec<_>>();
        let error = log.count(Severity::Error) > 0;
        all += 1;
        same_ids += usize::from(found == expected);
        if verdict == "clean" {
            assert!(found.is_empty(), "{file} is clean, but: {log:#?}");
        }
        if error == (verdict == "error") {
            same += 1;
        } else {
            eprintln!("{file}: {verdict} ({messages}), but found {found:?}");
        }
    }
    assert!(all > 100, "archives are missing");
    eprintln!("same verdict: {same} of {all}; same ids: {same_ids}");
    assert!(same * 100 >= all * AGREEMENT, "only {same} of {all} verdicts agree");
    assert!(same_ids * 100 >= all * SAME_IDS, "only of {same_ids} of {all} the ids agree");
}

#[test]
fn real_books_are_clean() {
    let Some(folder) = shared("corpora/books") else { return };
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.extension().is_some_and(|extension| extension == "epub") {
            let log = check(&path);
            assert!(ids(&log).is_empty(), "{}: {log:#?}", path.display());
        }
    }
}
