//! Page numbers: within a text they ascend, each numbering (Arabic, Roman) and each edition by itself.

use foldhash::HashMap;

use super::rules::{Breach, Start, Watch};
use crate::diagnostic::Code;

pub(super) const ORDER: Code = Code("page.order");

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Numbering {
    Arabic,
    SmallRoman,
    GreatRoman,
}

#[derive(Default)]
pub(super) struct Pages {
    /// The last number of each numbering and edition, with its spelling.
    last: HashMap<(Numbering, String), (u32, String)>,
}

impl Watch for Pages {
    fn start(&mut self, element: &Start<'_>, breaches: &mut Vec<Breach>) {
        match element.name {
            // Each text of several has pages of its own.
            "TEI" | "text" => self.last.clear(),
            // A note that runs over to the next page comes before the rest of its own.
            "pb" if !element.around.iter().any(|name| name.local() == "note") => {
                let Some(label) = element.attribute("n") else { return };
                let Some((numbering, number)) = number(label) else { return };
                let edition = element.attribute("ed").or(element.attribute("edRef")).unwrap_or_default();
                let before = self.last.insert((numbering, edition.to_owned()), (number, label.to_owned()));
                if let Some((_, spelt)) = before.filter(|(before, _)| *before >= number) {
                    breaches.push(Breach {
                        span: element.place("n"),
                        message: format!("page `{label}` comes after page `{spelt}`"),
                        hint: Some("page numbers ascend; `ed` tells the pages of several editions apart".to_owned()),
                        element: "pb".to_owned(),
                    });
                }
            }
            _ => {}
        }
    }
}

/// The number that a page's label says, brackets aside; none for labels of another kind (`12a`, `cover`).
fn number(label: &str) -> Option<(Numbering, u32)> {
    let bare = label.trim_matches(['[', ']', '(', ')', ' ']);
    if let Ok(number) = bare.parse() {
        return Some((Numbering::Arabic, number));
    }
    let numbering = match bare.chars().next()? {
        first if first.is_ascii_lowercase() => Numbering::SmallRoman,
        _ => Numbering::GreatRoman,
    };
    let digit = |letter: char| {
        let letter = if numbering == Numbering::SmallRoman { letter.to_ascii_uppercase() } else { letter };
        Some(match letter {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            'C' => 100,
            'D' => 500,
            'M' => 1000,
            _ => return None,
        })
    };
    if bare.len() > 15 || (numbering == Numbering::SmallRoman) != bare.chars().all(|letter| letter.is_ascii_lowercase())
    {
        return None;
    }
    let digits = bare.chars().map(digit).collect::<Option<Vec<u32>>>()?;
    let mut number = 0;
    for (at, digit) in digits.iter().enumerate() {
        let before_greater = digits.get(at + 1).is_some_and(|next| next > digit);
        number = if before_greater { number - i64::from(*digit) } else { number + i64::from(*digit) };
    }
    u32::try_from(number).ok().map(|number| (numbering, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_as_numbers() {
        for (label, expected) in [("12", Some(12)), ("[7]", Some(7)), ("xiv", Some(14)), ("XIV", Some(14))] {
            assert_eq!(number(label).map(|(_, number)| number), expected, "{label}");
        }
        for label in ["12a", "cover", "", "xIv", "A1", "-3"] {
            assert_eq!(number(label).map(|(_, number)| number), None, "{label}");
        }
        assert!(number("xiv").map(|(numbering, _)| numbering) != number("XIV").map(|(numbering, _)| numbering));
    }
}
