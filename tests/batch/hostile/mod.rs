//! Inputs that mean harm: each ends in a clear error or a clean result, in bounded time and memory, without a panic,
//! and writes nothing outside the output folder.

mod archives;
mod findings;
mod mutants;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use apograph::convert::Conversion;
use apograph::diagnostic::Log;
use apograph::registry::Registry;
use apograph::source::Input;

use crate::{PATIENCE, files, folder, run};

/// How much a run may take, in KiB of address space: what it takes with two workers on an empty file, and 1 GiB.
const MEMORY: u64 = 2 << 20;

/// Converts one hostile file to all three formats, with bounded memory. The exit code and what was told.
pub(super) fn convert(name: &str, bytes: impl AsRef<[u8]>) -> (i32, String) {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    fs::write(path.join("in").join(name), bytes).unwrap();
    let program = assert_cmd::cargo::cargo_bin!("apograph");
    let script = format!(
        "ulimit -v {MEMORY} && exec timeout {} '{}' convert in --to tei,epub,markdown -o out --jobs 2",
        PATIENCE.as_secs(),
        program.display()
    );
    let done = Command::new("sh").arg("-c").arg(script).current_dir(path).stdin(Stdio::null()).output().unwrap();
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    let code = done.status.code().unwrap_or_else(|| panic!("{name}: ended by a signal: {told}"));
    assert!(code <= 1, "{name}: exit code {code} (124: out of time): {told}");
    assert!(!told.contains("bug.panic") && !told.contains("not-conserved"), "{name}: {told}");
    let strange: Vec<_> =
        files(path).into_keys().filter(|name| !name.starts_with("in") && !name.starts_with("out")).collect();
    assert!(strange.is_empty(), "{name}: written outside: {strange:?}");
    for (made, bytes) in files(&path.join("out")) {
        assert!(!made.to_string_lossy().contains(".part"), "{made:?}");
        let active = ["<script", "<img", "href=\"javascript"];
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let found = active.iter().find(|word| made.extension().is_some_and(|it| it == "xml") && text.contains(**word));
        assert!(found.is_none(), "{name}: {found:?} in {made:?}");
    }
    (code, told)
}

fn refused(name: &str, bytes: impl AsRef<[u8]>, because: &str) {
    let (code, told) = convert(name, bytes);
    assert!(code == 1 && told.contains(because), "{name}: `{because}` is not told: {told}");
}

fn tei(doctype: &str, body: &str) -> String {
    format!(
        "{doctype}<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc><titleStmt><title>T</title></titleStmt>\
         <publicationStmt><p/></publicationStmt><sourceDesc><p/></sourceDesc></fileDesc></teiHeader>\
         <text><body>{body}</body></text></TEI>"
    )
}

#[test]
fn entities_do_not_multiply() {
    let tenfold = |name: char, of: char| format!("<!ENTITY {name} \"{}\">", format!("&{of};").repeat(10));
    let laughs: String = ('b'..='l').map(|name| tenfold(name, (name as u8 - 1) as char)).collect();
    let laughs = format!("<!DOCTYPE TEI [<!ENTITY a \"ha\">{laughs}]>");
    refused("in-text.xml", tei(&laughs, "<p>&l;</p>"), "entities expand to more than");
    refused("in-attribute.xml", tei(&laughs, "<p n=\"&l;\">x</p>"), "entities expand to more than");
    let long = format!("<!DOCTYPE TEI [<!ENTITY a \"{}\">]>", "x".repeat(100_000));
    refused("square.xml", tei(&long, &format!("<p>{}</p>", "&a;".repeat(10_000))), "entities expand to more than");
    let circle = "<!DOCTYPE TEI [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]>";
    refused("circle.xml", tei(circle, "<p>&a;</p>"), "refers to itself");
    let elsewhere = "<!DOCTYPE TEI [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    refused("elsewhere.xml", tei(elsewhere, "<p>&a;</p>"), "never read");
    let aliases: String = ('b'..='j').fold("a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned(), |yaml, name| {
        let before = format!("*{}", (name as u8 - 1) as char);
        yaml + &format!("{name}: &{name} [{}]\n", [before.as_str(); 9].join(", "))
    });
    let (code, told) = convert("aliases.md", format!("---\n{aliases}---\n\nText.\n"));
    assert!(code == 0 && told.contains("front matter"), "{told}");
}

#[test]
fn nesting_has_an_end() {
    let deep = 100_000;
    let nested = |open: &str, inner: &str, close: &str| open.repeat(deep) + inner + &close.repeat(deep);
    refused("deep.xml", tei("", &nested("<div>", "<p>x</p>", "</div>")), "elements one within another");
    refused("open.xml", "<TEI>".to_owned() + &"<div>".repeat(deep), "elements one within another");
    refused("quotes.md", ">".repeat(deep) + " x\n", "deep");
    refused("lists.md", (0..3000).map(|level| " ".repeat(2 * level) + "- x\n").collect::<String>(), "deep");
    let json = |inner: String| format!("{{\"format\":\"apograph\",\"version\":1,\"document\":{{\"body\":{inner}");
    refused("deep.json", json("[{\"division\":{\"tag\":{},\"content\":".repeat(deep)), "recursion limit");
    for (name, text) in [
        ("brackets.md", nested("[", "x", "]") + "(y)\n\n" + &"*".repeat(deep) + "x\n\n" + &"`".repeat(deep / 2)),
        ("emphasis.md", "*a _b ".repeat(deep / 4)),
        ("brackets.txt", "1. Memorandum\n\n".to_owned() + &nested("[", "x", "]") + "\n"),
    ] {
        convert(name, text);
    }
}

#[test]
fn long_lines_take_as_long_as_short_ones() {
    let words = "word ".repeat(200_000);
    for (name, text) in [
        ("line.txt", format!("1. Memorandum\n\n{words}\n")),
        ("line.md", format!("{words}\n")),
        ("line.xml", tei("", &format!("<p>{words}</p>"))),
        ("unbroken.txt", format!("1. Memorandum\n\n{}\n", "x".repeat(1_000_000))),
        ("ten-megabytes.txt", format!("1. Memorandum\n\n{}\n", words.repeat(10))),
        ("empty-lines.txt", "\n".repeat(1_000_000)),
    ] {
        let (code, told) = convert(name, text);
        assert_eq!(code, 0, "{name}: {told}");
    }
}

#[test]
fn much_markup_is_no_attack() {
    let attributes: String = (0..200_000).map(|number| format!("a{number}=\"1\" ")).collect();
    refused("attributes.xml", tei("", &format!("<p {attributes}>x</p>")), "attributes");
    let notes = 3_000;
    let called: String = (0..notes).map(|number| format!("x[^{number}] ")).collect();
    let listed: String = (0..notes).map(|number| format!("[^{number}]: n\n\n")).collect();
    convert("notes.md", called + "\n\n" + &listed);
    convert("cells.md", format!("|{}\n|{}\n|{}\n", "a|".repeat(2000), "-|".repeat(2000), "b|".repeat(2000)));
    convert("looping.xml", tei("", "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"looping.xml\"/>"));
    let outside =
        "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"../../../etc/passwd\" parse=\"text\"/>";
    let folder = folder();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("secret.txt"), "the secret word").unwrap();
    fs::write(folder.path().join("in/a.xml"), tei("", &outside.replace("../../../etc/passwd", "../secret.txt")))
        .unwrap();
    let around = |href: &str| {
        tei("", &format!("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"{href}\"/><p>x</p>"))
    };
    fs::write(folder.path().join("in/one.xml"), around("other.xml")).unwrap();
    fs::write(folder.path().join("in/other.xml"), around("one.xml")).unwrap();
    let (code, told) = run(folder.path(), &["convert", "in", "--to", "tei,markdown", "-o", "out"]);
    for told_of in ["`one.xml` is not included: it includes itself", "`other.xml` is not included: it includes itself"]
    {
        assert!(code == 0 && told.contains(told_of), "{told}");
    }
    for (name, bytes) in files(&folder.path().join("out")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("the secret word"), "{name:?}");
    }
}

#[test]
fn what_is_no_text_is_told() {
    refused("nul.txt", "1. Memorandum\n\na\0b\n", "NUL");
    refused("nul.xml", tei("", "<p>a\0b</p>"), "U+0000");
    refused("reference.xml", tei("", "<p>&#0;</p>"), "no character that XML allows");
    for (name, text) in
        [("control.txt", "1. Memo\n\na\u{18}b\u{b}c\u{c}d\u{fffe}\n"), ("control.md", "a\0b\u{1}c\u{c}d\n")]
    {
        let (code, told) = convert(name, text);
        assert!(code == 0 && told.contains("text.no-character"), "{name}: {told}");
    }
}

#[test]
fn no_script_reaches_an_output() {
    let evil = "<script>alert(1)</script>";
    convert("evil.txt", format!("1. {evil}\n\n{evil} \"onload=\"x\" &lt;script>\n"));
    convert(
        "evil.md",
        format!(
            "---\ntitle: {evil}\nauthor: '<img src=x onerror=alert(1)>'\n---\n\n# {evil}\n\n<div onclick=\"x\">raw</div>\n"
        ),
    );
    convert("evil.xml", tei("", &format!("<head>&lt;script>alert(1)&lt;/script></head><p rend=\"\"><ref target=\"javascript:alert(1)\">{}</ref></p>", "x")).replace("<title>T", "<title>&lt;script>"));
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    fs::write(path.join("in/a.txt"), format!("1. {evil}\n\n{evil}\n")).unwrap();
    let setting = format!("title={evil}");
    fs::write(path.join("in/a.toml"), format!("publisher = '{evil}'\nauthor = '\"><img src=x onerror=alert(1)>'\n"))
        .unwrap();
    run(path, &["convert", "in", "--to", "epub", "-o", "out", "--set", &setting, "--report", "report.html"]);
    let page = fs::read_to_string(path.join("report.html")).unwrap();
    // The page's own script is the only one.
    assert!(page.matches("<script").count() == 1 && !page.contains("alert(1)</script>"), "{page}");
    let book = fs::File::open(path.join("out/a.epub")).unwrap();
    let mut book = zip::ZipArchive::new(book).unwrap();
    for number in 0..book.len() {
        let mut entry = book.by_index(number).unwrap();
        let name = entry.name().unwrap().into_owned();
        if [".xhtml", ".opf", ".ncx"].iter().any(|extension| name.ends_with(extension)) {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
            assert!(!text.contains("<script") && text.len() > 10, "{name}");
        }
    }
}

/// Bytes that are no UTF-8, a NUL, and half a character, at every offset of a small document of each format.
#[test]
fn damage_at_every_offset_is_borne() {
    let registry = Registry::builtin();
    let text = "1. Note\u{e9}1\n\nPort Vale, May 4\n\n  1. Source.\n";
    let model =
        r#"{"format":"apograph","version":1,"document":{"body":[{"paragraph":{"tag":{},"content":[{"text":"é"}]}}]}}"#;
    let markdown = "---\ntitle: é\n---\n\n# A {#a}\n\nx[^1] *y*\n\n[^1]: n\n";
    let xml = tei("<!DOCTYPE TEI [<!ENTITY a \"é\">]>", "<p n=\"1\">&a;é<note>n</note></p>");
    for (format, source) in [("transcript", text), ("json", model), ("markdown", markdown), ("tei", &xml)] {
        let mut conversion = Conversion::new(&registry);
        conversion.from = Some(format.to_owned());
        for at in 0..=source.len() {
            for damage in [&b"\xFF"[..], b"\0", b"\xC3", b"\xED\xA0\x80", b"\xF8\x88\x80\x80\x80"] {
                let bytes = [&source.as_bytes()[..at], damage, &source.as_bytes()[at..]].concat();
                let mut log = Log::new();
                let Ok(read) = conversion.read(&Input::new("damaged", &bytes), &mut log) else { continue };
                for target in ["tei", "markdown"] {
                    // A failure is a clear error.
                    let _ = conversion.write(&read, target, &mut log);
                }
                let lost = log.diagnostics().iter().find(|it| it.code.0 == "text.not-conserved");
                assert!(lost.is_none(), "{format} at {at} with {damage:x?}: {lost:?}");
            }
        }
    }
}

#[test]
fn schemas_that_mean_harm_are_refused() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("a.xml"), "<a/>").unwrap();
    let rng =
        |inner: &str| format!("<element name=\"a\" xmlns=\"http://relaxng.org/ns/structure/1.0\">{inner}</element>");
    let grammar = "<grammar xmlns=\"http://relaxng.org/ns/structure/1.0\">";
    for (name, schema) in [
        ("deep.rng", rng(&("<group>".repeat(100_000) + "<empty/>" + &"</group>".repeat(100_000)))),
        (
            "circle.rng",
            format!("{grammar}<start><ref name=\"x\"/></start><define name=\"x\"><ref name=\"x\"/></define></grammar>"),
        ),
        ("itself.rng", format!("{grammar}<include href=\"itself.rng\"/></grammar>")),
        (
            "pattern.rng",
            rng(
                "<data type=\"string\" datatypeLibrary=\"http://www.w3.org/2001/XMLSchema-datatypes\"><param name=\"pattern\">((a{1000}){1000}){1000}</param></data>",
            ),
        ),
    ] {
        fs::write(path.join(name), schema).unwrap();
        let (code, told) = run(path, &["validate", "a.xml", "--schema", name]);
        assert!(code >= 1, "{name}: {told}");
    }
}

/// Which formats this build reads.
pub(super) fn reads(format: &str) -> bool {
    Registry::builtin().readers().any(|reader| reader.format().name == format)
}

/// Runs `apograph validate` on a file.
pub(super) fn validate(path: &Path, name: &str) -> (i32, String) {
    run(path, &["validate", name])
}
