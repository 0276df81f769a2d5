//! A register as tables: one of its records, and one of each of its table fields.

use std::collections::BTreeMap;

use base::{Missing, Names, Yen};
use register::field::FieldType;
use register::{Declaration, Field, Record};
use serde_json::Value as Json;

use super::{column, integer, key, sources, text};
use crate::Number;
use crate::csv_long::{ColumnDef, Kind, LongTable, Value};

/// The tables of a register.
pub fn register(declaration: &Declaration, records: &[Record]) -> Vec<LongTable> {
    let (nested, plain): (Vec<_>, Vec<_>) =
        declaration.fields.iter().partition(|(_, field)| matches!(field.kind, FieldType::Table { .. }));
    let name = snake(declaration.id.as_str());
    let mut columns = vec![
        column("record_id", Kind::Key, "記録のID", "id of the record"),
        column("state", Kind::Text, "状態", "state"),
    ];
    columns.extend(plain.iter().map(|(name, field)| defined(name, field)));
    columns.push(super::source_column());
    let mut table = LongTable::new(name.as_str(), columns);
    for record in records {
        let state = record.state.as_deref().map_or(Value::Missing(Missing::NotApplicable), text);
        let mut row = vec![key(record.id.as_str()), state];
        row.extend(plain.iter().map(|(name, field)| value(&field.kind, record.fields.get(*name))));
        row.push(sources(&record.sources));
        table.rows.push(row);
    }
    let mut tables = vec![table];
    tables.extend(nested.iter().filter_map(|(field_name, field)| match &field.kind {
        FieldType::Table { columns } => {
            Some(rows(&format!("{name}_{}", snake(field_name)), field_name, columns, records))
        }
        _ => None,
    }));
    tables
}

fn rows(name: &str, field: &str, declared: &BTreeMap<String, Field>, records: &[Record]) -> LongTable {
    let mut columns = vec![
        column("record_id", Kind::Key, "記録のID", "id of the record"),
        column("row_number", Kind::Integer, "記録の中の行番号", "number of the row within the record"),
    ];
    columns.extend(declared.iter().map(|(name, field)| defined(name, field)));
    let mut table = LongTable::new(name, columns);
    for record in records {
        let rows = record.fields.get(field).and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        for (index, row) in rows.iter().enumerate() {
            let number = integer(i64::try_from(index + 1).unwrap_or(i64::MAX));
            let cells = declared.iter().map(|(name, field)| value(&field.kind, row.get(name)));
            table.rows.push([key(record.id.as_str()), number].into_iter().chain(cells).collect());
        }
    }
    table
}

/// The column of a field. Its own names `record_id`, `state` and `source` are the table's.
fn defined(name: &str, field: &Field) -> ColumnDef {
    let kind = match field.kind {
        FieldType::Integer | FieldType::Yen => Kind::Integer,
        FieldType::Decimal => Kind::Decimal,
        FieldType::Year | FieldType::FiscalYear => Kind::Year,
        FieldType::Date => Kind::Date,
        FieldType::Flag => Kind::Flag,
        _ => Kind::Text,
    };
    let label = |ja: bool| {
        let own = |names: &Names| if ja { names.ja.clone() } else { names.en.clone() };
        let help = field.help.as_ref().map(|help| format!(": {}", own(help))).unwrap_or_default();
        format!("{}{help}", own(&field.label))
    };
    let name = snake(name);
    let name = if matches!(name.as_str(), "record_id" | "state" | "source" | "row_number") {
        format!("field_{name}")
    } else {
        name
    };
    let definition = ColumnDef::new(name, kind, label(true), label(false));
    match (&field.kind, &field.unit) {
        (FieldType::Yen, _) => definition.unit("円"),
        (_, Some(unit)) => definition.unit(unit.as_str()),
        _ => definition,
    }
}

fn snake(name: &str) -> String {
    name.replace('-', "_")
}

fn value(kind: &FieldType, found: Option<&Json>) -> Value {
    let Some(found) = found else { return Value::Missing(Missing::Unknown) };
    if let Some(missing) = register::validate::missing(found) {
        return Value::Missing(missing);
    }
    let value = match kind {
        FieldType::Integer | FieldType::Year | FieldType::FiscalYear => found.as_i64().map(integer),
        FieldType::Yen => {
            found.as_str().and_then(|text| text.parse::<Yen>().ok()).map(|yen| integer(yen.yen()))
        }
        FieldType::Decimal => found.as_str().and_then(|text| text.parse::<Number>().ok()).map(Value::Number),
        FieldType::Date => found.as_str().and_then(|text| base::date::parse(text).ok()).map(Value::Date),
        FieldType::Flag => found.as_bool().map(Value::Flag),
        _ => None,
    };
    value.unwrap_or_else(|| match found {
        Json::String(words) => text(words),
        other => text(&flat(other)),
    })
}

/// A composed value in one cell: `ja / en`, items parted by `; `.
fn flat(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join("; "),
        Json::Object(object) => match serde_json::from_value::<Names>(value.clone()) {
            Ok(Names { ja, en }) if !ja.is_empty() && !en.is_empty() => format!("{ja} / {en}"),
            Ok(Names { ja, en }) if !ja.is_empty() || !en.is_empty() => format!("{ja}{en}"),
            _ => object
                .iter()
                .map(|(name, value)| format!("{name}={}", flat(value)))
                .collect::<Vec<_>>()
                .join("; "),
        },
        other => other.to_string(),
    }
}
