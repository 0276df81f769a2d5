//! The programmes that serve a goal, each once: names, money from request to execution by year, outcomes with target and
//! actual.

use base::{BudgetKind, FiscalYear, Lang, Missing, Reported};
use plan::FollowUp;
use plan::follow_up::{ProgrammeAnswer, ResultSeries};
use plan::money::MoneyYear;

use super::{cite_all, cited, mark, year_in};
use crate::{Cell, Column, DocumentBuilder, Number, Row, Table, Text, words};

/// As money comes to be.
const KINDS: [BudgetKind; 5] = [
    BudgetKind::Request,
    BudgetKind::Initial,
    BudgetKind::Supplementary,
    BudgetKind::Available,
    BudgetKind::Executed,
];

pub(super) fn all(doc: &mut DocumentBuilder, answer: &FollowUp) {
    let lang = doc.lang();
    if answer.programmes.is_empty() {
        return;
    }
    doc.heading(
        1,
        lang.pick("事業：予算から執行、成果まで", "Programmes: from budget to execution to outcome"),
    );
    for programme in answer.programmes.values() {
        self::programme(doc, answer, programme);
    }
}

fn programme(doc: &mut DocumentBuilder, answer: &FollowUp, programme: &ProgrammeAnswer) {
    let lang = doc.lang();
    doc.heading_at(2, programme.name.as_str(), &format!("programme-{}", programme.key));
    facts(doc, answer, programme);
    if programme.money.is_empty() {
        doc.paragraph(lang.pick("レビューシートの金額はありません。", "No review sheet gives amounts."));
    } else {
        let money = money(doc, &programme.money);
        doc.table(money);
    }
    if !programme.results.is_empty() {
        let results = results(doc, &programme.results);
        doc.table(results);
    } else if let Some(reason) = &programme.no_outcome_reason {
        doc.paragraph(match lang {
            Lang::Ja => format!("成果の段階的な指標を置けない理由：{reason}"),
            Lang::En => format!("Why no outcome in stages is set, in the ministry's words: {reason}"),
        });
    }
}

fn facts(doc: &mut DocumentBuilder, answer: &FollowUp, programme: &ProgrammeAnswer) {
    let lang = doc.lang();
    let numbers: Vec<_> = cite_all(doc, &programme.sources[..programme.sources.len().min(2)]);
    let year = |year: &Reported<FiscalYear>| Cell::reported(year, |year| Cell::text(year_in(*year, lang)));
    let mut facts = vec![
        (lang.pick("鍵", "Key").to_owned(), cited(Cell::text(programme.key.as_str()), &numbers)),
        (
            lang.pick("府省", "Ministry").to_owned(),
            Cell::text(format!("{} {}", programme.ministry, programme.desk)),
        ),
        (lang.pick("ゴール", "Goals").to_owned(), Cell::text(programme.goals.join(words::comma(lang)))),
        (lang.pick("開始", "Begins").to_owned(), year(&programme.start_year)),
        (lang.pick("終了（予定）", "Ends (planned)").to_owned(), year(&programme.end_year)),
    ];
    let others: Vec<&str> = programme
        .names
        .iter()
        .map(|name| name.name.as_str())
        .filter(|name| *name != programme.name)
        .collect();
    if !others.is_empty() {
        facts.push((
            lang.pick("ほかの名", "Other names").to_owned(),
            Cell::text(others.join(words::comma(lang))),
        ));
    }
    for union in programme.unions.iter().filter(|union| union.belief != register::Belief::Stated).take(1) {
        facts.push((
            lang.pick("年度をまたぐ同一性", "Identity across years").to_owned(),
            Cell::text(union.why.get(lang)).belief(mark(&union.belief)),
        ));
    }
    let followed = answer
        .successions
        .iter()
        .filter(|succession| succession.newer == programme.key || succession.older == programme.key);
    for succession in followed {
        let cell = Cell::text(format!("{} → {}", succession.older, succession.newer))
            .belief(mark(&succession.belief));
        facts.push((lang.pick("後継", "Succession").to_owned(), cell));
    }
    doc.facts(facts);
}

fn money(doc: &mut DocumentBuilder, years: &[MoneyYear]) -> Table {
    let lang = doc.lang();
    let mut table = Table::new(lang.pick("年度ごとの予算と執行", "Budget and execution by year"))
        .column(Column::text(lang.pick("年度", "Fiscal year")));
    for kind in KINDS {
        table = table.column(Column::yen(kind.names().get(lang)));
    }
    for year in years {
        let cells = KINDS.map(|kind| match year.amounts.iter().find(|amount| amount.kind == kind) {
            None => Cell::empty(),
            Some(amount) => {
                let numbers = cite_all(doc, &amount.sources[..amount.sources.len().min(1)]);
                cited(Cell::reported(&amount.yen, |yen| Cell::yen(*yen)), &numbers)
            }
        });
        table = table.row(Row::of([Cell::text(year_in(year.fiscal_year, lang))].into_iter().chain(cells)));
    }
    table
}

fn results(doc: &mut DocumentBuilder, series: &[ResultSeries]) -> Table {
    let lang = doc.lang();
    let mut table = Table::new(lang.pick("目標と実績", "Targets and actuals"))
        .column(Column::text(lang.pick("指標", "Indicator")))
        .column(Column::text(lang.pick("年度", "Fiscal year")))
        .column(Column::number(lang.pick("目標", "Target")))
        .column(Column::number(lang.pick("実績", "Actual")));
    for one in series {
        let kind = match one.kind.as_str() {
            "outcome" => lang.pick("成果", "outcome"),
            "output" => lang.pick("活動", "output"),
            other => other,
        };
        let unit = if one.unit.is_empty() { String::new() } else { words::bracketed(&one.unit, lang) };
        table = table.row(Row::group(Text::plain(format!("{kind}: {}{unit}", one.indicator))));
        for year in &one.years {
            let numbers = cite_all(doc, &year.sources[..year.sources.len().min(1)]);
            let show = |value: &Reported<String>| Cell::reported(value, |value| figure(value));
            let label = year
                .fiscal_year
                .map_or(Cell::missing(Missing::NotPrinted), |year| Cell::text(year_in(year, lang)));
            table = table.row(
                Row::of([Cell::empty(), label, show(&year.target), cited(show(&year.actual), &numbers)])
                    .indent(1),
            );
        }
    }
    table
}

fn figure(value: &str) -> Cell {
    value.parse::<Number>().map_or_else(|_| Cell::text(value), |number| Cell::number(number, value))
}
