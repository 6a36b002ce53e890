//! The file of decisions as TOML: read by the rules of serde, written so that a person likes to read it.

use std::fmt::Write as _;

use super::{Decision, Decisions, Place, VERSION};

/// Why a file of decisions can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Fault {
    /// The line of the fault, from 1.
    pub line: usize,
    /// What was found, and what was expected.
    pub message: String,
}

impl Decisions {
    /// Reads a file of decisions.
    ///
    /// # Errors
    /// A [`Fault`] if it is no TOML, has keys that no decision has, or is of a later version.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let read: Self = toml::from_str(text).map_err(|cause| Fault {
            line: cause.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            message: cause.message().trim().replace('\n', "; "),
        })?;
        if read.version > VERSION {
            let message = format!("version {} was found; this program knows version {VERSION}", read.version);
            return Err(Fault { line: 1, message });
        }
        if let Some(lost) =
            read.all.iter().find(|decision| (decision.verdict == super::Verdict::Move) != decision.to.is_some())
        {
            let message = format!("a `move`, and nothing else, says where `to` ({})", lost.in_words());
            return Err(Fault { line: 1, message });
        }
        if let Some(lost) = read.all.iter().find(|decision| !decision.has_its_value()) {
            let message = format!("a `correct` of a date, and nothing else, has a `value` ({})", lost.in_words());
            return Err(Fault { line: 1, message });
        }
        Ok(read)
    }

    /// The file in its written form; [`Self::parse`] reads it back to the same.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        let name = self.source.as_deref().unwrap_or("the source");
        let _ = writeln!(
            out,
            "# Decisions about {}. apograph honours them whenever it reads that file,\n\
             # and never changes the file itself. The words name each place; line and byte are hints.\n\
             version = {VERSION}",
            name.replace(char::is_control, " ")
        );
        if let Some(source) = &self.source {
            let _ = writeln!(out, "source = {}", quoted(source));
        }
        self.all.iter().for_each(|decision| push(&mut out, decision));
        out
    }
}

fn push(out: &mut String, decision: &Decision) {
    let _ = write!(
        out,
        "\n[[decision]]\nkind = \"{}\"\nverdict = \"{}\"\n",
        decision.kind.as_str(),
        decision.verdict.as_str()
    );
    let mut text = |key: &str, value: &Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {}", quoted(value));
        }
    };
    text("note", &decision.note);
    text("value", &decision.value.map(|value| value.to_string()));
    text("by", &decision.by);
    text("comment", &decision.comment);
    let places = [("at", Some(&decision.at)), ("entry", decision.entry.as_ref()), ("to", decision.to.as_ref())];
    for (key, place) in places {
        if let Some(place) = place {
            let _ = writeln!(out, "{key} = {}", inline(place));
        }
    }
}

fn inline(place: &Place) -> String {
    let Place { line, byte, before, quote, after } = place;
    let (before, quote, after) = (quoted(before), quoted(quote), quoted(after));
    format!("{{ line = {line}, byte = {byte}, before = {before}, quote = {quote}, after = {after} }}")
}

/// A basic string on one line (TOML 1.0, "String").
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            character if character.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Kind, Verdict};
    use super::*;

    fn place() -> impl Strategy<Value = Place> {
        let text =
            || proptest::string::string_regex("[ -~\\t\\n\\x7f\\x01äß“”]{0,12}").unwrap_or_else(|_| unreachable!());
        (0usize..90, 0usize..9000, text(), text(), text()).prop_map(|(line, byte, before, quote, after)| Place {
            line,
            byte,
            before,
            quote,
            after,
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(at in place(), to in place(), source in proptest::option::of("[ -~]{1,20}")) {
            let decision = Decision {
                kind: Kind::NoteMarker,
                verdict: Verdict::Move,
                note: Some("3".to_owned()),
                at: at.clone(),
                entry: Some(at.clone()),
                to: Some(to),
                value: None,
                by: Some("A. \"Moor\"".to_owned()),
                comment: None,
            };
            let accepted = Decision { kind: Kind::Date, verdict: Verdict::Accept, to: None, entry: None, ..decision.clone() };
            let value = "1931-05-04/..".parse().ok();
            let corrected = Decision { verdict: Verdict::Correct, value, ..accepted.clone() };
            let written = Decisions { version: VERSION, source, all: vec![decision, accepted, corrected], partial: false };
            prop_assert_eq!(Decisions::parse(&written.to_toml()), Ok(written));
        }
    }

    #[test]
    fn a_fault_has_its_line() {
        let fault = Decisions::parse("version = 1\n\n[[decision]]\nkind = \"weather\"\n");
        assert!(fault.is_err_and(|fault| fault.line == 4 && fault.message.contains("note-marker")), "kinds are listed");
        let later = Decisions::parse("version = 99\n");
        assert!(later.is_err_and(|fault| fault.message.contains("99")));
        assert!(Decisions::parse("verdikt = 1").is_err());
        let date = "[[decision]]\nkind = \"date\"\nverdict = \"correct\"\nat = { quote = \"May 4\" }\n";
        assert!(Decisions::parse(date).is_err_and(|fault| fault.message.contains("value")));
        assert!(Decisions::parse(&format!("{date}value = \"1931-02-30\"\n")).is_err_and(|fault| fault.line == 5));
        assert!(Decisions::parse(&format!("{date}value = \"1931-05-04\"\n")).is_ok());
    }
}
