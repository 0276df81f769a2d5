//! Bills and advisories read by the engine for the cybersecurity of devices. What comes back is what records and pages need; nothing here
//! knows who asks. How components are looked up stands in `lookup`.

use cyber::advisory::{Advisory, ReadError, csaf, nvd, osv, vuldef};
use cyber::document::Limits;
use cyber::sbom::{self, Component, Reading};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::failure::Failure;

/// The largest bill taken in, in bytes. Configuration without a source.
pub(super) const LARGEST_BILL: usize = 256 << 20;
/// Deviations kept of a bill; further ones are counted.
const DEVIATIONS: usize = 2000;

/// A component as it is kept beside a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: Option<String>,
    /// Its package URLs.
    pub(crate) purls: Vec<String>,
    /// Its CPE names.
    #[serde(default)]
    pub(crate) cpes: Vec<String>,
}

/// Reads a bill with every deviation named; none of it is changed.
pub(super) fn bill(bytes: &[u8]) -> Result<Reading, Failure> {
    let limits = Limits { bytes: LARGEST_BILL, deviations: DEVIATIONS, ..Limits::default() };
    sbom::read(bytes, &limits).map_err(|error| {
        Failure::bad(
            format!("SBOMとして読めません。何も保存していません（{error}）"),
            format!("It cannot be read as an SBOM, and nothing was kept: {error}"),
        )
    })
}

/// The components of a bill, as they are kept.
pub(super) fn parts(components: &[Component]) -> Vec<Part> {
    let part = |component: &Component| Part {
        name: component.name.clone(),
        version: component.version.clone(),
        purls: component.purls.clone(),
        cpes: component.cpes.clone(),
    };
    components.iter().map(part).collect()
}

/// Reads advisories of the formats that are known by what stands in them: an OSV record or a list of them, CSAF, NVD, VULDEF (JVN iPedia).
/// Something of a list that cannot be read refuses the whole: nothing half-read stays.
pub(super) fn advisories(bytes: &[u8]) -> Result<Vec<Advisory>, Failure> {
    let text = std::str::from_utf8(bytes).map_err(|error| refused(&error))?;
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        let read = vuldef::read_all(bytes, &Limits { bytes: bytes.len(), ..Limits::default() });
        let read = read.map_err(|error| refused(&error))?;
        return some(read.into_iter().map(|read| read.value).collect());
    }
    let read = match serde_json::from_str::<Value>(text).map_err(|error| refused(&error))? {
        Value::Array(many) => many.iter().map(one).collect::<Result<_, _>>(),
        Value::Object(top) if top.get("vulnerabilities").is_some_and(Value::is_array) && !is_csaf(&top) => {
            nvd::read_all(bytes).map(|read| read.map(|read| read.value)).collect::<Result<_, _>>()
        }
        single => one(&single).map(|advisory| vec![advisory]),
    };
    some(read.map_err(|error| refused(&error))?)
}

fn one(value: &Value) -> Result<Advisory, ReadError> {
    let record = value.as_object().ok_or(ReadError::NotAnObject)?;
    let read = if is_csaf(record) { csaf::read(record) } else { osv::read(record) };
    read.map(|read| read.value)
}

fn is_csaf(record: &Map<String, Value>) -> bool {
    record.get("document").is_some_and(|document| document.get("csaf_version").is_some())
}

fn some(read: Vec<Advisory>) -> Result<Vec<Advisory>, Failure> {
    if read.is_empty() { Err(refused(&"it holds no advisory")) } else { Ok(read) }
}

fn refused(error: &dyn std::fmt::Display) -> Failure {
    Failure::bad(
        format!("脆弱性情報として読めません。OSV、CSAF、NVDのJSON又はJVNのVULDEFを選んでください（{error}）"),
        format!(
            "It cannot be read as an advisory; choose JSON of OSV, CSAF or NVD, or VULDEF of JVN: {error}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_advisory_is_refused_in_both_languages() {
        for bytes in ["", "{}", "[1]", "<xml/>"] {
            assert!(matches!(advisories(bytes.as_bytes()), Err(Failure::Bad(_))), "{bytes}");
        }
    }
}
