//! What an edition is told and asked: metadata from one TOML in every target, authority files in a batch, an index as a
//! database and for correspSearch.

mod command;

use std::fs;
use std::io::Read;
use std::path::Path;

use command::{apograph, said};

fn written(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path.as_ref()).unwrap_or_else(|cause| panic!("{}: {cause}", path.as_ref().display()))
}

const LETTER: &str = "12. Letter From the Archivist (Tarn) to Ada Moor1

Port Vale, May 4, 1931.

So Moor left the harbour, as Tarn knew.

  1. Source: Lake Archive, Ferry Files, Box 2. Secret.
";

const EDITION: &str = r#"title = "The Ferry Cable"
editor = [{ name = "Ada Winter", file-as = "Winter, Ada", orcid = "0000-0002-1825-0097" }]
translator = "O. Lind"
contributor = [{ name = "I. Quill", role = "ann" }]
funder = [{ name = "Lake Fund", uri = "https://ror.org/0000" }]
publisher = "Lake Press"
place = "Port Vale"
date = 1931-05-04
rights = "Free to use."
licence = "https://creativecommons.org/licenses/by/4.0/"
series = "Papers of the Lake"
volume = "3"
language = ["en", "de"]
subject = ["ferries", "lakes"]
classification = { scheme = "https://example.org/classes", code = "327.73" }
description = "A cable."
"#;

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("in/letter.txt"), LETTER).unwrap();
    folder
}

#[test]
fn one_file_of_metadata_reaches_every_target() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("in/apograph.toml"), EDITION).unwrap();
    apograph(path).args(["convert", "in", "--to", "tei,epub,markdown,json", "-o", "out", "--strict"]).assert().code(0);
    let tei = written(path.join("out/letter.xml"));
    for expected in [
        "<title>The Ferry Cable</title>",
        r#"<editor ref="https://orcid.org/0000-0002-1825-0097">Ada Winter</editor>"#,
        "<resp>trl</resp>",
        "<resp>ann</resp>",
        r#"<funder ref="https://ror.org/0000">Lake Fund</funder>"#,
        "<publisher>Lake Press</publisher>",
        "<pubPlace>Port Vale</pubPlace>",
        r#"<date when="1931-05-04">"#,
        r#"<licence target="https://creativecommons.org/licenses/by/4.0/">Free to use.</licence>"#,
        "<title>Papers of the Lake</title>",
        r#"<biblScope unit="volume">3</biblScope>"#,
        "<repository>Lake Archive</repository>",
        "<collection>Ferry Files</collection>",
        r#"<idno type="box">Box 2</idno>"#,
        r#"<language ident="de">"#,
        "<term>lakes</term>",
        r#"<classCode scheme="https://example.org/classes">327.73</classCode>"#,
    ] {
        assert!(tei.contains(expected), "{expected} is not in {tei}");
    }
    let markdown = written(path.join("out/letter.md"));
    for expected in [
        "0000-0002-1825-0097",
        "Winter, Ada",
        "trl",
        "ann",
        "fnd",
        "Lake Press",
        "licenses/by/4.0/",
        "Papers of the Lake",
        "lakes",
        "327.73",
        "Lake Archive",
    ] {
        assert!(markdown.contains(expected), "{expected} is not in {markdown}");
    }
    let mut archive = zip::ZipArchive::new(fs::File::open(path.join("out/letter.epub")).unwrap()).unwrap();
    let package = archive.file_names().flatten().find(|name| name.ends_with(".opf")).unwrap().into_owned();
    let mut opf = String::new();
    archive.by_name(&package).unwrap().read_to_string(&mut opf).unwrap();
    for expected in [
        "Ada Winter</dc:creator>",
        r#"property="dcterms:identifier">https://orcid.org/0000-0002-1825-0097<"#,
        ">trl<",
        ">ann<",
        ">fnd<",
        "<dc:publisher>Lake Press<",
        "licenses/by/4.0/</dc:rights>",
        "Papers of the Lake</meta>",
        "<dc:language>de<",
        "<dc:subject>lakes<",
        r##"<meta refines="#class-1" property="term">327.73<"##,
    ] {
        assert!(opf.contains(expected), "{expected} is not in {opf}");
    }
    // What Markdown and JSON say, TEI says again.
    for again in ["out/letter.md", "out/letter.json"] {
        apograph(path).args(["convert", again, "--to", "tei", "-o", "again.xml", "--force"]).assert().code(0);
        let tei = written(path.join("again.xml"));
        for expected in ["0000-0002-1825-0097", "<funder ref", "327.73</classCode>", "licenses/by/4.0/"] {
            assert!(tei.contains(expected), "{expected} of {again} is not in {tei}");
        }
    }
}

#[test]
fn an_orcid_that_is_none_is_refused() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("in/apograph.toml"), "editor = { name = \"A. Winter\", orcid = \"0000-0002-1825-0098\" }")
        .unwrap();
    let done = apograph(path).args(["convert", "in", "--to", "tei", "-o", "out", "-v"]).assert().code(0);
    let told = said(&done.get_output().stderr);
    assert!(told.contains("whose check digit is right"), "{told}");
    assert!(!written(path.join("out/letter.xml")).contains("orcid"));
}

const TABLE: &str = "id,name,about\np1,\"Moor, Ada\",Harbour Master\n";

#[test]
fn a_changed_authority_file_is_heeded() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("people.csv"), TABLE).unwrap();
    let convert = || {
        let mut command = apograph(path);
        command.args(["convert", "in", "--to", "tei", "-o", "out", "--json", "--authorities", "people.csv"]);
        said(&command.assert().code(0).get_output().stdout)
    };
    assert!(convert().contains("\"converted\""));
    let tei = written(path.join("out/letter.xml"));
    assert!(tei.contains("ref=\"people.csv#p1\""), "{tei}");
    assert!(convert().contains("\"unchanged\""));
    fs::write(path.join("people.csv"), format!("{TABLE}p2,\"Tarn, Ines\",Archivist\n")).unwrap();
    assert!(convert().contains("\"converted\""));
    assert!(written(path.join("out/letter.xml")).contains("people.csv#p2"));
}

#[test]
fn an_authority_file_that_is_broken_is_told_of_before_any_work() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("people.csv"), "id,name\np1,\n").unwrap();
    fs::write(
        path.join("people.xml"),
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body><p/></body></text></TEI>",
    )
    .unwrap();
    for (file, expected) in
        [("people.csv", "line 2"), ("people.xml", "lists no person"), ("nobody.json", "nobody.json")]
    {
        let done =
            apograph(path).args(["convert", "in", "--to", "tei", "-o", "out", "--authorities", file]).assert().code(2);
        let told = said(&done.get_output().stderr);
        assert!(told.contains(expected), "{told}");
    }
    assert!(!path.join("out").exists());
}

#[test]
#[cfg(feature = "sqlite")]
fn an_index_is_a_database_whole_or_not_at_all() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("people.csv"), TABLE).unwrap();
    apograph(path)
        .args(["index", "in", "--to", "sqlite", "-o", "x.sqlite", "--authorities", "people.csv"])
        .assert()
        .code(0);
    let asked = rusqlite::Connection::open(path.join("x.sqlite")).unwrap();
    let one = |sql: &str| asked.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(
        one("SELECT sender || '/' || addressee || '/' || place || '/' || repository FROM documents"),
        "Tarn/Ada Moor/Port Vale/Lake Archive"
    );
    assert_eq!(one("SELECT target || ' ' || times FROM names WHERE kind = 'person'"), "people.csv#p1 2");
    fs::create_dir(path.join("folder")).unwrap();
    apograph(path).args(["index", "in", "--to", "sqlite", "-o", "folder"]).assert().code(2);
    assert_eq!(fs::read_dir(path.join("folder")).unwrap().count(), 0);
}

#[test]
fn correspsearch_s_wants_are_told() {
    let folder = folder();
    let path = folder.path();
    let index = |more: &[&str]| {
        let done = apograph(path).args(["index", "in", "--to", "cmif", "-o", "cmif.xml"]).args(more).assert().code(0);
        said(&done.get_output().stderr)
    };
    assert!(index(&[]).contains("states no licence"));
    assert!(index(&["--set", "licence=https://example.org/mine"]).contains("none of Creative Commons"));
    fs::write(path.join("in/apograph.toml"), EDITION).unwrap();
    let said = index(&["--url", "https://example.org/cmif.xml"]);
    assert!(!said.contains("warning"), "{said}");
    let cmif = written(path.join("cmif.xml"));
    assert!(cmif.contains("<licence target=\"https://creativecommons.org/licenses/by/4.0/\">"), "{cmif}");
    apograph(path).args(["validate", "cmif.xml"]).assert().code(0);
}

#[test]
fn sender_and_addressee_may_stand_in_a_block_above_the_text() {
    let folder = folder();
    let path = folder.path();
    let memorandum = "7. Memorandum\n\nPort Vale, May 4, 1931.\n\nTO\n\n  • The Harbour Master (Moor)\n\nFROM\n\n  • Ines Tarn\n\n\
                      SUBJECT\n\n  • The Ferry\n\nThe ferry left.\n";
    fs::write(path.join("in/letter.txt"), memorandum).unwrap();
    apograph(path).args(["convert", "in", "--to", "tei", "-o", "out"]).assert().code(0);
    let tei = written(path.join("out/letter.xml"));
    let sent = tei.split("<correspAction type=\"sent\">").nth(1).and_then(|rest| rest.split("</correspAction>").next());
    assert!(sent.is_some_and(|sent| sent.contains(">Ines Tarn<") && sent.contains("1931-05-04")), "{tei}");
    assert!(
        tei.split("type=\"received\"").nth(1).is_some_and(|rest| rest.contains("<persName>Moor</persName>")),
        "{tei}"
    );
}

/// What is lost is told by its code, and with `--strict` it is the exit code, too.
#[test]
fn a_loss_is_told_and_is_no_success_where_all_must_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("a.md"), "One.\n\n<div class=\"box\">two</div>\n").unwrap();
    for (more, code) in [(None, 0), (Some("--strict"), 1)] {
        let asked = ["convert", "a.md", "--to", "tei", "-o", "out", "--force"];
        let done = apograph(path).args(asked).args(more).assert().code(code);
        let told = said(&done.get_output().stderr);
        assert!(told.contains("[markdown.html 1]"), "{told}");
    }
}
