//! A node of the plan: its wordings and aims, what is above and below it and why, what was reported on it year by year,
//! which programmes serve it with which money, and where all of it is said.

use axum::extract::Path;
use base::FiscalYear;
use maud::{Markup, html};
use plan::follow_up::GoalAnswer;
use plan::join;
use plan::money::Total;
use plan::view::{Node, Row};
use register::record::Belief;
use report::{Cell, Severity};

use super::home::{printed, state};
use super::measure;
use super::parts::{Desktop, row_path, scrolling};
use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::Plan;
use crate::failure::Failure;
use crate::look::{Html, Page};

pub(super) async fn page(cx: Cx, Path((generation, id)): Path<(String, String)>) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let node = plan.index.node(&id).map(|at| &plan.view.nodes[at]).ok_or(Failure::NotFound)?;
    if node.generation.as_ref().is_some_and(|id| id.as_str() != generation) {
        return Err(Failure::NotFound);
    }
    let desk = Desktop::new(&cx, &plan);
    let goal = plan.index.goal(&id).map(|at| &plan.answer.goals[at]);
    let body = html! {
        (facts(&desk, node, goal))
        (below(&desk, node))
        @if node.level.is_goal() { (rows(&desk, node)) }
        @if let Some(goal) = goal { (money(&desk, goal)) (joins(&desk, goal)) }
        (afterwards(&desk, node))
        @if plan::security::NODES.contains(&node.id()) { (security(&desk)) }
        (desk.behind(std::slice::from_ref(&node.origin.record)))
        (desk.sources())
    };
    let mut page = Page::new(desk.name(&node.name), body).below(cx.say("計画", "Plan"), "/plan");
    if let Some(generation) = plan.view.generation(&generation) {
        page = page.below(desk.name(&generation.name), format!("/plan/{}", escaped(generation.origin.id())));
    }
    Ok(page.show(&cx))
}

fn facts(desk: &Desktop<'_>, node: &Node, goal: Option<&GoalAnswer>) -> Markup {
    html! {
        dl.facts {
            div { dt { (desk.name(&node.level.names())) @if let Some(number) = &node.number { " " (number) } } dd lang="ja" {
                (node.name.ja) (desk.cite(&node.origin.sources))
            } }
            @for variant in &node.variants {
                div { dt { (desk.say("同じ資料での別の言い方", "Another wording in the same document")) } dd lang="ja" { (variant) } }
            }
            @for aim in &node.aims {
                div { dt { (desk.say("ねらい", "Aim")) } dd {
                    (aim.text)
                    @if let Some(value) = &aim.value { " " strong { (value) @if let Some(unit) = &aim.unit { (unit) } } }
                    @if let Some(year) = aim.year { " " (year) }
                    (desk.cite(&node.origin.sources))
                } }
            }
            @for link in node.links_of("part-of") {
                div { dt { (desk.say("上位", "Above it")) } dd {
                    (desk.node_by(link.to.record.as_str())) (desk.belief(&link.belief))
                    @if !link.why.is_empty() { " " span.quiet { (link.why) } }
                    @if let Some(source) = &link.source { (desk.cite(std::slice::from_ref(source))) }
                } }
            }
            @if let Some(goal) = goal {
                div { dt { (desk.say("報告", "Reported")) } dd { (state(desk, goal, desk.plan.answer.fiscal_year.value().copied())) } }
            }
        }
    }
}

fn below(desk: &Desktop<'_>, node: &Node) -> Markup {
    let below = desk.plan.index.children(node.id());
    html! {
        @if !below.is_empty() {
            h2 #below { (desk.say("この下にあるもの", "Below it")) }
            ul {
                @for &at in below {
                    @let child = &desk.plan.view.nodes[at];
                    @let link = child.links_of("part-of").find(|link| link.to.record.as_str() == node.id());
                    li {
                        span.level { (desk.name(&child.level.names())) } " " (desk.node(child))
                        @if let Some(link) = link {
                            (desk.belief(&link.belief))
                            @if link.belief != Belief::Stated && !link.why.is_empty() { " " span.quiet { (link.why) } }
                        }
                        (desk.cite(&child.origin.sources))
                    }
                }
            }
        }
    }
}

/// Cybersecurity of devices in numbers, on the pages of the nodes they are evidence for.
fn security(desk: &Desktop<'_>) -> Markup {
    let mut doc = report::Document::build(desk.cx.lang, "");
    report::outline::follow_up::security::section(&mut doc, &desk.plan.answer.security);
    html! {
        h2 #security { (desk.say("医療機器のサイバーセキュリティ（集計）", "Cybersecurity of devices, in numbers")) }
        (crate::look::document(&doc.finish()))
        p { a href=(desk.cx.to("/cyber")) { (desk.say("医療機器のサイバーセキュリティ", "Cybersecurity of devices")) } }
    }
}

/// The rows of all years that serve the goal, the newest year first.
fn rows(desk: &Desktop<'_>, node: &Node) -> Markup {
    let of_goal = rows_of(desk.plan, node);
    let mut years: Vec<FiscalYear> = of_goal.iter().map(|row| row.fiscal_year).collect();
    years.sort_unstable();
    years.dedup();
    html! {
        h2 #rows { (desk.say("取組状況の行", "Rows of the follow-up")) }
        @if years.is_empty() {
            (desk.note(Severity::Caution, &html! { (desk.say(
                "取り込まれたどの年度の表にも、このゴールの行がありません。",
                "No table taken in, of any year, has a row for this goal.",
            )) }))
        }
        @for year in years.iter().rev() {
            h3 { (desk.year(*year)) }
            ol {
                @for row in of_goal.iter().filter(|row| row.fiscal_year == *year) {
                    li {
                        a href=(desk.cx.to(&row_path(row.origin.id()))) { (measure::title(&row.measure)) }
                        (desk.cite(&row.origin.sources))
                        @if !row.marks.leads().is_empty() { " ◎ " (desk.ministries(row.marks.leads().iter().map(String::as_str))) }
                        @if !row.incomplete.is_empty() { " " span.tag.caution { (desk.say("原本で欠け", "incomplete in the source")) } }
                    }
                }
            }
        }
    }
}

fn rows_of<'v>(plan: &'v Plan, node: &Node) -> Vec<&'v Row> {
    let place = plan.index.node(node.id());
    let of_goal = |(at, _): &(usize, &Row)| place.is_some() && plan.index.goal_of_row(*at) == place;
    plan.view.rows.iter().enumerate().filter(of_goal).map(|(_, row)| row).collect()
}

/// What the rows print, and what programmes had and spent.
fn money(desk: &Desktop<'_>, goal: &GoalAnswer) -> Markup {
    let head = html! {
        th scope="col" { (desk.say("事業（印刷どおり）", "Programme, as printed")) }
        th scope="col" { (desk.say("年度と種別", "Year and kind")) }
        th.figure scope="col" { (desk.say("金額", "Amount")) }
        th.figure scope="col" { (desk.say("記載の数", "Times printed")) }
    };
    let rows = html! {
        @for line in &goal.printed {
            tr {
                th scope="row" { (line.programme) }
                td { (desk.year(line.amount.fiscal_year)) " " (desk.name(&line.amount.kind.names())) }
                td.figure { (desk.cell(&Cell::amount(&line.amount))) (desk.cite(&line.sources)) }
                td.figure { (line.printed_in.len()) }
            }
        }
    };
    html! {
        h2 #money { (desk.say("お金", "Money")) }
        @if goal.printed.is_empty() {
            p { (desk.say("行に予算の記載はありません。", "Its rows print no budgets.")) }
        } @else {
            (scrolling("printed-table", desk.say("行に印刷された予算", "Budgets printed in its rows"), head, rows))
            h3 { (desk.say("合計（種別ごと。内数・再掲は含めない）", "Sums by kind, without shares and repeats")) }
            (printed(desk, goal))
        }
        (totals(desk, &goal.totals))
    }
}

/// Sums over the programmes that firmly serve a goal, kind by kind.
pub(super) fn totals(desk: &Desktop<'_>, totals: &[Total]) -> Markup {
    let Some(newest) = totals.iter().filter(|total| total.yen.is_some()).map(|total| total.fiscal_year).max()
    else {
        return html! {};
    };
    let from = FiscalYear::new(newest.western() - 3);
    let head = html! {
        th scope="col" { (desk.say("年度", "Fiscal year")) }
        th scope="col" { (desk.say("種別", "Kind")) }
        th.figure scope="col" { (desk.say("合計", "Sum")) }
        th scope="col" { (desk.say("内訳の事業", "Programmes in it")) }
        th scope="col" { (desk.say("額のない事業", "Without an amount")) }
    };
    let rows = html! {
        @for total in totals.iter().rev().filter(|total| total.fiscal_year >= from) {
            tr {
                th scope="row" { (desk.year(total.fiscal_year)) }
                td { (desk.name(&total.kind.names())) }
                td.figure { @match total.yen {
                    Some(yen) => (desk.sum(yen)),
                    None => (desk.missing(total.without.first().map_or(base::Missing::Unknown, |(_, why)| *why))),
                } }
                td { @for (at, key) in total.programmes.iter().enumerate() {
                    @if at > 0 { (report::words::comma(desk.cx.lang)) }
                    (desk.programme(key))
                    @if total.shared.contains(key) { span.tag { (desk.say("他ゴールにも", "other goals too")) } }
                } }
                td { @for (at, (key, why)) in total.without.iter().enumerate() {
                    @if at > 0 { (report::words::comma(desk.cx.lang)) }
                    (desk.programme(key)) " " (desk.missing(*why))
                } }
            }
        }
    };
    scrolling(
        "totals-table",
        desk.say(
            "確実に結ばれた事業の合計（各事業の金額の出典は事業のページ）",
            "Sums over firmly joined programmes; each amount's source is on the programme's page",
        ),
        head,
        rows,
    )
}

/// The programmes that serve the goal, each with why; those a person found not to.
fn joins(desk: &Desktop<'_>, goal: &GoalAnswer) -> Markup {
    let head = html! {
        th scope="col" { (desk.say("事業", "Programme")) }
        th scope="col" { (desk.say("根拠の強さ", "Rests on")) }
        th.figure scope="col" { (desk.say("点", "Score")) }
        th scope="col" { (desk.say("なぜ", "Why")) }
    };
    let line = |join: &join::Join| {
        html! {
            tr {
                th scope="row" { (desk.programme(&join.programme)) }
                td { (desk.belief(&join.belief)) }
                td.figure { (join.score) }
                td { (desk.why(join)) }
            }
        }
    };
    html! {
        h2 #programmes { (desk.say("このゴールに資する事業", "Programmes that serve this goal")) }
        @if goal.joins.is_empty() {
            p { (desk.say("見つかっていません。", "None has been found.")) }
        } @else {
            (scrolling("joins-table", desk.say("事業と根拠", "Programmes and why"), head.clone(), html! { @for join in &goal.joins { (line(join)) } }))
            p.quiet { (desk.say("点は0–1000の、順序のための点で、確率ではありません。", "Scores of 0 to 1000 order suggestions; they are no probability.")) }
        }
        @if !goal.rejected.is_empty() {
            details {
                summary { (desk.tell(format!("人が退けた結び付き {}件", goal.rejected.len()), format!("{} links rejected by a person", goal.rejected.len()))) }
                (scrolling("rejected-table", desk.say("退けた結び付き", "Rejected links"), head, html! { @for join in &goal.rejected { (line(join)) } }))
            }
        }
    }
}

/// What it continues, and what continues it.
fn afterwards(desk: &Desktop<'_>, node: &Node) -> Markup {
    let before: Vec<_> = node.links_of("continues").collect();
    let after: Vec<_> = desk
        .plan
        .view
        .nodes
        .iter()
        .flat_map(|heir| heir.links_of("continues").map(move |link| (heir, link)))
        .filter(|(_, link)| link.to.record.as_str() == node.id())
        .collect();
    let generation = |node: &Node| {
        let id = node.generation.as_ref().map_or("", |id| id.as_str());
        desk.plan
            .view
            .generation(id)
            .map_or_else(|| id.to_owned(), |generation| desk.name(&generation.name).to_owned())
    };
    html! {
        @if !before.is_empty() || !after.is_empty() {
            h2 #generations { (desk.say("世代をまたいで", "Across generations")) }
            dl.facts {
                @for link in before {
                    div { dt { (desk.say("前の世代で", "In the generation before")) } dd {
                        (desk.node_by(link.to.record.as_str())) (desk.belief(&link.belief))
                    } }
                }
                @for (heir, link) in after {
                    div { dt { (desk.say("次の世代で", "In the next")) } dd {
                        (desk.node(heir)) " " span.quiet { (generation(heir)) } (desk.belief(&link.belief))
                    } }
                }
            }
        }
    }
}
