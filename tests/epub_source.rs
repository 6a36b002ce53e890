//! EPUBs of others, made here file by file: notes in all common shapes, page breaks, contents, and what is broken.

use std::io::Write as _;

use apograph::conservation::Flow;
use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::epub::archive::Limits;
use apograph::failure::Failure;
use apograph::model::visit::{Visit, walk_block, walk_document, walk_inline};
use apograph::model::{Block, Certainty, Document, Inline, Milestone, Note, Unit};
use apograph::read::{Reader, epub::Epub};
use apograph::registry::Registry;
use apograph::source::Input;

const CONTAINER: &str = "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" version=\"1.0\"><rootfiles>\
    <rootfile full-path=\"OPS/book.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";

/// A book with these pages, in this order, and other files.
struct Book {
    pages: Vec<(String, Vec<u8>)>,
    files: Vec<(String, Vec<u8>)>,
    items: String,
    spine: String,
}

impl Book {
    fn of(pages: &[(&str, &str)]) -> Self {
        let xhtml = |body: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" \
                 xmlns:epub=\"http://www.idpf.org/2007/ops\" xml:lang=\"en\"><head><title>x</title></head>\n<body>{body}</body></html>"
            )
        };
        let pages = pages.iter().map(|(name, body)| ((*name).to_owned(), xhtml(body).into_bytes())).collect();
        Self { pages, files: Vec::new(), items: String::new(), spine: String::new() }
    }

    fn page(mut self, name: &str, bytes: &[u8]) -> Self {
        self.pages.push((name.to_owned(), bytes.to_vec()));
        self
    }

    fn file(mut self, path: &str, bytes: &[u8]) -> Self {
        self.files.push((path.to_owned(), bytes.to_vec()));
        self
    }

    fn item(mut self, item: &str) -> Self {
        self.items.push_str(item);
        self
    }

    fn package(&self) -> String {
        let mut items = self.items.clone();
        let mut spine = String::new();
        for (at, (name, _)) in self.pages.iter().enumerate() {
            items.push_str(&format!("<item id=\"p{at}\" href=\"{name}\" media-type=\"application/xhtml+xml\"/>"));
            spine.push_str(&format!("<itemref idref=\"p{at}\"/>"));
        }
        format!(
            "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\">\
             <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:identifier id=\"id\">urn:isbn:9780306406157</dc:identifier>\
             <dc:title>Salt & Ferries</dc:title><dc:creator>Ada Winter</dc:creator><dc:language>en</dc:language></metadata>\
             <manifest>{items}</manifest><spine {}>{spine}</spine></package>",
            self.spine
        )
    }

    fn bytes(&self) -> Vec<u8> {
        let mut files = vec![
            ("mimetype".to_owned(), b"application/epub+zip".to_vec()),
            ("META-INF/container.xml".to_owned(), CONTAINER.as_bytes().to_vec()),
            ("OPS/book.opf".to_owned(), self.package().into_bytes()),
        ];
        files.extend(self.pages.iter().map(|(name, bytes)| (format!("OPS/{name}"), bytes.clone())));
        files.extend(self.files.clone());
        zipped(&files)
    }

    /// Reads the book; its text must be there, as a witness sees it.
    fn read(&self) -> (Document, Log) {
        read(&self.bytes())
    }
}

fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(path.as_str(), zip::write::SimpleFileOptions::default()).expect("a name of its own");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("an archive").into_inner()
}

fn read(bytes: &[u8]) -> (Document, Log) {
    let registry = Registry::builtin();
    let mut log = Log::new();
    let read = Conversion::new(&registry).read(&Input::new("book.epub", bytes), &mut log).expect("it can be read");
    assert_eq!(log.count(Severity::Error), 0, "{:?}", log.diagnostics());
    (read.document, log)
}

fn codes(log: &Log) -> Vec<&'static str> {
    let mut codes: Vec<_> =
        log.diagnostics().iter().filter(|it| it.severity >= Severity::Loss).map(|it| it.code.0).collect();
    codes.dedup();
    codes
}

fn said(log: &Log, words: &str) -> bool {
    log.diagnostics().iter().any(|it| it.message.contains(words))
}

#[derive(Default)]
struct Found {
    notes: Vec<Note>,
    pages: Vec<Milestone>,
    links: Vec<(String, String)>,
    divisions: Vec<(String, String, usize)>,
    depth: usize,
}

impl<'a> Visit<'a> for Found {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Note(note) => self.notes.push(note.clone()),
            Block::Milestone(it) if it.unit == Unit::Page => self.pages.push(it.clone()),
            Block::Division(it) => {
                let heading = it.content.iter().find_map(|block| match block {
                    Block::Heading(heading) => Some(words(&heading.content)),
                    _ => None,
                });
                let number = it.number.as_deref().unwrap_or_default().to_owned();
                self.divisions.push((heading.unwrap_or_default(), number, self.depth));
                self.depth += 1;
                walk_block(self, block);
                self.depth -= 1;
                return;
            }
            _ => {}
        }
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Note(note) => self.notes.push((**note).clone()),
            Inline::Milestone(it) if it.unit == Unit::Page => self.pages.push((**it).clone()),
            Inline::Reference(it) => {
                let targets: Vec<_> = it.targets.iter().map(ToString::to_string).collect();
                self.links.push((words(&it.content), targets.join(" ")));
            }
            _ => {}
        }
        walk_inline(self, inline);
    }
}

fn words(inlines: &[Inline]) -> String {
    struct Words(String);
    impl<'a> Visit<'a> for Words {
        fn inline(&mut self, inline: &'a Inline) {
            match inline {
                Inline::Text(text) => self.0.push_str(text),
                Inline::Note(_) => {}
                _ => walk_inline(self, inline),
            }
        }
    }
    let mut words = Words(String::new());
    inlines.iter().for_each(|inline| words.inline(inline));
    words.0.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn found(document: &Document) -> Found {
    let mut found = Found::default();
    walk_document(&mut found, document);
    found
}

/// Marker and text of each note, white space aside, and how certain it is.
fn notes(document: &Document) -> Vec<(String, String, Option<Certainty>)> {
    let texts = Flow::of(document).notes;
    let notes = found(document).notes;
    assert_eq!(texts.len(), notes.len());
    let certainty = |note: &Note| note.tag.inference.as_ref().map(|it| it.certainty);
    notes
        .iter()
        .zip(texts)
        .map(|(note, text)| {
            (note.label.as_deref().unwrap_or_default().to_owned(), text.characters().collect(), certainty(note))
        })
        .collect()
}

fn note(label: &str, text: &str, certainty: Option<Certainty>) -> (String, String, Option<Certainty>) {
    (label.to_owned(), text.to_owned(), certainty)
}

#[test]
fn notes_that_the_book_calls_so() {
    for (call, body) in [
        (
            "<sup><a epub:type=\"noteref\" href=\"#n1\">1</a></sup>",
            "<aside epub:type=\"footnote\" id=\"n1\"><p>Salt.</p></aside>",
        ),
        ("<a role=\"doc-noteref\" href=\"#n1\">1</a>", "<div role=\"doc-footnote\" id=\"n1\">Salt.</div>"),
        (
            "<a epub:type=\"noteref\" href=\"#n1\" id=\"r1\">[1]</a>",
            "<section epub:type=\"rearnotes\"><h2>Notes</h2><ol><li epub:type=\"rearnote\" id=\"n1\"><p>Salt. \
             <a epub:type=\"backlink\" href=\"#r1\">\u{21a9}</a></p></li></ol></section>",
        ),
        (
            "<sup epub:type=\"noteref\"><a href=\"#n1\">1</a></sup>",
            "<aside epub:type=\"footnote\"><p id=\"n1\"><a href=\"#p\">1</a>. Salt.</p></aside>",
        ),
    ] {
        let (document, _) = Book::of(&[("a.xhtml", &format!("<p id=\"p\">Boats{call} wait.</p>{body}"))]).read();
        assert_eq!(notes(&document), [note("1", "Salt.", None)], "{call}");
        assert_eq!(Flow::of(&document).main, "Boatswait.", "{call}");
    }
}

#[test]
fn notes_by_convention_are_inferred_with_a_certainty() {
    let cases = [
        // There and back, raised, and named.
        (
            "<sup><a href=\"#fn1\" id=\"fnref1\">1</a></sup>",
            "<p id=\"fn1\" class=\"footnote\"><a href=\"#fnref1\">1</a> Salt.</p>",
            Certainty::High,
        ),
        // There and back, raised.
        ("<sup><a href=\"#x\" id=\"y\">1</a></sup>", "<p id=\"x\"><a href=\"#y\">1.</a> Salt.</p>", Certainty::Medium),
        // There and back only.
        ("<a href=\"#x\" id=\"y\">1</a>", "<div id=\"x\">1. Salt. <a href=\"#y\">back</a></div>", Certainty::Low),
        // Named only.
        ("<sup><a href=\"#fn1\">*</a></sup>", "<p id=\"fn1\">* Salt.</p>", Certainty::Low),
    ];
    for (call, body, certainty) in cases {
        let (document, _) = Book::of(&[("a.xhtml", &format!("<p>Boats{call} wait.</p><hr/>{body}"))]).read();
        let marker = if call.contains('*') { "*" } else { "1" };
        assert_eq!(notes(&document), [note(marker, "Salt.", Some(certainty))], "{call}");
    }
    // A link that only looks like one stays a link.
    let (document, _) = Book::of(&[("a.xhtml", "<p>See <a href=\"#c2\">2</a>.</p><p id=\"c2\">Second.</p>")]).read();
    assert!(notes(&document).is_empty());
    assert_eq!(found(&document).links, [("2".to_owned(), "#c2".to_owned())]);
}

#[test]
fn notes_in_another_file_in_lists_of_terms_and_of_several_paragraphs() {
    let text = "<p>Boats<sup><a id=\"r1\" href=\"n.xhtml#n1\">1</a></sup> wait<sup><a id=\"r2\" href=\"n.xhtml#n2\">2</a></sup>.</p>";
    let apart = "<h1>Notes</h1><p id=\"n1\" class=\"note\"><a href=\"a.xhtml#r1\">1</a> Salt.</p><p>More salt.</p>\
                 <p id=\"n2\" class=\"note\"><a href=\"a.xhtml#r2\">2</a> Ice.</p>";
    let (document, _) = Book::of(&[("a.xhtml", text), ("n.xhtml", apart)]).read();
    let high = Some(Certainty::High);
    assert_eq!(notes(&document), [note("1", "Salt.Moresalt.", high), note("2", "Ice.", high)]);

    let terms = "<dl><dt id=\"n1\"><a href=\"a.xhtml#r1\">1</a></dt><dd class=\"footnote\"><p>Salt.</p></dd>\
                 <dt id=\"n2\"><a href=\"a.xhtml#r2\">2</a></dt><dd><p>Ice.</p></dd></dl>";
    let (document, _) = Book::of(&[("a.xhtml", text), ("n.xhtml", terms)]).read();
    let texts: Vec<_> = notes(&document).into_iter().map(|(label, text, _)| (label, text)).collect();
    assert_eq!(texts, [("1".to_owned(), "Salt.".to_owned()), ("2".to_owned(), "Ice.".to_owned())]);
}

#[test]
fn a_note_called_twice_stands_once() {
    let body = "<p>A<a epub:type=\"noteref\" href=\"#n\">1</a> B<a epub:type=\"noteref\" href=\"#n\">1</a></p>\
                <aside epub:type=\"footnote\" id=\"n\">Salt.</aside>";
    let (document, _) = Book::of(&[("a.xhtml", body)]).read();
    assert_eq!(notes(&document).len(), 1);
    assert_eq!(found(&document).links, [("1".to_owned(), "#n".to_owned())]);
}

fn pages(document: &Document) -> Vec<(String, bool)> {
    let pages = found(document).pages;
    pages.into_iter().map(|it| (it.label.as_deref().unwrap_or_default().to_owned(), it.inside_word)).collect()
}

#[test]
fn pages_by_type_role_list_and_map() {
    let of =
        |pages: &[(&str, bool)]| pages.iter().map(|(label, inside)| ((*label).to_owned(), *inside)).collect::<Vec<_>>();
    let stated = "<p>har<span epub:type=\"pagebreak\" id=\"p5\" title=\"5\"/>bour</p><div role=\"doc-pagebreak\" aria-label=\"6\"></div>\
                  <p><a epub:type=\"pagebreak\" id=\"p7\">[Page 7]</a>Text</p>";
    let (document, _) = Book::of(&[("a.xhtml", stated)]).read();
    assert_eq!(pages(&document), of(&[("5", true), ("6", false), ("7", false)]));
    assert_eq!(Flow::of(&document).main, "harbourText");

    let body = "<p><a id=\"p5\"></a>Salt.</p><p id=\"p6\">Ice.</p>";
    let nav = "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\"><body>\
               <nav epub:type=\"page-list\"><ol><li><a href=\"a.xhtml#p5\">5</a></li><li><a href=\"a.xhtml#p6\">vi</a></li></ol></nav></body></html>";
    let book = Book::of(&[("a.xhtml", body)])
        .file("OPS/nav.xhtml", nav.as_bytes())
        .item("<item id=\"nav\" href=\"nav.xhtml\" properties=\"nav\" media-type=\"application/xhtml+xml\"/>");
    let (document, _) = book.read();
    assert_eq!(pages(&document), of(&[("5", false), ("vi", false)]));
    assert!(found(&document).pages.iter().all(|page| page.tag.inference.is_some()), "that a list says so is owned");

    let ncx = "<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\"><navMap/><pageList><pageTarget value=\"5\">\
               <navLabel><text>5</text></navLabel><content src=\"a.xhtml#p5\"/></pageTarget></pageList></ncx>";
    let mut book = Book::of(&[("a.xhtml", body)])
        .file("OPS/toc.ncx", ncx.as_bytes())
        .item("<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>");
    book.spine = "toc=\"ncx\"".to_owned();
    assert_eq!(pages(&book.read().0), of(&[("5", false)]));

    let map = "<page-map xmlns=\"http://www.idpf.org/2007/opf\"><page name=\"4\" href=\"a.xhtml\"/><page name=\"5\" href=\"a.xhtml#p5\"/></page-map>";
    let mut book = Book::of(&[("a.xhtml", body)])
        .file("OPS/map.xml", map.as_bytes())
        .item("<item id=\"map\" href=\"map.xml\" media-type=\"application/oebps-page-map+xml\"/>");
    book.spine = "page-map=\"map\"".to_owned();
    assert_eq!(pages(&book.read().0), of(&[("4", false), ("5", false)]));
}

#[test]
fn headings_and_contents_make_divisions() {
    let ncx = "<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\"><navMap><navPoint><navLabel><text>Part I</text></navLabel>\
               <content src=\"part.xhtml\"/><navPoint><navLabel><text>Salt</text></navLabel><content src=\"a.xhtml\"/></navPoint>\
               <navPoint><navLabel><text>Ice</text></navLabel><content src=\"b.xhtml\"/></navPoint></navPoint></navMap></ncx>";
    let mut book = Book::of(&[
        ("part.xhtml", "<p><img src=\"part.png\" alt=\"Part I\"/></p>"),
        ("a.xhtml", "<h1>Salt</h1><p>a</p><h2>Of the sea</h2><p>b</p><h2>Of the mine</h2><p>c</p>"),
        ("more.xhtml", "<p>goes on</p>"),
        ("b.xhtml", "<p>no heading</p>"),
    ])
    .file("OPS/toc.ncx", ncx.as_bytes())
    .item("<item id=\"ncx\" href=\"toc.ncx\" media-type=\"application/x-dtbncx+xml\"/>");
    book.spine = "toc=\"ncx\"".to_owned();
    let (document, log) = book.read();
    let divisions: Vec<_> = found(&document)
        .divisions
        .into_iter()
        .map(|(heading, number, depth)| format!("{depth} {heading}|{number}"))
        .collect();
    assert_eq!(divisions, ["0 |Part I", "1 Salt|", "2 Of the sea|", "2 Of the mine|", "1 |Ice"]);
    assert_eq!(Flow::of(&document).main, "SaltaOftheseabOftheminecgoesonnoheading");
    assert!(codes(&log).contains(&"epub.file-missing"), "the image is not there: {:?}", codes(&log));
}

#[test]
fn links_across_files_lead_to_ids_that_are_unique() {
    let (document, log) = Book::of(&[
        ("a.xhtml", "<h1 id=\"x\">A</h1><p><a href=\"b.xhtml#x\">there</a> <a href=\"b.xhtml\">whole</a> <a href=\"#gone\">lost</a></p>"),
        ("b.xhtml", "<h1 id=\"x\">B</h1><p><a href=\"a.xhtml#x\">back</a> <a href=\"https://vale.example/\">out</a></p>"),
    ])
    .read();
    let links = found(&document).links;
    let to = |words: &str| links.iter().find(|(have, _)| have == words).map(|(_, to)| to.as_str());
    assert_ne!(to("there"), to("back"));
    assert_eq!(to("out"), Some("https://vale.example/"));
    assert_eq!(to("lost"), Some("#gone"));
    assert!(said(&log, "`#gone`"));
    let json = serde_json::to_string(&document).expect("a document is JSON");
    for words in ["there", "back"] {
        let id = to(words).unwrap_or_default().trim_start_matches('#');
        assert_eq!(json.matches(&format!("\"id\":\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn what_is_broken_is_read_as_far_as_can_be_and_said() {
    // HTML in place of XHTML, with names of characters that XML doesn't know, and a missing file.
    let html = b"<!DOCTYPE html><html><body><p>Sm\xc3\xb8rrebr\xc3\xb8d &hearts; <b>bold <p>next<br>line</body></html>";
    let book = Book::of(&[("a.xhtml", "<p>Caf&eacute;&nbsp;Vale</p>")]).page("b.html", html);
    let (document, log) = book.read();
    assert_eq!(Flow::of(&document).main, "CaféValeSmørrebrød♥boldnextline");
    assert!(said(&log, "`OPS/b.html`, line 1"), "{:?}", log.diagnostics());
    assert!(said(&log, "`OPS/book.opf`, line 1"), "a bare ampersand in the package document is said");

    // An encoding that is not the stated one.
    let latin =
        b"<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>caf\xe9 au lait, d\xe9j\xe0 vu</p></body></html>";
    let (document, log) = Book::of(&[]).page("a.xhtml", latin).read();
    assert_eq!(Flow::of(&document).main, "caféaulait,déjàvu");
    assert!(codes(&log).contains(&"source.encoding-guessed"));

    // Wrong capitals in paths; a file of the spine that is not there; no container; no package.
    let page = (
        "OPS/Text/A.XHTML".to_owned(),
        b"<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Salt.</p></body></html>".to_vec(),
    );
    let package = Book::of(&[("text/a.xhtml", ""), ("gone.xhtml", "")]).package().into_bytes();
    let files = [page.clone(), ("OPS/book.opf".to_owned(), package)];
    let (document, log) = read(&zipped(&files));
    assert_eq!(Flow::of(&document).main, "Salt.");
    assert!(said(&log, "`OPS/gone.xhtml` is not in the archive") && said(&log, "is called `OPS/Text/A.XHTML`"));
    let (document, log) = read(&zipped(&[page]));
    assert_eq!(Flow::of(&document).main, "Salt.");
    assert!(codes(&log).contains(&"epub.spine"));
}

#[test]
fn what_is_hostile_is_refused_with_a_clear_error() {
    let fails = |reader: Epub, bytes: &[u8]| match reader.read(&Input::new("x.epub", bytes), &mut Log::new()) {
        Err(failure) => failure,
        Ok(_) => panic!("it should have been refused"),
    };
    let small = Epub { limits: Limits { entry: 10_000, total: 30_000, entries: 20 } };
    let bomb = Book::of(&[]).page("a.xhtml", &vec![b' '; 5_000_000]).bytes();
    assert!(matches!(fails(small, &bomb), Failure::Limit { message, .. } if message.contains("`OPS/a.xhtml`")));
    let many: Vec<_> = (0..50).map(|at| (format!("f{at}"), Vec::new())).collect();
    assert!(matches!(fails(small, &zipped(&many)), Failure::Limit { .. }));
    let deep = format!("{}x{}", "<div>".repeat(5_000), "</div>".repeat(5_000));
    assert!(matches!(fails(Epub::default(), &Book::of(&[("a.xhtml", &deep)]).bytes()), Failure::Limit { .. }));
    let soup = format!("<html><body>{}", "<div><b>".repeat(3_000));
    assert!(matches!(
        fails(Epub::default(), &Book::of(&[]).page("a.html", soup.as_bytes()).bytes()),
        Failure::Limit { .. }
    ));
    let locked = "<encryption xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><EncryptedData><CipherData>\
                  <CipherReference URI=\"OPS/a.xhtml\"/></CipherData></EncryptedData></encryption>";
    let book = Book::of(&[]).page("a.xhtml", b"\x00\x01\xff<\x02").file("META-INF/encryption.xml", locked.as_bytes());
    assert!(
        matches!(fails(Epub::default(), &book.bytes()), Failure::Archive { message } if message.contains("encrypted"))
    );
    // A path that leads out of the archive is left out.
    let book = Book::of(&[("a.xhtml", "<p>Salt.</p>")])
        .item("<item id=\"w\" href=\"../../../etc/passwd\" media-type=\"application/xhtml+xml\"/>");
    assert!(said(&book.read().1, "leads out of the archive"));
}

#[test]
fn a_book_cut_or_changed_anywhere_never_panics() {
    let whole = Book::of(&[(
        "a.xhtml",
        "<p>A<a epub:type=\"noteref\" href=\"#n\">1</a></p><aside epub:type=\"footnote\" id=\"n\">S</aside>",
    )])
    .bytes();
    for at in (0..whole.len()).step_by(7) {
        _ = Epub::default().read(&Input::new("x.epub", &whole[..at]), &mut Log::new());
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        _ = Epub::default().read(&Input::new("x.epub", &changed), &mut Log::new());
    }
}

#[test]
fn verse_ruby_drawings_and_languages() {
    let body = "<div class=\"poem\"><div class=\"stanza\"><p>Salt<br/>and ice</p></div></div>\
                <p><ruby>\u{6f22}<rp>(</rp><rt>kan</rt><rp>)</rp></ruby> <span xml:lang=\"fr\">sel</span> <i>x</i></p>\
                <p><svg xmlns=\"http://www.w3.org/2000/svg\"><title>A boat</title><rect width=\"1\" height=\"1\"/>\
                <foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">Ebb</p></foreignObject></svg></p>\
                <p><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mi>x</mi></math></p>";
    let (document, _) = Book::of(&[("a.xhtml", body)]).read();
    assert_eq!(Flow::of(&document).main, "Saltandice\u{6f22}kanselxEbbx");
    let json = serde_json::to_string(&document).expect("a document is JSON");
    for part in ["\"line\"", "\"ruby\"", "\"language\":\"fr\"", "\"drawing-1.svg\"", "\"A boat\"", "\"math\""] {
        assert!(json.contains(part), "{part} in {json}");
    }
    assert_eq!(document.resources.len(), 1);
}

#[test]
fn classes_that_say_nothing_and_alignment_are_told_and_the_cover_is_kept() {
    let body = "<p class=\"calibre1\">Salt.</p><p class=\"calibre1 x\">Ice, <span class=\"smallcaps\">north</span>.</p>\
                <table><tr><td align=\"right\">1</td></tr></table>";
    let book = Book::of(&[("a.xhtml", body)])
        .file("OPS/front.png", b"not looked at")
        .item("<item id=\"c\" href=\"front.png\" media-type=\"image/png\" properties=\"cover-image\"/>");
    let (document, log) = book.read();
    assert!(said(&log, "`calibre1` (2 times)") && said(&log, "`x` (1 times)") && !said(&log, "smallcaps"));
    assert!(codes(&log).contains(&"table.alignment-dropped"));
    assert_eq!(document.metadata.extra.get("cover").map(String::as_str), Some("OPS/front.png"));
    assert!(document.resources.iter().any(|resource| resource.path == "OPS/front.png"));
}

/// Formulas stay MathML from book to book, and come back from Markdown.
#[test]
fn formulas_stay_formulas() -> Result<(), Box<dyn std::error::Error>> {
    use apograph::output::Memory;
    use apograph::write::{Writer, epub::Epub as EpubOut, markdown::Markdown};
    let math = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"block\">\n  <mrow><msup><mi>x</mi>\
                <mn>2</mn></msup><mo>*</mo><mspace width=\"1em\"/></mrow></math>";
    let (document, _) = Book::of(&[("a.xhtml", &format!("<h1>Sums</h1><p>It is {math}.</p>"))]).read();
    let mut book = Memory::new();
    EpubOut::default().write(&document, &mut book, &mut Log::new())?;
    let file = |end: &str| {
        let found = book.files().find(|(name, _)| name.ends_with(end));
        String::from_utf8_lossy(found.map(|(_, bytes)| bytes).unwrap_or_default()).into_owned()
    };
    assert!(file(".opf").contains("properties=\"mathml\""));
    let whole = "display=\"block\"><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>*</mo><mspace width=\"1em\">";
    assert!(
        file("text/sums.xhtml").contains(whole) || file("1.xhtml").contains(whole),
        "the formula is in a file of the book"
    );
    let again = Epub::default().read(&Input::new("x.epub", &book.archive()?), &mut Log::new())?;
    assert_eq!(again.body, document.body);
    let mut text = Memory::new();
    Markdown.write(&document, &mut text, &mut Log::new())?;
    let text = text.main_bytes().to_vec();
    assert!(String::from_utf8_lossy(&text).contains("[[x]{.math-mi}[2]{.math-mn}]{.math-msup}[\\*]{.math-mo}"));
    let again = apograph::read::markdown::Markdown.read(&Input::new("x.md", &text), &mut Log::new())?;
    assert_eq!(again.body, document.body);
    // What is no Presentation MathML, or lacks a part, would be no valid book: its words are kept.
    let odd = math.replace("<mn>2</mn>", "");
    let (document, _) = Book::of(&[("a.xhtml", &format!("<p>It is {odd}.</p>"))]).read();
    let mut book = Memory::new();
    EpubOut::default().write(&document, &mut book, &mut Log::new())?;
    assert!(book.files().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("<math")));
    Ok(())
}
