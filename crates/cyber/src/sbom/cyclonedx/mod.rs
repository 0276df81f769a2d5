//! CycloneDX 1.2 to 1.7 (ECMA-424 from 1.6): which version a document is, its comparison with the tables beside this file, and what it says.
//! Facts in the tables were taken from the schemas that the project publishes.

mod from_json;
mod from_xml;
mod json_references;

use std::sync::OnceLock;

use super::references::{References, cycles};
use super::{Document, Reading};
use crate::document::deviation::{DeviationKind as Kind, Found, Grade, Place};
use crate::document::json::Node;
use crate::document::shape::{check_json, check_xml, table::Table};
use crate::document::xml::{Element, XmlDocument};
use crate::document::{Limits, ReadError};

pub(super) const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/1.";

pub(super) fn json_table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::of(&[include_str!("values.txt"), include_str!("json.txt")]))
}

pub(super) fn xml_table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::of(&[include_str!("values.txt"), include_str!("xml.txt")]))
}

/// Reads a JSON document that was found to be CycloneDX.
pub(crate) fn read_json(node: Node, limits: &Limits) -> Reading {
    let mut found = Found::new(limits.deviations);
    let place = Place::Pointer("/specVersion".into());
    let written = node.str("specVersion").unwrap_or_default();
    let version = version_of(written.strip_prefix("1."), written, place, &mut found);
    let check = || {
        check_json::check(json_table(), "bom", version, &node, &mut found);
        json_references::collect(&node).check(&mut found, is_elsewhere);
    };
    let ((), sbom) = rayon::join(check, || from_json::sbom(&node, written));
    cycles(&sbom.relationships, &mut found);
    Reading::of(sbom, found, Document::Json(node))
}

/// Reads an XML document, which is CycloneDX if its root says so.
pub(crate) fn read_xml(document: XmlDocument, limits: &Limits) -> Result<Reading, ReadError> {
    let root = &document.root;
    if root.name() != "bom" {
        return Err(ReadError::Unknown("its root element is not CycloneDX's <bom>"));
    }
    let mut found = Found::new(limits.deviations);
    let minor = root.namespace.strip_prefix(NAMESPACE);
    let written = minor.map_or_else(|| root.namespace.to_string(), |minor| format!("1.{minor}"));
    let version = version_of(minor, &written, Place::line(root.line.into(), "bom"), &mut found);
    check_xml::check(xml_table(), "bom", version, root, &mut found);
    xml_references(root).check(&mut found, is_elsewhere);
    let sbom = from_xml::sbom(root, &written);
    cycles(&sbom.relationships, &mut found);
    Ok(Reading::of(sbom, found, Document::Xml(document)))
}

/// The minor version to compare with: the document's, or the nearest known one.
fn version_of(minor: Option<&str>, written: &str, place: Place, found: &mut Found) -> u8 {
    match minor.and_then(|minor| minor.parse().ok()) {
        Some(minor @ 2..=7) => minor,
        other => {
            found.error(place, Kind::UnknownVersion(written.to_owned()));
            if other.is_some_and(|minor: u8| minor < 2) { 2 } else { 7 }
        }
    }
}

/// BOM-Links point into other documents.
fn is_elsewhere(reference: &str) -> bool {
    reference.starts_with("urn:cdx:")
}

/// In XML the schema itself asks that no `bom-ref` stands twice, on whatever element.
fn xml_references(root: &Element) -> References<'_> {
    let mut references = References::default();
    let mut rest: Vec<(&Element, Option<Grade>)> = vec![(root, None)];
    while let Some((element, grade)) = rest.pop() {
        let place = || Place::line(element.line.into(), element.name());
        if let Some(reference) = element.attribute("bom-ref") {
            references.given.push((reference, Grade::Error, place()));
        }
        let uses = matches!(element.name(), "dependency" | "provides" | "assembly");
        if let (Some(grade), true, Some(reference)) = (grade, uses, element.attribute("ref")) {
            references.used.push((reference, grade, place()));
        }
        // What a workflow depends on names tasks, which are not part of the graph of components.
        let below = |child: &Element| match child.name() {
            "dependencies" if std::ptr::eq(element, root) => Some(Grade::Error),
            "compositions" if std::ptr::eq(element, root) => Some(Grade::Warning),
            _ => grade,
        };
        rest.extend(element.elements().map(|child| (child, below(child))));
    }
    references
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_understood() {
        assert_eq!(json_table().all_faults(), Vec::<String>::new());
        assert_eq!(xml_table().all_faults(), Vec::<String>::new());
    }
}
