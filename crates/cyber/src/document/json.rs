//! JSON as a tree that loses nothing: members in their order, also when one stands twice, and numbers as they were
//! written. What the members mean is for others to say.

use std::borrow::Cow;
use std::fmt::Write as _;

use hifijson::num::LexWrite as _;
use hifijson::str::LexAlloc as _;
use hifijson::token::Lex as _;
use hifijson::{Expect, Read as _, SliceLexer};

use super::bounds::{Limits, ReadError};
use super::deviation::Place;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written.
    Number(Box<str>),
    /// A string, its escapes resolved.
    Text(Box<str>),
    /// An array.
    List(Vec<Node>),
    /// An object, its members in order.
    Object(Vec<(Box<str>, Node)>),
}

impl Node {
    /// A string.
    pub fn text(text: impl AsRef<str>) -> Node {
        Node::Text(text.as_ref().into())
    }
    /// An object of these members.
    pub fn object<const N: usize>(members: [(&str, Node); N]) -> Node {
        Node::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
    /// The first member of a name, of an object.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.members().iter().find(|(key, _)| &**key == name).map(|(_, value)| value)
    }
    /// The same, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        match self {
            Node::Object(members) => {
                members.iter_mut().find(|(key, _)| &**key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }
    /// Sets a member, in its place or at the end; does nothing to what is no object.
    pub fn set(&mut self, name: &str, value: Node) {
        match self.get_mut(name) {
            Some(old) => *old = value,
            None => {
                if let Node::Object(members) = self {
                    members.push((name.into(), value));
                }
            }
        }
    }
    /// The members of an object; none of what is no object.
    pub fn members(&self) -> &[(Box<str>, Node)] {
        match self {
            Node::Object(members) => members,
            _ => &[],
        }
    }
    /// The items of an array; none of what is no array.
    pub fn items(&self) -> &[Node] {
        match self {
            Node::List(items) => items,
            _ => &[],
        }
    }
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }
    /// A member that is a string.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Node::as_str)
    }
    /// The items of a member that is an array.
    pub fn list(&self, name: &str) -> &[Node] {
        self.get(name).map_or(&[], Node::items)
    }
    /// The value at a JSON pointer (RFC 6901).
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        pointer.split('/').skip(1).try_fold(self, |node, step| match node {
            Node::Object(_) => node.get(&step.replace("~1", "/").replace("~0", "~")),
            Node::List(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => None,
        })
    }
    /// Its type in words.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Bool(_) => "boolean",
            Node::Number(_) => "number",
            Node::Text(_) => "string",
            Node::List(_) => "array",
            Node::Object(_) => "object",
        }
    }
    /// The document as text: two blanks for each level, as most tools write.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out.push('\n');
        out
    }

    fn write(&self, out: &mut String, level: usize) {
        match self {
            Node::Null => out.push_str("null"),
            Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Node::Number(number) => out.push_str(number),
            Node::Text(text) => quote(text, out),
            Node::List(items) if items.is_empty() => out.push_str("[]"),
            Node::Object(members) if members.is_empty() => out.push_str("{}"),
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "[" } else { "," });
                    new_line(out, level + 1);
                    item.write(out, level + 1);
                }
                new_line(out, level);
                out.push(']');
            }
            Node::Object(members) => {
                for (index, (name, value)) in members.iter().enumerate() {
                    out.push_str(if index == 0 { "{" } else { "," });
                    new_line(out, level + 1);
                    quote(name, out);
                    out.push_str(": ");
                    value.write(out, level + 1);
                }
                new_line(out, level);
                out.push('}');
            }
        }
    }
}

/// Reads a whole JSON text.
pub fn parse(text: &str, limits: &Limits) -> Result<Node, ReadError> {
    let mut lexer = SliceLexer::new(text.as_bytes());
    let mut building = Building::new(text, limits);
    match document(&mut lexer, &mut building) {
        Ok(()) => building.nodes.pop().ok_or(ReadError::Empty),
        Err(Stop::Bound(error)) => Err(error),
        Err(Stop::Syntax(error)) => {
            let read = &text.as_bytes()[..text.len() - lexer.as_slice().len()];
            let line = memchr::memchr_iter(b'\n', read).count() as u64 + 1;
            Err(ReadError::Syntax { place: Place::line(line, ""), format: "JSON", why: error.to_string() })
        }
    }
}

/// Why reading stops.
enum Stop {
    Syntax(hifijson::Error),
    Bound(ReadError),
}

impl<E: Into<hifijson::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Syntax(error.into())
    }
}

/// Without recursion: a document may nest as deeply as it likes, until the bound is reached.
fn document<'a>(lexer: &mut SliceLexer<'a>, building: &mut Building<'a>) -> Result<(), Stop> {
    let mut next = lexer.ws_peek().ok_or(Expect::Value)?;
    loop {
        if let Some(first) = value(lexer, building, next)? {
            next = first;
            continue;
        }
        loop {
            let Some(open) = building.open.last() else {
                return if lexer.ws_peek().is_none() { Ok(()) } else { Err(Expect::Eof.into()) };
            };
            let is_object = open.is_object;
            match lexer.ws_peek() {
                Some(b',') => {
                    next = lexer.discarded().ws_peek().ok_or(Expect::Value)?;
                    if is_object {
                        next = key(lexer, building, next)?;
                    }
                    break;
                }
                Some(b'}') if is_object => close(lexer, building),
                Some(b']') if !is_object => close(lexer, building),
                _ => return Err(Expect::CommaOrEnd.into()),
            }
        }
    }
}

/// A value, or the beginning of one that holds others: then the sign with which the first of these begins.
fn value<'a>(lexer: &mut SliceLexer<'a>, building: &mut Building<'a>, next: u8) -> Result<Option<u8>, Stop> {
    let node = match next {
        b'{' | b'[' => {
            let is_object = next == b'{';
            building.start(is_object)?;
            let first = lexer.discarded().ws_peek().ok_or(Expect::ValueOrEnd)?;
            if first == if is_object { b'}' } else { b']' } {
                close(lexer, building);
                return Ok(None);
            }
            return if is_object { key(lexer, building, first).map(Some) } else { Ok(Some(first)) };
        }
        b'"' => Node::Text(string(lexer.discarded(), building.text)?.into()),
        b'-' | b'0'..=b'9' => Node::Number(lexer.num_string().validated()?.0.into()),
        _ => match lexer.null_or_bool().ok_or(Expect::Value)? {
            Some(value) => Node::Bool(value),
            None => Node::Null,
        },
    };
    building.value(node)?;
    Ok(None)
}

/// A member's name, and the sign with which its value begins.
fn key<'a>(lexer: &mut SliceLexer<'a>, building: &mut Building<'a>, next: u8) -> Result<u8, Stop> {
    lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
    building.names.push(string(lexer, building.text)?.into());
    lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
    Ok(lexer.ws_peek().ok_or(Expect::Value)?)
}

/// The string behind its first quotation mark. Most hold no escapes: these are pieces of the text, which is known to be UTF-8.
fn string<'a>(lexer: &mut SliceLexer<'a>, text: &'a str) -> Result<Cow<'a, str>, Stop> {
    let rest = lexer.as_slice();
    let end = memchr::memchr2(b'"', b'\\', rest)
        .filter(|end| rest[*end] == b'"' && rest[..*end].iter().copied().fold(u8::MAX, u8::min) >= b' ');
    let start = text.len() - rest.len();
    match end.and_then(|end| Some((text.get(start..start + end)?, &rest[end + 1..]))) {
        Some((piece, behind)) => {
            *lexer = SliceLexer::new(behind);
            Ok(Cow::Borrowed(piece))
        }
        None => Ok(lexer.str_string()?),
    }
}

fn close(lexer: &mut SliceLexer<'_>, building: &mut Building<'_>) {
    lexer.take_next();
    building.end();
}

/// One more step in a JSON pointer.
pub(crate) fn step(pointer: &mut String, name: &str) {
    pointer.push('/');
    if memchr::memchr2(b'~', b'/', name.as_bytes()).is_some() {
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(name);
    }
}

/// One more index in a JSON pointer.
pub(crate) fn step_index(pointer: &mut String, index: usize) {
    // Writing to a String cannot fail.
    let _ = write!(pointer, "/{index}");
}

/// An object or array whose end was not reached yet.
struct Open {
    is_object: bool,
    /// How many values were complete when it began.
    nodes: usize,
    /// How many names of members were read when it began.
    names: usize,
}

/// The tree as far as it was read. What stands in an open object or array waits on two piles, so that each list is made once, of its size.
struct Building<'a> {
    text: &'a str,
    open: Vec<Open>,
    nodes: Vec<Node>,
    names: Vec<Box<str>>,
    count: usize,
    limits: &'a Limits,
}

impl<'a> Building<'a> {
    fn new(text: &'a str, limits: &'a Limits) -> Self {
        Building { text, open: Vec::new(), nodes: Vec::new(), names: Vec::new(), count: 0, limits }
    }

    fn start(&mut self, is_object: bool) -> Result<(), Stop> {
        self.count()?;
        if self.open.len() >= self.limits.depth {
            let (place, limit) = (self.place(), self.limits.depth);
            return Err(Stop::Bound(ReadError::TooDeep { place, limit }));
        }
        self.open.push(Open { is_object, nodes: self.nodes.len(), names: self.names.len() });
        Ok(())
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let nodes = self.nodes.drain(open.nodes..);
        let node = if open.is_object {
            Node::Object(self.names.drain(open.names..).zip(nodes).collect())
        } else {
            Node::List(nodes.collect())
        };
        self.nodes.push(node);
    }

    fn value(&mut self, node: Node) -> Result<(), Stop> {
        self.count()?;
        self.nodes.push(node);
        Ok(())
    }

    fn count(&mut self) -> Result<(), Stop> {
        self.count += 1;
        if self.count > self.limits.nodes {
            let (place, limit) = (self.place(), self.limits.nodes);
            return Err(Stop::Bound(ReadError::TooMany { place, limit }));
        }
        Ok(())
    }

    fn place(&self) -> Place {
        let mut pointer = String::new();
        let within = self.open.iter().skip(1).map(|open| (open.nodes, open.names));
        let ends = within.chain([(self.nodes.len(), self.names.len())]);
        for (open, (nodes, names)) in self.open.iter().zip(ends).take(20) {
            if !open.is_object {
                step_index(&mut pointer, nodes - open.nodes);
            } else if names > open.names {
                step(&mut pointer, &self.names[names - 1]);
            }
        }
        Place::Pointer(pointer.into())
    }
}

fn new_line(out: &mut String, level: usize) {
    out.push('\n');
    (0..level).for_each(|_| out.push_str("  "));
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
