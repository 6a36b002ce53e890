//! What was found, as SARIF 2.1.0 (OASIS): the form that continuous integration systems show beside the files.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::batch::finding::Finding;
use crate::diagnostic::Severity;

/// A file and what was found in it.
pub(super) struct Checked {
    pub(super) file: String,
    pub(super) findings: Vec<Finding>,
}

/// One run over files.
pub(super) fn log(checked: &[Checked]) -> Value {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in checked.iter().flat_map(|checked| &checked.findings) {
        rules.insert(&finding.code, 0);
    }
    for (at, index) in rules.values_mut().enumerate() {
        *index = at;
    }
    let results = checked.iter().flat_map(|checked| {
        let rules = &rules;
        checked.findings.iter().map(move |finding| result(&checked.file, finding, rules[&*finding.code]))
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "apograph",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.keys().map(|code| json!({ "id": code })).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "artifacts": checked.iter().map(|checked| json!({ "location": { "uri": uri(&checked.file) } })).collect::<Vec<_>>(),
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn result(file: &str, finding: &Finding, rule: usize) -> Value {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning | Severity::Loss => "warning",
        Severity::Note => "note",
    };
    let text = match &finding.hint {
        Some(hint) => format!("{}\n{hint}", finding.message),
        None => finding.message.clone(),
    };
    let mut physical = json!({ "artifactLocation": { "uri": uri(file) } });
    if let Some(at) = &finding.at {
        let end = at.column as usize + at.width;
        physical["region"] = json!({ "startLine": at.line, "startColumn": at.column, "endColumn": end });
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(detail) = finding.detail.as_ref().filter(|detail| !detail.path.is_empty()) {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": detail.path, "kind": "element" }]);
    }
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": level,
        "message": { "text": text },
        "locations": [location],
    });
    if let Some(see) = finding.detail.as_ref().and_then(|detail| detail.see.as_ref()) {
        result["properties"] = json!({ "see": see });
    }
    result
}

/// A path as a relative reference (RFC 3986): what a URI can't hold is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
