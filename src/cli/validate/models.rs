//! The schemas that a document names itself, in `<?xml-model?>` before its root element (ISO/IEC 19757-1; W3C note
//! “Associating Schemas with XML documents 1.0”).

use std::path::{Path, PathBuf};

use crate::xml::parse::{Event, Parser};

/// The namespace of RELAX NG, by which an association says what kind of schema it names.
const RELAX_NG: &str = "http://relaxng.org/ns/structure/1.0";

/// The schemas that a document names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Models {
    /// Files that are there.
    pub(super) beside: Vec<PathBuf>,
    /// Schemas of RELAX NG that lie elsewhere, as the document spells them.
    pub(super) elsewhere: Vec<String>,
}

/// Reads the associations of a document that lies in a folder. Schemas of other kinds (Schematron, DTDs) are passed
/// over, and nothing is fetched.
pub(super) fn models(text: &str, folder: &Path) -> Models {
    let mut models = Models::default();
    let mut parser = Parser::new(text);
    while let Ok(Some(event)) = parser.next() {
        match event {
            Event::Start { .. } => break,
            Event::Instruction { text, .. } => {
                if let Some(href) = text.strip_prefix("xml-model").and_then(relax_ng) {
                    match local(&href, folder) {
                        Some(path) if path.is_file() => models.beside.push(path),
                        _ => models.elsewhere.push(href),
                    }
                }
            }
            _ => {}
        }
    }
    models.beside.dedup();
    models
}

/// The address in an association, if it is of a schema of RELAX NG in XML.
fn relax_ng(data: &str) -> Option<String> {
    if !data.starts_with([' ', '\t', '\n', '\r']) {
        return None;
    }
    let mut href = None;
    let mut kind = None;
    let mut rest = data.trim();
    // Pseudo-attributes: name, equals sign, quoted value.
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, behind) = after[1..].split_once(quote)?;
        match name.trim() {
            "href" => href = Some(value.replace("&amp;", "&")),
            "schematypens" => kind = Some(value.to_owned()),
            _ => {}
        }
        rest = behind;
    }
    let href = href?;
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let compact = path.ends_with(".rnc");
    let fits = match kind {
        Some(kind) => kind == RELAX_NG && !compact,
        None => path.ends_with(".rng"),
    };
    fits.then_some(href)
}

/// The file that a relative address means; none for addresses of the network and whole paths.
fn local(href: &str, folder: &Path) -> Option<PathBuf> {
    let path = href.split(['?', '#']).next().filter(|path| !path.is_empty() && !path.contains(':'))?;
    let path = path.replace("%20", " ");
    (!Path::new(&path).is_absolute()).then(|| folder.join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_relax_ng_is_taken_and_only_from_beside() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        std::fs::write(folder.path().join("own.rng"), "<x/>").expect("a file can be written");
        let text = "<?xml version='1.0'?>\n<?xml-model href='own.rng' schematypens='http://relaxng.org/ns/structure/1.0'?>\
            <?xml-model href=\"own.rng\"?><?xml-model href='own.rng' schematypens='http://purl.oclc.org/dsdl/schematron'?>\
            <?xml-model href='own.rnc' type='application/relax-ng-compact-syntax'?><?xml-modelling href='own.rng'?>\
            <?xml-model href='https://x.test/tei_all.rng' type=\"application/xml\"?><?xml-model href='missing.rng'?>\
            <a><?xml-model href='own.rng'?></a>";
        let models = models(text, folder.path());
        assert_eq!(models.beside, [folder.path().join("own.rng")]);
        assert_eq!(models.elsewhere, ["https://x.test/tei_all.rng", "missing.rng"]);
    }
}
