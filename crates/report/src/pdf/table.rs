//! A table on pages: columns by what they hold, rows kept whole where a page has room for them, the head
//! repeated on every page. A row higher than a page is continued on the next.

use std::num::NonZeroU32;

use krilla::tagging::{TableHeaderScope, Tag, TagKind};

use super::canvas::Node;
use super::{LEADING, Layout, units};
use crate::columns;
use crate::flow::Line;
use crate::plain::{self, Runs, Tone};
use crate::words;
use crate::{Align, Cell, Row, RowKind, Table};

/// Sizes to try, from the most to the least readable.
const SIZES: [f32; 3] = [8.5, 7.5, 6.5];
const GAP: f32 = 8.0;
const PADDING: f32 = 2.5;
const NARROWEST_TEXT: f32 = 54.0;
const INDENT: &str = "　";

pub(super) fn place(page: &mut Layout<'_>, table: &Table) {
    if table.columns.is_empty() {
        return;
    }
    let heads: Vec<Runs> = (table.columns.iter().enumerate())
        .map(|(index, column)| vec![(Tone::Strong, words::column(column, index, &table.rows))])
        .collect();
    let grid = Grid::of(page, table, &heads);
    page.canvas.keep(grid.leading() * 5.0);
    let caption = page.filled(&vec![(Tone::Strong, table.caption.clone())], 9.5, 0.0);
    let mut nodes = vec![Node::group(Tag::Caption, caption)];

    let head = grid.cells(page, &heads);
    nodes.push(grid.head(page, table, &head, true));
    let mut rows = table.rows.iter().peekable();
    while let Some(row) = rows.next() {
        let lines = grid.row_cells(page, table, row);
        let below =
            if row.kind == RowKind::Group && rows.peek().is_some() { grid.leading() * 2.0 } else { 0.0 };
        nodes.push(grid.row(page, table, row, &lines, below, &head));
    }
    page.canvas.push(Node::group(Tag::Table, nodes));
    page.canvas.space(3.0);
    for column in &table.columns {
        if let Some(means) = &column.definition {
            let text = format!("{}{}{means}", column.name, words::colon(page.lang));
            page.paragraph(&vec![(Tone::Quiet, text)], 8.0);
        }
    }
    for note in &table.notes {
        page.paragraph(&plain::text(note, page.lang), 8.0);
    }
}

/// Where the columns stand.
struct Grid {
    size: f32,
    lefts: Vec<f32>,
    widths: Vec<f32>,
}

impl Grid {
    /// The largest size at which the figures fit; at the smallest, figures are wrapped as well.
    fn of(page: &Layout<'_>, table: &Table, heads: &[Runs]) -> Grid {
        let room = page.canvas.width() - GAP * gaps(table);
        let flexible: Vec<bool> = table.columns.iter().map(|column| column.align == Align::Left).collect();
        for size in SIZES {
            let mut widths = natural(page, table, heads, size);
            if columns::narrow(&mut widths, &flexible, units(room), units(NARROWEST_TEXT)) {
                return Grid::placed(size, &widths);
            }
        }
        let mut widths = natural(page, table, heads, SIZES[2]);
        columns::narrow(&mut widths, &vec![true; flexible.len()], units(room), 0);
        Grid::placed(SIZES[2], &widths)
    }

    #[allow(clippy::cast_precision_loss, reason = "lengths on a page")]
    fn placed(size: f32, widths: &[u32]) -> Grid {
        let widths: Vec<f32> = widths.iter().map(|width| *width as f32 / 100.0).collect();
        let mut left = 0.0;
        let lefts = widths.iter().map(|width| {
            let here = left;
            left += width + GAP;
            here
        });
        Grid { size, lefts: lefts.collect(), widths }
    }

    fn leading(&self) -> f32 {
        self.size * LEADING * 0.92
    }

    fn cells(&self, page: &Layout<'_>, cells: &[Runs]) -> Vec<Vec<Line<Tone>>> {
        cells
            .iter()
            .zip(&self.widths)
            .map(|(runs, width)| page.fill(runs, self.size, *width + 0.02))
            .collect()
    }

    fn row_cells(&self, page: &Layout<'_>, table: &Table, row: &Row) -> Vec<Vec<Line<Tone>>> {
        if row.kind == RowKind::Group {
            let name = row.cells.first().map(|cell| plain::cell(cell, page.lang)).unwrap_or_default();
            return vec![page.fill(&strong(name), self.size, page.canvas.width())];
        }
        let empty = Cell::empty();
        let cells = (0..table.columns.len()).map(|index| {
            let mut runs = plain::cell(row.cells.get(index).unwrap_or(&empty), page.lang);
            if index == 0 && row.indent > 0 {
                runs.insert(0, (Tone::Plain, INDENT.repeat(row.indent.into())));
            }
            if row.kind == RowKind::Total { strong(runs) } else { runs }
        });
        self.cells(page, &cells.collect::<Vec<_>>())
    }

    /// The head; only the first is read aloud.
    fn head(&self, page: &mut Layout<'_>, table: &Table, head: &[Vec<Line<Tone>>], first: bool) -> Node {
        let canvas_width = page.canvas.width();
        page.canvas.line(0.0, canvas_width, 0.8);
        page.canvas.space(PADDING);
        let mut cells: Vec<Vec<Node>> = head.iter().map(|_| Vec::new()).collect();
        for index in 0..height(head) {
            for (column, lines) in head.iter().enumerate() {
                let Some(line) = lines.get(index) else { continue };
                let x = self.x(table, column, line);
                if first {
                    cells[column].push(page.canvas.text_at(x, self.size, &line.runs));
                } else {
                    page.canvas.repeated_text_at(x, self.size, &line.runs);
                }
            }
            page.canvas.space(self.leading());
        }
        page.canvas.space(PADDING);
        page.canvas.line(0.0, canvas_width, 0.8);
        let tagged = cells.into_iter().map(|cell| Node::group(Tag::TH(TableHeaderScope::Column), cell));
        Node::group(Tag::TR, tagged.collect())
    }

    /// One row, on a new page if it does not fit here with `below` under it.
    fn row(
        &self,
        page: &mut Layout<'_>,
        table: &Table,
        row: &Row,
        lines: &[Vec<Line<Tone>>],
        below: f32,
        head: &[Vec<Line<Tone>>],
    ) -> Node {
        #[allow(clippy::cast_precision_loss, reason = "lines on a page")]
        let full = height(lines) as f32 * self.leading() + 2.0 * PADDING + below;
        if page.canvas.keep(full.min(PAGE_OF_ROWS)) {
            let _ = self.head(page, table, head, false);
        }
        page.canvas.space(PADDING);
        let mut cells: Vec<Vec<Node>> = lines.iter().map(|_| Vec::new()).collect();
        for index in 0..height(lines) {
            if page.canvas.keep(self.leading()) {
                let _ = self.head(page, table, head, false);
                page.canvas.space(PADDING);
            }
            for (column, lines) in lines.iter().enumerate() {
                let Some(line) = lines.get(index) else { continue };
                let x = if row.kind == RowKind::Group { 0.0 } else { self.x(table, column, line) };
                cells[column].push(page.canvas.text_at(x, self.size, &line.runs));
            }
            page.canvas.space(self.leading());
        }
        page.canvas.space(PADDING);
        let width = page.canvas.width();
        page.canvas.line(0.0, width, if row.kind == RowKind::Total { 0.8 } else { 0.25 });
        let tagged =
            cells.into_iter().enumerate().map(|(column, cell)| Node::group(tag(table, row, column), cell));
        Node::group(Tag::TR, tagged.collect())
    }

    #[allow(clippy::cast_precision_loss, reason = "lengths on a page")]
    fn x(&self, table: &Table, column: usize, line: &Line<Tone>) -> f32 {
        match table.columns[column].align {
            Align::Left => self.lefts[column],
            Align::Right => self.lefts[column] + (self.widths[column] - line.width as f32 / 100.0).max(0.0),
        }
    }
}

/// A row higher than this is not kept whole.
const PAGE_OF_ROWS: f32 = 500.0;

fn tag(table: &Table, row: &Row, column: usize) -> TagKind {
    if row.kind == RowKind::Group {
        let span = u32::try_from(table.columns.len()).ok().and_then(NonZeroU32::new);
        return Tag::TH(TableHeaderScope::Row).with_col_span(span).into();
    }
    if column == 0 && table.columns[0].align == Align::Left {
        Tag::TH(TableHeaderScope::Row).into()
    } else {
        Tag::TD.into()
    }
}

/// The width each column would like to have.
fn natural(page: &Layout<'_>, table: &Table, heads: &[Runs], size: f32) -> Vec<u32> {
    let typeface = page.canvas.typeface();
    let widest =
        |runs: &Runs| plain::joined(runs).lines().map(|line| typeface.units(line, size)).max().unwrap_or(0);
    let mut widths: Vec<u32> = heads.iter().map(widest).collect();
    for row in table.rows.iter().filter(|row| row.kind != RowKind::Group) {
        for (index, (width, cell)) in widths.iter_mut().zip(&row.cells).enumerate() {
            let indent = if index == 0 { INDENT.repeat(row.indent.into()) } else { String::new() };
            let wanted = widest(&plain::cell(cell, page.lang)) + typeface.units(&indent, size);
            *width = (*width).max(wanted);
        }
    }
    widths
}

#[allow(clippy::cast_precision_loss, reason = "a few columns")]
fn gaps(table: &Table) -> f32 {
    table.columns.len().saturating_sub(1) as f32
}

fn height(cells: &[Vec<Line<Tone>>]) -> usize {
    cells.iter().map(Vec::len).max().unwrap_or(0)
}

fn strong(runs: Runs) -> Runs {
    runs.into_iter()
        .map(|(tone, text)| (if tone == Tone::Plain { Tone::Strong } else { tone }, text))
        .collect()
}
