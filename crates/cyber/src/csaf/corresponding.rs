//! Which products are versions of one another, so that a fixed one has an affected one beside it (CSAF 2.1, 6.1.27.13). Two products
//! correspond where their branches say the same but for the version. A product path corresponds to one over the same products; what it is
//! `installed_with` does not count, as a fix is. The name of a product outside the branches says nothing that can be compared, so that any
//! affected product beside it may be the one.

use std::collections::{HashMap, HashSet};

use super::departure::{DepartureKind as Kind, Found};
use super::products::{Products, composed_id};
use super::view::At;

/// Looks at the fixed products of every vulnerability.
pub(super) fn check<'a>(products: &Products<'a>, root: &At<'a>, found: &mut Found) {
    let lines = Lines::of(products, root);
    for status in root.list("vulnerabilities").filter_map(|one| one.get("product_status")) {
        let mut affected = HashSet::new();
        let (mut any, mut any_unknown) = (false, false);
        for (product, _) in AFFECTED.iter().flat_map(|state| status.texts(state)) {
            any = true;
            match lines.0.get(product) {
                Some(line) => drop(affected.insert(*line)),
                None => any_unknown = true,
            }
        }
        for (product, at) in FIXED.iter().flat_map(|state| status.texts(state)) {
            let corresponds = match lines.0.get(product) {
                Some(line) => affected.contains(line) || any_unknown,
                None => any,
            };
            if !corresponds {
                found.tell(&at, Kind::NoCorrespondingProduct(product.to_owned()));
            }
        }
    }
}

/// The test speaks of the group; of the paths it lists only `known_affected`.
const AFFECTED: [&str; 3] = ["first_affected", "known_affected", "last_affected"];
const FIXED: [&str; 2] = ["first_fixed", "fixed"];
/// Categories of branches that part versions of a product from each other.
const VERSIONS: [&str; 4] = ["patch_level", "product_version", "product_version_range", "service_pack"];

/// What makes products versions of one another.
#[derive(PartialEq, Eq, Hash)]
enum Line<'a> {
    /// Categories and names of the branches that are no versions.
    Branches(Vec<(&'a str, &'a str)>),
    /// The line of the beginning, and relationship and line of each step.
    Path(usize, Vec<(&'a str, usize)>),
}

/// The number of each product's line, where it has one.
struct Lines<'a>(HashMap<&'a str, usize>);

impl<'a> Lines<'a> {
    fn of(products: &Products<'a>, root: &At<'a>) -> Self {
        let mut numbers: HashMap<Line<'a>, usize> = HashMap::new();
        let mut number = |line: Line<'a>| {
            let next = numbers.len();
            *numbers.entry(line).or_insert(next)
        };
        let mut lines = HashMap::new();
        let mut rest: Vec<(At<'a>, Vec<(&'a str, &'a str)>)> = Vec::new();
        let tree = root.get("product_tree");
        rest.extend(tree.into_iter().flat_map(|tree| tree.list("branches")).map(|one| (one, Vec::new())));
        while let Some((branch, mut path)) = rest.pop() {
            let category = branch.text("category").unwrap_or_default();
            if !VERSIONS.contains(&category) {
                path.push((category, branch.text("name").unwrap_or_default()));
            }
            rest.extend(branch.list("branches").map(|below| (below, path.clone())));
            if let Some(id) = branch.get("product").and_then(|product| product.text("product_id")) {
                lines.insert(id, number(Line::Branches(path)));
            }
        }
        let paths: HashMap<&str, &At<'a>> =
            products.composed.iter().filter_map(|one| Some((composed_id(one)?, one))).collect();
        for (id, path) in products.settled().into_iter().filter_map(|id| Some((id, paths.get(id)?))) {
            if let Some(line) = of_path(path, &lines, &mut number) {
                lines.insert(id, line);
            }
        }
        Lines(lines)
    }
}

/// The path up to what it is installed with, which may be its beginning alone.
fn of_path<'a>(
    path: &At<'a>,
    lines: &HashMap<&'a str, usize>,
    number: &mut impl FnMut(Line<'a>) -> usize,
) -> Option<usize> {
    let beginning = *lines.get(path.text("beginning_product_reference")?)?;
    let mut steps = Vec::new();
    for step in path.list("subpaths").take_while(|step| step.text("category") != Some("installed_with")) {
        let next = *lines.get(step.text("next_product_reference")?)?;
        steps.push((step.text("category").unwrap_or_default(), next));
    }
    Some(if steps.is_empty() { beginning } else { number(Line::Path(beginning, steps)) })
}
