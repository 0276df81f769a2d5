//! What happened since a place in the history: for programs that keep a copy. `GET /changes?after=0`, keep `next`, ask again.

use axum::response::Response;
use serde::Serialize;

use super::asked::Asked;
use super::record::Happened;
use super::{tags, tokens};
use crate::cx::Cx;
use crate::failure::Failure;

/// The most entries read for an answer.
pub(super) const MOST: u64 = 1000;

#[derive(Serialize)]
struct Changes<'a> {
    items: Vec<Happened<'a>>,
    next: u64,
    more: bool,
}

pub(super) async fn since(cx: Cx) -> Result<Response, Failure> {
    let mut asked = Asked::of(&cx)?;
    let after = asked.number("after", 0, i64::MAX.unsigned_abs(), 0)?;
    let limit = asked.number("limit", 1, MOST, 100)?;
    let register = asked.take("register")?;
    asked.nothing_else(&["after", "limit", "register"])?;
    match &register {
        Some(register) => {
            tokens::reads(&cx, register)?;
            cx.sight(register)?;
        }
        None => tokens::reads_all(&cx)?,
    }
    let limit = usize::try_from(limit).map_err(Failure::broken)?;
    let body = cx.app.desk.read(&cx.viewer, move |reading| {
        let since = reading.since(after, register.as_deref(), limit)?;
        let items = since.entries.iter().map(Happened::of).collect();
        serde_json::to_vec(&Changes { items, next: since.next, more: since.more }).map_err(Failure::broken)
    });
    Ok(tags::written(body.await?))
}
