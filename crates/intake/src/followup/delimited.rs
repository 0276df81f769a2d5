//! The follow-up table as CSV, or as tab-separated text. Rows may have different widths here (a title above the
//! head, cells left off at the end), unlike in [`crate::csv_table`], whose tables are exports of systems.

use super::grid::{self, Form, Grid, GridRow, Place, Slot, within};
use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::text::decode;

/// Reads a file.
pub fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Form, IntakeError> {
    let text = decode(file, bytes)?;
    let grid = lay_out(file, &text, limits)?;
    grid::read(file, &[grid])
}

fn lay_out(file: &str, text: &str, limits: &Limits) -> Result<Grid, IntakeError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut grid = Grid::default();
    let mut record = csv::StringRecord::new();
    let mut slots = 0;
    loop {
        let line = u32::try_from(reader.position().line()).unwrap_or(u32::MAX);
        let more = reader.read_record(&mut record).map_err(|error| {
            IntakeError::at(
                file,
                format!("line {line}"),
                Trouble::Format { format: "CSV", why: error.to_string() },
            )
        })?;
        if !more {
            break;
        }
        within(file, "columns", record.len(), limits.columns)?;
        slots += record.len();
        within(file, "cells", slots, limits.elements)?;
        within(file, "rows", grid.rows.len() + 1, limits.rows)?;
        within(file, "bytes in a cell", record.iter().map(str::len).max().unwrap_or(0), limits.cell_bytes)?;
        // The reader passes over blank lines before it says where a record begins.
        let line =
            record.position().map_or(line, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        grid.rows.push(GridRow::new(Place::Line(line), record.iter().map(Slot::of).collect()));
    }
    if text.matches('"').count() % 2 == 1 {
        let line = grid.rows.last().and_then(|row| row.place.line()).unwrap_or(1);
        let why = "a quote that is opened here, or above, never closes".to_owned();
        return Err(IntakeError::at(file, format!("line {line}"), Trouble::CutOff(why)));
    }
    Ok(grid)
}

/// Tab or semicolon where the text has more of them than commas, cells in quotes left aside.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| *delimiter == byte && !quoted) {
            *count += 1;
        }
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_and_commas_are_told_apart_outside_of_quotes() {
        assert_eq!(delimiter("該当箇所\t実績\t\"a,b,c,d\"\n"), b'\t');
        assert_eq!(delimiter("該当箇所,実績,\"a\tb\tc\td\"\n"), b',');
        assert_eq!(delimiter("該当箇所"), b',');
    }

    #[test]
    fn a_quote_that_never_closes_is_named_with_its_line() {
        let text = "該当箇所,令和6年度の実績・状況,令和7年度の取組予定\n進める。,\"行った。,行う。\n";
        let error = read("a.csv", text.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(error.place.as_deref(), Some("line 2"));
        assert!(matches!(error.trouble, Trouble::CutOff(_)), "{error}");
    }

    #[test]
    fn too_many_columns_rows_or_bytes_are_refused() {
        let limits = Limits { columns: 4, rows: 3, cell_bytes: 60, ..Limits::default() };
        for text in ["a,b,c,d,e\n".to_owned(), "a\nb\nc\nd\n".to_owned(), "a".repeat(61)] {
            let error = read("a.csv", text.as_bytes(), &limits).unwrap_err();
            assert!(matches!(error.trouble, Trouble::TooMuch { .. }), "{error}");
        }
    }
}
