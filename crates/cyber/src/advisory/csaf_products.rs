//! The product tree of CSAF: every product that a status may name, in the words of its branches or of its name alone, with the
//! identifiers beside it.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::model::{Affected, Named};
use super::reading::{Fault, Reader};
use super::told;
use crate::version::told::{Told, Why, read};

/// The most products of one document; published ones have some thousands.
const MOST_PRODUCTS: usize = 200_000;
/// Relationships of relationships, and steps of paths, that are followed.
const LONGEST_CHAIN: usize = 8;

/// A product a status may name.
#[derive(Clone, Debug, Default)]
pub(super) struct Product {
    maker: String,
    name: String,
    /// What is said of its version, as a branch says it or its name.
    pub(super) version: Option<String>,
    full_name: String,
    also: Vec<Named>,
    /// What narrows it: architecture, language, what it is installed on, serial numbers.
    narrowed: Vec<String>,
    /// Identifiers that name no product by themselves: hashes, serial numbers, article numbers.
    identification: Value,
}

/// The products of a document.
#[derive(Default)]
pub(super) struct Products {
    all: Vec<Product>,
    by_id: HashMap<String, usize>,
    /// The members of each product group.
    groups: HashMap<String, Vec<String>>,
}

impl Products {
    pub(super) fn of(reader: &mut Reader, root: &Map<String, Value>) -> Self {
        let mut products = Self::default();
        let Some(Value::Object(tree)) = root.get("product_tree") else { return products };
        let at = "/product_tree";
        for (place, branch) in reader.objects(tree, "branches", at) {
            products.branch(reader, branch, &place, &Product::default());
        }
        for (place, name) in reader.objects(tree, "full_product_names", at) {
            products.product(reader, name, &place, &Product::default());
        }
        for (place, one) in reader.objects(tree, "relationships", at) {
            let ends = ["product_reference", "relates_to_product_reference"];
            let ends = ends.map(|end| reader.text(one, end, &place));
            products.composed(reader, one, &place, &ends);
        }
        // 2.1 has paths, of any number of steps, in place of relationships.
        for (place, one) in reader.objects(tree, "product_paths", at) {
            let mut parts = vec![reader.text(one, "beginning_product_reference", &place)];
            for (place, step) in reader.objects(one, "subpaths", &place) {
                parts.push(reader.text(step, "next_product_reference", &place));
            }
            products.composed(reader, one, &place, &parts);
        }
        for (place, group) in reader.objects(tree, "product_groups", at) {
            let members = reader.texts(group, "product_ids", &place);
            if let Some(id) = reader.text(group, "group_id", &place) {
                products.groups.insert(id, members);
            }
        }
        products
    }

    /// The products of some ids; ids that are nowhere defined are noted.
    pub(super) fn found(&self, reader: &mut Reader, ids: &[String], at: &str) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for id in ids {
            let members = self.groups.get(id).map_or(std::slice::from_ref(id), Vec::as_slice);
            for member in members {
                match self.by_id.get(member) {
                    Some(index) => drop(found.insert(*index)),
                    None => reader.note(at, Fault::UnknownWord),
                }
            }
        }
        found
    }

    pub(super) fn get(&self, index: usize) -> Option<&Product> {
        self.all.get(index)
    }

    /// Products of one name and maker, whatever their versions, in the order of the document.
    pub(super) fn lines(&self) -> Vec<BTreeSet<usize>> {
        let mut places: HashMap<(&str, &str, &[String]), usize> = HashMap::new();
        let mut lines: Vec<BTreeSet<usize>> = Vec::new();
        for (index, product) in self.all.iter().enumerate() {
            let key = (product.maker.as_str(), product.name.as_str(), product.narrowed.as_slice());
            let line = *places.entry(key).or_insert(lines.len());
            if line == lines.len() {
                lines.push(BTreeSet::new());
            }
            lines[line].insert(index);
        }
        lines
    }

    /// A branch adds its word to what stands above it (CSAF 2.0, 3.1.2). How deep branches stand is bounded by the reader of JSON.
    fn branch(&mut self, reader: &mut Reader, branch: &Map<String, Value>, at: &str, above: &Product) {
        let mut here = above.clone();
        let name = reader.text(branch, "name", at).unwrap_or_default();
        match reader.text(branch, "category", at).unwrap_or_default().as_str() {
            "vendor" => here.maker = name,
            "product_family" if here.name.is_empty() => here.name = name,
            "product_name" => here.name = name,
            "product_version" | "product_version_range" => here.version = Some(name),
            "patch_level" | "service_pack" => {
                here.version = Some(here.version.map_or(name.clone(), |version| format!("{version} {name}")));
            }
            _ => here.narrowed.push(name),
        }
        if let Some(Value::Object(product)) = branch.get("product") {
            self.product(reader, product, &format!("{at}/product"), &here);
        }
        for (place, below) in reader.objects(branch, "branches", at) {
            self.branch(reader, below, &place, &here);
        }
    }

    fn product(&mut self, reader: &mut Reader, object: &Map<String, Value>, at: &str, words: &Product) {
        let Some(id) = reader.text(object, "product_id", at) else {
            return reader.note(format!("{at}/product_id"), Fault::Missing);
        };
        let mut product = words.clone();
        product.full_name = reader.text(object, "name", at).unwrap_or_default();
        if product.version.is_none() {
            let (name, version) = split_name(&product.full_name);
            product.version = version.map(str::to_owned);
            if product.name.is_empty() {
                name.clone_into(&mut product.name);
            }
        }
        if let Some(Value::Object(helper)) = object.get("product_identification_helper") {
            identify(reader, helper, &format!("{at}/product_identification_helper"), &mut product);
        }
        self.add(reader, id, product, at);
    }

    /// `installed_on` and its like: the first product itself, narrowed to what it is in or on, which lends its names (2.0, 3.2.2.4; 2.1,
    /// 3.2.3.4).
    fn composed(
        &mut self,
        reader: &mut Reader,
        object: &Map<String, Value>,
        at: &str,
        parts: &[Option<String>],
    ) {
        let Some(Value::Object(name)) = object.get("full_product_name") else {
            return reader.note(format!("{at}/full_product_name"), Fault::Missing);
        };
        let known = |id: &Option<String>| {
            let index = id.as_ref().and_then(|id| self.by_id.get(id));
            index.and_then(|index| self.all.get(*index)).cloned()
        };
        let Some(all) = parts.iter().map(known).collect::<Option<Vec<Product>>>() else {
            return reader.note(at, Fault::UnknownWord);
        };
        let mut all = all.into_iter();
        let Some(mut product) = all.next() else { return reader.note(at, Fault::UnknownWord) };
        let Some(id) = reader.text(name, "product_id", at) else {
            return reader.note(format!("{at}/full_product_name/product_id"), Fault::Missing);
        };
        for on in all {
            if product.narrowed.len() < LONGEST_CHAIN && product.also.len() < 64 {
                product.also.extend(on.names());
                product.narrowed.push(on.full_name);
            }
        }
        product.full_name = reader.text(name, "name", at).unwrap_or_default();
        if let Some(Value::Object(helper)) = name.get("product_identification_helper") {
            identify(
                reader,
                helper,
                &format!("{at}/full_product_name/product_identification_helper"),
                &mut product,
            );
        }
        self.add(reader, id, product, at);
    }

    fn add(&mut self, reader: &mut Reader, id: String, product: Product, at: &str) {
        if self.all.len() >= MOST_PRODUCTS || self.by_id.contains_key(&id) {
            return reader.note(at, Fault::UnknownWord);
        }
        self.by_id.insert(id, self.all.len());
        self.all.push(product);
    }
}

impl Product {
    /// An entry that names it, without versions.
    pub(super) fn entry(&self) -> Affected {
        let mut names = self.names();
        names.sort_by_key(|name| matches!(name, Named::Words { .. }));
        names.dedup();
        let mut entry = Affected::of(if names.is_empty() { Named::Nothing } else { names.remove(0) });
        entry.also = names;
        if !self.narrowed.is_empty() || !self.identification.is_null() {
            entry.specific = json!({ "identification": self.identification });
            entry.specific[told::NARROWED] = json!(self.narrowed);
        }
        entry
    }

    /// Adds its versions, and models that stand where versions should.
    pub(super) fn add_to(&self, entry: &mut Affected) {
        let Some(text) = &self.version else { return };
        told::add(entry, text);
        for model in models(text, &read(text)) {
            let words = Named::Words { maker: self.maker.clone(), product: model };
            if !entry.also.contains(&words) {
                entry.also.push(words);
            }
        }
    }

    fn names(&self) -> Vec<Named> {
        let product = if self.name.is_empty() { &self.full_name } else { &self.name };
        let words = Named::Words { maker: self.maker.clone(), product: product.clone() };
        std::iter::once(words).chain(self.also.iter().cloned()).collect()
    }
}

/// Words in the place of a version: `882412 GEMINI LXL`.
fn models(text: &str, told: &Told) -> Vec<String> {
    let words = told.not_understood.iter().filter(|one| one.why == Why::Words);
    words.filter_map(|one| text.get(one.at.clone())).map(str::to_owned).collect()
}

/// The product and the versions in a name: `Clinical Collaboration Platform: Versions 12.2.1 and prior`.
fn split_name(text: &str) -> (&str, Option<&str>) {
    for separator in [": ", " - ", ":"] {
        if let Some((name, rest)) = text.rsplit_once(separator) {
            let told = read(rest);
            if !name.trim().is_empty() && (!told.ranges.is_empty() || !told.listed.is_empty()) {
                return (name.trim(), Some(rest.trim()));
            }
        }
    }
    (text, None)
}

/// Identifiers beside the words (3.1.3.3); 2.1 has several package URLs.
fn identify(reader: &mut Reader, helper: &Map<String, Value>, at: &str, product: &mut Product) {
    product.also.extend(reader.text(helper, "cpe", at).map(Named::Cpe));
    product.also.extend(reader.text(helper, "purl", at).map(Named::Purl));
    product.also.extend(reader.texts(helper, "purls", at).into_iter().map(Named::Purl));
    for model in reader.texts(helper, "model_numbers", at) {
        // 3.1.3.3.5: `?` and `*` stand for what is left open; only whole numbers name a model.
        if !model.contains(['?', '*']) {
            product.also.push(Named::Words { maker: product.maker.clone(), product: model });
        }
    }
    product
        .narrowed
        .extend(reader.texts(helper, "serial_numbers", at).into_iter().map(|one| format!("S/N {one}")));
    let kept = ["hashes", "model_numbers", "serial_numbers", "skus", "sbom_urls", "x_generic_uris"];
    let kept: Map<String, Value> =
        kept.iter().filter_map(|name| Some(((*name).to_owned(), helper.get(*name)?.clone()))).collect();
    if !kept.is_empty() {
        product.identification = Value::Object(kept);
    }
}
