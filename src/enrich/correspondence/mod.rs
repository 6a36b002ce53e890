//! The pass `correspondence`: who wrote to whom, from headings such as "Message From the Harbour Master (Moor) to
//! President Hale", or from the lists above a text.

mod heading;

use super::Pass;
use crate::diagnostic::Log;
use crate::model::{Block, Correspondence, Document, Formula, FormulaKind, Inline, NameKind, When};
use heading::{party, persons, read};

/// Finds senders and addressees in the headings of documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Correspondents;

impl Pass for Correspondents {
    fn name(&self) -> &'static str {
        "correspondence"
    }

    fn summary(&self) -> &'static str {
        "sender and addressee, from headings and the lines above the text"
    }

    fn run(&self, mut document: Document, _log: &mut Log) -> Document {
        let mut found = Vec::new();
        for part in document.parts_mut() {
            divisions(part, &mut found);
        }
        if document.metadata.correspondence.is_none() && found.len() == 1 {
            document.metadata.correspondence = found.pop();
        }
        document
    }
}

fn divisions(blocks: &mut [Block], found: &mut Vec<Correspondence>) {
    for block in blocks {
        let Block::Division(division) = block else { continue };
        if division.kind.as_deref() != Some("document") {
            divisions(&mut division.content, found);
            continue;
        }
        let place_and_date = dateline(&division.content);
        let heading = division.content.iter_mut().find_map(|block| match block {
            Block::Heading(heading) if heading.depth == 0 => Some(heading),
            _ => None,
        });
        if let Some(mut said) = heading.and_then(read).or_else(|| addressed(&division.content)) {
            (said.place, said.date) = place_and_date;
            found.push(said);
        }
    }
}

/// Sender and addressee from the lists above a text: `FROM`, `TO`.
fn addressed(blocks: &[Block]) -> Option<Correspondence> {
    let mut said = Correspondence::default();
    for block in blocks {
        let Block::List(list) = block else { continue };
        let parties = match list.topic.as_deref() {
            Some("from") if said.senders.is_empty() => &mut said.senders,
            Some("to") if said.addressees.is_empty() => &mut said.addressees,
            _ => continue,
        };
        for item in &list.items {
            let lines = item.content.iter().filter_map(|block| match block {
                Block::Paragraph(paragraph) => Some(words(&paragraph.content)),
                _ => None,
            });
            let line = lines.collect::<Vec<_>>().join(" ");
            let persons = persons(&line, &(0..line.len()));
            let person = persons.first().map(|person| &line[person.clone()]);
            let named = party(&line, person);
            if !named.name.is_empty() {
                parties.push(named);
            }
        }
    }
    (!said.senders.is_empty() || !said.addressees.is_empty()).then_some(said)
}

/// Place and date of a document's first dateline.
fn dateline(blocks: &[Block]) -> (Option<String>, Option<When>) {
    let formulas = |blocks: &[Block], kind: FormulaKind| -> Option<Formula> {
        blocks.iter().find_map(|block| match block {
            Block::Formula(formula) if formula.kind == kind => Some(formula.clone()),
            _ => None,
        })
    };
    let line = blocks.iter().find_map(|block| match block {
        Block::Formula(opener) if opener.kind == FormulaKind::Opener => {
            formulas(&opener.content, FormulaKind::Dateline)
        }
        _ => None,
    });
    let (mut place, mut date) = (None, None);
    for block in line.iter().flat_map(|line| &line.content) {
        let Block::Paragraph(paragraph) = block else { continue };
        for inline in &paragraph.content {
            match inline {
                Inline::Name(name) if name.kind == NameKind::Place && place.is_none() => {
                    place = Some(words(&name.content))
                }
                Inline::Date(said) if date.is_none() => date = said.when,
                _ => {}
            }
        }
    }
    (place, date)
}

fn words(content: &[Inline]) -> String {
    content
        .iter()
        .filter_map(|inline| if let Inline::Text(text) = inline { Some(text.as_str()) } else { None })
        .collect()
}
