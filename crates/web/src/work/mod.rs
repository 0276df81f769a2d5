//! Pages for those who have signed in: what waits for them, the yearly round, joins, doubtful cells, uploads, editing, comments,
//! who changed what. Everything works without the script, which only saves while somebody types.

mod cells;
mod changes;
pub(crate) mod comments;
mod desk;
mod drafts;
mod edit;
mod intake;
mod joins;
mod originals;
pub(crate) mod posted;
mod round;
pub(crate) mod upload;

#[cfg(test)]
pub(crate) mod testing;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(crate) use self::intake::Jobs;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/desk", get(desk::page))
        .route("/desk/reminders.atom", get(desk::reminders))
        .route("/joins", get(joins::list).post(joins::decide))
        .route("/cells", get(cells::list).post(cells::decide))
        .route("/changes", get(changes::list))
        .route("/changes/{register}/{record}/{version}", get(changes::one))
        .route("/registers/{register}/{record}/comments", get(comments::page).post(comments::change))
        .merge(edit::routes())
        .merge(self::intake::routes())
        .merge(round::routes())
}
