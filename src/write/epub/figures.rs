//! Figures and images as XHTML.

use std::borrow::Cow;
use std::io;

use super::NO_IMAGE;
use super::renderer::{Renderer, Within, flag, said};
use crate::epub;
use crate::model::visit::{Visit, walk_blocks};
use crate::model::{Block, Figure, FormulaKind, Graphic};

impl Renderer<'_> {
    pub(super) fn figure(&mut self, figure: &Figure, within: Within) -> io::Result<()> {
        if within == Within::Phrasing {
            return self.container("span", &figure.tag, "figure", &figure.content, within);
        }
        let heads = figure.content.iter().filter(|block| matches!(block, Block::Heading(_))).count();
        let ends = [figure.content.first(), figure.content.last()];
        let captioned = heads == 1 && ends.iter().any(|block| matches!(block, Some(Block::Heading(_))));
        let described = description(&figure.content);
        self.open("figure", &figure.tag, "")?;
        self.out.raw("\n")?;
        for block in &figure.content {
            match block {
                Block::Heading(heading) if captioned => {
                    self.open("figcaption", &heading.tag, "")?;
                    self.inlines(&heading.content, Within::Phrasing)?;
                    self.close()?;
                    self.out.raw("\n")?;
                }
                Block::Paragraph(paragraph) if paragraph.bare => {
                    let mixed = flag(epub::MIXED, super::links::holds_block(&paragraph.content));
                    self.out.start("div", std::iter::once(("class", Cow::Borrowed("image"))).chain(mixed))?;
                    for inline in &paragraph.content {
                        match inline {
                            crate::model::Inline::Graphic(graphic) => self.graphic(graphic, described.as_deref())?,
                            _ => self.inlines(std::slice::from_ref(inline), Within::Section)?,
                        }
                    }
                    self.out.end()?;
                    self.out.raw("\n")?;
                }
                _ => self.block(block, Within::Section)?,
            }
        }
        self.close()?;
        self.out.raw("\n")
    }

    /// An image, or, where there is none that a reading system could show, its description.
    pub(super) fn graphic(&mut self, graphic: &Graphic, described: Option<&str>) -> io::Result<()> {
        let given = graphic.description.as_deref().or(described).map(str::trim).filter(|text| !text.is_empty());
        let found = self.images.find(&graphic.url);
        let mut attributes = self.attributes(&graphic.tag, if found.is_some() { "" } else { "image-missing" });
        attributes.push((epub::URL, Cow::Owned(graphic.url.to_string())));
        attributes.extend(said(epub::DESCRIPTION, graphic.description.as_deref()));
        if let Some(image) = found {
            self.images_seen += 1;
            self.images_described += usize::from(given.is_some());
            attributes.push(("src", Cow::Owned(format!("../{}", image.href))));
            attributes.push(("alt", Cow::Owned(given.unwrap_or("Image").to_owned())));
            return self.out.empty("img", attributes);
        }
        let message = format!("the image `{}` is not part of the document, and EPUB shows no others", graphic.url);
        self.log.loss(NO_IMAGE, graphic.tag.span, message);
        attributes.push(("role", Cow::Borrowed("img")));
        attributes.push(("aria-label", Cow::Owned(given.unwrap_or("Image").to_owned())));
        self.out.start("span", attributes)?;
        self.out.end()
    }
}

/// What a figure says that it shows.
fn description(content: &[Block]) -> Option<String> {
    struct Words(String);
    impl<'a> Visit<'a> for Words {
        fn inline(&mut self, inline: &'a crate::model::Inline) {
            match inline {
                crate::model::Inline::Text(text) => self.0.push_str(text),
                crate::model::Inline::Note(_) => {}
                _ => crate::model::visit::walk_inline(self, inline),
            }
        }
    }
    let said = content.iter().find_map(|block| match block {
        Block::Formula(formula) if formula.kind == FormulaKind::Description => {
            let mut words = Words(String::new());
            walk_blocks(&mut words, &formula.content);
            Some(words.0)
        }
        _ => None,
    });
    let said = said.or_else(|| {
        content.iter().find_map(|block| match block {
            Block::Heading(heading) => Some(super::links::plain_text(&heading.content)),
            _ => None,
        })
    })?;
    let said = super::links::squeezed(&said);
    (!said.is_empty()).then_some(said)
}
