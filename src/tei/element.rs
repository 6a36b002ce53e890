//! What the elements of TEI are: whether they stand in a line or on lines of their own, whether text may stand in
//! them. All is asked for each element that is read, so each element's answers lie together.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{EDITS, FORMULAS, NAMES, edit_of, formula_of, name_of};
use crate::model::{EditKind, FormulaKind, NameKind};

/// What an element of TEI is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kind {
    /// It stands on lines of its own wherever it stands.
    pub is_block: bool,
    /// It stands in a line wherever it stands.
    pub is_inline: bool,
    /// It is a block wherever it stands and whatever it holds; a line can hold it only as a block.
    pub stands_alone: bool,
    /// White space in it never is text, since text may not stand in it (TEI P5, Appendix C).
    pub holds_no_text: bool,
    /// It stands in a line, and most readers expect it in italics.
    pub is_like_italics: bool,
    /// The set part that it is.
    pub formula: Option<FormulaKind>,
    /// The intervention that it is.
    pub edit: Option<EditKind>,
    /// What it names; `rs` names anything.
    pub name: Option<NameKind>,
}

/// What an element is, by its local name; for one that is unknown or not of TEI, nothing of all that.
pub fn kind(element: &str) -> Kind {
    static KINDS: LazyLock<Vec<Option<(&'static str, Kind)>>> = LazyLock::new(|| {
        let formulas = FORMULAS.iter().map(|(element, _)| *element);
        let edits = EDITS.iter().map(|(element, _)| *element);
        let names = NAMES.iter().map(|(element, _)| *element).chain(["rs"]);
        let others = [&STRUCTURES[..], &TEXTLESS, &BLOCKS, &INLINES, &LIKE_ITALICS, &ALONE].into_iter().flatten();
        let all: BTreeSet<_> = formulas.chain(edits).chain(names).chain(others.copied()).collect();
        let mut places = vec![None; PLACES];
        for element in all {
            let free = from_place(element).find(|&place| places[place].is_none());
            free.into_iter().for_each(|place| places[place] = Some((element, compute(element))));
        }
        places
    });
    let mut known = from_place(element).map_while(|place| KINDS[place].as_ref());
    known.find(|(known, _)| *known == element).map(|(_, kind)| *kind).unwrap_or_default()
}

/// Many more than there are elements, so that most stand in the first place in which they are looked for.
const PLACES: usize = 1024;

/// The places of a table in which an element is looked for, one after the other, up to one that is empty. The standard
/// hash is made for names that strangers choose to make it slow; these are known.
fn from_place(element: &str) -> impl Iterator<Item = usize> {
    let first = element.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
    (0..PLACES).map(move |further| (first.wrapping_add(further)) % PLACES)
}

fn compute(element: &str) -> Kind {
    let is_structure = STRUCTURES.contains(&element);
    let (formula, edit, name) = (formula_of(element), edit_of(element), name_of(element));
    Kind {
        is_block: is_structure || BLOCKS.contains(&element),
        is_inline: INLINES.contains(&element) || name.is_some() || edit.is_some_and(|kind| kind != EditKind::Gap),
        // A stage direction stands in a line as well.
        stands_alone: ALONE.contains(&element) || formula.is_some_and(|kind| kind != FormulaKind::Stage),
        holds_no_text: is_structure || TEXTLESS.contains(&element),
        is_like_italics: LIKE_ITALICS.contains(&element),
        formula,
        edit,
        name,
    }
}

/// Others in which no text may stand (TEI P5, Appendix C).
const TEXTLESS: [&str; 9] = ["app", "rdgGrp", "cit", "choice", "subst", "ruby", "address", "respStmt", "locusGrp"];

/// Elements in a line that most readers expect in italics.
const LIKE_ITALICS: [&str; 6] = ["emph", "foreign", "title", "mentioned", "distinct", "stage"];

/// Elements that are blocks wherever they stand, set parts aside.
const ALONE: [&str; 10] = ["p", "head", "l", "list", "table", "lg", "sp", "figure", "eg", "div"];

/// Elements that stand in a line wherever they stand, names and interventions aside.
const INLINES: [&str; 37] = [
    "hi",
    "emph",
    "foreign",
    "title",
    "mentioned",
    "soCalled",
    "distinct",
    "code",
    "date",
    "time",
    "term",
    "gloss",
    "ref",
    "ptr",
    "seg",
    "w",
    "c",
    "pc",
    "s",
    "cl",
    "phr",
    "m",
    "num",
    "measure",
    "choice",
    "abbr",
    "expan",
    "ex",
    "am",
    "g",
    "formula",
    "said",
    "subst",
    "forename",
    "surname",
    "roleName",
    "email",
];

/// Elements that stand on lines of their own wherever they stand, structures aside.
const BLOCKS: [&str; 37] = [
    "p",
    "ab",
    "head",
    "l",
    "quote",
    "cit",
    "item",
    "label",
    "cell",
    "opener",
    "dateline",
    "salute",
    "closer",
    "signed",
    "byline",
    "trailer",
    "speaker",
    "figDesc",
    "titlePart",
    "docAuthor",
    "docDate",
    "docEdition",
    "docImprint",
    "imprimatur",
    "castItem",
    "eg",
    "egXML",
    "bibl",
    "entryFree",
    "sense",
    "u",
    "event",
    "relation",
    "address",
    "addrLine",
    "line",
    "zone",
];

/// Elements that order a text, a catalogue or a header and hold nothing but other elements (TEI P5, Appendix C).
const STRUCTURES: [&str; 145] = [
    "TEI",
    "abstract",
    "additional",
    "adminInfo",
    "altIdentifier",
    "analytic",
    "annotation",
    "annotationBlock",
    "argument",
    "availability",
    "back",
    "biblFull",
    "biblStruct",
    "binding",
    "bindingDesc",
    "body",
    "broadcast",
    "calendarDesc",
    "castGroup",
    "castList",
    "category",
    "char",
    "charDecl",
    "classDecl",
    "climate",
    "correspAction",
    "correspContext",
    "correspDesc",
    "custodialHist",
    "decoDesc",
    "dimensions",
    "div",
    "div1",
    "div2",
    "div3",
    "div4",
    "div5",
    "div6",
    "div7",
    "docTitle",
    "editionStmt",
    "editorialDecl",
    "encodingDesc",
    "entry",
    "epigraph",
    "epilogue",
    "facsimile",
    "figure",
    "fileDesc",
    "floatingText",
    "front",
    "glyph",
    "graph",
    "group",
    "handDesc",
    "handNotes",
    "history",
    "hom",
    "imprint",
    "interpGrp",
    "keywords",
    "langKnowledge",
    "langUsage",
    "layoutDesc",
    "lg",
    "linkGrp",
    "list",
    "listAnnotation",
    "listApp",
    "listBibl",
    "listChange",
    "listEvent",
    "listForest",
    "listNym",
    "listObject",
    "listOrg",
    "listPerson",
    "listPlace",
    "listPrefixDef",
    "listRef",
    "listRelation",
    "listTranspose",
    "listWit",
    "location",
    "monogr",
    "msContents",
    "msDesc",
    "msFrag",
    "msIdentifier",
    "msItem",
    "msItemStruct",
    "msPart",
    "noteGrp",
    "notesStmt",
    "nym",
    "object",
    "objectDesc",
    "objectIdentifier",
    "org",
    "particDesc",
    "performance",
    "person",
    "personGrp",
    "persona",
    "physDesc",
    "place",
    "population",
    "postscript",
    "profileDesc",
    "projectDesc",
    "prologue",
    "publicationStmt",
    "recordHist",
    "recording",
    "recordingStmt",
    "refsDecl",
    "revisionDesc",
    "row",
    "scriptDesc",
    "seal",
    "sealDesc",
    "seriesStmt",
    "set",
    "settingDesc",
    "sourceDesc",
    "sourceDoc",
    "sp",
    "spGrp",
    "spanGrp",
    "standOff",
    "superEntry",
    "supportDesc",
    "surface",
    "surfaceGrp",
    "table",
    "tagsDecl",
    "taxonomy",
    "teiCorpus",
    "teiHeader",
    "terrain",
    "text",
    "textClass",
    "titlePage",
    "titleStmt",
    "typeDesc",
];
