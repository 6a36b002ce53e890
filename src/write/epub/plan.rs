//! Which part of the text goes into which content document, what the contents page calls it, and in which file
//! each id stands.

use std::collections::{HashMap, HashSet};

use crate::model::visit::{Visit, walk_block, walk_blocks, walk_inline};
use crate::model::{Block, Division, Document, Foreign, Inline, Tag, Unit};

/// How deep divisions are cut into files of their own.
const SPLIT_DEPTH: usize = 4;

/// One content document.
pub(super) struct Chapter<'a> {
    /// Its file name: `d159.xhtml`.
    pub(super) file: String,
    /// What the contents page calls it; without markers.
    pub(super) title: String,
    /// 0 for a part at the top, 1 for a part of a part.
    pub(super) level: usize,
    /// Front, body or back.
    pub(super) matter: Matter,
    /// The division whose beginning it is, if it is one.
    pub(super) division: Option<&'a Division>,
    /// What it holds.
    pub(super) blocks: &'a [Block],
}

/// The three parts of a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matter {
    Front,
    Body,
    Back,
}

/// How a document is laid out in files.
pub(super) struct Plan<'a> {
    pub(super) chapters: Vec<Chapter<'a>>,
    /// For each id of the document the number of the chapter in which it stands.
    pub(super) places: HashMap<&'a str, usize>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let mut plan = Self { chapters: Vec::new(), places: HashMap::new() };
        for (matter, part) in [Matter::Front, Matter::Body, Matter::Back].into_iter().zip(document.parts()) {
            plan.split(None, part, 0, matter);
        }
        if plan.chapters.is_empty() {
            plan.add(None, &[], 0, Matter::Body);
        }
        plan.name_files(&document.metadata.title.main);
        for (number, chapter) in plan.chapters.iter().enumerate() {
            let mut places = Places { places: &mut plan.places, number };
            places.tag(chapter.division.map(|division| &division.tag));
            walk_blocks(&mut places, chapter.blocks);
        }
        plan
    }

    /// Makes chapters of some blocks: a run of loose blocks is one, and each division one or more.
    fn split(&mut self, division: Option<&'a Division>, blocks: &'a [Block], level: usize, matter: Matter) {
        let cuts = |block: &Block| matches!(block, Block::Division(_));
        let mut rest = blocks;
        let mut owner = division;
        while !rest.is_empty() {
            let loose = rest.iter().take_while(|block| !cuts(block)).count();
            if loose > 0 || owner.is_some() {
                self.add(owner.take(), &rest[..loose], level.saturating_sub(usize::from(division.is_some())), matter);
            }
            rest = &rest[loose..];
            let Some((Block::Division(inner), after)) = rest.split_first() else { continue };
            rest = after;
            if divides(inner, level) {
                self.split(Some(inner), &inner.content, level + 1, matter);
            } else {
                self.add(Some(inner), &inner.content, level, matter);
            }
        }
    }

    fn add(&mut self, division: Option<&'a Division>, blocks: &'a [Block], level: usize, matter: Matter) {
        let title = title(blocks).unwrap_or_default();
        self.chapters.push(Chapter { file: String::new(), title, level, matter, division, blocks });
    }

    /// Files are called by the id of their division, or counted; titles that are missing are supplied.
    fn name_files(&mut self, title: &str) {
        let mut taken = HashSet::new();
        let single = self.chapters.len() == 1;
        for (number, chapter) in self.chapters.iter_mut().enumerate() {
            let id = chapter.division.and_then(|division| division.tag.id.as_ref()).map_or("", |id| id.as_str());
            let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            let mut stem = if plain { id.to_owned() } else { format!("part-{}", number + 1) };
            while !taken.insert(stem.to_ascii_lowercase()) {
                stem = format!("{stem}-{}", number + 1);
            }
            chapter.file = format!("{stem}.xhtml");
            if chapter.title.is_empty() {
                let kind = chapter.division.and_then(|division| division.kind.as_deref());
                chapter.title = match (single, kind) {
                    (true, _) if !title.trim().is_empty() => title.to_owned(),
                    (_, Some(kind)) if !kind.trim().is_empty() => capitalized(kind),
                    _ => format!("Part {}", number + 1),
                };
            }
        }
    }
}

/// True if a division's parts become chapters of their own. A document is never cut.
fn divides(division: &Division, level: usize) -> bool {
    division.kind.as_deref() != Some("document")
        && level < SPLIT_DEPTH
        && division.content.iter().any(|block| matches!(block, Block::Division(_)))
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// The words of the first heading, without notes, white space folded.
fn title(blocks: &[Block]) -> Option<String> {
    let heading = blocks.iter().find_map(|block| match block {
        Block::Heading(heading) if heading.depth == 0 => Some(heading),
        _ => None,
    })?;
    let mut words = Words::default();
    heading.content.iter().for_each(|inline| words.inline(inline));
    let title = words.0.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}

/// The characters of a node without those of its notes.
#[derive(Default)]
pub(super) struct Words(pub(super) String);

impl<'a> Visit<'a> for Words {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Note(_) => {}
            Block::Verbatim(verbatim) => self.0.push_str(&verbatim.text),
            _ => walk_block(self, block),
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text) => self.0.push_str(text),
            Inline::Note(_) => {}
            Inline::Milestone(milestone) if milestone.unit == Unit::Line && !milestone.inside_word => self.0.push(' '),
            _ => walk_inline(self, inline),
        }
    }
}

/// Notes in which chapter each id stands; the first of two wins.
struct Places<'p, 'a> {
    places: &'p mut HashMap<&'a str, usize>,
    number: usize,
}

impl<'a> Places<'_, 'a> {
    fn tag(&mut self, tag: Option<&'a Tag>) {
        if let Some(id) = tag.and_then(|tag| tag.id.as_ref()) {
            self.places.entry(id.as_str()).or_insert(self.number);
        }
    }
}

impl<'a> Visit<'a> for Places<'_, 'a> {
    fn block(&mut self, block: &'a Block) {
        self.tag(block.tag());
        match block {
            Block::List(list) => list.items.iter().for_each(|item| self.tag(Some(&item.tag))),
            Block::Table(table) => {
                for row in &table.rows {
                    self.tag(Some(&row.tag));
                    row.cells.iter().for_each(|cell| self.tag(Some(&cell.tag)));
                }
            }
            // What has no place in XHTML has no id there either.
            Block::Foreign(Foreign::Comment(_) | Foreign::Instruction(_)) => return,
            _ => {}
        }
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'a Inline) {
        if !matches!(inline, Inline::Nested(_)) {
            self.tag(inline.tag());
        }
        walk_inline(self, inline);
    }
}
