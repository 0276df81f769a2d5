//! The evaluation of OSV over real advisories and the components of real SBOMs, against a slow reference written here straight from the
//! pseudocode of the OSV schema ("Evaluation"): a scan over every advisory and event, with its own names, semantic versions and answers.
//! Only the order of PyPI's versions, and of Go's texts that are no semantic version, is asked of `version`.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use cyber::advisory::{Advisory, osv};
use cyber::index::{self, Index};
use cyber::matching::{Package, Parts, Verdict};
use cyber::version::{Scheme, order};
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    Affected,
    Not,
    Undetermined,
}

/// Type, namespace/name and version of a package URL, decoded.
type Component = (String, String, Option<String>);

#[test]
fn the_matcher_equals_the_slow_reference() {
    let Some((advisories, records)) = advisories() else { return };
    let bytes = index::build(advisories).unwrap();
    let index = Index::open(&bytes).unwrap();
    let Some(components) = components() else { return };
    let mut counts: BTreeMap<Answer, usize> = BTreeMap::new();
    let mut differences = 0;
    for component in &components {
        let expected = reference(component, &records);
        let found = matched(&index, component);
        for answer in expected.values() {
            *counts.entry(*answer).or_default() += 1;
        }
        if found != expected {
            differences += 1;
            println!("{component:?}\n  reference {expected:?}\n  matcher   {found:?}");
        }
    }
    println!(
        "{} components, {} advisories: {counts:?}, differences {differences}",
        components.len(),
        records.len()
    );
    assert_eq!(differences, 0);
    assert!(counts.get(&Answer::Affected).is_some_and(|affected| *affected > 0));
}

#[test]
fn every_record_of_the_databases_is_read_without_deviation() {
    let Some((advisories, records)) = advisories() else { return };
    assert_eq!(advisories.len(), records.len());
}

fn matched(index: &Index<'_>, (kind, path, version): &Component) -> BTreeMap<(String, usize), Answer> {
    let (namespace, name) =
        path.rsplit_once('/').map_or((None, path.as_str()), |(space, name)| (Some(space), name));
    let parts = Parts { kind, namespace, name, version: version.as_deref(), qualifier: &|_| None };
    let Some(package) = Package::of_parts(&parts) else { return BTreeMap::new() };
    let answer = |verdict| match verdict {
        Verdict::Affected(_) => Answer::Affected,
        Verdict::NotAffected(_) => Answer::Not,
        Verdict::Undetermined(_) => Answer::Undetermined,
    };
    let findings = index.judge(&package).unwrap().into_iter();
    findings
        .map(|found| ((found.advisory.id.to_owned(), found.affected().unwrap()), answer(found.verdict)))
        .collect()
}

// The reference.

fn reference((kind, path, version): &Component, records: &[Value]) -> BTreeMap<(String, usize), Answer> {
    let mut answers = BTreeMap::new();
    let (ecosystem, wanted) = match kind.as_str() {
        "golang" => ("Go", path.to_lowercase()),
        "pypi" => ("PyPI", pep503(path.rsplit('/').next().unwrap())),
        "cargo" => ("crates.io", path.rsplit('/').next().unwrap().to_owned()),
        _ => return answers,
    };
    for record in records {
        for (place, affected) in record["affected"].as_array().into_iter().flatten().enumerate() {
            let package = &affected["package"];
            if package["ecosystem"] != ecosystem {
                continue;
            }
            let name = package["name"].as_str().unwrap();
            let same = match ecosystem {
                "Go" => name.eq_ignore_ascii_case(&wanted),
                "PyPI" => pep503(name) == wanted,
                _ => name == wanted,
            };
            if same {
                let id = record["id"].as_str().unwrap().to_owned();
                let answer = if record.get("withdrawn").is_some() {
                    Answer::Not
                } else {
                    version
                        .as_ref()
                        .map_or(Answer::Undetermined, |version| is_vulnerable(ecosystem, version, affected))
                };
                answers.insert((id, place), answer);
            }
        }
    }
    answers
}

fn is_vulnerable(ecosystem: &str, v: &str, affected: &Value) -> Answer {
    if v.is_empty() || v == "(devel)" {
        return Answer::Undetermined;
    }
    let listed: Vec<&str> =
        affected["versions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if listed.iter().any(|version| *version == v || compare(ecosystem, v, version) == Some(Ordering::Equal)) {
        return Answer::Affected;
    }
    if compare(ecosystem, v, v).is_none() {
        return Answer::Undetermined;
    }
    let ranges: Vec<&Value> = affected["ranges"].as_array().into_iter().flatten().collect();
    let judgeable: Vec<&&Value> = ranges.iter().filter(|range| range["type"] != "GIT").collect();
    if judgeable.is_empty() && listed.is_empty() {
        return Answer::Undetermined;
    }
    let answers: Vec<Option<bool>> =
        judgeable.iter().map(|range| included_in_range(ecosystem, v, range)).collect();
    if answers.contains(&Some(true)) {
        Answer::Affected
    } else if answers.contains(&None) {
        Answer::Undetermined
    } else {
        Answer::Not
    }
}

fn included_in_range(ecosystem: &str, v: &str, range: &Value) -> Option<bool> {
    let events: Vec<(&str, &str)> = range["events"]
        .as_array()?
        .iter()
        .flat_map(|event| {
            event.as_object().unwrap().iter().map(|(kind, at)| (kind.as_str(), at.as_str().unwrap()))
        })
        .collect();
    let is_first = |(kind, at): &(&str, &str)| *kind == "introduced" && *at == "0";
    let is_endless = |(kind, at): &(&str, &str)| *kind == "limit" && *at == "*";
    if events
        .iter()
        .any(|event| !is_first(event) && !is_endless(event) && compare(ecosystem, event.1, event.1).is_none())
    {
        return None;
    }
    let limits: Vec<_> = events.iter().filter(|(kind, _)| *kind == "limit").collect();
    if !limits.is_empty()
        && !limits
            .iter()
            .any(|limit| is_endless(limit) || compare(ecosystem, v, limit.1) == Some(Ordering::Less))
    {
        return Some(false);
    }
    // Insertion sort, keeping the order of equals.
    let mut sorted: Vec<(&str, &str)> = Vec::new();
    for event in events.iter().copied().filter(|(kind, _)| *kind != "limit") {
        let later = |other: &(&str, &str)| {
            !is_first(other)
                && (is_first(&event) || compare(ecosystem, other.1, event.1) == Some(Ordering::Greater))
        };
        let at = sorted.iter().position(later).unwrap_or(sorted.len());
        sorted.insert(at, event);
    }
    let mut vulnerable = false;
    for event in sorted {
        let order = if is_first(&event) { Ordering::Greater } else { compare(ecosystem, v, event.1)? };
        match event.0 {
            "introduced" if order != Ordering::Less => vulnerable = true,
            "fixed" if order != Ordering::Less => vulnerable = false,
            "last_affected" if order == Ordering::Greater => vulnerable = false,
            _ => {}
        }
    }
    Some(vulnerable)
}

fn compare(ecosystem: &str, left: &str, right: &str) -> Option<Ordering> {
    match ecosystem {
        "PyPI" => order(Scheme::PyPI, left, right),
        _ => match (semantic(left), semantic(right)) {
            (Some(left), Some(right)) => Some(precedence(&left, &right)),
            _ => order(Scheme::of_ecosystem(ecosystem).unwrap(), left, right),
        },
    }
}

/// Three numbers and the identifiers of the pre-release, where the text is exactly a semantic version (with or without `v`).
fn semantic(text: &str) -> Option<([u64; 3], Vec<&str>)> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let text = text.split('+').next()?;
    let (numbers, pre) = text.split_once('-').map_or((text, None), |(numbers, pre)| (numbers, Some(pre)));
    let numbers: Vec<u64> = numbers.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let identifiers: Vec<&str> = pre.map_or(Vec::new(), |pre| pre.split('.').collect());
    let plain = |text: &&str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    (identifiers.iter().all(plain)).then_some((numbers.try_into().ok()?, identifiers))
}

/// semver.org, section 11.
fn precedence(left: &([u64; 3], Vec<&str>), right: &([u64; 3], Vec<&str>)) -> Ordering {
    let numbers = left.0.cmp(&right.0);
    if numbers != Ordering::Equal {
        return numbers;
    }
    match (left.1.is_empty(), right.1.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    for (one, other) in left.1.iter().zip(&right.1) {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let order = match (digits(one), digits(other)) {
            (true, true) => one.parse::<u128>().unwrap().cmp(&other.parse::<u128>().unwrap()),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => one.cmp(other),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.1.len().cmp(&right.1.len())
}

/// PEP 503: runs of `-`, `_` and `.` become one hyphen, letters lowercase.
fn pep503(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        match letter {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            _ => out.extend(letter.to_lowercase()),
        }
    }
    out
}

// The corpora.

fn advisories() -> Option<(Vec<Advisory>, Vec<Value>)> {
    let mut advisories = Vec::new();
    let mut records = Vec::new();
    for archive in ["osv-go.tar.gz", "osv-pypi.tar.gz", "osv-crates.tar.gz"] {
        for (name, text) in common::files_of(archive)? {
            let yaml = name.rsplit('.').next() == Some("yaml");
            let read = if yaml { osv::read_yaml(text.as_bytes()) } else { osv::read_json(text.as_bytes()) };
            let read = read.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(read.deviations, [], "{name}");
            advisories.push(read.value);
            records.push(if yaml {
                serde_saphyr::from_str(&text).unwrap()
            } else {
                serde_json::from_str(&text).unwrap()
            });
        }
    }
    Some((advisories, records))
}

/// Every package URL of the portfolio once.
fn components() -> Option<BTreeSet<Component>> {
    #[derive(serde::Deserialize)]
    struct Document {
        #[serde(default)]
        packages: Vec<SpdxPackage>,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct SpdxPackage {
        #[serde(default)]
        external_refs: Vec<ExternalRef>,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ExternalRef {
        reference_type: String,
        reference_locator: String,
    }
    let mut found = BTreeSet::new();
    for (name, text) in common::files_of("spdx-portfolio-260.tar.gz")? {
        let Ok(document) = serde_json::from_str::<Document>(&text) else {
            println!("{name} is no SPDX JSON");
            continue;
        };
        let refs = document.packages.iter().flat_map(|package| &package.external_refs);
        let purls = refs.filter(|reference| reference.reference_type == "purl");
        found.extend(purls.filter_map(|reference| component(&reference.reference_locator)));
    }
    Some(found)
}

fn component(purl: &str) -> Option<Component> {
    let text = purl.strip_prefix("pkg:")?;
    let text = text.split(['#', '?']).next()?;
    let (kind, rest) = text.split_once('/')?;
    let (path, version) = match rest.rfind('@') {
        Some(at) if at > 0 && !rest[at..].contains('/') => (&rest[..at], Some(decoded(&rest[at + 1..]))),
        _ => (rest, None),
    };
    Some((kind.to_lowercase(), decoded(path), version.filter(|version| !version.is_empty())))
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
