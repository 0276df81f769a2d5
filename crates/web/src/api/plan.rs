//! The engine's answers, as the command line writes them with `--format json`: the follow-up, the findings of the checks,
//! the links between programmes and goals. As everybody may see them, whoever asks.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use super::asked::{Asked, no_parameters};
use super::{tags, tokens};
use crate::cx::Cx;
use crate::desk::Plan;
use crate::failure::Failure;

/// The follow-up of the newest year.
pub(super) async fn follow_up(cx: Cx, headers: HeaderMap) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    answered(&cx, &headers, |plan| to_vec(&plan.answer)).await
}

/// What the checks found, the gravest first.
pub(super) async fn checks(cx: Cx, headers: HeaderMap) -> Result<Response, Failure> {
    let mut asked = Asked::of(&cx)?;
    let rule = asked.take("rule")?;
    asked.nothing_else(&["rule"])?;
    if let Some(unknown) = rule.as_deref().filter(|rule| plan::check::rule(rule).is_none()) {
        let known: Vec<&str> = plan::check::RULES.iter().map(|rule| rule.code).collect();
        let known = known.join(", ");
        return Err(Failure::parameter(
            "rule",
            format!("規則 {unknown} はありません。あるのは {known}"),
            format!("there is no rule `{unknown}`; there are: {known}"),
        ));
    }
    answered(&cx, &headers, move |plan| {
        let wanted = |code: &str| rule.as_ref().is_none_or(|rule| rule.trim().eq_ignore_ascii_case(code));
        to_vec(&plan.findings.iter().filter(|finding| wanted(finding.code)).collect::<Vec<_>>())
    })
    .await
}

/// Which programmes serve which goal, and why that is believed; rejected ones too.
pub(super) async fn joins(cx: Cx, headers: HeaderMap) -> Result<Response, Failure> {
    let mut asked = Asked::of(&cx)?;
    let (node, programme) = (asked.take("node")?, asked.take("programme")?);
    asked.nothing_else(&["node", "programme"])?;
    answered(&cx, &headers, move |plan| {
        let all = plan.answer.goals.iter().flat_map(|goal| goal.joins.iter().chain(&goal.rejected));
        let wanted = all.filter(|join| {
            node.as_ref().is_none_or(|node| join.node == *node)
                && programme.as_ref().is_none_or(|programme| join.programme == *programme)
        });
        to_vec(&wanted.collect::<Vec<_>>())
    })
    .await
}

/// An answer from the plan as it stands. It has some hundred kilobytes: written on a thread that may take its time.
async fn answered(
    cx: &Cx,
    headers: &HeaderMap,
    write: impl FnOnce(&Plan) -> Result<Vec<u8>, Failure> + Send + 'static,
) -> Result<Response, Failure> {
    tokens::reads_all(cx)?;
    let plan: Arc<Plan> = cx.app.desk.plan().await?;
    let head = plan.head;
    let body = tokio::task::spawn_blocking(move || write(&plan)).await.map_err(Failure::broken)??;
    Ok(tags::tagged_bytes(cx, headers, head, body))
}

fn to_vec(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(Failure::broken)
}
