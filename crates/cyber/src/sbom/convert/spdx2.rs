//! What a bill says, written as SPDX 2 in its JSON form.

use std::collections::{HashMap, HashSet};

use super::identifiers::{
    For, Licence, Names, algorithm, group_apart, is_reference, kind, licence, plain, utc,
};
use super::persons::Persons;
use super::told::{Told, Why};
use super::{Circumstances, fit};
use crate::document::deviation::Place;
use crate::document::json::Node;
use crate::sbom::Reading;
use crate::sbom::model::{Component, Relationship, Sbom};

/// The bill as SPDX 2 of a minor version; relationships and members without a place there are told.
pub(super) fn write(reading: &Reading, minor: u8, with: &Circumstances<'_>, told: &mut Told) -> Node {
    let sbom = &reading.sbom;
    let names = Names::new(sbom, |one| {
        let text = one.reference.as_deref().unwrap_or(&one.name);
        format!("SPDXRef-{}", plain(text.strip_prefix("SPDXRef-").unwrap_or(text)))
    });
    told.of_many("", "SPDXID", names.renamed(sbom), Why::Renamed);
    let persons = Persons::of(reading);
    let mut writing = Writing {
        names: &names,
        persons: &persons,
        told,
        extracted: Vec::new(),
        licences: Licences::default(),
    };
    let (mut packages, mut files) = (Vec::new(), Vec::new());
    for (index, one) in sbom.components.iter().enumerate() {
        let sha1 = |hash: &crate::sbom::Hash| algorithm(&hash.algorithm, For::Spdx2) == Some("SHA1");
        let is_file = one.is_mere_file() && one.version.is_none();
        if is_file && one.hashes.iter().any(sha1) && !sbom.subjects.contains(&index) {
            files.push(writing.file(index, one));
        } else {
            packages.push(writing.package(index, one));
        }
    }
    // Where a package came from is asked for in all versions of SPDX 2, and said by no other format.
    writing.told.of_many("", "downloadLocation: NOASSERTION", packages.len(), Why::Filled);
    let relationships = writing.relationships(sbom);
    let extracted = writing.extracted;
    let title = sbom.name.clone().or_else(|| sbom.components.first().map(|one| one.name.clone()));
    let mut document = Node::object([
        ("SPDXID", Node::text("SPDXRef-DOCUMENT")),
        ("spdxVersion", Node::text(format!("SPDX-2.{minor}"))),
        ("name", Node::text(title.filter(|name| !name.is_empty()).unwrap_or_else(|| "SBOM".to_owned()))),
        ("dataLicense", Node::text("CC0-1.0")),
        ("documentNamespace", Node::text(namespace(sbom, with, told))),
        ("creationInfo", creation(sbom, &persons, with, told)),
        ("packages", Node::List(packages)),
    ]);
    for (name, list) in [("files", files), ("hasExtractedLicensingInfos", extracted)] {
        if !list.is_empty() {
            document.set(name, Node::List(list));
        }
    }
    document.set("relationships", Node::List(relationships));
    fit::spdx2(document, minor, with, told)
}

/// A name for the document: its BOM-Link for CycloneDX, which is a URI that no other bill bears.
pub(super) fn namespace(sbom: &Sbom, with: &Circumstances<'_>, told: &mut Told) -> String {
    let own = sbom.identity.as_deref().and_then(|identity| match identity.strip_prefix("urn:uuid:") {
        Some(uuid) => Some(format!("urn:cdx:{uuid}/{}", sbom.revision.as_deref().unwrap_or("1"))),
        None => Some(identity.to_owned()).filter(|one| one.contains(':') && !one.contains('#')),
    });
    own.unwrap_or_else(|| {
        told.at("", "documentNamespace", Why::Filled);
        with.identity.unwrap_or("urn:shirube:sbom").to_owned()
    })
}

/// The time of writing as SPDX asks for it.
pub(super) fn created(sbom: &Sbom, with: &Circumstances<'_>, told: &mut Told) -> Option<String> {
    let own = sbom.timestamp.as_deref().and_then(utc);
    if own.is_none() {
        told.at("", "created", Why::Filled);
    }
    own.or_else(|| with.now.and_then(utc))
}

fn creation(sbom: &Sbom, persons: &Persons, with: &Circumstances<'_>, told: &mut Told) -> Node {
    let mut creation = Node::object([]);
    if let Some(created) = created(sbom, with, told) {
        creation.set("created", Node::text(created));
    }
    let authors = sbom.authors.iter().map(|name| format!("{}: {name}", persons.class(name)));
    let tools = sbom.tools.iter().map(String::as_str).chain(with.tool).map(|tool| format!("Tool: {tool}"));
    let mut creators: Vec<Node> = authors.chain(tools).map(|one| Node::text(one_line(&one))).collect();
    if creators.is_empty() {
        creators.push(Node::text("Tool: shirube"));
        told.at("", "creators", Why::Filled);
    }
    creation.set("creators", Node::List(creators));
    creation
}

struct Writing<'a> {
    names: &'a Names<'a>,
    persons: &'a Persons,
    told: &'a mut Told,
    extracted: Vec<Node>,
    licences: Licences,
}

/// Ids of the licences that the document explains.
#[derive(Default)]
struct Licences {
    by_name: HashMap<String, String>,
    ids: HashSet<String>,
    /// The number last put behind an id that was taken.
    last: HashMap<String, usize>,
}

impl Writing<'_> {
    fn package(&mut self, index: usize, one: &Component) -> Node {
        let mut node = Node::object([
            ("SPDXID", Node::text(&self.names.of[index])),
            ("name", Node::text(if one.name.is_empty() { "NOASSERTION" } else { &one.name })),
        ]);
        if let Some(version) = &one.version {
            node.set("versionInfo", Node::text(version));
        }
        for (member, name) in [("supplier", &one.supplier), ("originator", &one.maker)] {
            if let Some(name) = name.as_ref().filter(|name| !name.trim().is_empty()) {
                node.set(member, Node::text(format!("{}: {}", self.persons.class(name), one_line(name))));
            }
        }
        node.set("downloadLocation", Node::text("NOASSERTION"));
        node.set("filesAnalyzed", Node::Bool(false));
        self.checksums(one, &mut node);
        if !one.licences.is_empty() {
            let licence = self.licence(one);
            node.set("licenseDeclared", Node::text(licence));
        }
        let mut references: Vec<Node> = Vec::new();
        for purl in &one.purls {
            references.push(reference("PACKAGE-MANAGER", "purl", purl));
        }
        for cpe in &one.cpes {
            let kind = if cpe.starts_with("cpe:2.3:") { "cpe23Type" } else { "cpe22Type" };
            references.push(reference("SECURITY", kind, cpe));
        }
        if !references.is_empty() {
            node.set("externalRefs", Node::List(references));
        }
        if let Some(group) = group_apart(one) {
            self.tell(one, group, Why::NoPlace);
        }
        self.purpose(one, &mut node);
        self.life(one, &mut node);
        node
    }

    fn file(&mut self, index: usize, one: &Component) -> Node {
        let mut node = Node::object([
            ("SPDXID", Node::text(&self.names.of[index])),
            ("fileName", Node::text(&one.name)),
        ]);
        self.checksums(one, &mut node);
        if !one.licences.is_empty() {
            let licence = self.licence(one);
            node.set("licenseConcluded", Node::text(licence));
        }
        node
    }

    fn purpose(&mut self, one: &Component, node: &mut Node) {
        let Some(own) = one.kind.as_deref() else { return };
        let purpose = kind(own, For::Spdx2);
        if purpose.is_none() {
            self.tell(one, own, Why::Replaced);
        }
        node.set("primaryPackagePurpose", Node::text(purpose.unwrap_or("OTHER")));
    }

    fn life(&mut self, one: &Component, node: &mut Node) {
        let life = &one.lifecycle;
        match life.end_of_support.as_deref().map(utc) {
            Some(Some(moment)) => node.set("validUntilDate", Node::text(moment)),
            Some(None) => self.tell(one, "endOfSupport", Why::NotAllowed),
            None => {}
        }
        for (what, value) in [
            ("endOfLife", &life.end_of_life),
            ("endOfGuaranteedSupport", &life.end_of_guaranteed_support),
            ("endOfDevelopment", &life.end_of_development),
            ("supportLevel", &life.support),
        ] {
            if value.is_some() {
                self.tell(one, what, Why::NoPlace);
            }
        }
    }

    fn checksums(&mut self, one: &Component, node: &mut Node) {
        let mut sums = Vec::new();
        for hash in &one.hashes {
            match algorithm(&hash.algorithm, For::Spdx2) {
                Some(name) => sums.push(Node::object([
                    ("algorithm", Node::text(name)),
                    ("checksumValue", Node::text(&hash.value)),
                ])),
                None => self.tell(one, &hash.algorithm, Why::NoPlace),
            }
        }
        if !sums.is_empty() {
            node.set("checksums", Node::List(sums));
        }
    }

    /// All licences hold together. Names in words are explained in the document itself (clause 10).
    fn licence(&mut self, one: &Component) -> String {
        let several = one.licences.len() > 1;
        if several {
            // CycloneDX leaves open whether all of a list hold.
            self.tell(one, "licenses", Why::Replaced);
        }
        let texts: Vec<String> = one
            .licences
            .iter()
            .map(|text| match licence(text) {
                Licence::Expression if several => format!("({text})"),
                Licence::Name if !is_reference(text) => self.named_licence(text),
                _ => text.clone(),
            })
            .collect();
        texts.join(" AND ")
    }

    fn named_licence(&mut self, name: &str) -> String {
        if let Some(known) = self.licences.by_name.get(name) {
            return known.clone();
        }
        let wanted = format!("LicenseRef-{}", plain(name).chars().take(60).collect::<String>());
        let mut own = wanted.clone();
        let number = self.licences.last.entry(wanted.clone()).or_insert(1);
        while !self.licences.ids.insert(own.clone()) {
            *number += 1;
            own = format!("{wanted}-{number}");
        }
        self.licences.by_name.insert(name.to_owned(), own.clone());
        self.extracted.push(Node::object([
            ("licenseId", Node::text(&own)),
            ("extractedText", Node::text(name)),
            ("name", Node::text(name)),
        ]));
        own
    }

    fn relationships(&mut self, sbom: &Sbom) -> Vec<Node> {
        let mut all = Vec::new();
        for subject in &sbom.subjects {
            all.push(related("SPDXRef-DOCUMENT", "DESCRIBES", &self.names.of[*subject]));
        }
        let main = if let [only] = sbom.subjects[..] { Some(only) } else { None };
        // CycloneDX says by place what is part of what; SPDX by relationships alone.
        let by_place =
            matches!(sbom.format, crate::sbom::Format::CycloneDxJson | crate::sbom::Format::CycloneDxXml);
        for (index, one) in sbom.components.iter().enumerate().filter(|_| by_place) {
            let parent = one.parent.or(main).filter(|parent| *parent != index);
            if let Some(parent) = parent.filter(|_| !sbom.subjects.contains(&index)) {
                all.push(related(&self.names.of[parent], "CONTAINS", &self.names.of[index]));
            }
        }
        for one in &sbom.relationships {
            self.relationship(one, &mut all);
        }
        all
    }

    fn relationship(&mut self, one: &Relationship, all: &mut Vec<Node>) {
        let end = |text: &str| match text {
            "NONE" | "NOASSERTION" => Some(text.to_owned()),
            _ => self.names.new_of(text).map(str::to_owned),
        };
        let kind = one.kind.as_str();
        if kind.ends_with("_LICENSE") || matches!(kind, "DESCRIBES" | "DESCRIBED_BY") {
            return;
        }
        let (Some(from), Some(to)) = (end(&one.from), end(&one.to)) else {
            return self.told.push(one.place.clone(), kind, Why::NoPlace);
        };
        if KINDS.contains(&kind) {
            all.push(related(&from, kind, &to));
        } else {
            self.told.push(one.place.clone(), kind, Why::Replaced);
            let mut node = related(&from, "OTHER", &to);
            node.set("comment", Node::text(kind));
            all.push(node);
        }
    }

    fn tell(&mut self, one: &Component, what: &str, why: Why) {
        let place: Place = one.place.clone();
        self.told.push(place, what, why);
    }
}

/// Relationships that other formats say too and that SPDX 2 knows by the same name.
const KINDS: [&str; 12] = [
    "DEPENDS_ON",
    "CONTAINS",
    "GENERATES",
    "DEPENDENCY_OF",
    "CONTAINED_BY",
    "GENERATED_FROM",
    "ANCESTOR_OF",
    "DESCENDANT_OF",
    "VARIANT_OF",
    "HAS_PREREQUISITE",
    "PREREQUISITE_FOR",
    "OTHER",
];

fn related(from: &str, kind: &str, to: &str) -> Node {
    Node::object([
        ("spdxElementId", Node::text(from)),
        ("relationshipType", Node::text(kind)),
        ("relatedSpdxElement", Node::text(to)),
    ])
}

fn reference(category: &str, kind: &str, locator: &str) -> Node {
    Node::object([
        ("referenceCategory", Node::text(category)),
        ("referenceType", Node::text(kind)),
        ("referenceLocator", Node::text(locator)),
    ])
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
