//! The parts of a device as one bill: nothing that a scan finds in a part is lost, nothing is added, and where each component comes from is
//! kept.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeSet;

use cyber::advisory::osv;
use cyber::document::Limits;
use cyber::index::{Index, build};
use cyber::matching::{Wanted, scan};
use cyber::sbom::convert::Circumstances;
use cyber::sbom::merge::{Merged, PART, Part, Product, merge};
use cyber::sbom::{Document, Reading, read, write};
use proptest::prelude::*;

const WITH: Circumstances<'static> = Circumstances {
    now: Some("2026-11-28T00:00:00Z"),
    identity: Some("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"),
    tool: Some("shirube 1"),
};
const PUMP: Product<'static> = Product { name: "Pump", version: "2", supplier: Some("Maker") };

fn merged(parts: &[(&str, &Reading)]) -> (Merged, Reading) {
    let parts: Vec<Part<'_>> = parts.iter().map(|(name, reading)| Part { name, reading }).collect();
    let merged = merge(&parts, &PUMP, &WITH);
    let text = write(&Document::Json(merged.document.clone()));
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    (merged, reading)
}

fn bill(text: &str) -> Reading {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

fn index(archives: &[&str]) -> Vec<u8> {
    let mut advisories = Vec::new();
    for (name, bytes) in archives.iter().filter_map(|archive| common::corpus(archive)).flatten() {
        let advisory = match name.rsplit('.').next() {
            Some("json") => osv::read_json(&bytes),
            Some("yaml" | "yml") => osv::read_yaml(&bytes),
            _ => continue,
        };
        if let Ok(read) = advisory {
            advisories.push(read.value);
        }
    }
    build(advisories).unwrap()
}

/// What a scan finds: package URL, advisory, answer.
fn found(index: &[u8], reading: &Reading) -> BTreeSet<String> {
    let index = Index::open(index).unwrap();
    let scan = scan(&index, reading.sbom.components.iter().map(Wanted::from)).unwrap();
    let findings = scan.reached.iter().flat_map(|reached| {
        reached.findings.iter().map(|one| format!("{} {} {:?}", reached.name, one.advisory.id, one.verdict))
    });
    findings.collect()
}

fn part(subject: &str, components: &str, dependencies: &str) -> Reading {
    bill(&format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {{"timestamp": "2026-01-02T03:04:05Z",
            "component": {{"type": "firmware", "name": "{subject}", "bom-ref": "root"}}}},
            "components": [{components}], "dependencies": [{dependencies}]}}"#
    ))
}

const ZLIB: &str = r#"{"type": "library", "name": "zlib", "version": "1.2", "bom-ref": "z", "purl": "pkg:generic/zlib@1.2",
    "hashes": [{"alg": "SHA-1", "content": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}]}"#;

#[test]
fn the_device_is_the_subject_and_each_parts_subject_stands_beneath() {
    let firmware = part("firmware", ZLIB, r#"{"ref": "root", "dependsOn": ["z"]}"#);
    let app = part("app", &ZLIB.replace("1.2\"", "1.3\""), r#"{"ref": "root", "dependsOn": ["z"]}"#);
    let (merged, reading) = merged(&[("firmware.json", &firmware), ("app.json", &app)]);
    assert_eq!(reading.errors, 0, "{:?}", reading.deviations);
    let sbom = &reading.sbom;
    assert_eq!(sbom.components[sbom.subjects[0]].name, "Pump");
    let of = |from: &str| -> Vec<&str> {
        sbom.relationships.iter().filter(|one| one.from == from).map(|one| one.to.as_str()).collect()
    };
    assert_eq!(of("device"), ["root", "part2/root"]);
    assert_eq!(of("root"), ["z"]);
    assert_eq!(of("part2/root"), ["part2/z"]);
    let renamed: Vec<_> = merged.renamed.iter().map(|(part, old, new)| (*part, &**old, &**new)).collect();
    assert_eq!(renamed, [(1, "root", "part2/root"), (1, "z", "part2/z")]);
}

#[test]
fn components_become_one_only_where_what_identifies_them_agrees() {
    let other_hash = ZLIB.replace("da39", "ffff");
    let named = r#"{"type": "library", "name": "zlib"}"#;
    for (left, right, unified) in [
        (ZLIB, ZLIB, 1),
        (ZLIB, &*other_hash, 0),
        (named, named, 0),
        (
            r#"{"type": "library", "name": "a", "version": "1"}"#,
            r#"{"type": "library", "name": "a", "version": "1"}"#,
            1,
        ),
        (
            r#"{"type": "library", "name": "a", "version": "1"}"#,
            r#"{"type": "library", "name": "a", "version": "1", "group": "g"}"#,
            0,
        ),
    ] {
        let (left, right) = (part("l", left, ""), part("r", right, ""));
        let (merged, reading) = merged(&[("l.json", &left), ("r.json", &right)]);
        assert_eq!(merged.unified, unified);
        assert_eq!(reading.sbom.components.len(), 5 - unified);
    }
}

#[test]
fn a_bill_that_is_given_twice_is_one_part_and_told() {
    let part = part("l", &format!("{ZLIB}, {}", r#"{"type": "library", "name": "named"}"#), "");
    let (once, _) = merged(&[("l.json", &part)]);
    for name in ["l.json", "copy.json"] {
        let (twice, _) = merged(&[("l.json", &part), (name, &part)]);
        assert_eq!(twice.document, once.document);
        let [_, told] = &twice.told[..] else { panic!("{:?}", twice.told) };
        assert_eq!((told.kept[0].what.as_str(), told.kept[0].why.code()), (name, "twice"));
    }
}

/// Files in two folders may bear one name.
#[test]
fn parts_of_one_name_are_still_two_parts() {
    let (merged, _) = merged(&[("bom.json", &part("l", ZLIB, "")), ("bom.json", &part("r", ZLIB, ""))]);
    assert_eq!(merged.unified, 1);
}

#[test]
fn a_part_without_a_subject_bears_the_name_of_its_document_and_contains_its_packages() {
    let spdx = bill(
        r#"{"SPDXID": "SPDXRef-DOCUMENT", "spdxVersion": "SPDX-2.3", "name": "image", "dataLicense": "CC0-1.0",
        "documentNamespace": "https://a.example/n", "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: t"]},
        "packages": [{"SPDXID": "SPDXRef-a", "name": "a", "downloadLocation": "NONE"}, {"SPDXID": "SPDXRef-b", "name": "b",
        "downloadLocation": "NONE"}, {"SPDXID": "SPDXRef-c", "name": "c", "downloadLocation": "NONE"}, {"SPDXID": "SPDXRef-d", "name": "d",
        "downloadLocation": "NONE"}], "relationships": [
        {"spdxElementId": "SPDXRef-a", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-b"},
        {"spdxElementId": "SPDXRef-c", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-d"},
        {"spdxElementId": "SPDXRef-d", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-c"}]}"#,
    );
    let (_, reading) = merged(&[("image.spdx.json", &spdx), ("l.json", &part("l", ZLIB, ""))]);
    assert_eq!(reading.errors, 0, "{:?}", reading.deviations);
    let sbom = &reading.sbom;
    let image = sbom.components.iter().find(|one| one.name == "image").unwrap().reference.as_deref().unwrap();
    let name = |reference: &str| {
        sbom.components.iter().find(|one| one.reference.as_deref() == Some(reference)).unwrap().name.clone()
    };
    let below: Vec<String> =
        sbom.relationships.iter().filter(|one| one.from == image).map(|one| name(&one.to)).collect();
    assert_eq!(below, ["a", "c"], "and of a circle its first");
    assert!(sbom.relationships.iter().any(|one| one.from == "device" && one.to == image));
}

#[test]
fn every_component_says_from_which_parts_it_comes() {
    let (left, right) = (part("l", ZLIB, ""), part("r", ZLIB, ""));
    let (merged, _) = merged(&[("l.json", &left), ("r.json", &right)]);
    let parts = |component: &cyber::document::json::Node| -> Vec<String> {
        let all = component.list("properties").iter().filter(|one| one.str("name") == Some(PART));
        all.map(|one| one.str("value").unwrap().to_owned()).collect()
    };
    let told: Vec<_> = merged.document.list("components").iter().map(parts).collect();
    assert_eq!(told, [vec!["l.json"], vec!["l.json", "r.json"], vec!["r.json"]]);
}

#[test]
fn what_a_merged_bill_cannot_carry_of_a_part_is_told() {
    let part = bill(
        r#"{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "d", "dataLicense": "CC0-1.0",
        "documentNamespace": "https://a.example/d", "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: t-1"]},
        "packages": [{"SPDXID": "SPDXRef-a", "name": "a", "downloadLocation": "https://a.example/a.tgz"}]}"#,
    );
    let (merged, reading) = merged(&[("a.spdx.json", &part)]);
    assert_eq!(reading.errors, 0, "{:?}", reading.deviations);
    assert!(merged.told[0].kept.iter().any(|one| one.place.to_string() == "/packages/0/downloadLocation"));
    let names: Vec<_> = reading.sbom.components.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Pump", "d", "a"], "a part without a subject gets one of its document's name");
}

#[test]
fn a_scan_of_the_merged_bill_finds_what_the_scans_of_its_parts_find() {
    let Some(files) = common::corpus("spdx-portfolio-260.tar.gz") else { return };
    let index = index(&["osv-go.tar.gz", "osv-pypi.tar.gz", "osv-crates.tar.gz"]);
    // Every third of those below 1 MB, in groups of three; a device has few parts.
    let bills: Vec<(String, Reading)> = files
        .into_iter()
        .filter(|(name, bytes)| name.rsplit('.').next() == Some("json") && bytes.len() < 1_000_000)
        .step_by(3)
        .map(|(name, bytes)| (name, read(&bytes, &Limits::default()).unwrap()))
        .collect();
    let mut findings = 0;
    for group in bills.chunks(3) {
        let parts: Vec<(&str, &Reading)> = group.iter().map(|(name, reading)| (&**name, reading)).collect();
        let (_, whole) = merged(&parts);
        let union: BTreeSet<String> = group.iter().flat_map(|(_, part)| found(&index, part)).collect();
        findings += union.len();
        assert_eq!(found(&index, &whole), union, "{}", group[0].0);
    }
    println!("{} bills, {findings} findings", bills.len());
}

fn component() -> impl Strategy<Value = String> {
    let purl = prop_oneof![
        Just(String::new()),
        (0..4_u8, 0..4_u8).prop_map(|(name, version)| format!(r#", "purl": "pkg:pypi/p{name}@{version}""#)),
    ];
    let hash = prop_oneof![
        Just(String::new()),
        (0..2_u8).prop_map(|byte| format!(
            r#", "hashes": [{{"alg": "MD5", "content": "{}"}}]"#,
            byte.to_string().repeat(32)
        )),
    ];
    (0..3_u8, purl, hash, prop::option::of(0..5_u8)).prop_map(|(name, purl, hash, reference)| {
        let reference = reference.map_or_else(String::new, |number| format!(r#", "bom-ref": "r{number}""#));
        format!(r#"{{"type": "library", "name": "n{name}", "version": "1"{purl}{hash}{reference}}}"#)
    })
}

proptest! {
    #[test]
    fn the_scan_of_any_merged_bill_is_the_union_of_its_parts(
        parts in prop::collection::vec(prop::collection::vec(component(), 0..6), 1..4)
    ) {
        let mut advisories = Vec::new();
        for name in 0..4 {
            let text = format!(
                r#"{{"id": "X-{name}", "modified": "m", "affected": [{{"package": {{"ecosystem": "PyPI", "name": "p{name}"}},
                    "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "1"}}, {{"fixed": "3"}}]}}]}}]}}"#
            );
            advisories.push(osv::read_json(text.as_bytes()).unwrap().value);
        }
        let index = build(advisories).unwrap();
        let readings: Vec<Reading> = parts.iter().map(|part_of| part("s", &part_of.join(","), "")).collect();
        let names: Vec<String> = (0..readings.len()).map(|number| format!("p{number}.json")).collect();
        let all: Vec<(&str, &Reading)> = names.iter().map(String::as_str).zip(&readings).collect();
        let (merged, whole) = merged(&all);
        let union: BTreeSet<String> = readings.iter().flat_map(|one| found(&index, one)).collect();
        prop_assert_eq!(found(&index, &whole), union);
        // Bills that are the same are one part.
        let others = readings.iter().enumerate().filter(|(at, one)| readings[..*at].iter().all(|earlier| earlier.document != one.document));
        let count: usize = others.map(|(_, one)| one.sbom.components.len()).sum();
        prop_assert_eq!(whole.sbom.components.len() + merged.unified, count + 1);
    }
}
