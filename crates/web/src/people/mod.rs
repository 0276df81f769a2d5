//! Who sits at the table: signing in and out, one's own account, the accounts of others.

use axum::Router;
use axum::http::HeaderMap;
use jiff::Timestamp;
use register::Viewer;
use store::StoreError;

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
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
}

/// Who sends a request, by its cookie or token.
pub(crate) async fn who(
    _app: &App,
    _headers: &HeaderMap,
    _now: Timestamp,
) -> Result<Option<Person>, Failure> {
    Ok(None)
}

/// The path of the page that makes the first administrator, where there is nobody yet.
pub(crate) async fn first_start(_app: &App) -> Result<Option<String>, StoreError> {
    Ok(None)
}
