//! Archives that mean harm.

use std::io::{Cursor, Write};

use apograph::diagnostic::Log;
use apograph::epub::archive::Limits;
use apograph::read::Reader;
use apograph::read::epub::Epub;
use apograph::source::Input;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{convert, reads, validate};
use crate::folder;

const CONTAINER: &str = "<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles>\
    <rootfile full-path=\"p.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>";

const PACKAGE: &str = "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"i\"><metadata \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:identifier id=\"i\">urn:x:1</dc:identifier><dc:title>T</dc:title>\
    <dc:language>en</dc:language><meta property=\"dcterms:modified\">2024-01-01T00:00:00Z</meta></metadata><manifest>\
    <item id=\"n\" href=\"n.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\
    <item id=\"c\" href=\"c.xhtml\" media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"c\"/></spine></package>";

const NAV: &str = "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\"><head><title>T</title>\
    </head><body><nav epub:type=\"toc\"><ol><li><a href=\"c.xhtml\">C</a></li></ol></nav></body></html>";

fn chapter(body: &str) -> String {
    format!("<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>C</title></head><body>{body}</body></html>")
}

/// A small book, with some of its files in place of the usual and more of them behind.
fn book(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let usual = [
        ("mimetype", "application/epub+zip".to_owned()),
        ("META-INF/container.xml", CONTAINER.to_owned()),
        ("p.opf", PACKAGE.to_owned()),
        ("n.xhtml", NAV.to_owned()),
        ("c.xhtml", chapter("<p>Text.</p>")),
    ];
    for (name, text) in &usual {
        let options = if *name == "mimetype" { stored } else { SimpleFileOptions::default() };
        let text = files.iter().find(|(other, _)| other == name).map_or(text.as_str(), |(_, text)| text);
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    for (name, text) in files.iter().filter(|(name, _)| !usual.iter().any(|(other, _)| other == name)) {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Replaces bytes by as many others, wherever they stand.
fn patched(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut count = 0;
    for at in 0..=bytes.len() - from.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + to.len()].copy_from_slice(to);
            count += 1;
        }
    }
    assert!(count > 0, "nothing to patch");
    bytes
}

/// Sets bytes at an offset from each local and each central header of an entry.
fn in_headers(book: &[u8], name: &str, local: usize, central: usize, value: &[u8]) -> Vec<u8> {
    let mut bytes = book.to_vec();
    for (signature, fixed, at) in [(&b"PK\x03\x04"[..], 30, local), (b"PK\x01\x02", 46, central)] {
        for start in 0..bytes.len() - fixed - name.len() {
            let here = bytes[start..].starts_with(signature) && bytes[start + fixed..].starts_with(name.as_bytes());
            if here {
                bytes[start + at..start + at + value.len()].copy_from_slice(value);
            }
        }
    }
    bytes
}

/// Each hostile book, validated and, where EPUB is read, converted: an end without a panic, nothing outside.
fn endure(name: &str, bytes: &[u8]) -> (i32, String) {
    let folder = folder();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let verdict = validate(folder.path(), name);
    let there: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(there.len(), 1, "{name}: something was written");
    if reads("epub") { convert(name, bytes) } else { verdict }
}

/// A hostile book from which a clean result comes; what is told of it.
fn borne(name: &str, bytes: &[u8], told: &str) {
    let (code, all) = endure(name, bytes);
    assert!(code == 0 && all.contains(told), "{name}: `{told}` is not told: {code} {all}");
}

/// A hostile book from which nothing comes, and why.
fn refused(name: &str, bytes: &[u8], because: &str) {
    let (code, all) = endure(name, bytes);
    assert!(code == 1 && all.contains(because), "{name}: `{because}` is not told: {code} {all}");
}

#[test]
fn a_good_book_is_good() {
    borne("good.epub", &book(&[]), "5 characters conserved");
}

#[test]
fn names_in_archives_lead_nowhere() {
    for (name, told) in [
        ("../../up.xhtml", "leads out of the archive; it is left out"),
        ("a/../../b.xhtml", "leads out of the archive; it is left out"),
        ("..\\..\\w.xhtml", "leads out of the archive; it is left out"),
        ("/tmp/apograph-absolute.xhtml", "5 characters conserved"),
        ("C:\\x.xhtml", "5 characters conserved"),
    ] {
        let package = PACKAGE.replace("c.xhtml", &name.replace('\\', "/"));
        borne("named.epub", &book(&[(name, &chapter("<p>Away.</p>")), ("p.opf", &package)]), told);
        borne("unnamed.epub", &book(&[(name, &chapter("<p>Away.</p>"))]), "5 characters conserved");
        assert!(!std::path::Path::new("/tmp/apograph-absolute.xhtml").exists());
    }
}

#[test]
fn a_link_in_an_archive_is_a_file_of_few_words() {
    let package = PACKAGE.replace("href=\"c.xhtml\"", "href=\"link.xhtml\"");
    for book in [book(&[]), book(&[("p.opf", &package)])] {
        let mut zip = ZipWriter::new_append(Cursor::new(book)).unwrap();
        zip.add_symlink("link.xhtml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        let (code, told) = endure("link.epub", &zip.finish().unwrap().into_inner());
        assert!(code == 0 && !told.contains("root:"), "{told}");
    }
}

#[test]
fn of_two_files_with_one_name_it_is_told_that_one_is_read() {
    let twice = patched(&book(&[("d.xhtml", &chapter("<p>Twice.</p>"))]), b"d.xhtml", b"c.xhtml");
    borne("twice.epub", &twice, "two files called `c.xhtml`");
}

#[test]
fn bombs_are_not_set_off() {
    let zeros = "\n".repeat(16 << 20);
    borne("ratio.epub", &book(&[("c.xhtml", &chapter(&zeros))]), "converted");
    let files: Vec<(String, String)> = (0..12).map(|number| (format!("{number}.bin"), "\0".repeat(8 << 20))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    borne("total.epub", &book(&files), "5 characters conserved");
    let laughs: String = ('b'..='l').fold("<!ENTITY a \"ha\">".to_owned(), |all, name| {
        all + &format!("<!ENTITY {name} \"{}\">", format!("&{};", (name as u8 - 1) as char).repeat(10))
    });
    let laughs = format!("<!DOCTYPE html [{laughs}]>{}", chapter("<p>&l;</p>"));
    refused("entities.epub", &book(&[("c.xhtml", &laughs)]), "entities expand to more than");
    let deep = chapter(&("<div>".repeat(100_000) + &"</div>".repeat(100_000)));
    refused("deep.epub", &book(&[("c.xhtml", &deep)]), "elements one within another");
}

#[test]
fn what_unpacks_to_more_than_is_allowed_is_refused() {
    let book = book(&[("c.xhtml", &chapter(&"word ".repeat(10_000)))]);
    let read = |limits: Limits| {
        let reader = Epub { limits };
        reader.read(&Input::new("bomb.epub", &book), &mut Log::new()).map(drop).map_err(|failure| failure.to_string())
    };
    assert_eq!(read(Limits::default()), Ok(()));
    for limits in [
        Limits { entry: 40_000, ..Limits::default() },
        Limits { total: 40_000, ..Limits::default() },
        Limits { entries: 4, ..Limits::default() },
    ] {
        let told = read(limits).unwrap_err();
        assert!(told.contains("unpacks to more than") || told.contains("has 5 entries, more than 4"), "{told}");
    }
}

#[test]
fn headers_that_lie_are_found_out() {
    let good = book(&[]);
    // Local header: flags at 6, sizes at 18 and 22; central header: flags at 8, sizes at 20 and 24.
    let claims = in_headers(&good, "c.xhtml", 22, 24, &(2_u32 << 30).to_le_bytes());
    borne("claims-2-gib.epub", &claims, "5 characters conserved");
    let encrypted = in_headers(&good, "c.xhtml", 6, 8, &[1, 0]);
    refused("encrypted.epub", &encrypted, "is encrypted");
    for cut in [10, 100, good.len() / 2, good.len() - 10] {
        refused("cut.epub", &good[..cut], "no zip archive that can be read");
    }
    let mut turned = good.clone();
    for at in (0..good.len()).step_by(7) {
        turned[at] ^= 0x55;
        if at % 11 == 0 {
            endure("damaged.epub", &turned);
        }
        turned[at] ^= 0x55;
    }
}

#[test]
fn circles_end() {
    let nav = NAV.replace("c.xhtml", "n.xhtml");
    borne("nav-of-itself.epub", &book(&[("n.xhtml", &nav)]), "5 characters conserved");
    let package = PACKAGE.replace("<itemref idref=\"c\"/>", &"<itemref idref=\"c\"/><itemref idref=\"n\"/>".repeat(50));
    borne("spine-again-and-again.epub", &book(&[("p.opf", &package)]), "it is read once");
    let container = CONTAINER.replace("p.opf", "META-INF/container.xml");
    borne("container-of-itself.epub", &book(&[("META-INF/container.xml", &container)]), "no spine says");
    let nested = format!("{}{}", "<ol><li><a href=\"c.xhtml\">C</a>".repeat(2000), "</li></ol>".repeat(2000));
    let nav = NAV.replace("<ol><li><a href=\"c.xhtml\">C</a></li></ol>", &nested);
    refused("deep-nav.epub", &book(&[("n.xhtml", &nav)]), "elements one within another");
}

#[test]
fn scripts_stay_where_they_are() {
    let evil =
        chapter("<p onclick=\"alert(1)\">Text <script>alert(1)</script><a href=\"javascript:alert(1)\">x</a></p>");
    let package = PACKAGE.replace("T</dc:title>", "&lt;script></dc:title>");
    borne("script.epub", &book(&[("c.xhtml", &evil), ("p.opf", &package)]), "5 characters conserved");
}
