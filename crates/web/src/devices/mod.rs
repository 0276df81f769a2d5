//! The cybersecurity of devices: what the essential principle says, a maker's products with their bills, findings and files, what a hospital
//! was told, what an authority was shown. Records and rights are those of the registers; here are the pages that belong together.
//! A person sees on each page what the registers show them, and the numbers count nothing else.

mod advisories;
mod authority;
mod bill;
mod compare;
mod components;
mod duty;
mod engine;
mod file;
mod finding;
mod findings;
mod hospital;
mod kept;
mod known;
mod portfolio;
mod product;
mod safe;
mod start;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use tokio::sync::OnceCell;

use crate::app::App;

pub(crate) use known::begin;

/// What these pages share between requests.
#[derive(Default)]
pub(crate) struct Room {
    known: engine::Known,
    filled: OnceCell<()>,
    uploads: upload::Jobs,
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/cyber", get(start::page))
        .route("/cyber/products", get(portfolio::page))
        .route("/cyber/products/{product}", get(product::page))
        .route("/cyber/products/{product}/compare", get(compare::page))
        .route("/cyber/products/{product}/file", get(file::form).post(file::judge))
        .route("/cyber/files/{file}/sealed", get(file::sealed))
        .route("/cyber/bills/{bill}", get(bill::page))
        .route("/cyber/bills/{bill}/file", get(bill::file))
        .route("/cyber/uploads/{job}", get(upload::job))
        .route("/cyber/uploads/{job}/take", post(upload::take))
        .route("/cyber/uploads/{job}/cancel", post(upload::cancel))
        .route("/cyber/components", get(components::page))
        .route("/cyber/findings/{finding}", get(finding::page).post(finding::triage))
        .route("/cyber/findings/{finding}/tell", post(finding::tell))
        .route("/cyber/advisories", get(advisories::list))
        .route("/cyber/advisories/{advisory}", get(advisories::one))
        .route("/cyber/hospital", get(hospital::page))
        .route("/cyber/hospital/{notice}", post(hospital::answer))
        .route("/cyber/authority", get(authority::page))
        .route("/cyber/authority/{file}", post(authority::review))
        .merge(
            Router::new()
                .route("/cyber/products/{product}/bills", get(upload::start).post(upload::upload))
                .route("/cyber/advisories/new", get(advisories::form).post(advisories::take))
                // Counted while it streams, by the bound of the settings.
                .layer(DefaultBodyLimit::disable()),
        )
}
