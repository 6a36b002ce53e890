//! The front matter into metadata: our own keys, or those that people commonly use.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::document::{Builder, place_of};
use super::inferences::Inferences;
use crate::diagnostic::{Code, Log};
use crate::failure::Failure;
use crate::markdown::front::{Dates, FrontMatter, NOTE_IDS, PAGE_IDS};
use crate::markdown::namespaces::declared;
use crate::markdown::vocabulary::SCHEMA;
use crate::model::{Agent, Correspondence, Document, Frame, Metadata, Namespace, Title, When};
use crate::read::Reader;
use crate::read::tei::Tei;
use crate::source::{Input, Span};
use crate::xml::Element;

const FRONT_MATTER: Code = Code("markdown.front-matter");

/// Reads front matter. What can't be read is reported.
pub(super) fn read(yaml: &str, document: &mut Document, builder: &mut Builder<'_>) {
    let yaml = yaml.trim_start_matches("---").trim_end();
    let value: Value = match serde_saphyr::from_str(yaml) {
        Ok(value) => value,
        Err(cause) => return refuse(builder.log, &cause),
    };
    if value.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
        document.metadata = common(value);
        return;
    }
    match serde_json::from_value::<FrontMatter>(value) {
        Ok(front) => ours(front, document, builder),
        Err(cause) => refuse(builder.log, &cause),
    }
}

fn refuse(log: &mut Log, cause: &dyn std::fmt::Display) {
    log.warning(FRONT_MATTER, Span::default(), format!("the front matter can't be read: {cause}"));
}

fn ours(front: FrontMatter, document: &mut Document, builder: &mut Builder<'_>) {
    builder.page_ids = front.pages.is_some_and(|pages| pages.ids.as_deref() == Some(PAGE_IDS));
    if let Some(notes) = front.notes {
        builder.note_ids = notes.ids.as_deref() == Some(NOTE_IDS);
        builder.note_place = notes.place.as_deref().map(place_of).unwrap_or_default();
    }
    builder.ours = true;
    builder.inferences = Inferences::of(front.inferred);
    let date = front.date.as_ref().and_then(when);
    let mut correspondence = front.correspondence;
    if date.is_some() || front.place.is_some() {
        let sent = correspondence.get_or_insert_with(Correspondence::default);
        (sent.date, sent.place) = (date, front.place);
    }
    let header = front.tei.and_then(|xml| match around(&xml) {
        Ok((frame, header)) => {
            document.frame = frame;
            header
        }
        Err(cause) => {
            refuse(builder.log, &cause);
            None
        }
    });
    document.metadata = Metadata {
        title: Title { main: front.title.unwrap_or_default(), subtitle: front.subtitle },
        agents: front.agents,
        publication: front.publication.unwrap_or_default(),
        series: front.series,
        identifiers: front.identifiers,
        languages: front.lang.into_iter().map(Into::into).collect(),
        subjects: front.subjects,
        classification: front.classification,
        description: front.description,
        source: front.source.unwrap_or_default(),
        correspondence,
        extra: front.extra,
        header,
    };
}

/// The file round a text, and its header.
type Around = (Option<Box<Frame>>, Option<Box<Element>>);

/// The file round a text, and its header; the header alone if there is no more.
fn around(xml: &str) -> Result<Around, Failure> {
    let header_alone = xml.starts_with("<teiHeader");
    let file = if header_alone { Cow::Owned(format!("<TEI>{xml}</TEI>")) } else { Cow::Borrowed(xml) };
    let around = Tei::default().read(&Input::new("front matter", file.as_bytes()), &mut Log::new())?;
    Ok((around.frame.filter(|_| !header_alone), around.metadata.header))
}

/// The prefixes that the file round a text declares.
pub(super) fn namespaces(yaml: &str) -> Option<Arc<[Arc<Namespace>]>> {
    if !yaml.contains("\ntei:") {
        return None;
    }
    let value: Value = serde_saphyr::from_str(yaml.trim_start_matches("---").trim_end()).ok()?;
    let (frame, _) = around(value.get("tei")?.as_str()?).ok()?;
    Some(declared(&*frame?).into())
}

fn when(dates: &Dates) -> Option<When> {
    let moment = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    if let Some(on) = moment(&dates.when) {
        return Some(When::On(on));
    }
    match (moment(&dates.from), moment(&dates.to), moment(&dates.not_before), moment(&dates.not_after)) {
        (None, None, None, None) => None,
        (None, None, before, after) => Some(When::Within(before, after)),
        (from, to, ..) => Some(When::Between(from, to)),
    }
}

/// The keys of pandoc, Jekyll and Hugo.
fn common(value: Value) -> Metadata {
    let mut metadata = Metadata::default();
    let Value::Object(entries) = value else { return metadata };
    for (key, value) in entries {
        let words = words(&value);
        let first = words.first().cloned();
        match key.to_lowercase().as_str() {
            "title" => metadata.title.main = first.unwrap_or_default(),
            "subtitle" => metadata.title.subtitle = first,
            "author" | "authors" | "creator" => metadata.agents.extend(agents(&words, "aut")),
            "editor" | "editors" => metadata.agents.extend(agents(&words, "edt")),
            "translator" => metadata.agents.extend(agents(&words, "trl")),
            "lang" | "language" => metadata.languages.extend(words.iter().map(Into::into)),
            "keywords" | "tags" | "subject" | "categories" => metadata.subjects.extend(words),
            "description" | "abstract" | "summary" => metadata.description = first,
            "publisher" => metadata.publication.publisher = first,
            "rights" | "copyright" => metadata.publication.rights = first,
            "date" if first.as_deref().is_some_and(|date| date.parse::<crate::model::Moment>().is_ok()) => {
                metadata.publication.date = first.and_then(|date| date.parse().ok());
            }
            _ => {
                if !words.is_empty() {
                    metadata.extra.insert(key, words.join(", "));
                }
            }
        }
    }
    metadata
}

fn agents<'w>(words: &'w [String], role: &'w str) -> impl Iterator<Item = Agent> + 'w {
    words.iter().map(move |name| Agent { name: name.clone(), role: role.into(), ..Agent::default() })
}

/// The words of a value; of a list, those of each entry; of a mapping, its name.
fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Bool(value) => vec![value.to_string()],
        Value::Number(value) => vec![value.to_string()],
        Value::String(value) => vec![value.clone()],
        Value::Array(values) => values.iter().flat_map(words).collect(),
        Value::Object(entries) => match entries.get("name").or_else(|| entries.get("text")) {
            Some(name) => words(name),
            None => entries.iter().map(|(key, value)| format!("{key}: {}", words(value).join(", "))).collect(),
        },
    }
}
