//! A document as a workbook: a sheet of contents that holds the running text and links to the tables, one
//! sheet per table in which figures are numbers, and the sources. Text is never taken for a formula.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet,
    XlsxError,
};
use unicode_width::UnicodeWidthStr;

use base::Lang;

use crate::{Align, Block, Cell, Column, Content, Document, Number, RowKind, Table};
use crate::{plain, words};

/// A workbook that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// A limit of the format: more than 1,048,576 rows, or a text of more than 32,767 characters.
    #[error("sheet `{sheet}` cannot be written as XLSX: {why}; write the answer as CSV or HTML instead")]
    Limit {
        /// The sheet.
        sheet: String,
        /// The limit.
        why: XlsxError,
    },
    /// The workbook as a whole.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
}

/// The widest column, in characters; longer text is wrapped.
const WIDEST: f64 = 60.0;

/// The bytes of the workbook.
pub fn workbook(document: &Document) -> Result<Vec<u8>, Unwritable> {
    let mut book = Workbook::new();
    // No clock here: the same answer is the same file.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_title(&document.title).set_creation_datetime(&day));
    let looks = Looks::new();
    let tables: Vec<&Table> = document.tables().map(|(_, table)| table).collect();
    let names: Vec<String> =
        tables.iter().enumerate().map(|(index, table)| sheet_name(index + 1, &table.caption)).collect();

    let contents = words::contents(document.lang);
    let sheet = book.add_worksheet();
    contents_sheet(sheet, contents, document, &names, &looks).map_err(|why| limit(contents, why))?;
    for (table, name) in tables.iter().zip(&names) {
        let sheet = book.add_worksheet();
        table_sheet(sheet, name, table, document.lang, &looks).map_err(|why| limit(name, why))?;
    }
    if !document.sources.is_empty() {
        let sources = words::sources(document.lang);
        let sheet = book.add_worksheet();
        sources_sheet(sheet, sources, document, &looks).map_err(|why| limit(sources, why))?;
    }
    Ok(book.save_to_buffer()?)
}

fn limit(sheet: &str, why: XlsxError) -> Unwritable {
    Unwritable::Limit { sheet: sheet.to_owned(), why }
}

/// The few formats a workbook needs.
struct Looks {
    title: Format,
    head: Format,
    head_right: Format,
    text: Format,
    strong: Format,
    /// Text that a spreadsheet would take for a formula once somebody edits the cell.
    quoted: Format,
    right: Format,
    strong_right: Format,
}

impl Looks {
    fn new() -> Self {
        let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let head = text
            .clone()
            .set_bold()
            .set_border_bottom(FormatBorder::Medium)
            .set_background_color(Color::RGB(0xE8_F1FE));
        Looks {
            title: Format::new().set_bold().set_font_size(16),
            head_right: head.clone().set_align(FormatAlign::Right),
            head,
            strong: text.clone().set_bold(),
            quoted: text.clone().set_quote_prefix(),
            right: text.clone().set_align(FormatAlign::Right),
            strong_right: text.clone().set_align(FormatAlign::Right).set_bold(),
            text,
        }
    }
    fn number(number: &Number, strong: bool) -> Format {
        let decimals = match number {
            Number::Integer(_) => 0,
            Number::Decimal(digits) => digits.split_once('.').map_or(0, |(_, fraction)| fraction.len()),
        };
        let pattern = if decimals == 0 { "#,##0".into() } else { format!("#,##0.{}", "0".repeat(decimals)) };
        let format = Format::new().set_num_format(pattern).set_align(FormatAlign::Top);
        if strong { format.set_bold() } else { format }
    }
}

/// The answer in reading order; a table is a link to its sheet, with its notes below.
fn contents_sheet(
    sheet: &mut Worksheet,
    name: &str,
    document: &Document,
    names: &[String],
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_column_width(0, 24)?.set_column_width(1, 80)?;
    sheet.write_string_with_format(0, 0, &document.title, &looks.title)?;
    if let Some(subtitle) = &document.subtitle {
        sheet.write_string(1, 0, subtitle)?;
    }
    let mut row = 3;
    let mut names = names.iter();
    for block in &document.blocks {
        row = contents_block(sheet, row, block, document.lang, &mut names, looks)?;
    }
    Ok(())
}

/// Writes one block and returns the next free row.
fn contents_block<'a>(
    sheet: &mut Worksheet,
    mut row: u32,
    block: &Block,
    lang: Lang,
    names: &mut impl Iterator<Item = &'a String>,
    looks: &Looks,
) -> Result<u32, XlsxError> {
    let written = |text| plain::joined(&plain::text(text, lang));
    match block {
        Block::Heading { text, .. } => put(sheet, row, 0, text, &looks.strong, looks)?,
        Block::Paragraph(text) => put(sheet, row, 1, &written(text), &looks.text, looks)?,
        Block::Note { severity, text } => {
            put(sheet, row, 0, &words::severity(*severity, lang), &looks.text, looks)?;
            put(sheet, row, 1, &written(text), &looks.text, looks)?;
        }
        Block::List(points) => {
            for point in points {
                put(sheet, row, 1, &format!("・{}", written(point)), &looks.text, looks)?;
                row += 1;
            }
            return Ok(row);
        }
        Block::Facts(facts) => {
            for (label, cell) in facts {
                put(sheet, row, 0, label, &looks.text, looks)?;
                put(sheet, row, 1, &plain::joined(&plain::cell(cell, lang)), &looks.text, looks)?;
                row += 1;
            }
            return Ok(row);
        }
        Block::Table(table) => {
            if let Some(name) = names.next() {
                let target = format!("internal:'{}'!A1", name.replace('\'', "''"));
                sheet.write_url_with_text(row, 1, Url::new(target), &table.caption)?;
            }
            let defined = table.columns.iter().filter_map(|column| {
                column
                    .definition
                    .as_ref()
                    .map(|means| format!("{}{}{means}", column.name, words::colon(lang)))
            });
            for note in defined.chain(table.notes.iter().map(written)) {
                row += 1;
                put(sheet, row, 1, &note, &looks.text, looks)?;
            }
        }
    }
    Ok(row + 1)
}

/// A column of the sheet: the table's group, a column of the table, or what stands behind its figures.
enum SheetColumn {
    Group,
    Value(usize),
    Printed(usize),
}

/// A header row and one record a row, nothing else, so that it can be filtered and read by machines.
fn table_sheet(
    sheet: &mut Worksheet,
    name: &str,
    table: &Table,
    lang: Lang,
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let columns = sheet_columns(table, lang);
    let mut widths: Vec<f64> = Vec::new();
    for (index, column) in (0_u16..).zip(&columns) {
        let (head, format) = match column {
            SheetColumn::Group => (lang.pick("区分", "Group").to_owned(), &looks.head),
            SheetColumn::Value(at) => (head(&table.columns[*at]), head_look(&table.columns[*at], looks)),
            SheetColumn::Printed(at) => (
                format!("{} {}", table.columns[*at].name, lang.pick("印字・出典", "as printed, sources")),
                &looks.head,
            ),
        };
        put(sheet, 0, index, &head, format, looks)?;
        widths.push(width(&head));
    }
    let mut group = String::new();
    let mut line = 0;
    for row in &table.rows {
        if row.kind == RowKind::Group {
            group = row.cells.first().map(|cell| plain::joined(&plain::cell(cell, lang))).unwrap_or_default();
            continue;
        }
        line += 1;
        let strong = row.kind == RowKind::Total;
        for (index, column) in (0_u16..).zip(&columns) {
            let empty = Cell::empty();
            let cell = |at: &usize| row.cells.get(*at).unwrap_or(&empty);
            let taken = match column {
                SheetColumn::Group => put_width(sheet, line, index, &group, &looks.text, looks)?,
                SheetColumn::Printed(at) => {
                    let text = plain::joined(&plain::cell(cell(at), lang));
                    put_width(sheet, line, index, &text, &looks.text, looks)?
                }
                SheetColumn::Value(at) => {
                    value(sheet, line, index, cell(at), table.columns[*at].align, strong, lang, looks)?
                }
            };
            if let Some(widest) = widths.get_mut(usize::from(index)) {
                *widest = widest.max(taken);
            }
        }
    }
    for (index, width) in (0_u16..).zip(&widths) {
        sheet.set_column_width(index, (width + 3.0).min(WIDEST))?;
    }
    sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    if let Some(last) = u16::try_from(columns.len()).ok().and_then(|count| count.checked_sub(1)) {
        sheet.autofilter(0, 0, line, last)?;
    }
    Ok(())
}

/// Groups become a column, so that no row depends on the one above it. Figures with sources, or printed
/// otherwise than they are stored, get a column beside them.
fn sheet_columns(table: &Table, lang: Lang) -> Vec<SheetColumn> {
    let mut columns = Vec::new();
    if table.rows.iter().any(|row| row.kind == RowKind::Group) {
        columns.push(SheetColumn::Group);
    }
    for (at, column) in table.columns.iter().enumerate() {
        columns.push(SheetColumn::Value(at));
        let mut cells = table.rows.iter().filter_map(|row| row.cells.get(at));
        let says_more = |cell: &Cell| match &cell.content {
            Content::Figure { value, text } => {
                text.replace(',', "") != value.to_string() || !plain::marks(cell, lang).is_empty()
            }
            _ => !plain::marks(cell, lang).is_empty(),
        };
        if column.align == Align::Right && cells.any(says_more) {
            columns.push(SheetColumn::Printed(at));
        }
    }
    columns
}

/// Figures are numbers. What is not an exact figure (a bound, an absence) is text, so that no sum takes it in.
#[allow(clippy::too_many_arguments, reason = "a cell, its place and its look")]
fn value(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    align: Align,
    strong: bool,
    lang: Lang,
    looks: &Looks,
) -> Result<f64, XlsxError> {
    if let Content::Figure { value, text } = &cell.content {
        let year = !text.contains(',') && matches!(value, Number::Integer(1868..=2200));
        let format = if year { &looks.right } else { &Looks::number(value, strong) };
        sheet.write_number_with_format(row, column, value.to_f64(), format)?;
        return Ok(width(&value.to_string()) * 1.35);
    }
    let (text, format) = match (align, strong) {
        (Align::Right, false) => (plain::value(cell, lang), &looks.right),
        (Align::Right, true) => (plain::value(cell, lang), &looks.strong_right),
        (Align::Left, false) => (plain::cell(cell, lang), &looks.text),
        (Align::Left, true) => (plain::cell(cell, lang), &looks.strong),
    };
    put_width(sheet, row, column, &plain::joined(&text), format, looks)
}

fn sources_sheet(
    sheet: &mut Worksheet,
    name: &str,
    document: &Document,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let lang = document.lang;
    sheet.set_name(name)?.set_column_width(0, 8)?.set_column_width(1, 80)?.set_column_width(2, WIDEST)?;
    for (index, head) in (0_u16..).zip([lang.pick("番号", "Number"), words::sources(lang), "URL"]) {
        put(sheet, 0, index, head, &looks.head, looks)?;
    }
    for (index, cited) in (1_u32..).zip(&document.sources) {
        sheet.write_number(index, 0, index)?;
        put(sheet, index, 1, &words::source(cited, lang), &looks.text, looks)?;
        put(sheet, index, 2, cited.source.url.as_deref().unwrap_or_default(), &looks.text, looks)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
    looks: &Looks,
) -> Result<(), XlsxError> {
    if text.is_empty() {
        return Ok(());
    }
    let formula_like = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    sheet.write_string_with_format(row, column, text, if formula_like { &looks.quoted } else { format })?;
    Ok(())
}

fn put_width(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
    looks: &Looks,
) -> Result<f64, XlsxError> {
    put(sheet, row, column, text, format, looks)?;
    Ok(width(text))
}

#[allow(clippy::cast_precision_loss, reason = "a column width")]
fn width(text: &str) -> f64 {
    text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0) as f64
}

fn head(column: &Column) -> String {
    match &column.unit {
        Some(unit) => format!("{} ({unit})", column.name),
        None => column.name.clone(),
    }
}

fn head_look<'a>(column: &Column, looks: &'a Looks) -> &'a Format {
    if column.align == Align::Right { &looks.head_right } else { &looks.head }
}

/// A short, unique name without the signs that a sheet's name may not hold.
fn sheet_name(number: usize, caption: &str) -> String {
    let kept = caption.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c });
    let mut name = format!("{number} ");
    for c in kept {
        // The limit of 31 counts UTF-16 units.
        if name.encode_utf16().count() + c.len_utf16() > 31 {
            break;
        }
        name.push(c);
    }
    name.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_short_unique_and_clean() {
        assert_eq!(sheet_name(1, "予算 [R7/R8]"), "1 予算 _R7_R8_");
        assert_eq!(sheet_name(12, ""), "12");
        assert_eq!(sheet_name(1, &"事".repeat(80)).encode_utf16().count(), 31);
        assert!(sheet_name(1, &"𠮷".repeat(80)).encode_utf16().count() <= 31);
    }
}
