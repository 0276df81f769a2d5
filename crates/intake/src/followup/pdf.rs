//! The follow-up table as a PDF with a text layer: where every character and every ruled line stands is known, so
//! columns and rows are found from the lines, or where there are none from the gaps. Pages that are only pictures
//! are refused. The parser is hayro; why, and what is bounded how, is in `docs/design/0005-follow-up-forms.md`.

mod gaps;
mod lines;
mod marks;
mod ruled;

use std::cell::Cell;
use std::io::Read;

use base::Names;
use flate2::read::ZlibDecoder;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::marks::Marks;
use super::anatomy;
use super::grid::{self, Form, Grid, GridRow, guarded, within};
use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::reading::Remark;

/// A follow-up document of twenty pages has under 2 MB.
const MOST_BYTES: usize = 64 << 20;
const MOST_PAGES: usize = 500;
/// Everything compressed in it, unpacked.
const MOST_UNPACKED: u64 = 512 << 20;
/// Characters that cannot be decoded, in a hundred, above which the text layer is of no use.
const MOST_UNKNOWN: usize = 20;

/// Reads a file.
pub fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Form, IntakeError> {
    within(file, "bytes of PDF", bytes.len(), MOST_BYTES)?;
    let beginning = &bytes[..bytes.len().min(1024)];
    if !beginning.windows(5).any(|window| window == b"%PDF-") {
        return Err(damaged(file, "it does not begin as a PDF does"));
    }
    no_bomb(file, bytes)?;
    let too_much = Cell::new(false);
    let pages = guarded(file, "PDF", || pages(file, bytes, limits, &too_much));
    if too_much.get() {
        let limit = limits.elements as u64;
        return Err(IntakeError::new(
            file,
            Trouble::TooMuch { what: "characters and lines on its pages", limit },
        ));
    }
    let pages = pages?;
    readable(file, &pages)?;
    let mut form = grid::read(file, &[lay_out(&pages)])?;
    form.table.pages = printed_pages(&pages, &form);
    note_unknown(file, &pages, &mut form);
    Ok(form)
}

/// Unpacks every stream once into nothing: the parser unpacks whole streams, however large they are.
fn no_bomb(file: &str, bytes: &[u8]) -> Result<(), IntakeError> {
    let mut unpacked = 0;
    for at in memchr::memmem::find_iter(bytes, b"stream").map(|at| at + b"stream".len()) {
        let skip = bytes[at..].iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if skip == 0 || bytes.get(at + skip).is_none_or(|byte| byte & 0x0F != 8) {
            continue;
        }
        let mut stream = ZlibDecoder::new(&bytes[at + skip..]).take(MOST_UNPACKED - unpacked + 1);
        let mut chunk = [0; 1 << 14];
        // A stream that is broken is the parser's business; how far it unpacks is ours.
        while let Ok(read @ 1..) = stream.read(&mut chunk) {
            unpacked += read as u64;
        }
        if unpacked > MOST_UNPACKED {
            return Err(IntakeError::new(
                file,
                Trouble::TooMuch { what: "bytes, unpacked,", limit: MOST_UNPACKED },
            ));
        }
    }
    Ok(())
}

fn pages(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    too_much: &Cell<bool>,
) -> Result<Vec<Marks>, IntakeError> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            damaged(file, "it is protected by a password; save it without one")
        }
        LoadPdfError::Decryption(_) => {
            damaged(file, "it is encrypted in a way that cannot be undone; save it without protection")
        }
        LoadPdfError::Invalid => damaged(file, "its structure is damaged or cut off"),
    })?;
    within(file, "objects", pdf.len(), limits.elements)?;
    within(file, "pages", pdf.pages().len(), MOST_PAGES)?;
    if pdf.pages().is_empty() {
        return Err(damaged(file, "it has no pages"));
    }
    Ok(marks::of(&pdf, limits.elements, too_much))
}

/// Pictures of pages have no characters, and fonts without a table of their characters give none that mean anything.
fn readable(file: &str, pages: &[Marks]) -> Result<(), IntakeError> {
    let known: usize = pages.iter().map(|page| page.glyphs.len()).sum();
    let unknown: usize = pages.iter().map(|page| page.unknown).sum();
    if known == 0 && unknown == 0 {
        return Err(damaged(
            file,
            "it has no text layer (a scan?); read it by character recognition and give the text",
        ));
    }
    if unknown * 100 > (known + unknown) * MOST_UNKNOWN {
        return Err(damaged(
            file,
            "its fonts do not say which characters they draw; give the table in another form",
        ));
    }
    Ok(())
}

/// By ruled lines if these give a table's head, else by gaps.
fn lay_out(pages: &[Marks]) -> Grid {
    let grid = |rows: Vec<Vec<GridRow>>| {
        let mut grid = Grid::default();
        for (page, rows) in rows.into_iter().enumerate() {
            let first = grid.rows.len();
            grid.rows.extend(rows);
            if let Some(row) = grid.rows.get_mut(first).filter(|_| page > 0) {
                row.after_break = true;
            }
        }
        grid
    };
    let by_lines =
        grid(pages.iter().enumerate().map(|(page, marks)| ruled::rows(marks, number(page))).collect());
    if grid::has_head(&by_lines) { by_lines } else { grid(gaps::rows(pages)) }
}

fn number(page: usize) -> u32 {
    u32::try_from(page + 1).unwrap_or(u32::MAX)
}

/// The number printed alone at a page's foot or head, or the page's own where none is.
fn printed_pages(pages: &[Marks], form: &Form) -> Vec<u32> {
    if !form.table.pages.is_empty() {
        return form.table.pages.clone();
    }
    let printed = |marks: &Marks| {
        let lines = lines::of(marks.glyphs.iter());
        let edge = lines.last().into_iter().chain(lines.first());
        edge.map(|line| base::text::fold_width(&line.text).into_owned())
            .find(|line| anatomy::is_page_number(line))
            .and_then(|line| line.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok())
    };
    pages.iter().enumerate().map(|(page, marks)| printed(marks).unwrap_or(number(page))).collect()
}

fn note_unknown(file: &str, pages: &[Marks], form: &mut Form) {
    for (page, marks) in pages.iter().enumerate().filter(|(_, marks)| marks.unknown > 0) {
        let text = Names::of(
            format!("文字に直せない字形が{}あり、〓で示しました", marks.unknown),
            format!("{} glyphs could not be decoded and stand as 〓", marks.unknown),
        );
        form.remarks.push(Remark::warning(format!("{file}: page {}", number(page)), text));
    }
}

fn damaged(file: &str, why: &str) -> IntakeError {
    IntakeError::new(file, Trouble::Format { format: "PDF", why: why.to_owned() })
}
