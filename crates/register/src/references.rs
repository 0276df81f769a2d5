//! What a record refers to: its links, and every reference inside its fields. Whether the other record is there is the
//! store's business.

use serde_json::Value;

use crate::declaration::Declaration;
use crate::field::FieldType;
use crate::id::RecordRef;
use crate::record::Record;

/// Everything a record refers to, with the field where it does, or `links`.
pub fn references(declaration: &Declaration, record: &Record) -> Vec<(String, RecordRef)> {
    let mut found = Vec::new();
    for (name, value) in &record.fields {
        if let Some(field) = declaration.fields.get(name) {
            inside(&field.kind, value, &mut |to| found.push((name.clone(), to)));
        }
    }
    found.extend(record.links.iter().map(|link| ("links".to_owned(), link.to.clone())));
    found
}

fn inside(kind: &FieldType, value: &Value, add: &mut dyn FnMut(RecordRef)) {
    match kind {
        FieldType::Ref { .. } => value.as_str().and_then(|text| text.parse().ok()).into_iter().for_each(add),
        FieldType::List { of } => {
            value.as_array().into_iter().flatten().for_each(|item| inside(of, item, add));
        }
        FieldType::Table { columns } => {
            for row in value.as_array().into_iter().flatten() {
                for (name, column) in columns {
                    row.get(name).into_iter().for_each(|cell| inside(&column.kind, cell, add));
                }
            }
        }
        _ => {}
    }
}
