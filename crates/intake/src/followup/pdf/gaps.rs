//! Rows and cells where no lines are ruled: columns lie between the gutters that hardly any line of text crosses;
//! rows begin after a gap over all columns, at a horizontal line, or where the measure above has ended in its
//! ministries. Rows found so are inferred, and say so.

use super::lines::{self, Line};
use super::marks::{Glyph, Marks};
use super::number;
use super::ruled::points;
use crate::followup::grid::{GridRow, Place, Slot, Words, trim};
use crate::followup::pieces::Piece;

/// A gutter is crossed by at most this part of the lines (headings cross it).
const CROSSED_BY: f64 = 0.12;
/// Gutters are at least this many points wide.
const GUTTER: usize = 5;
/// A gap between two lines of text, in line heights, that ends a row.
const ROW_GAP: f64 = 1.3;
/// Widest page, in points, whose gutters are looked for.
const WIDEST: usize = 5_000;

/// The rows of every page.
pub(super) fn rows(pages: &[Marks]) -> Vec<Vec<GridRow>> {
    let gutters = gutters(pages);
    pages.iter().enumerate().map(|(page, marks)| page_rows(marks, &gutters, number(page))).collect()
}

/// The right ends of the strips that stay free, over all pages together: the pages of a table are set alike, and
/// columns begin at one place where they end raggedly.
fn gutters(pages: &[Marks]) -> Vec<f64> {
    let mut text = vec![0_u32; WIDEST];
    let mut all = 0_u32;
    for row in pages.iter().flat_map(|marks| lines::rows(marks.glyphs.iter())) {
        all += 1;
        let mut bins: Vec<usize> = row
            .iter()
            .filter(|glyph| !glyph.text.trim().is_empty())
            .flat_map(|glyph| bin(glyph.left)..=bin(glyph.right))
            .collect();
        bins.sort_unstable();
        bins.dedup();
        for bin in bins {
            text[bin] += 1;
        }
    }
    let most = f64::from(all) * CROSSED_BY;
    let is_free = |bin: &usize| f64::from(text[*bin]) <= most;
    let (Some(first), Some(last)) =
        ((0..WIDEST).find(|bin| !is_free(bin)), (0..WIDEST).rev().find(|bin| !is_free(bin)))
    else {
        return Vec::new();
    };
    let mut gutters = Vec::new();
    let mut free = 0;
    for bin in first..=last {
        if is_free(&bin) {
            free += 1;
        } else {
            if free >= GUTTER {
                #[allow(clippy::cast_precision_loss, reason = "at most WIDEST")]
                gutters.push(bin as f64 - 1.5);
            }
            free = 0;
        }
    }
    gutters
}

fn bin(x: f64) -> usize {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "clamped to the page"
    )]
    let bin = x.clamp(0.0, (WIDEST - 1) as f64) as usize;
    bin
}

/// A line of text in one column, or over several.
struct Strip {
    column: usize,
    columns: usize,
    line: Line,
}

fn page_rows(marks: &Marks, gutters: &[f64], page: u32) -> Vec<GridRow> {
    let width = gutters.len() + 1;
    let pieces: Vec<Strip> =
        lines::rows(marks.glyphs.iter()).iter().flat_map(|row| pieces(row, gutters)).collect();
    let mut rows: Vec<GridRow> = Vec::new();
    for row in split(&pieces, &boundaries(marks), pitch(&pieces)) {
        let Some(first) = row.first() else { continue };
        let place = Place::Page(page, points(first.line.base));
        let mut slots = vec![Slot::Empty; width];
        for piece in row {
            let text = piece.line.text.as_str();
            match &mut slots[piece.column] {
                Slot::Text(words) => {
                    words.text.push('\n');
                    words.text.push_str(text);
                }
                slot => {
                    *slot =
                        Slot::Text(Words { text: text.to_owned(), columns: piece.columns, confidence: 100 });
                }
            }
        }
        rows.push(GridRow { inferred: true, ..GridRow::new(place, slots) });
    }
    rows
}

/// Cuts a line of text at the gutters that it leaves free.
fn pieces(row: &[&Glyph], gutters: &[f64]) -> Vec<Strip> {
    let column = |x: f64| gutters.partition_point(|gutter| *gutter <= x);
    let mut groups: Vec<Vec<&Glyph>> = Vec::new();
    let mut right: Option<f64> = None;
    for glyph in row {
        let blank = glyph.text.trim().is_empty();
        if blank && right.is_none() {
            continue;
        }
        let crosses =
            right.is_some_and(|right| gutters.iter().any(|gutter| right <= *gutter && *gutter <= glyph.left));
        if right.is_none() || crosses {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(glyph);
        }
        if !blank {
            right = Some(glyph.right);
        }
    }
    let piece = |glyphs: Vec<&Glyph>| {
        let line = lines::line(&glyphs);
        let (first, last) = (column(line.left), column(line.right - 0.5 * line.size));
        Strip { column: first, columns: last.max(first) - first + 1, line }
    };
    groups.into_iter().map(piece).filter(|piece| !trim(&piece.line.text).is_empty()).collect()
}

/// Heights of lines that are ruled over most of the text's width.
fn boundaries(marks: &Marks) -> Vec<f64> {
    let left = marks.glyphs.iter().map(|glyph| glyph.left).fold(f64::INFINITY, f64::min);
    let right = marks.glyphs.iter().map(|glyph| glyph.right).fold(0.0, f64::max);
    let long = marks.across.iter().filter(|rule| rule.to - rule.from > 0.7 * (right - left));
    let mut boundaries: Vec<f64> = long.map(|rule| rule.at).collect();
    boundaries.sort_by(f64::total_cmp);
    boundaries
}

/// The usual distance of two lines of one cell.
fn pitch(pieces: &[Strip]) -> f64 {
    let mut distances: Vec<f64> = Vec::new();
    for column in 0..=pieces.iter().map(|piece| piece.column).max().unwrap_or(0) {
        let bases: Vec<f64> =
            pieces.iter().filter(|piece| piece.column == column).map(|piece| piece.line.base).collect();
        distances.extend(bases.windows(2).map(|pair| pair[1] - pair[0]));
    }
    distances.sort_by(f64::total_cmp);
    distances.get(distances.len() / 2).copied().unwrap_or(f64::INFINITY)
}

/// Cuts the lines of a page, which come from the top, into rows.
fn split<'p>(pieces: &'p [Strip], boundaries: &[f64], pitch: f64) -> Vec<Vec<&'p Strip>> {
    let mut rows: Vec<Vec<&Strip>> = Vec::new();
    let mut base = f64::NEG_INFINITY;
    let mut measure_ended = false;
    for line in pieces.chunk_by(|a, b| (a.line.base - b.line.base).abs() < 0.3 * a.line.size.max(b.line.size))
    {
        let Some(at) = line.iter().map(|piece| piece.line.base).reduce(f64::min) else { continue };
        let first = line.iter().find(|piece| piece.column == 0);
        let alone = |row: &[&Strip]| row.len() == 1 && row[0].columns > 1;
        let begins = at - base > ROW_GAP * pitch
            || boundaries.iter().any(|boundary| (base..at).contains(boundary))
            || (measure_ended && first.is_some())
            || line.iter().any(|piece| piece.columns > 1)
            || rows.last().is_some_and(|row| alone(row));
        if begins || rows.is_empty() {
            rows.push(Vec::new());
            measure_ended = false;
        }
        if let Some(row) = rows.last_mut() {
            row.extend(line);
        }
        if let Some(piece) = first {
            measure_ended = Piece::of(trim(&piece.line.text)).mark;
        }
        base = line.iter().map(|piece| piece.line.base).fold(base, f64::max);
    }
    rows
}
