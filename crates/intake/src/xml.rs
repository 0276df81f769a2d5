//! XML as a small tree, read in bounded time and memory. A document type declaration is refused and no entity is
//! expanded beyond the five of XML itself, so that neither bombs nor outside files can get in. What the elements
//! mean is for others to say.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::text;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name without prefix.
    pub name: String,
    /// Attributes by name without prefix; declarations of namespaces are left out.
    pub attributes: Vec<(String, String)>,
    /// The namespace it declares as the default or for its own prefix, if it declares one.
    pub namespace: Option<String>,
    /// The elements in it.
    pub children: Vec<Element>,
    /// The text in it, entities resolved, without that of its children.
    pub text: String,
    /// Offset of its start tag in the text.
    pub at: usize,
}

impl Element {
    /// An attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }
    /// All children of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Reads a whole document.
pub fn parse(file: &str, bytes: &[u8], limits: &Limits) -> Result<Element, IntakeError> {
    let text = match declared_encoding(bytes) {
        Some(label) => text::decode_as(file, bytes, &label)?,
        None => text::decode(file, bytes)?,
    };
    Building { file, text: &text, limits, open: Vec::new(), root: None, elements: 0 }.run()
}

/// The encoding that the XML declaration names, where it is another than UTF-8 or UTF-16.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declaration = &head[head.find("<?xml")?..head.find("?>")?];
    let after = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = after[1..].split(quote).next()?;
    (!label.to_ascii_lowercase().starts_with("utf")).then(|| label.to_owned())
}

struct Building<'a> {
    file: &'a str,
    text: &'a str,
    limits: &'a Limits,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Building<'_> {
    fn run(mut self) -> Result<Element, IntakeError> {
        let mut reader = Reader::from_str(self.text);
        loop {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let event = reader.read_event().map_err(|error| self.broken(at, &error.to_string()))?;
            match event {
                Event::Start(tag) => self.start(&tag, at)?,
                Event::Empty(tag) => {
                    self.start(&tag, at)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(content) => self.push(&content.xml10_content(), at)?,
                Event::CData(content) => self.push(&content.xml10_content(), at)?,
                Event::GeneralRef(entity) => {
                    let resolved = match entity.resolve_char_ref() {
                        Ok(Some(c)) => Some(c),
                        Ok(None) => predefined(&entity.xml10_content()),
                        Err(_) => None,
                    };
                    let unknown = || {
                        self.broken(
                            at,
                            &format!("the entity `&{};` is not one of XML's own", entity.xml10_content()),
                        )
                    };
                    let c = resolved.ok_or_else(unknown)?;
                    self.push(c.encode_utf8(&mut [0; 4]), at)?;
                }
                Event::DocType(_) => return Err(IntakeError::at(self.file, self.place(at), Trouble::Dtd)),
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
        if let Some(unclosed) = self.open.last() {
            let why = format!("<{}> never ends", unclosed.name);
            return Err(IntakeError::at(self.file, self.place(unclosed.at), Trouble::CutOff(why)));
        }
        self.root.take().ok_or_else(|| self.broken(0, "there is no element in it"))
    }

    fn start(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<(), IntakeError> {
        self.elements += 1;
        for (what, found, limit) in [
            ("elements", self.elements, self.limits.elements),
            ("levels of elements", self.open.len() + 1, self.limits.depth),
        ] {
            if found > limit {
                let trouble = Trouble::TooMuch { what, limit: limit as u64 };
                return Err(IntakeError::at(self.file, self.place(at), trouble));
            }
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(self.broken(at, "something follows the root element"));
        }
        let (prefix, name) = split(tag.name().into_inner());
        let mut element = Element { name: name.to_owned(), at, ..Element::default() };
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.broken(at, &error.to_string()))?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            let value = value.map_err(|error| self.broken(at, &error.to_string()))?.into_owned();
            match split(attribute.key.into_inner()) {
                (None, "xmlns") if prefix.is_none() => element.namespace = Some(value),
                (Some("xmlns"), declared) if prefix == Some(declared) => element.namespace = Some(value),
                (None, "xmlns") | (Some("xmlns"), _) => {}
                (_, name) => element.attributes.push((name.to_owned(), value)),
            }
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn push(&mut self, content: &str, at: usize) -> Result<(), IntakeError> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(content),
            None if content.trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty() => {}
            None => return Err(self.broken(at, "there is text outside the root element")),
        }
        Ok(())
    }

    fn broken(&self, at: usize, why: &str) -> IntakeError {
        let trouble = Trouble::Format { format: "XML", why: why.to_owned() };
        IntakeError::at(self.file, self.place(at), trouble)
    }

    fn place(&self, at: usize) -> String {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        format!("line {} (byte {at})", memchr::memchr_iter(b'\n', before).count() + 1)
    }
}

fn split(name: &str) -> (Option<&str>, &str) {
    name.split_once(':').map_or((None, name), |(prefix, name)| (Some(prefix), name))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Element, String> {
        super::parse("a.xml", text.as_bytes(), &Limits::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn text_entities_and_namespaces_are_read() {
        let root = parse("<?xml version=\"1.0\"?><p:a xmlns:p=\"urn:x\" k=\"1 &lt; 2\">A &amp; B&#x3042;<b/><![CDATA[<c>]]></p:a>").unwrap();
        assert_eq!((root.name.as_str(), root.namespace.as_deref()), ("a", Some("urn:x")));
        assert_eq!((root.text.as_str(), root.attribute("k")), ("A & Bあ<c>", Some("1 < 2")));
        assert_eq!(root.children[0].name, "b");
    }

    #[test]
    fn hostile_and_broken_xml_is_refused_with_its_place() {
        let laughs = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m \"&l;&l;&l;\">]>\n<a>&m;</a>";
        let outside = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
        for (text, message) in [
            (laughs, "a.xml: line 2 (byte 22): declares a document type (DTD)"),
            (outside, "a.xml: line 1 (byte 0): declares a document type (DTD)"),
            (
                "<a>&x;</a>",
                "a.xml: line 1 (byte 3): cannot be read as XML: the entity `&x;` is not one of XML's own",
            ),
            ("<a>\n<b>", "a.xml: line 2 (byte 4): is cut off: <b> never ends"),
            ("<a></b>", "a.xml: line 1 (byte 3): cannot be read as XML"),
            ("<a/><b/>", "a.xml: line 1 (byte 4): cannot be read as XML: something follows the root element"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
        let deep = "<a>".repeat(10_000);
        assert!(parse(&deep).unwrap_err().contains("more than the 64 levels of elements"));
    }

    #[test]
    fn a_declared_encoding_is_used() {
        let bytes =
            [b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>".as_slice(), b"\x93x\x94", b"</a>"]
                .concat();
        assert_eq!(super::parse("a.xml", &bytes, &Limits::default()).unwrap().text, "\u{201c}x\u{201d}");
    }
}
