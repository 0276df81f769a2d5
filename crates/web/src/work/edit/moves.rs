//! Changes that are one button each: a move to another state, withdrawing, and going back to an earlier version.

use axum::extract::Path;
use axum::response::Response;
use register::Declaration;
use store::{By, Change};

use super::{declaration, load, must_be_allowed, path, reference};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::work::posted::{Posted, see};

type Address = Path<(String, String)>;

/// Moves a record to another state, if the declaration allows it from where the record is.
pub(super) async fn change_state(
    cx: Cx,
    Path((register, record)): Address,
    posted: Posted,
) -> Result<Response, Failure> {
    let reference = reference(&register, &record)?;
    let declaration = declaration(&cx, &register)?;
    let loaded = load(&cx, &reference).await?;
    let before = loaded.whole.record;
    let mut after = before.clone();
    after.state = Some(posted.text("to").to_owned());
    must_be_allowed(&cx, Some(&before), Some(&after))?;
    let from = before.state.as_deref().unwrap_or_default();
    if !declaration.may_move(from, posted.text("to")) {
        return Err(not_allowed(declaration, from, posted.text("to")));
    }
    let reason = posted.needed("reason", "理由", "a reason")?;
    let change = Change::Put { record: after, expected: Some(seen(&posted, loaded.whole.version)) };
    cx.app.desk.write(By::now(cx.person()?.name.clone(), reason), vec![change]).await?;
    Ok(see(&cx, &path(&reference)))
}

/// Says to which states a record can move.
fn not_allowed(declaration: &Declaration, from: &str, to: &str) -> Failure {
    let label = |state: &str, lang| {
        declaration.states.get(state).map_or(state.to_owned(), |state| state.label.get(lang).to_owned())
    };
    let allowed = declaration.states.get(from).map_or(&[][..], |state| state.to.as_slice());
    let list = |lang: base::Lang, between: &str, none: &str| {
        let names: Vec<String> = allowed.iter().map(|state| label(state, lang)).collect();
        if names.is_empty() { none.to_owned() } else { names.join(between) }
    };
    let (ja, en) = (base::Lang::Ja, base::Lang::En);
    Failure::bad(
        format!(
            "「{}」から「{}」へは移れません。移れるのは：{}",
            label(from, ja),
            label(to, ja),
            list(ja, "、", "なし")
        ),
        format!(
            "A record cannot move from “{}” to “{}”; from there it can move to: {}",
            label(from, en),
            label(to, en),
            list(en, ", ", "no other")
        ),
    )
}

/// Takes a record out of the lists; its history stays.
pub(super) async fn withdraw(
    cx: Cx,
    Path((register, record)): Address,
    posted: Posted,
) -> Result<Response, Failure> {
    let reference = reference(&register, &record)?;
    let loaded = load(&cx, &reference).await?;
    must_be_allowed(&cx, Some(&loaded.whole.record), None)?;
    let reason = posted.needed("reason", "理由", "a reason")?;
    let change =
        Change::Withdraw { record: reference.clone(), expected: Some(seen(&posted, loaded.whole.version)) };
    cx.app.desk.write(By::now(cx.person()?.name.clone(), reason), vec![change]).await?;
    Ok(see(&cx, &format!("/registers/{register}")))
}

/// Gives a record the content of an earlier version again, as a new one. At version 0, and at a version that withdrew it, the
/// record was not there: it is withdrawn.
pub(super) async fn undo(
    cx: Cx,
    Path((register, record)): Address,
    posted: Posted,
) -> Result<Response, Failure> {
    cx.person()?;
    let reference = reference(&register, &record)?;
    let wanted = posted.number("to_version");
    let asked = reference.clone();
    // What a viewer may not see cannot be brought back by them.
    let told = cx.app.desk.read(&cx.viewer, move |reading| reading.history(&asked)).await?;
    if told.is_empty() {
        return Err(Failure::NotFound);
    }
    let asked = reference.clone();
    let whole = cx.app.desk.look(move |store| Ok(store.history(&asked)?)).await?;
    let newest = whole.last().ok_or(Failure::NotFound)?;
    let expected = seen(&posted, newest.version);
    let was_not_there =
        wanted == 0 || whole.iter().any(|entry| entry.version == wanted && entry.record.is_none());
    let change = if was_not_there {
        must_be_allowed(&cx, newest.record.as_ref(), None)?;
        Change::Withdraw { record: reference.clone(), expected: Some(expected) }
    } else {
        let then = whole.iter().find(|entry| entry.version == wanted).and_then(|entry| entry.record.as_ref());
        let then = then.ok_or_else(|| {
            Failure::bad(format!("版{wanted}はありません"), format!("There is no version {wanted}"))
        })?;
        must_be_allowed(&cx, newest.record.as_ref(), Some(then))?;
        Change::Undo { record: reference.clone(), to_version: wanted, expected: Some(expected) }
    };
    let reason = match posted.text("reason") {
        "" => format!("undo: back to version {wanted}"),
        reason => reason.to_owned(),
    };
    cx.app.desk.write(By::now(cx.person()?.name.clone(), reason), vec![change]).await?;
    let back = posted.text("back");
    let back = if back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') {
        back.to_owned()
    } else {
        path(&reference)
    };
    Ok(see(&cx, if was_not_there && back == path(&reference) { "/changes" } else { &back }))
}

/// The version the sender looked at; the newest where the form does not say.
fn seen(posted: &Posted, newest: u64) -> u64 {
    posted.text("version").parse().unwrap_or(newest)
}
