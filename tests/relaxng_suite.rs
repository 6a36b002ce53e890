//! James Clark's test suites of RELAX NG, of the datatypes of XML Schema and of its regular expressions, where
//! `.ci/relaxng-suite.sh` has fetched them. Each case is a schema that is right or wrong, and documents that are valid
//! or not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use apograph::validate::relaxng::Grammar;
use apograph::xml::parse::{Event, Parser};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const XSD: &str = "http://www.w3.org/2001/XMLSchema-datatypes";

/// An element of a suite.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    /// Namespace declarations on it, as written.
    declarations: String,
    children: Vec<Element>,
    /// The characters in it.
    text: String,
    /// Where what it holds begins and ends in the suite.
    inner: std::ops::Range<usize>,
    line: usize,
}

impl Element {
    fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn gather<'e>(&'e self, name: &str, found: &mut Vec<&'e Element>) {
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            child.gather(name, found);
        }
    }
}

/// How a suite went.
#[derive(Default)]
struct Score {
    right_schemas: usize,
    wrong_schemas: usize,
    valid: usize,
    invalid: usize,
    misses: Vec<String>,
}

impl Score {
    fn schema(&mut self, line: usize, what: &str, expected: bool, loaded: &Result<Grammar, String>) {
        *(if expected { &mut self.right_schemas } else { &mut self.wrong_schemas }) += 1;
        match (expected, loaded) {
            (true, Err(fault)) => self.misses.push(format!("line {line}: {what} is right but refused: {fault}")),
            (false, Ok(_)) => self.misses.push(format!("line {line}: {what} is wrong but taken")),
            _ => {}
        }
    }

    fn document(&mut self, line: usize, expected: bool, loaded: &Result<Grammar, String>, document: &str) {
        *(if expected { &mut self.valid } else { &mut self.invalid }) += 1;
        let Ok(grammar) = loaded else { return self.misses.push(format!("line {line}: no schema for the document")) };
        let (faults, failure) = grammar.check(document, 0);
        let found = faults.is_empty() && failure.is_none();
        if found != expected {
            let said = faults.first().map_or(format!("{failure:?}"), |fault| fault.message.clone());
            self.misses.push(format!("line {line}: the document {document:?} should be {expected}: {said}"));
        }
    }

    fn close(self, name: &str) {
        let Self { right_schemas, wrong_schemas, valid, invalid, misses } = self;
        let all = right_schemas + wrong_schemas + valid + invalid;
        println!(
            "{name}: {} of {all} ({right_schemas} schemas that are right, {wrong_schemas} that are wrong, {valid} valid \
             documents, {invalid} invalid ones)",
            all - misses.len()
        );
        assert!(all > 0, "{name}: the suite holds nothing");
        assert!(misses.is_empty(), "{name}:\n{}", misses.join("\n"));
    }
}

fn suite(name: &str) -> Outcome<Option<String>> {
    let folder = std::env::var_os("APOGRAPH_RELAXNG_SUITE")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/ci/relaxng-suite"), PathBuf::from);
    let file = folder.join(name);
    if !file.is_file() {
        eprintln!("skipped: there is no {} (.ci/relaxng-suite.sh fetches it)", file.display());
        return Ok(None);
    }
    Ok(Some(std::fs::read_to_string(file)?))
}

fn tree(text: &str) -> Outcome<Element> {
    let mut parser = Parser::new(text);
    let mut open: Vec<Element> = Vec::new();
    while let Some(event) = parser.next()? {
        match event {
            Event::Start { name, attributes, span, .. } => {
                let (declared, plain): (Vec<_>, Vec<_>) = attributes.iter().partition(|one| one.is_declaration());
                open.push(Element {
                    name: name.local().to_owned(),
                    attributes: plain
                        .iter()
                        .map(|one| (one.name.local().to_owned(), one.value.clone().into_owned()))
                        .collect(),
                    declarations: declared.iter().map(|one| format!(" {}", &text[one.span.range()])).collect(),
                    children: Vec::new(),
                    text: String::new(),
                    inner: span.range().end..span.range().end,
                    line: text[..span.range().start].matches('\n').count() + 1,
                });
            }
            Event::Text { text, .. } => {
                if let Some(open) = open.last_mut() {
                    open.text.push_str(&text);
                }
            }
            Event::End { span, .. } => {
                let Some(mut done) = open.pop() else { continue };
                done.inner.end = span.range().start.max(done.inner.start);
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Ok(done),
                }
            }
            _ => {}
        }
    }
    Err("a suite without an end".into())
}

/// What an element holds, as a file of its own.
fn file(text: &str, element: &Element) -> String {
    let subset = match text.split_once("<!DOCTYPE testSuite [").and_then(|(_, rest)| rest.split_once("]>")) {
        Some((subset, _)) if text[element.inner.clone()].contains("&dii;") => format!("<!DOCTYPE x [{subset}]>"),
        _ => element.attributes.get("dtd").cloned().unwrap_or_default(),
    };
    format!("{subset}{}", text[element.inner.clone()].trim())
}

fn lay_out(text: &str, element: &Element, folder: &Path) -> Outcome {
    for resource in element.all("resource") {
        std::fs::write(folder.join(&resource.attributes["name"]), file(text, resource))?;
    }
    for inner in element.all("dir") {
        let folder = folder.join(&inner.attributes["name"]);
        std::fs::create_dir_all(&folder)?;
        lay_out(text, inner, &folder)?;
    }
    Ok(())
}

fn load(folder: &Path, schema: &str) -> Outcome<Result<Grammar, String>> {
    let path = folder.join("schema.rng");
    std::fs::write(&path, schema)?;
    Ok(Grammar::load(&path).map_err(|failure| failure.to_string()))
}

#[test]
fn relax_ng() -> Outcome {
    let Some(text) = suite("spectest.xml")? else { return Ok(()) };
    let root = tree(&text)?;
    let mut cases = Vec::new();
    root.gather("testCase", &mut cases);
    let mut score = Score::default();
    for case in cases {
        let folder = tempfile::tempdir()?;
        lay_out(&text, case, folder.path())?;
        for schema in case.all("incorrect") {
            let loaded = load(folder.path(), &file(&text, schema))?;
            score.schema(schema.line, "the schema", false, &loaded);
        }
        for schema in case.all("correct") {
            let loaded = load(folder.path(), &file(&text, schema))?;
            score.schema(schema.line, "the schema", true, &loaded);
            for child in &case.children {
                match child.name.as_str() {
                    "valid" => score.document(child.line, true, &loaded, &file(&text, child)),
                    "invalid" => score.document(child.line, false, &loaded, &file(&text, child)),
                    _ => {}
                }
            }
        }
    }
    score.close("RELAX NG");
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\r', "&#13;")
}

/// A schema of one element whose content is `inner`.
fn schema(inner: &str) -> Outcome<Result<Grammar, String>> {
    let folder = tempfile::tempdir()?;
    let text = format!(
        "<element xmlns='http://relaxng.org/ns/structure/1.0' name='doc' datatypeLibrary='{XSD}'>{inner}</element>"
    );
    load(folder.path(), &text)
}

fn parameter(name: &str, value: &str) -> String {
    format!("<param name='{name}'>{}</param>", escape(value))
}

/// A document that holds a value of a suite.
fn holding(value: &Element, declarations: &str) -> String {
    let subset = value.attributes.get("internalSubset").map(|subset| format!("<!DOCTYPE doc [{subset}]>"));
    format!("{}<doc{declarations}>{}</doc>", subset.unwrap_or_default(), escape(&value.text))
}

fn equivalences(score: &mut Score, name: &str, element: &Element) -> Outcome {
    let classes = element.all("class").collect::<Vec<_>>();
    for (at, class) in classes.iter().enumerate() {
        let Some(first) = class.all("value").next() else { continue };
        let value = format!("<value type='{name}'{}>{}</value>", element.declarations, escape(&first.text));
        let loaded = schema(&value)?;
        score.schema(class.line, "a value", true, &loaded);
        for (other_at, other) in classes.iter().enumerate() {
            for value in other.all("value") {
                score.document(value.line, at == other_at, &loaded, &holding(value, &element.declarations));
            }
        }
    }
    Ok(())
}

fn lengths(score: &mut Score, name: &str, element: &Element) -> Outcome {
    let length: usize = element.attributes["value"].parse()?;
    for (wanted, valid) in [(Some(length), true), (Some(length + 1), false), (length.checked_sub(1), false)] {
        let Some(wanted) = wanted else { continue };
        let loaded = schema(&format!("<data type='{name}'>{}</data>", parameter("length", &wanted.to_string())))?;
        score.schema(element.line, "a length", true, &loaded);
        score.document(element.line, valid, &loaded, &holding(element, ""));
    }
    Ok(())
}

/// Two values of which the first is less, or which can't be compared.
fn orders(score: &mut Score, name: &str, element: &Element, comparable: bool) -> Outcome {
    let values = element.all("value").collect::<Vec<_>>();
    for bound in 0..2 {
        let limit = parameter("minExclusive", &values[bound].text);
        let loaded = schema(&format!("<data type='{name}'>{limit}</data>"))?;
        score.schema(element.line, "a bound", true, &loaded);
        for (at, value) in values.iter().enumerate() {
            score.document(element.line, comparable && bound == 0 && at == 1, &loaded, &holding(value, ""));
        }
    }
    Ok(())
}

#[test]
fn datatypes() -> Outcome {
    let Some(text) = suite("xsdtest.xml")? else { return Ok(()) };
    let mut score = Score::default();
    for datatype in tree(&text)?.all("datatype") {
        let name = &datatype.attributes["name"];
        let facets = datatype.all("param").map(|param| parameter(&param.attributes["name"], &param.text));
        let loaded = schema(&format!("<data type='{name}'>{}</data>", facets.collect::<String>()))?;
        score.schema(datatype.line, name, true, &loaded);
        for child in &datatype.children {
            match child.name.as_str() {
                "valid" => score.document(child.line, true, &loaded, &holding(child, &child.declarations)),
                "invalid" => score.document(child.line, false, &loaded, &holding(child, &child.declarations)),
                "equiv" => equivalences(&mut score, name, child)?,
                "length" => lengths(&mut score, name, child)?,
                "lessThan" => orders(&mut score, name, child, true)?,
                "incomparable" => orders(&mut score, name, child, false)?,
                _ => {}
            }
        }
    }
    score.close("datatypes");
    Ok(())
}

#[test]
fn regular_expressions() -> Outcome {
    let Some(text) = suite("regextest.xml")? else { return Ok(()) };
    let mut score = Score::default();
    for case in tree(&text)?.all("testCase") {
        let pattern = |element: &Element| parameter("pattern", &element.text);
        for wrong in case.all("incorrect") {
            let loaded = schema(&format!("<data type='string'>{}</data>", pattern(wrong)))?;
            score.schema(wrong.line, &wrong.text, false, &loaded);
        }
        for right in case.all("correct") {
            let loaded = schema(&format!("<data type='string'>{}</data>", pattern(right)))?;
            score.schema(right.line, &right.text, true, &loaded);
            for child in &case.children {
                match child.name.as_str() {
                    "valid" => score.document(child.line, true, &loaded, &holding(child, &child.declarations)),
                    "invalid" => score.document(child.line, false, &loaded, &holding(child, &child.declarations)),
                    _ => {}
                }
            }
        }
    }
    score.close("regular expressions");
    Ok(())
}
