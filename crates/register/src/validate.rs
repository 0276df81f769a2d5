//! Whether a record is what its register declares. Every fault names the field and says what would do.

use base::{Missing, Names, Reported, Year, Yen};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::declaration::Declaration;
use crate::field::{Field, FieldType};
use crate::id::RecordRef;
use crate::record::Record;

/// What no record can be called: pages of a register have these addresses, and browsers take the last two for others.
pub const RESERVED_IDS: [&str; 6] = ["new", "about", "choices", "feed.atom", ".", ".."];

/// Something wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A value that the declared type does not allow.
    #[error("{field}: {}", what.en)]
    Value {
        /// Path of the field: `budget[3].amount`.
        field: String,
        /// What is wrong and what would be right.
        what: Names,
    },
    /// A field that is not declared.
    #[error("{0}: the register has no such field")]
    UnknownField(String),
    /// A required field without value or reason.
    #[error("{0}: required; give a value, or say why there is none (`missing`)")]
    Required(String),
    /// A state that is not declared.
    #[error("state `{0}`: the register has no such state")]
    UnknownState(String),
    /// A move that is not declared.
    #[error("state: a record cannot move from `{from}` to `{to}`; from there it can move to {allowed}")]
    Move {
        /// The present state.
        from: String,
        /// The wanted one.
        to: String,
        /// The allowed ones.
        allowed: String,
    },
    /// An id that would have no page.
    #[error("id: `{0}` is the address of another page; choose another id")]
    ReservedId(String),
    /// No source.
    #[error("source: every record says where it comes from")]
    NoSource,
}

impl Fault {
    /// Path of the field that is meant; none where it is the record as a whole, its state or its sources.
    pub fn path(&self) -> Option<&str> {
        match self {
            Fault::Value { field, .. } | Fault::UnknownField(field) | Fault::Required(field) => Some(field),
            Fault::ReservedId(_) => Some("id"),
            Fault::UnknownState(_) | Fault::Move { .. } | Fault::NoSource => None,
        }
    }

    /// What is wrong, in both languages, without the path.
    pub fn names(&self) -> Names {
        match self {
            Fault::Value { what, .. } => what.clone(),
            Fault::UnknownField(_) => {
                Names::of("台帳にこの項目はありません", "the register has no such field")
            }
            Fault::Required(_) => Names::of(
                "必須です。値を入れるか、値がない理由を選んでください",
                "required; give a value, or say why there is none",
            ),
            Fault::UnknownState(state) => Names::of(
                format!("「{state}」という状態はありません"),
                format!("there is no state `{state}`"),
            ),
            Fault::Move { from, to, allowed } => Names::of(
                format!("「{from}」から「{to}」へは移れません。移れるのは：{allowed}"),
                format!("a record cannot move from `{from}` to `{to}`; from there it can move to {allowed}"),
            ),
            Fault::ReservedId(id) => Names::of(
                format!("「{id}」はほかのページのアドレスです。別の名前（ID）にしてください"),
                format!("`{id}` is the address of another page; choose another id"),
            ),
            Fault::NoSource => Names::of(
                "出典が必要です。どこから来た内容かを書いてください",
                "every record says where it comes from",
            ),
        }
    }
}

/// Every fault of a record, in the order of its fields. `before` is the version it replaces, if any.
pub fn faults(declaration: &Declaration, record: &Record, before: Option<&Record>) -> Vec<Fault> {
    let mut found = Vec::new();
    if RESERVED_IDS.contains(&record.id.as_str()) {
        found.push(Fault::ReservedId(record.id.to_string()));
    }
    fields(&declaration.fields, &record.fields, "", &mut found);
    if record.sources.is_empty() {
        found.push(Fault::NoSource);
    }
    found.extend(state_fault(declaration, record, before));
    found
}

fn state_fault(declaration: &Declaration, record: &Record, before: Option<&Record>) -> Option<Fault> {
    let state = record.state.as_deref()?;
    if !declaration.states.contains_key(state) {
        return Some(Fault::UnknownState(state.to_owned()));
    }
    let from = before?.state.as_deref()?;
    if from == state || declaration.may_move(from, state) {
        return None;
    }
    let allowed = declaration.states.get(from).map(|state| state.to.join(", ")).unwrap_or_default();
    let allowed = if allowed.is_empty() { "no other".to_owned() } else { allowed };
    Some(Fault::Move { from: from.to_owned(), to: state.to_owned(), allowed })
}

fn fields(
    declared: &std::collections::BTreeMap<String, Field>,
    values: &Map<String, Value>,
    path: &str,
    found: &mut Vec<Fault>,
) {
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, value) in values {
        match declared.get(name) {
            Some(field) => check(&field.kind, value, &|| at(name), found),
            None => found.push(Fault::UnknownField(at(name))),
        }
    }
    let lacking = declared.iter().filter(|(name, field)| field.required && !values.contains_key(*name));
    found.extend(lacking.map(|(name, _)| Fault::Required(at(name))));
}

/// Paths are only spelled out when something is wrong: most values are right, and there are many.
fn check(kind: &FieldType, value: &Value, at: &dyn Fn() -> String, found: &mut Vec<Fault>) {
    if is_missing(value) {
        return;
    }
    let names = |ja: &str, en: &str| {
        Names::of(format!("{value} は{ja}ではありません"), format!("{value} is not {en}"))
    };
    let mut wrong = |what: Names| found.push(Fault::Value { field: at(), what });
    match kind {
        FieldType::Text => {
            if !value.is_string() {
                wrong(names("文章", "a text"));
            }
        }
        FieldType::Url => match value.as_str() {
            Some(url) if url.starts_with("http://") || url.starts_with("https://") => {}
            _ => wrong(names(
                "http:// か https:// で始まるアドレス",
                "a web address beginning with http:// or https://",
            )),
        },
        FieldType::Names => {
            // A list would be read as one, by the order of the members.
            let fault = match value.is_object().then(|| base::Names::deserialize(value)) {
                Some(Ok(_)) => return,
                Some(Err(error)) => format!("{value} is not {{ ja, en }}: {error}"),
                None => format!("{value} is not {{ ja, en }}"),
            };
            wrong(Names::of(format!("{value} は日本語名・英語名の組（ja, en）ではありません"), fault));
        }
        FieldType::Integer => {
            if !value.is_i64() {
                wrong(names("整数", "a whole number"));
            }
        }
        FieldType::Decimal => {
            if !value.as_str().is_some_and(is_decimal) {
                wrong(names("印刷どおりの数（例：1.9）", "a number written as printed, such as \"1.9\""));
            }
        }
        FieldType::Flag => {
            if !value.is_boolean() {
                wrong(Names::of(
                    format!("{value} は「はい」「いいえ」のどちらでもありません"),
                    format!("{value} is neither true nor false"),
                ));
            }
        }
        FieldType::Date => match value.as_str().map(base::date::parse) {
            Some(Ok(_)) => {}
            Some(Err(error)) => wrong(Names::of(
                format!(
                    "{value} は日付ではありません。2025-02-07、令和7年2月7日、R7.2.7 のように書いてください"
                ),
                error.to_string(),
            )),
            None => wrong(names("日付", "a date")),
        },
        FieldType::Year | FieldType::FiscalYear => {
            if !Year::deserialize(value).is_ok_and(|year| (1868..=2200).contains(&year.western())) {
                wrong(names("西暦年（例：2025）", "a western year, such as 2025"));
            }
        }
        FieldType::Yen => {
            if let Err(error) = Yen::deserialize(value) {
                wrong(Names::of(
                    format!(
                        "{value} は金額ではありません。7.7億円、298,082千円 のように数と単位で書いてください"
                    ),
                    error.to_string(),
                ));
            }
        }
        FieldType::Choice { options } => {
            if !value.as_str().is_some_and(|choice| options.contains_key(choice)) {
                let known: Vec<_> = options.keys().map(String::as_str).collect();
                let known = known.join(", ");
                wrong(Names::of(
                    format!("{value} は選択肢にありません。選択肢：{known}"),
                    format!("{value} is none of: {known}"),
                ));
            }
        }
        FieldType::Ref { to } => match value.as_str().map(str::parse::<RecordRef>) {
            Some(Ok(reference)) => {
                if let Some(to) = to.as_ref().filter(|to| **to != reference.register) {
                    wrong(Names::of(
                        format!("{reference} は台帳 {to} の記録ではありません"),
                        format!("{reference} is not in the register `{to}`"),
                    ));
                }
            }
            Some(Err(error)) => wrong(Names::of(
                format!("{value} は「台帳:記録」の形の参照ではありません"),
                error.to_string(),
            )),
            None => wrong(names("「台帳:記録」の形の参照", "a reference `register:record`")),
        },
        FieldType::List { of } => match value.as_array() {
            Some(items) => {
                for (index, item) in items.iter().enumerate() {
                    check(of, item, &|| format!("{}[{index}]", at()), found);
                }
            }
            None => wrong(names("並び", "a list")),
        },
        FieldType::Table { columns } => match value.as_array() {
            Some(rows) => {
                for (index, row) in rows.iter().enumerate() {
                    match row.as_object() {
                        Some(row) => row_faults(columns, row, &|| format!("{}[{index}]", at()), found),
                        None => found.push(Fault::Value {
                            field: format!("{}[{index}]", at()),
                            what: Names::of(
                                "行は列の名前と値の組でなければなりません",
                                "a row must be an object of columns",
                            ),
                        }),
                    }
                }
            }
            None => wrong(names("表（行の並び）", "a table (a list of rows)")),
        },
        FieldType::Checklist { items } => match value.as_object() {
            Some(answers) => {
                let unknown = answers.keys().find(|item| !items.contains_key(*item));
                if let Some(item) = unknown {
                    wrong(Names::of(
                        format!("「{item}」はこの確認表の項目ではありません"),
                        format!("`{item}` is not an item of this checklist"),
                    ));
                }
            }
            None => wrong(names("確認表（項目＝答え）", "a checklist (an object of item = answer)")),
        },
    }
}

fn row_faults(
    columns: &std::collections::BTreeMap<String, Field>,
    row: &Map<String, Value>,
    at: &dyn Fn() -> String,
    found: &mut Vec<Fault>,
) {
    for (name, value) in row {
        match columns.get(name) {
            Some(column) => check(&column.kind, value, &|| format!("{}.{name}", at()), found),
            None => found.push(Fault::UnknownField(format!("{}.{name}", at()))),
        }
    }
    for (name, column) in columns {
        if column.required && !row.contains_key(name) {
            found.push(Fault::Required(format!("{}.{name}", at())));
        }
    }
}

fn is_missing(value: &Value) -> bool {
    value.as_object().is_some_and(|object| {
        object.len() == 1 && object.get("missing").is_some_and(|reason| Missing::deserialize(reason).is_ok())
    })
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

/// The reason why a field has no value, if it gives one.
pub fn missing(value: &Value) -> Option<Missing> {
    Reported::<Value>::deserialize(value).ok().and_then(|reported| reported.reason())
}

#[cfg(test)]
mod tests {
    use base::Source;
    use serde_json::json;

    use super::*;

    const PLACE: &str = r#"
id = "place"
spec = "N"
name = { ja = "場所", en = "place" }
about = { ja = "場所", en = "places" }
title = "name"
source = { document = "001" }
rights = { see = ["public"], change = ["secretariat"] }
[fields]
name = { type = "names", label = { ja = "名称", en = "name" } }
"#;

    fn faults_of(id: &str, name: Value) -> Vec<Fault> {
        let registry = crate::Registry::parse([("place.toml", PLACE)]).unwrap();
        let declaration = registry.get("place").unwrap();
        let mut record = Record::new(declaration.id.clone(), id.parse().unwrap(), Source::document("001"));
        record.fields.insert("name".to_owned(), name);
        faults(declaration, &record, None)
    }

    #[test]
    fn a_name_is_an_object_of_languages_and_no_list_of_texts() {
        assert_eq!(faults_of("a", json!({ "ja": "灯台" })), []);
        for other in [json!(["灯台", "lighthouse"]), json!([]), json!("灯台"), json!({ "ja": 1 })] {
            let found = faults_of("a", other);
            assert!(matches!(&found[..], [Fault::Value { field, .. }] if field == "name"), "{found:?}");
        }
    }

    #[test]
    fn a_record_that_would_have_no_page_is_refused() {
        for id in RESERVED_IDS {
            assert_eq!(faults_of(id, json!({ "ja": "灯台" })), [Fault::ReservedId(id.to_owned())]);
        }
        assert_eq!(faults_of("news", json!({ "ja": "灯台" })), []);
    }
}
