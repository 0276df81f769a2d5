//! The plan's own pages: where it stands, its tree, measures, programmes, ministries, money, findings.

mod budget;
mod checks;
mod follow_up;
mod home;
mod measure;
mod ministries;
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
        .route("/plan/follow-up", get(follow_up::page))
        .route("/plan/{generation}", get(tree::page))
        .route("/plan/{generation}/{node}", get(node::page))
        .route("/measures/{id}", get(measure::page))
        .route("/programmes", get(programmes::page))
        .route("/programmes/{key}", get(programme::page))
        .route("/programmes/{key}/{file}", get(programme::load))
        .route("/ministries", get(ministries::page))
        .route("/ministries/{name}", get(ministries::one))
        .route("/budget", get(budget::page))
        .route("/checks", get(checks::page))
        .route("/checks/{code}", get(checks::rule));
    let pages = FORMATS.iter().fold(pages, |pages, format| {
        pages
            .route(&format!("/programmes.{format}"), get(programmes::load))
            .route(&format!("/budget.{format}"), get(budget::load))
            .route(&format!("/checks.{format}"), get(checks::load))
    });
    let formats = ["csv", "dictionary", "xlsx", "json", "pdf", "stratml.xml"];
    formats
        .iter()
        .fold(pages, |pages, format| pages.route(&format!("/plan/follow-up.{format}"), get(follow_up::load)))
}
