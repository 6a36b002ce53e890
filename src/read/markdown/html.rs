//! HTML in Markdown: tags that say what Markdown, too, can say become that; of all others the words are kept.

use super::braces::Braces;
use super::pieces::Piece;
use crate::model::Style;

/// A tag, read.
#[derive(Debug, PartialEq)]
enum Tag {
    Open(Mark),
    Close(String),
    Alone(Piece),
}

/// What begins at an opening tag.
#[derive(Debug, PartialEq)]
struct Mark {
    name: String,
    kind: Kind,
}

#[derive(Debug, PartialEq)]
enum Kind {
    Style(Style),
    Span(Braces),
    Link(String),
}

/// The pieces of a line, in which pairs of tags became pieces of their own. What is no such tag stays.
pub(super) fn paired(pieces: Vec<Piece>) -> Vec<Piece> {
    if !pieces.iter().any(|piece| matches!(piece, Piece::Html(_))) {
        return pieces;
    }
    let mut done: Vec<Piece> = Vec::with_capacity(pieces.len());
    // Where a tag stands that is open, and what it says.
    let mut open: Vec<(usize, Mark)> = Vec::new();
    for piece in pieces {
        let tag = match &piece {
            Piece::Html(html) => read(html),
            _ => None,
        };
        match tag {
            Some(Tag::Open(mark)) => {
                open.push((done.len(), mark));
                done.push(piece);
            }
            Some(Tag::Alone(piece)) => done.push(piece),
            Some(Tag::Close(name)) => match open.iter().rposition(|(_, mark)| mark.name == name) {
                Some(at) => {
                    // Tags within that never closed stay as they are.
                    let (start, mark) = open.swap_remove(at);
                    open.truncate(at);
                    let content = done.split_off(start + 1);
                    done.pop();
                    done.push(match mark.kind {
                        Kind::Style(style) => Piece::Styled(style, content),
                        Kind::Span(braces) => Piece::Span(braces, content),
                        Kind::Link(url) => Piece::Link(url, content, Braces::default()),
                    });
                }
                None => done.push(piece),
            },
            None => done.push(piece),
        }
    }
    done
}

/// A tag that says something here.
fn read(html: &str) -> Option<Tag> {
    let inner = html.strip_prefix('<')?.strip_suffix('>')?.trim_end_matches('/').trim_end();
    if let Some(name) = inner.strip_prefix('/') {
        return Some(Tag::Close(name.trim().to_ascii_lowercase()));
    }
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let name = name.to_ascii_lowercase();
    let attribute = |key: &str| attributes(rest).find(|(name, _)| name == key).map(|(_, value)| value);
    let kind = match name.as_str() {
        "img" => return Some(Tag::Alone(image(attribute("src")?, attribute("alt").unwrap_or_default()))),
        "a" => match attribute("href") {
            Some(url) => Kind::Link(url),
            None => Kind::Span(span(rest)),
        },
        "span" | "mark" | "small" | "font" | "abbr" | "q" => Kind::Span(span(rest)),
        word => Kind::Style(style(word)?),
    };
    Some(Tag::Open(Mark { name, kind }))
}

fn style(name: &str) -> Option<Style> {
    Some(match name {
        "i" | "em" | "cite" | "dfn" | "var" => Style::Italic,
        "b" | "strong" => Style::Bold,
        "u" | "ins" => Style::Underline,
        "s" | "strike" | "del" => Style::Strikethrough,
        "sup" => Style::Superscript,
        "sub" => Style::Subscript,
        "code" | "kbd" | "samp" | "tt" => Style::Code,
        _ => return None,
    })
}

fn image(url: String, description: String) -> Piece {
    Piece::Image(url, description, Braces::default())
}

/// Id, class and language of a span.
fn span(attributes_text: &str) -> Braces {
    let mut braces = Braces::default();
    for (name, value) in attributes(attributes_text) {
        match name.as_str() {
            "id" | "name" => braces.id = Some(value),
            "class" => value.split_whitespace().for_each(|class| braces.add_class(class)),
            "lang" => braces.add("lang", value),
            "style" if value.contains("small-caps") => braces.add_class("smallcaps"),
            _ => {}
        }
    }
    braces
}

/// Names, in lower case, and values, entities resolved.
fn attributes(text: &str) -> impl Iterator<Item = (String, String)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| !name.is_empty())?.to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=').map(str::trim_start) else { return Some((name, String::new())) };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        rest = after;
        Some((name, super::braces::unescaped(value)))
    })
}

/// HTML without tags and comments.
pub(super) fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let end = if rest[at..].starts_with("<!--") { "-->" } else { ">" };
        match rest[at..].find(end) {
            Some(length) => rest = &rest[at + length + end.len()..],
            // What is never closed is no tag.
            None => {
                rest = &rest[at..];
                break;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(tag: &str) -> Piece {
        Piece::Html(tag.to_owned())
    }

    #[test]
    fn pairs_of_tags_become_what_they_say_and_others_stay() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let pieces = vec![html("<B>"), text("a"), html("<i>"), text("b"), html("</b>"), html("</i>"), html("<foo>")];
        assert_eq!(
            paired(pieces),
            [Piece::Styled(Style::Bold, vec![text("a"), html("<i>"), text("b")]), html("</i>"), html("<foo>")]
        );
        let pieces = vec![html("<a href='x&amp;y' title=z>"), text("c"), html("</a>"), html("<img src=a.png />")];
        assert_eq!(
            paired(pieces),
            [Piece::Link("x&y".to_owned(), vec![text("c")], Braces::default()), image("a.png".into(), String::new())]
        );
    }
}
