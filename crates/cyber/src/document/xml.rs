//! XML as a tree with namespaces and lines, read in bounded time and memory: a document type is refused, no entity but XML's own
//! is expanded. Comments and processing instructions stay, so that writing back loses nothing.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::bounds::{Limits, ReadError};
use super::deviation::Place;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name as written, with prefix.
    pub tag: Box<str>,
    /// Its namespace; empty if it has none.
    pub namespace: Arc<str>,
    /// Its attributes in order, declarations of namespaces among them.
    pub attributes: Vec<Attribute>,
    /// What it holds.
    pub children: Vec<Child>,
    /// The line of its start tag.
    pub line: u32,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name as written, with prefix.
    pub tag: Box<str>,
    /// Its value, entities resolved.
    pub value: Box<str>,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Child {
    /// An element.
    Element(Element),
    /// Text, entities resolved; CDATA is text too.
    Text(Box<str>),
    /// A comment as written.
    Comment(Box<str>),
    /// A processing instruction as written.
    Instruction(Box<str>),
}

/// A document: what stands before the root, the root, what stands after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlDocument {
    /// Comments and instructions before the root.
    pub before: Vec<Child>,
    /// The root element.
    pub root: Element,
    /// Comments and instructions after the root.
    pub after: Vec<Child>,
}

impl Element {
    /// Its name without prefix.
    pub fn name(&self) -> &str {
        local(&self.tag)
    }
    /// An attribute without prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|one| &*one.tag == name).map(|one| &*one.value)
    }
    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            _ => None,
        })
    }
    /// The first element in it of this name and of its own namespace.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|one| one.name() == name && one.namespace == self.namespace)
    }
    /// All elements in it of this name and of its own namespace.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |one| one.name() == name && one.namespace == self.namespace)
    }
    /// The text in it, without that of the elements in it.
    pub fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|child| match child {
            Child::Text(text) => Some(&**text),
            _ => None,
        });
        texts.collect()
    }
    /// The text of an element in it, blanks at both ends cut; `None` where there is none.
    pub fn text_of(&self, name: &str) -> Option<String> {
        self.child(name).map(|one| one.text().trim().to_owned()).filter(|text| !text.is_empty())
    }
}

impl XmlDocument {
    /// The document as text.
    pub fn to_xml(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        for child in &self.before {
            write_child(child, &mut out);
            out.push('\n');
        }
        write_element(&self.root, &mut out);
        out.push('\n');
        for child in &self.after {
            write_child(child, &mut out);
            out.push('\n');
        }
        out
    }
}

/// Reads a whole XML text.
pub fn parse(text: &str, limits: &Limits) -> Result<XmlDocument, ReadError> {
    let line = LineCount { text: text.as_bytes(), at: 0, line: 1 };
    Building {
        limits,
        line,
        open: Vec::new(),
        scopes: Vec::new(),
        document: XmlDocument::default(),
        done: false,
        nodes: 0,
        text: String::new(),
    }
    .run(text)
}

/// A name without its prefix.
pub(crate) fn local(tag: &str) -> &str {
    tag.split_once(':').map_or(tag, |(_, name)| name)
}

/// Counts lines as it goes, so that each byte is looked at once.
struct LineCount<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
}

impl LineCount<'_> {
    fn to(&mut self, at: usize) -> u32 {
        let at = at.clamp(self.at, self.text.len());
        let lines = self.text[self.at..at].iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at = at;
        self.line
    }
}

struct Building<'a> {
    limits: &'a Limits,
    line: LineCount<'a>,
    open: Vec<Element>,
    /// Declared prefixes with the depth at which they were declared; the default namespace has the empty prefix.
    scopes: Vec<(usize, Box<str>, Arc<str>)>,
    document: XmlDocument,
    done: bool,
    nodes: usize,
    /// Text of the open element since its last child.
    text: String,
}

/// Attributes of one element, and namespaces declared at once: both are looked through one by one.
const ATTRIBUTES: usize = 256;

impl Building<'_> {
    fn run(mut self, text: &str) -> Result<XmlDocument, ReadError> {
        let mut reader = Reader::from_str(text);
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = usize::try_from(reader.error_position()).unwrap_or(at);
                    self.line.to(at);
                    return Err(self.broken(error.to_string()));
                }
            };
            self.line.to(at);
            match event {
                Event::Start(tag) => self.start(&tag)?,
                Event::Empty(tag) => {
                    self.start(&tag)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(content) => self.text(&content.xml10_content())?,
                Event::CData(content) => self.text(&content.xml10_content())?,
                Event::GeneralRef(entity) => {
                    let c = match entity.resolve_char_ref() {
                        Ok(Some(c)) => Some(c).filter(|c| is_xml_char(*c)),
                        Ok(None) => predefined(&entity.xml10_content()),
                        Err(_) => None,
                    };
                    let Some(c) = c else {
                        return Err(self.broken(format!(
                            "the entity `&{};` is not one of XML's own",
                            entity.xml10_content()
                        )));
                    };
                    self.text(c.encode_utf8(&mut [0; 4]))?;
                }
                Event::DocType(_) => return Err(ReadError::Dtd { place: self.place() }),
                Event::Comment(comment) => self.put(Child::Comment((&*comment.xml10_content()).into()))?,
                Event::PI(instruction) => self.put(Child::Instruction((&*instruction).into()))?,
                Event::Decl(_) if at == 0 => {}
                Event::Decl(_) => {
                    return Err(self.broken("the XML declaration stands after the beginning".into()));
                }
                Event::Eof => break,
            }
        }
        match self.open.last() {
            Some(unclosed) => {
                let place = Place::line(unclosed.line.into(), &unclosed.tag);
                let why = format!("is cut off: <{}> never ends", unclosed.tag);
                Err(ReadError::Syntax { place, format: "XML", why })
            }
            None if !self.done => Err(self.broken("there is no element in it".into())),
            None => Ok(self.document),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), ReadError> {
        self.count()?;
        if self.open.len() >= self.limits.depth {
            return Err(ReadError::TooDeep { place: self.place(), limit: self.limits.depth });
        }
        self.flush();
        if self.done && self.open.is_empty() {
            return Err(self.broken("something follows the root element".into()));
        }
        let mut attributes: Vec<Attribute> = Vec::new();
        for attribute in tag.attributes() {
            self.count()?;
            if attributes.len() >= ATTRIBUTES || self.scopes.len() >= ATTRIBUTES {
                return Err(ReadError::TooMany { place: self.place(), limit: ATTRIBUTES });
            }
            let attribute = attribute.map_err(|error| self.broken(error.to_string()))?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| self.broken(error.to_string()))?;
            let tag = attribute.key.into_inner();
            if let Some(prefix) =
                tag.strip_prefix("xmlns").filter(|rest| rest.is_empty() || rest.starts_with(':'))
            {
                let prefix = prefix.trim_start_matches(':');
                self.scopes.push((self.open.len(), prefix.into(), Arc::from(&*value)));
            }
            attributes.push(Attribute { tag: tag.into(), value: (&*value).into() });
        }
        let tag = tag.name().into_inner();
        let namespace = self.namespace(tag)?;
        self.open.push(Element {
            tag: tag.into(),
            namespace,
            attributes,
            children: Vec::new(),
            line: self.line.line,
        });
        Ok(())
    }

    fn namespace(&self, tag: &str) -> Result<Arc<str>, ReadError> {
        let prefix = tag.split_once(':').map_or("", |(prefix, _)| prefix);
        match self.scopes.iter().rev().find(|(_, declared, _)| &**declared == prefix) {
            Some((_, _, namespace)) => Ok(Arc::clone(namespace)),
            None if prefix.is_empty() => Ok(Arc::from("")),
            None => Err(self.broken(format!("the prefix of <{tag}> is not declared"))),
        }
    }

    fn end(&mut self) {
        self.flush();
        let Some(element) = self.open.pop() else { return };
        let depth = self.open.len();
        while self.scopes.last().is_some_and(|(declared, _, _)| *declared >= depth) {
            self.scopes.pop();
        }
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(Child::Element(element));
        } else {
            self.document.root = element;
            self.done = true;
        }
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        if let Some(c) = text.chars().find(|c| !is_xml_char(*c)) {
            return Err(self.broken(format!("the character U+{:04X} is not allowed in XML", u32::from(c))));
        }
        match self.open.last() {
            Some(_) => {
                self.text.push_str(text);
                Ok(())
            }
            None if text.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() => Ok(()),
            None => Err(self.broken("there is text outside the root element".into())),
        }
    }

    fn flush(&mut self) {
        if let Some(parent) = self.open.last_mut().filter(|_| !self.text.is_empty()) {
            parent.children.push(Child::Text(std::mem::take(&mut self.text).into()));
        }
    }

    fn put(&mut self, child: Child) -> Result<(), ReadError> {
        self.count()?;
        self.flush();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(child),
            None if self.done => self.document.after.push(child),
            None => self.document.before.push(child),
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), ReadError> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            return Err(ReadError::TooMany { place: self.place(), limit: self.limits.nodes });
        }
        Ok(())
    }

    fn place(&self) -> Place {
        let path: Vec<&str> = self.open.iter().take(12).map(|one| &*one.tag).collect();
        Place::line(self.line.line.into(), &path.join("/"))
    }

    fn broken(&self, why: String) -> ReadError {
        ReadError::Syntax { place: self.place(), format: "XML", why }
    }
}

fn predefined(entity: &str) -> Option<char> {
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// XML 1.0, production 2.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

fn write_child(child: &Child, out: &mut String) {
    match child {
        Child::Element(element) => write_element(element, out),
        Child::Text(text) => escape(text, out, false),
        Child::Comment(comment) => {
            out.push_str("<!--");
            out.push_str(comment);
            out.push_str("-->");
        }
        Child::Instruction(instruction) => {
            out.push_str("<?");
            out.push_str(instruction);
            out.push_str("?>");
        }
    }
}

fn write_element(element: &Element, out: &mut String) {
    out.push('<');
    out.push_str(&element.tag);
    for attribute in &element.attributes {
        out.push(' ');
        out.push_str(&attribute.tag);
        out.push_str("=\"");
        escape(&attribute.value, out, true);
        out.push('"');
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return;
    }
    out.push('>');
    element.children.iter().for_each(|child| write_child(child, out));
    out.push_str("</");
    out.push_str(&element.tag);
    out.push('>');
}

fn escape(text: &str, out: &mut String, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            c => out.push(c),
        }
    }
}
