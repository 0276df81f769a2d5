//! Pages that everybody may read: the plan and its money, the registers, search, glossary, feeds.

mod about;
mod feeds;
mod glossary;
pub(crate) mod loads;
mod plan;
mod registers;
mod search;
#[cfg(test)]
mod tests;

use axum::Router;

use crate::app::App;

pub(crate) use feeds::atom;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(about::routes())
        .merge(feeds::routes())
        .merge(glossary::routes())
        .merge(plan::routes())
        .merge(registers::routes())
        .merge(search::routes())
}
