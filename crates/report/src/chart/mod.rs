//! Charts: pure functions from data to SVG text, each with its numbers as a table. A chart has no colour of its own:
//! everything drawn has a class, and `chart.css` says how it looks in light, in dark and on paper. What a figure
//! means is the caller's to say; nothing is fetched, summed over kinds or guessed here.

mod bars;
mod canvas;
mod flow;
mod flow_fold;
mod measure;
mod path;
mod scale;
mod spark;
mod tree;

use base::Lang;

use crate::Table;

pub use bars::{BarSlot, BarYear, Bars};
pub use flow::{Flow, FlowLink, FlowNode, FlowValue};
pub use path::{KgiPath, Printed, Seen, Stand};
pub use spark::{Spark, SparkYear};
pub use tree::{Tree, TreeEdge, TreeNode};

/// How charts look. It goes into the style sheet of the page that shows them.
pub const STYLE: &str = include_str!("chart.css");

/// Something to look at, with the numbers to read beside it.
pub trait Chart {
    /// One or two SVG elements within a box; `id` is unique on the page and made of letters, digits and hyphens.
    /// Where there are two, the style sheet shows the one that fits.
    fn svg(&self, id: &str, lang: Lang) -> String;
    /// What the chart shows, in figures.
    fn table(&self, lang: Lang) -> Table;
}

/// The width of a drawing in its own units. Chosen so that its text stays above 11 px where the style sheet shows it:
/// `Wide` from 640 px on, `Narrow` from 300 px on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Wide,
    Narrow,
}

impl Room {
    const BOTH: [Room; 2] = [Room::Wide, Room::Narrow];

    fn width(self) -> f64 {
        match self {
            Room::Wide => 800.0,
            Room::Narrow => 340.0,
        }
    }
    fn text(self) -> f64 {
        match self {
            Room::Wide => 14.0,
            Room::Narrow => 13.0,
        }
    }
    fn name(self) -> &'static str {
        match self {
            Room::Wide => "wide",
            Room::Narrow => "narrow",
        }
    }
}

/// The box around the drawings of one chart.
fn boxed(drawings: impl IntoIterator<Item = String>) -> String {
    let drawings: String = drawings.into_iter().collect();
    format!("<div class=\"chart\">\n{drawings}</div>\n")
}

/// Columns of one width with gaps between them.
#[derive(Clone, Copy, Debug)]
struct Columns {
    width: f64,
    pitch: f64,
}

impl Columns {
    fn left(self, column: usize) -> f64 {
        self.pitch * f64::from(u32::try_from(column).unwrap_or(u32::MAX)) + 1.0
    }
}

/// Columns that fill a sheet: two thirds of it for what stands in them.
fn columns(width: f64, count: usize) -> Columns {
    let count = f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    let share = if count > 1.0 { 0.7 } else { 1.0 };
    let column = (width - 2.0) * share / count;
    let gap = if count > 1.0 { (width - 2.0 - column * count) / (count - 1.0) } else { 0.0 };
    Columns { width: column, pitch: column + gap }
}
