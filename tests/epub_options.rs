//! What the options of the EPUB writer do: cover, theme, fonts, own sheet, depth of the contents, notes called twice,
//! languages, claims about accessibility, and bytes that don't depend on the number of threads.

use apograph::diagnostic::Log;
use apograph::format::Packaging;
use apograph::model::{
    Block, Division, Document, Figure, Graphic, Heading, Inline, Line, Note, Paragraph, Reference, Resource, Tag,
    Target, Verse,
};
use apograph::output::{Memory, Output};
use apograph::write::Writer;
use apograph::write::epub::{Cover, Epub, Font, Notes, Sheet, Theme};

const FONT: &[u8] = include_bytes!("../src/write/epub/cover/ApographGaramond.otf");
/// The smallest picture: one pixel.
const PIXEL: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn paragraph(content: Vec<Inline>) -> Block {
    Block::Paragraph(Paragraph { content, ..Paragraph::default() })
}

fn division(id: &str, title: &str, mut content: Vec<Block>) -> Block {
    content.insert(0, Block::Heading(Heading { content: vec![Inline::text(title)], ..Heading::default() }));
    Block::Division(Division { tag: Tag::default().with_id(id), content, ..Division::default() })
}

fn document(body: Vec<Block>) -> Document {
    let mut document = Document { body, ..Document::default() };
    document.metadata.title.main = "The Ferry".to_owned();
    document.metadata.languages = vec!["en".into()];
    document
}

fn write(epub: &Epub, document: &Document) -> (Memory, Log) {
    assert_eq!(epub.format().packaging, Packaging::Archive);
    let (mut files, mut log) = (Memory::new(), Log::new());
    epub.write(document, &mut files, &mut log).expect("it can be written");
    (files, log)
}

fn text(files: &Memory, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no `{path}`")).to_vec()).expect("UTF-8")
}

fn codes(log: &Log) -> Vec<&str> {
    log.diagnostics().iter().map(|diagnostic| diagnostic.code.0).collect()
}

#[test]
fn a_cover_is_drawn_given_or_left_out() {
    let document = document(vec![division("a", "One", vec![])]);
    let (drawn, log) = write(&Epub::default(), &document);
    assert!(codes(&log).is_empty(), "{:?}", log.diagnostics());
    let png = drawn.get("EPUB/images/cover.png").expect("a drawn cover");
    assert_eq!((&png[..4], &png[16..24]), (&b"\x89PNG"[..], &[0, 0, 4, 0xB0, 0, 0, 7, 0x80][..]), "1200 × 1920 pixels");
    assert!(text(&drawn, "EPUB/text/cover.xhtml").contains("alt=\"Cover: The Ferry\""));
    assert!(text(&drawn, "EPUB/nav.xhtml").contains("<a epub:type=\"cover\" href=\"text/cover.xhtml\">Cover</a>"));

    let cover = Cover::given("front.gif", PIXEL.to_vec()).expect("a picture");
    let (given, _) = write(&Epub { cover, ..Epub::default() }, &document);
    assert_eq!(given.get("EPUB/images/cover.gif"), Some(PIXEL));
    assert!(text(&given, "EPUB/package.opf").contains("media-type=\"image/gif\" properties=\"cover-image\""));

    let (none, _) = write(&Epub { cover: Cover::None, ..Epub::default() }, &document);
    assert!(none.files().all(|(path, _)| !path.contains("cover")));
    assert!(!text(&none, "EPUB/package.opf").contains("cover"));
}

#[test]
fn a_cover_is_drawn_only_with_letters_that_the_font_has() {
    let mut document = document(vec![]);
    document.metadata.title.main = "Ἐπιστολαὶ и письма – Žižkov".to_owned();
    assert!(write(&Epub::default(), &document).0.get("EPUB/images/cover.png").is_some());
    document.metadata.title.main = "القوس".to_owned();
    let (files, log) = write(&Epub::default(), &document);
    assert!(files.get("EPUB/images/cover.png").is_none());
    assert_eq!(codes(&log), ["cover.not-drawn"]);
}

#[test]
fn damaged_and_unknown_images_are_refused() {
    for bytes in
        [&b"\x89PNG\r\n\x1a\n"[..], b"GIF89a", b"BM....", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"]
    {
        assert!(Cover::given("cover", bytes.to_vec()).is_err(), "{bytes:?}");
    }
}

#[test]
fn fonts_and_sheets_are_listed_and_read_in_order() {
    let font = Font::new("Garamond.otf", FONT.to_vec()).expect("a font");
    let css = Sheet::new("own.css", "p { color: #222 }").expect("a sheet");
    let epub = Epub { theme: Theme::Book, fonts: vec![font], css: Some(css), ..Epub::default() };
    let (files, _) = write(&epub, &document(vec![division("a", "One", vec![])]));
    let chapter = text(&files, "EPUB/text/a.xhtml");
    let order: Vec<_> = chapter.split("/css/").skip(1).filter_map(|rest| rest.split('.').next()).collect();
    assert_eq!(order, ["base", "modern", "theme", "fonts", "own"]);
    let sheet = text(&files, "EPUB/css/fonts.css");
    assert!(sheet.contains("font-family: \"Apograph Garamond\"; font-weight: 400; font-style: normal; src: url(\"../fonts/font-1.otf\")"), "{sheet}");
    let package = text(&files, "EPUB/package.opf");
    assert!(package.contains("href=\"fonts/font-1.otf\" media-type=\"font/otf\""), "{package}");
    assert!(Font::new("a.ttf", b"no font".to_vec()).is_err());
    assert!(Font::new("a.otf", FONT[..400].to_vec()).is_err());
}

#[test]
fn the_contents_are_as_deep_as_was_asked_for() {
    let inner = division("c", "Three", vec![]);
    let document = document(vec![division("a", "One", vec![division("b", "Two", vec![inner])])]);
    for (toc_depth, shown) in [(1, 1), (2, 2), (3, 3), (9, 3)] {
        let (files, _) = write(&Epub { toc_depth, ..Epub::default() }, &document);
        let nav = text(&files, "EPUB/nav.xhtml");
        let toc = nav.split("</nav>").next().expect("contents");
        assert_eq!(toc.matches("<a ").count(), shown, "{toc}");
        assert_eq!(text(&files, "EPUB/toc.ncx").matches("<navPoint").count(), shown);
    }
}

/// Two chapters, in which one note is called three times: once as a note, once without words, once with its marker.
fn called_thrice() -> Document {
    let note = Note {
        tag: Tag::default().with_id("n7"),
        label: Some("7".into()),
        body: vec![paragraph(vec![Inline::text("Said twice.")])],
        ..Note::default()
    };
    let again = |words: &str| {
        let content = if words.is_empty() { Vec::new() } else { vec![Inline::text(words)] };
        Inline::Reference(Box::new(Reference {
            tag: Tag::default(),
            targets: vec![Target::Here("n7".into())],
            content,
        }))
    };
    let first = paragraph(vec![Inline::text("A"), Inline::Note(Box::new(note)), Inline::text(" and B"), again("")]);
    let second = paragraph(vec![
        Inline::text("C"),
        again("7"),
        Inline::text(" but see "),
        again("footnote 7"),
        Inline::text("."),
    ]);
    document(vec![division("a", "One", vec![first]), division("b", "Two", vec![second])])
}

#[test]
fn a_note_called_again_has_a_way_back_to_each_call() {
    for (notes, file, way) in [(Notes::Popup, "a", ""), (Notes::Chapter, "a", ""), (Notes::Book, "notes", "a.xhtml")] {
        let (files, log) = write(&Epub { notes, ..Epub::default() }, &called_thrice());
        assert!(codes(&log).is_empty(), "{:?}", log.diagnostics());
        let (one, two) = (text(&files, "EPUB/text/a.xhtml"), text(&files, "EPUB/text/b.xhtml"));
        let body = text(&files, &format!("EPUB/text/{file}.xhtml"));
        for back in [format!("{way}#n7-ref"), format!("{way}#n7-ref2"), "b.xhtml#n7-ref3".to_owned()] {
            assert!(body.contains(&format!("role=\"doc-backlink\" href=\"{back}\"")), "{notes:?}: {back}: {body}");
        }
        let home = if notes == Notes::Book { "notes.xhtml#n7" } else { "#n7" };
        assert!(one.contains("id=\"n7-ref2\"") && one.contains(&format!("href=\"{home}\"")), "{one}");
        assert!(two.contains("id=\"n7-ref3\"") && two.matches("doc-noteref").count() == 1, "{two}");
        assert!(
            two.contains(&format!("href=\"{file}.xhtml#n7\">footnote 7</a>")),
            "words that are no marker stay a link: {two}"
        );
    }
}

#[test]
fn languages_are_those_of_the_registry() {
    let said = |language: &str, words: &str| {
        let tag = Tag { language: Some(language.into()), ..Tag::default() };
        Block::Paragraph(Paragraph { tag, content: vec![Inline::text(words)], ..Paragraph::default() })
    };
    let mut document = document(vec![division(
        "a",
        "Un",
        vec![said("ger", "eins"), said("x-vale", "uno"), said("grc", "hen"), said("ar-EG", "wahid")],
    )]);
    document.metadata.languages = vec!["fre".into(), "klingon_1".into(), "ger".into()];
    let (files, log) = write(&Epub::default(), &document);
    let chapter = text(&files, "EPUB/text/a.xhtml");
    assert!(
        chapter.contains("<html xmlns=\"http://www.w3.org/1999/xhtml\"")
            && chapter.contains(" lang=\"fr\" xml:lang=\"fr\"")
    );
    for tag in [" lang=\"de\" xml:lang=\"de\"", " lang=\"grc\"", " lang=\"ar-EG\" xml:lang=\"ar-EG\" dir=\"rtl\""] {
        assert!(chapter.contains(tag), "{tag}: {chapter}");
    }
    assert!(!chapter.contains(" lang=\"x-vale\"") && codes(&log) == ["language.unknown"], "{:?}", log.diagnostics());
    let package = text(&files, "EPUB/package.opf");
    assert!(package.contains("<dc:language>fr</dc:language>\n<dc:language>de</dc:language>"), "{package}");
    assert!(text(&files, "EPUB/nav.xhtml").contains("Table des matières"));
}

#[test]
fn conformance_is_claimed_only_where_someone_vouches_and_nothing_speaks_against_it() {
    let image = |description: Option<&str>| {
        let description = description.map(str::to_owned);
        let graphic = Graphic { tag: Tag::default(), url: "pixel.gif".into(), description };
        let figure =
            Figure { content: vec![Block::bare(vec![Inline::Graphic(Box::new(graphic))])], ..Figure::default() };
        let mut document = document(vec![division("a", "One", vec![Block::Figure(figure)])]);
        let (path, media_type) = ("pixel.gif".to_owned(), "image/gif".to_owned());
        document.resources.push(Resource { path, media_type, bytes: PIXEL.to_vec() });
        document
    };
    let package = |document: &Document| {
        let (files, log) = write(&Epub::default(), document);
        (text(&files, "EPUB/package.opf"), codes(&log).contains(&"accessibility.untrue"))
    };
    let mut sound = image(Some("A pixel"));
    let (opf, _) = package(&sound);
    assert!(!opf.contains("conformsTo"), "nobody vouches");
    for said in
        ["accessMode\">visual<", "alternativeText", "accessModeSufficient\">textual<", "All images are described."]
    {
        assert!(opf.contains(said), "{said}: {opf}");
    }
    sound.metadata.extra.insert("certified-by".to_owned(), "Ada Winter".to_owned());
    let (opf, doubted) = package(&sound);
    assert!(opf.contains("<meta property=\"dcterms:conformsTo\">EPUB Accessibility 1.1 - WCAG 2.1 Level AA</meta>"));
    assert!(opf.contains("<meta property=\"a11y:certifiedBy\">Ada Winter</meta>") && !doubted);

    let mut poor = image(None);
    poor.metadata.extra.insert("certified-by".to_owned(), "Ada Winter".to_owned());
    let (opf, doubted) = package(&poor);
    assert!(!opf.contains("conformsTo") && !opf.contains("alternativeText") && doubted, "{opf}");
    assert!(!opf.contains("accessModeSufficient\">textual<") && opf.contains("Some images have no description."));
}

#[test]
fn the_time_of_change_is_told_by_the_source_or_by_the_builder_and_never_by_the_clock() {
    let modified = |epub: &Epub, document: &Document| {
        let opf = text(&write(epub, document).0, "EPUB/package.opf");
        opf.split("dcterms:modified\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a time").to_owned()
    };
    let mut document = document(vec![]);
    let built = Epub { modified: Some("2024-05-01T12:00:00Z".to_owned()), ..Epub::default() };
    assert_eq!(modified(&Epub::default(), &document), "2000-01-01T00:00:00Z");
    assert_eq!(modified(&built, &document), "2024-05-01T12:00:00Z");
    document.metadata.publication.modified = Some("1999-01-02T03:04:05+01:00".into());
    assert_eq!(modified(&built, &document), "1999-01-02T02:04:05Z");
}

#[test]
fn shared_lines_and_lines_from_right_to_left_are_told_to_the_sheet() {
    let line = |part: &str, language: Option<&str>| {
        let tag = Tag { language: language.map(Into::into), ..Tag::default() }.with("part", part);
        Block::Line(Line { tag, content: vec![Inline::text("Who goes?")] })
    };
    let verse = Verse { content: vec![line("I", None), line("F", None), line("N", Some("he"))], ..Verse::default() };
    let (files, _) = write(&Epub::default(), &document(vec![division("a", "One", vec![Block::Verse(verse)])]));
    let chapter = text(&files, "EPUB/text/a.xhtml");
    assert!(chapter.contains("class=\"line final\"") && chapter.contains("dir=\"rtl\""), "{chapter}");
}

#[cfg(feature = "parallel")]
#[test]
fn the_bytes_are_the_same_with_one_thread_and_with_many() {
    let chapter = |at: usize| {
        let words = (0..200).map(|word| format!("w{} ", word * at % 97)).collect::<String>();
        division(&format!("c{at}"), &format!("Chapter {at}"), vec![paragraph(vec![Inline::text(words)])])
    };
    let document = document((1..80).map(chapter).collect());
    let archive = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| write(&Epub::default(), &document).0.archive().expect("an archive"))
    };
    let one = archive(1);
    assert!(one == archive(2) && one == archive(7));
}

#[test]
fn an_archive_of_more_files_than_a_plain_zip_can_count_is_zip64() {
    let mut files = Memory::new();
    let count = 66_000_usize;
    for at in 0..count {
        files.file(&format!("f{at}.png")).expect("a new name").write_all(b"x").expect("memory");
    }
    let archive = files.archive().expect("an archive");
    assert!(archive.windows(4).rev().take(200).any(|four| four == b"PK\x06\x06"), "the end record of ZIP64");
    let zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("a zip archive");
    assert_eq!(zip.len(), count);
}
