//! A record: what somebody said about one thing, with its state, its links and its sources.
//! Versions and history are kept by the store; a `Record` is one version's content.

use base::Source;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::{RecordId, RecordRef, RegisterId};

/// Why a link is believed. The order is that of trust.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "belief", rename_all = "kebab-case")]
pub enum Belief {
    /// A document says so.
    Stated,
    /// A person looked and agreed.
    Confirmed {
        /// Who.
        by: String,
        /// When.
        on: jiff::civil::Date,
        /// In their words.
        #[serde(default)]
        reason: String,
    },
    /// A rule or an editor infers it; nobody has confirmed it yet.
    Suggested {
        /// 0 to 1000, where the rule computes one. It orders suggestions and is not a probability.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        score: Option<u16>,
    },
    /// The document's link is lost and several readings fit; this is one of the candidates.
    Undecided,
}

/// A directed link from the record that holds it to another record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What kind of link: `part-of`, `serves`, `succeeds`, `replaces`, `cites`, `answers`, `measures`.
    pub kind: String,
    /// The other record.
    pub to: RecordRef,
    /// Why it is believed.
    #[serde(flatten)]
    pub belief: Belief,
    /// The evidence in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Where the evidence stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// The content of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The register it is kept in.
    pub register: RegisterId,
    /// Its id there.
    pub id: RecordId,
    /// Its state, in registers that declare states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Field values by field name, in the JSON form of the field's declared type. An absent key means that
    /// nobody has said; `{"missing": "not-yet"}` and its like say why there is no value.
    #[serde(default)]
    pub fields: Map<String, Value>,
    /// Links to other records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// Where it was said; never empty in a stored record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

impl Record {
    /// An empty record with one source.
    pub fn new(register: RegisterId, id: RecordId, source: Source) -> Self {
        Record { register, id, state: None, fields: Map::new(), links: Vec::new(), sources: vec![source] }
    }
    /// `register:id`.
    pub fn reference(&self) -> RecordRef {
        RecordRef { register: self.register.clone(), record: self.id.clone() }
    }
    /// A field as text, if it is a text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }
    /// A field as a typed value: `record.read::<Yen>("amount")`. `None` where the field is absent or of
    /// another shape; validation has refused the latter before the record was stored.
    pub fn read<'a, T: Deserialize<'a>>(&'a self, field: &str) -> Option<T> {
        self.fields.get(field).and_then(|value| T::deserialize(value).ok())
    }
    /// Sets a field to anything that can be written as JSON; a `None` leaves the field absent.
    pub fn set(&mut self, field: &str, value: impl Serialize) -> &mut Self {
        match serde_json::to_value(value) {
            Ok(Value::Null) | Err(_) => self.fields.remove(field),
            Ok(value) => self.fields.insert(field.to_owned(), value),
        };
        self
    }
    /// The links of one kind.
    pub fn links_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Link> {
        self.links.iter().filter(move |link| link.kind == kind)
    }
}
