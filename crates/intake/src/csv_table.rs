//! Comma- or tab-separated text split into rows and cells that borrow from it. Stricter than most readers: a quote
//! that never closes or a row of another width is an error with its line, because that is what a damaged or
//! cut-off file looks like. What the columns mean is for others to say.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;

/// A table as it stands in a file.
#[derive(Debug)]
pub struct Table<'a> {
    text: &'a str,
    cells: Vec<Span>,
    lines: Vec<u32>,
    width: usize,
    /// The last line has no line break, so that the file may have lost its end.
    pub open_end: bool,
}

/// Where a cell stands. The top bit of `end` says that it holds doubled quotes.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
}

const DOUBLED: u32 = 1 << 31;

impl<'a> Table<'a> {
    /// Splits a whole text. Blank lines are skipped.
    pub fn parse(file: &str, text: &'a str, limits: &Limits) -> Result<Self, IntakeError> {
        let text_bytes = text.len() as u64;
        if text_bytes >= u64::from(DOUBLED) {
            let trouble = Trouble::TooMuch { what: "bytes of text", limit: u64::from(DOUBLED) };
            return Err(IntakeError::new(file, trouble));
        }
        let mut scanner = Scanner { file, text, at: 0, line: 1, delimiter: delimiter(text), limits };
        let mut table =
            Table { text, cells: Vec::new(), lines: Vec::new(), width: 0, open_end: !text.ends_with('\n') };
        while scanner.row(&mut table)? {}
        if table.lines.is_empty() {
            return Err(IntakeError::new(file, Trouble::Empty));
        }
        Ok(table)
    }

    /// Rows below the header.
    pub fn rows(&self) -> usize {
        self.lines.len() - 1
    }
    /// Cells of every row.
    pub fn width(&self) -> usize {
        self.width
    }
    /// Line of the file on which a row begins; row 0 is the first below the header.
    pub fn line(&self, row: usize) -> u32 {
        self.lines[row + 1]
    }
    /// The header's cells.
    pub fn header(&self) -> impl Iterator<Item = Cow<'a, str>> + '_ {
        self.cells[..self.width].iter().map(|span| self.resolve(*span))
    }
    /// A cell, with doubled quotes resolved.
    pub fn cell(&self, row: usize, column: usize) -> Cow<'a, str> {
        self.resolve(self.cells[(row + 1) * self.width + column])
    }
    /// A cell as it stands in the file: enough to compare it, or to read it where quotes cannot occur.
    pub fn raw(&self, row: usize, column: usize) -> &'a str {
        let span = self.cells[(row + 1) * self.width + column];
        &self.text[span.start as usize..(span.end & !DOUBLED) as usize]
    }

    fn resolve(&self, span: Span) -> Cow<'a, str> {
        let raw = &self.text[span.start as usize..(span.end & !DOUBLED) as usize];
        if span.end & DOUBLED == 0 { Cow::Borrowed(raw) } else { Cow::Owned(raw.replace("\"\"", "\"")) }
    }
}

/// Tab where the first line has tabs and no comma.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    if first.contains('\t') && !first.contains(',') { b'\t' } else { b',' }
}

struct Scanner<'a> {
    file: &'a str,
    text: &'a str,
    at: usize,
    line: u32,
    delimiter: u8,
    limits: &'a Limits,
}

impl Scanner<'_> {
    /// Reads one row into the table; false at the end.
    fn row(&mut self, table: &mut Table<'_>) -> Result<bool, IntakeError> {
        let bytes = self.text.as_bytes();
        while let Some(b'\n' | b'\r') = bytes.get(self.at) {
            self.line += u32::from(bytes[self.at] == b'\n');
            self.at += 1;
        }
        if self.at >= bytes.len() {
            return Ok(false);
        }
        let (line, first) = (self.line, table.cells.len());
        loop {
            let span = self.cell()?;
            table.cells.push(span);
            if table.cells.len() - first > self.limits.columns {
                return Err(self.too_much(line, "columns", self.limits.columns));
            }
            match bytes.get(self.at) {
                Some(byte) if *byte == self.delimiter => self.at += 1,
                _ => break,
            }
        }
        let found = table.cells.len() - first;
        if table.lines.is_empty() {
            table.width = found;
        } else if found != table.width {
            return Err(self.ragged(line, found, table.width));
        }
        table.lines.push(line);
        if table.lines.len() > self.limits.rows {
            return Err(self.too_much(line, "rows", self.limits.rows));
        }
        Ok(true)
    }

    /// Reads one cell and stops at the delimiter, line break or end that follows it.
    fn cell(&mut self) -> Result<Span, IntakeError> {
        let bytes = self.text.as_bytes();
        let span = if bytes.get(self.at) == Some(&b'"') { self.quoted()? } else { self.bare() };
        let length = ((span.end & !DOUBLED) - span.start) as usize;
        if length > self.limits.cell_bytes {
            return Err(self.too_much(self.line, "bytes in a cell", self.limits.cell_bytes));
        }
        Ok(span)
    }

    fn bare(&mut self) -> Span {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let end =
            memchr2(self.delimiter, b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
        self.at = end;
        let at_line_end = bytes.get(end) != Some(&self.delimiter);
        let carriage = at_line_end && end > start && bytes[end - 1] == b'\r';
        Span { start: offset(start), end: offset(end - usize::from(carriage)) }
    }

    fn quoted(&mut self) -> Result<Span, IntakeError> {
        let bytes = self.text.as_bytes();
        let (opened_on, start) = (self.line, self.at + 1);
        let mut doubled = 0;
        let mut from = start;
        let end = loop {
            let Some(length) = memchr(b'"', &bytes[from..]) else {
                let why = format!(
                    "the quote opened here never closes (the file ends on line {})",
                    self.last_line()
                );
                return Err(IntakeError::at(self.file, format!("line {opened_on}"), Trouble::CutOff(why)));
            };
            let quote = from + length;
            if bytes.get(quote + 1) != Some(&b'"') {
                break quote;
            }
            doubled = DOUBLED;
            from = quote + 2;
        };
        let breaks = memchr_iter(b'\n', &bytes[start..end]).count();
        self.line += u32::try_from(breaks).unwrap_or(u32::MAX);
        self.at = end + 1;
        if bytes.get(self.at) == Some(&b'\r') {
            self.at += 1;
        }
        match bytes.get(self.at) {
            None | Some(b'\n') => {}
            Some(byte) if *byte == self.delimiter => {}
            Some(_) => {
                let why = "text follows a closing quote; a quote inside a cell must be doubled".to_owned();
                let trouble = Trouble::Format { format: "CSV", why };
                return Err(IntakeError::at(self.file, format!("line {}", self.line), trouble));
            }
        }
        Ok(Span { start: offset(start), end: offset(end) | doubled })
    }

    fn ragged(&self, line: u32, found: usize, expected: usize) -> IntakeError {
        let at_end = self.at >= self.text.len();
        let trouble = if at_end && found < expected {
            Trouble::CutOff(format!("the last row has {found} of {expected} cells"))
        } else {
            Trouble::Ragged { found, expected }
        };
        IntakeError::at(self.file, format!("line {line}"), trouble)
    }

    fn too_much(&self, line: u32, what: &'static str, limit: usize) -> IntakeError {
        IntakeError::at(self.file, format!("line {line}"), Trouble::TooMuch { what, limit: limit as u64 })
    }

    fn last_line(&self) -> usize {
        self.text.lines().count()
    }
}

/// The text is shorter than 2 GiB, see [`Table::parse`].
#[allow(clippy::cast_possible_truncation, reason = "bounded when the table is opened")]
fn offset(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<Vec<String>>, String> {
        let table = Table::parse("a.csv", text, &Limits::default()).map_err(|error| error.to_string())?;
        let row = |row| (0..table.width()).map(|column| table.cell(row, column).into_owned()).collect();
        Ok((0..table.rows()).map(row).collect())
    }

    #[test]
    fn quotes_line_breaks_and_endings_are_read_as_written() {
        let expected =
            vec![vec!["1".to_owned(), "a,\"b\"\nc".to_owned()], vec![String::new(), "x".to_owned()]];
        for text in [
            "p,q\r\n1,\"a,\"\"b\"\"\nc\"\r\n,x\r\n",
            "p,q\n1,\"a,\"\"b\"\"\nc\"\n\n,\"x\"",
            "p\tq\n1\t\"a,\"\"b\"\"\nc\"\n\tx\n",
        ] {
            assert_eq!(rows(text).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_row_knows_its_line_even_below_cells_with_line_breaks() {
        let table = Table::parse("a.csv", "p,q\n\"a\nb\nc\",1\nd,2\n", &Limits::default()).unwrap();
        assert_eq!((table.line(0), table.line(1)), (2, 5));
    }

    #[test]
    fn damage_is_named_with_its_line() {
        for (text, message) in [
            (
                "p,q\n1,\"never\nclosed\n",
                "a.csv: line 2: is cut off: the quote opened here never closes (the file ends on line 3)",
            ),
            ("p,q\n1,2\n3", "a.csv: line 3: is cut off: the last row has 1 of 2 cells"),
            ("p,q\n1,2,3\n4,5\n", "a.csv: line 2: has 3 cells where the header has 2"),
            (
                "p,q\n\"a\"b,c\n",
                "a.csv: line 2: cannot be read as CSV: text follows a closing quote; a quote inside a cell must be doubled",
            ),
            ("\n\n", "a.csv: is empty"),
        ] {
            assert_eq!(rows(text).unwrap_err(), message);
        }
    }

    #[test]
    fn a_table_is_bounded() {
        let limits = Limits { columns: 3, rows: 3, cell_bytes: 5, ..Limits::default() };
        for text in ["a,b,c,d\n", "a\n1\n2\n3\n", "a\n123456\n"] {
            let error = Table::parse("a.csv", text, &limits).unwrap_err();
            assert!(matches!(error.trouble, Trouble::TooMuch { .. }), "{text:?}: {error}");
        }
    }
}
