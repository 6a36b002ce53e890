//! What may stand where in a schema's XML, before anything is made of it (RELAX NG §3): the attributes and
//! children of each element.

use super::source::Node;
use super::xsd::is_ncname;
use crate::failure::Failure;

/// What an element holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Nothing at all.
    Nothing,
    /// Characters.
    Text,
    /// One pattern or more.
    Patterns,
    /// One pattern.
    Pattern,
    /// A class of names, unless `name` says it, then one pattern or more.
    Element,
    /// A class of names, unless `name` says it, then at most one pattern.
    Attribute,
    /// `param`s, then at most one `except`.
    Data,
    /// `start`, `define`, `div` and `include`.
    Grammar,
    /// `start`, `define` and `div`.
    Include,
    /// At most one `except`.
    Exception,
    /// One class of names or more.
    Classes,
}

const PATTERNS: &[&str] = &[
    "element",
    "attribute",
    "group",
    "interleave",
    "choice",
    "optional",
    "zeroOrMore",
    "oneOrMore",
    "list",
    "mixed",
    "ref",
    "parentRef",
    "empty",
    "value",
    "data",
    "text",
    "notAllowed",
    "externalRef",
    "grammar",
];
const OTHERS: &[&str] = &["start", "define", "div", "include", "param", "except", "name", "anyName", "nsName"];
const CLASSES: &[&str] = &["name", "anyName", "nsName", "choice"];

/// Where an element stands decides what `choice`, `except` and `div` mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Pattern,
    Class,
    Grammar,
    Include,
}

/// Checks a whole file of a schema.
///
/// # Errors
/// The first element that holds, bears or lacks what it may not.
pub(super) fn check(root: &Node) -> Result<(), Failure> {
    if !PATTERNS.contains(&root.name.as_str()) {
        return root.wrong(format!("`{}` is no pattern of RELAX NG", root.name));
    }
    let mut open = vec![(root, Place::Pattern)];
    while let Some((node, place)) = open.pop() {
        let content = content(node, place)?;
        attributes(node, content)?;
        children(node, content, &mut open)?;
    }
    Ok(())
}

fn content(node: &Node, place: Place) -> Result<Content, Failure> {
    Ok(match node.name.as_str() {
        "choice" | "except" if place == Place::Class => Content::Classes,
        "element" => Content::Element,
        "attribute" => Content::Attribute,
        "group" | "interleave" | "choice" | "optional" | "zeroOrMore" | "oneOrMore" | "list" | "mixed" | "define"
        | "except" => Content::Patterns,
        "start" => Content::Pattern,
        "ref" | "parentRef" | "empty" | "text" | "notAllowed" | "externalRef" => Content::Nothing,
        "value" | "param" | "name" => Content::Text,
        "data" => Content::Data,
        "div" if place == Place::Include => Content::Include,
        "grammar" | "div" => Content::Grammar,
        "include" => Content::Include,
        "anyName" | "nsName" => Content::Exception,
        other => return node.wrong(format!("`{other}` is no element of RELAX NG")),
    })
}

/// The attributes of an element: which it may have, and which it must have.
fn attributes(node: &Node, content: Content) -> Result<(), Failure> {
    let (allowed, required): (&[&str], &[&str]) = match node.name.as_str() {
        "element" | "attribute" => (&["name"], &[]),
        "ref" | "parentRef" | "param" => (&["name"], &["name"]),
        "define" => (&["name", "combine"], &["name"]),
        "start" => (&["combine"], &[]),
        "value" => (&["type"], &[]),
        "data" => (&["type"], &["type"]),
        "externalRef" | "include" => (&["href"], &["href"]),
        _ => (&[], &[]),
    };
    for (name, value) in node.attributes() {
        match name {
            "ns" => {}
            "datatypeLibrary" => library(node, value)?,
            _ if !allowed.contains(&name) => return node.wrong(format!("`{}` has no attribute `{name}`", node.name)),
            "name" if matches!(content, Content::Element | Content::Attribute) => {}
            "name" | "type" if !is_ncname(value) => return node.wrong(format!("`{value}` is no name")),
            _ => {}
        }
    }
    match required.iter().find(|name| node.attribute(name).is_none()) {
        Some(missing) => node.wrong(format!("`{}` without `{missing}`", node.name)),
        None => Ok(()),
    }
}

/// The name of a library is a whole URI without fragment (§4.3).
fn library(node: &Node, value: &str) -> Result<(), Failure> {
    let escaped = value.match_indices('%').all(|(at, _)| {
        let digits = value.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    let scheme = value.split_once(':').is_some_and(|(scheme, rest)| {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(legal) && !rest.is_empty()
    });
    if value.is_empty() || (escaped && scheme && !value.contains('#')) {
        return Ok(());
    }
    node.wrong(format!("`{value}` is no name of a library of datatypes: an absolute URI without fragment"))
}

fn children<'n>(node: &'n Node, content: Content, open: &mut Vec<(&'n Node, Place)>) -> Result<(), Failure> {
    if content != Content::Text && !node.text.trim_matches([' ', '\t', '\n', '\r']).is_empty() {
        return node.wrong(format!("text may not stand in `{}`", node.name));
    }
    let names = match content {
        Content::Element | Content::Attribute if node.attribute("name").is_none() => 1,
        _ => 0,
    };
    for (at, child) in node.children.iter().enumerate() {
        let name = child.name.as_str();
        let is_last = at + 1 == node.children.len();
        let (fits, place) = match content {
            Content::Nothing | Content::Text => (false, Place::Pattern),
            Content::Element | Content::Attribute if at < names => (CLASSES.contains(&name), Place::Class),
            Content::Attribute => (PATTERNS.contains(&name) && at == names, Place::Pattern),
            Content::Element | Content::Patterns => (PATTERNS.contains(&name), Place::Pattern),
            Content::Pattern => (PATTERNS.contains(&name) && at == 0, Place::Pattern),
            Content::Data => (name == "param" || (name == "except" && is_last), Place::Pattern),
            Content::Grammar => (matches!(name, "start" | "define" | "div" | "include"), Place::Grammar),
            Content::Include => (matches!(name, "start" | "define" | "div"), Place::Include),
            Content::Exception => (name == "except" && at == 0, Place::Class),
            Content::Classes => (CLASSES.contains(&name), Place::Class),
        };
        if !PATTERNS.contains(&name) && !OTHERS.contains(&name) {
            return child.wrong(format!("`{name}` is no pattern of RELAX NG"));
        }
        if !fits {
            return child.wrong(format!("`{name}` may not stand in `{}` here", node.name));
        }
        open.push((child, place));
    }
    let least = match content {
        Content::Element => names + 1,
        Content::Attribute => names,
        Content::Patterns | Content::Pattern | Content::Classes => 1,
        _ => 0,
    };
    if node.children.len() < least {
        return node.wrong(format!("`{}` is not complete", node.name));
    }
    Ok(())
}
