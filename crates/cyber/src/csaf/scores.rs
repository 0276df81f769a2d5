//! The scores of a vulnerability: at most one of each CVSS version for a product (CSAF 2.0, 6.1.7), and each as CVSS gives it
//! (6.1.8 to 6.1.10).

use std::collections::HashSet;

use super::cvss;
use super::departure::{DepartureKind as Kind, Found};
use super::view::At;

/// Looks at every score.
pub(super) fn check(document: &At<'_>, found: &mut Found) {
    for vulnerability in document.list("vulnerabilities") {
        let mut scored: HashSet<(&str, &str)> = HashSet::new();
        for score in vulnerability.list("scores") {
            for version in versions(&score) {
                for (product, at) in score.texts("products") {
                    if !scored.insert((version, product)) {
                        let (product, version) = (product.to_owned(), version.to_owned());
                        found.tell(&at, Kind::ScoreTwice { product, version });
                    }
                }
            }
            if let Some(object) = score.get("cvss_v2") {
                cvss::check(&object, &cvss::V2, found);
            }
            if let Some(object) = score.get("cvss_v3") {
                let version = object.text("version").unwrap_or_default();
                cvss::check(&object, if version == "3.0" { &cvss::V30 } else { &cvss::V31 }, found);
            }
        }
    }
}

/// The versions of CVSS that a score holds; a score of version 2 need not tell it.
fn versions<'a>(score: &At<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let old = score.get("cvss_v2").map(|object| object.text("version").unwrap_or("2.0"));
    let new = score.get("cvss_v3").and_then(|object| object.text("version"));
    old.into_iter().chain(new)
}
