//! What records are called. Titles of records that others refer to are looked up together, through the viewer's eyes: what
//! the viewer may not see has no title.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use base::{Lang, Names};
use register::sight::Extent;
use register::{Declaration, Record, RecordRef};
use serde_json::Value;

use super::Reading;
use crate::failure::Failure;

/// Titles looked up for one page at most: a page with more references shows the rest by their ids.
const MOST: usize = 1000;

/// What referenced records are called.
#[derive(Clone, Debug, Default)]
pub(crate) struct Titles(BTreeMap<RecordRef, Standing>);

/// How a referenced record stands to the viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is there and may be seen.
    Titled(Names),
    /// There is none, and the viewer may know that.
    Absent,
    /// There is none that the viewer may see.
    Hidden,
    /// Nobody has looked.
    Unasked,
}

impl Titles {
    /// How a record stands to the viewer.
    pub(crate) fn standing(&self, record: &RecordRef) -> &Standing {
        self.0.get(record).unwrap_or(&Standing::Unasked)
    }

    /// What a record is called, where the viewer may see it.
    pub(crate) fn of(&self, record: &RecordRef, lang: Lang) -> Option<&str> {
        match self.standing(record) {
            Standing::Titled(names) => Some(names.get(lang)),
            _ => None,
        }
    }
}

impl Reading<'_> {
    /// What some records are called.
    pub(crate) fn titles(&self, records: impl IntoIterator<Item = RecordRef>) -> Result<Titles, Failure> {
        let mut titles = BTreeMap::new();
        for record in records {
            if titles.len() >= MOST {
                break;
            }
            if let Entry::Vacant(place) = titles.entry(record) {
                let standing = self.standing(place.key())?;
                place.insert(standing);
            }
        }
        Ok(Titles(titles))
    }

    fn standing(&self, record: &RecordRef) -> Result<Standing, Failure> {
        let Ok(declaration) = self.declaration(record.register.as_str()) else { return Ok(Standing::Hidden) };
        Ok(match self.get(record)? {
            Some(seen) => Standing::Titled(title_of(declaration, &seen.record)),
            None if self.sight(declaration).extent() == Extent::All => Standing::Absent,
            None => Standing::Hidden,
        })
    }
}

/// What a record is called: its declared title, or its id where that has no value.
pub(crate) fn title_of(declaration: &Declaration, record: &Record) -> Names {
    let names = match record.fields.get(&declaration.title) {
        Some(Value::String(text)) => Names::of(text.as_str(), ""),
        Some(Value::Number(number)) => Names::of(number.to_string(), ""),
        Some(value @ Value::Object(_)) => serde_json::from_value(value.clone()).unwrap_or_default(),
        _ => Names::default(),
    };
    if names.get(Lang::Ja).is_empty() { Names::of(record.id.as_str(), "") } else { names }
}
