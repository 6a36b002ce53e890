//! Sources that hold many documents.

use std::fmt::Write as _;
use std::fs;

use crate::{files, folder, run, succeed};

fn corpus(texts: usize) -> String {
    let header = |title: &str| {
        format!(
            "<teiHeader><fileDesc><titleStmt><title>{title}</title></titleStmt><publicationStmt><p>None.</p>\
             </publicationStmt><sourceDesc><p>None.</p></sourceDesc></fileDesc></teiHeader>"
        )
    };
    let mut corpus = format!("<teiCorpus xmlns=\"http://www.tei-c.org/ns/1.0\" xml:lang=\"en\">{}\n", header("All"));
    for number in 1..=texts {
        let head = header(&format!("Letter {number}"));
        write!(corpus, "<TEI>{head}\n<text><body><p>Text {number}.</p></body></text></TEI>\n").unwrap();
    }
    corpus + "</teiCorpus>\n"
}

#[test]
fn each_text_of_a_corpus_has_outputs_of_its_own() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir_all(path.join("in/all")).unwrap();
    fs::write(path.join("in/all.xml"), corpus(5)).unwrap();
    fs::write(path.join("in/all/000002.md"), "# Of another\n").unwrap();
    let convert = ["convert", "in", "--to", "tei,epub,markdown", "-o", "out", "--split", "always"];
    let told = succeed(path, &convert);
    assert!(told.contains("7 of 7 documents converted") && told.contains("converted in/all.xml#6"), "{told}");
    let out = files(&path.join("out"));
    let text = |name: &str| String::from_utf8(out[std::path::Path::new(name)].clone()).unwrap();
    assert!(text("all.documents/000002.md").contains("Text 2.") && text("all/000002.md").contains("Of another"));
    assert!(text("all.documents/000002.xml").contains("xml:lang=\"en\""));
    assert!(text("all.documents/000006.xml").contains("<title>All</title>"), "what is no text is kept");
    // Only the text that changed is done again; those that are no longer there are told.
    fs::write(path.join("in/all.xml"), corpus(3).replace("Text 2.", "New text.")).unwrap();
    let told = succeed(path, &[&convert[..], &["--prune"]].concat());
    let unchanged = told.lines().filter(|line| line.starts_with("unchanged")).count();
    assert!(unchanged == 3 && told.contains("gone in/all.xml#6"), "{told}");
    assert!(!path.join("out/all.documents/000006.xml").exists());
    // Without being asked, small corpora are one document.
    succeed(path, &["convert", "in/all.xml", "--to", "tei", "-o", "one"]);
    assert!(fs::read_to_string(path.join("one/all.xml")).unwrap().contains("<teiCorpus"));
}

#[test]
fn a_corpus_that_breaks_off_is_done_up_to_there() {
    let folder = folder();
    let path = folder.path();
    let whole = corpus(4);
    fs::write(path.join("cut.xml"), &whole[..whole.find("Text 3").unwrap()]).unwrap();
    let (code, told) = run(path, &["convert", "cut.xml", "--to", "tei", "-o", "out", "--split", "always"]);
    assert!(code == 1 && told.contains("failed cut.xml#3") && told.contains("within an element"), "{told}");
    assert_eq!(files(&path.join("out")).len(), 2);
}

#[test]
fn what_is_too_large_is_refused() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("large.txt"), "word ".repeat(300_000)).unwrap();
    let (code, told) = run(path, &["convert", "large.txt", "--to", "tei", "-o", "out", "--max-document", "1"]);
    assert!(code == 1 && told.contains("more than 1 MiB") && told.contains("--max-document"), "{told}");
}
