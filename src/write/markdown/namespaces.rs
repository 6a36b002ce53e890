//! Names of other vocabularies: where the file round the text declares a prefix, the prefix alone will do.

use std::borrow::Cow;
use std::sync::Arc;

use crate::markdown::namespaces::declared;
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Document, Inline, Namespace, QName, Tag};

/// The document with `prefix:local` in place of each name whose prefix is declared.
pub(super) fn shortened(document: &Document) -> Cow<'_, Document> {
    let declared = document.frame.as_deref().map(declared).unwrap_or_default();
    let mut search = Search { declared: &declared, found: false };
    if !declared.is_empty() {
        walk_document(&mut search, document);
    }
    if !search.found {
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

struct Search<'n> {
    declared: &'n [Arc<Namespace>],
    found: bool,
}

impl Search<'_> {
    fn tag(&mut self, tag: &Tag) {
        let mut names =
            tag.element.as_deref().into_iter().chain(tag.attributes.0.iter().map(|attribute| &attribute.name));
        self.found |= names.any(|name| name.namespace.as_ref().is_some_and(|it| self.declared.contains(it)));
    }
}

impl<'d> Visit<'d> for Search<'_> {
    fn block(&mut self, block: &'d Block) {
        block.tag().into_iter().for_each(|tag| self.tag(tag));
        match block {
            Block::List(it) => it.items.iter().for_each(|item| self.tag(&item.tag)),
            Block::Table(it) => it.rows.iter().for_each(|row| {
                self.tag(&row.tag);
                row.cells.iter().for_each(|cell| self.tag(&cell.tag));
            }),
            _ => {}
        }
        if !self.found {
            walk_block(self, block);
        }
    }

    fn inline(&mut self, inline: &'d Inline) {
        inline.tag().into_iter().for_each(|tag| self.tag(tag));
        if !self.found {
            walk_inline(self, inline);
        }
    }
}
