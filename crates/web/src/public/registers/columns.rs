//! Which fields a list shows, and in which order: declarations know their fields by name, not by rank.

use register::{Declaration, Field, FieldType, Sight};

/// Columns of a list beside title and state.
const MOST: usize = 6;

/// The fields of a list's columns, the title not among them: what a record must have first, then what lists are filtered by,
/// then figures and days.
pub(super) fn columns<'a>(declaration: &'a Declaration, sight: Sight<'_>) -> Vec<(&'a String, &'a Field)> {
    let mut ranked: Vec<_> = declaration
        .fields
        .iter()
        .filter(|(name, _)| **name != declaration.title && sight.may_ever_see(name))
        .filter_map(|(name, field)| Some((rank(field)?, (name, field))))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().take(MOST).map(|(_, column)| column).collect()
}

/// The smaller, the further to the left; none for what has no place in a list.
fn rank(field: &Field) -> Option<u8> {
    let wide = matches!(
        field.kind,
        FieldType::Names | FieldType::Url | FieldType::Table { .. } | FieldType::Checklist { .. }
    );
    let figure =
        matches!(field.kind, FieldType::Yen | FieldType::Decimal | FieldType::Integer | FieldType::Date);
    match (field.required, field.filter) {
        (true, true) => Some(0),
        (false, true) => Some(2),
        _ if figure => Some(1),
        (true, false) if !wide => Some(3),
        (true, false) => Some(4),
        _ => None,
    }
}
