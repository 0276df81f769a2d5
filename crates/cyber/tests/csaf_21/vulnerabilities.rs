//! Vulnerabilities: states, metrics, weaknesses, remediations, dates.

use serde_json::{Value, json};

use super::advisory::{failing, fails, passes, with};

const METRICS: &str = "/vulnerabilities/0/metrics";
const CONTENT: &str = "/vulnerabilities/0/metrics/0/content";
const STATUS: &str = "/vulnerabilities/0/product_status";
const REMEDIATIONS: &str = "/vulnerabilities/0/remediations";
const BASE: (&str, Value) = ("/document/category", Value::Null);

/// A profile that asks for nothing.
fn base(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut all = vec![(BASE.0, json!("csaf_base"))];
    all.extend(changes.iter().cloned());
    all
}

fn cvss(version: &str) -> Value {
    match version {
        "2.0" => {
            json!({"cvss_v2": {"version": "2.0", "vectorString": "AV:N/AC:L/Au:N/C:C/I:C/A:C", "baseScore": 10.0}})
        }
        "4.0" => json!({"cvss_v4": {"version": "4.0",
            "vectorString": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "baseScore": 9.3, "baseSeverity": "CRITICAL"}}),
        version => json!({"cvss_v3": {"version": version,
            "vectorString": format!("CVSS:{version}/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), "baseScore": 9.8, "baseSeverity": "CRITICAL"}}),
    }
}

#[test]
fn test_6_1_6_states_do_not_contradict_each_other() {
    for state in ["fixed", "known_not_affected", "under_investigation", "unknown"] {
        let status = json!({"known_affected": ["OLD"], state: ["OLD"]});
        assert_eq!(
            failing(&with(&base(&[(STATUS, status), (REMEDIATIONS, Value::Null)]))),
            ["6.1.6"],
            "{state}"
        );
    }
    passes(&[(STATUS, json!({"known_affected": ["OLD"], "last_affected": ["OLD"], "recommended": ["OLD"]}))]);
}

#[test]
fn test_6_1_7_one_score_of_a_version_from_a_source() {
    let twice = |version: &str, source: Option<&str>| {
        let mut second = json!({"content": cvss(version), "products": ["OLD"]});
        if let Some(source) = source {
            second["source"] = json!(source);
        }
        [(METRICS, json!([{"content": cvss(version), "products": ["OLD", "ON"]}, second]))]
    };
    for version in ["2.0", "3.0", "3.1", "4.0"] {
        // Two equal items are one too many for the shape as well, so the second is for fewer products.
        fails("6.1.7", &twice(version, None));
        passes(&twice(version, Some("https://other.example/")));
    }
    passes(&[("/vulnerabilities/0/metrics/1", json!({"content": cvss("4.0"), "products": ["OLD"]}))]);
}

#[test]
fn tests_6_1_8_to_6_1_10_cvss_4() {
    let v4 = |changes: &[(&str, Value)]| {
        let mut content = cvss("4.0");
        for (name, value) in changes {
            if value.is_null() {
                content["cvss_v4"].as_object_mut().unwrap().remove(*name);
            } else {
                content["cvss_v4"][*name] = value.clone();
            }
        }
        [(CONTENT, content)]
    };
    passes(&v4(&[]));
    fails("6.1.8", &v4(&[("baseSeverity", Value::Null)]));
    fails("6.1.8", &v4(&[("threatScore", json!(9.3))]));
    assert!(failing(&with(&v4(&[("attackVector", json!("ADJACENT_NETWORK"))]))).contains(&"6.1.8"));
    let unordered = "CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    assert!(failing(&with(&v4(&[("vectorString", json!(unordered))]))).contains(&"6.1.8"));
    fails("6.1.9", &v4(&[("baseScore", json!(9.4))]));
    fails("6.1.9", &v4(&[("baseSeverity", json!("HIGH"))]));
    // One property for the score of the base group or of all.
    let threat = json!("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:P");
    for score in [10.0, 9.3] {
        passes(&v4(&[("vectorString", threat.clone()), ("baseScore", json!(score))]));
    }
    fails("6.1.9", &v4(&[("vectorString", threat), ("baseScore", json!(9.9))]));
    fails("6.1.10", &v4(&[("attackVector", json!("LOCAL"))]));
    fails("6.1.10", &v4(&[("subIntegrityImpact", json!("HIGH"))]));
    passes(&v4(&[("attackVector", json!("NETWORK")), ("Safety", json!("PRESENT"))]));
}

#[test]
fn tests_6_1_8_to_6_1_10_the_earlier_versions() {
    for version in ["2.0", "3.0", "3.1"] {
        passes(&[(CONTENT, cvss(version))]);
    }
    let v3 = "/vulnerabilities/0/metrics/0/content/cvss_v3";
    fails("6.1.8", &[(&format!("{v3}/baseSeverity"), Value::Null)]);
    fails("6.1.9", &[(&format!("{v3}/baseScore"), json!(9.7))]);
    fails("6.1.10", &[(&format!("{v3}/scope"), json!("CHANGED"))]);
}

#[test]
fn test_6_1_11_weaknesses_exist_and_bear_their_names() {
    let cwes = |id: &str, name: &str| {
        [("/vulnerabilities/0/cwes", json!([{"id": id, "name": name, "version": "4.13"}]))]
    };
    let scripting = "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')";
    passes(&cwes("CWE-79", scripting));
    fails("6.1.11", &cwes("CWE-79", "Improper Input Validation"));
    // A category.
    fails("6.1.11", &cwes("CWE-16", "Configuration"));
}

#[test]
fn tests_6_1_23_and_6_1_24_a_cve_and_a_party_stand_once() {
    let second =
        |cve: &str| [("/document/category", json!("csaf_base")), ("/vulnerabilities/1", json!({"cve": cve}))];
    fails("6.1.23", &second("CVE-2026-1000"));
    passes(&second("CVE-2026-1001"));
    let involved = |date: &str| {
        [(
            "/vulnerabilities/0/involvements",
            json!([
                {"party": "vendor", "status": "open", "date": "2026-01-01T09:00:00+09:00"},
                {"party": "vendor", "status": "completed", "date": date}
            ]),
        )]
    };
    fails("6.1.24", &involved("2026-01-01T00:00:00Z"));
    passes(&involved("2026-01-01T09:00:00Z"));
}

#[test]
fn tests_6_1_29_6_1_32_and_6_1_33_remediations_and_flags() {
    fails(
        "6.1.29",
        &[("/vulnerabilities/0/remediations/1", json!({"category": "workaround", "details": "d"}))],
    );
    let flags = |flags: Value| [("/vulnerabilities/0/flags", flags)];
    fails("6.1.32", &flags(json!([{"label": "component_not_present"}])));
    let flag = |label: &str, ids: &str, id: &str| json!({"label": label, ids: [id]});
    fails(
        "6.1.33",
        &flags(json!([
            flag("component_not_present", "group_ids", "GROUP"),
            flag("vulnerable_code_not_present", "product_ids", "ON")
        ])),
    );
    passes(&flags(json!([
        flag("component_not_present", "group_ids", "GROUP"),
        flag("vulnerable_code_not_present", "product_ids", "HOST")
    ])));
}

/// Remediations of some categories, the first for the group of the product and the others for it alone.
fn treated(categories: &[&str]) -> Value {
    let one = |(index, category): (usize, &&str)| match index {
        0 => json!({"category": category, "details": "d", "group_ids": ["GROUP"]}),
        _ => json!({"category": category, "details": "d", "product_ids": ["ON"]}),
    };
    categories.iter().enumerate().map(one).collect()
}

#[test]
fn test_6_1_35_remediations_do_not_exclude_each_other() {
    let investigated = (STATUS, json!({"under_investigation": ["OLD", "ON"]}));
    for pair in [
        ["vendor_fix", "no_fix_planned"],
        ["vendor_fix", "fix_planned"],
        ["none_available", "workaround"],
        ["none_available", "mitigation"],
        ["optional_patch", "vendor_fix"],
        ["optional_patch", "workaround"],
        ["fix_planned", "no_fix_planned"],
    ] {
        fails("6.1.35", &base(&[investigated.clone(), (REMEDIATIONS, treated(&pair))]));
        fails("6.1.35", &base(&[investigated.clone(), (REMEDIATIONS, treated(&[pair[1], pair[0]]))]));
    }
    for pair in [
        ["vendor_fix", "workaround"],
        ["mitigation", "workaround"],
        ["no_fix_planned", "mitigation"],
        ["fix_planned", "workaround"],
        ["vendor_fix", "vendor_fix"],
    ] {
        passes(&base(&[investigated.clone(), (REMEDIATIONS, treated(&pair))]));
    }
}

#[test]
fn test_6_1_36_remediations_fit_the_state() {
    let of = |state: &str, category: &str| {
        base(&[(STATUS, json!({state: ["OLD", "ON"]})), (REMEDIATIONS, treated(&[category]))])
    };
    for (state, category) in [
        ("known_not_affected", "vendor_fix"),
        ("known_not_affected", "workaround"),
        ("known_not_affected", "none_available"),
        ("fixed", "mitigation"),
        ("first_fixed", "fix_planned"),
        ("fixed", "no_fix_planned"),
        ("known_affected", "optional_patch"),
        ("last_affected", "optional_patch"),
    ] {
        fails("6.1.36", &of(state, category));
    }
    for (state, category) in [
        ("known_not_affected", "optional_patch"),
        ("known_not_affected", "fix_planned"),
        ("fixed", "optional_patch"),
        ("under_investigation", "vendor_fix"),
        ("unknown", "none_available"),
        ("recommended", "vendor_fix"),
    ] {
        passes(&of(state, category));
    }
}

const LATE: &str = "2026-02-01T09:00:01+09:00";
const IN_TIME: &str = "2026-02-01T09:00:00+09:00";
const DRAFT: (&str, &str) = ("/document/tracking/status", "draft");

#[test]
fn test_6_1_45_what_is_public_was_disclosed() {
    let disclosed = |date: &str| ("/vulnerabilities/0/disclosure_date", json!(date));
    fails("6.1.45", &[disclosed(LATE)]);
    passes(&[disclosed(IN_TIME)]);
    passes(&[disclosed(LATE), ("/document/distribution/tlp/label", json!("GREEN"))]);
    passes(&[disclosed(LATE), (DRAFT.0, json!(DRAFT.1))]);
}

#[test]
fn tests_6_1_51_to_6_1_53_nothing_is_later_than_the_last_revision() {
    let epss = |date: &str| {
        (CONTENT, json!({"epss": {"percentile": "0.99", "probability": "0.97", "timestamp": date}}))
    };
    fails("6.1.51", &[epss(LATE)]);
    passes(&[epss(IN_TIME)]);
    passes(&[epss(LATE), (DRAFT.0, json!(DRAFT.1))]);
    let exploited = |date: &str, exploitation: &str| {
        (
            "/vulnerabilities/0/first_known_exploitation_dates",
            json!([{"date": date, "exploitation_date": exploitation, "product_ids": ["OLD"]}]),
        )
    };
    fails("6.1.52", &[exploited(LATE, IN_TIME)]);
    fails("6.1.52", &[exploited(LATE, LATE)]);
    passes(&[exploited(IN_TIME, IN_TIME)]);
    passes(&[exploited(LATE, LATE), (DRAFT.0, json!(DRAFT.1))]);
    fails("6.1.53", &[exploited("2026-01-05T00:00:00Z", "2026-01-05T00:00:01Z")]);
    passes(&[exploited("2026-01-05T00:00:00Z", "2026-01-05T00:30:00+01:00")]);
    assert_eq!(
        failing(&with(&[(
            "/vulnerabilities/0/first_known_exploitation_dates",
            json!([{"date": "2026-01-05T00:00:00Z", "exploitation_date": "2026-01-01T00:00:00Z"}])
        )])),
        ["schema"]
    );
}

#[test]
fn test_6_1_56_no_rating_beside_cvss() {
    let rated = |products: Value, source: Option<&str>| {
        let mut metric = json!({"content": {"qualitative_severity_rating": "high"}, "products": products});
        if let Some(source) = source {
            metric["source"] = json!(source);
        }
        [("/vulnerabilities/0/metrics/1", metric)]
    };
    fails("6.1.56", &rated(json!(["ON", "OLD"]), None));
    passes(&rated(json!(["ON"]), None));
    passes(&rated(json!(["OLD"]), Some("https://other.example/")));
    let mut both = cvss("2.0");
    both["qualitative_severity_rating"] = json!("high");
    fails("6.1.56", &[(CONTENT, both)]);
}

/// An SSVC object with one selection.
fn ssvc(changes: &[(&str, Value)], selection: Value) -> Vec<(&'static str, Value)> {
    let mut object =
        json!({"schemaVersion": "2.0.0", "timestamp": "2026-01-20T00:00:00Z", "selections": [selection]});
    for (name, value) in changes {
        object[*name] = value.clone();
    }
    vec![(CONTENT, json!({"ssvc_v2": object}))]
}

fn selection(namespace: &str, key: &str, version: &str, values: &[&str]) -> Value {
    let values: Vec<Value> = values.iter().map(|key| json!({"key": key})).collect();
    json!({"namespace": namespace, "key": key, "version": version, "values": values})
}

#[test]
fn test_6_1_46_ssvc_has_its_shape() {
    let sound = || selection("ssvc", "E", "1.1.0", &["A"]);
    passes(&ssvc(&[], sound()));
    fails("6.1.46", &ssvc(&[("schemaVersion", json!("1-0-1"))], sound()));
    fails("6.1.46", &ssvc(&[("selections", json!([]))], sound()));
    fails("6.1.46", &ssvc(&[("id", json!("CVE-2026-1000"))], sound()));
    fails("6.1.46", &ssvc(&[], selection("ssvc", "E", "1.1.0", &[])));
    fails("6.1.46", &ssvc(&[], selection("x_custom", "E", "1.0.0", &["A"])));
}

#[test]
fn test_6_1_47_ssvc_is_about_the_vulnerability() {
    let sound = || selection("ssvc", "E", "1.1.0", &["A"]);
    fails("6.1.47", &ssvc(&[("target_ids", json!(["CVE-2026-1001"]))], sound()));
    fails("6.1.47", &ssvc(&[("target_ids", json!(["M-2026-1"]))], sound()));
    passes(&ssvc(&[("target_ids", json!(["CVE-2026-1000"]))], sound()));
    let mut by_id = ssvc(&[("target_ids", json!(["M-2026-1"]))], sound());
    by_id.push(("/vulnerabilities/0/ids", json!([{"system_name": "Maker", "text": "M-2026-1"}])));
    passes(&by_id);
    // The document's own id, where it has several vulnerabilities, is about none of them.
    by_id.push(("/document/category", json!("csaf_base")));
    by_id.push(("/vulnerabilities/1", json!({"cve": "CVE-2026-1002"})));
    fails("6.1.47", &by_id);
}

#[test]
fn test_6_1_48_decision_points_are_registered_and_in_order() {
    let point = |namespace: &str, key: &str, version: &str, values: &[&str]| {
        ssvc(&[], selection(namespace, key, version, values))
    };
    passes(&point("ssvc", "MI", "1.0.0", &["N", "NED"]));
    passes(&point("cisa", "KEV", "1.0.0", &["N", "Y"]));
    passes(&point("ssvc/de-DE/.maker.example#arch-1", "MI", "1.0.0", &["MF"]));
    passes(&point("x_maker.example#pumps", "P", "1.0.0", &["Z"]));
    passes(&point("test", "P", "1.0.0", &["Z"]));
    fails("6.1.48", &point("ssvc", "MI", "1.0.0", &["N", "D"]));
    fails("6.1.48", &point("ssvc", "MI", "1.0.0", &["NED", "N"]));
    fails("6.1.48", &point("ssvc", "MI", "1.0.0", &["N", "N"]));
    fails("6.1.48", &point("ssvc", "MI", "9.0.0", &["N"]));
    fails("6.1.48", &point("ssvc", "ZZ", "1.0.0", &["N"]));
    fails("6.1.48", &point("ssvc//.maker.example#arch-1", "MI", "1.0.0", &["D"]));
    fails("6.1.48", &point("nist#800-30", "P_5X", "1.0.0", &["H", "L"]));
    fails("6.1.48", &point("invalid", "MI", "1.0.0", &["N"]));
    let named = |namespace: &str, name: &str| {
        ssvc(
            &[],
            json!({"namespace": namespace, "key": "MI", "version": "1.0.0", "values": [{"key": "N", "name": name}]}),
        )
    };
    passes(&named("ssvc", "None"));
    fails("6.1.48", &named("ssvc", "Nothing"));
    passes(&named("ssvc/de-DE", "Keine"));
}

#[test]
fn test_6_1_49_ssvc_is_not_later_than_the_last_revision() {
    let dated = |date: &str| ssvc(&[("timestamp", json!(date))], selection("ssvc", "E", "1.1.0", &["A"]));
    fails("6.1.49", &dated(LATE));
    passes(&dated(IN_TIME));
    let mut draft = dated(LATE);
    draft.push((DRAFT.0, json!(DRAFT.1)));
    passes(&draft);
}
