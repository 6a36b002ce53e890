//! Inclusions (XInclude 1.1) of files in the document's folder. In: an `xi:include` element. Out: what stands in its
//! place: the file's root or one element of it, the file as text, or the fallback. Where there is none of these the
//! element stays as it is, and that is said.

use std::path::PathBuf;
use std::sync::Arc;

use super::raw::{Builder, Child, Raw};
use crate::diagnostic::{Code, Inclusion, Log};
use crate::failure::Failure;
use crate::model::Inline;
use crate::nearby::{Nearby, Refused};
use crate::source::{Input, Span};
use crate::xml::decode;
use crate::xml::parse::{Event, Limits, Parser};

/// The namespace of XInclude.
pub(super) const XINCLUDE: &str = "http://www.w3.org/2001/XInclude";

const MISSING: Code = Code("xinclude.missing");

/// How many files may be included one within another.
const NESTING: usize = 16;

/// What inclusions need to know.
pub(super) struct Includer<'r> {
    nearby: Option<Nearby>,
    limits: Limits,
    log: &'r mut Log,
    /// The files that are being read, each with its folder below the document's; the innermost last.
    open: Vec<(PathBuf, PathBuf)>,
    /// How many files were included.
    files: u32,
    /// How many bytes were included.
    bytes: usize,
}

/// What an `xi:include` asks for.
struct Request<'a> {
    href: &'a str,
    /// The id of one element.
    fragment: Option<&'a str>,
    plain: bool,
    /// Where it stands, and where it is shown to stand.
    at: Span,
    shown: Span,
}

impl<'r> Includer<'r> {
    pub(super) fn new(input: &Input<'_>, limits: Limits, log: &'r mut Log) -> Self {
        let itself = input.path.and_then(|path| path.canonicalize().ok());
        let open = itself.into_iter().map(|path| (path, PathBuf::new())).collect();
        Self { nearby: Nearby::of(input), limits, log, open, files: 0, bytes: 0 }
    }

    /// What stands in place of an `xi:include`, to which `raw` and its place in the text belong.
    pub(super) fn resolve(&mut self, raw: Raw, at: Span) -> Result<Vec<Child>, Failure> {
        let get = |name| raw.attributes.get(name);
        let request = Request {
            href: get("href").unwrap_or_default(),
            fragment: get("xpointer").map(shorthand),
            plain: get("parse") == Some("text"),
            at,
            shown: raw.span,
        };
        let wrong = match self.included(&request)? {
            Ok(children) => return Ok(children),
            Err(wrong) => wrong,
        };
        let href = request.href.to_owned();
        let fallback = raw.children.iter().position(|child| match child {
            Child::Element(inner) => is_xinclude(inner, "fallback"),
            _ => false,
        });
        let shown = raw.span;
        let mut raw = raw;
        let fallback = match fallback.map(|at| raw.children.swap_remove(at)) {
            Some(Child::Element(fallback)) => Some(fallback.children),
            _ => None,
        };
        let instead = if fallback.is_some() { "its fallback stands in its place" } else { "it stays as it is" };
        self.log
            .warning(MISSING, shown, format!("`{href}` is not included: {wrong}"))
            .hint(format!("{instead}; files in the document's folder and below are included"));
        Ok(fallback.unwrap_or_else(|| vec![Child::Element(Box::new(raw))]))
    }

    /// The content of a file, or why there is none.
    fn included(&mut self, request: &Request<'_>) -> Result<Result<Vec<Child>, String>, Failure> {
        let Some(nearby) = &self.nearby else { return Ok(Err(Refused::Nowhere.to_string())) };
        let base = self.open.last().map(|(_, folder)| folder.clone()).unwrap_or_default();
        nearby.place(&base, request.href).into_iter().for_each(|file| self.log.uses(file));
        let found = match nearby.read(&base, request.href, self.limits.size as u64) {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused.to_string())),
        };
        if self.open.iter().any(|(path, _)| *path == found.path) {
            return Ok(Err("it includes itself".to_owned()));
        }
        let again = self.bytes.saturating_add(found.bytes.len());
        if self.open.len() >= NESTING || again > self.limits.inclusion {
            let limit = self.limits.inclusion;
            let message =
                format!("inclusions come to more than {limit} bytes, {NESTING} deep; --max-inclusion raises it");
            return Err(Failure::Limit { message, span: request.shown });
        }
        self.bytes = again;
        self.files += 1;
        let folder = nearby.folder_of(&found.path);
        let within = |failure: Failure, text: &str| explained(failure, request, text);
        let text: Arc<str> = decode(&found.bytes).map_err(|failure| within(failure, ""))?.into();
        let number = self.files;
        self.open.push((found.path, folder));
        let children = if request.plain {
            Ok(vec![Child::Inline(Inline::Text(text.replace("\r\n", "\n")))])
        } else {
            self.parsed(request, &text, number).map_err(|failure| within(failure, &text))?
        };
        self.open.pop();
        if children.is_ok() {
            let fragment = request.fragment.map(str::to_owned);
            self.log.drew_in(Inclusion { at: request.at, file: number, text, fragment, plain: request.plain });
        }
        Ok(children)
    }

    fn parsed(
        &mut self,
        request: &Request<'_>,
        text: &str,
        number: u32,
    ) -> Result<Result<Vec<Child>, String>, Failure> {
        let mut parser = Parser::with_limits(text, self.limits).with_entities(crate::tei::entity).in_file(number);
        let mut root = None;
        while let Some(event) = parser.next()? {
            if let Event::Start { name, attributes, span, .. } = event {
                let mut builder = Builder::within(&mut parser, self, request.shown);
                root = Some(builder.root(&name, attributes, span)?);
            }
        }
        let Some(root) = root else { return Ok(Err("it has no root element".to_owned())) };
        Ok(match request.fragment {
            None => Ok(vec![Child::Element(Box::new(root))]),
            Some(id) => match find(root, id) {
                Ok(found) => Ok(vec![Child::Element(Box::new(found))]),
                Err(_) => Err(format!("it has no element with the id `{id}`")),
            },
        })
    }
}

/// A failure in an included file, told where it is included.
fn explained(failure: Failure, request: &Request<'_>, text: &str) -> Failure {
    let place = |span: Span| {
        let before = text.get(..span.range().start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        format!("in `{}`, line {line}, column {column}: ", request.href)
    };
    match failure {
        // One that comes from a file further in has its place already.
        Failure::NotWellFormed { message, span } if span.file > 0 => {
            Failure::NotWellFormed { message: format!("{}{message}", place(span)), span: request.shown }
        }
        Failure::Encoding { message } => Failure::Encoding { message: format!("`{}`: {message}", request.href) },
        other => other,
    }
}

pub(super) fn is_xinclude(raw: &Raw, local: &str) -> bool {
    raw.name.local == local && raw.name.namespace.as_ref().is_some_and(|namespace| namespace.uri == XINCLUDE)
}

/// The id in a pointer: `x`, `element(x)` or `xpointer(id('x'))`.
fn shorthand(pointer: &str) -> &str {
    let inner = |start: &str, end: &str| pointer.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    inner("xpointer(id('", "'))")
        .or_else(|| inner("xpointer(id(\"", "\"))"))
        .or_else(|| inner("element(", ")"))
        .unwrap_or(pointer)
}

/// The element with an id; the tree comes back if there is none.
fn find(mut raw: Raw, id: &str) -> Result<Raw, Raw> {
    if super::raw::id(&raw) == Some(id) {
        return Ok(raw);
    }
    let mut kept = Vec::with_capacity(raw.children.len());
    let mut children = std::mem::take(&mut raw.children).into_iter();
    for child in children.by_ref() {
        kept.push(match child {
            Child::Element(inner) => match find(*inner, id) {
                Ok(found) => return Ok(found),
                Err(inner) => Child::Element(Box::new(inner)),
            },
            other => other,
        });
    }
    raw.children = kept;
    Err(raw)
}
