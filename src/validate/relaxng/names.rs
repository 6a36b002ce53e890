//! Names as numbers, and the classes of names that patterns accept (RELAX NG §4.16, §7.1.6).

use std::sync::Arc;

use foldhash::HashMap;

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

    /// The namespace, shared.
    pub(super) fn namespace(&self, id: NameId) -> Arc<str> {
        self.names.get(id.0 as usize).map_or_else(|| "".into(), |(uri, _)| Arc::clone(uri))
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

    /// True if it names more than single names.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Name(_) => false,
            Self::Namespace(..) | Self::Any(_) => true,
            Self::Choice(classes) => classes.iter().any(Self::is_open),
        }
    }

    /// True if it has, or excepts, the class of all names.
    pub(super) fn has_any(&self) -> bool {
        match self {
            Self::Any(_) => true,
            Self::Choice(classes) => classes.iter().any(Self::has_any),
            Self::Name(_) | Self::Namespace(..) => false,
        }
    }

    /// Namespace and local name of everything it names, exceptions too; no local name for whole namespaces.
    pub(super) fn each_part(&self, visit: &mut dyn FnMut(&str, &str), names: &Names) {
        match self {
            Self::Name(name) => {
                let (uri, local) = names.get(*name);
                visit(uri, local);
            }
            Self::Namespace(uri, except) => {
                visit(uri, "");
                except.iter().for_each(|except| except.each_part(visit, names));
            }
            Self::Any(except) => except.iter().for_each(|except| except.each_part(visit, names)),
            Self::Choice(classes) => classes.iter().for_each(|class| class.each_part(visit, names)),
        }
    }

    /// True if some name is in both classes.
    pub(super) fn overlaps(&self, other: &Self, names: &Names) -> bool {
        match (self, other) {
            (Self::Name(one), class) | (class, Self::Name(one)) => return class.contains(*one, names),
            _ => {}
        }
        let mut samples = Vec::new();
        self.samples(names, &mut samples);
        other.samples(names, &mut samples);
        samples.iter().any(|(uri, local)| self.holds(uri, local, names) && other.holds(uri, local, names))
    }

    /// Names for all that classes can tell apart: if two classes overlap, they do so in one of these. No name has
    /// a control character, so that stands for all the names that are not spelt out.
    fn samples<'n>(&'n self, names: &'n Names, samples: &mut Vec<(&'n str, &'n str)>) {
        const OTHER: &str = "\u{1}";
        match self {
            Self::Name(name) => samples.push(names.get(*name)),
            Self::Namespace(uri, _) => samples.push((uri, OTHER)),
            Self::Any(_) => samples.push((OTHER, OTHER)),
            Self::Choice(classes) => classes.iter().for_each(|class| class.samples(names, samples)),
        }
        if let Self::Namespace(_, Some(except)) | Self::Any(Some(except)) = self {
            except.samples(names, samples);
        }
    }

    fn holds(&self, uri: &str, local: &str, names: &Names) -> bool {
        let excepted =
            |except: &Option<Box<Self>>| except.as_ref().is_some_and(|except| except.holds(uri, local, names));
        match self {
            Self::Name(name) => names.get(*name) == (uri, local),
            Self::Namespace(own, except) => uri == &**own && !excepted(except),
            Self::Any(except) => !excepted(except),
            Self::Choice(classes) => classes.iter().any(|class| class.holds(uri, local, names)),
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
