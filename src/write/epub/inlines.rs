//! What stands in a line.

use std::io;

use super::chapter::{Attributes, Image, Page, Run, class_name, fragment};
use crate::diagnostic::Code;
use crate::model::{
    Block, Choice, Date, Edit, EditKind, Foreign, Graphic, Inline, Milestone, Moment, NameKind, Reference, Style, Tag,
    Target, Unit, When,
};

const DANGLING: Code = Code("reference.dangling");
const NOT_TAKEN_ALONG: Code = Code("image.missing");
const VERBATIM_IN_LINE: Code = Code("epub.block-in-line");

impl<'a> Run<'a, '_> {
    pub(super) fn inlines(&mut self, inlines: &'a [Inline]) -> io::Result<()> {
        inlines.iter().try_for_each(|inline| self.inline(inline))
    }

    fn inline(&mut self, inline: &'a Inline) -> io::Result<()> {
        match inline {
            Inline::Text(text) => self.xml.text(text),
            Inline::Styled(it) => {
                let (name, class) = style(it.style);
                let rend = it.tag.attributes.get("rend").map(class_name);
                let class = if it.style == Style::Unspecified { rend.unwrap_or_default() } else { class.to_owned() };
                self.wrapped(name, &class, &it.tag, &it.content)
            }
            Inline::Name(it) => {
                let class = match it.kind {
                    NameKind::Person => "persName",
                    NameKind::Place => "placeName",
                    NameKind::Organisation => "orgName",
                    NameKind::Other => "name",
                };
                self.linked(it.target.as_ref(), class, &it.tag, &it.content)
            }
            Inline::Date(it) => self.date(it),
            Inline::Term(it) => self.linked(it.target.as_ref(), "term", &it.tag, &it.content),
            Inline::Reference(it) => self.cross_reference(it),
            Inline::Edit(it) => self.edit(it),
            Inline::Choice(it) => self.choice(it),
            Inline::Graphic(it) => self.graphic(it),
            Inline::Nested(block) => {
                self.log.loss(
                    VERBATIM_IN_LINE,
                    block.tag().map(|tag| tag.span).unwrap_or_default(),
                    "a block inside a phrase is set as running text",
                );
                self.blocks_in_line(std::slice::from_ref(block.as_ref()))
            }
            Inline::Note(it) => self.note_in_line(it),
            Inline::Milestone(it) => self.milestone_in_line(it),
            Inline::Foreign(it) => match it.as_ref() {
                Foreign::Element { tag, content } => {
                    let class = tag.element.as_ref().map(|name| class_name(&name.local)).unwrap_or_default();
                    self.wrapped("span", &class, tag, content)
                }
                Foreign::Comment(_) | Foreign::Instruction(_) => Ok(()),
            },
        }
    }

    pub(super) fn wrapped(&mut self, name: &str, class: &str, tag: &Tag, content: &'a [Inline]) -> io::Result<()> {
        let attributes = self.attributes(tag, class);
        self.start(name, attributes)?;
        self.inlines(content)?;
        self.xml.end()
    }

    /// A name or term; a link where its target is in the book.
    fn linked(&mut self, target: Option<&Target>, class: &str, tag: &Tag, content: &'a [Inline]) -> io::Result<()> {
        let href = match target {
            Some(Target::Here(id)) if !self.link => self.place(id.as_str()),
            _ => None,
        };
        let Some(href) = href else { return self.wrapped("span", class, tag, content) };
        let mut attributes = self.attributes(tag, class);
        attributes.push(("href", href));
        self.link(attributes, content)
    }

    fn link(&mut self, attributes: Attributes, content: &'a [Inline]) -> io::Result<()> {
        self.start("a", attributes)?;
        self.link = true;
        let done = self.inlines(content);
        self.link = false;
        done?;
        self.xml.end()?;
        while let Some(note) = self.waiting.notes.pop_front() {
            self.note_in_line(note)?;
        }
        Ok(())
    }

    /// Where an id stands, as a link from this chapter.
    fn place(&self, id: &str) -> Option<String> {
        let chapter = *self.plan.places.get(id)?;
        let id = fragment(id);
        let file = &self.plan.chapters[chapter].file;
        Some(if chapter == self.number { format!("#{id}") } else { format!("{file}#{id}") })
    }

    fn cross_reference(&mut self, reference: &'a Reference) -> io::Result<()> {
        let href = match reference.targets.first() {
            Some(Target::Here(id)) => {
                let place = self.place(id.as_str());
                if place.is_none() {
                    self.log.loss(
                        DANGLING,
                        reference.tag.span,
                        format!("`#{id}` is not in the book: its words are no link"),
                    );
                }
                place
            }
            Some(Target::Elsewhere(uri)) if is_web(uri) => Some(uri.to_string()),
            Some(Target::Elsewhere(uri)) => {
                self.log.loss(
                    DANGLING,
                    reference.tag.span,
                    format!("`{uri}` is not in the book: its words are no link"),
                );
                None
            }
            None => None,
        };
        match href.filter(|_| !self.link && !reference.content.is_empty()) {
            Some(href) => {
                let mut attributes = self.attributes(&reference.tag, "ref");
                attributes.push(("href", href));
                self.link(attributes, &reference.content)
            }
            None => self.wrapped("span", "ref", &reference.tag, &reference.content),
        }
    }

    fn date(&mut self, date: &'a Date) -> io::Result<()> {
        let mut attributes = self.attributes(&date.tag, "");
        match date.when {
            Some(When::On(moment)) if is_html_date(moment) => {
                attributes.push(("datetime", moment.to_string()));
                self.start("time", attributes)?;
            }
            _ => {
                attributes.push(("class", "date".to_owned()));
                self.start("span", attributes)?;
            }
        }
        self.inlines(&date.content)?;
        self.xml.end()
    }

    fn edit(&mut self, edit: &'a Edit) -> io::Result<()> {
        let (name, class) = match edit.kind {
            EditKind::Sic => ("i", "sic"),
            EditKind::Correction => ("span", "corr"),
            EditKind::Original => ("span", "orig"),
            EditKind::Regularized => ("span", "reg"),
            EditKind::Abbreviation => ("abbr", ""),
            EditKind::Expansion => ("span", "expan"),
            EditKind::Supplied => ("span", "supplied"),
            EditKind::Unclear => ("span", "unclear"),
            EditKind::Gap => ("span", "gap"),
            EditKind::Addition => ("ins", ""),
            EditKind::Deletion => ("del", ""),
        };
        self.wrapped(name, class, &edit.tag, &edit.content)
    }

    /// The reading that is to be read; the others stand hidden beside it, so that nothing is lost.
    fn choice(&mut self, choice: &'a Choice) -> io::Result<()> {
        let preferred = |inline: &Inline| matches!(inline, Inline::Edit(it) if matches!(it.kind, EditKind::Correction | EditKind::Regularized | EditKind::Expansion));
        let reading = |inline: &Inline| !matches!(inline, Inline::Text(_));
        let shown = choice.content.iter().position(preferred).or_else(|| choice.content.iter().position(reading));
        let attributes = self.attributes(&choice.tag, "choice");
        self.start("span", attributes)?;
        for (at, inline) in choice.content.iter().enumerate() {
            if Some(at) == shown || !reading(inline) {
                self.inline(inline)?;
            } else {
                self.start("span", vec![("hidden", "hidden".to_owned())])?;
                self.inline(inline)?;
                self.xml.end()?;
            }
        }
        self.xml.end()
    }

    fn graphic(&mut self, graphic: &'a Graphic) -> io::Result<()> {
        let description = graphic.description.clone().unwrap_or_default();
        let resource = self.document.resources.iter().position(|resource| resource.path == graphic.url.as_str());
        let core =
            |media: &str| matches!(media, "image/png" | "image/jpeg" | "image/gif" | "image/svg+xml" | "image/webp");
        let resource = resource.filter(|&at| core(&self.document.resources[at].media_type));
        let mut attributes = self.attributes(&graphic.tag, "graphic");
        let Some(resource) = resource else {
            self.log
                .loss(NOT_TAKEN_ALONG, graphic.tag.span, format!("the image `{}` is not at hand", graphic.url))
                .hint("put it beside the source, under this name, as PNG, JPEG, GIF, WebP or SVG");
            if !description.is_empty() {
                attributes.extend([("role", "img".to_owned()), ("aria-label", description)]);
            }
            self.start("span", attributes)?;
            return self.xml.end();
        };
        let path = self.image(resource, description.is_empty());
        attributes.extend([("src", format!("../{path}")), ("alt", description)]);
        self.empty("img", attributes)
    }

    /// The path of an image under `EPUB/`, which is taken along once.
    fn image(&mut self, resource: usize, undescribed: bool) -> String {
        if let Some(image) = self.book.images.iter_mut().find(|image| image.resource == resource) {
            image.undescribed |= undescribed;
            return image.path.clone();
        }
        let name = &self.document.resources[resource].path;
        let extension = name.rsplit_once('.').map_or("bin", |(_, extension)| extension);
        let extension = if extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) { extension } else { "bin" };
        let path = format!("images/{:03}.{}", self.book.images.len() + 1, extension.to_ascii_lowercase());
        self.book.images.push(Image { resource, path: path.clone(), undescribed });
        path
    }

    fn milestone_in_line(&mut self, milestone: &'a Milestone) -> io::Result<()> {
        match &milestone.unit {
            Unit::Page => self.page("span", milestone),
            Unit::Line if milestone.inside_word => self.empty("wbr", Attributes::new()),
            Unit::Line => self.empty("br", Attributes::new()),
            Unit::Column | Unit::Other(_) => {
                let attributes = self.attributes(&milestone.tag, "milestone");
                self.start("span", attributes)?;
                self.xml.end()
            }
        }
    }

    /// A page break: a marker without text, so that a word stays whole (EPUB 3.3, `pagebreak`).
    pub(super) fn page(&mut self, name: &str, milestone: &'a Milestone) -> io::Result<()> {
        let wished = milestone.tag.id.as_ref().map(|id| id.as_str().to_owned());
        let id = wished.and_then(|id| self.claim(&id)).unwrap_or_else(|| self.invent("page"));
        let label = match milestone.label.as_deref().map(str::trim) {
            Some(label) if !label.is_empty() => label.to_owned(),
            _ => (self.book.pages.len() + 1).to_string(),
        };
        let attributes = vec![
            ("epub:type", "pagebreak".to_owned()),
            ("role", "doc-pagebreak".to_owned()),
            ("id", id.clone()),
            ("aria-label", label.clone()),
        ];
        self.start(name, attributes)?;
        self.xml.end()?;
        self.book.pages.push(Page { chapter: self.number, id, label });
        Ok(())
    }

    /// Blocks inside a phrase: their words, one behind the other.
    pub(super) fn blocks_in_line(&mut self, blocks: &'a [Block]) -> io::Result<()> {
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                self.xml.raw(" ")?;
            }
            self.block_in_line(block)?;
        }
        Ok(())
    }

    fn block_in_line(&mut self, block: &'a Block) -> io::Result<()> {
        match block {
            Block::Division(it) => self.blocks_in_line(&it.content),
            Block::Heading(it) => self.wrapped("b", "", &it.tag, &it.content),
            Block::Paragraph(it) => self.wrapped("span", "", &it.tag, &it.content),
            Block::Formula(it) => self.blocks_in_line(&it.content),
            Block::Quotation(it) => self.blocks_in_line(&it.content),
            Block::List(it) => {
                self.blocks_in_line(&it.before)?;
                for item in &it.items {
                    self.xml.raw(" ")?;
                    if let Some(label) = &item.label {
                        self.wrapped("span", "label", &label.tag, &label.content)?;
                        self.xml.raw(" ")?;
                    }
                    self.blocks_in_line(&item.content)?;
                    self.blocks_in_line(&item.after)?;
                }
                Ok(())
            }
            Block::Table(it) => {
                self.blocks_in_line(&it.before)?;
                for row in &it.rows {
                    for cell in &row.cells {
                        self.xml.raw(" ")?;
                        self.blocks_in_line(&cell.content)?;
                        self.blocks_in_line(&cell.after)?;
                    }
                    self.blocks_in_line(&row.after)?;
                }
                Ok(())
            }
            Block::Verse(it) => self.blocks_in_line(&it.content),
            Block::Line(it) => self.wrapped("span", "l", &it.tag, &it.content),
            Block::Speech(it) => self.blocks_in_line(&it.content),
            Block::Figure(it) => self.blocks_in_line(&it.content),
            Block::Verbatim(it) => {
                let attributes = self.attributes(&it.tag, "");
                self.leaf("code", attributes, &it.text)
            }
            Block::Note(it) => self.note_in_line(it),
            Block::Milestone(it) => self.milestone_in_line(it),
            Block::Foreign(Foreign::Element { content, .. }) => self.blocks_in_line(content),
            Block::Foreign(Foreign::Comment(_) | Foreign::Instruction(_)) => Ok(()),
        }
    }
}

/// The element and class that show a style.
fn style(style: Style) -> (&'static str, &'static str) {
    match style {
        Style::Italic => ("i", ""),
        Style::Bold => ("b", ""),
        Style::SmallCaps => ("span", "smallcaps"),
        Style::Underline => ("span", "underline"),
        Style::Strikethrough => ("s", ""),
        Style::Superscript => ("sup", ""),
        Style::Subscript => ("sub", ""),
        Style::Code => ("code", ""),
        Style::Roman => ("span", "roman"),
        Style::Unspecified => ("span", ""),
    }
}

/// True for links that leave the book.
fn is_web(uri: &str) -> bool {
    let known =
        ["http://", "https://", "mailto:"].iter().any(|scheme| uri.starts_with(scheme) && uri.len() > scheme.len());
    known && !uri.chars().any(|character| character.is_whitespace() || "<>\"{}|\\^`".contains(character))
}

/// True for moments that HTML's `time` can hold: years of four digits, after year 0.
fn is_html_date(moment: Moment) -> bool {
    (1..=9999).contains(&moment.year)
}
