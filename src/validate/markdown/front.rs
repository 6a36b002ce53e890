//! The front matter of a Markdown file: well-formed YAML, and where it says that it is of this program's kind, what
//! `schemas/front-matter.json` allows.

use std::sync::OnceLock;

use serde_json::Value;

use super::json::{self, Fault};
use crate::diagnostic::{Code, Log};
use crate::source::Span;

const YAML: Code = Code("front-matter.yaml");
const SCHEMA: &str = include_str!("../../../schemas/front-matter.json");

fn schema() -> Option<&'static Value> {
    static COMPILED: OnceLock<Option<Value>> = OnceLock::new();
    COMPILED.get_or_init(|| serde_json::from_str(SCHEMA).ok()).as_ref()
}

/// The lines between `---` and `---` or `...` at the file's beginning, and where they begin.
fn block(text: &str) -> Option<(&str, usize)> {
    let start = ["---\n", "---\r\n"].iter().find(|mark| text.starts_with(**mark)).map(|mark| mark.len())?;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((&text[start..at], start));
        }
        at += line.len();
    }
    None
}

/// Checks the front matter, if there is one.
pub(super) fn check(text: &str, log: &mut Log) {
    let Some((yaml, start)) = block(text) else { return };
    let value: Value = match serde_saphyr::from_str(yaml) {
        Ok(value) => value,
        Err(cause) => {
            log.error(YAML, Span::new(0, 3), format!("the front matter is no YAML that can be read: {cause}"));
            return;
        }
    };
    let ours = value.get("schema").and_then(Value::as_str).is_some_and(|name| name.starts_with("docedition/"));
    let Some(schema) = schema().filter(|_| ours) else { return };
    for Fault { code, message, path } in json::check(schema, &value) {
        let (from, to) = place(yaml, &path);
        log.error(code, Span::new(start + from, start + to), message);
    }
}

/// Where the last key of a path stands: each is looked for behind the one before.
fn place(yaml: &str, path: &[String]) -> (usize, usize) {
    let (mut from, mut to) = (0, 0);
    for key in path.iter().filter(|key| key.parse::<usize>().is_err()) {
        let mut at = to;
        for line in yaml[to..].split_inclusive('\n') {
            let inner = line.trim_start_matches([' ', '-', '"', '\'']);
            if inner
                .strip_prefix(key.as_str())
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
            {
                from = at + line.len() - inner.len();
                to = from + key.len();
                break;
            }
            at += line.len();
        }
    }
    (from, to)
}
