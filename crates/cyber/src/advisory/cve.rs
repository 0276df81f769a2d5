//! CVE records, format 5.x (github.com/CVEProject/cve-schema): what the assigner says, and what others add to it (`adp`), CISA's enrichment among
//! them. What `affected` says lives in `cve_affected`; how it is evaluated, in `matching::stated`.

use serde_json::{Map, Value};

use super::cve_affected::affected;
use super::model::{Advisory, Affected, RangeKind, Reference, Severity};
use super::pieces::Pieces;
use super::reading::{Fault, Read, ReadError, Reader, json};

/// What CISA adds to CVE records (github.com/cisagov/vulnrichment) besides names and severities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enrichment {
    /// The decision points of the Stakeholder-Specific Vulnerability Categorization.
    pub ssvc: Option<Ssvc>,
    /// The day it was entered into the catalogue of known exploited vulnerabilities.
    pub exploited_since: Option<String>,
}

/// Decision points, in the words of the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ssvc {
    /// `none`, `poc`, `active`.
    pub exploitation: Option<String>,
    /// `yes`, `no`.
    pub automatable: Option<String>,
    /// `partial`, `total`.
    pub technical_impact: Option<String>,
    /// When it was decided.
    pub timestamp: Option<String>,
}

impl Enrichment {
    /// What the reader kept of it in an advisory.
    pub fn of(advisory: &Advisory) -> Self {
        let ssvc = advisory.specific.get("ssvc").map(|content| {
            let options = content.get("options").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let point = |name: &str| {
                let found = options.iter().find_map(|option| option.get(name)?.as_str());
                found.map(str::to_owned)
            };
            Ssvc {
                exploitation: point("Exploitation"),
                automatable: point("Automatable"),
                technical_impact: point("Technical Impact"),
                timestamp: content.get("timestamp").and_then(Value::as_str).map(str::to_owned),
            }
        });
        let exploited_since = advisory.specific.pointer("/kev/dateAdded").and_then(Value::as_str);
        Self { ssvc, exploited_since: exploited_since.map(str::to_owned) }
    }
}

/// Reads every record of a document: one, or several one after another.
pub fn read_all(bytes: &[u8]) -> impl Iterator<Item = Result<Read<Advisory>, ReadError>> {
    Pieces::of(bytes, &[]).map(|piece| read_json(piece?))
}

/// Reads one record from JSON.
pub fn read_json(bytes: &[u8]) -> Result<Read<Advisory>, ReadError> {
    read(&json(bytes)?)
}

/// Reads one record from a tree that was already parsed.
pub fn read(record: &Map<String, Value>) -> Result<Read<Advisory>, ReadError> {
    const META: &str = "/cveMetadata";
    let mut reader = Reader::default();
    let nothing = Map::new();
    let meta = reader.object(record, "cveMetadata", "").unwrap_or(&nothing);
    let id = reader.text(meta, "cveId", META).filter(|id| !id.is_empty());
    let id = id.ok_or(ReadError::NoId("/cveMetadata/cveId"))?;
    let modified = reader.text(meta, "dateUpdated", META);
    let mut advisory = Advisory {
        id,
        published: reader.text(meta, "datePublished", META),
        withdrawn: rejected(&mut reader, meta, modified.as_deref()),
        modified,
        ..Advisory::default()
    };
    let mut kept = Map::new();
    for (place, container) in containers(&mut reader, record) {
        take(&mut reader, container, &place, &mut advisory, &mut kept);
    }
    if !kept.is_empty() {
        advisory.specific = Value::Object(kept);
    }
    Ok(reader.done(advisory))
}

/// The day a record was rejected; such a record must not be used.
fn rejected(reader: &mut Reader, meta: &Map<String, Value>, modified: Option<&str>) -> Option<String> {
    const META: &str = "/cveMetadata";
    match reader.text(meta, "state", META).as_deref() {
        Some("PUBLISHED") => None,
        Some("REJECTED") => {
            let day = reader.text(meta, "dateRejected", META);
            Some(day.or(modified.map(str::to_owned)).unwrap_or_default())
        }
        other => {
            let fault = if other.is_some() { Fault::UnknownWord } else { Fault::Missing };
            reader.note(format!("{META}/state"), fault);
            None
        }
    }
}

/// The assigner's container first, then those of others.
fn containers<'a>(
    reader: &mut Reader,
    record: &'a Map<String, Value>,
) -> Vec<(String, &'a Map<String, Value>)> {
    let Some(all) = reader.object(record, "containers", "") else {
        reader.note("/containers", Fault::Missing);
        return Vec::new();
    };
    let cna = reader.object(all, "cna", "/containers");
    if cna.is_none() {
        reader.note("/containers/cna", Fault::Missing);
    }
    let mut found: Vec<_> =
        cna.into_iter().map(|container| ("/containers/cna".to_owned(), container)).collect();
    found.extend(reader.objects(all, "adp", "/containers"));
    found
}

/// The assigner's words stand; others add entries, severities, references and their own content.
fn take(
    reader: &mut Reader,
    container: &Map<String, Value>,
    at: &str,
    advisory: &mut Advisory,
    kept: &mut Map<String, Value>,
) {
    let provider = reader.object(container, "providerMetadata", at);
    let by = provider.and_then(|provider| reader.text(provider, "shortName", at)).unwrap_or_default();
    if advisory.summary.is_empty() {
        advisory.summary = reader.text(container, "title", at).unwrap_or_default();
    }
    if advisory.details.is_empty() {
        advisory.details = told(reader, container, at);
    }
    for (place, metric) in reader.objects(container, "metrics", at) {
        take_metric(reader, metric, &place, advisory, kept);
    }
    for (place, reference) in reader.objects(container, "references", at) {
        let kind = reader.texts(reference, "tags", &place).join(", ");
        match reader.text(reference, "url", &place) {
            Some(url) if advisory.references.iter().any(|known| known.url == url) => {}
            Some(url) => advisory.references.push(Reference { kind, url }),
            None => reader.note(format!("{place}/url"), Fault::Missing),
        }
    }
    let entries = reader.objects(container, "affected", at);
    let read = entries.into_iter().map(|(place, entry)| affected(reader, entry, &place, &by)).collect();
    advisory.affected.extend(with_commits_folded(read));
}

/// A product told in commits beside the same product told in versions (as the Linux kernel's records are) is one entry: the commits say the same.
fn with_commits_folded(entries: Vec<Affected>) -> Vec<Affected> {
    let only_commits = |entry: &Affected| {
        let mut all =
            entry.ranges.iter().chain(&entry.cleared.ranges).chain(&entry.unknown.ranges).peekable();
        all.peek().is_some() && all.all(|range| range.kind == RangeKind::Git) && entry.versions.is_empty()
    };
    let (commits, mut kept): (Vec<_>, Vec<_>) = entries.into_iter().partition(only_commits);
    for entry in commits {
        match kept.iter_mut().find(|other| other.name == entry.name && !only_commits(other)) {
            Some(other) => {
                other.unread |= entry.unread;
                other.ranges.extend(entry.ranges);
            }
            None => kept.push(entry),
        }
    }
    kept
}

/// A rejected record says why in place of a description.
fn told(reader: &mut Reader, container: &Map<String, Value>, at: &str) -> String {
    for member in ["descriptions", "rejectedReasons"] {
        let texts = reader.objects(container, member, at);
        let english = |entry: &Map<String, Value>| {
            entry.get("lang").and_then(Value::as_str).is_some_and(|lang| lang.starts_with("en"))
        };
        if let Some((place, entry)) = texts.iter().find(|(_, entry)| english(entry)).or(texts.first()) {
            return reader.text(entry, "value", place).unwrap_or_default();
        }
    }
    String::new()
}

fn take_metric(
    reader: &mut Reader,
    metric: &Map<String, Value>,
    at: &str,
    advisory: &mut Advisory,
    kept: &mut Map<String, Value>,
) {
    const NOTATIONS: [(&str, &str); 4] =
        [("cvssV4_0", "CVSS_V4"), ("cvssV3_1", "CVSS_V3"), ("cvssV3_0", "CVSS_V3"), ("cvssV2_0", "CVSS_V2")];
    for (member, notation) in NOTATIONS {
        let Some(data) = reader.object(metric, member, at) else { continue };
        match reader.text(data, "vectorString", &format!("{at}/{member}")) {
            Some(score) => {
                let severity = Severity { notation: notation.to_owned(), score };
                if !advisory.severities.contains(&severity) {
                    advisory.severities.push(severity);
                }
            }
            None => reader.note(format!("{at}/{member}/vectorString"), Fault::Missing),
        }
    }
    let Some(other) = reader.object(metric, "other", at) else { return };
    if let (Some(kind), Some(content)) = (reader.text(other, "type", at), other.get("content"))
        && matches!(kind.as_str(), "ssvc" | "kev")
    {
        kept.insert(kind, content.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::{Event, Named, Rest};

    fn record(affected: &str) -> String {
        format!(
            r#"{{"dataType": "CVE_RECORD", "dataVersion": "5.1", "cveMetadata": {{"cveId": "CVE-2026-1", "state": "PUBLISHED",
                "dateUpdated": "2026-01-02T00:00:00Z"}}, "containers": {{"cna": {{"providerMetadata": {{"shortName": "acme"}},
                "title": "t", "descriptions": [{{"lang": "en", "value": "one"}}], "affected": [{affected}]}}}}}}"#
        )
    }

    fn read_entry(affected: &str) -> Affected {
        read_json(record(affected).as_bytes()).unwrap().value.affected.remove(0)
    }

    #[test]
    fn a_record_names_a_package_only_where_its_collection_is_known() {
        for (members, expected) in [
            (
                r#""collectionURL": "https://registry.npmjs.org", "packageName": "left-pad""#,
                Named::Package { ecosystem: "npm".into(), name: "left-pad".into(), purl: None },
            ),
            (
                r#""collectionURL": "https://pypi.org/project", "packageName": "a""#,
                Named::Package { ecosystem: "PyPI".into(), name: "a".into(), purl: None },
            ),
            (
                r#""collectionURL": "https://registry.npmjs.org.evil.example", "packageName": "left-pad""#,
                Named::Words { maker: "v".into(), product: "p".into() },
            ),
            (r#""packageName": "left-pad""#, Named::Words { maker: "v".into(), product: "p".into() }),
            (
                r#""cpes": ["cpe:2.3:a:v:p:*:*:*:*:*:*:*:*"]"#,
                Named::Cpe("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*".into()),
            ),
        ] {
            let entry = read_entry(&format!(
                r#"{{"vendor": "v", "product": "p", {members}, "defaultStatus": "affected"}}"#
            ));
            assert_eq!(entry.name, expected, "{members}");
            assert_eq!(entry.rest, Rest::Affected);
        }
    }

    #[test]
    fn statuses_and_changes_become_ranges_that_are_affected_cleared_or_unknown() {
        let entry = read_entry(
            r#"{"vendor": "v", "product": "p", "defaultStatus": "unaffected", "versions": [
                {"version": "1.0", "status": "affected", "lessThan": "3.0", "versionType": "custom",
                 "changes": [{"at": "1.5", "status": "unaffected"}, {"at": "2.0", "status": "affected"}]},
                {"version": "4.0", "status": "unknown"},
                {"version": "unspecified", "status": "unaffected", "lessThanOrEqual": "0.9", "versionType": "semver"},
                {"version": "5.0", "status": "affected", "lessThan": "*", "versionType": "rpm"}]}"#,
        );
        let events = |range: usize| entry.ranges[range].events.clone();
        assert_eq!(events(0), [Event::Introduced("1.0".into()), Event::Fixed("1.5".into())]);
        assert_eq!(events(1), [Event::Introduced("2.0".into()), Event::Fixed("3.0".into())]);
        assert_eq!(events(2), [Event::Introduced("5.0".into())]);
        assert_eq!(entry.ranges[2].kind, RangeKind::Unknown("rpm".into()));
        assert_eq!(entry.ranges[0].kind, RangeKind::Maker);
        assert_eq!(
            entry.cleared.ranges.iter().map(|range| range.events.clone()).collect::<Vec<_>>(),
            [
                vec![Event::Introduced("1.5".into()), Event::Fixed("2.0".into())],
                vec![Event::Introduced("0".into()), Event::LastAffected("0.9".into())],
            ]
        );
        assert_eq!(entry.unknown.versions, ["4.0"]);
        assert_eq!(entry.rest, Rest::NotAffected);
    }

    #[test]
    fn a_record_that_says_nothing_of_the_rest_leaves_it_open() {
        let entry = read_entry(
            r#"{"vendor": "v", "product": "p", "versions": [{"version": "n/a", "status": "affected"}]}"#,
        );
        assert_eq!((entry.rest, entry.versions.len(), entry.unread), (Rest::Unknown, 0, false));
        let all = read_entry(
            r#"{"vendor": "v", "product": "p", "versions": [{"version": "*", "status": "affected"}]}"#,
        );
        assert_eq!(all.ranges[0].events, [Event::Introduced("0".into())]);
    }

    #[test]
    fn what_departs_from_the_format_leaves_an_entry_unread() {
        for (versions, place) in [
            (r#"[{"status": "affected"}]"#, "/containers/cna/affected/0/versions/0/version"),
            (r#"[{"version": "1", "status": "maybe"}]"#, "/containers/cna/affected/0/versions/0/status"),
            (r#"["1"]"#, "/containers/cna/affected/0/versions/0"),
            (
                r#"[{"version": "1", "status": "affected", "lessThan": "2", "changes": [{"at": "1.5"}]}]"#,
                "/containers/cna/affected/0/versions/0/changes/0",
            ),
        ] {
            let text = record(&format!(r#"{{"vendor": "v", "product": "p", "versions": {versions}}}"#));
            let read = read_json(text.as_bytes()).unwrap();
            assert!(read.value.affected[0].unread, "{versions}");
            assert!(
                read.deviations.iter().any(|deviation| deviation.place == place),
                "{:?}",
                read.deviations
            );
        }
    }

    #[test]
    fn commits_beside_versions_of_the_same_product_are_one_entry() {
        let commits = r#""versions": [{"version": "1da177e", "lessThan": "2f3e4a5", "status": "affected", "versionType": "git"}]"#;
        let versions =
            r#""versions": [{"version": "5.4", "status": "affected"}], "defaultStatus": "affected""#;
        let product =
            |name: &str, rest: &str| format!(r#"{{"vendor": "Linux", "product": "{name}", {rest}}}"#);
        let all =
            [product("Linux", commits), product("Linux", versions), product("Other", commits)].join(",");
        let read = read_json(record(&all).as_bytes()).unwrap().value;
        assert_eq!(read.affected.len(), 2);
        assert_eq!((read.affected[0].ranges.len(), read.affected[0].versions.len()), (1, 1));
    }

    #[test]
    fn a_rejected_record_is_withdrawn_and_cisas_enrichment_is_kept() {
        let rejected = r#"{"cveMetadata": {"cveId": "CVE-1", "state": "REJECTED", "dateRejected": "d"},
            "containers": {"cna": {"rejectedReasons": [{"lang": "en", "value": "Duplicate."}]}}}"#;
        let read = read_json(rejected.as_bytes()).unwrap().value;
        assert_eq!((read.withdrawn.as_deref(), read.details.as_str()), (Some("d"), "Duplicate."));
        let enriched = r#"{"cveMetadata": {"cveId": "CVE-1", "state": "PUBLISHED"}, "containers": {"cna": {}, "adp": [
            {"title": "CISA ADP Vulnrichment", "providerMetadata": {"shortName": "CISA-ADP"},
             "affected": [{"vendor": "a", "product": "b", "cpes": ["cpe:2.3:a:a:b:*:*:*:*:*:*:*:*"], "defaultStatus": "unknown",
               "versions": [{"version": "0", "status": "affected", "lessThan": "2", "versionType": "custom"}]}],
             "metrics": [{"cvssV3_1": {"vectorString": "CVSS:3.1/AV:N"}}, {"other": {"type": "kev", "content": {"dateAdded": "2026-01-01"}}},
               {"other": {"type": "ssvc", "content": {"timestamp": "x", "options": [{"Exploitation": "active"}, {"Automatable": "no"},
                 {"Technical Impact": "total"}]}}}]}]}}"#;
        let read = read_json(enriched.as_bytes()).unwrap();
        assert_eq!(read.deviations, []);
        let found = Enrichment::of(&read.value);
        assert_eq!(found.exploited_since.as_deref(), Some("2026-01-01"));
        let ssvc = found.ssvc.unwrap();
        assert_eq!(ssvc.exploitation.as_deref(), Some("active"));
        assert_eq!(ssvc.technical_impact.as_deref(), Some("total"));
        assert_eq!(read.value.affected[0].specific["by"], "CISA-ADP");
        assert_eq!(read.value.severities.len(), 1);
    }
}
