//! Language tags as `lang` may have them (BCP 47), and the direction of writing.

use std::borrow::Cow;
use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

/// The primary subtags that are registered, and the shorter ones that stand for codes of ISO 639-2.
struct Registered {
    subtags: HashSet<&'static str>,
    shorter: HashMap<&'static str, &'static str>,
}

static REGISTERED: LazyLock<Registered> = LazyLock::new(|| {
    let mut words =
        include_str!("languages.txt").lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    let subtags = words.by_ref().take_while(|word| *word != ".").collect();
    Registered { subtags, shorter: words.filter_map(|word| word.split_once('=')).collect() }
});

/// The tag as reading systems and voices know it: `en` for `eng`; nothing if it is malformed or its language is in
/// no registry, so that nobody would know how to read it (WCAG 2.1, 3.1.1 and 3.1.2).
pub(super) fn known(tag: &str) -> Option<Cow<'_, str>> {
    let tag = well_formed(tag)?;
    let (first, rest) = tag.find('-').map_or((tag, ""), |at| tag.split_at(at));
    let lower = first.to_ascii_lowercase();
    if let Some(shorter) = REGISTERED.shorter.get(lower.as_str()) {
        return Some(Cow::Owned(format!("{shorter}{rest}")));
    }
    REGISTERED.subtags.contains(lower.as_str()).then_some(Cow::Borrowed(tag))
}

/// The tag if it is well-formed, else nothing: a malformed one is an error in EPUB (§5.3.2 of EPUB 3.3).
fn well_formed(tag: &str) -> Option<&str> {
    let tag = tag.trim();
    let mut parts = tag.split('-');
    let first = parts.next()?;
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let sound = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if first.eq_ignore_ascii_case("x") {
        let rest: Vec<_> = parts.collect();
        return (!rest.is_empty() && rest.into_iter().all(sound)).then_some(tag);
    }
    if !letters(first) || !(2..=3).contains(&first.len()) {
        return None;
    }
    // After language: script (4 letters), region (2 letters or 3 digits), variants (5 to 8, or 4 with a digit
    // first), then singletons with their subtags. Order is kept by a state that only rises.
    let (mut state, mut open_singleton) = (0, false);
    for part in parts {
        if !sound(part) {
            return None;
        }
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        state = match part.len() {
            1 if !open_singleton => {
                open_singleton = true;
                4
            }
            1 => return None,
            _ if state == 4 => {
                open_singleton = false;
                4
            }
            3 if letters(part) && state == 0 => 0,
            4 if letters(part) && state == 0 => 1,
            2 if letters(part) && state <= 1 => 2,
            3 if digits && state <= 1 => 2,
            4 if part.as_bytes()[0].is_ascii_digit() && state <= 3 => 3,
            5..=8 if state <= 3 => 3,
            _ => return None,
        };
    }
    (!open_singleton).then_some(tag)
}

/// True if a tag is that of a language, wherever it is spoken.
pub(super) fn is_of(tag: &str, language: &str) -> bool {
    tag.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case(language))
}

/// True if text in this language runs from right to left.
pub(super) fn is_rtl(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    match parts.next().filter(|part| part.len() == 4) {
        Some(script) => {
            matches!(script.to_ascii_lowercase().as_str(), "arab" | "hebr" | "syrc" | "thaa" | "nkoo" | "adlm" | "aran")
        }
        None => matches!(
            language.as_str(),
            "ar" | "ara"
                | "he"
                | "heb"
                | "iw"
                | "fa"
                | "fas"
                | "per"
                | "ur"
                | "urd"
                | "yi"
                | "yid"
                | "ps"
                | "sd"
                | "ug"
                | "dv"
                | "syr"
                | "arc"
                | "ckb"
                | "ota"
                | "lad"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_formed_tags_pass() {
        for good in [
            "en",
            "grc",
            "de-1996",
            "zh-Hant-TW",
            "en-GB",
            "sl-rozaj",
            "es-419",
            "x-vale",
            "de-CH-1996",
            "la-x-medieval",
        ] {
            assert_eq!(well_formed(good), Some(good));
        }
        for bad in ["", "english", "e", "en_GB", "en-", "en-x", "en--GB", "x", "1a"] {
            assert_eq!(well_formed(bad), None, "{bad}");
        }
        for (tag, shown) in
            [("eng", "en"), ("fre-CA", "fr-CA"), ("grc", "grc"), ("de-CH-1996", "de-CH-1996"), ("iw", "iw")]
        {
            assert_eq!(known(tag).as_deref(), Some(shown));
        }
        for nowhere in ["x-vale", "qq", "qzz", "zz-Latn"] {
            assert_eq!(known(nowhere), None, "{nowhere}");
        }
        assert!(is_rtl("ar-EG") && is_rtl("az-Arab") && !is_rtl("ar-Latn") && !is_rtl("en"));
    }
}
