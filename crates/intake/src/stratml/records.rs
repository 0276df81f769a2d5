//! A StratML document as one record of `stratml-document`: each level of the model becomes a table whose rows say
//! which goal, objective and indicator they belong to by position.

use base::Source;
use register::Record;
use serde_json::{Map, Value, json};

use super::model::{DocumentType, Indicator, Measured, Part, Plan, Stakeholder};
use crate::ids;
use crate::rs::cell::decimal;

/// Where a row belongs: organisation, goal, objective, indicator, instance.
type Place = Vec<(&'static str, usize)>;

/// The record of a document. Its id is its name and day of publication, so that the same document is the same record.
pub(super) fn record(file: &str, plan: &Plan) -> Record {
    let published =
        plan.administrative.as_ref().and_then(|about| about.published.as_deref()).unwrap_or("undated");
    let id = ids::record(&format!("{}.{published}", plan.name));
    let mut record = Record::new(ids::register(ids::STRATML_DOCUMENT), id, Source::document(file));
    document(&mut record, plan);
    let mut tables = Tables::default();
    levels(&mut tables, plan);
    for (name, rows) in tables.0 {
        record.set(name, rows);
    }
    record
}

fn document(record: &mut Record, plan: &Plan) {
    let (part, kind) = match plan.part {
        Part::One => ("part-1", None),
        Part::Two(DocumentType::StrategicPlan) => ("part-2", Some("strategic-plan")),
        Part::Two(DocumentType::PerformancePlan) => ("part-2", Some("performance-plan")),
        Part::Two(DocumentType::PerformanceReport) => ("part-2", Some("performance-report")),
    };
    let name = if plan.name.is_empty() { json!({ "missing": "not-printed" }) } else { json!(plan.name) };
    record.set("name", name).set("part", part).set("type", kind);
    record.set("description", &plan.description).set("other_information", &plan.other_information);
    for (field, statement) in [("vision", &plan.vision), ("mission", &plan.mission)] {
        if let Some(statement) = statement {
            record
                .set(field, &statement.description)
                .set(&format!("{field}_identifier"), &statement.identifier);
        }
    }
    if let Some(about) = &plan.administrative {
        record.set("identifier", &about.identifier).set("start", &about.start).set("end", &about.end);
        record.set("published", &about.published).set("source", &about.source);
    }
    if let Some(submitter) = &plan.submitter {
        for (field, value) in [
            ("identifier", &submitter.identifier),
            ("given_name", &submitter.given_name),
            ("surname", &submitter.surname),
            ("phone", &submitter.phone),
            ("email", &submitter.email),
        ] {
            record.set(&format!("submitter_{field}"), value);
        }
    }
}

fn levels(tables: &mut Tables, plan: &Plan) {
    for (at, organization) in plan.organizations.iter().enumerate() {
        tables.row(
            "organizations",
            &Place::new(),
            &[
                ("name", &organization.name),
                ("acronym", &organization.acronym),
                ("identifier", &organization.identifier),
                ("description", &organization.description),
            ],
        );
        stakeholders(tables, &vec![("organization", at + 1)], &organization.stakeholders);
    }
    for value in &plan.values {
        tables.row("values", &Place::new(), &[("name", &value.name), ("description", &value.description)]);
    }
    for (at, goal) in plan.goals.iter().enumerate() {
        let place = vec![("goal", at + 1)];
        tables.row(
            "goals",
            &place,
            &[
                ("identifier", &goal.identifier),
                ("sequence", &goal.sequence),
                ("name", &goal.name),
                ("description", &goal.description),
                ("other_information", &goal.other_information),
            ],
        );
        stakeholders(tables, &place, &goal.stakeholders);
        indicators(tables, &place, &goal.indicators);
        for (at, objective) in goal.objectives.iter().enumerate() {
            let place = [place.clone(), vec![("objective", at + 1)]].concat();
            tables.row(
                "objectives",
                &place,
                &[
                    ("identifier", &objective.identifier),
                    ("sequence", &objective.sequence),
                    ("name", &objective.name),
                    ("description", &objective.description),
                    ("other_information", &objective.other_information),
                ],
            );
            stakeholders(tables, &place, &objective.stakeholders);
            indicators(tables, &place, &objective.indicators);
        }
    }
}

/// One row per role, or one for a stakeholder without any.
fn stakeholders(tables: &mut Tables, place: &Place, stakeholders: &[Stakeholder]) {
    for one in stakeholders {
        let who = [("kind", &one.kind), ("name", &one.name), ("description", &one.description)];
        if one.roles.is_empty() {
            tables.row("stakeholders", place, &who);
        }
        for role in &one.roles {
            let types = (!role.types.is_empty()).then(|| role.types.join(", "));
            let what =
                [("role", &role.name), ("role_description", &role.description), ("role_types", &types)];
            tables.row("stakeholders", place, &[who, what].concat());
        }
    }
}

fn indicators(tables: &mut Tables, place: &Place, indicators: &[Indicator]) {
    for (at, indicator) in indicators.iter().enumerate() {
        let place = [place.clone(), vec![("indicator", at + 1)]].concat();
        tables.row(
            "indicators",
            &place,
            &[
                ("sequence", &indicator.sequence),
                ("dimension", &indicator.dimension),
                ("unit", &indicator.unit),
                ("identifier", &indicator.identifier),
                ("value_chain_stage", &indicator.value_chain_stage),
                ("kind", &indicator.kind),
                ("other_information", &indicator.other_information),
            ],
        );
        for relation in &indicator.relationships {
            let referents = (!relation.referents.is_empty()).then(|| relation.referents.join(" "));
            tables.row(
                "relationships",
                &place,
                &[
                    ("kind", &relation.kind),
                    ("identifier", &relation.identifier),
                    ("referents", &referents),
                    ("name", &relation.name),
                    ("description", &relation.description),
                ],
            );
        }
        for (at, instance) in indicator.instances.iter().enumerate() {
            let place = [place.clone(), vec![("instance", at + 1)]].concat();
            instance.targets.iter().for_each(|target| measured(tables, &place, "target", target));
            instance.actuals.iter().for_each(|actual| measured(tables, &place, "actual", actual));
        }
    }
}

fn measured(tables: &mut Tables, place: &Place, kind: &str, measured: &Measured) {
    let number = measured.units.as_deref().and_then(decimal);
    let print = if number.is_none() { measured.units.clone() } else { None };
    tables.row(
        "measurements",
        place,
        &[
            ("measured", &Some(kind.to_owned())),
            ("start", &measured.start),
            ("end", &measured.end),
            ("units", &number),
            ("units_as_printed", &print),
            ("descriptor_name", &measured.descriptor_name),
            ("descriptor_value", &measured.descriptor_value),
            ("description", &measured.description),
        ],
    );
}

#[derive(Default)]
struct Tables(Vec<(&'static str, Vec<Value>)>);

impl Tables {
    fn row(&mut self, table: &'static str, place: &Place, fields: &[(&'static str, &Option<String>)]) {
        let mut row: Map<String, Value> =
            place.iter().map(|(level, at)| ((*level).to_owned(), Value::from(*at))).collect();
        let said = fields
            .iter()
            .filter_map(|(name, value)| Some(((*name).to_owned(), Value::String((*value).clone()?))));
        row.extend(said);
        let at = self.0.iter().position(|(seen, _)| *seen == table).unwrap_or(self.0.len());
        if at == self.0.len() {
            self.0.push((table, Vec::new()));
        }
        self.0[at].1.push(Value::Object(row));
    }
}
