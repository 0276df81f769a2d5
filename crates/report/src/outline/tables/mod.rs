//! Answers and registers as long tables for machines: one record a line, an absence with its reason, nothing rounded.

mod follow_up;
mod register;

use base::{Missing, Names, Reported, Source};

use crate::Number;
use crate::csv_long::{ColumnDef, Kind, Value};

pub use follow_up::follow_up;
pub use register::register;

fn column(name: &str, kind: Kind, ja: &str, en: &str) -> ColumnDef {
    ColumnDef::new(name, kind, ja, en)
}

/// Text, or the reason why there is none.
fn text(text: &str) -> Value {
    if text.trim().is_empty() { Value::Missing(Missing::NotPrinted) } else { Value::Text(text.to_owned()) }
}

fn key(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn count(count: usize) -> Value {
    Value::Number(Number::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn integer(number: i64) -> Value {
    Value::Number(Number::Integer(number))
}

fn year(western: i32) -> Value {
    Value::Number(Number::Integer(western.into()))
}

fn reported<T>(value: &Reported<T>, show: impl FnOnce(&T) -> Value) -> Value {
    match value {
        Reported::Value(value) => show(value),
        Reported::Missing { missing } => Value::Missing(*missing),
    }
}

/// The value, or why there is none.
fn option<T>(value: Option<T>, why: Missing, show: impl FnOnce(T) -> Value) -> Value {
    value.map_or(Value::Missing(why), show)
}

/// Two columns for what is a number nearly always: the number, and the words where it is none.
fn number_or_words(value: &Reported<String>) -> [Value; 2] {
    match value {
        Reported::Missing { missing } => [Value::Missing(*missing), Value::Missing(*missing)],
        Reported::Value(words) => match words.parse::<Number>() {
            Ok(number) => [Value::Number(number), text(words)],
            Err(_) => [Value::Missing(Missing::NotApplicable), text(words)],
        },
    }
}

/// Every source of a figure, in one cell.
fn sources(sources: &[Source]) -> Value {
    let mut said: Vec<String> = sources.iter().map(ToString::to_string).collect();
    said.dedup();
    text(&said.join("; "))
}

fn source_column() -> ColumnDef {
    column("source", Kind::Text, "出典（文書、ページ、行）", "source: document, page, lines")
}

fn names_columns() -> [ColumnDef; 2] {
    [
        column("name_ja", Kind::Text, "日本語の名称", "name in Japanese"),
        column("name_en", Kind::Text, "英語の名称", "name in English"),
    ]
}

fn names(names: &Names) -> [Value; 2] {
    [text(&names.ja), text(&names.en)]
}
