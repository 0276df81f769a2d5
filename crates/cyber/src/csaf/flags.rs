//! No product has two flags with a justification of VEX, directly or by its groups (6.1.33).

use std::collections::HashMap;

use super::departure::{DepartureKind as Kind, Found};
use super::products::Products;
use super::view::At;

/// The labels that are justifications of VEX (2.0, 3.2.3.5; 2.1, 3.2.4.7).
const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "inline_mitigations_already_exist",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_not_present",
];

/// The first flag of a product or group, and the first that is another one.
type Flags = (usize, Option<usize>);

/// Looks at the flags of every vulnerability.
pub(super) fn check(products: &Products<'_>, document: &At<'_>, found: &mut Found) {
    for vulnerability in document.list("vulnerabilities") {
        let Some(flags) = vulnerability.get("flags") else { continue };
        let mut twice: Vec<(usize, &str)> = by_product(products, &flags)
            .into_iter()
            .filter_map(|(product, (_, second))| Some((second?, product)))
            .collect();
        twice.sort_unstable();
        let items: Vec<At<'_>> = flags.items().collect();
        for (index, product) in twice {
            let at = items.get(index).unwrap_or(&flags);
            found.tell(at, Kind::JustificationTwice(product.to_owned()));
        }
    }
}

/// Groups are looked into once all flags are read: many flags may name one large group.
fn by_product<'a>(products: &Products<'a>, flags: &At<'a>) -> HashMap<&'a str, Flags> {
    let mut of_products = HashMap::new();
    let mut of_groups = HashMap::new();
    let justifies = |flag: &At<'_>| flag.text("label").is_some_and(|label| JUSTIFICATIONS.contains(&label));
    for (index, flag) in flags.items().enumerate().filter(|(_, flag)| justifies(flag)) {
        flag.texts("product_ids").for_each(|(id, _)| note(&mut of_products, id, index));
        flag.texts("group_ids").for_each(|(id, _)| note(&mut of_groups, id, index));
    }
    for (group, (first, second)) in of_groups {
        for product in products.groups.get(group).into_iter().flatten() {
            note(&mut of_products, product, first);
            if let Some(second) = second {
                note(&mut of_products, product, second);
            }
        }
    }
    of_products
}

fn note<'a>(flags: &mut HashMap<&'a str, Flags>, id: &'a str, index: usize) {
    let (first, second) = flags.entry(id).or_insert((index, None));
    if index < *first {
        *second = Some(*first);
        *first = index;
    } else if index > *first && second.is_none_or(|second| index < second) {
        *second = Some(index);
    }
}
