//! The plan's own pages: where it stands, its tree, measures, programmes, ministries, money, findings.

mod home;
mod measure;
mod node;
mod parts;
mod programme;
mod programmes;
mod spending;
mod tables;
mod tree;
mod verdict;

use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::public::loads::FORMATS;

pub(super) fn routes() -> Router<App> {
    let pages = Router::new()
        .route("/", get(home::page))
        .route("/plan", get(tree::current))
        .route("/plan/{generation}", get(tree::page))
        .route("/plan/{generation}/{node}", get(node::page))
        .route("/measures/{id}", get(measure::page))
        .route("/programmes", get(programmes::page))
        .route("/programmes/{key}", get(programme::page))
        .route("/programmes/{key}/{file}", get(programme::load));
    FORMATS
        .iter()
        .fold(pages, |pages, format| pages.route(&format!("/programmes.{format}"), get(programmes::load)))
}
