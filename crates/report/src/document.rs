//! The outline of an answer: blocks of text, facts and tables, and the numbered list of sources that its
//! figures point to. Types and their small constructors live here; [`crate::build`] puts them together, and
//! how they look is each writer's affair.

use std::fmt;
use std::str::FromStr;

use base::yen::grouped;
use base::{Amount, Lang, Missing, Reported, Source, Yen};
use serde::Serialize;

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

/// A value in a table or among facts, with what it rests on and where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The value.
    pub content: Content,
    /// What it rests on.
    pub belief: Option<Belief>,
    /// The numbers of its sources.
    pub sources: Vec<SourceNumber>,
}

/// What a cell holds. Zero, an upper bound, an absence and an empty cell are different things.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Nothing belongs here.
    #[default]
    Empty,
    /// Text.
    Text(Text),
    /// A figure.
    Figure {
        /// Exactly, in the unit of its column.
        value: Number,
        /// As a reader is shown it.
        text: String,
    },
    /// 内数: the value is at most this, and nobody has said how much of it. It is never summed.
    AtMost {
        /// The bound, exactly, in the unit of its column.
        value: Number,
        /// As a reader is shown it, without the ≤.
        text: String,
    },
    /// There is no value, for a reason.
    Missing(Missing),
}

/// An exact number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// A whole number, such as yen.
    Integer(i64),
    /// A decimal number with its digits as given: `12.50`.
    Decimal(String),
}

/// A text that is not a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a number: write digits with at most one decimal point, such as 12.5")]
pub struct NotANumber(pub String);

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

impl Cell {
    /// Nothing belongs here.
    pub fn empty() -> Self {
        Cell::default()
    }
    /// Text.
    pub fn text(text: impl Into<Text>) -> Self {
        Cell::of(Content::Text(text.into()))
    }
    /// A whole number, shown with its digits grouped.
    pub fn integer(value: i64) -> Self {
        Cell::of(Content::Figure { value: Number::Integer(value), text: grouped(value) })
    }
    /// A year or another number whose digits are not grouped.
    pub fn ordinal(value: i32) -> Self {
        Cell::of(Content::Figure { value: Number::Integer(value.into()), text: value.to_string() })
    }
    /// Any exact number, shown as `text`.
    pub fn number(value: Number, text: impl Into<String>) -> Self {
        Cell::of(Content::Figure { value, text: text.into() })
    }
    /// Money, shown as it was printed.
    pub fn yen(yen: Yen) -> Self {
        Cell::of(Content::Figure { value: Number::Integer(yen.yen()), text: yen.to_string() })
    }
    /// The same figure with another exact value than the one it is shown as: a sum shown rounded.
    #[must_use]
    pub fn exactly(mut self, exact: i64) -> Self {
        if let Content::Figure { value, .. } = &mut self.content {
            *value = Number::Integer(exact);
        }
        self
    }
    /// Money of which only an upper bound is known (内数).
    pub fn at_most(yen: Yen) -> Self {
        Cell::of(Content::AtMost { value: Number::Integer(yen.yen()), text: yen.to_string() })
    }
    /// A budget amount: its money, or the upper bound where it is a share of it (内数).
    pub fn amount(amount: &Amount) -> Self {
        if amount.within { Cell::at_most(amount.yen) } else { Cell::yen(amount.yen) }
    }
    /// No value, for a reason.
    pub fn missing(reason: Missing) -> Self {
        Cell::of(Content::Missing(reason))
    }
    /// A value or the reason why there is none.
    pub fn reported<T>(value: &Reported<T>, show: impl FnOnce(&T) -> Cell) -> Self {
        match value {
            Reported::Value(value) => show(value),
            Reported::Missing { missing } => Cell::missing(*missing),
        }
    }
    /// The same cell with what it rests on.
    #[must_use]
    pub fn belief(self, belief: impl Into<Belief>) -> Self {
        Cell { belief: Some(belief.into()), ..self }
    }
    /// The same cell with one more source.
    #[must_use]
    pub fn cite(mut self, source: SourceNumber) -> Self {
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
        self
    }
    /// The exact number, where the cell holds a figure. A bound is not one.
    pub fn figure(&self) -> Option<&Number> {
        match &self.content {
            Content::Figure { value, .. } => Some(value),
            _ => None,
        }
    }
    fn of(content: Content) -> Self {
        Cell { content, belief: None, sources: Vec::new() }
    }
}

impl From<Yen> for Cell {
    fn from(yen: Yen) -> Self {
        Cell::yen(yen)
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::text(text)
    }
}
impl From<Missing> for Cell {
    fn from(reason: Missing) -> Self {
        Cell::missing(reason)
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

impl Number {
    /// The nearest number a spreadsheet can hold.
    #[allow(clippy::cast_precision_loss, reason = "spreadsheets hold no other numbers; exact up to 2^53")]
    pub fn to_f64(&self) -> f64 {
        match self {
            Number::Integer(value) => *value as f64,
            Number::Decimal(digits) => digits.parse().unwrap_or(f64::NAN),
        }
    }
}

impl FromStr for Number {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        if let Ok(value) = text.parse() {
            return Ok(Number::Integer(value));
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if all_digits(whole) && all_digits(fraction) && digits.len() <= 40 {
            return Ok(Number::Decimal(text.to_owned()));
        }
        Err(NotANumber(text.to_owned()))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Integer(value) => value.fmt(f),
            Number::Decimal(digits) => f.write_str(digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_number() {
        assert_eq!("12.50".parse(), Ok(Number::Decimal("12.50".into())));
        assert_eq!("-7".parse(), Ok(Number::Integer(-7)));
        for text in ["", "-", "1.", ".5", "1e9", "1,000", "12%", "１２", "NaN", "1.2.3", "--1"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_budget_within_another_has_no_figure_to_sum() {
        let amount = Amount {
            fiscal_year: base::FiscalYear::new(2025),
            kind: base::BudgetKind::Draft,
            yen: "14億円".parse().unwrap(),
            within: true,
            repeated: false,
        };
        assert_eq!(Cell::amount(&amount).figure(), None);
        assert_eq!(
            Cell::amount(&Amount { within: false, ..amount }).figure(),
            Some(&Number::Integer(1_400_000_000))
        );
    }

    #[test]
    fn a_cell_names_a_source_once() {
        assert_eq!(Cell::integer(3).cite(SourceNumber(1)).cite(SourceNumber(1)).sources.len(), 1);
    }
}
