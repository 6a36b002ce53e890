//! Lists as XHTML.

use std::borrow::Cow;
use std::io;

use super::blocks::mixed;
use super::renderer::{Renderer, Said, Within, said};
use crate::epub;
use crate::model::{Block, Item, List, ListKind};
use crate::tei;

impl Renderer<'_> {
    pub(super) fn list(&mut self, list: &List, within: Within) -> io::Result<()> {
        if within == Within::Phrasing {
            return self.list_in_line(list);
        }
        self.apart("before", &list.before, Within::Section)?;
        let glossary = list.kind == ListKind::Gloss && list.items.iter().all(|item| item.label.is_some());
        if list.items.is_empty() {
            return self.container_with("div", &list.tag, "list", fields(list, true), &[], within);
        }
        let (name, class) = match list.kind {
            ListKind::Gloss if glossary => ("dl", ""),
            ListKind::Plain | ListKind::Gloss => ("ul", "plain"),
            ListKind::Bulleted => ("ul", ""),
            ListKind::Numbered => ("ol", ""),
        };
        self.open_with(name, &list.tag, class, fields(list, !glossary && class == "plain"))?;
        self.out.raw("\n")?;
        for item in &list.items {
            self.item(item, glossary)?;
        }
        self.close()?;
        self.out.raw("\n")
    }

    fn item(&mut self, item: &Item, glossary: bool) -> io::Result<()> {
        if let Some(label) = item.label.as_ref().filter(|_| glossary) {
            self.open("dt", &label.tag, "")?;
            self.inlines(&label.content, Within::Phrasing)?;
            self.close()?;
            self.out.raw("\n")?;
        }
        self.open_with(if glossary { "dd" } else { "li" }, &item.tag, "", mixed(&item.content))?;
        if let Some(label) = item.label.as_ref().filter(|_| !glossary) {
            self.open("span", &label.tag, "label")?;
            self.inlines(&label.content, Within::Phrasing)?;
            self.close()?;
            self.out.raw(" ")?;
        }
        self.blocks(&item.content, Within::Item)?;
        self.apart("after", &item.after, Within::Item)?;
        self.close()?;
        self.out.raw("\n")
    }

    /// Blocks that stand before, after or between the parts of a list or table, where XHTML has no place for them.
    pub(super) fn apart(&mut self, class: &'static str, blocks: &[Block], within: Within) -> io::Result<()> {
        if blocks.is_empty() {
            return Ok(());
        }
        self.out.start(if within == Within::Phrasing { "span" } else { "div" }, [("class", Cow::Borrowed(class))])?;
        for block in blocks {
            match block {
                Block::Heading(heading) if class == "before" && within != Within::Phrasing => {
                    self.open("p", &heading.tag, "list-head")?;
                    self.inlines(&heading.content, Within::Phrasing)?;
                    self.close()?;
                    self.out.raw("\n")?;
                }
                _ => self.block(block, if within == Within::Item { Within::Section } else { within })?,
            }
        }
        self.out.end()?;
        self.line(if within == Within::Section { within } else { Within::Phrasing })
    }

    fn list_in_line(&mut self, list: &List) -> io::Result<()> {
        self.open_with("span", &list.tag, "block list", fields(list, true))?;
        self.apart("before", &list.before, Within::Phrasing)?;
        for item in &list.items {
            self.open_with("span", &item.tag, "block item", mixed(&item.content))?;
            if let Some(label) = &item.label {
                self.open("span", &label.tag, "label")?;
                self.inlines(&label.content, Within::Phrasing)?;
                self.close()?;
                self.out.raw(" ")?;
            }
            self.blocks(&item.content, Within::Phrasing)?;
            self.apart("after", &item.after, Within::Phrasing)?;
            self.close()?;
        }
        self.close()
    }
}

/// What a list lists, and how it is set where its element doesn't say so.
fn fields(list: &List, set: bool) -> impl Iterator<Item = Said> {
    let kind = tei::list_word(list.kind).filter(|_| set);
    said(epub::TYPE, list.topic.as_deref()).into_iter().chain(said(epub::KIND, kind))
}
