//! A measure: the wording of each year with the differences marked, who leads it, what was done and is planned, the budgets
//! it quotes, its programmes with their money, and where every cell stands.

use axum::extract::Path;
use base::BudgetKind;
use maud::{Markup, PreEscaped, html};
use plan::change::Identity;
use plan::join;
use plan::view::{Column, Row};
use report::{Cell, Severity};

use super::parts::{Desktop, node_path, row_path, scrolling};
use crate::cx::Cx;
use crate::desk::Plan;
use crate::failure::Failure;
use crate::look::{Html, Page};

/// A measure is followed through this many years at most.
const MOST_YEARS: usize = 30;
/// A title is cut after this many characters; the whole wording is on the page.
const LONGEST_TITLE: usize = 48;

pub(super) async fn page(cx: Cx, Path(id): Path<String>) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let at = plan.index.row(&id).ok_or(Failure::NotFound)?;
    let row = &plan.view.rows[at];
    let desk = Desktop::new(&cx, &plan);
    let through = through(&plan, at);
    let goal = desk.goal_of(row);
    let lead = desk.tell(
        format!("{}の取組状況表の施策。{}", row.fiscal_year.japanese(), row.heading),
        format!("A measure of the follow-up table of {}. {}", row.fiscal_year, row.heading),
    );
    let body = html! {
        (years(&desk, &through, at))
        (facts(&desk, row))
        @for (nth, &at) in through.iter().enumerate() {
            (year(&desk, &plan.view.rows[at], through.get(nth + 1).map(|&at| &plan.view.rows[at])))
        }
        (programmes(&desk, row))
        (desk.behind(&through.iter().map(|&at| plan.view.rows[at].origin.record.clone()).collect::<Vec<_>>()))
        (desk.sources())
    };
    let mut page = Page::new(title(&row.measure), body).lead(lead).below(cx.say("計画", "Plan"), "/plan");
    if let Some(goal) = goal {
        page = page.below(desk.name(&goal.name), node_path(goal));
    }
    Ok(page.show(&cx))
}

/// The beginning of a measure's wording, without the marks of ministries after it.
pub(super) fn title(measure: &str) -> String {
    let text = measure.trim_start_matches(['・', '○', ' ', '　']);
    let text =
        text.rfind(['[', '［']).filter(|_| text.ends_with([']', '］'])).map_or(text, |marks| &text[..marks]);
    match text.char_indices().nth(LONGEST_TITLE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None if text.is_empty() => "—".to_owned(),
        None => text.to_owned(),
    }
}

/// The rows that are this measure, newest first, as places in the view.
fn through(plan: &Plan, at: usize) -> Vec<usize> {
    let id = |at: usize| plan.view.rows[at].origin.id();
    let later = std::iter::successors(Some(at), |&at| plan.index.later(id(at))).take(MOST_YEARS);
    let newest = later.last().unwrap_or(at);
    std::iter::successors(Some(newest), |&at| plan.index.earlier(id(at)).map(|(at, _)| at))
        .take(MOST_YEARS)
        .collect()
}

fn years(desk: &Desktop<'_>, through: &[usize], here: usize) -> Markup {
    html! {
        @if through.len() > 1 {
            p.acts {
                (desk.say("年度：", "Year: "))
                @for &at in through {
                    @let row = &desk.plan.view.rows[at];
                    @if at == here { strong { (desk.year(row.fiscal_year)) } }
                    @else { a href=(desk.cx.to(&row_path(row.origin.id()))) { (desk.year(row.fiscal_year)) } }
                }
            }
        }
    }
}

fn facts(desk: &Desktop<'_>, row: &Row) -> Markup {
    let leads = row.marks.leads();
    let others: Vec<String> = row.marks.all().into_iter().filter(|name| !leads.contains(name)).collect();
    let goal = desk.goal_of(row);
    html! {
        dl.facts {
            div { dt { (desk.say("ゴール", "Goal")) } dd {
                @match goal { Some(goal) => (desk.node(goal)), None => { (row.goal) " " span.tag.caution { (desk.say("計画に見当たらない", "not in the plan")) } } }
                (desk.cite(&row.origin.sources))
            } }
            div { dt { (desk.say("◎の府省", "Marked ◎")) } dd {
                @if leads.is_empty() { (desk.missing(base::Missing::NotPrinted)) }
                (desk.ministries(leads.iter().map(String::as_str)))
            } }
            @if !others.is_empty() {
                div { dt { (desk.say("ほかの府省", "Other ministries")) } dd { (desk.ministries(others.iter().map(String::as_str))) } }
            }
            div { dt { (desk.say("印刷どおり", "As printed")) } dd { (row.marks.as_printed) } }
            @if let Some(status) = &row.status { div { dt { (desk.say("状況", "Status")) } dd { (status) } } }
        }
    }
}

/// One year: wording against the year before, results, plans, budgets.
fn year(desk: &Desktop<'_>, row: &Row, before: Option<&Row>) -> Markup {
    let same = desk.plan.index.earlier(row.origin.id()).map(|(_, identity)| identity);
    html! {
        h2 id={ "fy" (row.fiscal_year.western()) } { (desk.year(row.fiscal_year)) }
        @if let Some(Identity::Suggested { similarity, threshold }) = same {
            (desk.note(Severity::Info, &html! { (desk.tell(
                format!("前の年度の行と同じ施策とみたのは文言の近さによる推定です（{similarity}/1000、しきい値{threshold}）。"),
                format!("Taken for the same measure as the earlier row by similar wording only ({similarity} of 1000, threshold {threshold})."),
            )) }))
        }
        dl.facts {
            (wording(desk, "施策", "Measure", row, &row.measure, before.map(|row| row.measure.as_str()), "measure"))
            @let results = desk.tell(format!("{}の実績・状況", desk.year(row.fiscal_year)), format!("Results, {}", row.fiscal_year));
            (wording(desk, &results, &results, row, &row.results, before.map(|row| row.results.as_str()), "results"))
            @let plans = desk.tell(format!("{}の取組予定", desk.year(row.fiscal_year.next())), format!("Plans, {}", row.fiscal_year.next()));
            (wording(desk, &plans, &plans, row, &row.plans, before.map(|row| row.plans.as_str()), "plans"))
        }
        (doubts(desk, row))
        (budgets(desk, row))
    }
}

/// A text, with what was deleted and inserted since the year before.
fn wording(
    desk: &Desktop<'_>,
    ja: &str,
    en: &str,
    row: &Row,
    text: &str,
    before: Option<&str>,
    cell: &str,
) -> Markup {
    let changed = before.filter(|before| base::text::name_key(before) != base::text::name_key(text));
    let incomplete = row.incomplete.iter().any(|name| name == cell);
    html! {
        div {
            dt {
                (desk.say(ja, en))
                @match (before, changed) {
                    (Some(_), None) if !text.is_empty() => span.tag { (desk.say("前年度と同文", "same as last year")) },
                    (Some(_), Some(_)) => span.tag.caution { (desk.say("変更あり", "changed")) },
                    _ => {}
                }
            }
            dd.printed lang="ja" {
                @if incomplete { span.tag.caution lang=(desk.say("ja", "en")) { (desk.say("原本で欠け", "incomplete in the source")) } " " }
                @if text.is_empty() { (desk.missing(base::Missing::NotPrinted)) }
                @else if let Some(before) = changed {
                    (PreEscaped(report::html::text(&report::diff::wording(&bullets(before), &bullets(text)), desk.cx.lang)))
                } @else {
                    (PreEscaped(report::html::text(&report::Text::plain(bullets(text)), desk.cx.lang)))
                }
                (desk.cite(&row.origin.sources))
            }
        }
    }
}

/// Each bullet on a line of its own, as it stood on the page.
fn bullets(text: &str) -> String {
    text.replace("。・", "。\n・")
}

fn doubts(desk: &Desktop<'_>, row: &Row) -> Markup {
    html! {
        @if !row.doubts.is_empty() {
            (desk.note(Severity::Caution, &html! {
                (desk.say("読み取りに注意（原本と照合してください）：", "Read with doubt, compare with the original: "))
                @for doubt in &row.doubts {
                    span.line {
                        (doubt.cell) @if let Some(sure) = doubt.confidence { " " (sure) "%" } ": " (doubt.why)
                    }
                }
            }))
        }
    }
}

fn budgets(desk: &Desktop<'_>, row: &Row) -> Markup {
    if row.budgets.is_empty() {
        return html! { p.quiet { (desk.say("この行に予算の記載はありません。", "This row quotes no budget.")) } };
    }
    let head = html! {
        th scope="col" { (desk.say("事業（印刷どおり）", "Programme, as printed")) }
        th scope="col" { (desk.say("年度", "Fiscal year")) }
        th scope="col" { (desk.say("種別", "Kind")) }
        th.figure scope="col" { (desk.say("金額", "Amount")) }
        th scope="col" { (desk.say("欄", "Cell")) }
    };
    let rows = html! {
        @for budget in &row.budgets {
            tr {
                th scope="row" {
                    (named(desk, &budget.programme))
                    @if let Some(activity) = &budget.activity { span.quiet { " " (activity) } }
                }
                td { (desk.year(budget.amount.fiscal_year)) }
                td { (desk.name(&budget.amount.kind.names())) @if budget.amount.repeated { " " span.tag { (desk.say("再掲", "repeat")) } } }
                td.figure { (desk.cell(&Cell::amount(&budget.amount))) (desk.cite(&row.origin.sources)) }
                td { (match budget.column { Column::Results => desk.say("実績", "results"), Column::Plans => desk.say("予定", "plans") }) }
            }
        }
    };
    let caption = desk.tell(
        format!("{}の行に記された予算", desk.year(row.fiscal_year)),
        format!("Budgets quoted in the row of {}", row.fiscal_year),
    );
    scrolling(&format!("budgets-{}", row.fiscal_year.western()), &caption, head, rows)
}

/// A programme as printed, leading to the one of that name where there is only one.
fn named(desk: &Desktop<'_>, name: &str) -> Markup {
    let found = desk.plan.programmes.named(name);
    html! {
        @match found {
            [only] => a href=(desk.cx.to(&super::parts::programme_path(&desk.plan.programmes.groups[*only].key))) { (name) },
            [] if name.is_empty() => (desk.missing(base::Missing::NotPrinted)),
            [] => { (name) " " span.tag { (desk.say("シートなし", "no sheet")) } },
            _ => { (name) " " span.tag.caution { (desk.say("同名が複数", "several of this name")) } },
        }
    }
}

/// The programmes that the row names, with their money from budget to execution.
fn programmes(desk: &Desktop<'_>, row: &Row) -> Markup {
    let plan = desk.plan;
    let mut places: Vec<usize> =
        join::names_in(row).iter().flat_map(|name| plan.programmes.named(name)).copied().collect();
    places.sort_unstable();
    places.dedup();
    let head = html! {
        th scope="col" { (desk.say("事業", "Programme")) }
        th scope="col" { (desk.say("なぜ", "Why")) }
        th.figure scope="col" { (desk.name(&BudgetKind::Initial.names())) }
        th.figure scope="col" { (desk.name(&BudgetKind::Available.names())) }
        th.figure scope="col" { (desk.name(&BudgetKind::Executed.names())) }
    };
    let goal = desk.goal_of(row).and_then(|goal| plan.index.goal(goal.id()));
    let money = |at: usize, kind| plan.index.listed[at].amount(row.fiscal_year, kind);
    let rows = html! {
        @for &at in &places {
            @let key = &plan.programmes.groups[at].key;
            @let joined = plan.index.joins(key).iter().find(|joined| Some(joined.goal) == goal);
            tr {
                th scope="row" { (desk.programme(key)) }
                td { @match joined.map(|joined| &plan.answer.goals[joined.goal].joins[joined.join]) {
                    Some(join) => { (desk.belief(&join.belief)) (desk.why(join)) }
                    None => { (desk.say("この行が名を挙げている", "the row names it")) (desk.cite(&row.origin.sources)) }
                } }
                @for kind in [BudgetKind::Initial, BudgetKind::Available, BudgetKind::Executed] {
                    td.figure { @match money(at, kind) { Some(yen) => (desk.yen(&yen)), None => (desk.missing(base::Missing::NotPrinted)) } }
                }
            }
        }
    };
    html! {
        h2 #programmes { (desk.say("この施策の事業", "Programmes of this measure")) }
        @if places.is_empty() {
            p { (desk.say("この行が名を挙げる事業で、シートのあるものはありません。", "The row names no programme that has a review sheet.")) }
        } @else {
            (scrolling("programmes-table", &desk.tell(format!("行が名を挙げる事業と{}の予算・執行", desk.year(row.fiscal_year)), format!("Programmes the row names, money of {}", row.fiscal_year)), head, rows))
            p.quiet { (desk.say("金額の出典は各事業のページにあります。", "The sources of the amounts are on each programme's page.")) }
        }
    }
}
