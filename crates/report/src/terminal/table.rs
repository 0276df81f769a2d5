//! A table on the terminal: columns side by side where they fit, text columns narrowed where that helps,
//! and otherwise one stacked record a row.

use std::io;

use super::Page;
use super::ink::columns;
use crate::flow::Line;
use crate::plain::{self, Runs, Tone};
use crate::words;
use crate::{Align, Cell, Row, RowKind, Table};

/// Blanks between columns.
const GAP: usize = 2;
/// A text column narrower than this is a nuisance to read.
const NARROWEST_TEXT: usize = 14;
/// Blanks for each level of indent.
const INDENT: usize = 2;

pub(super) fn write(page: &mut Page<'_>, table: &Table) -> io::Result<()> {
    if !table.caption.is_empty() {
        page.filled("", "", &vec![(Tone::Strong, table.caption.clone())])?;
    }
    let heads: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| words::column(column, index, &table.rows))
        .collect();
    let layout = Layout::of(page, table, &heads);
    match layout {
        Some(layout) => side_by_side(page, table, &heads, &layout)?,
        None => stacked(page, table, &heads)?,
    }
    for (column, head) in table.columns.iter().zip(&heads) {
        if let Some(definition) = &column.definition {
            let text = format!("{head}{}{definition}", words::colon(page.lang));
            page.filled("  ", "    ", &vec![(Tone::Quiet, text)])?;
        }
    }
    for note in &table.notes {
        page.filled("  ", "    ", &plain::text(note, page.lang))?;
    }
    Ok(())
}

/// The width of each column, and of the marks behind the figures in it.
struct Layout {
    widths: Vec<usize>,
    marks: Vec<usize>,
}

impl Layout {
    /// `None` where the columns would be too narrow to be read.
    fn of(page: &Page<'_>, table: &Table, heads: &[String]) -> Option<Layout> {
        let count = table.columns.len();
        let mut widths: Vec<usize> = heads.iter().map(|head| page.measure(head)).collect();
        let mut marks = vec![0; count];
        let mut values = vec![0; count];
        for row in table.rows.iter().filter(|row| row.kind != RowKind::Group) {
            for (index, cell) in row.cells.iter().take(count).enumerate() {
                let indent = if index == 0 { usize::from(row.indent) * INDENT } else { 0 };
                values[index] = values[index].max(indent + widest_line(page, &plain::value(cell, page.lang)));
                marks[index] = marks[index].max(page.measure(&plain::joined(&plain::marks(cell, page.lang))));
            }
        }
        for index in 0..count {
            widths[index] = widths[index].max(values[index] + marks[index]);
        }
        let gaps = GAP * count.saturating_sub(1);
        let room = page.width.checked_sub(gaps)?;
        let flexible: Vec<bool> = table.columns.iter().map(|column| column.align == Align::Left).collect();
        let mut fitted: Vec<u32> = widths.iter().map(|width| columns(*width)).collect();
        if !crate::columns::narrow(&mut fitted, &flexible, columns(room), columns(NARROWEST_TEXT)) {
            return None;
        }
        let widths = fitted.into_iter().map(|width| width as usize).collect();
        Some(Layout { widths, marks })
    }
}

fn widest_line(page: &Page<'_>, runs: &Runs) -> usize {
    plain::joined(runs).lines().map(|line| page.measure(&super::ink::harmless(line))).max().unwrap_or(0)
}

fn side_by_side(page: &mut Page<'_>, table: &Table, heads: &[String], layout: &Layout) -> io::Result<()> {
    let head_cells: Vec<_> = heads.iter().map(|head| vec![(Tone::Strong, head.clone())]).collect();
    let filled = fill_cells(page, &head_cells, layout);
    put_row(page, table, layout, &filled)?;
    let rule: Vec<String> =
        layout.widths.iter().map(|width| "─".repeat(width / page.measure("─").max(1))).collect();
    let rule: Vec<String> = rule
        .iter()
        .zip(&layout.widths)
        .map(|(rule, width)| format!("{rule}{}", " ".repeat(width - page.measure(rule))))
        .collect();
    let rule = rule.join(&" ".repeat(GAP));
    writeln!(page.out, "{}", page.ink.paint(Tone::Quiet, rule.trim_end()))?;
    let rows: Vec<_> = table.rows.iter().map(|row| (row.kind, laid_out(page, table, row, layout))).collect();
    let airy =
        rows.iter().any(|(kind, cells)| *kind != RowKind::Group && cells.iter().any(|lines| lines.len() > 1));
    for (index, (row, (kind, cells))) in table.rows.iter().zip(&rows).enumerate() {
        if index > 0 && (airy || *kind == RowKind::Group) {
            writeln!(page.out)?;
        }
        if *kind == RowKind::Group {
            group(page, row)?;
        } else {
            put_row(page, table, layout, cells)?;
        }
    }
    Ok(())
}

fn group(page: &mut Page<'_>, row: &Row) -> io::Result<()> {
    let name = row.cells.first().map(|cell| plain::cell(cell, page.lang)).unwrap_or_default();
    page.filled("▸ ", "  ", &strong(name))
}

/// Each cell of a row filled to its column.
fn laid_out(page: &Page<'_>, table: &Table, row: &Row, layout: &Layout) -> Vec<Vec<Line<Tone>>> {
    let empty = Cell::empty();
    let cells = (0..table.columns.len()).map(|index| {
        let cell = row.cells.get(index).unwrap_or(&empty);
        let mut runs = plain::cell(cell, page.lang);
        if table.columns[index].align == Align::Right {
            let missing = layout.marks[index] - page.measure(&plain::joined(&plain::marks(cell, page.lang)));
            runs.push((Tone::Plain, "\u{00A0}".repeat(missing)));
        }
        if index == 0 && row.indent > 0 {
            runs.insert(0, (Tone::Plain, "\u{00A0}".repeat(INDENT * usize::from(row.indent))));
        }
        if row.kind == RowKind::Total { strong(runs) } else { runs }
    });
    fill_cells(page, &cells.collect::<Vec<_>>(), layout)
}

fn fill_cells(page: &Page<'_>, cells: &[Runs], layout: &Layout) -> Vec<Vec<Line<Tone>>> {
    cells.iter().zip(&layout.widths).map(|(runs, width)| page.fill(runs, *width)).collect()
}

fn put_row(page: &mut Page<'_>, table: &Table, layout: &Layout, cells: &[Vec<Line<Tone>>]) -> io::Result<()> {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for row in 0..height {
        let mut text = String::new();
        for (index, lines) in cells.iter().enumerate() {
            if index > 0 {
                text.push_str(&" ".repeat(GAP));
            }
            let (line, width) = match lines.get(row) {
                Some(line) => (page.painted(line), usize::try_from(line.width).unwrap_or(0)),
                None => (String::new(), 0),
            };
            let blanks = " ".repeat(layout.widths[index].saturating_sub(width));
            match table.columns[index].align {
                Align::Left => text.extend([line, blanks]),
                Align::Right => text.extend([blanks, line]),
            }
        }
        writeln!(page.out, "{}", text.replace('\u{00A0}', " ").trim_end())?;
    }
    Ok(())
}

/// One record a row: the first cell as its name, the others labelled below it.
fn stacked(page: &mut Page<'_>, table: &Table, heads: &[String]) -> io::Result<()> {
    for (index, row) in table.rows.iter().enumerate() {
        if index > 0 {
            writeln!(page.out)?;
        }
        if row.kind == RowKind::Group {
            group(page, row)?;
            continue;
        }
        let indent = " ".repeat(INDENT * usize::from(row.indent).min(3));
        let name = row.cells.first().map(|cell| plain::cell(cell, page.lang)).unwrap_or_default();
        page.filled(&indent, &indent, &strong(name))?;
        for (head, cell) in heads.iter().zip(&row.cells).skip(1) {
            if *cell != Cell::empty() {
                page.labelled(&format!("{indent}  "), head, cell)?;
            }
        }
    }
    Ok(())
}

fn strong(runs: Runs) -> Runs {
    runs.into_iter()
        .map(|(tone, text)| (if tone == Tone::Plain { Tone::Strong } else { tone }, text))
        .collect()
}
