//! Branches of the product tree (CSAF 2.1): how deep they stand in each other (6.1.34), which categories stand on one path (6.1.57, 6.1.58),
//! and the ranges they name (6.1.50, 6.1.59), whose rules stand in `ranges`.

use super::departure::{DepartureKind as Kind, Found};
use super::ranges;
use super::view::At;

/// The most branches a product may stand under (5.5).
const DEEPEST: usize = 30;
const VERSION: &str = "product_version";
const RANGE: &str = "product_version_range";

/// Looks at every branch with the path that leads to it.
pub(super) fn check(document: &At<'_>, found: &mut Found) {
    let mut path = Vec::new();
    for branch in document.get("product_tree").into_iter().flat_map(|tree| tree.list("branches")) {
        below(&branch, &mut path, found);
    }
}

/// The reader of JSON bounds how deep branches stand.
fn below<'a>(branch: &At<'a>, path: &mut Vec<&'a str>, found: &mut Found) {
    let category = branch.text("category").unwrap_or_default();
    let at = branch.get("category").unwrap_or_else(|| branch.clone());
    // Families may stand in families.
    if category != "product_family" && !category.is_empty() && path.contains(&category) {
        found.tell(&at, Kind::StackedCategory(category.to_owned()));
    }
    if category == VERSION && path.contains(&RANGE) || category == RANGE && path.contains(&VERSION) {
        found.tell(&at, Kind::VersionAndRange);
    }
    if let Some(name) = branch.get("name").filter(|_| category == RANGE) {
        ranges::check(&name, found);
    }
    path.push(category);
    if let Some(product) = branch.get("product").filter(|_| path.len() > DEEPEST) {
        found.tell(&product, Kind::DeepBranches(path.len()));
    }
    for one in branch.list("branches") {
        below(&one, path, found);
    }
    path.pop();
}
