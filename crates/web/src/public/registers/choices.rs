//! What a list can be filtered by, with the values there are. Where a register is large or a field has many values, the reader
//! writes the value; nobody waits for a menu.

use std::collections::BTreeMap;

use register::{Declaration, Field, FieldType, RecordRef};
use serde_json::Value;

use crate::desk::{Reading, Titles};
use crate::failure::Failure;

/// Larger registers are not read through for their values.
const LARGEST: u64 = 5000;
/// Values of a menu.
const MENU: usize = 60;

/// A field by which a list can be filtered.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) field: Field,
    /// The values there are with their numbers of records, where they make a menu.
    pub(super) menu: Option<BTreeMap<String, usize>>,
}

/// The fields by which a list can be filtered, and what the references among their values are called.
pub(super) fn choices(
    reading: &Reading<'_>,
    declaration: &Declaration,
) -> Result<(Vec<Choice>, Titles), Failure> {
    let filtered = declaration.fields.iter().filter(|(_, field)| field.filter);
    let mut choices: Vec<Choice> = filtered
        .filter(|(name, _)| reading.sight(declaration).may_ever_see(name))
        .map(|(name, field)| Choice { name: name.clone(), field: field.clone(), menu: None })
        .collect();
    if !choices.is_empty() && reading.count(declaration)?.most <= LARGEST {
        count_values(reading, declaration, &mut choices)?;
    }
    let references = choices.iter().filter(|choice| refers(&choice.field.kind));
    let references = references.flat_map(|choice| choice.menu.iter().flat_map(BTreeMap::keys));
    let references: Vec<RecordRef> = references.filter_map(|value| value.parse().ok()).collect();
    let titles = reading.titles(references)?;
    Ok((choices, titles))
}

/// Whether values of a type are references.
pub(super) fn refers(kind: &FieldType) -> bool {
    match kind {
        FieldType::Ref { .. } => true,
        FieldType::List { of } => refers(of),
        _ => false,
    }
}

fn count_values(
    reading: &Reading<'_>,
    declaration: &Declaration,
    choices: &mut [Choice],
) -> Result<(), Failure> {
    let others = declaration.fields.iter().filter(|(_, field)| !field.filter);
    let others: Vec<&str> = others.map(|(name, _)| name.as_str()).collect();
    let mut counts = vec![BTreeMap::new(); choices.len()];
    reading.each_without(declaration.id.as_str(), &others, |seen| {
        for (choice, counts) in choices.iter().zip(&mut counts) {
            if let Some(value) = seen.record.fields.get(&choice.name).filter(|_| counts.len() <= MENU) {
                each_single(value, &mut |value| *counts.entry(value).or_insert(0) += 1);
            }
        }
    })?;
    for (choice, counts) in choices.iter_mut().zip(counts) {
        choice.menu = (counts.len() <= MENU).then_some(counts);
    }
    Ok(())
}

fn each_single(value: &Value, add: &mut dyn FnMut(String)) {
    match value {
        Value::String(text) => add(text.clone()),
        Value::Number(number) => add(number.to_string()),
        Value::Bool(flag) => add(flag.to_string()),
        Value::Array(items) => items.iter().for_each(|item| each_single(item, add)),
        Value::Object(_) | Value::Null => {}
    }
}
