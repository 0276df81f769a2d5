//! Items of the vulnerabilities: no CVE twice (6.1.23), no party twice at one date (6.1.24), no remediation (6.1.29) and
//! no flag (6.1.32) without a product.

use std::collections::HashSet;

use super::departure::{DepartureKind as Kind, Found};
use super::products::twice;
use super::view::At;
use crate::document::moment::Moment;

/// Looks at every vulnerability.
pub(super) fn check(document: &At<'_>, found: &mut Found) {
    twice(document.list("vulnerabilities").filter_map(|one| one.get("cve")), Kind::CveTwice, found);
    for vulnerability in document.list("vulnerabilities") {
        involvements(&vulnerability, found);
        for remediation in vulnerability.list("remediations").filter(names_no_product) {
            found.tell(&remediation, Kind::RemediationWithoutProduct);
        }
        for flag in vulnerability.list("flags").filter(names_no_product) {
            found.tell(&flag, Kind::FlagWithoutProduct);
        }
    }
}

fn names_no_product(item: &At<'_>) -> bool {
    !item.has("product_ids") && !item.has("group_ids")
}

/// 6.1.24. Items without a date stand at no date, so that nothing can be said of two of them.
fn involvements(vulnerability: &At<'_>, found: &mut Found) {
    let mut seen = HashSet::new();
    for one in vulnerability.list("involvements") {
        let (Some(party), Some(date)) = (one.text("party"), one.text("date").and_then(Moment::of)) else {
            continue;
        };
        if !seen.insert((party, date)) {
            found.tell(&one, Kind::InvolvementTwice(party.to_owned()));
        }
    }
}
