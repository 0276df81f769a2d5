//! SPDX 3.0 in JSON-LD: a flat `@graph` of elements that refer to one another by `spdxId`. The fields that the specification requires of each
//! class, the forms of ids and moments, and where references lead are looked at; JSON-LD with another context than SPDX's own is not expanded.

use std::collections::{HashMap, HashSet};

use super::super::model::{Aspect, Component, Embedded, Format, Hash, Lifecycle, Relationship, Sbom};
use super::super::references::cycles;
use super::super::{Document, Reading};
use crate::document::Limits;
use crate::document::deviation::{DeviationKind as Kind, Found, Place, shown};
use crate::document::json::Node;
use crate::document::shape::form::Form;

/// Members that a class requires beside `type`, after the SPDX 3.0.1 model; every element also needs `spdxId` and `creationInfo`.
const REQUIRED: &[(&str, &[&str])] = &[
    ("CreationInfo", &["specVersion", "created", "createdBy"]),
    ("SpdxDocument", &["rootElement"]),
    ("software_Sbom", &["rootElement"]),
    ("Bom", &["rootElement"]),
    ("Bundle", &[]),
    ("Relationship", &["from", "to", "relationshipType"]),
    ("LifecycleScopedRelationship", &["from", "to", "relationshipType"]),
    ("Annotation", &["annotationType", "subject"]),
    ("Hash", &["algorithm", "hashValue"]),
    ("ExternalIdentifier", &["externalIdentifierType", "identifier"]),
    ("ExternalMap", &["externalSpdxId"]),
    ("NamespaceMap", &["prefix", "namespace"]),
    ("DictionaryEntry", &["key"]),
    ("PositiveIntegerRange", &["beginIntegerRange", "endIntegerRange"]),
    ("software_Package", &["name"]),
    ("software_File", &["name"]),
    ("software_Snippet", &["software_snippetFromFile"]),
    ("software_ContentIdentifier", &["software_contentIdentifierType", "software_contentIdentifierValue"]),
    ("simplelicensing_LicenseExpression", &["simplelicensing_licenseExpression"]),
    ("simplelicensing_SimpleLicensingText", &["simplelicensing_licenseText"]),
    ("security_CvssV2VulnAssessmentRelationship", &["security_score", "security_vectorString"]),
    (
        "security_CvssV3VulnAssessmentRelationship",
        &["security_score", "security_severity", "security_vectorString"],
    ),
    (
        "security_CvssV4VulnAssessmentRelationship",
        &["security_score", "security_severity", "security_vectorString"],
    ),
    ("security_EpssVulnAssessmentRelationship", &["security_percentile", "security_probability"]),
    (
        "security_ExploitCatalogVulnAssessmentRelationship",
        &["security_catalogType", "security_exploited", "security_locator"],
    ),
    ("security_SsvcVulnAssessmentRelationship", &["security_decisionType"]),
    ("build_Build", &["build_buildType"]),
    ("dataset_DatasetPackage", &["name", "dataset_datasetType"]),
    ("ai_AIPackage", &["name"]),
];

/// Classes that are values within elements and need no `spdxId` of their own.
const VALUES: &[&str] = &[
    "CreationInfo",
    "Hash",
    "PackageVerificationCode",
    "ExternalIdentifier",
    "ExternalRef",
    "ExternalMap",
    "NamespaceMap",
    "DictionaryEntry",
    "PositiveIntegerRange",
    "software_ContentIdentifier",
    "ai_EnergyConsumption",
    "ai_EnergyConsumptionDescription",
];

/// Members whose values are references to elements.
const REFERENCES: &[&str] = &[
    "from",
    "to",
    "createdBy",
    "createdUsing",
    "creationInfo",
    "rootElement",
    "element",
    "suppliedBy",
    "originatedBy",
    "subject",
];

/// Members that are moments.
const MOMENTS: &[&str] = &["created", "releaseTime", "builtTime", "validUntilTime", "startTime", "endTime"];

/// Reads a JSON document whose context is SPDX's.
pub(crate) fn read(node: Node, limits: &Limits) -> Reading {
    let mut found = Found::new(limits.deviations);
    let elements = elements(&node);
    check(&node, &elements, &mut found);
    let sbom = sbom(&elements);
    cycles(&sbom.relationships, &mut found);
    Reading::of(sbom, found, Document::Json(node))
}

/// Whether elements of a class are components.
pub(crate) fn is_component(class: &str) -> bool {
    matches!(class, "software_Package" | "software_File" | "ai_AIPackage" | "dataset_DatasetPackage")
}

/// The elements with their pointers: those of `@graph`, or the document itself where it is a single element.
fn elements(document: &Node) -> Vec<(String, &Node)> {
    match document.get("@graph") {
        Some(graph) => {
            graph.items().iter().enumerate().map(|(index, one)| (format!("/@graph/{index}"), one)).collect()
        }
        None => vec![(String::new(), document)],
    }
}

fn class(node: &Node) -> &str {
    node.str("type").or_else(|| node.str("@type")).unwrap_or_default()
}

fn id(node: &Node) -> Option<&str> {
    node.str("spdxId").or_else(|| node.str("@id"))
}

fn check(document: &Node, elements: &[(String, &Node)], found: &mut Found) {
    let place = |pointer: &str| Place::Pointer(pointer.into());
    let context = document.get("@context");
    if !matches!(context, Some(Node::Text(text)) if text.starts_with("https://spdx.org/rdf/3.")) {
        let written = context.and_then(Node::as_str).unwrap_or_default();
        found.error(
            place("/@context"),
            Kind::WrongForm { value: shown(written), form: "SPDX 3 context".to_owned() },
        );
    }
    for (name, _) in document.members().iter().filter(|_| document.get("@graph").is_some()) {
        if !matches!(&**name, "@context" | "@graph") {
            found.error(place(&format!("/{name}")), Kind::Unknown(shown(name)));
        }
    }
    if !elements.iter().any(|(_, one)| class(one) == "SpdxDocument") {
        found.error(place("/@graph"), Kind::Missing("SpdxDocument".to_owned()));
    }
    let mut given: HashSet<&str> = HashSet::new();
    for (pointer, one) in elements {
        if let Some(id) = id(one).filter(|id| !given.insert(id)) {
            found.error(place(pointer), Kind::SameReference(id.to_owned()));
        }
    }
    let imported =
        elements.iter().flat_map(|(_, one)| one.list("import")).filter_map(|one| one.str("externalSpdxId"));
    given.extend(imported);
    for (pointer, one) in elements {
        element(pointer, one, true, &given, found);
    }
}

/// One element or value, and the values in it. The depth of the tree is bounded.
fn element(pointer: &str, node: &Node, outermost: bool, given: &HashSet<&str>, found: &mut Found) {
    let place = |name: &str| Place::Pointer(format!("{pointer}/{name}").into());
    let class = class(node);
    if class.is_empty() {
        return found.error(Place::Pointer(pointer.into()), Kind::Missing("type".to_owned()));
    }
    let is_value = VALUES.contains(&class);
    let own = REQUIRED.iter().find(|(name, _)| *name == class).map_or(&[][..], |(_, own)| own);
    let always: &[&str] = if is_value || !outermost { &[] } else { &["spdxId", "creationInfo"] };
    for name in own.iter().chain(always) {
        let is_there = node.get(name).is_some() || (*name == "spdxId" && id(node).is_some());
        if !is_there {
            found.error(Place::Pointer(pointer.into()), Kind::Missing((*name).to_owned()));
        }
    }
    if let Some(id) = node.str("spdxId").filter(|id| !Form::IriReference.holds(id) || !id.contains(':')) {
        found.error(place("spdxId"), Kind::WrongForm { value: shown(id), form: Form::Uri.name().to_owned() });
    }
    for (name, value) in node.members() {
        if MOMENTS.contains(&&**name)
            && !value.as_str().is_some_and(|text| text.ends_with('Z') && Form::DateTime.holds(text))
        {
            let value = shown(value.as_str().unwrap_or_default());
            found.error(place(name), Kind::WrongForm { value, form: Form::DateTime.name().to_owned() });
        }
        for one in as_list(value) {
            match one {
                Node::Text(to)
                    if REFERENCES.contains(&&**name) && !given.contains(&**to) && !is_named(to) =>
                {
                    found.error(place(name), Kind::Dangling(to.to_string()));
                }
                Node::Object(_) => element(&format!("{pointer}/{name}"), one, false, given, found),
                _ => {}
            }
        }
    }
}

/// Individuals of SPDX itself, as `NoAssertionElement` and `SpdxOrganization`.
fn is_named(id: &str) -> bool {
    matches!(id, "NoneElement" | "NoAssertionElement" | "SpdxOrganization")
        || id.starts_with("https://spdx.org/")
}

fn as_list(value: &Node) -> &[Node] {
    match value {
        Node::List(items) => items,
        one => std::slice::from_ref(one),
    }
}

fn owned(node: &Node, name: &str) -> Option<String> {
    node.str(name).and_then(super::spdx2::said).map(str::to_owned)
}

fn sbom(elements: &[(String, &Node)]) -> Sbom {
    let by_id: HashMap<&str, &Node> = elements.iter().filter_map(|(_, one)| Some((id(one)?, *one))).collect();
    let name_of = |reference: &Node| {
        let id = reference.as_str().filter(|id| !is_unknown(id))?;
        Some(by_id.get(id).and_then(|one| owned(one, "name")).unwrap_or_else(|| id.to_owned()))
    };
    let names = |node: &Node, member: &str| -> Vec<String> {
        node.get(member).map_or(&[][..], as_list).iter().filter_map(name_of).collect()
    };
    let document = elements.iter().map(|(_, one)| *one).find(|one| class(one) == "SpdxDocument");
    let creation = document
        .and_then(|one| match one.get("creationInfo") {
            Some(Node::Text(id)) => by_id.get(&**id).copied(),
            inline => inline,
        })
        .or_else(|| elements.iter().map(|(_, one)| *one).find(|one| class(one) == "CreationInfo"))
        .unwrap_or(&Node::Null);
    let components: Vec<Component> = elements
        .iter()
        .filter(|(_, one)| is_component(class(one)))
        .map(|(pointer, one)| component(pointer, one, &names))
        .collect();
    let mut sbom = Sbom {
        format: Format::Spdx3,
        version: owned(creation, "specVersion").unwrap_or_else(|| "3.0".to_owned()),
        identity: document.and_then(id).map(str::to_owned),
        revision: None,
        name: document.and_then(|one| owned(one, "name")),
        authors: names(creation, "createdBy"),
        tools: names(creation, "createdUsing"),
        phases: elements
            .iter()
            .flat_map(|(_, one)| one.get("software_sbomType").map_or(&[][..], as_list))
            .filter_map(|one| one.as_str().map(str::to_owned))
            .collect(),
        timestamp: owned(creation, "created"),
        supplier: None,
        components,
        subjects: Vec::new(),
        relationships: relationships(elements),
        compositions: Vec::new(),
        vulnerabilities: elements
            .iter()
            .filter(|(_, one)| class(one) == "security_Vulnerability")
            .map(|(pointer, one)| Embedded {
                id: vulnerability(one),
                place: Place::Pointer(pointer.as_str().into()),
            })
            .collect(),
    };
    let roots: HashSet<&str> = elements
        .iter()
        .filter(|(_, one)| matches!(class(one), "SpdxDocument" | "software_Sbom" | "Bom"))
        .flat_map(|(_, one)| one.get("rootElement").map_or(&[][..], as_list))
        .filter_map(Node::as_str)
        .collect();
    for (index, one) in sbom.components.iter().enumerate() {
        if one.reference.as_deref().is_some_and(|id| roots.contains(id)) {
            sbom.subjects.push(index);
        }
    }
    licences(&mut sbom, &by_id);
    sbom
}

fn component(pointer: &str, node: &Node, names: &impl Fn(&Node, &str) -> Vec<String>) -> Component {
    let identifiers = |kinds: &[&str]| -> Vec<String> {
        let all = node.list("externalIdentifier").iter();
        let fitting =
            all.filter(|one| one.str("externalIdentifierType").is_some_and(|kind| kinds.contains(&kind)));
        fitting.filter_map(|one| owned(one, "identifier")).collect()
    };
    let mut purls: Vec<String> = owned(node, "software_packageUrl").into_iter().collect();
    purls.extend(
        identifiers(&["packageUrl", "purl"])
            .into_iter()
            .filter(|one| Some(one.as_str()) != node.str("software_packageUrl")),
    );
    let hash =
        |one: &Node| Some(Hash { algorithm: owned(one, "algorithm")?, value: owned(one, "hashValue")? });
    let support = node.get("supportLevel").map_or(&[][..], as_list).iter().filter_map(Node::as_str);
    let support: Vec<&str> = support.filter(|level| *level != "noAssertion").collect();
    Component {
        reference: id(node).map(str::to_owned),
        kind: owned(node, "software_primaryPurpose")
            .or_else(|| (class(node) == "software_File").then(|| "file".to_owned())),
        supplier: names(node, "suppliedBy").into_iter().next(),
        maker: names(node, "originatedBy").into_iter().next(),
        name: node.str("name").unwrap_or_default().to_owned(),
        version: owned(node, "software_packageVersion"),
        purls,
        cpes: identifiers(&["cpe22", "cpe23"]),
        hashes: node.list("verifiedUsing").iter().filter_map(hash).collect(),
        has_tag: !identifiers(&["swid"]).is_empty(),
        is_file: class(node) == "software_File",
        unknown: unknown(node),
        lifecycle: Lifecycle {
            end_of_support: owned(node, "validUntilTime"),
            support: Some(support.join(", ")).filter(|text| !text.is_empty()),
            ..Lifecycle::default()
        },
        ..Component::at(Place::Pointer(pointer.into()))
    }
}

/// The individuals by which SPDX 3 says that nothing is known, or that there is none.
fn is_unknown(id: &str) -> bool {
    let name = id.rsplit(['/', ':']).next().unwrap_or(id);
    matches!(name, "NoAssertionElement" | "NoneElement")
}

/// What a component states to be unknown or to be none.
fn unknown(node: &Node) -> Vec<Aspect> {
    let says = |name: &str| {
        let mut all = node.get(name).map_or(&[][..], as_list).iter().filter_map(Node::as_str);
        all.any(|text| is_unknown(text) || text == "noAssertion")
    };
    let members = [
        (Aspect::Supplier, "suppliedBy"),
        (Aspect::Maker, "originatedBy"),
        (Aspect::Support, "supportLevel"),
    ];
    members.into_iter().filter(|(_, name)| says(name)).map(|(aspect, _)| aspect).collect()
}

/// `dependsOn` → `DEPENDS_ON`: the words of SPDX 2, so that formats can be compared.
fn upper(kind: &str) -> String {
    let mut out = String::new();
    for c in kind.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

fn relationships(elements: &[(String, &Node)]) -> Vec<Relationship> {
    let mut out = Vec::new();
    for (pointer, one) in elements.iter().filter(|(_, one)| class(one).ends_with("Relationship")) {
        for to in one.get("to").map_or(&[][..], as_list).iter().filter_map(Node::as_str) {
            out.push(Relationship {
                from: one.str("from").unwrap_or_default().to_owned(),
                to: target(to),
                kind: upper(one.str("relationshipType").unwrap_or_default()),
                place: Place::Pointer(pointer.as_str().into()),
            });
        }
    }
    out
}

/// In the words of SPDX 2.
fn target(to: &str) -> String {
    match to.rsplit(['/', ':']).next() {
        Some("NoAssertionElement") => "NOASSERTION".to_owned(),
        Some("NoneElement") => "NONE".to_owned(),
        _ => to.to_owned(),
    }
}

/// Licences are elements of their own, tied by relationships.
fn licences(sbom: &mut Sbom, by_id: &HashMap<&str, &Node>) {
    let by_reference: HashMap<String, usize> = sbom
        .components
        .iter()
        .enumerate()
        .filter_map(|(index, one)| Some((one.reference.clone()?, index)))
        .collect();
    for one in sbom
        .relationships
        .iter()
        .filter(|one| matches!(one.kind.as_str(), "HAS_DECLARED_LICENSE" | "HAS_CONCLUDED_LICENSE"))
    {
        let licence = by_id.get(one.to.as_str()).and_then(|node| {
            owned(node, "simplelicensing_licenseExpression").or_else(|| owned(node, "name"))
        });
        if let (Some(index), Some(licence)) = (by_reference.get(&one.from), licence)
            && !sbom.components[*index].licences.contains(&licence)
        {
            sbom.components[*index].licences.push(licence);
        }
    }
}

fn vulnerability(node: &Node) -> String {
    let cve =
        node.list("externalIdentifier").iter().find(|one| one.str("externalIdentifierType") == Some("cve"));
    cve.and_then(|one| owned(one, "identifier")).or_else(|| owned(node, "name")).unwrap_or_default()
}
