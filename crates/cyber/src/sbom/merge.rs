//! The parts of a device – firmware image, apps, cloud part, hardware – as one bill with the device as its subject. Every part becomes CycloneDX first
//! (`convert`), so that members our model does not know come along; references are kept apart, and where each component comes from
//! is kept with it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Reading;
use super::convert::{Circumstances, Told, Why, cyclonedx_json};
use super::references::outermost;
use crate::document::json::Node;

/// The property that names the part a component comes from; it stands as often as there are parts.
pub const PART: &str = "shirube:merge:part";
/// The version of CycloneDX in which parts are put together.
const MINOR: u8 = 6;

/// One part.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its name, which stands with every component that comes from it: usually the file's.
    pub name: &'a str,
    /// Its bill.
    pub reading: &'a Reading,
}

/// The device that the parts make up.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Who supplies it.
    pub supplier: Option<&'a str>,
}

/// A merged bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The bill in CycloneDX JSON.
    pub document: Node,
    /// What of each part, by its index, could not be carried.
    pub told: Vec<Told>,
    /// References that were given in several parts, by the part's index: the old one and the new one.
    pub renamed: Vec<(usize, String, String)>,
    /// Components that stood in several parts and are one now.
    pub unified: usize,
}

/// Puts parts together. A reference that an earlier part gives too becomes `partN/reference`, N counted from 1. Components of several
/// parts become one only where package URL and a checksum agree, or everything that is said of them.
pub fn merge(parts: &[Part<'_>], product: &Product<'_>, with: &Circumstances<'_>) -> Merged {
    let mut merging = Merging::default();
    let device = merging.unused("device".to_owned());
    merging.taken.insert(device.clone());
    for (index, part) in parts.iter().enumerate() {
        // The same bill under two names is one part: kept twice, all of it would stand in the device twice.
        if parts.iter().take(index).any(|earlier| earlier.reading.document == part.reading.document) {
            let mut told = Told::default();
            told.at("", part.name, Why::Twice);
            merging.told.push(told);
        } else {
            merging.part(index, part, with);
        }
    }
    let mut main = Node::object([
        ("type", Node::text("device")),
        ("bom-ref", Node::text(&device)),
        ("name", Node::text(product.name)),
        ("version", Node::text(product.version)),
    ]);
    if let Some(supplier) = product.supplier {
        main.set("supplier", Node::object([("name", Node::text(supplier))]));
    }
    merging.finish(&device, main, with)
}

#[derive(Default)]
struct Merging {
    taken: HashSet<String>,
    renamed: Vec<(usize, String, String)>,
    told: Vec<Told>,
    subjects: Vec<String>,
    components: Vec<Node>,
    /// Components that may be met again, by what they say; with the last part each stands in.
    known: HashMap<String, (usize, usize)>,
    unified: usize,
    /// Lists of the document besides components, by their names.
    lists: BTreeMap<Box<str>, Vec<Node>>,
    metadata: BTreeMap<&'static str, Vec<Node>>,
}

/// Lists of the document that are put one after the other.
const LISTS: [&str; 8] = [
    "services",
    "externalReferences",
    "compositions",
    "vulnerabilities",
    "annotations",
    "formulation",
    "properties",
    "dependencies",
];

impl Merging {
    fn part(&mut self, index: usize, part: &Part<'_>, with: &Circumstances<'_>) {
        let mut told = Told::default();
        let mut bill = cyclonedx_json(part.reading, MINOR, &Circumstances { tool: None, ..*with }, &mut told);
        self.rename(index, &mut bill);
        let metadata = take(&mut bill, "metadata").unwrap_or(Node::Null);
        let mut components = match take(&mut bill, "components") {
            Some(Node::List(all)) => all,
            _ => Vec::new(),
        };
        let subject = self.subject(index, part, &metadata, &bill);
        if metadata.get("component").is_none() {
            self.contained(index, &subject, &mut components, &mut bill);
        }
        self.subjects.push(subject.str("bom-ref").unwrap_or_default().to_owned());
        components.insert(0, subject);
        let mut same: HashMap<String, String> = HashMap::new();
        for component in components {
            self.component(component, index, part.name, &mut same);
        }
        for (name, value) in metadata.members() {
            match &**name {
                "component" | "timestamp" => {}
                "tools" => self.tools(value),
                "authors" | "lifecycles" => {
                    let slot = if &**name == "authors" { "authors" } else { "lifecycles" };
                    add(self.metadata.entry(slot).or_default(), value.items());
                }
                other => told.at(&format!("/metadata/{other}"), other, Why::NoPlace),
            }
        }
        if !same.is_empty() {
            if let Some(last) = self.subjects.last_mut()
                && let Some(earlier) = same.get(last)
            {
                last.clone_from(earlier);
            }
            replace(&mut bill, None, &same);
        }
        if let Node::Object(members) = bill {
            for (name, value) in members {
                match value {
                    Node::List(items) if LISTS.contains(&&*name) => {
                        self.lists.entry(name).or_default().extend(items);
                    }
                    _ if matches!(
                        &*name,
                        "$schema" | "bomFormat" | "specVersion" | "serialNumber" | "version"
                    ) => {}
                    _ => told.at(&format!("/{name}"), &name, Why::NoPlace),
                }
            }
        }
        self.told.push(told);
    }

    /// A name that is not taken yet, made from a wanted one.
    fn unused(&self, wanted: String) -> String {
        let mut name = wanted.clone();
        let mut number = 1;
        while self.taken.contains(&name) {
            number += 1;
            name = format!("{wanted}-{number}");
        }
        name
    }

    /// Gives the references of a part that are taken another name, wherever they are used.
    fn rename(&mut self, index: usize, bill: &mut Node) {
        let mut given = Vec::new();
        references(bill, &mut given);
        let own: HashSet<&String> = given.iter().collect();
        let mut new: HashMap<String, String> = HashMap::new();
        for old in own.iter().copied().filter(|old| self.taken.contains(*old)) {
            let mut name = self.unused(format!("part{}/{old}", index + 1));
            while own.contains(&name) {
                name.push('\'');
            }
            new.insert(old.clone(), name);
        }
        if !new.is_empty() {
            replace(bill, None, &new);
        }
        self.taken.extend(given.into_iter().map(|old| new.get(&old).cloned().unwrap_or(old)));
        let mut renamed: Vec<_> = new.into_iter().map(|(old, new)| (index, old, new)).collect();
        renamed.sort();
        self.renamed.append(&mut renamed);
    }

    /// A part that does not say what it is about holds its components all the same: those that no other leads to hang on its subject, and of
    /// those that lead to each other only the first.
    fn contained(&mut self, index: usize, subject: &Node, components: &mut [Node], bill: &mut Node) {
        for (number, one) in components.iter_mut().enumerate() {
            if one.str("bom-ref").is_none_or(str::is_empty) {
                let reference = self.unused(format!("part{}-{}", index + 1, number + 1));
                self.taken.insert(reference.clone());
                one.set("bom-ref", Node::text(reference));
            }
        }
        let all: Vec<&str> = components.iter().filter_map(|one| one.str("bom-ref")).collect();
        let outermost = outermost(&all, bill.list("dependencies"));
        let own = Node::object([
            ("ref", Node::text(subject.str("bom-ref").unwrap_or_default())),
            ("dependsOn", Node::List(outermost.into_iter().map(Node::text).collect())),
        ]);
        let mut dependencies = vec![own];
        dependencies.extend_from_slice(bill.list("dependencies"));
        bill.set("dependencies", Node::List(dependencies));
    }

    /// What a part is about; a part that does not say gets a component with the name of its document, or else its own.
    fn subject(&mut self, index: usize, part: &Part<'_>, metadata: &Node, bill: &Node) -> Node {
        let mut subject = metadata.get("component").cloned().unwrap_or_else(|| {
            let own = part.reading.sbom.name.as_deref().filter(|name| !name.trim().is_empty());
            Node::object([
                ("type", Node::text("application")),
                ("name", Node::text(own.unwrap_or(part.name))),
            ])
        });
        if subject.str("bom-ref").is_none_or(str::is_empty) {
            let reference = self.unused(format!("part{}", index + 1));
            self.taken.insert(reference.clone());
            subject.set("bom-ref", Node::text(reference));
        }
        // When and under which number the part's bill was written is kept with its subject.
        for (name, value) in [
            ("shirube:merge:timestamp", metadata.str("timestamp")),
            ("shirube:merge:serial-number", bill.str("serialNumber")),
        ] {
            if let Some(value) = value {
                property(&mut subject, name, value);
            }
        }
        subject
    }

    fn component(
        &mut self,
        mut component: Node,
        index: usize,
        part: &str,
        same: &mut HashMap<String, String>,
    ) {
        let key = sameness(&component);
        if let Some((at, last)) = key.as_ref().and_then(|key| self.known.get_mut(key)) {
            let earlier = &mut self.components[*at];
            // What stands twice in one part is left as it is.
            if *last != index {
                *last = index;
                property(earlier, PART, part);
                self.unified += 1;
                let references = (component.str("bom-ref"), earlier.str("bom-ref"));
                if let (Some(old), Some(new)) = references {
                    same.insert(old.to_owned(), new.to_owned());
                }
                return;
            }
        }
        from_part(&mut component, part);
        if let Some(key) = key {
            self.known.entry(key).or_insert((self.components.len(), index));
        }
        self.components.push(component);
    }

    /// Tools in either of their forms as components.
    fn tools(&mut self, tools: &Node) {
        let old = tools.items().iter().map(|tool| {
            let mut node = Node::object([("type", Node::text("application"))]);
            for (name, value) in tool.members() {
                match &**name {
                    "vendor" => node.set("publisher", value.clone()),
                    _ => node.set(name, value.clone()),
                }
            }
            node
        });
        let all: Vec<Node> = old.chain(tools.list("components").iter().cloned()).collect();
        add(self.metadata.entry("tools").or_default(), &all);
        add(self.metadata.entry("services").or_default(), tools.list("services"));
    }

    fn finish(mut self, device: &str, main: Node, with: &Circumstances<'_>) -> Merged {
        let mut document =
            Node::object([("bomFormat", Node::text("CycloneDX")), ("specVersion", Node::text("1.6"))]);
        if let Some(identity) = with.identity.filter(|one| one.starts_with("urn:uuid:")) {
            document.set("serialNumber", Node::text(identity));
        }
        document.set("version", Node::Number("1".into()));
        document.set("metadata", self.metadata(main, with));
        document.set("components", Node::List(std::mem::take(&mut self.components)));
        let own =
            Node::object([("ref", Node::text(device)), ("dependsOn", Node::List(distinct(&self.subjects)))]);
        let mut dependencies = vec![own];
        dependencies.extend(self.lists.remove("dependencies").unwrap_or_default());
        document.set("dependencies", Node::List(joined(dependencies)));
        for (name, mut items) in self.lists {
            let mut seen = Vec::new();
            add(&mut seen, &std::mem::take(&mut items));
            document.set(&name, Node::List(seen));
        }
        Merged { document, told: self.told, renamed: self.renamed, unified: self.unified }
    }

    fn metadata(&mut self, main: Node, with: &Circumstances<'_>) -> Node {
        let mut metadata = Node::object([]);
        if let Some(now) = with.now {
            metadata.set("timestamp", Node::text(now));
        }
        let mut tools = self.metadata.remove("tools").unwrap_or_default();
        if let Some(tool) = with.tool {
            let (name, version) = tool.rsplit_once([' ', '-']).unwrap_or((tool, ""));
            let mut own = Node::object([("type", Node::text("application")), ("name", Node::text(name))]);
            if !version.is_empty() {
                own.set("version", Node::text(version));
            }
            add(&mut tools, &[own]);
        }
        let services = self.metadata.remove("services").unwrap_or_default();
        let mut all = Node::object([]);
        for (name, list) in [("components", tools), ("services", services)] {
            if !list.is_empty() {
                all.set(name, Node::List(list));
            }
        }
        for name in ["lifecycles", "authors"] {
            if let Some(list) = self.metadata.remove(name).filter(|list| !list.is_empty()) {
                metadata.set(name, Node::List(list));
            }
        }
        if !all.members().is_empty() {
            metadata.set("tools", all);
        }
        metadata.set("component", main);
        metadata
    }
}

/// What a component must share with another to be the same: package URL and a checksum, or all that is said of it besides the reference.
/// One within another, or with others in it, is left where it is.
fn sameness(component: &Node) -> Option<String> {
    if component.get("components").is_some() {
        return None;
    }
    let hash = component.list("hashes").first();
    if let (Some(purl), Some(hash)) = (component.str("purl"), hash) {
        let (alg, content) = (hash.str("alg")?, hash.str("content")?.to_lowercase());
        return Some(format!("{purl} {alg} {content} {}", component.str("version").unwrap_or_default()));
    }
    let mut rest = component.clone();
    take(&mut rest, "bom-ref");
    // A name alone says too little to be all that identifies it.
    let identified = ["purl", "cpe", "version"].iter().any(|name| rest.get(name).is_some());
    identified.then(|| rest.to_json())
}

/// Notes the part with a component and those in it. The depth of the tree is bounded.
fn from_part(component: &mut Node, part: &str) {
    property(component, PART, part);
    if let Some(Node::List(inner)) = component.get_mut("components") {
        for one in inner {
            from_part(one, part);
        }
    }
}

fn property(component: &mut Node, name: &str, value: &str) {
    let one = Node::object([("name", Node::text(name)), ("value", Node::text(value))]);
    match component.get_mut("properties") {
        Some(Node::List(all)) => all.push(one),
        _ => component.set("properties", Node::List(vec![one])),
    }
}

/// Every `bom-ref` that is given, wherever it stands.
fn references(node: &Node, out: &mut Vec<String>) {
    for (name, value) in node.members() {
        match value {
            Node::Text(text) if &**name == "bom-ref" => out.push(text.to_string()),
            _ => references(value, out),
        }
    }
    node.items().iter().for_each(|item| references(item, out));
}

/// Members whose texts are references.
const REFERRING: [&str; 26] = [
    "bom-ref",
    "ref",
    "dependsOn",
    "provides",
    "assemblies",
    "dependencies",
    "vulnerabilities",
    "subjects",
    "tools",
    "signatureAlgorithmRef",
    "subjectPublicKeyRef",
    "algorithmRef",
    "algorithm",
    "algorithms",
    "cryptoRefArray",
    "encr",
    "prf",
    "integ",
    "ke",
    "auth",
    "target",
    "claims",
    "counterClaims",
    "evidence",
    "counterEvidence",
    "requirement",
];

/// Gives references another name, wherever they stand.
fn replace(node: &mut Node, member: Option<&str>, new: &HashMap<String, String>) {
    match node {
        Node::Object(members) => {
            for (name, value) in members {
                replace(value, Some(name), new);
            }
        }
        Node::List(items) => items.iter_mut().for_each(|item| replace(item, member, new)),
        Node::Text(text) if member.is_some_and(|member| REFERRING.contains(&member)) => {
            if let Some(other) = new.get(&**text) {
                *text = other.as_str().into();
            }
        }
        _ => {}
    }
}

/// Entries of one reference are one entry: the format asks for that.
fn joined(dependencies: Vec<Node>) -> Vec<Node> {
    let mut all: Vec<Node> = Vec::new();
    let mut at: HashMap<String, usize> = HashMap::new();
    for one in dependencies {
        let reference = one.str("ref").unwrap_or_default().to_owned();
        let Some(place) = at.get(&reference).copied() else {
            at.insert(reference, all.len());
            all.push(one);
            continue;
        };
        for member in ["dependsOn", "provides"] {
            if one.get(member).is_some() {
                let mut list = all[place].list(member).to_vec();
                add(&mut list, one.list(member));
                all[place].set(member, Node::List(list));
            }
        }
    }
    all
}

fn distinct(references: &[String]) -> Vec<Node> {
    let mut seen = HashSet::new();
    references.iter().filter(|one| seen.insert(*one)).map(Node::text).collect()
}

/// Adds items that are not there yet.
fn add(list: &mut Vec<Node>, items: &[Node]) {
    let mut seen: HashSet<String> = list.iter().map(Node::to_json).collect();
    for item in items {
        if seen.insert(item.to_json()) {
            list.push(item.clone());
        }
    }
}

fn take(node: &mut Node, name: &str) -> Option<Node> {
    let Node::Object(members) = node else { return None };
    let at = members.iter().position(|(key, _)| &**key == name)?;
    Some(members.remove(at).1)
}
