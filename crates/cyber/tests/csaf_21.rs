//! CSAF 2.1 (Committee Specification Draft 03): for every mandatory test a document that fails it and nothing else, and one that nearly does.
//! Each is one valid advisory with a few values changed.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "csaf_21/advisory.rs"]
mod advisory;
#[path = "csaf_21/documents.rs"]
mod documents;
#[path = "csaf_21/products.rs"]
mod products;
#[path = "csaf_21/profiles.rs"]
mod profiles;
#[path = "csaf_21/vulnerabilities.rs"]
mod vulnerabilities;

use advisory::{failing, with};
use cyber::csaf::{Edition, WarningKind, check};
use serde_json::json;

#[test]
fn the_advisory_that_all_others_are_made_of_is_valid() {
    let checked = check(with(&[]).to_string().as_bytes()).unwrap();
    assert_eq!(checked.departures, []);
    assert_eq!((checked.edition, checked.warnings.len()), (Edition::V21, 0));
}

#[test]
fn the_shape_is_the_later_one_and_closed() {
    for (pointer, value) in [
        ("/$schema", json!(null)),
        ("/$schema", json!("https://docs.oasis-open.org/csaf/csaf/v2.1/csaf_json_schema.json")),
        ("/document/distribution", json!(null)),
        ("/document/distribution/tlp/label", json!("WHITE")),
        ("/document/publisher/contact_details", json!("https://maker.example/")),
        ("/document/publisher/contact", json!({"public_openpgp_key_url": "https://maker.example/key.asc"})),
        ("/document/publisher/category", json!("reseller")),
        ("/document/note", json!("x")),
        ("/product_tree/relationships", json!([{}])),
        ("/product_tree/branches/0/category", json!("legacy")),
        ("/product_tree/full_product_names/0/product_identification_helper", json!({"purl": "pkg:npm/a@1"})),
        (
            "/product_tree/full_product_names/0/product_identification_helper",
            json!({"purls": ["pkg:NPM/a@1"]}),
        ),
        ("/product_tree/full_product_names/0/product_identification_helper", json!({"skus": ["a", "a"]})),
        ("/vulnerabilities/0/scores", json!([])),
        ("/vulnerabilities/0/cwe", json!({"id": "CWE-79", "name": "x"})),
        ("/vulnerabilities/0/release_date", json!("2026-01-10T00:00:00Z")),
        (
            "/vulnerabilities/0/metrics/0/content/epss",
            json!({"percentile": "2", "probability": "0.1", "timestamp": "2026-01-02T00:00:00Z"}),
        ),
        ("/vulnerabilities/0/metrics/0/content", json!({"qualitative_severity_rating": "severe"})),
        ("/document/x_extensions", json!([])),
    ] {
        assert_eq!(failing(&with(&[(pointer, value)])), ["schema"], "{pointer}");
    }
    for (pointer, value) in [
        ("/document/publisher/contact", json!({"details": "by mail", "email": "psirt@maker.example"})),
        ("/document/publisher/category", json!("multiplier")),
        ("/document/distribution/tlp/label", json!("AMBER+STRICT")),
        ("/product_tree/branches/0/category", json!("platform")),
        ("/vulnerabilities/0/product_status/unknown", json!(["HOST"])),
        ("/vulnerabilities/0/discovery_date", json!("2026-01-10T00:00:00Z")),
    ] {
        assert_eq!(failing(&with(&[(pointer, value)])), [""; 0], "{pointer}");
    }
}

#[test]
fn what_cannot_be_tested_is_told_and_counts_not_against_the_document() {
    let extension = json!([{"$schema": "https://maker.example/schema/pump-metric_1.0.0.json", "category": "supplementary",
        "content": {"pressure": 3}, "critical": false}]);
    for pointer in [
        "/x_extensions",
        "/document/x_extensions",
        "/product_tree/full_product_names/0/x_extensions",
        "/vulnerabilities/0/x_extensions",
        "/vulnerabilities/0/metrics/0/content/x_extensions",
    ] {
        let checked = check(with(&[(pointer, extension.clone())]).to_string().as_bytes()).unwrap();
        assert!(checked.is_valid(), "{pointer}: {:?}", checked.departures);
        let [warning] = &checked.warnings[..] else { panic!("{:?}", checked.warnings) };
        assert_eq!(warning.place, format!("{pointer}/0"));
        assert!(
            matches!(&warning.kind, WarningKind::Extension { category, .. } if category == "supplementary")
        );
        assert!(!warning.kind.text().ja.is_empty());
    }
    let range = "/product_tree/branches/0/branches/0/branches/0/name";
    let checked = check(with(&[(range, json!("vers:tomee/<8.0.1"))]).to_string().as_bytes()).unwrap();
    assert!(checked.is_valid());
    assert_eq!(checked.warnings[0].kind, WarningKind::VersType("tomee".to_owned()));
}

/// Every kind of departure speaks both languages; a document that names its edition only by its schema is checked by it.
#[test]
fn an_empty_document_of_the_later_edition_is_told_what_it_lacks() {
    let text =
        r#"{"$schema": "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json", "document": {}}"#;
    let checked = check(text.as_bytes()).unwrap();
    assert_eq!(checked.edition, Edition::V21);
    assert!(checked.departures.len() > 3);
    for departure in &checked.departures {
        let text = departure.kind.text();
        assert!(!text.ja.is_empty() && !text.en.is_empty() && departure.test == "schema", "{departure}");
    }
}

/// Many remediations of one large group, a long chain of paths, and many parentheses take no longer than their length.
#[test]
fn documents_made_to_take_long_do_not() {
    let products: Vec<_> = (0..3000).map(|n| json!({"name": "n", "product_id": format!("P{n}")})).collect();
    let ids: Vec<String> = (0..3000).map(|n| format!("P{n}")).collect();
    let remediations: Vec<_> =
        (0..3000).map(|n| json!({"category": if n % 2 == 0 { "vendor_fix" } else { "workaround" }, "details": "d", "group_ids": ["ALL"]})).collect();
    let paths: Vec<_> = (0..3000)
        .map(|n| {
            let before = if n == 0 { "OLD".to_owned() } else { format!("C{}", n - 1) };
            json!({"beginning_product_reference": before, "full_product_name": {"name": "c", "product_id": format!("C{n}")},
                "subpaths": [{"category": "installed_on", "next_product_reference": before}]})
        })
        .collect();
    let document = with(&[
        ("/product_tree/full_product_names", json!(products)),
        ("/product_tree/product_groups", json!([{"group_id": "ALL", "product_ids": ids}])),
        ("/product_tree/product_paths", json!(paths)),
        ("/vulnerabilities/0/remediations", json!(remediations)),
        ("/vulnerabilities/0/product_status", json!({"known_affected": ["C2999", "OLD"], "fixed": ["NEW"]})),
        ("/document/license_expression", json!(format!("{}MIT{}", "(".repeat(100_000), ")".repeat(100_000)))),
    ]);
    let begun = std::time::Instant::now();
    assert_eq!(failing(&document), [""; 0]);
    assert!(begun.elapsed().as_secs() < 20);
}
