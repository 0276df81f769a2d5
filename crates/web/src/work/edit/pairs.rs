//! Records as the pairs of a form, and back. What a form sends is never judged here: a text that is no value of its type stays a
//! text, and the declaration's own validation says at which field it is wrong.

use base::text::fold_width;
use base::{FiscalYear, Missing, Year};
use register::{Declaration, Field, FieldType, Record};
use serde_json::{Map, Value, json};

use crate::work::posted::Posted;

/// The most items of a list and rows of a table that a form may send.
const MOST_ITEMS: u64 = 3000;
/// Blank items at the end of a list or table.
const BLANK: usize = 2;

/// The name of the input for a value.
pub(super) fn input(path: &str) -> String {
    format!("f:{path}")
}

/// The name of the input that says why there is no value.
pub(super) fn missing_input(path: &str) -> String {
    format!("m:{path}")
}

/// The name of the input that counts items or rows.
pub(super) fn count_input(path: &str) -> String {
    format!("n:{path}")
}

/// The name of the input that says that a field stands in the form.
pub(super) fn has_input(field: &str) -> String {
    format!("has:{field}")
}

/// The fields of a record as the pairs of a form, with blank rows to write into.
pub(super) fn of_record(declaration: &Declaration, record: &Record) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, field) in &declaration.fields {
        flatten(&field.kind, record.fields.get(name), name, &mut pairs);
    }
    pairs
}

/// Blank rows are added to these pairs at the lists and tables named.
pub(super) fn with_more(pairs: &mut [(String, String)], path: &str) {
    let name = count_input(path);
    for (found, count) in pairs.iter_mut().filter(|(found, _)| *found == name) {
        let more = count.parse::<u64>().unwrap_or(0).saturating_add(3).min(MOST_ITEMS);
        debug_assert_eq!(*found, name);
        *count = more.to_string();
    }
}

fn flatten(kind: &FieldType, value: Option<&Value>, path: &str, pairs: &mut Vec<(String, String)>) {
    if let Some(reason) = value.and_then(register::validate::missing) {
        pairs.push((missing_input(path), word(reason)));
        if let FieldType::List { .. } | FieldType::Table { .. } = kind {
            pairs.push((count_input(path), BLANK.to_string()));
        }
        return;
    }
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match kind {
        FieldType::Names => {
            for lang in ["ja", "en"] {
                if let Some(name) = value.and_then(|value| value.get(lang)) {
                    pairs.push((format!("{}.{lang}", input(path)), text(name)));
                }
            }
        }
        FieldType::List { of } => {
            let items = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            pairs.push((count_input(path), (items.len() + BLANK).to_string()));
            for (index, item) in items.iter().enumerate() {
                flatten(of, Some(item), &format!("{path}[{index}]"), pairs);
            }
        }
        FieldType::Table { columns } => {
            let rows = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            pairs.push((count_input(path), (rows.len() + BLANK).to_string()));
            for (index, row) in rows.iter().enumerate() {
                for (column, field) in columns {
                    flatten(&field.kind, row.get(column), &format!("{path}[{index}].{column}"), pairs);
                }
            }
        }
        FieldType::Checklist { items } => {
            for (item, answer) in items.keys().filter_map(|item| Some((item, value?.get(item)?))) {
                let at = input(&format!("{path}.{item}"));
                match answer {
                    Value::Bool(met) => pairs.push((at, met.to_string())),
                    Value::Object(answer) => {
                        pairs.extend(answer.get("met").map(|met| (at.clone(), text(met))));
                        pairs.extend(answer.get("shown_by").map(|by| (format!("{at}.by"), text(by))));
                    }
                    other => pairs.push((format!("{at}.by"), text(other))),
                }
            }
        }
        _ => pairs.extend(value.map(|value| (input(path), text(value)))),
    }
}

/// The fields that a form has sent, over those that were there; a field that is not in the form stays.
pub(super) fn fields(
    declaration: &Declaration,
    posted: &Posted,
    before: &Map<String, Value>,
) -> Map<String, Value> {
    let mut fields = before.clone();
    for (name, field) in &declaration.fields {
        if posted.get(&has_input(name)).is_none() {
            continue;
        }
        match read(&field.kind, name, posted, before.get(name)) {
            Some(value) => fields.insert(name.clone(), value),
            None => fields.remove(name),
        };
    }
    // A field that is not declared is not passed over in silence: validation refuses it.
    for (name, text) in posted.pairs() {
        if let Some(field) =
            name.strip_prefix("has:").filter(|field| !declaration.fields.contains_key(*field))
        {
            fields.insert(field.to_owned(), Value::from(text));
        }
    }
    fields
}

/// A value as it was sent; what says the same as before is exactly as before.
fn read(kind: &FieldType, path: &str, posted: &Posted, before: Option<&Value>) -> Option<Value> {
    let value = match kind {
        FieldType::Names => names(path, posted),
        FieldType::List { of } => list(of, path, posted, before),
        FieldType::Table { columns } => table(columns, path, posted, before),
        FieldType::Checklist { items } => checklist(items.keys(), path, posted, before),
        _ => single(kind, posted.text(&input(path)), before),
    };
    let reason =
        || Some(json!({ "missing": posted.get(&missing_input(path)).filter(|text| !text.is_empty())? }));
    value.or_else(reason)
}

fn single(kind: &FieldType, text: &str, before: Option<&Value>) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    if let Some(Value::String(old)) = before.filter(|before| before.as_str().map(str::trim) == Some(text)) {
        return Some(Value::from(old.clone()));
    }
    let folded = fold_width(text);
    let value = match kind {
        FieldType::Integer => folded.replace(',', "").parse::<i64>().ok().map(Value::from),
        FieldType::Year => folded.parse::<Year>().ok().map(|year| Value::from(year.western())),
        FieldType::FiscalYear => folded.parse::<FiscalYear>().ok().map(|year| Value::from(year.western())),
        FieldType::Flag => folded.parse::<bool>().ok().map(Value::from),
        FieldType::Date => base::date::parse(text).ok().map(|day| Value::from(day.to_string())),
        FieldType::Decimal | FieldType::Ref { .. } => Some(Value::from(folded.as_ref())),
        _ => None,
    };
    Some(value.unwrap_or_else(|| Value::from(text)))
}

fn names(path: &str, posted: &Posted) -> Option<Value> {
    let mut names = Map::new();
    for lang in ["ja", "en"] {
        let text = posted.text(&format!("{}.{lang}", input(path)));
        if !text.is_empty() {
            names.insert(lang.to_owned(), Value::from(text));
        }
    }
    (!names.is_empty()).then_some(Value::Object(names))
}

fn count(path: &str, posted: &Posted) -> usize {
    usize::try_from(posted.number(&count_input(path)).min(MOST_ITEMS)).unwrap_or(0)
}

fn list(of: &FieldType, path: &str, posted: &Posted, before: Option<&Value>) -> Option<Value> {
    let old = |index: usize| before.and_then(|before| before.get(index));
    let items = (0..count(path, posted))
        .filter_map(|index| read(of, &format!("{path}[{index}]"), posted, old(index)));
    kept_empty(items.collect(), before)
}

fn table(
    columns: &std::collections::BTreeMap<String, Field>,
    path: &str,
    posted: &Posted,
    before: Option<&Value>,
) -> Option<Value> {
    let row = |index: usize| {
        let old = before.and_then(|before| before.get(index));
        let cells = columns.iter().filter_map(|(column, field)| {
            let at = format!("{path}[{index}].{column}");
            Some((column.clone(), read(&field.kind, &at, posted, old.and_then(|old| old.get(column)))?))
        });
        let row: Map<String, Value> = cells.collect();
        (!row.is_empty()).then_some(Value::Object(row))
    };
    kept_empty((0..count(path, posted)).filter_map(row).collect(), before)
}

/// An empty list that was there stays one; otherwise nothing is no value.
fn kept_empty(items: Vec<Value>, before: Option<&Value>) -> Option<Value> {
    let was_empty = before.and_then(Value::as_array).is_some_and(Vec::is_empty);
    (!items.is_empty() || was_empty).then_some(Value::Array(items))
}

fn checklist<'i>(
    items: impl Iterator<Item = &'i String>,
    path: &str,
    posted: &Posted,
    before: Option<&Value>,
) -> Option<Value> {
    let mut answers = Map::new();
    for item in items {
        let at = input(&format!("{path}.{item}"));
        let (met, by) = (posted.text(&at), posted.text(&format!("{at}.by")));
        let answer = match (met.parse::<bool>().ok(), by.is_empty()) {
            (None, true) => continue,
            (Some(met), true) => Value::from(met),
            (None, false) => Value::from(by),
            (Some(met), false) => json!({ "met": met, "shown_by": by }),
        };
        answers.insert(item.clone(), answer);
    }
    let was_empty = before.and_then(Value::as_object).is_some_and(Map::is_empty);
    (!answers.is_empty() || was_empty).then_some(Value::Object(answers))
}

/// The word by which a reason is written.
pub(super) fn word(reason: Missing) -> String {
    serde_json::to_value(reason).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(declaration: &Declaration, record: &Record) -> Posted {
        let has = declaration.fields.keys().map(|name| (has_input(name), "1".to_owned()));
        Posted::of(of_record(declaration, record).into_iter().chain(has))
    }

    #[test]
    fn a_form_sent_back_untouched_changes_nothing_in_any_shipped_record() {
        let registry = shipped::registry().unwrap();
        let mut tried = 0;
        for record in shipped::records().unwrap() {
            let declaration = registry.get(record.register.as_str()).unwrap();
            let after = fields(declaration, &sent(declaration, &record), &record.fields);
            assert_eq!(after, record.fields, "{}", record.reference());
            tried += 1;
        }
        assert!(tried > 100, "{tried}");
    }

    #[test]
    fn what_is_typed_becomes_a_value_of_its_type_and_what_is_none_stays_as_typed() {
        for (kind, typed, value) in [
            (FieldType::Integer, "１２", json!(12)),
            (FieldType::Integer, "twelve", json!("twelve")),
            (FieldType::FiscalYear, "令和7年度", json!(2025)),
            (FieldType::Date, "R7.2.7", json!("2025-02-07")),
            (FieldType::Date, "そのうち", json!("そのうち")),
            (FieldType::Yen, "7.7億円", json!("7.7億円")),
            (FieldType::Flag, "true", json!(true)),
        ] {
            assert_eq!(single(&kind, typed, None), Some(value), "{typed}");
        }
    }

    #[test]
    fn a_date_that_is_left_as_it_was_printed_is_not_rewritten() {
        assert_eq!(single(&FieldType::Date, "R7.2.7", Some(&json!("R7.2.7"))), Some(json!("R7.2.7")));
    }
}
