//! One valid advisory of CSAF 2.1, and how others are made of it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// An advisory on a pump: a fixed and an affected version, the affected one on a host, and a score.
pub(crate) fn valid() -> Value {
    json!({
        "$schema": "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json",
        "document": {
            "category": "csaf_security_advisory",
            "csaf_version": "2.1",
            "distribution": {"tlp": {"label": "CLEAR"}},
            "lang": "en",
            "notes": [{"category": "summary", "text": "The pump stops.", "title": "Summary"}],
            "publisher": {"category": "vendor", "name": "Maker", "namespace": "https://maker.example"},
            "references": [{"category": "external", "summary": "A talk", "url": "https://talks.example/pump"}],
            "title": "A pump that stops",
            "tracking": {
                "current_release_date": "2026-02-01T00:00:00Z",
                "id": "M-2026-1",
                "initial_release_date": "2026-01-15T00:00:00Z",
                "revision_history": [
                    {"date": "2026-01-15T00:00:00Z", "number": "1", "summary": "First"},
                    {"date": "2026-02-01T00:00:00Z", "number": "2", "summary": "Second"}
                ],
                "status": "final",
                "version": "2"
            }
        },
        "product_tree": {
            "branches": [{"category": "vendor", "name": "Maker", "branches": [
                {"category": "product_name", "name": "Pump", "branches": [
                    {"category": "product_version_range", "name": "vers:intdot/<4.2",
                     "product": {"name": "Pump before 4.2", "product_id": "OLD"}},
                    {"category": "product_version", "name": "4.2",
                     "product": {"name": "Pump 4.2", "product_id": "NEW"}}
                ]}
            ]}],
            "full_product_names": [{"name": "Workstation", "product_id": "HOST"}],
            "product_groups": [{"group_id": "GROUP", "product_ids": ["OLD", "ON"]}],
            "product_paths": [{
                "beginning_product_reference": "OLD",
                "full_product_name": {"name": "Pump before 4.2 on Workstation", "product_id": "ON"},
                "subpaths": [{"category": "installed_on", "next_product_reference": "HOST"}]
            }]
        },
        "vulnerabilities": [{
            "cve": "CVE-2026-1000",
            "metrics": [{
                "content": {"cvss_v3": {"version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                    "baseScore": 9.8, "baseSeverity": "CRITICAL"}},
                "products": ["OLD"]
            }],
            "notes": [{"category": "description", "text": "A packet stops the pump."}],
            "product_status": {"fixed": ["NEW"], "known_affected": ["OLD", "ON"]},
            "remediations": [{"category": "vendor_fix", "details": "Install 4.2.", "group_ids": ["GROUP"]}]
        }]
    })
}

/// The advisory with values at some pointers; `null` takes away what stands there, and the length of a list appends to it.
pub(crate) fn with(changes: &[(&str, Value)]) -> Value {
    let mut document = valid();
    for (pointer, value) in changes {
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        match document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")) {
            Value::Array(items) => {
                let index: usize = last.parse().unwrap();
                if index == items.len() {
                    items.push(value.clone());
                } else {
                    items[index] = value.clone();
                }
            }
            Value::Object(members) if value.is_null() => drop(members.remove(last)),
            Value::Object(members) => drop(members.insert(last.to_owned(), value.clone())),
            other => panic!("{parent} is {other}"),
        }
    }
    document
}

/// The tests that a document fails. Each departure stands in the document, and has both texts.
pub(crate) fn failing(document: &Value) -> Vec<&'static str> {
    let checked = cyber::csaf::check(document.to_string().as_bytes()).unwrap();
    for departure in &checked.departures {
        let text = departure.kind.text();
        assert!(!text.ja.is_empty() && !text.en.is_empty(), "{departure:?}");
        assert!(document.pointer(&departure.place).is_some() || departure.test == "schema", "{departure}");
    }
    checked.departures.iter().map(|one| one.test).collect::<BTreeSet<_>>().into_iter().collect()
}

/// One change, by which a document fails exactly one test.
#[track_caller]
pub(crate) fn fails(test: &'static str, changes: &[(&str, Value)]) {
    assert_eq!(failing(&with(changes)), [test], "{changes:?}");
}

/// One change, by which a document nearly fails.
#[track_caller]
pub(crate) fn passes(changes: &[(&str, Value)]) {
    assert_eq!(failing(&with(changes)), [""; 0], "{changes:?}");
}
