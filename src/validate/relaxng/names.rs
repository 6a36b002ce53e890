//! Names as numbers, and the classes of names that patterns accept (RELAX NG §4.16, §7.1.6).

use std::collections::HashMap;
use std::sync::Arc;

/// A namespace and a local name; a number that is good within one [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NameId(pub(super) u32);

/// All names that were met.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    known: HashMap<Arc<str>, HashMap<Box<str>, NameId>>,
    names: Vec<(Arc<str>, Box<str>)>,
}

impl Names {
    /// The number of a name.
    pub(super) fn id(&mut self, uri: &str, local: &str) -> NameId {
        if let Some(found) = self.known.get(uri).and_then(|locals| locals.get(local)) {
            return *found;
        }
        let uri: Arc<str> = match self.known.get_key_value(uri) {
            Some((shared, _)) => Arc::clone(shared),
            None => uri.into(),
        };
        let id = NameId(self.names.len() as u32);
        self.known.entry(Arc::clone(&uri)).or_default().insert(local.into(), id);
        self.names.push((uri, local.into()));
        id
    }

    /// Namespace and local name.
    pub(super) fn get(&self, id: NameId) -> (&str, &str) {
        self.names.get(id.0 as usize).map_or(("", ""), |(uri, local)| (uri, local))
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

/// A set of names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum NameClass {
    Name(NameId),
    /// Every name of a namespace but those of the exception.
    Namespace(Arc<str>, Option<Box<NameClass>>),
    /// Every name but those of the exception.
    Any(Option<Box<NameClass>>),
    Choice(Vec<NameClass>),
}

impl NameClass {
    pub(super) fn contains(&self, id: NameId, names: &Names) -> bool {
        let excepted = |except: &Option<Box<Self>>| except.as_ref().is_some_and(|except| except.contains(id, names));
        match self {
            Self::Name(name) => *name == id,
            Self::Namespace(uri, except) => names.get(id).0 == &**uri && !excepted(except),
            Self::Any(except) => !excepted(except),
            Self::Choice(classes) => classes.iter().any(|class| class.contains(id, names)),
        }
    }

    /// How precisely it names what it contains: 2 by name, 1 by namespace, 0 anything.
    pub(super) fn precision(&self, id: NameId, names: &Names) -> Option<u8> {
        match self {
            Self::Name(name) => (*name == id).then_some(2),
            Self::Namespace(..) => self.contains(id, names).then_some(1),
            Self::Any(_) => self.contains(id, names).then_some(0),
            Self::Choice(classes) => classes.iter().filter_map(|class| class.precision(id, names)).max(),
        }
    }

    /// The single names in it.
    pub(super) fn each_name(&self, found: &mut impl FnMut(NameId)) {
        match self {
            Self::Name(name) => found(*name),
            Self::Choice(classes) => classes.iter().for_each(|class| class.each_name(found)),
            Self::Namespace(..) | Self::Any(_) => {}
        }
    }
}
