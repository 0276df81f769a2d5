//! What a converted or merged bill of materials does not carry of the bills it was made from: for a person by member, for programs one by one.

use std::collections::BTreeMap;

use base::Lang;
use cyber::document::Place;
use cyber::sbom::convert::{Told, Why};
use cyber::sbom::merge::Merged;
use serde_json::{Value, json};

use super::sbom::place;

/// Kinds of what was left out that are shown to a person.
const SHOWN: usize = 30;

/// Lines for a person: each kind of member once, how often, and where first.
pub fn remarks(file: &str, told: &Told, lang: Lang) -> Vec<String> {
    let mut kinds: BTreeMap<(String, Why), (usize, &Place)> = BTreeMap::new();
    for one in &told.kept {
        let kind = (general(&one.place, &one.what), one.why);
        kinds.entry(kind).or_insert((0, &one.place)).0 += 1;
    }
    let mut lines = Vec::new();
    if told.is_nothing() {
        return lines;
    }
    lines.push(match lang {
        Lang::Ja => format!("{file}：そのまま引き継げなかったもの{}件", told.total),
        Lang::En => format!("{file}: {} things are not, or not the same, in the new bill", told.total),
    });
    let all = kinds.len();
    for ((what, why), (times, first)) in kinds.into_iter().take(SHOWN) {
        let (why, first) = (why.names(), place(first, lang));
        lines.push(match lang {
            Lang::Ja => format!("  {what} ×{times}：{}（最初は {first}）", why.ja),
            Lang::En => format!("  {what} ×{times}: {} (first at {first})", why.en),
        });
    }
    if all > SHOWN {
        let more = all - SHOWN;
        lines.push(match lang {
            Lang::Ja => format!("  ほかに{more}種類（--format json で全件）"),
            Lang::En => format!("  {more} more kinds (all of them with --format json)"),
        });
    }
    lines
}

/// Everything, one by one, for programs.
pub fn json(file: &str, told: &Told) -> Value {
    let one = |one: &cyber::sbom::convert::LeftOut| json!({ "place": one.place.to_string(), "what": one.what, "why": one.why.code() });
    json!({
        "file": file,
        "left-out": told.total,
        "listed": told.kept.len(),
        "all": told.kept.iter().map(one).collect::<Vec<_>>(),
    })
}

/// What became of the parts of a merged bill, for programs.
pub fn merged(parts: &[String], merged: &Merged, conversion: Option<&Told>) -> Value {
    let renamed = merged
        .renamed
        .iter()
        .map(|(part, old, new)| json!({ "part": parts.get(*part), "from": old, "to": new }));
    json!({
        "parts": parts.iter().zip(&merged.told).map(|(part, told)| json(part, told)).collect::<Vec<_>>(),
        "renamed": renamed.collect::<Vec<_>>(),
        "unified": merged.unified,
        "conversion": conversion.map(|told| json("", told)),
    })
}

/// A place without its numbers; where that does not name the thing, what it is.
fn general(place: &Place, what: &str) -> String {
    match place {
        Place::Line { path, .. } if path.is_empty() => what.to_owned(),
        Place::Line { path, .. } => format!("{path}: {what}"),
        Place::Pointer(pointer) => {
            let steps: Vec<&str> = pointer
                .split('/')
                .map(|step| if step.parse::<usize>().is_ok() { "*" } else { step })
                .collect();
            let path = steps.join("/");
            if path.ends_with(&format!("/{what}")) { path } else { format!("{path} {what}") }
        }
    }
}
