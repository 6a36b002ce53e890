//! What the parser reports, and what it refuses.

use super::*;

/// Events in short: `<p n=1`, `>`, `'text'`, `!comment`, `?instruction`; or the failure's message at its offset.
fn events(text: &str) -> String {
    let mut parser = Parser::new(text);
    let mut out = Vec::new();
    loop {
        match parser.next() {
            Ok(None) => return out.join(" "),
            Ok(Some(event)) => out.push(short(event)),
            Err(failure) => {
                let at = failure.span().map_or(0, |span| span.start);
                return format!("{failure} @{at}");
            }
        }
    }
}

fn short(event: Event<'_>) -> String {
    match event {
        Event::Start { name, attributes, .. } => {
            let attributes = attributes.iter().map(|a| format!(" {}={}", a.name.qualified(), a.value));
            format!("<{}{}", name.qualified(), attributes.collect::<String>())
        }
        Event::End { .. } => ">".to_owned(),
        Event::Text { text, .. } => format!("'{text}'"),
        Event::Comment { text, .. } => format!("!{text}"),
        Event::Instruction { text, .. } => format!("?{text}"),
        Event::Doctype { text, .. } => format!("D{text}"),
    }
}

#[test]
fn text_is_joined_across_references_and_sections() {
    assert_eq!(events("<a>x &amp; <![CDATA[<y>]]>&#x41;\r\nz<b/>w</a>"), "<a 'x & <y>A\nz' <b > 'w' >");
}

#[test]
fn attribute_values_are_normalized() {
    assert_eq!(events("<a b=' 1\r\n\t2&#10;&lt;' c=\"'\"/>"), "<a b= 1  2\n< c=' >");
}

#[test]
fn entities_of_the_internal_subset_are_expanded() {
    let dtd =
        "<!DOCTYPE a [<!ENTITY e '1&#38;f;'><!ENTITY f '<b>]</b>'><!ATTLIST a d CDATA 'x &quot;' t NMTOKEN #IMPLIED>]>";
    let found = events(&format!("{dtd}<a t=' k '>0&e;2</a>"));
    assert!(found.ends_with("<a t=k d=x \" '01' <b ']' > '2' >"), "{found}");
    let bomb = "<!DOCTYPE a [<!ENTITY a0 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'>";
    let mut bomb = bomb.to_owned();
    for level in 1..16 {
        bomb.push_str(&format!("<!ENTITY a{level} '{}'>", format!("&a{};", level - 1).repeat(10)));
    }
    assert!(events(&format!("{bomb}]><a>&a15;</a>")).starts_with("beyond the limit"));
    assert!(events(&format!("{bomb}]><a b='&a15;'/>")).starts_with("beyond the limit"));
    assert!(events("<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '&e;'>]><a>&e;</a>").contains("refers to itself"));
}

#[test]
fn namespaces_are_resolved() -> Result<(), Failure> {
    let mut parser = Parser::new("<a xmlns='urn:1' xmlns:p='urn:2' p:x='' x=''><p:b xmlns=''><c/></p:b></a>");
    let mut names = Vec::new();
    while let Some(event) = parser.next()? {
        if let Event::Start { name, attributes, .. } = event {
            names.push(format!("{{{}}}{}", name.uri(), name.local()));
            names.extend(attributes.iter().map(|a| format!("@{{{}}}{}", a.name.uri(), a.name.local())));
        }
    }
    let expected = [
        "{urn:1}a",
        "@{http://www.w3.org/2000/xmlns/}xmlns",
        "@{http://www.w3.org/2000/xmlns/}p",
        "@{urn:2}x",
        "@{}x",
        "{urn:2}b",
        "@{http://www.w3.org/2000/xmlns/}xmlns",
        "{}c",
    ];
    assert_eq!(names, expected);
    Ok(())
}

#[test]
fn what_is_not_well_formed_is_refused_at_its_place() {
    let cases = [
        ("", "no root element @0"),
        ("<!-- -->", "no root element @8"),
        ("<a>", "`<a>` is never closed @0"),
        ("<a><b></a>", "`</a>` where `<b>` is open @6"),
        ("<a/><b/>", "a second root element `<b>` @4"),
        ("<a/>x", "text outside the root element @4"),
        ("x<a/>", "text outside the root element @0"),
        ("<a/><![CDATA[x]]>", "a CDATA section outside the root element @4"),
        ("</a>", "`</a>` closes nothing @0"),
        ("<a>\u{1}</a>", "the character U+0001 may not stand in XML @3"),
        ("<a b='\u{FFFF}'/>", "the character U+FFFF may not stand in XML @6"),
        ("<a>]]></a>", "`]]>` in text; write `]]&gt;` @3"),
        ("<a b='<'/>", "`<` in the value of an attribute; write `&lt;` @6"),
        ("<a b=1/>", "the value of the attribute `b` is not in quotes @3"),
        ("<a b/>", "the attribute `b` has no value @3"),
        ("<a b='1'c='2'/>", "a space is missing before this in the tag @8"),
        ("<a b='1' b='2'/>", "the attribute `b` comes twice @9"),
        ("<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", "the attribute `q:b` comes twice @34"),
        ("<p:a/>", "the prefix `p` is not declared @1"),
        ("<a p:b=''/>", "the prefix `p` is not declared @3"),
        ("<a:b:c/>", "`a:b:c` is not prefix, colon and name @1"),
        ("<a xmlns:p=''/>", "the prefix `p` is declared without a namespace @3"),
        ("<a>&b;</a>", "the entity `b` is not declared in this file @3"),
        ("<a>x & y</a>", "`&` that begins no reference; write `&amp;` @5"),
        ("<a>&#0;</a>", "`&#0;` stands for no character that XML allows @3"),
        ("<a><!-- -- --></a>", "`--` within a comment @8"),
        ("<a><?xml version='1.0'?></a>", "an XML declaration may only stand at the very beginning @3"),
        ("<a>1 < 2</a>", "`<` that begins no tag; write `&lt;` @5"),
        ("<1/>", "`<` that begins no tag; write `&lt;` @0"),
        ("<a/><!DOCTYPE a>", "`<!DOCTYPE` may stand once, before the root element @4"),
    ];
    for (text, expected) in cases {
        let found = events(text);
        assert!(found.ends_with(expected), "{text}: {found}");
    }
    assert!(events(&"<a>".repeat(600)).starts_with("beyond the limit: more than 512 elements"));
}

#[test]
fn every_prefix_and_every_broken_byte_is_survived() {
    let whole = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e '<b>é</b>'><!ATTLIST a d CDATA #FIXED 'x'>\
        <!ENTITY % p '<!ENTITY q \"1\">'>%p;]><?i d?><a xmlns:p='u' p:x='é&e2;'>&q;é<![CDATA[]]>&e;<!--c--></a>";
    for end in 0..whole.len() {
        if whole.is_char_boundary(end) {
            events(&whole[..end]);
        }
        for replacement in ["<", ">", "&", "'", "]", "é", "%", ";", "", "\0"] {
            if whole.is_char_boundary(end) && whole.is_char_boundary(end + 1) {
                events(&format!("{}{replacement}{}", &whole[..end], &whole[end + 1..]));
            }
        }
    }
}
