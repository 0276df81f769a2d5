//! The OpenAPI document and what the API does are the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::{ROOT, openapi, table};
use super::{Site, programme};

fn document() -> Value {
    openapi::of(&shipped::registry().unwrap(), ROOT)
}

/// The methods of every address in the document, registers by their placeholder.
fn described() -> BTreeMap<String, BTreeSet<String>> {
    let registry = shipped::registry().unwrap();
    let methods = ["get", "post", "put", "patch", "delete"];
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        let register = path.strip_prefix("/registers/").and_then(|rest| rest.split('/').next());
        let path = match register {
            Some(register) if registry.get(register).is_some() => path.replacen(register, "{register}", 1),
            _ => path.clone(),
        };
        let there = item.as_object().unwrap().keys().filter(|key| methods.contains(&key.as_str()));
        all.entry(path).or_default().extend(there.map(|method| method.to_uppercase()));
    }
    all
}

#[tokio::test]
async fn every_route_is_in_the_document_and_the_other_way_round() {
    let site = Site::with(Vec::new());
    let mut routes = BTreeMap::new();
    for (path, _) in table() {
        let filled = path.replace("{register}", "programme").replace("{id}", "x").replace("{hook}", "x");
        let answer = site.ask(&format!("OPTIONS {ROOT}{filled}"), &[], "").await;
        let allow = answer.header("allow").split(',').map(str::to_owned);
        let methods: BTreeSet<String> =
            allow.filter(|method| !["HEAD", "OPTIONS", ""].contains(&method.as_str())).collect();
        routes.insert(path.to_owned(), methods);
    }
    assert_eq!(described(), routes);
}

#[test]
fn everything_the_document_refers_to_is_in_it() {
    fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("$ref").and_then(Value::as_str));
                members.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in found {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

#[test]
fn every_shipped_record_is_what_the_document_says() {
    let document = document();
    for record in shipped::records().unwrap() {
        let mut value = serde_json::to_value(&record).unwrap();
        let more = json!({ "version": 1, "seq": 1, "at": "2026-01-01T00:00:00Z", "links": record.links, "sources": record.sources });
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let schema = &document["components"]["schemas"][format!("{}.record", record.register)];
        let faults = faults(&document, schema, &value, &record.reference().to_string());
        assert!(faults.is_empty(), "{faults:?}");
    }
}

#[tokio::test]
async fn answers_are_what_the_document_says() {
    let site = Site::with(vec![programme("p", "灯台")]);
    let token = site.secretariat().await;
    let document = document();
    for (path, template) in [
        ("/registers", "/registers"),
        ("/registers/kgi", "/registers/kgi"),
        ("/registers/programme/records", "/registers/programme/records"),
        ("/registers/programme/records/p", "/registers/programme/records/{id}"),
        ("/registers/programme/records/p/history", "/registers/programme/records/{id}/history"),
        ("/search?q=%E7%81%AF%E5%8F%B0", "/search"),
        ("/changes", "/changes"),
        ("/hooks", "/hooks"),
        ("/plan/follow-up", "/plan/follow-up"),
        ("/plan/checks", "/plan/checks"),
        ("/plan/joins", "/plan/joins"),
    ] {
        let answer = site.get(&format!("{ROOT}{path}"), &token).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let schema =
            &document["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{template}");
        let faults = faults(&document, schema, &answer.body, path);
        assert!(faults.is_empty(), "{faults:?}");
    }
}

/// What speaks against a value, of the words of JSON Schema that the document uses for answers (patterns aside).
fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return faults(document, document.pointer(&reference[1..]).unwrap(), value, at);
    }
    let mut found = Vec::new();
    let mut check = |good: bool, what: &str| {
        if !good {
            found.push(format!("{at}: {what}: {value}"));
        }
    };
    check(types(&schema["type"]).is_none_or(|types| types.iter().any(|kind| is(kind, value))), "type");
    check(schema.get("const").is_none_or(|only| only == value), "const");
    check(schema["enum"].as_array().is_none_or(|all| all.contains(value)), "enum");
    let one = |schema: &Value| faults(document, schema, value, at).is_empty();
    check(schema["anyOf"].as_array().is_none_or(|any| any.iter().any(one)), "anyOf");
    if let Value::Object(members) = value {
        for name in schema["required"].as_array().into_iter().flatten() {
            check(members.contains_key(name.as_str().unwrap()), "required");
        }
        let declared = schema["properties"].as_object();
        for (name, member) in members {
            let here = format!("{at}/{name}");
            match declared.and_then(|declared| declared.get(name)) {
                Some(schema) => found.extend(faults(document, schema, member, &here)),
                None if schema["additionalProperties"] == json!(false) => {
                    found.push(format!("{here}: not declared"));
                }
                None => {}
            }
        }
    }
    if let (Value::Array(items), Some(schema)) = (value, schema.get("items")) {
        for (index, item) in items.iter().enumerate() {
            found.extend(faults(document, schema, item, &format!("{at}/{index}")));
        }
    }
    found
}

fn types(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(one) => Some(vec![one]),
        Value::Array(many) => Some(many.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    }
}
