//! EPUB 2 and 3: the archive, each file against its schema, and the rules across files (EPUB 3.3; Open Packaging
//! Format and Open Publication Structure 2.0.1). The rules are those that EPUBCheck checks, whose numbers findings
//! bear; see [`RULES`].

mod archive;
mod book;
mod content;
mod desk;
mod entities;
mod links;
mod manifest;
mod mask;
mod media;
mod metadata;
mod nav;
mod nesting;
mod ocf;
mod overlay;
mod package;
mod parts;
mod property;
mod rule;
mod source;
mod style;
mod token;
mod tree;
mod url;
mod viewport;
mod xhtml;

pub use rule::{RULES, Rule};

use self::archive::Archive;
use self::desk::{Desk, Page};
use self::ocf::Container;
use super::Schema;
use crate::diagnostic::Log;
use crate::output::Memory;
use crate::source::Span;

/// The schemas and rules of EPUB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epub;

impl Schema for Epub {
    fn format(&self) -> &'static str {
        "epub"
    }

    fn name(&self) -> &str {
        "EPUB"
    }

    fn version(&self) -> &str {
        "EPUB 3.3 and 2.0.1, by the rules of EPUBCheck 5.3.0"
    }

    fn check(&self, output: &Memory, log: &mut Log) {
        let mut desk = Desk::new(log);
        let page = Page::new("mimetype", "");
        match output.files().next() {
            Some(("mimetype", b"application/epub+zip")) => {}
            Some(("mimetype", _)) => {
                desk.tell(&rule::MIMETYPE_VALUE, &page, Span::default(), "it is not `application/epub+zip`");
            }
            _ => desk.tell(&rule::MIMETYPE_MISSING, &page, Span::default(), "it is not the first entry of the archive"),
        }
        container(Container::new(output.files()), &mut desk);
        desk.close();
    }

    fn check_file(&self, bytes: &[u8], log: &mut Log) {
        let mut desk = Desk::new(log);
        if let Some(archive) = archive::unpack(bytes, &mut desk) {
            archive::mimetype(bytes, &archive, &mut desk);
            ocf::names(&archive, crate::epub::archive::repeated(bytes), &mut desk);
            let Archive { files, .. } = &archive;
            let files = files.iter().map(|(name, content)| (name.as_str(), content.as_slice()));
            container(Container::new(files), &mut desk);
        }
        desk.close();
    }
}

/// Checks the files of a container: what META-INF says, then each publication.
fn container(mut container: Container<'_>, desk: &mut Desk<'_>) {
    let paths = ocf::rootfiles(&container, desk);
    if paths.is_empty() {
        return;
    }
    ocf::encryption(&mut container, desk);
    ocf::signatures(&container, desk);
    let several = paths.len() > 1;
    let mut old = false;
    for path in &paths {
        old |= book::check(&container, path, desk);
    }
    let page = Page::new("META-INF/container.xml", "");
    if several && old {
        desk.tell(&rule::CONTAINER_SEVERAL, &page, Span::default(), "an EPUB 2 has one package document");
    } else if several && !container.has("META-INF/metadata.xml") {
        let message = "the publication has several renditions, but no META-INF/metadata.xml";
        desk.tell(&rule::RENDITIONS_METADATA, &page, Span::default(), message);
    }
}

#[cfg(test)]
mod tests {
    use super::source::{ALL, XHTML};
    use crate::diagnostic::Log;
    use crate::model::mathml_takes;

    #[test]
    fn the_schemas_compile() {
        for schema in ALL {
            assert_eq!(schema.fault(), None);
            let mut log = Log::new();
            assert!(schema.grammar(&mut log).is_some(), "{:?}", log.diagnostics());
        }
    }
    /// What may be written of a formula is what the schema takes.
    #[test]
    fn attributes_of_mathematics_are_known() {
        let mut log = Log::new();
        let grammar = XHTML.grammar(&mut log).expect("the schema compiles");
        let names = "alt alttext altimg accent accentunder actiontype align bevelled class close color dir display \
                     displaystyle edge encoding fence fontsize form frame groupalign height href id index largeop length \
                     linebreak linethickness lquote lspace mathcolor mathsize mathvariant maxsize movablelimits name notation \
                     numalign open other overflow role rowalign rowlines rowspan scriptlevel selection separator separators \
                     side src stretchy style superscriptshift symmetric valign voffset width xref";
        let (mut taken, mut refused) = (0, 0);
        for element in
            ["math", "mi", "mn", "mo", "ms", "mspace", "mrow", "mstyle", "mpadded", "mfenced", "menclose", "mtable"]
        {
            for name in names.split_ascii_whitespace() {
                for value in ["", "true", "block", "rtl", "bold", "prefix", "{"] {
                    let inner = format!("<{element} {name}='{value}'/>");
                    let math = if element == "math" { inner } else { format!("<math>{inner}</math>") };
                    let math = math.replacen("<math", "<math xmlns='http://www.w3.org/1998/Math/MathML'", 1);
                    let page = format!(
                        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>-</title></head><body><p>{math}</p></body></html>"
                    );
                    let valid = grammar.check(&page, 0).0.is_empty();
                    let takes = mathml_takes(element, name, value);
                    assert!(valid || !takes, "{math}");
                    taken += usize::from(takes);
                    refused += usize::from(!valid);
                }
            }
        }
        assert!(taken > 500 && refused > 500, "{taken} {refused}");
    }
}
