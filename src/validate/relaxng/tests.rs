//! Small schemas, and the faults they find.

use super::*;

fn faults(schema: &str, document: &str) -> Result<Vec<String>, Failure> {
    let schema = format!(
        "<grammar xmlns='http://relaxng.org/ns/structure/1.0' \
         datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'>{schema}</grammar>"
    );
    let grammar = Grammar::compile("test.rng", &schema)?;
    let (faults, failure) = grammar.check(document, 0);
    match failure {
        Some(failure) => Err(failure),
        None => Ok(faults.into_iter().map(|fault| format!("{} {}", fault.path, fault.message)).collect()),
    }
}

const BOOK: &str = "<start><ref name='book'/></start>
    <define name='book'><element name='book'><ref name='id'/><optional><attribute name='year'><data type='gYear'/></attribute></optional>
        <element name='title'><text/></element><oneOrMore><ref name='chapter'/></oneOrMore></element></define>
    <define name='chapter'><element name='chapter'><ref name='id'/><zeroOrMore><choice><ref name='p'/><ref name='chapter'/></choice></zeroOrMore></element></define>
    <define name='p'><element name='p'><mixed><zeroOrMore><choice><element name='hi'><text/></element>
        <element name='n'><data type='integer'/></element><element name='see'><attribute name='to'><data type='IDREF'/></attribute></element></choice></zeroOrMore></mixed></element></define>
    <define name='id'><optional><attribute name='id'><data type='ID'/></attribute></optional></define>";

#[test]
fn valid_documents_have_no_faults() -> Result<(), Failure> {
    let document = "<book id='a' year='1861'> <title/><chapter><p>x<hi>y</hi>z<n> 1 </n><see to='a'/></p><chapter id='b'/></chapter></book>";
    assert_eq!(faults(BOOK, document)?, Vec::<String>::new());
    Ok(())
}

#[test]
fn each_fault_is_found_once_and_the_check_goes_on() -> Result<(), Failure> {
    let cases = [
        ("<book><chapter/></book>", "/book/chapter `chapter` comes too early in `book`: `title` must stand before it"),
        ("<book><title/></book>", "/book `book` is not complete: `chapter` is missing"),
        ("<book><title/><chapter><q><p>1</p></q></chapter></book>", "/book/chapter/q `q` is no element of the schema"),
        (
            "<book><title/><chapter><hi>x</hi><p/></chapter></book>",
            "/book/chapter/hi `hi` may not stand in `chapter` here",
        ),
        ("<book><title/><chapter>x</chapter></book>", "/book/chapter text may not stand in `chapter` here"),
        ("<book yaer='1'><title/><chapter/></book>", "/book `book` has no attribute `yaer`"),
        ("<book year='61'><title/><chapter/></book>", "/book `61` is no value for `year` of `book`"),
        (
            "<book><title/><chapter><p/><p><see/></p></chapter></book>",
            "/book/chapter/p[2]/see `see` lacks the attribute `to`",
        ),
        ("<book><title/><chapter><p><n>x</n></p></chapter></book>", "/book/chapter/p/n `x` may not be the text of `n`"),
        ("<book id='a'><title/><chapter id=' a '/></book>", "/book/chapter two elements have the id `a`"),
        (
            "<book><title/><chapter><p><see to='b'/></p></chapter></book>",
            "/book/chapter/p/see no element has the id `b`",
        ),
        ("<x:book xmlns:x='urn:x'/>", "/book `book` of the namespace `urn:x` is no element of the schema"),
    ];
    for (document, expected) in cases {
        assert_eq!(faults(BOOK, document)?, [expected], "{document}");
    }
    let several = "<book year='x'><title/><chapter><hi>1<b/></hi>text<p><p/></p></chapter></book>";
    assert_eq!(faults(BOOK, several)?.len(), 5);
    Ok(())
}

#[test]
fn hints_list_what_is_allowed_and_guess() -> Result<(), Failure> {
    let grammar = Grammar::compile(
        "test.rng",
        &format!(
            "<grammar xmlns='http://relaxng.org/ns/structure/1.0' datatypeLibrary='{}'>{BOOK}</grammar>",
            xsd::LIBRARY
        ),
    )?;
    let (faults, _) = grammar.check("<book><title/><chaptre/></book>", 0);
    let hints = faults.iter().filter_map(|fault| fault.hint.as_deref()).collect::<Vec<_>>();
    assert_eq!(hints[0], "did you mean `chapter`? allowed here: `chapter`");
    Ok(())
}

#[test]
fn lists_values_exceptions_and_interleaves() -> Result<(), Failure> {
    let schema = "<start><element name='a'><interleave><element name='b'><empty/></element><oneOrMore><element name='c'>
        <attribute name='l'><list><oneOrMore><choice><value>x</value><data type='integer'><except><value type='integer'>1</value></except></data></choice></oneOrMore></list></attribute>
        </element></oneOrMore></interleave></element></start>";
    assert!(faults(schema, "<a><c l='x 2'/><b/><c l='3'/></a>")?.is_empty());
    assert_eq!(faults(schema, "<a><c l='x 01'/><b/></a>")?.len(), 1);
    assert_eq!(faults(schema, "<a><c l='x'/><b/><b/></a>")?.len(), 1);
    assert_eq!(faults(schema, "<a><c l=''/></a>")?.len(), 2);
    Ok(())
}

#[test]
fn wrong_schemas_are_refused_with_their_line() {
    for (schema, expected) in [
        ("<start><ref name='x'/></start>", "line 1: `x` is not defined"),
        ("<start><ref name='x'/></start>\n<define name='x'><ref name='x'/></define>", "`x` holds itself"),
        ("<start><data type='foo'/></start>", "the type `foo`"),
        ("<start><element name='a:b'><empty/></element></start>", "the prefix `a` is not declared"),
        ("<start><nonsense/></start>", "`nonsense` is no pattern"),
        ("<define name='x'><empty/></define>", "has no `start`"),
    ] {
        let failure = faults(schema, "<a/>").err().map(|failure| failure.to_string()).unwrap_or_default();
        assert!(failure.contains(expected), "{schema}: {failure}");
    }
}

#[test]
fn hostile_schemas_end_in_bounded_time() -> Result<(), Failure> {
    // Every order of twenty elements, each of which may be one of two.
    let all = (0..20).map(|n| {
        format!("<choice><element name='e{n}'><empty/></element><element name='f{n}'><empty/></element></choice>")
    });
    let schema =
        format!("<start><element name='a'><interleave>{}</interleave></element></start>", all.collect::<String>());
    assert_eq!(faults(&schema, "<a><e3/><f1/></a>")?.len(), 1);
    let mut doubled = "<define name='d0'><element name='x'><empty/></element></define>".to_owned();
    for n in 1..40 {
        doubled.push_str(&format!("<define name='d{n}'><interleave><optional><ref name='d{0}'/></optional><optional><ref name='d{0}'/></optional></interleave></define>", n - 1));
    }
    let schema = format!("<start><element name='a'><ref name='d39'/></element></start>{doubled}");
    let _ = faults(&schema, &format!("<a>{}</a>", "<x/>".repeat(30)));
    Ok(())
}

#[test]
fn values_that_are_spelt_out_are_told_apart_each_time_that_they_come() -> Result<(), Failure> {
    let schema = "<start><element name='a'><zeroOrMore><element name='b'>
        <optional><attribute name='of'><choice><value type='token'>ice</value><value type='token'>salt</value></choice></attribute></optional>
        <optional><attribute name='all'><list><oneOrMore><choice><value>x</value><value>y</value></choice></oneOrMore></list></attribute></optional>
        <optional><attribute name='named'><choice><value type='QName' ns='urn:n' xmlns:n='urn:n'>n:one</value>
            <value type='QName' xmlns:n='urn:n'>n:two</value></choice></attribute></optional>
        </element></zeroOrMore></element></start>";
    let b = |attributes: &str| format!("<b {attributes}/>");
    let twice = |one: &str, other: &str| format!("<a>{0}{1}{0}{1}</a>", b(one), b(other));
    assert_eq!(faults(schema, &twice("of=' salt '", "of='ice'"))?, Vec::<String>::new());
    assert_eq!(faults(schema, &twice("of='salt'", "of='tar'"))?.len(), 2);
    assert_eq!(faults(schema, &twice("all='x y x'", "all='x z'"))?.len(), 2);
    // What a name with a prefix means depends on where it stands.
    assert_eq!(faults(schema, &twice("named='p:one' xmlns:p='urn:n'", "named='p:one' xmlns:p='urn:m'"))?.len(), 2);
    Ok(())
}
