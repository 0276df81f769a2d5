//! Which programmes serve which goal: suggestions with their reasons beside each other, to accept or to reject. A decision lasts
//! across years and can be undone.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::response::Response;
use base::Names;
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

/// Whether nobody has decided on a join. The plan's answer may still know of a decision that has just been undone.
fn is_open(join: &Join, decisions: &BTreeMap<String, Stored>) -> bool {
    let undone = join.decided.is_some();
    (undone || !join.is_firm()) && !decisions.contains_key(&key(&join.programme, &join.node))
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
        @if joins.len() > asked.from.saturating_add(PAGE) {
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
                div { p.label { (cx.say("ゴール", "Goal")) } p { a href=(cx.to(&goal_path(plan, &join.node))) { strong { (goal.map_or(join.node.as_str(), |goal| goal.node.name.get(cx.lang))) } } } p { (look::belief(cx, &join.belief)) " " span.tag { (cx.say("点", "score")) " " (join.score) } } }
            }
            (reasons(cx, join))
            @match decision {
                Some(decision) => (decided(cx, decision, may, asked)),
                None => @if may { (decide_form(cx, join, asked)) },
            }
        }
    }
}

/// The page of a goal.
fn goal_path(plan: &Plan, id: &str) -> String {
    let node = plan.view.node(id);
    let generation =
        node.and_then(|node| node.generation.as_ref()).map_or("-", |generation| generation.as_str());
    format!("/plan/{}/{}", escaped(generation), escaped(id))
}

/// Why a join is suggested. Reasons read from the same places name them once.
fn reasons(cx: &Cx, join: &Join) -> Markup {
    let mut sources: Vec<&base::Source> = Vec::new();
    for source in join.reasons.iter().flat_map(|reason| reason.sources.iter().take(3)) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    html! {
        ul { @for reason in &join.reasons { li {
            (reason.rule.names().get(cx.lang)) " +" (reason.points)
            @if !reason.evidence.is_empty() { (cx.say("：", ": ")) mark { (reason.evidence) } }
        } } }
        @if !sources.is_empty() {
            p.quiet { (cx.say("出典：", "Sources: ")) @for (at, source) in sources.iter().enumerate() { @if at > 0 { (cx.say("、", ", ")) } (look::source(cx, source)) } }
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
    // The form is shown where nobody has decided: who decided since is not overruled unseen.
    if before.is_some() {
        return Err(Failure::Conflict(Names::of(
            "ほかの人が先に判断しました。その判断を見て、必要なら取り消してから決めてください",
            "Somebody else has decided first. Look at that decision; undo it if you decide otherwise",
        )));
    }
    let expected = Some(0);
    cx.app.desk.write(By::now(person.name, reason), vec![Change::Put { record, expected }]).await?;
    let text = |name: &str| posted.text(name).to_owned();
    let asked = Asked { goal: text("goal"), show: text("show"), ..Asked::default() };
    let done = if verdict == Verdict::Accepted { "accepted" } else { "rejected" };
    Ok(see(&cx, &format!("{}&done={done}", asked.path())))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use base::Source;
    use register::Record;
    use serde_json::json;

    use crate::people::Person;
    use crate::work::testing::{Site, person};

    fn office() -> Person {
        person("事務局", &["内閣府"], &["secretariat"])
    }

    /// The shipped plan, and a programme of which somebody suggests that it serves a goal.
    async fn site() -> Site {
        let mut programme =
            Record::new("programme".parse().unwrap(), "rs-1".parse().unwrap(), Source::document("rs.csv"));
        programme.set("name", "連携支援事業").set("ministry", "厚生労働省");
        let link = json!({ "kind": "serves", "to": "plan-node:plan-2.goal-b", "belief": "suggested", "why": "名が似ている" });
        programme.links.push(serde_json::from_value(link).unwrap());
        let mut records = shipped::records().unwrap();
        records.push(programme);
        Site::of(records).await
    }

    /// A join that is open, with the sides its form names.
    async fn an_open_one(site: &Site) -> (String, String) {
        let page = site.get(&office(), "/joins").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let hidden = |name: &str| {
            let mark = format!("name=\"{name}\" value=\"");
            page.text.split(&mark).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
        };
        (hidden("programme").expect("something is suggested"), hidden("node").unwrap())
    }

    fn decision<'a>((programme, node): &'a (String, String), verdict: &'a str) -> [(&'a str, &'a str); 4] {
        [("programme", programme), ("node", node), ("verdict", verdict), ("reason", "同じ事業を指す")]
    }

    #[tokio::test]
    async fn a_suggestion_is_accepted_with_a_reason_and_waits_no_longer() {
        let site = site().await;
        let join = an_open_one(&site).await;
        let card = format!("id=\"join-{}--{}\"", join.0, join.1);
        let decided = site.post(&office(), "/joins", &decision(&join, "accepted")).await;
        assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text);
        assert!(decided.to.starts_with("/en/joins?"), "{}", decided.to);
        assert!(!site.get(&office(), "/joins").await.text.contains(&card));
        let shown = site.get(&office(), "/joins?show=decided").await.text;
        assert!(shown.contains(&card) && shown.contains("同じ事業を指す") && shown.contains("accepted"));
        let record = &site.records("join-decision").await[0];
        assert_eq!((record.text("verdict"), record.text("by")), (Some("accepted"), Some("事務局")));
    }

    #[tokio::test]
    async fn a_decision_is_taken_back_and_made_again_and_nobody_overrules_another_unseen() {
        let site = site().await;
        let join = an_open_one(&site).await;
        site.post(&office(), "/joins", &decision(&join, "rejected")).await;
        let other = person("別の人", &["内閣府"], &["secretariat"]);
        let late = site.post(&other, "/joins", &decision(&join, "accepted")).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let undo = format!("/registers/join-decision/{}--{}/undo", join.0, join.1);
        let sent = [("to_version", "0"), ("version", "1"), ("back", "/joins")];
        let undone = site.post(&office(), &undo, &sent).await;
        assert_eq!(
            (undone.status, undone.to.as_str()),
            (StatusCode::SEE_OTHER, "/en/joins"),
            "{}",
            undone.text
        );
        let again = site.post(&office(), "/joins", &decision(&join, "accepted")).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
        assert_eq!(site.records("join-decision").await[0].text("verdict"), Some("accepted"));
    }

    #[tokio::test]
    async fn who_may_not_decide_is_shown_no_form_and_what_cannot_be_is_refused() {
        let site = site().await;
        let join = an_open_one(&site).await;
        let officer = person("佐藤", &["厚生労働省"], &["reviewer"]);
        let page = site.get(&officer, "/joins").await;
        assert!(page.status == StatusCode::OK && !page.text.contains("name=\"verdict\""));
        let tried = site.post(&officer, "/joins", &decision(&join, "accepted")).await;
        assert_eq!(tried.status, StatusCode::FORBIDDEN);
        assert_eq!(site.get_unknown("/joins").await.status, StatusCode::SEE_OTHER);
        for (sent, status) in [
            (decision(&join, "perhaps"), StatusCode::UNPROCESSABLE_ENTITY),
            (decision(&("rs-0".into(), join.1.clone()), "accepted"), StatusCode::NOT_FOUND),
            (decision(&(join.0.clone(), "nowhere".into()), "accepted"), StatusCode::NOT_FOUND),
            (decision(&(join.0.clone(), "a/b".into()), "accepted"), StatusCode::NOT_FOUND),
        ] {
            assert_eq!(site.post(&office(), "/joins", &sent).await.status, status, "{sent:?}");
        }
        let silent =
            [("programme", join.0.as_str()), ("node", &join.1), ("verdict", "accepted"), ("reason", " ")];
        assert_eq!(site.post(&office(), "/joins", &silent).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let end = site.get(&office(), "/joins?from=18446744073709551615&goal=%22%26").await;
        assert_eq!(end.status, StatusCode::OK, "a page beyond the end is empty");
        assert!(site.records("join-decision").await.is_empty());
    }
}
