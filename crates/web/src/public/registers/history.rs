//! The history of a record: its versions, newest first, each with what it changed, field by field.

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped, html};
use register::{Declaration, Record};
use store::Entry;

use super::record::{Found, may_be_changed};
use crate::cx::Cx;
use crate::desk::{Standing, Titles};
use crate::look::{values, when};

/// Versions shown at most.
const MOST: usize = 50;

/// The section of a record's page.
pub(super) fn section(cx: &Cx, found: &Found) -> Markup {
    let versions = &found.history;
    let before = |index: usize| versions.get(index.checked_sub(1)?).and_then(|entry| entry.record.as_ref());
    html! {
        h2 #history { (cx.say("経緯", "History")) }
        ol.history reversed {
            @for (index, entry) in versions.iter().enumerate().rev().take(MOST) {
                li value=(entry.version) {
                    (version(cx, found, entry, before(index), index == 0))
                    @if index + 1 < versions.len() { (undo(cx, found, entry)) }
                }
            }
        }
        @if versions.len() > MOST {
            p.silent { (cx.say("これより前の", "")) (versions.len() - MOST) (cx.say("版は、ここには示していません。", " earlier versions are not shown here.")) }
        }
    }
}

/// For who may change the record as it is: its content as of an earlier version becomes a new one.
fn undo(cx: &Cx, found: &Found, entry: &Entry) -> Markup {
    let newest = found.seen.as_ref().filter(|seen| may_be_changed(cx, &found.declaration, &seen.record));
    html! {
        @if let (Some(newest), Some(record)) = (newest, &entry.record) {
            form.plain method="post" action=(cx.to(&format!("{}/undo", values::path(&record.reference())))) {
                input type="hidden" name="to_version" value=(entry.version);
                input type="hidden" name="version" value=(newest.version);
                button.link { (cx.say("この版に戻す", "Back to this version")) " (" (entry.version) ")" }
            }
        }
    }
}

fn version(cx: &Cx, found: &Found, entry: &Entry, before: Option<&Record>, first: bool) -> Markup {
    let what = match (&entry.record, before, first) {
        (None, ..) => cx.say("取下げ", "withdrawn"),
        (Some(_), None, true) => cx.say("作成", "made"),
        (Some(_), None, false) => cx.say("再び作成", "made again"),
        (Some(_), Some(_), _) => cx.say("変更", "changed"),
    };
    html! {
        p {
            (when(entry.at)) " " strong { (what) }
            @if !entry.actor.is_empty() { " · " (entry.actor) }
            @if !entry.reason.is_empty() { (cx.say("：", ": ")) (entry.reason) }
        }
        @if let (Some(record), Some(before)) = (&entry.record, before) { (difference(cx, found, before, record)) }
    }
}

/// What changed between two versions. Whatever is hidden from the viewer is in neither.
fn difference(cx: &Cx, found: &Found, before: &Record, after: &Record) -> Markup {
    let rows = changes(cx, &found.declaration, &found.titles, before, after);
    html! {
        @if rows.is_empty() { p.silent { (cx.say("内容の違いはありません。", "Nothing in the content differs.")) } }
        @else {
            dl.facts.changes {
                @for (label, old, new) in rows {
                    div { dt { (label) } dd { (PreEscaped(report::html::text(&report::diff::wording(&old, &new), cx.lang))) } }
                }
            }
        }
    }
}

/// What changed, as (what, before, after).
pub(super) fn changes(
    cx: &Cx,
    declaration: &Declaration,
    titles: &Titles,
    before: &Record,
    after: &Record,
) -> Vec<(String, String, String)> {
    let names: BTreeSet<&String> = before.fields.keys().chain(after.fields.keys()).collect();
    let mut rows = Vec::new();
    let mut put = |label: &str, old: String, new: String| {
        if old != new {
            rows.push((label.to_owned(), old, new));
        }
    };
    let state = |record: &Record| {
        let state = record.state.clone().unwrap_or_default();
        declaration.states.get(&state).map_or(state, |declared| declared.label.get(cx.lang).to_owned())
    };
    put(cx.say("状態", "State"), state(before), state(after));
    for name in names {
        let field = declaration.fields.get(name);
        let words = |record: &Record| {
            let value = record.fields.get(name);
            match field {
                Some(field) => report::outline::record::words(field, value, cx.lang),
                None => value.map(ToString::to_string).unwrap_or_default(),
            }
        };
        put(field.map_or(name, |field| field.label.get(cx.lang)), words(before), words(after));
    }
    let links = |record: &Record| {
        let seen = record.links.iter().filter(|link| *titles.standing(&link.to) != Standing::Hidden);
        let links = seen.map(|link| format!("{} {} {}", link.kind, link.to, link.why));
        links.collect::<Vec<_>>().join("\n")
    };
    put(cx.say("つながり", "Links"), links(before), links(after));
    let sources =
        |record: &Record| record.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    put(cx.say("出典", "Sources"), sources(before), sources(after));
    rows
}
