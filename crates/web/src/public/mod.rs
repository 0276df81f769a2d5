//! Pages that everybody may read: the plan, its money, the registers, search.

mod home;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/", get(home::page))
}
