//! Remediations that exclude each other for a product (CSAF 2.1, 6.1.35), and those that a product in its state cannot have (6.1.36).

use std::collections::HashMap;

use super::departure::{DepartureKind as Kind, Found};
use super::products::Products;
use super::status::groups;
use super::view::At;

/// The categories of remediations (3.2.4.14.1).
const CATEGORIES: [&str; 7] = [
    "workaround",
    "mitigation",
    "vendor_fix",
    "optional_patch",
    "none_available",
    "fix_planned",
    "no_fix_planned",
];

/// Categories that may stand beside each other (3.2.4.14.1, table 3); all others exclude each other.
const TOGETHER: [(&str, &str); 7] = [
    ("workaround", "mitigation"),
    ("workaround", "vendor_fix"),
    ("workaround", "fix_planned"),
    ("workaround", "no_fix_planned"),
    ("mitigation", "vendor_fix"),
    ("mitigation", "fix_planned"),
    ("mitigation", "no_fix_planned"),
];

/// Whether a category contradicts a state (3.2.4.14.1, table 4). What is recommended may be in any state.
fn contradicts(category: &str, state: &str) -> bool {
    match category {
        "optional_patch" => matches!(state, "first_affected" | "known_affected" | "last_affected"),
        "fix_planned" | "no_fix_planned" => matches!(state, "first_fixed" | "fixed"),
        _ => matches!(state, "known_not_affected" | "first_fixed" | "fixed"),
    }
}

/// The first remediation of each category.
type Firsts = [Option<usize>; CATEGORIES.len()];

/// Looks at the remediations of every vulnerability.
pub(super) fn check<'a>(products: &Products<'a>, document: &At<'a>, found: &mut Found) {
    for vulnerability in document.list("vulnerabilities") {
        let remediations: Vec<At<'_>> = vulnerability.list("remediations").collect();
        let mut treated: Vec<(&str, Firsts)> = by_product(products, &remediations).into_iter().collect();
        treated.sort_unstable();
        let states = states(&vulnerability);
        for (product, firsts) in treated {
            let mut told = |index: usize, kind: Kind| {
                if let Some(at) = remediations.get(index) {
                    found.tell(at, kind);
                }
            };
            contradicting(product, &firsts, &mut told);
            let Some(state) = states.get(product) else { continue };
            for (category, first) in CATEGORIES.into_iter().zip(firsts) {
                if let (Some(first), Some(state)) =
                    (first, state.iter().find(|state| contradicts(category, state)))
                {
                    let product = product.to_owned();
                    told(first, Kind::RemediationOfState { product, category, state });
                }
            }
        }
    }
}

/// 6.1.35, told at the later one of two.
fn contradicting(product: &str, firsts: &Firsts, told: &mut impl FnMut(usize, Kind)) {
    for (place, (first, one)) in CATEGORIES.into_iter().zip(firsts).enumerate() {
        for (second, other) in CATEGORIES.into_iter().zip(firsts).skip(place + 1) {
            if let (Some(one), Some(other)) = (one, other)
                && !TOGETHER.contains(&(first, second))
            {
                let product = product.to_owned();
                let kind = Kind::ContradictingRemediations { product, first, second };
                told(*one.max(other), kind);
            }
        }
    }
}

/// Groups are looked into once all remediations are read: many remediations may name one large group.
fn by_product<'a>(products: &Products<'a>, remediations: &[At<'a>]) -> HashMap<&'a str, Firsts> {
    let mut of_products: HashMap<&str, Firsts> = HashMap::new();
    let mut of_groups: HashMap<&str, Firsts> = HashMap::new();
    for (index, one) in remediations.iter().enumerate() {
        let category = one.text("category").unwrap_or_default();
        let Some(place) = CATEGORIES.iter().position(|known| *known == category) else { continue };
        for (ids, all) in [("product_ids", &mut of_products), ("group_ids", &mut of_groups)] {
            for (id, _) in one.texts(ids) {
                all.entry(id).or_default()[place].get_or_insert(index);
            }
        }
    }
    for (group, firsts) in of_groups {
        for product in products.groups.get(group).into_iter().flatten() {
            let known = of_products.entry(product).or_default();
            for (known, first) in known.iter_mut().zip(firsts) {
                *known = known.iter().copied().chain(first).min();
            }
        }
    }
    of_products
}

/// The states of each product that belong to a group.
fn states<'a>(vulnerability: &At<'a>) -> HashMap<&'a str, Vec<&'static str>> {
    let mut known: HashMap<&str, Vec<&'static str>> = HashMap::new();
    let Some(status) = vulnerability.get("product_status") else { return known };
    for state in groups(super::Edition::V21).iter().copied().flatten() {
        for (product, _) in status.texts(state) {
            let all = known.entry(product).or_default();
            if !all.contains(state) {
                all.push(state);
            }
        }
    }
    known
}
