//! Bills between CycloneDX and SPDX, there and back: every component and every dependency says the same on the other side, or its place is
//! told; and what comes out is as its format says. Over the bills of the real world and the valid ones of the specifications.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::{BTreeMap, HashMap, HashSet};

use cyber::document::{Grade, Limits, Place};
use cyber::sbom::convert::{Circumstances, Target, Told, Why, convert};
use cyber::sbom::{Component, Document, Reading, read, write};

const WITH: Circumstances<'static> = Circumstances {
    now: Some("2026-11-28T00:00:00Z"),
    identity: Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"),
    tool: None,
};

/// Bills above this size are left to the bench, but for one in eight, so that the test stays short.
const LARGE: usize = 300_000;

fn portfolio() -> Vec<(String, Reading)> {
    let files = common::corpus("spdx-portfolio-260.tar.gz").unwrap_or_default();
    let few = files.into_iter().enumerate().filter(|(at, (_, bytes))| bytes.len() < LARGE || at % 8 == 0);
    few.filter_map(|(_, (name, bytes))| Some((name, read(&bytes, &Limits::default()).ok()?))).collect()
}

fn valid_cyclonedx() -> Vec<(String, Reading)> {
    let files = common::corpus("cyclonedx-corpus-1.2-1.6.tar.gz").unwrap_or_default();
    files
        .into_iter()
        .filter(|(name, _)| matches!(name.rsplit('.').next(), Some("json" | "xml")))
        .filter_map(|(name, bytes)| Some((name, read(&bytes, &Limits::default()).ok()?)))
        .filter(|(_, reading)| reading.errors == 0)
        .collect()
}

fn converted(reading: &Reading, target: &str) -> (Told, Reading) {
    let conversion = convert(reading, Target::named(target).unwrap(), &WITH);
    let again = read(write(&conversion.document).as_bytes(), &Limits::default()).unwrap();
    (conversion.told, again)
}

/// What a component says, in words that do not depend on the format.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Facts {
    name: String,
    version: Option<String>,
    purls: Vec<String>,
    cpes: Vec<String>,
    hashes: Vec<String>,
    licences: Vec<String>,
    supplier: Option<String>,
    maker: Option<String>,
}

fn facts(one: &Component, explained: &HashMap<String, String>) -> Facts {
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all.dedup();
        all
    };
    let bare = |text: &str| text.replace(['-', '_'], "").to_lowercase();
    let line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Facts {
        // An empty name stands nowhere; SPDX asks for one.
        name: if one.name.is_empty() { "NOASSERTION".to_owned() } else { one.name.clone() },
        version: one.version.clone().filter(|text| !text.is_empty()),
        purls: sorted(one.purls.clone()),
        cpes: sorted(one.cpes.clone()),
        hashes: sorted(
            one.hashes.iter().map(|sum| format!("{}:{}", bare(&sum.algorithm), sum.value)).collect(),
        ),
        licences: sorted(
            one.licences.iter().map(|text| explained.get(text).unwrap_or(text).clone()).collect(),
        ),
        supplier: one.supplier.as_ref().map(line),
        maker: one.maker.as_ref().map(line),
    }
}

/// Names of the licences that an SPDX document explains.
fn explained(reading: &Reading) -> HashMap<String, String> {
    let Document::Json(node) = &reading.document else { return HashMap::new() };
    let all = node.list("hasExtractedLicensingInfos").iter();
    all.filter_map(|one| Some((one.str("licenseId")?.to_owned(), one.str("name")?.to_owned()))).collect()
}

/// Where something is told, without its members.
fn is_told(told: &Told, place: &Place) -> bool {
    told.kept.iter().any(|one| match (&one.place, place) {
        (Place::Pointer(at), Place::Pointer(of)) => {
            at.strip_prefix(&**of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        (at, of) => at == of,
    })
}

fn counted<T: Ord>(all: impl Iterator<Item = T>) -> BTreeMap<T, i64> {
    let mut counts = BTreeMap::new();
    all.for_each(|one| *counts.entry(one).or_insert(0) += 1);
    counts
}

/// The dependencies of a bill by the facts of their ends, with the places that state them.
fn dependencies<'r>(reading: &'r Reading) -> Vec<((Facts, Facts), Place)> {
    let explained = explained(reading);
    let by: HashMap<&str, &Component> = reading
        .sbom
        .components
        .iter()
        .rev()
        .filter_map(|one| Some((one.reference.as_deref()?, one)))
        .collect();
    let end = |name: &str| by.get(name).map(|one| facts(one, &explained));
    let mut seen = HashSet::new();
    let one = |one: &'r cyber::sbom::Relationship| {
        let (from, to) = match one.kind.as_str() {
            "DEPENDS_ON" => (one.from.as_str(), one.to.as_str()),
            "DEPENDENCY_OF" => (one.to.as_str(), one.from.as_str()),
            _ => return None,
        };
        // What is stated twice is one dependency.
        let pair = (end(from)?, end(to)?);
        seen.insert((from, to)).then(|| (pair, one.place.clone()))
    };
    reading.sbom.relationships.iter().filter_map(one).collect()
}

/// What differs between a bill and what it was converted into without being told.
fn differing(of: &Reading, told: &Told, into: &Reading) -> Vec<String> {
    let mut wrong = Vec::new();
    if of.sbom.components.len() != into.sbom.components.len() {
        wrong.push(format!("{} components, then {}", of.sbom.components.len(), into.sbom.components.len()));
    }
    if told.total > told.kept.len() {
        return wrong;
    }
    let explained_there = explained(into);
    let mut there = counted(into.sbom.components.iter().map(|one| facts(one, &explained_there)));
    let names_of_licences = explained(of);
    let mut renamed = false;
    for one in &of.sbom.components {
        let mine = facts(one, &names_of_licences);
        match there.get_mut(&mine) {
            Some(count) if *count > 0 => *count -= 1,
            _ if is_told(told, &one.place) => renamed = true,
            _ => wrong.push(format!("{} {mine:?}", one.place)),
        }
    }
    // Facts that changed change the ends of dependencies, too; then only their number can be compared.
    let mut edges = counted(dependencies(into).into_iter().map(|(pair, _)| pair));
    let lost = dependencies(of).into_iter().filter(|(pair, place)| match edges.get_mut(pair) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => pair.0 != pair.1 && !is_told(told, place),
    });
    let lost: Vec<_> = lost.collect();
    let distinct = |reading: &Reading| dependencies(reading).into_iter().map(|(pair, _)| pair).collect();
    let (here, there): (Vec<_>, Vec<_>) = (distinct(of), distinct(into));
    let unique = |all: Vec<(Facts, Facts)>| counted(all.into_iter().filter(|(a, b)| a != b)).len();
    let is_lost = if renamed { unique(there) < unique(here) } else { !lost.is_empty() };
    if let Some(((from, to), place)) = lost.first().filter(|_| is_lost) {
        wrong.push(format!("{} dependencies; {place}: {} → {}", lost.len(), from.name, to.name));
    }
    wrong
}

/// Converts, holds the outcome to its format's own check, and goes back.
fn there_and_back(bills: Vec<(String, Reading)>, target: &str, back: impl Fn(&Reading) -> String) {
    let (mut wrong, mut reasons) = (Vec::new(), BTreeMap::new());
    let (mut same, count) = (0, bills.len());
    for (name, reading) in bills {
        let (told, other) = converted(&reading, target);
        let (told_back, again) = converted(&other, &back(&reading));
        told.kept.iter().for_each(|one| *reasons.entry(one.why).or_insert(0) += 1);
        for bill in [&other, &again] {
            if let Some(first) = bill.deviations.iter().find(|one| one.grade == Grade::Error) {
                wrong.push(format!("{name} as {}: {first}", bill.sbom.version));
            }
        }
        let there = differing(&reading, &told, &other);
        let home = differing(&other, &told_back, &again);
        same += usize::from(facts_of(&reading) == facts_of(&again));
        wrong.extend(there.iter().take(3).map(|one| format!("{name} there: {one}")));
        wrong.extend(home.iter().take(3).map(|one| format!("{name} back: {one}")));
    }
    println!("{count} bills to {target} and back, {same} with every component the same; told {reasons:?}");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

fn facts_of(reading: &Reading) -> BTreeMap<Facts, i64> {
    let explained = explained(reading);
    counted(reading.sbom.components.iter().map(|one| facts(one, &explained)))
}

#[test]
fn bills_of_the_real_world_say_the_same_as_cyclonedx_and_back_in_spdx() {
    there_and_back(portfolio(), "cyclonedx-1.6-json", |_| "spdx-2.3".to_owned());
}

#[test]
fn valid_bills_in_cyclonedx_say_the_same_as_spdx_and_back() {
    there_and_back(valid_cyclonedx(), "spdx-2.3", |reading| {
        format!("cyclonedx-{}-json", reading.sbom.version)
    });
}

#[test]
fn valid_bills_in_cyclonedx_say_the_same_as_spdx_3_and_back() {
    there_and_back(valid_cyclonedx(), "spdx-3.0", |reading| {
        format!("cyclonedx-{}-json", reading.sbom.version)
    });
}

fn bill(text: &str) -> Reading {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

fn reasons(told: &Told) -> Vec<(String, String, Why)> {
    told.kept.iter().map(|one| (one.place.to_string(), one.what.clone(), one.why)).collect()
}

#[test]
fn a_person_stays_a_person_where_there_is_a_place_and_is_told_where_there_is_none() {
    let spdx = bill(
        r#"{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","name":"n","dataLicense":"CC0-1.0",
        "documentNamespace":"https://example.org/n","creationInfo":{"created":"2026-01-01T00:00:00Z",
        "creators":["Person: Jane Doe","Organization: ACME","Organization: Other"]},"packages":[
        {"SPDXID":"SPDXRef-a","name":"a","downloadLocation":"NOASSERTION","supplier":"Person: John Roe",
        "originator":"Person: Ann Poe","filesAnalyzed":false}]}"#,
    );
    let (told, cyclonedx) = converted(&spdx, "cyclonedx-1.6-json");
    let Document::Json(node) = &cyclonedx.document else { panic!() };
    let metadata = node.get("metadata").unwrap();
    assert_eq!(metadata.get("manufacturer").and_then(|one| one.str("name")), Some("ACME"));
    let authors: Vec<_> = metadata.list("authors").iter().map(|one| one.str("name").unwrap()).collect();
    assert_eq!(authors, ["Jane Doe", "Other"]);
    assert_eq!(node.list("components")[0].list("authors")[0].str("name"), Some("Ann Poe"));
    let told = reasons(&told);
    assert!(told.iter().any(|(_, what, why)| what == "Other" && *why == Why::Replaced), "{told:?}");
    assert!(told.iter().any(|(_, what, why)| what == "John Roe" && *why == Why::Replaced), "{told:?}");

    let (_, again) = converted(&cyclonedx, "spdx-2.3");
    let Document::Json(node) = &again.document else { panic!() };
    let creators: Vec<_> = node.get("creationInfo").unwrap().list("creators").to_vec();
    let creators: Vec<_> = creators.iter().map(|one| one.as_str().unwrap()).collect();
    assert!(
        creators.contains(&"Person: Jane Doe") && creators.contains(&"Organization: ACME"),
        "{creators:?}"
    );
    assert_eq!(node.list("packages")[0].str("originator"), Some("Person: Ann Poe"));

    let (told, older) = converted(&spdx, "cyclonedx-1.4-json");
    let Document::Json(node) = &older.document else { panic!() };
    // Until 1.5 `manufacture` is who made the product, of which the bill says nothing.
    assert!(node.get("metadata").unwrap().get("manufacture").is_none());
    assert!(reasons(&told).iter().any(|(place, ..)| place.contains("manufacturer")), "{told:?}");
}

#[test]
fn new_references_and_what_is_filled_in_are_told_with_their_number() {
    let cyclonedx = bill(
        r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[
        {"type":"library","bom-ref":"pkg:npm/a@1","group":"@g","name":"a","version":"1","purl":"pkg:npm/%40g/a@1",
         "publisher":"P","authors":[{"name":"A"},{"name":"B"}]},
        {"type":"library","bom-ref":"SPDXRef-b","group":"org.x","name":"b","version":"1",
         "licenses":[{"license":{"id":"MIT"}},{"license":{"id":"ISC"}}]}],
        "dependencies":[{"ref":"pkg:npm/a@1","dependsOn":["SPDXRef-b"]}]}"#,
    );
    let (told, spdx) = converted(&cyclonedx, "spdx-2.2");
    let told = reasons(&told);
    let says = |place: &str, what: &str, why: Why| {
        assert!(
            told.iter().any(|one| one.0.contains(place) && one.1.contains(what) && one.2 == why),
            "{place} {what} {why:?}: {told:#?}"
        );
    };
    says("", "SPDXID × 1", Why::Renamed);
    says("", "downloadLocation: NOASSERTION × 2", Why::Filled);
    says("/packages", "copyrightText: NOASSERTION × 2", Why::Filled);
    says("/packages", "licenseDeclared: NOASSERTION × 1", Why::Filled);
    says("/components/0/authors/0/name", "name", Why::NoPlace);
    says("/components/0/authors/1/name", "name", Why::NoPlace);
    says("/components/1", "org.x", Why::NoPlace);
    says("/components/1", "licenses", Why::Replaced);
    assert!(!told.iter().any(|one| one.1 == "@g"), "the package URL says the group: {told:#?}");
    assert_eq!(spdx.errors, 0, "{:?}", spdx.deviations);
}

#[test]
fn licences_concluded_and_declared_apart_are_told() {
    let spdx = bill(
        r#"{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","name":"n","dataLicense":"CC0-1.0",
        "documentNamespace":"https://example.org/n","creationInfo":{"created":"2026-01-01T00:00:00Z",
        "creators":["Tool: t"]},"packages":[{"SPDXID":"SPDXRef-a","name":"a","downloadLocation":"NOASSERTION",
        "licenseConcluded":"MIT","licenseDeclared":"MIT OR ISC","filesAnalyzed":false},
        {"SPDXID":"SPDXRef-b","name":"b","downloadLocation":"NOASSERTION","licenseConcluded":"NOASSERTION",
        "licenseDeclared":"ISC","filesAnalyzed":false}]}"#,
    );
    let (told, _) = converted(&spdx, "cyclonedx-1.6-json");
    let told = reasons(&told);
    assert!(told.iter().any(|one| one.0.contains("/packages/0/licenseConcluded")), "{told:?}");
    assert!(!told.iter().any(|one| one.0.contains("/packages/1/license")), "{told:?}");
}
