//! JSON as a tree that loses nothing: members in their order, also when one stands twice, and numbers as they were
//! written. What the members mean is for others to say.

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
    let mut building = Building { open: Vec::new(), root: None, nodes: 0, limits };
    match document(&mut lexer, &mut building) {
        Ok(()) => building.root.ok_or(ReadError::Empty),
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
fn document(lexer: &mut SliceLexer<'_>, building: &mut Building<'_>) -> Result<(), Stop> {
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
            let is_object = matches!(open.node, Node::Object(_));
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
fn value(lexer: &mut SliceLexer<'_>, building: &mut Building<'_>, next: u8) -> Result<Option<u8>, Stop> {
    let node = match next {
        b'{' | b'[' => {
            let (node, end) =
                if next == b'{' { (Node::Object(Vec::new()), b'}') } else { (Node::List(Vec::new()), b']') };
            building.start(node)?;
            let first = lexer.discarded().ws_peek().ok_or(Expect::ValueOrEnd)?;
            if first == end {
                close(lexer, building);
                return Ok(None);
            }
            return if next == b'{' { key(lexer, building, first).map(Some) } else { Ok(Some(first)) };
        }
        b'"' => Node::Text(lexer.discarded().str_string()?.into()),
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
fn key(lexer: &mut SliceLexer<'_>, building: &mut Building<'_>, next: u8) -> Result<u8, Stop> {
    lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
    let name = lexer.str_string()?;
    if let Some(open) = building.open.last_mut() {
        open.key = Some(name.into());
    }
    lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
    Ok(lexer.ws_peek().ok_or(Expect::Value)?)
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

struct Open {
    node: Node,
    key: Option<Box<str>>,
}

struct Building<'a> {
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    limits: &'a Limits,
}

impl Building<'_> {
    fn start(&mut self, node: Node) -> Result<(), Stop> {
        self.count()?;
        if self.open.len() >= self.limits.depth {
            let (place, limit) = (self.place(), self.limits.depth);
            return Err(Stop::Bound(ReadError::TooDeep { place, limit }));
        }
        self.open.push(Open { node, key: None });
        Ok(())
    }

    fn end(&mut self) {
        if let Some(open) = self.open.pop() {
            self.put(open.node);
        }
    }

    fn value(&mut self, node: Node) -> Result<(), Stop> {
        self.count()?;
        self.put(node);
        Ok(())
    }

    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(Open { node: Node::List(items), .. }) => items.push(node),
            Some(Open { node: Node::Object(members), key }) => {
                members.push((key.take().unwrap_or_default(), node));
            }
            _ => self.root = Some(node),
        }
    }

    fn count(&mut self) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let (place, limit) = (self.place(), self.limits.nodes);
            return Err(Stop::Bound(ReadError::TooMany { place, limit }));
        }
        Ok(())
    }

    fn place(&self) -> Place {
        let mut pointer = String::new();
        for open in self.open.iter().take(20) {
            match (&open.node, &open.key) {
                (Node::List(items), _) => step_index(&mut pointer, items.len()),
                (_, Some(key)) => step(&mut pointer, key),
                _ => {}
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
