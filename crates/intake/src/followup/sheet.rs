//! The follow-up table as an XLSX workbook: every visible sheet whose head is that of the table, with merged cells.
//! Formulas give the values that were stored with them; nothing is computed here.

use std::io::{Cursor, Read};
use std::sync::Arc;

use base::Names;
use calamine::{Data, DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::grid::{self, Form, Grid, GridRow, Place, Slot, guarded, within};
use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::reading::Remark;

/// A workbook of follow-up tables has some hundred kilobytes; shared strings cost many times their size in memory.
const MOST_UNPACKED: u64 = 64 << 20;
/// An archive may always unpack to this much, however small it is.
const SMALL: u64 = 1 << 20;
/// What an encrypted workbook and one of the old format begin with.
const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0";

/// Reads a file.
pub fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Form, IntakeError> {
    if bytes.starts_with(COMPOUND_FILE) {
        let why =
            "it is protected by a password or in the old .xls format; save it as .xlsx without a password";
        return Err(IntakeError::new(file, Trouble::Format { format: "XLSX", why: why.to_owned() }));
    }
    sound_archive(file, bytes, limits)?;
    let (grids, mut remarks) = guarded(file, "XLSX", || lay_out(file, bytes, limits))?;
    let mut form = grid::read(file, &grids)?;
    remarks.append(&mut form.remarks);
    form.remarks = remarks;
    Ok(form)
}

/// Unpacks everything once into nothing: sizes that an archive declares are claims, and the parser trusts them.
fn sound_archive(file: &str, bytes: &[u8], limits: &Limits) -> Result<(), IntakeError> {
    let damaged = |error: zip::result::ZipError| IntakeError::new(file, Trouble::Archive(error.to_string()));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    within(file, "files", archive.len(), limits.files)?;
    let most = limits.file_bytes.min(MOST_UNPACKED);
    let allowance = (bytes.len() as u64).saturating_mul(limits.unpack_ratio).max(SMALL).min(most);
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(damaged)?.take(allowance - unpacked + 1);
        let read = std::io::copy(&mut entry, &mut std::io::sink());
        unpacked += read.map_err(|error| IntakeError::new(file, Trouble::Archive(error.to_string())))?;
        if unpacked > most {
            return Err(IntakeError::new(file, Trouble::TooMuch { what: "bytes, unpacked,", limit: most }));
        }
        if unpacked > allowance {
            return Err(IntakeError::new(file, Trouble::Bomb(limits.unpack_ratio)));
        }
    }
    Ok(())
}

fn lay_out(file: &str, bytes: &[u8], limits: &Limits) -> Result<(Vec<Grid>, Vec<Remark>), IntakeError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| trouble(file, None, &error))?;
    let (mut grids, mut remarks) = (Vec::new(), Vec::new());
    for sheet in workbook.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        if sheet.visible != SheetVisible::Visible {
            let text = Names::of("非表示のシートなので読みません", "is a hidden sheet and was not read");
            remarks.push(Remark::note(format!("{file}: {}", sheet.name), text));
            continue;
        }
        grids.push(Sheet::read(file, &mut workbook, &sheet.name, limits)?.grid(&mut remarks)?);
    }
    Ok((grids, remarks))
}

/// The cells of a sheet that have something in them, and its merged areas.
struct Sheet<'a> {
    file: &'a str,
    name: Arc<str>,
    cells: Vec<((u32, u32), Data)>,
    merged: Vec<Dimensions>,
    limits: &'a Limits,
}

impl<'a> Sheet<'a> {
    /// Cells are taken one by one: a dense range would make room for every cell up to the farthest.
    fn read(
        file: &'a str,
        workbook: &mut Xlsx<Cursor<&[u8]>>,
        name: &str,
        limits: &'a Limits,
    ) -> Result<Self, IntakeError> {
        let mut merged =
            workbook.merge_cells_by_sheet_name(name).map_err(|error| trouble(file, Some(name), &error))?;
        within(file, "merged cells", merged.len(), limits.rows)?;
        merged.sort_by_key(|area| area.start);
        let mut reader =
            workbook.worksheet_cells_reader(name).map_err(|error| trouble(file, Some(name), &error))?;
        let mut cells = Vec::new();
        while let Some(cell) = reader.next_cell().map_err(|error| trouble(file, Some(name), &error))? {
            if *cell.get_value() == DataRef::Empty {
                continue;
            }
            let (row, column) = cell.get_position();
            within(file, "columns", column as usize + 1, limits.columns)?;
            within(file, "cells", cells.len() + 1, limits.elements)?;
            let value = Data::from(cell.get_value().clone());
            within(
                file,
                "bytes in a cell",
                if let Data::String(text) = &value { text.len() } else { 0 },
                limits.cell_bytes,
            )?;
            cells.push(((row, column), value));
        }
        cells.sort_by_key(|(position, _)| *position);
        Ok(Sheet { file, name: Arc::from(name), cells, merged, limits })
    }

    fn grid(mut self, remarks: &mut Vec<Remark>) -> Result<Grid, IntakeError> {
        let mut grid = Grid { name: self.name.to_string(), rows: Vec::new() };
        let mut merged = std::mem::take(&mut self.merged).into_iter().peekable();
        let mut reaching: Vec<Dimensions> = Vec::new();
        let mut room = 0;
        for cells in self.cells.chunk_by(|(a, _), (b, _)| a.0 == b.0) {
            let Some(((row, _), _)) = cells.first() else { continue };
            reaching.retain(|area| area.end.0 >= *row);
            while let Some(area) = merged.next_if(|area| area.start.0 <= *row) {
                reaching.extend((area.end.0 >= *row).then_some(area));
            }
            within(self.file, "merged cells in a row", reaching.len(), self.limits.columns)?;
            let place = Place::Sheet(Arc::clone(&self.name), row + 1);
            let mut slots = Vec::new();
            for ((_, column), value) in cells {
                slots.resize(*column as usize, Slot::Empty);
                slots.push(Slot::of(self.text(value, &place, remarks)));
            }
            for area in &reaching {
                self.cover(*row, area, &mut slots)?;
            }
            room += slots.len();
            within(self.file, "cells", room, self.limits.elements)?;
            grid.rows.push(GridRow::new(place, slots));
        }
        Ok(grid)
    }

    /// Marks the slots that a merged area reaches across or down to; what spreadsheets keep below it is not shown.
    fn cover(&self, row: u32, area: &Dimensions, slots: &mut Vec<Slot>) -> Result<(), IntakeError> {
        let (first, last) = (area.start.1 as usize, area.end.1.max(area.start.1) as usize);
        within(self.file, "columns", last + 1, 16 * self.limits.columns.max(1024))?;
        if slots.len() <= last {
            slots.resize(last + 1, Slot::Empty);
        }
        if row > area.start.0 {
            slots[first..=last].fill(Slot::Above);
            return Ok(());
        }
        if let Slot::Text(words) = &mut slots[first] {
            words.columns = last - first + 1;
        }
        slots[first + 1..=last].fill(Slot::Left);
        Ok(())
    }

    fn text(&self, value: &Data, place: &Place, remarks: &mut Vec<Remark>) -> String {
        if let Data::Error(error) = value {
            let text = Names::of(
                format!("計算できていないセルです：{error}"),
                format!("a formula failed here: {error}"),
            );
            remarks.push(Remark::warning(format!("{}: {place}", self.file), text));
        }
        match value {
            Data::DateTime(date) => {
                let (year, month, day, ..) = date.to_ymd_hms_milli();
                format!("{year:04}-{month:02}-{day:02}")
            }
            _ => value.to_string(),
        }
    }
}

fn trouble(file: &str, sheet: Option<&str>, error: &calamine::XlsxError) -> IntakeError {
    let trouble = Trouble::Format { format: "XLSX", why: error.to_string() };
    sheet.map_or_else(
        || IntakeError::new(file, trouble.clone()),
        |sheet| IntakeError::at(file, sheet, trouble.clone()),
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn a_small_archive_that_unpacks_to_much_is_refused_before_it_is_parsed() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
        archive.write_all(&vec![b' '; 8 << 20]).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        let error = read("a.xlsx", &bytes, &Limits::default()).unwrap_err();
        assert!(matches!(error.trouble, Trouble::Bomb(_)), "{error}");
    }

    #[test]
    fn a_protected_or_old_workbook_says_what_to_do() {
        let error = read("a.xlsx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("password"), "{error}");
    }
}
