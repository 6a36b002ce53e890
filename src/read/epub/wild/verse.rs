//! Verse: what is called a poem or a stanza. Lines are elements of their own, or end with `br`.

use super::Wild;
use super::notes::is_block;
use crate::epub::page::{Element, Node};
use crate::model::{Block, Heading, Line, Tag, Verse};

/// True for what is called verse.
pub(super) fn is_verse(element: &Element) -> bool {
    let said = element
        .words("epub:type")
        .any(|word| matches!(word, "z3998:poem" | "z3998:verse" | "z3998:song" | "z3998:hymn"));
    said || element.words("class").any(is_verse_class)
}

/// True for a class by which poems and stanzas go.
pub(super) fn is_verse_class(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "poem" | "verse" | "stanza" | "poetry" | "strophe" | "linegroup" | "line-group" | "lg" | "versegroup"
    )
}

impl<'t> Wild<'_, 't> {
    /// A poem or a stanza.
    pub(super) fn verse(&mut self, element: &'t Element) -> Block {
        let tag = self.tag(element);
        let inner_blocks = element.elements().any(is_block);
        self.inside += 1;
        let content = if inner_blocks { self.stanzas(element) } else { self.lines(element) };
        self.inside -= 1;
        // A poem of one stanza is that stanza.
        let content = match <[Block; 1]>::try_from(content) {
            Ok([Block::Verse(only)]) if only.tag == Tag::default() => only.content,
            Ok([only]) => vec![only],
            Err(content) => content,
        };
        Block::Verse(Verse { tag, content })
    }

    fn stanzas(&mut self, element: &'t Element) -> Vec<Block> {
        let mut content = Vec::new();
        let mut run: Vec<&'t Node> = Vec::new();
        for child in &element.children {
            let Node::Element(inner) = child else {
                run.push(child);
                continue;
            };
            if !is_block(inner) {
                run.push(child);
                continue;
            }
            self.line_of(&mut run, &mut content);
            if self.is_taken(inner) {
                continue;
            }
            let holds_lines = inner.elements().any(|it| it.is("br")) || inner.elements().any(is_block);
            match inner.name.as_str() {
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                    let tag = self.tag(inner);
                    let heading = Heading { tag, depth: 0, content: self.inlines(inner) };
                    content.push(Block::Heading(heading));
                }
                "p" | "div" | "li" if !holds_lines => {
                    let tag = self.tag(inner);
                    let broken = self.page_break(inner);
                    if let Some(broken) = broken {
                        content.push(Block::Milestone(broken.milestone));
                        if broken.whole {
                            continue;
                        }
                    }
                    let line = Line { tag, content: self.inlines(inner) };
                    content.push(Block::Line(line));
                }
                "p" | "div" | "section" | "blockquote" | "li" => content.push(self.verse(inner)),
                "ol" | "ul" => {
                    let inner = self.verse(inner);
                    content.push(inner);
                }
                _ => content.extend(self.block(inner)),
            }
        }
        self.line_of(&mut run, &mut content);
        content
    }

    /// A run of text between blocks is a line.
    fn line_of(&mut self, run: &mut Vec<&'t Node>, content: &mut Vec<Block>) {
        let run = std::mem::take(run);
        if run.iter().any(|node| node.is_printed()) {
            let line = Line { tag: Tag::default(), content: self.inlines_of(run) };
            content.push(Block::Line(line));
        }
    }

    /// Lines that end with `br`, or are elements that the sheet sets as lines.
    fn lines(&mut self, element: &'t Element) -> Vec<Block> {
        let mut content = Vec::new();
        let mut run: Vec<&'t Node> = Vec::new();
        let is_line = |inner: &Element| {
            inner.is("span") && inner.elements().next().is_none_or(|first| !first.is("br")) && {
                let spans = element.elements().filter(|it| it.is("span")).count();
                let breaks = element.elements().filter(|it| it.is("br")).count();
                spans > 1
                    && breaks == 0
                    && element.children.iter().all(|child| match child {
                        Node::Text(text, _) => text.trim().is_empty(),
                        _ => true,
                    })
            }
        };
        for child in &element.children {
            match child {
                Node::Element(inner) if inner.is("br") => self.line_of(&mut run, &mut content),
                Node::Element(inner) if is_line(inner) => {
                    self.line_of(&mut run, &mut content);
                    run.push(child);
                    self.line_of(&mut run, &mut content);
                }
                other => run.push(other),
            }
        }
        self.line_of(&mut run, &mut content);
        content
    }
}
