//! The typeface of a PDF: which glyph shows a character, how wide it is, and which characters it lacks.
//! Latin and Japanese need no shaping beyond that; scripts that do are not promised.

use std::collections::HashMap;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider};

use super::Unwritable;

/// What stands for a character that the typeface lacks (geta mark, as Japanese printers use it).
const GETA: char = '〓';

static SHIPPED: &[u8] = include_bytes!("../../assets/NotoSansJP-subset.ttf");

/// A typeface that has been read.
#[derive(Clone)]
pub struct Typeface {
    font: Font,
    /// Glyph and width, in parts of the size, of every character it has.
    glyphs: HashMap<char, (GlyphId, f32)>,
}

impl std::fmt::Debug for Typeface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Typeface of {} characters", self.glyphs.len())
    }
}

impl Typeface {
    /// The typeface that comes with the program: a subset of Noto Sans JP.
    pub fn shipped() -> Result<Self, Unwritable> {
        Self::read(SHIPPED, Font::new(SHIPPED.into(), 0))
    }
    /// Another typeface: the bytes of a TrueType or OpenType file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unwritable> {
        Self::read(bytes, Font::new(bytes.to_vec().into(), 0))
    }

    fn read(bytes: &[u8], font: Option<Font>) -> Result<Self, Unwritable> {
        let face = FontRef::new(bytes).map_err(|_| Unwritable::Typeface)?;
        let em = face.head().map(|head| f32::from(head.units_per_em())).map_err(|_| Unwritable::Typeface)?;
        let metrics = face.glyph_metrics(Size::unscaled(), LocationRef::default());
        let glyphs = face.charmap().mappings().filter_map(|(code, glyph)| {
            let width = metrics.advance_width(glyph)? / em;
            Some((char::from_u32(code)?, (GlyphId::new(glyph.to_u32()), width)))
        });
        Ok(Typeface { font: font.ok_or(Unwritable::Typeface)?, glyphs: glyphs.collect() })
    }

    pub(super) fn font(&self) -> Font {
        self.font.clone()
    }
    /// The width of a text in points.
    pub(super) fn measure(&self, text: &str, size: f32) -> f32 {
        let drawn = text.chars().filter(|c| !is_selector(*c));
        drawn.map(|c| self.glyph(c).map_or(1.0, |(_, width)| width)).sum::<f32>() * size
    }
    /// The width of a text in the unit of [`crate::flow`]; the width of a text is the sum of its parts.
    pub(super) fn units(&self, text: &str, size: f32) -> u32 {
        text.chars().map(|c| super::units(self.measure(c.encode_utf8(&mut [0; 4]), size))).sum()
    }
    /// The text as it can be drawn, its glyphs, and the characters that had to be replaced.
    pub(super) fn set(&self, text: &str) -> (String, Vec<KrillaGlyph>, Vec<char>) {
        let (mut drawn, mut glyphs, mut missing) = (String::new(), Vec::new(), Vec::new());
        for c in text.chars().filter(|c| !is_selector(*c)) {
            let shown = if self.glyph(c).is_some() { c } else { GETA };
            if shown != c {
                missing.push(c);
            }
            let Some((glyph, width)) = self.glyph(shown) else { continue };
            let start = drawn.len();
            drawn.push(shown);
            glyphs.push(KrillaGlyph::new(glyph, width, 0.0, 0.0, 0.0, start..drawn.len(), None));
        }
        (drawn, glyphs, missing)
    }
    /// Tabs and no-break blanks are blanks.
    fn glyph(&self, c: char) -> Option<(GlyphId, f32)> {
        let c = if c == '\t' || c == '\u{A0}' { ' ' } else { c };
        self.glyphs.get(&c).copied()
    }
}

/// A selector of a variant of the character before it has no glyph of its own.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}
