//! The standard's own test documents (OASIS, `csaf_2.0/test`), and advisories on medical devices as CISA published them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The tests that fail for a document.
fn failing(bytes: &[u8]) -> BTreeSet<&'static str> {
    cyber::csaf::check(bytes).unwrap().departures.iter().map(|one| one.test).collect()
}

#[test]
fn every_test_of_the_standard_fails_where_it_must_and_nowhere_else() {
    let Some(files) = common::corpus("csaf-2.0-tests.tar.gz") else { return };
    let data = "test/validator/data/";
    let files: BTreeMap<String, Vec<u8>> = files
        .into_iter()
        .filter_map(|(path, bytes)| Some((path.split_once(data)?.1.to_owned(), bytes)))
        .collect();
    let list: Value = serde_json::from_slice(&files["testcases.json"]).unwrap();
    let (mut seen, mut wrong) = (0, Vec::new());
    for test in list["tests"].as_array().unwrap().iter().filter(|test| test["group"] == "mandatory") {
        let id = test["id"].as_str().unwrap();
        for (kind, must_fail) in [("failures", true), ("valid", false)] {
            for name in test[kind].as_array().into_iter().flatten().map(|one| one["name"].as_str().unwrap()) {
                seen += 1;
                let found = failing(&files[name]);
                let right = if must_fail {
                    found.contains(id) && !found.contains("schema")
                } else {
                    found.is_empty()
                };
                if !right {
                    wrong.push(format!("{name} ({kind} of {id}): {found:?}"));
                }
                if must_fail && found.len() > 1 {
                    println!("{name} fails more tests than {id}: {found:?}");
                }
            }
        }
    }
    println!("{} of {seen} documents", seen - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 0);
}

/// Documents for optional and informative tests are valid ones, but for two: they use a hash algorithm twice for one file, which 6.1.25
/// forbids, while the list of the test documents calls them valid.
#[test]
fn documents_for_the_other_tests_pass_all_mandatory_ones() {
    let Some(files) = common::corpus("csaf-2.0-tests.tar.gz") else { return };
    let others = |path: &str| path.contains("/data/optional/") || path.contains("/data/informative/");
    let mut seen = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| others(path)) {
        let twice = path.ends_with("6-2-08-02.json") || path.ends_with("6-2-09-02.json");
        let expected = if twice { BTreeSet::from(["6.1.25"]) } else { BTreeSet::new() };
        assert_eq!(failing(bytes), expected, "{path}");
        seen += 1;
    }
    assert!(seen > 0);
}

/// Some of them name a single version `vers:all/*`, which is a range of all versions (6.1.31); nothing else is found.
#[test]
fn advisories_on_medical_devices_are_accepted() {
    let Some(files) = common::corpus("icsma-csaf-a.tar.gz") else { return };
    let (mut seen, mut valid) = (0, 0);
    for (path, bytes) in &files {
        let checked = cyber::csaf::check(bytes).unwrap();
        for departure in &checked.departures {
            let name = checked.document.pointer(&departure.place).and_then(Value::as_str);
            assert_eq!((departure.test, name), ("6.1.31", Some("vers:all/*")), "{path}: {departure}");
        }
        seen += 1;
        valid += usize::from(checked.is_valid());
    }
    println!("{valid} of {seen} advisories are valid");
    assert!(seen > 0);
}

#[test]
fn what_is_no_advisory_is_refused_without_harm() {
    assert!(cyber::csaf::check(b"").is_err());
    assert!(cyber::csaf::check(&b"[".repeat(1000)).is_err());
    for text in ["null", "[]", "{}", r#"{"document": 1, "product_tree": [], "vulnerabilities": {}}"#] {
        assert!(failing(text.as_bytes()).contains("schema"), "{text}");
    }
}

/// Every departure has a place in the document and both texts, whatever becomes of the document.
#[test]
fn broken_documents_are_told_at_their_places() {
    let Some(files) = common::corpus("csaf-2.0-tests.tar.gz") else { return };
    for (path, bytes) in files.iter().filter(|(path, _)| path.contains("/data/mandatory/")) {
        for (at, byte) in bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).step_by(7) {
            let mut broken = bytes.clone();
            broken[at] = if *byte == b'9' { b'0' } else { byte + 1 };
            let Ok(checked) = cyber::csaf::check(&broken) else { continue };
            for departure in &checked.departures {
                let text = departure.kind.text();
                assert!(!text.ja.is_empty() && !text.en.is_empty(), "{departure:?}");
                let is_there = checked.document.pointer(&departure.place).is_some();
                assert!(is_there || departure.test == "schema", "{path}: {departure}");
            }
        }
    }
}
