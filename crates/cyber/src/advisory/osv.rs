//! The Open Source Vulnerability format, schema 1.x (ossf.github.io/osv-schema), as JSON and as YAML, which the Python advisory database
//! writes. GitHub's advisories and most Linux distributions publish it. How it is evaluated lives in `matching::osv`.

use serde_json::{Map, Value};

use super::model::{Advisory, Affected, Event, Named, Range, RangeKind, Reference, Severity};
use super::reading::{Fault, Read, ReadError, Reader, json, strip_mark, within};

/// Reads one record from JSON.
pub fn read_json(bytes: &[u8]) -> Result<Read<Advisory>, ReadError> {
    read(&json(bytes)?)
}

/// Reads one record from YAML. Aliases and nesting are bounded by the library's budget.
pub fn read_yaml(bytes: &[u8]) -> Result<Read<Advisory>, ReadError> {
    within(bytes)?;
    match serde_saphyr::from_slice(strip_mark(bytes)).map_err(|said| ReadError::Yaml(said.to_string()))? {
        Value::Object(members) => read(&members),
        _ => Err(ReadError::NotAnObject),
    }
}

/// Reads one record from a tree that was already parsed.
pub fn read(record: &Map<String, Value>) -> Result<Read<Advisory>, ReadError> {
    let mut reader = Reader::default();
    let id = reader.text(record, "id", "").filter(|id| !id.is_empty()).ok_or(ReadError::NoId("/id"))?;
    let modified = reader.text(record, "modified", "");
    if modified.is_none() {
        reader.note("/modified", Fault::Missing);
    }
    let advisory = Advisory {
        id,
        aliases: reader.texts(record, "aliases", ""),
        upstream: reader.texts(record, "upstream", ""),
        related: reader.texts(record, "related", ""),
        published: reader.text(record, "published", ""),
        modified,
        withdrawn: reader.text(record, "withdrawn", ""),
        summary: reader.text(record, "summary", "").unwrap_or_default(),
        details: reader.text(record, "details", "").unwrap_or_default(),
        severities: severities(&mut reader, record, ""),
        affected: affected(&mut reader, record),
        configurations: Vec::new(),
        references: references(&mut reader, record),
        specific: specific(record, "database_specific"),
    };
    Ok(reader.done(advisory))
}

fn severities(reader: &mut Reader, object: &Map<String, Value>, at: &str) -> Vec<Severity> {
    let mut found = Vec::new();
    for (place, severity) in reader.objects(object, "severity", at) {
        let notation = reader.text(severity, "type", &place);
        match (notation, reader.text(severity, "score", &place)) {
            (Some(notation), Some(score)) => found.push(Severity { notation, score }),
            _ => reader.note(place, Fault::Missing),
        }
    }
    found
}

fn references(reader: &mut Reader, record: &Map<String, Value>) -> Vec<Reference> {
    let mut found = Vec::new();
    for (place, reference) in reader.objects(record, "references", "") {
        let kind = reader.text(reference, "type", &place).unwrap_or_default();
        match reader.text(reference, "url", &place) {
            Some(url) => found.push(Reference { kind, url }),
            None => reader.note(format!("{place}/url"), Fault::Missing),
        }
    }
    found
}

fn affected(reader: &mut Reader, record: &Map<String, Value>) -> Vec<Affected> {
    let entries = reader.objects(record, "affected", "");
    entries.into_iter().map(|(place, entry)| one_affected(reader, entry, &place)).collect()
}

fn one_affected(reader: &mut Reader, entry: &Map<String, Value>, at: &str) -> Affected {
    let name = named(reader, entry, at);
    let before = reader.deviations.len();
    let versions = reader.texts(entry, "versions", at);
    let ranges = reader
        .objects(entry, "ranges", at)
        .into_iter()
        .map(|(place, range)| one_range(reader, range, &place))
        .collect();
    let unread = reader.deviations[before..].iter().any(|deviation| loses_versions(deviation.fault));
    Affected {
        ranges,
        versions,
        severities: severities(reader, entry, at),
        unread,
        ecosystem_specific: specific(entry, "ecosystem_specific"),
        specific: specific(entry, "database_specific"),
        ..Affected::of(name)
    }
}

/// A range without `introduced`, or of a kind we do not know, is still whole; other faults mean that something was left out.
fn loses_versions(fault: Fault) -> bool {
    !matches!(fault, Fault::NoIntroduced | Fault::FixedAndLastAffected | Fault::UnknownWord)
}

fn named(reader: &mut Reader, entry: &Map<String, Value>, at: &str) -> Named {
    let package = match entry.get("package") {
        Some(Value::Object(package)) => package,
        None | Some(Value::Null) => return Named::Nothing,
        Some(_) => {
            reader.note(format!("{at}/package"), Fault::NotObject);
            return Named::Nothing;
        }
    };
    let at = format!("{at}/package");
    let purl = reader.text(package, "purl", &at);
    if let (Some(ecosystem), Some(name)) =
        (reader.text(package, "ecosystem", &at), reader.text(package, "name", &at))
    {
        Named::Package { ecosystem, name, purl }
    } else {
        reader.note(at, Fault::Missing);
        purl.map_or(Named::Nothing, Named::Purl)
    }
}

fn one_range(reader: &mut Reader, range: &Map<String, Value>, at: &str) -> Range {
    let kind = match reader.text(range, "type", at).as_deref() {
        Some("SEMVER") => RangeKind::SemVer,
        Some("ECOSYSTEM") => RangeKind::Ecosystem,
        Some("GIT") => RangeKind::Git,
        other => {
            reader.note(
                format!("{at}/type"),
                if other.is_some() { Fault::UnknownWord } else { Fault::Missing },
            );
            RangeKind::Unknown(other.unwrap_or_default().to_owned())
        }
    };
    let events: Vec<Event> = reader
        .objects(range, "events", at)
        .into_iter()
        .flat_map(|(place, event)| one_event(reader, event, &place))
        .collect();
    note_requirements(reader, &events, at);
    Range {
        kind,
        repository: reader.text(range, "repo", at),
        events,
        specific: specific(range, "database_specific"),
    }
}

/// An event object should hold one event; where it holds several, all are kept.
fn one_event(reader: &mut Reader, event: &Map<String, Value>, at: &str) -> Vec<Event> {
    type Kind = fn(String) -> Event;
    const KINDS: [(&str, Kind); 4] = [
        ("introduced", Event::Introduced),
        ("fixed", Event::Fixed),
        ("last_affected", Event::LastAffected),
        ("limit", Event::Limit),
    ];
    let found: Vec<Event> =
        KINDS.iter().filter_map(|(member, kind)| reader.text(event, member, at).map(kind)).collect();
    if found.len() != 1 {
        reader.note(at, Fault::UnclearEvent);
    }
    found
}

/// OSV schema, `events`, "Requirements".
fn note_requirements(reader: &mut Reader, events: &[Event], at: &str) {
    if !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
        reader.note(format!("{at}/events"), Fault::NoIntroduced);
    }
    let fixed = events.iter().any(|event| matches!(event, Event::Fixed(_)));
    if fixed && events.iter().any(|event| matches!(event, Event::LastAffected(_))) {
        reader.note(format!("{at}/events"), Fault::FixedAndLastAffected);
    }
}

fn specific(object: &Map<String, Value>, member: &str) -> Value {
    object.get(member).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(String, Fault)> {
        let read = read_json(text.as_bytes()).unwrap();
        read.deviations.into_iter().map(|deviation| (deviation.place, deviation.fault)).collect()
    }

    #[test]
    fn a_record_needs_nothing_but_its_id() {
        let read = read_json(br#"{"id": "X-1", "modified": "2024-01-01T00:00:00Z"}"#).unwrap();
        assert_eq!(read.value.id, "X-1");
        assert!(read.deviations.is_empty());
        assert!(matches!(read_json(b"{}"), Err(ReadError::NoId(_))));
        assert!(matches!(read_json(b"[]"), Err(ReadError::NotAnObject)));
        assert!(matches!(read_json(b"{\"id\": \"X"), Err(ReadError::Json(_))));
        assert!(matches!(read_json("[".repeat(100_000).as_bytes()), Err(ReadError::Json(_))));
    }

    #[test]
    fn every_departure_is_named_with_its_place_and_the_rest_is_kept() {
        let text = r#"{"id": "X-1", "modified": "m", "aliases": ["CVE-1", 7], "affected": [{
            "package": {"ecosystem": "PyPI", "name": "a"},
            "versions": ["1.0", 1.1],
            "ranges": [{"type": "ODD", "events": [{"introduced": "0", "fixed": "2"}, {"last_affected": "3"}]}]}]}"#;
        assert_eq!(
            faults(text),
            [
                ("/aliases/1".to_owned(), Fault::NotText),
                ("/affected/0/versions/1".to_owned(), Fault::NotText),
                ("/affected/0/ranges/0/type".to_owned(), Fault::UnknownWord),
                ("/affected/0/ranges/0/events/0".to_owned(), Fault::UnclearEvent),
                ("/affected/0/ranges/0/events".to_owned(), Fault::FixedAndLastAffected),
            ]
        );
        let read = read_json(text.as_bytes()).unwrap().value;
        assert!(read.affected[0].unread);
        assert_eq!(read.affected[0].ranges[0].events.len(), 3);
    }

    #[test]
    fn yaml_is_read_as_json_is_and_its_bombs_are_refused() {
        let read = read_yaml(b"id: P-1\nmodified: 2023-11-07T20:24:23Z\naffected:\n- package: {ecosystem: PyPI, name: a}\n  versions: [\"1.0\"]\n").unwrap();
        assert_eq!(read.deviations, []);
        assert_eq!(read.value.modified.as_deref(), Some("2023-11-07T20:24:23Z"));
        assert_eq!(read.value.affected[0].versions, ["1.0"]);
        let level = |level: usize| {
            let below = vec![format!("*a{}", level - 1); 9];
            format!("a{level}: &a{level} [{}]\n", below.join(","))
        };
        let bomb = format!("id: x\na0: &a0 [x]\n{}", (1..40).map(level).collect::<String>());
        assert!(matches!(read_yaml(bomb.as_bytes()), Err(ReadError::Yaml(_))));
    }
}
