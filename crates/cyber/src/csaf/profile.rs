//! Profiles (CSAF 2.0, section 4): which categories are kept for them (6.1.26), and what each asks for (6.1.27).

use std::collections::HashSet;

use super::departure::{DepartureKind as Kind, Found};
use super::products::Products;
use super::view::At;

const INCIDENT: &str = "csaf_security_incident_response";
const INFORMATIONAL: &str = "csaf_informational_advisory";
const ADVISORY: &str = "csaf_security_advisory";
const VEX: &str = "csaf_vex";

/// The names of the profiles other than "CSAF Base", without signs between words.
const NAMES: [&str; 4] = ["securityincidentresponse", "informationaladvisory", "securityadvisory", "vex"];

/// Looks at the category, and at what its profile asks for.
pub(super) fn check(products: &Products<'_>, root: &At<'_>, found: &mut Found) {
    let Some(document) = root.get("document") else { return };
    let Some(category) = document.get("category") else { return };
    let name = category.value.as_str().unwrap_or_default();
    match name {
        INCIDENT | INFORMATIONAL => {
            tells_what_it_is_about(&document, found);
            if name == INFORMATIONAL
                && let Some(vulnerabilities) = root.get("vulnerabilities")
            {
                found.tell(&vulnerabilities, Kind::Vulnerabilities);
            }
        }
        ADVISORY | VEX => advisory(root, products, name, found),
        name if is_prohibited(name) => found.tell(&category, Kind::ProhibitedCategory(name.to_owned())),
        _ => {}
    }
}

/// 6.1.26: neither the name nor the value of a profile, however it is written, nor anything with the prefix of the values.
fn is_prohibited(category: &str) -> bool {
    if category == "csaf_base" {
        return false;
    }
    let lower = category.to_lowercase();
    let is_sign = |c: char| {
        c.is_whitespace() || "-_\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}".contains(c)
    };
    let bare: String = lower.chars().filter(|c| !is_sign(*c)).collect();
    lower.starts_with("csaf_") || NAMES.contains(&bare.strip_prefix("csaf").unwrap_or(&bare))
}

/// 6.1.27.1 and 6.1.27.2. A reference without category is an external one (3.1.10, default of `category`).
fn tells_what_it_is_about(document: &At<'_>, found: &mut Found) {
    let tells = |note: At<'_>| {
        matches!(note.text("category"), Some("description" | "details" | "general" | "summary"))
    };
    if !document.list("notes").any(tells) {
        found.tell(&document.get("notes").unwrap_or_else(|| document.clone()), Kind::NoNote);
    }
    let is_external = |one: At<'_>| one.text("category").unwrap_or("external") == "external";
    if !document.list("references").any(is_external) {
        found
            .tell(&document.get("references").unwrap_or_else(|| document.clone()), Kind::NoExternalReference);
    }
}

/// 6.1.27.4 to 6.1.27.11, of the profiles "Security Advisory" and "VEX".
fn advisory<'a>(root: &At<'a>, products: &Products<'a>, category: &str, found: &mut Found) {
    if !root.has("product_tree") {
        found.tell(root, Kind::NoProductTree);
    }
    if !root.has("vulnerabilities") {
        found.tell(root, Kind::NoVulnerabilities);
    }
    for vulnerability in root.list("vulnerabilities") {
        if !vulnerability.has("notes") {
            found.tell(&vulnerability, Kind::NoVulnerabilityNote);
        }
        if category == VEX {
            vex(&vulnerability, products, found);
        } else if !vulnerability.has("product_status") {
            found.tell(&vulnerability, Kind::NoProductStatus);
        }
    }
}

/// 6.1.27.7 to 6.1.27.10.
fn vex<'a>(vulnerability: &At<'a>, products: &Products<'a>, found: &mut Found) {
    const STATES: [&str; 4] = ["fixed", "known_affected", "known_not_affected", "under_investigation"];
    let status = vulnerability.get("product_status");
    let at = status.as_ref().unwrap_or(vulnerability);
    if !STATES.iter().any(|state| status.as_ref().is_some_and(|status| status.has(state))) {
        found.tell(at, Kind::NoVexStatus);
    }
    if !vulnerability.has("cve") && !vulnerability.has("ids") {
        found.tell(vulnerability, Kind::NoVulnerabilityId);
    }
    let impacts = vulnerability.list("threats").filter(|one| one.text("category") == Some("impact"));
    let justified = products.spoken_of(vulnerability.list("flags").chain(impacts));
    all_spoken_of(at, "known_not_affected", &justified, Kind::NoImpactStatement, found);
    let treated = products.spoken_of(vulnerability.list("remediations"));
    all_spoken_of(at, "known_affected", &treated, Kind::NoActionStatement, found);
}

fn all_spoken_of<'a>(
    status: &At<'a>,
    state: &'a str,
    spoken_of: &HashSet<&str>,
    kind: fn(String) -> Kind,
    found: &mut Found,
) {
    for (product, at) in status.texts(state).filter(|(product, _)| !spoken_of.contains(product)) {
        found.tell(&at, kind(product.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_profiles_are_kept_however_they_are_written() {
        for category in [
            "Csaf_a",
            "Informational Advisory",
            "security-incident-response",
            "Security      Advisory",
            "veX",
            "V_eX",
        ] {
            assert!(is_prohibited(category), "{category}");
        }
        for category in ["csaf_base", "Security Bulletin", "Example Company Security Advisory", "base"] {
            assert!(!is_prohibited(category), "{category}");
        }
    }
}
