//! Changing records: made, replaced, patched, withdrawn, brought back. Every change says which version it changes and is judged
//! by the declared rights against the whole record, with what the writer cannot see put back as it was.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Names, Source};
use register::sight::{Denied, Extent};
use register::{Record, RecordId, RecordRef, Sight};
use serde_json::Value;
use store::{By, Change, Stored};

use super::asked::{self, MERGE_PATCH};
use super::record::{Item, sent};
use super::records::{path, readable};
use super::tags::{Expected, JSON, expected};
use super::{once, tags, tokens};
use crate::cx::Cx;
use crate::failure::{Failure, FieldFault, Place};

/// A new record, under an id of the writer's or one that is made.
pub(super) async fn create(
    cx: Cx,
    Path(register): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let (reason, _) = asked::reason(&cx, &[])?;
    let person = tokens::writes(&cx, &register)?.clone();
    let sight = cx.sight(&register)?;
    let value = asked::body(&headers, &bytes, &[JSON])?;
    let chosen = chosen_id(&sight, &value)?;
    let wish = once::wish(&headers, &person.id, &register, &bytes)?;
    let made = match &chosen {
        Some(id) => id.clone(),
        None => once::made_id(cx.today)?,
    };
    let (id, again) = match &wish {
        Some(wish) => once::promised(&cx, wish, made).await?,
        None => (made, false),
    };
    let reference = RecordRef { register: cx.register(&register)?.clone(), record: id };
    let written = put_new(&cx, &reference, value, (&person.name, reason), wish.is_some()).await;
    match (written, again) {
        // The same wish was fulfilled before, and its answer was lost on the way.
        (Err(Failure::Conflict(_)), true) => shown(&cx, &reference, None, StatusCode::CREATED).await,
        (Err(failure), false) => {
            if let Some(wish) = &wish {
                once::forget(&cx, wish).await?;
            }
            Err(failure)
        }
        (written, _) => written,
    }
}

/// The record shall be so; or, with `If-None-Match: *`, it shall be there.
pub(super) async fn replace(
    cx: Cx,
    Path((register, id)): Path<(String, String)>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let (reason, _) = asked::reason(&cx, &[])?;
    let person = tokens::writes(&cx, &register)?.clone();
    let reference = readable(&cx, &register, &id)?;
    let value = asked::body(&headers, &bytes, &[JSON])?;
    let expected = expected(&headers)?;
    if expected == Expected::Nothing {
        may_choose(&cx.sight(&register)?)?;
        let made = put_new(&cx, &reference, value, (&person.name, reason), false).await;
        return made.map_err(|failure| outdated(failure, expected));
    }
    let before = there(&cx, &reference, expected).await?;
    let after = sent(value, &before.record, true)?;
    put(&cx, before, after, (&person.name, reason), expected).await
}

/// The record shall differ in this (RFC 7396).
pub(super) async fn patch(
    cx: Cx,
    Path((register, id)): Path<(String, String)>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let (reason, _) = asked::reason(&cx, &[])?;
    let person = tokens::writes(&cx, &register)?.clone();
    let reference = readable(&cx, &register, &id)?;
    let patch = asked::body(&headers, &bytes, &[MERGE_PATCH, JSON])?;
    let expected = expected(&headers)?;
    if !patch.is_object() {
        return Err(Failure::at("", "オブジェクトを送ってください", "send an object"));
    }
    let before = there(&cx, &reference, expected).await?;
    let seen =
        cx.sight(&register)?.record(cx.app.desk.registry(), &before.record).ok_or(Failure::NotFound)?;
    let mut value = serde_json::to_value(&seen).map_err(Failure::broken)?;
    merge(&mut value, patch);
    let after = sent(value, &before.record, false)?;
    put(&cx, before, after, (&person.name, reason), expected).await
}

/// The record shall no longer be current; its history stays.
pub(super) async fn withdraw(
    cx: Cx,
    Path((register, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (reason, _) = asked::reason(&cx, &[])?;
    let person = tokens::writes(&cx, &register)?.clone();
    let reference = readable(&cx, &register, &id)?;
    let expected = expected(&headers)?;
    let before = there(&cx, &reference, expected).await?;
    allowed(&cx, Some(&before.record), None)?;
    let change = Change::Withdraw { record: reference, expected: Some(before.version) };
    let written = cx.app.desk.write(By::now(person.name, reason), vec![change]).await;
    written.map_err(|failure| outdated(failure, expected))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The record shall be again what it was, also when it is withdrawn: `{"to_version": 3}`.
pub(super) async fn undo(
    cx: Cx,
    Path((register, id)): Path<(String, String)>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let (reason, _) = asked::reason(&cx, &[])?;
    let person = tokens::writes(&cx, &register)?.clone();
    let reference = readable(&cx, &register, &id)?;
    let mut body = asked::members(asked::body(&headers, &bytes, &[JSON])?, &["to_version"])?;
    let to_version =
        body.remove("to_version").and_then(|version| version.as_u64()).filter(|version| *version > 0);
    let to_version = to_version.ok_or_else(|| {
        Failure::at(
            "/to_version",
            "戻す先の版（1以上の整数）",
            "the version to go back to: a whole number from 1",
        )
    })?;
    let expected = headers.contains_key(header::IF_MATCH).then(|| expected(&headers)).transpose()?;
    let wanted = reference.clone();
    let (before, after) = cx
        .app
        .desk
        .read(&cx.viewer, move |reading| Ok((reading.whole(&wanted)?, reading.earlier(&wanted, to_version)?)))
        .await?;
    let after = after.ok_or(Failure::NotFound)?;
    if let (Some(Expected::Version(version)), Some(before)) = (expected, &before)
        && version != before.version
    {
        return Err(Failure::Precondition);
    }
    // Which hidden fields differ is not told.
    allowed(&cx, before.as_ref().map(|before| &before.record), Some(&after)).map_err(|_| Failure::Denied)?;
    let version = before.as_ref().map(|before| before.version);
    let change = Change::Undo { record: reference.clone(), to_version, expected: version };
    let by = By::now(person.name, reason);
    cx.app.desk.write(by, vec![change]).await?;
    shown(&cx, &reference, None, StatusCode::OK).await
}

/// Whoever does not see all records of a register would learn from a taken id that there is a record: theirs are made.
fn may_choose(sight: &Sight<'_>) -> Result<(), Failure> {
    if sight.extent() == Extent::All { Ok(()) } else { Err(Failure::Denied) }
}

fn chosen_id(sight: &Sight<'_>, value: &Value) -> Result<Option<RecordId>, Failure> {
    let Some(id) = value.get("id") else { return Ok(None) };
    if sight.extent() != Extent::All {
        let said = Names::of("この台帳では id は自動で付きます", "in this register the id is made for you");
        return Err(Failure::DeniedParts([FieldFault { at: Place::Body("/id".into()), said }].into()));
    }
    asked::part(id.clone(), "/id").map(Some)
}

/// Writes a record that must not be there.
async fn put_new(
    cx: &Cx,
    reference: &RecordRef,
    value: Value,
    (name, reason): (&str, String),
    promised: bool,
) -> Result<Response, Failure> {
    let mut like = Record::new(reference.register.clone(), reference.record.clone(), Source::default());
    let declaration = cx.app.desk.registry().get(reference.register.as_str()).ok_or(Failure::NotFound)?;
    like.state.clone_from(&declaration.initial);
    let mut value = value;
    if promised && let Some(members) = value.as_object_mut() {
        members.remove("id");
    }
    let record = sent(value, &like, true)?;
    allowed(cx, None, Some(&record))?;
    let by = By::now(name, reason);
    let (at, actor) = (by.at, by.actor.clone());
    let change = Change::Put { record: record.clone(), expected: Some(0) };
    let written = cx.app.desk.write(by, vec![change]).await.map_err(|failure| match failure {
        Failure::Conflict(_) => Failure::Conflict(Names::of(
            "この id は使われています（取り下げた記録なら undo で戻せます）",
            "This id is taken (a withdrawn record can be brought back by undo)",
        )),
        other => other,
    })?;
    // What was written is known: it need not be read again.
    let record =
        cx.sight(reference.register.as_str())?.record(cx.app.desk.registry(), &record).unwrap_or(record);
    let own = Stored { record, version: 1, seq: written.head.entries, at, actor };
    let response = tagged(cx, &own, StatusCode::CREATED)?;
    Ok(tags::with(response, header::LOCATION, &path(cx, reference)))
}

/// Writes a new content of a record.
async fn put(
    cx: &Cx,
    before: Stored,
    after: Record,
    (name, reason): (&str, String),
    expected: Expected,
) -> Result<Response, Failure> {
    let sight = cx.sight(before.record.register.as_str())?;
    refused(&sight.blind(&before.record, &after))?;
    let after = sight.with_hidden(cx.app.desk.registry(), &before.record, after);
    allowed(cx, Some(&before.record), Some(&after))?;
    let reference = after.reference();
    let own = Stored { record: after.clone(), version: before.version + 1, ..before };
    let change = Change::Put { record: after, expected: Some(before.version) };
    let written = cx.app.desk.write(By::now(name, reason), vec![change]).await;
    written.map_err(|failure| outdated(failure, expected))?;
    shown(cx, &reference, Some(own), StatusCode::OK).await
}

/// A record that is to be changed, whole, if it is of the version the writer knows.
async fn there(cx: &Cx, reference: &RecordRef, expected: Expected) -> Result<Stored, Failure> {
    let reference = reference.clone();
    let before = cx.app.desk.read(&cx.viewer, move |reading| reading.whole(&reference)).await?;
    match (before, expected) {
        (Some(before), Expected::Version(version)) if before.version == version => Ok(before),
        (Some(before), Expected::Any) => Ok(before),
        (Some(_), _) => Err(Failure::Precondition),
        (None, _) => Err(Failure::NotFound),
    }
}

/// Refuses what the viewer has no right to, part by part.
fn allowed(cx: &Cx, before: Option<&Record>, after: Option<&Record>) -> Result<(), Failure> {
    let Some(record) = before.or(after) else { return Err(Failure::NotFound) };
    refused(&cx.sight(record.register.as_str())?.denied(before, after))
}

/// Names every part that is refused.
fn refused(denied: &[Denied]) -> Result<(), Failure> {
    if denied.is_empty() {
        return Ok(());
    }
    let faults = denied.iter().filter_map(|denied| {
        let (field, ja) = match denied {
            Denied::Record => return None,
            Denied::Field(field) => (field, "変更の権限がありません"),
            Denied::Holder(field) => (field, "自分の組織を示してください"),
        };
        let at = Place::Body(format!("/fields/{field}"));
        Some(FieldFault { at, said: Names::of(ja, denied.to_string()) })
    });
    let faults: Vec<FieldFault> = faults.collect();
    Err(if faults.is_empty() { Failure::Denied } else { Failure::DeniedParts(faults.into()) })
}

/// The record as the viewer sees it now; `own` is what they wrote, for those who may write and not see.
async fn shown(
    cx: &Cx,
    reference: &RecordRef,
    own: Option<Stored>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let wanted = reference.clone();
    let seen = cx.app.desk.read(&cx.viewer, move |reading| reading.get(&wanted)).await?;
    tagged(cx, &seen.or(own).ok_or(Failure::NotFound)?, status)
}

fn tagged(cx: &Cx, seen: &Stored, status: StatusCode) -> Result<Response, Failure> {
    // A client's `If-None-Match: *` asked for the record not to be there, not for an empty answer.
    let mut response = tags::tagged(cx, &HeaderMap::new(), seen.version, &Item::of(seen))?;
    *response.status_mut() = status;
    Ok(response)
}

/// Who changes a version and comes too late is told so.
fn outdated(failure: Failure, expected: Expected) -> Failure {
    match failure {
        Failure::Conflict(_) if matches!(expected, Expected::Version(_)) => Failure::Precondition,
        other => other,
    }
}

/// RFC 7396. The depth is bounded by the reader of JSON.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(members) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_adds_replaces_and_removes() {
        let mut record = json!({ "a": "b", "c": { "d": "e", "f": "g" }, "h": [1] });
        merge(&mut record, json!({ "a": "z", "c": { "f": null }, "h": { "i": null } }));
        assert_eq!(record, json!({ "a": "z", "c": { "d": "e" }, "h": {} }));
    }
}
