//! Finds the cases under `tests/cases` and holds what comes out against what was expected.
//!
//! A case is `<name>.source.<extension>` (`.epub` is a folder, packed before it is read); every `<name>.<extension>` beside it is what a writer is expected to
//! give (`.epub` is a folder: the archive, unpacked, without style sheets and drawn cover), and `<name>.log` what was noticed: severity, code, line and
//! column, and no others. `APOGRAPH_RENEW=1` writes all of these anew (all formats a case has; a `.log` always);
//! a person reads the difference.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use apograph::convert::{Conversion, Read};
use apograph::diagnostic::{Log, Severity};
use apograph::format::Packaging;
use apograph::output::{Memory, Output};
use apograph::registry::Registry;
use apograph::source::{Input, SourceMap, decode};

fn renewing() -> bool {
    std::env::var_os("APOGRAPH_RENEW").is_some()
}

#[test]
fn every_case_gives_what_is_expected() {
    let mut sources = Vec::new();
    find_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"), &mut sources);
    sources.sort();
    assert!(!sources.is_empty(), "no cases found");
    let faults: Vec<String> = sources.iter().flat_map(|source| run(source)).collect();
    assert!(faults.is_empty(), "{} of {} cases differ:\n{}", faults.len(), sources.len(), faults.join("\n"));
}

fn find_sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of cases can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().contains(".source.")) {
            found.push(path);
        } else if path.is_dir() {
            find_sources(&path, found);
        }
    }
}

/// Converts one case; gives a line for each golden that differs.
fn run(source: &Path) -> Vec<String> {
    let registry = Registry::builtin();
    let conversion = Conversion::new(&registry);
    let bytes = if source.is_dir() { pack(source) } else { std::fs::read(source).expect("the source can be read") };
    let name = source.file_name().expect("a file has a name").to_string_lossy();
    let (stem, extension) = name.split_once(".source.").expect("the name was found by this");
    let shown = format!("{stem}.{extension}");
    let input = Input { name: &shown, bytes: &bytes, path: Some(source), siblings: None };
    let mut log = Log::new();
    let mut faults = Vec::new();
    match conversion.read(&input, &mut log) {
        Ok(read) => {
            for format in targets(&registry, source, stem) {
                faults.extend(golden(&conversion, &registry, &read, format, source, stem, &mut log));
            }
        }
        Err(failure) => {
            let span = failure.span().unwrap_or_default();
            log.error(apograph::diagnostic::Code("failure"), span, failure.to_string());
        }
    }
    let log_path = source.with_file_name(format!("{stem}.log"));
    faults.extend(compare(&log_path, log_lines(&log, &bytes).as_bytes()));
    faults
}

/// The formats for which a case has a golden.
fn targets(registry: &Registry, source: &Path, stem: &str) -> Vec<&'static str> {
    registry
        .writers()
        .map(|writer| writer.format())
        .filter(|format| source.with_file_name(format!("{stem}.{}", format.extensions[0])).exists())
        .map(|format| format.name)
        .collect()
}

fn golden(
    conversion: &Conversion<'_>,
    registry: &Registry,
    read: &Read,
    format: &str,
    source: &Path,
    stem: &str,
    log: &mut Log,
) -> Vec<String> {
    let written = match conversion.write(read, format, log) {
        Ok(written) => written,
        Err(failure) => return vec![format!("{}: {failure}", source.display())],
    };
    let path = source.with_file_name(format!("{stem}.{}", written.extension));
    let packaging = registry.writer(format).expect("the writer has just written").format().packaging;
    match packaging {
        Packaging::Single => compare(&path, written.files.main_bytes()).into_iter().collect(),
        Packaging::Archive => unpack(written.files.main_bytes())
            .files()
            .filter(|(name, _)| !name.ends_with(".css") && !name.ends_with("/images/cover.png"))
            .flat_map(|(name, bytes)| compare(&path.join(name), bytes))
            .collect(),
    }
}

/// The archive of an unpacked book.
fn pack(folder: &Path) -> Vec<u8> {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("the folder of a book can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() { files(&path, found) } else { found.push(path) }
        }
    }
    let mut paths = Vec::new();
    files(folder, &mut paths);
    paths.sort();
    let mut packed = Memory::new();
    for path in paths {
        let name = path.strip_prefix(folder).expect("it was found there").to_string_lossy().replace('\\', "/");
        let bytes = std::fs::read(&path).expect("a file of a book can be read");
        Output::file(&mut packed, &name).and_then(|file| file.write_all(&bytes)).expect("memory takes it");
    }
    packed.archive().expect("the book can be packed")
}

fn unpack(archive: &[u8]) -> Memory {
    use std::io::Read as _;
    let mut files = Memory::new();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("an archive that we wrote opens");
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("an entry that we wrote opens");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("an entry that we wrote inflates");
        let name = entry.name().expect("a name that we wrote is UTF-8").into_owned();
        Output::file(&mut files, &name).and_then(|file| file.write_all(&bytes)).expect("memory takes it");
    }
    files
}

/// `severity code line:column`, one a line; `-` where there is no place. Notes are left out.
fn log_lines(log: &Log, bytes: &[u8]) -> String {
    let mut map = SourceMap::default();
    map.add("source", decode(bytes).text);
    let mut lines = String::new();
    let distinct: BTreeSet<_> = log
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.severity > Severity::Note)
        .map(|diagnostic| {
            let place = match map.position(diagnostic.span) {
                Some(position) if !diagnostic.span.is_nowhere() => (position.line, position.column),
                _ => (0, 0),
            };
            (place, format!("{:?}", diagnostic.severity).to_lowercase(), diagnostic.code.0)
        })
        .collect();
    for ((line, column), severity, code) in distinct {
        let place = if line == 0 { "-".to_owned() } else { format!("{line}:{column}") };
        writeln!(lines, "{severity} {code} {place}").expect("a string takes all");
    }
    lines
}

fn compare(path: &Path, found: &[u8]) -> Option<String> {
    if renewing() {
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder can be made");
        std::fs::write(path, found).expect("the golden can be written");
        return None;
    }
    let expected = std::fs::read(path).unwrap_or_default();
    if expected == found {
        return None;
    }
    let (expected, found) = (String::from_utf8_lossy(&expected), String::from_utf8_lossy(found));
    let line = expected.lines().zip(found.lines()).take_while(|(a, b)| a == b).count();
    Some(format!(
        "{}, line {}:\n  expected: {}\n  found:    {}",
        path.display(),
        line + 1,
        expected.lines().nth(line).unwrap_or("(end)"),
        found.lines().nth(line).unwrap_or("(end)"),
    ))
}
