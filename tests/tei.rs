//! TEI of all kinds: encodings, entities, inclusions, images; what was changed is written otherwise and nothing else;
//! flavours.

use std::path::Path;

use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::model::{Document, Identifier};
use apograph::output::Memory;
use apograph::read::{Reader, tei::Tei};
use apograph::registry::Registry;
use apograph::source::Input;
use apograph::write::tei::{Profile, Tei as TeiOut};
use apograph::write::{Writer, epub::Epub};

const LETTER: &str = include_str!("cases/tei/a-letter.source.xml");

type Outcome<T = ()> = Result<T, apograph::failure::Failure>;

fn read(text: &str) -> Outcome<Document> {
    Tei::default().read(&Input::new("letter.xml", text.as_bytes()), &mut Log::new())
}

fn written(document: &Document) -> Outcome<String> {
    let mut output = Memory::new();
    TeiOut::default().write(document, &mut output, &mut Log::new())?;
    Ok(String::from_utf8_lossy(output.main_bytes()).into_owned())
}

/// The lines of `after` that `before` doesn't have.
fn new_lines<'a>(before: &str, after: &'a str) -> Vec<&'a str> {
    after.lines().filter(|line| !before.lines().any(|known| known == *line)).map(str::trim).collect()
}

#[test]
fn only_changed_fields_of_the_header_are_altered() -> Outcome {
    let mut document = read(LETTER)?;
    assert_eq!(document.metadata.title.main, "A Letter From Port Vale");
    assert_eq!(document.metadata.agents[0].name, "Moor, A.");
    let before = written(&document)?;
    document.metadata.publication.publisher = Some("Ferry Press".to_owned());
    document.metadata.identifiers.push(Identifier { scheme: "doi".into(), value: "10.1/x".to_owned() });
    let after = written(&document)?;
    assert_eq!(
        new_lines(&before, &after),
        [
            "<publicationStmt><publisher>Ferry Press</publisher><date when=\"1999\">1999</date><idno type=\"doi\">10.1/x</idno></publicationStmt>"
        ]
    );
    document.metadata.title.main = "Another".to_owned();
    assert!(
        written(&document)?
            .contains("<titleStmt><title type=\"main\">Another</title><author>Moor, A.</author></titleStmt>")
    );
    Ok(())
}

#[test]
fn what_is_no_tei_p5_is_refused_with_its_place() {
    let refusal = |text: &str| read(text).map(|_| ()).map_err(|failure| failure.to_string());
    let place = read("\n <TEI.2><text/></TEI.2>").map(|_| ()).map_err(|failure| failure.span().map(|span| span.start));
    assert_eq!(place, Err(Some(2)));
    assert!(refusal("<TEI.2><text/></TEI.2>").is_err_and(|message| message.contains("P4")));
    assert!(refusal("<html/>").is_err_and(|message| message.contains("`html`")));
    assert!(refusal("<TEI xmlns='http://www.tei-c.org/ns/1.0'><text></TEI>").is_err());
    let deep = "<p>".repeat(100_000);
    assert!(refusal(&format!("<TEI>{deep}")).is_err_and(|message| message.contains("limit")));
}

/// As deep as the limit allows, on the stack of an ordinary thread.
#[test]
fn the_deepest_document_passes_through_a_small_stack() -> std::thread::Result<()> {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(|| {
            for element in ["hi", "div", "note", "quote"] {
                let (open, close) = (format!("<{element}>"), format!("</{element}>"));
                let text = format!(
                    "<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body>{}x{}</body></text></TEI>",
                    open.repeat(120),
                    close.repeat(120)
                );
                let document = read(&text);
                assert!(document.is_ok_and(|document| written(&document).is_ok()), "{element}");
            }
        })
        .map_err(|cause| Box::new(cause) as Box<dyn std::any::Any + Send>)?
        .join()
}

/// The namespace of the root is TEI's: a `note` in the other one is an element of others, and keeps its name.
#[test]
fn a_root_without_a_namespace_holds_elements_that_have_one() -> Outcome {
    let inner =
        "<ab><TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><p>b<note>c</note></p></body></text></TEI></ab>";
    let outer = format!("<TEI><text><body><div>{inner}<p>d<note>e</note></p></div></body></text></TEI>");
    let written = written(&read(&outer)?)?;
    assert!(written.contains(inner) && written.contains("d<note>e</note>"), "{written}");
    Ok(())
}

fn wrapped(body: &str) -> String {
    format!(
        "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>T</title></titleStmt>\
         <publicationStmt><p>No.</p></publicationStmt><sourceDesc><p>No.</p></sourceDesc></fileDesc></teiHeader>\
         <text><body>{body}</body></text></TEI>"
    )
}

#[test]
fn every_encoding_gives_the_same_document() -> Outcome {
    let text = wrapped("<p>Fähre\nund Eis</p>");
    let expected = read(&text)?;
    let read = |bytes: &[u8]| Tei::default().read(&Input::new("x.xml", bytes), &mut Log::new());
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let latin: Vec<u8> = text.chars().map(|character| character as u8).collect();
    let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?>\r\n").into_bytes();
    let cases = [
        [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat(),
        [b"\xFF\xFE".as_slice(), &little].concat(),
        [b"\xFE\xFF".as_slice(), &big].concat(),
        big,
        [declared("ISO-8859-1"), latin].concat(),
        [declared("utf-8"), text.replace('\n', "\r\n").into_bytes()].concat(),
        text.replace('\n', "\r").into_bytes(),
    ];
    for bytes in cases {
        let document = read(&bytes)?;
        assert_eq!(document.body, expected.body, "{:?}", bytes.get(..40));
    }
    Ok(())
}

#[test]
fn entities_are_expanded_within_limits() -> Outcome {
    let with = |subset: &str, body: &str| format!("<!DOCTYPE TEI [{subset}]>{}", wrapped(body));
    let document =
        read(&with("<!ENTITY vale '<placeName>Port Vale</placeName>'>", "<p>In &vale;&#8212;&nbsp;here.</p>"))?;
    assert!(written(&document)?.contains("<p>In <placeName>Port Vale</placeName>—\u{A0}here.</p>"));
    let bomb = (1..20).fold("<!ENTITY e0 'boat boat boat'>".to_owned(), |all, level| {
        let references = format!("&e{};", level - 1).repeat(10);
        format!("{all}<!ENTITY e{level} '{references}'>")
    });
    for (subset, body, said) in [
        (bomb.as_str(), "<p>&e19;</p>", "--max-expansion"),
        ("<!ENTITY a '&b;'><!ENTITY b '&a;'>", "<p>&a;</p>", "refers to itself"),
        ("<!ENTITY secret SYSTEM 'file:///etc/passwd'>", "<p>&secret;</p>", "another file"),
        ("", "<p>&harbour;</p>", "not declared"),
    ] {
        let failure = read(&with(subset, body)).map(|_| ()).map_err(|failure| failure.to_string());
        assert!(failure.as_ref().is_err_and(|message| message.contains(said)), "{said}: {failure:?}");
    }
    Ok(())
}

/// Reads a file with all checks; gives what was written as TEI and what was noticed.
fn converted(path: &Path, registry: Registry) -> Outcome<(String, Log)> {
    let bytes = std::fs::read(path).map_err(apograph::failure::Failure::file("the file"))?;
    let conversion = Conversion::new(&registry);
    let mut log = Log::new();
    let read =
        conversion.read(&Input { name: "main.xml", bytes: &bytes, path: Some(path), siblings: None }, &mut log)?;
    let written = conversion.write(&read, "tei", &mut log)?;
    assert_eq!(written.conserved, Some(true));
    Ok((String::from_utf8_lossy(written.files.main_bytes()).into_owned(), log))
}

const XINCLUDE: &str = "xmlns:xi='http://www.w3.org/2001/XInclude'";

#[test]
fn files_of_the_folder_are_included_and_no_others() -> std::io::Result<()> {
    let outer = tempfile::tempdir()?;
    let folder = outer.path().join("in");
    std::fs::create_dir_all(folder.join("parts"))?;
    std::fs::write(outer.path().join("secret.xml"), "<p>secret</p>")?;
    std::fs::write(
        folder.join("parts/one.xml"),
        format!(
            "<div xmlns='http://www.tei-c.org/ns/1.0' {XINCLUDE} xml:id='one'><head>One</head>\
             <p>A<note n='1'>noted</note> <xi:include href='name.txt' parse='text'/></p></div>"
        ),
    )?;
    std::fs::write(folder.join("parts/name.txt"), "Port & Vale")?;
    std::fs::write(
        folder.join("lists.xml"),
        "<list xmlns='http://www.tei-c.org/ns/1.0'><item xml:id='a'>no</item><item xml:id='b'>boats</item></list>",
    )?;
    std::fs::write(folder.join("loop.xml"), format!("<p {XINCLUDE}><xi:include href='loop.xml'/></p>"))?;
    std::fs::write(folder.join("broken.xml"), "<p>\n  <hi></p>")?;
    let main = |body: &str| -> std::io::Result<std::path::PathBuf> {
        let path = folder.join("main.xml");
        std::fs::write(&path, wrapped(&body.replace("<xi:include", &format!("<xi:include {XINCLUDE}"))))?;
        Ok(path)
    };
    let convert = |body: &str| -> std::io::Result<(String, Log)> {
        converted(&main(body)?, Registry::builtin()).map_err(std::io::Error::other)
    };
    let (tei, log) =
        convert("<xi:include href='parts/one.xml'/><list><xi:include href='lists.xml' xpointer='b'/></list>")?;
    assert!(tei.contains("<p>A<note n=\"1\">noted</note> Port &amp; Vale</p>"), "{tei}");
    assert!(tei.contains(">boats</item>") && !tei.contains("include href"), "{tei}");
    assert_eq!(log.count(Severity::Warning), 0);
    for (body, kept) in [
        ("<xi:include href='nowhere.xml'><xi:fallback><p>Instead.</p></xi:fallback></xi:include>", "<p>Instead.</p>"),
        ("<p>x</p><xi:include href='../secret.xml'/>", "href=\"../secret.xml\""),
        ("<p>x</p><xi:include href='http://example.org/a.xml'/>", "href=\"http://example.org/a.xml\""),
        ("<p>x</p><xi:include href='main.xml'/>", "href=\"main.xml\""),
        ("<xi:include href='loop.xml'/>", "href=\"loop.xml\""),
        ("<p>x</p><xi:include href='lists.xml' xpointer='c'/>", "xpointer=\"c\""),
    ] {
        let (tei, log) = convert(body)?;
        assert!(tei.contains(kept) && !tei.contains("secret<"), "{body}: {tei}");
        assert_eq!(log.count(Severity::Warning), 1, "{body}");
    }
    let broken = convert("<xi:include href='broken.xml'/>").map(|_| ()).map_err(|failure| failure.to_string());
    assert!(broken.as_ref().is_err_and(|said| said.contains("in `broken.xml`, line 2, column 7")), "{broken:?}");
    let off = Registry::builtin().with_reader(Tei { xinclude: false, ..Tei::default() });
    let (tei, log) = converted(&main("<p>x</p><xi:include href='lists.xml'/>")?, off).map_err(std::io::Error::other)?;
    assert!(tei.contains("include") && log.count(Severity::Warning) == 0, "{tei}");
    Ok(())
}

#[test]
fn images_of_the_folder_are_taken_along_and_missing_ones_described() -> std::io::Result<()> {
    const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("images"))?;
    std::fs::write(folder.path().join("images/map.gif"), PIXEL)?;
    let path = folder.path().join("main.xml");
    let text = wrapped(
        "<figure><graphic url='images/map.gif'/><figDesc>A map.</figDesc></figure>\
         <figure><graphic url='images/boat.gif'/><figDesc>A boat.</figDesc></figure>",
    );
    let mut log = Log::new();
    let input = Input { name: "main.xml", bytes: text.as_bytes(), path: Some(&path), siblings: None };
    let document = Tei::default().read(&input, &mut log).map_err(std::io::Error::other)?;
    assert_eq!(document.resources.len(), 1);
    assert_eq!(document.resources[0].bytes, PIXEL);
    let mut book = Memory::new();
    Epub::default().write(&document, &mut book, &mut log).map_err(std::io::Error::other)?;
    assert!(book.files().any(|(name, bytes)| name.ends_with(".gif") && bytes == PIXEL));
    let page = book.files().find(|(name, _)| name.ends_with("section-1.xhtml")).map(|(_, bytes)| bytes.to_vec());
    let page = String::from_utf8_lossy(&page.unwrap_or_default()).into_owned();
    assert!(page.contains("A boat.") && page.matches("<img ").count() == 1, "{page}");
    assert_eq!(log.count(Severity::Loss), 1);
    let mut tei = Memory::new();
    TeiOut::default().write(&document, &mut tei, &mut log).map_err(std::io::Error::other)?;
    assert_eq!(tei.get("images/map.gif"), Some(PIXEL));
    Ok(())
}

#[test]
fn names_lead_to_their_lists_and_texts_of_a_corpus_have_titles() -> Outcome {
    let pages = |source: &str| -> Outcome<String> {
        let mut book = Memory::new();
        Epub::default().write(&read(source)?, &mut book, &mut Log::new())?;
        Ok(book
            .files()
            .filter(|(name, _)| name.ends_with("xhtml"))
            .map(|(_, it)| String::from_utf8_lossy(it))
            .collect())
    };
    let people = pages(include_str!("cases/tei/people-and-an-index.source.xml"))?;
    assert!(people.contains("href=\"persons.xhtml#p_MOO\">Moor</a>"), "{people}");
    assert!(people.contains(">a boatman</span>"), "{people}");
    let corpus = pages(include_str!("cases/tei/corpora-in-a-corpus.source.xml"))?;
    for title in ["The first letter", "The second letter", "A map"] {
        assert!(corpus.contains(&format!("<h1 class=\"generated\">{title}</h1>")), "{title}: {corpus}");
    }
    Ok(())
}

#[test]
fn a_profile_writes_the_flavour_of_a_project() -> Outcome {
    let source = wrapped(
        "<div type='document' n='12' xml:id='d12'><head>12. Note</head><list type='gossip'><item>a</item></list>\
         <div type='letter'><p>The har<pb n='13' break='no'/>bour <gap reason='not-declassified'><desc>[1 line]</desc>\
         </gap> <hi rend='bold'>is</hi> shut <seg type='sic'>[sic]</seg>, says <persName ref='#p_MOO' cert='low'>Moor\
         </persName>; [<supplied>no</supplied>] <foreign xml:lang='fr'>bac</foreign>.</p>\
         <closer><signed>Winter</signed></closer></div>\
         <div type='attachment' xml:id='d12at1'><head>[Attachment]</head><p>Map.</p></div></div>",
    );
    let writer = TeiOut { profile: Some(Profile::bundled("frus")?), ..TeiOut::default() };
    let mut output = Memory::new();
    let mut log = Log::new();
    writer.write(&read(&source)?, &mut output, &mut log)?;
    let flat = String::from_utf8_lossy(output.main_bytes()).lines().map(str::trim).collect::<String>();
    for said in [
        "xmlns:frus=\"http://history.state.gov/frus/ns/1.0\"",
        "<list><item>a</item></list><p>The har<pb n=\"13\"/>bour [<hi rend=\"italic\">1 line</hi>]",
        "<hi rend=\"strong\">is</hi> shut [<hi rend=\"italic\">sic</hi>], says <persName corresp=\"#p_MOO\">Moor",
        "; [no] <hi xml:lang=\"fr\" rend=\"italic\">bac</hi>.</p><closer><signed>Winter</signed></closer><frus:attachment",
        "<frus:attachment xml:id=\"d12at1\"><head>[Attachment]</head><p>Map.</p></frus:attachment></div>",
    ] {
        assert!(flat.contains(said), "{said}: {flat}");
    }
    assert!(log.diagnostics().is_empty(), "{log:?}");
    assert!(Profile::bundled("nobody").is_err_and(|failure| failure.to_string().contains("frus")));
    assert!(Profile::parse("name = 'x'\nruel = 1").is_err_and(|failure| failure.to_string().contains("line 2")));
    Ok(())
}

#[test]
fn what_a_profile_leaves_out_is_told() -> Outcome {
    use apograph::diagnostic::Severity;
    use apograph::model::{Agent, Document, Metadata};
    let agents = vec![Agent { name: "J. Moor".into(), role: "aut".into(), ..Agent::default() }];
    let languages = vec!["en".into()];
    let mut metadata = Metadata { agents, languages, subjects: vec!["Ferries".into()], ..Metadata::default() };
    let writer = TeiOut { profile: Some(Profile::bundled("frus")?), ..TeiOut::default() };
    let losses = |metadata: &Metadata| -> Outcome<Vec<String>> {
        let mut log = Log::new();
        let document = Document { metadata: metadata.clone(), ..Document::default() };
        writer.write(&document, &mut Memory::new(), &mut log)?;
        assert!(log.diagnostics().iter().all(|it| it.severity == Severity::Loss && it.code.0 == "tei.omitted"));
        Ok(log.diagnostics().iter().map(|it| it.message.to_string()).collect())
    };
    let told = losses(&metadata)?;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("`author`") && told[1].contains("`textClass`"), "{told:?}");
    (metadata.agents, metadata.subjects) = (Vec::new(), Vec::new());
    assert_eq!(losses(&metadata)?, Vec::<String>::new());
    Ok(())
}
