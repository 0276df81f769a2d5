//! What CSAF documents of the VEX profile state (2.0, 4.5 and 3.2.3; 2.1, 4.5 and 3.2.4): product status, with flags and threats as reasons
//! and remediations as what should be done. The document is put to the standard's tests by `csaf`. Advisories of other profiles state product status too and are
//! read in the same way.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::deviation::{Found, Kind};
use super::justification::Justification;
use super::model::{Document, Format, Hash, Link, Product, Statement, Status, Thing, Vulnerability};
use super::{MOST_STATEMENTS, said};
use crate::csaf::{ReadError as CsafError, check};
use crate::document::ReadError;
use crate::document::deviation::Place;

/// How the lists of `product_status` are understood (3.2.3.9). `recommended` tells which version to take, not how it stands.
const STATES: [(&str, Status); 7] = [
    ("known_not_affected", Status::NotAffected),
    ("known_affected", Status::Affected),
    ("first_affected", Status::Affected),
    ("last_affected", Status::Affected),
    ("fixed", Status::Fixed),
    ("first_fixed", Status::Fixed),
    ("under_investigation", Status::UnderInvestigation),
];

/// Reads the statements of a document, one for each status and reason of each vulnerability.
pub(super) fn document(text: &str, found: &mut Found) -> Result<Document, ReadError> {
    let checked = check(text.as_bytes()).map_err(|error| match error {
        CsafError::TooLarge(bytes) => ReadError::TooLarge { found: bytes, limit: crate::csaf::MOST_BYTES },
        CsafError::Json(why) => ReadError::Syntax { place: Place::Pointer("".into()), format: "JSON", why },
    })?;
    for one in checked.departures {
        found.error(&Place::Pointer(one.place.into()), Kind::Csaf(one.kind));
    }
    found.count(checked.further);
    let document = &checked.document;
    let tree = Tree::of(&document["product_tree"]);
    let mut statements = Vec::new();
    for (index, vulnerability) in items(&document["vulnerabilities"]).iter().enumerate() {
        let place = format!("/vulnerabilities/{index}");
        statements.extend(Stating::of(&tree, vulnerability, &place).statements());
        if statements.len() > MOST_STATEMENTS {
            break;
        }
    }
    let tracking = &document["document"]["tracking"];
    Ok(Document {
        format: Format::Csaf,
        version: text_of(&document["document"], "csaf_version").unwrap_or_default(),
        profile: text_of(&document["document"], "category"),
        id: text_of(tracking, "id"),
        author: text_of(&document["document"]["publisher"], "name"),
        timestamp: text_of(tracking, "current_release_date"),
        revision: text_of(tracking, "version"),
        statements,
        is_of_unnamed_bill: false,
    })
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn texts<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    items(&value[name]).iter().filter_map(Value::as_str)
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    said(value[name].as_str())
}

/// The products of a document by their ids.
struct Tree<'a> {
    things: HashMap<&'a str, Thing>,
    /// A product that is another in a third (3.2.2.4): the part, and the whole.
    within: HashMap<&'a str, (&'a str, &'a str)>,
    /// The groups each product is in.
    groups_of: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Tree<'a> {
    fn of(tree: &'a Value) -> Self {
        let mut all = Tree { things: HashMap::new(), within: HashMap::new(), groups_of: HashMap::new() };
        for branch in items(&tree["branches"]) {
            all.branch(branch, &mut Vec::new());
        }
        for name in items(&tree["full_product_names"]) {
            all.name(name, &[]);
        }
        for one in items(&tree["relationships"]) {
            let name = &one["full_product_name"];
            all.name(name, &[]);
            let ends = (one["product_reference"].as_str(), one["relates_to_product_reference"].as_str());
            if let (Some(id), (Some(part), Some(whole))) = (name["product_id"].as_str(), ends) {
                all.within.insert(id, (part, whole));
            }
        }
        // Of a path of 2.1 (3.2.3.4), the beginning is the part, and what its last step leads to the whole.
        for one in items(&tree["product_paths"]) {
            let name = &one["full_product_name"];
            all.name(name, &[]);
            let last =
                items(&one["subpaths"]).last().and_then(|step| step["next_product_reference"].as_str());
            let ends = (one["beginning_product_reference"].as_str(), last);
            if let (Some(id), (Some(part), Some(whole))) = (name["product_id"].as_str(), ends) {
                all.within.insert(id, (part, whole));
            }
        }
        for group in items(&tree["product_groups"]) {
            for member in texts(group, "product_ids") {
                all.groups_of.entry(member).or_default().push(group["group_id"].as_str().unwrap_or_default());
            }
        }
        all
    }

    /// The depth of the tree is bounded by the reader of JSON.
    fn branch(&mut self, branch: &'a Value, path: &mut Vec<(&'a str, &'a str)>) {
        path.push((
            branch["category"].as_str().unwrap_or_default(),
            branch["name"].as_str().unwrap_or_default(),
        ));
        if branch["product"].is_object() {
            self.name(&branch["product"], path);
        }
        for below in items(&branch["branches"]) {
            self.branch(below, path);
        }
        path.pop();
    }

    /// A full product name: what the branches above it say of name and version, and the helpers that identify it (3.1.3.3).
    fn name(&mut self, name: &'a Value, path: &[(&'a str, &'a str)]) {
        let Some(id) = name["product_id"].as_str() else { return };
        let on_path = |wanted: &str| {
            path.iter().rev().find(|(kind, _)| *kind == wanted).map(|(_, name)| (*name).to_owned())
        };
        let helper = &name["product_identification_helper"];
        let hashes = items(&helper["hashes"]).iter().flat_map(|file| items(&file["file_hashes"]));
        let hash =
            |one: &Value| Some(Hash { algorithm: text_of(one, "algorithm")?, value: text_of(one, "value")? });
        let uris: Vec<String> =
            items(&helper["x_generic_uris"]).iter().filter_map(|one| text_of(one, "uri")).collect();
        let numbers = ["model_numbers", "serial_numbers", "skus"].into_iter();
        self.things.insert(
            id,
            Thing {
                name: on_path("product_name").or_else(|| text_of(name, "name")),
                version: on_path("product_version"),
                purls: text_of(helper, "purl").into_iter().collect(),
                cpes: text_of(helper, "cpe").into_iter().collect(),
                hashes: hashes.filter_map(hash).collect(),
                link: uris.iter().find_map(|uri| Link::of(uri)),
                ids: uris
                    .into_iter()
                    .filter(|uri| Link::of(uri).is_none())
                    .chain(numbers.flat_map(|list| texts(helper, list).map(str::to_owned)))
                    .collect(),
                ..Thing::default()
            },
        );
    }

    /// A product as a statement names it: a part within a whole, or itself. Parts within parts are followed to the outermost whole.
    fn product(&self, id: &str, place: Place) -> Product {
        let of = |id: &str| {
            let unresolved = || Thing { reference: Some(id.to_owned()), ..Thing::default() };
            self.things.get(id).cloned().unwrap_or_else(unresolved)
        };
        let Some((part, whole)) = self.within.get(id) else {
            return Product { place, thing: of(id), parts: Vec::new() };
        };
        // A part that is itself one within another is meant as it is; circles are departures (6.1.3) and end here.
        let part = self.within.get(part).map_or(*part, |(inner, _)| *inner);
        let mut whole = *whole;
        for _ in 0..16 {
            match self.within.get(whole) {
                Some((_, outer)) if *outer != whole => whole = outer,
                _ => break,
            }
        }
        Product { place, thing: of(whole), parts: vec![of(part)] }
    }
}

/// What speaks of a product: flags, threats or remediations, found by product and by group so that many of each stay cheap.
struct Speaking<'a> {
    items: &'a [Value],
    by_product: HashMap<&'a str, Vec<usize>>,
    by_group: HashMap<&'a str, Vec<usize>>,
    /// Those without products and groups speak of all.
    of_all: Vec<usize>,
}

/// As many flags, threats and remediations of one product are looked at.
const MOST_REASONS: usize = 64;

impl<'a> Speaking<'a> {
    fn of(items: &'a [Value]) -> Self {
        let mut all =
            Speaking { items, by_product: HashMap::new(), by_group: HashMap::new(), of_all: Vec::new() };
        for (index, item) in items.iter().enumerate() {
            for id in texts(item, "product_ids") {
                all.by_product.entry(id).or_default().push(index);
            }
            for id in texts(item, "group_ids") {
                all.by_group.entry(id).or_default().push(index);
            }
            if item.get("product_ids").is_none() && item.get("group_ids").is_none() {
                all.of_all.push(index);
            }
        }
        all
    }

    /// In the order of the document.
    fn of_product(&self, product: &str, tree: &Tree<'_>) -> Vec<&'a Value> {
        let groups = tree.groups_of.get(product).into_iter().flatten().take(MOST_REASONS);
        let by_group = groups.filter_map(|group| self.by_group.get(group));
        let lists = self.by_product.get(product).into_iter().chain(by_group).chain([&self.of_all]);
        let mut found: Vec<usize> = lists.flat_map(|list| list.iter().copied().take(MOST_REASONS)).collect();
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST_REASONS);
        found.into_iter().filter_map(|index| self.items.get(index)).collect()
    }
}

struct Stating<'a> {
    tree: &'a Tree<'a>,
    vulnerability: &'a Value,
    place: &'a str,
    flags: Speaking<'a>,
    threats: Speaking<'a>,
    remediations: Speaking<'a>,
}

/// What products have in common that share a statement.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Reason {
    justification: Option<Justification>,
    impact: Option<String>,
    action: Option<String>,
    moment: Option<String>,
}

impl<'a> Stating<'a> {
    fn of(tree: &'a Tree<'a>, vulnerability: &'a Value, place: &'a str) -> Self {
        let speaking = |list: &str| Speaking::of(items(&vulnerability[list]));
        let (flags, threats, remediations) =
            (speaking("flags"), speaking("threats"), speaking("remediations"));
        Stating { tree, vulnerability, place, flags, threats, remediations }
    }

    fn statements(&self) -> Vec<Statement> {
        let mut all = Vec::new();
        for (list, status) in STATES {
            let mut by_reason: BTreeMap<Reason, Vec<Product>> = BTreeMap::new();
            for (index, id) in texts(&self.vulnerability["product_status"], list).enumerate() {
                let place = Place::Pointer(format!("{}/product_status/{list}/{index}", self.place).into());
                by_reason.entry(self.reason(id, status)).or_default().push(self.tree.product(id, place));
            }
            all.extend(
                by_reason
                    .into_iter()
                    .map(|(reason, products)| self.statement(list, status, reason, products)),
            );
        }
        all
    }

    fn statement(&self, list: &str, status: Status, reason: Reason, products: Vec<Product>) -> Statement {
        Statement {
            place: Place::Pointer(format!("{}/product_status/{list}", self.place).into()),
            vulnerability: self.names(),
            products,
            status: Some(status),
            said: list.to_owned(),
            justification: reason.justification,
            impact: reason.impact,
            action: reason.action,
            responses: Vec::new(),
            notes: None,
            timestamp: reason.moment,
        }
    }

    fn names(&self) -> Vulnerability {
        let others = items(&self.vulnerability["ids"]).iter().filter_map(|one| text_of(one, "text"));
        let mut all = text_of(self.vulnerability, "cve").into_iter().chain(others);
        Vulnerability { id: all.next().unwrap_or_default(), aliases: all.collect() }
    }

    /// Flags and impacts say why a product is not affected, remediations what to do; the dates of flags say since when.
    fn reason(&self, product: &str, status: Status) -> Reason {
        let mut reason = Reason { justification: None, impact: None, action: None, moment: None };
        if status == Status::NotAffected {
            for flag in self.flags.of_product(product, self.tree) {
                let word = flag["label"].as_str().unwrap_or_default();
                reason.justification = reason.justification.or(Justification::of(Format::Csaf, word));
                reason.moment = reason.moment.or_else(|| text_of(flag, "date"));
            }
            let impacts = self
                .threats
                .of_product(product, self.tree)
                .into_iter()
                .filter(|one| one["category"] == "impact");
            let impacts: Vec<String> = impacts.filter_map(|one| text_of(one, "details")).collect();
            reason.impact = Some(impacts.join("\n")).filter(|text| !text.is_empty());
        }
        if status == Status::Affected {
            let remedies: Vec<String> = self
                .remediations
                .of_product(product, self.tree)
                .into_iter()
                .filter_map(|one| text_of(one, "details"))
                .collect();
            reason.action = Some(remedies.join("\n")).filter(|text| !text.is_empty());
        }
        reason
    }
}
