//! Volumes of one series, by the names of their files: what a document of `lake1930-32v07` calls "vol. IX" is
//! `lake1930-32v09`.

use compact_str::{CompactString, format_compact};

/// A volume, as the names of files have it: a series, years, a number, perhaps a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Volume {
    /// What stands before the number: `lake1930-32v`.
    before: String,
    /// How many figures the number has.
    width: usize,
}

impl Volume {
    /// What a name says: letters, a year or two, `v`, a number, and perhaps a part.
    pub(super) fn of(name: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
        let mut at = letters + 4;
        if letters == 0 || digits(name.get(letters..)?) != 4 {
            return None;
        }
        if name[at..].starts_with('-') {
            at += 1 + digits(&name[at + 1..]);
        }
        at += usize::from(name[at..].starts_with('v'));
        let width = digits(&name[at..]);
        let part = name[at + width..].strip_prefix('p');
        let whole = name.len() == at + width || part.is_some_and(|part| !part.is_empty() && digits(part) == part.len());
        (name[..at].ends_with('v') && (1..=3).contains(&width) && whole)
            .then(|| Self { before: name[..at].to_owned(), width })
    }

    fn numbered(&self, number: u32, part: Option<u32>) -> CompactString {
        let part = part.map_or_else(CompactString::default, |part| format_compact!("p{part}"));
        format_compact!("{}{number:0width$}{part}", self.before, width = self.width)
    }
}

/// The volume that is named directly before a place, and where its name begins: `vol. IX, `, `vol. IX, Part 2, `.
/// None where another series or other years may be meant: where a title, years or "ibid." stand before.
pub(super) fn before(text: &str, place: usize, own: &Volume) -> Option<(usize, CompactString)> {
    let named = text[..place].strip_suffix(", ")?;
    let (named, part) = match named.rsplit_once(", Part ") {
        Some((rest, part)) => (rest, Some(number(part)?)),
        None => (named, None),
    };
    let start = named.rfind("vol. ")?;
    let number = number(&named[start + "vol. ".len()..])?;
    let word = named[..start].strip_suffix([' ', '('])?;
    let word = word.rsplit([' ', '\u{a0}', '(', '[']).next().unwrap_or_default();
    let plain = word.is_empty() || word.chars().all(char::is_lowercase) || word == "See" || word == "Printed";
    plain.then(|| (start, own.numbered(number, part)))
}

/// A number in Roman or other figures.
fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().filter(|number| (1..1000).contains(number));
    }
    let value = |c: char| {
        Some(match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            'C' => 100,
            _ => return None,
        })
    };
    let figures: Vec<u32> = text.chars().map(value).collect::<Option<_>>()?;
    let mut sum = 0;
    for (at, figure) in figures.iter().enumerate() {
        let less = figures.get(at + 1).is_some_and(|next| next > figure);
        sum = if less { sum - i64::from(*figure) } else { sum + i64::from(*figure) };
    }
    u32::try_from(sum).ok().filter(|number| (1..1000).contains(number) && figures.len() <= 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_volumes() {
        let said = |name| Volume::of(name).map(|volume| volume.numbered(9, None).to_string());
        assert_eq!(said("lake1930-32v07").as_deref(), Some("lake1930-32v09"));
        assert_eq!(said("lake1930v1p2").as_deref(), Some("lake1930v9"));
        for other in
            ["", "lake", "lake1930", "lake1930-32", "lake1930-32v07x", "1930v07", "lake-v07", "lake1930-32v07p"]
        {
            assert_eq!(said(other), None, "{other}");
        }
    }

    #[test]
    fn numbers_in_two_ways() {
        assert_eq!(["IX", "XIV", "12", "XL", ""].map(number), [Some(9), Some(14), Some(12), Some(40), None]);
        assert_eq!(number("X2"), None);
    }
}
