//! Putting a document together: blocks in reading order, headings with unique anchors, sources numbered in
//! the order in which they are first cited, the same source once. How the blocks look is not decided here.

use std::collections::{HashMap, HashSet};

use base::{Lang, Source};

use crate::{Block, Cell, Cited, Document, Severity, SourceNumber, Table, Text};

/// Builds a [`Document`]. Each method adds one block; [`cite`](Self::cite) gives the number of a source.
#[derive(Debug)]
pub struct DocumentBuilder {
    document: Document,
    numbers: HashMap<Source, SourceNumber>,
    anchors: HashSet<String>,
    titles: HashMap<String, String>,
    section: [usize; 4],
}

impl DocumentBuilder {
    /// Begins a document; the same as [`Document::build`].
    pub fn new(lang: Lang, title: impl Into<String>) -> Self {
        let document =
            Document { title: title.into(), subtitle: None, lang, blocks: Vec::new(), sources: Vec::new() };
        DocumentBuilder {
            document,
            numbers: HashMap::new(),
            anchors: HashSet::new(),
            titles: HashMap::new(),
            section: [0; 4],
        }
    }
    /// The language to write in.
    pub fn lang(&self) -> Lang {
        self.document.lang
    }
    /// The one of two texts that is in the document's language.
    pub fn say<'a>(&self, ja: &'a str, en: &'a str) -> &'a str {
        self.document.lang.pick(ja, en)
    }
    /// What stands under the title.
    pub fn subtitle(&mut self, subtitle: impl Into<String>) -> &mut Self {
        self.document.subtitle = Some(subtitle.into());
        self
    }
    /// Tells the title of a source's document, to be shown in the list of sources beside its id.
    pub fn name_document(&mut self, id: impl Into<String>, title: impl Into<String>) -> &mut Self {
        self.titles.insert(id.into(), title.into());
        self
    }
    /// The number of a source: a new one where it is cited for the first time.
    pub fn cite(&mut self, source: &Source) -> SourceNumber {
        if let Some(number) = self.numbers.get(source) {
            return *number;
        }
        self.document.sources.push(Cited { source: source.clone(), title: None });
        let number = SourceNumber(self.document.sources.len());
        self.numbers.insert(source.clone(), number);
        number
    }
    /// A heading; level 1 is the highest below the title. Its anchor is its place in the outline.
    pub fn heading(&mut self, level: u8, text: impl Into<String>) -> &mut Self {
        let level = level.clamp(1, 4);
        let depth = usize::from(level);
        self.section[depth - 1] += 1;
        self.section[depth..].fill(0);
        let places: Vec<_> = self.section[..depth].iter().map(usize::to_string).collect();
        self.push_heading(level, text.into(), &format!("s{}", places.join("-")))
    }
    /// A heading that is linked to from elsewhere under a name of its own, such as a record's id.
    pub fn heading_at(&mut self, level: u8, text: impl Into<String>, anchor: &str) -> &mut Self {
        let kept = anchor.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
        let anchor: String = kept.collect();
        self.push_heading(level.clamp(1, 4), text.into(), &format!("at-{anchor}"))
    }
    /// Running text.
    pub fn paragraph(&mut self, text: impl Into<Text>) -> &mut Self {
        self.push(Block::Paragraph(text.into()))
    }
    /// A list of points.
    pub fn list<T: Into<Text>>(&mut self, points: impl IntoIterator<Item = T>) -> &mut Self {
        self.push(Block::List(points.into_iter().map(Into::into).collect()))
    }
    /// Labelled values.
    pub fn facts<L: Into<String>, C: Into<Cell>>(
        &mut self,
        facts: impl IntoIterator<Item = (L, C)>,
    ) -> &mut Self {
        self.push(Block::Facts(facts.into_iter().map(|(label, cell)| (label.into(), cell.into())).collect()))
    }
    /// A table.
    pub fn table(&mut self, table: Table) -> &mut Self {
        self.push(Block::Table(table))
    }
    /// A remark set apart.
    pub fn note(&mut self, severity: Severity, text: impl Into<Text>) -> &mut Self {
        self.push(Block::Note { severity, text: text.into() })
    }
    /// The finished document.
    pub fn finish(mut self) -> Document {
        for cited in &mut self.document.sources {
            cited.title = self.titles.get(&cited.source.document).cloned();
        }
        self.document
    }

    fn push_heading(&mut self, level: u8, text: String, wanted: &str) -> &mut Self {
        let mut anchor = wanted.to_owned();
        let mut copy = 2;
        while !self.anchors.insert(anchor.clone()) {
            anchor = format!("{wanted}--{copy}");
            copy += 1;
        }
        self.push(Block::Heading { level, text, anchor })
    }
    fn push(&mut self, block: Block) -> &mut Self {
        self.document.blocks.push(block);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_source_has_one_number() {
        let mut doc = Document::build(Lang::En, "t");
        let first = doc.cite(&Source::lines("002", "1"));
        let second = doc.cite(&Source::lines("002", "2"));
        assert_eq!(doc.cite(&Source::lines("002", "1")), first);
        assert_eq!((first.get(), second.get()), (1, 2));
        assert_eq!(doc.finish().sources.len(), 2);
    }

    #[test]
    fn headings_never_share_an_anchor() {
        let mut doc = Document::build(Lang::En, "t");
        doc.heading(1, "A").heading(2, "B").heading(2, "B").heading(1, "C").heading(2, "B");
        doc.heading_at(2, "D", "plan-2.goal-b").heading_at(2, "D", "plan-2.goal b").heading(9, "deep");
        let anchors: Vec<_> = doc.finish().blocks.iter().filter_map(anchor_of).collect();
        assert_eq!(
            anchors,
            ["s1", "s1-1", "s1-2", "s2", "s2-1", "at-plan-2-goal-b", "at-plan-2-goal-b--2", "s2-1-0-1"]
        );
    }

    fn anchor_of(block: &Block) -> Option<String> {
        match block {
            Block::Heading { anchor, .. } => Some(anchor.clone()),
            _ => None,
        }
    }
}
