//! Profiles: which categories are theirs, and what each asks for.

use serde_json::{Value, json};

use super::advisory::{failing, fails, passes, with};

const CATEGORY: &str = "/document/category";
const STATUS: &str = "/vulnerabilities/0/product_status";

/// The changes that make the advisory one of another profile, and some more.
fn of(category: &str, changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut all = vec![(CATEGORY, json!(category))];
    if matches!(category, "csaf_withdrawn" | "csaf_superseded") {
        let title = if category == "csaf_withdrawn" {
            "Reasoning for Withdrawal"
        } else {
            "Reasoning for Supersession"
        };
        all.push(("/product_tree", Value::Null));
        all.push(("/vulnerabilities", Value::Null));
        all.push((
            "/document/notes",
            json!([{"category": "description", "title": title, "text": "It was wrong."}]),
        ));
        all.push(("/document/references/0/summary", json!("Superseding Document M-2026-2")));
    }
    if category == "csaf_informational_advisory" {
        all.push(("/vulnerabilities", Value::Null));
    }
    all.extend(changes.iter().cloned());
    all
}

#[test]
fn every_profile_has_a_valid_advisory() {
    for category in [
        "csaf_base",
        "csaf_security_advisory",
        "csaf_deprecated_security_advisory",
        "csaf_vex",
        "csaf_security_incident_response",
        "csaf_informational_advisory",
        "csaf_withdrawn",
        "csaf_superseded",
        "Example Company Security Notice",
    ] {
        passes(&of(category, &[]));
    }
}

#[test]
fn test_6_1_26_names_of_profiles_are_kept() {
    for category in ["Csaf_a", "csafvex", "V_eX", "withdrawn", "CSafDeprecatedSecurity\u{2014}Advisory"] {
        fails("6.1.26", &of(category, &[]));
    }
}

#[test]
fn tests_6_1_27_1_to_6_1_27_3_information() {
    for category in ["csaf_security_incident_response", "csaf_informational_advisory"] {
        fails("6.1.27.1", &of(category, &[("/document/notes/0/category", json!("legal_disclaimer"))]));
        fails("6.1.27.2", &of(category, &[("/document/references/0/category", json!("self"))]));
        passes(&of(category, &[("/document/references/0/category", Value::Null)]));
    }
    for category in ["csaf_informational_advisory", "csaf_withdrawn", "csaf_superseded"] {
        fails("6.1.27.3", &of(category, &[("/vulnerabilities", json!([{"title": "t"}]))]));
    }
}

#[test]
fn tests_6_1_27_4_to_6_1_27_6_and_6_1_27_11_advisories() {
    for category in ["csaf_security_advisory", "csaf_deprecated_security_advisory", "csaf_vex"] {
        assert!(failing(&with(&of(category, &[("/product_tree", Value::Null)]))).contains(&"6.1.27.4"));
        fails("6.1.27.5", &of(category, &[("/vulnerabilities/0/notes", Value::Null)]));
        fails("6.1.27.11", &of(category, &[("/vulnerabilities", Value::Null)]));
    }
    fails("6.1.27.6", &of("csaf_deprecated_security_advisory", &[(STATUS, Value::Null)]));
    let investigated = (STATUS, json!({"under_investigation": ["OLD"]}));
    passes(&of("csaf_deprecated_security_advisory", &[investigated]));
}

#[test]
fn tests_6_1_27_7_to_6_1_27_10_vex() {
    let vex = |changes: &[(&'static str, Value)]| of("csaf_vex", changes);
    fails("6.1.27.7", &vex(&[(STATUS, json!({"first_fixed": ["NEW"]}))]));
    passes(&vex(&[(STATUS, json!({"under_investigation": ["HOST"]}))]));
    fails("6.1.27.8", &vex(&[("/vulnerabilities/0/cve", Value::Null)]));
    let ids = |ids: Value| vex(&[("/vulnerabilities/0/cve", Value::Null), ("/vulnerabilities/0/ids", ids)]);
    passes(&ids(json!([{"system_name": "s", "text": "1"}])));
    fails("6.1.27.8", &ids(json!([{"system_name": "s", "text": "1", "group_ids": ["GROUP"]}])));
    passes(&ids(json!([
        {"system_name": "s", "text": "1", "group_ids": ["GROUP"]},
        {"system_name": "s", "text": "2", "product_ids": ["NEW"]}
    ])));
    let cleared = ("/vulnerabilities/0/product_status/known_not_affected", json!(["HOST"]));
    fails("6.1.27.9", &vex(std::slice::from_ref(&cleared)));
    let flag = json!([{"label": "component_not_present", "product_ids": ["HOST"]}]);
    passes(&vex(&[cleared, ("/vulnerabilities/0/flags", flag)]));
    fails(
        "6.1.27.10",
        &vex(&[(
            "/vulnerabilities/0/remediations/0",
            json!({"category": "mitigation", "details": "d", "product_ids": ["OLD"]}),
        )]),
    );
}

#[test]
fn test_6_1_27_12_a_security_advisory_names_affected_products() {
    fails("6.1.27.12", &[(STATUS, json!({"under_investigation": ["OLD"]}))]);
    fails("6.1.27.12", &[(STATUS, json!({"first_affected": ["OLD"]}))]);
    passes(&[(STATUS, json!({"known_affected": ["OLD"]}))]);
}

/// A product of the same maker.
fn monitor() -> Value {
    json!({"category": "product_name", "name": "Monitor", "product": {"name": "Monitor", "product_id": "MONITOR"}})
}

#[test]
fn test_6_1_27_13_a_fixed_product_has_an_affected_version() {
    // Another product of the maker is affected, and the pump on it, but no version of what was fixed.
    let monitor = ("/product_tree/branches/0/branches/1", monitor());
    let on_monitor = (
        "/product_tree/product_paths/1",
        json!({"beginning_product_reference": "OLD", "full_product_name": {"name": "n", "product_id": "ON-MONITOR"},
            "subpaths": [{"category": "installed_on", "next_product_reference": "MONITOR"}]}),
    );
    for other in ["MONITOR", "ON-MONITOR"] {
        let status = (STATUS, json!({"fixed": ["NEW"], "known_affected": [other]}));
        fails("6.1.27.13", &[monitor.clone(), on_monitor.clone(), status]);
    }
    passes(&[monitor, (STATUS, json!({"fixed": ["NEW"], "known_affected": ["MONITOR", "OLD"]}))]);
    // The pump with a patch is the fixed one, and the pump alone the affected one.
    let path = |relation: &str| {
        json!({"beginning_product_reference": "OLD", "full_product_name": {"name": "Patched", "product_id": "PATCHED"},
            "subpaths": [{"category": relation, "next_product_reference": "HOST"}]})
    };
    let status = (STATUS, json!({"fixed": ["PATCHED"], "known_affected": ["OLD"]}));
    passes(&[("/product_tree/product_paths/1", path("installed_with")), status.clone()]);
    // A name outside the branches cannot be compared: the host may be a version of what it is.
    passes(&[(STATUS, json!({"fixed": ["HOST"], "known_affected": ["OLD"]}))]);
    passes(&[("/product_tree/product_paths/1", path("installed_on")), status]);
}

#[test]
fn tests_6_1_27_14_to_6_1_27_18_what_is_retired_holds_nothing_and_says_why() {
    for (category, test, title) in [
        ("csaf_withdrawn", "6.1.27.17", "Reasoning for Withdrawal"),
        ("csaf_superseded", "6.1.27.18", "Reasoning for Supersession"),
    ] {
        let notes = |category: &str, title: &str| {
            ("/document/notes", json!([{"category": category, "title": title, "text": "t"}]))
        };
        assert_eq!(failing(&with(&of(category, &[notes("summary", title)]))), ["6.1.27.14", test]);
        fails(test, &of(category, &[notes("description", "Why")]));
        fails("6.1.27.14", &of(category, &[notes("summary", "Why"), ("/document/lang", json!("ja"))]));
        passes(&of(category, &[notes("description", "理由"), ("/document/lang", json!("ja"))]));
        passes(&of(category, &[("/document/lang", Value::Null)]));
        let twice = json!({"category": "description", "title": title, "text": "t"});
        fails(test, &of(category, &[("/document/notes/1", twice)]));
        fails(
            "6.1.27.15",
            &of(
                category,
                &[("/product_tree", json!({"full_product_names": [{"name": "n", "product_id": "P"}]}))],
            ),
        );
        let one = json!([{"date": "2026-01-15T00:00:00Z", "number": "1", "summary": "s"}]);
        let single =
            [("/document/tracking/revision_history", one), ("/document/tracking/version", json!("1"))];
        fails("6.1.27.16", &of(category, &single));
    }
}

#[test]
fn test_6_1_27_19_what_supersedes_is_named() {
    let summary = "/document/references/0/summary";
    fails("6.1.27.19", &of("csaf_superseded", &[(summary, json!("The Superseding Document"))]));
    for category in [json!("self"), Value::Null] {
        fails("6.1.27.19", &of("csaf_superseded", &[("/document/references/0/category", category)]));
    }
    passes(
        &of("csaf_superseded", &[(summary, json!("新版")), ("/document/lang", json!("ja"))])
            .into_iter()
            .chain([("/document/notes/0/title", json!("理由"))])
            .collect::<Vec<_>>(),
    );
    passes(&of("csaf_withdrawn", &[(summary, json!("A talk"))]));
}
