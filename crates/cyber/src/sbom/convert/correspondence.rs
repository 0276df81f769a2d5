//! How CycloneDX says the same in JSON and in XML: which member an attribute, a text or an element is, where the names differ, and
//! which elements only hold a list.

use crate::document::json::Node;
use crate::document::shape::content::{Particle, What};
use crate::document::shape::table::{ElementShape, Table, Type, holds};

/// The member that an attribute is.
pub(super) fn of_attribute(attribute: &str) -> &str {
    match attribute {
        "content-type" => "contentType",
        "license-identifier" => "licenseIdentifier",
        same => same,
    }
}

/// The member that the text of an element is.
pub(super) fn of_text(shape: &str) -> Option<&'static str> {
    match shape {
        "hashType" | "attachedTextType" => Some("content"),
        "propertyType" => Some("value"),
        "licenseChoiceType.expression" | "licenseExpressionType" => Some("expression"),
        "dataClassificationType" => Some("classification"),
        _ => None,
    }
}

/// The member that an element in another is.
pub(super) fn of_child<'a>(shape: &str, child: &'a str) -> &'a str {
    match (shape, child) {
        ("dependencyType", "dependency") => "dependsOn",
        ("vulnerabilityType.analysis", "responses") => "response",
        ("cryptoPropertiesType.protocolProperties", "cryptoRef") => "cryptoRefArray",
        ("organizationOrIndividualType", "individual") => "contact",
        ("licenseExpressionDetailedType", "details") => "expressionDetails",
        (_, same) => same,
    }
}

/// An element that may stand in another.
#[derive(Clone, Copy)]
pub(super) struct Slot<'t> {
    pub(super) name: &'static str,
    pub(super) shape: &'t Type,
    /// Whether it may stand there several times.
    pub(super) many: bool,
}

/// The content of an element in a version.
pub(super) fn content(shape: &ElementShape, version: u8) -> Option<&Particle> {
    shape.content.iter().find(|(versions, _)| holds(*versions, version)).map(|(_, content)| content)
}

/// The elements that may stand in content, in order. Of alternatives that exclude each other the one is taken that has most of the members of `of`.
pub(super) fn slots<'t>(
    content: &'t Particle,
    version: u8,
    of: Option<(&str, &Node)>,
    out: &mut Vec<Slot<'t>>,
) {
    match &content.what {
        What::Foreign => {}
        What::Element(name, shape) => out.push(Slot { name, shape, many: content.many }),
        What::Sequence(parts) => {
            let before = out.len();
            parts
                .iter()
                .filter(|(versions, _)| holds(*versions, version))
                .for_each(|(_, part)| slots(part, version, of, out));
            out[before..].iter_mut().for_each(|slot| slot.many |= content.many);
        }
        What::Choice(parts) => {
            let each = parts.iter().filter(|(versions, _)| holds(*versions, version)).map(|(_, part)| {
                let mut one = Vec::new();
                slots(part, version, of, &mut one);
                one
            });
            match of {
                Some((shape, node)) if !content.many => {
                    let score = |one: &Vec<Slot<'_>>| {
                        one.iter().filter(|slot| node.get(of_child(shape, slot.name)).is_some()).count()
                    };
                    // The first of equal ones.
                    let all: Vec<_> = each.collect();
                    let best = all.iter().map(score).max().unwrap_or(0);
                    out.extend(all.into_iter().find(|one| score(one) == best).unwrap_or_default());
                }
                _ => each.for_each(|one| {
                    out.extend(one.into_iter().map(|slot| Slot { many: slot.many || content.many, ..slot }));
                }),
            }
        }
    }
}

/// Elements that hold a list whose items are of several kinds.
const MIXED_LISTS: [&str; 10] = [
    "licenseChoiceType",
    "component.licenses",
    "service.licenses",
    "metadata.tools",
    "vulnerabilityType.tools",
    "modelCardType.modelParameters.datasets",
    "inputType.environmentVars",
    "outputType.environmentVars",
    "definitionsType.patents",
    "service.data",
];

/// Whether an element only holds a list, so that in JSON the list stands in its place.
pub(super) fn is_list(table: &Table, shape: &Type, version: u8) -> bool {
    let Type::Object(name) = shape else { return false };
    if MIXED_LISTS.contains(name) {
        return true;
    }
    let Some(element) = table.element(name) else { return false };
    let mut all = Vec::new();
    if let Some(content) = content(element, version) {
        slots(content, version, None, &mut all);
    }
    all.len() == 1 && element.attributes.is_empty()
}
