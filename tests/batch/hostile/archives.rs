//! Archives that mean harm.

use std::io::{Cursor, Write};

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

#[test]
fn a_good_book_is_good() {
    let (code, told) = endure("good.epub", &book(&[]));
    assert_eq!(code, 0, "{told}");
}

#[test]
fn names_in_archives_lead_nowhere() {
    for name in ["../../up.xhtml", "/tmp/apograph-absolute.xhtml", "C:\\x.xhtml", "a/../../b.xhtml", "..\\..\\w.xhtml"]
    {
        let package = PACKAGE.replace("c.xhtml", &name.replace('\\', "/"));
        endure("names.epub", &book(&[(name, &chapter("<p>Away.</p>")), ("p.opf", &package)]));
        assert!(!std::path::Path::new("/tmp/apograph-absolute.xhtml").exists());
    }
    let mut zip = ZipWriter::new_append(Cursor::new(book(&[]))).unwrap();
    zip.add_symlink("link.xhtml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let linked = zip.finish().unwrap().into_inner();
    let (_, told) = endure("link.epub", &linked);
    assert!(!told.contains("root:"), "{told}");
    let twice = patched(&book(&[("d.xhtml", &chapter("<p>Twice.</p>"))]), b"d.xhtml", b"c.xhtml");
    endure("twice.epub", &twice);
}

#[test]
fn bombs_are_not_set_off() {
    let zeros = "\n".repeat(16 << 20);
    endure("ratio.epub", &book(&[("c.xhtml", &chapter(&zeros))]));
    let files: Vec<(String, String)> = (0..12).map(|number| (format!("{number}.bin"), "\0".repeat(8 << 20))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    endure("total.epub", &book(&files));
    let laughs: String = ('b'..='l').fold("<!ENTITY a \"ha\">".to_owned(), |all, name| {
        all + &format!("<!ENTITY {name} \"{}\">", format!("&{};", (name as u8 - 1) as char).repeat(10))
    });
    let laughs = format!("<!DOCTYPE html [{laughs}]>{}", chapter("<p>&l;</p>"));
    let (code, told) = endure("entities.epub", &book(&[("c.xhtml", &laughs)]));
    assert_eq!(code, 1, "{told}");
    endure("deep.epub", &book(&[("c.xhtml", &chapter(&("<div>".repeat(100_000) + &"</div>".repeat(100_000))))]));
}

#[test]
fn headers_that_lie_are_found_out() {
    let good = book(&[]);
    // Local header: flags at 6, sizes at 18 and 22; central header: flags at 8, sizes at 20 and 24.
    let claims = in_headers(&good, "c.xhtml", 22, 24, &(2_u32 << 30).to_le_bytes());
    endure("claims-2-gib.epub", &claims);
    let encrypted = in_headers(&good, "c.xhtml", 6, 8, &[1, 0]);
    let (code, told) = endure("encrypted.epub", &encrypted);
    assert_eq!(code, 1, "{told}");
    for cut in [10, 100, good.len() / 2, good.len() - 10] {
        let (code, told) = endure("cut.epub", &good[..cut]);
        assert_eq!(code, 1, "{told}");
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
    endure("nav-of-itself.epub", &book(&[("n.xhtml", &nav)]));
    let package = PACKAGE.replace("<itemref idref=\"c\"/>", &"<itemref idref=\"c\"/><itemref idref=\"n\"/>".repeat(50));
    endure("spine-again-and-again.epub", &book(&[("p.opf", &package)]));
    let container = CONTAINER.replace("p.opf", "META-INF/container.xml");
    endure("container-of-itself.epub", &book(&[("META-INF/container.xml", &container)]));
    let nested = format!("{}{}", "<ol><li><a href=\"c.xhtml\">C</a>".repeat(2000), "</li></ol>".repeat(2000));
    let nav = NAV.replace("<ol><li><a href=\"c.xhtml\">C</a></li></ol>", &nested);
    endure("deep-nav.epub", &book(&[("n.xhtml", &nav)]));
}

#[test]
fn scripts_stay_where_they_are() {
    let evil =
        chapter("<p onclick=\"alert(1)\">Text <script>alert(1)</script><a href=\"javascript:alert(1)\">x</a></p>");
    endure(
        "script.epub",
        &book(&[("c.xhtml", &evil), ("p.opf", &PACKAGE.replace("T</dc:title>", "&lt;script></dc:title>"))]),
    );
}
