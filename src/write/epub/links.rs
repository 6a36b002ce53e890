//! What a link may point to, and what it is called.

use crate::model::{Block, Inline};

/// The words of some inlines, notes and page breaks left out, white space collapsed.
pub(super) fn plain_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    collect(inlines, &mut text);
    squeezed(&text)
}

/// The words of a text with one space between them.
pub(super) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True if there is a character to be seen, notes aside.
pub(super) fn has_text(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match inline {
        Inline::Text(text) => !text.trim().is_empty(),
        Inline::Nested(_) => true,
        _ => inline.children().is_some_and(has_text),
    })
}

fn collect(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(words) => text.push_str(words),
            Inline::Nested(block) => collect_block(block, text),
            Inline::Milestone(milestone) if !milestone.inside_word => text.push(' '),
            _ => collect(inline.children().unwrap_or_default(), text),
        }
    }
}

fn collect_block(block: &Block, text: &mut String) {
    struct Words<'t>(&'t mut String);
    impl<'a> crate::model::visit::Visit<'a> for Words<'_> {
        fn block(&mut self, block: &'a Block) {
            if !matches!(block, Block::Note(_)) {
                self.0.push(' ');
                crate::model::visit::walk_block(self, block);
            }
        }
        fn inline(&mut self, inline: &'a Inline) {
            match inline {
                Inline::Text(words) => self.0.push_str(words),
                Inline::Note(_) => {}
                _ => crate::model::visit::walk_inline(self, inline),
            }
        }
    }
    crate::model::visit::Visit::block(&mut Words(text), block);
}

/// True if a block stands somewhere among some inlines.
pub(super) fn holds_block(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match inline {
        Inline::Nested(_) => true,
        _ => inline.children().is_some_and(holds_block),
    })
}

/// A URI as a link outside the book may have it, what is not allowed in it percent-encoded; `None` if a reading
/// system could not follow it.
pub(super) fn outside(uri: &str) -> Option<String> {
    let uri = uri.trim();
    let (scheme, rest) = uri.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => {
            let rest = rest.strip_prefix("//")?;
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let sound = host.split_once(':').map_or((host, ""), |(name, port)| (name, port));
            let name = sound.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
            let starts = sound.0.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
            let number =
                sound.0.split('.').next_back().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
            if !name
                || !starts
                || number
                || sound.0.contains("..")
                || !sound.1.bytes().all(|byte| byte.is_ascii_digit())
            {
                return None;
            }
        }
        "mailto" if rest.contains('@') => {}
        _ => return None,
    }
    Some(encoded(uri))
}

/// Percent-encodes what RFC 3986 allows nowhere, and all but the first `#`.
fn encoded(uri: &str) -> String {
    let mut encoded = String::with_capacity(uri.len());
    let mut fragment = false;
    let bytes = uri.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let triplet =
            byte == b'%' && bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        let first_hash = byte == b'#' && !fragment;
        fragment |= byte == b'#';
        if triplet || first_hash || byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::outside;

    #[test]
    fn links_are_followed_only_where_a_reading_system_can() {
        assert_eq!(outside("https://vale.example/a b#c#d").as_deref(), Some("https://vale.example/a%20b#c%23d"));
        assert_eq!(outside("https://vale.example/%41%zz").as_deref(), Some("https://vale.example/%41%25zz"));
        for bad in ["notes.xml#n1", "http://", "http://a b/", "file:///etc", "javascript:alert(1)", "http:x", "n:1"] {
            assert_eq!(outside(bad), None, "{bad}");
        }
    }
}
