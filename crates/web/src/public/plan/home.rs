//! Home: where the plan stands, in the order in which a stranger asks: what is this, does it move, how far are the targets,
//! who works on what with which money, what is silent, what has changed, what is missing.

use base::{BudgetKind, FiscalYear};
use maud::{Markup, html};
use plan::FollowUp;
use plan::follow_up::GoalAnswer;
use report::Severity;
use report::chart::KgiPath;
use store::Entry;

use super::parts::{Desktop, record_path, row_path, scrolling, short};
use super::verdict::Verdict;
use crate::cx::Cx;
use crate::desk::title_of;
use crate::failure::Failure;
use crate::look::{Html, Page, when};

/// How many of the newest changes are shown.
const NEWEST: usize = 8;

pub(super) async fn page(cx: Cx) -> Result<Html, Failure> {
    let plan = cx.app.desk.plan().await?;
    let newest = cx.app.desk.read(&cx.viewer, |reading| reading.latest(None, None, NEWEST)).await?;
    let desk = Desktop::new(&cx, &plan);
    let answer = &plan.answer;
    let body = html! {
        (verdict(&desk))
        (indicators(&desk))
        (goals(&desk))
        (changes(&desk))
        (missing(&desk))
        (latest(&desk, &newest))
        (desk.follow_up())
        (desk.sources())
    };
    let title = cx.say("医療機器基本計画の現在地", "Where the Medical Device Basic Plan stands");
    Ok(Page::new(title, body).lead(lead(&desk, answer)).feed(title, "/feeds/plan.atom").show(&cx))
}

/// What this is, in one sentence.
fn lead(desk: &Desktop<'_>, answer: &FollowUp) -> String {
    let plan = answer.generation.as_ref().map_or_else(String::new, |generation| {
        let day = generation.decided_on.map(|day| desk.day(day)).unwrap_or_default();
        let standing = generation.standing.names();
        desk.tell(
            format!("（{}、{day}{}）", generation.name.ja, standing.ja),
            format!(" ({}, {} {day})", generation.name.en, standing.en),
        )
    });
    desk.tell(
        format!("国の医療機器基本計画{plan}が実際に進んでいるかを、目標・施策・事業・予算・実績を出典つきで結んで示します。"),
        format!("Whether Japan's Medical Device Basic Plan{plan} really moves: its targets, measures, programmes, money and results, joined, each with its source."),
    )
}

/// Whether the plan moves, in words and four figures.
fn verdict(desk: &Desktop<'_>) -> Markup {
    let verdict = Verdict::of(&desk.plan.answer);
    html! {
        section.verdict aria-labelledby="verdict" {
            h2 #verdict { (desk.name(&verdict.says)) }
            ul.cards {
                li.card { h3 { (desk.say("目標（KGI）", "Targets (KGI)")) } (kgi_figure(desk, &verdict)) }
                li.card { h3 { (desk.say("ゴール", "Goals")) } (goal_figure(desk, &verdict)) }
                li.card { h3 { (desk.say("お金", "Money")) } (money_figure(desk)) }
                li.card { h3 { (desk.say("次の見直し", "Next review")) } (review_figure(desk)) }
            }
        }
    }
}

fn kgi_figure(desk: &Desktop<'_>, verdict: &Verdict) -> Markup {
    html! {
        @if verdict.kgis == 0 {
            p { (desk.say("指標の記録がありません", "No indicators on record")) }
        } @else {
            p.big { (verdict.observed) " / " (verdict.kgis) }
            p { (desk.say("の指標に実績値の報告あり", "indicators have a reported value")) }
            @if verdict.observed == 0 {
                p.quiet { (desk.say("近づいているかは分かりません。「進んでいない」という意味でもありません。", "Whether they come nearer is not known; this does not mean that they do not.")) }
            }
        }
    }
}

fn goal_figure(desk: &Desktop<'_>, verdict: &Verdict) -> Markup {
    html! {
        @match verdict.year {
            None => {
                p.big { (verdict.goals) }
                p { (desk.say("ゴール。取組状況の表はまだ取り込まれていません。", "goals; no follow-up table has been taken in yet.")) }
            }
            Some(year) => {
                p.big { (verdict.reported) " / " (verdict.goals) }
                p { (desk.tell(format!("のゴールに{}の報告（{}行）", desk.year(year), verdict.rows), format!("goals have rows for {year} ({} rows)", verdict.rows))) }
                @if verdict.silent() > 0 {
                    p { a href="#silent" { (desk.tell(format!("{}ゴールは沈黙", verdict.silent()), format!("{} silent", verdict.silent()))) } }
                }
            }
        }
    }
}

/// One printed total with its source, if there is one; what firmly joined programmes spent, if that is known.
fn money_figure(desk: &Desktop<'_>) -> Markup {
    let answer = &desk.plan.answer;
    let printed = answer.budget_groups.iter().find_map(|group| Some((group, group.total.value()?)));
    let spent =
        answer.totals.iter().rev().find(|total| total.kind == BudgetKind::Executed && total.yen.is_some());
    html! {
        @if let Some((group, total)) = printed {
            p.big { (desk.cell(&report::Cell::yen(*total))) }
            p {
                (desk.name(&group.name))
                @if let (Some(year), Some(kind)) = (group.fiscal_year, group.kind) {
                    (report::words::bracketed(&format!("{} {}", desk.year(year), desk.name(&kind.names())), desk.cx.lang))
                }
                (desk.cite(&group.sources))
            }
        }
        @if let Some((total, yen)) = spent.and_then(|total| Some((total, total.yen?))) {
            p {
                (desk.tell(
                    format!("{}の執行（明記・確認済の{}事業）：", desk.year(total.fiscal_year), total.programmes.len()),
                    format!("Executed in {} by {} firmly joined programmes: ", total.fiscal_year, total.programmes.len()),
                ))
                (desk.sum(yen))
            }
        }
        @if printed.is_none() && spent.is_none() {
            p { (desk.say("金額の記録はまだありません", "No amounts on record yet")) }
        }
        p { a href=(desk.cx.to("/budget")) { (desk.say("予算を見る", "See the budget")) } }
    }
}

fn review_figure(desk: &Desktop<'_>) -> Markup {
    let review =
        desk.plan.answer.generation.as_ref().and_then(|generation| Some((generation, generation.review?)));
    html! {
        @match review {
            Some((generation, review)) => {
                p.big {
                    @if review.days_left < 0 { (desk.tell(format!("{}日超過", -review.days_left), format!("{} days over", -review.days_left))) }
                    @else { (desk.tell(format!("あと{}日", review.days_left), format!("{} days", review.days_left))) }
                }
                p { (desk.day(review.due_on)) (desk.cite(&generation.sources)) }
            }
            None => p { (desk.say("見直しの期限は記録されていません", "No term of review is on record")) },
        }
        @if let Some(next) = &desk.plan.answer.next_generation {
            p { a href=(desk.cx.to(&format!("/plan/{}", next.generation.record))) {
                (desk.tell(format!("次の世代（{}）で何が変わるか", next.standing.names().ja), format!("What the next generation ({}) changes", next.standing.names().en)))
            } }
        }
    }
}

/// The path of each indicator, nothing assumed without saying so.
fn indicators(desk: &Desktop<'_>) -> Markup {
    let answer = &desk.plan.answer;
    html! {
        h2 #kgi { (desk.say("目標まであとどれだけか", "How far the targets are")) }
        @if answer.kgis.is_empty() {
            p { (desk.say("KGIの記録はありません。", "No indicators are on record.")) }
        }
        div.kgis {
        @for (at, kgi) in answer.kgis.iter().enumerate() {
            section.kgi {
                h3 { (desk.name(&kgi.name)) (desk.cite(&kgi.sources)) }
                p.quiet {
                    @if let Some((generation, standing)) = &kgi.generation {
                        (generation_name(desk, generation)) (report::words::bracketed(desk.name(&standing.names()), desk.cx.lang)) " "
                    }
                    (desk.name(&kgi.definition))
                    @if kgi.observed.is_empty() { " " strong { (desk.say("実績値の報告はまだありません。", "No value has been reported yet.")) } }
                    " " a href=(desk.cx.to(&record_path(&kgi.record))) { (desk.say("記録", "record")) }
                }
                (desk.chart(&KgiPath::of(kgi, desk.cx.lang, Some(desk.plan.today)), &format!("kgi-{at}")))
            }
        }
        }
    }
}

fn generation_name<'a>(desk: &Desktop<'a>, id: &'a str) -> &'a str {
    desk.plan.view.generation(id).map_or(id, |generation| generation.name.get(desk.cx.lang))
}

/// All goals: who reports, which programmes, which money.
fn goals(desk: &Desktop<'_>) -> Markup {
    let answer = &desk.plan.answer;
    if answer.goals.is_empty() {
        return html! {};
    }
    let year = answer.fiscal_year.value().copied();
    let caption = year.map_or_else(
        || desk.say("ゴールごとの事業", "Programmes by goal").to_owned(),
        |year| {
            desk.tell(
                format!("ゴールごとの報告・事業・予算（{}）", desk.year(year)),
                format!("Reports, programmes and money by goal, {year}"),
            )
        },
    );
    let head = html! {
        th scope="col" { (desk.say("ゴール", "Goal")) }
        th scope="col" { (desk.say("報告", "Reported")) }
        th scope="col" { (desk.say("事業", "Programmes")) }
        th.figure scope="col" { (desk.say("行に記された予算", "Budgets its rows print")) }
        th.figure scope="col" { (desk.say("執行（確実な事業）", "Executed (firm programmes)")) }
    };
    let rows = html! { @for goal in &answer.goals { (goal_row(desk, goal, year)) } };
    html! {
        h2 #goals { (desk.say("ゴールごとの動き", "Goal by goal")) }
        (scrolling("goals-table", &caption, head, rows))
        p.quiet { (desk.say(
            "「事業」は明記・確認済＋推定の数。予算は種別ごとに合計し、内数（≤）と再掲は合計しません。執行は明記・確認済の事業に限ります。",
            "Programmes: stated or confirmed + suggested. Budgets are summed within a kind; shares (≤) and repeats are never summed. Execution is that of stated and confirmed programmes.",
        )) }
        (silent(desk, year))
    }
}

fn goal_row(desk: &Desktop<'_>, goal: &GoalAnswer, year: Option<FiscalYear>) -> Markup {
    let firm = goal.joins.iter().filter(|join| join.is_firm()).count();
    let spent =
        goal.totals.iter().rev().find(|total| total.kind == BudgetKind::Executed && total.yen.is_some());
    let id = goal.node.record.record.as_str();
    html! {
        tr.silent[goal.silent.is_some()] {
            th scope="row" {
                span.level { (short(id)) } " "
                (desk.node_by(id)) (desk.cite(&goal.node.sources))
            }
            td { (state(desk, goal, year)) }
            td { (firm) " + " (goal.joins.len() - firm) }
            td.figure { (printed(desk, goal)) }
            td.figure {
                @match spent.and_then(|total| Some((total, total.yen?))) {
                    Some((total, yen)) => { (desk.sum(yen)) br; span.quiet { (desk.year(total.fiscal_year)) } }
                    None => (desk.missing(if firm == 0 { base::Missing::NotApplicable } else { base::Missing::NotYet })),
                }
            }
        }
    }
}

/// Whether a goal is reported on, in words.
pub(super) fn state(desk: &Desktop<'_>, goal: &GoalAnswer, year: Option<FiscalYear>) -> Markup {
    html! {
        @match (&goal.silent, year) {
            (None, _) => span.tag.good { (desk.tell(format!("{}行の報告", goal.rows.len()), format!("{} rows", goal.rows.len()))) },
            (Some(_), None) => (desk.missing(base::Missing::NotYet)),
            (Some(silence), Some(_)) => {
                span.tag { (desk.say("沈黙", "silent")) }
                @if let Some(last) = silence.last_reported { " " (desk.tell(format!("最後は{}", desk.year(last)), format!("last {last}"))) }
            }
        }
    }
}

/// The sums that a goal's rows print, kind by kind, with the bounds beside them.
pub(super) fn printed(desk: &Desktop<'_>, goal: &GoalAnswer) -> Markup {
    html! {
        @if goal.printed_totals.is_empty() {
            (desk.missing(if goal.rows.is_empty() { base::Missing::NotApplicable } else { base::Missing::NotPrinted }))
        }
        @for total in &goal.printed_totals {
            div {
                @if let Some(yen) = total.yen { (desk.sum(yen)) }
                @for bound in &total.bounds { " " (desk.cell(&report::Cell::amount(&bound.amount))) }
                br; span.quiet { (desk.year(total.fiscal_year)) " " (desk.name(&total.kind.names())) }
            }
        }
    }
}

fn silent(desk: &Desktop<'_>, year: Option<FiscalYear>) -> Markup {
    let silent: Vec<&GoalAnswer> =
        desk.plan.answer.goals.iter().filter(|goal| goal.silent.is_some()).collect();
    let Some(year) = year.filter(|_| !silent.is_empty()) else { return html! {} };
    html! {
        h2 #silent { (desk.tell(format!("{}に報告のないゴール", desk.year(year)), format!("Goals without a report for {year}"))) }
        p { (desk.say(
            "取り込まれた表に行がないゴールです。取組がないという意味ではなく、表が一部しか公表・取り込みされていない場合もあります。",
            "Goals without a row in the tables taken in. That does not mean that nothing is done: only part of a table may have been published or taken in.",
        )) }
        ul {
            @for goal in silent {
                li {
                    (desk.node_by(goal.node.record.record.as_str()))
                    @let last = goal.silent.and_then(|silence| silence.last_reported);
                    span.silent { (report::words::bracketed(&last.map_or_else(
                        || desk.say("取り込まれた報告なし", "no report taken in").to_owned(),
                        |last| desk.tell(format!("最後の報告：{}", desk.year(last)), format!("last reported for {last}")),
                    ), desk.cx.lang)) }
                }
            }
        }
    }
}

/// What the rows say differently from the year before.
fn changes(desk: &Desktop<'_>) -> Markup {
    let answer = &desk.plan.answer;
    let rows = || answer.goals.iter().flat_map(|goal| &goal.rows).chain(&answer.unplaced_rows);
    let compared = rows().any(|row| row.change.is_some()) || !answer.vanished.is_empty();
    let new = rows().filter(|row| row.is_new).count();
    let repeated =
        rows().filter(|row| row.change.as_ref().is_some_and(|change| change.results_repeated)).count();
    html! {
        h2 #changes { (desk.say("前年度から変わったこと", "What changed since last year")) }
        @if !compared {
            p { (desk.say("比べられる前年度の表がまだ取り込まれていません。", "There is no table of the year before to compare with yet.")) }
        } @else {
            p { (desk.tell(
                format!("新しい行{new}、なくなった行{}、実績の記載が前年度と同文の行{repeated}。", answer.vanished.len()),
                format!("{new} new rows, {} gone, {repeated} whose results repeat last year's word for word.", answer.vanished.len()),
            )) }
            ul {
                @for row in rows().filter(|row| row.change.as_ref().is_some_and(|change| !change.is_same())).take(12) {
                    li {
                        a href=(desk.cx.to(&row_path(row.record.record.as_str()))) { (super::measure::title(&row.measure)) }
                        @if let Some(change) = &row.change {
                            @if change.wording.is_some() { " " span.tag { (desk.say("文言", "wording")) } }
                            @if change.leads.is_some() { " " span.tag { "◎" } }
                            @if change.ministries.is_some() { " " span.tag { (desk.say("府省", "ministries")) } }
                            @if change.status.is_some() { " " span.tag { (desk.say("状況", "status")) } }
                        }
                    }
                }
            }
        }
    }
}

fn missing(desk: &Desktop<'_>) -> Markup {
    let answer = &desk.plan.answer;
    let errors =
        desk.plan.findings.iter().filter(|finding| finding.severity == plan::check::Severity::Error).count();
    let found = desk.plan.findings.len();
    html! {
        h2 #missing { (desk.say("足りないもの", "What is missing")) }
        @if answer.missing.is_empty() {
            p { (desk.say("大きく欠けている資料はありません。", "No whole kind of material is absent.")) }
        } @else {
            (desk.note(Severity::Caution, &html! { @for missing in &answer.missing { span.line { (desk.name(missing)) } } }))
        }
        p {
            a href=(desk.cx.to("/checks")) { (desk.tell(
                format!("点検の指摘{found}件（うち誤り{errors}件）"),
                format!("{found} findings of the checks, {errors} of them errors"),
            )) }
        }
    }
}

/// A changed record by its title, with the register it is in.
fn called(desk: &Desktop<'_>, entry: &Entry) -> Markup {
    let declared = desk.cx.app.desk.registry().get(entry.reference.register.as_str());
    let title = declared.zip(entry.record.as_ref()).map(|(declared, record)| title_of(declared, record));
    let title =
        title.map_or_else(|| entry.reference.record.to_string(), |title| title.get(desk.cx.lang).to_owned());
    html! {
        a href=(desk.cx.to(&record_path(&entry.reference))) { (title.chars().take(60).collect::<String>()) }
        @if let Some(declared) = declared { " " span.silent { (declared.name.get(desk.cx.lang)) } }
    }
}

fn latest(desk: &Desktop<'_>, entries: &[Entry]) -> Markup {
    html! {
        h2 #latest { (desk.say("新しい変更", "Newest changes")) }
        @if entries.is_empty() {
            p { (desk.say("まだありません。", "None yet.")) }
        }
        ul.latest {
            @for entry in entries {
                li {
                    (when(entry.at)) " "
                    (called(desk, entry))
                    @if entry.record.is_none() { " " span.tag { (desk.say("取下げ", "withdrawn")) } }
                }
            }
        }
        p { a href=(desk.cx.to("/feeds")) { (desk.say("更新フィード", "Feeds of changes")) } }
    }
}
