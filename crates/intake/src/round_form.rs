//! The form of a yearly round as it came back. Columns are found by their headings and rows by their key, wherever they
//! have been moved to; nothing is judged here (`plan::round` does). The workbook itself is opened in [`workbook`].

pub(crate) mod workbook;

use std::collections::BTreeMap;

use base::FiscalYear;
use base::text::{fold_width, name_key};
use plan::round::{FilledForm, FilledRow, FormColumn, HIDDEN_MARK, MINISTRY_LABEL};

use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use workbook::Sheet;

/// Reads a filled form. A workbook without the headings of the form is an error; a form that lost its hidden sheet, its
/// order or some of its columns is read as far as it goes.
pub fn read(bytes: &[u8], file: &str, limits: &Limits) -> Result<FilledForm, IntakeError> {
    let sheets = workbook::sheets(bytes, file, limits)?;
    let mut form = FilledForm { file: file.to_owned(), ..FilledForm::default() };
    let mut headed = false;
    for sheet in &sheets {
        if sheet.text(0, 0) == HIDDEN_MARK {
            hidden(sheet, &mut form);
        } else if let Some(headings) = Headings::of(sheet) {
            headed = true;
            form.headed_year = form.headed_year.or(headings.year);
            form.rows.extend(headings.rows(sheet));
        } else if form.ministry_shown.is_none() {
            form.ministry_shown = ministry_shown(sheet);
        }
    }
    if headed { Ok(form) } else { Err(not_a_form(file, &sheets)) }
}

fn not_a_form(file: &str, sheets: &[Sheet]) -> IntakeError {
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let why = format!(
        "no sheet ({}) has the headings of the form, 「行キー」 or 「施策」 beside 「…年度の実績・状況」 and 「…年度の取組予定」",
        names.join(", ")
    );
    IntakeError::new(file, Trouble::Format { format: "form of the yearly round", why })
}

/// What the hidden sheet says.
fn hidden(sheet: &Sheet, form: &mut FilledForm) {
    for row in sheet.rows.values() {
        let cell = |column: u32| row.get(&column).map_or("", |text| text.trim());
        let value = Some(cell(1)).filter(|value| !value.is_empty());
        match cell(0) {
            HIDDEN_MARK => form.version = value.and_then(|version| version.parse().ok()),
            "round" => form.round = value.map(str::to_owned),
            "fiscal_year" => form.fiscal_year = value.and_then(|year| year.parse().ok()),
            "ministry" => form.ministry = value.map(str::to_owned),
            "row" => {
                form.digests.insert(cell(1).to_owned(), cell(2).to_owned());
            }
            _ => {}
        }
    }
}

/// The ministry named beside its label on the first sheet.
fn ministry_shown(sheet: &Sheet) -> Option<String> {
    sheet.rows.values().find_map(|row| {
        let mut cells = row.values();
        cells.find(|text| {
            let label = name_key(text);
            label == MINISTRY_LABEL || label == format!("{MINISTRY_LABEL}/ministry")
        })?;
        cells.map(|text| text.trim()).find(|text| !text.is_empty()).map(str::to_owned)
    })
}

/// The row of headings of a sheet.
struct Headings {
    row: u32,
    columns: BTreeMap<FormColumn, u32>,
    year: Option<FiscalYear>,
}

impl Headings {
    /// The row in which most headings stand; results, plans and something that tells the rows apart are needed.
    fn of(sheet: &Sheet) -> Option<Self> {
        let found = sheet.rows.iter().map(|(row, cells)| Headings::in_row(*row, cells));
        let complete = found.filter(|headings| {
            let has = |column| headings.columns.contains_key(&column);
            has(FormColumn::Results)
                && has(FormColumn::Plans)
                && (has(FormColumn::Key) || has(FormColumn::Measure))
        });
        complete.reduce(|best, next| if next.columns.len() > best.columns.len() { next } else { best })
    }

    fn in_row(row: u32, cells: &BTreeMap<u32, String>) -> Self {
        let mut headings = Headings { row, columns: BTreeMap::new(), year: None };
        for (index, text) in cells {
            let Some((column, year)) = FormColumn::recognise(text) else { continue };
            // A heading that stands twice (a copied column) counts where it stands first.
            if headings.columns.contains_key(&column) {
                continue;
            }
            headings.columns.insert(column, *index);
            if column == FormColumn::Results {
                headings.year = year;
            }
        }
        headings
    }

    /// Rows below with anything in a known column; a repeated row of headings is none.
    fn rows<'a>(&'a self, sheet: &'a Sheet) -> impl Iterator<Item = FilledRow> + 'a {
        let below = sheet.rows.range(self.row + 1..);
        let rows = below.map(|(number, cells)| self.row(sheet, *number, cells));
        rows.filter(|row| {
            let is_heading = FormColumn::recognise(row.text(FormColumn::Results)).is_some()
                && FormColumn::recognise(row.text(FormColumn::Plans)).is_some();
            !is_heading && FormColumn::ALL.iter().any(|column| !row.text(*column).is_empty())
        })
    }

    fn row(&self, sheet: &Sheet, number: u32, cells: &BTreeMap<u32, String>) -> FilledRow {
        let cell = |(column, index): (&FormColumn, &u32)| {
            let text = cells.get(index).cloned().unwrap_or_default();
            let text = if *column == FormColumn::Key { fold_width(text.trim()).into_owned() } else { text };
            (*column, (letters(*index), text))
        };
        FilledRow {
            sheet: sheet.name.clone(),
            number: number.saturating_add(1),
            cells: self.columns.iter().map(cell).collect(),
        }
    }
}

/// The letters of a column: A, Z, AA.
fn letters(index: u32) -> String {
    let mut rest = index.saturating_add(1);
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_the_spreadsheet() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn what_is_no_form_is_refused_with_the_reason() {
        for (bytes, wanted) in [
            (b"".as_slice(), "is empty"),
            (b"\xD0\xCF\x11\xE0rest".as_slice(), "password"),
            (b"PK\x03\x04 cut".as_slice(), "ZIP"),
            ("府省,実績".as_bytes(), "ZIP"),
        ] {
            let error = read(bytes, "form.xlsx", &Limits::default()).unwrap_err();
            assert!(error.to_string().contains(wanted), "{error}");
        }
    }
}
