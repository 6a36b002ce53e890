//! A header that was kept, with those fields altered that the metadata now say otherwise; all else letter for
//! letter.

use std::borrow::Cow;

use crate::diagnostic::{Code, Log};
use crate::model::{Agent, Metadata};
use crate::source::Span;
use crate::tei::header;
use crate::xml::{Element, Node};

const NOT_IN_HEADER: Code = Code("tei.header-kept");

/// The header for these metadata.
pub(super) fn header<'h>(kept: &'h Element, metadata: &Metadata, log: &mut Log) -> Cow<'h, Element> {
    let said = header::metadata(kept);
    let same_agents = said.agents == metadata.agents;
    let same_languages = said.languages == metadata.languages || said.languages.is_empty();
    if said.title == metadata.title
        && same_agents
        && said.publication == metadata.publication
        && said.identifiers == metadata.identifiers
        && said.series == metadata.series
        && said.subjects == metadata.subjects
        && same_languages
    {
        return Cow::Borrowed(kept);
    }
    let mut amended = kept.clone();
    amend_child(&mut amended, "fileDesc", |file| {
        amend_child(file, "titleStmt", |statement| {
            amend_titles(statement, &said, metadata);
            if !same_agents {
                amend_agents(statement, &metadata.agents);
            }
        });
        amend_child(file, "publicationStmt", |statement| amend_publication(statement, &said, metadata));
    });
    if !same_languages {
        amend_child(&mut amended, "profileDesc", |profile| amend_languages(profile, metadata));
    }
    if said.series != metadata.series || said.subjects != metadata.subjects {
        log.loss(NOT_IN_HEADER, Span::default(), "series and subjects stay as the source's header has them");
    }
    Cow::Owned(amended)
}

fn is_named(node: &Node, local: &str) -> bool {
    matches!(node, Node::Element(element) if element.name.is_plain(local))
}

/// Changes the first child of this name; it is made at the end where there is none.
fn amend_child(element: &mut Element, local: &str, amend: impl FnOnce(&mut Element)) {
    let found = element.children.iter_mut().find_map(|node| match node {
        Node::Element(child) if child.name.is_plain(local) => Some(child),
        _ => None,
    });
    match found {
        Some(child) => amend(child),
        None => {
            let mut child = Element::new(local);
            amend(&mut child);
            element.children.push(Node::Element(child));
        }
    }
}

fn with_text(local: &str, text: &str) -> Element {
    Element { children: vec![Node::Text(text.to_owned())], ..Element::new(local) }
}

fn amend_titles(statement: &mut Element, said: &Metadata, metadata: &Metadata) {
    if said.title.main != metadata.title.main {
        set_title(statement, &["main", "complete"], true, &metadata.title.main);
    }
    if said.title.subtitle != metadata.title.subtitle {
        let subtitle = metadata.title.subtitle.as_deref().unwrap_or_default();
        set_title(statement, &["sub", "subtitle", "subordinate"], false, subtitle);
    }
}

/// Sets the title from which the field was read.
fn set_title(statement: &mut Element, kinds: &[&str], main: bool, text: &str) {
    let of_kind = |node: &Node| match node {
        Node::Element(title) if title.name.is_plain("title") => {
            title.attributes.get("type").is_some_and(|kind| kinds.contains(&kind))
        }
        _ => false,
    };
    let untyped = |node: &Node| match node {
        Node::Element(title) => title.name.is_plain("title") && title.attributes.get("type").is_none(),
        _ => false,
    };
    let mut at = statement.children.iter().position(of_kind);
    if main {
        at = at
            .or_else(|| statement.children.iter().position(untyped))
            .or_else(|| statement.children.iter().position(|node| is_named(node, "title")));
    }
    match at.map(|at| &mut statement.children[at]) {
        Some(Node::Element(title)) => title.children = vec![Node::Text(text.to_owned())],
        _ => {
            let mut title = with_text("title", text);
            if !main {
                title.attributes.set("type", "sub");
            }
            let after = statement.children.iter().rposition(|node| is_named(node, "title")).map_or(0, |at| at + 1);
            statement.children.insert(after, Node::Element(title));
        }
    }
}

/// All authors and editors anew, where the first of them stood.
fn amend_agents(statement: &mut Element, agents: &[Agent]) {
    let is_agent = |node: &Node| is_named(node, "author") || is_named(node, "editor");
    let titles = statement.children.iter().rposition(|node| is_named(node, "title")).map_or(0, |at| at + 1);
    let at = statement.children.iter().position(is_agent).unwrap_or(titles);
    statement.children.retain(|node| !is_agent(node));
    let made = agents.iter().map(|agent| {
        let mut element = with_text(if agent.role == "aut" { "author" } else { "editor" }, &agent.name);
        if agent.role == "trl" {
            element.attributes.set("role", "translator");
        }
        if let Some(uri) = &agent.uri {
            element.attributes.set("ref", uri);
        }
        Node::Element(element)
    });
    let tail = statement.children.split_off(at.min(statement.children.len()));
    statement.children.extend(made);
    statement.children.extend(tail);
}

fn amend_publication(statement: &mut Element, said: &Metadata, metadata: &Metadata) {
    let (was, now) = (&said.publication, &metadata.publication);
    if was.publisher != now.publisher {
        set_text(statement, "publisher", now.publisher.as_deref());
    }
    if was.place != now.place {
        set_text(statement, "pubPlace", now.place.as_deref());
    }
    if was.date != now.date {
        let date = now.date.map(|date| date.to_string());
        set_text(statement, "date", date.as_deref());
        if let Some(when) = date {
            amend_child(statement, "date", |date| date.attributes.set("when", when));
        }
    }
    for identifier in metadata.identifiers.iter().filter(|identifier| !said.identifiers.contains(identifier)) {
        let mut idno = with_text("idno", &identifier.value);
        idno.attributes.set("type", &identifier.scheme);
        statement.children.push(Node::Element(idno));
    }
    if was.rights != now.rights || was.licence != now.licence {
        amend_child(statement, "availability", |availability| {
            amend_child(availability, "licence", |licence| {
                licence.children = vec![Node::Text(now.rights.clone().unwrap_or_default())];
                if let Some(target) = &now.licence {
                    licence.attributes.set("target", target);
                }
            });
        });
    }
}

fn set_text(parent: &mut Element, local: &str, text: Option<&str>) {
    match text {
        Some(text) => amend_child(parent, local, |child| child.children = vec![Node::Text(text.to_owned())]),
        None => parent.children.retain(|node| !is_named(node, local)),
    }
}

fn amend_languages(profile: &mut Element, metadata: &Metadata) {
    amend_child(profile, "langUsage", |usage| {
        usage.children.retain(|node| !is_named(node, "language"));
        usage.children.extend(metadata.languages.iter().map(|language| {
            let mut element = Element::new("language");
            element.attributes.set("ident", language);
            Node::Element(element)
        }));
    });
}
