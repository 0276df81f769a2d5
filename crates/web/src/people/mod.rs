//! Who sits at the table: signing in and out, one's own account, the accounts of others. What proves who somebody is and
//! who may manage whom is `account`'s business; here are the pages, the cookie and the wiring.

mod cookie;
mod doors;
mod fields;
mod links;
mod manage;
mod me;
mod organisations;
mod passkeys;
mod password;
mod prove;
mod sign_in;
mod sign_on;
mod tokens;
mod visitor;
pub(crate) mod ways;

use std::sync::Arc;

use account::api_token::ApiToken;
use account::{AccountError, link, people, session};
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use jiff::Timestamp;
use register::Viewer;
use store::StoreError;

pub(crate) use doors::refused;

use crate::app::App;
use crate::failure::Failure;

/// Who has signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account's id.
    pub id: String,
    /// The name beside what they change.
    pub name: String,
    /// With which eyes they read.
    pub viewer: Viewer,
    /// Whether they manage people.
    pub administrator: bool,
    /// The token they came with, where they came with one: its scopes narrow what they may do.
    pub token: Option<Arc<ApiToken>>,
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(sign_in::routes())
        .merge(links::routes())
        .merge(passkeys::routes())
        .merge(sign_on::routes())
        .merge(me::routes())
        .merge(password::routes())
        .merge(tokens::routes())
        .merge(manage::routes())
        .merge(doors::routes())
        .layer(map_response(unkept))
}

/// Who sends a request, by the cookie of their session. Whoever has none costs no look into the database. What a program
/// brings with it is `api`'s business.
pub(crate) async fn who(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Option<Person>, Failure> {
    let Some(token) = cookie::session(&app.config, headers) else { return Ok(None) };
    app.desk
        .look(move |store| {
            let Some(found) = session::find(store, &token, now).map_err(visitor::failure)? else {
                return Ok(None);
            };
            let viewer = people::viewer(store, &found.person).map_err(visitor::failure)?;
            let (id, administrator) = (found.person.id.to_string(), found.person.is_administrator());
            Ok(Some(Person { id, name: found.person.profile.name, viewer, administrator, token: None }))
        })
        .await
}

/// The path of the page that makes the first administrator, where there is nobody yet.
pub(crate) async fn first_start(app: &App) -> Result<Option<String>, StoreError> {
    let made = app.desk.change(|store| Ok(link::first_start(store, Timestamp::now()))).await;
    match made.map_err(|failure| StoreError::Damaged(failure.to_string()))? {
        Ok(token) => Ok(token.map(|token| format!("{}/setup/{}", app.config.prefix, token.reveal()))),
        Err(AccountError::Store(error)) => Err(error),
        Err(error) => Err(StoreError::Damaged(error.to_string())),
    }
}

/// What is said at a door is kept nowhere on the way, and its address is told nobody: it may hold a token.
async fn unkept(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

#[cfg(test)]
mod tests;
