//! MathML: elements of another vocabulary that EPUB has as they are, and what of them is no guess for a reading system.

use super::{Attribute, Foreign, Inline, Namespace, QName, Tag};

/// The namespace of MathML.
pub const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// Elements of Presentation MathML (MathML 3.0 §3.1.9) and how many parts they have, where that is fixed.
const PRESENTATION: [(&str, Option<usize>); 32] = [
    ("annotation", None),
    ("maction", None),
    ("menclose", None),
    ("merror", None),
    ("mfenced", None),
    ("mfrac", Some(2)),
    ("mi", None),
    ("mmultiscripts", None),
    ("mn", None),
    ("mo", None),
    ("mover", Some(2)),
    ("mpadded", None),
    ("mphantom", None),
    ("mprescripts", Some(0)),
    ("mroot", Some(2)),
    ("mrow", None),
    ("ms", None),
    ("mspace", Some(0)),
    ("msqrt", None),
    ("mstyle", None),
    ("msub", Some(2)),
    ("msubsup", Some(3)),
    ("msup", Some(2)),
    ("mtable", None),
    ("mtd", None),
    ("mtext", None),
    ("mtr", None),
    ("munder", Some(2)),
    ("munderover", Some(3)),
    ("none", Some(0)),
    ("semantics", None),
    ("mlabeledtr", None),
];

/// Elements that hold text; in all others white space is layout.
const TOKENS: [&str; 6] = ["annotation", "mi", "mn", "mo", "ms", "mtext"];

/// An element's name in MathML, without a prefix.
pub fn mathml_name(local: &str) -> QName {
    let namespace = Namespace { prefix: "".into(), uri: MATHML.into() };
    QName { local: local.into(), namespace: Some(std::sync::Arc::new(namespace)) }
}

/// The local name of an element of MathML that has no prefix.
pub fn mathml_local(tag: &Tag) -> Option<&str> {
    let name = tag.element.as_deref()?;
    let namespace = name.namespace.as_deref()?;
    (namespace.prefix.is_empty() && namespace.uri == MATHML).then_some(&*name.local)
}

/// True for text between elements of MathML that is layout.
pub fn is_mathml_layout(text: &str, within: &str) -> bool {
    !TOKENS.contains(&within) && text.trim().is_empty()
}

/// Whether a formula can stand in XHTML as it is: Presentation MathML alone, each element with the parts it must have.
pub fn is_formula(tag: &Tag, content: &[Inline]) -> bool {
    mathml_local(tag) == Some("math") && takes_all("math", tag) && content.iter().all(|inline| is_part(inline, "math"))
}

fn is_part(inline: &Inline, within: &str) -> bool {
    let foreign = match inline {
        Inline::Text(text) => return TOKENS.contains(&within) || is_mathml_layout(text, within),
        Inline::Foreign(foreign) => foreign.as_ref(),
        _ => return false,
    };
    let Foreign::Element { tag, content } = foreign else { return false };
    let plain = tag.id.is_none() && tag.language.is_none() && tag.inference.is_none();
    let known = mathml_local(tag).and_then(|name| PRESENTATION.iter().find(|(known, _)| *known == name));
    let Some((name, parts)) = known.filter(|_| plain) else { return false };
    let count = content.iter().filter(|inline| matches!(inline, Inline::Foreign(_))).count();
    takes_all(name, tag)
        && parts.is_none_or(|parts| parts == count)
        && content.iter().all(|inline| is_part(inline, name))
}

fn takes_all(element: &str, tag: &Tag) -> bool {
    let takes = |attribute: &Attribute| {
        attribute.name.namespace.is_none() && mathml_takes(element, &attribute.name.local, &attribute.value)
    };
    tag.attributes.0.iter().all(takes)
}

/// How letters are set (MathML 3.0 §3.2.2).
const VARIANTS: [&str; 18] = [
    "bold",
    "bold-fraktur",
    "bold-italic",
    "bold-sans-serif",
    "bold-script",
    "double-struck",
    "fraktur",
    "initial",
    "italic",
    "looped",
    "monospace",
    "normal",
    "sans-serif",
    "sans-serif-bold-italic",
    "sans-serif-italic",
    "script",
    "stretched",
    "tailed",
];
/// What all elements may say with any value (§2.1.6, §3.2.2).
const STYLES: &str = "mathsize mathcolor mathbackground fontsize fontweight fontstyle fontfamily color background";
const OPERATORS: &str = "lspace rspace maxsize minsize linebreak lineleading linebreakstyle linebreakmultchar \
    indentalign indentshift indenttarget indentalignfirst indentshiftfirst indentalignlast indentshiftlast";
const SWITCHES: &str = "fence separator stretchy symmetric largeop movablelimits accent";
const TABLES: &str = "align rowalign columnalign groupalign alignmentscope columnwidth width rowspacing columnspacing \
    rowlines columnlines frame framespacing equalrows equalcolumns displaystyle side minlabelspacing";

/// Whether an element of Presentation MathML (MathML 3.0, chapter 3) may have an attribute with this value. What leads
/// to other places or files is not among them.
pub fn mathml_takes(element: &str, name: &str, value: &str) -> bool {
    let among = |names: &str| names.split_ascii_whitespace().any(|known| known == name);
    let bare = matches!(element, "mprescripts" | "semantics" | "annotation");
    let operator = matches!(element, "mo" | "mstyle");
    match name {
        "class" => true,
        // Nothing that a sheet could stumble over.
        "style" => value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" :;#.%,-".contains(&byte)),
        _ if bare => element == "annotation" && matches!(name, "encoding" | "cd" | "name"),
        "mathvariant" => VARIANTS.contains(&value),
        "dir" => matches!(value, "ltr" | "rtl"),
        "display" => element == "math" && matches!(value, "block" | "inline"),
        "form" => operator && matches!(value, "prefix" | "infix" | "postfix"),
        "accent" if matches!(element, "mover" | "munderover") => is_switch(value),
        "accentunder" => matches!(element, "munder" | "munderover") && is_switch(value),
        _ if among(SWITCHES) => operator && is_switch(value),
        _ if among(STYLES) => true,
        _ if operator && among(OPERATORS) => true,
        _ if matches!(element, "mtable" | "mstyle") && among(TABLES) => true,
        _ => among(own(element)),
    }
}

fn is_switch(value: &str) -> bool {
    matches!(value, "true" | "false")
}

/// What an element alone may say with any value.
fn own(element: &str) -> &'static str {
    match element {
        "math" => {
            "alttext altimg-width altimg-height altimg-valign maxwidth overflow infixlinebreakstyle decimalpoint \
            displaystyle scriptlevel"
        }
        "mi" | "mn" | "mtext" | "ms" => "lquote rquote",
        "mspace" => "width height depth linebreak",
        "mfrac" => "linethickness numalign denomalign bevelled",
        "mstyle" => {
            "scriptlevel scriptsizemultiplier scriptminsize linethickness numalign denomalign bevelled open close \
            separators notation"
        }
        "mpadded" => "width height depth lspace voffset",
        "mfenced" => "open close separators",
        "menclose" => "notation",
        "mtr" | "mlabeledtr" | "mtd" => "rowalign columnalign groupalign",
        _ => "",
    }
}
