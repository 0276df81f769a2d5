//! The National Vulnerability Database: API 2.0 (nvd.nist.gov/developers/vulnerabilities) and the older feeds 1.1. Which products its
//! configurations describe is decided in `matching::configuration`.

use serde_json::{Map, Value};

use super::model::{
    Advisory, Configuration, ConfigurationNode, CpeMatch, Inclusion, Joined, Reference, Severity,
};
use super::pieces::Pieces;
use super::reading::{Fault, Read, ReadError, Reader, json};
use crate::name::cpe::Cpe;

/// Reads every record of a document: a response of the API, a feed, one record, or records on lines.
pub fn read_all(bytes: &[u8]) -> impl Iterator<Item = Result<Read<Advisory>, ReadError>> {
    pieces(bytes).map(|piece| read_json(piece?))
}

/// The bytes of every record of a document, for those who read them side by side.
pub fn pieces(bytes: &[u8]) -> Pieces<'_> {
    Pieces::of(bytes, &["vulnerabilities", "CVE_Items"])
}

/// Reads one record from JSON.
pub fn read_json(bytes: &[u8]) -> Result<Read<Advisory>, ReadError> {
    read(&json(bytes)?)
}

/// Reads one record: an item of a response (`{"cve": {…}}`), the `cve` object alone, or an item of a feed 1.1.
pub fn read(item: &Map<String, Value>) -> Result<Read<Advisory>, ReadError> {
    match item.get("cve") {
        Some(Value::Object(cve)) if cve.contains_key("CVE_data_meta") => read_feed_item(item, cve),
        Some(Value::Object(cve)) => read_cve(cve, "/cve", note_of(item)),
        Some(_) => Err(ReadError::NotAnObject),
        None => read_cve(item, "", None),
    }
}

/// What some publishers of corrected configurations write beside the record: the id and the dates stand there.
fn note_of(item: &Map<String, Value>) -> Option<&Map<String, Value>> {
    item.get("_annotation").and_then(Value::as_object)
}

fn read_cve(
    cve: &Map<String, Value>,
    at: &str,
    note: Option<&Map<String, Value>>,
) -> Result<Read<Advisory>, ReadError> {
    let mut reader = Reader::default();
    let mut either = |member: &str, noted: &str| {
        let own = reader.text(cve, member, at);
        own.or_else(|| note.and_then(|note| reader.text(note, noted, "/_annotation")))
    };
    let id = either("id", "cve_id").filter(|id| !id.is_empty()).ok_or(ReadError::NoId("/cve/id"))?;
    let (published, modified) = (either("published", "published"), either("lastModified", "modified"));
    let details = note.and_then(|note| reader.text(note, "description", "/_annotation"));
    let details = english(&mut reader, cve, at).or(details).unwrap_or_default();
    if modified.is_none() && note.is_none() {
        reader.note(format!("{at}/lastModified"), Fault::Missing);
    }
    // "Rejected": the record must not be used (nvd.nist.gov/vuln/vulnerability-status).
    let rejected = reader.text(cve, "vulnStatus", at).is_some_and(|status| status == "Rejected");
    let advisory = Advisory {
        id,
        withdrawn: rejected.then(|| modified.clone().unwrap_or_default()),
        published,
        modified,
        details,
        severities: severities(&mut reader, cve, at),
        configurations: configurations(&mut reader, cve, at),
        references: all_references(&mut reader, cve, at, note),
        specific: specific(cve),
        ..Advisory::default()
    };
    Ok(reader.done(advisory))
}

fn english(reader: &mut Reader, cve: &Map<String, Value>, at: &str) -> Option<String> {
    let told = reader.objects(cve, "descriptions", at);
    let is_english = |entry: &Map<String, Value>| entry.get("lang").and_then(Value::as_str) == Some("en");
    let (place, entry) = told.iter().find(|(_, entry)| is_english(entry)).or(told.first())?;
    reader.text(entry, "value", place)
}

/// Vectors of every scorer, the newest notation first.
fn severities(reader: &mut Reader, cve: &Map<String, Value>, at: &str) -> Vec<Severity> {
    const NOTATIONS: [(&str, &str); 4] = [
        ("cvssMetricV40", "CVSS_V4"),
        ("cvssMetricV31", "CVSS_V3"),
        ("cvssMetricV30", "CVSS_V3"),
        ("cvssMetricV2", "CVSS_V2"),
    ];
    let Some(metrics) = reader.object(cve, "metrics", at) else { return Vec::new() };
    let at = format!("{at}/metrics");
    let mut found: Vec<Severity> = Vec::new();
    for (member, notation) in NOTATIONS {
        for (place, metric) in reader.objects(metrics, member, &at) {
            let data = reader.object(metric, "cvssData", &place);
            let vector =
                data.and_then(|data| reader.text(data, "vectorString", &format!("{place}/cvssData")));
            match vector.map(|score| Severity { notation: notation.to_owned(), score }) {
                Some(severity) if found.contains(&severity) => {}
                Some(severity) => found.push(severity),
                None => reader.note(format!("{place}/cvssData/vectorString"), Fault::Missing),
            }
        }
    }
    found
}

fn references(reader: &mut Reader, cve: &Map<String, Value>, at: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    for (place, reference) in reader.objects(cve, "references", at) {
        let kind = reader.texts(reference, "tags", &place).join(", ");
        match reader.text(reference, "url", &place) {
            Some(url) => found.push(Reference { kind, url }),
            None => reader.note(format!("{place}/url"), Fault::Missing),
        }
    }
    found
}

/// Those of the record, else those that stand beside it.
fn all_references(
    reader: &mut Reader,
    cve: &Map<String, Value>,
    at: &str,
    note: Option<&Map<String, Value>>,
) -> Vec<Reference> {
    let own = references(reader, cve, at);
    let Some(note) = note.filter(|_| own.is_empty()) else { return own };
    let noted = reader.texts(note, "references", "/_annotation").into_iter();
    noted.map(|url| Reference { kind: String::new(), url }).collect()
}

/// What has no place in the model: the status of the analysis, weaknesses, what CISA asks for.
fn specific(cve: &Map<String, Value>) -> Value {
    const MEMBERS: [&str; 8] = [
        "vulnStatus",
        "sourceIdentifier",
        "cveTags",
        "weaknesses",
        "cisaExploitAdd",
        "cisaActionDue",
        "cisaRequiredAction",
        "cisaVulnerabilityName",
    ];
    let kept: Map<String, Value> =
        MEMBERS.iter().filter_map(|member| Some(((*member).to_owned(), cve.get(*member)?.clone()))).collect();
    if kept.is_empty() { Value::Null } else { Value::Object(kept) }
}

fn configurations(reader: &mut Reader, cve: &Map<String, Value>, at: &str) -> Vec<Configuration> {
    let mut found = Vec::new();
    for (place, configuration) in reader.objects(cve, "configurations", at) {
        let before = reader.deviations.len();
        let nodes = reader
            .objects(configuration, "nodes", &place)
            .into_iter()
            .map(|(place, node)| one_node(reader, node, &place, &API))
            .collect::<Vec<_>>();
        if nodes.is_empty() {
            reader.note(format!("{place}/nodes"), Fault::Missing);
        }
        found.push(Configuration {
            joined: joined(reader, configuration, &place).unwrap_or_default(),
            negate: reader.boolean(configuration, "negate", &place).unwrap_or_default(),
            nodes,
            unread: lost(reader, before),
        });
    }
    found
}

/// Whether something was left out since then. A name that cannot be read stays in its place.
fn lost(reader: &Reader, before: usize) -> bool {
    reader.deviations[before..].iter().any(|deviation| deviation.fault != Fault::UnreadableName)
}

/// How the two formats name the same members.
struct Members {
    matches: &'static str,
    name: &'static str,
}

const API: Members = Members { matches: "cpeMatch", name: "criteria" };
const FEED: Members = Members { matches: "cpe_match", name: "cpe23Uri" };

fn one_node(
    reader: &mut Reader,
    node: &Map<String, Value>,
    at: &str,
    members: &Members,
) -> ConfigurationNode {
    let joined = joined(reader, node, at);
    if joined.is_none() {
        reader.note(format!("{at}/operator"), Fault::Missing);
    }
    let matches = reader
        .objects(node, members.matches, at)
        .into_iter()
        .map(|(place, entry)| one_match(reader, entry, &place, members))
        .collect();
    ConfigurationNode {
        joined: joined.unwrap_or_default(),
        negate: reader.boolean(node, "negate", at).unwrap_or_default(),
        matches,
    }
}

fn joined(reader: &mut Reader, object: &Map<String, Value>, at: &str) -> Option<Joined> {
    match reader.text(object, "operator", at)?.as_str() {
        "AND" => Some(Joined::And),
        "OR" => Some(Joined::Or),
        _ => {
            reader.note(format!("{at}/operator"), Fault::UnknownWord);
            Some(Joined::Or)
        }
    }
}

/// A match whose name cannot be read is kept: who judges it says that it was not read.
fn one_match(reader: &mut Reader, entry: &Map<String, Value>, at: &str, members: &Members) -> CpeMatch {
    let criteria = reader.text(entry, members.name, at).unwrap_or_default();
    if criteria.is_empty() {
        reader.note(format!("{at}/{}", members.name), Fault::Missing);
    } else if Cpe::parse(&criteria).is_err() {
        reader.note(format!("{at}/{}", members.name), Fault::UnreadableName);
    }
    let vulnerable = reader.boolean(entry, "vulnerable", at);
    if vulnerable.is_none() {
        reader.note(format!("{at}/vulnerable"), Fault::Missing);
    }
    CpeMatch {
        vulnerable: vulnerable.unwrap_or(true),
        criteria,
        from: bound(reader, entry, "versionStart", at),
        to: bound(reader, entry, "versionEnd", at),
    }
}

/// At most one of the two forms of a bound; of both the wider is taken and told.
fn bound(
    reader: &mut Reader,
    entry: &Map<String, Value>,
    side: &str,
    at: &str,
) -> Option<(String, Inclusion)> {
    let including = reader.text(entry, &format!("{side}Including"), at);
    let excluding = reader.text(entry, &format!("{side}Excluding"), at);
    if including.is_some() && excluding.is_some() {
        reader.note(format!("{at}/{side}Excluding"), Fault::TwoBounds);
    }
    let including = including.map(|text| (text, Inclusion::Including));
    including.or(excluding.map(|text| (text, Inclusion::Excluding)))
}

/// Feed 1.1: `cve.CVE_data_meta.ID`, nodes with children, dates beside.
fn read_feed_item(item: &Map<String, Value>, cve: &Map<String, Value>) -> Result<Read<Advisory>, ReadError> {
    let mut reader = Reader::default();
    let meta = reader.object(cve, "CVE_data_meta", "/cve");
    let id = meta.and_then(|meta| reader.text(meta, "ID", "/cve/CVE_data_meta"));
    let id = id.filter(|id| !id.is_empty()).ok_or(ReadError::NoId("/cve/CVE_data_meta/ID"))?;
    let description = reader.object(cve, "description", "/cve").map(|found| {
        let told = reader.objects(found, "description_data", "/cve/description");
        told.first().and_then(|(place, entry)| reader.text(entry, "value", place)).unwrap_or_default()
    });
    let details = description.unwrap_or_default();
    let modified = reader.text(item, "lastModifiedDate", "");
    let advisory = Advisory {
        id,
        published: reader.text(item, "publishedDate", ""),
        // The feeds had no status; a rejected record says so in its text.
        withdrawn: details.starts_with("** REJECT **").then(|| modified.clone().unwrap_or_default()),
        modified,
        details,
        severities: feed_severities(&mut reader, item),
        configurations: feed_configurations(&mut reader, item),
        references: reader
            .object(cve, "references", "/cve")
            .map(|found| feed_references(&mut reader, found))
            .unwrap_or_default(),
        ..Advisory::default()
    };
    Ok(reader.done(advisory))
}

fn feed_references(reader: &mut Reader, references: &Map<String, Value>) -> Vec<Reference> {
    let found = reader.objects(references, "reference_data", "/cve/references");
    found
        .into_iter()
        .filter_map(|(place, entry)| {
            let kind = reader.texts(entry, "tags", &place).join(", ");
            Some(Reference { kind, url: reader.text(entry, "url", &place)? })
        })
        .collect()
}

fn feed_severities(reader: &mut Reader, item: &Map<String, Value>) -> Vec<Severity> {
    const METRICS: [(&str, &str, &str); 2] =
        [("baseMetricV3", "cvssV3", "CVSS_V3"), ("baseMetricV2", "cvssV2", "CVSS_V2")];
    let Some(impact) = reader.object(item, "impact", "") else { return Vec::new() };
    METRICS
        .iter()
        .filter_map(|(metric, data, notation)| {
            let at = format!("/impact/{metric}");
            let metric = reader.object(impact, metric, "/impact")?;
            let data = reader.object(metric, data, &at)?;
            let score = reader.text(data, "vectorString", &at)?;
            Some(Severity { notation: (*notation).to_owned(), score })
        })
        .collect()
}

/// Every outermost node is a configuration of its own; its children, where it has some, are its nodes.
fn feed_configurations(reader: &mut Reader, item: &Map<String, Value>) -> Vec<Configuration> {
    let Some(configurations) = reader.object(item, "configurations", "") else { return Vec::new() };
    let mut found = Vec::new();
    for (at, node) in reader.objects(configurations, "nodes", "/configurations") {
        let before = reader.deviations.len();
        let children = reader.objects(node, "children", &at);
        let own = one_node(reader, node, &at, &FEED);
        if children.is_empty() {
            let unread = lost(reader, before);
            found.push(Configuration { joined: Joined::Or, negate: false, nodes: vec![own], unread });
            continue;
        }
        let mut nodes = Vec::new();
        for (place, child) in children {
            nodes.push(one_node(reader, child, &place, &FEED));
            if !reader.objects(child, "children", &place).is_empty() {
                reader.note(format!("{place}/children"), Fault::TooDeep);
            }
        }
        let (joined, negate) = (own.joined, own.negate);
        if !own.matches.is_empty() {
            nodes.push(ConfigurationNode { negate: false, ..own });
        }
        found.push(Configuration { joined, negate, nodes, unread: lost(reader, before) });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(String, Fault)> {
        let read = read_json(text.as_bytes()).unwrap();
        read.deviations.into_iter().map(|deviation| (deviation.place, deviation.fault)).collect()
    }

    #[test]
    fn a_record_of_the_api_is_read_whole() {
        let text = r#"{"cve": {"id": "CVE-2026-1", "published": "2026-01-01T00:00:00.000", "lastModified": "2026-01-02T00:00:00.000",
            "vulnStatus": "Analyzed", "descriptions": [{"lang": "es", "value": "uno"}, {"lang": "en", "value": "one"}],
            "metrics": {"cvssMetricV31": [{"source": "a", "type": "Primary", "cvssData": {"vectorString": "CVSS:3.1/AV:N"}}]},
            "configurations": [{"operator": "AND", "nodes": [
              {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:o:a:fw:*:*:*:*:*:*:*:*",
                "versionStartIncluding": "1.0", "versionEndExcluding": "2.0", "matchCriteriaId": "x"}]},
              {"operator": "OR", "negate": true, "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:h:a:device:-:*:*:*:*:*:*:*"}]}]}],
            "references": [{"url": "https://a.example/1", "source": "a", "tags": ["Patch", "Vendor Advisory"]}]}}"#;
        let read = read_json(text.as_bytes()).unwrap();
        assert_eq!(read.deviations, []);
        let advisory = read.value;
        assert_eq!((advisory.id.as_str(), advisory.details.as_str()), ("CVE-2026-1", "one"));
        assert_eq!(advisory.withdrawn, None);
        assert_eq!(advisory.severities[0].notation, "CVSS_V3");
        assert_eq!(advisory.references[0].kind, "Patch, Vendor Advisory");
        assert_eq!(advisory.specific["vulnStatus"], "Analyzed");
        let configuration = &advisory.configurations[0];
        assert_eq!(
            (configuration.joined, configuration.nodes.len(), configuration.unread),
            (Joined::And, 2, false)
        );
        assert!(configuration.nodes[1].negate && !configuration.nodes[1].matches[0].vulnerable);
        let found = &configuration.nodes[0].matches[0];
        assert_eq!(found.from, Some(("1.0".to_owned(), Inclusion::Including)));
        assert_eq!(found.to, Some(("2.0".to_owned(), Inclusion::Excluding)));
    }

    #[test]
    fn a_rejected_record_is_withdrawn() {
        for (text, withdrawn) in [
            (r#"{"id": "CVE-1", "lastModified": "m", "vulnStatus": "Rejected"}"#, Some("m")),
            (r#"{"id": "CVE-1", "lastModified": "m", "vulnStatus": "Deferred"}"#, None),
        ] {
            assert_eq!(read_json(text.as_bytes()).unwrap().value.withdrawn.as_deref(), withdrawn, "{text}");
        }
    }

    #[test]
    fn what_departs_from_the_format_is_named_and_leaves_a_configuration_unread() {
        let configured = |inside: &str| {
            format!(r#"{{"id": "CVE-1", "lastModified": "m", "configurations": [{{"nodes": [{inside}]}}]}}"#)
        };
        let at = |rest: &str| format!("/configurations/0/nodes/0{rest}");
        let name = r#""criteria": "cpe:2.3:a:b:c:*:*:*:*:*:*:*:*""#;
        for (inside, place, fault, unread) in [
            ("7".to_owned(), at(""), Fault::NotObject, true),
            (r#"{"operator": "XOR", "cpeMatch": []}"#.to_owned(), at("/operator"), Fault::UnknownWord, true),
            (r#"{"cpeMatch": []}"#.to_owned(), at("/operator"), Fault::Missing, true),
            (r#"{"operator": "OR", "cpeMatch": [1]}"#.to_owned(), at("/cpeMatch/0"), Fault::NotObject, true),
            (
                r#"{"operator": "OR", "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:b"}]}"#
                    .to_owned(),
                at("/cpeMatch/0/criteria"),
                Fault::UnreadableName,
                false,
            ),
            (
                format!(r#"{{"operator": "OR", "cpeMatch": [{{{name}}}]}}"#),
                at("/cpeMatch/0/vulnerable"),
                Fault::Missing,
                true,
            ),
            (
                format!(
                    r#"{{"operator": "OR", "cpeMatch": [{{"vulnerable": true, {name}, "versionEndIncluding": "1", "versionEndExcluding": "2"}}]}}"#
                ),
                at("/cpeMatch/0/versionEndExcluding"),
                Fault::TwoBounds,
                true,
            ),
        ] {
            let text = configured(&inside);
            assert!(faults(&text).contains(&(place, fault)), "{text}: {:?}", faults(&text));
            assert_eq!(read_json(text.as_bytes()).unwrap().value.configurations[0].unread, unread, "{text}");
        }
    }

    #[test]
    fn a_feed_of_old_is_read_into_the_same_model() {
        let text = r#"{"CVE_data_type": "CVE", "CVE_Items": [{"cve": {"CVE_data_meta": {"ID": "CVE-2020-1"},
            "description": {"description_data": [{"lang": "en", "value": "one"}]},
            "references": {"reference_data": [{"url": "https://a.example", "tags": ["Patch"]}]}},
            "configurations": {"nodes": [{"operator": "AND", "children": [
              {"operator": "OR", "cpe_match": [{"vulnerable": true, "cpe23Uri": "cpe:2.3:o:a:fw:1.0:*:*:*:*:*:*:*"}]},
              {"operator": "OR", "cpe_match": [{"vulnerable": false, "cpe23Uri": "cpe:2.3:h:a:d:-:*:*:*:*:*:*:*"}]}]},
              {"operator": "OR", "cpe_match": [{"vulnerable": true, "cpe23Uri": "cpe:2.3:a:b:c:*:*:*:*:*:*:*:*", "versionEndIncluding": "3"}]}]},
            "impact": {"baseMetricV2": {"cvssV2": {"vectorString": "AV:N/AC:L/Au:N/C:N/I:N/A:P"}}},
            "publishedDate": "2020-01-01T00:00Z", "lastModifiedDate": "2020-01-02T00:00Z"}]}"#;
        let all: Vec<_> = read_all(text.as_bytes()).map(Result::unwrap).collect();
        assert_eq!((all.len(), &all[0].deviations), (1, &Vec::new()));
        let advisory = &all[0].value;
        assert_eq!(advisory.severities[0].notation, "CVSS_V2");
        let shape = |at: usize| (advisory.configurations[at].joined, advisory.configurations[at].nodes.len());
        assert_eq!((shape(0), shape(1)), ((Joined::And, 2), (Joined::Or, 1)));
    }

    #[test]
    fn records_on_lines_take_their_id_from_the_note_beside_them() {
        let text = r#"{"_annotation": {"cve_id": "CVE-1", "modified": "m"}, "cve": {"configurations": []}}
            {"_annotation": {}, "cve": {}}
            {"cve": {"id": "CVE-2", "lastModified": "n"}}"#;
        let all: Vec<_> = read_all(text.as_bytes()).collect();
        assert_eq!(all[0].as_ref().unwrap().value.id, "CVE-1");
        assert!(matches!(all[1], Err(ReadError::NoId(_))));
        assert_eq!(all[2].as_ref().unwrap().value.id, "CVE-2");
    }
}
