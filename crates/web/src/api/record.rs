//! How a record is written in JSON, and how one that was sent is read.

use base::Source;
use jiff::Timestamp;
use register::{Link, Record};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use store::{Action, Entry, Stored};

use super::asked;
use crate::failure::Failure;

/// What only the server says of a record; a client may send it back, and it is not read.
pub(super) const SERVERS: [&str; 4] = ["version", "seq", "at", "by"];
/// What a client says of a record.
pub(super) const CLIENTS: [&str; 6] = ["register", "id", "state", "fields", "links", "sources"];

/// The members of a source and of a link.
const SOURCE: [&str; 9] =
    ["document", "page", "lines", "cell", "url", "status", "machine_read", "said_by", "on"];
const LINK: [&str; 9] = ["kind", "to", "belief", "by", "on", "reason", "score", "why", "source"];

/// A record with its place in the history.
#[derive(Serialize)]
pub(super) struct Item<'a> {
    register: &'a str,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    fields: &'a Map<String, Value>,
    links: &'a [Link],
    sources: &'a [Source],
    version: u64,
    seq: u64,
    at: Timestamp,
    #[serde(skip_serializing_if = "str::is_empty")]
    by: &'a str,
}

/// Something that happened to a record.
#[derive(Serialize)]
pub(super) struct Happened<'a> {
    event: &'static str,
    register: &'a str,
    id: &'a str,
    version: u64,
    seq: u64,
    at: Timestamp,
    #[serde(skip_serializing_if = "str::is_empty")]
    by: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    /// None where it is withdrawn or out of sight.
    record: Option<Item<'a>>,
}

impl<'a> Item<'a> {
    pub(super) fn of(stored: &'a Stored) -> Self {
        Item::new(&stored.record, stored.version, stored.seq, stored.at, &stored.actor)
    }

    fn new(record: &'a Record, version: u64, seq: u64, at: Timestamp, by: &'a str) -> Self {
        Item {
            register: record.register.as_str(),
            id: record.id.as_str(),
            state: record.state.as_deref(),
            fields: &record.fields,
            links: &record.links,
            sources: &record.sources,
            version,
            seq,
            at,
            by,
        }
    }
}

impl<'a> Happened<'a> {
    pub(super) fn of(entry: &'a Entry) -> Self {
        let record = entry.record.as_ref();
        Happened {
            event: event(entry),
            register: entry.reference.register.as_str(),
            id: entry.reference.record.as_str(),
            version: entry.version,
            seq: entry.seq,
            at: entry.at,
            by: &entry.actor,
            reason: &entry.reason,
            record: record.map(|record| Item::new(record, entry.version, entry.seq, entry.at, &entry.actor)),
        }
    }
}

/// The word for what happened.
pub(super) fn event(entry: &Entry) -> &'static str {
    match (&entry.record, entry.action, entry.version) {
        (Some(_), Action::Put, 1) => "created",
        (Some(_), ..) => "changed",
        (None, ..) => "withdrawn",
    }
}

/// A record as it was sent. `like` says which record it must be, and what is taken over where the client says nothing.
pub(super) fn sent(value: Value, like: &Record, is_new: bool) -> Result<Record, Failure> {
    let known: Vec<&str> = CLIENTS.iter().chain(&SERVERS).copied().collect();
    let mut members = asked::members(value, &known)?;
    for (name, is) in [("register", like.register.as_str()), ("id", like.id.as_str())] {
        if members.get(name).is_some_and(|value| value.as_str() != Some(is)) {
            return Err(Failure::at(
                format!("/{name}"),
                format!("アドレスと合いません（{is}）"),
                format!("it must be that of the address: {is}"),
            ));
        }
    }
    let mut take = |name: &str| members.remove(name);
    let state = take("state").map(|state| asked::part(state, "/state")).transpose()?;
    let fields = take("fields").map(|fields| asked::part(fields, "/fields")).transpose()?;
    let links: Option<Vec<Link>> = take("links").map(|links| list(links, "/links", &LINK)).transpose()?;
    let sources: Option<Vec<Source>> =
        take("sources").map(|sources| list(sources, "/sources", &SOURCE)).transpose()?;
    if fields.is_none() && is_new {
        return Err(Failure::at("/fields", "fields は必須です", "`fields` is required"));
    }
    Ok(Record {
        register: like.register.clone(),
        id: like.id.clone(),
        state: state.or_else(|| like.state.clone()),
        fields: fields.unwrap_or_default(),
        links: links.unwrap_or_default(),
        sources: sources.unwrap_or_default(),
    })
}

/// A list whose faulty item is named.
fn list<T: DeserializeOwned>(value: Value, pointer: &str, known: &[&str]) -> Result<Vec<T>, Failure> {
    let items: Vec<Value> = asked::part(value, pointer)?;
    let mut read = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let here = format!("{pointer}/{index}");
        let members = item.as_object().into_iter().flatten();
        if let Some((name, _)) =
            members.clone().find(|(name, value)| value.is_null() || !known.contains(&name.as_str()))
        {
            let (name, known) = (asked::escaped(name), known.join(", "));
            return Err(Failure::at(
                format!("{here}/{name}"),
                format!("null又は未知の項目です。使えるもの：{known}"),
                format!("null or not known; there are: {known}"),
            ));
        }
        read.push(asked::part(item, &here)?);
    }
    Ok(read)
}
