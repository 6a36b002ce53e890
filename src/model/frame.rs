//! What stands round the text in an XML file, kept so that the file can be written again as it was.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::xml::{Element, Node};

/// The file round a text. Front, body and back stand in `root` as empty elements: their content is that of the
/// [`Document`](super::Document). So does the header, which is kept in the metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The document type declaration, without `<!DOCTYPE` and `>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctype: Option<String>,
    /// Comments and processing instructions before the root element.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prolog: Vec<Node>,
    /// The prefix of TEI's names; empty if they have none.
    #[serde(default, skip_serializing_if = "CompactString::is_empty")]
    pub prefix: CompactString,
    /// The root element with all that is not the text: facsimiles, stand-off annotation.
    pub root: Element,
    /// Comments and processing instructions behind the root element.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub epilog: Vec<Node>,
}

impl Frame {
    /// True if the file holds several texts, each perhaps with a header of its own (`teiCorpus`, or `TEI` within
    /// `TEI`), or none where a text would be: then each division of the body is one text.
    pub fn is_corpus(&self) -> bool {
        let named = |name: &'static str| self.root.elements().filter(move |element| element.name.is_plain(name));
        let nested = named("TEI").chain(named("teiCorpus")).next().is_some();
        !self.root.name.is_plain("text") && (nested || named("text").count() != 1)
    }
}
