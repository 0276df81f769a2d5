//! The path of a key goal indicator: baseline, target, what an assumption expects between them, what was observed,
//! and where nobody has reported anything. A value printed coarsely is drawn as the range it may stand for.

use base::Lang;
use jiff::civil::Date;
use plan::kgi::KgiAnswer;

use super::canvas::{Canvas, Side, Told};
use super::scale::{Scale, plain, ticks};
use super::{Chart, Room, boxed};
use crate::{Cell, Column, Number, Row, Table, words};

/// An indicator's path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KgiPath {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Where it starts.
    pub baseline: Option<Stand>,
    /// Where it is meant to arrive.
    pub target: Option<Stand>,
    /// What is expected year by year, under an assumption.
    pub assumed: Vec<(i32, f64)>,
    /// The assumption in words, shown with the path.
    pub rests_on: Option<String>,
    /// What was observed.
    pub observed: Vec<Seen>,
    /// The day of the question.
    pub today: Option<Date>,
}

/// A value of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Stand {
    /// The year.
    pub year: i32,
    /// The value.
    pub value: Printed,
}

/// An observed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Year and value.
    pub stand: Stand,
    /// It may still change.
    pub provisional: bool,
}

/// A value as printed, and how far from it the true one may lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// As printed.
    pub text: String,
    /// As a number.
    pub value: f64,
    /// Half of the last printed digit: a print of 10兆円 stands for 9.5 to 10.5. Zero for things counted one by one.
    pub half_step: f64,
}

impl Printed {
    /// Reads a printed value; `None` where it is no number.
    pub fn read(text: &str, unit: &str) -> Option<Self> {
        let digits = text.replace(',', "");
        let value: f64 = digits.parse().ok().filter(|value: &f64| value.is_finite())?;
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        // A count is exact; a multiple of a unit, a share or a decimal number was rounded by whoever printed it.
        let rounded = decimals > 0 || unit.starts_with(['千', '百', '万', '億', '兆', '%', '％']);
        let step = 0.1_f64.powf(f64::from(u16::try_from(decimals).unwrap_or(u16::MAX)));
        Some(Printed { text: text.to_owned(), value, half_step: if rounded { step / 2.0 } else { 0.0 } })
    }
    fn ends(&self) -> [f64; 2] {
        [self.value - self.half_step, self.value + self.half_step]
    }
}

impl KgiPath {
    /// The path of an answer of the plan engine. A value that a later one replaces is left out.
    pub fn of(answer: &KgiAnswer, lang: Lang, today: Option<Date>) -> Self {
        let unit = answer.unit.as_str();
        let stand = |year: Option<base::Year>, value: &base::Reported<String>| {
            Some(Stand { year: year?.western(), value: Printed::read(value.value()?, unit)? })
        };
        let observed = answer.observed.iter().filter(|seen| !seen.revised).filter_map(|seen| {
            Some(Seen { stand: stand(Some(seen.year), &seen.value)?, provisional: seen.provisional })
        });
        KgiPath {
            name: answer.name.get(lang).to_owned(),
            unit: unit.to_owned(),
            baseline: stand(answer.baseline_year, &answer.baseline),
            target: stand(answer.target_year, &answer.target),
            assumed: answer
                .path
                .iter()
                .flat_map(|path| &path.expected)
                .map(|step| (step.year.western(), step.value))
                .collect(),
            rests_on: answer.path.as_ref().map(|path| path.rests_on.get(lang).to_owned()),
            observed: observed.collect(),
            today,
        }
    }

    fn stands(&self) -> impl Iterator<Item = &Stand> {
        self.baseline.iter().chain(&self.target).chain(self.observed.iter().map(|seen| &seen.stand))
    }
    fn print(&self, value: &Printed) -> String {
        format!("{}{}", value.text, self.unit)
    }
    /// Today as a place between years.
    fn now(&self) -> Option<f64> {
        self.today.map(|day| f64::from(day.year()) + f64::from(day.day_of_year() - 1) / 366.0)
    }
    fn last_known(&self) -> Option<i32> {
        self.baseline.iter().chain(self.observed.iter().map(|seen| &seen.stand)).map(|stand| stand.year).max()
    }
    fn draw(&self, room: Room, id: &str, lang: Lang) -> String {
        let mut drawing = Drawing::new(self, room, id, lang);
        drawing.grid();
        drawing.unreported();
        drawing.today();
        drawing.line();
        drawing.points();
        drawing.legend();
        let told = Told { id, title: &self.name, description: &self.described(lang) };
        drawing.canvas.finish(&told, drawing.height)
    }
    fn described(&self, lang: Lang) -> String {
        let mut said: Vec<String> = Vec::new();
        let mut say = |ja: &str, en: &str, stand: &Stand| {
            said.push(format!("{} {} {}", lang.pick(ja, en), stand.year, self.print(&stand.value)));
        };
        self.baseline.iter().for_each(|stand| say("基準値", "Baseline", stand));
        self.target.iter().for_each(|stand| say("目標値", "Target", stand));
        self.observed.iter().for_each(|seen| say("実績", "Observed", &seen.stand));
        if self.observed.is_empty() {
            said.push(none_yet(lang).to_owned());
        }
        said.extend(self.rests_on.clone());
        said.join(lang.pick("。", ". "))
    }
}

impl Chart for KgiPath {
    fn svg(&self, id: &str, lang: Lang) -> String {
        boxed(Room::BOTH.map(|room| self.draw(room, id, lang)))
    }

    fn table(&self, lang: Lang) -> Table {
        let mut table = Table::new(&self.name)
            .column(Column::number(lang.pick("年", "Year")))
            .column(Column::text(lang.pick("種別", "Kind")))
            .column(Column::number(lang.pick("値", "Value")).unit(&self.unit))
            .column(Column::text(lang.pick("印字の精度による幅", "Range of the print")));
        let row = |stand: &Stand, kind: String| {
            let number = stand.value.text.replace(',', "").parse();
            let value = number.map_or_else(
                |_| Cell::text(stand.value.text.as_str()),
                |n: Number| Cell::number(n, &stand.value.text),
            );
            let [low, high] = stand.value.ends();
            let range = if high > low {
                Cell::text(format!("{}–{}", plain(low), plain(high)))
            } else {
                Cell::empty()
            };
            Row::of([Cell::ordinal(stand.year), Cell::text(kind), value, range])
        };
        table
            .rows
            .extend(self.baseline.iter().map(|stand| row(stand, lang.pick("基準値", "baseline").into())));
        for seen in &self.observed {
            let mark = if seen.provisional {
                words::bracketed(lang.pick("暫定", "provisional"), lang)
            } else {
                String::new()
            };
            table.rows.push(row(&seen.stand, format!("{}{mark}", lang.pick("実績", "observed"))));
        }
        for (year, value) in &self.assumed {
            let (kind, value) = (lang.pick("仮定による値", "assumed"), plain(*value));
            let cell =
                value.parse().map_or_else(|_| Cell::empty(), |number: Number| Cell::number(number, &value));
            table.rows.push(Row::of([Cell::ordinal(*year), Cell::text(kind), cell, Cell::empty()]));
        }
        table.rows.extend(self.target.iter().map(|stand| row(stand, lang.pick("目標値", "target").into())));
        if self.observed.is_empty() {
            table = table.note(none_yet(lang));
        }
        self.rests_on.iter().fold(table, |table, words| table.note(words.as_str()))
    }
}

fn none_yet(lang: Lang) -> &'static str {
    lang.pick("まだ報告がありません", "Nothing reported yet")
}

struct Drawing<'a> {
    path: &'a KgiPath,
    id: &'a str,
    lang: Lang,
    canvas: Canvas,
    x: Scale,
    y: Scale,
    ticks: Vec<f64>,
    years: (i32, i32),
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    height: f64,
}

impl<'a> Drawing<'a> {
    fn new(path: &'a KgiPath, room: Room, id: &'a str, lang: Lang) -> Self {
        let canvas = Canvas::new(room);
        let values = path
            .stands()
            .flat_map(|stand| stand.value.ends())
            .chain(path.assumed.iter().map(|(_, value)| *value));
        let ticks = ticks(values, 4.0);
        let widest =
            ticks.iter().map(|tick| super::measure::width(&plain(*tick), canvas.size)).fold(0.0, f64::max);
        let left = widest.min(canvas.width / 3.0) + 12.0;
        let (right, top) = (canvas.width - 30.0, canvas.line_height() * 2.4);
        let bottom = top + if room == Room::Wide { 230.0 } else { 190.0 };
        let today = path.today.map(|day| i32::from(day.year()) + 1);
        let years = path
            .stands()
            .map(|stand| stand.year)
            .chain(path.assumed.iter().map(|(year, _)| *year))
            .chain(today);
        let (from, to) = years.fold((i32::MAX, i32::MIN), |(from, to), year| (from.min(year), to.max(year)));
        let years = if from > to { (2000, 2001) } else { (from, to.max(from + 1)) };
        Drawing {
            x: Scale::new(f64::from(years.0), f64::from(years.1), left + 12.0, right),
            y: Scale::new(ticks[0], ticks[ticks.len() - 1], bottom, top),
            path,
            id,
            lang,
            canvas,
            ticks,
            years,
            left,
            right,
            top,
            bottom,
            height: bottom,
        }
    }

    /// Lines for round values, and as many years as there is room for: the ends of the path first.
    fn grid(&mut self) {
        let down = self.canvas.size * 0.35;
        for tick in self.ticks.clone() {
            let y = self.y.at(tick);
            self.canvas.line("chart-grid", (self.left, y), (self.right, y));
            self.canvas.try_text("chart-quiet", &[(Side::End, self.left - 6.0, y + down)], &plain(tick));
        }
        self.canvas.fitted(
            "chart-quiet",
            Side::Start,
            (0.0, self.canvas.size),
            self.canvas.width / 3.0,
            &self.path.unit,
        );
        self.canvas.line("chart-axis", (self.left, self.bottom), (self.right, self.bottom));
        let (from, to) = self.years;
        let ends = self.path.baseline.iter().chain(&self.path.target).map(|stand| stand.year);
        let step = ((to - from) / 200).max(1) * 5;
        let between = (from..=to).filter(|year| year % step == 0).take(100);
        let y = self.bottom + self.canvas.line_height();
        for year in ends.chain([from, to]).chain(between).collect::<Vec<_>>() {
            let (x, text) = (self.x.at(f64::from(year)), year.to_string());
            let edge = self.canvas.width;
            if self.canvas.try_text("chart-quiet", &[(Side::Middle, x, y), (Side::End, edge, y)], &text) {
                self.canvas.line("chart-axis", (x, self.bottom), (x, self.bottom + 4.0));
            }
        }
        self.height = y + self.canvas.line_height();
    }

    /// From the last known value to today nobody has said anything. The words stand where the path leaves room.
    fn unreported(&mut self) {
        let (Some(last), Some(now)) = (self.path.last_known(), self.path.now()) else { return };
        let (from, to) = (self.x.at(f64::from(last)), self.x.at(now));
        if now - f64::from(last) < 1.0 {
            return;
        }
        self.canvas.hatched(self.id, "chart-gap", (from, self.top), (to - from, self.bottom - self.top));
        let rising = match (&self.path.baseline, &self.path.target) {
            (Some(start), Some(end)) => end.value.value >= start.value.value,
            _ => true,
        };
        let y = if rising { self.bottom - 10.0 } else { self.top + self.canvas.size + 4.0 };
        let places = [(Side::Start, to + 8.0, y), (Side::End, from - 8.0, y), (Side::Start, from + 8.0, y)];
        self.canvas.try_text("chart-text", &places, none_yet(self.lang));
    }

    fn today(&mut self) {
        let (Some(now), Some(day)) = (self.path.now(), self.path.today) else { return };
        let x = self.x.at(now);
        self.canvas.line("chart-today", (x, self.top - 6.0), (x, self.bottom));
        let text = format!("{} {day}", self.lang.pick("今日", "Today"));
        let y = self.top - 10.0;
        self.canvas.try_text(
            "chart-text",
            &[(Side::Middle, x, y), (Side::Start, self.left, y), (Side::End, self.right, y)],
            &text,
        );
    }

    fn line(&mut self) {
        let points: Vec<_> = self
            .path
            .assumed
            .iter()
            .map(|(year, value)| (self.x.at(f64::from(*year)), self.y.at(*value)))
            .collect();
        if points.len() > 1 {
            self.canvas.polyline("chart-assumed", &points);
        }
    }

    fn points(&mut self) {
        let path = self.path;
        let mut named: Vec<(&Stand, String)> = Vec::new();
        for seen in &path.observed {
            self.point(
                &seen.stand,
                if seen.provisional { "chart-point chart-hollow" } else { "chart-point" },
            );
        }
        for (stand, ja, en) in path
            .baseline
            .iter()
            .map(|s| (s, "基準値", "Baseline"))
            .chain(path.target.iter().map(|s| (s, "目標値", "Target")))
        {
            self.end(stand);
            named.push((stand, format!("{} {}", self.lang.pick(ja, en), path.print(&stand.value))));
        }
        named.extend(
            path.observed
                .last()
                .map(|seen| (&seen.stand, format!("{} {}", seen.stand.year, path.print(&seen.stand.value)))),
        );
        for (stand, text) in named {
            let (x, y) = (self.x.at(f64::from(stand.year)), self.y.at(stand.value.value));
            let (above, below) = (y - 14.0, y + self.canvas.size + 12.0);
            let beside = (Side::End, x - 12.0, y - 4.0);
            let places = [
                (Side::Start, x + 8.0, below),
                (Side::End, x + 6.0, above),
                (Side::Start, x - 4.0, above),
                beside,
                (Side::End, x, below),
            ];
            self.canvas.try_text("chart-strong", &places, &text);
        }
    }

    fn point(&mut self, stand: &Stand, class: &str) {
        self.range(stand);
        self.canvas.circle(class, (self.x.at(f64::from(stand.year)), self.y.at(stand.value.value)), 5.0);
    }

    /// Baseline and target are squares: the ends are said by the plan, the points between them observed.
    fn end(&mut self, stand: &Stand) {
        self.range(stand);
        let (x, y) = (self.x.at(f64::from(stand.year)), self.y.at(stand.value.value));
        self.canvas.rect("chart-end", (x - 5.0, y - 5.0), (10.0, 10.0));
    }

    fn range(&mut self, stand: &Stand) {
        let x = self.x.at(f64::from(stand.year));
        let [low, high] = stand.value.ends().map(|value| self.y.at(value));
        if stand.value.half_step > 0.0 {
            self.canvas.line("chart-range", (x, low), (x, high));
            for y in [low, high] {
                self.canvas.line("chart-range", (x - 7.0, y), (x + 7.0, y));
            }
        }
    }

    /// What the signs mean, of those that were drawn.
    fn legend(&mut self) {
        let path = self.path;
        let provisional = path.observed.iter().any(|seen| seen.provisional);
        let decided = path.observed.iter().any(|seen| !seen.provisional);
        let ranged = path.stands().any(|stand| stand.value.half_step > 0.0);
        let items = [
            (
                path.baseline.is_some() || path.target.is_some(),
                "end",
                self.lang.pick("計画の基準値・目標値", "baseline and target of the plan"),
            ),
            (
                !path.assumed.is_empty(),
                "assumed",
                self.lang.pick("仮定による経路（資料に途中の目標はない）", "path under an assumption"),
            ),
            (decided, "seen", self.lang.pick("実績", "observed")),
            (provisional, "hollow", self.lang.pick("実績（暫定）", "observed (provisional)")),
            (ranged, "range", self.lang.pick("印字の精度による幅", "range of the printed precision")),
        ];
        let mut x = 0.0;
        let mut y = self.height + self.canvas.line_height() * 0.4;
        for (_, sign, text) in items.into_iter().filter(|(shown, ..)| *shown) {
            let width = 34.0 + super::measure::width(text, self.canvas.size);
            if x > 0.0 && x + width > self.canvas.width {
                (x, y) = (0.0, y + self.canvas.line_height());
            }
            self.sign(sign, (x + 13.0, y - self.canvas.size * 0.35));
            let room = self.canvas.width - x - 32.0;
            self.canvas.fitted("chart-text", Side::Start, (x + 32.0, y), room, text);
            x += width + 18.0;
        }
        self.height = y + self.canvas.line_height() * 0.5;
    }

    fn sign(&mut self, sign: &str, (x, y): (f64, f64)) {
        match sign {
            "end" => self.canvas.rect("chart-end", (x - 5.0, y - 5.0), (10.0, 10.0)),
            "assumed" => self.canvas.line("chart-assumed", (x - 13.0, y), (x + 13.0, y)),
            "seen" => self.canvas.circle("chart-point", (x, y), 5.0),
            "hollow" => self.canvas.circle("chart-point chart-hollow", (x, y), 5.0),
            _ => {
                self.canvas.line("chart-range", (x, y - 6.0), (x, y + 6.0));
                self.canvas.line("chart-range", (x - 6.0, y - 6.0), (x + 6.0, y - 6.0));
                self.canvas.line("chart-range", (x - 6.0, y + 6.0), (x + 6.0, y + 6.0));
            }
        }
    }
}
