//! CVSS 3.0 and 3.1: their metrics (2 to 4, 7.4) and equations (7.1 to 7.3 of 3.1; 8.1 to 8.3 of 3.0). They differ in rounding and in the
//! impact of a modified scope.

use super::Scores;
use super::metrics::{Metric, NOT_DEFINED, Value, Vector};

/// What is not defined changes no product.
const UNDEFINED: Value = Value("X", NOT_DEFINED, 1.0);
const AV_VALUES: &[Value] = &[
    Value("N", "NETWORK", 0.85),
    Value("A", "ADJACENT_NETWORK", 0.62),
    Value("L", "LOCAL", 0.55),
    Value("P", "PHYSICAL", 0.2),
];
const AC_VALUES: &[Value] = &[Value("L", "LOW", 0.77), Value("H", "HIGH", 0.44)];
const PR_VALUES: &[Value] = &[Value("N", "NONE", 0.85), Value("L", "LOW", 0.62), Value("H", "HIGH", 0.27)];
const UI_VALUES: &[Value] = &[Value("N", "NONE", 0.85), Value("R", "REQUIRED", 0.62)];
const S_VALUES: &[Value] = &[Value("U", "UNCHANGED", 0.0), Value("C", "CHANGED", 0.0)];
const E_VALUES: &[Value] = &[
    Value("H", "HIGH", 1.0),
    Value("F", "FUNCTIONAL", 0.97),
    Value("P", "PROOF_OF_CONCEPT", 0.94),
    Value("U", "UNPROVEN", 0.91),
];
const RL_VALUES: &[Value] = &[
    Value("U", "UNAVAILABLE", 1.0),
    Value("W", "WORKAROUND", 0.97),
    Value("T", "TEMPORARY_FIX", 0.96),
    Value("O", "OFFICIAL_FIX", 0.95),
];
const RC_VALUES: &[Value] =
    &[Value("C", "CONFIRMED", 1.0), Value("R", "REASONABLE", 0.96), Value("U", "UNKNOWN", 0.92)];
const IMPACT: &[Value] = &[Value("H", "HIGH", 0.56), Value("L", "LOW", 0.22), Value("N", "NONE", 0.0)];
const REQUIREMENT: &[Value] = &[Value("H", "HIGH", 1.5), Value("M", "MEDIUM", 1.0), Value("L", "LOW", 0.5)];

/// The metrics, in the order of a vector.
pub(super) const METRICS: &[Metric] = &[
    Metric::base("AV", "attackVector", AV_VALUES),
    Metric::base("AC", "attackComplexity", AC_VALUES),
    Metric::base("PR", "privilegesRequired", PR_VALUES),
    Metric::base("UI", "userInteraction", UI_VALUES),
    Metric::base("S", "scope", S_VALUES),
    Metric::base("C", "confidentialityImpact", IMPACT),
    Metric::base("I", "integrityImpact", IMPACT),
    Metric::base("A", "availabilityImpact", IMPACT),
    Metric::optional("E", "exploitCodeMaturity", E_VALUES, &UNDEFINED),
    Metric::optional("RL", "remediationLevel", RL_VALUES, &UNDEFINED),
    Metric::optional("RC", "reportConfidence", RC_VALUES, &UNDEFINED),
    Metric::optional("CR", "confidentialityRequirement", REQUIREMENT, &UNDEFINED),
    Metric::optional("IR", "integrityRequirement", REQUIREMENT, &UNDEFINED),
    Metric::optional("AR", "availabilityRequirement", REQUIREMENT, &UNDEFINED),
    Metric::optional("MAV", "modifiedAttackVector", AV_VALUES, &UNDEFINED),
    Metric::optional("MAC", "modifiedAttackComplexity", AC_VALUES, &UNDEFINED),
    Metric::optional("MPR", "modifiedPrivilegesRequired", PR_VALUES, &UNDEFINED),
    Metric::optional("MUI", "modifiedUserInteraction", UI_VALUES, &UNDEFINED),
    Metric::optional("MS", "modifiedScope", S_VALUES, &UNDEFINED),
    Metric::optional("MC", "modifiedConfidentialityImpact", IMPACT, &UNDEFINED),
    Metric::optional("MI", "modifiedIntegrityImpact", IMPACT, &UNDEFINED),
    Metric::optional("MA", "modifiedAvailabilityImpact", IMPACT, &UNDEFINED),
];

/// The scores of CVSS 3.0.
pub(super) fn scores_30(vector: &Vector<'_>) -> Option<Scores> {
    scores(vector, rounded_up_30, |missed| 3.25 * (missed - 0.02).powi(15))
}

/// The scores of CVSS 3.1.
pub(super) fn scores_31(vector: &Vector<'_>) -> Option<Scores> {
    scores(vector, rounded_up_31, |missed| 3.25 * (missed * 0.9731 - 0.02).powi(13))
}

/// What `base` tells of the metrics that the environment does not modify.
fn scores(vector: &Vector<'_>, rounded: fn(f64) -> f64, modified: fn(f64) -> f64) -> Option<Scores> {
    let temporal = vector.weight("E")? * vector.weight("RL")? * vector.weight("RC")?;
    let impact = |key: &str| vector.weight(key);
    let missed = 1.0 - (1.0 - impact("C")?) * (1.0 - impact("I")?) * (1.0 - impact("A")?);
    let base = group(vector, false, missed, |missed| 3.25 * (missed - 0.02).powi(15))?;
    let base = rounded(base.min(10.0));

    let changed = |key: &str, own: &str, requirement: &str| {
        let chosen = if vector.letter(key).is_some() { key } else { own };
        Some(1.0 - vector.weight(requirement)? * vector.weight(chosen)?)
    };
    let kept = changed("MC", "C", "CR")? * changed("MI", "I", "IR")? * changed("MA", "A", "AR")?;
    let environmental = group(vector, true, (1.0 - kept).min(0.915), modified)?;
    let environmental = rounded(rounded(environmental.min(10.0)) * temporal);
    Some(Scores { base, temporal: rounded(base * temporal), environmental })
}

/// Impact and exploitability of the base metrics, or of the modified ones, before rounding.
fn group(vector: &Vector<'_>, modified: bool, missed: f64, beyond: fn(f64) -> f64) -> Option<f64> {
    let chosen = |key: &'static str, own: &'static str| {
        if modified && vector.letter(key).is_some() { key } else { own }
    };
    let scope_changes = vector.letter(chosen("MS", "S"))? == "C";
    let privileges = chosen("MPR", "PR");
    let privileges = match (vector.letter(privileges)?, scope_changes) {
        ("L", true) => 0.68,
        ("H", true) => 0.5,
        _ => vector.weight(privileges)?,
    };
    let exploitability = 8.22
        * vector.weight(chosen("MAV", "AV"))?
        * vector.weight(chosen("MAC", "AC"))?
        * privileges
        * vector.weight(chosen("MUI", "UI"))?;
    let impact = if scope_changes { 7.52 * (missed - 0.029) - beyond(missed) } else { 6.42 * missed };
    let all = if scope_changes { 1.08 * (impact + exploitability) } else { impact + exploitability };
    Some(if impact <= 0.0 { 0.0 } else { all })
}

/// CVSS 3.0, 8.1: the least number with one decimal that is not below. What binary fractions add does not count.
fn rounded_up_30(score: f64) -> f64 {
    (score * 10.0 - 1e-9).ceil() / 10.0
}

/// CVSS 3.1, appendix A: the same by integers.
fn rounded_up_31(score: f64) -> f64 {
    let whole = (score * 100_000.0).round();
    if whole % 10_000.0 == 0.0 { whole / 100_000.0 } else { ((whole / 10_000.0).floor() + 1.0) / 10.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_vectors_come_out() {
        for (text, base, temporal, environmental) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, 10.0, 10.0),
            ("CVSS:3.1/AV:L/AC:L/PR:H/UI:R/S:U/C:H/I:H/A:H", 6.5, 6.5, 6.5),
            ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4, 6.4, 6.4),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, 0.0, 0.0),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:R", 9.8, 8.5, 8.5),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MC:N/MI:N/MA:N", 9.8, 9.8, 0.0),
        ] {
            let scores = scores_31(&Vector::of(text, "CVSS:3.1/", METRICS).unwrap()).unwrap();
            assert_eq!(scores, Scores { base, temporal, environmental }, "{text}");
        }
    }
}
