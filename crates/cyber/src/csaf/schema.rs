//! A document compared with the shape of CSAF 2.0 (section 3), by the table beside this file and the reader of tables that bills of
//! materials have.

use std::sync::OnceLock;

use super::departure::{DepartureKind, Found};
use super::{MOST_DEPARTURES, ReadError};
use crate::document::json::parse;
use crate::document::shape::{check_json, table::Table};
use crate::document::{Limits, Place, deviation};

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::of(&[include_str!("schema.txt")]))
}

/// The document is read a second time, into a tree that keeps a member that stands twice.
pub(super) fn check(bytes: &[u8], found: &mut Found) -> Result<(), ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError::Json(error.to_string()))?;
    // serde_json has bounded the depth already, to 128 levels.
    let limits = Limits { depth: 200, ..Limits::default() };
    let document = parse(text, &limits).map_err(|error| ReadError::Json(error.to_string()))?;
    let mut deviations = deviation::Found::new(MOST_DEPARTURES);
    check_json::check(table(), "csaf", 0, &document, &mut deviations);
    found.count(deviations.errors.saturating_sub(deviations.kept.len()));
    for one in deviations.kept {
        let place = match one.place {
            Place::Pointer(pointer) => pointer.into(),
            other @ Place::Line { .. } => other.to_string(),
        };
        found.tell_at(place, DepartureKind::Shape(one.kind));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        assert_eq!(table().all_faults(), Vec::<String>::new());
    }
}
