//! Editing: forms generated from a register's declaration, moves between its states, withdrawing, and going back to an earlier
//! version. What a viewer may change is asked of `Sight`, what a record must be of the declaration.

mod around;
mod inputs;
mod merge;
mod moves;
mod page;
mod pairs;
mod save;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::routing::{get, post};
use register::{Declaration, Record, RecordRef, Sight};
use store::Stored;

use crate::address::escaped;
use crate::app::App;
use crate::cx::Cx;
use crate::failure::Failure;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/registers/{register}/new", get(page::new).post(save::create))
        .route("/registers/{register}/new/draft", post(save::draft_of_new))
        .route("/registers/{register}/choices", get(page::choices))
        .route("/registers/{register}/{record}/edit", get(page::edit).post(save::save))
        .route("/registers/{register}/{record}/draft", post(save::draft))
        .route("/registers/{register}/{record}/move", post(moves::change_state))
        .route("/registers/{register}/{record}/withdraw", post(moves::withdraw))
        .route("/registers/{register}/{record}/undo", post(moves::undo))
}

/// The path of a record's page.
pub(super) fn path(record: &RecordRef) -> String {
    format!("/registers/{}/{}", escaped(record.register.as_str()), escaped(record.record.as_str()))
}

/// The reference of an address.
pub(super) fn reference(register: &str, record: &str) -> Result<RecordRef, Failure> {
    RecordRef::new(register, record).map_err(|_| Failure::NotFound)
}

/// A record as it is kept, and as the viewer may see it.
pub(super) struct Loaded {
    /// With everything in it; for judging, never for showing.
    pub(super) whole: Stored,
    /// What the viewer may see.
    pub(super) seen: Record,
}

/// A record that the viewer may see.
pub(super) async fn load(cx: &Cx, record: &RecordRef) -> Result<Loaded, Failure> {
    cx.person()?;
    let record = record.clone();
    cx.app
        .desk
        .read(&cx.viewer, move |reading| {
            let whole = reading.whole(&record)?.ok_or(Failure::NotFound)?;
            let seen = reading.must_get(&record)?.record;
            Ok(Loaded { whole, seen })
        })
        .await
}

/// The declaration of a register.
pub(super) fn declaration<'c>(cx: &'c Cx, register: &str) -> Result<&'c Declaration, Failure> {
    cx.app.desk.registry().get(register).ok_or(Failure::NotFound)
}

/// Refuses a change that the viewer has no right to.
pub(super) fn must_be_allowed(
    cx: &Cx,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<(), Failure> {
    let Some(whose) = before.or(after) else { return Ok(()) };
    let declaration = declaration(cx, whose.register.as_str())?;
    if Sight::of(declaration, &cx.viewer).denied(before, after).is_empty() {
        Ok(())
    } else {
        Err(Failure::Denied)
    }
}

/// What a record is called.
pub(super) fn title(declaration: &Declaration, record: &Record, lang: base::Lang) -> String {
    let field = declaration.fields.get(&declaration.title);
    let value = record.fields.get(&declaration.title);
    match value {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) if value.get("ja").is_some() => {
            let other = lang.pick("en", "ja");
            let named = value.get(lang.pick("ja", "en")).or_else(|| value.get(other));
            named.and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
        }
        Some(value) if field.is_some() => value.to_string(),
        _ => record.id.to_string(),
    }
}
