//! Shipped data: TOML files of records, one file per register, `data/<register>.toml`.
//!
//! ```toml
//! register = "kgi"
//! [[record]]
//! id = "kgi-1"
//! source = { document = "004", lines = "57,59" }
//! fields.name = { ja = "…", en = "…" }
//! links = [{ kind = "part-of", to = "plan-node:plan-3.policy-1", belief = "undecided", why = "…" }]
//! ```

use base::Source;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::id::{RecordId, RegisterId};
use crate::record::{Link, Record};

/// A data file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("data/{file}: {message}")]
pub struct DataError {
    /// The file.
    pub file: String,
    /// What is wrong, with line and column.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    register: RegisterId,
    #[serde(default)]
    record: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: RecordId,
    state: Option<String>,
    source: Option<Source>,
    #[serde(default)]
    sources: Vec<Source>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    fields: Map<String, Value>,
}

/// Reads the records of one data file.
pub fn parse(file: &str, text: &str) -> Result<Vec<Record>, DataError> {
    let parsed: File = toml::from_str(text)
        .map_err(|error| DataError { file: file.to_owned(), message: error.to_string() })?;
    let register = parsed.register;
    let records = parsed.record.into_iter().map(|entry| Record {
        register: register.clone(),
        id: entry.id,
        state: entry.state,
        fields: entry.fields,
        links: entry.links,
        sources: entry.source.into_iter().chain(entry.sources).collect(),
    });
    Ok(records.collect())
}
