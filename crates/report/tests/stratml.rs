//! StratML as written, against the schema of the standard (xmllint) and the reader of the house.

use std::path::PathBuf;
use std::process::Command;

use intake::stratml::model::{
    Administrative, DocumentType, Goal, Indicator, Measured, MeasurementInstance, Objective, Organization,
    Part, Plan, Relationship, Role, Stakeholder, Statement, Submitter, Value,
};
use report::stratml::{self, Unwritable};

#[allow(clippy::unnecessary_wraps, reason = "the model's fields are optional")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn stakeholder() -> Stakeholder {
    let role =
        Role { name: some("主担当"), types: vec!["Performer".into(), "owner".into()], ..Role::default() };
    Stakeholder { kind: some("organization"), name: some("見本省"), description: None, roles: vec![role] }
}

fn indicator() -> Indicator {
    let target = Measured {
        start: some("R7.4.1"),
        end: some("2026-03-31"),
        units: some("1,200"),
        ..Measured::default()
    };
    let actual = Measured {
        end: some("年度末"),
        units: some("約80"),
        description: some("速報"),
        ..Measured::default()
    };
    Indicator {
        dimension: some("研修の回数 <年>"),
        unit: some("回"),
        identifier: some("kgi:1"),
        value_chain_stage: some("Outcome"),
        kind: some("Numbers"),
        relationships: vec![Relationship {
            kind: some("Peer_To"),
            referents: vec!["kgi:2".into()],
            ..Relationship::default()
        }],
        instances: vec![MeasurementInstance { targets: vec![target], actuals: vec![actual] }],
        ..Indicator::default()
    }
}

/// Everything that a document can say, some of it in a form that the schema refuses.
fn plan() -> Plan {
    let objective = Objective {
        name: some("施策1"),
        identifier: some("goal-a"),
        stakeholders: vec![stakeholder()],
        indicators: vec![indicator()],
        ..Objective::default()
    };
    let goal = Goal {
        name: some("目標A & B"),
        identifier: some("goal-a"),
        objectives: vec![objective],
        indicators: vec![Indicator::default()],
        ..Goal::default()
    };
    Plan {
        part: Part::Two(DocumentType::PerformanceReport),
        name: "見本計画\u{1}".into(),
        description: some("]]> &amp;"),
        other_information: some("その他"),
        organizations: vec![Organization {
            name: some("見本省"),
            identifier: some("1-2 3"),
            stakeholders: vec![stakeholder()],
            ..Organization::default()
        }],
        vision: Some(Statement { description: some("社会"), identifier: None }),
        mission: Some(Statement::default()),
        values: vec![Value { name: some("公平"), description: None }],
        goals: vec![goal, Goal::default()],
        administrative: Some(Administrative {
            start: some("令和7年4月1日"),
            end: some("いつか"),
            source: some("https://example.org/a b[1]"),
            ..Administrative::default()
        }),
        submitter: Some(Submitter { surname: some("見本"), ..Submitter::default() }),
    }
}

/// The folder of corpora, or `None` with a line that says how to get them.
fn corpus() -> Option<PathBuf> {
    let shared = std::env::var_os("SHIRUBE_SHARED").map(PathBuf::from);
    let folder = shared
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"))
        .join("data/stratml");
    if folder.is_dir() && Command::new("xmllint").arg("--version").output().is_ok() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} or xmllint is missing", folder.display());
    println!(
        "skipped: put the schemas of stratml.us into {} (or set SHIRUBE_SHARED) and install libxml2-utils",
        folder.display()
    );
    None
}

fn assert_valid(xml: &str) {
    let Some(corpus) = corpus() else { return };
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let path = folder.path().join("plan.xml");
    std::fs::write(&path, xml).unwrap_or_else(|error| panic!("{error}"));
    let schema = corpus.join("PerformancePlanOrReport20160216.xsd");
    let output =
        Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(schema).arg(&path).output();
    let output = output.unwrap_or_else(|error| panic!("{error}"));
    assert!(output.status.success(), "{}\n{xml}", String::from_utf8_lossy(&output.stderr));
}

fn written(plan: &Plan) -> stratml::Written {
    stratml::write(plan).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_is_written_validates_and_changes_are_named() {
    let written = written(&plan());
    assert_valid(&written.xml);
    let said = |part: &str| written.changes.iter().any(|change| change.contains(part));
    for part in [
        "`kgi:1`",
        "`goal-a`",
        "RoleType `owner`",
        "`Numbers`",
        "`いつか`",
        "`年度末`",
        "said in words",
        "indicators of the goal itself",
    ] {
        assert!(said(part), "{part}: {:#?}", written.changes);
    }
    assert!(
        written.xml.contains("<StartDate>2025-04-01</StartDate>")
            && written.xml.contains("<NumberOfUnits>1200</NumberOfUnits>")
    );
    assert!(written.xml.contains("<DescriptorValue>約80</DescriptorValue>"), "nothing is lost");
}

#[test]
fn a_referent_follows_its_identifier() {
    let written = written(&plan());
    assert!(written.xml.contains(&format!("<Identifier>{}</Identifier>", stratml::identifier("kgi:1"))));
    assert!(
        written
            .xml
            .contains(&format!("<ReferentIdentifier>{}</ReferentIdentifier>", stratml::identifier("kgi:2")))
    );
}

#[test]
fn a_plan_without_goals_is_refused() {
    assert_eq!(
        stratml::write(&Plan { goals: Vec::new(), ..plan() }),
        Err(Unwritable::NoGoal("見本計画\u{1}".into()))
    );
}

#[test]
fn real_documents_read_and_written_again_validate_and_stay() {
    let Some(corpus) = corpus() else { return };
    for name in ["PMOAI.xml", "about-ontoinsights.xml"] {
        let bytes = std::fs::read(corpus.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let limits = intake::Limits::default();
        let (plan, _) =
            intake::stratml::parse(name, &bytes, &limits).unwrap_or_else(|error| panic!("{error}"));
        let first = written(&plan);
        assert_valid(&first.xml);
        let (again, _) = intake::stratml::parse(name, first.xml.as_bytes(), &limits)
            .unwrap_or_else(|error| panic!("{error}"));
        let second = written(&again);
        assert_eq!(second.xml, first.xml, "{name}");
        assert!(second.changes.is_empty(), "{name}: {:?}", second.changes);
    }
}
