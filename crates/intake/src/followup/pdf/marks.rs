//! What is printed on a page: characters with their places, and ruled lines. All in points from the page's top left.

use std::cell::Cell;

use base::text::fold_width;
use hayro_interpret::font::{Glyph as Drawn, GlyphRun, PositionedGlyph};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, RenderContent, SoftMask, TransformExt, interpret_page,
};
use hayro_syntax::Pdf;

/// A character.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glyph {
    pub text: String,
    pub left: f64,
    pub right: f64,
    /// The line it stands on.
    pub base: f64,
    pub size: f64,
}

impl Glyph {
    /// The middle of its body.
    pub(super) fn middle(&self) -> (f64, f64) {
        (f64::midpoint(self.left, self.right), self.base - 0.35 * self.size)
    }
}

/// A straight line: at which height (or how far right), from where to where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    pub at: f64,
    pub from: f64,
    pub to: f64,
}

/// What is printed on a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Marks {
    pub glyphs: Vec<Glyph>,
    pub across: Vec<Rule>,
    pub down: Vec<Rule>,
    /// Characters that could not be decoded.
    pub unknown: usize,
}

/// Fills up to this thick are lines; the borders of tables have 0.5 to 2 points.
const THICKEST: f64 = 3.0;
/// Shorter strokes are parts of drawings.
const SHORTEST: f64 = 3.0;
/// What stands for a character that cannot be decoded.
const UNKNOWN: &str = "〓";

/// The marks of every page. The interpreter cannot be asked to stop: where a page draws more than `most` things in
/// all, `too_much` is set and the stack is unwound to the guard around the parser.
pub(super) fn of(pdf: &Pdf, most: usize, too_much: &Cell<bool>) -> Vec<Marks> {
    let cache = InterpreterCache::new();
    let settings =
        InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
    let mut left = most;
    let mut pages = Vec::new();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let start = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(start, area, &cache, pdf.xref(), settings.clone());
        let mut pen = Pen { marks: Marks::default(), area, left: &mut left, too_much };
        interpret_page(page, &mut context, &mut pen);
        pages.push(pen.marks);
    }
    pages
}

struct Pen<'p> {
    marks: Marks,
    area: Rect,
    left: &'p mut usize,
    too_much: &'p Cell<bool>,
}

impl Pen<'_> {
    fn count(&mut self, things: usize) {
        let Some(left) = self.left.checked_sub(things) else {
            self.too_much.set(true);
            std::panic::resume_unwind(Box::new("too much on the pages"));
        };
        *self.left = left;
    }

    fn glyph(&mut self, glyph: &PositionedGlyph<'_>, page: Affine) {
        let transform = page * glyph.transform();
        let at = |x, y| transform * Point::new(x, y);
        let (origin, up) = (at(0.0, 0.0), at(0.0, 1000.0));
        let advance = match &**glyph {
            Drawn::Outline(outline) => outline.advance_width(),
            Drawn::Type3(drawn) => drawn.advance_width(),
        };
        let end = at(f64::from(advance.unwrap_or(1000.0)), 0.0);
        let size = (up - origin).hypot();
        // Text set on its side, or outside of the page, is not of the table.
        let upright = (up.x - origin.x).abs() < 0.5 * size && up.y < origin.y && end.x >= origin.x;
        if !size.is_finite() || size < 0.5 || !upright || !self.area.contains(origin) {
            return;
        }
        let text = match glyph.as_unicode() {
            Some(BfString::Char(c)) => printed(&c.to_string()),
            Some(BfString::String(text)) => printed(&text),
            None => {
                self.marks.unknown += 1;
                UNKNOWN.to_owned()
            }
        };
        // The same for ・: drawn as wide as a character, it is no hyphenation point and no Latin middle dot.
        let wide = end.x - origin.x > 0.8 * size;
        let text =
            if wide && matches!(text.as_str(), "\u{2027}" | "\u{B7}") { "・".to_owned() } else { text };
        if !text.is_empty() {
            self.marks.glyphs.push(Glyph { text, left: origin.x, right: end.x, base: origin.y, size });
        }
    }

    fn line(&mut self, from: Point, to: Point) {
        let (wide, high) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        if !(wide.is_finite() && high.is_finite()) {
            return;
        }
        if high <= 0.5 && wide >= SHORTEST {
            self.marks.across.push(Rule {
                at: f64::midpoint(from.y, to.y),
                from: from.x.min(to.x),
                to: from.x.max(to.x),
            });
        } else if wide <= 0.5 && high >= SHORTEST {
            self.marks.down.push(Rule {
                at: f64::midpoint(from.x, to.x),
                from: from.y.min(to.y),
                to: from.y.max(to.y),
            });
        }
    }

    /// A filled area: a line if it is thin, else a background, whose edges are no lines.
    fn fill(&mut self, area: Rect) {
        let area = area.abs();
        let (middle, thin) = (area.center(), area.width().min(area.height()) <= THICKEST);
        if !thin {
            return;
        }
        if area.width() > area.height() {
            self.line(Point::new(area.x0, middle.y), Point::new(area.x1, middle.y));
        } else {
            self.line(Point::new(middle.x, area.y0), Point::new(middle.x, area.y1));
        }
    }

    fn stroke(&mut self, path: &BezPath) {
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(to) => (start, at) = (to, to),
                PathEl::LineTo(to) => {
                    self.line(at, to);
                    at = to;
                }
                PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => at = to,
                PathEl::ClosePath => {
                    self.line(at, start);
                    at = start;
                }
            }
        }
    }
}

impl<'a> Device<'a> for Pen<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.count(path.elements().len());
        let path = props.transform * path.clone();
        match mode {
            DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) => self.stroke(&path),
            DrawMode::Fill(_) => {
                for part in parts(&path) {
                    self.fill(part.bounding_box());
                }
            }
            DrawMode::Invisible => {}
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.count(run.glyphs().len());
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform);
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.count(1);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.count(1);
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.count(1);
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// The closed parts of a path: a filled path may hold all the lines of a table.
fn parts(path: &BezPath) -> Vec<BezPath> {
    let mut parts: Vec<BezPath> = Vec::new();
    for element in path.elements() {
        if matches!(element, PathEl::MoveTo(_)) || parts.is_empty() {
            parts.push(BezPath::new());
            if let (false, Some(part)) = (matches!(element, PathEl::MoveTo(_)), parts.last_mut()) {
                part.push(PathEl::MoveTo(Point::ZERO));
            }
        }
        if let Some(part) = parts.last_mut() {
            part.push(*element);
        }
    }
    parts
}

/// The characters meant. Fonts that draw 人 and the radical ⼈ alike make PDF writers name the radical.
fn printed(text: &str) -> String {
    let mut printed = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() => {}
            '\u{2F00}'..='\u{2FD5}' => printed.push_str(&fold_width(c.encode_utf8(&mut [0; 4]))),
            '\u{2E80}'..='\u{2EF3}' => printed.push(radical(c)),
            c => printed.push(c),
        }
    }
    printed
}

/// Unified ideographs of the supplementary radicals that stand as words of their own in Japanese
/// (Unicode Character Database, EquivalentUnifiedIdeograph.txt).
fn radical(c: char) -> char {
    const EQUIVALENT: [(char, char); 22] = [
        ('⺟', '母'),
        ('⺠', '民'),
        ('⺩', '王'),
        ('⺫', '目'),
        ('⺬', '示'),
        ('⻁', '虎'),
        ('⻄', '西'),
        ('⻅', '見'),
        ('⻆', '角'),
        ('⻑', '長'),
        ('⻘', '青'),
        ('⻝', '食'),
        ('⻤', '鬼'),
        ('⻨', '麦'),
        ('⻩', '黄'),
        ('⻫', '斉'),
        ('⻭', '歯'),
        ('⻯', '竜'),
        ('⻲', '亀'),
        ('⻳', '亀'),
        ('⺝', '月'),
        ('⺒', '巳'),
    ];
    EQUIVALENT.iter().find(|(radical, _)| *radical == c).map_or(c, |(_, character)| *character)
}
