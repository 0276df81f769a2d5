//! A record: every field it declares, its links both ways, its sources, its history.

use maud::{Markup, html};
use register::{Declaration, Field, FieldType, Record, RecordRef, Sight, references};
use report::Severity;
use serde_json::Value;
use store::Entry;

use super::list::state;
use super::load::FORMS;
use super::{history, links};
use crate::cx::Cx;
use crate::desk::{PointedAt, Seen, Titles, title_of};
use crate::failure::Failure;
use crate::look::{Html, Page, note, source, values, when};
use crate::work::comments;

/// Records of one register that point here, shown at most.
const POINTING: usize = 200;

/// What the page shows.
pub(super) struct Found {
    pub(super) declaration: Declaration,
    pub(super) seen: Option<Seen>,
    pub(super) history: Vec<Entry>,
    pub(super) pointed_at: PointedAt,
    pub(super) titles: Titles,
}

pub(super) async fn page(cx: Cx, register: String, record: String) -> Result<Html, Failure> {
    let reference = RecordRef::new(&register, &record).map_err(|_| Failure::NotFound)?;
    let asked = reference.clone();
    let found = cx.app.desk.read(&cx.viewer, move |reading| {
        let declaration = reading.declaration(&register)?.clone();
        let seen = reading.get(&asked)?;
        let history = reading.history(&asked)?;
        if seen.is_none() && history.is_empty() {
            return Err(Failure::NotFound);
        }
        let pointed_at = reading.pointed_at(&asked, POINTING)?;
        let told = history.iter().filter_map(|entry| entry.record.as_ref());
        let told = told.chain(seen.iter().map(|seen| &seen.record));
        let refs: Vec<RecordRef> =
            told.flat_map(|record| references(&declaration, record).into_iter().map(|(_, to)| to)).collect();
        let sources = seen.iter().flat_map(|seen| &seen.record.sources);
        let documents = sources.filter_map(|source| RecordRef::new("document", &source.document).ok());
        let titles = reading.titles(refs.into_iter().chain(documents))?;
        Ok(Found { declaration, seen, history, pointed_at, titles })
    });
    let found = found.await?;
    let comments = comments::fragment(&cx, &reference).await?;
    Ok(show(&cx, &reference, &found, &comments))
}

fn show(cx: &Cx, reference: &RecordRef, found: &Found, comments: &Markup) -> Html {
    let declaration = &found.declaration;
    let last = found.history.iter().rev().find_map(|entry| entry.record.as_ref());
    let record = found.seen.as_ref().map(|seen| &seen.record).or(last);
    let title = record.map(|record| title_of(declaration, record));
    let title = title.map_or_else(|| reference.to_string(), |names| names.get(cx.lang).to_owned());
    let body = html! {
        @if let Some(seen) = &found.seen { (body(cx, found, seen)) (comments) }
        @else {
            (note(cx, Severity::Caution, &html! { (cx.say(" この記録は取り下げられています。版は残っています。", " This record was withdrawn. Its versions remain.")) }))
            (history::section(cx, found))
        }
    };
    let name = declaration.name.get(cx.lang);
    let path = values::path(reference);
    Page::new(title, body)
        .below(cx.say("台帳", "Registers"), "/registers")
        .below(name, format!("/registers/{}", declaration.id))
        .feed(name, format!("{path}/feed.atom"))
        .show(cx)
}

fn body(cx: &Cx, found: &Found, seen: &Seen) -> Markup {
    let (declaration, record) = (&found.declaration, &seen.record);
    let path = values::path(&record.reference());
    html! {
        p.standing {
            (state(cx, declaration, record))
            code { (record.reference()) }
            " · " (cx.say("第", "version ")) (seen.version) (cx.say("版", ""))
            " · " (cx.say("更新 ", "changed ")) (when(seen.at))
            @if !seen.actor.is_empty() { " · " (seen.actor) }
        }
        ul.loads {
            @for form in FORMS.into_iter().filter(|form| *form != super::load::Form::Dictionary) {
                li { a href=(cx.to(&format!("{path}.{}", form.ending()))) { (form.name(cx)) } }
            }
            li { a href=(cx.to(&format!("{path}/feed.atom"))) { (cx.say("更新フィード", "Feed")) } }
            li { a href=(cx.to(&format!("/registers/{}/about", declaration.id))) { (cx.say("見られる人・変えられる人", "Who may see and change")) } }
        }
        @if may_be_changed(cx, declaration, record) {
            p.acts { a.button.second href=(cx.to(&format!("{path}/edit"))) { (cx.say("編集・状態の変更", "Edit, change its state")) } }
        }
        h2 { (cx.say("内容", "Content")) }
        (fields(cx, declaration, record, &found.titles))
        (links::out(cx, record, &found.titles))
        (links::into(cx, found))
        (sources(cx, record, &found.titles))
        (history::section(cx, found))
    }
}

/// Whether the viewer may change anything of the record.
pub(super) fn may_be_changed(cx: &Cx, declaration: &Declaration, record: &Record) -> bool {
    let sight = Sight::of(declaration, &cx.viewer);
    sight.may_change(record) || declaration.fields.keys().any(|field| sight.may_change_field(record, field))
}

/// The fields in an order people read: the title's first, then what must be there, then the others; tables last.
fn fields(cx: &Cx, declaration: &Declaration, record: &Record, titles: &Titles) -> Markup {
    let mut shown: Vec<(&String, &Field, &Value)> = declaration
        .fields
        .iter()
        .filter_map(|(name, field)| Some((name, field, record.fields.get(name)?)))
        .collect();
    shown.sort_by_key(|(name, field, _)| (**name != declaration.title, !field.required));
    let is_table =
        |field: &Field, value: &Value| matches!(field.kind, FieldType::Table { .. }) && value.is_array();
    let unsaid: Vec<&str> = declaration
        .fields
        .iter()
        .filter(|(name, _)| !record.fields.contains_key(*name))
        .filter(|(name, _)| Sight::of(declaration, &cx.viewer).sees_field(record, name))
        .map(|(_, field)| field.label.get(cx.lang))
        .collect();
    html! {
        dl.facts {
            @for (name, field, value) in shown.iter().filter(|(_, field, value)| !is_table(field, value)) {
                div {
                    dt id=(format!("field-{name}")) { (field.label.get(cx.lang)) }
                    dd {
                        (values::value(cx, field, value, titles))
                        @if values::is_figure(&field.kind) && register::validate::missing(value).is_none() { " " (cite(cx, record)) }
                        @if let Some(help) = &field.help { p.help { (help.get(cx.lang)) } }
                    }
                }
            }
        }
        @if !unsaid.is_empty() {
            p.silent { (cx.say("だれも述べていない項目：", "Nobody has said: ")) (unsaid.join(cx.say("、", ", "))) }
        }
        @for (name, field, value) in shown.iter().filter(|(_, field, value)| is_table(field, value)) {
            div id=(format!("field-{name}")) {
                (values::value(cx, field, value, titles))
                p.help { (cite(cx, record)) @if let Some(help) = &field.help { " " (help.get(cx.lang)) } }
            }
        }
    }
}

/// The way from a figure to where it was said.
fn cite(cx: &Cx, record: &Record) -> Markup {
    html! {
        span.cite { "[" @for index in 1..=record.sources.len().min(3) {
            @if index > 1 { ", " }
            a href=(format!("#source-{index}")) aria-label=(format!("{}{index}", cx.say("出典", "source "))) { (index) }
        } "]" }
    }
}

fn sources(cx: &Cx, record: &Record, titles: &Titles) -> Markup {
    html! {
        h2 #sources { (cx.say("出典", "Sources")) }
        ol.sources {
            @for (index, said) in record.sources.iter().enumerate() {
                @let document = RecordRef::new("document", &said.document).ok();
                li id=(format!("source-{}", index + 1)) {
                    @if let Some(title) = document.and_then(|document| titles.of(&document, cx.lang).map(ToOwned::to_owned)) { (title) " " }
                    (source(cx, said))
                    @match said.status {
                        base::DocumentStatus::Decided => {}
                        base::DocumentStatus::Draft => { " " span.tag { (cx.say("案", "draft")) } }
                        base::DocumentStatus::Provisional => { " " span.tag { (cx.say("暫定", "provisional")) } }
                    }
                }
            }
        }
        @if record.sources.iter().any(|source| source.machine_read) {
            p.silent { (cx.say(
                "機械が読み取った本文は、原資料と一致しないことがあります。",
                "Text read by a machine may differ from the document.",
            )) }
        }
    }
}
