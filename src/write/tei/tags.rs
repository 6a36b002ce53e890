//! A node's tag as an element's name and attributes.

use std::borrow::Cow;
use std::io;

use smallvec::{SmallVec, smallvec};

use super::Run;
use crate::decisions::is_decided;
use crate::diagnostic::Code;
use crate::model::{Certainty, Moment, QName, Tag, Target, When};
use crate::tei;
use crate::xml::parse::{as_ncname, is_ncname};

/// The id of this program in the header, to which `@resp` points.
pub(super) const RESPONSIBLE: &str = "apograph";
/// The id of what the header says of an editor's decisions, to which `@resp` points.
pub(super) const EDITOR: &str = "editor";

const NOTE: &str = "note";

const ID_CHANGED: Code = Code("tei.id-changed");

/// Attributes as they are written: names with their prefixes.
pub(super) type Attributes<'t> = SmallVec<[(Cow<'t, str>, Cow<'t, str>); 4]>;

/// What fields of a node say, as attributes; those without a value are not written.
pub(super) type Own<'v> = [(&'v str, Option<&'v str>)];

impl Run<'_> {
    /// Opens the element of a node.
    pub(super) fn open(&mut self, usual: &str, tag: &Tag, own: &Own<'_>) -> io::Result<()> {
        if self.is_written_as_it_is(tag) {
            let name = self.tag(usual, tag, own)?;
            return self.xml.opened(&name);
        }
        let name = self.name(tag, usual);
        let attributes = self.attributes(tag, own);
        self.start(&name, attributes)
    }

    /// The element of a node that holds nothing.
    pub(super) fn point(&mut self, usual: &str, tag: &Tag, own: &Own<'_>) -> io::Result<()> {
        if self.is_written_as_it_is(tag) {
            self.tag(usual, tag, own)?;
            return self.xml.closed();
        }
        let name = self.name(tag, usual);
        let attributes = self.attributes(tag, own);
        self.empty(&name, attributes)
    }

    /// True if nothing is to be changed in a tag, so that its attributes need not be gathered before they are written.
    fn is_written_as_it_is(&self, tag: &Tag) -> bool {
        self.as_it_was && self.flavour.is_none() && tag.inference.is_none()
    }

    /// Writes the beginning of a tag; gives its name.
    fn tag<'t>(&mut self, usual: &'t str, tag: &'t Tag, own: &Own<'_>) -> io::Result<Cow<'t, str>> {
        self.margin(self.xml.depth())?;
        let name = self.name(tag, usual);
        self.xml.raw("<")?;
        self.xml.raw(&name)?;
        if let Some(id) = &tag.id {
            self.xml.attribute("xml:id", id.as_str())?;
        }
        if let Some(language) = &tag.language {
            self.xml.attribute("xml:lang", language)?;
        }
        for (name, value) in unsaid(tag, own) {
            self.xml.attribute(name, value)?;
        }
        for attribute in &tag.attributes.0 {
            self.xml.attribute(&qualified(&attribute.name), &attribute.value)?;
        }
        let mut declared = Attributes::new();
        self.declare(tag, &mut declared);
        for (name, uri) in &declared {
            self.xml.attribute(name, uri)?;
        }
        Ok(name)
    }

    /// The element's name: the tag's own, or what the writer would choose. A note is always a `note`, and nothing else
    /// is: its words are no part of the text around it.
    pub(super) fn name<'t>(&self, tag: &'t Tag, usual: &'t str) -> Cow<'t, str> {
        match &tag.element {
            Some(name) if self.is_note(name) == (usual == NOTE) => self.element_name(name),
            _ if self.prefix.is_empty() => Cow::Borrowed(usual),
            _ => Cow::Owned(format!("{}:{usual}", self.prefix)),
        }
    }

    fn is_note(&self, name: &QName) -> bool {
        name.local == NOTE && name.namespace.as_ref().is_none_or(|namespace| namespace.uri == self.namespace)
    }

    /// An element's name with its prefix.
    pub(super) fn element_name<'t>(&self, name: &'t QName) -> Cow<'t, str> {
        match &name.namespace {
            None if !self.prefix.is_empty() => Cow::Owned(format!("{}:{}", self.prefix, name.local)),
            _ => qualified(name),
        }
    }

    /// The attributes: id, language, those that fields of the node say, those that the tag carries, and who is
    /// responsible for what was inferred.
    fn attributes<'t>(&mut self, tag: &'t Tag, own: &Own<'t>) -> Attributes<'t> {
        let mut attributes = Attributes::new();
        if let Some(id) = &tag.id {
            let id = if self.as_it_was { Cow::Borrowed(id.as_str()) } else { self.unique(id.as_str(), tag).into() };
            attributes.push(("xml:id".into(), id));
        }
        if let Some(language) = &tag.language {
            attributes.push(("xml:lang".into(), Cow::Borrowed(&**language)));
        }
        attributes.extend(unsaid(tag, own).map(|(name, value)| (name.into(), value.into())));
        for attribute in &tag.attributes.0 {
            attributes.push((qualified(&attribute.name), attribute.value.as_str().into()));
        }
        self.declare(tag, &mut attributes);
        let unsaid = !attributes.iter().any(|(name, _)| name == "cert");
        if let Some(inference) = tag.inference.as_deref().filter(|_| unsaid) {
            let decided = is_decided(inference) && self.ids.contains(EDITOR);
            let responsible = if decided { EDITOR } else { RESPONSIBLE };
            if decided || inference.certainty < Certainty::High {
                attributes.push(("cert".into(), inference.certainty.as_str().into()));
                attributes.push(("resp".into(), format!("#{responsible}").into()));
            }
        }
        attributes
    }

    /// Declares the prefixes of a tag's names that nothing round it declares (Namespaces in XML 1.0 §5).
    fn declare<'t>(&self, tag: &'t Tag, attributes: &mut Attributes<'t>) {
        let names = tag.element.as_deref().into_iter().chain(tag.attributes.0.iter().map(|attribute| &attribute.name));
        for namespace in names.filter_map(|name| name.namespace.as_deref()) {
            let bound = matches!(namespace.prefix.as_str(), "" | "xml" | "xmlns");
            if bound || self.xml.declares(&namespace.prefix) {
                continue;
            }
            let declaration = format!("xmlns:{}", namespace.prefix);
            if !attributes.iter().any(|(name, _)| *name == declaration) {
                attributes.push((declaration.into(), namespace.uri.as_str().into()));
            }
        }
    }

    /// A target as a URI reference.
    pub(super) fn pointer<'u>(&self, target: &'u Target) -> Cow<'u, str> {
        match target {
            Target::Here(id) if self.as_it_was => Cow::Owned(["#", id.as_str()].concat()),
            Target::Here(id) => Cow::Owned(["#", &as_ncname(id.as_str())].concat()),
            Target::Elsewhere(uri) => self.reference(uri),
        }
    }

    /// A URI reference in which what may not stand in one is escaped.
    pub(super) fn reference<'u>(&self, uri: &'u str) -> Cow<'u, str> {
        if self.as_it_was { Cow::Borrowed(uri) } else { tei::uri(uri) }
    }

    /// The id, changed where it is no NCName or was written before.
    fn unique(&mut self, id: &str, tag: &Tag) -> String {
        let base = as_ncname(id);
        let mut unique = base.clone();
        if !self.ids.insert(unique.clone()) {
            // Thousands of elements may have one id: where the last count ended, the next goes on.
            let count = self.repeated.entry(base.clone()).or_insert(1);
            loop {
                *count += 1;
                unique = format!("{base}_{count}");
                if self.ids.insert(unique.clone()) {
                    break;
                }
            }
        }
        if unique != id {
            self.log.warning(
                ID_CHANGED,
                tag.span,
                format!("the id `{id}` became `{unique}`: ids are names, each once"),
            );
        }
        unique
    }
}

/// Of what fields say, that which the tag doesn't say itself: what it carries is what the source said, and wins.
fn unsaid<'v>(tag: &Tag, own: &Own<'v>) -> impl Iterator<Item = (&'v str, &'v str)> {
    own.iter().filter_map(|&(name, value)| Some((name, value?))).filter(|(name, _)| tag.attributes.get(name).is_none())
}

/// The name with its prefix. What no name in XML may hold becomes `_`.
pub(super) fn qualified(name: &QName) -> Cow<'_, str> {
    let local = if is_ncname(&name.local) { Cow::Borrowed(&*name.local) } else { Cow::Owned(as_ncname(&name.local)) };
    match &name.namespace {
        Some(namespace) if !namespace.prefix.is_empty() => Cow::Owned(format!("{}:{local}", namespace.prefix)),
        _ => local,
    }
}

/// `@when`, `@from` and `@to`, or `@notBefore` and `@notAfter`.
pub(super) fn dating<'t>(when: When) -> Attributes<'t> {
    let pair = |(first, second): (&'static str, &'static str), from: Option<Moment>, to: Option<Moment>| {
        let from = from.map(|moment| (first.into(), moment.to_string().into()));
        let to = to.map(|moment| (second.into(), moment.to_string().into()));
        from.into_iter().chain(to).collect()
    };
    match when {
        When::On(moment) => smallvec![("when".into(), moment.to_string().into())],
        When::Between(from, to) => pair(("from", "to"), from, to),
        When::Within(from, to) => pair(("notBefore", "notAfter"), from, to),
    }
}
