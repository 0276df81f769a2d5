//! How grave a finding is, in words and for programs: each source for itself, and what nobody says kept apart from what was looked for in vain.

use base::{Lang, Missing};
use cyber::severity::{Exploited, Gravity, Likelihood};
use serde_json::{Map, Value, json};

use crate::Cell;

/// The highest score with its word, where sources differ the lowest too, then known exploitation and its likelihood.
pub fn cell(gravity: &Gravity, lang: Lang) -> Cell {
    let said = [
        scores(gravity, lang),
        gravity.exploited.value().map(|known| exploited(known, lang)),
        gravity.likelihood.value().map(likelihood),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() { Cell::missing(Missing::NotPrinted) } else { Cell::text(said.join(" · ")) }
}

fn scores(gravity: &Gravity, lang: Lang) -> Option<String> {
    let Some((_, highest)) = gravity.highest() else {
        // A publisher's own word is better than nothing.
        return gravity.rated.first().map(|rated| rated.published.clone());
    };
    let word = highest.word.names();
    let differing = gravity.disagreements().into_iter().find(|one| one.notation == highest.notation);
    let lowest = differing.and_then(|one| one.scores.last().map(|(score, _)| *score));
    let range =
        lowest.map_or_else(|| highest.score.to_string(), |lowest| format!("{lowest}–{}", highest.score));
    Some(format!("{} {range} ({})", word.get(lang), highest.notation.name()))
}

fn exploited(known: &Exploited, lang: Lang) -> String {
    let since = known.since.as_deref().unwrap_or("?");
    let ransomware = match known.ransomware {
        Some(true) => lang.pick("、ランサムウェア", ", ransomware"),
        _ => "",
    };
    match lang {
        Lang::Ja => format!("悪用確認（{}、{since}{ransomware}）", known.source),
        Lang::En => format!("exploited ({}, {since}{ransomware})", known.source),
    }
}

fn likelihood(likelihood: &Likelihood) -> String {
    format!("EPSS {:.1}%", likelihood.probability * 100.0)
}

/// For programs. `null` where the data at hand were looked through and do not hold it; the member is missing where no such data were at hand.
pub fn json(gravity: &Gravity) -> Map<String, Value> {
    let rated = gravity.rated.iter().map(|rated| {
        let scored = rated.reading.as_ref().ok();
        json!({
            "notation": rated.notation,
            "published": rated.published,
            "score": scored.map(|one| one.score.value()),
            "word": scored.map(|one| one.word.names().en),
        })
    });
    let mut said = Map::new();
    said.insert("severity".to_owned(), rated.collect());
    if gravity.exploited.reason() != Some(Missing::Unknown) {
        let known = gravity.exploited.value().map_or(Value::Null, |known| {
            json!({ "catalogue": known.source, "cve": known.cve, "since": known.since, "ransomware": known.ransomware })
        });
        said.insert("exploited".to_owned(), known);
    }
    if gravity.likelihood.reason() != Some(Missing::Unknown) {
        let one = gravity.likelihood.value().map_or(Value::Null, |one| {
            json!({ "cve": one.cve, "probability": one.probability, "percentile": one.percentile, "day": one.day })
        });
        said.insert("epss".to_owned(), one);
    }
    said
}
