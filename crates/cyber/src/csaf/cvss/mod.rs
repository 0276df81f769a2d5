//! CVSS objects in scores: of the shape that FIRST publishes (6.1.8), computed as their vector says (6.1.9), and with
//! properties that do not contradict it (6.1.10). The metrics stand in one table for each version.

mod metrics;
mod shape;
mod v2;
mod v3;
mod v4;

use super::departure::{DepartureKind as Kind, Found};
use super::view::At;
use crate::document::deviation::shown;
use metrics::{Metric, Vector};

/// One version of CVSS.
pub(super) struct Cvss {
    version: &'static str,
    /// What a vector begins with.
    prefix: &'static str,
    metrics: &'static [Metric],
    /// Severities, and the property that must tell the first of them.
    has_severities: bool,
    /// The properties of scores and severities, in the order of what is computed.
    scored: &'static [(&'static str, &'static str)],
    scores: fn(&Vector<'_>) -> Option<Scores>,
    /// Whether the metrics have an order, and other properties may not stand beside those that FIRST lists.
    is_strict: bool,
}

/// The three scores that a vector gives. Version 4.0 knows none but that of all groups, which stands for the latter two.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scores {
    base: f64,
    temporal: f64,
    environmental: f64,
}

const THREE: &[(&str, &str)] = &[
    ("baseScore", "baseSeverity"),
    ("temporalScore", "temporalSeverity"),
    ("environmentalScore", "environmentalSeverity"),
];

/// CVSS 2.0.
pub(super) const V2: Cvss = Cvss {
    version: "2.0",
    prefix: "",
    metrics: v2::METRICS,
    has_severities: false,
    scored: THREE,
    scores: v2::scores,
    is_strict: false,
};
/// CVSS 3.0.
pub(super) const V30: Cvss = Cvss {
    version: "3.0",
    prefix: "CVSS:3.0/",
    metrics: v3::METRICS,
    has_severities: true,
    scored: THREE,
    scores: v3::scores_30,
    is_strict: false,
};
/// CVSS 3.1.
pub(super) const V31: Cvss = Cvss {
    version: "3.1",
    prefix: "CVSS:3.1/",
    metrics: v3::METRICS,
    has_severities: true,
    scored: THREE,
    scores: v3::scores_31,
    is_strict: false,
};
/// CVSS 4.0.
pub(super) const V40: Cvss = Cvss {
    version: "4.0",
    prefix: "CVSS:4.0/",
    metrics: v4::METRICS,
    has_severities: true,
    scored: &[("baseScore", "baseSeverity")],
    scores: v4::scores,
    is_strict: true,
};

/// The tests of 6.1.8 to 6.1.10; without a vector that can be read, the latter two say nothing.
pub(super) fn check(object: &At<'_>, cvss: &Cvss, found: &mut Found) {
    shape::check(object, cvss, found);
    let Some(text) = object.text("vectorString") else { return };
    let Some(vector) = Vector::of(text, cvss.prefix, cvss.metrics) else { return };
    match (cvss.scores)(&vector) {
        Some(scores) if vector.is_unambiguous() => {
            computed(object, cvss, &in_order(object, cvss, scores), found);
        }
        _ => {
            let at = object.get("vectorString").unwrap_or_else(|| object.clone());
            found.tell(&at, Kind::CvssVector(shown(text)));
        }
    }
    contradictions(object, cvss, &vector, found);
}

/// The scores in the order of their properties. Version 4.0 has one score for a vector, whatever groups it holds (4.0, 1.3), and one
/// property for it, which names the base group: both the score of that group and that of the whole vector are right there.
fn in_order(object: &At<'_>, cvss: &Cvss, scores: Scores) -> [f64; 3] {
    let Scores { base, temporal, environmental } = scores;
    let given = object.get("baseScore").and_then(|at| at.value.as_f64());
    let is_of_all = given.is_some_and(|given| (given - environmental).abs() < 1e-6);
    let first = if cvss.scored.len() == 1 && is_of_all { environmental } else { base };
    [first, temporal, environmental]
}

/// 6.1.9: the scores and severities that are given.
fn computed(object: &At<'_>, cvss: &Cvss, scores: &[f64], found: &mut Found) {
    for ((property, severity), computed) in cvss.scored.iter().zip(scores) {
        let (property, severity, computed) = (*property, *severity, *computed);
        if let Some(at) = object.get(property)
            && let Some(given) = at.value.as_f64()
            && (given - computed).abs() > 1e-6
        {
            let (given, computed) = (given.to_string(), format!("{computed:.1}"));
            found.tell(&at, Kind::CvssComputation { property, found: given, computed });
        }
        if cvss.has_severities
            && let Some(at) = object.get(severity)
            && let Some(given) = at.value.as_str()
            && given != band(computed)
        {
            let (given, computed) = (shown(given), band(computed).to_owned());
            found.tell(&at, Kind::CvssComputation { property: severity, found: given, computed });
        }
    }
}

/// CVSS 3.1, 5: qualitative severity rating scale.
fn band(score: f64) -> &'static str {
    match score {
        score if score >= 9.0 => "CRITICAL",
        score if score >= 7.0 => "HIGH",
        score if score >= 4.0 => "MEDIUM",
        score if score > 0.0 => "LOW",
        _ => "NONE",
    }
}

/// 6.1.10: a vector does not contradict what it leaves out. The standard's own valid documents (test 6.2.19) have such properties.
fn contradictions(object: &At<'_>, cvss: &Cvss, vector: &Vector<'_>, found: &mut Found) {
    for metric in cvss.metrics {
        let Some(at) = object.get(metric.property) else { continue };
        let Some(said) = vector.word(metric.key).filter(|word| Some(*word) != at.value.as_str()) else {
            continue;
        };
        if let Some(given) = at.value.as_str() {
            let (property, vector) = (metric.property, said.to_owned());
            found.tell(&at, Kind::CvssContradiction { property, found: shown(given), vector });
        }
    }
}
