//! Reads the tables of shapes. A line that is not understood is kept as a fault, which a test of each format asks to be none.
//!
//! ```text
//! pattern NAME REGEX              list NAME
//!                                   4- : value value "another value"
//! object NAME                     element NAME
//!   4-5 member: TYPE !              @attribute: TYPE !
//!   open                            sequence ?
//!   rule exactly one of: a b          5- child:TYPE*
//! ```
//! A guard before a line (`2`, `4-`, `2-3,5-`) names the versions in which it holds. Types: `text`, `text1..9`, `boolean`, `integer0..`,
//! `number`, `any`, `[TYPE]1.. unique`, `(A | B)` exactly one, `(A & B)` at least one, or the name of a list, pattern, form or object.

use std::sync::OnceLock;

use hashbrown::HashMap;
use regex::Regex;

use super::content::Particle;
use super::form::Form;

/// All shapes of one format.
#[derive(Debug, Default)]
pub(crate) struct Table {
    objects: HashMap<&'static str, Object>,
    elements: HashMap<&'static str, ElementShape>,
    lists: HashMap<&'static str, List>,
    patterns: HashMap<&'static str, Pattern>,
    pub(crate) faults: Vec<String>,
}

/// The versions in which something holds: bit n for version n.
pub(crate) type Versions = u16;

#[derive(Debug, Default)]
pub(crate) struct Object {
    pub(crate) members: Vec<Member>,
    pub(crate) open: Versions,
    pub(crate) rules: Vec<(Versions, Rule)>,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) versions: Versions,
    pub(crate) required: bool,
    pub(crate) shape: Type,
}

/// What holds between members.
#[derive(Debug)]
pub(crate) enum Rule {
    /// Exactly one of these groups is there.
    OneOf(Vec<Vec<&'static str>>),
    /// At least one of these is there.
    SomeOf(Vec<&'static str>),
    /// Not both are there.
    NotBoth(&'static str, &'static str),
    /// A member only where another is `true`.
    OnlyWith { flag: &'static str, member: &'static str },
    /// A member only beside another.
    With { member: &'static str, needs: &'static str },
    /// Where a member has a value, the object has a second shape too.
    Where { member: &'static str, value: &'static str, shape: &'static str },
    /// How many members there are, of whatever name.
    Members(Bounds),
}

#[derive(Debug, Default)]
pub(crate) struct ElementShape {
    pub(crate) attributes: Vec<Member>,
    /// Attributes of other namespaces may stand here.
    pub(crate) foreign_attributes: Versions,
    /// Any attributes may stand here.
    pub(crate) any_attributes: Versions,
    pub(crate) text: Vec<(Versions, Type)>,
    pub(crate) content: Vec<(Versions, Particle)>,
}

#[derive(Debug, Default)]
pub(crate) struct List {
    values: HashMap<&'static str, Versions>,
}

/// A type as written in a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Any,
    Text(Bounds),
    Boolean,
    Integer(Bounds),
    Number(Bounds),
    Array { item: Box<Type>, bounds: Bounds, unique: bool },
    OneOf(Vec<Type>),
    AnyOf(Vec<Type>),
    List(&'static str),
    Pattern(&'static str),
    Form(Form, Bounds),
    Object(&'static str),
}

/// A pattern of texts, compiled once it is first asked: no document asks for all.
#[derive(Debug)]
struct Pattern {
    text: &'static str,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(&format!("^(?:{})$", self.text)).ok()).as_ref()
    }
}

/// Least and greatest, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) least: Option<f64>,
    pub(crate) greatest: Option<f64>,
}

impl Bounds {
    pub(crate) fn hold(self, value: f64) -> bool {
        self.least.is_none_or(|least| value >= least)
            && self.greatest.is_none_or(|greatest| value <= greatest)
    }
    /// Whether anything is within.
    pub(crate) fn is_open(self) -> bool {
        self.least.is_none() && self.greatest.is_none()
    }
    pub(crate) fn text(self) -> String {
        let side = |one: Option<f64>| one.map_or_else(String::new, |value| value.to_string());
        format!("{}..{}", side(self.least), side(self.greatest))
    }
}

impl Table {
    /// Reads tables; later texts may use names of earlier ones and the other way round.
    pub(crate) fn of(texts: &[&'static str]) -> Table {
        let mut table = Table::default();
        for text in texts {
            table.names(text);
        }
        for text in texts {
            table.read(text);
        }
        table
    }
    pub(crate) fn object(&self, name: &str) -> Option<&Object> {
        self.objects.get(name)
    }
    pub(crate) fn element(&self, name: &str) -> Option<&ElementShape> {
        self.elements.get(name)
    }
    pub(crate) fn listed(&self, list: &str, value: &str, version: u8) -> bool {
        self.lists
            .get(list)
            .and_then(|list| list.values.get(value))
            .is_some_and(|versions| holds(*versions, version))
    }
    pub(crate) fn matches(&self, pattern: &str, value: &str) -> bool {
        let regex = self.patterns.get(pattern).and_then(Pattern::regex);
        regex.is_some_and(|regex| regex.is_match(value))
    }
    /// What cannot be understood of the tables.
    #[cfg(test)]
    pub(crate) fn all_faults(&self) -> Vec<String> {
        let broken = self.patterns.iter().filter(|(_, pattern)| pattern.regex().is_none());
        self.faults.iter().cloned().chain(broken.map(|(name, _)| (*name).to_owned())).collect()
    }

    /// What is named, so that types can refer to what comes later.
    fn names(&mut self, text: &'static str) {
        for line in lines(text).filter(|line| !line.starts_with(' ')) {
            match line.splitn(3, ' ').collect::<Vec<_>>()[..] {
                ["pattern", name, text] => {
                    self.patterns.insert(name, Pattern { text, regex: OnceLock::new() });
                }
                ["list", name] => drop(self.lists.insert(name, List::default())),
                ["object", name] => drop(self.objects.insert(name, Object::default())),
                ["element", name] => drop(self.elements.insert(name, ElementShape::default())),
                _ => self.faults.push(line.to_owned()),
            }
        }
    }

    fn read(&mut self, text: &'static str) {
        let mut block: (&str, &'static str) = ("", "");
        for line in lines(text) {
            if line.starts_with(' ') {
                let (versions, rest) = guard(line.trim_start());
                let read = match block.0 {
                    "list" => self.list_line(block.1, versions, rest),
                    "object" => self.object_line(block.1, versions, rest),
                    "element" => self.element_line(block.1, versions, rest),
                    _ => None,
                };
                if read.is_none() {
                    self.faults.push(format!("{} {}: {line}", block.0, block.1));
                }
            } else {
                let mut words = line.split(' ');
                block = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            }
        }
    }

    fn list_line(&mut self, name: &str, versions: Versions, rest: &'static str) -> Option<()> {
        let mut rest = rest.strip_prefix(':')?.trim_start();
        let list = self.lists.get_mut(name)?;
        while !rest.is_empty() {
            let (value, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"')?,
                None => rest.split_once(' ').unwrap_or((rest, "")),
            };
            *list.values.entry(value).or_default() |= versions;
            rest = after.trim_start();
        }
        Some(())
    }

    fn object_line(&mut self, name: &str, versions: Versions, rest: &'static str) -> Option<()> {
        if let Some(rule) = rest.strip_prefix("rule ") {
            let rule = rule_of(rule)?;
            self.objects.get_mut(name)?.rules.push((versions, rule));
        } else if rest == "open" {
            self.objects.get_mut(name)?.open |= versions;
        } else {
            let member = self.member(versions, rest)?;
            self.objects.get_mut(name)?.members.push(member);
        }
        Some(())
    }

    fn element_line(&mut self, name: &str, versions: Versions, rest: &'static str) -> Option<()> {
        if let Some(attribute) = rest.strip_prefix('@') {
            let member = if attribute.contains(':') { Some(self.member(versions, attribute)?) } else { None };
            let element = self.elements.get_mut(name)?;
            match (attribute, member) {
                ("any", _) => element.any_attributes |= versions,
                ("foreign", _) => element.foreign_attributes |= versions,
                (_, Some(member)) => element.attributes.push(member),
                _ => return None,
            }
        } else if let Some(text) = rest.strip_prefix("text: ") {
            let shape = Words::new(text).whole(self)?;
            self.elements.get_mut(name)?.text.push((versions, shape));
        } else if let Some(group) = Particle::group(rest) {
            self.elements.get_mut(name)?.content.push((versions, group));
        } else {
            let mut words = Words::new(rest);
            let particle = words.particle(self)?;
            let (group_versions, group) = self.elements.get_mut(name)?.content.last_mut()?;
            group.add(versions & *group_versions, particle);
        }
        Some(())
    }

    fn member(&self, versions: Versions, rest: &'static str) -> Option<Member> {
        let (name, shape) = rest.split_once(": ")?;
        let (shape, required) = match shape.strip_suffix(" !") {
            Some(shape) => (shape, true),
            None => (shape, false),
        };
        Some(Member { name, versions, required, shape: Words::new(shape).whole(self)? })
    }
}

/// Whether something holds in a version.
pub(crate) fn holds(versions: Versions, version: u8) -> bool {
    versions & (1 << version) != 0
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// The versions a line is guarded by, and the rest of the line.
fn guard(line: &'static str) -> (Versions, &'static str) {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    let is_guard = first.starts_with(|c: char| c.is_ascii_digit())
        && first.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ',');
    if !is_guard {
        return (Versions::MAX, line);
    }
    let mut versions = 0;
    for run in first.split(',') {
        let (from, to) = run.split_once('-').unwrap_or((run, run));
        let (from, to) =
            (from.parse().unwrap_or(0), if to.is_empty() { 15 } else { to.parse().unwrap_or(0) });
        (from..=to).for_each(|version: u8| versions |= 1 << version);
    }
    (versions, rest.trim_start())
}

fn rule_of(rule: &'static str) -> Option<Rule> {
    let (words, names) = rule.split_once(": ")?;
    let names: Vec<&'static str> = names.split(' ').collect();
    Some(match words.split(' ').collect::<Vec<_>>()[..] {
        ["exactly", "one", "of"] => {
            Rule::OneOf(names.iter().map(|group| group.split('+').collect()).collect())
        }
        ["at", "least", "one", "of"] => Rule::SomeOf(names),
        ["not", "both"] => Rule::NotBoth(names.first()?, names.get(1)?),
        ["with", member] => Rule::With { member, needs: names.first()? },
        ["members"] => Rule::Members(bounds_of(names.first()?)?),
        ["only", "with", flag, "true"] => Rule::OnlyWith { flag, member: names.first()? },
        ["where", member, "is", value] => Rule::Where { member, value, shape: names.first()? },
        _ => return None,
    })
}

/// Types and particles, word by word.
pub(crate) struct Words {
    rest: &'static str,
}

impl Words {
    pub(crate) fn new(text: &'static str) -> Self {
        Words { rest: text }
    }

    fn whole(mut self, table: &Table) -> Option<Type> {
        let shape = self.shape(table)?;
        self.rest.is_empty().then_some(shape)
    }

    pub(crate) fn eat(&mut self, mark: &str) -> bool {
        match self.rest.trim_start().strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    pub(crate) fn word(&mut self) -> Option<&'static str> {
        let text = self.rest.trim_start();
        let end = text.find(|c: char| !(c.is_alphanumeric() || "-_.$@".contains(c))).unwrap_or(text.len());
        self.rest = &text[end..];
        Some(&text[..end]).filter(|word| !word.is_empty())
    }

    pub(crate) fn shape(&mut self, table: &Table) -> Option<Type> {
        if self.eat("[") {
            let item = Box::new(self.shape(table)?);
            let bounds = if self.eat("]") { self.bounds() } else { return None };
            return Some(Type::Array { item, bounds, unique: self.eat("unique") });
        }
        if self.eat("(") {
            let mut all = vec![self.shape(table)?];
            let mut mark = ' ';
            while !self.eat(")") {
                mark = if self.eat("|") {
                    '|'
                } else if self.eat("&") {
                    '&'
                } else {
                    return None;
                };
                all.push(self.shape(table)?);
            }
            return Some(if mark == '&' { Type::AnyOf(all) } else { Type::OneOf(all) });
        }
        named(self.word()?, table)
    }

    fn bounds(&mut self) -> Bounds {
        let starts = self.rest.starts_with(|c: char| c.is_ascii_digit());
        if starts { self.word().and_then(bounds_of).unwrap_or_default() } else { Bounds::default() }
    }
}

fn named(word: &'static str, table: &Table) -> Option<Type> {
    if let Some((name, _)) = table.lists.get_key_value(word) {
        return Some(Type::List(name));
    }
    if let Some((name, _)) = table.patterns.get_key_value(word) {
        return Some(Type::Pattern(name));
    }
    if let Some((name, _)) = table.objects.get_key_value(word).filter(|_| !table.elements.contains_key(word))
    {
        return Some(Type::Object(name));
    }
    if table.elements.contains_key(word) || table.objects.contains_key(word) {
        return Some(Type::Object(word));
    }
    let end = word.find("..").map_or(word.len(), |dots| {
        word[..dots].rfind(|c: char| !c.is_ascii_digit() && c != '-').map_or(0, |at| at + 1)
    });
    let bounds = if end < word.len() { bounds_of(&word[end..])? } else { Bounds::default() };
    Some(match &word[..end] {
        "any" => Type::Any,
        "text" => Type::Text(bounds),
        "boolean" => Type::Boolean,
        "integer" => Type::Integer(bounds),
        "number" => Type::Number(bounds),
        name => Type::Form(Form::named(name)?, bounds),
    })
}

fn bounds_of(text: &str) -> Option<Bounds> {
    let (least, greatest) = text.split_once("..")?;
    let side = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    Some(Bounds { least: side(least)?, greatest: side(greatest)? })
}
