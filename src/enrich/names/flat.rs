//! The words of a run in one string, whatever they are wrapped in, so that a name is found across a page break or
//! within small capitals; and the way back, to put marks round what was found.

use std::ops::Range;

use crate::authority::fold;
use crate::model::{Foreign, Inline, Name, Target, words};

/// The text of a run, folded as [`fold`] does, and where its parts stand in it.
#[derive(Debug, Default)]
pub(super) struct Flat {
    /// The text.
    pub text: String,
    /// The runs of text in which nothing may be marked: names, dates and references that are known.
    pub barred: Vec<Range<usize>>,
    /// What known names point to.
    pub known: Vec<(Range<usize>, Target)>,
    /// Each inline with its text, parents before children.
    items: Vec<Item>,
}

#[derive(Clone, Debug)]
struct Item {
    at: Range<usize>,
    /// How many items it is, its children counted.
    size: usize,
}

/// Something to put round a stretch of the text.
pub(super) struct Mark {
    /// Its bytes in [`Flat::text`].
    pub at: Range<usize>,
    /// Makes the inline, of what it is to hold.
    pub make: Box<dyn FnOnce(Vec<Inline>) -> Inline>,
    /// What a name that is marked already, but points nowhere, is to point to.
    pub target: Target,
}

impl Flat {
    pub(super) fn of(content: &[Inline]) -> Self {
        let mut flat = Self::default();
        content.iter().for_each(|inline| flat.add(inline));
        flat
    }

    fn add(&mut self, inline: &Inline) {
        let (number, start) = (self.items.len(), self.text.len());
        self.items.push(Item { at: start..start, size: 1 });
        match inline {
            Inline::Text(text) => self.push(text),
            Inline::Milestone(point) if !point.inside_word => self.push(" "),
            Inline::Name(name) if !is_open(name) => {
                self.push(&words(&name.content));
                self.bar(start);
                if let Some(target) = &name.target {
                    self.known.push((start..self.text.len(), target.clone()));
                }
            }
            Inline::Term(_) | Inline::Date(_) | Inline::Reference(_) => {
                self.push(&words(inline.children().unwrap_or_default()));
                self.bar(start);
            }
            Inline::Choice(_) | Inline::Nested(_) => {
                self.push("\u{fffc}");
                self.bar(start);
            }
            _ => inner(inline).unwrap_or_default().iter().for_each(|inline| self.add(inline)),
        }
        self.items[number] = Item { at: start..self.text.len(), size: self.items.len() - number };
    }

    fn push(&mut self, text: &str) {
        for c in text.chars().filter_map(fold) {
            if c != ' ' || !self.text.ends_with(' ') {
                self.text.push(c);
            }
        }
    }

    fn bar(&mut self, start: usize) {
        self.barred.push(start..self.text.len());
    }

    /// True if nothing is known of any of these bytes.
    pub(super) fn is_free(&self, at: &Range<usize>) -> bool {
        let after = self.barred.partition_point(|barred| barred.end <= at.start);
        self.barred.get(after).is_none_or(|barred| barred.start >= at.end)
    }

    /// True if a mark can be put round these bytes: it would cut no element, and hold no note.
    pub(super) fn fits(&self, content: &[Inline], at: &Range<usize>) -> bool {
        self.fits_at(content, at, 0)
    }

    fn fits_at(&self, content: &[Inline], at: &Range<usize>, first: usize) -> bool {
        let mut item = first;
        let mut inside = false;
        for inline in content {
            let Item { at: own, size } = &self.items[item];
            let touches = own.start < at.end && at.start < own.end;
            if touches && !matches!(inline, Inline::Text(_)) {
                if own.start <= at.start && at.end <= own.end && inner(inline).is_some() {
                    return self.fits_at(inner(inline).unwrap_or_default(), at, item + 1);
                }
                if own.start < at.start || at.end < own.end {
                    return false;
                }
            }
            inside = (inside || touches) && own.end < at.end;
            let is_note = matches!(inline, Inline::Note(_) | Inline::Nested(_));
            if is_note && own.start > at.start && own.end < at.end {
                return false;
            }
            item += size;
        }
        true
    }

    /// Puts marks round stretches that fit, in order and apart from each other.
    pub(super) fn mark(&self, content: &mut Vec<Inline>, marks: Vec<Mark>) {
        let mut marks = marks.into_iter().peekable();
        self.mark_at(content, &mut marks, 0);
    }

    fn mark_at(&self, content: &mut Vec<Inline>, marks: &mut Marks, first: usize) {
        let mut made = Vec::with_capacity(content.len() + 2);
        let mut open: Option<(Mark, usize)> = None;
        let mut item = first;
        for mut inline in content.drain(..) {
            let Item { at, size } = self.items[item].clone();
            let within = |mark: &Mark| at.start <= mark.at.start && mark.at.end <= at.end;
            if let Inline::Text(text) = inline {
                self.cut(&text, at, marks, &mut open, &mut made);
            } else if open.is_none() && marks.peek().is_some_and(within) && inner(&inline).is_some() {
                self.descend(&mut inline, marks, item, &at);
                made.push(inline);
            } else {
                if open.is_none() && at.start < at.end {
                    open = marks.next_if(|mark| mark.at.start == at.start).map(|mark| (mark, made.len()));
                }
                made.push(inline);
                open = closed(open, at.end, &mut made);
            }
            item += size;
        }
        *content = made;
    }

    /// Marks what lies within one inline.
    fn descend(&self, inline: &mut Inline, marks: &mut Marks, item: usize, at: &Range<usize>) {
        if let Inline::Name(name) = inline {
            while let Some(mark) = marks.next_if(|mark| mark.at.end <= at.end) {
                name.target.get_or_insert(mark.target);
            }
        } else if let Some(content) = inner_mut(inline) {
            self.mark_at(content, marks, item + 1);
        }
    }

    /// Cuts a text where marks begin and end.
    fn cut(
        &self,
        text: &str,
        at: Range<usize>,
        marks: &mut Marks,
        open: &mut Option<(Mark, usize)>,
        made: &mut Vec<Inline>,
    ) {
        let mut rest = text;
        let mut reached = at.start;
        loop {
            let next = match &open {
                Some((mark, _)) => mark.at.end,
                None => match marks.peek() {
                    Some(mark) if mark.at.start < at.end => mark.at.start,
                    _ => at.end,
                },
            };
            let stop = next.min(at.end);
            let length = if stop == at.end && open.as_ref().is_none_or(|(mark, _)| mark.at.end > at.end) {
                rest.len()
            } else {
                self.length(rest, reached, stop, open.is_none())
            };
            if length > 0 {
                made.push(Inline::text(&rest[..length]));
            }
            rest = &rest[length..];
            reached = stop;
            if let Some((mark, from)) = open.take() {
                if mark.at.end > at.end {
                    *open = Some((mark, from));
                    return;
                }
                *open = closed(Some((mark, from)), stop, made);
            } else if let Some(mark) = marks.next_if(|mark| mark.at.start < at.end && mark.at.start == stop) {
                *open = Some((mark, made.len()));
            }
            if reached >= at.end && rest.is_empty() {
                return;
            }
            if reached >= at.end && open.is_none() {
                made.push(Inline::text(rest));
                return;
            }
        }
    }

    /// How many bytes of `text` become the bytes of [`Self::text`] between two places. Behind the last of them may stand
    /// characters that become none, such as a second space; they are left for what follows, unless a name `begins` there.
    fn length(&self, text: &str, from: usize, to: usize, begins: bool) -> usize {
        let mut reached = from;
        for (at, c) in text.char_indices() {
            let becomes = match fold(c) {
                Some(' ') if self.text[..reached].ends_with(' ') => 0,
                Some(c) => c.len_utf8(),
                None => 0,
            };
            if reached >= to && (becomes > 0 || !begins) {
                return at;
            }
            reached += becomes;
        }
        text.len()
    }
}

type Marks = std::iter::Peekable<std::vec::IntoIter<Mark>>;

/// Ends a mark that reaches to here.
fn closed(open: Option<(Mark, usize)>, end: usize, made: &mut Vec<Inline>) -> Option<(Mark, usize)> {
    let (mark, from) = open?;
    if mark.at.end > end {
        return Some((mark, from));
    }
    let held = made.split_off(from.min(made.len()));
    made.push((mark.make)(held));
    None
}

/// A name that was inferred, not marked by an editor, and that points nowhere yet.
fn is_open(name: &Name) -> bool {
    name.target.is_none() && name.tag.inference.is_some()
}

/// The inlines in which marks may be put.
fn inner(inline: &Inline) -> Option<&[Inline]> {
    match inline {
        Inline::Styled(it) => Some(&it.content),
        Inline::Edit(it) => Some(&it.content),
        Inline::Name(it) if is_open(it) => Some(&it.content),
        Inline::Foreign(it) => match it.as_ref() {
            Foreign::Element { content, .. } => Some(content),
            Foreign::Comment(_) | Foreign::Instruction(_) => None,
        },
        _ => None,
    }
}

fn inner_mut(inline: &mut Inline) -> Option<&mut Vec<Inline>> {
    match inline {
        Inline::Styled(it) => Some(&mut it.content),
        Inline::Edit(it) => Some(&mut it.content),
        Inline::Foreign(it) => match it.as_mut() {
            Foreign::Element { content, .. } => Some(content),
            Foreign::Comment(_) | Foreign::Instruction(_) => None,
        },
        _ => None,
    }
}
