//! Names of other vocabularies: where the file round the text declares a prefix, the prefix alone will do.

use std::borrow::Cow;
use std::sync::Arc;

use crate::markdown::namespaces::declared;
use crate::model::{Document, Namespace, QName, Tag};

/// The document with `prefix:local` in place of each name whose prefix is declared.
pub(super) fn shortened(document: &Document) -> Cow<'_, Document> {
    let declared = document.frame.as_deref().map(declared).unwrap_or_default();
    let mut found = false;
    if !declared.is_empty() {
        document.each_tag(|tag| found = found || has_name_in(tag, &declared));
    }
    if !found {
        return Cow::Borrowed(document);
    }
    let mut shortened = document.clone();
    shortened.each_tag_mut(|tag| {
        tag.element.iter_mut().for_each(|name| shorten(name, &declared));
        tag.attributes.0.iter_mut().for_each(|attribute| shorten(&mut attribute.name, &declared));
    });
    Cow::Owned(shortened)
}

fn shorten(name: &mut QName, declared: &[Arc<Namespace>]) {
    if let Some(namespace) = name.namespace.take_if(|namespace| declared.contains(namespace)) {
        name.local = format!("{}:{}", namespace.prefix, name.local).into();
    }
}

fn has_name_in(tag: &Tag, declared: &[Arc<Namespace>]) -> bool {
    let attributes = tag.attributes.0.iter().map(|attribute| &attribute.name);
    let mut names = tag.element.as_deref().into_iter().chain(attributes);
    names.any(|name| name.namespace.as_ref().is_some_and(|namespace| declared.contains(namespace)))
}
