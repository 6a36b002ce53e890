//! The document's heading and number, what stands before it, and sub-headings within the text.

/// The number with which a heading begins, without its stop: `159` of `159. Message From …`.
pub(super) fn number(heading: &str) -> Option<&str> {
    let stop = heading.find('.')?;
    let number = &heading[..stop];
    let digits = number.trim_start_matches('[').bytes().take_while(u8::is_ascii_digit).count();
    let rest = &number[digits..];
    let plausible = (1..=4).contains(&digits)
        && (rest.is_empty() || (rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_alphabetic())));
    (plausible && heading[stop + 1..].starts_with(char::is_whitespace)).then_some(number)
}

/// True for the line above a heading that says in which file the document lies.
pub(super) fn is_source_line(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    if number(line).is_some() || line.len() > 240 {
        return false;
    }
    let decimal = line.split([' ', ':']).any(|word| {
        word.contains('/')
            && word.bytes().filter(u8::is_ascii_digit).count() >= 3
            && word.starts_with(|c: char| c.is_ascii_digit())
    });
    let decimal = decimal
        || line.split([' ', ':']).next().is_some_and(|word| {
            word.bytes().filter(u8::is_ascii_digit).count() >= 3
                && word.contains('.')
                && word.starts_with(|c: char| c.is_ascii_digit())
        });
    decimal
        || [" lot ", "lot file", "lot no", " files", " file,", "library", "papers", " records", "collection"]
            .iter()
            .any(|word| lower.contains(word))
        || lower.ends_with(" file")
        || lower.ends_with(": telegram")
}

/// True for a short line that looks like a sub-heading: no sentence, no item, words with capitals.
pub(super) fn is_sub_heading(line: &str) -> bool {
    let line = line.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '*');
    if line.len() > 120 || line.is_empty() {
        return false;
    }
    let last = line.chars().next_back().unwrap_or(' ');
    if matches!(last, '.' | ',' | ';' | '”' | '?' | '!' | '—') {
        return false;
    }
    if line.starts_with(['—', '-', '–', '•', '“', '(', '…', '*']) && !line.starts_with("(") {
        return false;
    }
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 3 {
        return false;
    }
    if line.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase) {
        return true;
    }
    let bare = numbering(line);
    let words: Vec<&str> = bare.split_whitespace().collect();
    if words.len() > 14 {
        return false;
    }
    let small = |word: &&str| {
        matches!(
            word.trim_matches(|c: char| !c.is_alphanumeric()),
            "of" | "the"
                | "and"
                | "to"
                | "in"
                | "for"
                | "on"
                | "with"
                | "by"
                | "at"
                | "from"
                | "a"
                | "an"
                | "as"
                | "or"
                | "de"
                | "its"
                | "into"
                | "between"
                | "toward"
                | "towards"
                | "under"
                | "vs"
                | "v"
                | "over"
                | "re"
                | "through"
                | "upon"
        )
    };
    let named = words.iter().filter(|word| !small(word)).all(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        word.is_empty() || word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    });
    named && bare.starts_with(|c: char| c.is_alphabetic() || c == '(')
}

/// A line without the `1.`, `A.`, `IV.` before it.
fn numbering(line: &str) -> &str {
    match line.split_once(". ") {
        Some((number, rest)) if number.len() <= 4 && number.chars().all(char::is_alphanumeric) => rest,
        _ => line,
    }
}

/// True for the line that announces an attachment: `[Attachment]`, `Tab A`, `[Enclosure 2]`, `Annex`.
pub(super) fn is_attachment(line: &str) -> bool {
    let bare = line.trim_matches(['[', ']', '(', ')', ' ', '.', ':', '—']);
    let first = bare.split([' ', '—', ',', ':']).next().unwrap_or_default().to_ascii_lowercase();
    let first = first.trim_end_matches(|c: char| c.is_ascii_digit() || c == ']');
    bare.len() <= 48
        && matches!(
            first,
            "attachment"
                | "enclosure"
                | "annex"
                | "appendix"
                | "tab"
                | "subenclosure"
                | "sub-enclosure"
                | "inclosure"
                | "attachments"
                | "annexure"
                | "enclosures"
                | "appendices"
        )
        && !line.ends_with('.')
}
