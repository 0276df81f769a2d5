//! Schemas of what is sent and answered about hooks.

use serde_json::{Value, json};

/// A hook as its owner is told of it.
pub(in super::super) fn hook() -> Value {
    json!({
        "type": "object",
        "properties": {
            "id": { "type": "string" }, "url": { "type": "string" },
            "registers": { "type": "array", "items": { "type": "string" }, "description": "空ならすべて / all where empty" },
            "made": { "type": "string", "format": "date-time" },
            "next": { "type": "integer", "minimum": 0, "description": "ここまで送った / told up to here" },
            "state": { "enum": ["active", "failing", "given-up"] },
            "failing_since": { "type": "string", "format": "date-time" },
            "note": { "$ref": "#/components/schemas/names" },
            "secret": { "type": "string", "description": "登録時に一度だけ示す / told once, when it is made" },
        },
        "required": ["id", "url", "registers", "made", "next", "state"],
        "additionalProperties": false,
    })
}

/// A hook as it is asked for.
pub(in super::super) fn input() -> Value {
    json!({
        "type": "object",
        "properties": {
            "url": { "type": "string", "format": "uri", "pattern": "^https://", "maxLength": super::LONGEST },
            "registers": { "type": "array", "items": { "type": "string" } },
            "secret": { "type": "string", "minLength": super::SHORTEST_SECRET, "maxLength": super::LONGEST, "pattern": "^[^\\u0000]*$" },
        },
        "required": ["url"],
        "additionalProperties": false,
        "examples": [{ "url": "https://example.jp/shirube", "registers": ["follow-up-row"] }],
    })
}

/// What came of sending something.
pub(in super::super) fn delivery() -> Value {
    json!({
        "type": "object",
        "properties": {
            "id": { "type": "string" }, "event": { "type": "string" }, "seq": { "type": "integer", "minimum": 0 },
            "at": { "type": "string", "format": "date-time" }, "arrived": { "type": "boolean" },
            "status": { "type": ["integer", "null"] }, "error": { "type": ["string", "null"] },
            "try_number": { "type": "integer", "minimum": 1 },
        },
        "required": ["id", "event", "seq", "at", "arrived", "status", "error", "try_number"],
        "additionalProperties": false,
    })
}
