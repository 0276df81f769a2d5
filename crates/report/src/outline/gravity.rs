//! How grave a finding is, in words and for programs: each source for itself, and what nobody says kept apart from what was looked for in vain.

use base::{Lang, Missing, Reported};
use cyber::severity::{Exploited, Gravity, Likelihood, Rated};
use serde::Serialize;

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

/// For programs. A list that was looked through in vain gives `null`; where no such list was at hand its member is missing.
#[derive(Debug, Serialize)]
pub struct Machine<'a> {
    severity: Vec<Rating<'a>>,
    #[serde(skip_serializing_if = "Sought::is_nowhere")]
    exploited: Sought<Exploitation<'a>>,
    #[serde(skip_serializing_if = "Sought::is_nowhere")]
    epss: Sought<Forecast<'a>>,
}

/// What came of looking into a list.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Sought<T> {
    /// There was no list at hand.
    Nowhere,
    /// It is not there: `null`.
    InVain(()),
    /// It is there.
    Found(T),
}

impl<T> Sought<T> {
    fn of<'r, R>(reported: &'r Reported<R>, show: impl FnOnce(&'r R) -> T) -> Self {
        match reported.value() {
            Some(value) => Self::Found(show(value)),
            None if reported.reason() == Some(Missing::Unknown) => Self::Nowhere,
            None => Self::InVain(()),
        }
    }

    fn is_nowhere(&self) -> bool {
        matches!(self, Self::Nowhere)
    }
}

#[derive(Debug, Serialize)]
struct Rating<'a> {
    notation: &'a str,
    published: &'a str,
    score: Option<f64>,
    word: Option<String>,
}

#[derive(Debug, Serialize)]
struct Exploitation<'a> {
    catalogue: &'a str,
    cve: &'a str,
    since: Option<&'a str>,
    ransomware: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Forecast<'a> {
    cve: &'a str,
    probability: f64,
    percentile: Option<f64>,
    day: Option<&'a str>,
}

impl<'a> Machine<'a> {
    /// What is known of a finding.
    pub fn of(gravity: &'a Gravity) -> Self {
        let rating = |rated: &'a Rated| {
            let scored = rated.reading.as_ref().ok();
            Rating {
                notation: &rated.notation,
                published: &rated.published,
                score: scored.map(|one| one.score.value()),
                word: scored.map(|one| one.word.names().en),
            }
        };
        let exploitation = |known: &'a Exploited| Exploitation {
            catalogue: &known.source,
            cve: &known.cve,
            since: known.since.as_deref(),
            ransomware: known.ransomware,
        };
        let forecast = |one: &'a Likelihood| Forecast {
            cve: &one.cve,
            probability: one.probability,
            percentile: one.percentile,
            day: one.day.as_deref(),
        };
        Self {
            severity: gravity.rated.iter().map(rating).collect(),
            exploited: Sought::of(&gravity.exploited, exploitation),
            epss: Sought::of(&gravity.likelihood, forecast),
        }
    }
}
