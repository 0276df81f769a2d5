//! Tables of spreadsheets as rows of text, whatever they are about: CSV in the encodings that Japanese offices write, and every sheet of an
//! XLSX workbook. What the columns mean is for others to say.

use crate::csv_table;
use crate::error::IntakeError;
use crate::limits::Limits;
use crate::round_form::workbook;
use crate::text;

/// A sheet, or the whole of a CSV file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The name of the sheet; CSV has none.
    pub name: Option<String>,
    /// Rows that have something in them, each with its number as the program that wrote it counts.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// The tables of a file: XLSX by its first bytes, else CSV.
pub fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, IntakeError> {
    if bytes.starts_with(b"PK") || bytes.starts_with(workbook::COMPOUND_FILE) {
        let sheets = workbook::sheets(bytes, file, limits)?;
        return Ok(sheets.iter().map(|sheet| of_sheet(sheet, limits)).collect());
    }
    let text = text::decode(file, bytes)?;
    let table = csv_table::Table::parse(file, &text, limits)?;
    let header = (1, table.header().map(std::borrow::Cow::into_owned).collect());
    let below = (0..table.rows()).map(|row| {
        let texts = (0..table.width()).map(|column| table.cell(row, column).into_owned()).collect();
        (table.line(row) as usize, texts)
    });
    Ok(vec![Sheet { name: None, rows: std::iter::once(header).chain(below).collect() }])
}

fn of_sheet(sheet: &workbook::Sheet, limits: &Limits) -> Sheet {
    let rows = sheet.rows.iter().map(|(number, cells)| {
        let last = cells.keys().next_back().map_or(0, |last| *last as usize + 1).min(limits.columns);
        let mut texts = vec![String::new(); last];
        for (column, text) in cells {
            if let Some(cell) = texts.get_mut(*column as usize) {
                cell.clone_from(text);
            }
        }
        (*number as usize + 1, texts)
    });
    Sheet { name: Some(sheet.name.clone()), rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(sheet: &Sheet) -> Vec<(usize, Vec<&str>)> {
        sheet.rows.iter().map(|(row, cells)| (*row, cells.iter().map(String::as_str).collect())).collect()
    }

    #[test]
    fn a_table_in_the_encoding_of_an_office_is_read_with_its_line_numbers() {
        // Windows-31J: 項目,概要
        let bytes = b"\x8d\x80\x96\xda,\x8aT\x97v\r\nT1,\"a\r\nb\"\r\n\r\nT2,c\r\n";
        let sheets = read("a.csv", bytes, &Limits::default()).unwrap();
        let expected = [(1, vec!["項目", "概要"]), (2, vec!["T1", "a\r\nb"]), (5, vec!["T2", "c"])];
        assert_eq!(rows(&sheets[0]), expected);
        assert_eq!(sheets[0].name, None);
        let error = read("a.csv", b"a,b\n1\n", &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn a_workbook_gives_its_sheets_with_the_numbers_of_their_rows() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("記録").unwrap();
        sheet.write(0, 1, "表題").unwrap();
        sheet.write(2, 0, "項目").unwrap();
        sheet.write(4, 2, 3.0).unwrap();
        book.add_worksheet();
        let bytes = book.save_to_buffer().unwrap();
        let sheets = read("a.xlsx", &bytes, &Limits::default()).unwrap();
        assert_eq!(sheets[0].name.as_deref(), Some("記録"));
        assert_eq!(rows(&sheets[0]), [(1, vec!["", "表題"]), (3, vec!["項目"]), (5, vec!["", "", "3"])]);
        assert!(sheets[1].rows.is_empty());
        assert!(read("a.xlsx", &bytes[..bytes.len() / 2], &Limits::default()).is_err());
    }
}
