//! Passkeys: what the script of the page asks and hands over, as JSON, and the button that begins it. It appears where
//! the browser has passkeys; whoever has none signs in by a password.

use std::sync::Arc;

use account::passkey::{self, Asked};
use account::{AccountError, Passkeys, link};
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::cookie;
use super::sign_in::{DESK, end_before, in_their_language, onward};
use super::visitor::Visitor;
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;

/// What the script hands over.
#[derive(Debug, Deserialize)]
struct Answered {
    ceremony: String,
    /// The credential as JSON, in a text: it is for the account to read.
    answer: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    next: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/passkeys/sign-in/start", post(start_sign_in))
        .route("/passkeys/sign-in/finish", post(finish_sign_in))
        .route("/passkeys/prove/start", post(start_sign_in))
        .route("/passkeys/prove/finish", post(finish_proof))
        .route("/passkeys/add/start", post(start_adding))
        .route("/passkeys/add/finish", post(finish_adding))
        .route("/passkeys/link/{token}/start", post(start_by_link))
        .route("/passkeys/link/{token}/finish", post(finish_by_link))
}

/// The button, hidden until the script finds that the browser has passkeys.
pub(super) fn button(cx: &Cx, id: &str, act: &str, next: &str, words: &str) -> Markup {
    html! {
        @if cx.app.ways.passkeys.is_some() {
            div.acts.passkey hidden data-passkey=(cx.to(&format!("/passkeys/{act}"))) data-next=(next) {
                button.second type="button" id=(id) { (words) }
                p.fault role="status" {}
            }
        }
    }
}

/// The button that adds one, with a field for its name.
pub(super) fn add(cx: &Cx) -> Markup {
    html! {
        @if cx.app.ways.passkeys.is_some() {
            div.acts.passkey hidden data-passkey=(cx.to("/passkeys/add")) data-prove=(cx.to("/me/passkeys/new")) {
                label for="passkey-name" { (cx.say("名前", "Name")) }
                input #passkey-name maxlength="100" placeholder=(cx.say("職場のPC など", "such as: office PC"));
                button #add-passkey type="button" { (cx.say("この端末のパスキーを追加", "Add a passkey")) }
                p.fault role="status" {}
            }
        } @else {
            p.silent { (cx.say("このサイトの住所（https）が設定されていないため、パスキーは使えません。", "Passkeys need the site's address (https) to be configured.")) }
        }
    }
}

async fn start_sign_in(visitor: Visitor) -> Result<Response, Failure> {
    let passkeys = passkeys(&visitor)?;
    let asked = visitor.ask(move |door| passkeys.start_sign_in(door.store, door.now)).await?;
    answer(&visitor, asked.map(asking))
}

async fn finish_sign_in(visitor: Visitor, Json(said): Json<Answered>) -> Result<Response, Failure> {
    let passkeys = passkeys(&visitor)?;
    let next = said.next.clone();
    let entered = visitor
        .ask(move |door| {
            passkeys.finish_sign_in(door.store, &said.ceremony, &said.answer, door.from, door.now)
        })
        .await?;
    let_in(&visitor, entered, &next).await
}

async fn finish_proof(visitor: Visitor, Json(said): Json<Answered>) -> Result<Response, Failure> {
    let (passkeys, here) = (passkeys(&visitor)?, visitor.here().await?);
    let proved = visitor
        .ask(move |door| {
            let session = (&*here.token, &here.signed_in);
            let said = (&*said.ceremony, &*said.answer);
            passkeys.prove(door.store, session, said, door.from, door.now)
        })
        .await?;
    answer(&visitor, proved.map(|()| json!({})))
}

async fn start_adding(visitor: Visitor) -> Result<Response, Failure> {
    let (passkeys, here) = (passkeys(&visitor)?, visitor.here().await?);
    if !here.signed_in.is_fresh(visitor.cx.now) {
        return Ok((StatusCode::FORBIDDEN, Json(json!({ "prove": true }))).into_response());
    }
    let person = here.signed_in.person;
    let asked = visitor.ask(move |door| passkeys.start_registration(door.store, &person, door.now)).await?;
    answer(&visitor, asked.map(asking))
}

async fn finish_adding(visitor: Visitor, Json(said): Json<Answered>) -> Result<Response, Failure> {
    let (passkeys, here) = (passkeys(&visitor)?, visitor.here().await?);
    let added = visitor
        .ask(move |door| {
            let said = (&*said.ceremony, &*said.answer, &*said.name);
            passkeys.finish_registration(door.store, &here.signed_in.person, said, door.from, door.now)
        })
        .await?;
    let next = visitor.cx.to("/me#passkeys");
    answer(&visitor, added.map(|()| json!({ "next": next })))
}

async fn start_by_link(visitor: Visitor, Path(token): Path<String>) -> Result<Response, Failure> {
    let passkeys = passkeys(&visitor)?;
    let asked = visitor
        .ask(move |door| {
            let person = link::person(door.store, &token, door.now)?;
            passkeys.start_registration(door.store, &person, door.now)
        })
        .await?;
    answer(&visitor, asked.map(asking))
}

async fn finish_by_link(
    visitor: Visitor,
    Path(token): Path<String>,
    Json(said): Json<Answered>,
) -> Result<Response, Failure> {
    let passkeys = passkeys(&visitor)?;
    let entered = visitor
        .ask(move |door| {
            let said = (&*said.ceremony, &*said.answer, &*said.name);
            passkeys.finish_registration_by_link(door.store, &token, said, door.from, door.now)
        })
        .await?;
    let_in(&visitor, entered, DESK).await
}

async fn let_in(
    visitor: &Visitor,
    entered: account::Result<account::Entered>,
    next: &str,
) -> Result<Response, Failure> {
    let entered = match entered {
        Ok(entered) => entered,
        Err(error) => return answer(visitor, Err(error)),
    };
    end_before(visitor).await?;
    let cookie = cookie::give_session(&visitor.cx.app.config, entered.token.reveal())?;
    let next = in_their_language(visitor, entered.token.reveal(), onward(next)).await?;
    let mut response = answer(visitor, Ok(json!({ "next": next })))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

fn passkeys(visitor: &Visitor) -> Result<Arc<Passkeys>, Failure> {
    visitor.cx.app.ways.passkeys.clone().ok_or(Failure::NotFound)
}

fn asking(asked: Asked) -> serde_json::Value {
    json!({ "options": asked.options, "ceremony": asked.ceremony.reveal() })
}

/// The script shows `said` beside the button.
fn answer(visitor: &Visitor, outcome: account::Result<serde_json::Value>) -> Result<Response, Failure> {
    let error = match outcome {
        Ok(value) => return Ok(Json(value).into_response()),
        Err(error) => error,
    };
    if let AccountError::Store(_) | AccountError::Randomness = error {
        return Err(Failure::broken(error));
    }
    let said = json!({ "said": error.names().get(visitor.cx.lang) });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(said)).into_response())
}

/// The most passkeys of a person, for the page that lists them.
pub(super) const MOST: usize = passkey::MOST;
