//! The outline of an answer: blocks of text, facts and tables, and the numbered list of sources that its
//! figures point to. Types and their small constructors live here; [`crate::build`] puts them together, and
//! how they look is each writer's affair.

use base::{Lang, Source};
use serde::Serialize;

use crate::cell::Cell;

/// A whole answer in one language. Made with [`Document::build`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// What stands under the title: the period, the day it was compiled, what it rests on.
    pub subtitle: Option<String>,
    /// The language it is written in.
    pub lang: Lang,
    /// Its content in reading order.
    pub blocks: Vec<Block>,
    /// The sources in the order of their numbers: number 1 is the first.
    pub sources: Vec<Cited>,
}

/// A source in the list at the end of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// Where it was said.
    pub source: Source,
    /// The title of the source's document, where the builder was told it.
    pub title: Option<String>,
}

/// The number under which a source is listed. Only the builder of a document gives them out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SourceNumber(pub(crate) usize);

/// One block of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// A heading. Level 1 is the highest below the title.
    Heading {
        /// 1 to 4.
        level: u8,
        /// What it says.
        text: String,
        /// Its name within the document: unique, of letters, digits and hyphens.
        anchor: String,
    },
    /// Running text.
    Paragraph(Text),
    /// A list of points.
    List(Vec<Text>),
    /// A table.
    Table(Table),
    /// Labelled values.
    Facts(Vec<(String, Cell)>),
    /// A remark set apart.
    Note {
        /// How much it matters.
        severity: Severity,
        /// What it says.
        text: Text,
    },
}

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Read this before using the figures.
    Caution,
    /// Something is wrong.
    Problem,
}

/// What a statement rests on, as a mark. The reasons behind it are for the outline to tell in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Belief {
    /// A document says so.
    Stated,
    /// A person looked and agreed.
    Confirmed,
    /// A rule or an editor infers it.
    Suggested,
    /// Several readings fit, and none was chosen.
    Undecided,
}

/// Text with marks: a list of spans, built by chaining.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text(pub Vec<Span>);

/// A run of text of one kind, or a mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Ordinary text. A line feed in it begins a new line.
    Plain(String),
    /// Text that matters.
    Strong(String),
    /// The number of a source.
    Cite(SourceNumber),
    /// What the text before it rests on.
    Belief(Belief),
    /// Wording that is new.
    Inserted(String),
    /// Wording that is gone.
    Deleted(String),
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows. A row shorter than the columns is filled with empty cells.
    pub rows: Vec<Row>,
    /// What a reader has to know, under the table.
    pub notes: Vec<Text>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// The unit of the exact values in it.
    pub unit: Option<String>,
    /// To which side it is aligned.
    pub align: Align,
    /// What exactly it counts.
    pub definition: Option<String>,
}

/// To which side a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Text.
    Left,
    /// Figures.
    Right,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// One cell for each column; a [`RowKind::Group`] has only one.
    pub cells: Vec<Cell>,
    /// How deep it is within the rows above it.
    pub indent: u8,
    /// What kind of row it is.
    pub kind: RowKind,
}

/// What a row is within its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// One of the things listed.
    Ordinary,
    /// The name of a group of rows that follow.
    Group,
    /// A sum of rows above.
    Total,
}

impl Document {
    /// Begins a document.
    pub fn build(lang: Lang, title: impl Into<String>) -> crate::DocumentBuilder {
        crate::DocumentBuilder::new(lang, title)
    }
    /// The tables in reading order, each with the last heading above it.
    pub fn tables(&self) -> impl Iterator<Item = (Option<&str>, &Table)> {
        let mut heading = None;
        self.blocks.iter().filter_map(move |block| match block {
            Block::Heading { text, .. } => {
                heading = Some(text.as_str());
                None
            }
            Block::Table(table) => Some((heading, table)),
            _ => None,
        })
    }
}

impl SourceNumber {
    /// The number as it is printed, from 1.
    pub fn get(self) -> usize {
        self.0
    }
}

impl Text {
    /// Ordinary text.
    pub fn plain(text: impl Into<String>) -> Self {
        Text(vec![Span::Plain(text.into())])
    }
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Adds a span.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.0.push(span);
        self
    }
    /// Adds ordinary text.
    #[must_use]
    pub fn then(self, text: impl Into<String>) -> Self {
        self.span(Span::Plain(text.into()))
    }
    /// Adds text that matters.
    #[must_use]
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.span(Span::Strong(text.into()))
    }
    /// Adds the number of a source.
    #[must_use]
    pub fn cite(self, source: SourceNumber) -> Self {
        self.span(Span::Cite(source))
    }
    /// Adds what the text before it rests on.
    #[must_use]
    pub fn belief(self, belief: impl Into<Belief>) -> Self {
        self.span(Span::Belief(belief.into()))
    }
    /// Adds another text.
    #[must_use]
    pub fn text(mut self, other: impl Into<Text>) -> Self {
        self.0.extend(other.into().0);
        self
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::plain(text)
    }
}
impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::plain(text)
    }
}
impl From<Vec<Span>> for Text {
    fn from(spans: Vec<Span>) -> Self {
        Text(spans)
    }
}

impl Table {
    /// A table without columns and rows yet.
    pub fn new(caption: impl Into<String>) -> Self {
        Table { caption: caption.into(), ..Table::default() }
    }
    /// Adds a column.
    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.columns.push(column);
        self
    }
    /// Adds a row.
    #[must_use]
    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }
    /// Adds rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }
    /// Adds a note under the table.
    #[must_use]
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.notes.push(note.into());
        self
    }
}

impl Column {
    /// A column of text.
    pub fn text(name: impl Into<String>) -> Self {
        Column { name: name.into(), unit: None, align: Align::Left, definition: None }
    }
    /// A column of figures.
    pub fn number(name: impl Into<String>) -> Self {
        Column { align: Align::Right, ..Column::text(name) }
    }
    /// A column of money: exact values in yen, shown as they were printed.
    pub fn yen(name: impl Into<String>) -> Self {
        Column::number(name).unit("円")
    }
    /// The unit of its exact values.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }
    /// What exactly it counts.
    #[must_use]
    pub fn means(mut self, definition: impl Into<String>) -> Self {
        self.definition = Some(definition.into());
        self
    }
}

impl Row {
    /// An ordinary row.
    pub fn of(cells: impl IntoIterator<Item = Cell>) -> Self {
        Row { cells: cells.into_iter().collect(), indent: 0, kind: RowKind::Ordinary }
    }
    /// The name of the rows that follow.
    pub fn group(name: impl Into<Text>) -> Self {
        Row { kind: RowKind::Group, ..Row::of([Cell::text(name)]) }
    }
    /// A sum of rows above.
    pub fn total(cells: impl IntoIterator<Item = Cell>) -> Self {
        Row { kind: RowKind::Total, ..Row::of(cells) }
    }
    /// The same row, deeper.
    #[must_use]
    pub fn indent(self, indent: u8) -> Self {
        Row { indent, ..self }
    }
}

impl From<&register::record::Belief> for Belief {
    fn from(belief: &register::record::Belief) -> Self {
        use register::record::Belief as Link;
        match belief {
            Link::Stated => Belief::Stated,
            Link::Confirmed { .. } => Belief::Confirmed,
            Link::Suggested { .. } => Belief::Suggested,
            Link::Undecided => Belief::Undecided,
        }
    }
}
