//! CVSS 4.0: its metrics (2 to 5) as vectors and FIRST's JSON schema name them. The scores are looked up and interpolated by the library
//! that the severities of other sources are read with.

use std::str::FromStr;

use super::Scores;
use super::metrics::{Metric, NOT_DEFINED, Value, Vector};

/// What is not defined. No metric of this version has a weight.
const UNDEFINED: Value = Value("X", NOT_DEFINED, 0.0);
const AV: &[Value] = &[
    Value("N", "NETWORK", 0.0),
    Value("A", "ADJACENT", 0.0),
    Value("L", "LOCAL", 0.0),
    Value("P", "PHYSICAL", 0.0),
];
const AC: &[Value] = &[Value("L", "LOW", 0.0), Value("H", "HIGH", 0.0)];
const AT: &[Value] = &[Value("N", "NONE", 0.0), Value("P", "PRESENT", 0.0)];
const LEVEL: &[Value] = &[Value("N", "NONE", 0.0), Value("L", "LOW", 0.0), Value("H", "HIGH", 0.0)];
const UI: &[Value] = &[Value("N", "NONE", 0.0), Value("P", "PASSIVE", 0.0), Value("A", "ACTIVE", 0.0)];
const E: &[Value] =
    &[Value("A", "ATTACKED", 0.0), Value("P", "PROOF_OF_CONCEPT", 0.0), Value("U", "UNREPORTED", 0.0)];
const REQUIREMENT: &[Value] = &[Value("H", "HIGH", 0.0), Value("M", "MEDIUM", 0.0), Value("L", "LOW", 0.0)];
const MODIFIED_SC: &[Value] =
    &[Value("H", "HIGH", 0.0), Value("L", "LOW", 0.0), Value("N", "NEGLIGIBLE", 0.0)];
const MODIFIED_SUB: &[Value] = &[
    Value("S", "SAFETY", 0.0),
    Value("H", "HIGH", 0.0),
    Value("L", "LOW", 0.0),
    Value("N", "NEGLIGIBLE", 0.0),
];
const S: &[Value] = &[Value("N", "NEGLIGIBLE", 0.0), Value("P", "PRESENT", 0.0)];
const AU: &[Value] = &[Value("N", "NO", 0.0), Value("Y", "YES", 0.0)];
const R: &[Value] =
    &[Value("A", "AUTOMATIC", 0.0), Value("U", "USER", 0.0), Value("I", "IRRECOVERABLE", 0.0)];
const V: &[Value] = &[Value("D", "DIFFUSE", 0.0), Value("C", "CONCENTRATED", 0.0)];
const RE: &[Value] = &[Value("L", "LOW", 0.0), Value("M", "MODERATE", 0.0), Value("H", "HIGH", 0.0)];
const U: &[Value] = &[
    Value("Clear", "CLEAR", 0.0),
    Value("Green", "GREEN", 0.0),
    Value("Amber", "AMBER", 0.0),
    Value("Red", "RED", 0.0),
];

/// The metrics, in the order that a vector must have (7). Three of the properties begin with a capital.
pub(super) const METRICS: &[Metric] = &[
    Metric::base("AV", "attackVector", AV),
    Metric::base("AC", "attackComplexity", AC),
    Metric::base("AT", "attackRequirements", AT),
    Metric::base("PR", "privilegesRequired", LEVEL),
    Metric::base("UI", "userInteraction", UI),
    Metric::base("VC", "vulnConfidentialityImpact", LEVEL),
    Metric::base("VI", "vulnIntegrityImpact", LEVEL),
    Metric::base("VA", "vulnAvailabilityImpact", LEVEL),
    Metric::base("SC", "subConfidentialityImpact", LEVEL),
    Metric::base("SI", "subIntegrityImpact", LEVEL),
    Metric::base("SA", "subAvailabilityImpact", LEVEL),
    Metric::optional("E", "exploitMaturity", E, &UNDEFINED),
    Metric::optional("CR", "confidentialityRequirement", REQUIREMENT, &UNDEFINED),
    Metric::optional("IR", "integrityRequirement", REQUIREMENT, &UNDEFINED),
    Metric::optional("AR", "availabilityRequirement", REQUIREMENT, &UNDEFINED),
    Metric::optional("MAV", "modifiedAttackVector", AV, &UNDEFINED),
    Metric::optional("MAC", "modifiedAttackComplexity", AC, &UNDEFINED),
    Metric::optional("MAT", "modifiedAttackRequirements", AT, &UNDEFINED),
    Metric::optional("MPR", "modifiedPrivilegesRequired", LEVEL, &UNDEFINED),
    Metric::optional("MUI", "modifiedUserInteraction", UI, &UNDEFINED),
    Metric::optional("MVC", "modifiedVulnConfidentialityImpact", LEVEL, &UNDEFINED),
    Metric::optional("MVI", "modifiedVulnIntegrityImpact", LEVEL, &UNDEFINED),
    Metric::optional("MVA", "modifiedVulnAvailabilityImpact", LEVEL, &UNDEFINED),
    Metric::optional("MSC", "modifiedSubConfidentialityImpact", MODIFIED_SC, &UNDEFINED),
    Metric::optional("MSI", "modifiedSubIntegrityImpact", MODIFIED_SUB, &UNDEFINED),
    Metric::optional("MSA", "modifiedSubAvailabilityImpact", MODIFIED_SUB, &UNDEFINED),
    Metric::optional("S", "Safety", S, &UNDEFINED),
    Metric::optional("AU", "Automatable", AU, &UNDEFINED),
    Metric::optional("R", "Recovery", R, &UNDEFINED),
    Metric::optional("V", "valueDensity", V, &UNDEFINED),
    Metric::optional("RE", "vulnerabilityResponseEffort", RE, &UNDEFINED),
    Metric::optional("U", "providerUrgency", U, &UNDEFINED),
];

/// The score of the base group and that of all groups; none where a base metric is missing or the order is another.
pub(super) fn scores(vector: &Vector<'_>) -> Option<Scores> {
    if !(vector.is_ordered() && vector.is_unambiguous()) {
        return None;
    }
    let all = scored(vector.text)?;
    Some(Scores { base: scored(&base(vector))?, temporal: all, environmental: all })
}

/// The vector of the base group alone.
fn base(vector: &Vector<'_>) -> String {
    let metrics = METRICS.iter().filter(|metric| metric.undefined.is_none());
    let parts = metrics.filter_map(|metric| Some((metric.key, vector.letter(metric.key)?)));
    parts.fold("CVSS:4.0".to_owned(), |text, (key, value)| format!("{text}/{key}:{value}"))
}

fn scored(text: &str) -> Option<f64> {
    let score = cvss::Cvss::from_str(text).ok()?.score();
    // CVSS 4.0, 8: one decimal.
    Some((score * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores as FIRST's calculator prints them.
    #[test]
    fn known_vectors_come_out_for_the_base_group_and_for_all() {
        for (text, base, all) in [
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, 9.3),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:P", 10.0, 9.3),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N/U:Red", 5.3, 5.3),
        ] {
            let scores = scores(&Vector::of(text, "CVSS:4.0/", METRICS).unwrap()).unwrap();
            assert_eq!((scores.base, scores.environmental), (base, all), "{text}");
        }
    }

    #[test]
    fn a_vector_in_another_order_has_no_score() {
        let text = "CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
        assert!(scores(&Vector::of(text, "CVSS:4.0/", METRICS).unwrap()).is_none());
    }
}
