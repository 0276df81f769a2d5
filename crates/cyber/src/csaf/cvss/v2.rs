//! CVSS 2.0 ("A Complete Guide to the Common Vulnerability Scoring System Version 2.0"): its metrics (2) and equations (3.2).

use super::Scores;
use super::metrics::{Metric, NOT_DEFINED, Value, Vector};

/// What is not defined changes no product.
const UNDEFINED: Value = Value("ND", NOT_DEFINED, 1.0);
/// Collateral damage is a summand, so that it must be 0.
const NO_DAMAGE: Value = Value("ND", NOT_DEFINED, 0.0);
const AV_VALUES: &[Value] =
    &[Value("L", "LOCAL", 0.395), Value("A", "ADJACENT_NETWORK", 0.646), Value("N", "NETWORK", 1.0)];
const AC_VALUES: &[Value] = &[Value("H", "HIGH", 0.35), Value("M", "MEDIUM", 0.61), Value("L", "LOW", 0.71)];
const AU_VALUES: &[Value] =
    &[Value("M", "MULTIPLE", 0.45), Value("S", "SINGLE", 0.56), Value("N", "NONE", 0.704)];
const E_VALUES: &[Value] = &[
    Value("U", "UNPROVEN", 0.85),
    Value("POC", "PROOF_OF_CONCEPT", 0.9),
    Value("F", "FUNCTIONAL", 0.95),
    Value("H", "HIGH", 1.0),
];
const RL_VALUES: &[Value] = &[
    Value("OF", "OFFICIAL_FIX", 0.87),
    Value("TF", "TEMPORARY_FIX", 0.9),
    Value("W", "WORKAROUND", 0.95),
    Value("U", "UNAVAILABLE", 1.0),
];
const RC_VALUES: &[Value] =
    &[Value("UC", "UNCONFIRMED", 0.9), Value("UR", "UNCORROBORATED", 0.95), Value("C", "CONFIRMED", 1.0)];
const CDP_VALUES: &[Value] = &[
    Value("N", "NONE", 0.0),
    Value("L", "LOW", 0.1),
    Value("LM", "LOW_MEDIUM", 0.3),
    Value("MH", "MEDIUM_HIGH", 0.4),
    Value("H", "HIGH", 0.5),
];
const TD_VALUES: &[Value] =
    &[Value("N", "NONE", 0.0), Value("L", "LOW", 0.25), Value("M", "MEDIUM", 0.75), Value("H", "HIGH", 1.0)];
const IMPACT: &[Value] =
    &[Value("N", "NONE", 0.0), Value("P", "PARTIAL", 0.275), Value("C", "COMPLETE", 0.66)];
const REQUIREMENT: &[Value] = &[Value("L", "LOW", 0.5), Value("M", "MEDIUM", 1.0), Value("H", "HIGH", 1.51)];

/// The metrics, in the order of a vector.
pub(super) const METRICS: &[Metric] = &[
    Metric::base("AV", "accessVector", AV_VALUES),
    Metric::base("AC", "accessComplexity", AC_VALUES),
    Metric::base("Au", "authentication", AU_VALUES),
    Metric::base("C", "confidentialityImpact", IMPACT),
    Metric::base("I", "integrityImpact", IMPACT),
    Metric::base("A", "availabilityImpact", IMPACT),
    Metric::optional("E", "exploitability", E_VALUES, &UNDEFINED),
    Metric::optional("RL", "remediationLevel", RL_VALUES, &UNDEFINED),
    Metric::optional("RC", "reportConfidence", RC_VALUES, &UNDEFINED),
    Metric::optional("CDP", "collateralDamagePotential", CDP_VALUES, &NO_DAMAGE),
    Metric::optional("TD", "targetDistribution", TD_VALUES, &UNDEFINED),
    Metric::optional("CR", "confidentialityRequirement", REQUIREMENT, &UNDEFINED),
    Metric::optional("IR", "integrityRequirement", REQUIREMENT, &UNDEFINED),
    Metric::optional("AR", "availabilityRequirement", REQUIREMENT, &UNDEFINED),
];

/// The equations of 3.2; none where a base metric is missing.
pub(super) fn scores(vector: &Vector<'_>) -> Option<Scores> {
    let weight = |key| vector.weight(key);
    let (c, i, a) = (weight("C")?, weight("I")?, weight("A")?);
    let exploitability = 20.0 * weight("AV")? * weight("AC")? * weight("Au")?;
    let temporal = weight("E")? * weight("RL")? * weight("RC")?;
    let base_of = |impact: f64| {
        let counts = if impact > 0.0 { 1.176 } else { 0.0 };
        rounded((0.6 * impact + 0.4 * exploitability - 1.5) * counts)
    };
    let base = base_of(10.41 * (1.0 - (1.0 - c) * (1.0 - i) * (1.0 - a)));
    let missed = (1.0 - c * weight("CR")?) * (1.0 - i * weight("IR")?) * (1.0 - a * weight("AR")?);
    let adjusted = rounded(base_of((10.41 * (1.0 - missed)).min(10.0)) * temporal);
    let environmental = (adjusted + (10.0 - adjusted) * weight("CDP")?) * weight("TD")?;
    Some(Scores { base, temporal: rounded(base * temporal), environmental: rounded(environmental) })
}

/// To one decimal; the small addend undoes what binary fractions take from a half.
fn rounded(score: f64) -> f64 {
    (score * 10.0 + 1e-9).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the guide, 3.3.1 to 3.3.3.
    #[test]
    fn the_examples_of_the_guide_come_out() {
        let scores = |text| scores(&Vector::of(text, "", METRICS).unwrap()).unwrap();
        let one = scores("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H");
        assert_eq!(one, Scores { base: 7.8, temporal: 6.4, environmental: 9.2 });
        let two = scores("AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L");
        assert_eq!(two, Scores { base: 10.0, temporal: 8.3, environmental: 9.0 });
        let three = scores("AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M");
        assert_eq!(three, Scores { base: 6.2, temporal: 4.9, environmental: 7.5 });
    }
}
