//! From the history to letters: which change concerns whom. Only organisations that a record names are written to, and of their people those
//! who have given an address.

use std::collections::{BTreeMap, BTreeSet};

use account::people;
use jiff::Timestamp;
use register::Record;
use store::{Entry, Store};

use super::letters::{self, Event, Letter};
use crate::app::App;
use crate::devices;
use crate::failure::Failure;

/// Entries of the history looked at before the place is written down.
const PORTION: usize = 500;
/// Records named in one letter; the page behind it has all.
const NAMED: usize = 50;

/// Makes letters of the next entries of the history; whether there may be more.
pub(super) async fn portion(app: &App) -> Result<bool, Failure> {
    let head = app.desk.head();
    let now = Timestamp::now();
    let place = app.desk.look(move |store| letters::place(store, now)).await?;
    let Some(after) = place.map(|place| place.min(head)) else {
        app.desk.change(move |store| letters::follow_to(store, head, now)).await?;
        return Ok(false);
    };
    if after >= head {
        return Ok(false);
    }
    let (planned, next, more) = app
        .desk
        .look(move |store| {
            let entries = store.entries(after, None, PORTION)?;
            let next = entries.last().map_or(head, |last| last.seq);
            let more = entries.len() == PORTION;
            Ok((planned(store, &entries, now)?, next, more))
        })
        .await?;
    let kept = app.desk.change(move |store| {
        for (seq, letter) in &planned {
            letters::queue(store, *seq, letter, now)?;
        }
        letters::follow_to(store, next, now)
    });
    kept.await?;
    Ok(more)
}

/// The letters of some entries, each with the place of its first entry: one for a person and an event.
fn planned(store: &Store, entries: &[Entry], now: Timestamp) -> Result<Vec<(u64, Letter)>, Failure> {
    let mut concerned: BTreeMap<(Event, String, String), (u64, Vec<String>)> = BTreeMap::new();
    for entry in entries {
        let Some(record) = &entry.record else { continue };
        let Some((mut event, mut topic, organisations)) = event(record, entry.version) else { continue };
        // Of what was found at once, hundreds perhaps, one letter tells.
        if event == Event::Found && devices::AT_ONCE.contains(&entry.reason.as_str()) {
            (event, topic) = (Event::Renewed, entry.reason.clone());
        }
        for organisation in organisations {
            let key = (event, topic.clone(), organisation);
            let (_, records) = concerned.entry(key).or_insert_with(|| (entry.seq, Vec::new()));
            if records.len() < NAMED {
                records.push(entry.reference.to_string());
            }
        }
    }
    if concerned.is_empty() {
        return Ok(Vec::new());
    }
    let mut letters: BTreeMap<(String, Event, String), (u64, BTreeSet<String>)> = BTreeMap::new();
    for person in people::all(store, now).map_err(Failure::broken)? {
        let person = person.value;
        if person.disabled || person.profile.email.is_none() {
            continue;
        }
        let own: BTreeSet<String> =
            person.organisations().into_iter().map(|id| format!("organisation:{id}")).collect();
        for ((event, topic, organisation), (seq, records)) in &concerned {
            if own.contains(organisation) {
                let key = (person.id.to_string(), *event, topic.clone());
                let letter = letters.entry(key).or_insert_with(|| (*seq, BTreeSet::new()));
                letter.0 = letter.0.min(*seq);
                letter.1.extend(records.iter().cloned());
            }
        }
    }
    let letter = |((person, event, topic), (seq, records)): (_, (u64, BTreeSet<String>))| {
        let records = records.into_iter().take(NAMED).collect();
        (seq, Letter { person, event, topic, records, since: now, tries: 0, again: now, given_up: None })
    };
    Ok(letters.into_iter().map(letter).collect())
}

/// What a change is to somebody, what it is about, and the organisations it concerns.
fn event(record: &Record, version: u64) -> Option<(Event, String, Vec<String>)> {
    let one = |field: &str| record.text(field).map(ToOwned::to_owned).into_iter().collect::<Vec<_>>();
    let many = |field: &str| record.read::<Vec<String>>(field).unwrap_or_default();
    let topic = |field: &str| record.text(field).unwrap_or_default().to_owned();
    match record.register.as_str() {
        "vulnerability-finding" if version == 1 => Some((Event::Found, topic("advisory"), one("holder"))),
        "advisory-notice" if version == 1 => Some((Event::Told, topic("advisory"), many("user"))),
        "advisory-notice" if record.text("done_on").is_some() => {
            Some((Event::Done, topic("advisory"), one("holder")))
        }
        "premarket-file" if record.text("review").is_some() => {
            Some((Event::Reviewed, record.id.to_string(), one("holder")))
        }
        "premarket-file" if record.state.as_deref() == Some("submitted") => {
            Some((Event::Submitted, record.id.to_string(), many("shown_to")))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base::Source;

    use super::*;

    fn record(register: &str) -> Record {
        let mut record =
            Record::new(register.parse().unwrap(), "r".parse().unwrap(), Source::document("test"));
        record.set("holder", "organisation:maker").set("advisory", "CVE-1");
        record.set("user", ["organisation:clinic"]).set("shown_to", ["organisation:office"]);
        record
    }

    #[test]
    fn each_event_concerns_those_whom_its_record_names() {
        let whom = |register: &str, version, state: Option<&str>, set: &[(&str, &str)]| {
            let mut record = record(register);
            record.state = state.map(ToOwned::to_owned);
            for (field, value) in set {
                record.set(field, value);
            }
            event(&record, version).map(|(event, _, organisations)| (event, organisations.join(",")))
        };
        let one = |event, organisation: &str| Some((event, format!("organisation:{organisation}")));
        assert_eq!(whom("vulnerability-finding", 1, None, &[]), one(Event::Found, "maker"));
        assert_eq!(whom("vulnerability-finding", 2, None, &[]), None, "a decision is nobody's news");
        assert_eq!(whom("advisory-notice", 1, None, &[]), one(Event::Told, "clinic"));
        assert_eq!(whom("advisory-notice", 2, None, &[]), None);
        let done = [("done_on", "2026-04-01")];
        assert_eq!(whom("advisory-notice", 2, None, &done), one(Event::Done, "maker"));
        assert_eq!(whom("premarket-file", 1, Some("draft"), &[]), None, "a draft is shown to nobody by mail");
        assert_eq!(whom("premarket-file", 2, Some("submitted"), &[]), one(Event::Submitted, "office"));
        let reviewed = [("review", "reviewed")];
        assert_eq!(whom("premarket-file", 3, Some("submitted"), &reviewed), one(Event::Reviewed, "maker"));
        assert_eq!(whom("device-bill", 1, None, &[]), None);
    }
}
