//! Reading records: lists by filter and search, one record, what happened to it, and search over everything.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use register::{Declaration, RecordRef};
use serde::Serialize;
use store::{Query, Sort, Total};

use super::asked::{Asked, no_parameters, unknown};
use super::record::{Happened, Item};
use super::{ROOT, tags, tokens};
use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::{Listing, cursor};
use crate::failure::Failure;

/// The most records of an answer.
pub(super) const MOST: u64 = 500;
/// How many there are where nobody says.
pub(super) const USUAL: u64 = 50;
/// The orders of a list.
pub(super) const ORDERS: [&str; 3] = ["id", "title", "newest"];
/// The parameters of a list besides the fields it can be filtered by.
pub(super) const PARAMETERS: [&str; 5] = ["state", "q", "sort", "limit", "after"];
/// The most records of each register that a search over everything shows.
pub(super) const MOST_OF_EACH: u64 = 50;

#[derive(Serialize)]
struct Page<'a> {
    items: Vec<Item<'a>>,
    total: Total,
    next: Option<&'a str>,
}

#[derive(Serialize)]
struct Found<'a> {
    registers: Vec<OfRegister<'a>>,
}

#[derive(Serialize)]
struct OfRegister<'a> {
    register: &'a str,
    name: &'a base::Names,
    #[serde(flatten)]
    page: Page<'a>,
}

#[derive(Serialize)]
struct History<'a> {
    items: Vec<Happened<'a>>,
}

/// A page of a register.
pub(super) async fn list(cx: Cx, Path(register): Path<String>) -> Result<Response, Failure> {
    tokens::reads(&cx, &register)?;
    cx.sight(&register)?;
    let declaration = cx.app.desk.registry().get(&register).ok_or(Failure::NotFound)?;
    let query = query(&cx, declaration)?;
    let body = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| {
            let page = reading.list(query)?;
            let next = page.next.as_ref().map(|next| next.0.clone());
            Ok((serde_json::to_vec(&Page::of(&page)).map_err(Failure::broken)?, next))
        })
        .await?;
    let (body, next) = body;
    let response = tags::written(body);
    Ok(match next {
        Some(next) => {
            tags::with(response, header::LINK, &format!("<{}>; rel=\"next\"", next_page(&cx, &next)))
        }
        None => response,
    })
}

/// One record.
pub(super) async fn one(
    cx: Cx,
    Path((register, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    let reference = readable(&cx, &register, &id)?;
    let seen = cx.app.desk.read(&cx.viewer, move |reading| reading.must_get(&reference)).await?;
    tags::tagged(&cx, &headers, seen.version, &Item::of(&seen))
}

/// What happened to a record, oldest first.
pub(super) async fn history(
    cx: Cx,
    Path((register, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    let reference = readable(&cx, &register, &id)?;
    let entries = cx.app.desk.read(&cx.viewer, move |reading| reading.history(&reference)).await?;
    if entries.is_empty() {
        return Err(Failure::NotFound);
    }
    tags::json(StatusCode::OK, &History { items: entries.iter().map(Happened::of).collect() })
}

/// What is found in every register, a few of each.
pub(super) async fn search(cx: Cx) -> Result<Response, Failure> {
    tokens::reads_all(&cx)?;
    let mut asked = Asked::of(&cx)?;
    let text = asked.take("q")?.filter(|text| !text.trim().is_empty());
    let each = asked.number("each", 1, MOST_OF_EACH, 5)?;
    asked.nothing_else(&["q", "each"])?;
    let text = text
        .ok_or_else(|| Failure::parameter("q", "探す語を q に指定してください", "q: say what to look for"))?;
    let each = usize::try_from(each).map_err(Failure::broken)?;
    let body = cx.app.desk.read(&cx.viewer, move |reading| {
        let found = reading.search(&text, each)?;
        let registers = found.iter().map(|(declaration, page)| OfRegister {
            register: declaration.id.as_str(),
            name: &declaration.name,
            page: Page::of(page),
        });
        serde_json::to_vec(&Found { registers: registers.collect() }).map_err(Failure::broken)
    });
    Ok(tags::written(body.await?))
}

/// A record of which the viewer may see something, if it is there.
pub(super) fn readable(cx: &Cx, register: &str, id: &str) -> Result<RecordRef, Failure> {
    tokens::reads(cx, register)?;
    cx.sight(register)?;
    RecordRef::new(register, id).map_err(|_| Failure::NotFound)
}

/// The fields a list of a register can be filtered by.
pub(super) fn filters(declaration: &Declaration) -> impl Iterator<Item = &str> {
    let filterable = declaration.fields.iter().filter(|(_, field)| field.filter);
    filterable.map(|(name, _)| name.as_str()).filter(|name| !PARAMETERS.contains(name))
}

fn query(cx: &Cx, declaration: &Declaration) -> Result<Query, Failure> {
    let mut asked = Asked::of(cx)?;
    let states: Vec<&str> = declaration.states.keys().map(String::as_str).collect();
    let state = asked.word("state", &states)?;
    let text = asked.take("q")?.filter(|text| !text.trim().is_empty());
    let sort = match asked.word("sort", &ORDERS)?.as_deref() {
        Some("title") => Sort::Title,
        Some("newest") => Sort::Newest,
        _ => Sort::Id,
    };
    let limit = usize::try_from(asked.number("limit", 1, MOST, USUAL)?).map_err(Failure::broken)?;
    let after = cursor(asked.take("after")?);
    let known: Vec<&str> = filters(declaration).collect();
    let filters = asked.rest();
    if let Some((name, _)) = filters.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        let all: Vec<&str> = PARAMETERS.iter().copied().chain(known).collect();
        return Err(unknown(name, &all));
    }
    Ok(Query { filters, state, text, sort, limit, after, ..Query::of(declaration.id.clone()) })
}

/// The address of the page after this one.
fn next_page(cx: &Cx, next: &str) -> String {
    let query = cx.query.as_deref().unwrap_or_default();
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    pairs.push(format!("after={}", escaped(next)));
    cx.plain(&format!("{}?{}", cx.path, pairs.join("&")))
}

impl<'a> Page<'a> {
    fn of(page: &'a Listing) -> Self {
        Page {
            items: page.items.iter().map(Item::of).collect(),
            total: page.total,
            next: page.next.as_ref().map(|next| next.0.as_str()),
        }
    }
}

/// Where the records of a register are.
pub(super) fn path(cx: &Cx, reference: &RecordRef) -> String {
    let (register, record) = (&reference.register, escaped(reference.record.as_str()));
    cx.plain(&format!("{ROOT}/registers/{register}/records/{record}"))
}
