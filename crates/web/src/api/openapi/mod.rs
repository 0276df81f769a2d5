//! The OpenAPI 3.1 document, made from the declared registers: what stands in it is what the handlers do. Schemas are in
//! [`schema`], operations in [`operations`]; here they are put together.

mod operations;
mod schema;

use axum::http::HeaderMap;
use axum::response::Response;
use register::{Declaration, Registry};
use serde_json::{Map, Value, json};

use super::asked::no_parameters;
use super::{ROOT, tags};
use crate::cx::Cx;
use crate::failure::Failure;

/// The document of this server.
pub(super) async fn document(cx: Cx, headers: HeaderMap) -> Result<Response, Failure> {
    no_parameters(&cx)?;
    tags::tagged(&cx, &headers, 0, &of(cx.app.desk.registry(), &cx.plain(ROOT)))
}

/// The document of some registers, served at an address.
pub(super) fn of(registry: &Registry, server: &str) -> Value {
    let mut schemas = schema::common();
    let mut paths = operations::common();
    let mut tags = vec![
        tag("registers", "台帳 / Registers"),
        tag("plan", "計画 / The plan"),
        tag("changes", "変更 / Changes"),
        tag("hooks", "通知 / Webhooks"),
    ];
    for declaration in registry.all() {
        schemas.extend(schema::of(declaration));
        paths.extend(operations::of(declaration));
        tags.push(tag(declaration.id.as_str(), &both(&declaration.about)));
    }
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "標 Shirube API",
            "version": "1",
            "summary": "Records of Japan's Medical Device Basic Plan, with sources and history",
            "description": "台帳の宣言から作られたAPI。誰に何が見えるかはページと同じ。 / Made from the declarations of the registers. Who sees what is the same as on the pages.",
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": server }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": operations::parameters(),
            "headers": operations::headers(),
            "responses": operations::problems(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "サインインして「自分のページ」で作るトークン。範囲：read, write, registers:<id> / A token made on your own page after signing in. Scopes: read, write, registers:<id>",
                },
            },
        },
    })
}

fn tag(name: &str, description: &str) -> Value {
    json!({ "name": name, "description": description })
}

/// A text in both languages.
fn both(names: &base::Names) -> String {
    match (names.ja.as_str(), names.en.as_str()) {
        (ja, "") => ja.to_owned(),
        ("", en) => en.to_owned(),
        (ja, en) => format!("{ja} / {en}"),
    }
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// The members of an object literal.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// The name of a schema of a register.
fn named(declaration: &Declaration, what: &str) -> String {
    format!("{}.{what}", declaration.id)
}
