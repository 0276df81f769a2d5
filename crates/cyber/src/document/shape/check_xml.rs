//! An XML document compared with its shape: attributes, the order and number of elements, texts.

use std::collections::HashMap;

use super::table::{Bounds, ElementShape, Table, Type, holds};
use crate::document::deviation::{DeviationKind as Kind, Found, Place, shown};
use crate::document::xml::{Attribute, Child, Element};

/// Compares a root element with an element of the table in a version.
pub(crate) fn check(table: &Table, element: &str, version: u8, root: &Element, found: &mut Found) {
    Check { table, version, path: Vec::new(), found }.element(element, root);
}

/// Patterns whose texts are tokens in XML, so that blanks at their ends do not count.
const TOKENS: [&str; 4] = ["hash-value", "media-type", "bom-link", "bom-link-element"];

struct Check<'a> {
    table: &'a Table,
    version: u8,
    path: Vec<&'a str>,
    found: &'a mut Found,
}

impl<'a> Check<'a> {
    fn tell(&mut self, line: u32, kind: Kind) {
        let place = Place::Line { line, path: self.path.join("/").into() };
        self.found.error(place, kind);
    }

    fn element(&mut self, name: &str, element: &'a Element) {
        let Some(shape) = self.table.element(name) else { return };
        self.path.push(element.name());
        self.attributes(shape, element);
        let text = shape.text.iter().find(|(versions, _)| holds(*versions, self.version));
        match text {
            Some((_, text)) => self.text(text, element),
            None => self.content(shape, element),
        }
        self.path.pop();
    }

    fn attributes(&mut self, shape: &ElementShape, element: &Element) {
        for attribute in
            element.attributes.iter().filter(|one| &*one.tag != "xmlns" && !one.tag.starts_with("xmlns:"))
        {
            self.attribute(shape, attribute, element.line);
        }
        for member in shape.attributes.iter().filter(|one| one.required) {
            if holds(member.versions, self.version) && element.attribute(member.name).is_none() {
                self.tell(element.line, Kind::Missing(format!("@{}", member.name)));
            }
        }
    }

    fn attribute(&mut self, shape: &ElementShape, attribute: &Attribute, line: u32) {
        // Attributes of XML Schema itself, as xsi:schemaLocation, may stand everywhere.
        if attribute.tag.starts_with("xsi:") {
            return;
        }
        let foreign = attribute.tag.contains(':');
        let known = shape.attributes.iter().filter(|one| *one.name == *attribute.tag);
        let mut alive = known.clone().filter(|one| holds(one.versions, self.version));
        match alive.next() {
            Some(member) => self.value(&member.shape, &attribute.value, line),
            None if holds(shape.any_attributes, self.version) => {}
            None if foreign && holds(shape.foreign_attributes, self.version) => {}
            None if known.count() > 0 => self.tell(line, Kind::OtherVersion(format!("@{}", attribute.tag))),
            None => self.tell(line, Kind::Unknown(shown(&format!("@{}", attribute.tag)))),
        }
    }

    fn text(&mut self, shape: &Type, element: &Element) {
        if let Some(child) = element.elements().next() {
            self.tell(child.line, Kind::Unknown(shown(&child.tag)));
        }
        self.value(shape, &element.text(), element.line);
    }

    fn content(&mut self, shape: &ElementShape, element: &'a Element) {
        for child in &element.children {
            if let Child::Text(text) = child
                && !text.trim().is_empty()
            {
                self.tell(element.line, Kind::StrayText(shown(text.trim())));
            }
        }
        let children: Vec<&Element> = element.elements().collect();
        let own = |child: &&'a Element| (child.namespace == element.namespace).then(|| child.name());
        let names: Vec<Option<&str>> = children.iter().map(own).collect();
        let Some((_, model)) = shape.content.iter().find(|(versions, _)| holds(*versions, self.version))
        else {
            if let Some(child) = children.first() {
                self.tell(child.line, Kind::Unknown(shown(&child.tag)));
            }
            return;
        };
        let mut missing = Vec::new();
        let reached = model.walk(&names, 0, self.version, &mut missing);
        let mut rest: HashMap<&str, usize> = HashMap::new();
        for (index, child) in children.iter().enumerate() {
            let shape_of_child = names[index].and_then(|name| model.type_of(name, self.version));
            if index >= reached {
                self.left_over(shape, child, names[index], &mut rest, &names[..reached], &missing);
            }
            if let (Some(shape), Some(_)) = (shape_of_child, names[index]) {
                self.child(shape, child);
            }
        }
        for name in missing.iter().filter(|name| !rest.contains_key(name.as_str())) {
            self.tell(element.line, Kind::Missing(name.clone()));
        }
    }

    /// An element that the content model did not reach: unknown, of another version, repeated or out of order.
    fn left_over(
        &mut self,
        shape: &ElementShape,
        child: &'a Element,
        name: Option<&'a str>,
        rest: &mut HashMap<&'a str, usize>,
        reached: &[Option<&str>],
        missing: &[String],
    ) {
        let Some(name) = name else { return self.tell(child.line, Kind::Unknown(shown(&child.tag))) };
        let known = |version: u8| {
            let mut alive = shape.content.iter().filter(|(versions, _)| holds(*versions, version));
            alive.any(|(_, model)| model.type_of(name, version).is_some())
        };
        let times = rest.entry(name).and_modify(|times| *times += 1).or_insert(1);
        let kind = if known(self.version) {
            let again =
                *times > 1 || (reached.contains(&Some(name)) && !missing.iter().any(|one| one == name));
            if again { Kind::Repeated(name.to_owned()) } else { Kind::Misplaced(name.to_owned()) }
        } else if (0..16).any(known) {
            Kind::OtherVersion(name.to_owned())
        } else {
            Kind::Unknown(shown(name))
        };
        self.tell(child.line, kind);
    }

    fn child(&mut self, shape: &Type, child: &'a Element) {
        if let Type::Object(name) = shape {
            return self.element(name, child);
        }
        self.path.push(child.name());
        for attribute in &child.attributes {
            let declared = attribute.tag.starts_with("xmlns") || attribute.tag.starts_with("xsi:");
            if !declared && *shape != Type::Any {
                self.tell(child.line, Kind::Unknown(shown(&format!("@{}", attribute.tag))));
            }
        }
        if *shape != Type::Any {
            self.text(shape, child);
        }
        self.path.pop();
    }

    fn value(&mut self, shape: &Type, text: &str, line: u32) {
        if let Some(kind) = self.wrong(shape, text) {
            self.tell(line, kind);
        }
    }

    /// What is wrong with a text. Forms of XML Schema collapse blanks, as do its tokens; lists are compared as they stand.
    #[allow(clippy::cast_precision_loss)] // the length of a text
    fn wrong(&self, shape: &Type, text: &str) -> Option<Kind> {
        let out = |bounds: Bounds, value: f64| {
            (!bounds.hold(value))
                .then(|| Kind::OutOfBounds { found: value.to_string(), bounds: bounds.text() })
        };
        match shape {
            Type::Text(bounds) => out(*bounds, text.chars().count() as f64),
            Type::List(list) => (!self.table.listed(list, text, self.version))
                .then(|| Kind::NotListed { value: shown(text), list: (*list).to_owned() }),
            Type::Pattern(pattern) => {
                (!self.table.matches(pattern, if TOKENS.contains(pattern) { text.trim() } else { text }))
                    .then(|| Kind::WrongForm { value: shown(text), form: (*pattern).to_owned() })
            }
            Type::Form(form, bounds) => {
                if !form.holds(text.trim()) {
                    return Some(Kind::WrongForm { value: shown(text), form: form.name().to_owned() });
                }
                if *bounds == Bounds::default() {
                    None
                } else {
                    out(*bounds, text.trim().parse().unwrap_or(f64::NAN))
                }
            }
            Type::OneOf(all) | Type::AnyOf(all) => {
                let mut wrong = None;
                for one in all {
                    match self.wrong(one, text) {
                        None => return None,
                        some => wrong = wrong.or(some),
                    }
                }
                wrong
            }
            _ => None,
        }
    }
}
