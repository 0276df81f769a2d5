//! Reading one record's fields as typed values. A value of the wrong shape becomes a fault and the rest of
//! the record is still read: nothing here panics, and nothing is dropped without being listed.

use base::{Reported, Source};
use register::{Record, RecordRef};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a view could not read, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{record}: {field}: {what}")]
pub struct ViewFault {
    /// The record.
    pub record: RecordRef,
    /// The field, with the row of a table: `budgets[2]`.
    pub field: String,
    /// What is wrong with it.
    pub what: String,
}

/// Where an item of a view comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The record it was read from.
    pub record: RecordRef,
    /// The record's sources.
    pub sources: Vec<Source>,
}

impl Origin {
    /// The origin of what is read from a record.
    pub fn of(record: &Record) -> Self {
        Origin { record: record.reference(), sources: record.sources.clone() }
    }
    /// The record's id within its register.
    pub fn id(&self) -> &str {
        self.record.record.as_str()
    }
}

/// The fields of one record, or of one row of a table in it.
pub(super) struct Fields<'r, 'f> {
    record: &'r Record,
    values: &'r Map<String, Value>,
    path: String,
    faults: &'f mut Vec<ViewFault>,
}

impl<'r, 'f> Fields<'r, 'f> {
    pub(super) fn of(record: &'r Record, faults: &'f mut Vec<ViewFault>) -> Self {
        Fields { record, values: &record.fields, path: String::new(), faults }
    }

    /// A value; `None` where the field is absent or says why it has none.
    pub(super) fn get<T: Deserialize<'r>>(&mut self, field: &str) -> Option<T> {
        let value = self.values.get(field)?;
        if missing(value).is_some() {
            return None;
        }
        self.typed(field, value)
    }

    /// A value or the reason why there is none; a field that is absent is unknown.
    pub(super) fn reported<T: Deserialize<'r>>(&mut self, field: &str) -> Reported<T> {
        let Some(value) = self.values.get(field) else { return Reported::default() };
        match missing(value) {
            Some(reason) => Reported::missing(reason),
            None => self.typed(field, value).into(),
        }
    }

    /// A text, empty where there is none.
    pub(super) fn text(&mut self, field: &str) -> String {
        self.get::<&str>(field).unwrap_or_default().to_owned()
    }

    /// A text, if there is one and it is not empty.
    pub(super) fn some_text(&mut self, field: &str) -> Option<String> {
        self.get::<&str>(field).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A value without which the record means nothing to the engine; its absence is a fault.
    pub(super) fn need<T: Deserialize<'r>>(&mut self, field: &str) -> Option<T> {
        if !self.values.contains_key(field) {
            self.fault(field, "required here, and absent".to_owned());
        }
        self.get(field)
    }

    /// The rows of a table, each read by `row`; rows that cannot be read are faults.
    pub(super) fn table<T>(
        &mut self,
        field: &str,
        mut row: impl FnMut(&mut Fields<'r, '_>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.values.get(field) else { return Vec::new() };
        if missing(value).is_some() {
            return Vec::new();
        }
        let Some(rows) = value.as_array() else {
            self.fault(field, "is not a table".to_owned());
            return Vec::new();
        };
        let mut read = Vec::with_capacity(rows.len());
        for (index, value) in rows.iter().enumerate() {
            match value.as_object() {
                Some(values) => {
                    let path = format!("{field}[{index}].");
                    let mut inner = Fields { record: self.record, values, path, faults: self.faults };
                    read.extend(row(&mut inner));
                }
                None => self.fault(&format!("{field}[{index}]"), "is not a row".to_owned()),
            }
        }
        read
    }

    pub(super) fn fault(&mut self, field: &str, what: String) {
        let field = format!("{}{field}", self.path);
        self.faults.push(ViewFault { record: self.record.reference(), field, what });
    }

    fn typed<T: Deserialize<'r>>(&mut self, field: &str, value: &'r Value) -> Option<T> {
        T::deserialize(value).map_err(|error| self.fault(field, error.to_string())).ok()
    }
}

/// Why a value is absent. Only a small object can say so; large tables are not looked into.
fn missing(value: &Value) -> Option<base::Missing> {
    let object = value.as_object().filter(|object| object.len() == 1 && object.contains_key("missing"))?;
    object.get("missing").and_then(|reason| base::Missing::deserialize(reason).ok())
}
