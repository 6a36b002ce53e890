//! What is told of a run, and of several that are one.

use std::fs;

use serde_json::Value;

use crate::{files, folder, run, succeed, transcripts};

const CONVERT: [&str; 6] = ["convert", "in", "--to", "tei,markdown", "-o", "out"];

#[test]
fn four_shares_are_one_whole() {
    let [one, four] = [folder(), folder()];
    for folder in [&one, &four] {
        let path = folder.path();
        transcripts(&path.join("in"), 90);
        fs::write(path.join("in/00/bad.json"), "{\"format\": \"apograph\"").unwrap();
        fs::write(path.join("in/00/0003.md"), "The same name.\n").unwrap();
    }
    let report = |folder: &tempfile::TempDir, name: &str| fs::read(folder.path().join(name)).unwrap();
    let whole: Vec<&str> = [&CONVERT[..], &["--report", "all.json"]].concat();
    assert_eq!(run(one.path(), &whole).0, 1);
    for number in 1..=4 {
        let (shard, name) = (format!("{number}/4"), format!("part-{number}.json"));
        let part: Vec<&str> = [&CONVERT[..], &["--shard", &shard, "--report", &name]].concat();
        assert!(run(four.path(), &part).0 <= 1);
    }
    let merge = ["report", "merge", "part-3.json", "part-1.json", "part-4.json", "part-2.json", "-o", "all.json"];
    assert_eq!(run(four.path(), &merge).0, 1);
    assert!(report(&one, "all.json") == report(&four, "all.json"), "the reports differ");
    assert!(files(&one.path().join("out")) == files(&four.path().join("out")), "the outputs differ");
    // A share that was done again counts once.
    let again =
        ["report", "merge", "part-1.json", "part-2.json", "part-3.json", "part-4.json", "part-2.json", "-o", "x.json"];
    run(four.path(), &again);
    assert!(report(&four, "x.json") == report(&four, "all.json"));
    run(four.path(), &["report", "merge", "part-1.json", "-o", "page.html"]);
    assert!(report(&four, "page.html").starts_with(b"<!DOCTYPE html>"));
    assert_eq!(run(four.path(), &["report", "merge", "in/00/bad.json", "-o", "y.json"]).0, 2);
    assert!(!four.path().join("y.json").exists());
}

#[test]
fn reports_are_as_their_schema_says() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 3);
    fs::write(path.join("in/odd.txt"), "1. Memo1\n\nText 2.\n\n  1. Note.\n  1. Twice.\n  5. Five.\n").unwrap();
    fs::write(path.join("in/bad.xml"), "<TEI>\n<p>").unwrap();
    fs::write(path.join("in/lossy.md"), "# A\n\n![p](none.png)\n\n[x](#nowhere)\n").unwrap();
    run(path, &["convert", "in", "--to", "tei,epub,markdown,json", "-o", "out", "--report", "report.json"]);
    let report: Value = serde_json::from_slice(&fs::read(path.join("report.json")).unwrap()).unwrap();
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/report.schema.json");
    let schema: Value = serde_json::from_slice(&fs::read(schema).unwrap()).unwrap();
    let faults = check(&schema, &schema, &report, "");
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(report["totals"]["documents"], 6);
    assert!(report["totals"]["losses"].as_u64() > Some(0) && report["totals"]["failed"] == 1);
    // The check itself finds faults.
    let mut wrong = report.clone();
    wrong["documents"][0]["status"] = "fine".into();
    wrong["documents"][1]["extra"] = 1.into();
    wrong["totals"]["notes"] = "many".into();
    assert_eq!(check(&schema, &schema, &wrong, "").len(), 3);
}

/// The faults of a value by as much of JSON Schema as the report's schema uses.
pub(crate) fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).expect("a definition");
        return check(root, target, value, at);
    }
    let mut faults = Vec::new();
    let mut demand = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{at}: {what}: {value}"));
        }
    };
    let is = |name: &Value| match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => false,
    };
    match &schema["type"] {
        Value::Null => {}
        Value::Array(names) => demand(names.iter().any(is), "type"),
        name => demand(is(name), "type"),
    }
    if let Some(least) = schema["minimum"].as_i64() {
        demand(value.as_i64().is_none_or(|value| value >= least), "minimum");
    }
    if let Some(words) = schema["enum"].as_array() {
        demand(words.contains(value), "enum");
    }
    if !schema["const"].is_null() {
        demand(schema["const"] == *value, "const");
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str()) {
        demand(regex::Regex::new(pattern).unwrap().is_match(text), "pattern");
    }
    if let Some(object) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            demand(object.contains_key(name.as_str().unwrap()), &format!("{name} is required"));
        }
        for (name, inner) in object {
            match schema["properties"].get(name) {
                Some(schema) => faults.extend(check(root, schema, inner, &format!("{at}/{name}"))),
                None if schema["additionalProperties"] == false => faults.push(format!("{at}: `{name}` is unknown")),
                None => {}
            }
        }
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        faults.extend(check(root, &schema["items"], item, &format!("{at}/{number}")));
    }
    faults
}

#[test]
fn a_page_tells_the_gravest_first() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 120);
    fs::write(path.join("in/lossy.md"), "# A\n\n![p](none.png)\n").unwrap();
    fs::write(path.join("in/zzz.xml"), "<TEI>").unwrap();
    run(path, &["convert", "in", "--to", "epub", "-o", "out", "--report", "report.html"]);
    let page = fs::read_to_string(path.join("report.html")).unwrap();
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} is not in {page}"));
    assert!(at("Failed: 1<") < at("in/zzz.xml") && at("in/zzz.xml") < at("With findings: "), "{page}");
    assert!(at("in/lossy.md") < at("Without findings: ") && at("Without findings: ") < at("in/00/0001.txt"), "{page}");
    assert!(page.contains("1 of 122 documents failed"), "{page}");
    assert_eq!(page.matches("<tr><td>").count(), 122);
}

#[test]
fn a_page_shows_what_is_in_doubt_and_links_outputs() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    fs::write(path.join("in/odd & <b>.txt"), "1. Memo1\n\nText 2.\n\n  1. Note.\n  1. Twice.\n").unwrap();
    run(path, &["convert", "in", "--to", "tei", "-o", "out", "--report", "out/report.html"]);
    let page = fs::read_to_string(path.join("out/report.html")).unwrap();
    assert!(page.contains("<a href=\"odd%20%26%20_b_.xml\">tei</a>"), "{page}");
    assert!(page.contains("odd &amp; &lt;b&gt;.txt") && !page.contains("<b>"), "{page}");
    assert!(page.contains("warning</span> <code>") && !page.contains("://"), "{page}");
    let described: Value = serde_json::from_str(&succeed(path, &["formats", "--json"])).unwrap();
    assert!(described.is_array());
}

#[test]
fn what_leads_nowhere_is_listed_in_both_reports() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    let letter = "1. Letter From the Mayor to the Lake Office1\n\nPort Vale, May 4, 1931.\n\nThe ferry is late.2\n\n  \
        1. Source: Lake Archive, Ferry Files, Box 2.\n  2. See Document 2 and Document 99.\n";
    fs::write(path.join("in/d1.txt"), letter).unwrap();
    fs::write(path.join("in/d2.txt"), "2. Letter From the Lake Office to the Mayor\n\nIt came.\n").unwrap();
    succeed(path, &["convert", "in", "--to", "tei", "-o", "out", "--report", "r.json"]);
    succeed(path, &["convert", "in", "--to", "tei", "-o", "out", "--report", "r.html", "--force"]);
    let [json, html] = ["r.json", "r.html"].map(|name| fs::read_to_string(path.join(name)).unwrap());
    for report in [&json, &html] {
        assert!(report.contains("reference.unresolved") && report.contains("`d99` is referred to"), "{report}");
        assert!(!report.contains("`d2` is referred to"), "{report}");
    }
    assert_eq!(json.matches("`d99` is referred to").count(), 1);
}
