//! Money printed in the plan's documents: where it flows in one year and of one kind, whether printed totals are the sum of
//! their lines, and what the review sheets of the same programmes say. 内数 are bounds here as everywhere.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use base::{BudgetKind, FiscalYear};
use maud::{Markup, html};
use plan::money::{self, Agreement, PrintedLine, Reconciliation};
use report::Cell;
use report::chart::{Flow, FlowLink, FlowNode, FlowValue};
use serde::Deserialize;

use super::parts::{Desktop, ministry_path, programme_path, scrolling};
use super::tables;
use crate::cx::Cx;
use crate::desk::Plan;
use crate::failure::Failure;
use crate::look::{Html, Page};
use crate::public::loads;

/// What is wanted; text, because a form sends empty fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    fy: String,
    kind: String,
}

pub(super) async fn page(cx: Cx, ask: Result<Query<Ask>, QueryRejection>) -> Result<Html, Failure> {
    let ask = ask.map(|Query(ask)| ask).unwrap_or_default();
    let plan = cx.app.desk.plan().await?;
    let desk = Desktop::new(&cx, &plan);
    let years = years(&plan);
    let asked = ask.fy.trim().parse().ok().map(FiscalYear::new).filter(|year| years.contains(year));
    let Some(year) = asked.or_else(|| usual_year(&plan, &years)) else {
        let body = html! { p { (cx.say("予算の記録はまだありません。", "No budgets are on record yet.")) } };
        return Ok(Page::new(cx.say("予算", "Budget"), body).show(&cx));
    };
    let lines: Vec<&PrintedLine> =
        plan.index.printed.iter().filter(|line| line.amount.fiscal_year == year).collect();
    let body = html! {
        (form(&desk, &years, year))
        (flows(&desk, year, &lines, &ask.kind))
        (sums(&desk, year, &lines))
        (groups(&desk, year))
        (comparisons(&desk, year))
        (desk.loads("/budget", "", loads::FORMATS))
        (desk.sources())
    };
    let lead = cx.say(
        "計画の資料に印刷された予算です。種別の違う額は足さず、内数（≤）と再掲は合計に入れません。",
        "Budgets printed in the plan's documents. Amounts of different kinds are not added; shares (≤) and repeats are in no sum.",
    );
    Ok(Page::new(cx.say("予算", "Budget"), body).lead(lead).show(&cx))
}

pub(super) async fn load(cx: Cx) -> Result<Response, Failure> {
    let plan = cx.app.desk.plan().await?;
    loads::table(&cx, &tables::budget(&plan.answer.budget_groups), loads::ending(&cx.path))
}

fn years(plan: &Plan) -> Vec<FiscalYear> {
    let mut years: Vec<FiscalYear> = plan.index.printed.iter().map(|line| line.amount.fiscal_year).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    years
}

/// The year of the newest printed total, else the newest with lines.
fn usual_year(plan: &Plan, years: &[FiscalYear]) -> Option<FiscalYear> {
    let of_totals = plan.answer.budget_groups.iter().filter_map(|group| group.fiscal_year).max();
    of_totals.filter(|year| years.contains(year)).or(years.first().copied())
}

fn form(desk: &Desktop<'_>, years: &[FiscalYear], chosen: FiscalYear) -> Markup {
    html! {
        form.filters action=(desk.cx.to("/budget")) {
            div { label for="b-fy" { (desk.say("年度", "Fiscal year")) } select #b-fy name="fy" {
                @for year in years { option value=(year.western()) selected[*year == chosen] { (desk.year(*year)) } }
            } }
            button { (desk.say("表示", "Show")) }
        }
    }
}

/// One flow a kind, the kind with most lines first.
fn flows(desk: &Desktop<'_>, year: FiscalYear, lines: &[&PrintedLine], asked: &str) -> Markup {
    let mut kinds: Vec<(BudgetKind, usize)> = Vec::new();
    for line in lines.iter().filter(|line| !line.amount.repeated) {
        match kinds.iter_mut().find(|(kind, _)| *kind == line.amount.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((line.amount.kind, 1)),
        }
    }
    kinds.sort_by_key(|(kind, count)| (kind.names().en != asked, std::cmp::Reverse(*count)));
    html! {
        @for (at, (kind, _)) in kinds.iter().enumerate() {
            h2 { (desk.year(year)) " " (desk.name(&kind.names())) }
            (desk.chart(&flow(desk, year, *kind, lines), &format!("flow-{at}")))
        }
    }
}

/// From ministry to programme to the stages of development it covers, where its record says.
fn flow(desk: &Desktop<'_>, year: FiscalYear, kind: BudgetKind, lines: &[&PrintedLine]) -> Flow {
    let plan = desk.plan;
    let mut flow = Flow {
        name: format!("{} {}", desk.year(year), desk.name(&kind.names())),
        levels: [("府省", "Ministry"), ("事業", "Programme"), ("開発の段階", "Stage of development")]
            .map(|(ja, en)| desk.say(ja, en).to_owned())
            .to_vec(),
        ..Flow::default()
    };
    for line in lines.iter().filter(|line| line.amount.kind == kind && !line.amount.repeated) {
        let group = match plan.programmes.named(&line.programme) {
            [only] => Some(*only),
            _ => None,
        };
        let printed = plan
            .view
            .budget_lines
            .iter()
            .find(|known| known.name == line.programme && !known.ministry.is_empty());
        let ministry = printed
            .map(|line| crate::desk::index::ministry_name(&line.ministry).ja)
            .or_else(|| group.map(|at| plan.index.listed[at].ministry.clone()))
            .filter(|name| !name.is_empty());
        let ministry = match ministry {
            Some(name) => node(
                &mut flow,
                0,
                desk.name(&crate::desk::index::ministry_name(&name)),
                Some(desk.cx.to(&ministry_path(&name))),
            ),
            None => node(&mut flow, 0, desk.say("府省の記載なし", "ministry not printed"), None),
        };
        let href = group.map(|at| desk.cx.to(&programme_path(&plan.programmes.groups[at].key)));
        let name = if line.programme.is_empty() {
            desk.say("事業名の記載なし", "programme not printed")
        } else {
            &line.programme
        };
        let programme = node(&mut flow, 1, name, href);
        let stages: Vec<&str> = group
            .iter()
            .flat_map(|&at| &plan.programmes.groups[at].records)
            .flat_map(|&at| plan.view.programmes[at].stages.iter().map(String::as_str))
            .collect();
        let stages = if stages.is_empty() {
            desk.say("段階の記載なし", "stage not printed").to_owned()
        } else {
            stages.join("・")
        };
        let stage = node(&mut flow, 2, &stages, None);
        let value = if line.amount.within {
            FlowValue::AtMost(line.amount.yen)
        } else {
            FlowValue::Exact(line.amount.yen)
        };
        flow.links.push(FlowLink { from: ministry, to: programme, value });
        flow.links.push(FlowLink { from: programme, to: stage, value });
    }
    flow
}

fn node(flow: &mut Flow, level: usize, label: &str, href: Option<String>) -> usize {
    if let Some(known) = flow.nodes.iter().position(|node| node.level == level && node.label == label) {
        return known;
    }
    flow.nodes.push(FlowNode { level, label: label.to_owned(), href });
    flow.nodes.len() - 1
}

/// Every printed line of the year with its source, and the sums kind by kind.
fn sums(desk: &Desktop<'_>, year: FiscalYear, lines: &[&PrintedLine]) -> Markup {
    let owned: Vec<PrintedLine> = lines.iter().map(|line| (*line).clone()).collect();
    let head = html! {
        th scope="col" { (desk.say("事業（印刷どおり）", "Programme, as printed")) }
        th scope="col" { (desk.say("種別", "Kind")) }
        th.figure scope="col" { (desk.say("金額", "Amount")) }
    };
    let rows = html! {
        @for line in lines { (line_row(desk, line, None)) }
        @for total in money::printed_totals(&owned) {
            @if let Some(yen) = total.yen {
                tr.total {
                    th scope="row" { (desk.tell(format!("合計（{}行。内数{}行は含めない）", total.lines, total.bounds.len()), format!("Sum of {} lines, without {} shares", total.lines, total.bounds.len()))) }
                    td { (desk.name(&total.kind.names())) }
                    td.figure { (desk.sum(yen)) }
                }
            }
        }
    };
    html! {
        h2 #lines { (desk.say("印刷された予算のすべて", "Every printed budget")) }
        (scrolling("lines-table", &desk.tell(format!("{}の印刷された予算", desk.year(year)), format!("Budgets printed for {year}")), head, rows))
    }
}

fn line_row(desk: &Desktop<'_>, line: &PrintedLine, remark: Option<&str>) -> Markup {
    let found = desk.plan.programmes.named(&line.programme);
    html! {
        tr {
            th scope="row" {
                @match found {
                    [only] => a href=(desk.cx.to(&programme_path(&desk.plan.programmes.groups[*only].key))) { (line.programme) },
                    _ if line.programme.is_empty() => (desk.missing(base::Missing::NotPrinted)),
                    _ => (line.programme),
                }
            }
            td { (desk.name(&line.amount.kind.names())) @if line.amount.repeated { " " span.tag { (desk.say("再掲", "repeat")) } } @if let Some(remark) = remark { " " span.tag { (remark) } } }
            td.figure { (desk.cell(&Cell::amount(&line.amount))) (desk.cite(&line.sources)) }
        }
    }
}

/// Printed totals beside the sum of their lines.
fn groups(desk: &Desktop<'_>, year: FiscalYear) -> Markup {
    let of_year = || {
        desk.plan.answer.budget_groups.iter().filter(|group| group.fiscal_year.is_none_or(|of| of == year))
    };
    html! {
        @if of_year().next().is_some() {
            h2 #totals { (desk.say("印刷された合計は、行の和か", "Are printed totals the sum of their lines?")) }
            @for (at, group) in of_year().enumerate() { (one_group(desk, group, at)) }
        }
    }
}

fn one_group(desk: &Desktop<'_>, group: &Reconciliation, at: usize) -> Markup {
    let (class, word) = match group.agreement {
        Some(Agreement::Agrees) => ("tag good", desk.say("一致", "agrees")),
        Some(Agreement::WithinRounding) => {
            ("tag", desk.say("端数処理の範囲で一致", "agrees within rounding"))
        }
        Some(Agreement::Disagrees) => ("tag bad", desk.say("一致しない", "disagrees")),
        None => ("tag caution", desk.say("確かめられない", "cannot be checked")),
    };
    let head = html! {
        th scope="col" { (desk.say("行", "Line")) }
        th scope="col" { (desk.say("種別", "Kind")) }
        th.figure scope="col" { (desk.say("金額", "Amount")) }
    };
    let rows = html! {
        @for line in &group.counted { (line_row(desk, line, None)) }
        @for (line, why) in &group.left_out { (line_row(desk, line, Some(desk.name(&why.names())))) }
    };
    html! {
        section.card {
            h3 { (desk.name(&group.name)) " " span class=(class) { (word) } }
            dl.facts {
                div { dt { (desk.say("印刷された合計", "Printed total")) } dd { (desk.cell(&Cell::reported(&group.total, |yen| Cell::yen(*yen)))) (desk.cite(&group.sources)) } }
                div { dt { (desk.say("行の和", "Sum of the lines")) } dd {
                    @match group.sum { Some(yen) => (desk.sum(yen)), None => (desk.missing(base::Missing::Unknown)) }
                } }
            }
            details {
                summary { (desk.tell(format!("和に入れた{}行、除いた{}行", group.counted.len(), group.left_out.len()), format!("{} lines counted, {} left out", group.counted.len(), group.left_out.len()))) }
                (scrolling(&format!("group-{at}"), desk.name(&group.name), head, rows))
            }
        }
    }
}

/// Printed budgets beside the sheets of the same programmes.
fn comparisons(desk: &Desktop<'_>, year: FiscalYear) -> Markup {
    let of_year = || desk.plan.answer.comparisons.iter().filter(|one| one.printed.amount.fiscal_year == year);
    let head = html! {
        th scope="col" { (desk.say("事業", "Programme")) }
        th.figure scope="col" { (desk.say("資料", "Document")) }
        th.figure scope="col" { (desk.say("シート", "Sheet")) }
        th scope="col" { (desk.say("比べた種別", "Kinds compared")) }
        th scope="col" { (desk.say("判定", "Result")) }
    };
    let rows = html! {
        @for one in of_year() {
            tr {
                th scope="row" { (desk.programme(&one.programme)) }
                td.figure { (desk.cell(&Cell::amount(&one.printed.amount))) (desk.cite(&one.printed.sources)) }
                td.figure { (desk.cell(&Cell::yen(one.sheet))) (desk.cite(&one.sources[..one.sources.len().min(1)])) }
                td { (desk.name(&one.printed.amount.kind.names())) " / " (desk.name(&one.sheet_kind.names())) }
                td {
                    @if one.agrees { span.tag.good { (desk.say("矛盾しない", "may be the same")) } }
                    @else { span.tag.bad { (desk.say("一致しない", "differs")) } }
                }
            }
        }
    };
    html! {
        @if of_year().next().is_some() {
            h2 #sheets { (desk.say("資料とレビューシート", "Documents and review sheets")) }
            (scrolling("comparisons", desk.say("印刷された額とシートの額", "Printed amounts beside the sheets'"), head, rows))
        }
    }
}
