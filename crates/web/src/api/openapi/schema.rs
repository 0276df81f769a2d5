//! Schemas of what is sent and answered. A record is written more loosely than it is asked for: what was stored long ago,
//! or read from a form, may write a date or a year in another of the forms that are understood.

use std::collections::BTreeMap;

use register::validate::RESERVED_IDS;
use register::{Declaration, Field, FieldType};
use serde_json::{Map, Value, json};

use super::{both, named, object, reference};

/// Whether a schema is of what is answered or of what is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Out,
    In,
}

/// Text without NUL, which PostgreSQL cannot keep.
const TEXT: &str = "^[^\\u0000]*$";
/// How ids are written; letters of any script are read.
const ID: &str = "^[A-Za-z0-9_.\\-]{1,100}$";
/// Amounts as printed.
const YEN: &str =
    "^-?[0-9]{1,3}(,[0-9]{3}){0,2}(\\.[0-9]{1,3})?(千円|百万円|億円)$|^-?[0-9]{1,3}(,[0-9]{3}){0,4}円$";

/// Schemas that do not depend on a register.
pub(super) fn common() -> Map<String, Value> {
    let text = json!({ "type": "string", "pattern": TEXT });
    let date = json!({ "type": "string", "format": "date" });
    let item = |kind: &str| json!({ "type": "array", "items": reference("schemas", kind) });
    object(json!({
        "text": text,
        "names": {
            "type": "object",
            "description": "日本語と英語 / Japanese and English",
            "properties": { "ja": reference("schemas", "text"), "en": reference("schemas", "text") },
            "additionalProperties": false,
            "examples": [{ "ja": "医療機器", "en": "medical devices" }],
        },
        "missing": {
            "type": "object",
            "description": "値がない理由 / Why there is no value",
            "properties": { "missing": { "enum": ["not-yet", "none", "not-printed", "not-applicable", "unknown"] } },
            "required": ["missing"],
            "additionalProperties": false,
            "examples": [{ "missing": "not-yet" }],
        },
        "source": source(&date),
        "link": link(&date),
        "happened": happened(&item),
        "history": { "type": "object", "properties": { "items": item("happened") }, "required": ["items"] },
        "changes": {
            "type": "object",
            "properties": {
                "items": item("happened"),
                "next": { "type": "integer", "minimum": 0, "description": "次の after / the next `after`" },
                "more": { "type": "boolean", "description": "続きがすでにある / there is more already" },
            },
            "required": ["items", "next", "more"],
        },
        "total": {
            "type": "object",
            "description": "件数の下限と上限。同じなら正確 / How many there are, at least and at most; exact where both are the same",
            "properties": { "least": { "type": "integer", "minimum": 0 }, "most": { "type": "integer", "minimum": 0 } },
            "required": ["least", "most"],
        },
        "found": found(),
        "register": register(),
        "registers": registers(),
        "undo": {
            "type": "object",
            "properties": { "to_version": { "type": "integer", "minimum": 1, "maximum": 9_007_199_254_740_991_u64 } },
            "required": ["to_version"],
            "additionalProperties": false,
        },
        "follow-up": {
            "type": "object",
            "description": "`shirube follow-up --format json` と同じ形 / The same as `shirube follow-up --format json`",
            "required": ["today", "fiscal_year", "goals", "programmes"],
        },
        "findings": { "type": "array", "items": finding() },
        "joins": { "type": "array", "items": join() },
        "problem": problem(),
        "hook": super::super::hooks::schema::hook(),
        "hooks": { "type": "object", "properties": { "items": item("hook") }, "required": ["items"] },
        "hook-input": super::super::hooks::schema::input(),
        "delivery": super::super::hooks::schema::delivery(),
        "deliveries": { "type": "object", "properties": { "items": item("delivery") }, "required": ["items"] },
    }))
}

/// The schemas of a register: its record as answered, as sent, as patched, and a page of it.
pub(super) fn of(declaration: &Declaration) -> Map<String, Value> {
    let mut schemas = Map::new();
    schemas.insert(named(declaration, "record"), record(declaration));
    schemas.insert(named(declaration, "input"), input(declaration));
    schemas.insert(named(declaration, "patch"), patch(declaration));
    let items = json!({ "type": "array", "items": reference("schemas", &named(declaration, "record")) });
    let page = json!({
        "type": "object",
        "properties": {
            "items": items,
            "total": reference("schemas", "total"),
            "next": { "type": ["string", "null"], "description": "次のページの after / `after` of the next page" },
        },
        "required": ["items", "total", "next"],
    });
    schemas.insert(named(declaration, "page"), page);
    schemas
}

fn record(declaration: &Declaration) -> Value {
    let mut properties = clients(declaration, Way::Out);
    properties.extend(object(json!({
        "version": { "type": "integer", "minimum": 1 },
        "seq": { "type": "integer", "minimum": 1, "description": "履歴での位置 / Its place in the history" },
        "at": { "type": "string", "format": "date-time" },
        "by": { "type": "string", "description": "サインインした人だけに示す / Told to those who have signed in" },
    })));
    json!({
        "type": "object",
        "title": both(&declaration.name),
        "description": both(&declaration.about),
        "properties": properties,
        "required": ["register", "id", "fields", "links", "sources", "version", "seq", "at"],
        "additionalProperties": false,
    })
}

fn input(declaration: &Declaration) -> Value {
    let mut properties = clients(declaration, Way::In);
    for name in super::super::record::SERVERS {
        properties.insert(name.to_owned(), json!({ "description": "読まない / Not read", "readOnly": true }));
    }
    json!({
        "type": "object",
        "title": both(&declaration.name),
        "properties": properties,
        "required": ["fields", "sources"],
        "additionalProperties": false,
    })
}

fn patch(declaration: &Declaration) -> Value {
    json!({
        "type": "object",
        "title": both(&declaration.name),
        "description": "RFC 7396。null は取り除く / RFC 7396; null removes",
        "properties": {
            "state": { "type": ["string", "null"] },
            "fields": { "type": ["object", "null"], "propertyNames": { "enum": declaration.fields.keys().collect::<Vec<_>>() } },
            "links": { "type": ["array", "null"], "items": reference("schemas", "link") },
            "sources": { "type": ["array", "null"], "items": reference("schemas", "source") },
            "register": { "const": declaration.id },
            "id": { "type": "string" },
            "version": {}, "seq": {}, "at": {}, "by": {},
        },
        "additionalProperties": false,
    })
}

/// What a client says of a record.
fn clients(declaration: &Declaration, way: Way) -> Map<String, Value> {
    let id = if way == Way::In {
        json!({ "type": "string", "pattern": ID, "not": { "enum": RESERVED_IDS } })
    } else {
        json!({ "type": "string" })
    };
    let links = json!({ "type": "array", "items": reference("schemas", "link") });
    let mut sources = json!({ "type": "array", "items": reference("schemas", "source") });
    if way == Way::In {
        sources["minItems"] = json!(1);
    }
    let open = |name: &str| way == Way::In || declaration.rights.field_is_as_open(name);
    let mut properties = object(json!({
        "register": { "const": declaration.id },
        "id": id,
        "fields": columns(&declaration.fields, way, open),
        "links": links,
        "sources": sources,
    }));
    if !declaration.states.is_empty() {
        let said = declaration
            .states
            .iter()
            .map(|(state, declared)| format!("- {state}: {}", both(&declared.label)));
        let said: Vec<String> = said.collect();
        let names: Vec<&String> = declaration.states.keys().collect();
        properties.insert("state".to_owned(), json!({ "enum": names, "description": said.join("\n") }));
    }
    properties
}

/// An object of declared fields: those of a record, or the columns of a table.
fn columns(fields: &BTreeMap<String, Field>, way: Way, always: impl Fn(&str) -> bool) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|(name, field)| (name.clone(), value(field, way))).collect();
    let required = fields.iter().filter(|(name, field)| field.required && always(name));
    let required: Vec<&String> = required.map(|(name, _)| name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The value of a field, or the reason why there is none.
fn value(field: &Field, way: Way) -> Value {
    let help = field.help.as_ref().map(both);
    let unit = field.unit.as_ref().map(|unit| format!("単位 / unit: {unit}"));
    let said: Vec<String> = help.into_iter().chain(unit).collect();
    let mut schema = json!({ "title": both(&field.label), "anyOf": [kind(&field.kind, way), reference("schemas", "missing")] });
    if !said.is_empty() {
        schema["description"] = json!(said.join("\n"));
    }
    schema
}

fn kind(kind: &FieldType, way: Way) -> Value {
    let asked = way == Way::In;
    match kind {
        FieldType::Text => reference("schemas", "text"),
        FieldType::Names => reference("schemas", "names"),
        FieldType::Integer => {
            json!({ "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX })
        }
        FieldType::Decimal => {
            json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$", "examples": ["1.9"], "description": "印字のままの数 / a number as printed" })
        }
        FieldType::Flag => json!({ "type": "boolean" }),
        FieldType::Date if asked => {
            json!({ "type": "string", "format": "date", "examples": ["2025-02-07"], "description": "R7.2.7 なども読む / R7.2.7 is read too" })
        }
        FieldType::Date => json!({ "type": "string", "examples": ["2025-02-07"] }),
        FieldType::Year | FieldType::FiscalYear if asked => {
            json!({ "type": "integer", "minimum": 1868, "maximum": 2200, "examples": [2025], "description": "西暦。文字列 \"R7\" も読む / western; the string \"R7\" is read too" })
        }
        FieldType::Year | FieldType::FiscalYear => {
            json!({ "type": ["integer", "string"], "examples": [2025] })
        }
        FieldType::Yen if asked => {
            json!({ "type": "string", "pattern": YEN, "examples": ["7.7億円", "298,082千円"], "description": "印字のままの金額 / money as printed" })
        }
        FieldType::Yen => json!({ "type": "string", "examples": ["7.7億円"] }),
        FieldType::Choice { options } => {
            let lines: Vec<String> =
                options.iter().map(|(id, names)| format!("- {id}: {}", both(names))).collect();
            json!({ "enum": options.keys().collect::<Vec<_>>(), "description": lines.join("\n") })
        }
        FieldType::Ref { to } => {
            let register =
                to.as_ref().map_or_else(|| "[A-Za-z0-9_.\\-]{1,50}".to_owned(), ToString::to_string);
            let record = if asked { "[A-Za-z0-9_.\\-]{1,100}$" } else { "" };
            json!({ "type": "string", "pattern": format!("^{register}:{record}"), "description": "台帳:記録 / register:record" })
        }
        FieldType::Url => json!({ "type": "string", "pattern": "^https?://[^\\u0000]*$" }),
        FieldType::List { of } => {
            let items = json!({ "anyOf": [self::kind(of, way), reference("schemas", "missing")] });
            json!({ "type": "array", "items": items })
        }
        FieldType::Table { columns: declared } => {
            json!({ "type": "array", "items": columns(declared, way, |_| true) })
        }
        FieldType::Checklist { items } => {
            let properties: Map<String, Value> =
                items.iter().map(|(id, names)| (id.clone(), json!({ "title": both(names) }))).collect();
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
    }
}

fn source(date: &Value) -> Value {
    let text = reference("schemas", "text");
    json!({
        "type": "object",
        "description": "どこにそう書いてあるか / Where it is said",
        "properties": {
            "document": text, "page": { "type": "integer", "minimum": 0, "maximum": u32::MAX }, "lines": text, "cell": text,
            "url": text, "status": { "enum": ["decided", "draft", "provisional"] }, "machine_read": { "type": "boolean" },
            "said_by": text, "on": date,
        },
        "required": ["document"],
        "additionalProperties": false,
        "examples": [{ "document": "001", "lines": "859-908" }],
    })
}

fn link(date: &Value) -> Value {
    let text = reference("schemas", "text");
    let variant = |belief: Value, required: &[&str]| json!({ "properties": { "belief": belief }, "required": required });
    json!({
        "type": "object",
        "description": "別の記録へのつながりと、その根拠 / A link to another record, and why it is believed",
        "properties": {
            "kind": text,
            "to": { "type": "string", "pattern": "^[\\w.\\-]{1,50}:[\\w.\\-]{1,200}$" },
            "belief": { "enum": ["stated", "confirmed", "suggested", "undecided"] },
            "by": text, "on": date, "reason": text,
            "score": { "type": "integer", "minimum": 0, "maximum": 65535 },
            "why": text, "source": reference("schemas", "source"),
        },
        "required": ["kind", "to", "belief"],
        "anyOf": [
            variant(json!({ "const": "confirmed" }), &["by", "on"]),
            variant(json!({ "enum": ["stated", "suggested", "undecided"] }), &[]),
        ],
        "additionalProperties": false,
    })
}

fn happened(_: &impl Fn(&str) -> Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "event": { "enum": ["created", "changed", "withdrawn"], "description": "withdrawn：取り下げ又は見えなくなった / withdrawn, or no longer to be seen by you" },
            "register": { "type": "string" }, "id": { "type": "string" },
            "version": { "type": "integer", "minimum": 1 }, "seq": { "type": "integer", "minimum": 1 },
            "at": { "type": "string", "format": "date-time" }, "by": { "type": "string" }, "reason": { "type": "string" },
            "record": { "type": ["object", "null"], "description": "その版の内容 / the content of that version" },
        },
        "required": ["event", "register", "id", "version", "seq", "at", "record"],
        "additionalProperties": false,
    })
}

fn found() -> Value {
    json!({
        "type": "object",
        "properties": { "registers": { "type": "array", "items": {
            "type": "object",
            "properties": {
                "register": { "type": "string" }, "name": reference("schemas", "names"),
                "items": { "type": "array", "items": { "type": "object" } },
                "total": reference("schemas", "total"), "next": { "type": ["string", "null"] },
            },
            "required": ["register", "name", "items", "total", "next"],
        } } },
        "required": ["registers"],
    })
}

fn register() -> Value {
    let names = reference("schemas", "names");
    let parties = json!({ "type": "array", "items": { "type": "string" } });
    json!({
        "type": "object",
        "description": "台帳の宣言 / The declaration of a register",
        "properties": {
            "id": { "type": "string" }, "name": names, "about": names, "title": { "type": "string" },
            "spec": { "enum": ["D", "P", "N"] },
            "rights": { "type": "object", "properties": { "see": parties, "change": parties }, "required": ["see", "change"] },
            "fields": { "type": "object", "additionalProperties": {
                "type": "object",
                "properties": { "type": { "type": "string" }, "label": names, "required": { "type": "boolean" } },
                "required": ["type", "label", "required"],
            } },
            "states": { "type": "object" }, "clocks": { "type": "object" },
        },
        "required": ["id", "name", "about", "spec", "title", "rights", "fields", "states", "clocks"],
    })
}

fn registers() -> Value {
    let names = reference("schemas", "names");
    json!({
        "type": "object",
        "properties": { "items": { "type": "array", "items": {
            "type": "object",
            "properties": {
                "id": { "type": "string" }, "name": names, "about": names,
                "records": { "type": "string" }, "may_create": { "type": "boolean" },
            },
            "required": ["id", "name", "about", "records", "may_create"],
        } } },
        "required": ["items"],
    })
}

fn finding() -> Value {
    json!({
        "type": "object",
        "properties": {
            "code": { "type": "string" }, "severity": { "type": "string" }, "place": { "type": ["string", "null"] },
            "sources": { "type": "array", "items": reference("schemas", "source") },
            "message": reference("schemas", "names"), "values": { "type": "object" },
        },
        "required": ["code", "severity", "place", "sources", "message", "values"],
    })
}

fn join() -> Value {
    json!({
        "type": "object",
        "properties": { "node": { "type": "string" }, "programme": { "type": "string" } },
        "required": ["node", "programme"],
    })
}

/// RFC 9457.
fn problem() -> Value {
    json!({
        "type": "object",
        "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
            "detail": { "type": "string" }, "instance": { "type": "string" },
            "errors": { "type": "array", "items": {
                "type": "object",
                "properties": {
                    "detail": { "type": "string" },
                    "pointer": { "type": "string", "description": "本文でのJSONポインタ / JSON pointer into the body" },
                    "parameter": { "type": "string", "description": "引数の名前 / name of the parameter" },
                },
                "required": ["detail"],
            } },
        },
        "required": ["type", "title", "status", "detail", "instance"],
        "examples": [{ "type": "about:blank", "title": "Unprocessable Entity", "status": 422, "detail": "name: required; give a value, or say why there is none (`missing`)",
            "instance": "/api/v1/registers/programme/records", "errors": [{ "detail": "name: required", "pointer": "/fields/name" }] }],
    })
}
