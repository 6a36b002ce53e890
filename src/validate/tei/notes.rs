//! Notes that stand apart from the words that they speak of: each has one anchor there (TEI Guidelines, 3.9.1).

use foldhash::{HashMap, HashSet};

use super::rules::{Breach, Start, Watch};
use crate::diagnostic::Code;
use crate::source::Span;

pub(super) const ANCHOR: Code = Code("note.anchor");

/// Where notes are gathered: directly in these, a note stands at no particular word.
const APART: &[&str] = &[
    "body",
    "back",
    "front",
    "div",
    "div1",
    "div2",
    "div3",
    "div4",
    "div5",
    "div6",
    "div7",
    "noteGrp",
    "listAnnotation",
    "standOff",
    "notesStmt",
];

/// A note that stands apart.
struct Apart {
    id: Option<String>,
    /// It names its anchor itself.
    anchored: bool,
    span: Span,
}

/// What points to a note.
#[derive(Default)]
struct Calls {
    /// As the call of a note.
    called: usize,
    /// In whatever way.
    pointed: usize,
}

#[derive(Default)]
pub(super) struct Notes {
    notes: Vec<Apart>,
    calls: HashMap<String, Calls>,
}

impl Watch for Notes {
    fn start(&mut self, element: &Start<'_>, _: &mut Vec<Breach>) {
        match element.name {
            "note" if stands_apart(element) => self.notes.push(Apart {
                id: element.id().map(str::to_owned),
                anchored: element.attribute("target").is_some(),
                span: element.span,
            }),
            "ref" | "ptr" | "anchor" => {
                let is_call = element.attribute("type").is_some_and(|kind| kind.to_ascii_lowercase().contains("note"));
                let targets = ["target", "corresp"].into_iter().filter_map(|name| element.attribute(name));
                let ids = targets.flat_map(str::split_whitespace).filter_map(|target| target.strip_prefix('#'));
                for id in ids.collect::<HashSet<_>>() {
                    let calls = self.calls.entry(id.to_owned()).or_default();
                    calls.pointed += 1;
                    calls.called += usize::from(is_call);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, breaches: &mut Vec<Breach>) {
        for Apart { id, anchored, span } in self.notes.drain(..) {
            let calls = id.as_ref().and_then(|id| self.calls.get(id));
            let (called, pointed) = calls.map_or((0, 0), |calls| (calls.called, calls.pointed));
            let shown = id.map_or_else(|| "the note".to_owned(), |id| format!("the note `{id}`"));
            let message = match (anchored, called, pointed) {
                (false, 0, 0) => format!("{shown} has no anchor"),
                (true, 1.., _) | (false, 2.., _) => {
                    format!("{shown} has {} anchors", called + usize::from(anchored))
                }
                _ => continue,
            };
            let hint = "a note that stands apart is called by one `ref` or `ptr` to its `xml:id`, or has a `target`; \
                        one that belongs to no word has `anchored=\"false\"`";
            breaches.push(Breach { span, message, hint: Some(hint.to_owned()), element: "note".to_owned() });
        }
    }
}

/// True for a foot- or endnote outside of the running text. Others – on sources, by editors – speak of a whole.
fn stands_apart(element: &Start<'_>) -> bool {
    let place = element.attribute("place").unwrap_or_default();
    let is_called = place.split_whitespace().any(|place| matches!(place, "foot" | "bottom" | "end" | "endnote"));
    let is_apart = element.around.last().is_some_and(|parent| APART.contains(&parent.local()));
    is_called && is_apart && element.attribute("anchored") != Some("false")
}
