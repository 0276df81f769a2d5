//! The follow-up as a StratML Part 2 performance report: goals of the plan, their measures as objectives performed by
//! ministries, programmes that firmly serve them as objectives with target and actual, and the KGIs as a goal of their own.
//! The standard has no budgets, no bounds and no beliefs; what rests on suggestion is left out.

use base::{Lang, Reported};
use intake::stratml::model::{
    Administrative, DocumentType, Goal, Indicator, Measured, MeasurementInstance, Objective, Organization,
    Part, Plan, Role, Stakeholder, Statement,
};
use plan::FollowUp;
use plan::follow_up::{GoalAnswer, ProgrammeAnswer, ResultSeries, RowAnswer};
use plan::kgi::KgiAnswer;

use crate::stratml::identifier;

/// Lays the follow-up out for [`crate::stratml::write`].
pub fn plan(answer: &FollowUp, lang: Lang) -> Plan {
    let name = answer
        .generation
        .as_ref()
        .map_or_else(String::new, |generation| generation.name.get(lang).to_owned());
    let year = answer.fiscal_year.value().copied();
    let mut goals: Vec<Goal> = answer.goals.iter().map(|goal| self::goal(answer, goal, lang)).collect();
    if !answer.kgis.is_empty() {
        goals.push(indicators(&answer.kgis, lang));
    }
    let mission = lang.pick(
        "医療機器の研究開発及び普及を促進し、国民が受ける医療の質の向上を図る",
        "To promote research, development and spread of medical devices, and so to raise the quality of care",
    );
    Plan {
        part: Part::Two(DocumentType::PerformanceReport),
        description: year.map(|year| match lang {
            Lang::Ja => format!("{}の進捗", year.japanese()),
            Lang::En => format!("Follow-up of {year}"),
        }),
        organizations: vec![Organization {
            name: Some(lang.pick("日本国政府", "Government of Japan").to_owned()),
            identifier: Some(identifier("organisation:japan")),
            ..Organization::default()
        }],
        mission: Some(Statement {
            description: Some(mission.to_owned()),
            identifier: Some(identifier("plan:mission")),
        }),
        goals,
        administrative: Some(Administrative {
            start: year.map(|year| format!("{}-04-01", year.western())),
            end: year.map(|year| format!("{}-03-31", year.next().western())),
            published: Some(answer.today.to_string()),
            ..Administrative::default()
        }),
        name,
        ..Plan::default()
    }
}

fn goal(answer: &FollowUp, goal: &GoalAnswer, lang: Lang) -> Goal {
    let rows = goal.rows.iter().enumerate().map(|(index, row)| measure(index + 1, row));
    let firm = goal
        .joins
        .iter()
        .filter(|join| join.is_firm())
        .filter_map(|join| answer.programmes.get(&join.programme));
    let programmes = firm.map(|programme| self::programme(goal, programme));
    Goal {
        name: Some(goal.node.name.get(lang).to_owned()),
        identifier: Some(identifier(&goal.node.record.to_string())),
        sequence: goal.node.number.clone(),
        other_information: Some(
            goal.node.sources.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        ),
        objectives: rows.chain(programmes).collect(),
        ..Goal::default()
    }
}

fn measure(number: usize, row: &RowAnswer) -> Objective {
    let performers = row.marks.all().into_iter().map(|ministry| Stakeholder {
        kind: Some("Organization".to_owned()),
        name: Some(ministry),
        roles: vec![Role {
            name: Some("Ministry".to_owned()),
            types: vec!["Performer".to_owned()],
            ..Role::default()
        }],
        ..Stakeholder::default()
    });
    Objective {
        name: Some(row.heading.clone()),
        description: Some(row.measure.clone()),
        identifier: Some(identifier(&row.record.to_string())),
        sequence: Some(number.to_string()),
        stakeholders: performers.collect(),
        other_information: Some(format!("{}\n{}", row.results, row.plans)),
        ..Objective::default()
    }
}

fn programme(goal: &GoalAnswer, programme: &ProgrammeAnswer) -> Objective {
    // One programme may serve several goals, but an identifier stands once in a document.
    let place = format!("{}>{}", goal.node.record, programme.key);
    Objective {
        name: Some(programme.name.clone()),
        description: Some(programme.name.clone()),
        identifier: Some(identifier(&place)),
        stakeholders: vec![Stakeholder {
            kind: Some("Organization".to_owned()),
            name: Some(programme.ministry.clone()),
            ..Stakeholder::default()
        }],
        indicators: programme
            .results
            .iter()
            .enumerate()
            .map(|(index, series)| indicator(&format!("{place}#{index}"), series))
            .collect(),
        ..Objective::default()
    }
}

fn indicator(id: &str, series: &ResultSeries) -> Indicator {
    let stage = match series.kind.as_str() {
        "outcome" => "Outcome",
        "output" => "Output",
        _ => "Input_Processing",
    };
    let instances = series.years.iter().map(|year| {
        let of = |value: &Reported<String>| {
            value.value().map(|value| Measured {
                start: year.fiscal_year.map(|year| format!("{}-04-01", year.western())),
                end: year.fiscal_year.map(|year| format!("{}-03-31", year.next().western())),
                units: Some(value.clone()),
                ..Measured::default()
            })
        };
        MeasurementInstance {
            targets: of(&year.target).into_iter().collect(),
            actuals: of(&year.actual).into_iter().collect(),
        }
    });
    Indicator {
        dimension: Some(series.indicator.clone()),
        unit: Some(series.unit.clone()),
        identifier: Some(identifier(id)),
        value_chain_stage: Some(stage.to_owned()),
        kind: Some("Quantitative".to_owned()),
        instances: instances
            .filter(|instance| !instance.targets.is_empty() || !instance.actuals.is_empty())
            .collect(),
        ..Indicator::default()
    }
}

fn indicators(kgis: &[KgiAnswer], lang: Lang) -> Goal {
    let objective = |kgi: &KgiAnswer| {
        let point = |value: &Reported<String>, year: Option<base::Year>, what: &str| {
            value.value().map(|value| Measured {
                start: year.map(|year| format!("{year}-01-01")),
                end: year.map(|year| format!("{year}-12-31")),
                units: Some(value.clone()),
                description: Some(what.to_owned()),
                ..Measured::default()
            })
        };
        let observed = kgi
            .observed
            .iter()
            .filter_map(|observed| point(&observed.value, Some(observed.year), "observed"));
        let instance = MeasurementInstance {
            targets: point(&kgi.target, kgi.target_year, "target").into_iter().collect(),
            actuals: point(&kgi.baseline, kgi.baseline_year, "baseline")
                .into_iter()
                .chain(observed)
                .collect(),
        };
        let id = kgi.record.to_string();
        Objective {
            name: Some(kgi.name.get(lang).to_owned()),
            description: Some(kgi.definition.get(lang).to_owned()),
            identifier: Some(identifier(&id)),
            indicators: vec![Indicator {
                dimension: Some(kgi.name.get(lang).to_owned()),
                unit: Some(kgi.unit.clone()),
                identifier: Some(identifier(&format!("{id}#indicator"))),
                value_chain_stage: Some("Outcome".to_owned()),
                kind: Some("Quantitative".to_owned()),
                instances: vec![instance],
                ..Indicator::default()
            }],
            ..Objective::default()
        }
    };
    Goal {
        name: Some(lang.pick("主要目標達成指標（KGI）", "Key goal indicators").to_owned()),
        identifier: Some(identifier("plan:kgi")),
        objectives: kgis.iter().map(objective).collect(),
        ..Goal::default()
    }
}
