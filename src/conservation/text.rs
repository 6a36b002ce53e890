//! A text as it is compared: by its characters, of which white space is none.

/// How many bytes are looked at together.
const BLOCK: usize = 64;

/// A text of which white space is no part: two are equal that have the same other characters in the same order.
///
/// White space is kept where it stands among other characters and passed over when texts are compared: formats break
/// lines in different places, but most of the time they don't, and equal bytes are compared faster than they are sorted out.
#[derive(Clone, Debug, Default)]
pub struct Text(String);

impl Text {
    pub(super) fn with_room(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Adds to the text.
    pub fn push(&mut self, text: &str) {
        // What indents markup.
        if !text.trim_ascii_start().is_empty() {
            self.0.push_str(text);
        }
    }

    /// The place behind the last character, for [`Self::truncate`] and [`Self::insert`]: bytes, white space counted.
    pub fn end(&self) -> usize {
        self.0.len()
    }

    /// Takes back what was added since the text's end was here.
    ///
    /// # Panics
    /// If the text never ended here.
    pub fn truncate(&mut self, end: usize) {
        self.0.truncate(end);
    }

    /// Puts a character where the text once ended.
    ///
    /// # Panics
    /// If the text never ended here.
    pub fn insert(&mut self, end: usize, character: char) {
        self.0.insert(end, character);
    }

    /// Its characters.
    pub fn characters(&self) -> impl Iterator<Item = char> {
        printed(&self.0)
    }

    /// How many characters it has.
    pub fn count(&self) -> usize {
        blocks(&self.0).map(printed_in).sum()
    }

    /// How many characters two texts share before they part for the first time, and the next few of each; `None` if they
    /// say the same.
    pub(super) fn parts_from(&self, other: &Self) -> Option<(usize, String, String)> {
        let (ours, theirs) = parting(&self.0, &other.0)?;
        let next = |text: &str| printed(text).take(40).collect();
        Some((blocks(&self.0[..ours]).map(printed_in).sum(), next(&self.0[ours..]), next(&other.0[theirs..])))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl FromIterator<char> for Text {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> Self {
        Self(characters.into_iter().collect())
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        parting(&self.0, &other.0).is_none()
    }
}

impl Eq for Text {}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        parting(&self.0, other).is_none()
    }
}

/// Where two texts part for the first time: the place in each at which another character stands, or none.
fn parting(ours: &str, theirs: &str) -> Option<(usize, usize)> {
    let (mut a, mut b) = (0, 0);
    loop {
        let shared = shared(&ours.as_bytes()[a..], &theirs.as_bytes()[b..]);
        (a, b) = (a + shared, b + shared);
        // Characters may begin with the same bytes; then they do in both texts.
        while !ours.is_char_boundary(a) {
            (a, b) = (a - 1, b - 1);
        }
        let (before, behind) = (&ours[a..], &theirs[b..]);
        if before.is_empty() && behind.is_empty() {
            return None;
        }
        let spaces = [before, behind].map(|text| text.len() - text.trim_start().len());
        if spaces == [0, 0] {
            return Some((a, b));
        }
        (a, b) = (a + spaces[0], b + spaces[1]);
    }
}

/// How many bytes two texts share from their beginning.
fn shared(ours: &[u8], theirs: &[u8]) -> usize {
    let blocks = ours.chunks_exact(BLOCK).zip(theirs.chunks_exact(BLOCK));
    let same = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    same + ours[same..].iter().zip(&theirs[same..]).take_while(|(a, b)| a == b).count()
}

/// The characters of a text that are not white space.
fn printed(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| !character.is_whitespace())
}

/// A text in blocks of whole characters.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        // A character has four bytes at the most.
        let end = (BLOCK - 3..=BLOCK).rfind(|&at| rest.is_char_boundary(at)).unwrap_or(rest.len());
        let block;
        (block, rest) = rest.split_at(end);
        (!block.is_empty()).then_some(block)
    })
}

/// The number of characters that are not white space. Of ASCII, which is most of what is counted, without a branch.
fn printed_in(block: &str) -> usize {
    if block.is_ascii() {
        let spaces: u8 = block.bytes().map(|byte| u8::from(matches!(byte, 0x09..=0x0D | b' '))).sum();
        return block.len() - usize::from(spaces);
    }
    printed(block).count()
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Text};

    #[test]
    fn white_space_is_no_part_and_all_else_is() {
        for code in 0..=0x3100 {
            let Some(character) = char::from_u32(code) else { continue };
            // At each place in a block, and over its end.
            let before = "x".repeat(code as usize % (2 * BLOCK));
            let text = Text::from(format!("{before} a{character}一 \n{before}{before}").as_str());
            let without = Text::from(format!("{before}a一{before}{before}").as_str());
            assert_eq!(text == without, character.is_whitespace(), "U+{code:04X}");
            assert_eq!(without == text, character.is_whitespace(), "U+{code:04X}");
            let printed = 3 * before.len() + 2 + usize::from(!character.is_whitespace());
            assert_eq!(text.count(), printed, "U+{code:04X}");
            assert_eq!(text.characters().count(), printed, "U+{code:04X}");
            let parts = text.parts_from(&without).map(|(shared, ..)| shared);
            assert_eq!(parts, (!character.is_whitespace()).then_some(before.len() + 1), "U+{code:04X}");
        }
    }

    #[test]
    fn characters_that_begin_with_the_same_bytes_differ() {
        // U+00A0 is white space; U+00A9 begins with the same byte.
        for (one, other, same) in [
            ("a\u{a0}\u{a9}", "a\u{a9}", true),
            ("a\u{a0}", "a\u{a9}", false),
            ("a\u{2003}\u{2014}b", "a\u{2014}\u{2003}b\u{3000}", true),
            ("a\u{2014}", "a\u{2013}", false),
            ("a", "ab", false),
            ("", " \n", true),
        ] {
            let texts = [Text::from(one), Text::from(other)];
            assert_eq!(texts[0] == texts[1], same, "{one:?} {other:?}");
            assert_eq!(texts[1] == texts[0], same, "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_was_added_can_be_taken_back() {
        let mut text = Text::default();
        text.push("\n the quay ");
        let end = text.end();
        text.push(" of boats");
        text.insert(end, '[');
        assert_eq!(text, "the quay[of boats");
        text.truncate(end);
        assert_eq!(text, "thequay");
    }
}
