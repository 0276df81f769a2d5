//! Versions told in prose, put into the model of advisories: what was understood becomes ranges and versions, the text stays beside it,
//! and what was not understood leaves the entry open. The grammar itself is `version::told`.

use serde_json::{Map, Value, json};

use super::model::{Affected, Event, Range, RangeKind};
use crate::version::told::{Bound, QualifierKind, Told, ToldRange, read};

/// The member of [`Affected::specific`] with what narrows an entry in words: editions, surroundings, serial numbers, notes.
pub const NARROWED: &str = "narrowed";

/// Adds what a text says of versions to an entry.
pub fn add(affected: &mut Affected, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    let told = read(text);
    affected.ranges.extend(told.ranges.iter().map(range));
    affected.versions.extend(told.listed.iter().map(|one| one.text.clone()));
    affected.cleared.versions.extend(told.excepted.iter().map(|one| one.text.clone()));
    // "After 1.2" has no event of its own: from 1.2 on, and 1.2 not.
    affected.cleared.versions.extend(told.ranges.iter().filter_map(open_from).map(str::to_owned));
    affected.unread |= !told.is_whole();
    narrow(affected, &told, text);
    affected.told.push(text.to_owned());
}

/// What narrows an entry, in the words of the source.
pub fn narrowed(affected: &Affected) -> Vec<&str> {
    let words = affected.specific.get(NARROWED).and_then(Value::as_array);
    words.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn narrow(affected: &mut Affected, told: &Told, text: &str) {
    let mut words: Vec<Value> = narrowed(affected).into_iter().map(|word| json!(word)).collect();
    let parts = told.qualifiers.iter().filter(|one| one.kind != QualifierKind::Part);
    words.extend(parts.filter_map(|one| text.get(one.at.clone())).map(|word| json!(word)));
    if words.is_empty() {
        return;
    }
    if !affected.specific.is_object() {
        affected.specific = Value::Object(Map::new());
    }
    affected.specific[NARROWED] = Value::Array(words);
}

/// A range as events of the line of versions.
fn range(told: &ToldRange) -> Range {
    let from = told.from.as_ref().map_or("0", |bound| &bound.version);
    let to = told.to.as_ref().map(|Bound { version, included }| {
        if *included { Event::LastAffected(version.clone()) } else { Event::Fixed(version.clone()) }
    });
    let events = std::iter::once(Event::Introduced(from.to_owned())).chain(to).collect();
    Range { kind: RangeKind::Maker, repository: None, events, specific: Value::Null }
}

fn open_from(told: &ToldRange) -> Option<&str> {
    told.from.as_ref().filter(|bound| !bound.included).map(|bound| bound.version.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::Named;

    #[test]
    fn what_is_told_becomes_ranges_and_the_words_stay() {
        let mut entry = Affected::of(Named::Nothing);
        add(&mut entry, "2.13.0 から 2.15.0 より前のバージョン");
        add(&mut entry, "<= 11.2 on Windows 8.1");
        let introduced = |text: &str| Event::Introduced(text.to_owned());
        let expected = [
            vec![introduced("2.13.0"), Event::Fixed("2.15.0".to_owned())],
            vec![introduced("0"), Event::LastAffected("11.2".to_owned())],
        ];
        assert!(entry.ranges.iter().map(|range| &range.events).eq(&expected));
        assert_eq!(narrowed(&entry), ["on Windows 8.1"]);
        assert!(!entry.unread && entry.told.len() == 2);
    }

    #[test]
    fn what_is_not_understood_leaves_the_entry_open() {
        let mut entry = Affected::of(Named::Nothing);
        add(&mut entry, "最新のもの");
        assert!(entry.unread && entry.ranges.is_empty() && entry.versions.is_empty());
    }
}
