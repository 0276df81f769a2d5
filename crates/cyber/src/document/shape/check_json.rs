//! A JSON document compared with its shape. Every deviation is told with its pointer; reading goes on after each.

use std::hash::{DefaultHasher, Hash, Hasher};

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use super::table::{Bounds, Object, Rule, Table, Type, holds};
use crate::document::deviation::{DeviationKind as Kind, Found, Place, shown};
use crate::document::json::{Node, step, step_index};

/// Items of a list compared in one go.
const TOGETHER: usize = 256;

/// Compares a document with an object of the table in a version.
pub(crate) fn check(table: &Table, object: &str, version: u8, document: &Node, found: &mut Found) {
    let mut check = Check { table, version, pointer: String::new(), found };
    check.object(object, document);
}

struct Check<'a> {
    table: &'a Table,
    version: u8,
    pointer: String,
    found: &'a mut Found,
}

impl Check<'_> {
    fn tell(&mut self, kind: Kind) {
        self.found.error(Place::Pointer(self.pointer.as_str().into()), kind);
    }

    fn wrong_type(&mut self, expected: &'static str, node: &Node) {
        self.tell(Kind::WrongType { expected, found: node.type_name() });
    }

    fn object(&mut self, name: &str, node: &Node) {
        let Some(shape) = self.table.object(name) else { return };
        let Node::Object(members) = node else { return self.wrong_type("object", node) };
        let mut seen = Seen::of(members);
        for (at, (key, value)) in members.iter().enumerate() {
            let length = self.pointer.len();
            step(&mut self.pointer, key);
            if seen.before(at, key) {
                self.tell(Kind::Repeated(shown(key)));
            }
            self.member(shape, key, value);
            self.pointer.truncate(length);
        }
        for member in &shape.members {
            if member.required && holds(member.versions, self.version) && node.get(member.name).is_none() {
                self.tell(Kind::Missing(member.name.to_owned()));
            }
        }
        for (versions, rule) in &shape.rules {
            if holds(*versions, self.version) {
                self.rule(rule, node);
            }
        }
    }

    fn member(&mut self, shape: &Object, key: &str, value: &Node) {
        let mut known = shape.members.iter().filter(|member| member.name == key).peekable();
        let elsewhere = known.peek().is_some();
        match known.find(|member| holds(member.versions, self.version)) {
            Some(member) => self.value(&member.shape, value),
            None if holds(shape.open, self.version) => {}
            None if elsewhere => self.tell(Kind::OtherVersion(shown(key))),
            None => self.tell(Kind::Unknown(shown(key))),
        }
    }

    fn value(&mut self, shape: &Type, node: &Node) {
        match (shape, node) {
            (Type::Any, _) | (Type::Boolean, Node::Bool(_)) => {}
            (Type::Text(bounds), Node::Text(_)) if bounds.is_open() => {}
            (Type::Text(bounds), Node::Text(text)) => self.bounds(*bounds, text.chars().count()),
            (Type::Integer(bounds) | Type::Number(bounds), Node::Number(written)) => {
                let number: f64 = written.parse().unwrap_or(f64::NAN);
                if matches!(shape, Type::Integer(_)) && number.fract() != 0.0 {
                    self.wrong_type("integer", node);
                } else if !bounds.hold(number) {
                    self.tell(Kind::OutOfBounds { found: shown(written), bounds: bounds.text() });
                }
            }
            (Type::Array { item, bounds, unique }, Node::List(items)) => {
                self.bounds(*bounds, items.len());
                self.items(item, items);
                if *unique {
                    self.unique(items);
                }
            }
            (Type::List(list), Node::Text(text)) => {
                if !self.table.listed(list, text, self.version) {
                    self.tell(Kind::NotListed { value: shown(text), list: (*list).to_owned() });
                }
            }
            (Type::Pattern(pattern), Node::Text(text)) => {
                if !self.table.matches(pattern, text) {
                    self.tell(Kind::WrongForm { value: shown(text), form: (*pattern).to_owned() });
                }
            }
            (Type::Form(form, _), Node::Text(text)) => {
                if !form.holds(text) {
                    self.tell(Kind::WrongForm { value: shown(text), form: form.name().to_owned() });
                }
            }
            (Type::Object(name), _) => self.object(name, node),
            (Type::OneOf(all), _) => self.alternatives(all, node, true),
            (Type::AnyOf(all), _) => self.alternatives(all, node, false),
            _ => self.wrong_type(type_of(shape), node),
        }
    }

    #[allow(clippy::cast_precision_loss)] // counts of a bounded document
    fn bounds(&mut self, bounds: Bounds, count: usize) {
        if !bounds.hold(count as f64) {
            self.tell(Kind::OutOfBounds { found: count.to_string(), bounds: bounds.text() });
        }
    }

    /// Long lists are compared on all processors; what is found stands in their order all the same.
    fn items(&mut self, item: &Type, items: &[Node]) {
        if items.len() <= TOGETHER {
            return self.some(item, items, 0);
        }
        let (table, version, pointer, found) = (self.table, self.version, &self.pointer, &*self.found);
        let part = |(number, some): (usize, &[Node])| {
            let mut found = found.beside();
            Check { table, version, pointer: pointer.clone(), found: &mut found }.some(
                item,
                some,
                number * TOGETHER,
            );
            found
        };
        let parts: Vec<Found> = items.par_chunks(TOGETHER).enumerate().map(part).collect();
        for part in parts {
            self.found.append(part);
        }
    }

    /// Items from a place on.
    fn some(&mut self, item: &Type, items: &[Node], first: usize) {
        for (index, one) in items.iter().enumerate() {
            let length = self.pointer.len();
            step_index(&mut self.pointer, first + index);
            self.value(item, one);
            self.pointer.truncate(length);
        }
    }

    fn unique(&mut self, items: &[Node]) {
        let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let same = by_hash.entry(sense(item)).or_default();
            // Equal hashes are compared; those that only collide are few.
            if same.iter().take(4).any(|before| same_sense(&items[*before], item)) {
                let length = self.pointer.len();
                step_index(&mut self.pointer, index);
                self.tell(Kind::SameItem);
                self.pointer.truncate(length);
            } else {
                same.push(index);
            }
        }
    }

    /// Where several forms are possible, those of another JSON type are left aside; where one is left, its own deviations are told.
    fn alternatives(&mut self, all: &[Type], node: &Node, only_one: bool) {
        let possible: Vec<&Type> = all.iter().filter(|shape| possible(shape, node)).collect();
        match possible[..] {
            [] => self.wrong_type(all.first().map_or("value", type_of), node),
            [only] => self.value(only, node),
            _ => {
                let tries: Vec<Found> = possible.iter().map(|shape| self.attempt(shape, node)).collect();
                let fitting = tries.iter().filter(|found| found.errors == 0).count();
                if fitting == 0 {
                    if let Some(best) = tries.into_iter().min_by_key(|found| found.errors) {
                        self.found.append(best);
                    }
                } else if fitting > 1 && only_one {
                    let names: Vec<&str> = possible.iter().map(|shape| type_of(shape)).collect();
                    self.tell(Kind::Alternatives(names.join(", ")));
                }
            }
        }
    }

    fn attempt(&mut self, shape: &Type, node: &Node) -> Found {
        let mut found = Found::new(100);
        let mut check = Check {
            table: self.table,
            version: self.version,
            pointer: std::mem::take(&mut self.pointer),
            found: &mut found,
        };
        check.value(shape, node);
        self.pointer = check.pointer;
        found
    }

    fn rule(&mut self, rule: &Rule, node: &Node) {
        let has = |name: &str| node.get(name).is_some();
        match rule {
            Rule::OneOf(groups) => {
                if groups.iter().filter(|group| group.iter().all(|name| has(name))).count() != 1 {
                    let names: Vec<String> = groups.iter().map(|group| group.join(" + ")).collect();
                    self.tell(Kind::Alternatives(names.join(", ")));
                }
            }
            Rule::SomeOf(names) => {
                if !names.iter().any(|name| has(name)) {
                    self.tell(Kind::Missing(names.join(" | ")));
                }
            }
            Rule::NotBoth(one, other) => {
                if has(one) && has(other) {
                    self.tell(Kind::Together(format!("{one}, {other}")));
                }
            }
            Rule::OnlyWith { flag, member } => {
                if has(member) && node.get(flag) != Some(&Node::Bool(true)) {
                    self.tell(Kind::Missing(format!("{flag} = true")));
                }
            }
            Rule::With { member, needs } => {
                if has(member) && !has(needs) {
                    self.tell(Kind::Missing((*needs).to_owned()));
                }
            }
            Rule::Members(bounds) => self.bounds(*bounds, node.members().len()),
            Rule::Where { member, value, shape } => {
                if node.str(member) == Some(value) {
                    self.object(shape, node);
                }
            }
        }
    }
}

/// The names of an object's members that were seen already.
enum Seen<'a> {
    /// Of few, those before are looked through.
    Few(&'a [(Box<str>, Node)]),
    Many(HashSet<&'a str>),
}

impl<'a> Seen<'a> {
    fn of(members: &'a [(Box<str>, Node)]) -> Self {
        if members.len() <= 32 {
            Seen::Few(members)
        } else {
            Seen::Many(HashSet::with_capacity(members.len()))
        }
    }

    /// Whether a name stands before the member at a place.
    fn before(&mut self, at: usize, name: &'a str) -> bool {
        match self {
            Seen::Few(members) => members[..at].iter().any(|(before, _)| **before == *name),
            Seen::Many(names) => !names.insert(name),
        }
    }
}

/// Whether a value has the type of a shape, so that it may be meant.
fn possible(shape: &Type, node: &Node) -> bool {
    match shape {
        Type::Any => true,
        Type::OneOf(all) | Type::AnyOf(all) => all.iter().any(|one| possible(one, node)),
        _ => {
            type_of(shape) == node.type_name()
                || (type_of(shape) == "integer" && matches!(node, Node::Number(_)))
        }
    }
}

fn type_of(shape: &Type) -> &'static str {
    match shape {
        Type::Any => "value",
        Type::Boolean => "boolean",
        Type::Integer(_) => "integer",
        Type::Number(_) => "number",
        Type::Array { .. } => "array",
        Type::Object(_) => "object",
        Type::Text(_) | Type::List(_) | Type::Pattern(_) | Type::Form(..) => "string",
        Type::OneOf(all) | Type::AnyOf(all) => all.first().map_or("value", type_of),
    }
}

/// A hash of what a value means: the order of members does not count (JSON Schema, `uniqueItems`).
fn sense(node: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    match node {
        Node::Object(members) => {
            let one = |(name, value): &(Box<str>, Node)| {
                let mut hasher = DefaultHasher::new();
                (name, sense(value)).hash(&mut hasher);
                hasher.finish()
            };
            return members.iter().map(one).fold(1, u64::wrapping_add);
        }
        Node::List(items) => items.iter().for_each(|item| sense(item).hash(&mut hasher)),
        Node::Number(number) => number.parse::<f64>().unwrap_or(0.0).to_bits().hash(&mut hasher),
        Node::Text(text) => text.hash(&mut hasher),
        Node::Bool(value) => value.hash(&mut hasher),
        Node::Null => 0.hash(&mut hasher),
    }
    hasher.finish()
}

fn same_sense(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Object(a), Node::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, value)| other.get(name).is_some_and(|same| same_sense(value, same)))
        }
        (Node::List(a), Node::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_sense(a, b))
        }
        (Node::Number(a), Node::Number(b)) => a == b || a.parse::<f64>().ok() == b.parse::<f64>().ok(),
        _ => one == other,
    }
}
