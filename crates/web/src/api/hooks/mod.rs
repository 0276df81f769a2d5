//! Webhooks: a person's programs are told of changes to records that this person may see. Here are the addresses of the API;
//! what is kept is in [`kept`], when something is sent in [`deliver`], how in [`send`], and to whom not in [`guard`].

mod deliver;
mod guard;
mod kept;
pub(super) mod schema;
mod send;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::Names;
use register::RegisterId;
use serde::Serialize;
use serde_json::Value;

use super::asked::{body, members, no_parameters, part};
use super::tags::{self, JSON};
use super::{ROOT, tokens};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::people::Person;
use kept::{Delivery, Filed, Hook};

pub(crate) use deliver::deliver;

/// The most hooks of a person.
const MOST: usize = 20;
/// The shortest secret that somebody may choose, in characters.
const SHORTEST_SECRET: usize = 16;
/// The longest secret and address.
const LONGEST: usize = 2000;

#[derive(Serialize)]
struct All<T> {
    items: Vec<T>,
}

/// A hook as its owner is told of it. The secret is told once, when the hook is made.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    url: &'a str,
    registers: &'a BTreeSet<RegisterId>,
    made: jiff::Timestamp,
    /// The place in the history up to which everything has been told.
    next: u64,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<jiff::Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a Names>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
}

/// The person's own hooks.
pub(super) async fn list(cx: Cx) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    let person = owner(&cx)?.id.clone();
    let now = cx.now;
    let hooks = cx.app.desk.look(move |store| kept::of(store, &person, now)).await?;
    tags::json(StatusCode::OK, &All { items: hooks.iter().map(|hook| Shown::of(hook, false)).collect() })
}

/// One of them.
pub(super) async fn one(cx: Cx, Path(hook): Path<String>) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    owner(&cx)?;
    tags::json(StatusCode::OK, &Shown::of(&own(&cx, &hook).await?, false))
}

/// A new one. It tells of what happens from now on.
pub(super) async fn create(cx: Cx, headers: HeaderMap, bytes: Bytes) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    let person = tokens::writes_own(&cx)?.id.clone();
    if cx.viewer.roles.is_empty() {
        return Err(Failure::Denied);
    }
    let mut members = members(body(&headers, &bytes, &[JSON])?, &["url", "registers", "secret"])?;
    let url = url(&cx, members.remove("url"))?;
    let registers = registers(&cx, members.remove("registers"))?;
    let secret = secret(members.remove("secret"))?;
    let (now, next) = (cx.now, cx.app.desk.head());
    let hook = Hook { url, registers, secret, made: now, next, failing: None, given_up: None };
    let made = cx.app.desk.change(move |store| {
        if kept::of(store, &person, now)?.len() >= MOST {
            let (ja, en) = (format!("通知先は{MOST}件までです"), format!("at most {MOST} webhooks"));
            return Err(Failure::bad(ja, en));
        }
        kept::new(store, &person, hook, now)
    });
    let made = made.await?;
    let response = tags::json(StatusCode::CREATED, &Shown::of(&made, true))?;
    Ok(tags::with(response, header::LOCATION, &cx.plain(&format!("{ROOT}/hooks/{}", made.id))))
}

/// It tells nothing any more.
pub(super) async fn delete(cx: Cx, Path(hook): Path<String>) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    tokens::writes_own(&cx)?;
    let hook = own(&cx, &hook).await?;
    cx.app.desk.change(move |store| kept::delete(store, &hook.id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Sends a test at once and tells what came of it. A hook that was given up and answers again goes on where it was.
pub(super) async fn test(cx: Cx, Path(hook): Path<String>) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    tokens::writes_own(&cx)?;
    let hook = own(&cx, &hook).await?;
    let delivery = deliver::test(&cx.app, hook, cx.now).await?;
    tags::json(StatusCode::OK, &delivery)
}

/// What was sent lately, newest first, and what came of it.
pub(super) async fn deliveries(cx: Cx, Path(hook): Path<String>) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    owner(&cx)?;
    let hook = own(&cx, &hook).await?;
    let now = cx.now;
    let log: Vec<Delivery> = cx.app.desk.look(move |store| kept::log(store, &hook.id, now)).await?;
    tags::json(StatusCode::OK, &All { items: log })
}

/// Who may see hooks: a person, and with a token that is not for some registers only.
fn owner(cx: &Cx) -> Result<&Person, Failure> {
    let person = cx.person()?;
    tokens::reads_all(cx)?;
    Ok(person)
}

/// A hook of the person; another's is not there.
async fn own(cx: &Cx, id: &str) -> Result<Filed, Failure> {
    let (id, now, person) = (id.to_owned(), cx.now, cx.person()?.id.clone());
    if id.is_empty() || id.len() > 100 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Failure::NotFound);
    }
    let hook = cx.app.desk.look(move |store| kept::get(store, &id, now)).await?;
    hook.filter(|hook| hook.owner == person).ok_or(Failure::NotFound)
}

fn url(cx: &Cx, value: Option<Value>) -> Result<String, Failure> {
    let refused = |ja: &str, en: &str| Failure::at("/url", ja, en);
    let value = value.ok_or_else(|| refused("url は必須です", "`url` is required"))?;
    let text: String = part(value, "/url")?;
    if text.len() > LONGEST {
        return Err(refused("長すぎます（2000文字まで）", "too long: at most 2000 characters"));
    }
    match guard::address(&text, cx.app.config.hooks_to_private_networks) {
        Ok(url) => Ok(url.into()),
        Err(names) => Err(refused(&names.ja, &names.en)),
    }
}

fn registers(cx: &Cx, value: Option<Value>) -> Result<BTreeSet<RegisterId>, Failure> {
    let named: Vec<String> = value.map(|value| part(value, "/registers")).transpose()?.unwrap_or_default();
    if named.is_empty() {
        tokens::reads_all(cx)?;
    }
    let mut registers = BTreeSet::new();
    for (index, name) in named.iter().enumerate() {
        let lost = |_| {
            let pointer = format!("/registers/{index}");
            Failure::at(pointer, "この台帳はありません", "there is no such register")
        };
        let id = cx.register(name).map_err(lost)?.clone();
        cx.sight(name).map_err(lost)?;
        tokens::reads(cx, name)?;
        registers.insert(id);
    }
    Ok(registers)
}

fn secret(value: Option<Value>) -> Result<String, Failure> {
    match value {
        None => send::made_secret(),
        Some(value) => {
            let secret: String = part(value, "/secret")?;
            if (SHORTEST_SECRET..=LONGEST).contains(&secret.chars().count()) {
                return Ok(secret);
            }
            Err(Failure::at(
                "/secret",
                format!("{SHORTEST_SECRET}～{LONGEST}文字です"),
                format!("{SHORTEST_SECRET} to {LONGEST} characters"),
            ))
        }
    }
}

impl<'a> Shown<'a> {
    fn of(filed: &'a Filed, with_secret: bool) -> Self {
        let hook = &filed.hook;
        let state = match (&hook.given_up, &hook.failing) {
            (Some(_), _) => "given-up",
            (None, Some(_)) => "failing",
            (None, None) => "active",
        };
        Shown {
            id: &filed.id,
            url: &hook.url,
            registers: &hook.registers,
            made: hook.made,
            next: hook.next,
            state,
            failing_since: hook.failing.as_ref().map(|failing| failing.since),
            note: hook.given_up.as_ref(),
            secret: with_secret.then_some(hook.secret.as_str()),
        }
    }
}
