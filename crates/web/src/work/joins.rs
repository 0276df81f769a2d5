//! Which programmes serve which goal: suggestions with their reasons beside each other, to accept or to reject. A decision lasts
//! across years and can be undone.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::response::Response;
use maud::{Markup, html};
use plan::join::Join;
use plan::view::Verdict;
use register::{Record, RecordRef, Sight};
use serde::Deserialize;
use store::{By, Change, Stored};

use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::Plan;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::work::posted::{Posted, see};

const DECISION: &str = "join-decision";
/// Joins of a page.
const PAGE: usize = 50;

/// What is asked of the joins.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    goal: String,
    show: String,
    from: usize,
    done: String,
}

impl Asked {
    /// The list that was asked for, from its beginning.
    fn path(&self) -> String {
        format!("/joins?goal={}&show={}", escaped(&self.goal), escaped(&self.show))
    }
}

/// How many suggestions nobody has decided on.
pub(super) fn undecided(plan: &Plan, decisions: &BTreeMap<String, Stored>) -> usize {
    all(plan).filter(|join| is_open(join, decisions)).count()
}

fn all(plan: &Plan) -> impl Iterator<Item = &Join> {
    plan.answer.goals.iter().flat_map(|goal| goal.joins.iter().chain(&goal.rejected))
}

fn is_open(join: &Join, decisions: &BTreeMap<String, Stored>) -> bool {
    !join.is_firm() && join.decided.is_none() && !decisions.contains_key(&key(&join.programme, &join.node))
}

fn key(programme: &str, node: &str) -> String {
    format!("{programme}--{node}")
}

/// The decisions as they stand now: the plan's own answer may be a moment older.
pub(super) async fn decisions(cx: &Cx) -> Result<BTreeMap<String, Stored>, Failure> {
    cx.app
        .desk
        .read(&cx.viewer, |reading| {
            let mut decisions = BTreeMap::new();
            reading.each(DECISION, |seen| {
                decisions.insert(seen.record.id.to_string(), seen);
            })?;
            Ok(decisions)
        })
        .await
}

/// Suggested joins to decide on, or those decided.
pub(super) async fn list(cx: Cx, Query(asked): Query<Asked>) -> Result<Html, Failure> {
    cx.person()?;
    let (plan, decisions) = (cx.app.desk.plan().await?, decisions(&cx).await?);
    let may = cx
        .app
        .desk
        .registry()
        .get(DECISION)
        .is_some_and(|declared| Sight::of(declared, &cx.viewer).may_create());
    let wanted = |join: &&Join| {
        let of_goal = asked.goal.is_empty() || join.node == asked.goal;
        let decided = decisions.contains_key(&key(&join.programme, &join.node));
        of_goal
            && match asked.show.as_str() {
                "decided" => decided,
                "all" => true,
                _ => is_open(join, &decisions),
            }
    };
    let mut joins: Vec<&Join> = all(&plan).filter(wanted).collect();
    joins.sort_by_key(|join| std::cmp::Reverse(join.score));
    let page: Vec<&&Join> = joins.iter().skip(asked.from).take(PAGE).collect();
    let body = html! {
        (done(&cx, &asked.done))
        (filters(&cx, &plan, &asked))
        p.quiet { (joins.len()) (cx.say("件", " joins")) }
        @if joins.is_empty() { p { (cx.say("この条件に当てはまる結び付きはありません。", "No joins of this sort.")) } }
        @for join in &page { (card(&cx, &plan, join, decisions.get(&key(&join.programme, &join.node)), may, &asked)) }
        @if joins.len() > asked.from + PAGE {
            p.acts { a rel="next" href=(cx.to(&format!("{}&from={}", asked.path(), asked.from + PAGE))) { (cx.say("次のページ", "Next page")) } }
        }
    };
    let page = Page::new(cx.say("事業とゴールの結び付き", "Programmes and the goals they serve"), body);
    Ok(page
        .below(cx.say("作業机", "Desk"), "/desk")
        .lead(cx.say(
            "推定された結び付きを、根拠を見て採るか退けるか決めます。判断は年度をまたいで効きます。",
            "Suggested joins, to accept or reject by their reasons. A decision lasts across years.",
        ))
        .show(&cx))
}

/// What has just been decided.
fn done(cx: &Cx, done: &str) -> Markup {
    let said = match done {
        "accepted" => cx.say("採用として記録しました。", "Noted as accepted."),
        "rejected" => cx.say("不採用として記録しました。", "Noted as rejected."),
        "undone" => cx.say("判断を取り消しました。", "The decision is undone."),
        _ => return html! {},
    };
    html! {
        p.saved role="status" { (said) " " a href=(cx.to("/joins?show=decided")) { (cx.say("判断済の一覧（取り消せます）", "Decided ones (they can be undone)")) } }
    }
}

fn filters(cx: &Cx, plan: &Plan, asked: &Asked) -> Markup {
    let shows = [("", "未判断", "undecided"), ("decided", "判断済", "decided"), ("all", "すべて", "all")];
    html! {
        form.filters action=(cx.to("/joins")) {
            p { label for="goal" { (cx.say("ゴール", "Goal")) } select #goal name="goal" {
                option value="" { (cx.say("すべて", "all")) }
                @for goal in &plan.answer.goals { @let id = goal.node.record.record.as_str();
                    option value=(id) selected[asked.goal == id] { (goal.node.name.get(cx.lang)) } }
            } }
            p { label for="show" { (cx.say("表示", "Show")) } select #show name="show" {
                @for (value, ja, en) in shows { option value=(value) selected[asked.show == value] { (cx.say(ja, en)) } }
            } }
            p { button.second { (cx.say("絞り込む", "Filter")) } }
        }
    }
}

fn card(cx: &Cx, plan: &Plan, join: &Join, decision: Option<&Stored>, may: bool, asked: &Asked) -> Markup {
    let at = plan.programmes.by_key(&join.programme);
    let group = at.and_then(|at| plan.programmes.groups.get(at));
    let name = group.map_or(join.programme.as_str(), |group| group.name.as_str());
    let goal = plan.answer.goals.iter().find(|goal| goal.node.record.record == *join.node);
    let id = format!("join-{}", key(&join.programme, &join.node));
    html! {
        article.card aria-labelledby=(id) {
            div.beside {
                div { p.label { (cx.say("事業", "Programme")) } h2 #(id) { a href=(cx.to(&format!("/programmes/{}", escaped(&join.programme)))) { (name) } } p.quiet { code { (join.programme) } } }
                div { p.label { (cx.say("ゴール", "Goal")) } p { strong { (goal.map_or(join.node.as_str(), |goal| goal.node.name.get(cx.lang))) } } p { (look::belief(cx, &join.belief)) " " span.tag { (cx.say("点", "score")) " " (join.score) } } }
            }
            ul { @for reason in &join.reasons { li {
                (reason.rule.names().get(cx.lang)) " +" (reason.points)
                @if !reason.evidence.is_empty() { "：" mark { (reason.evidence) } }
                @for source in reason.sources.iter().take(3) { " " (look::source(cx, source)) }
            } } }
            @match decision {
                Some(decision) => (decided(cx, decision, may, asked)),
                None => @if may { (decide_form(cx, join, asked)) },
            }
        }
    }
}

fn decided(cx: &Cx, decision: &Stored, may: bool, asked: &Asked) -> Markup {
    let record = &decision.record;
    let accepted = record.text("verdict") == Some("accepted");
    html! {
        p {
            @if accepted { span.tag.good { (cx.say("採用", "accepted")) } } @else { span.tag.bad { (cx.say("不採用", "rejected")) } }
            " " (record.text("by").unwrap_or_default()) " " (look::when(decision.at)) " – " (record.text("reason").unwrap_or_default())
        }
        @if may {
            form.plain method="post" action=(cx.to(&format!("{}/undo", super::edit::path(&record.reference())))) {
                input type="hidden" name="to_version" value=(decision.version.saturating_sub(1));
                input type="hidden" name="version" value=(decision.version);
                input type="hidden" name="back" value={ (asked.path()) "&done=undone" };
                button.link { (cx.say("この判断を取り消す", "Undo this decision")) }
            }
        }
    }
}

fn decide_form(cx: &Cx, join: &Join, asked: &Asked) -> Markup {
    let reason = format!("reason-{}", key(&join.programme, &join.node));
    html! {
        form method="post" action=(cx.to("/joins")) {
            input type="hidden" name="programme" value=(join.programme);
            input type="hidden" name="node" value=(join.node);
            input type="hidden" name="goal" value=(asked.goal);
            input type="hidden" name="show" value=(asked.show);
            div.field { label for=(reason) { (cx.say("判断の理由", "Reason")) } input #(reason) name="reason" required maxlength="500"; }
            p.acts {
                button name="verdict" value="accepted" { (cx.say("採る", "Accept")) }
                button.danger name="verdict" value="rejected" { (cx.say("退ける", "Reject")) }
            }
        }
    }
}

/// Writes a decision down.
pub(super) async fn decide(cx: Cx, posted: Posted) -> Result<Response, Failure> {
    let person = cx.person()?.clone();
    let reason = posted.needed("reason", "判断の理由", "a reason")?;
    let verdict = match posted.text("verdict") {
        "accepted" => Verdict::Accepted,
        "rejected" => Verdict::Rejected,
        _ => return Err(Failure::bad("採るか退けるかを選んでください", "Choose to accept or to reject")),
    };
    let plan = cx.app.desk.plan().await?;
    let node = RecordRef::new("plan-node", posted.text("node")).map_err(|_| Failure::NotFound)?;
    let known =
        plan.programmes.by_key(posted.text("programme")).and_then(|at| plan.programmes.groups.get(at));
    let (Some(programme), Some(_)) = (known, plan.view.node(node.record.as_str())) else {
        return Err(Failure::NotFound);
    };
    let record: Record =
        plan::join::decision(&programme.key, &node, verdict, &reason, &person.name, cx.today)
            .map_err(Failure::broken)?;
    let asked = record.reference();
    let before = cx.app.desk.read(&cx.viewer, move |reading| reading.whole(&asked)).await?;
    super::edit::must_be_allowed(&cx, before.as_ref().map(|stored| &stored.record), Some(&record))?;
    let expected = Some(before.map_or(0, |stored| stored.version));
    cx.app.desk.write(By::now(person.name, reason), vec![Change::Put { record, expected }]).await?;
    let text = |name: &str| posted.text(name).to_owned();
    let asked = Asked { goal: text("goal"), show: text("show"), ..Asked::default() };
    let done = if verdict == Verdict::Accepted { "accepted" } else { "rejected" };
    Ok(see(&cx, &format!("{}&done={done}", asked.path())))
}
