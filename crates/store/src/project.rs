//! What is made from a record so that it can be found: its title, the values lists are filtered by and the
//! text that is searched. Pure: everything follows from the record and the declaration of its register.

use register::{Declaration, Field, FieldType, Record};
use serde_json::{Map, Value};

/// Longest title kept for sorting, in characters: what an index row of PostgreSQL holds with ease.
const TITLE: usize = 200;
/// Between the texts of two fields; no query contains it, so nothing is found across fields.
pub(crate) const GAP: char = '\0';

/// What a record is found by.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Face {
    /// For sorting by title.
    pub(crate) title: String,
    /// (field, value) pairs; a state is the value of [`STATE`].
    pub(crate) facets: Vec<(String, String)>,
    /// Every searched text in the form of [`fold`], with [`GAP`] between.
    pub(crate) text: String,
}

/// The facet that holds the state. A field cannot be called so: ids have no blanks.
pub(crate) const STATE: &str = " state";

/// The face of a record. A register that is no longer declared shows its records by their ids.
pub(crate) fn face(declaration: Option<&Declaration>, record: &Record) -> Face {
    let Some(declaration) = declaration else {
        return Face { title: record.id.to_string(), ..Face::default() };
    };
    Face {
        title: title(declaration, record).chars().filter(|c| *c != '\0').take(TITLE).collect(),
        facets: facets(declaration, record),
        text: text(declaration, record),
    }
}

/// The (field, value) pairs a record is filtered by.
pub(crate) fn facets(declaration: &Declaration, record: &Record) -> Vec<(String, String)> {
    let state = record.state.iter().map(|state| (STATE.to_owned(), state.clone()));
    let mut found: Vec<_> = state.collect();
    for (name, value) in &record.fields {
        if declaration.fields.get(name).is_some_and(|field| field.filter) {
            scalars(value, &mut |scalar| found.push((name.clone(), scalar)));
        }
    }
    found
}

/// What is searched of a record, folded: its title and the fields marked so.
pub(crate) fn text(declaration: &Declaration, record: &Record) -> String {
    let mut text = fold(&title(declaration, record));
    for (name, value) in &record.fields {
        match declaration.fields.get(name) {
            // A title of one language is there already.
            Some(field) if *name != declaration.title || !value.is_string() => {
                searched(field, value, &mut text);
            }
            _ => {}
        }
    }
    text
}

/// The title of a record: the declared field, or the id where that has no value.
pub(crate) fn title(declaration: &Declaration, record: &Record) -> String {
    let value = record.fields.get(&declaration.title);
    let shown = match value {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Object(names)) => {
            ["ja", "en"].iter().find_map(|lang| names.get(*lang)?.as_str()).map(str::to_owned)
        }
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    shown.filter(|title| !title.is_empty()).unwrap_or_else(|| record.id.to_string())
}

/// The form in which text is searched.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = base::text::search_key(text);
    folded.retain(|c| c != GAP);
    folded
}

/// What of a declaration decides the faces of its records. When it changes, they are made anew.
pub(crate) fn rules(declaration: Option<&Declaration>) -> String {
    // Raise the number when this file or the index changes what it makes.
    let mut rules = vec!["1".to_owned()];
    if let Some(declaration) = declaration {
        rules.push(format!("title={}", declaration.title));
        for (name, field) in &declaration.fields {
            rules.extend(field.filter.then(|| format!("filter={name}")));
            rules.extend(field.search.then(|| format!("search={name}")));
            let marked = columns(field).filter(|(_, column)| column.search);
            rules.extend(marked.map(|(column, _)| format!("search={name}.{column}")));
        }
    }
    rules.join(" ")
}

/// The names of the fields a register's lists can be filtered by.
pub(crate) fn filterable(declaration: &Declaration) -> Vec<&str> {
    declaration.fields.iter().filter(|(_, field)| field.filter).map(|(name, _)| name.as_str()).collect()
}

fn columns(field: &Field) -> impl Iterator<Item = (&String, &Field)> {
    match &field.kind {
        FieldType::Table { columns } => Some(columns),
        _ => None,
    }
    .into_iter()
    .flatten()
}

/// Adds what is searched of a field: all of it where the field is marked, else its marked columns.
fn searched(field: &Field, value: &Value, out: &mut String) {
    if field.search {
        return strings(value, out);
    }
    let marked: Vec<_> = columns(field).filter(|(_, column)| column.search).map(|(name, _)| name).collect();
    if marked.is_empty() {
        return;
    }
    for row in value.as_array().into_iter().flatten() {
        for cell in marked.iter().filter_map(|name| row.get(name.as_str())) {
            strings(cell, out);
        }
    }
}

/// Every text inside a value, folded.
fn strings(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push(GAP);
            out.push_str(&fold(text));
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(parts) if !is_reason(parts) => parts.values().for_each(|part| strings(part, out)),
        _ => {}
    }
}

/// Every single value inside a value or a list of values.
fn scalars(value: &Value, add: &mut dyn FnMut(String)) {
    match value {
        Value::String(text) => add(text.clone()),
        Value::Number(number) => add(number.to_string()),
        Value::Bool(flag) => add(flag.to_string()),
        Value::Array(items) => items.iter().for_each(|item| scalars(item, add)),
        Value::Object(_) | Value::Null => {}
    }
}

/// `{"missing": …}`: a reason, not a text.
fn is_reason(parts: &Map<String, Value>) -> bool {
    parts.len() == 1 && parts.contains_key("missing")
}
