//! What XHTML has no words for, as EPUB's writer says it and EPUB's reader understands it: `data-` attributes
//! (HTML §3.2.6.6) on the element that stands for a node. The text itself, ids, languages, links and the structure
//! are XHTML's own; these only add to them.
//!
//! | attribute | what it says |
//! | --- | --- |
//! | [`VERSION`] on `html` | that the classes and attributes are those of this vocabulary |
//! | [`TEI`] | the element's name in TEI, where it isn't the usual one, and the attributes that no field has |
//! | [`ID`], [`LANGUAGE`] | those of the node where XHTML can't have them; empty: the node has none |
//! | [`NUMBER`], [`TYPE`], [`PLACE`], [`TARGET`], [`WHEN`], [`URL`], [`DESCRIPTION`], [`SYNTAX`], [`UNIT`] | fields |
//! | [`DEPTH`] | of a content document: how many divisions stand around it; of a heading: that it opens no division |
//! | [`BARE`] | text without an element of its own |
//! | [`MIXED`] | an element whose text and blocks are one run of text |
//! | [`OUTSIDE`] | what stands before, or after, the division in whose content document it is |
//! | [`NOTE`], [`MOVED`] | where a note is called whose link had to stand elsewhere, and that link |
//! | [`INFERRED`] | that the node was inferred: rule, certainty and reason |

pub mod archive;
pub mod package;
pub mod page;
mod soup;

use std::borrow::Cow;
use std::sync::Arc;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::model::{self, Attribute, Attributes, Metadata, Moment, Namespace, QName, Tag, Target, When};
use crate::xml::parse::{XML, XMLNS, is_ncname};

/// Marks a content document that follows this vocabulary; its value is the vocabulary's version.
pub const VERSION: &str = "data-apograph";
/// The version that is written.
pub const CURRENT: &str = "1";
/// Element name and attributes in TEI: `emph rend='bold'`.
pub const TEI: &str = "data-tei";
/// The id.
pub const ID: &str = "data-id";
/// The language.
pub const LANGUAGE: &str = "data-lang";
/// A number or label.
pub const NUMBER: &str = "data-n";
/// A kind or role.
pub const TYPE: &str = "data-type";
/// Where a note is printed.
pub const PLACE: &str = "data-place";
/// Targets, parted by spaces.
pub const TARGET: &str = "data-target";
/// What a date means.
pub const WHEN: &str = "data-when";
/// Where an image is.
pub const URL: &str = "data-url";
/// What an image shows.
pub const DESCRIPTION: &str = "data-description";
/// The language of code.
pub const SYNTAX: &str = "data-syntax";
/// The unit of a milestone.
pub const UNIT: &str = "data-unit";
/// How a list is set.
pub const KIND: &str = "data-kind";
/// A depth.
pub const DEPTH: &str = "data-depth";
/// Text without an element of its own.
pub const BARE: &str = "data-bare";
/// One run of text with blocks in it.
pub const MIXED: &str = "data-mixed";
/// `before` or `after` a division.
pub const OUTSIDE: &str = "data-outside";
/// A note that is called here.
pub const NOTE: &str = "data-note";
/// A call that belongs elsewhere.
pub const MOVED: &str = "data-moved";
/// An inference.
pub const INFERRED: &str = "data-inferred";
/// True of a row or cell that holds names.
pub const LABEL: &str = "data-label";
/// True of a milestone within a word.
pub const INSIDE: &str = "data-inside";
/// The name of the XHTML element that would have stood here, could it hold blocks.
pub const AS: &str = "data-as";
/// The number of rows of a cell, where the table can't have them.
pub const ROWS: &str = "data-rows";
/// The number of columns of a cell, where there is no table.
pub const COLUMNS: &str = "data-columns";

/// The path, below the package document, of the resource with what stands round the text.
pub const FRAME_PATH: &str = "frame.json";
/// Its media type.
pub const FRAME_TYPE: &str = "application/json";

/// What the resource at [`FRAME_PATH`] says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Frame<'d> {
    /// What is known about the document.
    pub metadata: Cow<'d, Metadata>,
    /// The file round the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Cow<'d, model::Frame>>,
}

/// Element name and attributes of a tag, as the value of [`TEI`]; `None` if it has neither.
pub fn tag_words(tag: &Tag) -> Option<String> {
    if tag.element.is_none() && tag.attributes.is_empty() {
        return None;
    }
    let mut words = String::new();
    if let Some(name) = &tag.element {
        push_name(&mut words, name);
    }
    for attribute in &tag.attributes.0 {
        if !words.is_empty() {
            words.push(' ');
        }
        push_name(&mut words, &attribute.name);
        words.push_str("='");
        words.push_str(&attribute.value.replace('\'', "''"));
        words.push('\'');
    }
    Some(words)
}

/// A name; one of another namespace as `{uri}prefix:local`, but for `xml:…` and `xmlns:…`.
fn push_name(words: &mut String, name: &QName) {
    if let Some(namespace) = &name.namespace {
        if !is_reserved(&namespace.prefix, &namespace.uri) {
            words.push('{');
            words.push_str(&namespace.uri);
            words.push('}');
        }
        if !namespace.prefix.is_empty() {
            words.push_str(&namespace.prefix);
            words.push(':');
        }
    }
    words.push_str(&name.local);
}

fn is_reserved(prefix: &str, uri: &str) -> bool {
    matches!((prefix, uri), ("xml", XML) | ("xmlns", XMLNS))
}

/// Reads the value of [`TEI`]: an element's name, if there is one, and attributes. What is malformed is left out.
pub fn parse_tag(words: &str) -> (Option<QName>, Attributes) {
    let (mut element, mut attributes) = (None, Vec::new());
    let mut rest = words.trim_start();
    while !rest.is_empty() {
        let Some((name, after)) = parse_name(rest) else { break };
        let Some(value) = after.strip_prefix("='") else {
            element = element.or(Some(name));
            rest = after.trim_start();
            if rest.len() == after.len() && !rest.is_empty() {
                break;
            }
            continue;
        };
        let Some((value, after)) = parse_value(value) else { break };
        attributes.push(Attribute { name, value });
        rest = after.trim_start();
    }
    (element, Attributes(attributes.into()))
}

fn parse_name(text: &str) -> Option<(QName, &str)> {
    let (uri, rest) = match text.strip_prefix('{') {
        Some(rest) => rest.split_once('}').map(|(uri, rest)| (Some(uri), rest))?,
        None => (None, text),
    };
    let end = rest.find([' ', '=', '\'', '{', '}']).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let uri = uri.or(match prefix {
        "xml" => Some(XML),
        "xmlns" => Some(XMLNS),
        _ => None,
    });
    let namespace = uri.map(|uri| Arc::new(Namespace { prefix: prefix.into(), uri: uri.into() }));
    let local = if namespace.is_some() { local } else { name };
    // In a damaged book anything may stand here; no XML could hold it.
    is_ncname(local).then(|| (QName { local: local.into(), namespace }, rest))
}

fn parse_value(text: &str) -> Option<(CompactString, &str)> {
    let mut value = CompactString::default();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('\'')?;
        value.push_str(before);
        match after.strip_prefix('\'') {
            Some(after) => {
                value.push('\'');
                rest = after;
            }
            None => return Some((value, after)),
        }
    }
}

/// Targets as the value of [`TARGET`]: parted by spaces, or, where one holds a space, each behind a line end.
pub fn target_words(targets: &[Target]) -> String {
    let words: Vec<_> = targets.iter().map(Target::to_string).collect();
    if words.iter().any(|word| word.contains(' ')) {
        return words.iter().map(|word| format!("\n{word}")).collect();
    }
    words.join(" ")
}

/// Reads the value of [`TARGET`].
pub fn parse_targets(words: &str) -> Vec<Target> {
    let by = if words.contains('\n') { '\n' } else { ' ' };
    words.split(by).filter(|word| !word.is_empty()).map(Target::parse).collect()
}

/// What a date means, as the value of [`WHEN`]: `1931-05`, `1931/1932` for all the time from one to the other,
/// `1931~1932` for some time between; either end may be missing.
pub fn when_words(when: When) -> String {
    let moment = |moment: Option<Moment>| moment.map(|moment| moment.to_string()).unwrap_or_default();
    match when {
        When::On(at) => at.to_string(),
        When::Between(from, to) => format!("{}/{}", moment(from), moment(to)),
        When::Within(from, to) => format!("{}~{}", moment(from), moment(to)),
    }
}

/// Reads the value of [`WHEN`].
pub fn parse_when(words: &str) -> Option<When> {
    let moment = |text: &str| match text {
        "" => Some(None),
        text => text.parse().ok().map(Some),
    };
    if let Some((from, to)) = words.split_once('/') {
        return Some(When::Between(moment(from)?, moment(to)?));
    }
    if let Some((from, to)) = words.split_once('~') {
        return Some(When::Within(moment(from)?, moment(to)?));
    }
    words.parse().ok().map(When::On)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_back() {
        let lake = Arc::new(Namespace { prefix: "lake".into(), uri: "http://lake.example/ns".into() });
        let xml = Arc::new(Namespace { prefix: "xml".into(), uri: XML.into() });
        let plain = Arc::new(Namespace { prefix: "".into(), uri: "urn:x".into() });
        let attribute = |name: QName, value: &str| Attribute { name, value: value.into() };
        for (element, attributes) in [
            (None, vec![attribute(QName::plain("rend"), "it's 'so' =")]),
            (Some(QName::plain("emph")), vec![]),
            (Some(QName { local: "math".into(), namespace: Some(plain) }), vec![attribute(QName::plain("a"), "")]),
            (
                Some(QName { local: "boat".into(), namespace: Some(Arc::clone(&lake)) }),
                vec![
                    attribute(QName { local: "deep".into(), namespace: Some(lake) }, "''"),
                    attribute(QName { local: "space".into(), namespace: Some(xml) }, "preserve"),
                ],
            ),
        ] {
            let tag =
                Tag { element: element.map(Box::new), attributes: Attributes(attributes.into()), ..Tag::default() };
            let words = tag_words(&tag).unwrap_or_default();
            assert_eq!(parse_tag(&words), (tag.element.map(|name| *name), tag.attributes), "{words}");
        }
        assert_eq!(tag_words(&Tag::default()), None);
    }

    #[test]
    fn what_is_malformed_is_left_out() {
        for words in ["", " ", "'", "=", "a='b", "{x", "a=='b'", "{}{}", "a'b'"] {
            let (_, attributes) = parse_tag(words);
            assert!(attributes.is_empty(), "{words}");
        }
    }

    #[test]
    fn targets_come_back() {
        for targets in [vec!["#a"], vec!["#a", "b.xml#c"], vec!["https://vale.example/a b"], vec!["a b", "#c"], vec![]]
        {
            let targets: Vec<_> = targets.into_iter().map(Target::parse).collect();
            assert_eq!(parse_targets(&target_words(&targets)), targets);
        }
    }

    #[test]
    fn dates_come_back() {
        for words in ["1931-05", "1931/", "/1931-02-01", "1931~1932", "~"] {
            assert_eq!(parse_when(words).map(when_words).as_deref(), Some(words));
        }
        assert_eq!(parse_when("May"), None);
    }
}
