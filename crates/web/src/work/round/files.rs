//! The form as a workbook: handed out as it stands, and taken back filled in.

use axum::body::Body;
use axum::extract::{Multipart, Path};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use intake::Limits;
use maud::html;
use plan::round::Taken;
use register::{Record, Sight};
use store::{By, Change};

use super::{ANSWER, must_answer_for, path, with_rounds, year};
use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::{Html, Page};
use crate::work::upload::received;

/// The form as a workbook, with what has been answered so far.
pub(super) async fn download(
    cx: Cx,
    Path((fy, ministry)): Path<(String, String)>,
) -> Result<Response, Failure> {
    must_answer_for(&cx, &ministry)?;
    let sheet = super::keep::sheet(&cx, year(&fy)?, &ministry).await?;
    let name = sheet.form.file_name();
    let made = tokio::task::spawn_blocking(move || report::round_form::workbook(&sheet.form)).await;
    let bytes = made.map_err(Failure::broken)?.map_err(Failure::broken)?;
    let disposition = format!("attachment; filename*=UTF-8''{}", escaped(&name));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        (header::CONTENT_DISPOSITION, HeaderValue::try_from(disposition).map_err(Failure::broken)?),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

/// Takes a filled workbook of this ministry back, row by row.
pub(super) async fn upload(
    cx: Cx,
    Path((fy, ministry)): Path<(String, String)>,
    parts: Multipart,
) -> Result<Html, Failure> {
    must_answer_for(&cx, &ministry)?;
    let (year, today) = (year(&fy)?, cx.today);
    let files = received(&cx, parts).await?;
    let owner = ministry.clone();
    let taken = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| {
            let refuse = |error: intake::IntakeError| {
                Failure::bad(error.message(base::Lang::Ja), error.message(base::Lang::En))
            };
            let limits = Limits::default();
            let inputs = intake::bytes::open(files.only()?, &limits, None).map_err(refuse)?;
            let [input] = inputs.as_slice() else {
                return Err(Failure::bad("様式を一つ選んでください", "Choose one form"));
            };
            let form = intake::round_form::read(&input.bytes, &input.name, &limits).map_err(refuse)?;
            let taken = with_rounds(reading, |rounds| Ok(rounds.take(&form, today)))?;
            let foreign = !taken.ministry.is_empty() && taken.ministry != owner;
            let other_year = taken.years.is_some_and(|years| years.results != year);
            if foreign || other_year {
                let (ja, en) =
                    ("この照会・府省の様式ではありません", "This is not the form of this round and ministry");
                return Err(Failure::bad(
                    format!("{ja}（{}）", taken.ministry),
                    format!("{en} ({})", taken.ministry),
                ));
            }
            Ok(taken)
        })
        .await?;
    write(&cx, &taken, &ministry).await?;
    let body = told(&cx, &taken, &path(year, &ministry));
    let title = cx.say("様式を取り込みました", "The form was taken in");
    Ok(Page::new(title, body).below(ministry.clone(), path(year, &ministry)).show(&cx))
}

async fn write(cx: &Cx, taken: &Taken, ministry: &str) -> Result<(), Failure> {
    let declaration = cx.app.desk.registry().get(ANSWER).ok_or(Failure::NotFound)?;
    let sight = Sight::of(declaration, &cx.viewer);
    if taken.answers.iter().any(|record| !sight.denied(None, Some(record)).is_empty()) {
        return Err(Failure::Denied);
    }
    // Which file came is noted in the round's record by those who may change it; the answers name it anyway.
    let round = taken.round.as_ref().filter(|_| cx.viewer.has("secretariat"));
    let records: Vec<Record> = taken.answers.iter().chain(round).cloned().collect();
    if !records.is_empty() {
        let by = By::now(cx.person()?.name.clone(), format!("answers of {ministry} by file"));
        cx.app.desk.write(by, records.into_iter().map(Change::from).collect()).await?;
    }
    Ok(())
}

fn told(cx: &Cx, taken: &Taken, path: &str) -> maud::Markup {
    html! {
        p.saved role="status" {
            (taken.answers.len()) (cx.say("行を取り込み、", " rows taken, "))
            (taken.unchanged) (cx.say("行は変わりなし、", " unchanged, "))
            (taken.blank) (cx.say("行は未記入。", " blank."))
        }
        @if !taken.errors.is_empty() {
            h2 { (cx.say("取り込めなかった行", "Rows that were not taken")) }
            ul { @for error in &taken.errors { li {
                (error.message(cx.lang))
                @if let Some(years) = taken.years { @for line in error.echo(years, cx.lang) { br; span.pre { (line) } } }
            } } }
        }
        @if !taken.notes.is_empty() {
            h2 { (cx.say("注記", "Notes")) }
            ul { @for note in &taken.notes { li { (note.message(cx.lang)) } } }
        }
        p { a.button href=(cx.to(path)) { (cx.say("様式の画面へ", "To the form")) } }
    }
}
