//! The yearly round: opened by the secretariat, answered by each ministry in a form on a page or in a workbook, closed into rows of
//! the follow-up. What an answer is and whether it will do is decided by `plan::round` alone.

mod files;
mod form;
mod keep;
mod overview;
mod save;
mod show;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use base::FiscalYear;
use plan::View;
use plan::round::{RoundError, Rounds};
use register::Record;

use crate::address::escaped;
use crate::app::App;
use crate::cx::Cx;
use crate::desk::Reading;
use crate::failure::Failure;

pub(super) use overview::{Waiting, days, waiting};

/// Who takes part in a round.
const ROLES: &[&str] = &["secretariat", "ministry"];
/// The register of answers.
const ANSWER: &str = "follow-up-answer";
/// The register of rounds.
const ROUND: &str = "follow-up-round";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/round", get(overview::rounds).post(overview::open))
        .route("/round/{year}", get(overview::standing))
        .route("/round/{year}/close", post(overview::close))
        .route("/round/{year}/{ministry}", get(show::page).post(save::save))
        .route("/round/{year}/{ministry}/draft", post(keep::draft))
        .route("/round/{year}/{ministry}/others", get(keep::others))
        .route("/round/{year}/{ministry}/form.xlsx", get(files::download))
        .merge(
            Router::new()
                .route("/round/{year}/{ministry}/file", post(files::upload))
                // Counted while it streams, by the bound of the settings.
                .layer(DefaultBodyLimit::disable()),
        )
}

/// Reads everything a round is made from, fresh: the plan's own answer may be a moment older than a saved row.
fn with_rounds<T>(
    reading: &Reading<'_>,
    work: impl FnOnce(&Rounds<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut records: Vec<Record> = Vec::new();
    for register in ["plan-generation", "plan-node", "follow-up-row", ROUND, ANSWER] {
        reading.each(register, |seen| records.push(seen.record))?;
    }
    let view = View::from_records(&records);
    work(&Rounds::of(&view, &records))
}

fn said(error: RoundError) -> Failure {
    Failure::Bad(error.names())
}

/// The year of an address.
fn year(text: &str) -> Result<FiscalYear, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// The path of a ministry's form.
fn path(year: FiscalYear, ministry: &str) -> String {
    format!("/round/{}/{}", year.western(), escaped(ministry))
}

/// Whether the viewer answers for a ministry: its own people do, and the secretariat.
fn answers_for(cx: &Cx, ministry: &str) -> bool {
    cx.viewer.has("secretariat") || cx.viewer.organisations.contains(ministry)
}

/// Refuses whoever does not answer for a ministry.
fn must_answer_for(cx: &Cx, ministry: &str) -> Result<(), Failure> {
    cx.needs_role(ROLES)?;
    if answers_for(cx, ministry) { Ok(()) } else { Err(Failure::Denied) }
}
