//! The XML tree as a model: children are found by name wherever they stand, so that a wrong order loses nothing.

use super::model::{
    Administrative, DocumentType, Goal, Indicator, Measured, MeasurementInstance, Objective, Organization,
    Part, Plan, Relationship, Role, Stakeholder, Statement, Submitter, Value,
};
use crate::xml::Element;

/// The model of a document, if its root is StratML's.
pub(super) fn plan(root: &Element) -> Option<Plan> {
    let part = part(root)?;
    let empty = Element::default();
    let core = root.child("StrategicPlanCore").unwrap_or(&empty);
    let about = root.child("AdministrativeInformation");
    // Each part keeps the submitter elsewhere, and real files of one do as the other.
    let submitter = root.child("Submitter").or_else(|| about.and_then(|about| about.child("Submitter")));
    Some(Plan {
        part,
        name: text(root, "Name").unwrap_or_default(),
        description: text(root, "Description"),
        other_information: text(root, "OtherInformation"),
        organizations: core.all("Organization").map(organization).collect(),
        vision: core.child("Vision").map(statement),
        mission: core.child("Mission").map(statement),
        values: core
            .all("Value")
            .map(|value| Value { name: text(value, "Name"), description: text(value, "Description") })
            .collect(),
        goals: core.all("Goal").map(goal).collect(),
        administrative: about.map(administrative),
        submitter: submitter.map(|submitter| Submitter {
            identifier: text(submitter, "Identifier"),
            given_name: text(submitter, "GivenName"),
            surname: text(submitter, "Surname"),
            phone: text(submitter, "PhoneNumber"),
            email: text(submitter, "EmailAddress"),
        }),
    })
}

pub(super) fn part(root: &Element) -> Option<Part> {
    match root.name.as_str() {
        "StrategicPlan" => Some(Part::One),
        "PerformancePlanOrReport" => {
            Some(Part::Two(root.attribute("Type").and_then(DocumentType::parse).unwrap_or_default()))
        }
        _ => None,
    }
}

fn text(element: &Element, name: &str) -> Option<String> {
    element.child(name).and_then(said)
}

fn said(element: &Element) -> Option<String> {
    let text = element.text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn attribute(element: &Element, name: &str) -> Option<String> {
    element.attribute(name).map(str::to_owned)
}

fn organization(element: &Element) -> Organization {
    Organization {
        name: text(element, "Name"),
        acronym: text(element, "Acronym"),
        identifier: text(element, "Identifier"),
        description: text(element, "Description"),
        stakeholders: stakeholders(element),
    }
}

fn statement(element: &Element) -> Statement {
    Statement { description: text(element, "Description"), identifier: text(element, "Identifier") }
}

fn goal(element: &Element) -> Goal {
    Goal {
        name: text(element, "Name"),
        description: text(element, "Description"),
        identifier: text(element, "Identifier"),
        sequence: text(element, "SequenceIndicator"),
        stakeholders: stakeholders(element),
        other_information: text(element, "OtherInformation"),
        objectives: element.all("Objective").map(objective).collect(),
        indicators: element.all("PerformanceIndicator").map(indicator).collect(),
    }
}

fn objective(element: &Element) -> Objective {
    Objective {
        name: text(element, "Name"),
        description: text(element, "Description"),
        identifier: text(element, "Identifier"),
        sequence: text(element, "SequenceIndicator"),
        stakeholders: stakeholders(element),
        other_information: text(element, "OtherInformation"),
        indicators: element.all("PerformanceIndicator").map(indicator).collect(),
    }
}

/// Forms leave stakeholders without name, description and role behind; these say nothing.
fn stakeholders(element: &Element) -> Vec<Stakeholder> {
    let all = element.all("Stakeholder").map(|stakeholder| Stakeholder {
        kind: attribute(stakeholder, "StakeholderTypeType"),
        name: text(stakeholder, "Name"),
        description: text(stakeholder, "Description"),
        roles: stakeholder.all("Role").map(role).collect(),
    });
    all.filter(|one| one.name.is_some() || one.description.is_some() || !one.roles.is_empty()).collect()
}

fn role(element: &Element) -> Role {
    Role {
        name: text(element, "Name"),
        description: text(element, "Description"),
        types: element.all("RoleType").filter_map(said).collect(),
    }
}

fn indicator(element: &Element) -> Indicator {
    Indicator {
        sequence: text(element, "SequenceIndicator"),
        dimension: text(element, "MeasurementDimension"),
        unit: text(element, "UnitOfMeasurement"),
        identifier: text(element, "Identifier"),
        value_chain_stage: attribute(element, "ValueChainStage"),
        kind: attribute(element, "PerformanceIndicatorType"),
        relationships: element.all("Relationship").map(relationship).collect(),
        instances: element.all("MeasurementInstance").map(instance).collect(),
        other_information: text(element, "OtherInformation"),
    }
}

fn relationship(element: &Element) -> Relationship {
    Relationship {
        kind: attribute(element, "RelationshipType"),
        identifier: text(element, "Identifier"),
        referents: element.all("ReferentIdentifier").filter_map(said).collect(),
        name: text(element, "Name"),
        description: text(element, "Description"),
    }
}

fn instance(element: &Element) -> MeasurementInstance {
    MeasurementInstance {
        targets: element.all("TargetResult").map(measured).collect(),
        actuals: element.all("ActualResult").map(measured).collect(),
    }
}

fn measured(element: &Element) -> Measured {
    let descriptor = element.child("Descriptor");
    Measured {
        start: text(element, "StartDate"),
        end: text(element, "EndDate"),
        units: text(element, "NumberOfUnits"),
        descriptor_name: descriptor.and_then(|descriptor| text(descriptor, "DescriptorName")),
        descriptor_value: descriptor.and_then(|descriptor| text(descriptor, "DescriptorValue")),
        description: text(element, "Description"),
    }
}

fn administrative(element: &Element) -> Administrative {
    Administrative {
        identifier: text(element, "Identifier"),
        start: text(element, "StartDate"),
        end: text(element, "EndDate"),
        published: text(element, "PublicationDate"),
        source: text(element, "Source"),
    }
}
