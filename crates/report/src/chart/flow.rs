//! Where money goes: from level to level, as bands as thick as the amounts. A 内数 is a bound and has no thickness of
//! its own: it is a thin hatched outline with "≤" and belongs to no sum. On a narrow screen each level is a list of bars.

use base::{Amount, Lang, Yen};

use super::bars::{precise, reading};
use super::canvas::{Canvas, Side, Told};
use super::flow_fold::{Folded, Spot};
use super::scale::Scale;
use super::{Chart, Room, boxed};
use crate::{Cell, Column, Row, Table, Text, words};

/// Nodes drawn of one level; the rest are one node, "other (n)".
const MOST_WIDE: usize = 12;
const MOST_NARROW: usize = 8;
/// How thick the band of a bound is, whatever the bound.
const BOUND: f64 = 7.0;
/// How thick all bands of the fullest level are together.
const FULL: f64 = 320.0;

/// A flow of money. Its nodes show sums, so its amounts must be of one fiscal year and of kinds that may be added:
/// draft and initial budgets of the same programme in one flow would count it twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    /// Of what.
    pub name: String,
    /// What stands above each level, from left to right.
    pub levels: Vec<String>,
    /// The nodes.
    pub nodes: Vec<FlowNode>,
    /// What flows between them. A link that names no node is left out of the drawing.
    pub links: Vec<FlowLink>,
}

/// Something that gives or takes money.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowNode {
    /// Its level: the place of its heading in [`Flow::levels`].
    pub level: usize,
    /// Its name.
    pub label: String,
    /// The page about it.
    pub href: Option<String>,
}

/// An amount that goes from one node to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowLink {
    /// The place of the giving node in [`Flow::nodes`].
    pub from: usize,
    /// The place of the taking node, on a level further right.
    pub to: usize,
    /// The amount.
    pub value: FlowValue,
}

/// An amount, or the bound of an unknown share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowValue {
    /// An amount. It may be summed.
    Exact(Yen),
    /// 内数: a share of this, nobody has said how much. It is never summed.
    AtMost(Yen),
}

impl FlowValue {
    /// A budget amount as it may flow. One printed elsewhere already (再掲) flows there: here it is `None`.
    pub fn of(amount: &Amount) -> Option<Self> {
        match amount {
            Amount { repeated: true, .. } => None,
            Amount { within: true, yen, .. } => Some(FlowValue::AtMost(*yen)),
            Amount { yen, .. } => Some(FlowValue::Exact(*yen)),
        }
    }
    /// The amount or the bound.
    pub fn yen(self) -> Yen {
        match self {
            FlowValue::Exact(yen) | FlowValue::AtMost(yen) => yen,
        }
    }
    /// What may be added up: nothing of a bound.
    pub fn summable(self) -> i64 {
        match self {
            FlowValue::Exact(yen) => yen.yen().max(0),
            FlowValue::AtMost(_) => 0,
        }
    }
    /// As a cell.
    pub fn cell(self) -> Cell {
        match self {
            FlowValue::Exact(yen) => Cell::yen(yen),
            FlowValue::AtMost(yen) => Cell::at_most(yen),
        }
    }
}

impl Chart for Flow {
    fn svg(&self, id: &str, lang: Lang) -> String {
        boxed([self.wide(id, lang), self.narrow(id, lang)])
    }

    fn table(&self, lang: Lang) -> Table {
        let name = |at: usize| self.nodes.get(at).map_or("", |node| node.label.as_str());
        let rows = self
            .links
            .iter()
            .map(|link| Row::of([Cell::text(name(link.from)), Cell::text(name(link.to)), link.value.cell()]));
        let table = Table::new(&self.name)
            .column(Column::text(lang.pick("出し手", "From")))
            .column(Column::text(lang.pick("受け手", "To")))
            .column(Column::yen(lang.pick("金額", "Amount")))
            .rows(rows);
        if self.bounds() == 0 {
            return table;
        }
        table.note(Text::plain(lang.pick(
            "内数は上限であり、図でも合計に含めない。",
            "A share (内数) is an upper bound; the chart counts it in no sum.",
        )))
    }
}

impl Flow {
    fn bounds(&self) -> usize {
        self.links.iter().filter(|link| matches!(link.value, FlowValue::AtMost(_))).count()
    }

    fn described(&self, lang: Lang) -> String {
        let (links, bounds) = (self.links.len(), self.bounds());
        match lang {
            Lang::Ja => format!(
                "{}。流れ{links}件、うち内数（上限のみ）{bounds}件。数値は表にある。",
                self.levels.join("から")
            ),
            Lang::En => format!(
                "{}: {links} flows, {bounds} of them upper bounds only. The figures are in the table.",
                self.levels.join(" to ")
            ),
        }
    }

    /// Boxes in columns, bands between them.
    fn wide(&self, id: &str, lang: Lang) -> String {
        let mut canvas = Canvas::new(Room::Wide);
        let folded = Folded::of(self, MOST_WIDE, lang);
        let columns = super::columns(canvas.width, self.levels.len());
        let top = canvas.line_height() * 1.8;
        let scale = Scale::new(0.0, precise(folded.fullest().max(1)), 0.0, FULL);
        let thick = |value: FlowValue| match value {
            FlowValue::Exact(yen) => scale.at(precise(yen.yen().max(0))).max(1.0),
            FlowValue::AtMost(_) => BOUND,
        };
        let mut spots: Vec<(f64, f64)> = vec![(0.0, 0.0); folded.spots.len()];
        let mut height = top;
        for (level, heading) in self.levels.iter().enumerate() {
            let (x, width) = (columns.left(level), columns.width);
            canvas.fitted("chart-quiet", Side::Start, (x, canvas.size), width, heading);
            let mut y = top;
            for (at, spot) in folded.spots.iter().enumerate().filter(|(_, spot)| spot.level == level) {
                let side = |from: bool| {
                    folded
                        .links
                        .iter()
                        .filter(|link| if from { link.from == at } else { link.to == at })
                        .map(|link| thick(link.value))
                        .sum::<f64>()
                };
                let tall = (canvas.line_height() * 2.0 + 8.0).max(side(true)).max(side(false));
                spots[at] = (y, tall);
                draw_spot(&mut canvas, spot, (x, y), (width, tall), lang);
                y += tall + 10.0;
            }
            height = height.max(y);
        }
        let mut used: Vec<(f64, f64)> = vec![(0.0, 0.0); folded.spots.len()];
        for link in &folded.links {
            let (a, b, width) = (&folded.spots[link.from], &folded.spots[link.to], thick(link.value));
            let from = (columns.left(a.level) + columns.width, spots[link.from].0 + used[link.from].1);
            let to = (columns.left(b.level), spots[link.to].0 + used[link.to].0);
            used[link.from].1 += width;
            used[link.to].0 += width;
            let title = format!("{} → {}{}{}", a.label, b.label, words::colon(lang), said(link.value, lang));
            let class = if matches!(link.value, FlowValue::AtMost(_)) {
                "chart-band chart-band-bound"
            } else {
                "chart-band"
            };
            canvas.band(class, &title, from, to, width);
        }
        height = nothing(&mut canvas, &folded, height, lang);
        let told = Told { id, title: &self.name, description: &self.described(lang) };
        canvas.finish(&told, height)
    }

    /// Level under level, each node with a bar.
    fn narrow(&self, id: &str, lang: Lang) -> String {
        let mut canvas = Canvas::new(Room::Narrow);
        let folded = Folded::of(self, MOST_NARROW, lang);
        let scale = Scale::new(0.0, precise(folded.greatest().max(1)), 0.0, canvas.width);
        let mut y = 0.0;
        for (level, heading) in self.levels.iter().enumerate() {
            y += canvas.line_height();
            let width = canvas.width;
            canvas.fitted("chart-strong", Side::Start, (0.0, y), width, heading);
            y += canvas.size * 0.4;
            for spot in folded.spots.iter().filter(|spot| spot.level == level) {
                y += canvas.line_height();
                linked(&mut canvas, spot, |canvas| {
                    canvas.fitted("chart-text", Side::Start, (0.0, y), width, &spot.label);
                });
                y += canvas.line_height();
                canvas.fitted("chart-text", Side::Start, (0.0, y), width, &spot_said(spot, lang));
                y += canvas.size * 0.4;
                if spot.sum > 0 {
                    canvas.rect("chart-bar", (0.0, y), (scale.at(precise(spot.sum)).max(1.0), 7.0));
                } else if spot.bounds > 0 {
                    canvas.hatched(id, "chart-bound", (0.0, y), (40.0, 7.0));
                }
                y += 12.0;
            }
            y += canvas.size * 0.6;
        }
        y = nothing(&mut canvas, &folded, y, lang);
        let told = Told { id, title: &self.name, description: &self.described(lang) };
        canvas.finish(&told, y)
    }
}

fn draw_spot(canvas: &mut Canvas, spot: &Spot, (x, y): (f64, f64), size: (f64, f64), lang: Lang) {
    let class = if spot.folded > 0 { "chart-box chart-box-other" } else { "chart-box" };
    let room = size.0 - 16.0;
    canvas.rect(class, (x, y), size);
    let first = y + 4.0 + canvas.size;
    linked(canvas, spot, |canvas| {
        canvas.fitted("chart-text", Side::Start, (x + 8.0, first), room, &spot.label);
    });
    let second = first + canvas.line_height();
    canvas.fitted("chart-quiet", Side::Start, (x + 8.0, second), room, &spot_said(spot, lang));
}

/// A flow without links says so under its headings.
fn nothing(canvas: &mut Canvas, folded: &Folded, y: f64, lang: Lang) -> f64 {
    if !folded.links.is_empty() {
        return y;
    }
    let (below, width) = (y + canvas.line_height(), canvas.width);
    let text = lang.pick("金額の報告がありません", "No amounts reported");
    canvas.fitted("chart-text", Side::Start, (0.0, below), width, text);
    below + canvas.size
}

fn linked(canvas: &mut Canvas, spot: &Spot, draw: impl FnOnce(&mut Canvas)) {
    let open = spot.href.as_deref().is_some_and(|href| canvas.open_link(href));
    draw(canvas);
    if open {
        canvas.close_link();
    }
}

/// A node's sum, and beside it how many bounds are not in it.
fn spot_said(spot: &Spot, lang: Lang) -> String {
    let sum = (spot.exact > 0).then(|| crate::outline::follow_up::rounded_for_reading(spot.sum).to_string());
    let bounds = match (spot.bounds, spot.highest_bound) {
        (0, _) => None,
        (1, Some(yen)) => Some(format!("≤ {}", reading(yen))),
        (count, _) => Some(match lang {
            Lang::Ja => format!("内数{count}件"),
            Lang::En => format!("{count} bounds"),
        }),
    };
    [sum, bounds].into_iter().flatten().collect::<Vec<_>>().join(" + ")
}

fn said(value: FlowValue, lang: Lang) -> String {
    match value {
        FlowValue::Exact(yen) => reading(yen),
        FlowValue::AtMost(yen) => words::at_most(&reading(yen), lang),
    }
}
