//! The document itself: languages, revisions, dates, sharing and licence.

use serde_json::{Value, json};

use super::advisory::{failing, fails, passes, with};

const HISTORY: &str = "/document/tracking/revision_history";
const VERSION: &str = "/document/tracking/version";
const STATUS: &str = "/document/tracking/status";
const GROUP: &str = "/document/distribution/sharing_group";
const LABEL: &str = "/document/distribution/tlp/label";
const MAX: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const NIL: &str = "00000000-0000-0000-0000-000000000000";
const SOME: &str = "5f0c1c1e-2b5e-4c3a-9d5f-0a1b2c3d4e5f";

/// A history of numbers, a day after each other from 2026-01-11 on.
fn history(numbers: &[&str]) -> Value {
    let item = |(day, number): (usize, &&str)| json!({"date": format!("2026-01-{}T00:00:00Z", 11 + day), "number": number, "summary": "s"});
    numbers.iter().enumerate().map(item).collect()
}

#[test]
fn test_6_1_12_and_6_1_28_languages() {
    fails("6.1.12", &[("/document/lang", json!("EZ"))]);
    passes(&[("/document/lang", json!("en-GB"))]);
    fails("6.1.28", &[("/document/source_lang", json!("EN"))]);
    passes(&[("/document/source_lang", json!("en-US"))]);
}

#[test]
fn test_6_1_15_a_translation_tells_its_source() {
    let translator = ("/document/publisher/category", json!("translator"));
    fails("6.1.15", std::slice::from_ref(&translator));
    passes(&[translator.clone(), ("/document/source_lang", json!("ja"))]);
    // An empty one has another message, and is no language tag either.
    let empty = with(&[translator, ("/document/source_lang", json!(""))]);
    let checked = cyber::csaf::check(empty.to_string().as_bytes()).unwrap();
    assert!(checked.departures.contains(&cyber::csaf::Departure {
        test: "6.1.15",
        place: "/document/source_lang".to_owned(),
        kind: cyber::csaf::DepartureKind::EmptySourceLanguage,
    }));
}

#[test]
fn test_6_1_14_and_6_1_16_the_history_is_sorted_and_ends_with_the_version() {
    let later_first = json!([
        {"date": "2026-01-15T00:00:00Z", "number": "2", "summary": "s"},
        {"date": "2026-01-14T23:00:00-05:00", "number": "1", "summary": "s"}
    ]);
    assert!(failing(&with(&[(HISTORY, later_first)])).contains(&"6.1.14"));
    let by_zone = json!([
        {"date": "2026-01-15T00:00:00Z", "number": "2", "summary": "s"},
        {"date": "2026-01-15T08:00:00+09:00", "number": "1", "summary": "s"}
    ]);
    passes(&[(HISTORY, by_zone)]);
    fails("6.1.16", &[(VERSION, json!("1"))]);
    passes(&[(HISTORY, history(&["1.0.0", "2.0.0"])), (VERSION, json!("2.0.0+build"))]);
}

#[test]
fn tests_6_1_17_to_6_1_20_drafts_and_releases() {
    let zero = [(HISTORY, history(&["0.9.0"])), (VERSION, json!("0.9.0"))];
    // A number below 1 is no release, and its revision is none either.
    assert_eq!(failing(&with(&zero)), ["6.1.17", "6.1.18"]);
    let mut draft = zero.to_vec();
    draft.push((STATUS, json!("draft")));
    passes(&draft);
    fails("6.1.18", &[(HISTORY, history(&["0", "1", "2"]))]);
    assert_eq!(
        failing(&with(&[
            (HISTORY, history(&["1.0.0", "2.0.0-rc"])),
            (VERSION, json!("2.0.0")),
            (STATUS, json!("draft"))
        ])),
        ["6.1.19"]
    );
    let pre = [(HISTORY, history(&["1.0.0"])), (VERSION, json!("1.0.0-rc"))];
    let found = failing(&with(&pre));
    assert!(found.contains(&"6.1.20") && found.contains(&"6.1.17"), "{found:?}");
    let mut draft = pre.to_vec();
    draft.push((STATUS, json!("draft")));
    passes(&draft);
}

#[test]
fn test_6_1_21_a_number_that_is_left_out_is_told_from_one_that_stands_later() {
    fails("6.1.21", &[(HISTORY, history(&["1", "3"])), (VERSION, json!("3"))]);
    fails("6.1.21", &[(HISTORY, history(&["2"])), (VERSION, json!("2"))]);
    passes(&[(HISTORY, history(&["1.0.0", "1.5.0", "2.0.0"])), (VERSION, json!("2.0.0"))]);
    let moved = with(&[(HISTORY, history(&["1", "3", "2"])), (VERSION, json!("2"))]);
    let checked = cyber::csaf::check(moved.to_string().as_bytes()).unwrap();
    let misplaced = cyber::csaf::DepartureKind::MisplacedRevision("3".to_owned());
    assert!(checked.departures.iter().any(|one| one.kind == misplaced), "{:?}", checked.departures);
}

#[test]
fn tests_6_1_22_and_6_1_30_numbers_stand_once_and_are_of_one_kind() {
    fails("6.1.22", &[(HISTORY, history(&["1", "2", "2"]))]);
    let mixed = failing(&with(&[(HISTORY, history(&["1.0.0", "2"]))]));
    assert_eq!(mixed, ["6.1.30"]);
    passes(&[(HISTORY, history(&["1", "2"]))]);
}

#[test]
fn test_6_1_37_dates_follow_the_rules_of_2_3() {
    let date = "/document/tracking/current_release_date";
    for text in ["2026-02-01t00:00:00Z", "2026-02-01T00:00:00z", "2016-12-31T23:59:60Z"] {
        fails("6.1.37", &[(date, json!(text))]);
    }
    // What is no date-time at all breaks the shape too.
    assert_eq!(failing(&with(&[(date, json!("2026-02-01 00:00:00Z"))])), ["6.1.37", "schema"]);
    for text in ["2026-02-01T00:00:00.5Z", "2026-02-01T00:00:00-00:30"] {
        passes(&[(date, json!(text))]);
    }
    for (place, value) in [
        ("/document/tracking/generator", json!({"date": "2026-01-01t00:00:00Z", "engine": {"name": "e"}})),
        ("/vulnerabilities/0/discovery_date", json!("2026-01-01t00:00:00Z")),
        (
            "/vulnerabilities/0/threats",
            json!([{"category": "impact", "details": "d", "date": "2026-01-01t00:00:00Z"}]),
        ),
        (
            "/vulnerabilities/0/first_known_exploitation_dates",
            json!([{"date": "2026-01-02T00:00:00Z", "exploitation_date": "2026-01-01t00:00:00Z", "product_ids": ["OLD"]}]),
        ),
    ] {
        fails("6.1.37", &[(place, value)]);
    }
}

#[test]
fn tests_6_1_38_to_6_1_41_reserved_sharing_groups() {
    fails("6.1.38", &[(GROUP, json!({"id": MAX, "name": "Public"})), (LABEL, json!("RED"))]);
    passes(&[(GROUP, json!({"id": MAX, "name": "Public"}))]);
    fails("6.1.39", &[(GROUP, json!({"id": SOME}))]);
    fails("6.1.39", &[(GROUP, json!({"id": NIL, "name": "No sharing allowed"}))]);
    passes(&[(GROUP, json!({"id": NIL, "name": "No sharing allowed"})), (STATUS, json!("draft"))]);
    passes(&[(GROUP, json!({"id": SOME, "name": "Hospitals"})), (LABEL, json!("GREEN"))]);
    for name in ["Public", "No sharing allowed"] {
        fails("6.1.40", &[(GROUP, json!({"id": SOME, "name": name})), (LABEL, json!("AMBER"))]);
    }
    passes(&[(GROUP, json!({"id": SOME, "name": "public"})), (LABEL, json!("AMBER"))]);
    fails("6.1.41", &[(GROUP, json!({"id": MAX}))]);
    fails("6.1.41", &[(GROUP, json!({"id": MAX, "name": "Everyone"}))]);
    fails("6.1.41", &[(GROUP, json!({"id": NIL})), (LABEL, json!("RED"))]);
    passes(&[(GROUP, json!({"id": NIL, "name": "No sharing allowed"})), (LABEL, json!("RED"))]);
}

#[test]
fn tests_6_1_54_and_6_1_55_licences() {
    let licence = "/document/license_expression";
    for text in ["Use it as you like.", "MIT OR", "DocumentRef-a:LicenseRef-b.example-c"] {
        fails("6.1.54", &[(licence, json!(text))]);
    }
    for text in ["CC-BY-4.0", "MIT OR any-OSI", "LicenseRef-scancode-public-domain"] {
        passes(&[(licence, json!(text))]);
    }
    let own = (licence, json!("LicenseRef-maker.example-notes-1.0"));
    let note = |category: &str, title: &str| {
        ("/document/notes/1", json!({"category": category, "title": title, "text": "You may."}))
    };
    fails("6.1.55", std::slice::from_ref(&own));
    fails("6.1.55", &[own.clone(), note("other", "License")]);
    let again =
        ("/document/notes/2", json!({"category": "legal_disclaimer", "title": "License", "text": "t"}));
    fails("6.1.55", &[own.clone(), note("legal_disclaimer", "License"), again]);
    passes(&[own.clone(), note("legal_disclaimer", "License")]);
    passes(&[own, ("/document/lang", json!("ja"))]);
}

#[test]
fn test_6_1_60_1_extensions_have_the_shape_of_the_standard() {
    let extension = |schema: &str| json!([{"$schema": schema, "category": "essential", "content": {"a": 1}, "critical": true}]);
    let schema = "https://maker.example/a/schema/pump_1.2.0.json";
    passes(&[("/x_extensions", extension(schema))]);
    for wrong in ["http://maker.example/schema/pump_1.2.0.json", "https://maker.example/schema/pump.json"] {
        fails("6.1.60.1", &[("/x_extensions", extension(wrong))]);
    }
    for (member, value) in [
        ("critical", json!(null)),
        ("category", json!("critical")),
        ("content", json!({})),
        ("more", json!(1)),
    ] {
        let mut document = with(&[("/vulnerabilities/0/x_extensions", extension(schema))]);
        let item =
            document.pointer_mut("/vulnerabilities/0/x_extensions/0").unwrap().as_object_mut().unwrap();
        if value.is_null() {
            item.remove(member);
        } else {
            item.insert(member.to_owned(), value);
        }
        assert_eq!(failing(&document), ["6.1.60.1"], "{member}");
    }
}
