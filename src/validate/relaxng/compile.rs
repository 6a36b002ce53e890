//! A schema's tree in, its patterns out: simplification of RELAX NG §4, without a tree in between.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::rc::Rc;

use super::Trust;
use super::names::{NameClass, Names};
use super::pattern::{Arena, EMPTY, NOT_ALLOWED, P, TEXT};
use super::restrict::Restrictions;
use super::source::{self, Node};
use super::xsd::{Context, Datum, Facet, Kind, LIBRARY, Literal};
use crate::failure::Failure;
use crate::xml::parse::XMLNS;

/// How deep definitions may refer one to another without an element between.
const DEPTH: usize = 600;

/// The name under which a grammar's start is kept; no definition can have it.
const START: &str = " start";

/// How several definitions of one name are joined (§4.17).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Combine {
    Choice,
    Interleave,
}

/// Everything that was said about one name of a grammar.
#[derive(Default)]
struct Definition {
    bodies: Vec<Rc<Node>>,
    combine: Option<Combine>,
    /// How many bodies don't say how they are joined.
    silent: usize,
    pattern: Option<P>,
    busy: bool,
}

/// A grammar and the grammar around it.
struct Scope {
    parent: Option<usize>,
    definitions: BTreeMap<String, Definition>,
}

/// The work on one schema.
pub(super) struct Compiler {
    pub(super) arena: Arena,
    pub(super) names: Names,
    scopes: Vec<Scope>,
    /// Elements whose content is still to be compiled: elements may hold themselves.
    queue: VecDeque<(u32, Rc<Node>, Option<usize>)>,
    /// Where each element stands in the schema.
    places: Vec<Rc<Node>>,
    /// All that the start reaches is compiled.
    unused: bool,
    depth: usize,
}

/// Compiles a schema; returns its start. Of one that was tested only what its start reaches is looked at, and not
/// whether it keeps the restrictions.
pub(super) fn compile(root: &Rc<Node>, trust: Trust) -> Result<(Arena, Names, P), Failure> {
    let mut compiler = Compiler {
        arena: Arena::default(),
        names: Names::default(),
        scopes: Vec::new(),
        queue: VecDeque::new(),
        places: Vec::new(),
        unused: false,
        depth: 0,
    };
    let start = compiler.pattern(root, None)?;
    compiler.elements()?;
    if trust == Trust::None {
        compiler.unused()?;
    }
    if compiler.arena.overflowed() {
        return root.wrong("it is too large or too deep");
    }
    if trust == Trust::Tested {
        return Ok((compiler.arena, compiler.names, start));
    }
    match Restrictions::new(&compiler.arena, &compiler.names).check(start) {
        Ok(()) => Ok((compiler.arena, compiler.names, start)),
        Err((wrong, Some(number))) => compiler.places[number as usize].wrong(wrong),
        Err((wrong, None)) => root.wrong(wrong),
    }
}

impl Compiler {
    /// Compiles what the elements hold that were met.
    fn elements(&mut self) -> Result<(), Failure> {
        while let Some((number, node, scope)) = self.queue.pop_front() {
            let skip = usize::from(node.attribute("name").is_none());
            let content = self.group(&node, skip, scope)?;
            self.arena.elements[number as usize].content = content;
        }
        Ok(())
    }

    /// Compiles the definitions that nothing refers to: they too may be wrong (§4.18).
    fn unused(&mut self) -> Result<(), Failure> {
        self.unused = true;
        let mut scope = 0;
        // Compiling may add further grammars.
        while scope < self.scopes.len() {
            let left = self.scopes[scope].definitions.iter().filter(|(_, definition)| definition.pattern.is_none());
            let left = left.map(|(name, definition)| (name.clone(), definition.bodies.first().cloned()));
            for (name, node) in left.collect::<Vec<_>>() {
                if let Some(node) = node {
                    self.definition(&node, scope, &name)?;
                }
            }
            self.elements()?;
            scope += 1;
        }
        Ok(())
    }

    fn pattern(&mut self, node: &Rc<Node>, scope: Option<usize>) -> Result<P, Failure> {
        self.depth += 1;
        if self.depth > DEPTH {
            return node.wrong("patterns and references one within another too deep");
        }
        let pattern = self.pattern_within(node, scope);
        self.depth -= 1;
        pattern
    }

    fn pattern_within(&mut self, node: &Rc<Node>, scope: Option<usize>) -> Result<P, Failure> {
        match node.name.as_str() {
            "empty" => self.leaf(node, EMPTY),
            "text" => self.leaf(node, TEXT),
            "notAllowed" => self.leaf(node, NOT_ALLOWED),
            "element" => self.element(node, scope),
            "attribute" => self.attribute(node, scope),
            "group" => self.group_of(node, scope),
            "interleave" => {
                let all = self.all(node, 0, scope)?;
                Ok(self.arena.interleave_all(&all))
            }
            "choice" => {
                let all = self.all(node, 0, scope)?;
                Ok(self.arena.choice(all))
            }
            "optional" => {
                let inner = self.group_of(node, scope)?;
                Ok(self.arena.choice([inner, EMPTY]))
            }
            "oneOrMore" | "zeroOrMore" => {
                let inner = self.group_of(node, scope)?;
                let more = self.arena.one_or_more(inner);
                Ok(if node.name == "oneOrMore" { more } else { self.arena.choice([more, EMPTY]) })
            }
            "list" => {
                let inner = self.group_of(node, scope)?;
                Ok(self.arena.list(inner))
            }
            "mixed" => {
                let inner = self.group_of(node, scope)?;
                Ok(self.arena.interleave(TEXT, inner))
            }
            "ref" => self.reference(node, scope),
            "parentRef" => {
                let parent = scope.and_then(|scope| self.scopes[scope].parent);
                if parent.is_none() {
                    return node.wrong("`parentRef` without a grammar around the grammar");
                }
                self.reference(node, parent)
            }
            "externalRef" => {
                let root = source::load_beside(node, required(node, "href")?, Some(&node.ns))?;
                self.pattern(&root, scope)
            }
            "grammar" => self.grammar(node, scope),
            "value" => self.value(node),
            "data" => self.data(node, scope),
            other => node.wrong(format!("`{other}` is no pattern of RELAX NG")),
        }
    }

    fn leaf(&self, node: &Node, pattern: P) -> Result<P, Failure> {
        if node.children.is_empty() { Ok(pattern) } else { node.wrong(format!("`{}` holds nothing", node.name)) }
    }

    /// The patterns of all children from one on; there must be one.
    fn all(&mut self, node: &Rc<Node>, skip: usize, scope: Option<usize>) -> Result<Vec<P>, Failure> {
        let all = node.children.iter().skip(skip).map(|child| self.pattern(child, scope));
        let all = all.collect::<Result<Vec<_>, _>>()?;
        if all.is_empty() { node.wrong(format!("`{}` without a pattern", node.name)) } else { Ok(all) }
    }

    fn group(&mut self, node: &Rc<Node>, skip: usize, scope: Option<usize>) -> Result<P, Failure> {
        let all = self.all(node, skip, scope)?;
        Ok(self.arena.group_all(&all))
    }

    fn group_of(&mut self, node: &Rc<Node>, scope: Option<usize>) -> Result<P, Failure> {
        self.group(node, 0, scope)
    }

    fn element(&mut self, node: &Rc<Node>, scope: Option<usize>) -> Result<P, Failure> {
        let names = match node.attribute("name") {
            Some(name) => self.qualified(node, name, &node.ns.clone())?,
            None => self.first_class(node)?,
        };
        let (number, pattern) = self.arena.element(names);
        self.places.push(Rc::clone(node));
        self.queue.push_back((number, Rc::clone(node), scope));
        Ok(pattern)
    }

    fn attribute(&mut self, node: &Rc<Node>, scope: Option<usize>) -> Result<P, Failure> {
        let (names, skip) = match node.attribute("name") {
            // The namespace of a name is not inherited here (§4.8).
            Some(name) => (self.qualified(node, name, node.attribute("ns").unwrap_or(""))?, 0),
            None => (self.first_class(node)?, 1),
        };
        self.declares_nothing(node, &names)?;
        let content = match node.children.len() - skip {
            0 => TEXT,
            1 => self.pattern(&node.children[skip], scope)?,
            _ => return node.wrong("an attribute holds one pattern"),
        };
        Ok(self.arena.attribute(names, content))
    }

    /// No attribute is a namespace declaration (§4.16).
    fn declares_nothing(&self, node: &Node, names: &NameClass) -> Result<(), Failure> {
        let mut wrong = false;
        // The specification spells the namespace without its last slash; both are meant.
        names.each_part(
            &mut |uri, local| {
                wrong |=
                    uri.trim_end_matches('/') == XMLNS.trim_end_matches('/') || (uri.is_empty() && local == "xmlns");
            },
            &self.names,
        );
        if wrong {
            return node.wrong("a namespace declaration is no attribute");
        }
        Ok(())
    }

    fn first_class(&mut self, node: &Rc<Node>) -> Result<NameClass, Failure> {
        match node.children.first() {
            Some(class) => self.name_class(class, 0),
            None => node.wrong(format!("`{}` without a name", node.name)),
        }
    }

    /// The name class of `name="…"` or `<name>`.
    fn qualified(&mut self, node: &Node, name: &str, ns: &str) -> Result<NameClass, Failure> {
        let name = name.trim();
        let (uri, local) = match name.split_once(':') {
            None => (ns, name),
            Some((prefix, local)) => match node.namespace(prefix) {
                Some(uri) => (uri, local),
                None => return node.wrong(format!("the prefix `{prefix}` is not declared")),
            },
        };
        if !super::xsd::is_ncname(local) {
            return node.wrong(format!("`{name}` is no name"));
        }
        Ok(NameClass::Name(self.names.id(uri, local)))
    }

    fn name_class(&mut self, node: &Rc<Node>, depth: usize) -> Result<NameClass, Failure> {
        if depth > DEPTH {
            return node.wrong("classes of names one within another too deep");
        }
        match node.name.as_str() {
            "name" => self.qualified(node, &node.text, &node.ns),
            "anyName" => Ok(NameClass::Any(self.exception(node, depth)?)),
            "nsName" => Ok(NameClass::Namespace(node.ns.clone(), self.exception(node, depth)?)),
            "choice" => {
                let classes = node.children.iter().map(|child| self.name_class(child, depth + 1));
                Ok(NameClass::Choice(classes.collect::<Result<_, _>>()?))
            }
            other => node.wrong(format!("`{other}` is no class of names")),
        }
    }

    /// What a class of names does not hold. It may not be as wide as the class itself (§4.16).
    fn exception(&mut self, node: &Rc<Node>, depth: usize) -> Result<Option<Box<NameClass>>, Failure> {
        let Some(except) = node.children.first() else { return Ok(None) };
        let classes = except.children.iter().map(|child| self.name_class(child, depth + 1));
        let class = NameClass::Choice(classes.collect::<Result<_, _>>()?);
        if class.has_any() || (node.name == "nsName" && class.is_open()) {
            return except.wrong(format!("the exception of `{}` is as wide as that", node.name));
        }
        Ok(Some(Box::new(class)))
    }

    fn value(&mut self, node: &Rc<Node>) -> Result<P, Failure> {
        let kind = match node.attribute("type") {
            None => Kind::Token,
            Some(name) => kind(node, name)?,
        };
        let namespace = |prefix: &str| match prefix {
            "" => Some(node.ns.to_string()),
            _ => node.namespace(prefix).map(str::to_owned),
        };
        match Literal::new(kind, &node.text, &Context { namespace: &namespace, entities: &[] }) {
            Some(literal) => Ok(self.arena.value(literal)),
            None => node.wrong(format!("`{}` is not a value of its type", node.text)),
        }
    }

    fn data(&mut self, node: &Rc<Node>, scope: Option<usize>) -> Result<P, Failure> {
        let kind = kind(node, required(node, "type")?)?;
        let mut facets = Vec::new();
        let mut except = None;
        for child in &node.children {
            match child.name.as_str() {
                "param" if except.is_none() => {
                    let name = required(child, "name")?;
                    if &*node.library != LIBRARY {
                        return child.wrong(format!("the type has no parameter `{name}`"));
                    }
                    let namespace = |prefix: &str| child.namespace(prefix).map(str::to_owned);
                    match Facet::parse(kind, name, &child.text, &Context { namespace: &namespace, entities: &[] }) {
                        Ok(facet) => facets.push(facet),
                        Err(fault) => return child.wrong(fault),
                    }
                }
                "except" if except.is_none() => {
                    let all = self.all(child, 0, scope)?;
                    except = Some(self.arena.choice(all));
                }
                other => return child.wrong(format!("`{other}` may not stand in `data` here")),
            }
        }
        Ok(self.arena.datum(Datum { kind, facets }, except))
    }

    fn reference(&mut self, node: &Rc<Node>, scope: Option<usize>) -> Result<P, Failure> {
        let name = required(node, "name")?;
        match scope {
            Some(scope) => self.definition(node, scope, name),
            None => node.wrong(format!("`{name}` is referred to outside of a grammar")),
        }
    }

    /// The pattern of everything that was said about a name.
    fn definition(&mut self, node: &Node, scope: usize, name: &str) -> Result<P, Failure> {
        let Some(definition) = self.scopes[scope].definitions.get_mut(name) else {
            return node.wrong(match name {
                START => "the grammar has no `start`".to_owned(),
                _ => format!("`{name}` is not defined"),
            });
        };
        if let Some(pattern) = definition.pattern {
            return Ok(pattern);
        }
        if definition.busy && self.unused {
            // What nothing refers to may hold itself (§4.19 comes after §4.18).
            return Ok(NOT_ALLOWED);
        }
        if definition.busy {
            return node.wrong(format!("`{name}` holds itself without an element between"));
        }
        if definition.silent > 1 || (definition.bodies.len() > 1 && definition.combine.is_none()) {
            return node.wrong(format!("`{name}` is defined twice without `combine`"));
        }
        definition.busy = true;
        let (bodies, combine) = (definition.bodies.clone(), definition.combine);
        let all = bodies.iter().map(|body| self.group_of(body, Some(scope))).collect::<Result<Vec<_>, _>>()?;
        let pattern = match combine {
            Some(Combine::Interleave) => self.arena.interleave_all(&all),
            Some(Combine::Choice) | None => self.arena.choice(all),
        };
        if let Some(definition) = self.scopes[scope].definitions.get_mut(name) {
            definition.pattern = Some(pattern);
            definition.busy = false;
        }
        Ok(pattern)
    }

    fn grammar(&mut self, node: &Rc<Node>, parent: Option<usize>) -> Result<P, Failure> {
        let scope = self.scopes.len();
        self.scopes.push(Scope { parent, definitions: BTreeMap::new() });
        self.components(node, scope, &HashSet::new(), &mut HashSet::new(), 0)?;
        self.definition(node, scope, START)
    }

    /// Gathers what a grammar, a `div` or an `include` defines, but for names that are defined anew.
    fn components(
        &mut self,
        node: &Rc<Node>,
        scope: usize,
        anew: &HashSet<String>,
        found: &mut HashSet<String>,
        depth: usize,
    ) -> Result<(), Failure> {
        if depth > DEPTH {
            return node.wrong("files one within another too deep");
        }
        for child in &node.children {
            match child.name.as_str() {
                "start" | "define" => {
                    let name = component_name(child)?;
                    found.insert(name.clone());
                    if !anew.contains(&name) {
                        self.define(child, scope, name)?;
                    }
                }
                "div" => self.components(child, scope, anew, found, depth + 1)?,
                "include" => self.include(child, scope, anew, found, depth)?,
                other => return child.wrong(format!("`{other}` may not stand in a grammar")),
            }
        }
        Ok(())
    }

    fn include(
        &mut self,
        node: &Rc<Node>,
        scope: usize,
        anew: &HashSet<String>,
        found: &mut HashSet<String>,
        depth: usize,
    ) -> Result<(), Failure> {
        let root = source::load_beside(node, required(node, "href")?, Some(&node.ns))?;
        if root.name != "grammar" {
            return node.wrong("what is included is no grammar");
        }
        let mut own = HashSet::new();
        own_names(node, &mut own)?;
        let mut there = HashSet::new();
        let hidden = own.union(anew).cloned().collect();
        self.components(&root, scope, &hidden, &mut there, depth + 1)?;
        if let Some(missing) = own.iter().filter(|name| !there.contains(*name)).min() {
            let missing = if missing == START { "start" } else { missing };
            return node.wrong(format!("`{missing}` is not defined in what is included"));
        }
        found.extend(there);
        self.components(node, scope, anew, found, depth + 1)
    }

    fn define(&mut self, node: &Rc<Node>, scope: usize, name: String) -> Result<(), Failure> {
        let combine = match node.attribute("combine") {
            None => None,
            Some("choice") => Some(Combine::Choice),
            Some("interleave") => Some(Combine::Interleave),
            Some(other) => return node.wrong(format!("`{other}` is no way to combine")),
        };
        let definition = self.scopes[scope].definitions.entry(name).or_default();
        match (combine, definition.combine) {
            (Some(new), Some(known)) if new != known => return node.wrong("two ways to combine one name"),
            (Some(new), _) => definition.combine = Some(new),
            (None, _) => definition.silent += 1,
        }
        definition.bodies.push(Rc::clone(node));
        Ok(())
    }
}

fn component_name(node: &Node) -> Result<String, Failure> {
    match node.name.as_str() {
        "start" if node.children.len() != 1 => node.wrong("`start` holds one pattern"),
        "start" => Ok(START.to_owned()),
        _ => required(node, "name").map(str::to_owned),
    }
}

/// The names that an `include` defines anew.
fn own_names(node: &Node, own: &mut HashSet<String>) -> Result<(), Failure> {
    for child in &node.children {
        if child.name == "div" {
            own_names(child, own)?;
        } else {
            own.insert(component_name(child)?);
        }
    }
    Ok(())
}

fn required<'n>(node: &'n Node, name: &str) -> Result<&'n str, Failure> {
    match node.attribute(name) {
        Some(value) => Ok(value),
        None => node.wrong(format!("`{}` without `{name}`", node.name)),
    }
}

/// The type of a name in the library that is in force.
fn kind(node: &Node, name: &str) -> Result<Kind, Failure> {
    let known = match &*node.library {
        "" if name == "string" => Some(Kind::String),
        "" if name == "token" => Some(Kind::Token),
        LIBRARY => Kind::named(name),
        _ => None,
    };
    match known {
        Some(kind) => Ok(kind),
        None => node.wrong(format!("the type `{name}` of the library `{}` is not known", node.library)),
    }
}
