//! A document as PDF: A4, Japanese line breaking, page numbers, bookmarks, tables that continue over pages
//! under their repeated head, and the structure tags of PDF/UA-1. Where things stand is decided here and in
//! [`table`]; [`canvas`] draws, [`typeface`] measures.

mod canvas;
mod table;
mod typeface;

use std::collections::BTreeSet;
use std::num::NonZeroU16;

use base::Lang;
use krilla::tagging::{ListNumbering, Tag, TagKind};

use crate::flow::{self, Line};
use crate::plain::{self, Runs, Tone};
use crate::words;
use crate::{Block, Cell, Document};
use canvas::{Canvas, Node};
pub use typeface::Typeface;

/// A written PDF.
#[derive(Clone, Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that the typeface lacks; each stands as 〓 in the file. A caller tells the reader.
    pub missing_glyphs: BTreeSet<char>,
}

/// A PDF that could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// The bytes given as a typeface are not one.
    #[error(
        "the typeface cannot be read: give a TrueType or OpenType file with outlines, not a collection or web font"
    )]
    Typeface,
    /// The PDF would not be what it says it is.
    #[error("the PDF cannot be written: {0}")]
    Refused(String),
}

/// Size of running text in points, and of the distance between its lines.
const TEXT: f32 = 9.5;
const LEADING: f32 = 1.65;

/// Writes a document in a typeface; [`Typeface::shipped`] holds what Japanese ministries' files can hold.
pub fn write(document: &Document, typeface: &Typeface) -> Result<Pdf, Unwritable> {
    let mut page = Layout { lang: document.lang, canvas: Canvas::new(typeface) };
    page.title(document);
    for block in &document.blocks {
        page.block(block);
    }
    page.sources(document);
    page.canvas.finish(document)
}

/// Places blocks one below the other.
struct Layout<'a> {
    lang: Lang,
    canvas: Canvas<'a>,
}

impl Layout<'_> {
    fn title(&mut self, document: &Document) {
        let title = vec![(Tone::Strong, document.title.clone())];
        let children = self.filled(&title, 20.0, 0.0);
        self.canvas.push(Node::group(Tag::Hn(NonZeroU16::MIN, Some(document.title.clone())), children));
        self.canvas.bookmark(1, &document.title);
        if let Some(subtitle) = &document.subtitle {
            self.paragraph(&vec![(Tone::Quiet, subtitle.clone())], TEXT);
        }
        self.canvas.space(4.0);
        self.canvas.line(0.0, self.canvas.width(), 1.2);
        self.canvas.space(8.0);
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text, .. } => self.heading(*level, text),
            Block::Paragraph(text) => self.paragraph(&plain::text(text, self.lang), TEXT),
            Block::List(points) => {
                let items = points.iter().map(|point| ("・".to_owned(), plain::text(point, self.lang)));
                let items: Vec<_> = items.collect();
                self.list(ListNumbering::Disc, &items, TEXT);
            }
            Block::Table(table) => table::place(self, table),
            Block::Facts(facts) => self.facts(facts),
            Block::Note { severity, text } => {
                let mut runs: Runs =
                    vec![(Tone::Strong, format!("{}　", words::severity(*severity, self.lang)))];
                runs.extend(plain::text(text, self.lang));
                self.canvas.space(3.0);
                self.canvas.keep(TEXT * LEADING);
                let (page, top) = self.canvas.place();
                let children = self.filled(&runs, TEXT, 10.0);
                self.canvas.push(Node::group(Tag::P, children));
                self.canvas.margin_bar(page, top);
                self.canvas.space(3.0);
            }
        }
        self.canvas.space(4.0);
    }

    /// A heading that says nothing would make a tagged file invalid, and helps nobody.
    fn heading(&mut self, level: u8, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let size = [15.0, 12.5, 11.0, 10.0].get(usize::from(level) - 1).copied().unwrap_or(10.0);
        self.canvas.space(if level == 1 { 16.0 } else { 8.0 });
        self.canvas.keep(size * LEADING + 4.0 * TEXT * LEADING);
        self.canvas.bookmark(level + 1, text);
        let children = self.filled(&vec![(Tone::Strong, text.to_owned())], size, 0.0);
        let level_tag = NonZeroU16::new(u16::from(level) + 1).unwrap_or(NonZeroU16::MIN);
        self.canvas.push(Node::group(Tag::Hn(level_tag, Some(text.to_owned())), children));
        if level == 1 {
            self.canvas.line(0.0, self.canvas.width(), 0.6);
        }
        self.canvas.space(3.0);
    }

    fn paragraph(&mut self, runs: &Runs, size: f32) {
        let children = self.filled(runs, size, 0.0);
        self.canvas.push(Node::group(Tag::P, children));
    }

    fn list(&mut self, numbering: ListNumbering, items: &[(String, Runs)], size: f32) {
        let labels = items.iter().map(|(label, _)| self.canvas.typeface().measure(label, size));
        let indent = labels.fold(0.0, f32::max) + 2.0;
        let mut nodes = Vec::new();
        for (label, runs) in items {
            self.canvas.keep(size * LEADING);
            let label = self.canvas.text_at(0.0, size, &[(Tone::Plain, label.clone())]);
            let body = self.filled(runs, size, indent);
            let parts = vec![Node::group(Tag::Lbl, vec![label]), Node::group(Tag::LBody, body)];
            nodes.push(Node::group(Tag::LI, parts));
        }
        if !nodes.is_empty() {
            self.canvas.push(Node::group(Tag::L(numbering), nodes));
        }
    }

    /// Labels beside their values; read aloud they are a list of labelled items.
    fn facts(&mut self, facts: &[(String, Cell)]) {
        let labels = facts.iter().map(|(label, _)| self.canvas.typeface().measure(label, TEXT));
        let indent = (labels.fold(0.0, f32::max) + 14.0).min(self.canvas.width() / 3.0);
        let mut nodes = Vec::new();
        for (label, cell) in facts {
            let label = self.fill(&vec![(Tone::Quiet, label.clone())], TEXT, indent - 8.0);
            let value = self.fill(&plain::cell(cell, self.lang), TEXT, self.canvas.width() - indent);
            let mut parts = (Vec::new(), Vec::new());
            for index in 0..label.len().max(value.len()) {
                self.canvas.keep(TEXT * LEADING);
                parts.0.extend(label.get(index).map(|line| self.canvas.text_at(0.0, TEXT, &line.runs)));
                parts.1.extend(value.get(index).map(|line| self.canvas.text_at(indent, TEXT, &line.runs)));
                self.canvas.space(TEXT * LEADING);
            }
            self.canvas.space(1.5);
            self.canvas.line(0.0, self.canvas.width(), 0.25);
            self.canvas.space(2.0);
            nodes.push(Node::group(
                Tag::LI,
                vec![Node::group(Tag::Lbl, parts.0), Node::group(Tag::LBody, parts.1)],
            ));
        }
        if !nodes.is_empty() {
            self.canvas.push(Node::group(Tag::L(ListNumbering::None), nodes));
        }
    }

    fn sources(&mut self, document: &Document) {
        if document.sources.is_empty() {
            return;
        }
        self.heading(1, words::sources(self.lang));
        let items = document.sources.iter().enumerate().map(|(index, cited)| {
            let mut runs = vec![(Tone::Plain, words::source(cited, self.lang))];
            if let Some(url) = &cited.source.url {
                runs.push((Tone::Quiet, format!("\n{url}")));
            }
            (format!("[{}]", index + 1), runs)
        });
        let items: Vec<_> = items.collect();
        self.list(ListNumbering::Decimal, &items, 8.5);
    }

    /// Lines of text over the width from `indent` on, over as many pages as it takes.
    fn filled(&mut self, runs: &Runs, size: f32, indent: f32) -> Vec<Node> {
        let lines = self.fill(runs, size, self.canvas.width() - indent);
        let mut nodes = Vec::new();
        for line in &lines {
            self.canvas.keep(size * LEADING);
            nodes.push(self.canvas.text_at(indent, size, &line.runs));
            self.canvas.space(size * LEADING);
        }
        nodes
    }

    fn fill(&self, runs: &Runs, size: f32, width: f32) -> Vec<Line<Tone>> {
        let typeface = self.canvas.typeface();
        flow::fill(runs, units(width), &|_, text| typeface.units(text, size))
    }
}

/// Lengths in [`flow`] are hundredths of a point.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length on a page")]
fn units(points: f32) -> u32 {
    (points.max(0.0) * 100.0).ceil() as u32
}

/// The tags that [`canvas::Node`] takes.
trait IntoTag: Into<TagKind> {}
impl<T: Into<TagKind>> IntoTag for T {}
