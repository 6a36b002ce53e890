//! JSON Schema, as much of it as the schemas of this program use: `type`, `enum`, `pattern`, `properties`,
//! `required`, `additionalProperties`, `items`, and `$ref` into `$defs` (JSON Schema 2020-12).

use regex::Regex;
use serde_json::Value;

use crate::diagnostic::Code;

const TYPE: Code = Code("front-matter.type");
const VALUE: Code = Code("front-matter.value");
const UNKNOWN: Code = Code("front-matter.unknown");
const MISSING: Code = Code("front-matter.missing");

/// Something that a schema forbids.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) message: String,
    /// Keys and numbers from the root to the place.
    pub(super) path: Vec<String>,
}

/// Checks a value against a schema.
pub(super) fn check(schema: &Value, value: &Value) -> Vec<Fault> {
    let mut check = Check { root: schema, path: Vec::new(), faults: Vec::new() };
    check.value(schema, value);
    check.faults
}

struct Check<'s> {
    root: &'s Value,
    path: Vec<String>,
    faults: Vec<Fault>,
}

impl<'s> Check<'s> {
    fn fault(&mut self, code: Code, message: String) {
        self.faults.push(Fault { code, message, path: self.path.clone() });
    }

    fn name(&self) -> String {
        if self.path.is_empty() { "the front matter".to_owned() } else { format!("`{}`", self.path.join(".")) }
    }

    fn value(&mut self, schema: &'s Value, value: &Value) {
        let referred = schema.get("$ref").and_then(Value::as_str).and_then(|to| self.root.pointer(&to[1..]));
        let schema = referred.unwrap_or(schema);
        if let Some(expected) = schema.get("type").and_then(Value::as_str).filter(|expected| !is_a(value, expected)) {
            let message = format!("{} must be {}, not {}", self.name(), article(expected), article(kind(value)));
            return self.fault(TYPE, message);
        }
        if let Some(known) = schema.get("enum").and_then(Value::as_array).filter(|known| !known.contains(value)) {
            let known = known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let message = format!("{} must be one of {known}", self.name());
            return self.fault(VALUE, message);
        }
        let pattern = schema.get("pattern").and_then(Value::as_str).and_then(|pattern| Regex::new(pattern).ok());
        if let (Some(pattern), Some(text)) = (pattern, value.as_str())
            && !pattern.is_match(text)
        {
            let message = format!("`{text}` has not the form that {} must have", self.name());
            return self.fault(VALUE, message);
        }
        self.members(schema, value);
        if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
            for (at, value) in values.iter().enumerate() {
                self.path.push(at.to_string());
                self.value(items, value);
                self.path.pop();
            }
        }
    }

    fn members(&mut self, schema: &'s Value, value: &Value) {
        let Some(members) = value.as_object() else { return };
        let properties = schema.get("properties").and_then(Value::as_object);
        let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
        for (key, value) in members {
            self.path.push(key.clone());
            match properties.and_then(|properties| properties.get(key)) {
                Some(schema) => self.value(schema, value),
                None if closed => self.fault(UNKNOWN, format!("`{key}` is no key that may stand here")),
                None => {}
            }
            self.path.pop();
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        for key in required.filter_map(Value::as_str).filter(|key| !members.contains_key(*key)) {
            let message = format!("{} lacks the key `{key}`", self.name());
            self.fault(MISSING, message);
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_a(value: &Value, expected: &str) -> bool {
    kind(value) == expected
}

fn article(kind: &str) -> &'static str {
    match kind {
        "string" => "a text (in quotation marks if it looks like something else)",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a set of keys and values",
        _ => "empty",
    }
}
