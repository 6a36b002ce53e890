//! Media overlays (EPUB 3.3, section 9): what an overlay says and plays, and clock values.

use super::content::{Document, Kind, Reference};
use super::desk::{Desk, Page};
use super::property::{Prefixes, Use};
use super::rule;
use super::tree::Tree;
use super::url::{self, Target};

/// The namespace of overlays.
pub(super) const SMIL: &str = "http://www.w3.org/ns/SMIL";
const OPS: &str = "http://www.idpf.org/2007/ops";

/// Reads an overlay: the places of texts and the sounds that it speaks of.
pub(super) fn read(path: &str, tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) -> Document<'static> {
    let mut document = Document::new(path);
    let root = tree.root();
    let prefix = root.and_then(|root| root.attribute_of(OPS, "prefix"));
    let span = root.map_or_else(Default::default, |root| root.span);
    let prefixes = Prefixes::read(prefix.map(|prefix| prefix.value.as_ref()), true, page, span, desk);
    for element in &tree.elements {
        if let Some(id) = element.get("id") {
            document.add_id(id, Kind::Link);
        }
        if let Some(kinds) = element.get_of(OPS, "type") {
            prefixes.check(kinds, Use::Type, page, element.span, desk);
        }
        if let Some(text) = element.attribute_of(OPS, "textref") {
            let address = url::resolve(path, None, &text.value);
            document.references.push(Reference::new(Kind::OverlayText, &text.value, address, text.span));
        }
        let kind = match element.within(SMIL) {
            "text" => Kind::OverlayText,
            "audio" => {
                clip(element.get("clipBegin"), element.get("clipEnd"), page, element.span, desk);
                Kind::OverlayAudio
            }
            _ => continue,
        };
        let Some(source) = element.attribute("src") else { continue };
        let address = url::resolve(path, None, &source.value);
        document.uses.remote |= matches!(address.target, Target::Remote(_));
        document.references.push(Reference::new(kind, &source.value, address, source.span));
    }
    document
}

fn clip(begin: Option<&str>, end: Option<&str>, page: &Page<'_>, span: crate::source::Span, desk: &mut Desk<'_>) {
    let begin = begin.map_or(Some(0), clock);
    let (Some(begin), Some(end)) = (begin, end.and_then(clock)) else { return };
    if begin > end {
        desk.tell(&rule::OVERLAY_ORDER, page, span, "the clip ends before it begins");
    } else if begin == end {
        desk.tell(&rule::OVERLAY_EMPTY, page, span, "the clip ends where it begins");
    }
}

/// A clock value in milliseconds (SMIL 3.0, section 5.4.1): `0:32:29.5`, `7:45`, `12.3s`, `15min`, `300ms`.
pub(super) fn clock(value: &str) -> Option<u64> {
    let value = value.trim();
    let number = |text: &str| {
        let valid = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        text.parse::<f64>().ok().filter(|_| valid && !text.starts_with('.') && !text.ends_with('.'))
    };
    let milliseconds = |seconds: f64| (seconds * 1000.0).round() as u64;
    if value.contains(':') {
        let parts = value.split(':').collect::<Vec<_>>();
        let (hours, minutes, seconds) = match parts.as_slice() {
            [minutes, seconds] if minutes.len() == 2 => ("0", *minutes, *seconds),
            [hours, minutes, seconds] if minutes.len() == 2 => (*hours, *minutes, *seconds),
            _ => return None,
        };
        let whole = |text: &str| text.parse::<u32>().ok().map(f64::from);
        let two = seconds.split('.').next().is_some_and(|whole| whole.len() == 2);
        let (hours, minutes, seconds) = (whole(hours)?, whole(minutes)?, number(seconds)?);
        return (two && minutes < 60.0 && seconds < 60.0)
            .then(|| milliseconds(hours * 3600.0 + minutes * 60.0 + seconds));
    }
    for (unit, factor) in [("ms", 0.001), ("min", 60.0), ("h", 3600.0), ("s", 1.0), ("", 1.0)] {
        if let Some(count) = value.strip_suffix(unit) {
            return number(count).map(|count| milliseconds(count * factor));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_values_have_several_forms() {
        for (value, expected) in [
            ("0:32:29.5", Some(1_949_500)),
            ("07:45", Some(465_000)),
            ("12.3s", Some(12_300)),
            ("15min", Some(900_000)),
            ("300ms", Some(300)),
            ("2h", Some(7_200_000)),
            ("76", Some(76_000)),
            ("1:00", None),
            ("0:61:00", None),
            ("foo", None),
            ("s", None),
        ] {
            assert_eq!(clock(value), expected, "{value}");
        }
    }
}
