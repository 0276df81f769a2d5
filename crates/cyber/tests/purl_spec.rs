//! The tests of the package URL specification itself (`purl-spec-tests.tar.gz`): read, build and bring into canonical form, as declared.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::borrow::Cow;

use cyber::name::purl::{Parts, Purl, PurlError};
use serde_json::{Value, json};

#[test]
fn every_test_of_the_specification_passes() {
    let Some(files) = common::files_of("purl-spec-tests.tar.gz") else { return };
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, text) in &files {
        let document: Value = serde_json::from_str(text).unwrap();
        for test in document["tests"].as_array().unwrap() {
            match outcome(test) {
                Ok(()) => passed += 1,
                Err(found) => {
                    failed.push(format!("{name}: {} {}: {found}", test["test_type"], test["input"]));
                }
            }
        }
    }
    println!("{passed} passed, {} failed\n{}", failed.len(), failed.join("\n"));
    assert!(passed > 0 && failed.is_empty());
}

/// Whether a test passes; otherwise what came out.
fn outcome(test: &Value) -> Result<(), String> {
    let input = &test["input"];
    let result = match test["test_type"].as_str().unwrap() {
        "parse" => Purl::parse(input.as_str().unwrap()).map(|purl| parts_of(&purl)),
        "roundtrip" | "validate" => {
            Purl::parse_lenient(input.as_str().unwrap()).map(|purl| json!(purl.to_string()))
        }
        "build" => build(input).map(|purl| json!(purl.to_string())),
        other => panic!("unknown kind of test: {other}"),
    };
    match (result, test["expected_failure"].as_bool().unwrap()) {
        (Err(_), true) => Ok(()),
        (Ok(found), false) if found == test["expected_output"] => Ok(()),
        (result, _) => Err(format!("{result:?}")),
    }
}

fn parts_of(purl: &Purl) -> Value {
    let qualifiers: serde_json::Map<String, Value> =
        purl.qualifiers().map(|(key, value)| (key.to_owned(), json!(value))).collect();
    json!({
        "type": purl.kind(),
        "namespace": purl.namespace(),
        "name": purl.name(),
        "version": purl.version(),
        "qualifiers": if qualifiers.is_empty() { Value::Null } else { qualifiers.into() },
        "subpath": purl.subpath(),
    })
}

fn build(input: &Value) -> Result<Purl, PurlError> {
    let text = |key: &str| Cow::from(input[key].as_str().unwrap_or_default());
    let qualifiers = input["qualifiers"].as_object().into_iter().flatten();
    Purl::build(Parts {
        kind: text("type"),
        namespace: text("namespace"),
        name: text("name"),
        version: text("version"),
        qualifiers: qualifiers.map(|(key, value)| (key.into(), value.as_str().unwrap().into())).collect(),
        subpath: text("subpath"),
    })
}
