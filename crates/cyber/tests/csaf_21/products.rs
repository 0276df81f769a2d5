//! The product tree: ids, branches, and how products are identified.

use serde_json::{Value, json};

use super::advisory::{failing, fails, passes, with};

const HELPER: &str = "/product_tree/full_product_names/0/product_identification_helper";
const PUMP: &str = "/product_tree/branches/0/branches/0";
const RANGE: &str = "/product_tree/branches/0/branches/0/branches/0/name";

#[test]
fn test_6_1_1_products_are_defined() {
    for (place, value) in [
        ("/document/notes/0/product_ids", json!(["NONE"])),
        ("/product_tree/product_groups/0/product_ids/0", json!("NONE")),
        ("/product_tree/product_paths/0/subpaths/0/next_product_reference", json!("NONE")),
        ("/vulnerabilities/0/flags", json!([{"label": "component_not_present", "product_ids": ["NONE"]}])),
        ("/vulnerabilities/0/ids", json!([{"system_name": "s", "text": "t", "product_ids": ["NONE"]}])),
        (
            "/vulnerabilities/0/involvements",
            json!([{"party": "vendor", "status": "open", "product_ids": ["NONE"]}]),
        ),
        ("/vulnerabilities/0/metrics/0/products/1", json!("NONE")),
        ("/vulnerabilities/0/notes/0/product_ids", json!(["NONE"])),
        ("/vulnerabilities/0/product_status/unknown", json!(["NONE"])),
        (
            "/vulnerabilities/0/first_known_exploitation_dates",
            json!([{"date": "2026-01-02T00:00:00Z", "exploitation_date": "2026-01-01T00:00:00Z", "product_ids": ["NONE"]}]),
        ),
    ] {
        fails("6.1.1", &[(place, value)]);
    }
    passes(&[("/document/notes/0/product_ids", json!(["ON"]))]);
}

#[test]
fn tests_6_1_2_and_6_1_5_ids_are_defined_once() {
    fails("6.1.2", &[("/product_tree/full_product_names/1", json!({"name": "n", "product_id": "OLD"}))]);
    passes(&[("/product_tree/full_product_names/1", json!({"name": "n", "product_id": "old"}))]);
    let group = json!({"group_id": "GROUP", "product_ids": ["ON", "HOST"]});
    fails("6.1.5", &[("/product_tree/product_groups/1", group)]);
    passes(&[("/product_tree/product_groups/1", json!({"group_id": "G", "product_ids": ["OLD", "ON"]}))]);
}

#[test]
fn test_6_1_3_paths_lead_into_no_circle() {
    fails("6.1.3", &[("/product_tree/product_paths/0/subpaths/0/next_product_reference", json!("ON"))]);
    let path = |id: &str, beginning: &str, next: &str| {
        json!({"beginning_product_reference": beginning, "full_product_name": {"name": "n", "product_id": id},
            "subpaths": [{"category": "installed_on", "next_product_reference": "HOST"}, {"category": "installed_with", "next_product_reference": next}]})
    };
    fails(
        "6.1.3",
        &[
            ("/product_tree/product_paths/1", path("A", "OLD", "B")),
            ("/product_tree/product_paths/2", path("B", "A", "NEW")),
        ],
    );
    passes(&[
        ("/product_tree/product_paths/1", path("A", "OLD", "NEW")),
        ("/product_tree/product_paths/2", path("B", "A", "NEW")),
    ]);
}

#[test]
fn test_6_1_4_groups_are_defined() {
    for (place, value) in [
        ("/document/notes/0/group_ids", json!(["NONE"])),
        (
            "/vulnerabilities/0/remediations/1",
            json!({"category": "workaround", "details": "d", "group_ids": ["NONE"]}),
        ),
        (
            "/vulnerabilities/0/involvements",
            json!([{"party": "vendor", "status": "open", "group_ids": ["NONE"]}]),
        ),
    ] {
        fails("6.1.4", &[(place, value)]);
    }
    passes(&[("/document/notes/0/group_ids", json!(["GROUP"]))]);
}

#[test]
fn tests_6_1_13_and_6_1_42_package_urls_are_valid_and_differ_in_qualifiers_only() {
    fails("6.1.13", &[(HELPER, json!({"purls": ["pkg:maven/@1.3.4"]}))]);
    passes(&[(HELPER, json!({"purls": ["pkg:maven/com.example/log@1.3.4"]}))]);
    for other in [
        "pkg:maven/com.example/audit@1.3.4",
        "pkg:maven/com.example/log@1.3.5",
        "pkg:maven/org.example/log@1.3.4",
        "pkg:maven/com.example/log@1.3.4#src",
    ] {
        fails("6.1.42", &[(HELPER, json!({"purls": ["pkg:maven/com.example/log@1.3.4", other]}))]);
    }
    passes(&[(
        HELPER,
        json!({"purls": ["pkg:maven/com.example/log@1.3.4?type=jar", "pkg:maven/com.example/log@1.3.4?type=zip"]}),
    )]);
}

#[test]
fn test_6_1_25_hash_algorithms_are_used_once() {
    let hashes = |other: &str| {
        json!({"hashes": [{"filename": "pump.bin", "file_hashes": [
            {"algorithm": "sha256", "value": "ab".repeat(32)}, {"algorithm": other, "value": "cd".repeat(32)}]}]})
    };
    fails("6.1.25", &[(HELPER, hashes("sha256"))]);
    passes(&[(HELPER, hashes("sha3-256"))]);
    assert_eq!(failing(&with(&[(HELPER, hashes("SHA512"))])), ["schema"]);
}

#[test]
fn tests_6_1_43_6_1_44_and_6_1_61_a_star_stands_once() {
    for (test, list) in [("6.1.43", "model_numbers"), ("6.1.44", "serial_numbers"), ("6.1.61", "skus")] {
        for text in ["P*A*", "*-*", r"\\*A*"] {
            fails(test, &[(HELPER, json!({list: [text]}))]);
        }
        for text in ["P*A?", r"P\*A*", r"\**", r"\\\*A*", "2024-??"] {
            passes(&[(HELPER, json!({list: [text]}))]);
        }
    }
}

#[test]
fn test_6_1_31_a_version_is_no_range() {
    let name = "/product_tree/branches/0/branches/0/branches/1/name";
    fails("6.1.31", &[(name, json!("prior to 4.2"))]);
    fails("6.1.31", &[(name, json!("<4.2"))]);
    passes(&[(name, json!("4.2-all"))]);
}

/// A product under as many branches.
fn deep(branches: usize) -> Value {
    let product =
        json!({"category": "product_name", "name": "n", "product": {"name": "n", "product_id": "DEEP"}});
    let family = |below: Value| json!({"category": "product_family", "name": "f", "branches": [below]});
    (1..branches).fold(product, |below, _| family(below))
}

#[test]
fn test_6_1_34_products_stand_under_at_most_thirty_branches() {
    fails("6.1.34", &[("/product_tree/branches/1", deep(31))]);
    passes(&[("/product_tree/branches/1", deep(30))]);
}

#[test]
fn tests_6_1_50_and_6_1_59_ranges_are_ranges_in_canonical_form() {
    for name in ["all versions < 4.2", "vers:intdot/*", "vers:intdot/<4.2|<5", "vers:npm/<5.0.0|>=2.0.0"] {
        fails("6.1.50", &[(RANGE, json!(name))]);
    }
    for name in ["vers:all/*", "vers:intdot/<4.2", "<4.2", ">=4|!=4.1|<4.2"] {
        passes(&[(RANGE, json!(name))]);
    }
    for name in ["vers:intdot/4.1", "4.1"] {
        fails("6.1.59", &[(RANGE, json!(name))]);
    }
    passes(&[(RANGE, json!("vers:intdot/4.1|4.1.1"))]);
}

#[test]
fn tests_6_1_57_and_6_1_58_categories_on_one_path() {
    let nested = |outer: &str, inner: &str, name: &str| {
        let product = json!({"name": "n", "product_id": "DEEP"});
        let inner = json!({"category": inner, "name": name, "product": product});
        [(
            "/product_tree/branches/0/branches/1",
            json!({"category": outer, "name": "4", "branches": [inner]}),
        )]
    };
    fails("6.1.57", &nested("vendor", "product_name", "n"));
    fails("6.1.57", &nested("architecture", "architecture", "n"));
    passes(&nested("product_family", "product_family", "n"));
    fails("6.1.58", &nested("product_version", "product_version_range", "<4.1"));
    passes(&nested("product_name", "product_version_range", "<4.1"));
    // The same categories beside each other are on two paths.
    passes(&[(
        &format!("{PUMP}/branches/2"),
        json!({"category": "product_version", "name": "5", "product": {"name": "n", "product_id": "P5"}}),
    )]);
}
