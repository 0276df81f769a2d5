//! The registers: which there are, their lists, their records, who may see and change them, their files. All pages are made
//! from the declaration; no register is known here by name.

mod about;
mod ask;
mod choices;
mod columns;
mod history;
mod index;
mod links;
mod list;
mod load;
mod record;

use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;

/// The parameters of an address, in their order.
type Pairs = Query<Vec<(String, String)>>;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/registers", get(index::page))
        .route("/registers/{register}", get(register))
        .route("/registers/{register}/about", get(about::page))
        .route("/registers/{register}/{record}", get(one))
}

/// A register's list, or one of its files where the path ends like one.
async fn register(cx: Cx, Path(register): Path<String>, pairs: Pairs) -> Result<Response, Failure> {
    if cx.app.desk.registry().get(&register).is_none()
        && let Some((register, form)) = load::form(&register)
    {
        return load::list(cx, register.to_owned(), form, pairs.0).await;
    }
    Ok(list::page(cx, register, pairs.0).await?.into_response())
}

/// A record, or one of its files where the path ends like one and no record is called so.
async fn one(cx: Cx, Path((register, record)): Path<(String, String)>) -> Result<Response, Failure> {
    match record::page(cx.clone(), register.clone(), record.clone()).await {
        Err(Failure::NotFound) => {
            let (record, form) = load::form(&record).ok_or(Failure::NotFound)?;
            load::one(cx, register, record.to_owned(), form).await
        }
        page => Ok(page?.into_response()),
    }
}
