//! The page's geometry, inferred from its text: how wide a full line of each column is. A piece whose sentence goes on
//! below must fill its column; no piece can be wider.

use super::pieces::Piece;

/// Width of a full line of each column, in half-width units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub widths: [i32; 3],
}

/// A line may stop short of its column's edge by this much: a wide character that no longer fits, a closing bracket
/// pulled down, a Latin word moved whole.
const SHORT_BY: i32 = 8;
/// A line may stand out by this much: punctuation hung over the edge, squeezed brackets.
const OVER_BY: i32 = 4;

impl Layout {
    /// What it costs that a piece whose text goes on below is shorter than its column.
    pub(super) fn not_full(&self, column: usize, piece: &Piece) -> f32 {
        let gap = self.widths[column] - SHORT_BY - piece.width;
        (as_f32(gap.max(0)) * 0.25).min(7.0)
    }

    /// What it costs that a piece is wider than its column.
    pub(super) fn too_wide(&self, column: usize, piece: &Piece) -> f32 {
        let over = piece.width - self.widths[column] - OVER_BY;
        (as_f32(over.max(0)) * 0.3).min(14.0)
    }

    /// The layouts worth trying first: every way to give the widths at which full lines pile up to the columns.
    pub(super) fn candidates(pieces: &[i32]) -> Vec<Layout> {
        let peaks = peaks(pieces);
        let mut layouts = Vec::new();
        for a in &peaks {
            for b in &peaks {
                for c in &peaks {
                    layouts.push(Layout { widths: [*a, *b, *c] });
                }
            }
        }
        layouts
    }

    /// The layout seen in an assignment: near the widest of each column's lines that go on below.
    pub(super) fn observed(&self, full: &[Vec<i32>; 3]) -> Layout {
        let mut widths = self.widths;
        for (width, seen) in widths.iter_mut().zip(full) {
            let mut seen = seen.clone();
            seen.sort_unstable();
            if seen.len() >= 3 {
                // The widest few may be misplaced pieces: the ninth decile is the edge.
                *width = seen[(seen.len() - 1) * 9 / 10];
            }
        }
        Layout { widths }
    }
}

fn as_f32(units: i32) -> f32 {
    f32::from(i16::try_from(units).unwrap_or(i16::MAX))
}

/// Widths at which lines pile up, widest first: at most four, at least 12 units apart.
fn peaks(widths: &[i32]) -> Vec<i32> {
    let near = |centre: i32| widths.iter().filter(|width| (centre - 6..=centre + 2).contains(*width)).count();
    let mut candidates: Vec<(usize, i32)> =
        widths.iter().filter(|width| **width >= 24).map(|width| (near(*width), *width)).collect();
    candidates.sort_unstable_by(|a, b| b.cmp(a));
    let mut peaks: Vec<i32> = Vec::new();
    for (_, width) in candidates {
        if peaks.len() < 4 && peaks.iter().all(|peak| (peak - width).abs() >= 8) {
            peaks.push(width);
        }
    }
    if peaks.is_empty() {
        peaks.push(widths.iter().copied().max().unwrap_or(80));
    }
    peaks.sort_unstable_by(|a, b| b.cmp(a));
    peaks
}
