//! The text of TEI, from its bytes: all characters in `text`, notes apart. Header, facsimiles and
//! stand-off annotation are no text; pages as they were written (`sourceDoc`) are, where no text stands beside them. Of a source the files that its reader drew in are part.

use super::{Flow, Text, Witness};
use crate::diagnostic::{Inclusion, Log};
use crate::failure::Failure;
use crate::source::Span;
use crate::tei::NAMESPACE;
use crate::xml::decode;
use crate::xml::parse::{Event, Limits, Parser};

/// Reads TEI as a witness.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tei;

impl Witness for Tei {
    fn format(&self) -> &'static str {
        "tei"
    }

    fn flow(&self, bytes: &[u8], _taken: &[Span]) -> Result<Flow, Failure> {
        Gatherer::default().document(bytes)
    }

    fn source_flow(&self, bytes: &[u8], log: &Log) -> Result<Flow, Failure> {
        Gatherer { inclusions: log.inclusions(), ..Gatherer::default() }.document(bytes)
    }
}

/// The reader has seen to the limits, which are its own.
const LIMITS: Limits = Limits {
    depth: usize::MAX,
    expansion: usize::MAX,
    attributes: usize::MAX,
    size: u32::MAX as usize - 1,
    inclusion: usize::MAX,
};

/// What is open while text is gathered.
#[derive(Default)]
struct Gatherer<'l> {
    flow: Flow,
    inclusions: &'l [Inclusion],
    depth: usize,
    /// For each open note: its number, and the depth at which it was opened.
    notes: Vec<(usize, usize)>,
    /// At which depth a text was opened.
    inside: Option<usize>,
    /// Pages as they were written: at which depth, and how much text there was before.
    pages: Option<(usize, usize, usize)>,
    /// At which depth a text was, under the element that is open.
    written: Option<usize>,
    /// At which depth something was opened that is no text: a header, facsimiles, stand-off annotation.
    apart: Option<usize>,
    /// The graphic that is open, as long as it holds nothing but one description.
    graphic: Option<Graphic>,
}

/// A graphic whose description is not printed: words in one `desc`, without anything else.
struct Graphic {
    depth: usize,
    described: bool,
    /// How much text there was before it.
    length: usize,
}

impl Gatherer<'_> {
    fn document(mut self, bytes: &[u8]) -> Result<Flow, Failure> {
        self.flow = Flow::with_room(bytes.len());
        self.file(&decode(bytes)?, 0, None)?;
        Ok(self.flow)
    }

    /// Gathers the text of a file, or of the element in it that has an id.
    fn file(&mut self, text: &str, number: u32, id: Option<&str>) -> Result<(), Failure> {
        let mut parser = Parser::with_limits(text, LIMITS).with_entities(crate::tei::entity).in_file(number);
        // How many elements are open in what was asked for.
        let mut wanted = usize::from(id.is_none());
        // Whether TEI has its namespace here, or none, as the root has it.
        let mut home = None;
        while let Some(event) = parser.next()? {
            if let Event::Start { name, .. } = &event {
                home.get_or_insert(if name.uri().is_empty() { "" } else { NAMESPACE });
            }
            if wanted == 0 {
                let Event::Start { attributes, .. } = &event else { continue };
                let found = attributes
                    .iter()
                    .any(|attribute| attribute.name.qualified() == "xml:id" && Some(attribute.value.as_ref()) == id);
                if !found {
                    continue;
                }
            }
            match event {
                Event::Start { name, attributes, span, .. } => {
                    let addressed = attributes.iter().any(|attribute| attribute.name.qualified() == "url");
                    let bare = attributes.is_empty();
                    parser.reuse(attributes);
                    if let Some(inclusion) = self.inclusions.iter().find(|inclusion| inclusion.at == span) {
                        self.inclusion(inclusion)?;
                        skip(&mut parser)?;
                        continue;
                    }
                    wanted += 1;
                    // Another vocabulary may have a `note` or `text` too.
                    let element = if Some(name.uri()) == home { name.local() } else { "" };
                    self.open(element, addressed, bare);
                }
                Event::End { .. } => {
                    self.close();
                    wanted -= 1;
                    if id.is_some() && wanted == 0 {
                        return Ok(());
                    }
                }
                Event::Text { text, .. } => self.text(&text),
                Event::Comment { .. } | Event::Instruction { .. } | Event::Doctype { .. } => self.graphic = None,
            }
        }
        Ok(())
    }

    fn inclusion(&mut self, inclusion: &Inclusion) -> Result<(), Failure> {
        if inclusion.plain {
            self.text(&inclusion.text);
            return Ok(());
        }
        self.file(&inclusion.text, inclusion.file, inclusion.fragment.as_deref())
    }

    /// `addressed` if the element has a `url`, `bare` if it has no attributes.
    fn open(&mut self, element: &str, addressed: bool, bare: bool) {
        self.depth += 1;
        let depth = self.depth;
        self.graphic =
            self.graphic.take().filter(|it| !it.described && bare && element == "desc" && depth == it.depth + 1);
        if let Some(graphic) = &mut self.graphic {
            graphic.described = true;
        }
        match element {
            "text" if self.is_outside() => {
                self.inside = Some(depth);
                self.written = Some(depth);
                // The same text as a reader would have it.
                if let Some((_, length, notes)) = self.pages.take_if(|(opened, ..)| *opened == depth) {
                    self.flow.main.truncate(length);
                    self.flow.notes.truncate(notes);
                }
            }
            "sourceDoc" if self.is_outside() && self.written != Some(depth) => {
                self.inside = Some(depth);
                self.pages = Some((depth, self.flow.main.end(), self.flow.notes.len()));
            }
            "TEI" | "teiCorpus" => {}
            // What stands beside a text is none, even if there is one in it; what stands in a text is part of it.
            _ if self.is_outside() && depth > 1 => self.apart = Some(depth),
            "graphic" if addressed => {
                self.graphic = Some(Graphic { depth, described: false, length: self.target().end() });
            }
            "note" if self.inside.is_some() => {
                self.notes.push((self.flow.notes.len(), depth));
                self.flow.notes.push(Text::default());
            }
            _ => {}
        }
    }

    fn is_outside(&self) -> bool {
        self.inside.is_none() && self.apart.is_none()
    }

    fn close(&mut self) {
        let depth = self.depth;
        if let Some(graphic) = self.graphic.take_if(|graphic| graphic.depth == depth) {
            self.target().truncate(graphic.length);
        }
        if self.apart == Some(depth) {
            self.apart = None;
        }
        if self.inside == Some(depth) {
            self.inside = None;
        }
        self.notes.pop_if(|(_, opened)| *opened == depth);
        self.pages.take_if(|(opened, ..)| *opened > depth);
        self.written.take_if(|opened| *opened > depth);
        self.depth -= 1;
    }

    fn text(&mut self, text: &str) {
        if self.inside.is_none() {
            return;
        }
        let depth = self.depth;
        self.graphic.take_if(|graphic| depth == graphic.depth && !text.trim().is_empty());
        self.target().push(text);
    }

    /// Where text goes.
    fn target(&mut self) -> &mut Text {
        match self.notes.last() {
            Some((note, _)) => &mut self.flow.notes[*note],
            None => &mut self.flow.main,
        }
    }
}

/// Passes over what stands in the element that was opened last, and over its end.
fn skip(parser: &mut Parser<'_>) -> Result<(), Failure> {
    let depth = parser.depth();
    while let Some(event) = parser.next()? {
        if matches!(event, Event::End { .. }) && parser.depth() < depth {
            break;
        }
    }
    Ok(())
}
