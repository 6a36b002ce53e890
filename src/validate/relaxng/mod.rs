//! RELAX NG: a schema in its XML syntax in, once; then documents in, faults out, with what was found, what is
//! allowed there, and the path. The method is that of derivatives; see `derive.rs`.

mod check;
mod compile;
mod derive;
mod expect;
mod fault;
mod names;
mod path;
mod pattern;
mod restrict;
mod source;
mod spelt;
mod syntax;
mod verdicts;
mod xsd;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) use self::check::Check;
use self::derive::Machine;
use self::names::NameId;
pub(super) use self::path::locate;
use self::pattern::{P, Pattern};
use crate::diagnostic::{Code, Detail, Log};
use crate::failure::Failure;
use crate::source::Span;
use crate::tei;
use crate::xml::parse::Event;

const NOT_WELL_FORMED: Code = Code("xml.not-well-formed");
const LIMIT: Code = Code("xml.limit");

/// Of faults that say the same, how many a log shows before it counts the rest.
const SHOWN: usize = 5;

/// Something in a document that its schema forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault it is: `element.misplaced`.
    pub code: Code,
    /// What was found, in one sentence.
    pub message: String,
    /// What is allowed there, and what was probably meant.
    pub hint: Option<String>,
    /// What may stand there, the nearest to what was found first.
    pub allowed: Arc<[String]>,
    /// What was probably meant.
    pub meant: Option<String>,
    /// Namespace and name of the element that it is about.
    pub element: (Arc<str>, String),
    /// The element, as a path from the root: `/TEI/text/body/div[3]/p[2]`.
    pub path: String,
    /// Where in the document.
    pub span: Span,
}

/// What an attribute's value has to do with ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    Id,
    IdRef,
    IdRefs,
}

/// Which attributes of which elements are ids, or refer to ids.
type Ids = foldhash::HashMap<(NameId, NameId), Reference>;

/// What is known of a schema before it is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// Nothing.
    None,
    /// That it is one: a test compiled it.
    Tested,
}

/// A compiled schema. Threads share it; what one document taught it serves the next.
#[derive(Debug)]
pub struct Grammar {
    fresh: Machine,
    ids: Ids,
    used: Mutex<Vec<Machine>>,
}

impl Grammar {
    /// Reads and compiles the schema in a file, and the files beside it that it asks for.
    ///
    /// # Errors
    /// [`Failure::File`] if a file can't be read, [`Failure::Unsupported`] if it is no schema, with file and line.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        Self::compiled(&source::load(path)?, Trust::None)
    }

    /// Compiles a schema that lies in memory; `name` is what messages call it.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if it is no schema, or asks for further files.
    pub fn compile(name: &str, text: &str) -> Result<Self, Failure> {
        Self::compiled(&source::from_text(name, text)?, Trust::None)
    }

    /// Compiles the first of several files that lie in memory; it may include the others by name.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if they are no schema.
    pub fn embedded(files: &'static [(&'static str, &'static str)]) -> Result<Self, Failure> {
        Self::compiled(&source::from_memory(files)?, Trust::None)
    }

    /// As [`Self::embedded`], of a schema that a test has compiled in that way: that it keeps the restrictions of the
    /// specification is known, and to see it again takes longer than all else.
    pub(super) fn trusted(files: &'static [(&'static str, &'static str)]) -> Result<Self, Failure> {
        Self::compiled(&source::from_memory(files)?, Trust::Tested)
    }

    fn compiled(root: &std::rc::Rc<source::Node>, trust: Trust) -> Result<Self, Failure> {
        let (arena, names, start) = compile::compile(root, trust)?;
        let fresh = Machine::new(arena, names, start);
        let ids = ids(&fresh);
        Ok(Self { fresh, ids, used: Mutex::new(Vec::new()) })
    }

    /// Checks a document. The failure, if there is one, says why the check could not reach the document's end.
    pub fn check(&self, text: &str, file: u32) -> (Vec<Fault>, Option<Failure>) {
        self.check_watched(text, file, &mut |_| {})
    }

    /// As [`Self::check`], and shows each event to `watch`, so that what else is to be checked needs no reading of its own.
    fn check_watched<'t>(
        &self,
        text: &'t str,
        file: u32,
        watch: &mut dyn FnMut(&Event<'t>),
    ) -> (Vec<Fault>, Option<Failure>) {
        let (mut faults, failure) = self.with_machine(|machine| check::check(machine, &self.ids, (text, file), watch));
        locate(text, file, &mut faults);
        (faults, failure)
    }

    /// True if a document that was read before, and that `tell` tells in its order, is valid. What is wrong with another
    /// is said by [`Self::check`].
    pub(super) fn accepts(&self, tell: impl FnOnce(&mut Check<'_>)) -> bool {
        self.with_machine(|machine| {
            let mut check = Check::new(machine, &self.ids);
            tell(&mut check);
            check.accepted()
        })
    }

    fn with_machine<T>(&self, work: impl FnOnce(&mut Machine) -> T) -> T {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut machine = used.unwrap_or_else(|| self.fresh.clone());
        let made = work(&mut machine);
        if !machine.is_worn() {
            self.used.lock().unwrap_or_else(PoisonError::into_inner).push(machine);
        }
        made
    }

    /// Checks a document and puts each fault into the log as an error. True if the document is valid.
    pub fn validate(&self, text: &str, file: u32, log: &mut Log) -> bool {
        self.validate_watched(text, file, log, &mut |_| {}) == Some(true)
    }

    /// As [`Self::validate`], and shows each event to `watch`; `None` if the document's end was not reached.
    pub(super) fn validate_watched<'t>(
        &self,
        text: &'t str,
        file: u32,
        log: &mut Log,
        watch: &mut dyn FnMut(&Event<'t>),
    ) -> Option<bool> {
        let (faults, failure) = self.check_watched(text, file, watch);
        let valid = failure.is_none().then_some(faults.is_empty());
        for Fault { code, message, hint, allowed, meant, element: (uri, local), path, span } in faults {
            let diagnostic = log.error(code, span, message);
            if let Some(hint) = hint {
                diagnostic.hint(hint);
            }
            let see = (&*uri == tei::NAMESPACE).then(|| tei::guidelines::reference(&local)).flatten();
            diagnostic.detail = Some(Box::new(Detail { path, allowed, meant, see }));
        }
        if let Some(failure) = &failure {
            let code = if matches!(failure, Failure::NotWellFormed { .. }) { NOT_WELL_FORMED } else { LIMIT };
            log.error(code, failure.span().unwrap_or_default(), failure.to_string());
        }
        valid
    }
}

/// Of faults that say the same, the first few, the last of which counts the others.
pub(super) fn fold(faults: Vec<Fault>) -> Vec<Fault> {
    let mut counts: HashMap<(Code, String), (usize, usize)> = HashMap::new();
    let mut folded: Vec<Fault> = Vec::new();
    for fault in faults {
        let (count, last) = counts.entry((fault.code, fault.message.clone())).or_default();
        *count += 1;
        if *count <= SHOWN {
            *last = folded.len();
            folded.push(fault);
        }
    }
    for (count, last) in counts.into_values().filter(|(count, _)| *count > SHOWN) {
        let more = format!(" ({} more like this)", count - SHOWN);
        folded[last].message.push_str(&more);
    }
    folded
}

/// Finds the attributes whose type is ID, IDREF or IDREFS, for elements and attributes that have one name.
fn ids(machine: &Machine) -> Ids {
    let mut ids = Ids::default();
    // For each pattern, in which element it was met last.
    let mut seen = vec![usize::MAX; machine.arena.len()];
    for (number, element) in machine.arena.elements.iter().enumerate() {
        let mut open = vec![element.content];
        while let Some(p) = open.pop() {
            if !machine.arena.traits(p).attributes || std::mem::replace(&mut seen[p.0 as usize], number) == number {
                continue;
            }
            match machine.arena.get(p) {
                Pattern::Choice(all) => open.extend_from_slice(all),
                Pattern::Group(a, b) | Pattern::Interleave(a, b) => open.extend([*a, *b]),
                Pattern::OneOrMore(a) => open.push(*a),
                Pattern::Attribute(class, content) => {
                    if let Some(kind) = reference(machine, *content) {
                        element.names.each_name(&mut |element| {
                            machine.arena.classes[*class as usize].each_name(&mut |attribute| {
                                ids.insert((element, attribute), kind);
                            });
                        });
                    }
                }
                _ => {}
            }
        }
    }
    ids
}

fn reference(machine: &Machine, p: P) -> Option<Reference> {
    let Pattern::Data(number, _) = machine.arena.get(p) else { return None };
    match machine.arena.data[*number as usize].kind {
        xsd::Kind::Id => Some(Reference::Id),
        xsd::Kind::IdRef => Some(Reference::IdRef),
        xsd::Kind::IdRefs => Some(Reference::IdRefs),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
