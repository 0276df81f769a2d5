//! CycloneDX XML as JSON of the same version, over the tables of both shapes. Comments, instructions and elements of others, for
//! which JSON has no place, are told.

use super::correspondence::{content, is_list, of_attribute, of_child, of_text, slots};
use super::told::{Told, Why};
use crate::document::deviation::Place;
use crate::document::json::Node;
use crate::document::shape::table::{Object, Table, Type, holds};
use crate::document::xml::{Child, Element, XmlDocument};
use crate::sbom::cyclonedx::{json_table, xml_table};

/// The document as JSON.
pub(super) fn read(document: &XmlDocument, version: u8, told: &mut Told) -> Node {
    let mut reading = Reading { json: json_table(), xml: xml_table(), version, told };
    for child in document.before.iter().chain(&document.after) {
        reading.aside(child, 1);
    }
    let mut bom = Node::object([
        ("bomFormat", Node::text("CycloneDX")),
        ("specVersion", Node::text(format!("1.{version}"))),
    ]);
    if let Node::Object(members) = reading.object("bom", "bom", &document.root)
        && let Node::Object(own) = &mut bom
    {
        own.extend(members);
    }
    if bom.get("version").is_none() {
        bom.set("version", Node::Number("1".into()));
    }
    bom
}

struct Reading<'a> {
    json: &'static Table,
    xml: &'static Table,
    version: u8,
    told: &'a mut Told,
}

impl Reading<'_> {
    /// An object of JSON, which is an element of a shape.
    fn object(&mut self, object: &str, shape: &str, element: &Element) -> Node {
        let mut node = Node::object([]);
        let Some(own) = self.json.object(object) else { return node };
        for attribute in element.attributes.iter().filter(|one| !declares(&one.tag)) {
            let member = of_attribute(&attribute.tag);
            match self.member(own, member) {
                Some(to) if !attribute.tag.contains(':') => node.set(member, typed(to, &attribute.value)),
                _ => self.tell(element, &format!("@{}", attribute.tag)),
            }
        }
        if let Some(member) = of_text(shape).filter(|_| self.has_text(shape)) {
            node.set(member, Node::text(trimmed(shape, &element.text())));
            return node;
        }
        for child in &element.children {
            match child {
                Child::Element(child) if child.namespace == element.namespace => {
                    self.child(own, shape, child, &mut node);
                }
                other => self.aside(other, element.line),
            }
        }
        node
    }

    fn child(&mut self, own: &Object, shape: &str, child: &Element, node: &mut Node) {
        let member = of_child(shape, child.name());
        let (Some(to), Some(from)) = (self.member(own, member), self.slot(shape, child.name())) else {
            return self.tell(child, child.name());
        };
        if array_item(to).is_some() && is_list(self.xml, from, self.version) && !holds_tools(from, child) {
            let items = self.items(&to.clone(), from, child);
            match node.get_mut(member) {
                Some(Node::List(all)) => all.extend(items),
                _ => node.set(member, Node::List(items)),
            }
            return;
        }
        let item = array_item(to).filter(|_| !holds_tools(from, child));
        let value = self.value(item.unwrap_or(to), from, child);
        match (item, node.get_mut(member)) {
            (Some(_), Some(Node::List(all))) => all.push(value),
            (Some(_), _) => node.set(member, Node::List(vec![value])),
            (None, _) => node.set(member, value),
        }
    }

    /// The items in an element that holds a list.
    fn items(&mut self, to: &Type, from: &Type, list: &Element) -> Vec<Node> {
        let Type::Object(shape) = from else { return Vec::new() };
        let mut items = Vec::new();
        for attribute in list.attributes.iter().filter(|one| !declares(&one.tag)) {
            self.tell(list, &format!("@{}", attribute.tag));
        }
        for child in &list.children {
            let Child::Element(child) = child else {
                self.aside(child, list.line);
                continue;
            };
            let Some(from) = self.slot(shape, child.name()).filter(|_| child.namespace == list.namespace)
            else {
                self.aside(&Child::Element(child.clone()), list.line);
                continue;
            };
            let item = self.item(shape, to, from, child);
            items.push(item);
        }
        items
    }

    fn item(&mut self, list: &str, to: &Type, from: &Type, child: &Element) -> Node {
        let of = |object: &'static str| Type::Object(object);
        match (list, child.name()) {
            ("licenseChoiceType" | "component.licenses" | "service.licenses", "license") => {
                Node::object([("license", self.value(&of("license"), from, child))])
            }
            ("licenseChoiceType" | "component.licenses" | "service.licenses", _) => {
                match self.value(&of("licenseChoice.item.expression"), from, child) {
                    Node::Text(text) => Node::object([("expression", Node::Text(text))]),
                    object => object,
                }
            }
            ("modelCardType.modelParameters.datasets", "ref") => {
                Node::object([("ref", Node::text(child.text().trim()))])
            }
            ("modelCardType.modelParameters.datasets", _) => self.value(&of("componentData"), from, child),
            ("service.data", "dataflow") => {
                let mut flow = self.value(&of("serviceData"), from, child);
                let classified = child.child("classification");
                if let Some(classified) = classified {
                    flow.set("flow", Node::text(classified.attribute("flow").unwrap_or_default()));
                    flow.set("classification", Node::text(classified.text().trim()));
                }
                flow
            }
            ("metadata.tools" | "vulnerabilityType.tools", _) => self.value(&of("tool"), from, child),
            ("inputType.environmentVars" | "outputType.environmentVars", "environmentVar") => {
                self.value(&of("property"), from, child)
            }
            ("copyrightsType", _) => Node::object([("text", Node::text(child.text()))]),
            _ => {
                let item = array_item(to).cloned().unwrap_or(Type::Any);
                self.value(&item, from, child)
            }
        }
    }

    fn value(&mut self, to: &Type, from: &Type, element: &Element) -> Node {
        let shape = match from {
            Type::Object(name) => *name,
            _ => return self.scalar(to, element),
        };
        if matches!(shape, "organizationOrIndividualType" | "patentAssertionType.asserter")
            && object_of(to, element, self.json) != Some("dataGovernanceResponsibleParty")
            && let Some(inner) = element.elements().next()
        {
            let inner_shape = self.slot(shape, inner.name()).cloned().unwrap_or(Type::Any);
            let object = match inner.name() {
                "organization" => "organizationalEntity",
                "ref" => return Node::text(inner.text().trim()),
                _ => "organizationalContact",
            };
            return self.value(&Type::Object(object), &inner_shape, inner);
        }
        match object_of(to, element, self.json) {
            Some(object) => self.object(object, shape, element),
            // `<assembly ref="…"/>` is the reference itself.
            None => match element.attribute("ref") {
                Some(reference) if !self.has_text(shape) => Node::text(reference),
                _ => self.scalar(to, element),
            },
        }
    }

    fn scalar(&mut self, to: &Type, element: &Element) -> Node {
        for child in element.elements() {
            self.tell(child, child.name());
        }
        match object_of(to, element, self.json) {
            Some(object) if self.json.object(object).is_some_and(|one| one.members.len() == 1) => {
                Node::object([("text", Node::text(element.text()))])
            }
            _ => typed(to, &element.text()),
        }
    }

    /// A member in this version, or else in any: what the version does not have is told where the document is fitted to it.
    fn member<'t>(&self, own: &'t Object, name: &str) -> Option<&'t Type> {
        let all = || own.members.iter().filter(|one| one.name == name);
        all().find(|one| holds(one.versions, self.version)).or_else(|| all().next()).map(|one| &one.shape)
    }

    fn slot(&self, shape: &str, name: &str) -> Option<&'static Type> {
        let mut all = Vec::new();
        slots(content(self.xml.element(shape)?, self.version)?, self.version, None, &mut all);
        all.iter().find(|slot| slot.name == name).map(|slot| slot.shape)
    }

    fn has_text(&self, shape: &str) -> bool {
        let texts = self.xml.element(shape).map(|shape| &shape.text);
        texts.is_some_and(|texts| texts.iter().any(|(versions, _)| holds(*versions, self.version)))
    }

    /// What JSON has no place for, apart from blanks.
    fn aside(&mut self, child: &Child, line: u32) {
        let what = match child {
            Child::Text(text) if text.trim().is_empty() => return,
            Child::Text(text) => text.trim().to_owned(),
            Child::Comment(text) => format!("<!--{text}-->"),
            Child::Instruction(text) => format!("<?{text}?>"),
            Child::Element(element) => return self.tell(element, &element.tag),
        };
        self.told.push(Place::line(line.into(), ""), &what, Why::NoPlace);
    }

    fn tell(&mut self, element: &Element, what: &str) {
        self.told.push(Place::line(element.line.into(), &element.tag), what, Why::NoPlace);
    }
}

fn declares(attribute: &str) -> bool {
    attribute == "xmlns" || attribute.starts_with("xmlns:") || attribute.starts_with("xsi:")
}

/// Since 1.5 tools are components and services, which in JSON are an object and no list.
fn holds_tools(shape: &Type, element: &Element) -> bool {
    matches!(shape, Type::Object("metadata.tools" | "vulnerabilityType.tools"))
        && (element.child("components").is_some() || element.child("services").is_some())
}

/// The type of the items, if a type is, or may be, an array.
fn array_item(shape: &Type) -> Option<&Type> {
    match shape {
        Type::Array { item, .. } => Some(item),
        Type::OneOf(all) | Type::AnyOf(all) => all.iter().find_map(array_item),
        _ => None,
    }
}

/// The object that a type is; of several that which has most of an element's parts, none where only texts are possible.
fn object_of(shape: &Type, element: &Element, table: &Table) -> Option<&'static str> {
    match shape {
        Type::Object(name) => Some(name),
        Type::OneOf(all) | Type::AnyOf(all) => {
            let objects = all.iter().filter_map(|one| object_of(one, element, table));
            let only_text =
                all.iter().any(|one| matches!(one, Type::Text(_))) && element.elements().next().is_none();
            let fits = |name: &&'static str| {
                let members = table.object(name).map_or(&[][..], |object| &object.members);
                element.elements().filter(|child| members.iter().any(|one| one.name == child.name())).count()
            };
            if only_text { None } else { objects.rev().max_by_key(fits) }
        }
        _ => None,
    }
}

/// The text of a shape; checksums and other tokens of XML may have blanks around them.
fn trimmed(shape: &str, text: &str) -> String {
    if shape == "hashType" { text.trim().to_owned() } else { text.to_owned() }
}

fn typed(shape: &Type, text: &str) -> Node {
    let bare = text.trim();
    match shape {
        Type::Boolean if matches!(bare, "true" | "1") => Node::Bool(true),
        Type::Boolean if matches!(bare, "false" | "0") => Node::Bool(false),
        Type::Integer(_) | Type::Number(_) => {
            let number = bare.strip_prefix('+').unwrap_or(bare);
            match serde_json::from_str::<serde_json::Number>(number) {
                Ok(_) => Node::Number(number.into()),
                Err(_) => match number.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
                    Some(number) => Node::Number(number.to_string().into()),
                    None => Node::text(text),
                },
            }
        }
        Type::Form(..) | Type::List(_) => Node::text(bare),
        Type::OneOf(all) | Type::AnyOf(all)
            if all.iter().all(|one| matches!(one, Type::Form(..) | Type::Pattern(_))) =>
        {
            Node::text(bare)
        }
        _ => Node::text(text),
    }
}
