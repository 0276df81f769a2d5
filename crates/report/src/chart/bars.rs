//! Budgets by year: one bar for each kind of amount, side by side under the year and never stacked, so that kinds are
//! not mixed. A bound is an outline, an amount that is still to come an empty slot with its reason.

use base::{Lang, Missing, Names, Reported, Yen};
use plan::money::MoneyYear;

use super::canvas::{Canvas, Side, Told};
use super::scale::Scale;
use super::{Chart, FlowValue, Room, boxed, measure};
use crate::{Cell, Column, Row, Table, words};

/// The years drawn; older ones stand in the table alone.
const MOST_YEARS: usize = 8;
/// The kinds drawn of one year.
const MOST_KINDS: usize = 12;

/// Budgets by year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// Of what.
    pub name: String,
    /// Year by year, oldest first.
    pub years: Vec<BarYear>,
}

/// One year.
#[derive(Clone, Debug, PartialEq)]
pub struct BarYear {
    /// As a reader is shown it.
    pub year: String,
    /// Its amounts, in order.
    pub slots: Vec<BarSlot>,
}

/// One kind of amount.
#[derive(Clone, Debug, PartialEq)]
pub struct BarSlot {
    /// Its kind.
    pub kind: Names,
    /// What is spent rather than promised is hatched.
    pub spent: bool,
    /// The amount, its bound, or why there is none.
    pub value: Result<FlowValue, Missing>,
}

impl Bars {
    /// The money of a programme.
    pub fn of(name: impl Into<String>, money: &[MoneyYear], lang: Lang) -> Self {
        let years = money.iter().map(|year| BarYear {
            year: match lang {
                Lang::Ja => year.fiscal_year.japanese(),
                Lang::En => format!("FY{}", year.fiscal_year.western()),
            },
            slots: year
                .amounts
                .iter()
                .map(|amount| BarSlot {
                    kind: amount.kind.names(),
                    spent: amount.kind == base::BudgetKind::Executed,
                    value: match amount.yen {
                        Reported::Value(yen) => Ok(FlowValue::Exact(yen)),
                        Reported::Missing { missing } => Err(missing),
                    },
                })
                .collect(),
        });
        Bars { name: name.into(), years: years.collect() }
    }

    fn shown(&self) -> &[BarYear] {
        &self.years[self.years.len().saturating_sub(MOST_YEARS)..]
    }

    fn draw(&self, room: Room, id: &str, lang: Lang) -> String {
        let mut canvas = Canvas::new(room);
        let pitch = canvas.line_height() * if room == Room::Wide { 1.25 } else { 2.2 };
        let left = if room == Room::Wide { 210.0 } else { 0.0 };
        let highest = self
            .shown()
            .iter()
            .flat_map(|year| &year.slots)
            .filter_map(|slot| slot.value.ok())
            .map(|value| value.yen().yen())
            .max();
        let tail = 150.0;
        let length = if room == Room::Wide { canvas.width - left - tail } else { canvas.width };
        let scale = Scale::new(0.0, precise(highest.unwrap_or(1).max(1)), 0.0, length);
        let mut y = 0.0;
        for year in self.shown() {
            y += canvas.line_height();
            let width = canvas.width;
            canvas.fitted("chart-strong", Side::Start, (0.0, y), width, &year.year);
            y += canvas.size * 0.6;
            for slot in year.slots.iter().take(MOST_KINDS) {
                draw_slot(&mut canvas, id, lang, slot, (left, y), scale, room);
                y += pitch;
            }
            y += canvas.size * 0.4;
        }
        if self.years.is_empty() {
            y = canvas.line_height();
            canvas.text(
                "chart-text",
                Side::Start,
                (0.0, y),
                lang.pick("金額の報告がありません", "No amounts reported"),
            );
            y += canvas.size;
        }
        let told = Told {
            id,
            title: &self.name,
            description: lang.pick(
                "年度ごと、種別ごとの予算と執行。種別をまたいで合計しない。",
                "Budgets and execution by year and kind; kinds are never summed.",
            ),
        };
        canvas.finish(&told, y)
    }
}

impl Chart for Bars {
    fn svg(&self, id: &str, lang: Lang) -> String {
        boxed(Room::BOTH.map(|room| self.draw(room, id, lang)))
    }

    fn table(&self, lang: Lang) -> Table {
        let rows = self.years.iter().flat_map(|year| {
            year.slots.iter().map(move |slot| {
                let value = slot.value.map_or_else(Cell::missing, FlowValue::cell);
                Row::of([Cell::text(year.year.as_str()), Cell::text(slot.kind.get(lang)), value])
            })
        });
        let table = Table::new(&self.name)
            .column(Column::text(lang.pick("年度", "Fiscal year")))
            .column(Column::text(lang.pick("種別", "Kind")))
            .column(Column::yen(lang.pick("金額", "Amount")))
            .rows(rows);
        if self.years.len() > MOST_YEARS {
            return table.note(lang.pick("図は新しい年度に限る。", "The chart shows the newest years only."));
        }
        table
    }
}

#[allow(clippy::too_many_arguments, reason = "one bar in one place")]
fn draw_slot(
    canvas: &mut Canvas,
    id: &str,
    lang: Lang,
    slot: &BarSlot,
    (left, y): (f64, f64),
    scale: Scale,
    room: Room,
) {
    let kind = slot.kind.get(lang);
    let text = amount_text(slot.value, lang);
    let thick = canvas.size * 0.9;
    let baseline = y + canvas.size * 0.85;
    let (bar_y, said_at) = match room {
        Room::Wide => {
            canvas.fitted("chart-text", Side::Start, (14.0, baseline), left - 22.0, kind);
            (y, None)
        }
        Room::Narrow => {
            let free = canvas.width - measure::width(&text, canvas.size) - 8.0;
            canvas.fitted("chart-text", Side::Start, (0.0, baseline), free.max(60.0), kind);
            (y + canvas.line_height(), Some((Side::End, canvas.width)))
        }
    };
    let length = match slot.value {
        Ok(value) => scale.at(precise(value.yen().yen().max(0))).max(1.0),
        Err(_) => 60.0,
    };
    let (at, size) = ((left, bar_y), (length, thick));
    match slot.value {
        Ok(FlowValue::AtMost(_)) => canvas.hatched(id, "chart-bound", at, size),
        Ok(FlowValue::Exact(_)) if slot.spent => canvas.hatched(id, "chart-spent", at, size),
        Ok(FlowValue::Exact(_)) => canvas.rect("chart-bar", at, size),
        Err(_) => canvas.rect("chart-empty", at, size),
    }
    let (anchor, x) = said_at.unwrap_or((Side::Start, left + length + 8.0));
    let free = if anchor == Side::Start { canvas.width - x } else { canvas.width * 0.7 };
    canvas.fitted("chart-text", anchor, (x, baseline), free, &text);
}

fn amount_text(value: Result<FlowValue, Missing>, lang: Lang) -> String {
    match value {
        Ok(FlowValue::Exact(yen)) => reading(yen),
        Ok(FlowValue::AtMost(yen)) => words::at_most(&reading(yen), lang),
        Err(reason) => words::missing(reason, lang),
    }
}

/// An amount as it is short to read; one printed in 円 is rounded, the table has it exactly.
pub(super) fn reading(yen: Yen) -> String {
    match yen.unit() {
        base::Unit::Yen => crate::outline::follow_up::rounded_for_reading(yen.yen()).to_string(),
        _ => yen.to_string(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "only for a length on the drawing")]
pub(super) fn precise(yen: i64) -> f64 {
    yen as f64
}
