//! What a bill says, written as SPDX 3.0.1 in JSON-LD: a flat graph of elements.

use std::collections::BTreeMap;

use super::Circumstances;
use super::identifiers::{For, Names, algorithm, group_apart, kind, plain, type_of_phase, utc};
use super::persons::Persons;
use super::spdx2::{created, namespace};
use super::told::{Told, Why};
use crate::document::json::Node;
use crate::sbom::Reading;
use crate::sbom::model::{Component, Relationship, Sbom};

const CREATION: &str = "_:creation";
const TERMS: &str = "https://spdx.org/rdf/3.0.1/terms/Core/";
/// Levels of support that SPDX 3 knows.
const LEVELS: [&str; 6] =
    ["deployed", "development", "endOfSupport", "limitedSupport", "noSupport", "support"];

/// The bill as SPDX 3; relationships and members without a place there are told.
pub(super) fn write(reading: &Reading, with: &Circumstances<'_>, told: &mut Told) -> Node {
    let sbom = &reading.sbom;
    let base = format!("{}#", namespace(sbom, with, told));
    let names = Names::new(sbom, |one| {
        let text = one.reference.as_deref().unwrap_or(&one.name);
        format!("{base}{}", plain(text.rsplit('#').next().unwrap_or(text)))
    });
    told.of_many("", "spdxId", names.renamed(sbom), Why::Renamed);
    let persons = Persons::of(reading);
    let mut writing = Writing {
        base: &base,
        names: &names,
        persons: &persons,
        told,
        graph: Vec::new(),
        agents: BTreeMap::new(),
        ties: 0,
    };
    writing.creation(sbom, with);
    for (index, one) in sbom.components.iter().enumerate() {
        writing.component(index, one);
    }
    writing.relationships(sbom);
    writing.document(sbom);
    Node::object([
        ("@context", Node::text("https://spdx.org/rdf/3.0.1/spdx-context.jsonld")),
        ("@graph", Node::List(writing.graph)),
    ])
}

struct Writing<'a> {
    base: &'a str,
    names: &'a Names<'a>,
    persons: &'a Persons,
    told: &'a mut Told,
    graph: Vec<Node>,
    /// Organisations, tools and licences by class and name.
    agents: BTreeMap<(&'static str, String), String>,
    ties: usize,
}

impl Writing<'_> {
    fn creation(&mut self, sbom: &Sbom, with: &Circumstances<'_>) {
        let mut node = Node::object([
            ("type", Node::text("CreationInfo")),
            ("@id", Node::text(CREATION)),
            ("specVersion", Node::text("3.0.1")),
        ]);
        if let Some(created) = created(sbom, with, self.told) {
            node.set("created", Node::text(created));
        }
        let mut authors: Vec<Node> =
            sbom.authors.iter().map(|name| Node::text(self.agent(self.persons.class(name), name))).collect();
        if authors.is_empty() {
            self.told.at("", "createdBy", Why::Filled);
            authors.push(Node::text(self.agent("SoftwareAgent", with.tool.unwrap_or("shirube"))));
        }
        node.set("createdBy", Node::List(authors));
        let tools: Vec<Node> = sbom
            .tools
            .iter()
            .map(String::as_str)
            .chain(with.tool)
            .map(|name| Node::text(self.agent("Tool", name)))
            .collect();
        if !tools.is_empty() {
            node.set("createdUsing", Node::List(tools));
        }
        self.graph.insert(0, node);
    }

    /// The id of an agent, a tool or a licence, which is written once.
    fn agent(&mut self, class: &'static str, name: &str) -> String {
        if let Some(id) = self.agents.get(&(class, name.to_owned())) {
            return id.clone();
        }
        let id = format!("{}{class}-{}", self.base, self.agents.len() + 1);
        let name_of = match class {
            "simplelicensing_LicenseExpression" => "simplelicensing_licenseExpression",
            _ => "name",
        };
        let mut node = element(class, &id);
        node.set(name_of, Node::text(name));
        self.graph.push(node);
        self.agents.insert((class, name.to_owned()), id.clone());
        id
    }

    fn component(&mut self, index: usize, one: &Component) {
        let class =
            if one.is_mere_file() && one.version.is_none() { "software_File" } else { "software_Package" };
        let mut node = element(class, &self.names.of[index]);
        node.set("name", Node::text(&one.name));
        if let Some(version) = &one.version {
            node.set("software_packageVersion", Node::text(version));
        }
        if let Some(supplier) = &one.supplier {
            node.set("suppliedBy", Node::text(self.agent(self.persons.class(supplier), supplier)));
        }
        if let Some(maker) = &one.maker {
            node.set(
                "originatedBy",
                Node::List(vec![Node::text(self.agent(self.persons.class(maker), maker))]),
            );
        }
        if let Some(purl) = one.purls.first() {
            node.set("software_packageUrl", Node::text(purl));
        }
        identifiers(one, &mut node);
        let mut hashes = Vec::new();
        for hash in &one.hashes {
            match algorithm(&hash.algorithm, For::Spdx3) {
                Some(name) => hashes.push(Node::object([
                    ("type", Node::text("Hash")),
                    ("algorithm", Node::text(name)),
                    ("hashValue", Node::text(&hash.value)),
                ])),
                None => self.tell(one, &hash.algorithm, Why::NoPlace),
            }
        }
        if !hashes.is_empty() {
            node.set("verifiedUsing", Node::List(hashes));
        }
        if let Some(own) = one.kind.as_deref() {
            match kind(own, For::Spdx3) {
                Some(purpose) => node.set("software_primaryPurpose", Node::text(purpose)),
                None => self.tell(one, own, Why::NoPlace),
            }
        }
        if let Some(group) = group_apart(one) {
            self.tell(one, group, Why::NoPlace);
        }
        self.life(one, &mut node);
        self.graph.push(node);
        for licence in &one.licences {
            let licence = self.agent("simplelicensing_LicenseExpression", licence);
            self.tie(&self.names.of[index].clone(), "hasDeclaredLicense", vec![licence]);
        }
    }

    fn life(&mut self, one: &Component, node: &mut Node) {
        let life = &one.lifecycle;
        match life.end_of_support.as_deref().map(utc) {
            Some(Some(moment)) => node.set("validUntilTime", Node::text(moment)),
            Some(None) => self.tell(one, "endOfSupport", Why::NotAllowed),
            None => {}
        }
        match life.support.as_deref() {
            Some(level) if LEVELS.contains(&level) => {
                node.set("supportLevel", Node::List(vec![Node::text(level)]));
            }
            Some(_) => self.tell(one, "supportLevel", Why::NotAllowed),
            None => {}
        }
        for (what, value) in [
            ("endOfLife", &life.end_of_life),
            ("endOfGuaranteedSupport", &life.end_of_guaranteed_support),
            ("endOfDevelopment", &life.end_of_development),
        ] {
            if value.is_some() {
                self.tell(one, what, Why::NoPlace);
            }
        }
    }

    fn relationships(&mut self, sbom: &Sbom) {
        let main = if let [only] = sbom.subjects[..] { Some(only) } else { None };
        let by_place =
            matches!(sbom.format, crate::sbom::Format::CycloneDxJson | crate::sbom::Format::CycloneDxXml);
        let mut held: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (index, one) in sbom.components.iter().enumerate().filter(|_| by_place) {
            let parent = one.parent.or(main).filter(|parent| *parent != index);
            if let Some(parent) = parent.filter(|_| !sbom.subjects.contains(&index)) {
                held.entry(parent).or_default().push(self.names.of[index].clone());
            }
        }
        for (parent, children) in held {
            self.tie(&self.names.of[parent].clone(), "contains", children);
        }
        for one in &sbom.relationships {
            self.relationship(one);
        }
    }

    fn relationship(&mut self, one: &Relationship) {
        let kind = one.kind.as_str();
        if kind.ends_with("_LICENSE") || matches!(kind, "DESCRIBES" | "DESCRIBED_BY") {
            return;
        }
        let end = |text: &str| match text {
            "NONE" => Some(format!("{TERMS}NoneElement")),
            "NOASSERTION" => Some(format!("{TERMS}NoAssertionElement")),
            _ => self.names.new_of(text).map(str::to_owned),
        };
        let (Some(from), Some(to)) = (end(&one.from), end(&one.to)) else {
            return self.told.push(one.place.clone(), kind, Why::NoPlace);
        };
        let (name, reversed, is_same) = match kind {
            "DEPENDS_ON" => ("dependsOn", false, true),
            "DEPENDENCY_OF" => ("dependsOn", true, true),
            "CONTAINS" => ("contains", false, true),
            "CONTAINED_BY" => ("contains", true, true),
            "GENERATES" => ("generates", false, true),
            "GENERATED_FROM" => ("generates", true, true),
            "HAS_PREREQUISITE" => ("hasPrerequisite", false, true),
            "PREREQUISITE_FOR" => ("hasPrerequisite", true, true),
            "VARIANT_OF" => ("hasVariant", true, true),
            _ if kind.ends_with("DEPENDENCY_OF") => ("dependsOn", true, false),
            _ => ("other", false, kind == "OTHER"),
        };
        if !is_same {
            self.told.push(one.place.clone(), kind, Why::Replaced);
        }
        let (from, to) = if reversed { (to, from) } else { (from, to) };
        self.tie(&from, name, vec![to]);
    }

    fn tie(&mut self, from: &str, kind: &str, to: Vec<String>) {
        self.ties += 1;
        let mut node = element("Relationship", &format!("{}Relationship-{}", self.base, self.ties));
        node.set("from", Node::text(from));
        node.set("relationshipType", Node::text(kind));
        node.set("to", Node::List(to.iter().map(Node::text).collect()));
        self.graph.push(node);
    }

    fn document(&mut self, sbom: &Sbom) {
        let all = |names: &mut dyn Iterator<Item = &String>| Node::List(names.map(Node::text).collect());
        let roots = match sbom.subjects[..] {
            [] => all(&mut self.names.of.iter()),
            _ => all(&mut sbom.subjects.iter().map(|index| &self.names.of[*index])),
        };
        let id = format!("{}Sbom", self.base);
        let mut bill = element("software_Sbom", &id);
        let types: Vec<Node> = sbom
            .phases
            .iter()
            .filter_map(|phase| {
                let kind = type_of_phase(phase);
                if kind.is_none() {
                    self.told.at("/metadata/lifecycles", phase, Why::NoPlace);
                }
                kind.map(Node::text)
            })
            .collect();
        if !types.is_empty() {
            bill.set("software_sbomType", Node::List(types));
        }
        bill.set("rootElement", roots);
        bill.set("element", all(&mut self.names.of.iter()));
        self.graph.push(bill);
        let mut document = element("SpdxDocument", &format!("{}Document", self.base));
        if let Some(name) = &sbom.name {
            document.set("name", Node::text(name));
        }
        document.set("rootElement", Node::List(vec![Node::text(id)]));
        self.graph.push(document);
    }

    fn tell(&mut self, one: &Component, what: &str, why: Why) {
        self.told.push(one.place.clone(), what, why);
    }
}

fn element(class: &str, id: &str) -> Node {
    Node::object([
        ("type", Node::text(class)),
        ("spdxId", Node::text(id)),
        ("creationInfo", Node::text(CREATION)),
    ])
}

fn identifiers(one: &Component, node: &mut Node) {
    let identifier = |kind: &str, text: &String| {
        Node::object([
            ("type", Node::text("ExternalIdentifier")),
            ("externalIdentifierType", Node::text(kind)),
            ("identifier", Node::text(text)),
        ])
    };
    let mut all: Vec<Node> = one.purls.iter().skip(1).map(|purl| identifier("packageUrl", purl)).collect();
    for cpe in &one.cpes {
        let kind = if cpe.starts_with("cpe:2.3:") { "cpe23" } else { "cpe22" };
        all.push(identifier(kind, cpe));
    }
    if !all.is_empty() {
        node.set("externalIdentifier", Node::List(all));
    }
}
