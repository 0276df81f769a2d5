//! Whoever stands at a door: the circumstances of the request with what the account wants to know besides, and the way to the
//! account's database work. Pages say what is asked and what the answer looks like.

use account::session::{self, SignedIn};
use account::{AccountError, Caller};
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use base::Lang;
use jiff::Timestamp;
use store::Store;

use super::cookie;
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;

/// Whoever stands at a door.
#[derive(Clone)]
pub(super) struct Visitor {
    /// The circumstances.
    pub(super) cx: Cx,
    /// From where, for the log.
    pub(super) from: Caller,
    /// The token of the session the browser says it has.
    pub(super) token: Option<String>,
    /// What the browser must bring back from the single sign-on, and the language it left in.
    pub(super) sign_on: Option<(String, Lang)>,
}

/// A session with its token: what acts on the session itself need.
#[derive(Clone)]
pub(super) struct Here {
    /// The token.
    pub(super) token: String,
    /// The session and its person.
    pub(super) signed_in: SignedIn,
}

/// What the account is handed with a piece of work.
pub(super) struct Door<'a> {
    /// The database.
    pub(super) store: &'a Store,
    /// From where.
    pub(super) from: &'a Caller,
    /// When.
    pub(super) now: Timestamp,
}

impl Visitor {
    /// Asks the account, on a thread that may wait. What it refuses is for the page to tell.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Door<'_>) -> account::Result<T> + Send + 'static,
    ) -> Result<account::Result<T>, Failure> {
        let (from, now) = (self.from.clone(), self.cx.now);
        self.cx.app.desk.at_door(move |store| work(&Door { store, from: &from, now })).await
    }

    /// Asks the account what it has no reason to refuse.
    pub(super) async fn must<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Door<'_>) -> account::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.ask(work).await?.map_err(failure)
    }

    /// The session of somebody who has signed in; everybody else is asked to.
    pub(super) async fn here(&self) -> Result<Here, Failure> {
        let token = self.token.clone().ok_or(Failure::SignIn)?;
        let of = token.clone();
        let found = self.must(move |door| session::find(door.store, &of, door.now)).await?;
        found.map(|signed_in| Here { token, signed_in }).ok_or(Failure::SignIn)
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let cx = Cx::from_request_parts(parts, app).await?;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Visitor {
            from: Caller::at(cx.client, agent),
            token: cookie::session(&app.config, &parts.headers),
            sign_on: cookie::sign_on(&app.config, &parts.headers),
            cx,
        })
    }
}

/// What the account refuses, where no page says more of it.
pub(super) fn failure(error: AccountError) -> Failure {
    match error {
        AccountError::Wait { seconds } => Failure::TooMany(seconds),
        AccountError::Busy => Failure::Busy,
        AccountError::NotAdministrator => Failure::Denied,
        AccountError::NoSuchPerson => Failure::NotFound,
        AccountError::Meanwhile => Failure::Conflict(error.names()),
        AccountError::Store(_) | AccountError::Randomness | AccountError::Hash(_) => Failure::broken(error),
        error => Failure::Bad(error.names()),
    }
}
