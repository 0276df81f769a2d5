//! Saving what a form has sent: put together with what others have changed, judged by rights and declaration, written as a new
//! version. What cannot be saved stays as a draft and on the page.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Names;
use register::{Declaration, Fault, Record, RecordRef, Sight};
use serde_json::json;
use store::{By, Change};

use super::merge::{Both, merge};
use super::page::{self, Shown, must_change_something};
use super::{Loaded, around, declaration, load, must_be_allowed, pairs, path, reference, title};
use crate::cx::Cx;
use crate::failure::Failure;
use crate::work::drafts::{self, Draft};
use crate::work::posted::{Posted, see, with_status};

/// Saves a changed record.
pub(super) async fn save(
    cx: Cx,
    Path((register, record)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Failure> {
    let reference = reference(&register, &record)?;
    let declaration = declaration(&cx, &register)?;
    let loaded = load(&cx, &reference).await?;
    must_change_something(&cx, declaration, &loaded.whole.record)?;
    let base = base(&cx, &reference, &loaded, posted.number("version")).await?;
    let form = Form {
        cx: &cx,
        declaration,
        place: format!("{}/edit", path(&reference)),
        version: posted.number("version"),
        newest: loaded.whole.version,
    };
    if let Some(more) = posted.get("more") {
        return form.with_more(&loaded.seen, &posted, more).await;
    }
    form.keep(&loaded.seen, &posted).await?;
    let reason = posted.needed("reason", "変更の理由", "a reason for the change")?;
    let mine = typed(&cx, declaration, &posted, &base)?;
    let chosen = if posted.number("seen") == form.newest { chosen(&posted, "mine") } else { BTreeSet::new() };
    let settled = if posted.number("seen") == form.newest { chosen_either(&posted) } else { BTreeSet::new() };
    let (merged, mut both) = merge(&base, &loaded.seen, &mine, &chosen);
    both.retain(|both| !settled.contains(&both.field));
    if !both.is_empty() {
        return form.refused(&loaded.seen, &posted, &[], &both, StatusCode::CONFLICT).await;
    }
    let sight = Sight::of(declaration, &cx.viewer);
    let after = sight.with_hidden(cx.app.desk.registry(), &loaded.whole.record, merged);
    must_be_allowed(&cx, Some(&loaded.whole.record), Some(&after))?;
    let faults = register::validate::faults(declaration, &after, Some(&loaded.whole.record));
    if !faults.is_empty() {
        return form.refused(&loaded.seen, &posted, &faults, &[], StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let change = Change::Put { record: after, expected: Some(form.newest) };
    cx.app.desk.write(By::now(cx.person()?.name.clone(), reason), vec![change]).await?;
    drafts::forget(&cx, &form.place, vec![String::new()]).await?;
    Ok(see(&cx, &path(&reference)))
}

/// Saves a new record.
pub(super) async fn create(
    cx: Cx,
    Path(register): Path<String>,
    posted: Posted,
) -> Result<Response, Failure> {
    cx.person()?;
    let declaration = declaration(&cx, &register)?;
    if !Sight::of(declaration, &cx.viewer).may_create() {
        return Err(Failure::Denied);
    }
    let mut blank = page::blank(&cx, declaration)?;
    let form =
        Form { cx: &cx, declaration, place: format!("/registers/{register}/new"), version: 0, newest: 0 };
    if let Some(more) = posted.get("more") {
        return form.with_more(&blank, &posted, more).await;
    }
    form.keep(&blank, &posted).await?;
    let reason = posted.needed("reason", "変更の理由", "a reason for the change")?;
    blank.id = posted.text("id").parse().map_err(|_| {
        Failure::bad(
            "記録の名前（ID）には文字・数字・-・_・. だけを使ってください",
            "Use letters, digits, -, _ and . only for the id",
        )
    })?;
    let record = typed(&cx, declaration, &posted, &blank)?;
    must_be_allowed(&cx, None, Some(&record))?;
    let faults = register::validate::faults(declaration, &record, None);
    if !faults.is_empty() {
        return form.refused(&record, &posted, &faults, &[], StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let reference = record.reference();
    let written = cx
        .app
        .desk
        .write(By::now(cx.person()?.name.clone(), reason), vec![Change::Put { record, expected: Some(0) }])
        .await;
    match written {
        Ok(_) => {}
        Err(Failure::Conflict(_)) => {
            let said = Names::of(
                "この名前の記録が既にあります。別の名前にしてください",
                "there is a record of this id already; choose another",
            );
            let faults = [Fault::Value { field: "id".to_owned(), what: said }];
            return form.refused(&blank, &posted, &faults, &[], StatusCode::CONFLICT).await;
        }
        Err(failure) => return Err(failure),
    }
    drafts::forget(&cx, &form.place, vec![String::new()]).await?;
    Ok(see(&cx, &path(&reference)))
}

/// Keeps what is being typed into the form of a record.
pub(super) async fn draft(
    cx: Cx,
    Path((register, record)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Failure> {
    let reference = reference(&register, &record)?;
    let declaration = declaration(&cx, &register)?;
    let loaded = load(&cx, &reference).await?;
    must_change_something(&cx, declaration, &loaded.whole.record)?;
    let place = format!("{}/edit", path(&reference));
    let form = Form {
        cx: &cx,
        declaration,
        place: place.clone(),
        version: posted.number("version"),
        newest: loaded.whole.version,
    };
    kept_or_thrown_away(&form, &loaded.seen, &posted).await
}

/// Keeps what is being typed into the form of a new record.
pub(super) async fn draft_of_new(
    cx: Cx,
    Path(register): Path<String>,
    posted: Posted,
) -> Result<Response, Failure> {
    cx.person()?;
    let declaration = declaration(&cx, &register)?;
    if !Sight::of(declaration, &cx.viewer).may_create() {
        return Err(Failure::Denied);
    }
    let form =
        Form { cx: &cx, declaration, place: format!("/registers/{register}/new"), version: 0, newest: 0 };
    kept_or_thrown_away(&form, &page::blank(&cx, declaration)?, &posted).await
}

async fn kept_or_thrown_away(form: &Form<'_>, record: &Record, posted: &Posted) -> Result<Response, Failure> {
    let cx = form.cx;
    if posted.get("discard").is_some() {
        drafts::forget(cx, &form.place, vec![String::new()]).await?;
        return Ok(see(cx, &form.place));
    }
    form.keep(record, posted).await?;
    drafts::be_present(cx, &form.place, "").await?;
    let others = drafts::others(cx, &form.place).await?;
    let names: Vec<&str> = others.iter().map(|other| other.name.as_str()).collect();
    let said = if names.is_empty() {
        page::kept_words(cx)
    } else {
        format!(
            "{} · {}{}",
            page::kept_words(cx),
            cx.say("ほかに編集中：", "also editing: "),
            names.join(cx.say("、", ", "))
        )
    };
    Ok(Json(json!({ "said": said })).into_response())
}

/// A form that somebody sends.
struct Form<'a> {
    cx: &'a Cx,
    declaration: &'a Declaration,
    place: String,
    version: u64,
    newest: u64,
}

impl Form<'_> {
    /// Keeps what was sent as a draft: from here on nothing of it can be lost.
    async fn keep(&self, record: &Record, posted: &Posted) -> Result<(), Failure> {
        let texts: BTreeMap<String, String> =
            posted.pairs().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let about = format!(
            "{}: {}",
            self.declaration.name.get(self.cx.lang),
            title(self.declaration, record, self.cx.lang)
        );
        let draft = Draft {
            place: self.place.clone(),
            row: String::new(),
            about,
            version: self.version,
            at: self.cx.now,
            texts,
        };
        drafts::keep(self.cx, vec![draft]).await
    }

    /// The form again, with more blank rows.
    async fn with_more(&self, record: &Record, posted: &Posted, more: &str) -> Result<Response, Failure> {
        let mut sent: Vec<(String, String)> =
            posted.pairs().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        pairs::with_more(&mut sent, more);
        let shown = self.shown(record, &[], &[]);
        Ok(page::show(self.cx, &Shown { posted: &Posted::of(sent), ..shown }).await?.into_response())
    }

    /// The form again, with what is wrong.
    async fn refused(
        &self,
        record: &Record,
        posted: &Posted,
        faults: &[Fault],
        both: &[Both],
        status: StatusCode,
    ) -> Result<Response, Failure> {
        let at_fields: Vec<(String, Names)> = faults
            .iter()
            .filter(|fault| **fault != Fault::NoSource)
            .map(|fault| (fault.path().unwrap_or("state").to_owned(), fault.names()))
            .collect();
        let no_source = faults.contains(&Fault::NoSource);
        let shown = Shown { posted, no_source, ..self.shown(record, &at_fields, both) };
        Ok(with_status(status, page::show(self.cx, &shown).await?))
    }

    fn shown<'s>(&'s self, record: &'s Record, faults: &'s [(String, Names)], both: &'s [Both]) -> Shown<'s> {
        const NOTHING: &Posted = &Posted::EMPTY;
        Shown {
            declaration: self.declaration,
            record,
            version: self.version,
            posted: NOTHING,
            faults,
            no_source: false,
            both,
            newest: self.newest,
            draft: None,
        }
    }
}

/// The record as it was typed, over the version that was looked at.
fn typed(cx: &Cx, declaration: &Declaration, posted: &Posted, base: &Record) -> Result<Record, Failure> {
    let mut record = base.clone();
    record.fields = pairs::fields(declaration, posted, &base.fields);
    if posted.get("around").is_some() {
        record.sources = around::sources(posted, &base.sources)?;
        record.links = around::links(cx, posted, &base.links)?;
    }
    Ok(record)
}

/// What was looked at while typing.
async fn base(cx: &Cx, reference: &RecordRef, loaded: &Loaded, version: u64) -> Result<Record, Failure> {
    if version == loaded.whole.version {
        return Ok(loaded.seen.clone());
    }
    let reference = reference.clone();
    let history = cx.app.desk.read(&cx.viewer, move |reading| reading.history(&reference)).await?;
    let then = history.into_iter().rev().find(|entry| entry.version <= version && entry.record.is_some());
    then.and_then(|entry| entry.record).ok_or_else(|| {
        Failure::bad(
            "この版は見つかりません。開き直してください",
            "This version is not found; please open the form again",
        )
    })
}

/// The fields for which one of the two was chosen.
fn chosen(posted: &Posted, which: &str) -> BTreeSet<String> {
    let choices = posted.pairs().filter(|(_, choice)| *choice == which);
    choices.filter_map(|(name, _)| name.strip_prefix("choice:").map(str::to_owned)).collect()
}

fn chosen_either(posted: &Posted) -> BTreeSet<String> {
    chosen(posted, "mine").into_iter().chain(chosen(posted, "theirs")).collect()
}
