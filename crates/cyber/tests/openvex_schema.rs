//! Our table of OpenVEX against the schema that the project publishes, read by a slow validator of its own: the same documents are accepted,
//! the same refused, whatever member is taken away, added or made another type.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use cyber::document::{Limits, Place};
use cyber::vex::{
    DeviationKind, Format, Head, Product, Statement, Status, Thing, Vulnerability, read, write,
};
use serde_json::{Value, json};

fn schema() -> Option<Value> {
    let files = common::corpus("openvex-schema.tar.gz")?;
    let (_, bytes) = files.iter().find(|(path, _)| path.ends_with("openvex_json_schema.json")).unwrap();
    Some(serde_json::from_slice(bytes).unwrap())
}

/// The keywords that the schema uses (JSON Schema 2020-12); formats are annotations there.
fn holds(root: &Value, schema: &Value, value: &Value) -> bool {
    let Some(rules) = schema.as_object() else { return schema != &Value::Bool(false) };
    rules.iter().all(|(keyword, rule)| match keyword.as_str() {
        "$ref" => holds(root, root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap(), value),
        "type" => match rule.as_str().unwrap() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            other => panic!("{other}"),
        },
        "enum" => rule.as_array().unwrap().contains(value),
        "const" => rule == value,
        "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
        "uniqueItems" => value
            .as_array()
            .is_none_or(|items| items.iter().enumerate().all(|(at, one)| !items[..at].contains(one))),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|one| holds(root, rule, one))),
        "required" => value.as_object().is_none_or(|members| {
            rule.as_array().unwrap().iter().all(|name| members.contains_key(name.as_str().unwrap()))
        }),
        "properties" => value.as_object().is_none_or(|members| {
            members.iter().all(|(name, one)| rule.get(name).is_none_or(|shape| holds(root, shape, one)))
        }),
        "additionalProperties" => value.as_object().is_none_or(|members| {
            rule != &Value::Bool(false) || members.keys().all(|name| schema["properties"].get(name).is_some())
        }),
        "anyOf" => rule.as_array().unwrap().iter().any(|one| holds(root, one, value)),
        "allOf" => rule.as_array().unwrap().iter().all(|one| holds(root, one, value)),
        "if" => !holds(root, rule, value) || holds(root, &schema["then"], value),
        "then" | "$schema" | "$id" | "$defs" | "title" | "description" | "format" => true,
        other => panic!("{other}"),
    })
}

/// What our table finds, and nothing that goes beyond the schema.
fn found(document: &Value) -> Vec<String> {
    let reading = read(document.to_string().as_bytes(), &Limits::default()).unwrap();
    let shapes = reading.deviations.iter().filter(|one| matches!(one.kind, DeviationKind::Shape(_)));
    shapes.map(ToString::to_string).collect()
}

fn sound() -> Value {
    json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://a.example/1", "author": "A", "role": "maker", "version": 1,
        "timestamp": "2026-01-02T03:04:05Z", "last_updated": "2026-01-02T03:04:05Z", "tooling": "t", "statements": [
        {"@id": "https://a.example/1#1", "version": 2, "vulnerability": {"@id": "https://a.example/v", "name": "CVE-1", "description": "d",
            "aliases": ["GHSA-1"]}, "timestamp": "2026-01-02T03:04:05Z", "last_updated": "2026-01-02T03:04:05Z", "products": [{"@id": "pkg:npm/a",
            "identifiers": {"purl": "pkg:npm/a", "cpe22": "cpe:/a:b:c", "cpe23": "cpe:2.3:a:b:c:*:*:*:*:*:*:*:*"}, "hashes": {"sha-256": "ab",
            "md5": "cd"}, "subcomponents": [{"@id": "pkg:npm/b"}, {"identifiers": {"purl": "pkg:npm/c"}, "hashes": {"sha1": "ef"}}]}],
            "status": "not_affected", "supplier": "s", "status_notes": "n", "justification": "component_not_present"},
        {"vulnerability": {"name": "CVE-2"}, "status": "not_affected", "impact_statement": "i"},
        {"vulnerability": {"name": "CVE-3"}, "status": "affected", "action_statement": "a",
            "action_statement_timestamp": "2026-01-02T03:04:05Z"},
        {"vulnerability": {"name": "CVE-4"}, "status": "under_investigation"}, {"vulnerability": {"name": "CVE-5"}, "status": "fixed"}]})
}

/// Every value of a document, by its JSON pointer.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, one) in members {
                pointers(one, &format!("{at}/{name}"), all);
            }
        }
        Value::Array(items) => {
            for (index, one) in items.iter().enumerate() {
                pointers(one, &format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
}

fn without(document: &Value, pointer: &str) -> Value {
    let mut changed = document.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match changed.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.remove(name)),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        _ => {}
    }
    changed
}

#[test]
fn the_table_accepts_and_refuses_what_the_schema_does() {
    let Some(schema) = schema() else { return };
    let sound = sound();
    assert!(holds(&schema, &schema, &sound) && found(&sound).is_empty(), "{:?}", found(&sound));
    let mut all = Vec::new();
    pointers(&sound, "", &mut all);
    let (mut cases, mut refused) = (0, 0);
    let mut compare = |document: &Value, what: &str| {
        let (valid, found) = (holds(&schema, &schema, document), found(document));
        assert_eq!(valid, found.is_empty(), "{what}: {found:?}");
        cases += 1;
        refused += usize::from(!valid);
    };
    for pointer in all.iter().filter(|pointer| !pointer.is_empty()) {
        // Without its context a document is no OpenVEX 0.2.0, which tells its version by it alone.
        if pointer != "/@context" {
            compare(&without(&sound, pointer), &format!("without {pointer}"));
        }
        for other in [json!(null), json!(true), json!(0), json!([]), json!({}), json!(["x"]), json!({"x": 1})]
        {
            if pointer == "/@context" {
                continue;
            }
            let mut changed = sound.clone();
            *changed.pointer_mut(pointer).unwrap() = other.clone();
            compare(&changed, &format!("{pointer} = {other}"));
        }
        if let Some(Value::Array(items)) = sound.pointer(pointer) {
            let mut changed = sound.clone();
            changed.pointer_mut(pointer).unwrap().as_array_mut().unwrap().push(items[0].clone());
            compare(&changed, &format!("{pointer} with its first item twice"));
        }
        if let Some(Value::Object(_)) = sound.pointer(pointer) {
            let mut changed = sound.clone();
            changed.pointer_mut(pointer).unwrap()["other"] = json!("x");
            compare(&changed, &format!("{pointer} with another member"));
        }
    }
    for (pointer, word) in [
        ("/statements/0/status", "affected"),
        ("/statements/1/status", "affected"),
        ("/statements/3/status", "x"),
    ] {
        let mut changed = sound.clone();
        *changed.pointer_mut(pointer).unwrap() = json!(word);
        compare(&changed, &format!("{pointer} = {word}"));
    }
    println!("{cases} documents, {refused} of them refused");
    assert!(refused > 0 && refused < cases);
}

#[test]
fn what_is_written_holds_to_the_schema() {
    let Some(schema) = schema() else { return };
    let place = Place::Pointer("".into());
    for status in [Status::NotAffected, Status::Affected, Status::Fixed, Status::UnderInvestigation] {
        let thing = |name: &str| Thing { name: Some(name.to_owned()), ..Thing::default() };
        let statement = Statement {
            place: place.clone(),
            vulnerability: Vulnerability { id: "CVE-1".to_owned(), aliases: vec!["GHSA-1".to_owned()] },
            products: vec![Product {
                place: place.clone(),
                thing: thing("pump"),
                parts: vec![thing("jam"), thing("jelly")],
            }],
            status: Some(status),
            said: String::new(),
            justification: None,
            impact: Some("never called".to_owned()),
            action: Some("update".to_owned()),
            responses: vec!["update".to_owned()],
            notes: Some("n".to_owned()),
            timestamp: Some("2026-01-02T03:04:05Z".to_owned()),
        };
        let head = Head {
            id: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".to_owned(),
            author: "A".to_owned(),
            namespace: None,
            title: String::new(),
            timestamp: "2026-01-02T03:04:05Z".to_owned(),
            earlier: vec!["2026-01-01T03:04:05Z".to_owned()],
        };
        let written = write(Format::OpenVex, &head, &[statement]).unwrap();
        let document: Value = serde_json::from_str(&written.text).unwrap();
        assert!(holds(&schema, &schema, &document), "{}", written.text);
    }
}
