//! The product tree: which products and groups it defines, and whether every reference leads to one (CSAF 2.0, 6.1.1 to 6.1.5).

use std::collections::{HashMap, HashSet};

use super::departure::{DepartureKind as Kind, Found};
use super::view::At;

/// The members of `product_status`, each of which lists products (3.2.3.9).
pub(super) const STATES: [&str; 8] = [
    "first_affected",
    "first_fixed",
    "fixed",
    "known_affected",
    "known_not_affected",
    "last_affected",
    "recommended",
    "under_investigation",
];

/// What the product tree holds.
pub(super) struct Products<'a> {
    /// Every full product name, wherever it stands.
    pub(super) names: Vec<At<'a>>,
    /// Every branch, on whatever level.
    pub(super) branches: Vec<At<'a>>,
    /// The products of each group.
    pub(super) groups: HashMap<&'a str, Vec<&'a str>>,
    relationships: Vec<At<'a>>,
}

impl<'a> Products<'a> {
    /// Reads the product tree.
    pub(super) fn of(document: &At<'a>) -> Self {
        let Some(tree) = document.get("product_tree") else {
            return Products {
                names: Vec::new(),
                branches: Vec::new(),
                groups: HashMap::new(),
                relationships: Vec::new(),
            };
        };
        let branches = branches(&tree);
        let relationships: Vec<At<'a>> = tree.list("relationships").collect();
        let mut names: Vec<At<'a>> = branches.iter().filter_map(|branch| branch.get("product")).collect();
        names.extend(tree.list("full_product_names"));
        names.extend(relationships.iter().filter_map(|one| one.get("full_product_name")));
        let mut groups: HashMap<&str, Vec<&str>> = HashMap::new();
        for group in tree.list("product_groups") {
            let members = group.texts("product_ids").map(|(id, _)| id);
            groups.entry(group.text("group_id").unwrap_or_default()).or_default().extend(members);
        }
        Products { names, branches, groups, relationships }
    }

    /// The tests of 6.1.1 to 6.1.5.
    pub(super) fn check(&self, document: &At<'a>, found: &mut Found) {
        self.products_are_defined(document, found);
        twice(self.names.iter().filter_map(|name| name.get("product_id")), Kind::ProductTwice, found);
        self.circles(found);
        for holder in document.list("vulnerabilities").flat_map(|one| holders(&one)) {
            for (id, at) in holder.texts("group_ids").filter(|(id, _)| !self.groups.contains_key(id)) {
                found.tell(&at, Kind::UndefinedGroup(id.to_owned()));
            }
        }
        let groups = document.get("product_tree").into_iter().flat_map(|tree| tree.list("product_groups"));
        twice(groups.filter_map(|group| group.get("group_id")), Kind::GroupTwice, found);
    }

    /// 6.1.1. Flags are not among the paths that the test lists, but its text asks for every reference.
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
        for relationship in &self.relationships {
            for at in ENDS.iter().filter_map(|end| relationship.get(end)) {
                if let Some(id) = at.value.as_str() {
                    reference(id, &at);
                }
            }
        }
        for vulnerability in document.list("vulnerabilities") {
            let status = vulnerability.get("product_status");
            let listed = status.iter().flat_map(|status| STATES.iter().flat_map(|state| status.texts(state)));
            listed.for_each(|(id, at)| reference(id, &at));
            for holder in holders(&vulnerability) {
                holder.texts("product_ids").for_each(|(id, at)| reference(id, &at));
            }
            for score in vulnerability.list("scores") {
                score.texts("products").for_each(|(id, at)| reference(id, &at));
            }
        }
    }

    /// 6.1.3: products that need nothing undecided are decided one after the other; what is left leads into a circle.
    fn circles(&self, found: &mut Found) {
        let id = |one: &At<'a>| one.get("full_product_name").and_then(|name| name.text("product_id"));
        let mut open: HashMap<&str, usize> = HashMap::new();
        let mut used_by: HashMap<&str, Vec<&str>> = HashMap::new();
        for (id, one) in self.relationships.iter().filter_map(|one| Some((id(one)?, one))) {
            for end in ENDS.iter().filter_map(|end| one.text(end)) {
                used_by.entry(end).or_default().push(id);
                *open.entry(id).or_default() += 1;
            }
        }
        let mut decided: Vec<&str> = used_by.keys().copied().filter(|id| !open.contains_key(id)).collect();
        while let Some(product) = decided.pop() {
            for user in used_by.remove(product).unwrap_or_default() {
                let Some(left) = open.get_mut(user) else { continue };
                *left -= 1;
                if *left == 0 {
                    open.remove(user);
                    decided.push(user);
                }
            }
        }
        for (id, one) in self.relationships.iter().filter_map(|one| Some((id(one)?, one))) {
            if open.contains_key(id) {
                found.tell(one, Kind::CircularProduct(id.to_owned()));
            }
        }
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

/// The two products a relationship is made of.
const ENDS: [&str; 2] = ["product_reference", "relates_to_product_reference"];

/// The items of a vulnerability that name products and groups.
fn holders<'a>(vulnerability: &At<'a>) -> Vec<At<'a>> {
    ["flags", "remediations", "threats"].iter().flat_map(|name| vulnerability.list(name)).collect()
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
