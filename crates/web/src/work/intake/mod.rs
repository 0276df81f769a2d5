//! Taking files in through the browser: uploaded, read beside everything else, shown with what would change, and only then taken over.
//! Nothing half-read stays: what is not taken over goes with its folder.

mod jobs;
mod page;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;

pub(crate) use jobs::Jobs;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/intake/{job}", get(page::job))
        .route("/intake/{job}/take", post(page::take))
        .route("/intake/{job}/cancel", post(page::cancel))
        .merge(
            Router::new()
                .route("/intake", get(page::start).post(page::upload))
                // Counted while it streams, by the bound of the settings.
                .layer(DefaultBodyLimit::disable()),
        )
}
