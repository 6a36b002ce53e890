//! What types allow, what means the same, and how expressions are translated.

use super::*;

fn datum(name: &str, facets: &[(&str, &str)]) -> Result<Datum, String> {
    let context = Context { namespace: &|_| None, entities: &[] };
    let kind = Kind::named(name).ok_or("no such type")?;
    let facets = facets.iter().map(|(name, text)| Facet::parse(kind, name, text, &context));
    Ok(Datum { kind, facets: facets.collect::<Result<_, _>>()? })
}

/// Type, facets, what is allowed, what is not.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str], &'static [&'static str]);

#[test]
fn types_allow_what_they_should() -> Result<(), String> {
    let cases: &[Case] = &[
        (
            "date",
            &[],
            &["1861-04-12", "2000-02-29", " 1861-04-12Z ", "-0044-03-15"],
            &["1969-02-30", "1900-02-29", "0000-01-01", "1861-4-12", "1861-04-12T"],
        ),
        (
            "dateTime",
            &[],
            &["1861-04-12T04:30:00", "1861-04-12T23:59:60+14:00", "1861-04-12T04:30:00.5Z"],
            &["1861-04-12", "1861-04-12T25:00:00", "1861-04-12T04:30", "1861-04-12T24:00:00"],
        ),
        ("gYear", &[], &["1861", "-0044", "12861"], &["861", "01861", "0000"]),
        ("gMonthDay", &[], &["--02-29", "--12-31Z"], &["--02-30", "-12-31", "12-31"]),
        ("gDay", &[], &["---31"], &["---32", "--31"]),
        ("duration", &[], &["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S"], &["P", "P1YT", "1Y", "P1M1Y", "PT1D", "P1.5Y"]),
        (
            "anyURI",
            &[],
            &["", "#a", "http://x.test/?q#f", "a b", "ä", "../x:y", "http://[::1]:80/", "?[", "//#a"],
            &["a#b#c", "%zz", "1a:b", ":x", "a:", "http://[::1", "a[b", "//"],
        ),
        ("language", &[], &["en", "de-AT-1901", "x-klingon"], &["", "deutschlich", "e_n", "1e", "de-"]),
        ("NCName", &[], &["a", "_1", "é"], &["", "1", "a:b", "a b"]),
        ("NMTOKENS", &[("maxLength", "2")], &["1 2"], &["", "1 2 3"]),
        ("boolean", &[], &["true", "0"], &["yes", "TRUE"]),
        ("double", &[], &["1e3", "-INF", ".5", "1."], &["inf", "", "1e", "0x1"]),
        (
            "decimal",
            &[("minInclusive", "-1.50"), ("maxExclusive", "10")],
            &["-1.5", "9.999", "+0"],
            &["-1.51", "10.0", "1e0"],
        ),
        ("decimal", &[("totalDigits", "3"), ("fractionDigits", "1")], &["12.30", "0.1"], &["123.4", "1.23"]),
        ("nonNegativeInteger", &[], &["0", "-0", "99999999999999999999"], &["-1", "1.0", "a"]),
        ("byte", &[], &["127", "-128"], &["128", "-129"]),
        ("base64Binary", &[("length", "3")], &["YWJj"], &["YWI=", "Y"]),
        ("token", &[("pattern", r"[^\p{C}\p{Z}]+")], &["a-b"], &["a b"]),
        ("token", &[("pattern", r"(\p{L}|\p{N}|\p{P}|\p{S})+")], &["a1.+"], &["a b"]),
        ("token", &[("pattern", r"[a-z-[aeiou]]+")], &["xyz"], &["xaz", "-"]),
        ("token", &[("pattern", r"[^a-c-[x]]")], &["d"], &["a", "x"]),
        ("token", &[("pattern", r"[\i-[:]][\c-[:]]*")], &["a.b"], &["a:b", ".b"]),
        ("token", &[("pattern", r"\d{2}|a.c|[+\-]?x$")], &["12", "abc", "-x$"], &["1", "ac", "x", "a\nc12"]),
    ];
    let context = Context { namespace: &|_| None, entities: &[] };
    for (name, facets, right, wrong) in cases {
        let datum = datum(name, facets)?;
        for text in *right {
            assert!(datum.allows(text, &context), "{name} {facets:?} must allow `{text}`");
        }
        for text in *wrong {
            assert!(!datum.allows(text, &context), "{name} {facets:?} must not allow `{text}`");
        }
    }
    Ok(())
}

#[test]
fn wrong_expressions_are_refused() {
    for wrong in ["(", ")", "[", "a**", "*a", "a{2,1}", r"\q", "a{", r"\p{Xyzw}", "[]", "(?i)a"] {
        assert!(datum("token", &[("pattern", wrong)]).is_err(), "`{wrong}`");
    }
}

#[test]
fn values_are_compared_as_values() {
    let context = Context { namespace: &|prefix| (prefix == "p").then(|| "urn:p".to_owned()), entities: &[] };
    let same = |kind, one: &str, other: &str| Literal::new(kind, one, &context).map(|one| one.equals(other, &context));
    assert_eq!(same(Kind::Integer, "1", " 01 "), Some(true));
    assert_eq!(same(Kind::Token, "a b", " a  b"), Some(true));
    assert_eq!(same(Kind::String, "a", "a "), Some(false));
    assert_eq!(same(Kind::Boolean, "1", "true"), Some(true));
    assert_eq!(same(Kind::DateTime, "1861-04-12T10:00:00Z", "1861-04-12T12:00:00+02:00"), Some(true));
    assert_eq!(same(Kind::QName, "p:a", "a"), Some(false));
    assert_eq!(same(Kind::Date, "x", "x"), None);
}
