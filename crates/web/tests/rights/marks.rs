//! Records full of marks, and a plain second reader of the declared rights: what a viewer may see and change, worked out
//! from the declaration without the code under test.

use std::collections::BTreeSet;

use base::Source;
use register::rights::Party;
use register::{Declaration, Field, FieldType, Record, RecordId, Registry};
use serde_json::{Map, Value, json};

/// A record and the marks in it.
pub(crate) struct Marked {
    pub(crate) record: Record,
    /// The mark and the field it stands in.
    marks: Vec<(String, String)>,
    /// A mark that search finds, where the register is searched.
    pub(crate) searched: Option<String>,
    /// Fields of plain text, to be changed; not those that say whose the record is.
    pub(crate) changeable: Vec<String>,
}

/// Registers whose records refer to each other and are seen by their holders and those they name alone.
const CONFIDENTIAL: [&str; 4] = ["device-product", "device-bill", "vulnerability-finding", "premarket-file"];

/// Who looks, as the second reader needs it.
pub(crate) trait Eyes {
    fn roles(&self) -> &BTreeSet<String>;
    fn own(&self) -> &BTreeSet<String>;
    fn is_known(&self) -> bool;
}

/// The id of an organisation of the test.
pub(crate) fn organisation(name: &str) -> String {
    format!("org-{name}")
}

/// Four records of every register: of company a (shown to c), of company b, of nobody, of the ministry of health.
pub(crate) fn marked(registry: &Registry) -> Vec<Marked> {
    let mut all = Vec::new();
    for declaration in registry.all().filter(|declaration| declaration.id.as_str() != "organisation") {
        for holder in ["a", "b", "nobody", "c"] {
            all.push(one(declaration, holder));
        }
    }
    all
}

/// Every mark in what a viewer is sent.
pub(crate) fn marks_in(body: &str) -> BTreeSet<String> {
    let starts = body.match_indices("cnr").map(|(at, _)| &body[at..]);
    let marks = starts.map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
    marks.filter(|mark| mark.len() > 6 && mark.ends_with('z')).collect()
}

/// The marks of a record that a viewer may see.
pub(crate) fn allowed<'m>(registry: &Registry, marked: &'m Marked, eyes: &dyn Eyes) -> Vec<&'m str> {
    let declaration = registry.get(marked.record.register.as_str()).unwrap();
    if !sees(registry, &marked.record, eyes) {
        return Vec::new();
    }
    let seen = marked.marks.iter().filter(|(_, field)| {
        let to = declaration.rights.fields.get(field).and_then(|rights| rights.see.as_ref());
        to.is_none_or(|to| is_one_of(declaration, to, &marked.record, eyes))
    });
    seen.map(|(mark, _)| mark.as_str()).collect()
}

pub(crate) fn sees(registry: &Registry, record: &Record, eyes: &dyn Eyes) -> bool {
    let declaration = registry.get(record.register.as_str()).unwrap();
    is_one_of(declaration, &declaration.rights.see, record, eyes)
}

pub(crate) fn may_change(registry: &Registry, record: &Record, field: &str, eyes: &dyn Eyes) -> bool {
    let declaration = registry.get(record.register.as_str()).unwrap();
    let rights = declaration.rights.fields.get(field);
    let see = rights.and_then(|rights| rights.see.as_ref()).unwrap_or(&declaration.rights.see);
    let change = rights.and_then(|rights| rights.change.as_ref()).unwrap_or(&declaration.rights.change);
    sees(registry, record, eyes)
        && is_one_of(declaration, see, record, eyes)
        && is_one_of(declaration, change, record, eyes)
}

fn is_one_of(declaration: &Declaration, parties: &[Party], record: &Record, eyes: &dyn Eyes) -> bool {
    let names = |field: &Option<String>| {
        let value = field.as_ref().and_then(|field| record.fields.get(field));
        let texts: Vec<&str> = match value {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        texts.iter().any(|text| eyes.own().contains(*text))
    };
    parties.iter().any(|party| match party {
        Party::Public => true,
        Party::Organisations => eyes.is_known(),
        Party::Role(role) => eyes.roles().contains(role),
        Party::Owner => eyes.is_known() && names(&declaration.rights.owner),
        Party::Named => eyes.is_known() && names(&declaration.rights.named),
    })
}

fn one(declaration: &Declaration, holder: &str) -> Marked {
    let id = RecordId::new(format!("r-{holder}")).unwrap();
    let mut record = Record::new(declaration.id.clone(), id, Source::document("test"));
    let mut making =
        Making { prefix: letters(&format!("{}{holder}", declaration.id)), marks: Vec::new(), count: 0 };
    let (owner, named) = (declaration.rights.owner.as_ref(), declaration.rights.named.as_ref());
    for (name, field) in &declaration.fields {
        let value = if Some(name) == owner {
            holder_value(field, holder)
        } else if Some(name) == named {
            (holder == "a").then(|| json!([format!("organisation:{}", organisation("c"))]))
        } else {
            Some(making.value(name, &field.kind))
        };
        if let Some(value) = value {
            record.fields.insert(name.clone(), value);
        }
    }
    record.state.clone_from(&declaration.initial);
    let is_text = |name: &String| matches!(declaration.fields[name].kind, FieldType::Text);
    let fixed = |name: &String| Some(name) == owner || Some(name) == named;
    let changeable =
        declaration.fields.keys().filter(|name| is_text(name) && !fixed(name)).cloned().collect();
    let searched =
        making.marks.iter().find(|(_, field)| declaration.fields[field].search).map(|(mark, _)| mark.clone());
    Marked { record, marks: making.marks, searched, changeable }
}

/// A reference to the organisation, or its name where the field is a text; nobody's where that is so.
fn holder_value(field: &Field, holder: &str) -> Option<Value> {
    let reference = matches!(field.kind, FieldType::Ref { .. });
    match (holder, reference) {
        ("nobody", true) => None,
        ("nobody", false) => Some(json!("誰でもない")),
        (_, true) => Some(json!(format!("organisation:{}", organisation(holder)))),
        (_, false) => Some(json!(format!("組織{holder}"))),
    }
}

struct Making {
    prefix: String,
    marks: Vec<(String, String)>,
    count: usize,
}

impl Making {
    fn mark(&mut self, field: &str) -> String {
        self.count += 1;
        let mark = format!("cnr{}{}z", self.prefix, self.count);
        self.marks.push((mark.clone(), field.to_owned()));
        mark
    }

    fn value(&mut self, field: &str, kind: &FieldType) -> Value {
        match kind {
            FieldType::Text => json!(self.mark(field)),
            FieldType::Names => json!({ "ja": self.mark(field), "en": "a name" }),
            FieldType::Integer => json!(3),
            FieldType::Decimal => json!("1.5"),
            FieldType::Flag => json!(true),
            FieldType::Date => json!("2025-02-07"),
            FieldType::Year | FieldType::FiscalYear => json!(2024),
            FieldType::Yen => json!("7.7億円"),
            FieldType::Choice { options } => json!(options.keys().next().unwrap()),
            // What is named here is itself seen by few: a page shows a reference as far as its reader sees what it leads to.
            FieldType::Ref { to: Some(to) } if CONFIDENTIAL.contains(&to.as_str()) => {
                json!(format!("{to}:r-a"))
            }
            FieldType::Ref { to } => {
                let to = to.as_ref().map_or("document", |to| to.as_str());
                json!(format!("{to}:{}", self.mark(field)))
            }
            FieldType::Url => json!(format!("https://example.jp/{}", self.mark(field))),
            FieldType::List { of } => json!([self.value(field, of)]),
            FieldType::Table { columns } => {
                let row: Map<String, Value> = columns
                    .iter()
                    .map(|(name, column)| (name.clone(), self.value(field, &column.kind)))
                    .collect();
                json!([row])
            }
            FieldType::Checklist { items } => {
                let item = items.keys().next().unwrap();
                json!({ item: { "met": true, "evidence": self.mark(field) } })
            }
        }
    }
}

/// Only letters: marks must be found as one word.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| if c == 'z' { 's' } else { c }).collect()
}
