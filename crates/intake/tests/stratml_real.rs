//! Golden facts of real StratML documents.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use intake::stratml::{
    self,
    model::{DocumentType, Part},
};
use intake::{Input, Limits};

fn document(name: &str) -> Option<Input> {
    let folder = common::corpus("stratml")?;
    Some(Input { name: name.to_owned(), bytes: std::fs::read(folder.join(name)).unwrap() })
}

#[test]
fn a_part_1_plan_is_read_with_its_goals_and_stakeholders() {
    let Some(input) = document("PMOAI.xml") else { return };
    let (plan, remarks) = stratml::parse(&input.name, &input.bytes, &Limits::default()).unwrap();
    assert_eq!((plan.part, plan.goals.len(), plan.values.len()), (Part::One, 1, 6));
    let goal = &plan.goals[0];
    assert_eq!(
        (goal.name.as_deref(), goal.objectives.len(), goal.stakeholders.len()),
        (Some("Establishment"), 5, 15)
    );
    assert_eq!(goal.objectives[4].name.as_deref(), Some("Information, Ideas & Experiences"));
    // The schema that the file names has another namespace than the file.
    assert_eq!(remarks.len(), 1, "{remarks:#?}");
    assert!(remarks[0].text.en.starts_with("its namespace is"));
}

#[test]
fn a_part_2_plan_is_read_and_its_deviation_is_named() {
    let Some(input) = document("about-ontoinsights.xml") else { return };
    let (plan, remarks) = stratml::parse(&input.name, &input.bytes, &Limits::default()).unwrap();
    assert_eq!(plan.part, Part::Two(DocumentType::StrategicPlan));
    assert_eq!(plan.submitter.unwrap().surname.as_deref(), Some("Ambur"));
    assert_eq!(remarks.len(), 1, "{remarks:#?}");
    assert!(
        remarks[0].place.ends_with("/PerformancePlanOrReport/AdministrativeInformation/Submitter"),
        "{}",
        remarks[0].place
    );
}

#[test]
fn every_record_is_what_the_register_declares() {
    let (Some(one), Some(two)) = (document("PMOAI.xml"), document("about-ontoinsights.xml")) else { return };
    let reading = stratml::read(&[one, two], &Limits::default()).unwrap();
    assert_eq!(reading.records.len(), 2);
    common::assert_valid("stratml-document", &reading.records);
}
