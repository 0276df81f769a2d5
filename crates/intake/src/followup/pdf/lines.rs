//! Characters to lines of text: what stands on one base line, from left to right.

use super::marks::Glyph;

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub text: String,
    pub left: f64,
    pub right: f64,
    pub base: f64,
    pub size: f64,
}

/// Letters of one line stand within half a letter's height of each other: small and raised ones too.
const SAME_LINE: f64 = 0.5;
/// A gap as wide as this part of the letter is a word space, between Latin letters.
const WORD_SPACE: f64 = 0.18;
/// Bold letters are drawn twice, this part of the letter apart at most.
const DRAWN_TWICE: f64 = 0.12;

/// The lines of a heap of characters, from the top.
pub(super) fn of<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> Vec<Line> {
    rows(glyphs).into_iter().map(|row| line(&row)).filter(|line| !line.text.trim().is_empty()).collect()
}

/// The characters of each line, from left to right.
pub(super) fn rows<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> Vec<Vec<&'g Glyph>> {
    let mut glyphs: Vec<&Glyph> = glyphs.collect();
    glyphs.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut rows: Vec<Vec<&Glyph>> = Vec::new();
    let (mut base, mut size) = (f64::NEG_INFINITY, 0.0_f64);
    for glyph in glyphs {
        if glyph.base - base > SAME_LINE * size.max(glyph.size) || rows.is_empty() {
            rows.push(Vec::new());
            (base, size) = (glyph.base, glyph.size);
        }
        size = size.max(glyph.size);
        if let Some(row) = rows.last_mut() {
            row.push(glyph);
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        row.dedup_by(|b, a| a.text == b.text && (b.left - a.left).abs() <= DRAWN_TWICE * a.size);
    }
    rows
}

/// One line. Blanks are those printed, and gaps between Latin letters that some programs leave instead.
pub(super) fn line(glyphs: &[&Glyph]) -> Line {
    let mut text = String::new();
    let mut right = f64::INFINITY;
    for glyph in glyphs {
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_graphic());
        let gap = glyph.left - right > WORD_SPACE * glyph.size;
        if gap && latin(text.chars().next_back()) && latin(glyph.text.chars().next()) {
            text.push(' ');
        }
        text.push_str(&glyph.text);
        right = glyph.right;
    }
    let over = |f: fn(&Glyph) -> f64, pick: fn(f64, f64) -> f64| {
        glyphs.iter().map(|glyph| f(glyph)).reduce(pick).unwrap_or_default()
    };
    Line {
        text,
        left: over(|glyph| glyph.left, f64::min),
        right: over(|glyph| glyph.right, f64::max),
        base: over(|glyph| glyph.base, f64::max),
        size: over(|glyph| glyph.size, f64::max),
    }
}
