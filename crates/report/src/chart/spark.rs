//! A spark line: a small history of one value, a year a step. A year without a value is a gap with a mark below,
//! never a zero.

use base::{Lang, Missing};

use super::canvas::{Canvas, Side, Told};
use super::measure;
use super::scale::{Scale, plain, ticks};
use super::{Chart, boxed};
use crate::{Cell, Column, Number, Row, Table};

/// The longest history drawn; older years stand in the table alone.
const MOST_YEARS: usize = 30;

/// A history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spark {
    /// Of what.
    pub name: String,
    /// The unit of its values.
    pub unit: String,
    /// Year by year, oldest first.
    pub years: Vec<SparkYear>,
}

/// One year of a history.
#[derive(Clone, Debug, PartialEq)]
pub struct SparkYear {
    /// As a reader is shown it.
    pub year: String,
    /// The value, or why there is none.
    pub value: Result<f64, Missing>,
}

impl Spark {
    fn described(&self, lang: Lang) -> String {
        let shown = self.years.iter().rev().take(MOST_YEARS).rev().map(|year| match year.value {
            Ok(value) => format!("{} {}{}", year.year, plain(value), self.unit),
            Err(reason) => format!("{} {}", year.year, reason.names().get(lang)),
        });
        shown.collect::<Vec<_>>().join(lang.pick("、", ", "))
    }
}

impl Chart for Spark {
    fn svg(&self, id: &str, lang: Lang) -> String {
        let mut canvas = Canvas::sized(200.0, 14.0, "spark");
        let years = &self.years[self.years.len().saturating_sub(MOST_YEARS)..];
        let values = || years.iter().filter_map(|year| year.value.ok());
        let ticks = ticks(values(), 2.0);
        let high = values().fold(ticks[0], f64::max);
        let y = Scale::new(ticks[0].min(0.0), high, 28.0, 6.0);
        let last_place = f64::from(u32::try_from(years.len().saturating_sub(1)).unwrap_or(u32::MAX));
        let x = Scale::new(0.0, last_place.max(1.0), 6.0, 106.0);
        canvas.line("chart-grid", (0.0, y.at(0.0)), (112.0, y.at(0.0)));
        let mut run: Vec<(f64, f64)> = Vec::new();
        let mut last = None;
        for (place, year) in (0_u32..).zip(years) {
            let at = x.at(f64::from(place));
            if let Ok(value) = year.value {
                run.push((at, y.at(value)));
                last = Some((at, value));
            } else {
                draw_run(&mut canvas, &mut run);
                canvas.line("chart-none", (at - 3.0, 33.0), (at + 3.0, 39.0));
                canvas.line("chart-none", (at - 3.0, 39.0), (at + 3.0, 33.0));
            }
        }
        draw_run(&mut canvas, &mut run);
        let label = last.map_or_else(
            || lang.pick("報告なし", "no report").to_owned(),
            |(_, value)| format!("{}{}", plain(value), self.unit),
        );
        if let Some((at, value)) = last {
            canvas.circle("chart-point", (at, y.at(value)), 3.5);
        }
        let room = canvas.width - 118.0;
        let lines = measure::wrap(&label, canvas.size, room, 2);
        let mut baseline = if lines.len() > 1 { 16.0 } else { 25.0 };
        for line in lines {
            canvas.text("chart-text", Side::Start, (118.0, baseline), &line);
            baseline += 17.0;
        }
        boxed([canvas.finish(&Told { id, title: &self.name, description: &self.described(lang) }, 42.0)])
    }

    fn table(&self, lang: Lang) -> Table {
        let rows = self.years.iter().map(|year| {
            let value = year.value.map_or_else(Cell::missing, |value| {
                let text = plain(value);
                text.parse().map_or_else(|_| Cell::empty(), |number: Number| Cell::number(number, &text))
            });
            Row::of([Cell::text(year.year.as_str()), value])
        });
        Table::new(&self.name)
            .column(Column::text(lang.pick("年度", "Year")))
            .column(Column::number(lang.pick("値", "Value")).unit(&self.unit))
            .rows(rows)
    }
}

/// Years that follow each other are joined; one between gaps is a dot.
fn draw_run(canvas: &mut Canvas, run: &mut Vec<(f64, f64)>) {
    match run.as_slice() {
        [] => {}
        [alone] => canvas.circle("chart-point", *alone, 2.5),
        points => canvas.polyline("chart-line", points),
    }
    run.clear();
}
