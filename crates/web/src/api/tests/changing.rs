//! Changing records through the API.

use serde_json::json;

use super::{Site, programme};

const RECORDS: &str = "/api/v1/registers/programme/records";

fn body(name: &str) -> String {
    json!({ "fields": { "name": name }, "sources": [{ "document": "001" }] }).to_string()
}

#[tokio::test]
async fn a_record_is_made_changed_withdrawn_and_brought_back() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    let made = site.send(&format!("POST {RECORDS}"), &token, &[], &body("灯台")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let path = made.header("location").to_owned();
    let first = made.header("etag").to_owned();
    assert_eq!(site.get(&path, "").await.body["fields"]["name"], "灯台");

    let put = site
        .send(&format!("PUT {path}?reason=spelling"), &token, &[("if-match", &first)], &body("灯標"))
        .await;
    assert_eq!((put.status.as_u16(), &put.body["version"]), (200, &json!(2)));
    let second = put.header("etag").to_owned();
    let change = r#"{"fields":{"ministry":"国土交通省"}}"#;
    let patched = site.send(&format!("PATCH {path}"), &token, &[("if-match", &second)], change).await;
    assert_eq!(patched.body["fields"], json!({ "name": "灯標", "ministry": "国土交通省" }));

    let third = patched.header("etag").to_owned();
    let gone = site.send(&format!("DELETE {path}"), &token, &[("if-match", &third)], "").await;
    assert_eq!(gone.status, 204);
    assert_eq!(site.get(&path, "").await.status, 404);
    let back = site.send(&format!("POST {path}/undo"), &token, &[], r#"{"to_version":1}"#).await;
    assert_eq!((back.status.as_u16(), &back.body["fields"]["name"]), (200, &json!("灯台")));
    let history = site.get(&format!("{path}/history"), &token).await;
    let events: Vec<_> =
        history.body["items"].as_array().unwrap().iter().map(|item| &item["event"]).collect();
    assert_eq!(events, ["created", "changed", "changed", "withdrawn", "changed"]);
    assert_eq!(history.body["items"][1]["reason"], "spelling");
}

#[tokio::test]
async fn nothing_is_overwritten_that_the_writer_has_not_seen() {
    let site = Site::with(vec![programme("p", "灯台")]);
    let token = site.secretariat().await;
    let path = format!("{RECORDS}/p");
    let tag = site.get(&path, "").await.header("etag").to_owned();
    let without = site.send(&format!("PUT {path}"), &token, &[], &body("x")).await;
    assert_eq!((without.status.as_u16(), without.header("content-type")), (428, "application/problem+json"));
    assert_eq!(
        site.send(&format!("PUT {path}"), &token, &[("if-match", &tag)], &body("x")).await.status,
        200
    );
    for method in ["PUT", "PATCH", "DELETE"] {
        let late = site.send(&format!("{method} {path}"), &token, &[("if-match", &tag)], &body("y")).await;
        assert_eq!(late.status, 412, "{method}");
    }
    let there = site.send(&format!("PUT {path}"), &token, &[("if-none-match", "*")], &body("y")).await;
    assert_eq!(there.status, 409);
    let new = site.send(&format!("PUT {RECORDS}/q"), &token, &[("if-none-match", "*")], &body("y")).await;
    assert_eq!(new.status, 201);
}

#[tokio::test]
async fn what_the_client_has_already_is_not_sent_again() {
    let site = Site::with(vec![programme("p", "灯台")]);
    let path = format!("{RECORDS}/p");
    let tag = site.get(&path, "").await.header("etag").to_owned();
    let again = site.ask(&format!("GET {path}"), &[("if-none-match", &tag)], "").await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, tag.as_str()));
    // Who sees more (who changed it) has something else.
    let token = site.secretariat().await;
    assert_eq!(site.send(&format!("GET {path}"), &token, &[("if-none-match", &tag)], "").await.status, 200);
}

#[tokio::test]
async fn every_fault_is_named_with_its_place() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    let source = json!([{ "document": "001" }]);
    for (body, pointer) in [
        (json!({ "fields": {}, "sources": source }), "/fields/name"),
        (json!({ "fields": { "name": 7 }, "sources": source }), "/fields/name"),
        (json!({ "fields": { "name": "x", "colour": "red" }, "sources": source }), "/fields/colour"),
        (json!({ "fields": { "name": "x", "stages": ["a", 1] }, "sources": source }), "/fields/stages/1"),
        (json!({ "fields": { "name": "a\u{0}b" }, "sources": source }), "/fields/name"),
        (json!({ "fields": { "name": "x" } }), "/sources"),
        (json!({ "fields": { "name": "x" }, "sources": [{ "documnet": "001" }] }), "/sources/0/documnet"),
        (json!({ "fields": { "name": "x" }, "sources": source, "state": "lit" }), "/state"),
        (json!({ "fields": { "name": "x" }, "sources": source, "colour": 1 }), "/colour"),
        (json!({ "id": "a/b", "fields": { "name": "x" }, "sources": source }), "/id"),
    ] {
        let answer = site.send(&format!("POST {RECORDS}"), &token, &[], &body.to_string()).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{}", answer.body);
    }
    for query in
        ["limit=0", "limit=501", "limit=x", "colour=red", "sort=size", "after=%00", "limit=1&limit=2"]
    {
        let answer = site.get(&format!("{RECORDS}?{query}"), "").await;
        assert_eq!(answer.status, 422, "{query}");
        let name = query.split('=').next().unwrap();
        assert_eq!(answer.body["errors"][0]["parameter"], name, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_request_that_is_sent_twice_makes_one_record() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    let key = ("idempotency-key", "4711");
    let first = site.send(&format!("POST {RECORDS}"), &token, &[key], &body("灯台")).await;
    let again = site.send(&format!("POST {RECORDS}"), &token, &[key], &body("灯台")).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.body["id"], again.body["id"]);
    let other = site.send(&format!("POST {RECORDS}"), &token, &[key], &body("灯標")).await;
    assert_eq!(other.status, 422);
    assert_eq!(site.get(RECORDS, "").await.body["total"], json!({ "least": 1, "most": 1 }));
    // What could not be done may be corrected under the same key.
    let key = ("idempotency-key", "4712");
    assert_eq!(site.send(&format!("POST {RECORDS}"), &token, &[key], "{}").await.status, 422);
    assert_eq!(site.send(&format!("POST {RECORDS}"), &token, &[key], &body("灯火")).await.status, 201);
}

#[tokio::test]
async fn a_token_never_does_more_than_its_scopes() {
    let site = Site::with(vec![programme("p", "灯台")]);
    let person = site.person("office", "mhlw", &["secretariat"]).await;
    let reads = site.token(&person, &["read"]).await;
    let other = site.token(&person, &["write", "registers:kgi"]).await;
    assert_eq!(site.get(RECORDS, &reads).await.status, 200);
    let denied = site.send(&format!("POST {RECORDS}"), &reads, &[], &body("x")).await;
    assert_eq!(denied.status, 403);
    assert!(denied.header("www-authenticate").contains("insufficient_scope"));
    assert_eq!(site.get("/api/v1/registers/kgi/records", &other).await.status, 200);
    for path in [RECORDS, "/api/v1/search?q=x", "/api/v1/changes", "/api/v1/plan/checks", "/api/v1/hooks"] {
        assert_eq!(site.get(path, &other).await.status, 403, "{path}");
    }
    assert_eq!(site.send(&format!("POST {RECORDS}"), &other, &[], &body("x")).await.status, 403);
    let listed = site.get("/api/v1/registers", &other).await;
    assert_eq!(listed.body["items"].as_array().unwrap().len(), 1);
    let unknown = site.get(RECORDS, "shirube_nothing").await;
    assert_eq!(unknown.status, 401);
    assert_eq!(site.send(&format!("POST {RECORDS}"), "", &[], &body("x")).await.status, 401);
}

#[tokio::test]
async fn a_list_is_read_page_by_page_and_changes_from_where_one_was() {
    let site = Site::with((0..5).map(|n| programme(&format!("p{n}"), "灯台")).collect());
    let first = site
        .get(&format!("{RECORDS}?limit=2&ministry=%E5%8E%9A%E7%94%9F%E5%8A%B4%E5%83%8D%E7%9C%81"), "")
        .await;
    assert_eq!(first.body["total"], json!({ "least": 5, "most": 5 }));
    let mut link = first.header("link").to_owned();
    let mut seen = first.body["items"].as_array().unwrap().len();
    while let Some(next) = link.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        let page = site.get(next.0, "").await;
        seen += page.body["items"].as_array().unwrap().len();
        link = page.header("link").to_owned();
    }
    assert_eq!(seen, 5);
    let changes = site.get("/api/v1/changes?limit=3&register=programme", "").await;
    assert_eq!((&changes.body["next"], &changes.body["more"]), (&json!(3), &json!(true)));
    let rest = site.get("/api/v1/changes?after=3&register=programme", "").await;
    assert_eq!(rest.body["items"].as_array().unwrap().len(), 2);
    assert_eq!(rest.body["items"][0].get("by"), None, "who is told to those who have signed in");
}

#[tokio::test]
async fn requests_that_are_not_for_the_api_are_told_what_would_do() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    let wrong = site.ask("PUT /api/v1/registers", &[], "").await;
    assert_eq!((wrong.status.as_u16(), wrong.header("allow")), (405, "GET,HEAD"));
    let options = site.ask(&format!("OPTIONS {RECORDS}"), &[], "").await;
    assert_eq!((options.status.as_u16(), options.header("allow")), (204, "GET,HEAD,POST"));
    assert_eq!(site.ask(&format!("HEAD {RECORDS}"), &[], "").await.status, 200);
    assert_eq!(site.ask(&format!("GET {RECORDS}"), &[("accept", "text/html")], "").await.status, 406);
    let csv = [("content-type", "text/csv"), ("authorization", &format!("Bearer {token}"))];
    assert_eq!(site.ask(&format!("POST {RECORDS}"), &csv, "a,b").await.status, 415);
    let large = format!("{{\"fields\":\"{}\"}}", "x".repeat(5 << 20));
    assert_eq!(site.send(&format!("POST {RECORDS}"), &token, &[], &large).await.status, 413);
    let lost = site.get("/api/v1/nothing", "").await;
    assert_eq!((lost.status.as_u16(), lost.header("content-type")), (404, "application/problem+json"));
    assert_eq!(site.get("/api/v1/registers", "").await.header("access-control-allow-origin"), "*");
    assert_eq!(site.get("/api/v1/registers", &token).await.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn an_id_that_is_the_address_of_another_page_is_refused_at_its_place() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    for id in ["new", "about", "choices", "feed.atom", "..", "."] {
        let body = json!({ "id": id, "fields": { "name": "灯台" }, "sources": [{ "document": "001" }] });
        let refused = site.send(&format!("POST {RECORDS}"), &token, &[], &body.to_string()).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["pointer"]), (422, &json!("/id")));
    }
}

#[tokio::test]
async fn a_key_with_a_space_is_no_key() {
    let site = Site::with(Vec::new());
    let token = site.secretariat().await;
    let with = [("idempotency-key", "a key")];
    let refused = site.send(&format!("POST {RECORDS}"), &token, &with, &body("灯台")).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.body["errors"][0]["parameter"], "Idempotency-Key");
}

#[tokio::test]
async fn a_token_opens_the_feed_of_reminders_and_no_other_page() {
    let site = Site::with(Vec::new());
    let person = site.person("office", "mhlw", &["secretariat"]).await;
    let (all, narrow) =
        (site.token(&person, &["read"]).await, site.token(&person, &["read", "registers:programme"]).await);
    assert_eq!(site.get("/desk/reminders.atom", &all).await.status, 200);
    assert_eq!(site.get("/en/desk/reminders.atom", &all).await.status, 200);
    assert_eq!(site.get("/desk/reminders.atom", &narrow).await.status, 403, "it tells of every register");
    assert_eq!(site.get("/desk", &all).await.status, 303);
}
