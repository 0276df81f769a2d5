//! Ministries: what each leads, its programmes with their money, and what it has not answered.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Path;
use maud::{Markup, html};
use plan::money::{self, MoneyYear};
use plan::view::Row;
use report::Severity;

use super::parts::{Desktop, row_path, scrolling};
use super::{measure, node, programmes};
use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::Plan;
use crate::desk::index::ministry_name;
use crate::failure::Failure;
use crate::look::{Html, Page};

/// Programmes shown on a ministry's page; the list of programmes has all.
const MOST: usize = 60;

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let desk = Desktop::new(&cx, &plan);
    let rows = rows_of_year(&plan);
    let head = html! {
        th scope="col" { (cx.say("府省", "Ministry")) }
        th.figure scope="col" { (cx.say("◎の行", "Rows marked ◎")) }
        th.figure scope="col" { (cx.say("関わる行", "Rows in all")) }
        th.figure scope="col" { (cx.say("ゴールに結ばれた事業", "Programmes joined to a goal")) }
        th.figure scope="col" { (cx.say("記録にある事業", "Programmes on record")) }
    };
    let lines = html! {
        @for name in names(&plan) {
            @let all = plan.index.by_ministry.get(&name).map_or(&[][..], Vec::as_slice);
            tr {
                th scope="row" { (desk.ministry(&name)) }
                td.figure { (rows.iter().filter(|row| row.marks.leads().contains(&name)).count()) }
                td.figure { (rows.iter().filter(|row| row.marks.all().contains(&name)).count()) }
                td.figure { (joined(&plan, all).len()) }
                td.figure { a href=(cx.to(&format!("/programmes?ministry={}", escaped(&name)))) { (all.len()) } }
            }
        }
    };
    let year = plan.answer.fiscal_year.value().map(|year| desk.year(*year)).unwrap_or_default();
    let body = html! {
        @if names(&plan).is_empty() { p { (cx.say("府省の記された記録がまだありません。", "No record names a ministry yet.")) } }
        @else { (scrolling("ministries", &desk.tell(format!("府省ごとの施策と事業 {year}"), format!("Measures and programmes by ministry {year}")), head, lines)) }
        p.quiet { (cx.say("◎は資料に印刷された印です。資料に凡例はありません。", "◎ is a mark printed in the documents, which give no legend.")) }
    };
    Ok(Page::new(cx.say("府省", "Ministries"), body).show(&cx))
}

pub(super) async fn one(cx: Cx, Path(name): Path<String>) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let names = ministry_name(&name);
    if !self::names(&plan).contains(&names.ja) {
        return Err(Failure::NotFound);
    }
    let desk = Desktop::new(&cx, &plan);
    let all = plan.index.by_ministry.get(&names.ja).map_or(&[][..], Vec::as_slice);
    let body = html! {
        (measures(&desk, &names.ja))
        (unanswered(&desk, &names.ja))
        (programmes(&desk, &names.ja, all))
        (desk.sources())
    };
    Ok(Page::new(names.get(cx.lang), body).below(cx.say("府省", "Ministries"), "/ministries").show(&cx))
}

/// Every ministry that a programme or a row names.
fn names(plan: &Plan) -> BTreeSet<String> {
    let of_rows = plan.view.rows.iter().flat_map(|row| row.marks.all());
    plan.index.by_ministry.keys().cloned().chain(of_rows).collect()
}

fn rows_of_year(plan: &Plan) -> Vec<&Row> {
    plan.answer.fiscal_year.value().map_or_else(Vec::new, |year| plan.view.rows_of(*year).collect())
}

fn joined(plan: &Plan, all: &[usize]) -> Vec<usize> {
    all.iter().copied().filter(|&at| !plan.index.joins(&plan.programmes.groups[at].key).is_empty()).collect()
}

/// Its measures of the year, goal by goal; those it leads first.
fn measures(desk: &Desktop<'_>, name: &String) -> Markup {
    let plan = desk.plan;
    let mut goals: BTreeMap<&str, (String, Vec<&Row>)> = BTreeMap::new();
    for row in rows_of_year(plan).into_iter().filter(|row| row.marks.all().contains(name)) {
        let goal = desk.goal_of(row);
        let (id, label) =
            goal.map_or(("", row.goal.clone()), |goal| (goal.id(), desk.name(&goal.name).to_owned()));
        goals.entry(id).or_insert_with(|| (label, Vec::new())).1.push(row);
    }
    let line = |row: &&Row| {
        html! {
            li {
                @if row.marks.leads().contains(name) { span.tag.good { "◎" } } @else { span.tag { (desk.say("関係", "takes part")) } }
                a href=(desk.cx.to(&row_path(row.origin.id()))) { (measure::title(&row.measure)) } (desk.cite(&row.origin.sources))
            }
        }
    };
    html! {
        h2 #measures { (desk.say("担う施策", "Measures it carries")) }
        @if goals.is_empty() {
            p { (desk.say("この年度の表に、この府省の行は取り込まれていません。", "No row of this ministry has been taken in for the year.")) }
        }
        @for (id, (label, rows)) in &goals {
            h3 { @if id.is_empty() { (label) } @else { (desk.node_by(id)) } }
            ul {
                @for row in rows.iter().filter(|row| row.marks.leads().contains(name)) { (line(row)) }
                @for row in rows.iter().filter(|row| !row.marks.leads().contains(name)) { (line(row)) }
            }
        }
    }
}

/// Rounds it was asked in and has not answered, and cells of its rows that say nothing or are incomplete.
fn unanswered(desk: &Desktop<'_>, name: &String) -> Markup {
    let plan = desk.plan;
    let asked = plan.view.rounds.iter().filter(|round| {
        round
            .asked
            .iter()
            .any(|(ministry, answered)| answered.is_none() && ministry_name(ministry).ja == *name)
    });
    let rounds: Vec<_> = asked.collect();
    let gaps: Vec<&Row> = rows_of_year(plan)
        .into_iter()
        .filter(|row| row.marks.leads().contains(name))
        .filter(|row| row.results.is_empty() || row.plans.is_empty() || !row.incomplete.is_empty())
        .collect();
    html! {
        h2 #unanswered { (desk.say("まだ答えのないもの", "Not answered yet")) }
        @if rounds.is_empty() && gaps.is_empty() {
            p { (desk.say(
                "回答を待っている照会も、空欄・欠けのある◎の行もありません。",
                "No open request waits for it, and no row it leads has empty or incomplete cells.",
            )) }
        }
        @if !rounds.is_empty() {
            (desk.note(Severity::Caution, &html! {
                @for round in &rounds {
                    span.line {
                        (desk.tell(format!("{}の取組状況の照会に未回答", desk.year(round.fiscal_year)), format!("has not answered the request for {}", round.fiscal_year)))
                        (desk.cite(&round.origin.sources)) " " (desk.place(&round.origin.record))
                    }
                }
            }))
        }
        ul {
            @for row in gaps {
                li {
                    a href=(desk.cx.to(&row_path(row.origin.id()))) { (measure::title(&row.measure)) }
                    @if row.results.is_empty() { " " span.tag.caution { (desk.say("実績が空欄", "no results")) } }
                    @if row.plans.is_empty() { " " span.tag.caution { (desk.say("予定が空欄", "no plans")) } }
                    @if !row.incomplete.is_empty() { " " span.tag.caution { (desk.say("原本で欠け", "incomplete in the source")) } }
                }
            }
        }
    }
}

fn programmes(desk: &Desktop<'_>, name: &str, all: &[usize]) -> Markup {
    let plan = desk.plan;
    let joined = joined(plan, all);
    let firm: Vec<(&str, Vec<MoneyYear>)> = joined
        .iter()
        .map(|&at| &plan.programmes.groups[at])
        .filter(|group| plan.index.joins(&group.key).iter().any(|joined| joined.firm))
        .map(|group| (group.key.as_str(), money::of_programme(&plan.view, group)))
        .collect();
    let totals = money::totals(firm.iter().map(|(key, money)| (*key, money.as_slice())), &BTreeSet::new());
    let year = programmes::usual_year(plan);
    html! {
        h2 #programmes { (desk.say("事業", "Programmes")) }
        @if joined.is_empty() {
            p { (desk.say("計画のゴールに結ばれた事業はありません。", "None is joined to a goal of the plan.")) }
        } @else {
            (programmes::list(desk, &joined[..joined.len().min(MOST)], year))
        }
        p { a href=(desk.cx.to(&format!("/programmes?ministry={}", escaped(name)))) {
            (desk.tell(format!("この府省の記録にある{}事業すべて", all.len()), format!("All {} programmes of it on record", all.len())))
        } }
        (node::totals(desk, &totals))
    }
}
