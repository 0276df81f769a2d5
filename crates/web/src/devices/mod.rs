//! The cybersecurity of devices: what the essential principle says, a maker's products with their bills, findings and files, what a hospital
//! was told, what an authority was shown. Records and rights are those of the registers; here are the pages that belong together.
//! A person sees on each page what the registers show them, and the numbers count nothing else.

mod advisories;
mod at_hand;
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
mod lookup;
mod marks;
mod portfolio;
mod product;
mod refresh;
mod rubric;
mod safe;
mod since;
mod start;
mod statements;
mod suggest;
#[cfg(test)]
mod tests;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use bulk::vulns::Live;
use tokio::sync::OnceCell;

use crate::app::App;
use crate::config::Config;

pub(crate) use findings::AT_ONCE;
pub(crate) use known::begin;
pub(crate) use refresh::follow;

/// What these pages share between requests.
pub(crate) struct Room {
    known: lookup::Known,
    filled: OnceCell<()>,
    uploads: upload::Jobs,
}

impl Room {
    pub(crate) fn of(config: &Config) -> Self {
        let live = config.vulns.as_ref().map(Live::at);
        Room { known: lookup::Known::with(live), filled: OnceCell::new(), uploads: upload::Jobs::default() }
    }

    /// What an operator watches of the vulnerability data.
    pub(crate) fn vitals(&self) -> Vitals {
        let live = self.known.live();
        Vitals {
            taken: live.and_then(Live::taken).is_some(),
            refused: live.and_then(Live::trouble).is_some(),
        }
    }
}

/// What an operator watches of the vulnerability data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vitals {
    /// One is in use.
    pub(crate) taken: bool,
    /// The file that lies there now cannot be used.
    pub(crate) refused: bool,
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/cyber", get(start::page))
        .route("/cyber/products", get(portfolio::page))
        .route("/cyber/products/{product}", get(product::page))
        .route("/cyber/products/{product}/compare", get(compare::page))
        .route("/cyber/products/{product}/file", get(file::form).post(file::judge))
        .route("/cyber/products/{product}/suggestions", post(suggest::take))
        .route("/cyber/files/{file}/sealed", get(file::sealed))
        .route("/cyber/files/{file}/changes", get(since::page))
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
        .route("/cyber/rubric", get(rubric::page))
        .route("/cyber/authority", get(authority::page))
        .route("/cyber/authority/{file}", post(authority::review))
        .merge(
            Router::new()
                .route("/cyber/products/{product}/bills", get(upload::start).post(upload::upload))
                .route("/cyber/products/{product}/statements", get(statements::page).post(statements::upload))
                .route("/cyber/advisories/new", get(advisories::form).post(advisories::take))
                // Counted while it streams, by the bound of the settings.
                .layer(DefaultBodyLimit::disable()),
        )
}
