//! Extensions (CSAF 2.1, 2.4). Their content schema is part of the shape (6.1.60.1); no extension is known here, so that every one leaves a
//! warning in place of the tests by its own schema and metadata (6.1.60.2, 6.1.60.3).

use super::departure::Found;
use super::products::Products;
use super::view::At;
use super::warning::WarningKind;
use crate::document::deviation::shown;

/// Looks at every place where extensions may stand.
pub(super) fn check<'a>(products: &Products<'a>, root: &At<'a>, found: &mut Found) {
    let vulnerabilities: Vec<At<'a>> = root.list("vulnerabilities").collect();
    let metrics = vulnerabilities.iter().flat_map(|one| one.list("metrics"));
    let contents: Vec<At<'a>> = metrics.filter_map(|metric| metric.get("content")).collect();
    let document = root.get("document");
    let places = [root].into_iter().chain(&document).chain(&products.names).chain(&vulnerabilities);
    for extension in places.chain(&contents).flat_map(|place| place.list("x_extensions")) {
        let text = |name| shown(extension.text(name).unwrap_or_default());
        let (schema, category) = (text("$schema"), text("category"));
        found.warn(&extension, WarningKind::Extension { schema, category });
    }
}
