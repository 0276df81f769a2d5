//! Values of records as people read them: every declared type, whole on a record's own page, in few words in a list. A value
//! says what it is; where it comes from, the page says.

use std::collections::BTreeMap;

use base::yen::grouped;
use base::{FiscalYear, Lang, Names, Year, Yen};
use maud::{Markup, html};
use register::{Field, FieldType, RecordRef};
use serde_json::{Map, Value};

use super::missing;
use crate::address::escaped;
use crate::cx::Cx;
use crate::desk::{Standing, Titles};

/// Longest text of a list's cell, in characters; the record's own page shows all.
const CELL: usize = 80;
/// Items of a list shown in a list's cell.
const ITEMS: usize = 3;

/// A value, whole.
pub(crate) fn value(cx: &Cx, field: &Field, value: &Value, titles: &Titles) -> Markup {
    if let Some(why) = register::validate::missing(value) {
        return missing(cx, why);
    }
    match (&field.kind, value) {
        (FieldType::List { of }, Value::Array(items)) if !items.is_empty() => html! {
            ul.values { @for item in items { li { (single(cx, of, item, titles)) } } }
        },
        (FieldType::Table { columns }, Value::Array(rows)) => table(cx, field, columns, rows, titles),
        (FieldType::Checklist { items }, Value::Object(answers)) => checklist(cx, items, answers),
        (FieldType::Integer | FieldType::Decimal, _) => html! {
            (single(cx, &field.kind, value, titles))
            @if let Some(unit) = &field.unit { " " (unit) }
        },
        (kind, value) => single(cx, kind, value, titles),
    }
}

/// A value in few words, for a cell of a list.
pub(crate) fn brief(cx: &Cx, kind: &FieldType, value: &Value, titles: &Titles) -> Markup {
    if let Some(why) = register::validate::missing(value) {
        return missing(cx, why);
    }
    match (kind, value) {
        (FieldType::List { of }, Value::Array(items)) => html! {
            @for (index, item) in items.iter().take(ITEMS).enumerate() {
                @if index > 0 { (cx.say("、", ", ")) }
                (brief(cx, of, item, titles))
            }
            @if items.len() > ITEMS { " " (more(cx, items.len() - ITEMS)) }
        },
        (FieldType::Table { .. }, Value::Array(rows)) => {
            html! { (rows.len()) (cx.say("行", if rows.len() == 1 { " row" } else { " rows" })) }
        }
        (FieldType::Checklist { items }, Value::Object(answers)) => {
            html! { (answers.len()) "/" (items.len()) }
        }
        (FieldType::Text, Value::String(text)) => html! { (shortened(text)) },
        (FieldType::Names, _) => html! { (shortened(names(value).get(cx.lang))) },
        (FieldType::Yen, Value::String(print)) => html! { (print) },
        (FieldType::FiscalYear, Value::Number(year)) => {
            let year = FiscalYear::new(i32::try_from(year.as_i64().unwrap_or(0)).unwrap_or(0));
            html! { (match cx.lang { Lang::Ja => year.japanese(), Lang::En => year.to_string() }) }
        }
        (FieldType::Date, Value::String(print)) => html! {
            @if let Ok(date) = base::date::parse(print) { time datetime=(date) { (date) } } @else { (print) }
        },
        (kind, value) => single(cx, kind, value, titles),
    }
}

/// A link to a record, by its title; what the viewer may not see has neither.
pub(crate) fn record(cx: &Cx, record: &RecordRef, titles: &Titles) -> Markup {
    match titles.standing(record) {
        Standing::Titled(names) => html! { a href=(cx.to(&path(record))) { (names.get(cx.lang)) } },
        Standing::Unasked => html! { a href=(cx.to(&path(record))) { code { (record) } } },
        Standing::Absent => {
            html! { code { (record) } " " span.missing { (cx.say("記録なし", "no such record")) } }
        }
        Standing::Hidden => {
            html! { span.missing { (cx.say("公開されていない記録", "a record that is not public")) } }
        }
    }
}

/// The path of a record's page.
pub(crate) fn path(record: &RecordRef) -> String {
    format!("/registers/{}/{}", escaped(record.register.as_str()), escaped(record.record.as_str()))
}

/// Whether values of a type are figures, which stand to the right and whose source a reader wants at hand.
pub(crate) fn is_figure(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::Integer | FieldType::Decimal | FieldType::Yen | FieldType::Year | FieldType::FiscalYear
    )
}

/// A text of a list's cell.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn single(cx: &Cx, kind: &FieldType, value: &Value, titles: &Titles) -> Markup {
    if let Some(why) = register::validate::missing(value) {
        return missing(cx, why);
    }
    match (kind, value) {
        (FieldType::Names, _) => both(cx, &names(value)),
        (FieldType::Yen, Value::String(print)) => yen(cx, print),
        (FieldType::Integer, Value::Number(number)) => {
            html! { (number.as_i64().map_or_else(|| number.to_string(), grouped)) }
        }
        (FieldType::FiscalYear, Value::Number(year)) => fiscal_year(cx, year.as_i64()),
        (FieldType::Year, Value::Number(year)) => calendar_year(cx, year.as_i64()),
        (FieldType::Date, Value::String(text)) => date(cx, text),
        (FieldType::Flag, Value::Bool(flag)) => yes_or_no(cx, *flag),
        (FieldType::Choice { options }, Value::String(choice)) => {
            html! { (options.get(choice).map_or(choice.as_str(), |names| names.get(cx.lang))) }
        }
        (FieldType::Ref { .. }, Value::String(text)) => html! {
            @if let Ok(reference) = text.parse() { (record(cx, &reference, titles)) } @else { (text) }
        },
        (FieldType::Url, Value::String(url)) if url.starts_with("http") => {
            html! { a href=(url) rel="noopener external" { (url) } }
        }
        (_, Value::String(text)) => lines(text),
        (_, other) => html! { code { (other) } },
    }
}

/// Text with its line breaks.
fn lines(text: &str) -> Markup {
    html! {
        @for (index, line) in text.lines().enumerate() {
            @if index > 0 { br; }
            (line)
        }
    }
}

/// The name in the page's language, and the other beneath where it differs.
fn both(cx: &Cx, names: &Names) -> Markup {
    let shown = names.get(cx.lang);
    let (other, lang) = match cx.lang {
        Lang::Ja => (&names.en, "en"),
        Lang::En => (&names.ja, "ja"),
    };
    html! {
        (lines(shown))
        @if !other.is_empty() && other != shown { br; span.other lang=(lang) { (lines(other)) } }
    }
}

fn names(value: &Value) -> Names {
    match value {
        Value::String(text) => Names::of(text.as_str(), ""),
        value => serde_json::from_value(value.clone()).unwrap_or_default(),
    }
}

/// Money as it was printed, and the yen it stands for where it was printed in another unit.
fn yen(cx: &Cx, print: &str) -> Markup {
    let exact = print.parse::<Yen>().ok().filter(|yen| yen.unit() != base::Unit::Yen);
    html! {
        (print)
        @if let Some(yen) = exact {
            " " span.exact { (cx.say("（", "(")) (grouped(yen.yen())) (cx.say("円）", " yen)")) }
        }
    }
}

fn fiscal_year(cx: &Cx, western: Option<i64>) -> Markup {
    let year = western.and_then(|year| i32::try_from(year).ok()).map(FiscalYear::new);
    html! {
        @match (year, cx.lang) {
            (Some(year), Lang::Ja) => { (year.japanese()) "（" (year.western()) "年度）" }
            (Some(year), Lang::En) => { (year) " (" span lang="ja" { (year.japanese()) } ")" }
            (None, _) => {}
        }
    }
}

fn calendar_year(cx: &Cx, western: Option<i64>) -> Markup {
    let year = western.and_then(|year| i32::try_from(year).ok()).map(Year::new);
    html! { @if let Some(year) = year { (year) (cx.say("年", "")) } }
}

fn date(cx: &Cx, text: &str) -> Markup {
    let Ok(date) = base::date::parse(text) else { return html! { (text) } };
    html! {
        time datetime=(date) { (date) }
        @if cx.lang == Lang::Ja { "（" (base::date::japanese(date)) "）" }
    }
}

fn yes_or_no(cx: &Cx, flag: bool) -> Markup {
    html! { (if flag { cx.say("はい", "yes") } else { cx.say("いいえ", "no") }) }
}

fn more(cx: &Cx, count: usize) -> Markup {
    html! { span.silent { (cx.say("ほか", "and ")) (count) (cx.say("件", " more")) } }
}

/// The rows of a table field, with the columns that any of them has.
fn table(
    cx: &Cx,
    field: &Field,
    columns: &BTreeMap<String, Field>,
    rows: &[Value],
    titles: &Titles,
) -> Markup {
    let used: Vec<(&String, &Field)> =
        columns.iter().filter(|(name, _)| rows.iter().any(|row| row.get(name).is_some())).collect();
    let label = field.label.get(cx.lang);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table {
                caption { (label) " " span.silent { (rows.len()) (cx.say("行", " rows")) } }
                thead { tr { @for (_, column) in &used { (heading(cx, column)) } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (name, column) in &used {
                                td class=[is_figure(&column.kind).then_some("figure")] {
                                    @if let Some(found) = row.get(name.as_str()) { (value(cx, column, found, titles)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The heading of a column.
pub(crate) fn heading(cx: &Cx, field: &Field) -> Markup {
    html! {
        th scope="col" class=[is_figure(&field.kind).then_some("figure")] {
            (field.label.get(cx.lang))
            @if let Some(unit) = &field.unit { " (" (unit) ")" }
        }
    }
}

/// Every item with its answer; an item without one says so.
fn checklist(cx: &Cx, items: &BTreeMap<String, Names>, answers: &Map<String, Value>) -> Markup {
    html! {
        ul.checklist {
            @for (item, label) in items {
                li { (label.get(cx.lang)) ": " (answer(cx, answers.get(item))) }
            }
        }
    }
}

fn answer(cx: &Cx, answer: Option<&Value>) -> Markup {
    match answer {
        None | Some(Value::Null) => html! { span.missing { (cx.say("未回答", "not answered")) } },
        Some(Value::Bool(flag)) => yes_or_no(cx, *flag),
        Some(Value::String(text)) => lines(text),
        Some(other) => html! {
            @if let Some(why) = register::validate::missing(other) { (missing(cx, why)) }
            @else if let Value::Object(parts) = other { @for (name, part) in parts { (name) ": " (answer_part(part)) "; " } }
            @else { (other) }
        },
    }
}

fn answer_part(part: &Value) -> String {
    part.as_str().map_or_else(|| part.to_string(), ToOwned::to_owned)
}
