//! Inlines as XHTML.

use std::borrow::Cow;
use std::io;

use super::DANGLING;
use super::links::{holds_block, outside};
use super::renderer::{Attributes, Page, Renderer, Said, Within, flag, foreign_class, said};
use crate::epub;
use crate::model::{
    Choice, Date, Edit, EditKind, Foreign, Inline, MATHML, Milestone, Name, NameKind, Reference, Style, Tag, Target,
    Unit, When, is_formula, mathml_local,
};

impl Renderer<'_> {
    pub(super) fn inlines(&mut self, inlines: &[Inline], within: Within) -> io::Result<()> {
        for inline in inlines {
            self.inline(inline, within)?;
        }
        Ok(())
    }

    fn inline(&mut self, inline: &Inline, within: Within) -> io::Result<()> {
        match inline {
            Inline::Text(text) => self.out.text(text),
            Inline::Styled(it) => {
                let (name, class) = style(it.style);
                self.wrap(name, &it.tag, class, &it.content, within)
            }
            Inline::Name(it) => self.name(it, within),
            Inline::Date(it) => self.date(it, within),
            Inline::Term(it) => self.linked(&it.tag, "term", it.target.as_slice(), &it.content, within),
            Inline::Reference(it) => self.reference(it, within),
            Inline::Edit(it) => self.edit(it, within),
            Inline::Choice(it) => self.choice(it, within),
            Inline::Graphic(it) => self.graphic(it, None),
            Inline::Nested(block) => self.block(block, within),
            Inline::Note(it) => self.inline_note(it),
            Inline::Milestone(it) => self.inline_milestone(it),
            Inline::Foreign(it) => match it.as_ref() {
                Foreign::Element { tag, content } if is_formula(tag, content) => {
                    let attributes = self.attributes(tag, &foreign_class(tag));
                    self.out.start("span", attributes)?;
                    self.formulas += 1;
                    self.mathml("math", tag, content)?;
                    self.out.end()
                }
                Foreign::Element { tag, content } => self.wrap("span", tag, &foreign_class(tag), content, within),
                Foreign::Comment(text) => self.out.comment(text),
                Foreign::Instruction(text) => self.out.instruction(text),
            },
        }
    }

    /// MathML as it is; what the node says besides stands on the element round it.
    fn mathml(&mut self, name: &str, tag: &Tag, content: &[Inline]) -> io::Result<()> {
        let plain = tag.attributes.0.iter().filter(|it| it.name.namespace.is_none() && it.name.local != "xmlns");
        let attributes = plain.map(|it| (it.name.local.as_str(), Cow::Borrowed(it.value.as_str())));
        let namespace = (name == "math").then_some(("xmlns", Cow::Borrowed(MATHML)));
        self.out.start(name, namespace.into_iter().chain(attributes))?;
        for inline in content {
            match inline {
                Inline::Text(text) => self.out.text(text)?,
                Inline::Foreign(it) => {
                    if let Foreign::Element { tag, content } = it.as_ref() {
                        self.mathml(mathml_local(tag).unwrap_or("mrow"), tag, content)?;
                    }
                }
                _ => {}
            }
        }
        self.out.end()
    }

    /// An element around inlines; one that can't hold the blocks among them becomes a `div` set in the line.
    fn wrap(&mut self, name: &str, tag: &Tag, class: &str, content: &[Inline], within: Within) -> io::Result<()> {
        let attributes = self.attributes(tag, class);
        self.wrap_with(name, attributes, content, within)
    }

    fn wrap_with(
        &mut self,
        name: &str,
        mut attributes: Attributes,
        content: &[Inline],
        within: Within,
    ) -> io::Result<()> {
        let flow = within != Within::Phrasing && holds_block(content);
        let transparent = matches!(name, "a" | "ins" | "del");
        if flow && !transparent {
            match attributes.iter_mut().find(|(name, _)| *name == "class") {
                Some((_, class)) => class.to_mut().push_str(" run"),
                None => attributes.push(("class", Cow::Borrowed("run"))),
            }
            attributes.retain(|(name, _)| *name != "datetime");
            attributes.push((epub::AS, Cow::Owned(name.to_owned())));
        }
        self.out.start(if flow && !transparent { "div" } else { name }, attributes)?;
        self.inlines(content, if flow { Within::Section } else { Within::Phrasing })?;
        self.out.end()
    }

    /// A name; where the book has a list with an entry for it, it leads there.
    fn name(&mut self, name: &Name, within: Within) -> io::Result<()> {
        let mut attributes = self.attributes(&name.tag, name_class(name.kind));
        attributes.extend(said(epub::TYPE, name.role.as_deref()));
        attributes.extend(said(
            epub::TARGET,
            name.target.as_ref().map(|target| epub::target_words(std::slice::from_ref(target))),
        ));
        let entry = match &name.target {
            Some(target @ Target::Here(_)) if !self.in_link && !name.content.is_empty() => {
                self.target(&name.tag, target)
            }
            _ => None,
        };
        let Some(href) = entry else { return self.wrap_with("span", attributes, &name.content, within) };
        attributes.push(("href", Cow::Owned(href)));
        self.lead(attributes, &name.content, within)
    }

    /// A link; the notes that are called in it are called behind it.
    fn lead(&mut self, attributes: Attributes, content: &[Inline], within: Within) -> io::Result<()> {
        self.in_link = true;
        self.wrap_with("a", attributes, content, within)?;
        self.in_link = false;
        for call in std::mem::take(&mut self.waiting) {
            self.call(call, true)?;
        }
        Ok(())
    }

    fn date(&mut self, date: &Date, within: Within) -> io::Result<()> {
        let said = |when: When| (epub::WHEN, Cow::Owned(epub::when_words(when)));
        let Some(When::On(moment)) = date.when.filter(machine_readable) else {
            let mut attributes = self.attributes(&date.tag, "date");
            attributes.extend(date.when.map(said));
            return self.wrap_with("span", attributes, &date.content, within);
        };
        let mut attributes = self.attributes(&date.tag, "date");
        if within != Within::Phrasing && holds_block(&date.content) {
            attributes.extend(date.when.map(said));
        }
        attributes.push(("datetime", Cow::Owned(moment.to_string())));
        self.wrap_with("time", attributes, &date.content, within)
    }

    fn edit(&mut self, edit: &Edit, within: Within) -> io::Result<()> {
        let (name, class) = match edit.kind {
            EditKind::Sic => ("span", "sic"),
            EditKind::Correction => ("span", "corr"),
            EditKind::Original => ("span", "orig"),
            EditKind::Regularized => ("span", "reg"),
            EditKind::Abbreviation => ("abbr", ""),
            EditKind::Expansion => ("span", "expan"),
            // Where letters are lost, print puts what an editor supplies in brackets of its own.
            EditKind::Supplied if edit.tag.attributes.get("reason") == Some("lost") => ("span", "supplied lost"),
            EditKind::Supplied => ("span", "supplied"),
            EditKind::Unclear => ("span", "unclear"),
            EditKind::Gap => ("span", "gap"),
            EditKind::Addition => ("ins", ""),
            EditKind::Deletion => ("del", ""),
        };
        self.wrap(name, &edit.tag, class, &edit.content, within)
    }

    /// All readings; those that are not shown are there for search and for the proof that nothing was lost.
    fn choice(&mut self, choice: &Choice, within: Within) -> io::Result<()> {
        let preferred = |inline: &Inline| {
            matches!(inline, Inline::Edit(edit)
                if matches!(edit.kind, EditKind::Correction | EditKind::Regularized | EditKind::Expansion))
        };
        let reading = |inline: &Inline| !matches!(inline, Inline::Text(text) if text.trim().is_empty());
        let shown = choice.content.iter().position(preferred).or_else(|| choice.content.iter().position(reading));
        self.open("span", &choice.tag, "choice")?;
        for (at, inline) in choice.content.iter().enumerate() {
            if Some(at) == shown || !reading(inline) {
                self.inline(inline, Within::Phrasing)?;
            } else {
                self.out.start("span", [("class", "reading".into()), ("hidden", "hidden".into())])?;
                self.inline(inline, Within::Phrasing)?;
                self.out.end()?;
            }
        }
        let _ = within;
        self.close()
    }

    fn reference(&mut self, reference: &Reference, within: Within) -> io::Result<()> {
        match self.plan.called_again(reference) {
            // No link stands in a link, but the note leads back to here.
            Some(note) if self.in_link => {
                let mut attributes = self.again(reference, note, "ref");
                attributes.extend(pointing(&reference.targets, None));
                self.wrap_with("span", attributes, &reference.content, within)
            }
            Some(note) => self.call_again(reference, note),
            None => self.linked(&reference.tag, "", &reference.targets, &reference.content, within),
        }
    }

    /// Words that point somewhere; several targets beyond the first become pointers behind them.
    fn linked(
        &mut self,
        tag: &Tag,
        class: &str,
        targets: &[Target],
        content: &[Inline],
        within: Within,
    ) -> io::Result<()> {
        let first = targets.first().and_then(|target| self.target(tag, target));
        let Some(href) = first.filter(|_| !self.in_link) else {
            let mut attributes = self.attributes(tag, if class.is_empty() { "ref" } else { class });
            attributes.extend(pointing(targets, None));
            return self.wrap_with("span", attributes, content, within);
        };
        if content.is_empty() {
            return self.pointer(tag, class, targets, href);
        }
        let mut attributes = self.attributes(tag, class);
        attributes.extend(pointing(targets, Some(&href)));
        attributes.push(("href", Cow::Owned(href)));
        self.lead(attributes, content, within)
    }

    /// Where a target leads, or nothing and a loss.
    fn target(&mut self, tag: &Tag, target: &Target) -> Option<String> {
        let href = match target {
            Target::Here(id) => self.href(id.as_str()),
            Target::Elsewhere(uri) => outside(uri),
        };
        if href.is_none() {
            self.log.loss(DANGLING, tag.span, format!("`{target}` is nowhere in this book: the link became text"));
        }
        href
    }

    /// A link without words of its own: the words are ours, and marked as such.
    fn pointer(&mut self, tag: &Tag, class: &str, targets: &[Target], href: String) -> io::Result<()> {
        let label = match targets.first() {
            Some(Target::Here(id)) => {
                self.plan.homes.get(id.as_str()).and_then(|home| home.label.clone()).filter(|label| !label.is_empty())
            }
            Some(Target::Elsewhere(uri)) => Some(uri.to_string()),
            None => None,
        };
        let mut attributes = self.attributes(tag, format!("{class} pointer").trim_start());
        attributes.extend(pointing(targets, Some(&href)));
        attributes.push(("href", Cow::Owned(href)));
        self.out.start("a", attributes)?;
        self.out.text(label.as_deref().unwrap_or("\u{2192}"))?;
        self.out.end()
    }

    pub(super) fn inline_milestone(&mut self, milestone: &Milestone) -> io::Result<()> {
        match milestone.unit {
            Unit::Page => self.page("span", milestone),
            Unit::Line if !milestone.inside_word => {
                let mut attributes = self.attributes(&milestone.tag, "");
                attributes.extend(said(epub::NUMBER, milestone.label.as_deref()));
                self.out.empty("br", attributes)
            }
            Unit::Line | Unit::Column | Unit::Other(_) => self.point("span", milestone),
        }
    }

    /// A point that nobody sees.
    pub(super) fn point(&mut self, name: &str, milestone: &Milestone) -> io::Result<()> {
        let class = match &milestone.unit {
            Unit::Line => "lb",
            Unit::Column => "cb",
            Unit::Page | Unit::Other(_) => "milestone",
        };
        let mut attributes = self.attributes(&milestone.tag, class);
        if let Unit::Other(unit) = &milestone.unit {
            attributes.extend(said(epub::UNIT, Some(unit)));
        }
        attributes.extend(said(epub::NUMBER, milestone.label.as_deref()));
        attributes.extend(flag(epub::INSIDE, milestone.inside_word));
        self.out.start(name, attributes)?;
        self.out.end()
    }

    /// A page break: an empty element that a reading system can announce (EPUB Accessibility 1.1 §3.6). Pages of
    /// notes are points only, since they don't follow those of the text.
    pub(super) fn page(&mut self, name: &str, milestone: &Milestone) -> io::Result<()> {
        let mut attributes = self.attributes(&milestone.tag, "page");
        let label = milestone.label.as_deref().map(str::trim).filter(|label| !label.is_empty());
        if let Some(label) = label.filter(|_| self.in_note == 0) {
            let given = attributes.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.to_string());
            let id = given.unwrap_or_else(|| {
                let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
                let id = self.fresh(&format!("pg_{plain}"));
                Self::invent(&mut attributes, &id);
                id
            });
            attributes.push(("epub:type", Cow::Borrowed("pagebreak")));
            attributes.push(("role", Cow::Borrowed("doc-pagebreak")));
            attributes.push(("aria-label", Cow::Owned(label.to_owned())));
            self.pages.push(Page { id, label: label.to_owned() });
        }
        attributes.extend(said(epub::NUMBER, milestone.label.as_deref()));
        attributes.extend(flag(epub::INSIDE, milestone.inside_word));
        self.out.start(name, attributes)?;
        self.out.end()
    }
}

/// The targets, where the link alone doesn't say them.
fn pointing(targets: &[Target], href: Option<&str>) -> Option<Said> {
    match (targets, href) {
        ([Target::Here(id)], Some(href)) if href.rsplit_once('#').is_some_and(|(_, own)| own == id.as_str()) => None,
        ([Target::Elsewhere(uri)], Some(href)) if uri == href => None,
        ([], _) => None,
        _ => Some((epub::TARGET, Cow::Owned(epub::target_words(targets)))),
    }
}

/// True for what `time/@datetime` can say (HTML §4.5.14): one moment of a year from 1 to 9999.
fn machine_readable(when: &When) -> bool {
    matches!(when, When::On(moment) if (1..=9999).contains(&moment.year))
}

fn style(style: Style) -> (&'static str, &'static str) {
    match style {
        Style::Italic => ("em", ""),
        Style::Bold => ("strong", ""),
        Style::SmallCaps => ("span", "smallcaps"),
        Style::Underline => ("span", "underline"),
        Style::Strikethrough => ("s", ""),
        Style::Superscript => ("sup", ""),
        Style::Subscript => ("sub", ""),
        Style::Code => ("code", ""),
        Style::Roman => ("span", "roman"),
        Style::Unspecified => ("span", "hi"),
    }
}

fn name_class(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Person => "persName",
        NameKind::Place => "placeName",
        NameKind::Organisation => "orgName",
        NameKind::Other => "name",
    }
}
