//! OpenVEX 0.0.1 and 0.2.0 (<https://github.com/openvex/spec>): compared with the table beside this file, and what it states. Lenient: what
//! has another type than it should is passed over here; the comparison has told it.

use std::sync::OnceLock;

use super::deviation::Found;
use super::justification::Justification;
use super::model::{Document, Format, Hash, Link, Product, Statement, Status, Thing, Vulnerability};
use super::{MOST_STATEMENTS, said};
use crate::document::deviation::{DeviationKind, Place};
use crate::document::json::Node;
use crate::document::shape::{check_json, table::Table};
use crate::document::{Limits, deviation};

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::of(&[include_str!("openvex.txt")]))
}

/// The oldest and the newest version, as the table numbers them.
const OLD: u8 = 1;
const NEW: u8 = 2;

/// Reads a JSON document that was found to be OpenVEX.
pub(super) fn document(node: &Node, limits: &Limits, found: &mut Found) -> Document {
    let mut shape = deviation::Found::new(limits.deviations);
    let (version, written) = version_of(node, &mut shape);
    check_json::check(table(), "openvex", version, node, &mut shape);
    found.shape(shape.kept, shape.errors, shape.warnings);
    let statements = node.list("statements").iter().take(MOST_STATEMENTS).enumerate();
    Document {
        format: Format::OpenVex,
        version: written,
        profile: None,
        id: said(node.str("@id")),
        author: said(node.str("author")),
        timestamp: said(node.str("last_updated")).or_else(|| said(node.str("timestamp"))),
        revision: number(node.get("version")),
        statements: statements.map(|(index, one)| statement(one, &format!("/statements/{index}"))).collect(),
        is_of_unnamed_bill: false,
    }
}

/// The version its context names: without one, 0.0.1 (its specification, "context"). `vulnerability` tells where the context does not.
fn version_of(node: &Node, shape: &mut deviation::Found) -> (u8, String) {
    let context = node.str("@context").unwrap_or_default();
    let named =
        context.rsplit_once("/ns").map_or("", |(_, rest)| rest.trim_matches('/').trim_start_matches('v'));
    match named {
        "0.2.0" => (NEW, named.to_owned()),
        "" | "0.0.1" => (OLD, "0.0.1".to_owned()),
        other => {
            let place = Place::Pointer("/@context".into());
            shape.error(place, DeviationKind::UnknownVersion(other.to_owned()));
            (NEW, other.to_owned())
        }
    }
}

fn number(node: Option<&Node>) -> Option<String> {
    match node {
        Some(Node::Number(number)) => Some(number.to_string()),
        other => said(other.and_then(Node::as_str)),
    }
}

fn statement(node: &Node, pointer: &str) -> Statement {
    let status = node.str("status").unwrap_or_default();
    let subcomponents: Vec<Thing> =
        node.list("subcomponents").iter().filter_map(Node::as_str).map(named).collect();
    let products = node.list("products").iter().take(MOST_STATEMENTS).enumerate().map(|(index, one)| {
        let place = Place::Pointer(format!("{pointer}/products/{index}").into());
        match one.as_str() {
            Some(name) => Product { place, thing: named(name), parts: subcomponents.clone() },
            None => Product {
                place,
                thing: thing(one),
                parts: one.list("subcomponents").iter().map(thing).collect(),
            },
        }
    });
    Statement {
        place: Place::Pointer(pointer.into()),
        vulnerability: vulnerability(node.get("vulnerability")),
        products: products.collect(),
        status: Status::of(status),
        said: status.to_owned(),
        justification: node.str("justification").and_then(|word| Justification::of(Format::OpenVex, word)),
        impact: said(node.str("impact_statement")),
        action: said(node.str("action_statement")),
        responses: Vec::new(),
        notes: said(node.str("status_notes")),
        timestamp: said(node.str("last_updated")).or_else(|| said(node.str("timestamp"))),
    }
}

fn vulnerability(node: Option<&Node>) -> Vulnerability {
    let Some(node) = node else { return Vulnerability::default() };
    if let Some(id) = node.as_str() {
        return Vulnerability { id: id.trim().to_owned(), aliases: Vec::new() };
    }
    let id = said(node.str("name")).or_else(|| said(node.str("@id"))).unwrap_or_default();
    let aliases = node.list("aliases").iter().filter_map(Node::as_str).map(str::to_owned).collect();
    Vulnerability { id, aliases }
}

fn thing(node: &Node) -> Thing {
    let mut thing = node.str("@id").map(named).unwrap_or_default();
    if let Some(identifiers) = node.get("identifiers") {
        let mut add = |list: fn(&mut Thing) -> &mut Vec<String>, name: &str| {
            if let Some(text) = said(identifiers.str(name)).filter(|text| !list(&mut thing).contains(text)) {
                list(&mut thing).push(text);
            }
        };
        add(|thing| &mut thing.purls, "purl");
        add(|thing| &mut thing.cpes, "cpe23");
        add(|thing| &mut thing.cpes, "cpe22");
    }
    let hashes = node.get("hashes").map_or(&[][..], Node::members);
    thing.hashes = hashes
        .iter()
        .filter_map(|(name, value)| {
            Some(Hash { algorithm: name.to_string(), value: value.as_str()?.to_owned() })
        })
        .collect();
    thing
}

/// What an IRI names: a package, a CPE name, a component of a bill of materials, or only itself.
fn named(iri: &str) -> Thing {
    let iri = iri.trim();
    let mut thing = Thing::default();
    if iri.starts_with("pkg:") {
        thing.purls.push(iri.to_owned());
    } else if iri.starts_with("cpe:") {
        thing.cpes.push(iri.to_owned());
    } else if let Some(link) = Link::of(iri) {
        thing.link = Some(link);
    } else if !iri.is_empty() {
        thing.ids.push(iri.to_owned());
    }
    thing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        assert_eq!(table().faults, Vec::<String>::new());
    }
}
