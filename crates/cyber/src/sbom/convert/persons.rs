//! Who among those a bill names is a person. The model keeps names alone; CycloneDX and SPDX each tell persons from organisations, in
//! places of their own, and none should become the other unnoticed.

use std::collections::HashSet;

use super::told::Told;
use super::{Target, from_xml};
use crate::document::json::Node;
use crate::sbom::model::Format;
use crate::sbom::{Document, Reading, spdx};

/// The persons of a bill by their names, as the model has them.
#[derive(Default)]
pub(super) struct Persons(HashSet<String>);

impl Persons {
    pub(super) fn of(reading: &Reading) -> Self {
        let mut persons = Self::default();
        match (&reading.document, reading.sbom.format) {
            (Document::Json(node), Format::CycloneDxJson) => persons.cyclonedx(node),
            (Document::Json(node), Format::Spdx3) => persons.spdx3(node),
            (Document::Json(node), _) => persons.spdx2(node),
            (Document::TagValue(lines), _) => persons.spdx2(&spdx::json_of_tag_value(lines)),
            (Document::Xml(xml), _) => {
                let from = Target::of_reading(reading).map_or(7, |source| source.minor);
                // What XML says and JSON cannot is told by those who carry it over.
                persons.cyclonedx(&from_xml::read(xml, from, &mut Told::default()));
            }
        }
        persons
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// The class of an agent in SPDX. Where CycloneDX says a name alone (`publisher`), an organisation is taken to be meant.
    pub(super) fn class(&self, name: &str) -> &'static str {
        if self.has(name) { "Person" } else { "Organization" }
    }

    /// `authors` are contacts, which are persons (CycloneDX, `organizationalContact`); of components since 1.6.
    fn cyclonedx(&mut self, document: &Node) {
        if let Some(metadata) = document.get("metadata") {
            self.contacts(metadata);
            metadata.get("component").into_iter().for_each(|one| self.component(one));
        }
        document.list("components").iter().for_each(|one| self.component(one));
    }

    /// The depth of the tree is bounded.
    fn component(&mut self, node: &Node) {
        self.contacts(node);
        node.list("components").iter().for_each(|one| self.component(one));
    }

    fn contacts(&mut self, node: &Node) {
        let names = node.list("authors").iter().filter_map(|one| one.str("name").or(one.str("email")));
        self.0.extend(names.map(str::to_owned));
    }

    fn spdx2(&mut self, document: &Node) {
        let creation = document.get("creationInfo").unwrap_or(&Node::Null);
        let creators = creation.list("creators").iter().filter_map(Node::as_str);
        let packages = document.list("packages").iter();
        let agents = packages.flat_map(|one| [one.str("supplier"), one.str("originator")]).flatten();
        let persons = creators.chain(agents).filter_map(|text| text.trim().strip_prefix("Person:"));
        self.0.extend(persons.map(|name| name.trim().to_owned()));
    }

    fn spdx3(&mut self, document: &Node) {
        let elements = document.list("@graph").iter();
        let persons = elements.filter(|one| one.str("type").or(one.str("@type")) == Some("Person"));
        self.0.extend(persons.filter_map(|one| one.str("name")).map(str::to_owned));
    }
}
