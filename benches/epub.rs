//! Writing an EPUB beside its floor: deflating the bytes of its files, one after the other, and nothing else.
//! `cargo bench --bench epub`; with `RAYON_NUM_THREADS=1` both do their work on one core.

mod allocator;

use std::io::{Cursor, Write};

use apograph::diagnostic::Log;
use apograph::model::{Block, Division, Document, Heading, Inline, Milestone, Note, Paragraph, Tag, Unit};
use apograph::output::Memory;
use apograph::write::Writer;
use apograph::write::epub::Epub;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Words of the examples in an order that never repeats itself, as real text doesn't, and is the same on every run.
struct Words {
    words: Vec<&'static str>,
    state: u64,
}

impl Words {
    fn new() -> Self {
        let text = concat!(include_str!("../examples/memorandum.txt"), include_str!("../examples/letter.txt"));
        Self { words: text.split_whitespace().collect(), state: 1 }
    }

    fn text(&mut self, count: usize) -> Inline {
        let mut text = String::new();
        for _ in 0..count {
            self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(self.words[(self.state >> 33) as usize % self.words.len()]);
            text.push(' ');
        }
        Inline::Text(text)
    }
}

fn paragraph(content: Vec<Inline>) -> Block {
    Block::Paragraph(Paragraph { content, ..Paragraph::default() })
}

/// A volume of 250 documents with notes and pages, some 1.5 MB of text.
fn volume() -> Document {
    let mut words = Words::new();
    let mut document = Document::default();
    for number in 1..=250_usize {
        let id = format!("d{number}");
        let heading = Heading { content: vec![words.text(8)], ..Heading::default() };
        let mut content = vec![Block::Heading(heading)];
        for at in 0..12 {
            let mut text = vec![words.text(70)];
            if at % 3 == 0 {
                let tag = Tag::default().with_id(format!("{id}fn{at}"));
                let label = Some(format!("{}", at / 3 + 1).into());
                let body = vec![paragraph(vec![words.text(20)])];
                text.push(Inline::Note(Box::new(Note { tag, label, body, ..Note::default() })));
            }
            if at == 6 {
                let label = Some(number.to_string().into());
                let page = Milestone { tag: Tag::default(), unit: Unit::Page, label, inside_word: false };
                text.push(Inline::Milestone(Box::new(page)));
                text.push(words.text(20));
            }
            content.push(paragraph(text));
        }
        let tag = Tag::default().with_id(&id);
        document.body.push(Block::Division(Division {
            tag,
            kind: Some("document".into()),
            content,
            ..Division::default()
        }));
    }
    document
}

fn files(document: &Document) -> Memory {
    let mut files = Memory::new();
    Epub::default().write(document, &mut files, &mut Log::new()).expect("a volume can be written");
    files
}

fn size(files: &Memory) -> BytesCount {
    BytesCount::new(files.files().map(|(_, bytes)| bytes.len()).sum::<usize>())
}

#[divan::bench(sample_count = 20)]
fn writing(bencher: Bencher) {
    let document = volume();
    let size = size(&files(&document));
    bencher.counter(size).bench_local(|| files(black_box(&document)).archive().expect("an archive").len());
}

#[divan::bench(sample_count = 20)]
fn deflating(bencher: Bencher) {
    let files = files(&volume());
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    bencher.counter(size(&files)).bench_local(|| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in black_box(&files).files() {
            zip.start_file(path, options).expect("an entry");
            zip.write_all(bytes).expect("its bytes");
        }
        zip.finish().expect("an archive").into_inner().len()
    });
}
