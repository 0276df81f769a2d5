//! A programme: its money by year from request to execution, what it does and what came of it, the names it bore, what
//! it succeeds, which goals it serves and why, and where its money went as far as the sheet says.

use axum::extract::Path;
use base::{BudgetKind, Missing, Reported, Source};
use maud::{Markup, PreEscaped, html};
use plan::follow_up::{ProgrammeAnswer, ResultSeries};
use plan::identity::ProgrammeGroup;
use plan::money::MoneyYear;
use plan::view::Sheet;
use register::RecordRef;
use report::chart::{Bars, Chart, Spark, SparkYear};

use super::parts::{Desktop, scrolling};
use super::spending;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};
use crate::public::loads;

/// Result series drawn; a sheet with more lists the rest by name.
const MOST_SERIES: usize = 40;

/// The order in which a programme's money comes to be.
const KINDS: [BudgetKind; 9] = [
    BudgetKind::Request,
    BudgetKind::Draft,
    BudgetKind::Initial,
    BudgetKind::Supplementary,
    BudgetKind::CarriedIn,
    BudgetKind::Reserve,
    BudgetKind::Available,
    BudgetKind::Executed,
    BudgetKind::CarriedOut,
];

pub(super) async fn page(cx: Cx, Path(key): Path<String>) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let at = plan.programmes.by_key(&key).ok_or(Failure::NotFound)?;
    let group = &plan.programmes.groups[at];
    let newest = group.newest(&plan.view);
    let record = newest.map(|sheet| sheet.origin.record.clone());
    let read =
        move |reading: &crate::desk::Reading<'_>| record.map_or(Ok(None), |record| reading.get(&record));
    let sheet_record = cx.app.desk.read(&cx.viewer, read).await?.map(|seen| seen.record);
    let answer = plan::follow_up::programme(&plan.view, group);
    let desk = Desktop::new(&cx, &plan);
    let body = html! {
        (facts(&desk, &answer, group))
        (joins(&desk, group))
        (money(&desk, &answer))
        @if let Some(sheet) = newest { (purpose(&desk, sheet)) }
        @if let Some(record) = &sheet_record { (spending::logic(&desk, record)) }
        (results(&desk, &answer))
        @if let Some(record) = &sheet_record { (spending::chain(&desk, record)) }
        (names(&desk, &answer))
        (desk.loads(&format!("{}/money", super::parts::programme_path(&group.key)), "", loads::FORMATS))
        (desk.behind(&records(&desk, group)))
        (desk.sources())
    };
    Ok(Page::new(group.name.as_str(), body).below(cx.say("事業", "Programmes"), "/programmes").show(&cx))
}

/// Its money as a file.
pub(super) async fn load(
    cx: Cx,
    Path((key, file)): Path<(String, String)>,
) -> Result<axum::response::Response, Failure> {
    let plan = cx.app.desk.plan().await?;
    let at = plan.programmes.by_key(&key).ok_or(Failure::NotFound)?;
    let format = file.strip_prefix("money.").ok_or(Failure::NotFound)?;
    loads::table(&cx, &super::tables::programmes(&plan, &[at]), format)
}

fn records(desk: &Desktop<'_>, group: &ProgrammeGroup) -> Vec<RecordRef> {
    let sheets = group.sheets.iter().rev().map(|&at| desk.plan.view.sheets[at].origin.record.clone());
    sheets
        .chain(group.records.iter().map(|&at| desk.plan.view.programmes[at].origin.record.clone()))
        .collect()
}

fn facts(desk: &Desktop<'_>, answer: &ProgrammeAnswer, group: &ProgrammeGroup) -> Markup {
    let year = |year: &Reported<base::FiscalYear>| match year {
        Reported::Value(year) => html! { (desk.year(*year)) },
        Reported::Missing { missing } => desk.missing(*missing),
    };
    let newest = answer.sources.iter().take(1).cloned().collect::<Vec<Source>>();
    html! {
        dl.facts {
            div { dt { (desk.say("鍵", "Key")) } dd { code { (answer.key) } (desk.cite(&newest)) } }
            div { dt { (desk.say("府省", "Ministry")) } dd {
                @if answer.ministry.is_empty() { (desk.missing(Missing::NotPrinted)) } @else { (desk.ministry(&answer.ministry)) }
                @if !answer.desk.is_empty() { " " (answer.desk) }
            } }
            div { dt { (desk.say("開始", "Begins")) } dd { (year(&answer.start_year)) } }
            div { dt { (desk.say("終了（予定）", "Ends (planned)")) } dd { (year(&answer.end_year)) } }
            @if let Some(parent) = &answer.parent {
                div { dt { (desk.say("次の事業の一部（うち）", "A part (うち) of")) } dd { (parent) } }
            }
            @if let Some(naming) = &answer.naming {
                @if let Some(words) = &naming.plan { div { dt { (desk.say("基本計画を挙げる", "Names the plan")) } dd lang="ja" { "「" (words) "」" (desk.cite(&newest)) } } }
                @if let Some(words) = &naming.act { div { dt { (desk.say("法を挙げる", "Names the Act")) } dd lang="ja" { "「" (words) "」" (desk.cite(&newest)) } } }
                @if let Some(words) = &naming.look_alike { div { dt { (desk.say("似た名の別の法律", "A law of similar name")) } dd lang="ja" { "「" (words) "」" (desk.cite(&newest)) } } }
            }
            (successions(desk, group))
        }
    }
}

fn successions(desk: &Desktop<'_>, group: &ProgrammeGroup) -> Markup {
    let all = desk.plan.answer.successions.iter();
    html! {
        @for succession in all.filter(|one| one.newer == group.key || one.older == group.key) {
            div {
                dt { (if succession.newer == group.key { desk.say("前身", "Succeeds") } else { desk.say("後継", "Succeeded by") }) }
                dd {
                    (desk.programme(if succession.newer == group.key { &succession.older } else { &succession.newer }))
                    (desk.belief(&succession.belief)) " " span.quiet { (succession.why) } (desk.cite(&succession.sources))
                }
            }
        }
    }
}

/// The goals it serves, and why that is believed.
fn joins(desk: &Desktop<'_>, group: &ProgrammeGroup) -> Markup {
    let joined = desk.plan.index.joins(&group.key);
    html! {
        h2 #goals { (desk.say("資するゴール", "Goals it serves")) }
        @if joined.is_empty() {
            p { (desk.say("この計画のどのゴールとも結ばれていません。", "It is joined to no goal of the plan.")) }
        }
        @for one in joined {
            @let goal = &desk.plan.answer.goals[one.goal];
            @let join = &goal.joins[one.join];
            section.card {
                h3 { (desk.node_by(goal.node.record.record.as_str())) (desk.belief(&join.belief)) }
                p.quiet { (desk.say("点 ", "Score ")) (join.score) (desk.say("（順序のための点で、確率ではない）", " (orders suggestions; no probability)")) }
                (desk.why(join))
            }
        }
    }
}

/// Money by year, one column a kind: kinds are never added to each other.
fn money(desk: &Desktop<'_>, answer: &ProgrammeAnswer) -> Markup {
    html! {
        h2 #money { (desk.say("お金：要求から執行まで", "Money, from request to execution")) }
        @if answer.money.is_empty() {
            p { (desk.say("金額を記したシートがありません。", "No sheet gives amounts.")) }
        } @else {
            (PreEscaped(Bars::of(desk.say("年度ごとの予算と執行", "Budget and execution by year"), &newest(&answer.money), desk.cx.lang).svg("money-chart", desk.cx.lang)))
            (money_table(desk, &answer.money))
            p.quiet { (desk.say(
                "「未確定」「なし」「0円」は別のものです。年度の金額は最も新しいシートによります。",
                "“Not yet”, “none” and zero are different things. Each year's amounts are those of the newest sheet.",
            )) }
            (earlier(desk, &answer.money))
        }
    }
}

/// A drawing holds the newest years only; the table has all.
fn newest(money: &[MoneyYear]) -> Vec<MoneyYear> {
    const DRAWN: [BudgetKind; 5] = [
        BudgetKind::Request,
        BudgetKind::Initial,
        BudgetKind::Supplementary,
        BudgetKind::Available,
        BudgetKind::Executed,
    ];
    let years = money.iter().skip(money.len().saturating_sub(4)).cloned();
    years
        .map(|mut year| {
            year.amounts.retain(|amount| DRAWN.contains(&amount.kind));
            year
        })
        .collect()
}

fn money_table(desk: &Desktop<'_>, money: &[MoneyYear]) -> Markup {
    let stated =
        |kind: &BudgetKind| money.iter().flat_map(|year| &year.amounts).any(|amount| amount.kind == *kind);
    let kinds: Vec<BudgetKind> = KINDS.into_iter().filter(stated).collect();
    let head = html! {
        th scope="col" { (desk.say("年度", "Fiscal year")) }
        @for kind in &kinds { th.figure scope="col" { (desk.name(&kind.names())) } }
    };
    let rows = html! {
        @for year in money.iter().rev() {
            tr {
                th scope="row" { (desk.year(year.fiscal_year)) }
                @for kind in &kinds {
                    td.figure {
                        @match year.amounts.iter().find(|amount| amount.kind == *kind) {
                            Some(amount) => { (desk.yen(&amount.yen)) (desk.cite(&amount.sources[..amount.sources.len().min(1)])) }
                            None => (desk.missing(Missing::NotPrinted)),
                        }
                    }
                }
            }
        }
    };
    scrolling("money-table", desk.say("年度と種別ごとの金額", "Amounts by year and kind"), head, rows)
}

/// Amounts that older sheets stated otherwise.
fn earlier(desk: &Desktop<'_>, money: &[MoneyYear]) -> Markup {
    let differs = || {
        money
            .iter()
            .flat_map(|year| year.amounts.iter().map(move |amount| (year.fiscal_year, amount)))
            .filter(|(_, amount)| !amount.earlier.is_empty())
    };
    html! {
        @if differs().next().is_some() {
            details {
                summary { (desk.say("以前のシートで額が違ったもの", "Amounts that earlier sheets stated otherwise")) }
                ul { @for (year, amount) in differs() {
                    li {
                        (desk.year(year)) " " (desk.name(&amount.kind.names())) ": "
                        @for (sheet, yen) in &amount.earlier { (desk.sum(yen.yen())) " (" (desk.year(*sheet)) ") → " }
                        (desk.yen(&amount.yen)) (desk.cite(&amount.sources[..amount.sources.len().min(1)]))
                    }
                } }
            }
        }
    }
}

fn purpose(desk: &Desktop<'_>, sheet: &Sheet) -> Markup {
    let labels = [("目的", "Purpose"), ("現状・課題", "Present state and issues"), ("概要", "Overview")];
    html! {
        @if sheet.texts.iter().any(|text| !text.is_empty()) {
            h2 #purpose { (desk.say("何をする事業か", "What it does")) }
            dl.facts {
                @for ((ja, en), text) in labels.iter().zip(&sheet.texts) {
                    @if !text.is_empty() { div { dt { (desk.say(ja, en)) } dd lang="ja" { (text) (desk.cite(&sheet.origin.sources[..sheet.origin.sources.len().min(1)])) } } }
                }
            }
        }
    }
}

/// Every indicator over the years, activity before outcome.
fn results(desk: &Desktop<'_>, answer: &ProgrammeAnswer) -> Markup {
    html! {
        h2 #results { (desk.say("目標と実績", "Targets and results")) }
        @if answer.results.is_empty() {
            p { (desk.say("年度別の目標・実績を記したシートがありません。", "No sheet gives targets and results by year.")) }
        }
        @if let Some(reason) = &answer.no_outcome_reason {
            p { (desk.say("成果の指標を置けない理由（シートの記載）：", "Why no outcome is set, in the sheet's words: ")) q lang="ja" { (reason) } (desk.cite(&answer.sources[..answer.sources.len().min(1)])) }
        }
        @for (at, series) in answer.results.iter().take(MOST_SERIES).enumerate() { (one_series(desk, series, at)) }
        @if answer.results.len() > MOST_SERIES {
            p { (desk.tell(format!("ほか{}件の指標は記録にあります。", answer.results.len() - MOST_SERIES), format!("{} more indicators are in the records.", answer.results.len() - MOST_SERIES))) }
        }
    }
}

fn kind_of(desk: &Desktop<'_>, series: &ResultSeries) -> String {
    let kind = match series.kind.as_str() {
        "activity" => desk.say("アクティビティ", "activity"),
        "output" => desk.say("アウトプット", "output"),
        "outcome" => desk.say("アウトカム", "outcome"),
        other => other,
    };
    series.term.as_ref().map_or_else(|| kind.to_owned(), |term| format!("{kind}・{term}"))
}

fn one_series(desk: &Desktop<'_>, series: &ResultSeries, at: usize) -> Markup {
    let years = series.years.iter().filter_map(|year| {
        let value = match &year.actual {
            Reported::Value(text) => text.replace(',', "").parse::<f64>().map_err(|_| Missing::Unknown),
            Reported::Missing { missing } => Err(*missing),
        };
        Some(SparkYear { year: desk.year(year.fiscal_year?), value })
    });
    let spark = Spark { name: series.indicator.clone(), unit: series.unit.clone(), years: years.collect() };
    let head = html! {
        th scope="col" { (desk.say("年度", "Fiscal year")) }
        th.figure scope="col" { (desk.say("目標", "Target")) }
        th.figure scope="col" { (desk.say("実績", "Actual")) }
    };
    let value = |value: &Reported<String>| match value {
        Reported::Value(text) => html! { (text) },
        Reported::Missing { missing } => desk.missing(*missing),
    };
    let rows = html! {
        @for year in &series.years {
            tr {
                th scope="row" { @match year.fiscal_year { Some(year) => (desk.year(year)), None => (desk.say("最終目標", "final target")) } }
                td.figure { (value(&year.target)) }
                td.figure { (value(&year.actual)) (desk.cite(&year.sources[..year.sources.len().min(1)])) }
            }
        }
    };
    html! {
        section.series {
            h3 { span.level { (kind_of(desk, series)) } " " (series.indicator) @if !series.unit.is_empty() { (report::words::bracketed(&series.unit, desk.cx.lang)) } }
            @if !series.goal.is_empty() { p.quiet lang="ja" { (series.goal) } }
            @if spark.years.iter().any(|year| year.value.is_ok()) { (PreEscaped(spark.svg(&format!("series-{at}"), desk.cx.lang))) }
            (scrolling(&format!("series-{at}-table"), &series.indicator, head, rows))
        }
    }
}

/// The names it bore, and why the sheets of several years are one programme.
fn names(desk: &Desktop<'_>, answer: &ProgrammeAnswer) -> Markup {
    html! {
        h2 #names { (desk.say("名称と年度をまたぐ同一性", "Names, and why these are one programme")) }
        ul {
            @for name in &answer.names {
                li { @match name.year { Some(year) => (desk.year(year)), None => (desk.say("計画の資料", "the plan's documents")) } ": " (name.name) }
            }
        }
        @if !answer.unions.is_empty() {
            ul.quiet {
                @for union in &answer.unions {
                    li { (desk.place(&union.earlier)) " → " (desk.place(&union.later)) (desk.belief(&union.belief)) " " (desk.name(&union.why)) }
                }
            }
        }
    }
}
