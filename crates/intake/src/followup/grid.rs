//! The forms in which the follow-up table comes with its columns known (XLSX, CSV, HTML, PDF with a text layer) meet
//! here: each reader lays its file out as a [`Grid`] of cells with their places, and [`read`] makes the one
//! [`Table`] of it. What a row, a heading or the table's head is, is decided here and nowhere else.
//! See `docs/design/0005-follow-up-forms.md`.

mod header;
mod rows;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::table::Table;
use crate::error::{IntakeError, Trouble};
use crate::reading::Remark;

/// Cells as they lie in a sheet, a file or on pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// Its name, where a file can hold several: a sheet's, or `table 2`.
    pub name: String,
    /// Its rows, from the top.
    pub rows: Vec<GridRow>,
}

/// A row of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridRow {
    /// Where it stands.
    pub place: Place,
    /// Its slots, from the left.
    pub slots: Vec<Slot>,
    /// It is the first of a page, so that it may carry on the row before it.
    pub after_break: bool,
    /// It lies beside the table (a title, a heading between two tables, a page number).
    pub outside: bool,
    /// Where it begins was not drawn or stored, but inferred.
    pub inferred: bool,
}

/// What stands in one column of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Slot {
    /// Nothing.
    #[default]
    Empty,
    /// A cell that begins here.
    Text(Words),
    /// The cell above reaches down to here.
    Above,
    /// The cell on the left reaches across to here.
    Left,
}

/// The text of a cell, with its line breaks, and how far the cell reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The text.
    pub text: String,
    /// Columns the cell covers, at least 1.
    pub columns: usize,
    /// Some of the text could not be decoded, or may belong to a neighbour: 0 to 100.
    pub confidence: u8,
}

/// Where a row stands, in the words by which a person finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A row of a sheet, from 1.
    Sheet(Arc<str>, u32),
    /// A line of a text file, from 1.
    Line(u32),
    /// A row of the n-th table of a page, both from 1.
    Table(u32, u32),
    /// A page, from 1, and the distance from its top in points.
    Page(u32, u32),
}

/// A follow-up table with the places its cells came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The table, equal for every form of the same table but for line numbers.
    pub table: Table,
    /// For every row of the table, where each of its cells was found; a cell carried over a page has several places.
    pub places: Vec<[Vec<String>; 3]>,
    /// What was not read, and why.
    pub remarks: Vec<Remark>,
}

/// Makes one follow-up table of the grids of a file.
pub fn read(file: &str, grids: &[Grid]) -> Result<Form, IntakeError> {
    rows::read(file, grids)
}

/// Whether a grid has the head of a follow-up table.
pub fn has_head(grid: &Grid) -> bool {
    header::Header::find(grid).is_some()
}

impl Slot {
    /// A cell of one column; empty text is an empty slot.
    pub fn of(text: impl Into<String>) -> Self {
        Slot::spanning(text, 1)
    }

    /// A cell that covers several columns.
    pub fn spanning(text: impl Into<String>, columns: usize) -> Self {
        let text = text.into();
        if text.trim().is_empty() {
            Slot::Empty
        } else {
            Slot::Text(Words { text, columns, confidence: 100 })
        }
    }

    fn words(&self) -> Option<&Words> {
        if let Slot::Text(words) = self { Some(words) } else { None }
    }
}

impl GridRow {
    /// A row of a table whose place is certain.
    pub fn new(place: Place, slots: Vec<Slot>) -> Self {
        GridRow { place, slots, after_break: false, outside: false, inferred: false }
    }

    /// A line of text beside the table.
    pub fn beside(place: Place, text: impl Into<String>) -> Self {
        GridRow { outside: true, ..GridRow::new(place, vec![Slot::of(text)]) }
    }
}

impl Place {
    /// The row or line; none on pages.
    pub fn line(&self) -> Option<u32> {
        match self {
            Place::Sheet(_, row) | Place::Line(row) | Place::Table(_, row) => Some(*row),
            Place::Page(..) => None,
        }
    }

    /// The cell in a column, from 0.
    fn cell(&self, column: usize) -> String {
        match self {
            Place::Sheet(sheet, row) => format!("{sheet}!{}{row}", letters(column)),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Sheet(sheet, row) => write!(f, "{sheet}!{row}"),
            Place::Line(line) => write!(f, "line {line}"),
            Place::Table(table, row) => write!(f, "table {table} row {row}"),
            Place::Page(page, down) => write!(f, "page {page}, {down} pt from its top"),
        }
    }
}

/// The name of a spreadsheet's column, from 0: A, Z, AA.
fn letters(column: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    if column < 26 { letter(column).to_string() } else { letters(column / 26 - 1) + &letters(column % 26) }
}

/// Joins the lines of a cell; see [`append`].
pub(super) fn join(text: &str) -> String {
    let mut joined = String::new();
    append(&mut joined, text);
    joined
}

/// Puts the lines of `more` behind a text. Japanese goes on without a blank; between two Latin words, which no
/// typesetter breaks inside, the line end stands for the blank. Returns the pieces where a blank was inferred.
pub(super) fn append(text: &mut String, more: &str) -> Vec<String> {
    let mut inferred = Vec::new();
    for line in more.lines().map(trim).filter(|line| !line.is_empty()) {
        if breaks_latin(text, line) {
            let before = text.rsplit(|c: char| !c.is_ascii_graphic()).next().unwrap_or_default();
            let after = line.split(|c: char| !c.is_ascii_graphic()).next().unwrap_or_default();
            inferred.push(format!("{before} {after}"));
            text.push(' ');
        }
        text.push_str(line);
    }
    inferred
}

pub(super) fn trim(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

/// Whether the line end between two pieces stands for a word space.
pub(super) fn breaks_latin(before: &str, after: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '~' || c == '&';
    match (before.chars().next_back(), after.chars().next()) {
        (Some(last), Some(first)) => {
            word(last) && word(first) && (last.is_ascii_alphabetic() || first.is_ascii_alphabetic())
        }
        _ => false,
    }
}

/// Runs a parser written by others, whose panic on a damaged file must be this file's error and no more.
pub(super) fn guarded<T>(
    file: &str,
    format: &'static str,
    read: impl FnOnce() -> Result<T, IntakeError>,
) -> Result<T, IntakeError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let why = "its structure is damaged in a way the parser cannot follow; save it again or give it in another form".to_owned();
        Err(IntakeError::new(file, Trouble::Format { format, why }))
    })
}

/// An error if there is more of something than a limit allows.
pub(super) fn within(file: &str, what: &'static str, found: usize, limit: usize) -> Result<(), IntakeError> {
    if found > limit {
        return Err(IntakeError::new(file, Trouble::TooMuch { what, limit: limit as u64 }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_japanese_join_without_a_blank_and_latin_words_with_one() {
        assert_eq!(join("研究を支\n援する。"), "研究を支援する。");
        assert_eq!(join("予算:1\n3億円"), "予算:13億円");
        assert_eq!(join(" ARO　\n\u{3000}機能"), "ARO機能");
        let mut text = "Medical Device".to_owned();
        assert_eq!(append(&mut text, "Round を開催"), ["Device Round"]);
        assert_eq!(text, "Medical Device Round を開催");
    }

    #[test]
    fn a_sheet_names_its_columns_as_spreadsheets_do() {
        let names: Vec<String> = [0, 1, 25, 26, 27, 51, 52, 701, 702].into_iter().map(letters).collect();
        assert_eq!(names, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }
}
