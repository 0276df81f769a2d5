//! A returned workbook as texts by row and column, hidden sheets included, within the limits. Cells are read one by one:
//! a sheet whose only cells are its first and its last costs two cells, not the area between them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, SheetType, Xlsx, XlsxError};
use zip::ZipArchive;

use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;

/// A form has some hundred kilobytes; shared strings cost many times their size in memory.
const MOST_UNPACKED: u64 = 64 << 20;
/// An archive may always unpack to this much, however small it is.
const SMALL: u64 = 1 << 20;
/// What an encrypted workbook and one of the old format begin with.
pub(crate) const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0";

/// The cells of a sheet that have something in them, by row and column from 0.
pub(crate) struct Sheet {
    pub name: String,
    pub rows: BTreeMap<u32, BTreeMap<u32, String>>,
}

impl Sheet {
    pub(super) fn text(&self, row: u32, column: u32) -> &str {
        self.rows.get(&row).and_then(|cells| cells.get(&column)).map_or("", |text| text.trim())
    }
}

pub(crate) fn sheets(bytes: &[u8], file: &str, limits: &Limits) -> Result<Vec<Sheet>, IntakeError> {
    if bytes.is_empty() {
        return Err(IntakeError::new(file, Trouble::Empty));
    }
    if bytes.starts_with(COMPOUND_FILE) {
        let why =
            "it is protected by a password or in the old .xls format; save it as .xlsx without a password";
        return Err(damaged(file, why));
    }
    unpacks_soundly(bytes, file, limits)?;
    // The parser is other people's code reading other people's bytes: should it stop, the file is refused.
    catch_unwind(AssertUnwindSafe(|| parse(bytes, file, limits)))
        .unwrap_or_else(|_| Err(damaged(file, "its structure is damaged; save it again as .xlsx")))
}

fn damaged(file: &str, why: impl Into<String>) -> IntakeError {
    IntakeError::new(file, Trouble::Format { format: "XLSX", why: why.into() })
}

/// Unpacks everything once into nothing: sizes that an archive declares are claims, and the parser trusts them.
fn unpacks_soundly(bytes: &[u8], file: &str, limits: &Limits) -> Result<(), IntakeError> {
    let broken = |why: String| IntakeError::new(file, Trouble::Archive(why));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    within(file, "files", archive.len() as u64, limits.files as u64)?;
    let most = limits.file_bytes.min(MOST_UNPACKED);
    let allowance = (bytes.len() as u64).saturating_mul(limits.unpack_ratio).max(SMALL);
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| broken(error.to_string()))?;
        let left = allowance.min(most).saturating_sub(unpacked).saturating_add(1);
        let copied = std::io::copy(&mut entry.take(left), &mut std::io::sink());
        unpacked += copied.map_err(|error| broken(error.to_string()))?;
        within(file, "bytes, unpacked,", unpacked, most)?;
        if unpacked > allowance {
            return Err(IntakeError::new(file, Trouble::Bomb(limits.unpack_ratio)));
        }
    }
    Ok(())
}

fn parse(bytes: &[u8], file: &str, limits: &Limits) -> Result<Vec<Sheet>, IntakeError> {
    let unreadable = |error: XlsxError| damaged(file, error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = names.map(|sheet| sheet.name.clone()).collect();
    names.into_iter().map(|name| sheet(&mut book, name, file, limits)).collect()
}

fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: String,
    file: &str,
    limits: &Limits,
) -> Result<Sheet, IntakeError> {
    let unreadable = |error: XlsxError| {
        IntakeError::at(
            file,
            format!("sheet {name}"),
            Trouble::Format { format: "XLSX", why: error.to_string() },
        )
    };
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let Some(text) = text(cell.get_value()) else { continue };
        within(file, "bytes in a cell", text.len() as u64, limits.cell_bytes as u64)?;
        rows.entry(row).or_default().insert(column, text);
        within(file, "rows", rows.len() as u64, limits.rows as u64)?;
    }
    drop(cells);
    Ok(Sheet { name, rows })
}

/// A cell's text as a person typed it; `None` where it is empty.
fn text(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::DateTime(moment) => moment.as_f64().to_string(),
        other => Data::from(other.clone()).to_string(),
    };
    // Spreadsheets write a carriage return of Windows so.
    let text = text.replace("_x000D_", "").replace("\r\n", "\n").replace('\r', "\n");
    (!text.trim().is_empty()).then_some(text)
}

fn within(file: &str, what: &'static str, found: u64, limit: u64) -> Result<(), IntakeError> {
    if found > limit { Err(IntakeError::new(file, Trouble::TooMuch { what, limit })) } else { Ok(()) }
}
