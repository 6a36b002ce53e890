//! MathML: elements of another vocabulary that EPUB has as they are, and what of them is no guess for a reading system.

use super::{Foreign, Inline, Namespace, QName, Tag};

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
    mathml_local(tag) == Some("math") && content.iter().all(|inline| is_part(inline, "math"))
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
    tag.attributes.0.iter().all(|attribute| attribute.name.namespace.is_none() && attribute.name.local != "xmlns")
        && parts.is_none_or(|parts| parts == count)
        && content.iter().all(|inline| is_part(inline, name))
}
