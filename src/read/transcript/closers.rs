//! Valediction and signature at a document's end.

/// True for the line of a signature: a name, perhaps marked as signed.
pub(super) fn is_signature(line: &str) -> bool {
    let line = line.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '*');
    if line.is_empty() || line.len() > 64 || line.ends_with([',', ':', ';']) {
        return false;
    }
    let lower = line.to_ascii_lowercase();
    if lower.starts_with("/s/")
        || lower.ends_with(" signed]")
        || lower.starts_with("[signed")
        || lower.starts_with("s/")
        || lower.starts_with("(signed")
        || lower.starts_with("signed ")
    {
        return true;
    }
    if line.chars().any(|c| c.is_ascii_digit() || matches!(c, '…' | '$' | '/' | '—' | '–' | '?' | '!' | ';')) {
        return false;
    }
    let bare = line.trim_matches(['[', ']', '(', ')']);
    let words: Vec<&str> = bare.split_whitespace().collect();
    if words.is_empty() || words.len() > 6 {
        return false;
    }
    let initials = words.len() == 1 && line.matches('.').count() >= 2;
    if line.ends_with('.') && !initials && words.last().is_none_or(|last| last.len() > 3) {
        return false;
    }
    if is_no_name(&words) {
        return false;
    }
    words.iter().all(|word| {
        let core = word.trim_matches(['.', ',', '[', ']', '(', ')', '“', '”', '"', '\'']);
        core.starts_with(char::is_uppercase)
            || matches!(
                core,
                "de" | "von"
                    | "van"
                    | "der"
                    | "del"
                    | "la"
                    | "du"
                    | "bin"
                    | "ibn"
                    | "al"
                    | "el"
                    | "y"
                    | "and"
                    | "the"
                    | "of"
                    | "to"
                    | "ter"
                    | "le"
                    | "da"
                    | "dos"
                    | ""
            )
    })
}

fn is_no_name(words: &[&str]) -> bool {
    let first = words[0].trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    let sentence = matches!(
        first.as_str(),
        "attachment"
            | "enclosure"
            | "tab"
            | "annex"
            | "appendix"
            | "end"
            | "here"
            | "omitted"
            | "text"
            | "note"
            | "conclusion"
            | "conclusions"
            | "recommendation"
            | "recommendations"
            | "discussion"
            | "summary"
            | "background"
            | "subject"
            | "participants"
            | "comment"
            | "action"
            | "secret"
            | "top"
            | "confidential"
            | "unclassified"
            | "approve"
            | "approved"
            | "disapprove"
            | "disapproved"
            | "none"
            | "enclosures"
            | "attachments"
            | "limited"
            | "annexes"
            | "draft"
            | "copy"
            | "introduction"
            | "table"
            | "part"
            | "section"
            | "chapter"
            | "editorial"
            | "see"
            | "agree"
            | "yes"
            | "no"
            | "washington"
            | "cc"
            | "illegible"
            | "issue"
            | "problem"
            | "facts"
            | "option"
            | "other"
    );
    sentence
}

/// True for the words before a signature: `Sincerely yours,`.
pub(super) fn is_valediction(line: &str) -> bool {
    let lower = line.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_ascii_lowercase();
    lower.len() <= 80
        && lower.ends_with([',', ':', '.'])
        && [
            "sincerely",
            "faithfully",
            "respectfully",
            "truly",
            "cordially",
            "regards",
            "wishes",
            "yours",
            "best",
            "obediently",
            "very",
        ]
        .iter()
        .any(|word| lower.contains(word))
        && lower.split_whitespace().count() <= 10
}

/// True for a line behind a signature that is none of its own: who set a mark, what goes along, to whom it went.
pub(super) fn is_behind_name(line: &str) -> bool {
    let lower = line.trim_start_matches(['[', '(']).to_ascii_lowercase();
    line.starts_with('(')
        || line.starts_with('[') && line.ends_with(']') && lower.contains("initialed")
        || [
            "attachment",
            "enclosure",
            "his excellency",
            "her excellency",
            "the honorable",
            "the president",
            "cc:",
            "copies to",
            "copy to",
        ]
        .iter()
        .any(|word| lower.starts_with(word))
}

/// True for a line that stands for a signature's first line: `[signed]`, `For the Acting Secretary of State:`
pub(super) fn is_before_name(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    matches!(lower.as_str(), "[signed]" | "(signed)" | "signed" | "[signed for]" | "/s/")
        || (lower.starts_with("for the ") && lower.ends_with(':'))
        || (lower.starts_with('[') && lower.ends_with("for]"))
}
