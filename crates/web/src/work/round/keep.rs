//! Drafts of rows: kept while somebody types, told back when they come again; and who types in which row just now.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use base::FiscalYear;
use plan::round::{Entry, FormColumn};
use serde_json::{Value, json};

use super::form::{Given, Sheet, Typed, name, same, typed};
use super::{must_answer_for, path, year};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::look::clock_time;
use crate::work::drafts::{self, Draft, Presence};
use crate::work::posted::Posted;

/// Keeps what is being typed into rows, and tells who else types there. The script asks this.
pub(super) async fn draft(
    cx: Cx,
    Path((fy, ministry)): Path<(String, String)>,
    posted: Posted,
) -> Result<Json<Value>, Failure> {
    must_answer_for(&cx, &ministry)?;
    let place = path(year(&fy)?, &ministry);
    let sheet = sheet(&cx, year(&fy)?, &ministry).await?;
    // What says the same as what is saved is no draft; it may also have come later than the row it was typed into was saved.
    let (idle, rows): (Vec<Typed>, Vec<Typed>) =
        typed(&posted).into_iter().partition(|row| is_saved(&sheet, row));
    drafts::forget(&cx, &place, idle.into_iter().map(|row| row.key).collect()).await?;
    keep_rows(&cx, &sheet, &place, &rows).await?;
    for row in rows.iter().filter(|row| sheet.row(&row.key).is_some()) {
        drafts::be_present(&cx, &place, &row.key).await?;
    }
    let said = format!("{} {}", cx.say("下書きを保存しました", "Draft kept"), clock_time(cx.now));
    let first = rows.iter().filter_map(|row| {
        let given = sheet.saved(&row.key).filter(|given| given.version > row.version)?;
        Some((format!("r{}", row.number), Value::String(overtaken(&cx, given))))
    });
    let first: serde_json::Map<String, Value> = first.collect();
    Ok(Json(json!({ "said": said, "rows": told(&cx, &sheet, &place).await?, "overtaken": first })))
}

/// Whether a row says what is saved of it, or nothing where nothing is.
fn is_saved(sheet: &Sheet, row: &Typed) -> bool {
    sheet.saved(&row.key).map_or(row.entry == Entry::default(), |given| same(&given.entry, &row.entry))
}

/// That somebody has saved a row while it was being typed into.
fn overtaken(cx: &Cx, given: &Given) -> String {
    let at = clock_time(given.at);
    match cx.lang {
        base::Lang::Ja => {
            format!("{}さんが先に保存しました（{at}）。保存すると両方の文が並び、選べます", given.by)
        }
        base::Lang::En => {
            format!(
                "{} has saved this row first ({at}). When you save, both texts are shown to choose from",
                given.by
            )
        }
    }
}

/// Who else types in which row.
pub(super) async fn others(
    cx: Cx,
    Path((fy, ministry)): Path<(String, String)>,
) -> Result<Json<Value>, Failure> {
    must_answer_for(&cx, &ministry)?;
    let place = path(year(&fy)?, &ministry);
    let sheet = sheet(&cx, year(&fy)?, &ministry).await?;
    Ok(Json(json!({ "rows": told(&cx, &sheet, &place).await? })))
}

/// The form of a ministry.
pub(super) async fn sheet(cx: &Cx, year: FiscalYear, ministry: &str) -> Result<Sheet, Failure> {
    let ministry = ministry.to_owned();
    cx.app.desk.read(&cx.viewer, move |reading| Sheet::read(reading, year, &ministry)).await
}

/// Keeps rows as drafts.
pub(super) async fn keep_rows(cx: &Cx, sheet: &Sheet, place: &str, rows: &[Typed]) -> Result<(), Failure> {
    let draft = |typed: &Typed| {
        let (_, row) = sheet.row(&typed.key)?;
        Some(Draft {
            place: place.to_owned(),
            row: typed.key.clone(),
            about: row.measure.chars().take(80).collect(),
            version: typed.version,
            at: cx.now,
            texts: texts(&typed.entry),
        })
    };
    drafts::keep(cx, rows.iter().filter_map(draft).collect()).await
}

fn texts(entry: &Entry) -> BTreeMap<String, String> {
    FormColumn::ENTRIES
        .into_iter()
        .map(|column| (name(column).to_owned(), entry.text(column).to_owned()))
        .collect()
}

/// A draft as a typed row.
pub(super) fn of_draft(number: usize, draft: &Draft) -> Typed {
    let text = |column: FormColumn| draft.texts.get(name(column)).cloned().unwrap_or_default();
    Typed {
        number,
        key: draft.row.clone(),
        entry: Entry {
            results: text(FormColumn::Results),
            plans: text(FormColumn::Plans),
            budgets: text(FormColumn::Budgets),
            status: text(FormColumn::Status),
            remarks: text(FormColumn::Remarks),
        },
        version: draft.version,
        ..Typed::default()
    }
}

/// That somebody types in a row.
pub(super) fn words(cx: &Cx, presence: &Presence) -> String {
    let since = clock_time(presence.since);
    match cx.lang {
        base::Lang::Ja => format!("{}さんがこの行を編集中です（{since}から）", presence.name),
        base::Lang::En => format!("{} is editing this row since {since}", presence.name),
    }
}

/// What is told at each row: by its number, or nothing.
async fn told(cx: &Cx, sheet: &Sheet, place: &str) -> Result<Value, Failure> {
    let mut told = serde_json::Map::new();
    for presence in drafts::others(cx, place).await? {
        if let Some((number, _)) = sheet.row(&presence.row) {
            told.insert(format!("r{number}"), Value::String(words(cx, &presence)));
        }
    }
    Ok(Value::Object(told))
}
