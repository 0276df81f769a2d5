//! The plan's own pages: where it stands, its tree, measures, programmes, ministries, money, findings.

mod home;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/", get(home::page))
}
