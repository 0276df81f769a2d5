//! The standard's own test documents (OASIS, `csaf_2.0/test`), and advisories on medical devices as CISA published them.

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

#[test]
fn documents_for_the_other_tests_pass_all_mandatory_ones() {
    let Some(files) = common::corpus("csaf-2.0-tests.tar.gz") else { return };
    let others = |path: &str| path.contains("/data/optional/") || path.contains("/data/informative/");
    let mut refused = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| others(path)) {
        for departure in cyber::csaf::check(bytes).unwrap().departures {
            refused.push(format!("{path}: {departure}"));
        }
    }
    println!("{}", refused.join("\n"));
}

#[test]
fn advisories_on_medical_devices_are_accepted() {
    let Some(files) = common::corpus("icsma-csaf-a.tar.gz") else { return };
    let mut refused = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".json")) {
        for departure in cyber::csaf::check(bytes).unwrap().departures {
            refused.push(format!("{path}: {departure}"));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn what_is_no_advisory_is_refused_without_harm() {
    assert!(cyber::csaf::check(b"").is_err());
    assert!(cyber::csaf::check(&b"[".repeat(1000)).is_err());
    for text in ["null", "[]", "{}", r#"{"document": 1, "product_tree": [], "vulnerabilities": {}}"#] {
        assert!(failing(text.as_bytes()).contains("schema"), "{text}");
    }
}
