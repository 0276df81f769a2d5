//! What all sources say about how grave one vulnerability is, side by side: nothing is merged, and what nobody says stays unknown.

use std::cmp::{Ordering, Reverse};
use std::collections::HashSet;

use base::{Missing, Reported};

use super::vector::{Notation, Score, Scored, Unscored, read};
use crate::advisory::{Advisory, Severity};

/// One severity of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// Who says so: the advisory's id.
    pub source: String,
    /// The notation as the source names it.
    pub notation: String,
    /// The vector or word as published.
    pub published: String,
    /// The score, or why there is none.
    pub reading: Result<Scored, Unscored>,
}

/// Sources give different scores in one version of CVSS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The version.
    pub notation: Notation,
    /// Each score with the sources that give it, the highest first.
    pub scores: Vec<(Score, Vec<String>)>,
}

/// A vulnerability is known to be exploited (CISA's catalogue, or another).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exploited {
    /// Whose catalogue.
    pub source: String,
    /// The id it stands under there.
    pub cve: String,
    /// Since when it stands there, as written.
    pub since: Option<String>,
    /// Whether ransomware is known to use it, where the catalogue says so.
    pub ransomware: Option<bool>,
}

/// How likely it is to be exploited within 30 days (EPSS).
#[derive(Clone, Debug, PartialEq)]
pub struct Likelihood {
    /// The id it was estimated for.
    pub cve: String,
    /// From 0 to 1.
    pub probability: f64,
    /// The share of vulnerabilities that are as likely or less, from 0 to 1.
    pub percentile: Option<f64>,
    /// The day of the estimate, as written.
    pub day: Option<String>,
}

/// All of it for one vulnerability. [`Missing::None`] means that the data at hand were looked through and do not hold it;
/// [`Missing::Unknown`] that no such data were at hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Gravity {
    /// Every severity of every source, in their order.
    pub rated: Vec<Rated>,
    /// Known exploitation.
    pub exploited: Reported<Exploited>,
    /// Likelihood of exploitation.
    pub likelihood: Reported<Likelihood>,
}

/// Where a vulnerability stands in a list for people; the smaller the sooner. It is an order, not a number of severity: exploited ones first,
/// then by the highest score anyone gives, then by likelihood. What nobody has scored is a group of its own, behind what is scored
/// high and before what is known to be less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Urgency {
    group: Group,
    score: Reverse<Score>,
    likelihood: (Likely, Reverse<u32>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Group {
    Exploited,
    High,
    Unscored,
    Lower,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Likely {
    MoreThanHalf,
    Unknown,
    Less,
}

/// CVSS 3.1, 5: from here on a score is called high.
const HIGH: u8 = 70;

impl Gravity {
    /// The severities of sources, each with the id of its advisory; exploitation and likelihood are not known yet.
    pub fn of<'a>(severities: impl IntoIterator<Item = (&'a str, &'a Severity)>) -> Self {
        let rated = severities.into_iter().map(|(source, severity)| Rated {
            source: source.to_owned(),
            notation: severity.notation.clone(),
            published: severity.score.clone(),
            reading: read(&severity.notation, &severity.score),
        });
        Gravity {
            rated: rated.collect(),
            exploited: Reported::missing(Missing::Unknown),
            likelihood: Reported::missing(Missing::Unknown),
        }
    }

    /// The severities of some advisories, those of single entries included; for advisories that are shown as one group.
    pub fn of_advisories<'a>(advisories: impl IntoIterator<Item = &'a Advisory>) -> Self {
        let of_one = |advisory: &'a Advisory| {
            let entries = advisory.affected.iter().flat_map(|entry| &entry.severities);
            let all = advisory.severities.iter().chain(entries);
            all.map(|severity| (advisory.id.as_str(), severity))
        };
        let mut gravity = Gravity::of(advisories.into_iter().flat_map(of_one));
        // Entries of one advisory often repeat each other's severity.
        let mut seen = HashSet::new();
        gravity.rated.retain(|rated| {
            seen.insert((rated.source.clone(), rated.notation.clone(), rated.published.clone()))
        });
        gravity
    }

    /// The highest score that any source gives, and its source. The latest version of CVSS comes first among equals.
    pub fn highest(&self) -> Option<(&Rated, Scored)> {
        let scored = self.rated.iter().filter_map(|rated| Some((rated, *rated.reading.as_ref().ok()?)));
        scored.max_by_key(|(_, scored)| (scored.score, scored.notation))
    }

    /// Versions of CVSS in which sources differ.
    pub fn disagreements(&self) -> Vec<Disagreement> {
        let mut found = Vec::new();
        for notation in [Notation::V40, Notation::V31, Notation::V30, Notation::V2] {
            let mut given: Vec<(Score, Vec<String>)> = Vec::new();
            for rated in &self.rated {
                let Some(scored) = rated.reading.as_ref().ok().filter(|one| one.notation == notation) else {
                    continue;
                };
                match given.iter_mut().find(|(score, _)| *score == scored.score) {
                    Some((_, sources)) => sources.push(rated.source.clone()),
                    None => given.push((scored.score, vec![rated.source.clone()])),
                }
            }
            if given.len() > 1 {
                given.sort_by_key(|(score, _)| Reverse(*score));
                found.push(Disagreement { notation, scores: given });
            }
        }
        found
    }

    /// Its place in a list for people.
    pub fn urgency(&self) -> Urgency {
        let score = self.highest().map(|(_, scored)| scored.score);
        let group = match (self.exploited.value(), score) {
            (Some(_), _) => Group::Exploited,
            (None, Some(score)) if score.tenths() >= HIGH => Group::High,
            (None, None) => Group::Unscored,
            (None, Some(_)) => Group::Lower,
        };
        // An exploited vulnerability without a score must not fall behind a scored one for want of a number.
        let score = Reverse(score.unwrap_or(Score::of(10.0)));
        Urgency { group, score, likelihood: likely(self.likelihood.value()) }
    }
}

fn likely(likelihood: Option<&Likelihood>) -> (Likely, Reverse<u32>) {
    let Some(likelihood) = likelihood else { return (Likely::Unknown, Reverse(0)) };
    let half = likelihood.probability.partial_cmp(&0.5).unwrap_or(Ordering::Less);
    let group = if half == Ordering::Less { Likely::Less } else { Likely::MoreThanHalf };
    (group, Reverse(millionths(likelihood.probability)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1,000,000")]
fn millionths(probability: f64) -> u32 {
    (probability * 1_000_000.0).round().clamp(0.0, 1_000_000.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRITICAL: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    const MEDIUM: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N";

    fn gravity(vectors: &[(&str, &str)], exploited: bool, likelihood: Option<f64>) -> Gravity {
        let severities: Vec<(&str, Severity)> = vectors
            .iter()
            .map(|(source, vector)| {
                (*source, Severity { notation: "CVSS_V3".to_owned(), score: (*vector).to_owned() })
            })
            .collect();
        let mut gravity = Gravity::of(severities.iter().map(|(source, severity)| (*source, severity)));
        if exploited {
            gravity.exploited = Reported::Value(Exploited {
                source: "KEV".to_owned(),
                cve: String::new(),
                since: None,
                ransomware: None,
            });
        }
        if let Some(probability) = likelihood {
            gravity.likelihood =
                Reported::Value(Likelihood { cve: String::new(), probability, percentile: None, day: None });
        }
        gravity
    }

    #[test]
    fn sources_that_differ_are_shown_and_not_merged() {
        let gravity = gravity(
            &[("CVE-1", CRITICAL), ("GHSA-1", MEDIUM), ("JVN-1", CRITICAL), ("U", "low")],
            false,
            None,
        );
        assert_eq!(gravity.rated.len(), 4);
        assert_eq!(gravity.rated[3].reading, Err(Unscored::NoVector));
        let disagreements = gravity.disagreements();
        assert_eq!(disagreements.len(), 1);
        let said: Vec<_> = disagreements[0]
            .scores
            .iter()
            .map(|(score, sources)| (score.to_string(), sources.join(" ")))
            .collect();
        assert_eq!(
            said,
            [("9.8".to_owned(), "CVE-1 JVN-1".to_owned()), ("6.1".to_owned(), "GHSA-1".to_owned())]
        );
    }

    #[test]
    fn severities_of_entries_count_once_for_each_advisory() {
        let severity = Severity { notation: "CVSS_V3".to_owned(), score: CRITICAL.to_owned() };
        let mut entry = crate::advisory::Affected::of(crate::advisory::Named::Nothing);
        entry.severities = vec![severity.clone()];
        let advisory = |id: &str| Advisory {
            id: id.to_owned(),
            severities: vec![severity.clone()],
            affected: vec![entry.clone(), entry.clone()],
            ..Advisory::default()
        };
        let gravity = Gravity::of_advisories(&[advisory("A"), advisory("B")]);
        let sources: Vec<_> = gravity.rated.iter().map(|rated| rated.source.as_str()).collect();
        assert_eq!(sources, ["A", "B"]);
    }

    #[test]
    fn exploited_comes_first_and_unknown_apart_but_not_last() {
        let order = [
            gravity(&[("a", MEDIUM)], true, None),
            gravity(&[("a", CRITICAL)], false, Some(0.9)),
            gravity(&[("a", CRITICAL)], false, None),
            gravity(&[("a", CRITICAL)], false, Some(0.01)),
            gravity(&[("a", "low")], false, None),
            gravity(&[("a", MEDIUM)], false, Some(0.99)),
            gravity(&[("a", MEDIUM)], false, Some(0.02)),
        ];
        for pair in order.windows(2) {
            assert!(pair[0].urgency() < pair[1].urgency(), "{:?} {:?}", pair[0].urgency(), pair[1].urgency());
        }
        let unscored = gravity(&[], true, None);
        assert!(unscored.urgency() <= gravity(&[("a", CRITICAL)], true, None).urgency());
    }

    #[test]
    fn no_data_is_not_the_same_as_not_listed() {
        let mut gravity = gravity(&[], false, None);
        assert_eq!(gravity.exploited.reason(), Some(Missing::Unknown));
        gravity.exploited = Reported::missing(Missing::None);
        assert_ne!(gravity.exploited, Reported::missing(Missing::Unknown));
    }
}
