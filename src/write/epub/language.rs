//! Language tags as `lang` may have them (BCP 47), and the direction of writing.

/// The tag if it is well-formed, else nothing: a malformed one is an error in EPUB (§5.3.2 of EPUB 3.3).
pub(super) fn well_formed(tag: &str) -> Option<&str> {
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
        assert!(is_rtl("ar-EG") && is_rtl("az-Arab") && !is_rtl("ar-Latn") && !is_rtl("en"));
    }
}
