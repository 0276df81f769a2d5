//! Operations: every address with its methods, parameters and answers.

use register::{Declaration, Field, FieldType};
use serde_json::{Map, Value, json};

use super::super::records::{MOST, MOST_OF_EACH, ORDERS, USUAL, filters};
use super::super::{asked, changes};
use super::{both, named, object, reference};

/// What any request may be answered with: the token is not valid or not for it, there is no such thing or it is hidden, the
/// client takes no JSON, a parameter cannot be, too many requests, too busy.
const ALWAYS: [u16; 7] = [401, 403, 404, 406, 422, 429, 503];
/// What a request with a body may be answered with besides.
const WITH_BODY: [u16; 3] = [400, 413, 415];
/// What a change may be answered with besides.
const OF_CHANGE: [u16; 3] = [409, 412, 428];

/// Operations that do not depend on a register.
pub(super) fn common() -> Map<String, Value> {
    let register = json!({ "name": "register", "in": "query", "schema": { "type": "string" } });
    let hook = reference("parameters", "hook");
    let text = |name: &str| json!({ "name": name, "in": "query", "schema": query_text() });
    let rules: Vec<&str> = plan::check::RULES.iter().map(|rule| rule.code).collect();
    let rule = json!({ "name": "rule", "in": "query", "schema": { "enum": rules } });
    let after = json!({ "name": "after", "in": "query", "schema": { "type": "integer", "minimum": 0, "maximum": i64::MAX, "default": 0 } });
    let q = json!({ "name": "q", "in": "query", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": asked::LONGEST, "pattern": "^[^\\u0000\\uFFFD]*[^\\s\\u0000\\uFFFD][^\\u0000\\uFFFD]*$" }, "example": "医療機器" });
    object(json!({
        "/openapi.json": { "get": get("document", "registers", "この文書 / This document", &[], tagged(json!({ "type": "object" }))) },
        "/registers": { "get": get("registers", "registers", "見える台帳 / Registers of which you may see something", &[], ok(schema("registers"))) },
        "/search": { "get": get("search", "registers", "すべての台帳を検索 / Search every register", &[q, number("each", MOST_OF_EACH, 5)], ok(schema("found"))) },
        "/changes": { "get": get("changes", "changes", "ある位置からの変更 / What happened since a place in the history", &[after, number("limit", changes::MOST, 100), register], ok(schema("changes"))) },
        "/plan/follow-up": { "get": get("follow-up", "plan", "最新年度のフォローアップ / The follow-up of the newest year", &[], tagged(schema("follow-up"))) },
        "/plan/checks": { "get": get("checks", "plan", "点検の結果 / What the checks found", &[rule], tagged(schema("findings"))) },
        "/plan/joins": { "get": get("joins", "plan", "事業と目標のつながり / Which programmes serve which goal", &[text("node"), text("programme")], tagged(schema("joins"))) },
        "/hooks": {
            "get": signed(get("hooks", "hooks", "自分の通知先 / Your webhooks", &[], ok(schema("hooks")))),
            "post": change("create-hook", "hooks", "通知先を登録 / Register a webhook", &[], Some((&["application/json"], "hook-input")), &[(201, created(schema("hook"), false))]),
        },
        "/hooks/{hook}": {
            "parameters": [hook],
            "get": signed(get("hook", "hooks", "通知先 / A webhook", &[], ok(schema("hook")))),
            "delete": change("delete-hook", "hooks", "通知先を削除 / Delete a webhook", &[], None, &[(204, gone())]),
        },
        "/hooks/{hook}/test": {
            "parameters": [hook],
            "post": change("test-hook", "hooks", "試しに送る / Send a test", &[], None, &[(200, ok(schema("delivery")))]),
        },
        "/hooks/{hook}/deliveries": {
            "parameters": [hook],
            "get": signed(get("deliveries", "hooks", "最近の送信 / The last deliveries", &[], ok(schema("deliveries")))),
        },
    }))
}

/// The operations of a register.
pub(super) fn of(declaration: &Declaration) -> Map<String, Value> {
    let id = &declaration.id;
    let name = both(&declaration.name);
    let record = schema(&named(declaration, "record"));
    let input = named(declaration, "input");
    let (item, reason) = (reference("parameters", "id"), reference("parameters", "reason"));
    let known = reference("parameters", "if-none-match");
    let matched = reference("parameters", "if-match");
    let needed = reference("parameters", "if-match-needed");
    let said = |what: &str| format!("{name}: {what}");
    let register = id.as_str();
    let root = format!("/registers/{id}");
    object(json!({
        root.clone(): { "get": get(&format!("{id}.register"), register, &said("宣言 / declaration"), std::slice::from_ref(&known), tagged(schema("register"))) },
        format!("{root}/records"): {
            "get": get(&format!("{id}.list"), register, &said("一覧 / list"), &list_parameters(declaration), page(schema(&named(declaration, "page")))),
            "post": change(&format!("{id}.create"), register, &said("新しい記録 / new record"), &[reason.clone(), reference("parameters", "idempotency-key")], Some((&["application/json"], &input)), &[(201, created(record.clone(), true))]),
        },
        format!("{root}/records/{{id}}"): {
            "parameters": [item],
            "get": get(&format!("{id}.get"), register, &said("記録 / a record"), &[known], tagged(record.clone())),
            "put": change(&format!("{id}.replace"), register, &said("置き換え / replace"), &[reason.clone(), matched.clone(), reference("parameters", "if-none-match-any")], Some((&["application/json"], &input)), &[(200, tagged_once(record.clone())), (201, created(record.clone(), true))]),
            "patch": change(&format!("{id}.patch"), register, &said("一部を変更 / change a part"), &[reason.clone(), needed.clone()], Some((&[asked::MERGE_PATCH, "application/json"], &named(declaration, "patch"))), &[(200, tagged_once(record.clone()))]),
            "delete": change(&format!("{id}.withdraw"), register, &said("取り下げ / withdraw"), &[reason.clone(), needed], None, &[(204, gone())]),
        },
        format!("{root}/records/{{id}}/history"): {
            "parameters": [item],
            "get": get(&format!("{id}.history"), register, &said("履歴 / history"), &[], ok(schema("history"))),
        },
        format!("{root}/records/{{id}}/undo"): {
            "parameters": [item],
            "post": change(&format!("{id}.undo"), register, &said("以前の版に戻す / back to an earlier version"), &[reason, matched], Some((&["application/json"], "undo")), &[(200, tagged_once(record))]),
        },
    }))
}

/// Parameters that many operations have.
pub(super) fn parameters() -> Value {
    json!({
        "id": { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 200 }, "description": "記録のid / id of the record" },
        "hook": { "name": "hook", "in": "path", "required": true, "schema": { "type": "string", "minLength": 1, "maxLength": 200 } },
        "reason": { "name": "reason", "in": "query", "schema": { "type": "string", "maxLength": asked::LONGEST, "pattern": "^[^\\u0000-\\u001F\\u007F-\\u009F\\uFFFD]*$" }, "description": "変更の理由（履歴に残る） / why, kept in the history" },
        "if-match": { "name": "If-Match", "in": "header", "schema": { "type": "string" }, "example": "\"3-9f86d081884c7d65\"", "description": "変更する版のETag。PUTでは、これか If-None-Match: * が必須（なければ428） / ETag of the version you change; PUT needs it, or If-None-Match: * (428 without)" },
        "if-match-needed": { "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" }, "example": "\"3-9f86d081884c7d65\"", "description": "変更する版のETag / ETag of the version you change" },
        "if-none-match": { "name": "If-None-Match", "in": "header", "schema": { "type": "string" } },
        "if-none-match-any": { "name": "If-None-Match", "in": "header", "schema": { "const": "*" }, "description": "なければ作る / make it where it is not there" },
        "idempotency-key": { "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" }, "description": "同じ鍵の同じ要求は一度だけ行う（24時間） / the same request with the same key is done once (24 hours)" },
    })
}

/// Headers of answers.
pub(super) fn headers() -> Value {
    json!({
        "etag": { "schema": { "type": "string" }, "description": "版と内容のタグ / version and content" },
        "link": { "schema": { "type": "string" }, "description": "次のページ（rel=\"next\"） / the next page" },
        "location": { "schema": { "type": "string" } },
        "retry-after": { "schema": { "type": "string" }, "description": "待つ秒数 / seconds to wait" },
        "www-authenticate": { "schema": { "type": "string" } },
    })
}

/// Answers that are problems.
pub(super) fn problems() -> Value {
    let said = [
        (400, "本文がJSONでない / The body is not JSON"),
        (401, "サインイン又は有効なトークンが必要 / A session or a valid token is needed"),
        (403, "権限又はトークンの範囲外 / Not allowed, or not within the token's scopes"),
        (404, "ない、又は見えない / Not there, or not to be seen by you"),
        (406, "回答はJSONだけ / There is JSON only"),
        (409, "ほかの記録・変更とぶつかる / Another record or change stands against it"),
        (412, "最新の版ではない / Not the newest version"),
        (413, "大きすぎる / Too large"),
        (415, "本文の形式が違う / The body has another media type"),
        (422, "使えない値。errors が場所を示す / A value cannot be used; `errors` says where"),
        (428, "If-Match がない / If-Match is missing"),
        (429, "要求が多すぎる / Too many requests"),
        (503, "混み合っている / Busy"),
    ];
    let problems = said.into_iter().map(|(status, description)| {
        let mut headers = Map::new();
        match status {
            401 => headers.insert("WWW-Authenticate".to_owned(), reference("headers", "www-authenticate")),
            429 => headers.insert("Retry-After".to_owned(), reference("headers", "retry-after")),
            _ => None,
        };
        let content = json!({ "application/problem+json": { "schema": schema("problem") } });
        (status.to_string(), json!({ "description": description, "headers": headers, "content": content }))
    });
    Value::Object(problems.collect())
}

fn list_parameters(declaration: &Declaration) -> Vec<Value> {
    let mut parameters = vec![
        json!({ "name": "q", "in": "query", "schema": query_text(), "description": "含む語 / words to find" }),
        json!({ "name": "sort", "in": "query", "schema": { "enum": ORDERS, "default": "id" } }),
        number("limit", MOST, USUAL),
        json!({ "name": "after", "in": "query", "schema": query_text(), "description": "前のページの next / `next` of the page before" }),
    ];
    if !declaration.states.is_empty() {
        let states: Vec<&String> = declaration.states.keys().collect();
        parameters.push(json!({ "name": "state", "in": "query", "schema": { "enum": states } }));
    }
    let fields =
        filters(declaration).filter_map(|name| declaration.fields.get(name).map(|field| (name, field)));
    parameters.extend(fields.map(|(name, field)| {
        json!({ "name": name, "in": "query", "schema": filter(field), "description": both(&field.label) })
    }));
    parameters
}

/// A filter takes any text: one that no record has finds nothing. What would find something is told.
fn filter(field: &Field) -> Value {
    let mut schema = query_text();
    if let FieldType::Choice { options } = &field.kind {
        schema["examples"] = json!(options.keys().collect::<Vec<_>>());
    }
    schema
}

fn query_text() -> Value {
    json!({ "type": "string", "maxLength": asked::LONGEST, "pattern": "^[^\\u0000\\uFFFD]*$" })
}

fn number(name: &str, most: u64, usual: u64) -> Value {
    json!({ "name": name, "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": most, "default": usual } })
}

fn schema(name: &str) -> Value {
    reference("schemas", name)
}

fn ok(schema: Value) -> Value {
    answer("回答 / The answer", schema, &[])
}

fn tagged(schema: Value) -> Value {
    answer("回答 / The answer", schema, &["ETag"])
}

/// The answer to a change: never "not modified".
fn tagged_once(schema: Value) -> Value {
    answer("変更後の記録 / The record as it is now", schema, &["ETag"])
}

fn page(schema: Value) -> Value {
    answer("一ページ / A page", schema, &["Link"])
}

fn created(schema: Value, tagged: bool) -> Value {
    answer("作成した / Made", schema, if tagged { &["ETag", "Location"] } else { &["Location"] })
}

fn gone() -> Value {
    json!({ "description": "もうない / It is no longer there" })
}

fn answer(description: &str, schema: Value, headers: &[&str]) -> Value {
    let headers: Map<String, Value> =
        headers.iter().map(|name| ((*name).to_owned(), reference("headers", &name.to_lowercase()))).collect();
    json!({ "description": description, "headers": headers, "content": { "application/json": { "schema": schema } } })
}

fn get(id: &str, tag: &str, summary: &str, parameters: &[Value], answer: Value) -> Value {
    let mut responses = failures(&[]);
    if answer["headers"].get("ETag").is_some() {
        responses.insert("304".to_owned(), json!({ "description": "変わっていない / Not modified", "headers": { "ETag": reference("headers", "etag") } }));
    }
    responses.insert("200".to_owned(), answer);
    json!({
        "operationId": id, "tags": [tag], "summary": summary, "parameters": parameters, "responses": responses,
        "security": [{}, { "token": [] }],
    })
}

/// An operation that asks who somebody is.
fn signed(mut operation: Value) -> Value {
    operation["security"] = json!([{ "token": [] }]);
    operation
}

fn change(
    id: &str,
    tag: &str,
    summary: &str,
    parameters: &[Value],
    body: Option<(&[&str], &str)>,
    answers: &[(u16, Value)],
) -> Value {
    let mut also = OF_CHANGE.to_vec();
    let mut operation =
        json!({ "operationId": id, "tags": [tag], "summary": summary, "parameters": parameters });
    if let Some((kinds, name)) = body {
        also.extend(WITH_BODY);
        let content: Map<String, Value> =
            kinds.iter().map(|kind| ((*kind).to_owned(), json!({ "schema": schema(name) }))).collect();
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    let mut responses = failures(&also);
    responses.extend(answers.iter().map(|(status, answer)| (status.to_string(), answer.clone())));
    operation["responses"] = Value::Object(responses);
    signed(operation)
}

fn failures(also: &[u16]) -> Map<String, Value> {
    let all = ALWAYS.iter().chain(also);
    all.map(|status| (status.to_string(), reference("responses", &status.to_string()))).collect()
}
