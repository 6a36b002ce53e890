//! Inlines: nothing here ever adds white space.

use std::io;

use super::Run;
use super::tags::{Attributes, Own, dating};
use crate::model::{Block, Choice, Edit, EditKind, Foreign, Inline, Milestone, Name, Note, Place, Style, Tag, Unit};
use crate::tei;

impl Run<'_> {
    pub(super) fn inlines(&mut self, inlines: &[Inline]) -> io::Result<()> {
        inlines.iter().try_for_each(|inline| self.inline(inline))
    }

    fn inline(&mut self, inline: &Inline) -> io::Result<()> {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::Styled(it) => {
                let (name, rend) = match it.style {
                    Style::Code => ("code", None),
                    style => ("hi", tei::rend(style)),
                };
                // Another element than `hi` says by its name how it is set.
                let rend = rend.filter(|_| it.tag.element.is_none());
                self.wrapped(name, &it.tag, &[("rend", rend)], &it.content)
            }
            Inline::Name(it) => self.named(it),
            Inline::Date(it) => {
                let own = it.when.map(dating).unwrap_or_default();
                let own: Vec<_> = own.iter().map(|(name, value)| (&**name, Some(&**value))).collect();
                self.wrapped("date", &it.tag, &own, &it.content)
            }
            Inline::Term(it) => {
                let target = it
                    .target
                    .as_ref()
                    .filter(|_| !says(&it.tag, &["ref", "corresp"]))
                    .map(|target| self.pointer(target));
                self.wrapped("term", &it.tag, &[("target", target.as_deref())], &it.content)
            }
            Inline::Reference(it) => {
                let target = match it.targets.as_slice() {
                    [] => None,
                    [one] => Some(self.pointer(one)),
                    several => {
                        Some(several.iter().map(|target| self.pointer(target)).collect::<Vec<_>>().join(" ").into())
                    }
                };
                let own = [("target", target.as_deref())];
                self.wrapped(tei::reference_name(it), &it.tag, &own, &it.content)
            }
            Inline::Edit(it) => self.edit(it),
            Inline::Choice(it) => self.choice(it),
            Inline::Graphic(it) => {
                let url = self.reference(&it.url);
                let own = [("url", Some(&*url))];
                match &it.description {
                    Some(description) if !description.is_empty() => {
                        self.open("graphic", &it.tag, &own)?;
                        self.start("desc", Attributes::new())?;
                        self.text(description)?;
                        self.end()?;
                        self.end()
                    }
                    _ => self.point("graphic", &it.tag, &own),
                }
            }
            Inline::Nested(block) => self.nested(block),
            Inline::Note(it) => self.note(it),
            Inline::Milestone(it) => self.milestone(it),
            Inline::Foreign(it) => match it.as_ref() {
                Foreign::Element { tag, content } => self.wrapped("seg", tag, &[], content),
                Foreign::Comment(text) => self.xml.comment(text),
                Foreign::Instruction(text) => self.xml.instruction(text),
            },
        }
    }

    /// An element with inlines in it; an empty element where there are none.
    pub(super) fn wrapped(&mut self, usual: &str, tag: &Tag, own: &Own<'_>, content: &[Inline]) -> io::Result<()> {
        if content.is_empty() {
            return self.point(usual, tag, own);
        }
        self.open(usual, tag, own)?;
        self.inlines(content)?;
        self.end()
    }

    /// A block in mid-sentence, set without line breaks.
    fn nested(&mut self, block: &Block) -> io::Result<()> {
        self.flat(|run| run.block(block))
    }

    fn named(&mut self, name: &Name) -> io::Result<()> {
        let usual = tei::name_name(name.kind);
        let target =
            name.target.as_ref().filter(|_| !says(&name.tag, &["corresp", "key"])).map(|target| self.pointer(target));
        let own = [("type", name.role.as_deref()), ("ref", target.as_deref())];
        self.wrapped(usual, &name.tag, &own, &name.content)
    }

    fn edit(&mut self, edit: &Edit) -> io::Result<()> {
        if edit.kind == EditKind::Gap && !edit.content.is_empty() {
            self.open("gap", &edit.tag, &[])?;
            self.start("desc", Attributes::new())?;
            self.inlines(&edit.content)?;
            self.end()?;
            return self.end();
        }
        self.wrapped(tei::edit_name(edit.kind), &edit.tag, &[], &edit.content)
    }

    /// `choice` holds elements alone, at least two; fewer readings need none.
    fn choice(&mut self, choice: &Choice) -> io::Result<()> {
        let readings = choice.content.iter().filter(|inline| !matches!(inline, Inline::Text(_))).count();
        if readings < 2 && choice.tag.element.is_none() && !self.as_it_was {
            return self.inlines(&choice.content);
        }
        self.wrapped("choice", &choice.tag, &[], &choice.content)
    }

    pub(super) fn note(&mut self, note: &Note) -> io::Result<()> {
        let (kind, place) = (tei::note_type(&note.kind), tei::place_word(&note.place));
        let inline = note.place == Place::Inline && note.tag.attributes.get("rend") == Some("inline");
        let place = place.filter(|_| !inline);
        self.open("note", &note.tag, &[("n", note.label.as_deref()), ("type", kind), ("place", place)])?;
        self.flat(|run| run.blocks(&note.body))?;
        self.end()
    }

    pub(super) fn milestone(&mut self, milestone: &Milestone) -> io::Result<()> {
        let usual = tei::unit_name(&milestone.unit);
        let unit = match &milestone.unit {
            Unit::Other(unit) => Some(unit.as_str()),
            Unit::Page | Unit::Column | Unit::Line => None,
        };
        let own = [("unit", unit), ("n", milestone.label.as_deref()), ("break", milestone.inside_word.then_some("no"))];
        self.point(usual, &milestone.tag, &own)
    }
}

/// Attributes that have a value.
pub(super) fn pairs<'v, const N: usize>(pairs: [(&'static str, Option<&'v str>); N]) -> Attributes<'v> {
    pairs.into_iter().filter_map(|(name, value)| Some((name.into(), value?.into()))).collect()
}

/// True if the tag carries one of these attributes, and with it what a field was read from.
fn says(tag: &Tag, attributes: &[&str]) -> bool {
    attributes.iter().any(|attribute| tag.attributes.get(attribute).is_some())
}
