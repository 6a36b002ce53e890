//! Prefixes that the file round the text declares.

use std::sync::Arc;

use crate::model::{Frame, Namespace, QName};
use crate::xml::parse::XMLNS;

/// The prefixes that the root of a file declares.
pub(crate) fn declared(frame: &Frame) -> Vec<Arc<Namespace>> {
    let attributes = frame.root.attributes.0.iter().filter(|attribute| is_declaration(&attribute.name));
    let prefixed = attributes.filter(|attribute| attribute.name.namespace.is_some());
    let namespace = |prefix: &str, uri: &str| Arc::new(Namespace { prefix: prefix.into(), uri: uri.into() });
    prefixed.map(|attribute| namespace(&attribute.name.local, &attribute.value)).collect()
}

/// Whether an attribute declares a namespace.
pub(crate) fn is_declaration(name: &QName) -> bool {
    match &name.namespace {
        Some(namespace) => namespace.uri == XMLNS,
        None => name.local == "xmlns",
    }
}
