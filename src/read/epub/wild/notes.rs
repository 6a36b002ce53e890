//! Which links call notes, and where the notes' bodies are. Books say it by `epub:type` or role; most others by
//! convention only: a short marker that leads to a paragraph from which a link leads back.

use std::collections::HashMap;

use super::super::book::{Book, Lead};
use super::super::contents::folded;
use crate::epub::page::{Element, Node};
use crate::model::{Certainty, Inference};

/// A body that is called somewhere.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The element to which the calls lead.
    pub target: u32,
    /// The links that call it.
    pub links: Vec<u32>,
    /// The elements that hold the body: one, or several paragraphs one behind the other.
    pub bodies: Vec<u32>,
    /// The element that holds the marker alone, where the body stands behind it (`dt`).
    pub label: Option<u32>,
    /// Why it is taken for a note; `None` if the book says so.
    pub inference: Option<Inference>,
    /// `foot` or `end`, if the book says so.
    pub place: Option<&'static str>,
}

/// All notes of a book.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// By the number of the link that calls it: which note.
    pub calls: HashMap<u32, usize>,
    pub found: Vec<Found>,
    /// By the number of an element that is (a part of) a note's body or its label: which note.
    pub parts: HashMap<u32, usize>,
}

/// A link that may call a note.
struct Call {
    link: u32,
    target: u32,
    marker: String,
    /// The book says that it is one.
    stated: bool,
}

/// Finds the notes of the content documents that aren't ours.
pub(super) fn find(book: &Book<'_>) -> Notes {
    let mut notes = Notes::default();
    let calls = calls(book);
    let mut by_body: HashMap<u32, usize> = HashMap::new();
    // Which elements are targets of possible calls: where one note ends and the next begins.
    let targets: HashMap<u32, ()> = calls.iter().map(|call| (block_of(book, call.target), ())).collect();
    for call in &calls {
        let Some((body, kind)) = body(book, call) else { continue };
        // What stands in another vocabulary is carried over with it, what stands in verbatim text is part of that.
        let first = body.bodies[0];
        let carries = |at: u32| {
            let around = book.elements[at as usize];
            around.namespace.is_some() || around.is("pre") && at != first
        };
        let carried = book.ancestors(first).any(carries);
        if carried || book.is_within(call.link, first) {
            continue;
        }
        let at = *by_body.entry(first).or_insert_with(|| {
            let mut found = body.clone();
            if kind == Kind::Paragraph {
                found.bodies.extend(following(book, found.bodies[0], &targets));
            }
            notes.found.push(found);
            notes.found.len() - 1
        });
        notes.calls.insert(call.link, at);
    }
    drop_circles(book, &mut notes);
    for (at, found) in notes.found.iter().enumerate() {
        for &part in found.bodies.iter().chain(&found.label) {
            notes.parts.entry(part).or_insert(at);
        }
    }
    notes
}

/// A note that only notes call which it holds itself would be lost: such calls are links.
fn drop_circles(book: &Book<'_>, notes: &mut Notes) {
    let mut callers: Vec<Vec<Option<usize>>> = vec![Vec::new(); notes.found.len()];
    let by_body: HashMap<u32, usize> =
        notes.found.iter().enumerate().flat_map(|(at, note)| note.bodies.iter().map(move |&body| (body, at))).collect();
    let within = |number: u32| book.ancestors(number).find_map(|at| by_body.get(&at).copied());
    for (&link, &at) in &notes.calls {
        callers[at].push(within(link));
    }
    // Reached from the text, directly or through other notes.
    let mut reached: Vec<bool> = callers.iter().map(|callers| callers.iter().any(Option::is_none)).collect();
    let mut called_in: Vec<Vec<usize>> = vec![Vec::new(); notes.found.len()];
    for (at, callers) in callers.iter().enumerate() {
        callers.iter().flatten().for_each(|&caller| called_in[caller].push(at));
    }
    let mut waiting: Vec<usize> = (0..reached.len()).filter(|&at| reached[at]).collect();
    while let Some(caller) = waiting.pop() {
        for &at in &called_in[caller] {
            if !std::mem::replace(&mut reached[at], true) {
                waiting.push(at);
            }
        }
    }
    notes.calls.retain(|_, at| reached[*at]);
    for (&link, &at) in &notes.calls {
        notes.found[at].links.push(link);
    }
    for (found, reached) in notes.found.iter_mut().zip(&reached) {
        if !reached {
            found.bodies.clear();
            found.label = None;
        }
    }
}

/// How a body was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    Paragraph,
}

fn calls(book: &Book<'_>) -> Vec<Call> {
    let mut calls = Vec::new();
    for (element, link) in book.elements.iter().zip(0..) {
        let Some(href) = element.get("href").filter(|_| element.is("a")) else { continue };
        let leaf = book.leaf_of(link);
        let Lead::Element(target) = book.lead(leaf, href) else { continue };
        if [leaf, book.leaf_of(target)].iter().any(|&leaf| book.leaves[leaf as usize].own) {
            continue;
        }
        let parent = book.elements[book.parents[link as usize] as usize];
        let stated = [element, &parent].into_iter().any(|it| has(it, "noteref") || has(it, "annoref"));
        let back = has(element, "backlink")
            || has(element, "referrer")
            || element.words("rel").any(|it| it == "footnote-back");
        if back || (target <= link && !stated && !is_stated_body(book, target)) {
            continue;
        }
        let marker = folded(&element.text());
        if stated || is_marker(&marker) {
            calls.push(Call { link, target, marker, stated });
        }
    }
    calls
}

/// True if `epub:type` or role has a word.
pub(super) fn has(element: &Element, word: &str) -> bool {
    element.words("epub:type").any(|have| have == word)
        || element.words("role").any(|have| have.strip_prefix("doc-") == Some(word))
}

fn stated_place(element: &Element) -> Option<&'static str> {
    ["footnote", "endnote", "rearnote", "note", "annotation"].into_iter().find(|word| has(element, word)).map(|word| {
        match word {
            "footnote" => "foot",
            "endnote" | "rearnote" => "end",
            _ => "",
        }
    })
}

fn is_stated_body(book: &Book<'_>, target: u32) -> bool {
    book.ancestors(target).take(5).any(|at| stated_place(book.elements[at as usize]).is_some())
}

/// True for `3`, `[12]`, `*`, `†`, `iv`, `b`: what calls a note in print.
fn is_marker(text: &str) -> bool {
    let bare = bare_marker(text);
    let count = bare.chars().count();
    let digits = bare.chars().all(|it| it.is_numeric() || ('⁰'..='⁹').contains(&it));
    let symbols = bare.chars().all(|it| "*†‡§¶‖#+°".contains(it));
    let roman = bare.chars().all(|it| "ivxlcIVXLC".contains(it));
    let letter = count == 1 && bare.chars().all(char::is_alphabetic);
    count > 0 && (((digits || symbols) && count <= 4) || (roman && count <= 6) || letter)
}

/// A marker without its brackets.
pub(super) fn bare_marker(text: &str) -> &str {
    text.trim().trim_matches(|it: char| "[](){}.:".contains(it) || it.is_whitespace())
}

/// True for an element that stands on lines of its own.
pub(super) fn is_block(element: &Element) -> bool {
    element.namespace.is_none()
        && matches!(
            element.name.as_str(),
            "p" | "div"
                | "li"
                | "aside"
                | "dd"
                | "dt"
                | "td"
                | "th"
                | "tr"
                | "blockquote"
                | "section"
                | "article"
                | "body"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "ul"
                | "ol"
                | "dl"
                | "table"
                | "thead"
                | "tbody"
                | "tfoot"
                | "figure"
                | "figcaption"
                | "pre"
                | "main"
                | "header"
                | "footer"
                | "nav"
                | "address"
                | "center"
                | "hgroup"
                | "hr"
                | "list"
                | "level"
                | "level1"
                | "level2"
                | "level3"
                | "level4"
                | "level5"
                | "level6"
                | "details"
                | "summary"
                | "fieldset"
                | "form"
                | "caption"
        )
}

/// The innermost block in which an element stands, or itself.
fn block_of(book: &Book<'_>, number: u32) -> u32 {
    book.ancestors(number).find(|&at| is_block(book.elements[at as usize])).unwrap_or(number)
}

/// The body of the note that a link may call.
fn body(book: &Book<'_>, call: &Call) -> Option<(Found, Kind)> {
    let whole = |body: u32, inference, place| {
        let found = Found { target: call.target, links: Vec::new(), bodies: vec![body], label: None, inference, place };
        Some((found, Kind::Whole))
    };
    let stated = book.ancestors(call.target).take(5).find_map(|at| {
        let place = stated_place(book.elements[at as usize])?;
        (!matches!(book.elements[at as usize].name.as_str(), "body" | "html")).then_some((at, place))
    });
    if let Some((body, place)) = stated {
        let place = Some(place).filter(|place| !place.is_empty());
        let inference = (!call.stated).then(|| {
            let because = format!("`{}` leads to what the book calls a note", call.marker);
            Inference::new("note.target", Certainty::High, because)
        });
        return whole(body, inference, place);
    }
    let inference = convention(book, call)?;
    let block = block_of(book, call.target);
    let element = book.elements[block as usize];
    let parent = book.parents[block as usize];
    let mut found = Found {
        target: call.target,
        links: Vec::new(),
        bodies: vec![block],
        label: None,
        inference: Some(inference),
        place: None,
    };
    let first_of =
        |outer: u32| book.elements[outer as usize].elements().next().is_some_and(|first| std::ptr::eq(first, element));
    match element.name.as_str() {
        "dt" => {
            let siblings = book.elements[parent as usize];
            let leaf = book.leaf_of(block);
            let mut behind = siblings.elements().skip_while(|it| !std::ptr::eq(*it, element)).skip(1);
            let definition = behind.next().filter(|next| next.is("dd"))?;
            found.bodies = vec![book.number(leaf, definition)];
            found.label = Some(block);
            Some((found, Kind::Whole))
        }
        "p" if book.elements[parent as usize].is("li") && first_of(parent) => {
            found.bodies = vec![parent];
            Some((found, Kind::Whole))
        }
        "p" => Some((found, Kind::Paragraph)),
        "li" | "aside" | "dd" | "div" | "blockquote" if !holds_headings(element) => Some((found, Kind::Whole)),
        _ => None,
    }
}

fn holds_headings(element: &Element) -> bool {
    element.elements().any(|child| {
        matches!(child.name.as_str(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "section") || holds_headings(child)
    })
}

/// Why a link that the book doesn't call a note's is one; `None` if it is none.
fn convention(book: &Book<'_>, call: &Call) -> Option<Inference> {
    let link = book.elements[call.link as usize];
    let back = leads_back(book, call);
    let named = is_named(book, call);
    if call.stated {
        let because = format!("`{}` is called a note's by the book, but not where it leads to", call.marker);
        return Some(Inference::new("note.call", Certainty::High, because));
    }
    let parent = book.elements[book.parents[call.link as usize] as usize];
    let raised = parent.is("sup") || link.elements().any(|child| child.is("sup"));
    let bracketed = folded(&link.text()).starts_with(['[', '(']);
    let certainty = match (back, named, raised || bracketed) {
        (true, true, _) => Certainty::High,
        (true, false, true) => Certainty::Medium,
        (true, false, false) if bare_marker(&call.marker).chars().all(|it| it.is_ascii_digit()) => Certainty::Low,
        (false, true, true) => Certainty::Low,
        _ => return None,
    };
    let mut because = format!("`{}` leads to a paragraph", call.marker);
    because.push_str(if back { " from which a link leads back" } else { " that is named as notes are" });
    Some(Inference::new("note.link", certainty, because))
}

/// True if names (class, id, address) speak of notes.
fn is_named(book: &Book<'_>, call: &Call) -> bool {
    let link = book.elements[call.link as usize];
    let target = book.elements[call.target as usize];
    let block = book.elements[block_of(book, call.target) as usize];
    let around = book.elements[book.parents[block_of(book, call.target) as usize] as usize];
    let names = |element: &Element| ["class", "id"].iter().any(|name| element.get(name).is_some_and(speaks_of_notes));
    names(link) || names(target) || names(block) || names(around)
}

/// True for a class or id of a note, or of a call of one.
pub(super) fn speaks_of_notes(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    small.contains("note") || small.contains("fn") || small.starts_with("ftn")
}

/// True if the block to which a call leads holds a link back to the call, or to the block in which it stands.
fn leads_back(book: &Book<'_>, call: &Call) -> bool {
    let from = block_of(book, call.link);
    let block = block_of(book, call.target);
    let leaf = book.leaf_of(block);
    let outer = match book.elements[book.parents[block as usize] as usize] {
        parent if parent.is("li") || parent.is("aside") => book.parents[block as usize],
        _ => block,
    };
    let mut links = Vec::new();
    gather_links(book.elements[outer as usize], &mut links);
    if book.elements[block as usize].is("dt") {
        let siblings = book.elements[book.parents[block as usize] as usize];
        let mut behind = siblings.elements().skip_while(|it| !std::ptr::eq(*it, book.elements[block as usize])).skip(1);
        if let Some(definition) = behind.next() {
            gather_links(definition, &mut links);
        }
    }
    links.into_iter().any(|href| match book.lead(leaf, href) {
        Lead::Element(to) => to != call.target && block_of(book, to) == from,
        _ => false,
    })
}

fn gather_links<'e>(element: &'e Element, links: &mut Vec<&'e str>) {
    if let Some(href) = element.get("href").filter(|_| element.is("a")) {
        links.push(href);
    }
    element.elements().for_each(|child| gather_links(child, links));
}

/// The paragraphs behind the first of a note, up to where the next note of the same parent begins.
fn following(book: &Book<'_>, body: u32, targets: &HashMap<u32, ()>) -> Vec<u32> {
    let leaf = book.leaf_of(body);
    let parent = book.elements[book.parents[body as usize] as usize];
    let mut behind = Vec::new();
    let first = book.elements[body as usize];
    let is_first = |node: &Node| matches!(node, Node::Element(it) if std::ptr::eq(it, first));
    for node in parent.children.iter().skip_while(|node| !is_first(node)).skip(1) {
        let next = match node {
            Node::Element(next) => next,
            // Words without a paragraph are no note's.
            Node::Text(text, _) if !text.trim().is_empty() => break,
            _ => continue,
        };
        let number = book.number(leaf, next);
        if targets.contains_key(&number) {
            return behind;
        }
        if !matches!(next.name.as_str(), "p" | "blockquote" | "ul" | "ol" | "table" | "pre") {
            break;
        }
        behind.push(number);
    }
    // Nothing says where the last note ends.
    Vec::new()
}

/// True if an element holds characters other than white space.
pub(super) fn has_text(element: &Element) -> bool {
    element.children.iter().any(|child| match child {
        Node::Text(text, _) => !text.trim().is_empty(),
        Node::Element(inner) => has_text(inner),
        Node::Comment(_) | Node::Instruction(_) => false,
    })
}
