//! All programmes on record: narrowed by words, ministry, goal and whether they name the plan; sorted; page by page. Works on
//! what the index holds of each, so that a list of thousands is found at once.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use base::{BudgetKind, FiscalYear, Missing, Reported, Yen};
use maud::{Markup, html};
use report::csv_long::LongTable;
use serde::Deserialize;

use super::parts::{Desktop, node_path, scrolling, short};
use super::tables;
use crate::cx::Cx;
use crate::desk::Plan;
use crate::failure::Failure;
use crate::look::{Html, Page};
use crate::public::loads;

/// Programmes on one page.
const EACH: usize = 50;

/// What of the list is wanted. Everything is text: a form sends empty fields, and a mistyped number must not lose the rest.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    q: String,
    ministry: String,
    goal: String,
    naming: String,
    joined: String,
    fy: String,
    sort: String,
    page: String,
}

/// A programme in the list, as its place among the groups.
type Found = Vec<usize>;

pub(super) async fn page(cx: Cx, ask: Result<Query<Ask>, QueryRejection>) -> Result<Html, Failure> {
    let ask = asked(ask)?;
    let plan = cx.app.desk.plan().await?;
    let desk = Desktop::new(&cx, &plan);
    let year = year(&plan, &ask);
    let found = found(&plan, &ask, year);
    let pages = found.len().div_ceil(EACH).max(1);
    let at = ask.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let shown = &found[(at - 1) * EACH..(at * EACH).min(found.len())];
    let body = html! {
        (form(&desk, &ask, year))
        p { strong { (found.len()) } (desk.say("事業", " programmes")) (desk.tell(format!("（記録にある{}のうち）", plan.programmes.groups.len()), format!(" of {} on record", plan.programmes.groups.len()))) }
        @if plan.programmes.groups.is_empty() {
            p { (desk.say("行政事業レビューシートはまだ取り込まれていません。", "No programme review sheets have been taken in yet.")) }
        } @else if found.is_empty() {
            p { (desk.say("条件に合う事業はありません。条件を減らしてください。", "No programme fits. Ask for less.")) }
        } @else {
            (list(&desk, shown, year))
            (pager(&desk, &ask, at, pages))
        }
        (desk.loads("/programmes", &query(&ask, None), loads::FORMATS))
        (desk.sources())
    };
    let lead = cx.say(
        "行政事業レビューの事業と、計画の資料が名を挙げる事業。金額の出典は各事業のページにあります。",
        "Programmes of the government's yearly review and those the plan's documents name. Sources of amounts are on each programme's page.",
    );
    Ok(Page::new(cx.say("事業", "Programmes"), body).lead(lead).wide().show(&cx))
}

/// The same list as a file, whole.
pub(super) async fn load(cx: Cx, ask: Result<Query<Ask>, QueryRejection>) -> Result<Response, Failure> {
    let ask = asked(ask)?;
    let plan = cx.app.desk.plan().await?;
    let format = loads::ending(&cx.path).to_owned();
    let made = tokio::task::spawn_blocking(move || {
        let found = found(&plan, &ask, year(&plan, &ask));
        let table: LongTable = tables::programmes(&plan, &found);
        loads::table(&cx, &table, &format)
    });
    made.await.map_err(Failure::broken)?
}

fn asked(ask: Result<Query<Ask>, QueryRejection>) -> Result<Ask, Failure> {
    ask.map(|Query(ask)| ask).map_err(|error| {
        Failure::bad(format!("条件が読めません：{error}"), format!("the question cannot be read: {error}"))
    })
}

/// The year of the amounts: the one asked for, else the usual one.
fn year(plan: &Plan, ask: &Ask) -> FiscalYear {
    let asked =
        ask.fy.trim().parse::<i32>().ok().filter(|year| (1990..2100).contains(year)).map(FiscalYear::new);
    asked.unwrap_or_else(|| usual_year(plan))
}

/// The year followed up; before any table has been taken in, that of the newest sheets.
pub(super) fn usual_year(plan: &Plan) -> FiscalYear {
    let of_sheets = || plan.view.sheets.last().map(|sheet| sheet.sheet_year);
    plan.answer.fiscal_year.value().copied().or_else(of_sheets).unwrap_or(FiscalYear::of(plan.today))
}

fn found(plan: &Plan, ask: &Ask, year: FiscalYear) -> Found {
    let words: Vec<String> =
        ask.q.split_whitespace().map(base::text::search_key).filter(|word| !word.is_empty()).collect();
    let goal = Some(ask.goal.as_str()).filter(|goal| !goal.is_empty()).map(|goal| plan.index.goal(goal));
    let fits = |at: &usize| {
        let (listed, key) = (&plan.index.listed[*at], &plan.programmes.groups[*at].key);
        (ask.ministry.is_empty() || listed.ministry == ask.ministry)
            && (ask.naming.is_empty() || listed.names_plan)
            && (ask.joined.is_empty() || !plan.index.joins(key).is_empty())
            && goal.is_none_or(|goal| plan.index.joins(key).iter().any(|joined| Some(joined.goal) == goal))
            && words.iter().all(|word| listed.search.contains(word.as_str()))
    };
    let mut found: Found = match plan.index.by_ministry.get(&ask.ministry) {
        Some(places) => places.iter().copied().filter(fits).collect(),
        None => (0..plan.index.listed.len()).filter(fits).collect(),
    };
    let yen = |at: usize, kind| {
        plan.index.listed[at].amount(year, kind).and_then(|yen| yen.value().copied()).map(Yen::yen)
    };
    match ask.sort.as_str() {
        "initial" => found.sort_by_cached_key(|&at| std::cmp::Reverse(yen(at, BudgetKind::Initial))),
        "executed" => found.sort_by_cached_key(|&at| std::cmp::Reverse(yen(at, BudgetKind::Executed))),
        "name" => found.sort_by(|&a, &b| plan.programmes.groups[a].name.cmp(&plan.programmes.groups[b].name)),
        // What serves the plan first: that is what people come for.
        _ => found.sort_by_cached_key(|&at| {
            let joins = plan.index.joins(&plan.programmes.groups[at].key);
            let firm = joins.iter().filter(|joined| joined.firm).count();
            std::cmp::Reverse((firm, joins.len(), plan.index.listed[at].names_plan))
        }),
    }
    found
}

fn form(desk: &Desktop<'_>, ask: &Ask, year: FiscalYear) -> Markup {
    let option = |value: &str, chosen: &str, name: &str| html! { option value=(value) selected[value == chosen] { (name) } };
    html! {
        form.filters role="search" action=(desk.cx.to("/programmes")) {
            div { label for="f-q" { (desk.say("名称・鍵", "Name or key")) } input #f-q type="search" name="q" value=(ask.q) maxlength="100"; }
            div { label for="f-ministry" { (desk.say("府省", "Ministry")) } select #f-ministry name="ministry" {
                (option("", &ask.ministry, desk.say("すべて", "All")))
                @for name in desk.plan.index.by_ministry.keys() { (option(name, &ask.ministry, desk.name(&crate::desk::index::ministry_name(name)))) }
            } }
            div { label for="f-goal" { (desk.say("ゴール", "Goal")) } select #f-goal name="goal" {
                (option("", &ask.goal, desk.say("すべて", "All")))
                @for goal in &desk.plan.answer.goals {
                    @let id = goal.node.record.record.as_str();
                    (option(id, &ask.goal, &format!("{} {}", short(id), desk.name(&goal.node.name))))
                }
            } }
            div { label for="f-fy" { (desk.say("金額の年度", "Amounts of")) } input #f-fy type="number" name="fy" value=(year.western()) min="1990" max="2099" inputmode="numeric"; }
            div { label for="f-sort" { (desk.say("並べ方", "Order")) } select #f-sort name="sort" {
                (option("", &ask.sort, desk.say("計画との結び付き", "Joined to the plan first")))
                (option("name", &ask.sort, desk.say("名称", "Name")))
                (option("initial", &ask.sort, desk.say("当初予算の多い順", "Largest initial budget")))
                (option("executed", &ask.sort, desk.say("執行額の多い順", "Largest execution")))
            } }
            div { label { input type="checkbox" name="joined" value="1" checked[!ask.joined.is_empty()]; " " (desk.say("ゴールに結ばれた事業", "Joined to a goal")) } }
            div { label { input type="checkbox" name="naming" value="1" checked[!ask.naming.is_empty()]; " " (desk.say("計画・法を挙げる事業", "Naming the plan or the Act")) } }
            button { (desk.say("絞り込む", "Show")) }
        }
    }
}

/// Programmes with their amounts of a year.
pub(super) fn list(desk: &Desktop<'_>, shown: &[usize], year: FiscalYear) -> Markup {
    const KINDS: [BudgetKind; 3] = [BudgetKind::Request, BudgetKind::Initial, BudgetKind::Executed];
    let head = html! {
        th scope="col" { (desk.say("事業", "Programme")) }
        th scope="col" { (desk.say("府省", "Ministry")) }
        th scope="col" { (desk.say("ゴール", "Goals")) }
        @for kind in KINDS { th.figure scope="col" { (desk.name(&kind.names())) } }
    };
    let rows = html! {
        @for &at in shown {
            @let (group, listed) = (&desk.plan.programmes.groups[at], &desk.plan.index.listed[at]);
            tr {
                th scope="row" {
                    (desk.programme(&group.key))
                    @if listed.names_plan { " " span.tag.good { (desk.say("計画・法を挙げる", "names plan or Act")) } }
                }
                td { @if listed.ministry.is_empty() { (desk.missing(Missing::NotPrinted)) } @else { (desk.ministry(&listed.ministry)) } }
                td { (goals(desk, &group.key)) }
                @for kind in KINDS { td.figure {
                    @match listed.amount(year, kind) { Some(yen) => (desk.yen(&yen)), None => (desk.yen(&Reported::missing(Missing::NotPrinted))) }
                } }
            }
        }
    };
    let caption = desk
        .tell(format!("事業と{}の金額", desk.year(year)), format!("Programmes and their amounts of {year}"));
    scrolling("programmes-table", &caption, head, rows)
}

/// The goals a programme serves, by the numbers the documents give them, each with what that rests on.
fn goals(desk: &Desktop<'_>, key: &str) -> Markup {
    html! {
        @for joined in desk.plan.index.joins(key) {
            @let goal = &desk.plan.answer.goals[joined.goal];
            @let id = goal.node.record.record.as_str();
            span.line {
                @match desk.plan.index.node(id).map(|at| &desk.plan.view.nodes[at]) {
                    Some(node) => a href=(desk.cx.to(&node_path(node))) title=(desk.name(&node.name)) { (short(id)) },
                    None => (short(id)),
                }
                (desk.belief(&goal.joins[joined.join].belief))
            }
        }
    }
}

/// The question as it stands in an address, with another page.
fn query(ask: &Ask, page: Option<usize>) -> String {
    let fields = [
        ("q", &ask.q),
        ("ministry", &ask.ministry),
        ("goal", &ask.goal),
        ("naming", &ask.naming),
        ("joined", &ask.joined),
        ("fy", &ask.fy),
        ("sort", &ask.sort),
    ];
    let mut parts: Vec<String> = fields
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", crate::address::escaped(value)))
        .collect();
    parts.extend(page.map(|page| format!("page={page}")));
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

fn pager(desk: &Desktop<'_>, ask: &Ask, at: usize, pages: usize) -> Markup {
    let to = |page: usize| format!("{}{}", desk.cx.to("/programmes"), query(ask, Some(page)));
    html! {
        @if pages > 1 {
            nav.pager aria-label=(desk.say("ページ送り", "Pages")) {
                p { (at) " / " (pages) }
                @if at > 1 { a href=(to(at - 1)) rel="prev" { (desk.say("前のページ", "Previous page")) } }
                @if at < pages { a href=(to(at + 1)) rel="next" { (desk.say("次のページ", "Next page")) } }
            }
        }
    }
}
