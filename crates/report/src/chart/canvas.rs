//! The sheet that charts draw on: SVG elements as text, everything escaped and rounded, and a list of where
//! labels stand, so that none is put onto another.

use std::fmt::Write;

use super::Room;
use super::measure;
use crate::html::escape;

/// From where a text runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    Middle,
    End,
}

/// The place a label takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Place {
    pub(super) fn meets(self, other: Place) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// What a drawing is called, for those who do not see it.
pub(super) struct Told<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
}

/// A drawing under way.
pub(super) struct Canvas {
    pub(super) width: f64,
    pub(super) size: f64,
    pub(super) labels: Vec<Place>,
    name: &'static str,
    links: bool,
    out: String,
}

impl Canvas {
    pub(super) fn new(room: Room) -> Self {
        Canvas::sized(room.width(), room.text(), room.name())
    }
    pub(super) fn sized(width: f64, size: f64, name: &'static str) -> Self {
        Canvas { width, size, labels: Vec::new(), name, links: false, out: String::new() }
    }

    /// The height of a line of text.
    pub(super) fn line_height(&self) -> f64 {
        self.size * 1.4
    }
    pub(super) fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let (x1, y1, x2, y2) = (n(x1), n(y1), n(x2), n(y2));
        self.put(format_args!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }
    pub(super) fn rect(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        self.put(format_args!("<rect class=\"{class}\" {}/>", extent(x, y, width, height)));
    }
    /// A rectangle filled with one of the patterns of [`Canvas::finish`].
    pub(super) fn hatched(&mut self, id: &str, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        let (pattern, extent) = (self.pattern(id), extent(x, y, width, height));
        self.put(format_args!("<rect class=\"{class}\" fill=\"url(#{pattern})\" {extent}/>"));
    }
    pub(super) fn circle(&mut self, class: &str, (x, y): (f64, f64), radius: f64) {
        let (x, y, radius) = (n(x), n(y), n(radius));
        self.put(format_args!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"));
    }
    pub(super) fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", n(*x), n(*y))).collect();
        self.put(format_args!("<polyline class=\"{class}\" points=\"{}\"/>", points.join(" ")));
    }
    /// A curve from one point to another that leaves and arrives level.
    pub(super) fn curve(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let middle = n(f64::midpoint(from.0, to.0));
        let (x1, y1, x2, y2) = (n(from.0), n(from.1), n(to.0), n(to.1));
        self.put(format_args!(
            "<path class=\"{class}\" d=\"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}\"/>"
        ));
    }
    /// A band of one thickness from one point (its upper corner) to another.
    pub(super) fn band(&mut self, class: &str, title: &str, from: (f64, f64), to: (f64, f64), thick: f64) {
        let middle = n(f64::midpoint(from.0, to.0));
        let (x1, x2, a, b) = (n(from.0), n(to.0), n(from.1), n(to.1));
        let (c, d) = (n(to.1 + thick), n(from.1 + thick));
        let title = escape(title);
        self.put(format_args!(
            "<path class=\"{class}\" d=\"M{x1} {a}C{middle} {a} {middle} {b} {x2} {b}V{c}C{middle} {c} {middle} {d} {x1} {d}Z\"><title>{title}</title></path>"
        ));
    }

    /// A text whose baseline is at `y`. Where it had to be cut, the whole is its title.
    pub(super) fn text(&mut self, class: &str, side: Side, (x, y): (f64, f64), text: &str) {
        self.cut_text(class, side, (x, y), text, text);
    }
    /// A text cut to `room`, with the whole as its title.
    pub(super) fn fitted(&mut self, class: &str, side: Side, at: (f64, f64), room: f64, text: &str) {
        let shown = measure::cut(text, self.size, room);
        self.cut_text(class, side, at, &shown, text);
    }
    /// A text at the first of the places where it lies within the sheet and meets no other. Says whether there was one.
    pub(super) fn try_text(&mut self, class: &str, places: &[(Side, f64, f64)], text: &str) -> bool {
        let free = places.iter().find(|(side, x, y)| {
            let place = self.place(*side, (*x, *y), text);
            place.left >= 0.0
                && place.right <= self.width
                && !self.labels.iter().any(|other| other.meets(place))
        });
        if let Some(&(side, x, y)) = free {
            self.text(class, side, (x, y), text);
        }
        free.is_some()
    }
    /// Where a text would stand.
    pub(super) fn place(&self, side: Side, (x, y): (f64, f64), text: &str) -> Place {
        let width = measure::width(text, self.size);
        let left = match side {
            Side::Start => x,
            Side::Middle => x - width / 2.0,
            Side::End => x - width,
        };
        Place { left, top: y - self.size * 0.95, right: left + width, bottom: y + self.size * 0.3 }
    }

    /// Everything until [`Canvas::close_link`] leads to `href`. An address that is neither of the web nor of this site
    /// is not followed, and `false` says so.
    pub(super) fn open_link(&mut self, href: &str) -> bool {
        let safe =
            ["/", "#", "?", "./", "../", "https://", "http://"].iter().any(|start| href.starts_with(start));
        if safe {
            self.links = true;
            self.put(format_args!("<a href=\"{}\">", escape(href)));
        }
        safe
    }
    pub(super) fn close_link(&mut self) {
        self.put(format_args!("</a>"));
    }
    pub(super) fn open_group(&mut self, class: &str, title: &str) {
        self.put(format_args!("<g class=\"{class}\"><title>{}</title>", escape(title)));
    }
    pub(super) fn close_group(&mut self) {
        self.put(format_args!("</g>"));
    }

    /// The SVG element. A drawing with links in it is a group and not an image: what is inside an image cannot be
    /// reached by keyboard or read aloud.
    pub(super) fn finish(self, told: &Told<'_>, height: f64) -> String {
        let (id, name) = (format!("{}-{}", escape(told.id), self.name), self.name);
        let role = if self.links { "group" } else { "img" };
        let (title, description) = (escape(told.title), escape(told.description));
        let (width, height, hatch) = (n(self.width), n(height), self.pattern(told.id));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart-{name}\" viewBox=\"0 0 {width} {height}\" role=\"{role}\" \
             aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n\
             <defs><pattern id=\"{hatch}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <line class=\"chart-hatch\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>\n{}</svg>\n",
            self.out
        )
    }

    fn cut_text(&mut self, class: &str, side: Side, at: (f64, f64), shown: &str, whole: &str) {
        let place = self.place(side, at, shown);
        self.labels.push(place);
        let anchor = match side {
            Side::Start => "",
            Side::Middle => " text-anchor=\"middle\"",
            Side::End => " text-anchor=\"end\"",
        };
        let (x, y, em, written) = (n(at.0), n(at.1), n(self.size), escape(shown));
        let title = if shown == whole { String::new() } else { format!("<title>{}</title>", escape(whole)) };
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" font-size=\"{em}\"{anchor}>{title}{written}</text>"
        ));
    }
    fn pattern(&self, id: &str) -> String {
        format!("{}-{}-hatch", escape(id), self.name)
    }
    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.out, "{element}");
    }
}

/// A number with at most one decimal; what is no number is zero.
fn n(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn extent(x: f64, y: f64, width: f64, height: f64) -> String {
    format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", n(x), n(y), n(width.max(0.0)), n(height.max(0.0)))
}
