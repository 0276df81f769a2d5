//! `affected` of CVE records: products with the status of their versions (github.com/CVEProject/cve-schema, docs/versions.md), put into
//! the model. The rest of a record lives in `cve`.

use serde_json::{Map, Value};

use super::model::{Affected, Event, Named, Range, RangeKind, Rest};
use super::reading::{Fault, Reader};
use crate::name::cpe::Cpe;

/// What holds for a version.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Affected,
    Unaffected,
    Unknown,
}

/// Where a range ends.
enum End {
    Before(String),
    With(String),
    Never,
}

/// One entry of a container; `by` is who says it.
pub(super) fn affected(reader: &mut Reader, entry: &Map<String, Value>, at: &str, by: &str) -> Affected {
    let mut names = names(reader, entry, at).into_iter();
    let mut affected = Affected::of(names.next().unwrap_or(Named::Nothing));
    affected.also = names.collect();
    affected.rest = match status(reader, entry, "defaultStatus", at) {
        Some(Status::Affected) => Rest::Affected,
        Some(Status::Unaffected) => Rest::NotAffected,
        Some(Status::Unknown) | None => Rest::Unknown,
    };
    let before = reader.deviations.len();
    for (place, version) in reader.objects(entry, "versions", at) {
        take_version(reader, version, &place, &mut affected);
    }
    affected.unread = reader.deviations.len() > before;
    affected.specific = specific(entry, by);
    affected
}

/// A package where the collection is known to be that of an ecosystem, then package URLs, CPE names, and the words.
fn names(reader: &mut Reader, entry: &Map<String, Value>, at: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let purl = reader.text(entry, "packageURL", at);
    let collection = reader.text(entry, "collectionURL", at);
    if let (Some(ecosystem), Some(name)) =
        (collection.as_deref().and_then(ecosystem_of), reader.text(entry, "packageName", at))
    {
        found.push(Named::Package { ecosystem: ecosystem.to_owned(), name, purl });
    } else {
        found.extend(purl.map(Named::Purl));
    }
    for (place, name) in reader.texts(entry, "cpes", at).into_iter().enumerate() {
        if Cpe::parse(&name).is_err() {
            reader.note(format!("{at}/cpes/{place}"), Fault::UnreadableName);
        }
        found.push(Named::Cpe(name));
    }
    let (maker, product) = (reader.text(entry, "vendor", at), reader.text(entry, "product", at));
    let said = |text: &String| !text.is_empty() && !text.eq_ignore_ascii_case("n/a");
    if let Some(product) = product.filter(said) {
        found.push(Named::Words { maker: maker.filter(said).unwrap_or_default(), product });
    }
    found
}

/// The ecosystem whose packages a collection holds, by the host of its address.
fn ecosystem_of(collection: &str) -> Option<&'static str> {
    let address = collection.split_once("://").map_or(collection, |(_, rest)| rest);
    let host = address.split(['/', '?', '#', ':']).next()?.to_ascii_lowercase();
    Some(match host.strip_prefix("www.").unwrap_or(&host) {
        "registry.npmjs.org" | "npmjs.com" | "npmjs.org" => "npm",
        "pypi.org" | "pypi.python.org" => "PyPI",
        "repo.maven.apache.org"
        | "repo1.maven.org"
        | "central.sonatype.com"
        | "search.maven.org"
        | "mvnrepository.com" => "Maven",
        "crates.io" => "crates.io",
        "rubygems.org" => "RubyGems",
        "packagist.org" | "repo.packagist.org" => "Packagist",
        "nuget.org" | "api.nuget.org" => "NuGet",
        "pkg.go.dev" | "proxy.golang.org" => "Go",
        "hex.pm" | "repo.hex.pm" => "Hex",
        "pub.dev" => "Pub",
        "hackage.haskell.org" => "Hackage",
        "cran.r-project.org" => "CRAN",
        _ => return None,
    })
}

fn status(reader: &mut Reader, object: &Map<String, Value>, member: &str, at: &str) -> Option<Status> {
    match reader.text(object, member, at)?.as_str() {
        "affected" => Some(Status::Affected),
        "unaffected" => Some(Status::Unaffected),
        "unknown" => Some(Status::Unknown),
        _ => {
            reader.note(format!("{at}/{member}"), Fault::UnknownWord);
            None
        }
    }
}

/// A single version, or a range with the changes inside it.
fn take_version(reader: &mut Reader, entry: &Map<String, Value>, at: &str, affected: &mut Affected) {
    let Some(version) = reader.text(entry, "version", at) else {
        return reader.note(format!("{at}/version"), Fault::Missing);
    };
    let before = reader.deviations.len();
    let Some(first) = status(reader, entry, "status", at) else {
        if reader.deviations.len() == before {
            reader.note(format!("{at}/status"), Fault::Missing);
        }
        return;
    };
    let end = match (reader.text(entry, "lessThan", at), reader.text(entry, "lessThanOrEqual", at)) {
        (Some(bound), None) if bound != "*" => End::Before(bound),
        (None, Some(bound)) if bound != "*" => End::With(bound),
        (Some(_), Some(_)) => return reader.note(at, Fault::TwoBounds),
        (None, None) if version == "*" || version.eq_ignore_ascii_case("all") => End::Never,
        (None, None) => return single(version, first, affected),
        _ => End::Never,
    };
    let kind = kind_of(reader.text(entry, "versionType", at).as_deref());
    let mut points = vec![(from_the_first(version), first)];
    for (place, change) in reader.objects(entry, "changes", at) {
        match (reader.text(change, "at", &place), status(reader, change, "status", &place)) {
            (Some(version), Some(status)) => points.push((version, status)),
            _ => reader.note(place, Fault::Missing),
        }
    }
    take_range(&points, &end, &kind, affected);
}

/// Words that name no version say nothing: then the default holds.
fn single(version: String, status: Status, affected: &mut Affected) {
    let says_nothing = ["n/a", "unspecified", "unknown", "-", ""];
    if says_nothing.iter().any(|word| version.eq_ignore_ascii_case(word)) {
        return;
    }
    match status {
        Status::Affected => affected.versions.push(version),
        Status::Unaffected => affected.cleared.versions.push(version),
        Status::Unknown => affected.unknown.versions.push(version),
    }
}

/// Records brought over from format 4 write `unspecified` where a range begins with the first version.
fn from_the_first(version: String) -> String {
    let first = ["unspecified", "n/a", "*", "all", ""];
    if first.iter().any(|word| version.eq_ignore_ascii_case(word)) { "0".to_owned() } else { version }
}

fn kind_of(told: Option<&str>) -> RangeKind {
    match told {
        Some("semver") => RangeKind::SemVer,
        Some("git") => RangeKind::Git,
        None | Some("custom" | "") => RangeKind::Maker,
        Some(other) => RangeKind::Unknown(other.to_owned()),
    }
}

/// From each point to the next one status holds.
fn take_range(points: &[(String, Status)], end: &End, kind: &RangeKind, affected: &mut Affected) {
    for (at, (from, status)) in points.iter().enumerate() {
        let mut events = vec![Event::Introduced(from.clone())];
        match (points.get(at + 1), end) {
            (Some((next, _)), _) => events.push(Event::Fixed(next.clone())),
            (None, End::Before(bound)) => events.push(Event::Fixed(bound.clone())),
            (None, End::With(bound)) => events.push(Event::LastAffected(bound.clone())),
            (None, End::Never) => {}
        }
        let range = Range { kind: kind.clone(), repository: None, events, specific: Value::Null };
        match status {
            Status::Affected => affected.ranges.push(range),
            Status::Unaffected => affected.cleared.ranges.push(range),
            Status::Unknown => affected.unknown.ranges.push(range),
        }
    }
}

/// Who says it, and what narrows it further; nothing of that can be held against a bill.
fn specific(entry: &Map<String, Value>, by: &str) -> Value {
    const MEMBERS: [&str; 6] =
        ["platforms", "modules", "programFiles", "programRoutines", "repo", "collectionURL"];
    let mut kept: Map<String, Value> = MEMBERS
        .iter()
        .filter_map(|member| Some(((*member).to_owned(), entry.get(*member)?.clone())))
        .collect();
    kept.insert("by".to_owned(), Value::String(by.to_owned()));
    Value::Object(kept)
}
