//! Which characters may stand where (XML 1.0 §2.2, §2.3), and how far a run of them goes.

use std::borrow::Cow;

/// White space as XML has it.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// What a byte of text asks for.
const PLAIN: u8 = 0;
const STOP: u8 = 1;
const RETURN: u8 = 2;
const BRACKET: u8 = 3;
const CONTROL: u8 = 4;
/// May begin U+FFFE or U+FFFF.
const LAST: u8 = 5;

static TEXT: [u8; 256] = {
    let mut table = [PLAIN; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = CONTROL;
        byte += 1;
    }
    table[b'\t' as usize] = PLAIN;
    table[b'\n' as usize] = PLAIN;
    table[b'\r' as usize] = RETURN;
    table[b'<' as usize] = STOP;
    table[b'&' as usize] = STOP;
    table[b']' as usize] = BRACKET;
    table[0xEF] = LAST;
    table
};

/// Where a run of characters ends, and whether it has carriage returns.
pub(super) struct Run {
    pub(super) end: usize,
    pub(super) returns: bool,
    /// What forbids the character at `end`.
    pub(super) fault: Option<String>,
}

/// True for a text, mostly any, in which `&` alone is ever written otherwise than it is read, CDATA sections aside: no
/// character is forbidden, none is a carriage return, and there is no `]]>`. Whole blocks are looked at without a branch,
/// so that the processor can take their bytes together.
pub(super) fn is_even(text: &str) -> bool {
    const BLOCK: usize = 64;
    let odd = |byte: u8| (byte < 0x20) & (byte != b'\n') & (byte != b'\t') | (byte == 0xEF);
    let bytes = text.as_bytes();
    let blocks = bytes.chunks(BLOCK).enumerate();
    let mut suspicious =
        blocks.filter(|(_, block)| block.iter().fold(0, |found, &byte| found | u8::from(odd(byte))) > 0);
    let fits = |at: usize| bytes[at] != b'\r' && forbidden(bytes, at).is_none();
    suspicious.all(|(number, block)| (number * BLOCK..number * BLOCK + block.len()).all(fits))
        && memchr::memmem::find(bytes, b"]]>").is_none()
}

/// The length of a run of characters, more than none, up to `<`, in a text that [is even](is_even), if there is no `&`
/// before it.
pub(super) fn plain(bytes: &[u8]) -> Option<usize> {
    let length = memchr::memchr2(b'<', b'&', bytes).filter(|&length| length > 0)?;
    (bytes[length] == b'<').then_some(length)
}

/// Runs over text up to `<`, `&` or the end.
pub(super) fn text(bytes: &[u8], from: usize) -> Run {
    let mut run = Run { end: from, returns: false, fault: None };
    while let Some(&byte) = bytes.get(run.end) {
        match TEXT[byte as usize] {
            PLAIN => {}
            STOP => break,
            RETURN => run.returns = true,
            BRACKET => {
                if bytes[run.end..].starts_with(b"]]>") {
                    run.fault = Some("`]]>` in text; write `]]&gt;`".to_owned());
                    break;
                }
            }
            _ => {
                if let Some(character) = forbidden(bytes, run.end) {
                    run.fault = Some(format!("the character {character} may not stand in XML"));
                    break;
                }
            }
        }
        run.end += 1;
    }
    run
}

/// The name of the character at an offset, if XML forbids it.
fn forbidden(bytes: &[u8], at: usize) -> Option<String> {
    match bytes[at] {
        b'\t' | b'\n' | b'\r' => None,
        byte if byte < 0x20 => Some(format!("U+{byte:04X}")),
        0xEF if bytes[at..].starts_with(b"\xEF\xBF\xBE") => Some("U+FFFE".to_owned()),
        0xEF if bytes[at..].starts_with(b"\xEF\xBF\xBF") => Some("U+FFFF".to_owned()),
        _ => None,
    }
}

/// The first forbidden character of a comment, instruction, section or value: its offset and name.
pub(super) fn forbidden_in(text: &str) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().find_map(|(at, &byte)| match TEXT[byte as usize] {
        CONTROL | LAST => forbidden(bytes, at).map(|name| (at, name)),
        _ => None,
    })
}

/// Turns `\r\n` and `\r` into `\n` (XML 1.0 §2.11).
pub(super) fn normalize(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return text;
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

const NAME_START: u8 = 1;
const NAME: u8 = 2;

/// May be in a name, if the character is: the first byte of one that is not ASCII.
const NAME_PERHAPS: u8 = 3;

static NAMES: [u8; 256] = {
    let mut table = [NAME_PERHAPS; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' | b':' => NAME_START,
            b'0'..=b'9' | b'-' | b'.' => NAME,
            _ => 0,
        };
        byte += 1;
    }
    table
};

fn starts_name(character: char) -> bool {
    match character {
        '\0'..='\x7F' => NAMES[character as usize] == NAME_START,
        '\u{C0}'..='\u{D6}'
        | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}' => true,
        _ => false,
    }
}

fn continues_name(character: char) -> bool {
    match character {
        '\0'..='\x7F' => NAMES[character as usize] != 0,
        '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}' => true,
        _ => starts_name(character),
    }
}

/// Where the name that begins at an offset ends; the offset itself if none begins there.
pub(super) fn name(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let class = |at: usize| bytes.get(at).map_or(0, |&byte| NAMES[byte as usize]);
    if matches!(class(from), 0 | NAME) {
        return from;
    }
    let mut at = from;
    loop {
        while matches!(class(at), NAME_START | NAME) {
            at += 1;
        }
        let Some(character) = text[at..].chars().next().filter(|character| !character.is_ascii()) else { return at };
        let fits = if at == from { starts_name(character) } else { continues_name(character) };
        if !fits {
            return at;
        }
        at += character.len_utf8();
    }
}

/// True for a `Name` (XML 1.0 §2.3).
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && name(text, 0) == text.len()
}

/// True for a name without a colon (Namespaces in XML 1.0 §3).
pub fn is_ncname(text: &str) -> bool {
    is_name(text) && !text.contains(':')
}

/// A text as a name without colons (Namespaces in XML 1.0 §3): what no such name may hold becomes `_`.
pub fn as_ncname(text: &str) -> String {
    let fits = |character: char| character != ':' && continues_name(character);
    let mut name: String = text.chars().map(|character| if fits(character) { character } else { '_' }).collect();
    if !is_ncname(&name) {
        name.insert(0, '_');
    }
    name
}

/// Skips white space.
pub(super) fn space(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_said_becomes_a_name() {
        for (said, name) in
            [("when", "when"), ("wh\u{B2}n", "wh_n"), ("\u{AA}", "_"), ("1a", "_1a"), ("", "_"), ("é:b", "é_b")]
        {
            assert_eq!(as_ncname(said), name, "{said:?}");
        }
        for character in (0..0x3000).filter_map(char::from_u32) {
            assert!(is_ncname(&as_ncname(&format!("a{character}"))), "{character:?}");
        }
    }
}
