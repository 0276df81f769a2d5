//! Profiles (section 4): which categories are kept for them (6.1.26), and what each asks for (6.1.27). What is asked of documents that were
//! withdrawn or superseded stands in `retired`, and which product corresponds to a fixed one in `corresponding`.

use std::collections::HashSet;

use super::Edition;
use super::corresponding;
use super::departure::{DepartureKind as Kind, Found};
use super::products::{Products, states};
use super::retired;
use super::view::At;

const INCIDENT: &str = "csaf_security_incident_response";
const INFORMATIONAL: &str = "csaf_informational_advisory";
const ADVISORY: &str = "csaf_security_advisory";
const VEX: &str = "csaf_vex";
/// "Deprecated Security Advisory": what "Security Advisory" asked for in 2.0.
const DEPRECATED: &str = "csaf_deprecated_security_advisory";
const WITHDRAWN: &str = "csaf_withdrawn";
const SUPERSEDED: &str = "csaf_superseded";

/// The names of the profiles other than "CSAF Base", without signs between words; 2.0 knows the first four.
const NAMES: [&str; 7] = [
    "securityincidentresponse",
    "informationaladvisory",
    "securityadvisory",
    "vex",
    "deprecatedsecurityadvisory",
    "withdrawn",
    "superseded",
];

/// Looks at the category, and at what its profile asks for.
pub(super) fn check<'a>(products: &Products<'a>, root: &At<'a>, found: &mut Found) {
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
        DEPRECATED if products.edition == Edition::V21 => advisory(root, products, name, found),
        WITHDRAWN if products.edition == Edition::V21 => {
            retired::check(root, &document, retired::WITHDRAWAL, found);
        }
        SUPERSEDED if products.edition == Edition::V21 => {
            retired::check(root, &document, retired::SUPERSESSION, found);
            retired::names_the_superseding(&document, found);
        }
        name if is_prohibited(name, products.edition) => {
            found.tell(&category, Kind::ProhibitedCategory(name.to_owned()));
        }
        _ => {}
    }
}

/// 6.1.26: neither the name nor the value of a profile, however it is written, nor anything with the prefix of the values.
fn is_prohibited(category: &str, edition: Edition) -> bool {
    if category == "csaf_base" {
        return false;
    }
    let lower = category.to_lowercase();
    let is_sign =
        |c: char| c.is_whitespace() || SIGNS.contains(c) || edition == Edition::V21 && MORE_SIGNS.contains(c);
    let bare: String = lower.chars().filter(|c| !is_sign(*c)).collect();
    let names = match edition {
        Edition::V20 => &NAMES[..4],
        Edition::V21 => &NAMES,
    };
    lower.starts_with("csaf_") || names.contains(&bare.strip_prefix("csaf").unwrap_or(&bare))
}

/// Dash, hyphen, minus and underscore, with the commonest of their variants.
const SIGNS: &str = "-_\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}";
/// The other dashes and connectors of Unicode (categories Pd and Pc), the combining low line and the soft hyphen, which 2.1 counts too.
const MORE_SIGNS: &str = "\u{ad}\u{332}\u{58a}\u{5be}\u{1400}\u{1806}\u{203f}\u{2040}\u{2054}\u{2e17}\u{2e1a}\u{2e3a}\u{2e3b}\
\u{2e40}\u{2e5d}\u{301c}\u{3030}\u{30a0}\u{fe31}\u{fe32}\u{fe33}\u{fe34}\u{fe4d}\u{fe4e}\u{fe4f}\u{fe58}\u{fe63}\u{ff0d}\u{ff3f}";

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

/// 6.1.27.4 to 6.1.27.13, of the profiles "Security Advisory", its deprecated form and "VEX".
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
    if category == ADVISORY && products.edition == Edition::V21 {
        for vulnerability in root.list("vulnerabilities") {
            if vulnerability.at(&["product_status", "known_affected"]).is_none() {
                found.tell(&vulnerability, Kind::NoAffectedProduct);
            }
        }
        corresponding::check(products, root, found);
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
    if products.edition == Edition::V21 {
        every_product_has_an_id(vulnerability, products, found);
    }
    let impacts = vulnerability.list("threats").filter(|one| one.text("category") == Some("impact"));
    let justified = products.spoken_of(vulnerability.list("flags").chain(impacts));
    all_spoken_of(at, "known_not_affected", &justified, Kind::NoImpactStatement, found);
    let treated = products.spoken_of(vulnerability.list("remediations"));
    all_spoken_of(at, "known_affected", &treated, Kind::NoActionStatement, found);
}

/// 6.1.27.8 of 2.1: without a CVE, and without an id for the vulnerability as a whole, every product needs one of its own.
fn every_product_has_an_id<'a>(vulnerability: &At<'a>, products: &Products<'a>, found: &mut Found) {
    let Some(status) = vulnerability.get("product_status") else { return };
    let of_all = |id: At<'_>| !id.has("group_ids") && !id.has("product_ids");
    let has_ids = vulnerability.list("ids").next().is_some();
    if vulnerability.has("cve") || !has_ids || vulnerability.list("ids").any(of_all) {
        return;
    }
    let identified = products.spoken_of(vulnerability.list("ids"));
    for state in states(products.edition) {
        all_spoken_of(&status, state, &identified, Kind::ProductWithoutId, found);
    }
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
            assert!(is_prohibited(category, Edition::V20), "{category}");
        }
        for category in ["csaf_base", "Security Bulletin", "Example Company Security Advisory", "base"] {
            assert!(!is_prohibited(category, Edition::V20), "{category}");
        }
    }

    #[test]
    fn the_later_edition_keeps_more_names_and_knows_more_dashes() {
        for category in ["with\u{ff3f}drawn", "Superseded", "CSafDeprecatedSecurity\u{2014}Advisory"] {
            assert!(is_prohibited(category, Edition::V21), "{category}");
            assert!(!is_prohibited(category, Edition::V20), "{category}");
        }
    }
}
