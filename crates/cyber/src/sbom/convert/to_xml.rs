//! CycloneDX JSON as XML of the same version, over the table of XML's shape. Members without an element or attribute are told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::correspondence::{Slot, content, is_list, of_attribute, of_child, of_text, slots};
use super::told::{Told, Why};
use crate::document::json::{Node, step, step_index};
use crate::document::shape::table::{ElementShape, Table, Type, holds};
use crate::document::xml::{Attribute, Child, Element, XmlDocument};
use crate::sbom::cyclonedx::{NAMESPACE, xml_table};

/// The document as XML.
pub(super) fn write(document: &Node, version: u8, told: &mut Told) -> XmlDocument {
    let namespace: Arc<str> = format!("{NAMESPACE}{version}").into();
    let mut writing = Writing { table: xml_table(), version, namespace, pointer: String::new(), told };
    let mut bom = document.clone();
    if let Node::Object(members) = &mut bom {
        members.retain(|(name, _)| !matches!(&**name, "$schema" | "bomFormat" | "specVersion"));
    }
    let mut root = writing.element(Slot { name: "bom", shape: &Type::Object("bom"), many: false }, &bom);
    let namespace = Attribute { tag: "xmlns".into(), value: (&*writing.namespace).into() };
    root.attributes.insert(0, namespace);
    distinct(&mut root, &mut Given::default(), told);
    XmlDocument { root, ..XmlDocument::default() }
}

/// References that are given already, and the number that was last put behind one given before, so that a bill in which all are the same
/// takes no longer than another.
#[derive(Default)]
struct Given {
    all: HashSet<Box<str>>,
    last: HashMap<Box<str>, usize>,
}

/// In XML no reference may be given twice, on whatever element; JSON asks that of components and services alone.
fn distinct(element: &mut Element, given: &mut Given, told: &mut Told) {
    for attribute in element.attributes.iter_mut().filter(|one| &*one.tag == "bom-ref") {
        if given.all.insert(attribute.value.clone()) {
            continue;
        }
        let wanted = attribute.value.clone();
        let number = given.last.entry(wanted.clone()).or_insert(1);
        while !given.all.insert(attribute.value.clone()) {
            *number += 1;
            attribute.value = format!("{wanted}-{number}").into();
        }
        told.at("", &wanted, Why::Replaced);
    }
    for child in &mut element.children {
        if let Child::Element(child) = child {
            distinct(child, given, told);
        }
    }
}

struct Writing<'a> {
    table: &'static Table,
    version: u8,
    namespace: Arc<str>,
    pointer: String,
    told: &'a mut Told,
}

impl Writing<'_> {
    fn element(&mut self, slot: Slot<'_>, node: &Node) -> Element {
        let mut element =
            Element { tag: slot.name.into(), namespace: Arc::clone(&self.namespace), ..Element::default() };
        let shape = match slot.shape {
            Type::Object(name) => self.table.element(name).map(|shape| (*name, shape)),
            _ => None,
        };
        match (shape, node) {
            (None, _) => self.text(node, &mut element),
            (Some((name, shape)), Node::List(items)) => self.items(name, shape, items, &mut element),
            (Some((name, shape)), Node::Object(_)) => self.object(name, shape, node, &mut element),
            (Some((_, shape)), scalar) if self.has_text(shape) => self.text(scalar, &mut element),
            (Some(("patentAssertionType.asserter", _)), Node::Text(reference)) => {
                let mut child = Element {
                    tag: "ref".into(),
                    namespace: Arc::clone(&self.namespace),
                    ..Element::default()
                };
                child.children.push(Child::Text(reference.clone()));
                element.children.push(Child::Element(child));
            }
            (Some((_, shape)), Node::Text(reference))
                if shape.attributes.iter().any(|one| one.name == "ref") =>
            {
                element.attributes.push(Attribute { tag: "ref".into(), value: reference.clone() });
            }
            _ => self.tell(slot.name, Why::NoPlace),
        }
        element
    }

    fn put(&mut self, slot: Slot<'_>, value: &Node, element: &mut Element) {
        let before = self.told.total;
        let child = self.element(slot, value);
        // What has no form here leaves no empty element behind.
        let is_empty = child.children.is_empty() && child.attributes.is_empty();
        if !is_empty || self.told.total == before {
            element.children.push(Child::Element(child));
        }
    }

    fn object(&mut self, name: &str, shape: &ElementShape, node: &Node, element: &mut Element) {
        let wrapped = wrapped(name, node);
        let node = wrapped.as_ref().unwrap_or(node);
        let mut taken: Vec<&str> = Vec::new();
        for attribute in shape.attributes.iter().filter(|one| holds(one.versions, self.version)) {
            let member = of_attribute(attribute.name);
            if let Some(value) = node.get(member).and_then(scalar) {
                element.attributes.push(Attribute { tag: attribute.name.into(), value: value.into() });
                taken.push(member);
            }
        }
        if self.has_text(shape) {
            if let Some(member) = of_text(name) {
                if let Some(value) = node.get(member).and_then(scalar).filter(|text| !text.is_empty()) {
                    element.children.push(Child::Text(value.into()));
                }
                taken.push(member);
            }
        } else if let Some(content) = content(shape, self.version) {
            let mut all = Vec::new();
            slots(content, self.version, Some((name, node)), &mut all);
            for slot in all {
                let member = of_child(name, slot.name);
                if !taken.contains(&member)
                    && let Some(value) = node.get(member)
                {
                    taken.push(member);
                    self.child(member, slot, value, element);
                }
            }
        }
        for (member, _) in node.members().iter().filter(|(member, _)| !taken.contains(&&**member)) {
            let why = if &**member == "signature" { Why::Signature } else { Why::NoPlace };
            let length = self.pointer.len();
            step(&mut self.pointer, member);
            self.tell(member, why);
            self.pointer.truncate(length);
        }
    }

    fn child(&mut self, member: &str, slot: Slot<'_>, value: &Node, element: &mut Element) {
        let length = self.pointer.len();
        step(&mut self.pointer, member);
        match value {
            Node::List(items) if !is_list(self.table, slot.shape, self.version) => {
                for (index, item) in items.iter().enumerate() {
                    let length = self.pointer.len();
                    step_index(&mut self.pointer, index);
                    if index == 0 || slot.many {
                        self.put(slot, item, element);
                    } else {
                        self.tell(member, Why::NoPlace);
                    }
                    self.pointer.truncate(length);
                }
            }
            _ => self.put(slot, value, element),
        }
        self.pointer.truncate(length);
    }

    /// The items of a list in the element that holds them.
    fn items(&mut self, name: &str, shape: &ElementShape, items: &[Node], element: &mut Element) {
        let mut all = Vec::new();
        if let Some(content) = content(shape, self.version) {
            slots(content, self.version, None, &mut all);
        }
        let as_flows = name == "service.data" && items.iter().any(|item| item.members().len() > 2);
        for (index, item) in items.iter().enumerate() {
            let length = self.pointer.len();
            step_index(&mut self.pointer, index);
            let (kind, item) = kind_of(name, item, as_flows);
            let slot = match kind {
                Some(kind) => all.iter().find(|slot| slot.name == kind),
                None => all.first(),
            };
            match slot {
                Some(slot) => self.put(*slot, &item, element),
                None => self.tell(kind.unwrap_or(name), Why::NoPlace),
            }
            self.pointer.truncate(length);
        }
    }

    fn text(&mut self, node: &Node, element: &mut Element) {
        match scalar(node).or_else(|| node.str("text").map(str::to_owned)) {
            Some(text) if text.is_empty() => {}
            Some(text) => element.children.push(Child::Text(text.into())),
            None => self.tell(&element.tag, Why::NoPlace),
        }
    }

    fn has_text(&self, shape: &ElementShape) -> bool {
        shape.text.iter().any(|(versions, _)| holds(*versions, self.version))
    }

    fn tell(&mut self, what: &str, why: Why) {
        self.told.at(&self.pointer, what, why);
    }
}

/// Of a list whose items are of several kinds: the element of an item, and the value it is made from.
fn kind_of(list: &str, item: &Node, as_flows: bool) -> (Option<&'static str>, Node) {
    match list {
        "licenseChoiceType" | "component.licenses" | "service.licenses" => {
            let detailed = ["expressionDetails", "licensing", "properties"];
            match item.get("license") {
                Some(licence) => (Some("license"), licence.clone()),
                None if detailed.iter().any(|name| item.get(name).is_some()) => {
                    (Some("expression-detailed"), item.clone())
                }
                None => (Some("expression"), item.clone()),
            }
        }
        "modelCardType.modelParameters.datasets" => match item.get("ref") {
            Some(reference) => (Some("ref"), reference.clone()),
            None => (Some("dataset"), item.clone()),
        },
        "inputType.environmentVars" | "outputType.environmentVars" => {
            let kind = if matches!(item, Node::Text(_)) { "value" } else { "environmentVar" };
            (Some(kind), item.clone())
        }
        "definitionsType.patents" => {
            let kind = if item.get("familyId").is_some() { "patentFamily" } else { "patent" };
            (Some(kind), item.clone())
        }
        "metadata.tools" | "vulnerabilityType.tools" => (Some("tool"), item.clone()),
        "service.data" if as_flows => {
            let mut flow = item.clone();
            let classified = ["flow", "classification"].map(|name| (name, item.get(name).cloned()));
            if let Node::Object(members) = &mut flow {
                members.retain(|(name, _)| !matches!(&**name, "flow" | "classification"));
                let inner = classified.into_iter().filter_map(|(name, value)| Some((name.into(), value?)));
                members.push(("classification".into(), Node::Object(inner.collect())));
            }
            (Some("dataflow"), flow)
        }
        "service.data" => (Some("classification"), item.clone()),
        _ => (None, item.clone()),
    }
}

/// Where XML says by an element more whether an organisation or a person is meant.
fn wrapped(shape: &str, node: &Node) -> Option<Node> {
    let is_wrapped =
        ["organization", "contact", "individual", "ref"].iter().any(|name| match node.get(name) {
            Some(Node::List(_)) | None => false,
            Some(_) => true,
        });
    match shape {
        "organizationOrIndividualType" | "patentAssertionType.asserter" if !is_wrapped => {
            let is_person = node.get("email").is_some() || node.get("phone").is_some();
            Some(Node::object([(if is_person { "contact" } else { "organization" }, node.clone())]))
        }
        _ => None,
    }
}

fn scalar(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) | Node::Number(text) => Some(text.to_string()),
        Node::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
