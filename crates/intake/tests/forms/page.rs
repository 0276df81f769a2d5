//! The table as a PDF, set line by line, so that a test decides where lines, rows and pages break.

#![allow(unreachable_pub)]

use std::path::Path;

use krilla::Document;
use krilla::geom::{PathBuilder, Point};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use super::{Line, Sample, typed};

/// How a table is set.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub widths: [f32; 3],
    pub height: f32,
    pub size: f32,
    /// Lines are drawn around the cells.
    pub ruled: bool,
}

impl Setting {
    pub const RULED: Setting =
        Setting { widths: [230.0, 290.0, 250.0], height: 595.0, size: 9.0, ruled: true };
    pub const OPEN: Setting = Setting { ruled: false, ..Setting::RULED };
}

const MARGIN: f32 = 30.0;
const PAD: f32 = 4.0;

const FONTS: [&str; 2] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
];

/// A Japanese font of the system; none outside of CI is told and passed over.
pub fn font() -> Option<Font> {
    let data = FONTS.iter().find(|path| Path::new(path).exists()).map(|path| std::fs::read(path).unwrap());
    if data.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "install fonts-noto-cjk: no Japanese font for the PDFs of this test"
        );
        eprintln!("skipped: no Japanese font for the PDFs of this test; install fonts-noto-cjk");
    }
    Font::new(data?.into(), 0)
}

/// Sets the table.
pub fn pdf(sample: &Sample, setting: Setting, font: &Font) -> Vec<u8> {
    let mut document = Document::new();
    let mut rest = pieces(sample, setting);
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let width = setting.widths.iter().sum::<f32>() + 2.0 * MARGIN;
        let mut page = document.start_page_with(PageSettings::from_wh(width, setting.height).unwrap());
        {
            let mut pen = Pen { surface: page.surface(), font, setting, y: MARGIN };
            if number == 1 {
                pen.text(MARGIN, MARGIN, &sample.title);
            }
            pen.y += 2.0 * setting.size;
            pen.cells(&head(sample, setting), usize::MAX);
            rest = pen.fill(rest);
            pen.text(width / 2.0, setting.height - MARGIN / 2.0, &number.to_string());
        }
        page.finish();
    }
    document.finish().unwrap()
}

/// A row, broken into lines: one text over all columns, or three.
#[derive(Clone)]
enum Piece {
    Across(String),
    Cells([Vec<String>; 3]),
}

fn head(sample: &Sample, setting: Setting) -> [Vec<String>; 3] {
    std::array::from_fn(|column| wrap(&sample.head[column], setting.widths[column], setting.size))
}

fn pieces(sample: &Sample, setting: Setting) -> Vec<Piece> {
    let piece = |line: &Line| match line {
        Line::Across(text) => Piece::Across(text.clone()),
        Line::Cells(cells) => Piece::Cells(std::array::from_fn(|column| {
            wrap(&typed(&cells[column]), setting.widths[column], setting.size)
        })),
    };
    sample.lines.iter().map(piece).collect()
}

/// Japanese breaks anywhere but before a closing mark; Latin words stay whole and keep their blank at the line's end.
fn wrap(text: &str, width: f32, size: f32) -> Vec<String> {
    let room = (width - 2.0 * PAD) / size;
    let em = |c: char| if c.is_ascii() { 0.62 } else { 1.0 };
    let mut lines = Vec::new();
    for paragraph in text.split('\n').filter(|paragraph| !paragraph.is_empty()) {
        let mut line = String::new();
        let mut used = 0.0;
        let mut chars = paragraph.chars().peekable();
        while let Some(c) = chars.next() {
            let mut word = c.to_string();
            while c.is_ascii_alphanumeric() && chars.peek().is_some_and(char::is_ascii_alphanumeric) {
                word.extend(chars.next());
            }
            let wide: f32 = word.chars().map(em).sum();
            if used + wide > room && !matches!(c, '。' | '、' | '」' | ')' | ' ' | ']') && !line.is_empty()
            {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            line.push_str(&word);
            used += wide;
        }
        lines.push(line);
    }
    lines
}

struct Pen<'p> {
    surface: Surface<'p>,
    font: &'p Font,
    setting: Setting,
    y: f32,
}

impl Pen<'_> {
    /// Sets rows until the page is full and gives back what is left; a row may break between its lines.
    fn fill(&mut self, rows: Vec<Piece>) -> Vec<Piece> {
        let mut rows = rows.into_iter();
        while let Some(row) = rows.next() {
            let room = self.room();
            match row {
                _ if room < 2 => return std::iter::once(row).chain(rows).collect(),
                Piece::Across(text) => self.across(&text),
                Piece::Cells(cells) => {
                    self.cells(&cells, room);
                    if cells.iter().any(|lines| lines.len() > room) {
                        let left = cells.map(|lines| lines.into_iter().skip(room).collect());
                        return std::iter::once(Piece::Cells(left)).chain(rows).collect();
                    }
                }
            }
        }
        Vec::new()
    }

    fn leading(&self) -> f32 {
        1.25 * self.setting.size
    }

    /// Lines of text that the page still has room for.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn room(&self) -> usize {
        ((self.setting.height - 2.0 * MARGIN - self.y - 2.0 * PAD) / self.leading()).max(0.0) as usize
    }

    fn across(&mut self, text: &str) {
        let (top, bottom) = (self.y, self.y + self.leading() + 2.0 * PAD);
        self.text(MARGIN + PAD, top + PAD + self.setting.size, text);
        let width: f32 = self.setting.widths.iter().sum();
        self.frame(MARGIN, top, width, bottom - top);
        self.y = bottom + self.between();
    }

    fn cells(&mut self, cells: &[Vec<String>; 3], room: usize) {
        let lines = cells.iter().map(|lines| lines.len().min(room)).max().unwrap_or(0).max(1);
        #[allow(clippy::cast_precision_loss)]
        let height = lines as f32 * self.leading() + 2.0 * PAD;
        let (top, mut left) = (self.y, MARGIN);
        for (lines, width) in cells.iter().zip(self.setting.widths) {
            let mut base = top + PAD + self.setting.size;
            for line in lines.iter().take(room) {
                self.text(left + PAD, base, line);
                base += self.leading();
            }
            self.frame(left, top, width, height);
            left += width;
        }
        self.y = top + height + self.between();
    }

    /// Rows without lines stand apart.
    fn between(&self) -> f32 {
        if self.setting.ruled { 0.0 } else { 0.2 * self.setting.size }
    }

    fn text(&mut self, x: f32, y: f32, text: &str) {
        self.surface.draw_text(
            Point::from_xy(x, y),
            self.font.clone(),
            self.setting.size,
            text,
            false,
            TextDirection::LeftToRight,
        );
    }

    fn frame(&mut self, x: f32, y: f32, width: f32, height: f32) {
        if !self.setting.ruled {
            return;
        }
        let mut path = PathBuilder::new();
        path.push_rect(krilla::geom::Rect::from_xywh(x, y, width, height).unwrap());
        self.surface.set_fill(None);
        self.surface.set_stroke(Some(Stroke { width: 0.5, ..Stroke::default() }));
        self.surface.draw_path(&path.finish().unwrap());
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(krilla::paint::Fill::default()));
    }
}
