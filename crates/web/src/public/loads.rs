//! Downloads: a long table, made once, as CSV with its data dictionary, as a workbook or as JSON; a laid-out answer as
//! workbook or PDF. What stands in a table is its page's affair.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::Lang;
use report::csv_long::{ColumnDef, Encoding, Kind, LongTable, Value};
use report::{Cell, Column, Document, Number, Row, Table};
use serde_json::{Map, json};

use crate::address::escaped;
use crate::cx::Cx;
use crate::failure::Failure;

/// The formats of a long table, in the order in which pages offer them.
pub(crate) const FORMATS: &[&str] = &["csv", "xlsx", "json"];

/// With a byte order mark, because officers open CSV by double click; the dictionary states it.
const ENCODING: Encoding = Encoding::Utf8WithBom;

/// What comes after the last dot of a path: the format asked for.
pub(crate) fn ending(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// A table in a format.
pub(crate) fn table(cx: &Cx, table: &LongTable, format: &str) -> Result<Response, Failure> {
    match format {
        "csv" => file(&table.name, "csv", table.csv(ENCODING).map_err(Failure::broken)?),
        "dictionary" => file(
            &format!("{}.dictionary", table.name),
            "csv",
            table.dictionary(ENCODING).map_err(Failure::broken)?,
        ),
        "xlsx" => workbook(&table.name, &as_document(table, cx.lang)),
        "json" => file(&table.name, "json", as_json(table).to_string().into_bytes()),
        _ => Err(Failure::NotFound),
    }
}

/// A laid-out answer as a workbook, one sheet a table.
pub(crate) fn workbook(name: &str, document: &Document) -> Result<Response, Failure> {
    file(name, "xlsx", report::xlsx::workbook(document).map_err(Failure::broken)?)
}

/// A file to be kept, under its name.
pub(crate) fn file(name: &str, format: &str, bytes: Vec<u8>) -> Result<Response, Failure> {
    let kind = match format {
        "csv" | "dictionary.csv" => "text/csv; charset=utf-8",
        "json" => "application/json",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pdf" => "application/pdf",
        _ => "application/xml",
    };
    // RFC 6266: a plain name for old browsers, the whole one beside it.
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let (plain, whole) = (name.chars().map(plain).collect::<String>(), escaped(name));
    let disposition = format!("attachment; filename=\"{plain}.{format}\"; filename*=UTF-8''{whole}.{format}");
    let disposition = HeaderValue::try_from(disposition).map_err(Failure::broken)?;
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

/// The table as a document for people's programs: its columns under their definitions.
fn as_document(from: &LongTable, lang: Lang) -> Document {
    let mut document = Document::build(lang, &from.name);
    let mut table = Table::new(&from.name);
    for column in &from.columns {
        let made = match column.kind {
            Kind::Integer | Kind::Decimal => Column::number(&column.name),
            _ => Column::text(&column.name),
        };
        let made = made.means(column.definition.get(lang));
        table = table.column(match &column.unit {
            Some(unit) => made.unit(unit),
            None => made,
        });
    }
    let rows = from
        .rows
        .iter()
        .map(|row| Row::of(from.columns.iter().zip(row).map(|(column, value)| cell(column, value))));
    document.table(table.rows(rows));
    document.finish()
}

fn cell(column: &ColumnDef, value: &Value) -> Cell {
    match value {
        Value::Text(text) => Cell::text(text.as_str()),
        Value::Number(Number::Integer(number)) if column.kind == Kind::Year => {
            i32::try_from(*number).map_or_else(|_| Cell::integer(*number), Cell::ordinal)
        }
        Value::Number(number) => Cell::number(number.clone(), number.to_string()),
        Value::Date(day) => Cell::text(day.to_string()),
        Value::Flag(flag) => Cell::text(flag.to_string()),
        Value::Missing(why) => Cell::missing(*why),
    }
}

/// Records under the names of their columns, and what these mean. An absence is told as in records: `{"missing": "not-yet"}`.
pub(crate) fn as_json(table: &LongTable) -> serde_json::Value {
    let columns = table.columns.iter().map(|column| {
        json!({ "name": column.name, "unit": column.unit, "ja": column.definition.ja, "en": column.definition.en })
    });
    let rows = table.rows.iter().map(|row| {
        let fields = table.columns.iter().zip(row).map(|(column, value)| {
            let value = match value {
                Value::Text(text) => json!(text),
                Value::Number(number) => json!(number),
                Value::Date(day) => json!(day),
                Value::Flag(flag) => json!(flag),
                Value::Missing(why) => json!({ "missing": why }),
            };
            (column.name.clone(), value)
        });
        fields.collect::<Map<_, _>>()
    });
    json!({ "table": table.name, "columns": columns.collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>() })
}
