//! The one place where these pages ask the engine for the cybersecurity of devices: a bill is read, advisories are read, components are
//! looked up. What comes back is what records and pages need; nothing here knows who asks.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use base::Names;
use cyber::advisory::{Advisory, ReadError, csaf, nvd, osv, vuldef};
use cyber::document::Limits;
use cyber::index::build;
use cyber::matching::scan::Wanted;
use cyber::matching::{Index, Verdict, scan};
use cyber::sbom::{self, Component, Reading};
use cyber::severity::{Gravity, Word};
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

/// What was found for the components of a bill.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// Components that could be looked up. Of the others nothing is known.
    pub(super) looked_up: usize,
    /// What reaches them, or may.
    pub(super) found: Vec<Found>,
}

/// An advisory that reaches a component, or may.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) advisory: String,
    pub(super) aliases: Vec<String>,
    pub(super) component: String,
    /// The word of the register's choice.
    pub(super) verdict: &'static str,
    pub(super) why: Names,
    /// Every severity as published.
    pub(super) severity: String,
    /// The word of the register's choice for the highest that can be computed.
    pub(super) grade: &'static str,
    pub(super) summary: String,
}

/// The advisories that everybody's bills are held against, with the index over them.
#[derive(Default)]
pub(crate) struct Known(RwLock<(Vec<Advisory>, Vec<u8>)>);

impl Known {
    /// Adds advisories; one of an id that is there already takes its place, unless it is the older of the two.
    pub(super) fn add(&self, new: Vec<Advisory>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut of_id: BTreeMap<String, Advisory> =
            std::mem::take(&mut known.0).into_iter().map(|one| (one.id.clone(), one)).collect();
        for advisory in new {
            let newer = of_id.get(&advisory.id).is_none_or(|before| before.modified <= advisory.modified);
            if newer {
                of_id.insert(advisory.id.clone(), advisory);
            }
        }
        known.0 = of_id.into_values().collect();
        known.1 = indexed(&known.0);
    }

    /// Looks the components of a bill up.
    pub(super) fn look_up(&self, parts: &[Part]) -> Outcome {
        look_up(&self.0.read().unwrap_or_else(PoisonError::into_inner).1, parts)
    }

    /// How many advisories are known.
    pub(super) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).0.len()
    }
}

/// The bytes of an index; none where there are more advisories than one holds, which then reach nothing.
fn indexed(advisories: &[Advisory]) -> Vec<u8> {
    build(advisories.iter().cloned()).unwrap_or_default()
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

/// Looks components up in some advisories alone.
pub(super) fn reached_by(advisories: &[Advisory], parts: &[Part]) -> Outcome {
    look_up(&indexed(advisories), parts)
}

fn look_up(index: &[u8], parts: &[Part]) -> Outcome {
    let wanted = parts.iter().map(|part| Wanted {
        name: part.name.as_str().into(),
        version: part.version.as_deref().map(Into::into),
        is_file: false,
        purls: part.purls.iter().map(|purl| purl.as_str().into()).collect(),
        cpes: part.cpes.iter().map(|cpe| cpe.as_str().into()).collect(),
    });
    // An index that was just made is not damaged; before any advisory came there is none, and nothing was looked up.
    let Some(scan) = Index::open(index).ok().and_then(|index| scan(&index, wanted).ok()) else {
        return Outcome::default();
    };
    let found = scan.reached.iter().flat_map(|reached| {
        reached.findings.iter().map(|finding| {
            let advisory = &finding.advisory;
            let severities = finding.severities();
            let gravity = Gravity::of(severities.iter().map(|severity| (advisory.id, severity)));
            Found {
                advisory: advisory.id.to_owned(),
                aliases: advisory.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
                component: reached.name.clone(),
                verdict: verdict(finding.verdict),
                why: finding.why(),
                severity: published(&gravity),
                grade: grade(&gravity),
                summary: advisory.summary.to_owned(),
            }
        })
    });
    Outcome { looked_up: scan.asked, found: found.collect() }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Affected(_) => "affected",
        Verdict::NotAffected(_) | Verdict::Undetermined(_) => "undetermined",
    }
}

fn published(gravity: &Gravity) -> String {
    let all: Vec<&str> = gravity.rated.iter().map(|rated| rated.published.as_str()).collect();
    all.join("; ")
}

fn grade(gravity: &Gravity) -> &'static str {
    match gravity.highest().map(|(_, scored)| scored.word) {
        Some(Word::Critical) => "critical",
        Some(Word::High) => "high",
        Some(Word::Medium) => "medium",
        Some(Word::Low) => "low",
        Some(Word::None) => "none",
        None => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADVISORY: &str = r#"{ "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-01-01T00:00:00Z", "summary": "overflow",
        "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
        "affected": [{ "package": { "ecosystem": "PyPI", "name": "pump" }, "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "2.0" }] }] }] }"#;

    fn part(version: Option<&str>) -> Part {
        let purl = version.map_or("pkg:pypi/pump".to_owned(), |version| format!("pkg:pypi/pump@{version}"));
        Part {
            name: "pump".into(),
            version: version.map(ToOwned::to_owned),
            purls: vec![purl],
            cpes: Vec::new(),
        }
    }

    #[test]
    fn a_component_without_a_version_is_undetermined_and_never_clear() {
        let read = advisories(ADVISORY.as_bytes()).unwrap();
        let verdict = |version| {
            let outcome = reached_by(&read, &[part(version)]);
            outcome.found.first().map(|found| (found.verdict, found.grade))
        };
        assert_eq!(verdict(Some("1.0")), Some(("affected", "critical")));
        assert_eq!(verdict(Some("2.0")), None);
        assert_eq!(verdict(None), Some(("undetermined", "critical")));
    }

    #[test]
    fn an_advisory_published_again_takes_the_place_of_its_older_text() {
        let known = Known::default();
        known.add(advisories(ADVISORY.as_bytes()).unwrap());
        known.add(advisories(ADVISORY.replace("\"2.0\"", "\"0.5\"").as_bytes()).unwrap());
        assert_eq!(known.len(), 1);
        assert!(known.look_up(&[part(Some("1.0"))]).found.is_empty());
    }

    #[test]
    fn what_is_no_advisory_is_refused_in_both_languages() {
        for bytes in ["", "{}", "[1]", "<xml/>"] {
            assert!(matches!(advisories(bytes.as_bytes()), Err(Failure::Bad(_))), "{bytes}");
        }
    }
}
