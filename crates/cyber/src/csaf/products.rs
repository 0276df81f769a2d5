//! The product tree: which products and groups it defines, and whether every reference leads to one (6.1.1 to 6.1.5).

use std::collections::{HashMap, HashSet};

use super::Edition;
use super::departure::{DepartureKind as Kind, Found};
use super::view::At;

/// The members of `product_status`, each of which lists products (2.0, 3.2.3.9; 2.1, 3.2.4.12).
pub(super) fn states(edition: Edition) -> &'static [&'static str] {
    match edition {
        Edition::V20 => &STATES[..8],
        Edition::V21 => &STATES,
    }
}

/// 2.0 does not know the last one.
const STATES: [&str; 9] = [
    "first_affected",
    "first_fixed",
    "fixed",
    "known_affected",
    "known_not_affected",
    "last_affected",
    "recommended",
    "under_investigation",
    "unknown",
];

/// What the product tree holds.
pub(super) struct Products<'a> {
    /// Every full product name, wherever it stands.
    pub(super) names: Vec<At<'a>>,
    /// Every branch, on whatever level.
    pub(super) branches: Vec<At<'a>>,
    /// The products of each group.
    pub(super) groups: HashMap<&'a str, Vec<&'a str>>,
    /// Products that are made of others: the relationships of 2.0, the product paths of 2.1.
    pub(super) composed: Vec<At<'a>>,
    pub(super) edition: Edition,
}

impl<'a> Products<'a> {
    /// Reads the product tree.
    pub(super) fn of(document: &At<'a>, edition: Edition) -> Self {
        let Some(tree) = document.get("product_tree") else {
            return Products {
                names: Vec::new(),
                branches: Vec::new(),
                groups: HashMap::new(),
                composed: Vec::new(),
                edition,
            };
        };
        let branches = branches(&tree);
        let composed: Vec<At<'a>> = tree
            .list(match edition {
                Edition::V20 => "relationships",
                Edition::V21 => "product_paths",
            })
            .collect();
        let mut names: Vec<At<'a>> = branches.iter().filter_map(|branch| branch.get("product")).collect();
        names.extend(tree.list("full_product_names"));
        names.extend(composed.iter().filter_map(|one| one.get("full_product_name")));
        let mut groups: HashMap<&str, Vec<&str>> = HashMap::new();
        for group in tree.list("product_groups") {
            let members = group.texts("product_ids").map(|(id, _)| id);
            groups.entry(group.text("group_id").unwrap_or_default()).or_default().extend(members);
        }
        Products { names, branches, groups, composed, edition }
    }

    /// The tests of 6.1.1 to 6.1.5.
    pub(super) fn check(&self, document: &At<'a>, found: &mut Found) {
        self.products_are_defined(document, found);
        twice(self.names.iter().filter_map(|name| name.get("product_id")), Kind::ProductTwice, found);
        self.circles(found);
        for holder in self.holders(document) {
            for (id, at) in holder.texts("group_ids").filter(|(id, _)| !self.groups.contains_key(id)) {
                found.tell(&at, Kind::UndefinedGroup(id.to_owned()));
            }
        }
        let groups = document.get("product_tree").into_iter().flat_map(|tree| tree.list("product_groups"));
        twice(groups.filter_map(|group| group.get("group_id")), Kind::GroupTwice, found);
    }

    /// 6.1.1. Flags are not among the paths that the test of 2.0 lists, but its text asks for every reference.
    fn products_are_defined(&self, document: &At<'a>, found: &mut Found) {
        let defined: HashSet<&str> = self.names.iter().filter_map(|name| name.text("product_id")).collect();
        let mut reference = |id: &str, at: &At<'_>| {
            if !defined.contains(id) {
                found.tell(at, Kind::UndefinedProduct(id.to_owned()));
            }
        };
        let tree = document.get("product_tree");
        for group in tree.into_iter().flat_map(|tree| tree.list("product_groups")) {
            group.texts("product_ids").for_each(|(id, at)| reference(id, &at));
        }
        for (id, at) in self.composed.iter().flat_map(|one| self.parts(one)) {
            reference(id, &at);
        }
        for holder in self.holders(document) {
            holder.texts("product_ids").for_each(|(id, at)| reference(id, &at));
        }
        let scores = match self.edition {
            Edition::V20 => "scores",
            Edition::V21 => "metrics",
        };
        for vulnerability in document.list("vulnerabilities") {
            let status = vulnerability.get("product_status");
            let listed = status
                .iter()
                .flat_map(|status| states(self.edition).iter().flat_map(|state| status.texts(state)));
            listed.for_each(|(id, at)| reference(id, &at));
            for score in vulnerability.list(scores) {
                score.texts("products").for_each(|(id, at)| reference(id, &at));
            }
        }
    }

    /// 6.1.3: what cannot be settled leads into a circle.
    fn circles(&self, found: &mut Found) {
        let settled: HashSet<&str> = self.settled().into_iter().collect();
        for (id, one) in self.composed.iter().filter_map(|one| Some((composed_id(one)?, one))) {
            if !settled.contains(id) && !self.parts(one).is_empty() {
                found.tell(one, Kind::CircularProduct(id.to_owned()));
            }
        }
    }

    /// Products that are parts or made of parts, each after all its parts; those that lead into a circle are left out.
    pub(super) fn settled(&self) -> Vec<&'a str> {
        let mut open: HashMap<&str, usize> = HashMap::new();
        let mut used_by: HashMap<&str, Vec<&str>> = HashMap::new();
        for (id, one) in self.composed.iter().filter_map(|one| Some((composed_id(one)?, one))) {
            for (part, _) in self.parts(one) {
                used_by.entry(part).or_default().push(id);
                *open.entry(id).or_default() += 1;
            }
        }
        let mut decided: Vec<&str> = used_by.keys().copied().filter(|id| !open.contains_key(id)).collect();
        let mut settled = Vec::new();
        while let Some(product) = decided.pop() {
            settled.push(product);
            for user in used_by.remove(product).unwrap_or_default() {
                let Some(left) = open.get_mut(user) else { continue };
                *left -= 1;
                if *left == 0 {
                    open.remove(user);
                    decided.push(user);
                }
            }
        }
        settled
    }

    /// The products that one is made of: both ends of a relationship, or the steps of a path from its beginning.
    pub(super) fn parts(&self, composed: &At<'a>) -> Vec<(&'a str, At<'a>)> {
        let parts: Vec<At<'a>> = match self.edition {
            Edition::V20 => ["product_reference", "relates_to_product_reference"]
                .iter()
                .filter_map(|end| composed.get(end))
                .collect(),
            Edition::V21 => {
                let steps = composed.list("subpaths").filter_map(|step| step.get("next_product_reference"));
                composed.get("beginning_product_reference").into_iter().chain(steps).collect()
            }
        };
        parts.into_iter().filter_map(|at| Some((at.value.as_str()?, at))).collect()
    }

    /// Everything that names products and groups by `product_ids` and `group_ids`.
    fn holders(&self, document: &At<'a>) -> Vec<At<'a>> {
        let lists: &[&'a str] = match self.edition {
            Edition::V20 => &["flags", "remediations", "threats"],
            Edition::V21 => &[
                "first_known_exploitation_dates",
                "flags",
                "ids",
                "involvements",
                "notes",
                "remediations",
                "threats",
            ],
        };
        let mut holders: Vec<At<'a>> = Vec::new();
        if self.edition == Edition::V21 {
            holders.extend(document.get("document").into_iter().flat_map(|document| document.list("notes")));
        }
        for vulnerability in document.list("vulnerabilities") {
            holders.extend(lists.iter().flat_map(|name| vulnerability.list(name)));
        }
        holders
    }

    /// The products that flags, threats or remediations speak of, directly or by their groups; a group is looked into once.
    pub(super) fn spoken_of(&self, holders: impl Iterator<Item = At<'a>>) -> HashSet<&'a str> {
        let mut products = HashSet::new();
        let mut groups = HashSet::new();
        for holder in holders {
            products.extend(holder.texts("product_ids").map(|(id, _)| id));
            groups.extend(holder.texts("group_ids").map(|(id, _)| id));
        }
        products.extend(groups.iter().filter_map(|group| self.groups.get(group)).flatten());
        products
    }
}

/// The id of a product that is made of others.
pub(super) fn composed_id<'a>(one: &At<'a>) -> Option<&'a str> {
    one.get("full_product_name")?.text("product_id")
}

/// Every branch of the tree, in the order of the document. The reader of JSON bounds how deep they stand.
fn branches<'a>(tree: &At<'a>) -> Vec<At<'a>> {
    let below = |at: &At<'a>| at.list("branches").collect::<Vec<_>>().into_iter().rev();
    let mut rest: Vec<At<'a>> = below(tree).collect();
    let mut all = Vec::new();
    while let Some(branch) = rest.pop() {
        rest.extend(below(&branch));
        all.push(branch);
    }
    all
}

/// Tells each text that an earlier item has already.
pub(super) fn twice<'a>(items: impl Iterator<Item = At<'a>>, kind: fn(String) -> Kind, found: &mut Found) {
    let mut seen = HashSet::new();
    for (text, at) in items.filter_map(|at| Some((at.value.as_str()?, at))) {
        if !seen.insert(text) {
            found.tell(&at, kind(text.to_owned()));
        }
    }
}
