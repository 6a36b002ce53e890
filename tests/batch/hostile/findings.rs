//! What fuzzing found: each ends without a panic, with all text, and in outputs that are valid.

use std::path::Path;

use apograph::convert::Conversion;
use apograph::diagnostic::{Diagnostic, Log, Severity};
use apograph::output::{Memory, Output};
use apograph::registry::Registry;
use apograph::source::Input;

/// Reads some bytes and writes them in all formats. What a finding is, `fuzz/src/lib.rs` says in the same way.
fn bear(format: &str, bytes: &[u8]) -> Result<(), String> {
    let registry = Registry::builtin();
    let mut conversion = Conversion::new(&registry);
    conversion.from = Some(format.to_owned());
    let mut log = Log::new();
    // A failure is a clear error.
    let Ok(read) = conversion.read(&Input::new("found", bytes), &mut log) else { return Ok(()) };
    let bug = |told: &[Diagnostic], says: &dyn Fn(&Diagnostic) -> bool| {
        let bug = told.iter().find(|it| it.severity == Severity::Error && !says(it));
        bug.map_or(Ok(()), |bug| Err(format!("{} {}", bug.code, bug.message)))
    };
    bug(log.diagnostics(), &|_| false)?;
    for target in registry.writers().map(|writer| writer.format().name) {
        let known = log.diagnostics().len();
        let _ = conversion.write(&read, target, &mut log);
        // Markdown, JSON and our own books name elements of TEI themselves, perhaps where TEI doesn't have them.
        let names_elements = matches!(format, "markdown" | "json" | "epub") && matches!(target, "tei" | "markdown");
        let says =
            |it: &Diagnostic| names_elements && !matches!(it.code.0, "text.not-conserved" | "xml.not-well-formed");
        bug(&log.diagnostics()[known..], &says).map_err(|bug| format!("to {target}: {bug}"))?;
    }
    Ok(())
}

fn all(format: &str, sources: &[&str]) {
    for source in sources {
        if let Err(bug) = bear(format, source.as_bytes()) {
            panic!("{format}: {bug}\n{source}");
        }
    }
}

/// A book of these files, by path.
fn book(files: &[(&str, &str)]) {
    let mut memory = Memory::new();
    for (path, text) in files {
        memory.put(path, text.as_bytes().into()).unwrap();
    }
    if let Err(bug) = bear("epub", &memory.archive().unwrap()) {
        panic!("{bug}: {files:?}");
    }
}

#[test]
fn in_transcripts() {
    let feet = "25. Minutes of a Meeting*\n\nThe pilots†** wrote and asked those who had seen it to\n___________\n\
        * Source: Lake Archive.\n† Not printed.\n\n[p. 41]\n\nspeak first.* The others were at sea.\n\n\
        It was agreed to wait.†\n___________\n* The list is missing.\n† Until June 15.\n";
    let bordered = "Note\n\nwaiting for\n___\n*\tOnly\tat the foot.\n[p. 41]\nthe boats.\n";
    let pages = "Note\n\n|42| | a | b\n\n|43| The text goes on.\n";
    let one = "Note\n\n|42| |";
    let alone = ["  1. Only.\n  2. Notes.\n", "[Page 2]\n\n  1. Only.\n\n  *. Notes.\n", "r\n 2.\n[Page 3]\nd\n 1."];
    all("transcript", &[feet, bordered, pages, one]);
    all("transcript", &alone);
    all("transcript", &["Papers7\n\nVale\n  6.\n  7. Printed.\n", "Papers2\n\nMoor13\n  1. A.\n  2.\n  7.\n"]);
}

#[test]
fn in_tei() {
    let text = |text: &str| format!("<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">{text}</TEI>");
    for source in [
        text("<text>words<body><p>a</p></body></text>"),
        text("<text><body><p>a</p></body>words</text>"),
        text("<text><body><teiHeader><p>a header in a text</p></teiHeader><p>b</p></body></text>"),
        text("<text><body><p>a</p></body></text><sourceDoc><p>b</p></sourceDoc>"),
        text("<signed><text><body><p>a</p></body></text></signed>"),
        text("<standOff><sourceDoc><p>a</p></sourceDoc></standOff>"),
        text("<text><body><p><graphic url=\"a.png\"><desc>a <hi>harbour</hi></desc></graphic> b</p></body></text>"),
        text("<text><body><p><graphic url=\"a.png\">\n<desc>a harbour</desc>\n</graphic> b</p></body></text>"),
        text(
            "<text><body><p><graphic url=\"a.png\">words<desc>c</desc></graphic> b <graphic>d</graphic></p></body></text>",
        ),
        text(
            "<text><body><p>a <x:note xmlns:x=\"urn:x\">b</x:note> <x:graphic xmlns:x=\"urn:x\" url=\"c\"><desc>d</desc></x:graphic></p></body></text>",
        ),
        text("<text><body><p>a</p></body><p>words</p><back><div><p>b</p></div></back></text>"),
        text("<text><body><p>a</p><text xmlns=\"\"><body><p>b<note>c</note></p></body></text></body></text>"),
        "<TEI><text><body><ab><TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><p>b<note>c</note></p></body></text></TEI></ab></body></text></TEI>".to_owned(),
    ] {
        all("tei", &[&source]);
    }
}

/// A frame that says that TEI is something else.
#[test]
fn in_json() {
    let registry = Registry::builtin();
    let conversion = Conversion::new(&registry);
    let source = "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><p>a</p></teiHeader><text><body><p>words</p></body></text></TEI>";
    let mut log = Log::new();
    let read = conversion.read(&Input::new("a.xml", source.as_bytes()), &mut log).unwrap();
    let json = conversion.write(&read, "json", &mut log).unwrap();
    let json = std::str::from_utf8(json.files.main_bytes()).unwrap();
    let astray = json.replace("http://www.tei-c.org/ns/1.0", "urn:x");
    assert_ne!(astray, json);
    all("json", &[&astray]);
}

#[test]
fn in_books() {
    for body in [
        "<ol>words<li>item</li></ol>",
        "<p data-tei=\"[='' \">words</p>",
        "<p><math \">> <mi<x>words</mi<x></math></p>",
        "<dl>words<dt>a</dt><dd>b</dd>more</dl>",
        "<p>x <span class=\"list\">words</span></p>",
        "<table>words<tr>more<td>cell</td></tr></table>",
        "<div class=\"table\">words</div>",
        "<div class=\"table\">words<table><tr><td>cell</td></tr></table></div>",
        "<section class=\"notes\">words <b>more</b></section>",
        "<p>x<sup class=\"noteref\"><section class=\"notes\">words</section></sup></p>",
    ] {
        let page = format!(
            "<html xmlns=\"http://www.w3.org/1999/xhtml\" data-apograph=\"1\"><head><title>T</title></head><body>{body}</body></html>"
        );
        book(&[("EPUB/a.xhtml", &page)]);
    }
}

/// Books of others: words where only items, terms or cells may stand, and a page in another namespace than XHTML's.
#[test]
fn in_books_of_others() {
    let xhtml = "http://www.w3.org/1999/xhtml";
    for (namespace, body) in [
        (xhtml, "<p><math xmlns=\"http://www.w3.org/1998/Math/MathML\" alt=\"x\"><mi>x</mi></math></p>"),
        (xhtml, "<p><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mi mathvariant=\"odd\">x</mi></math></p>"),
        (xhtml, "<section><h1>Notes<a role=\"doc-noteref\" href=\"#n\">1</a></h1><p id=\"n\">words</p></section>"),
        (xhtml, "<p><math \">> <mi<x>words</mi<x></math></p>"),
        (xhtml, "<p>a <a href=\"b.xhtml\">b <aside>c</aside></a></p>"),
        (xhtml, "<figure><p id=\"n\">words</p><p>a <a role=\"doc-noteref\" href=\"#n\">1</a></p></figure>"),
        (
            xhtml,
            "<figure><figcaption id=\"n\">words</figcaption></figure><p>a <a role=\"doc-noteref\" href=\"#n\">1</a></p>",
        ),
        (
            xhtml,
            "<table><caption id=\"n\">words</caption><tr id=\"m\"><td>more</td></tr></table><p>a <a role=\"doc-noteref\" href=\"#n\">1</a> <a role=\"doc-noteref\" href=\"#m\">2</a></p>",
        ),
        (
            xhtml,
            "<table><tr><td id=\"n\">words</td><p id=\"m\">more</p></tr></table><p>a <a role=\"doc-noteref\" href=\"#n\">1</a> <a role=\"doc-noteref\" href=\"#m\">2</a></p>",
        ),
        (
            xhtml,
            "<dl><dt id=\"n\">words</dt><dd id=\"m\">more</dd></dl><p>a <a role=\"doc-noteref\" href=\"#n\">1</a> <a role=\"doc-noteref\" href=\"#m\">2</a></p>",
        ),
        (
            xhtml,
            "<ul><p id=\"n\">words</p><li id=\"m\">more</li></ul><p>a <a role=\"doc-noteref\" href=\"#n\">1</a> <a role=\"doc-noteref\" href=\"#m\">2</a></p>",
        ),
        (xhtml, "<pre>words <p id=\"n\">more</p></pre><p>a <a role=\"doc-noteref\" href=\"#n\">1</a></p>"),
        (
            xhtml,
            "<p>a <a role=\"doc-noteref\" href=\"#n\">1</a> <a role=\"doc-noteref\" href=\"#m\">2</a></p><p id=\"n\">words</p>loose<p>more</p><p id=\"m\">and more</p>",
        ),
        (
            xhtml,
            "<figure><figcaption><p id=\"n\">words</p></figcaption></figure><p>a <a role=\"doc-noteref\" href=\"#n\">1</a></p>",
        ),
        (
            xhtml,
            "<p><ruby>base<rt role=\"doc-footnote\" id=\"n\">words</rt></ruby> <a role=\"doc-noteref\" href=\"#n\">1</a></p>",
        ),
        (
            xhtml,
            "<table><thead role=\"doc-footnote\" id=\"n\"><tr><td>words</td></tr></thead><tr><td>more</td></tr></table><p>a <a role=\"doc-noteref\" href=\"#n\">1</a></p>",
        ),
        (
            xhtml,
            "<h2 role=\"doc-footnote\" id=\"n\">words</h2><hgroup><h2>more</h2><p role=\"doc-footnote\" id=\"m\">still more</p></hgroup><p>a <a role=\"doc-noteref\" href=\"#n\">1</a> <a role=\"doc-noteref\" href=\"#m\">2</a></p>",
        ),
        (
            xhtml,
            "<div class=\"poem\"><p role=\"doc-footnote\" id=\"n\">words</p><p>a <a role=\"doc-noteref\" href=\"#n\">1</a><br/>b <span role=\"doc-footnote\" id=\"m\">more</span></p></div><p><a role=\"doc-noteref\" href=\"#m\">2</a></p>",
        ),
        (
            xhtml,
            "<p>a <svg xmlns=\"http://www.w3.org/2000/svg\"><text>b</text><g><foreignObject><div xmlns=\"http://www.w3.org/1999/xhtml\">c <p>d</p></div></foreignObject></g></svg> e</p>",
        ),
        (xhtml, "<pre id=\"n\">words</pre><p>a <a role=\"doc-noteref\" href=\"#n\">1</a></p>"),
        (xhtml, "<dl><dt>term</dt>words<dd>definition</dd></dl>"),
        (xhtml, "<dl><dt>term</dt><div><dt>other</dt><dd>definition</dd></div></dl>"),
        (xhtml, "<ol><li>item</li>words<ol><li>inner</li></ol></ol>"),
        (xhtml, "<table><tr><td>cell</td></tr><caption>words</caption></table>"),
        (xhtml, "<table><tr>words<td>cell</td>more<td>cell</td><p>end</p></tr></table>"),
        (
            "http://example.org/xhtml",
            "<p>x<a role=\"doc-noteref\" href=\"#n\" id=\"r\">1</a></p><p id=\"n\"><a href=\"#r\">1</a> words</p>",
        ),
    ] {
        let page =
            format!("<html xmlns=\"{namespace}\"><head><title>T</title></head><body><p>First.</p>{body}</body></html>");
        book(&[("EPUB/a.xhtml", &page)]);
    }
}

/// A file that is nothing but a note, and is no page.
#[test]
fn in_books_of_scraps() {
    book(&[
        ("EPUB/a.xhtml", "<html><body><p>a <a epub:type=\"noteref\" href=\"n.xhtml#n\">1</a></p></body></html>"),
        ("EPUB/n.xhtml", "<p id=\"n\">the note</p>"),
    ]);
    book(&[
        ("EPUB/a.xhtml", "<html><body><p>a<a href=\"n.xhtml#n2\" id=\"r2\">2</a></p></body></html>"),
        (
            "EPUB/n.xhtml",
            "<html><body><p id=\"n2\"><a href=\"a.xhtml#r2\">2</a> <a href=\"b.xhtml\">b<object><a href=\"a.xhtml#r2\"></a></object></a></p></body></html>",
        ),
        ("EPUB/b.xhtml", "<p><a href=\"n.xhtml#n2\" id=\"r3\"><table>n2<a href=\"b.xhtml#r3\">"),
    ]);
    book(&[
        ("OPS/notes.xhtml", "<p id=\"n2\"><a href=\"one.xhtml#r2\">2<a"),
        ("OPS/one.xhtml", "<p><a href=\"notes.xhtml#n2\"id=\"r2\"><table>n2<a href=\"one.xhtml#r2\">"),
    ]);
}

/// A note of one kind of page that is called from the other: pages of this program have theirs where they are called.
#[test]
fn in_books_of_two_makers() {
    let page = |own: &str, body: &str| {
        format!(
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"{own}><head><title>T</title></head><body>{body}</body></html>"
        )
    };
    let call = "<p>x<a role=\"doc-noteref\" href=\"b.xhtml#n\" id=\"r\">1</a></p>";
    let note = "<p id=\"n\"><a href=\"a.xhtml#r\">1</a> words</p>";
    for (caller, called) in [(" data-apograph=\"1\"", ""), ("", " data-apograph=\"1\"")] {
        book(&[("EPUB/a.xhtml", &page(caller, call)), ("EPUB/b.xhtml", &page(called, note))]);
    }
}

#[test]
fn in_markdown() {
    all(
        "markdown",
        &[
            "::: {.xml xmlns:lake=\"https://example.org/lake\" el=\"lake:attachment\"}\nkept\n:::\n",
            "[a]{.x xmlns:lake=\"\" lake:b=\"c\"} [b]{.x xmlns:xml=\"urn:x\"} [c]{a=1 a=2}\n",
            ":::: {.division lan\u{1}g=\"grc\"}\nkept\n::::\n",
            "---\nschema: docedition/1\ntei: \"<TEI><teiHeader/></TEI>\"\n---\n\nwords\n",
            "---\nschema: docedition/1\ntei: \"<TEI><teiHeader/><text><back/></text></TEI>\"\n---\n\nwords\n",
            "---\nschema: docedition/1\ntei: \"<TEI><teiHeader/><sourceDoc/></TEI>\"\n---\n\nwords\n",
            "---\nschema: docedition/1\ntei: \"<teiCorpus><teiHeader/><TEI><text/></TEI></teiCorpus>\"\n---\n\nwords\n",
            ":::table\n:::row\nwords\n\nmore\n:::\n\nmore\n:::\n",
            ":::table\n:::row\n:::cell\na\n:::\n\n:::b\nmore\n\nwords\n:::\n:::\n:::\n",
            ":::Tons\n  - --\n  Heron\n",
            "::: {.bulleted .list}\n- item\n\nwords\n:::\n",
            "---\nschema: docedition/1\ntei: \"<TEI><teiHeader/><sourceDoc/></TEI>\"\n---\n\n:::{.division el=\"sourceDoc\"}\na\n:::\n\nb\n",
            "words\n\n:::front\nmore\n:::\n",
            ":::back\nwords\n:::\n\nmore\n",
            ":::back\nwords\n:::\n\n:::front\nmore\n:::\n",
            "#] {.t}\n\n#no heading {.t}\n\n# a {.t}\n\nb\nc {.t}\n---\n\nd {.t}\ne\n===\n",
            "{.t}\n-\n\n> # f {.t}\n\n> g {#h}\n> ===\n",
            "<!-- a comment\nover some lines: Port V-->\n\n- one\n",
            "<table>\n<t May 4, 1931.\n:::\n\ntext\n",
            "[He holds up the light.]{.italic el=\"stage\" type=\u{1}s\"} Who goes there?\n",
            "[a]{.b\u{a0}.c} [d]{e=\"f\\\ng\"} [h]{i=}j\n",
            ":::note\nwords\n:::\n\nmore\n",
            "[a[^4]]{.pb} b[^3]\n\n[^3]: c\n\n[^4]: d[^5]\n\n[^5]: e\n",
            ":::: table\n:::: {.row}\ncell\n\n::: {.note}\nwords\n:::\n::::\n\n::: {.note}\nmore\n:::\n::::\n",
            "a[^b] c[^b]\n\n[^b]: []{.note #d\u{a4}1} words\n",
            "::: {.note}\n```\ncode\n```\n\nwords\n\n<div>more</div>\n\nstill the note\n:::\n\nthe text\n",
            "[a]{.note el=entryFree} [b]{.italic el=note} [c]{.tei-note}\n\n::: {.tei-note}\nd\n:::\n\n::: {.note el=x:note}\ne\n:::\n",
            "<img src=\">\n\"> <a title=\">\">words</a>\n",
            "`<b>words`{=html} and `more`{=html}\n",
            "[a]{.supplied :=} [b]{.note n=\"\" el=} [c]{.tei-} [d]{.x: xml:=\"\"} [e]{.name el=\"x:\"}\n",
            "::: {.note}\n> ::: {.note}\n> words\n\nmore\n\n- :::\n\nand more\n",
            "a[^b]\n\n[^b]: c\n\n[^d]: e\n\n::: {.back}\n::: {.note}\nf\n:::\n:::\n",
        ],
    );
}

/// Whatever the fuzz targets have left in `fuzz/artifacts`: `cargo test --test batch -- --ignored fuzzing`.
#[test]
#[ignore = "what fuzzing has found since is no part of the sources"]
fn fuzzing_finds_nothing_that_still_holds() {
    let artifacts = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/artifacts");
    let mut bugs = Vec::new();
    for format in ["transcript", "tei", "markdown", "json"] {
        let Ok(found) = std::fs::read_dir(artifacts.join(format!("read_{format}"))) else { continue };
        for path in found.map(|entry| entry.unwrap().path()) {
            let begun = std::time::Instant::now();
            let bytes = std::fs::read(&path).unwrap();
            let end = std::panic::catch_unwind(|| bear(format, &bytes)).unwrap_or_else(|_| Err("panic".to_owned()));
            let took = begun.elapsed().as_secs();
            let end = end.and_then(|()| if took < 60 { Ok(()) } else { Err(format!("{took} seconds")) });
            if let Err(bug) = end {
                bugs.push(format!("{bug}\n    {}", path.display()));
            }
        }
    }
    bugs.sort();
    assert!(bugs.is_empty(), "{} still hold:\n{}", bugs.len(), bugs.join("\n"));
}
