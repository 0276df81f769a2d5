//! Indicators: the KGIs with their path under a named assumption, the count of devices with every reason, supply.

use base::{Lang, Missing};
use plan::FollowUp;
use plan::devices::Answer;
use plan::kgi::{KgiAnswer, Observed};

use super::{cite_all, cited};
use crate::{Cell, Column, DocumentBuilder, Number, Row, Severity, Table, Text, words};

pub(super) fn kgis(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    doc.heading(1, lang.pick("主要目標達成指標（KGI）", "Key goal indicators (KGI)"));
    if answer.kgis.is_empty() {
        doc.paragraph(lang.pick("KGIの記録はありません。", "No indicators are on record."));
        return;
    }
    let year = base::Year::new(i32::from(answer.today.year()));
    let expected = match lang {
        Lang::Ja => format!("{year}年の見込み"),
        Lang::En => format!("Expected in {year}"),
    };
    let mut table = Table::new(lang.pick("基準値から目標値まで", "From baseline to target"))
        .column(Column::text(lang.pick("指標", "Indicator")))
        .column(Column::number(lang.pick("基準値", "Baseline")))
        .column(Column::number(lang.pick("目標値", "Target")))
        .column(Column::number(expected))
        .column(Column::number(lang.pick("実績", "Observed")))
        .column(Column::number(lang.pick("到達度", "Attained")).unit("%"));
    for (index, kgi) in answer.kgis.iter().enumerate() {
        let numbers = cite_all(doc, &kgi.sources[..kgi.sources.len().min(1)]);
        let provisional = if kgi.provisional { lang.pick("、暫定", ", provisional") } else { "" };
        let unit = words::bracketed(&format!("{}{provisional}", kgi.unit), lang);
        let name = format!("K{} {}{unit}", index + 1, kgi.name.get(lang));
        let newest = kgi.observed.iter().rev().find(|observed| !observed.revised);
        table = table.row(Row::of([
            Cell::text(name),
            cited(point(&kgi.baseline, kgi.baseline_year), &numbers),
            cited(point(&kgi.target, kgi.target_year), &numbers),
            expected_in(kgi, year),
            newest.map_or(Cell::missing(Missing::NotYet), |observed| observed_cell(doc, observed)),
            newest
                .and_then(|observed| observed.attainment)
                .map_or(Cell::missing(Missing::NotYet), |share| decimal(share, 1)),
        ]));
    }
    if let Some(path) = answer.kgis.iter().find_map(|kgi| kgi.path.as_ref()) {
        table = table.note(path.rests_on.get(lang));
    }
    let undecided = answer
        .kgis
        .iter()
        .any(|kgi| kgi.measures.iter().any(|link| link.belief == register::Belief::Undecided));
    if undecided {
        table = table.note(lang.pick(
            "どの基本方針の指標かは資料の図から失われており、未決のまま扱います。",
            "Which basic policy each indicator belongs to is lost with the document's figure and stays undecided.",
        ));
    }
    doc.table(table);
    paths(doc, answer);
}

fn point(value: &base::Reported<String>, year: Option<base::Year>) -> Cell {
    Cell::reported(value, |value| {
        let text = year.map_or(value.clone(), |year| format!("{value} ({year})"));
        value
            .parse::<Number>()
            .map_or_else(|_| Cell::text(text.as_str()), |number| Cell::number(number, text.as_str()))
    })
}

fn expected_in(kgi: &KgiAnswer, year: base::Year) -> Cell {
    let Some(path) = &kgi.path else { return Cell::missing(Missing::NotApplicable) };
    let found = path.expected.iter().find(|expected| expected.year == year);
    found.map_or(Cell::missing(Missing::NotApplicable), |expected| decimal(expected.value, 2))
}

fn observed_cell(doc: &mut DocumentBuilder, observed: &Observed) -> Cell {
    let numbers = cite_all(doc, &observed.sources);
    cited(point(&observed.value, Some(observed.year)), &numbers)
}

/// A computed figure, shown with some decimals.
fn decimal(value: f64, decimals: usize) -> Cell {
    let text = format!("{value:.decimals$}");
    text.parse::<Number>()
        .map_or_else(|_| Cell::missing(Missing::Unknown), |number| Cell::number(number, text))
}

/// The whole path, year by year: computed only because somebody asked for the assumption.
fn paths(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    let with_path: Vec<&KgiAnswer> = answer.kgis.iter().filter(|kgi| kgi.path.is_some()).collect();
    let Some(path) = with_path.first().and_then(|kgi| kgi.path.as_ref()) else { return };
    let mut years: Vec<base::Year> = with_path
        .iter()
        .flat_map(|kgi| kgi.path.iter().flat_map(|path| path.expected.iter().map(|expected| expected.year)))
        .collect();
    years.sort_unstable();
    years.dedup();
    let mut table = Table::new(lang.pick("仮定による経路", "Path under the assumption"))
        .column(Column::number(lang.pick("年", "Year")));
    for kgi in &with_path {
        let place = answer.kgis.iter().position(|other| other.record == kgi.record).unwrap_or_default();
        table = table.column(
            Column::number(format!("K{}", place + 1)).unit(kgi.unit.as_str()).means(kgi.name.get(lang)),
        );
    }
    for year in years {
        let cells = with_path.iter().map(|kgi| expected_in(kgi, year));
        table = table.row(Row::of([Cell::ordinal(year.western())].into_iter().chain(cells)));
    }
    doc.table(table.note(path.rests_on.get(lang)));
}

pub(super) fn devices(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    doc.heading(
        1,
        lang.pick("国内発の優れた医療機器の件数", "Count of excellent devices of domestic origin"),
    );
    doc.paragraph(answer.devices.rule.get(lang));
    if answer.devices.devices.is_empty() {
        doc.paragraph(lang.pick("医療機器の記録はありません。", "No devices are on record."));
        return;
    }
    let mut years = Table::new(lang.pick("年ごとの件数", "Count by year"))
        .column(Column::text(lang.pick("数え方", "Counted by")))
        .column(Column::text(lang.pick("年", "Year")))
        .column(Column::number(lang.pick("該当", "Counted")))
        .column(Column::number(lang.pick("判定不能", "Undetermined")));
    for count in &answer.devices.years {
        let year = Cell::reported(&count.year, |year| Cell::ordinal(year.western()));
        let number = |count: usize| Cell::integer(i64::try_from(count).unwrap_or(i64::MAX));
        years = years.row(Row::of([
            Cell::text(count.by.names().get(lang)),
            year,
            number(count.counted),
            number(count.undetermined),
        ]));
    }
    doc.table(years);
    let mut table = Table::new(lang.pick("医療機器ごとの判定と理由", "Each device, with the reasons"))
        .column(Column::text(lang.pick("医療機器", "Device")))
        .column(Column::text(lang.pick("企業", "Company")))
        .column(Column::text(lang.pick("判定", "Answer")))
        .column(Column::text(lang.pick("理由", "Reasons")));
    for device in &answer.devices.devices {
        let numbers = cite_all(doc, &device.sources);
        let reasons = device.criteria.iter().map(|criterion| {
            format!(
                "{}: {} — {}",
                criterion.name.get(lang),
                verdict(criterion.answer, lang),
                criterion.why.get(lang)
            )
        });
        table = table.row(Row::of([
            cited(Cell::text(device.name.as_str()), &numbers),
            Cell::text(device.company.as_str()),
            Cell::text(Text::default().strong(verdict(device.counts, lang))),
            Cell::text(reasons.collect::<Vec<_>>().join("\n")),
        ]));
    }
    doc.table(table);
}

fn verdict(answer: Answer, lang: Lang) -> &'static str {
    match answer {
        Answer::Yes => lang.pick("該当", "yes"),
        Answer::No => lang.pick("非該当", "no"),
        Answer::Undetermined => lang.pick("判定不能", "undetermined"),
    }
}

pub(super) fn supply(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    doc.heading(1, lang.pick("供給不安・停止報告", "Reports of supply at risk or stopped"));
    let severity = if answer.supply.overdue.is_empty() { Severity::Info } else { Severity::Caution };
    doc.note(severity, answer.supply.note.get(lang));
    if !answer.supply.overdue.is_empty() {
        doc.list(answer.supply.overdue.iter().map(|record| match lang {
            Lang::Ja => format!("{record}：見込みの終期を過ぎています"),
            Lang::En => format!("{record}: the expected end has passed"),
        }));
    }
}
