//! Pages as they are drawn: text and lines are first collected, because a footer says how many pages there
//! are and the tag tree needs to know what was drawn where, and then written by krilla.

use std::collections::{BTreeSet, HashMap};

use base::Lang;
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TagGroup, TagKind, TagTree};
use krilla::{Document as Krilla, SerializeSettings};

use super::{IntoTag, Pdf, Typeface, Unwritable};
use crate::document::Document;
use crate::plain::Tone;

/// A4 in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 51.0;
const TOP: f32 = 54.0;
const BOTTOM: f32 = 64.0;
const FOOTER: f32 = 8.0;
/// Where the base line stands within a line of text, in parts of its size.
const ASCENT: f32 = 1.15;

/// A node of the tag tree: a tagged group, or something drawn.
pub(super) enum Node {
    Group(TagKind, Vec<Node>),
    Leaf(usize),
}

impl Node {
    pub(super) fn group(tag: impl IntoTag, children: Vec<Node>) -> Self {
        Node::Group(tag.into(), children)
    }
}

/// Something to be drawn. A leaf belongs to the tag tree; what has none is decoration.
enum Op {
    Text { x: f32, y: f32, size: f32, tone: Tone, text: String, leaf: Option<usize> },
    Bar { x: f32, y: f32, width: f32, height: f32 },
}

pub(super) struct Canvas<'a> {
    typeface: &'a Typeface,
    pages: Vec<Vec<Op>>,
    /// Where the next line begins, from the top of the page.
    y: f32,
    leaves: usize,
    tree: Vec<Node>,
    bookmarks: Vec<(u8, String, usize, f32)>,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(typeface: &'a Typeface) -> Self {
        Canvas {
            typeface,
            pages: vec![Vec::new()],
            y: TOP,
            leaves: 0,
            tree: Vec::new(),
            bookmarks: Vec::new(),
        }
    }
    pub(super) fn typeface(&self) -> &'a Typeface {
        self.typeface
    }
    /// The width of the text area.
    #[allow(clippy::unused_self, reason = "reads as what it is")]
    pub(super) fn width(&self) -> f32 {
        PAGE.0 - 2.0 * LEFT
    }
    /// The page, counted from 0, and the height at which the next line begins.
    pub(super) fn place(&self) -> (usize, f32) {
        (self.pages.len() - 1, self.y)
    }
    /// What is left of the page.
    pub(super) fn room(&self) -> f32 {
        PAGE.1 - BOTTOM - self.y
    }
    /// Moves down. At the head of a page there is nothing to keep a distance from.
    pub(super) fn space(&mut self, points: f32) {
        if self.y > TOP || !self.pages.last().is_some_and(Vec::is_empty) {
            self.y += points;
        }
    }
    /// Begins a new page unless this height is left. Says whether it did.
    pub(super) fn keep(&mut self, height: f32) -> bool {
        let turn = self.room() < height && self.y > TOP;
        if turn {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
        turn
    }
    /// Draws one line of text at the current height, without moving down.
    pub(super) fn text_at(&mut self, x: f32, size: f32, runs: &[(Tone, String)]) -> Node {
        let leaf = self.leaves;
        self.leaves += 1;
        self.runs_at(x, size, runs, Some(leaf));
        Node::Leaf(leaf)
    }
    /// The same for what is not read again, such as a repeated table head.
    pub(super) fn repeated_text_at(&mut self, x: f32, size: f32, runs: &[(Tone, String)]) {
        self.runs_at(x, size, runs, None);
    }
    /// A line across at the current height.
    pub(super) fn line(&mut self, x: f32, width: f32, thickness: f32) {
        let bar = Op::Bar { x: LEFT + x, y: self.y, width, height: thickness };
        self.op(bar);
    }
    /// A bar beside what was placed since `top` on `page`.
    pub(super) fn margin_bar(&mut self, page: usize, top: f32) {
        let (last, y) = self.place();
        let top = if last == page { top } else { TOP };
        self.op(Op::Bar { x: LEFT, y: top, width: 2.5, height: y - top });
    }
    pub(super) fn bookmark(&mut self, level: u8, text: &str) {
        let (page, y) = self.place();
        self.bookmarks.push((level, text.to_owned(), page, y));
    }
    /// Adds a finished part to the tag tree.
    pub(super) fn push(&mut self, node: Node) {
        self.tree.push(node);
    }

    /// Writes the file.
    pub(super) fn finish(self, document: &Document) -> Result<Pdf, Unwritable> {
        let refused = |error: &dyn std::fmt::Debug| Unwritable::Refused(format!("{error:?}"));
        let configuration = ConfigurationBuilder::new()
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|error| refused(&error))?;
        let mut file = Krilla::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
        let lang = document.lang.pick("ja-JP", "en-GB");
        file.set_metadata(
            Metadata::new().title(document.title.clone()).language(lang.into()).creator("Shirube".into()),
        );
        file.set_outline(outline(&self.bookmarks));

        let mut pen = Pen { typeface: self.typeface, missing: BTreeSet::new(), drawn: HashMap::new() };
        let count = self.pages.len();
        for (index, ops) in self.pages.iter().enumerate() {
            let settings = PageSettings::from_wh(PAGE.0, PAGE.1)
                .ok_or_else(|| Unwritable::Refused("impossible page size".into()))?;
            let mut page = file.start_page_with(settings);
            let mut surface = page.surface();
            for op in ops {
                pen.draw(&mut surface, op);
            }
            pen.footer(&mut surface, document, index + 1, count);
            surface.finish();
            page.finish();
        }
        let mut tree = TagTree::new().with_lang(Some(lang.into()));
        self.tree.into_iter().for_each(|node| pen.tagged(node).into_iter().for_each(|node| tree.push(node)));
        file.set_tag_tree(tree);
        let bytes = file.finish().map_err(|error| refused(&error))?;
        Ok(Pdf { bytes, pages: count, missing_glyphs: pen.missing })
    }

    fn runs_at(&mut self, x: f32, size: f32, runs: &[(Tone, String)], leaf: Option<usize>) {
        let mut x = LEFT + x;
        let y = self.y + size * ASCENT;
        for (tone, text) in runs {
            let width = self.typeface.measure(text, size);
            self.op(Op::Text { x, y, size, tone: *tone, text: text.clone(), leaf });
            let stroke = size * 0.06;
            match tone {
                Tone::Inserted => self.op(Op::Bar { x, y: y + size * 0.16, width, height: stroke }),
                Tone::Deleted => self.op(Op::Bar { x, y: y - size * 0.34, width, height: stroke }),
                _ => {}
            }
            x += width;
        }
    }

    fn op(&mut self, op: Op) {
        if let Some(page) = self.pages.last_mut() {
            page.push(op);
        }
    }
}

/// Draws with krilla and remembers what the tag tree has to point to.
struct Pen<'a> {
    typeface: &'a Typeface,
    missing: BTreeSet<char>,
    drawn: HashMap<usize, Vec<Identifier>>,
}

impl Pen<'_> {
    fn draw(&mut self, surface: &mut Surface<'_>, op: &Op) {
        match op {
            Op::Text { x, y, size, tone, text, leaf } => {
                let tag = match leaf {
                    Some(_) => ContentTag::Span(SpanTag::empty()),
                    None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
                };
                let identifier = surface.start_tagged(tag);
                self.text(surface, Point::from_xy(*x, *y), *size, *tone, text);
                surface.end_tagged();
                if let Some(leaf) = leaf {
                    self.drawn.entry(*leaf).or_default().push(identifier);
                }
            }
            Op::Bar { x, y, width, height } => {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
                surface.set_stroke(None);
                surface.set_fill(Some(ink(0x66)));
                let mut path = PathBuilder::new();
                if let Some(rect) = Rect::from_xywh(*x, *y, width.max(0.1), height.max(0.1)) {
                    path.push_rect(rect);
                }
                if let Some(path) = path.finish() {
                    surface.draw_path(&path);
                }
                surface.end_tagged();
            }
        }
    }

    /// The typeface has one weight: strong text is drawn with an outline.
    fn text(&mut self, surface: &mut Surface<'_>, at: Point, size: f32, tone: Tone, text: &str) {
        let (drawn, glyphs, missing) = self.typeface.set(text);
        self.missing.extend(missing);
        let shade = if matches!(tone, Tone::Quiet | Tone::Missing | Tone::Deleted) { 0x4D } else { 0x1A };
        let fill = ink(shade);
        let stroke = Stroke { paint: fill.paint.clone(), width: size * 0.035, ..Stroke::default() };
        surface.set_stroke((tone == Tone::Strong).then_some(stroke));
        surface.set_fill(Some(fill));
        surface.draw_glyphs(at, &glyphs, self.typeface.font(), &drawn, size, false);
    }

    /// The title and the page number, which a reader aloud leaves out.
    fn footer(&mut self, surface: &mut Surface<'_>, document: &Document, page: usize, pages: usize) {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
        let y = PAGE.1 - BOTTOM / 2.0;
        let number = match document.lang {
            Lang::Ja => format!("{page}／{pages}ページ"),
            Lang::En => format!("Page {page} of {pages}"),
        };
        let right = PAGE.0 - LEFT - self.typeface.measure(&number, FOOTER);
        self.text(surface, Point::from_xy(right, y), FOOTER, Tone::Quiet, &number);
        let mut title = document.title.clone();
        while self.typeface.measure(&title, FOOTER) > right - LEFT - 20.0 {
            title.pop();
        }
        self.text(surface, Point::from_xy(LEFT, y), FOOTER, Tone::Quiet, &title);
        surface.end_tagged();
    }

    fn tagged(&mut self, node: Node) -> Vec<krilla::tagging::Node> {
        match node {
            Node::Leaf(leaf) => {
                self.drawn.remove(&leaf).unwrap_or_default().into_iter().map(Into::into).collect()
            }
            Node::Group(tag, children) => {
                let children = children.into_iter().flat_map(|child| self.tagged(child)).collect();
                vec![TagGroup::with_children(tag, children).into()]
            }
        }
    }
}

fn ink(shade: u8) -> Fill {
    Fill { paint: rgb::Color::new(shade, shade, shade).into(), ..Fill::default() }
}

/// Bookmarks nested by level.
fn outline(bookmarks: &[(u8, String, usize, f32)]) -> Outline {
    let mut outline = Outline::new();
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    for (level, text, page, y) in bookmarks {
        close(&mut open, &mut outline, *level);
        let target = XyzDestination::new(*page, Point::from_xy(0.0, (*y - 12.0).max(0.0)));
        open.push((*level, OutlineNode::new(text.clone(), target)));
    }
    close(&mut open, &mut outline, 0);
    outline
}

/// Closes the bookmarks that a new one of this level does not belong under.
fn close(open: &mut Vec<(u8, OutlineNode)>, outline: &mut Outline, level: u8) {
    while open.last().is_some_and(|(last, _)| *last >= level) {
        let Some((_, node)) = open.pop() else { return };
        match open.last_mut() {
            Some((_, parent)) => parent.push_child(node),
            None => outline.push_child(node),
        }
    }
}
