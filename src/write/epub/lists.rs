//! Lists as XHTML.

use std::io;

use super::renderer::{Renderer, Within};
use crate::model::{Block, Item, List, ListKind};

impl Renderer<'_> {
    pub(super) fn list(&mut self, list: &List, within: Within) -> io::Result<()> {
        if within == Within::Phrasing {
            return self.list_in_line(list);
        }
        for block in &list.before {
            match block {
                Block::Heading(heading) => {
                    self.open("p", &heading.tag, "list-head")?;
                    self.inlines(&heading.content, Within::Phrasing)?;
                    self.close()?;
                    self.out.raw("\n")?;
                }
                _ => self.block(block, Within::Section)?,
            }
        }
        if list.items.is_empty() {
            return self.container("div", &list.tag, "", &[], within);
        }
        let glossary = list.kind == ListKind::Gloss && list.items.iter().all(|item| item.label.is_some());
        let (name, class) = match list.kind {
            ListKind::Gloss if glossary => ("dl", ""),
            ListKind::Plain | ListKind::Gloss => ("ul", "plain"),
            ListKind::Bulleted => ("ul", ""),
            ListKind::Numbered => ("ol", ""),
        };
        self.open(name, &list.tag, class)?;
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
        self.open(if glossary { "dd" } else { "li" }, &item.tag, "")?;
        if let Some(label) = item.label.as_ref().filter(|_| !glossary) {
            self.open("span", &label.tag, "label")?;
            self.inlines(&label.content, Within::Phrasing)?;
            self.close()?;
            self.out.raw(" ")?;
        }
        self.blocks(item.content.iter().chain(&item.after), Within::Item)?;
        self.close()?;
        self.out.raw("\n")
    }

    fn list_in_line(&mut self, list: &List) -> io::Result<()> {
        self.blocks(&list.before, Within::Phrasing)?;
        self.open("span", &list.tag, "block list")?;
        for item in &list.items {
            self.open("span", &item.tag, "block item")?;
            if let Some(label) = &item.label {
                self.open("span", &label.tag, "label")?;
                self.inlines(&label.content, Within::Phrasing)?;
                self.close()?;
                self.out.raw(" ")?;
            }
            self.blocks(item.content.iter().chain(&item.after), Within::Phrasing)?;
            self.close()?;
        }
        self.close()
    }
}
