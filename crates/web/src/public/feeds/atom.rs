//! Atom 1.0 (RFC 4287): a feed and its entries as XML. What is told in them is decided elsewhere.

use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

type Out = Writer<Vec<u8>>;

/// A feed.
pub(crate) struct Feed {
    /// It stays the same for ever, wherever the feed lies.
    pub(crate) id: String,
    pub(crate) title: String,
    /// Where the feed itself is.
    pub(crate) here: String,
    /// The page it tells of.
    pub(crate) page: String,
    /// `ja` or `en`.
    pub(crate) lang: &'static str,
    /// The newest first.
    pub(crate) entries: Vec<Item>,
}

/// An entry of a feed.
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) page: String,
    pub(crate) updated: Timestamp,
    pub(crate) summary: String,
    /// The register.
    pub(crate) category: (String, String),
}

impl Feed {
    /// The feed as XML.
    pub(crate) fn written(&self) -> std::io::Result<Vec<u8>> {
        let mut out = Writer::new(Vec::new());
        out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        out.create_element("feed")
            .with_attributes([("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", self.lang)])
            .write_inner_content(|out| self.content(out))?;
        Ok(out.into_inner())
    }

    fn content(&self, out: &mut Out) -> std::io::Result<()> {
        text(out, "id", &self.id)?;
        text(out, "title", &self.title)?;
        // A feed without entries has not been updated since the clock of computers began.
        let updated = self.entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
        text(out, "updated", &updated.to_string())?;
        link(out, "self", "application/atom+xml", &self.here)?;
        link(out, "alternate", "text/html", &self.page)?;
        out.create_element("author").write_inner_content(|out| text(out, "name", "標 Shirube"))?;
        self.entries.iter().try_for_each(|entry| {
            out.create_element("entry").write_inner_content(|out| entry.content(out)).map(|_| ())
        })
    }
}

impl Item {
    fn content(&self, out: &mut Out) -> std::io::Result<()> {
        text(out, "id", &self.id)?;
        text(out, "title", &self.title)?;
        text(out, "updated", &self.updated.to_string())?;
        link(out, "alternate", "text/html", &self.page)?;
        let (term, label) = (allowed(&self.category.0), allowed(&self.category.1));
        out.create_element("category")
            .with_attributes([("term", term.as_str()), ("label", label.as_str())])
            .write_empty()?;
        text(out, "summary", &self.summary)
    }
}

fn text(out: &mut Out, name: &str, text: &str) -> std::io::Result<()> {
    out.create_element(name).write_text_content(BytesText::new(&allowed(text))).map(|_| ())
}

fn link(out: &mut Out, rel: &str, kind: &str, href: &str) -> std::io::Result<()> {
    out.create_element("link")
        .with_attributes([("rel", rel), ("type", kind), ("href", href)])
        .write_empty()
        .map(|_| ())
}

/// Text without the characters that XML 1.0 does not allow.
fn allowed(text: &str) -> String {
    let is_allowed = |c: &char| {
        let is_blank = matches!(c, '\t' | '\n' | '\r');
        (is_blank || !c.is_control()) && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    text.chars().filter(is_allowed).collect()
}
