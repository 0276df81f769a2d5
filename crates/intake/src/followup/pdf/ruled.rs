//! Rows and cells from ruled lines: the lines cut the page into bands and columns; where a line is missing between
//! two fields, one cell covers both.

use std::collections::HashMap;

use super::lines;
use super::marks::{Glyph, Marks, Rule};
use crate::followup::grid::{GridRow, Place, Slot, Words};

/// Lines this near to each other are one: double lines, and borders drawn cell by cell.
const NEAR: f64 = 2.5;
/// Strokes of one line may be this far apart: dots, and borders that stop at crossings.
const GAP: f64 = 4.0;
/// More lines are a drawing, not a table.
const MOST_LINES: usize = 600;
const MOST_COLUMNS: usize = 60;

/// The rows of a page, with the lines of text beside its tables.
pub(super) fn rows(marks: &Marks, page: u32) -> Vec<GridRow> {
    let Some(frame) = Frame::of(marks) else { return beside(marks.glyphs.iter(), page) };
    let mut fields: Vec<Vec<Vec<&Glyph>>> = vec![vec![Vec::new(); frame.columns()]; frame.bands()];
    let mut owners = HashMap::new();
    for glyph in &marks.glyphs {
        let (x, y) = glyph.middle();
        let (band, column) = (frame.band(y), frame.column(x));
        let (band, column) = *owners.entry((band, column)).or_insert_with(|| frame.owner(band, column));
        fields[band][column].push(glyph);
    }
    let mut rows = Vec::new();
    for (band, fields) in fields.into_iter().enumerate() {
        if frame.is_beside(band) {
            rows.extend(beside(fields.into_iter().flatten(), page));
            continue;
        }
        let slots = fields.into_iter().enumerate().map(|(column, glyphs)| frame.slot(band, column, &glyphs));
        rows.push(GridRow::new(Place::Page(page, points(frame.ys[band])), slots.collect()));
    }
    rows
}

/// Lines of text that are in no table.
fn beside<'g>(glyphs: impl Iterator<Item = &'g Glyph>, page: u32) -> Vec<GridRow> {
    lines::of(glyphs)
        .into_iter()
        .map(|line| GridRow::beside(Place::Page(page, points(line.base)), line.text))
        .collect()
}

/// Whole points, for a place that a person reads.
pub(super) fn points(y: f64) -> u32 {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what a page can have"
    )]
    let points = y.clamp(0.0, 100_000.0) as u32;
    points
}

/// The lines of a page's tables.
struct Frame {
    xs: Vec<f64>,
    ys: Vec<f64>,
    across: Vec<Rule>,
    down: Vec<Rule>,
}

impl Frame {
    fn of(marks: &Marks) -> Option<Frame> {
        if marks.glyphs.is_empty() {
            return None;
        }
        let (across, down) = (merged(&marks.across), merged(&marks.down));
        if across.is_empty() || down.is_empty() || across.len() + down.len() > MOST_LINES {
            return None;
        }
        let mut xs = distinct(down.iter().map(|rule| rule.at));
        // A table may be open at its sides: text there is in a column too.
        let left = marks
            .glyphs
            .iter()
            .map(|glyph| glyph.left)
            .chain(across.iter().map(|rule| rule.from))
            .reduce(f64::min)?;
        let right = marks
            .glyphs
            .iter()
            .map(|glyph| glyph.right)
            .chain(across.iter().map(|rule| rule.to))
            .reduce(f64::max)?;
        if xs.first().is_some_and(|first| left < first - 2.0 * NEAR) {
            xs.insert(0, left);
        }
        if xs.last().is_some_and(|last| right > last + 2.0 * NEAR) {
            xs.push(right);
        }
        let ends = down.iter().flat_map(|rule| [rule.from, rule.to]);
        let (top, bottom) = (ends.clone().reduce(f64::min)?, ends.reduce(f64::max)?);
        let mut ys = distinct(across.iter().map(|rule| rule.at).chain([top, bottom]));
        ys.insert(0, f64::NEG_INFINITY);
        ys.push(f64::INFINITY);
        (3..=MOST_COLUMNS).contains(&xs.len()).then_some(Frame { xs, ys, across, down })
    }

    fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    fn bands(&self) -> usize {
        self.ys.len() - 1
    }

    fn band(&self, y: f64) -> usize {
        self.ys.partition_point(|other| *other <= y).clamp(1, self.bands()) - 1
    }

    fn column(&self, x: f64) -> usize {
        self.xs.partition_point(|other| *other <= x).clamp(1, self.columns()) - 1
    }

    /// Nothing stands between its fields, and nothing closes it.
    fn is_beside(&self, band: usize) -> bool {
        if band == 0 || band + 1 == self.bands() {
            return true;
        }
        let cut = self.down.iter().any(|rule| covers(rule, self.middle(band)));
        let x = f64::midpoint(self.xs[0], self.xs[self.columns()]);
        let closed = self.is_ruled(self.ys[band], x) && self.is_ruled(self.ys[band + 1], x);
        !cut && !closed
    }

    fn middle(&self, band: usize) -> f64 {
        f64::midpoint(self.ys[band], self.ys[band + 1])
    }

    fn is_ruled(&self, y: f64, x: f64) -> bool {
        self.across.iter().any(|rule| (rule.at - y).abs() <= NEAR && covers(rule, x))
    }

    /// A line stands on the left of the field.
    fn is_walled(&self, band: usize, column: usize) -> bool {
        let (x, y) = (self.xs[column], self.middle(band));
        column == 0 || self.down.iter().any(|rule| (rule.at - x).abs() <= NEAR && covers(rule, y))
    }

    /// A line stands above the field, or the table begins there.
    fn is_roofed(&self, band: usize, column: usize) -> bool {
        let x = f64::midpoint(self.xs[column], self.xs[column + 1]);
        self.is_ruled(self.ys[band], x) || band == 0 || self.is_beside(band - 1)
    }

    /// The first field of the cell that covers this one.
    fn owner(&self, mut band: usize, mut column: usize) -> (usize, usize) {
        if self.is_beside(band) {
            return (band, column);
        }
        while !self.is_walled(band, column) {
            column -= 1;
        }
        while !self.is_roofed(band, column) {
            band -= 1;
        }
        (band, column)
    }

    fn slot(&self, band: usize, column: usize, glyphs: &[&Glyph]) -> Slot {
        if !self.is_walled(band, column) {
            return Slot::Left;
        }
        if !self.is_roofed(band, column) {
            return Slot::Above;
        }
        let columns =
            1 + (column + 1..self.columns()).take_while(|column| !self.is_walled(band, *column)).count();
        words(glyphs, columns)
    }
}

/// The text of a cell.
pub(super) fn words(glyphs: &[&Glyph], columns: usize) -> Slot {
    let lines: Vec<String> = lines::of(glyphs.iter().copied()).into_iter().map(|line| line.text).collect();
    let text = lines.join("\n");
    let confidence = if text.contains('〓') { 50 } else { 100 };
    if text.trim().is_empty() { Slot::Empty } else { Slot::Text(Words { text, columns, confidence }) }
}

fn covers(rule: &Rule, place: f64) -> bool {
    (rule.from - NEAR..=rule.to + NEAR).contains(&place)
}

/// Strokes that lie on one line, joined.
fn merged(rules: &[Rule]) -> Vec<Rule> {
    let mut rules = rules.to_vec();
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut merged = Vec::new();
    for group in rules.chunk_by(|a, b| b.at - a.at <= NEAR / 2.0) {
        let mut group = group.to_vec();
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let at = group[0].at;
        let mut current: Option<Rule> = None;
        for rule in group {
            match &mut current {
                Some(last) if rule.from <= last.to + GAP => last.to = last.to.max(rule.to),
                _ => merged.extend(current.replace(Rule { at, ..rule })),
            }
        }
        merged.extend(current);
    }
    // What is left as short as a letter is a part of a drawing.
    merged.retain(|rule| rule.to - rule.from >= 8.0);
    merged
}

/// Places further apart than a double line, in order.
fn distinct(places: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut places: Vec<f64> = places.collect();
    places.sort_by(f64::total_cmp);
    places.dedup_by(|b, a| *b - *a <= NEAR);
    places
}
