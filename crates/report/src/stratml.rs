//! StratML Part 2 (ISO 17469-2, `PerformancePlanOrReport`, schema of 16 February 2016), written strictly: the
//! output validates. Where the document says something that the schema has no place for, it is said in the next
//! best place and that change is named; nothing is dropped in silence. Reading is in [`intake::stratml`].

use std::collections::HashSet;

use intake::stratml::model::{
    Administrative, DocumentType, Goal, Indicator, Measured, MeasurementInstance, Objective, Organization,
    Part, Plan, Relationship, Role, Stakeholder, Statement, Submitter, Value,
};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use sha2::{Digest, Sha256};

/// A written document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub xml: String,
    /// What could not be said as it stood, each with its place.
    pub changes: Vec<String>,
}

/// A document that the schema has no form for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// The schema asks for at least one goal.
    #[error("the plan `{0}` has no goal, and a StratML document needs at least one")]
    NoGoal(String),
}

/// Writes a plan as Part 2. A Part 1 plan becomes a document of type `Strategic_Plan`.
pub fn write(plan: &Plan) -> Result<Written, Unwritable> {
    if plan.goals.is_empty() {
        return Err(Unwritable::NoGoal(plan.name.clone()));
    }
    let mut pen = Pen {
        xml: Writer::new_with_indent(Vec::new(), b' ', 2),
        place: Vec::new(),
        ids: HashSet::new(),
        changes: Vec::new(),
    };
    pen.document(plan);
    let mut xml = String::from_utf8_lossy(&pen.xml.into_inner()).into_owned();
    xml.push('\n');
    Ok(Written { xml, changes: pen.changes })
}

/// The identifier of a record: always the same for the same register and record, shaped like a UUID (of
/// version 8, RFC 9562: made from a hash) behind the underscore that an XML id needs.
pub fn identifier(record: &str) -> String {
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&Sha256::digest(record.as_bytes())[..16]);
    bytes[6] = (bytes[6] & 0x0F) | 0x80;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let hex = hex.concat();
    format!("_{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

const STAKEHOLDERS: [&str; 3] = ["Person", "Organization", "Generic_Group"];
const ROLES: [&str; 2] = ["Performer", "Beneficiary"];
const STAGES: [&str; 5] = ["Outcome", "Output_Processing", "Output", "Input_Processing", "Input"];
const INDICATORS: [&str; 2] = ["Quantitative", "Qualitative"];
const RELATIONSHIPS: [&str; 3] = ["Broader_Than", "Peer_To", "Narrower_Than"];

/// Writes elements in the order of the schema.
struct Pen {
    xml: Writer<Vec<u8>>,
    /// The elements that are open.
    place: Vec<String>,
    /// Identifiers given so far; the schema wants each once.
    ids: HashSet<String>,
    changes: Vec<String>,
}

impl Pen {
    fn document(&mut self, plan: &Plan) {
        let kind = match plan.part {
            Part::One => DocumentType::StrategicPlan,
            Part::Two(kind) => kind,
        };
        let part = Part::Two(kind);
        self.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        let attributes = [("xmlns", Some(part.namespace())), ("Type", Some(kind.name()))];
        self.element(part.root(), &attributes, |pen| {
            pen.required("Name", Some(&plan.name));
            pen.text("Description", plan.description.as_ref());
            pen.text("OtherInformation", plan.other_information.as_ref());
            pen.element("StrategicPlanCore", &[], |pen| {
                plan.organizations.iter().for_each(|organization| pen.organization(organization));
                pen.statement("Vision", plan.vision.as_ref());
                pen.statement("Mission", plan.mission.as_ref());
                plan.values.iter().for_each(|value| pen.value(value));
                plan.goals.iter().for_each(|goal| pen.goal(goal));
            });
            if let Some(administrative) = &plan.administrative {
                pen.administrative(administrative);
            }
            if let Some(submitter) = &plan.submitter {
                pen.submitter(submitter);
            }
        });
    }

    fn organization(&mut self, organization: &Organization) {
        self.element("Organization", &[], |pen| {
            pen.text("Name", organization.name.as_ref());
            pen.text("Acronym", organization.acronym.as_ref());
            pen.identifier(organization.identifier.as_ref());
            pen.text("Description", organization.description.as_ref());
            organization.stakeholders.iter().for_each(|stakeholder| pen.stakeholder(stakeholder));
        });
    }

    fn statement(&mut self, name: &str, statement: Option<&Statement>) {
        let Some(statement) = statement else { return };
        self.element(name, &[], |pen| {
            pen.text("Description", statement.description.as_ref());
            pen.identifier(statement.identifier.as_ref());
        });
    }

    fn value(&mut self, value: &Value) {
        self.element("Value", &[], |pen| {
            pen.text("Name", value.name.as_ref());
            pen.text("Description", value.description.as_ref());
        });
    }

    fn goal(&mut self, goal: &Goal) {
        self.element("Goal", &[], |pen| {
            pen.required("Name", goal.name.as_ref());
            pen.required("Description", goal.description.as_ref());
            pen.identifier(goal.identifier.as_ref());
            pen.text("SequenceIndicator", goal.sequence.as_ref());
            goal.stakeholders.iter().for_each(|stakeholder| pen.stakeholder(stakeholder));
            pen.text("OtherInformation", goal.other_information.as_ref());
            goal.objectives.iter().for_each(|objective| pen.objective(objective));
            if !goal.indicators.is_empty() {
                pen.change("indicators of the goal itself stand in an objective of the goal's name");
                let indicators = goal.indicators.clone();
                pen.objective(&Objective { name: goal.name.clone(), indicators, ..Objective::default() });
            }
        });
    }

    fn objective(&mut self, objective: &Objective) {
        self.element("Objective", &[], |pen| {
            pen.text("Name", objective.name.as_ref());
            pen.text("Description", objective.description.as_ref());
            pen.identifier(objective.identifier.as_ref());
            pen.text("SequenceIndicator", objective.sequence.as_ref());
            objective.stakeholders.iter().for_each(|stakeholder| pen.stakeholder(stakeholder));
            pen.text("OtherInformation", objective.other_information.as_ref());
            objective.indicators.iter().for_each(|indicator| pen.indicator(indicator));
        });
    }

    fn stakeholder(&mut self, stakeholder: &Stakeholder) {
        let kind = self.one_of("StakeholderTypeType", stakeholder.kind.as_ref(), &STAKEHOLDERS);
        self.element("Stakeholder", &[("StakeholderTypeType", kind.as_deref())], |pen| {
            pen.required("Name", stakeholder.name.as_ref());
            pen.text("Description", stakeholder.description.as_ref());
            stakeholder.roles.iter().for_each(|role| pen.role(role));
        });
    }

    fn role(&mut self, role: &Role) {
        self.element("Role", &[], |pen| {
            pen.required("Name", role.name.as_ref());
            pen.text("Description", role.description.as_ref());
            let types: Vec<String> =
                role.types.iter().filter_map(|kind| pen.one_of("RoleType", Some(kind), &ROLES)).collect();
            if types.len() > 2 {
                pen.change("a role has at most two types; the others are left out");
            }
            types.iter().take(2).for_each(|kind| pen.text("RoleType", Some(kind)));
        });
    }

    fn indicator(&mut self, indicator: &Indicator) {
        let stage = self.one_of("ValueChainStage", indicator.value_chain_stage.as_ref(), &STAGES);
        let kind = self.one_of("PerformanceIndicatorType", indicator.kind.as_ref(), &INDICATORS);
        let attributes =
            [("ValueChainStage", stage.as_deref()), ("PerformanceIndicatorType", kind.as_deref())];
        self.element("PerformanceIndicator", &attributes, |pen| {
            pen.text("SequenceIndicator", indicator.sequence.as_ref());
            pen.required("MeasurementDimension", indicator.dimension.as_ref());
            pen.required("UnitOfMeasurement", indicator.unit.as_ref());
            pen.identifier(indicator.identifier.as_ref());
            indicator.relationships.iter().for_each(|relationship| pen.relationship(relationship));
            indicator.instances.iter().for_each(|instance| pen.instance(instance));
            pen.text("OtherInformation", indicator.other_information.as_ref());
        });
    }

    fn relationship(&mut self, relationship: &Relationship) {
        let kind = self.one_of("RelationshipType", relationship.kind.as_ref(), &RELATIONSHIPS);
        self.element("Relationship", &[("RelationshipType", kind.as_deref())], |pen| {
            pen.identifier(relationship.identifier.as_ref());
            for referent in &relationship.referents {
                // A referent is any text, so that it can name an indicator of another document.
                let written = if is_xml_id(referent) { referent.clone() } else { identifier(referent) };
                pen.text("ReferentIdentifier", Some(&written));
            }
            pen.text("Name", relationship.name.as_ref());
            pen.text("Description", relationship.description.as_ref());
        });
    }

    fn instance(&mut self, instance: &MeasurementInstance) {
        self.element("MeasurementInstance", &[], |pen| {
            instance.targets.iter().for_each(|target| pen.measured("TargetResult", target));
            instance.actuals.iter().for_each(|actual| pen.measured("ActualResult", actual));
        });
    }

    /// A number that is not plain digits (`約50`) is said as a descriptor, which the schema has for such.
    fn measured(&mut self, name: &str, measured: &Measured) {
        self.element(name, &[], |pen| {
            let mut measured = measured.clone();
            let mut remarks: Vec<String> = measured.description.take().into_iter().collect();
            pen.date("StartDate", measured.start.as_ref(), &mut remarks);
            pen.date("EndDate", measured.end.as_ref(), &mut remarks);
            let units = measured.units.filter(|units| !units.is_empty());
            match units.as_deref().map(decimal) {
                Some(Some(number)) => pen.text("NumberOfUnits", Some(&number)),
                Some(None) => {
                    pen.change("a number of units that is not a number is said in words");
                    let said = units.unwrap_or_default();
                    match &measured.descriptor_value {
                        None => measured.descriptor_value = Some(said),
                        Some(_) => remarks.push(said),
                    }
                }
                None => {}
            }
            if measured.descriptor_name.is_some() || measured.descriptor_value.is_some() {
                pen.element("Descriptor", &[], |pen| {
                    pen.text("DescriptorName", measured.descriptor_name.as_ref());
                    pen.text("DescriptorValue", measured.descriptor_value.as_ref());
                });
            }
            pen.text("Description", Some(&remarks.join("\n")));
        });
    }

    fn administrative(&mut self, administrative: &Administrative) {
        self.element("AdministrativeInformation", &[], |pen| {
            let mut lost = Vec::new();
            pen.identifier(administrative.identifier.as_ref());
            pen.date("StartDate", administrative.start.as_ref(), &mut lost);
            pen.date("EndDate", administrative.end.as_ref(), &mut lost);
            pen.date("PublicationDate", administrative.published.as_ref(), &mut lost);
            pen.text("Source", administrative.source.as_ref().map(|source| any_uri(source)).as_ref());
        });
    }

    fn submitter(&mut self, submitter: &Submitter) {
        self.element("Submitter", &[], |pen| {
            pen.identifier(submitter.identifier.as_ref());
            pen.text("GivenName", submitter.given_name.as_ref());
            pen.text("Surname", submitter.surname.as_ref());
            pen.text("PhoneNumber", submitter.phone.as_ref());
            pen.text("EmailAddress", submitter.email.as_ref());
        });
    }

    /// A day as the schema writes it. What is no day goes to `remarks`.
    fn date(&mut self, name: &str, printed: Option<&String>, remarks: &mut Vec<String>) {
        let Some(printed) = printed.filter(|text| !text.trim().is_empty()) else { return };
        if let Ok(date) = base::date::parse(printed.trim()) {
            self.text(name, Some(&date.to_string()));
        } else {
            self.change(&format!("<{name}> `{printed}` is not a day and is not written as one"));
            remarks.push(format!("{name}: {printed}"));
        }
    }

    /// An identifier that is a valid XML id and stands only once; another is derived where it is not.
    fn identifier(&mut self, id: Option<&String>) {
        let Some(id) = id.filter(|id| !id.is_empty()) else { return };
        let mut written = if is_xml_id(id) { id.clone() } else { identifier(id) };
        let mut copy = 2;
        while !self.ids.insert(written.clone()) {
            written = identifier(&format!("{id}#{copy}"));
            copy += 1;
        }
        if written != *id {
            self.change(&format!(
                "identifier `{id}` is no XML id or stands twice; it is written as `{written}`"
            ));
        }
        self.text("Identifier", Some(&written));
    }

    /// One of the words that the schema knows, in its spelling.
    fn one_of(&mut self, name: &str, word: Option<&String>, known: &[&str]) -> Option<String> {
        let word = word.filter(|word| !word.is_empty())?;
        let same = |known: &&&str| known.eq_ignore_ascii_case(&word.trim().replace(' ', "_"));
        let found = known.iter().find(same).map(|known| (*known).to_owned());
        if found.is_none() {
            self.change(&format!("{name} `{word}` is not among {} and is left out", known.join(", ")));
        }
        found
    }

    fn required(&mut self, name: &str, text: Option<&String>) {
        self.element(name, &[], |pen| {
            pen.event(Event::Text(BytesText::new(&allowed(text.map_or("", String::as_str)))));
        });
    }

    fn text(&mut self, name: &str, text: Option<&String>) {
        if text.is_some_and(|text| !text.is_empty()) {
            self.required(name, text);
        }
    }

    fn element(&mut self, name: &str, attributes: &[(&str, Option<&str>)], content: impl FnOnce(&mut Self)) {
        let mut start = BytesStart::new(name.to_owned());
        for (key, value) in attributes {
            if let Some(value) = value {
                start.push_attribute((*key, *value));
            }
        }
        self.event(Event::Start(start));
        self.place.push(name.to_owned());
        content(self);
        self.place.pop();
        self.event(Event::End(BytesEnd::new(name.to_owned())));
    }

    fn event(&mut self, event: Event<'_>) {
        // Writing into memory cannot fail.
        let _ = self.xml.write_event(event);
    }

    fn change(&mut self, what: &str) {
        self.changes.push(format!("/{}: {what}", self.place.join("/")));
    }
}

/// A text without the characters that XML 1.0 does not allow.
fn allowed(text: &str) -> String {
    let keep = |c: char| !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    text.chars().map(|c| if keep(c) { c } else { '\u{FFFD}' }).collect()
}

/// An `xsd:ID` of the characters that every tool takes.
fn is_xml_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// An `xsd:decimal`: digits with at most one point, without the commas that group them.
fn decimal(printed: &str) -> Option<String> {
    let folded = base::text::fold_width(printed.trim());
    let (whole, fraction) = folded.split_once('.').unwrap_or((&folded, ""));
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.len() == 1 || groups[1..].iter().all(|group| group.len() == 3);
    let plain = [groups.concat(), fraction.to_owned()].join(".");
    let plain = plain.trim_end_matches('.');
    (grouped && plain.parse::<crate::Number>().is_ok()).then(|| plain.to_owned())
}

/// An `xsd:anyURI`: what a URI may not hold is percent-encoded.
fn any_uri(text: &str) -> String {
    let mut uri = String::new();
    let bytes = text.trim().as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        let kept = byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=".contains(byte);
        let fragment_again = *byte == b'#' && bytes[..index].contains(&b'#');
        if (kept && !fragment_again) || (*byte == b'%' && hex(index + 1) && hex(index + 2)) {
            uri.push(char::from(*byte));
        } else {
            uri.extend([format!("%{byte:02X}")]);
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_depends_on_nothing_but_the_record() {
        let id = identifier("plan-node:plan-2.goal-b");
        assert_eq!(id, identifier("plan-node:plan-2.goal-b"));
        assert_ne!(id, identifier("plan-node:plan-2.goal-c"));
        assert!(is_xml_id(&id) && id.len() == 37 && id.as_bytes()[15] == b'8', "{id}");
    }

    #[test]
    fn only_numbers_are_numbers() {
        assert_eq!(decimal("1,234.50").as_deref(), Some("1234.50"));
        assert_eq!(decimal("８０").as_deref(), Some("80"));
        for text in ["約50", "12,34", "80%", "1.2.3", "", "."] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_hold_only_what_they_may() {
        assert_eq!(
            any_uri(" https://example.org/a b#c#d[%zz%20 "),
            "https://example.org/a%20b#c%23d%5B%25zz%20"
        );
    }
}
