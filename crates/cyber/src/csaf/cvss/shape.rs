//! The shape of CVSS objects, by facts of the JSON schemas that FIRST publishes (6.1.8): what must be there, and which values
//! each property may have. Other properties may stand beside them, but for version 4.0.

use serde_json::Value;

use super::super::departure::{DepartureKind as Kind, Found};
use super::super::view::At;
use super::metrics::Vector;
use super::{Cvss, band};
use crate::document::DeviationKind as Deviation;
use crate::document::deviation::shown;

/// Compares an object with its shape.
pub(super) fn check(object: &At<'_>, cvss: &Cvss, found: &mut Found) {
    if !object.value.is_object() {
        return;
    }
    let severity = if cvss.has_severities { &["baseSeverity"][..] } else { &[] };
    for name in ["version", "vectorString", "baseScore"].iter().chain(severity) {
        if !object.has(name) {
            found.tell(object, Kind::CvssShape(Deviation::Missing((*name).to_owned())));
        }
    }
    texts(object, cvss, found);
    if cvss.is_strict {
        unknown(object, cvss, found);
    }
    for score in cvss.scored.iter().filter_map(|(name, _)| object.get(name)) {
        match score.value.as_f64() {
            None => tell(&score, wrong_type("number", score.value), found),
            Some(number) if !(0.0..=10.0).contains(&number) => {
                let (number, bounds) = (number.to_string(), "0..10".to_owned());
                tell(&score, Deviation::OutOfBounds { found: number, bounds }, found);
            }
            Some(_) => {}
        }
    }
}

/// The version, the vector, severities, and metrics as properties.
fn texts(object: &At<'_>, cvss: &Cvss, found: &mut Found) {
    listed(object, "version", |version| version == cvss.version, found);
    for (_, severity) in cvss.scored.iter().filter(|_| cvss.has_severities) {
        let is_band = |text: &str| [0.0, 0.1, 4.0, 7.0, 9.0].into_iter().any(|score| band(score) == text);
        listed(object, severity, is_band, found);
    }
    for metric in cvss.metrics {
        listed(object, metric.property, |text| metric.all_values().any(|value| value.1 == text), found);
    }
    let Some(at) = object.get("vectorString") else { return };
    match at.value.as_str() {
        None => tell(&at, wrong_type("string", at.value), found),
        Some(text) if !is_vector(text, cvss) => {
            let form = format!("CVSS {} vector", cvss.version);
            tell(&at, Deviation::WrongForm { value: shown(text), form }, found);
        }
        Some(_) => {}
    }
}

fn is_vector(text: &str, cvss: &Cvss) -> bool {
    Vector::of(text, cvss.prefix, cvss.metrics).is_some_and(|vector| !cvss.is_strict || vector.is_ordered())
}

/// Members that FIRST does not list (CVSS 4.0, JSON schema of 4.0.1 and later).
fn unknown(object: &At<'_>, cvss: &Cvss, found: &mut Found) {
    let is_known = |name: &str| {
        ["version", "vectorString"].contains(&name)
            || cvss.scored.iter().any(|(score, severity)| name == *score || name == *severity)
            || cvss.metrics.iter().any(|metric| metric.property == name)
    };
    for name in object.value.as_object().into_iter().flat_map(|members| members.keys()) {
        if !is_known(name) {
            tell(object, Deviation::Unknown(shown(name)), found);
        }
    }
}

fn listed<'a>(object: &At<'a>, name: &'a str, is_listed: impl Fn(&str) -> bool, found: &mut Found) {
    let Some(at) = object.get(name) else { return };
    match at.value.as_str() {
        None => tell(&at, wrong_type("string", at.value), found),
        Some(text) if !is_listed(text) => {
            tell(&at, Deviation::NotListed { value: shown(text), list: name.to_owned() }, found);
        }
        Some(_) => {}
    }
}

fn tell(at: &At<'_>, deviation: Deviation, found: &mut Found) {
    found.tell(at, Kind::CvssShape(deviation));
}

fn wrong_type(expected: &'static str, value: &Value) -> Deviation {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    Deviation::WrongType { expected, found }
}
