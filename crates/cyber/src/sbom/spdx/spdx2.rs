//! SPDX 2.2 and 2.3 in JSON: compared with the table beside this file, its references looked up, and what it says.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::super::model::{Aspect, Component, Format, Hash, Lifecycle, Relationship, Sbom};
use super::super::references::{References, cycles};
use super::super::{Document, Reading};
use crate::document::Limits;
use crate::document::deviation::{DeviationKind as Kind, Found, Grade, Place};
use crate::document::json::Node;
use crate::document::shape::{check_json, table::Table};

/// The shape of SPDX 2, which tag-value shares.
pub(crate) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::of(&[include_str!("spdx2.txt")]))
}

/// Reads a JSON document that was found to be SPDX 2.
pub(crate) fn read(node: Node, limits: &Limits) -> Reading {
    let mut found = Found::new(limits.deviations);
    let ((), sbom) = rayon::join(|| check(&node, &mut found), || sbom(&node, Format::SpdxJson));
    cycles(&sbom.relationships, &mut found);
    Reading::of(sbom, found, Document::Json(node))
}

/// Compares a document, in its JSON form, with the specification.
pub(super) fn check(node: &Node, found: &mut Found) {
    let version = match node.str("spdxVersion") {
        Some("SPDX-2.2") => 2,
        Some("SPDX-2.3") | None => 3,
        Some(other) => {
            found.error(Place::Pointer("/spdxVersion".into()), Kind::UnknownVersion(other.to_owned()));
            if matches!(other, "SPDX-2.0" | "SPDX-2.1") { 2 } else { 3 }
        }
    };
    let mut dangling = found.beside();
    let elsewhere = |name: &str| matches!(name, "NONE" | "NOASSERTION") || name.starts_with("DocumentRef-");
    rayon::join(
        || check_json::check(table(), "document", version, node, found),
        || references(node).check(&mut dangling, elsewhere),
    );
    found.append(dangling);
    analysed(node, found);
    described(node, found);
}

/// Where a reference stands.
#[derive(Clone, Copy)]
enum At {
    /// A member of the document.
    Own(&'static str),
    /// An item of a list of the document.
    Item(&'static str, usize),
    /// A member of such an item.
    Member(&'static str, usize, &'static str),
    /// An item of such a member.
    Inner(&'static str, usize, &'static str, usize),
}

impl From<At> for Place {
    fn from(at: At) -> Self {
        let pointer = match at {
            At::Own(member) => format!("/{member}"),
            At::Item(list, index) => format!("/{list}/{index}"),
            At::Member(list, index, member) => format!("/{list}/{index}/{member}"),
            At::Inner(list, index, member, number) => format!("/{list}/{index}/{member}/{number}"),
        };
        Place::Pointer(pointer.into())
    }
}

fn references(document: &Node) -> References<'_, At> {
    let mut references = References::default();
    let error = Grade::Error;
    references.given.extend(document.str("SPDXID").map(|id| (id, error, At::Own("SPDXID"))));
    for list in ["packages", "files", "snippets"] {
        for (index, one) in document.list(list).iter().enumerate() {
            let at = |member| At::Member(list, index, member);
            references.given.extend(one.str("SPDXID").map(|id| (id, error, at("SPDXID"))));
            for (number, file) in one.list("hasFiles").iter().enumerate() {
                let file = file.as_str().unwrap_or("NONE");
                references.used.push((file, error, At::Inner(list, index, "hasFiles", number)));
            }
            let of = one.str("snippetFromFile");
            references.used.extend(of.map(|file| (file, error, at("snippetFromFile"))));
        }
    }
    let list = "documentDescribes";
    for (index, one) in document.list(list).iter().enumerate() {
        let id = one.as_str();
        references.used.extend(id.map(|id| (id, error, At::Item(list, index))));
    }
    let list = "relationships";
    for (index, one) in document.list(list).iter().enumerate() {
        for end in ["spdxElementId", "relatedSpdxElement"] {
            references.used.extend(one.str(end).map(|id| (id, error, At::Member(list, index, end))));
        }
    }
    references
}

/// Clause 7.9: what was not analysed has no verification code; 2.2 asks for one of what was.
fn analysed(document: &Node, found: &mut Found) {
    let is_2_2 = document.str("spdxVersion") == Some("SPDX-2.2");
    for (index, one) in document.list("packages").iter().enumerate() {
        let not_analysed = one.get("filesAnalyzed") == Some(&Node::Bool(false));
        let code = one.get("packageVerificationCode").is_some();
        let place = || Place::Pointer(format!("/packages/{index}").into());
        if not_analysed && code {
            found.error(place(), Kind::Together("filesAnalyzed = false, packageVerificationCode".to_owned()));
        }
        if not_analysed && !one.list("licenseInfoFromFiles").is_empty() {
            found.warning(place(), Kind::Together("filesAnalyzed = false, licenseInfoFromFiles".to_owned()));
        }
        if !not_analysed && !code && is_2_2 {
            found.error(place(), Kind::Missing("packageVerificationCode".to_owned()));
        }
    }
}

/// Clause 11.1: a document says what it describes, unless it holds a single package.
fn described(document: &Node, found: &mut Found) {
    let says = !document.list("documentDescribes").is_empty()
        || document
            .list("relationships")
            .iter()
            .any(|one| matches!(one.str("relationshipType"), Some("DESCRIBES" | "DESCRIBED_BY")));
    if !says && document.list("packages").len() > 1 {
        found.warning(Place::Pointer("".into()), Kind::Missing("DESCRIBES".to_owned()));
    }
}

/// What a document says.
pub(super) fn sbom(document: &Node, format: Format) -> Sbom {
    let creation = document.get("creationInfo").unwrap_or(&Node::Null);
    let creators = |tool: bool| {
        let all = creation.list("creators").iter().filter_map(Node::as_str);
        all.filter(|one| one.starts_with("Tool:") == tool)
            .map(|text| after_kind(text).to_owned())
            .filter(|name| !name.is_empty())
            .collect()
    };
    let mut components: Vec<Component> = document.list("packages").iter().enumerate().map(package).collect();
    components.extend(document.list("files").iter().enumerate().map(file));
    let relationships = relationships(document);
    let described = relationships.iter().filter_map(|one| match one.kind.as_str() {
        "DESCRIBES" => Some(one.to.as_str()),
        "DESCRIBED_BY" => Some(one.from.as_str()),
        _ => None,
    });
    let described: HashSet<&str> =
        described.chain(document.list("documentDescribes").iter().filter_map(Node::as_str)).collect();
    let is_described =
        |one: &Component| one.reference.as_deref().is_some_and(|name| described.contains(name));
    let subjects: Vec<usize> =
        (0..components.len()).filter(|index| is_described(&components[*index])).collect();
    let supplier = subjects.first().and_then(|one| components[*one].supplier.clone());
    Sbom {
        format,
        version: document.str("spdxVersion").unwrap_or_default().to_owned(),
        identity: owned(document, "documentNamespace"),
        revision: None,
        name: owned(document, "name"),
        authors: creators(false),
        tools: creators(true),
        phases: Vec::new(),
        timestamp: owned(creation, "created"),
        supplier,
        components,
        subjects,
        relationships,
        compositions: Vec::new(),
        vulnerabilities: Vec::new(),
    }
}

/// A text that says something: neither empty nor `NOASSERTION` nor `NONE`.
pub(super) fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !matches!(*text, "" | "NOASSERTION" | "NONE"))
}

fn owned(node: &Node, name: &str) -> Option<String> {
    node.str(name).and_then(said).map(str::to_owned)
}

/// `Organization: ACME` → `ACME`.
pub(in crate::sbom) fn after_kind(text: &str) -> &str {
    text.split_once(':').map_or(text, |(_, name)| name).trim()
}

fn package((index, node): (usize, &Node)) -> Component {
    let references = |types: &[&str]| {
        let all = node
            .list("externalRefs")
            .iter()
            .filter(|one| one.str("referenceType").is_some_and(|kind| is_type(kind, types)));
        all.filter_map(|one| owned(one, "referenceLocator")).collect()
    };
    let mut licences: Vec<String> = Vec::new();
    for name in ["licenseConcluded", "licenseDeclared"] {
        licences.extend(owned(node, name).filter(|one| !licences.contains(one)));
    }
    Component {
        reference: owned(node, "SPDXID"),
        kind: owned(node, "primaryPackagePurpose"),
        supplier: owned(node, "supplier").map(|text| after_kind(&text).to_owned()),
        maker: owned(node, "originator").map(|text| after_kind(&text).to_owned()),
        name: node.str("name").unwrap_or_default().to_owned(),
        version: owned(node, "versionInfo"),
        purls: references(&["purl"]),
        cpes: references(&["cpe22Type", "cpe23Type"]),
        hashes: hashes(node),
        unknown: unknown(node, &licences),
        licences,
        has_tag: !references(&["swid"]).is_empty(),
        lifecycle: Lifecycle { end_of_support: owned(node, "validUntilDate"), ..Lifecycle::default() },
        ..Component::at(Place::Pointer(format!("/packages/{index}").into()))
    }
}

/// What a package states to be unknown or to be none.
fn unknown(node: &Node, licences: &[String]) -> Vec<Aspect> {
    let says = |name: &str| matches!(node.str(name).map(str::trim), Some("NOASSERTION" | "NONE"));
    let mut all = Vec::new();
    for (aspect, name) in
        [(Aspect::Supplier, "supplier"), (Aspect::Maker, "originator"), (Aspect::Version, "versionInfo")]
    {
        if says(name) {
            all.push(aspect);
        }
    }
    if licences.is_empty() && (says("licenseConcluded") || says("licenseDeclared")) {
        all.push(Aspect::Licences);
    }
    all
}

/// Types may be written as the address under which SPDX lists them.
fn is_type(kind: &str, types: &[&str]) -> bool {
    types.contains(&kind.rsplit('/').next().unwrap_or(kind))
}

fn file((index, node): (usize, &Node)) -> Component {
    Component {
        reference: owned(node, "SPDXID"),
        kind: Some("FILE".to_owned()),
        is_file: true,
        name: node.str("fileName").unwrap_or_default().to_owned(),
        hashes: hashes(node),
        licences: owned(node, "licenseConcluded").into_iter().collect(),
        ..Component::at(Place::Pointer(format!("/files/{index}").into()))
    }
}

fn hashes(node: &Node) -> Vec<Hash> {
    let one =
        |sum: &Node| Some(Hash { algorithm: owned(sum, "algorithm")?, value: owned(sum, "checksumValue")? });
    node.list("checksums").iter().filter_map(one).collect()
}

fn relationships(document: &Node) -> Vec<Relationship> {
    let one = |(index, node): (usize, &Node)| {
        let text = |name: &str| node.str(name).unwrap_or_default().to_owned();
        Relationship {
            from: text("spdxElementId"),
            to: text("relatedSpdxElement"),
            kind: text("relationshipType"),
            place: Place::Pointer(format!("/relationships/{index}").into()),
        }
    };
    document.list("relationships").iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_line_of_the_table_is_understood() {
        assert_eq!(super::table().all_faults(), Vec::<String>::new());
    }
}
