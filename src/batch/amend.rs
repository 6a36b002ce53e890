//! Metadata from elsewhere than the text: TOML or YAML files beside an input or for its folder, and `--set`.
//! In: files and settings, the later winning. Out: an [`Amendment`] that is laid over a document's own.

use std::path::{Path, PathBuf};

use compact_str::CompactString;
use serde_json::{Map, Value};

use super::Misuse;
use crate::diagnostic::{Code, Log};
use crate::failure::Failure;
use crate::model::{Agent, Document, Identifier, Metadata, Moment, Series};
use crate::source::Span;

const VALUE: Code = Code("metadata.value");
const UNKNOWN_KEY: Code = Code("metadata.unknown-key");

/// The keys with a meaning of their own, and what each says. Every other key is kept by name.
pub const KEYS: &[(&str, &str)] = &[
    ("title", "what the document is called"),
    ("subtitle", "what follows the title"),
    ("author", "a person or body, or a list of them; a table may give `name`, `file-as`, `uri`, `orcid`"),
    ("editor", "as `author`"),
    ("translator", "as `author`"),
    ("contributor", "as `author`, with a `role`: a MARC relator code such as `ann`"),
    ("funder", "who paid for it"),
    ("publisher", "who publishes it"),
    ("place", "where it is published"),
    ("date", "when: `1931`, `1931-05` or `1931-05-04`"),
    ("rights", "the terms in words"),
    ("licence", "the licence's URI"),
    ("modified", "when the text was last changed: `2024-05-01T12:00:00Z`"),
    ("series", "the series' title"),
    ("volume", "the number of the volume in the series"),
    ("language", "a BCP 47 tag, or a list of them, the main language first"),
    ("subject", "a heading or keyword, or a list of them"),
    ("classification", "a table of `scheme`, a URI, and `code`, or a list of them"),
    ("description", "a summary in a sentence or a paragraph"),
    ("identifier", "`scheme:value`, or a list of them"),
    ("isbn", "the ISBN"),
    ("doi", "the DOI"),
    ("edition", "the printed edition from which page numbers come"),
];

/// What is to be said about a document besides what it says itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Amendment {
    values: Map<String, Value>,
}

impl Amendment {
    /// What some metadata files say, the later winning.
    ///
    /// # Errors
    /// [`Failure::File`] for a file that can't be read, [`Failure::NotWellFormed`] for one that is no TOML or YAML;
    /// both name the file.
    pub fn from_files(files: &[PathBuf]) -> Result<Self, Failure> {
        let mut amendment = Self::default();
        for file in files {
            amendment.overlay(Self::from_file(file)?);
        }
        Ok(amendment)
    }

    /// What `key=value` settings say, the later winning; a key that may have several values gathers them.
    ///
    /// # Errors
    /// [`Misuse`] for a setting without `=` or without a key.
    pub fn from_settings(settings: &[String]) -> Result<Self, Misuse> {
        let mut values = Map::new();
        for setting in settings {
            let Some((key, value)) = setting.split_once('=').filter(|(key, _)| !key.trim().is_empty()) else {
                return Err(Misuse::new(format!("`--set {setting}` is no `key=value`"))
                    .hint("for example `--set title=\"Letters from Port Vale\"`"));
            };
            let key = singular(key.trim());
            let value = Value::from(value.trim());
            match values.get_mut(&key) {
                Some(Value::Array(several)) => several.push(value),
                Some(one) if is_repeatable(&key) => *one = Value::Array(vec![one.take(), value]),
                _ => drop(values.insert(key, value)),
            }
        }
        Ok(Self { values })
    }

    /// What a program says; a key may be written as in a file.
    pub fn from_values(values: Map<String, Value>) -> Self {
        Self { values: values.into_iter().map(|(key, value)| (singular(&key), value)).collect() }
    }

    /// Lays another amendment over this one.
    pub fn overlay(&mut self, over: Self) {
        self.values.extend(over.values);
    }

    /// This amendment with another laid over it.
    #[must_use]
    pub fn overlaid(mut self, over: Self) -> Self {
        self.overlay(over);
        self
    }

    /// Lays the amendment over a document's own metadata.
    pub fn apply(&self, mut document: Document, log: &mut Log) -> Document {
        for (key, value) in &self.values {
            set(&mut document.metadata, key, value, log);
        }
        document
    }

    fn from_file(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(Failure::file(name.clone()))?;
        let broken =
            |message: String| Failure::NotWellFormed { message: format!("{name}: {message}"), span: Span::default() };
        let values = if path.extension().is_some_and(|extension| extension == "toml") {
            let table = text.parse::<toml::Table>().map_err(|cause| {
                let line = cause.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
                broken(format!("line {}: {}", line.unwrap_or(1), cause.message()))
            })?;
            table.into_iter().map(|(key, value)| (key, from_toml(value))).collect()
        } else if text.trim().is_empty() {
            Map::new()
        } else {
            serde_saphyr::from_str::<Map<String, Value>>(&text)
                .map_err(|cause| broken(cause.to_string().lines().next().unwrap_or_default().to_owned()))?
        };
        Ok(Self::from_values(values))
    }
}

/// `authors` and `author` are one key.
fn singular(key: &str) -> String {
    let key = key.to_lowercase();
    match key.as_str() {
        "authors" | "editors" | "translators" | "contributors" | "funders" | "classifications" | "languages"
        | "subjects" | "identifiers" => key.trim_end_matches('s').to_owned(),
        "keywords" | "keyword" => "subject".to_owned(),
        "lang" => "language".to_owned(),
        "license" => "licence".to_owned(),
        _ => key,
    }
}

fn is_repeatable(key: &str) -> bool {
    matches!(key, "author" | "editor" | "translator" | "contributor" | "funder" | "language" | "subject" | "identifier")
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(when) => Value::String(when.to_string()),
        toml::Value::Array(values) => Value::Array(values.into_iter().map(from_toml).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
        }
    }
}

fn set(metadata: &mut Metadata, key: &str, value: &Value, log: &mut Log) {
    match key {
        "author" => agents(metadata, "aut", value, log),
        "editor" => agents(metadata, "edt", value, log),
        "translator" => agents(metadata, "trl", value, log),
        "funder" => agents(metadata, "fnd", value, log),
        "contributor" => agents(metadata, "ctb", value, log),
        "classification" => classes(metadata, value, log),
        "language" => metadata.languages = texts(key, value, log).into_iter().map(Into::into).collect(),
        "subject" => metadata.subjects = texts(key, value, log),
        "identifier" => {
            for text in texts(key, value, log) {
                let (scheme, value) = text.split_once(':').unwrap_or(("uri", &text));
                identify(metadata, scheme.trim(), value.trim());
            }
        }
        _ => {
            if let Some(text) = text(key, value, log) {
                set_text(metadata, key, text, log);
            }
        }
    }
}

fn set_text(metadata: &mut Metadata, key: &str, text: String, log: &mut Log) {
    let publication = &mut metadata.publication;
    match key {
        "title" => metadata.title.main = text,
        "subtitle" => metadata.title.subtitle = Some(text),
        "publisher" => publication.publisher = Some(text),
        "place" => publication.place = Some(text),
        "date" => match text.parse::<Moment>() {
            Ok(date) => publication.date = Some(date),
            Err(_) => refuse(key, "a date like `1931`, `1931-05` or `1931-05-04`", log),
        },
        "rights" => publication.rights = Some(text),
        "licence" => publication.licence = Some(text),
        "modified" => match text.parse::<Moment>() {
            Ok(moment) if moment.clock.is_some() && moment.offset == Some(0) => {
                publication.modified = Some(text.into())
            }
            _ => refuse(key, "an instant like `2024-05-01T12:00:00Z`", log),
        },
        "series" => metadata.series.get_or_insert_with(Series::default).title = text,
        "volume" => metadata.series.get_or_insert_with(Series::default).position = Some(text),
        "description" => metadata.description = Some(text),
        "isbn" | "doi" => identify(metadata, key, &text),
        "edition" => metadata.source.edition = Some(text),
        _ => {
            log.note(
                UNKNOWN_KEY,
                Span::default(),
                format!("the metadata key `{key}` has no meaning of its own; it is kept by name"),
            )
            .hint("the README lists the keys");
            metadata.extra.insert(key.to_owned(), text);
        }
    }
}

fn identify(metadata: &mut Metadata, scheme: &str, value: &str) {
    metadata.identifiers.retain(|known| known.scheme != scheme);
    metadata.identifiers.push(Identifier { scheme: scheme.into(), value: value.to_owned() });
}

/// Replaces all agents of a role.
fn agents(metadata: &mut Metadata, role: &str, value: &Value, log: &mut Log) {
    let values = match value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    // A contributor's own role is none of the others'.
    let others = ["aut", "edt", "trl", "fnd"];
    metadata.agents.retain(|agent| agent.role != role && (role != "ctb" || others.contains(&agent.role.as_str())));
    for value in values {
        let field = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let name = value.as_str().map(str::to_owned).or_else(|| field("name"));
        match name {
            Some(name) => metadata.agents.push(Agent {
                name,
                file_as: field("file-as").or_else(|| field("file_as")),
                role: relator(role, field("role"), log),
                uri: identity(field("orcid"), field("uri"), log),
            }),
            None => refuse(role, "a name, or a table with `name`", log),
        }
    }
}

/// The role of a contributor, as a code of three letters (id.loc.gov/vocabulary/relators).
fn relator(role: &str, said: Option<String>, log: &mut Log) -> CompactString {
    match said {
        None => role.into(),
        Some(code) if role == "ctb" && code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            code.into()
        }
        Some(_) => {
            refuse("role", "a MARC relator code of three letters, and only for a `contributor`", log);
            role.into()
        }
    }
}

/// The URI of a person; an ORCID only with its check digit.
fn identity(orcid: Option<String>, uri: Option<String>, log: &mut Log) -> Option<String> {
    let Some(said) = orcid.or_else(|| uri.clone().filter(|uri| uri.contains("orcid.org/"))) else { return uri };
    let bare = said.rsplit('/').next().unwrap_or_default().to_uppercase();
    if is_orcid(&bare) {
        return Some(format!("https://orcid.org/{bare}"));
    }
    refuse("orcid", "an ORCID whose check digit is right, like `0000-0002-1825-0097`", log);
    uri.filter(|uri| !uri.contains("orcid.org/"))
}

/// Four groups of four, of which the last character checks the rest (ISO 7064, MOD 11-2).
fn is_orcid(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let shaped =
        text.len() == 19 && text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == matches!(at, 4 | 9 | 14));
    let Some((last, rest)) = digits.split_last().filter(|_| shaped && digits.len() == 16) else { return false };
    if !rest.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum = rest.iter().fold(0_u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let check = (12 - sum) % 11;
    if check == 10 { *last == b'X' } else { u32::from(last.wrapping_sub(b'0')) == check }
}

/// Replaces all classes.
fn classes(metadata: &mut Metadata, value: &Value, log: &mut Log) {
    let values = match value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    metadata.classification.clear();
    for value in values {
        let field = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        match (field("scheme").filter(|scheme| !scheme.contains(char::is_whitespace)), field("code")) {
            (Some(scheme), Some(code)) => {
                metadata.classification.push(Identifier { scheme: scheme.into(), value: code.to_owned() });
            }
            _ => refuse("classification", "a table with `scheme`, a URI, and `code`", log),
        }
    }
}

fn texts(key: &str, value: &Value, log: &mut Log) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(|value| text(key, value, log)).collect(),
        one => text(key, one, log).into_iter().collect(),
    }
}

fn text(key: &str, value: &Value, log: &mut Log) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null => None,
        Value::Array(_) | Value::Object(_) => {
            refuse(key, "one value, not a list or table", log);
            None
        }
    }
}

fn refuse(key: &str, expected: &str, log: &mut Log) {
    log.warning(
        VALUE,
        Span::default(),
        format!("the metadata key `{key}` wants {expected}; what was given is passed over"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(settings: &[&str]) -> Amendment {
        Amendment::from_settings(&settings.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn the_later_wins_and_lists_gather() {
        let mut amendment = settings(&["title=A", "author=X", "date=1931-02-30"]);
        amendment.overlay(settings(&["title=B", "authors=Y", "author=Z"]));
        let mut log = Log::new();
        let document = amendment.apply(Document::default(), &mut log);
        assert_eq!(document.metadata.title.main, "B");
        let names: Vec<_> = document.metadata.agents.iter().map(|agent| agent.name.as_str()).collect();
        assert_eq!(names, ["Y", "Z"]);
        assert_eq!(log.diagnostics().iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), [VALUE]);
    }

    #[test]
    fn an_orcid_is_believed_only_with_its_check_digit() {
        assert!(is_orcid("0000-0002-1825-0097") && is_orcid("0000-0002-1694-233X"));
        assert!(!is_orcid("0000-0002-1825-0098") && !is_orcid("0000000218250097") && !is_orcid("0000-0002-1825-009é"));
        let mut log = Log::new();
        assert_eq!(
            identity(Some("0000-0002-1825-0097".to_owned()), None, &mut log).as_deref(),
            Some("https://orcid.org/0000-0002-1825-0097")
        );
        assert_eq!(identity(None, Some("https://orcid.org/0000-0002-1825-0090".to_owned()), &mut log), None);
        assert_eq!(log.diagnostics().len(), 1);
    }

    #[test]
    fn a_setting_needs_a_key() {
        assert!(Amendment::from_settings(&["title".to_owned()]).is_err());
        assert!(Amendment::from_settings(&["=x".to_owned()]).is_err());
    }
}
