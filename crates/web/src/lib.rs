//! The web face: pages and JSON API, generated from the declared registers, plus one page for each engine's answer.
//!
//! *Readers → records → engines → answers → pages.* No page knows SQL, no engine knows HTML: pages ask [`desk`] for records as
//! the viewer may see them and for the plan's answer, and write markup with [`look`]. The decisions are in
//! `docs/design/0007-web.md`.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod address;
mod api;
mod app;
pub mod config;
mod cx;
pub mod desk;
mod devices;
mod failure;
mod hex;
mod look;
mod mail;
mod people;
mod public;
mod server;
mod work;

pub use app::App;
pub use config::Config;
pub use cx::Cx;
pub use failure::{Failure, FieldFault, Place};
pub(crate) use hex::hex;
pub use server::{Ready, ServeError, serve};

use axum::Router;

/// Every route, by room. What each address shows is said there.
fn routes() -> Router<App> {
    Router::new()
        .merge(public::routes())
        .merge(people::routes())
        .merge(work::routes())
        .merge(devices::routes())
        .merge(api::routes())
        .merge(server::routes())
        .merge(look::assets::routes())
}
