//! The follow-up of a year as one long report, and as files: tables, workbook, JSON, PDF, StratML. Other years and generations
//! than those of the kept answer are worked out when somebody asks.

use std::sync::Arc;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use base::FiscalYear;
use maud::{Markup, html};
use plan::FollowUp;
use report::outline;
use report::pdf::Typeface;
use serde::Deserialize;

use super::parts::Desktop;
use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::Plan;
use crate::failure::Failure;
use crate::look::{self, Html, Page};
use crate::public::loads;

/// Which follow-up, and which of its tables.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    fy: String,
    generation: String,
    table: String,
}

pub(super) async fn page(cx: Cx, ask: Result<Query<Ask>, QueryRejection>) -> Result<Html, Failure> {
    let ask = ask.map(|Query(ask)| ask).unwrap_or_default();
    let plan = cx.app.desk.plan().await?;
    let answer = answer(&plan, &ask).await?;
    let desk = Desktop::new(&cx, &plan);
    let document = outline::follow_up::follow_up(&answer, &plan.titles(cx.lang), cx.lang);
    let body = html! {
        (choice(&desk, &ask, &answer))
        (files(&desk, &ask, &answer))
        (look::document(&document))
    };
    let page = Page::new(document.title.as_str(), body).below(cx.say("計画", "Plan"), "/plan");
    Ok(match &document.subtitle {
        Some(subtitle) => page.lead(subtitle.as_str()),
        None => page,
    }
    .show(&cx))
}

/// The follow-up as a file: `/plan/follow-up.xlsx`; of CSV one table at a time.
pub(super) async fn load(cx: Cx, ask: Result<Query<Ask>, QueryRejection>) -> Result<Response, Failure> {
    let ask = ask.map(|Query(ask)| ask).unwrap_or_default();
    let plan = cx.app.desk.plan().await?;
    let answer = answer(&plan, &ask).await?;
    let made = tokio::task::spawn_blocking(move || written(&cx, &plan, &answer, &ask));
    made.await.map_err(Failure::broken)?
}

fn written(cx: &Cx, plan: &Plan, answer: &FollowUp, ask: &Ask) -> Result<Response, Failure> {
    let document = || outline::follow_up::follow_up(answer, &plan.titles(cx.lang), cx.lang);
    let format = cx.path.strip_prefix("/plan/follow-up.").ok_or(Failure::NotFound)?;
    match format {
        "csv" | "dictionary" => {
            let tables = outline::tables::follow_up(answer);
            let wanted = if ask.table.is_empty() { "follow_up_goals" } else { &ask.table };
            let table = tables.iter().find(|table| table.name == wanted).ok_or(Failure::NotFound)?;
            loads::table(cx, table, format)
        }
        "xlsx" => loads::workbook("follow-up", &document()),
        "json" => loads::file("follow-up", "json", serde_json::to_vec(answer).map_err(Failure::broken)?),
        "pdf" => {
            let typeface = Typeface::shipped().map_err(Failure::broken)?;
            let pdf = report::pdf::write(&document(), &typeface).map_err(Failure::broken)?;
            loads::file("follow-up", "pdf", pdf.bytes)
        }
        "stratml.xml" => {
            let written =
                report::stratml::write(&outline::stratml::plan(answer, cx.lang)).map_err(Failure::broken)?;
            loads::file("follow-up", "stratml.xml", written.xml.into_bytes())
        }
        _ => Err(Failure::NotFound),
    }
}

/// The follow-up asked for. Only years with rows and generations on record can be asked for: that bounds the work.
async fn answer(plan: &Arc<Plan>, ask: &Ask) -> Result<Arc<FollowUp>, Failure> {
    let unknown = |ja: &str, en: &str| Failure::bad(ja, en);
    let year = match ask.fy.trim() {
        "" => None,
        text => {
            let year = text
                .parse()
                .ok()
                .map(FiscalYear::new)
                .filter(|year| plan.view.rows_of(*year).next().is_some());
            Some(year.ok_or_else(|| {
                unknown("この年度の取組状況の表はありません", "there is no follow-up table of this year")
            })?)
        }
    };
    let generation = Some(ask.generation.clone()).filter(|id| !id.is_empty());
    if generation.as_ref().is_some_and(|id| plan.view.generation(id).is_none()) {
        return Err(unknown("この世代の計画はありません", "there is no such generation of the plan"));
    }
    plan.follow_up(year, generation).await
}

fn choice(desk: &Desktop<'_>, ask: &Ask, answer: &FollowUp) -> Markup {
    let mut years: Vec<FiscalYear> = desk.plan.view.rows.iter().map(|row| row.fiscal_year).collect();
    years.dedup();
    let followed = answer.generation.as_ref().map_or("", |generation| generation.record.record.as_str());
    html! {
        form.filters action=(desk.cx.to("/plan/follow-up")) {
            @if !years.is_empty() {
                div { label for="u-fy" { (desk.say("実績の年度", "Year of the results")) } select #u-fy name="fy" {
                    @for year in years.iter().rev() { option value=(year.western()) selected[answer.fiscal_year.value() == Some(year)] { (desk.year(*year)) } }
                } }
            }
            div { label for="u-generation" { (desk.say("世代", "Generation")) } select #u-generation name="generation" {
                option value="" selected[ask.generation.is_empty()] { (desk.say("年度の表による", "That of the year's table")) }
                @for generation in &desk.plan.answer.generations {
                    @let id = generation.record.record.as_str();
                    option value=(id) selected[ask.generation == id && followed == id] { (desk.name(&generation.name)) }
                }
            } }
            button { (desk.say("表示", "Show")) }
        }
    }
}

/// Every table with its dictionary, and the whole in other formats.
fn files(desk: &Desktop<'_>, ask: &Ask, answer: &FollowUp) -> Markup {
    let same = format!("fy={}&generation={}", escaped(&ask.fy), escaped(&ask.generation));
    html! {
        details.loads-all {
            summary { (desk.say("ファイルで取り出す", "Take it along as files")) }
            (desk.loads("/plan/follow-up", &format!("?{same}"), &["xlsx", "json", "pdf", "stratml.xml"]))
            ul {
                @for table in outline::tables::follow_up(answer) {
                    li {
                        code { (table.name) } " " (table.rows.len()) (desk.say("行 ", " lines "))
                        a rel="nofollow" href={ (desk.cx.to("/plan/follow-up.csv")) "?" (same) "&table=" (table.name) } { "CSV" } " · "
                        a rel="nofollow" href={ (desk.cx.to("/plan/follow-up.dictionary")) "?" (same) "&table=" (table.name) } { (desk.say("データ項目の定義", "data dictionary")) }
                    }
                }
            }
        }
    }
}
