//! What a round asks, of whom: the round's own record, and the rows and plan nodes it puts before the ministries.

use base::text::name_key;
use base::{FiscalYear, Names};
use jiff::civil::Date;
use register::{Record, RecordId, RecordRef};
use serde_json::{Value, json};

use super::ROUND;
use crate::ministry;
use crate::view::{Node, Row, View};

/// The record of a round, typed.
#[derive(Clone, Debug)]
pub(super) struct RoundRecord {
    pub record: Record,
    pub id: RecordId,
    pub fiscal_year: FiscalYear,
    pub opened_on: Option<Date>,
    pub closed_on: Option<Date>,
    pub deadline: Option<Date>,
    pub return_to: String,
    pub statuses: Vec<String>,
    /// The year whose rows are put before the ministries.
    pub based_on: FiscalYear,
    pub rows: Vec<RecordRef>,
    pub ministries: Vec<AskedMinistry>,
}

/// A ministry as the round's record lists it.
#[derive(Clone, Debug)]
pub(super) struct AskedMinistry {
    pub ministry: String,
    pub answered_on: Option<Date>,
    pub form: String,
}

impl RoundRecord {
    /// `None` where the record names no fiscal year; the view lists that as a fault.
    pub(super) fn read(record: &Record) -> Option<Self> {
        let fiscal_year: FiscalYear = record.read("fiscal_year")?;
        let date = |field: &str| record.text(field).and_then(|text| base::date::parse(text).ok());
        Some(RoundRecord {
            id: record.id.clone(),
            fiscal_year,
            opened_on: date("opened_on"),
            closed_on: date("closed_on"),
            deadline: date("deadline"),
            return_to: record.text("return_to").unwrap_or_default().to_owned(),
            statuses: record.read("statuses").unwrap_or_default(),
            based_on: record.read("based_on").unwrap_or(fiscal_year.previous()),
            rows: record.read("rows").unwrap_or_default(),
            ministries: record
                .read::<Vec<Value>>("ministries")
                .unwrap_or_default()
                .iter()
                .map(asked_ministry)
                .collect(),
            record: record.clone(),
        })
    }

    pub(super) fn is_open(&self) -> bool {
        self.record.state.as_deref() != Some("closed")
    }

    /// The round as others refer to it.
    pub(super) fn reference(&self) -> String {
        format!("{ROUND}:{}", self.id)
    }

    /// The record with the ministries as they stand here.
    pub(super) fn with_ministries(&self) -> Record {
        let mut record = self.record.clone();
        let rows = self.ministries.iter().map(|asked| {
            let mut row = json!({ "ministry": asked.ministry });
            if let Some(day) = asked.answered_on {
                row["answered_on"] = json!(day);
            }
            if !asked.form.is_empty() {
                row["form"] = json!(asked.form);
            }
            row
        });
        record.set("ministries", rows.collect::<Vec<_>>());
        record
    }
}

fn asked_ministry(row: &Value) -> AskedMinistry {
    let text = |column: &str| row.get(column).and_then(Value::as_str).unwrap_or_default();
    AskedMinistry {
        ministry: official(text("ministry")).ja,
        answered_on: base::date::parse(text("answered_on")).ok(),
        form: text("form").to_owned(),
    }
}

/// One row put before the ministries.
#[derive(Clone, Debug)]
pub(super) struct Asked<'r> {
    pub key: RecordRef,
    pub subject: Subject<'r>,
}

/// What the row is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'r> {
    /// A measure that had a row in the year before.
    Row(&'r Row),
    /// A measure of the plan that had none.
    Silent(&'r Node),
}

impl<'r> Asked<'r> {
    /// The row or node of that name.
    pub(super) fn find(view: &'r View, key: &RecordRef) -> Option<Self> {
        let row = view.rows.iter().find(|row| row.origin.record == *key).map(Subject::Row);
        let node = || view.nodes.iter().find(|node| node.origin.record == *key).map(Subject::Silent);
        Some(Asked { key: key.clone(), subject: row.or_else(node)? })
    }

    /// The ministries marked, by official name and in the order of the marks, each once, and whether with ◎.
    pub(super) fn ministries(&self) -> Vec<(String, bool)> {
        let mut named: Vec<(String, bool)> = Vec::new();
        if let Subject::Row(row) = self.subject {
            for mark in &row.marks.ministries {
                let name = official(&mark.ministry).ja;
                match named.iter_mut().find(|(seen, _)| *seen == name) {
                    Some((_, lead)) => *lead |= mark.lead,
                    None => named.push((name, mark.lead)),
                }
            }
        }
        named
    }

    pub(super) fn goal(&self, view: &View) -> String {
        match self.subject {
            Subject::Row(row) => row.goal.clone(),
            Subject::Silent(node) => goal_of(view, node).map(|goal| goal.name.ja.clone()).unwrap_or_default(),
        }
    }

    pub(super) fn heading(&self) -> &str {
        match self.subject {
            Subject::Row(row) => &row.heading,
            Subject::Silent(_) => "",
        }
    }

    pub(super) fn measure(&self) -> &str {
        match self.subject {
            Subject::Row(row) => &row.measure,
            Subject::Silent(node) => &node.name.ja,
        }
    }
}

/// The official name of a ministry; one that is not known keeps the name it was given.
pub(super) fn official(name: &str) -> Names {
    ministry::full_name(name).unwrap_or_else(|| Names::of(name, ""))
}

/// The goal a measure of the plan is part of, as far as somebody at least suggests one.
pub(super) fn goal_of<'r>(view: &'r View, node: &Node) -> Option<&'r Node> {
    view.nodes.iter().find(|goal| goal.level.is_goal() && node.is_part_of(goal.id()))
}

/// Measures of a generation without any row in a year: no row serves the measure or its goal, stands under the
/// goal's name, or has a heading that the measure's name contains. Only by such a trace can a row speak for a
/// measure; where there is none, the ministries are asked.
pub(super) fn silent<'r>(view: &'r View, generation: &'r str, year: FiscalYear) -> Vec<&'r Node> {
    let rows: Vec<&Row> = view.rows_of(year).collect();
    let speaks = |node: &Node| {
        let goal = goal_of(view, node);
        rows.iter().any(|row| {
            let serves =
                |id: &str| row.links.iter().any(|link| link.kind == "serves" && link.to.record == *id);
            let heading = name_key(&row.heading);
            serves(node.id())
                || (!heading.is_empty() && names(node).any(|name| name.contains(&heading)))
                || goal.is_some_and(|goal| {
                    serves(goal.id()) || names(goal).any(|name| name == name_key(&row.goal))
                })
        })
    };
    view.nodes_of(generation).filter(|node| node.level.is_measure() && !speaks(node)).collect()
}

/// The keys of a node's name and its variants.
fn names(node: &Node) -> impl Iterator<Item = String> {
    std::iter::once(&node.name.ja)
        .chain(&node.variants)
        .filter(|name| !name.is_empty())
        .map(|name| name_key(name))
}
