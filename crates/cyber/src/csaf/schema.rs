//! A document compared with the shape of its edition (section 3), by the table beside this file and the reader of tables that bills of
//! materials have. What 2.1 takes from elsewhere stands in the table too, and is told as the test that asks for it.

use std::sync::OnceLock;

use super::departure::{DepartureKind, Found};
use super::{Edition, MOST_DEPARTURES, ReadError};
use crate::document::DeviationKind;
use crate::document::json::parse;
use crate::document::shape::{check_json, table::Table};
use crate::document::{Limits, Place, deviation};

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::of(&[include_str!("schema.txt")]))
}

/// The document is read a second time, into a tree that keeps a member that stands twice.
pub(super) fn check(bytes: &[u8], edition: Edition, found: &mut Found) -> Result<(), ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| ReadError::Json(error.to_string()))?;
    // serde_json has bounded the depth already, to 128 levels.
    let limits = Limits { depth: 200, ..Limits::default() };
    let document = parse(text, &limits).map_err(|error| ReadError::Json(error.to_string()))?;
    let mut deviations = deviation::Found::new(MOST_DEPARTURES);
    check_json::check(table(), "csaf", edition.in_table(), &document, &mut deviations);
    found.count(deviations.errors.saturating_sub(deviations.kept.len()));
    for one in deviations.kept {
        let place = match one.place {
            Place::Pointer(pointer) => pointer.into(),
            other @ Place::Line { .. } => other.to_string(),
        };
        let kind = match edition {
            Edition::V20 => DepartureKind::Shape(one.kind),
            Edition::V21 => of_test(&place, one.kind),
        };
        found.tell_at(place, kind);
    }
    Ok(())
}

/// An SSVC object (6.1.46) and the item of a list of extensions (6.1.60.1) have schemas of their own.
fn of_test(place: &str, deviation: DeviationKind) -> DepartureKind {
    let mut steps = place.split('/').skip_while(|step| !matches!(*step, "ssvc_v2" | "x_extensions"));
    match (steps.next(), steps.next()) {
        (Some("ssvc_v2"), _) => DepartureKind::SsvcShape(deviation),
        (Some("x_extensions"), Some(_)) => DepartureKind::ExtensionShape(deviation),
        _ => DepartureKind::Shape(deviation),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        assert_eq!(table().all_faults(), Vec::<String>::new());
    }
}
