//! What a bill says, written as CycloneDX JSON. What stands in another before fitting (`fit`) is of the newest version.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Circumstances;
use super::identifiers::{For, Licence, Names, algorithm, kind, licence, phase_of_type, tool};
use super::persons::Persons;
use super::told::{Told, Why};
use crate::document::json::Node;
use crate::name::cpe::Cpe;
use crate::sbom::Reading;
use crate::sbom::model::{Component, FURTHER_CPE, FURTHER_PURL, Relationship, Sbom};

/// Components within components, so that the document stays within what is read.
const DEEPEST: usize = 16;

/// The bill as CycloneDX; relationships without a place there are told.
pub(super) fn write(reading: &Reading, _minor: u8, with: &Circumstances<'_>, told: &mut Told) -> Node {
    let sbom = &reading.sbom;
    let names = Names::new(sbom, |one| one.reference.clone().unwrap_or_else(|| one.name.clone()));
    let main = if let [only] = sbom.subjects[..] { Some(only) } else { None };
    let mut links = Links::default();
    for one in &sbom.relationships {
        links.take(one, &names, main, told);
    }
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for index in (0..sbom.components.len()).filter(|index| Some(*index) != main) {
        children.entry(links.parent.get(&index).copied()).or_default().push(index);
    }
    let mut bom = Node::object([("bomFormat", Node::text("CycloneDX")), ("specVersion", Node::text("1.7"))]);
    if let Some(serial) = [sbom.identity.as_deref(), with.identity]
        .into_iter()
        .flatten()
        .find(|one| one.starts_with("urn:uuid:"))
    {
        bom.set("serialNumber", Node::text(serial));
    }
    bom.set("version", Node::Number("1".into()));
    told.of_many("", "bom-ref", names.renamed(sbom), Why::Renamed);
    let writing = Writing {
        sbom,
        names: &names,
        children: &children,
        licences: extracted(reading),
        persons: Persons::of(reading),
    };
    bom.set("metadata", writing.metadata(main, with, told));
    bom.set("components", writing.within(None, told));
    bom.set("dependencies", links.dependencies(&names));
    bom
}

/// What relationships become.
#[derive(Default)]
struct Links {
    parent: BTreeMap<usize, usize>,
    depends: BTreeMap<usize, BTreeSet<usize>>,
}

impl Links {
    fn take(&mut self, one: &Relationship, names: &Names<'_>, main: Option<usize>, told: &mut Told) {
        let mut tell = |why| told.push(one.place.clone(), &one.kind, why);
        let ends = (names.by.get(one.from.as_str()).copied(), names.by.get(one.to.as_str()).copied());
        let kind = one.kind.as_str();
        match (kind, ends) {
            ("HAS_DECLARED_LICENSE" | "HAS_CONCLUDED_LICENSE", _) => {}
            ("DESCRIBES", (None, Some(_))) | ("DESCRIBED_BY", (Some(_), None)) if main.is_some() => {}
            ("DEPENDS_ON", (Some(from), None)) if one.to == "NONE" => {
                self.depends.entry(from).or_default();
            }
            ("DEPENDS_ON", (Some(_), None)) if one.to == "NOASSERTION" => {}
            ("DEPENDS_ON" | "HAS_PREREQUISITE", (Some(from), Some(to))) => self.depend(from, to),
            (reverse, (Some(from), Some(to)))
                if reverse == "PREREQUISITE_FOR" || reverse.ends_with("DEPENDENCY_OF") =>
            {
                self.depend(to, from);
            }
            ("CONTAINS", (Some(from), Some(to))) if self.contains(from, to, main) => {}
            ("CONTAINED_BY", (Some(from), Some(to))) if self.contains(to, from, main) => {}
            // Everything in the list is part of the document.
            ("CONTAINS", (None, Some(_))) if one.from == "SPDXRef-DOCUMENT" => {}
            _ => return tell(Why::NoPlace),
        }
        let is_same = matches!(
            kind,
            "DEPENDS_ON" | "DEPENDENCY_OF" | "CONTAINS" | "CONTAINED_BY" | "DESCRIBES" | "DESCRIBED_BY"
        );
        if !is_same && !kind.ends_with("_LICENSE") {
            tell(Why::Replaced);
        }
    }

    fn depend(&mut self, from: usize, to: usize) {
        if from != to {
            self.depends.entry(from).or_default().insert(to);
        }
    }

    /// Puts one into another, if it is not elsewhere already, and no circle or tower comes of it. What the main component contains is
    /// the list itself.
    fn contains(&mut self, from: usize, to: usize, main: Option<usize>) -> bool {
        if Some(from) == main {
            return !self.parent.contains_key(&to);
        }
        if self.parent.contains_key(&to) || Some(to) == main {
            return self.parent.get(&to) == Some(&from);
        }
        let mut at = Some(from);
        for _ in 0..DEEPEST {
            match at {
                Some(one) if one == to => return false,
                Some(one) => at = self.parent.get(&one).copied(),
                None => {
                    self.parent.insert(to, from);
                    return true;
                }
            }
        }
        false
    }

    fn dependencies(&self, names: &Names<'_>) -> Node {
        let one = |(from, to): (&usize, &BTreeSet<usize>)| {
            let mut node = Node::object([("ref", Node::text(&names.of[*from]))]);
            if !to.is_empty() {
                let to = to.iter().map(|index| Node::text(&names.of[*index])).collect();
                node.set("dependsOn", Node::List(to));
            }
            node
        };
        Node::List(self.depends.iter().map(one).collect())
    }
}

struct Writing<'a> {
    sbom: &'a Sbom,
    names: &'a Names<'a>,
    children: &'a BTreeMap<Option<usize>, Vec<usize>>,
    licences: HashMap<String, String>,
    persons: Persons,
}

impl Writing<'_> {
    fn metadata(&self, main: Option<usize>, with: &Circumstances<'_>, told: &mut Told) -> Node {
        let sbom = self.sbom;
        let mut metadata = Node::object([]);
        if let Some(timestamp) = &sbom.timestamp {
            metadata.set("timestamp", Node::text(timestamp));
        }
        let phases = sbom.phases.iter().map(|phase| match phase_of_type(phase) {
            Some(phase) => Node::object([("phase", Node::text(phase))]),
            None => Node::object([("name", Node::text(phase))]),
        });
        let phases: Vec<Node> = phases.collect();
        if !phases.is_empty() {
            metadata.set("lifecycles", Node::List(phases));
        }
        let tools = sbom.tools.iter().map(String::as_str).chain(with.tool);
        let tools: Vec<Node> = tools
            .map(|text| {
                let (name, version) = tool(text);
                let mut node =
                    Node::object([("type", Node::text("application")), ("name", Node::text(name))]);
                if let Some(version) = version {
                    node.set("version", Node::text(version));
                }
                node
            })
            .collect();
        if !tools.is_empty() {
            metadata.set("tools", Node::object([("components", Node::List(tools))]));
        }
        self.authors(&mut metadata, told);
        if let Some(main) = main {
            metadata.set("component", self.component(main, told));
        }
        metadata
    }

    /// Persons who wrote the bill are its authors, an organisation its manufacturer (1.6); for further ones there is no place but among the persons.
    fn authors(&self, metadata: &mut Node, told: &mut Told) {
        let named = |name: &String| Node::object([("name", Node::text(name))]);
        let mut authors = Vec::new();
        for name in &self.sbom.authors {
            if !self.persons.has(name) && metadata.get("manufacturer").is_none() {
                metadata.set("manufacturer", named(name));
                continue;
            }
            if !self.persons.has(name) {
                told.at("", name, Why::Replaced);
            }
            authors.push(named(name));
        }
        set_list(metadata, "authors", authors);
    }

    /// The components within another, or in the list itself. The depth is bounded by `DEEPEST`.
    fn within(&self, parent: Option<usize>, told: &mut Told) -> Node {
        let all = self.children.get(&parent).map_or(&[][..], Vec::as_slice);
        Node::List(all.iter().map(|index| self.component(*index, told)).collect())
    }

    fn component(&self, index: usize, told: &mut Told) -> Node {
        let one = &self.sbom.components[index];
        let mut tell = |what: &str, why| told.push(one.place.clone(), what, why);
        let own_kind = one.kind.as_deref().and_then(|text| kind(text, For::CycloneDx));
        if own_kind.is_none() {
            let why = if one.kind.is_some() { Why::Replaced } else { Why::Filled };
            tell(one.kind.as_deref().unwrap_or("type"), why);
        }
        let mut node = Node::object([
            ("type", Node::text(own_kind.unwrap_or("library"))),
            ("bom-ref", Node::text(&self.names.of[index])),
        ]);
        // A supplier is an organisation here, a person who made it is an author.
        if let Some(supplier) = &one.supplier {
            if self.persons.has(supplier) {
                tell(supplier, Why::Replaced);
            }
            node.set("supplier", Node::object([("name", Node::text(supplier))]));
        }
        if let Some(maker) = &one.maker {
            let named = Node::object([("name", Node::text(maker))]);
            if self.persons.has(maker) {
                node.set("authors", Node::List(vec![named]));
            } else {
                node.set("manufacturer", named);
            }
        }
        if let Some(group) = &one.group {
            node.set("group", Node::text(group));
        }
        node.set("name", Node::text(&one.name));
        if let Some(version) = &one.version {
            node.set("version", Node::text(version));
        }
        let mut hashes = Vec::new();
        for hash in &one.hashes {
            match algorithm(&hash.algorithm, For::CycloneDx) {
                Some(alg) => hashes
                    .push(Node::object([("alg", Node::text(alg)), ("content", Node::text(&hash.value))])),
                None => tell(&hash.algorithm, Why::NoPlace),
            }
        }
        set_list(&mut node, "hashes", hashes);
        let licences = one.licences.iter().map(|text| self.licence(text)).collect();
        set_list(&mut node, "licenses", licences);
        let cpe = one.cpes.iter().find(|cpe| Cpe::parse(cpe).is_ok());
        if let Some(cpe) = cpe {
            node.set("cpe", Node::text(cpe));
        }
        if let Some(purl) = one.purls.first() {
            node.set("purl", Node::text(purl));
        }
        set_list(&mut node, "properties", properties(one, cpe));
        if self.children.contains_key(&Some(index)) {
            node.set("components", self.within(Some(index), told));
        }
        node
    }

    fn licence(&self, text: &str) -> Node {
        let inner = match licence(text) {
            Licence::Id => Node::object([("id", Node::text(text))]),
            Licence::Expression if !text.starts_with("LicenseRef-") || text.contains(' ') => {
                return Node::object([("expression", Node::text(text))]);
            }
            _ => {
                let name = self.licences.get(text).map_or(text, String::as_str);
                Node::object([("name", Node::text(name))])
            }
        };
        Node::object([("license", inner)])
    }
}

fn set_list(node: &mut Node, name: &str, items: Vec<Node>) {
    if !items.is_empty() {
        node.set(name, Node::List(items));
    }
}

/// What CycloneDX says by properties: the milestones of its taxonomy, and identifiers beyond the first.
fn properties(one: &Component, cpe: Option<&String>) -> Vec<Node> {
    let life = &one.lifecycle;
    let milestones = [
        ("cdx:lifecycle:milestone:endOfSupport", &life.end_of_support),
        ("cdx:lifecycle:milestone:endOfLife", &life.end_of_life),
        ("cdx:lifecycle:milestone:endOfGuaranteedSupport", &life.end_of_guaranteed_support),
        ("cdx:lifecycle:milestone:endOfDevelopment", &life.end_of_development),
        ("supportLevel", &life.support),
    ];
    let milestones = milestones.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let purls = one.purls.iter().skip(1).map(|purl| (FURTHER_PURL, purl));
    let cpes = one.cpes.iter().filter(|other| Some(*other) != cpe).map(|cpe| (FURTHER_CPE, cpe));
    let property = |(name, value): (&str, &String)| {
        Node::object([("name", Node::text(name)), ("value", Node::text(value))])
    };
    milestones.chain(purls).chain(cpes).map(property).collect()
}

/// Names of licences that an SPDX document itself explains.
fn extracted(reading: &Reading) -> HashMap<String, String> {
    let own = match &reading.document {
        crate::sbom::Document::Json(node) => node.list("hasExtractedLicensingInfos").to_vec(),
        crate::sbom::Document::TagValue(lines) => {
            crate::sbom::spdx::json_of_tag_value(lines).list("hasExtractedLicensingInfos").to_vec()
        }
        crate::sbom::Document::Xml(_) => Vec::new(),
    };
    own.iter()
        .filter_map(|one| {
            let name = one.str("name").filter(|name| !matches!(*name, "" | "NOASSERTION"))?;
            Some((one.str("licenseId")?.to_owned(), name.to_owned()))
        })
        .collect()
}
