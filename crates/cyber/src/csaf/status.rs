//! No product has two states that exclude each other (6.1.6).

use std::collections::HashMap;

use super::Edition;
use super::departure::{DepartureKind as Kind, Found};
use super::view::At;

/// The groups of states; a product may be in any number of states of one group. What is recommended may be in any of them.
/// 2.0 does not know the last group (2.1, 3.2.4.12).
const GROUPS: [&[&str]; 5] = [
    &["first_affected", "known_affected", "last_affected"],
    &["known_not_affected"],
    &["first_fixed", "fixed"],
    &["under_investigation"],
    &["unknown"],
];

/// The group of each state of an edition.
pub(super) fn groups(edition: Edition) -> &'static [&'static [&'static str]] {
    match edition {
        Edition::V20 => &GROUPS[..4],
        Edition::V21 => &GROUPS,
    }
}

/// Compares the states of each vulnerability.
pub(super) fn check(document: &At<'_>, edition: Edition, found: &mut Found) {
    for status in document.list("vulnerabilities").filter_map(|one| one.get("product_status")) {
        let mut first: HashMap<&str, (usize, &'static str)> = HashMap::new();
        for (group, states) in groups(edition).iter().enumerate() {
            for state in *states {
                for (product, at) in status.texts(state) {
                    let (before, other) = *first.entry(product).or_insert((group, state));
                    if before != group {
                        let product = product.to_owned();
                        found.tell(&at, Kind::Contradiction { product, first: other, second: state });
                    }
                }
            }
        }
    }
}
