//! The document's heading and number, what stands before it, and sub-headings within the text.

/// The number with which a heading begins, without its stop: `159` of `159. Message From …`.
pub(super) fn number(heading: &str) -> Option<&str> {
    let stop = heading.find('.')?;
    let number = &heading[..stop];
    let digits = number.trim_start_matches('[').bytes().take_while(u8::is_ascii_digit).count();
    let rest = &number[digits..];
    let plausible = (1..=6).contains(&digits)
        && (rest.is_empty() || (rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_alphabetic())));
    (plausible && heading[stop + 1..].starts_with(char::is_whitespace)).then_some(number)
}

/// True for the title of a document as editions of correspondence and state papers give it, without its number:
/// `Telegram From …`, `Memorandum of Conversation`, `Editorial Note`.
pub(super) fn is_document_title(title: &str) -> bool {
    const KINDS: [&str; 41] = [
        "Telegram",
        "Circular",
        "Memorandum",
        "Memoranda",
        "Letter",
        "Message",
        "Paper",
        "Minutes",
        "Notes",
        "Note",
        "Despatch",
        "Dispatch",
        "Airgram",
        "Report",
        "Record",
        "Summary",
        "Statement",
        "Editorial",
        "Instruction",
        "Draft",
        "Transcript",
        "Address",
        "Remarks",
        "Conversation",
        "Backchannel",
        "Action",
        "Information",
        "Briefing",
        "Study",
        "Talking",
        "Executive",
        "Joint",
        "Agreement",
        "Position",
        "Extract",
        "Extracts",
        "Diary",
        "Intelligence",
        "Special",
        "Proceedings",
        "Resolution",
    ];
    let first = title.split([' ', ',']).next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
    let sent = |from: &str| {
        title.find(from).is_some_and(|at| title[at..].contains(" to ") || title[at..].contains(" to the "))
    };
    title.starts_with(|c: char| c.is_uppercase() || c == '[')
        && (KINDS.contains(&first.trim_matches(['[', ']']))
            || [" From ", " from ", " by "].into_iter().any(sent)
            || title.starts_with("The ") && title.contains(" to the ")
            || title.contains(" Memorandum ")
            || title.contains(" Telegram "))
}

/// True for the line above a heading that says in which file the document lies.
pub(super) fn is_source_line(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    if number(line).is_some() || line.len() > 240 {
        return false;
    }
    let decimal = is_file_number(line);
    decimal
        || [" lot ", "lot file", "lot no", " files", " file,", "library", "papers", " records", "collection"]
            .iter()
            .any(|word| lower.contains(word))
        || lower.ends_with(" file")
        || lower.ends_with(": telegram")
}

/// `501.BC Indonesia/1–2149`, `103 FOA/11–1954`, `900.521/3–652`
fn is_file_number(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &line[digits..];
    let filed = rest.starts_with('/')
        || rest.starts_with('.') && rest[1..].starts_with(|c: char| c.is_alphanumeric())
        || rest.starts_with(' ') && rest[1..].starts_with(|c: char| c.is_ascii_uppercase());
    let dated = rest.contains('/') && rest.len() < 60 && rest.bytes().any(|byte| byte.is_ascii_digit())
        || rest.contains(['–', '-']) && rest.len() < 24;
    (2..=3).contains(&digits) && filed && dated
        || line.split([' ', ':']).next().is_some_and(|word| word.contains('.') && word.contains('/') && digits > 0)
}

/// What follows a line that may be a sub-heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A paragraph of some length.
    Long,
    /// A short paragraph that is a sentence or two.
    Sentence,
    /// A short line.
    Short,
    /// A list, or the line that names one.
    List,
    /// A table.
    Table,
    /// Nothing.
    End,
}

/// True for a paragraph of a sentence or two: not a line of a list, a name or a title.
pub(super) fn is_sentence(words: &str) -> bool {
    let bare = words.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    bare.len() >= 50 && bare.ends_with(['.', ':', '?', '!', '”', ')']) && bare.split_whitespace().count() >= 9
}

/// True for a short line that looks like a sub-heading: no sentence, no item, words with capitals.
pub(super) fn is_sub_heading(line: &str, next: Next) -> bool {
    let line = line.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '*');
    let letters = || line.chars().filter(|c| c.is_alphabetic());
    if line.len() > 130 || letters().count() < 3 || matches!(next, Next::End | Next::List) || is_code(line) {
        return false;
    }
    let Some(last) = line.chars().next_back() else { return false };
    if is_classification(line) || is_salutation(line) || matches!(last, ',' | ';' | '”' | '?' | '!' | '—' | ']') {
        return false;
    }
    let (number, bare) = numbering(line);
    let named = is_title_case(bare);
    let usual = is_usual(bare.trim_end_matches([':', '.']));
    if letters().all(char::is_uppercase) {
        return usual || matches!(next, Next::Long | Next::Table) || number == Number::Roman;
    }
    if number == Number::Other || !named && !usual {
        return false;
    }
    match (last, number, next) {
        (':', ..) => usual,
        ('.', Number::Roman, _) => bare.len() < 60,
        ('.' | ')', ..) => false,
        (_, Number::Arabic, Next::Short | Next::Sentence) => false,
        (_, Number::None, Next::Short) => usual,
        (_, Number::None, Next::Sentence) => {
            usual || bare.split_whitespace().count() <= 6 && !bare.contains([':', '/', '“'])
        }
        _ => true,
    }
}

/// `Secret`, `Limited Official Use`, `Top Secret; Nodis`.
pub(super) fn is_classification(line: &str) -> bool {
    const WORDS: [&str; 12] = [
        "secret",
        "top secret",
        "confidential",
        "restricted",
        "unclassified",
        "official use only",
        "limited official use",
        "eyes only",
        "personal",
        "priority",
        "niact",
        "sensitive",
    ];
    let lower = line.to_ascii_lowercase();
    line.len() < 60 && WORDS.iter().any(|word| lower.starts_with(word)) && !lower.ends_with('.')
}

/// `Dear Mr. President:`
pub(super) fn is_salutation(line: &str) -> bool {
    line.len() < 90
        && line.ends_with([':', ',', '—', '-'])
        && [
            "Dear ",
            "My dear ",
            "My Dear ",
            "Sir",
            "Your Excellency",
            "Excellency",
            "Mr. President",
            "Gentlemen",
            "Mr. Secretary",
        ]
        .iter()
        .any(|word| line.starts_with(word))
}

/// `CA–8615`, `EDAC M–55`, `No. 85`: the mark of a paper.
fn is_code(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let digits = line.bytes().any(|byte| byte.is_ascii_digit()) || line.ends_with(['–', '-', '/']);
    digits && words.len() <= 4 && !words.iter().any(|word| word.chars().filter(|c| c.is_lowercase()).count() >= 3)
        || line.starts_with("No.")
        || line.ends_with("No.")
}

/// Headings that stand in one document after the other.
fn is_usual(words: &str) -> bool {
    matches!(
        words.to_ascii_lowercase().as_str(),
        "recommendation"
            | "recommendations"
            | "discussion"
            | "problem"
            | "the problem"
            | "background"
            | "conclusion"
            | "conclusions"
            | "summary"
            | "introduction"
            | "comment"
            | "comments"
            | "decision"
            | "decisions"
            | "issue"
            | "issues"
            | "objectives"
            | "objective"
            | "facts"
            | "analysis"
            | "assessment"
            | "proposal"
            | "proposals"
            | "staff recommendation"
            | "courses of action"
            | "action"
            | "course of action"
            | "policy"
            | "present situation"
            | "status"
            | "scope"
            | "purpose"
            | "key judgments"
            | "options"
            | "procedures"
            | "participants’ views"
            | "facts bearing on the problem"
            | "problems"
    )
}

fn is_title_case(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
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
                | "’s"
        )
    };
    let named = words.iter().filter(|word| !small(word)).all(|word| {
        let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        word.is_empty() || word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    });
    words.len() <= 16 && named && line.starts_with(|c: char| c.is_alphabetic())
}

/// What kind of number stands before a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    None,
    Arabic,
    Roman,
    Letter,
    Other,
}

/// The kind of number before a line, and the line without it.
fn numbering(line: &str) -> (Number, &str) {
    if line.starts_with(['(', '—', '–', '-', '•', '“', '…', '*', '[']) {
        return (Number::Other, line);
    }
    let Some((number, rest)) = line.split_once(['.', '—', ')']) else { return (Number::None, line) };
    let rest = rest.trim_start();
    if number.is_empty() || number.len() > 5 || rest.is_empty() {
        return (Number::None, line);
    }
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        (Number::Arabic, rest)
    } else if number.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X')) {
        (Number::Roman, rest)
    } else if number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_uppercase()) {
        (Number::Letter, rest)
    } else if number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_lowercase()) {
        (Number::Other, rest)
    } else {
        (Number::None, line)
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
