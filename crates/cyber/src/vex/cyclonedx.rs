//! What the vulnerabilities of a CycloneDX document state (`vulnerabilities[].analysis`), in JSON and XML, within a bill of materials or apart
//! from it. The document itself is read and compared with its shape by `sbom`.

use super::deviation::{Found, Kind};
use super::justification::Justification;
use super::model::{
    Claim, Document, Format, Hash, Link, Product, Standing, Statement, Status, Thing, Versions, Vulnerability,
};
use super::{MOST_STATEMENTS, said};
use crate::document::deviation::Place;
use crate::document::json::Node;
use crate::document::xml::Element;
use crate::sbom::{Component, Document as Read, Reading, Sbom};

/// Reads the statements of a document. A vulnerability without analysis states nothing and is passed over: scanners write such lists.
pub(super) fn document(reading: Reading, found: &mut Found) -> Document {
    let Reading { sbom, deviations, errors, warnings, document } = reading;
    found.shape(deviations, errors, warnings);
    let entries: Vec<(Place, Node)> = match &document {
        Read::Json(node) => {
            let all = node.list("vulnerabilities").iter().take(MOST_STATEMENTS).enumerate();
            all.map(|(index, one)| (Place::Pointer(format!("/vulnerabilities/{index}").into()), one.clone()))
                .collect()
        }
        Read::Xml(xml) => {
            let lists = xml.root.all("vulnerabilities").flat_map(|list| list.all("vulnerability"));
            let place = |one: &Element| Place::line(one.line.into(), "bom/vulnerabilities/vulnerability");
            lists.take(MOST_STATEMENTS).map(|one| (place(one), as_json(one))).collect()
        }
        Read::TagValue(_) => Vec::new(),
    };
    let statements: Vec<Statement> = entries
        .iter()
        .filter(|(_, node)| node.get("analysis").is_some() || has_standing(node))
        .map(|(place, node)| statement(node, place, &sbom, found))
        .collect();
    Document {
        format: Format::CycloneDx,
        version: sbom.version.clone(),
        profile: None,
        id: sbom.identity.clone(),
        author: sbom.authors.first().or(sbom.supplier.as_ref()).cloned(),
        timestamp: sbom.timestamp.clone(),
        revision: sbom.revision.clone(),
        statements,
        is_of_unnamed_bill: sbom.subjects.is_empty(),
    }
}

/// How states of CycloneDX are understood (ECMA-424, `impactAnalysisState`). `false_positive` says that the vulnerability was wrongly
/// found, which leaves the product not affected.
pub(super) const STATES: [(&str, Status); 6] = [
    ("resolved", Status::Fixed),
    ("resolved_with_pedigree", Status::Fixed),
    ("exploitable", Status::Affected),
    ("in_triage", Status::UnderInvestigation),
    ("false_positive", Status::NotAffected),
    ("not_affected", Status::NotAffected),
];

/// Versions that are said to be affected or not also state something, even without an analysis.
fn has_standing(node: &Node) -> bool {
    let versions = node.list("affects").iter().flat_map(|one| one.list("versions"));
    versions.into_iter().any(|one| one.get("status").is_some())
}

fn statement(node: &Node, place: &Place, sbom: &Sbom, found: &mut Found) -> Statement {
    let nothing = Node::Null;
    let analysis = node.get("analysis").unwrap_or(&nothing);
    let state = analysis.str("state").unwrap_or_default();
    let status = STATES.iter().find(|(name, _)| *name == state).map(|(_, status)| *status);
    let detail = said(analysis.str("detail"));
    let responses: Vec<String> =
        analysis.list("response").iter().filter_map(Node::as_str).map(str::to_owned).collect();
    let affects = node.list("affects").iter().take(MOST_STATEMENTS);
    let aliases = node.list("references").iter().filter_map(|one| said(one.str("id")));
    let told = said(node.str("recommendation")).or_else(|| said(node.str("workaround")));
    let is_affected = status == Some(Status::Affected);
    let is_clear = status == Some(Status::NotAffected);
    Statement {
        place: place.clone(),
        vulnerability: Vulnerability {
            id: said(node.str("id")).unwrap_or_default(),
            aliases: aliases.collect(),
        },
        products: affects.map(|one| product(one, place, sbom, found)).collect(),
        status: status.or_else(|| standing_of(node)),
        said: state.to_owned(),
        justification: analysis
            .str("justification")
            .and_then(|word| Justification::of(Format::CycloneDx, word)),
        impact: detail.clone().filter(|_| is_clear),
        // What an affected product's detail says is what should be done, where nothing else says it.
        notes: detail.clone().filter(|_| !(is_clear || is_affected && told.is_none())),
        action: told.or_else(|| detail.filter(|_| is_affected)),
        responses,
        timestamp: said(analysis.str("lastUpdated"))
            .or_else(|| said(analysis.str("firstIssued")))
            .or_else(|| said(node.str("updated"))),
    }
}

/// Without an analysis the versions alone state something: what the first of them says; each is looked at again when it is applied.
fn standing_of(node: &Node) -> Option<Status> {
    let versions = node.list("affects").iter().flat_map(|one| one.list("versions"));
    let mut standings = versions.into_iter().filter_map(|one| standing(one.str("status")));
    standings.next().map(|standing| match standing {
        Standing::Affected => Status::Affected,
        Standing::Unaffected => Status::NotAffected,
        Standing::Unknown => Status::UnderInvestigation,
    })
}

fn standing(word: Option<&str>) -> Option<Standing> {
    Some(match word? {
        "affected" => Standing::Affected,
        "unaffected" => Standing::Unaffected,
        "unknown" => Standing::Unknown,
        _ => return None,
    })
}

/// What a reference means: a component of this document is told by its names; the product it is part of is the one the document is about,
/// or else the outermost component around it.
fn product(node: &Node, place: &Place, sbom: &Sbom, found: &mut Found) -> Product {
    let reference = node.str("ref").unwrap_or_default().trim();
    let claims: Vec<Claim> = node.list("versions").iter().take(MOST_STATEMENTS).filter_map(claim).collect();
    let at = sbom.components.iter().position(|one| one.reference.as_deref() == Some(reference));
    let Some(at) = at.filter(|_| !reference.is_empty()) else {
        return Product {
            place: place.clone(),
            thing: Thing { claims, ..elsewhere(reference, place, found) },
            parts: Vec::new(),
        };
    };
    let part = Thing { claims, ..thing(&sbom.components[at], sbom) };
    match around(at, sbom) {
        Some(whole) => {
            Product { place: place.clone(), thing: thing(&sbom.components[whole], sbom), parts: vec![part] }
        }
        None => Product { place: place.clone(), thing: part, parts: Vec::new() },
    }
}

fn around(at: usize, sbom: &Sbom) -> Option<usize> {
    if let Some(subject) = sbom.subjects.first() {
        return Some(*subject).filter(|subject| *subject != at);
    }
    let parents = std::iter::successors(sbom.components[at].parent, |parent| sbom.components[*parent].parent);
    parents.last()
}

/// A reference that is not in this document: a link into another, a package URL where only that can be meant, or nothing.
fn elsewhere(reference: &str, place: &Place, found: &mut Found) -> Thing {
    if let Some(link) = Link::of(reference) {
        return Thing { link: Some(link), ..Thing::default() };
    }
    if !reference.is_empty() {
        found.warning(place, Kind::Unresolved(reference.to_owned()));
    }
    let reference = Some(reference.to_owned()).filter(|text| !text.is_empty());
    Thing { reference, ..Thing::default() }
}

/// A component by its names, and by a link where the document has a serial number.
fn thing(component: &Component, sbom: &Sbom) -> Thing {
    let serial = sbom.identity.as_deref().and_then(|serial| serial.strip_prefix("urn:uuid:"));
    let link = serial.map(|serial| Link {
        serial: serial.to_ascii_lowercase(),
        revision: sbom.revision.clone().unwrap_or_else(|| "1".to_owned()),
        reference: component.reference.clone(),
    });
    Thing { link, ..Thing::of(component) }
}

impl Thing {
    /// A component of a bill of materials by its names.
    pub fn of(component: &Component) -> Thing {
        Thing {
            link: None,
            reference: component.reference.clone(),
            group: component.group.clone(),
            name: Some(component.name.clone()).filter(|name| !name.is_empty()),
            version: component.version.clone(),
            purls: component.purls.clone(),
            cpes: component.cpes.clone(),
            hashes: component
                .hashes
                .iter()
                .map(|hash| Hash { algorithm: hash.algorithm.clone(), value: hash.value.clone() })
                .collect(),
            ids: Vec::new(),
            claims: Vec::new(),
        }
    }
}

fn claim(node: &Node) -> Option<Claim> {
    let one = node.str("version").map(|text| Versions::One(text.to_owned()));
    let range = || node.str("range").map(|text| Versions::Range(text.to_owned()));
    Some(Claim { versions: one.or_else(range)?, standing: standing(node.str("status")) })
}

/// The members that matter of a vulnerability in XML, as they stand in JSON.
fn as_json(element: &Element) -> Node {
    let mut members: Vec<(Box<str>, Node)> = Vec::new();
    let mut put = |name: &str, value: Option<Node>| {
        if let Some(value) = value {
            members.push((name.into(), value));
        }
    };
    for name in ["id", "recommendation", "workaround", "updated"] {
        put(name, element.text_of(name).map(Node::text));
    }
    put("references", list(element, "references", "reference", |one| texts(one, &["id"])));
    put("analysis", element.child("analysis").map(analysis));
    put("affects", list(element, "affects", "target", target));
    Node::Object(members)
}

fn analysis(element: &Element) -> Node {
    let mut node = texts(element, &["state", "justification", "detail", "firstIssued", "lastUpdated"]);
    if let Some(responses) = list(element, "responses", "response", |one| Node::text(one.text().trim())) {
        node.set("response", responses);
    }
    node
}

fn target(element: &Element) -> Node {
    let mut node = texts(element, &["ref"]);
    if let Some(versions) =
        list(element, "versions", "version", |one| texts(one, &["version", "range", "status"]))
    {
        node.set("versions", versions);
    }
    node
}

fn texts(element: &Element, names: &[&str]) -> Node {
    let one = |name: &&str| Some(((*name).into(), Node::text(element.text_of(name)?)));
    Node::Object(names.iter().filter_map(one).collect())
}

fn list(element: &Element, name: &str, item: &str, one: fn(&Element) -> Node) -> Option<Node> {
    let list = element.child(name)?;
    Some(Node::List(list.all(item).map(one).collect()))
}
