//! Generations of the plan, the nodes of their trees, and the key goal indicators.

use base::{FiscalYear, Names, Reported, Year};
use jiff::civil::Date;
use register::{Belief, Link, Record, RecordId};
use serde::{Deserialize, Serialize};

use super::read::{Fields, Origin, ViewFault};

/// How far a generation of the plan has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is announced; no text exists.
    Planned,
    /// A draft (案) exists. It binds nobody.
    Draft,
    /// The Cabinet has decided it.
    Decided,
}

impl Standing {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        match self {
            Standing::Planned => Names::of("予定", "planned"),
            Standing::Draft => Names::of("案", "draft"),
            Standing::Decided => Names::of("閣議決定", "decided by the Cabinet"),
        }
    }
}

/// One generation of the plan.
#[derive(Clone, Debug, Serialize)]
pub struct Generation {
    /// Where it is recorded.
    pub origin: Origin,
    /// Its name.
    pub name: Names,
    /// Its number in the series.
    pub ordinal: Option<i64>,
    /// How far it has come.
    pub standing: Standing,
    /// The day of the Cabinet decision.
    pub decided_on: Option<Date>,
    /// The fiscal year it is meant to begin in, where that is announced.
    pub starts_in: Option<FiscalYear>,
    /// After how many years it is to be reviewed.
    pub review_after_years: Option<i16>,
}

/// The level of a node in its generation's own vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// ミッション / 目的
    Mission,
    /// ビジョン
    Vision,
    /// ゴール
    Goal,
    /// 具体的施策
    Measure,
    /// 重点分野
    PriorityField,
    /// 将来像
    Future,
    /// 社会
    Society,
    /// 基本方針
    Policy,
    /// Story
    Story,
    /// 課題
    Issue,
    /// 優先的に取り組むべき施策
    PriorityMeasure,
}

impl Level {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        let (ja, en) = match self {
            Level::Mission => ("ミッション", "mission"),
            Level::Vision => ("ビジョン", "vision"),
            Level::Goal => ("ゴール", "goal"),
            Level::Measure => ("具体的施策", "measure"),
            Level::PriorityField => ("重点分野", "priority field"),
            Level::Future => ("将来像", "future"),
            Level::Society => ("社会", "society"),
            Level::Policy => ("基本方針", "basic policy"),
            Level::Story => ("Story", "story"),
            Level::Issue => ("課題", "issue"),
            Level::PriorityMeasure => ("優先的に取り組むべき施策", "priority measure"),
        };
        Names::of(ja, en)
    }
    /// Whether the follow-up is arranged by nodes of this level: goals, and the policies of the 3rd plan.
    pub fn is_goal(self) -> bool {
        matches!(self, Level::Goal | Level::Policy)
    }
    /// Whether a node of this level is something to be carried out.
    pub fn is_measure(self) -> bool {
        matches!(self, Level::Measure | Level::PriorityMeasure)
    }
}

/// A quantified aim printed with a node.
#[derive(Clone, Debug, Serialize)]
pub struct Aim {
    /// In words.
    pub text: String,
    /// The number as printed.
    pub value: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// The year it is aimed at.
    pub year: Option<Year>,
}

/// A node of a generation's tree.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    /// Where it is recorded.
    pub origin: Origin,
    /// Its name.
    pub name: Names,
    /// The generation, by record id.
    pub generation: Option<RecordId>,
    /// Its level.
    pub level: Level,
    /// Its number as printed, if any.
    pub number: Option<String>,
    /// Its place among its siblings in the document. It is an order of printing and no rank.
    pub order: i64,
    /// Other wordings of its name in the same document.
    pub variants: Vec<String>,
    /// Aims printed with it.
    pub aims: Vec<Aim>,
    /// Links to other nodes, each with its belief: `part-of`, `continues`, `answers`.
    pub links: Vec<Link>,
}

impl Node {
    /// Its id.
    pub fn id(&self) -> &str {
        self.origin.id()
    }
    /// The links of one kind.
    pub fn links_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Link> {
        self.links.iter().filter(move |link| link.kind == kind)
    }
    /// Whether it hangs below a node, by a link that is at least suggested. An undecided link is only one of
    /// several candidates and makes nothing part of anything.
    pub fn is_part_of(&self, id: &str) -> bool {
        self.links_of("part-of").any(|link| link.to.record == *id && link.belief != Belief::Undecided)
    }
}

/// A key goal indicator.
#[derive(Clone, Debug, Serialize)]
pub struct Kgi {
    /// Where it is recorded.
    pub origin: Origin,
    /// Its name.
    pub name: Names,
    /// The generation, by record id.
    pub generation: Option<RecordId>,
    /// Order of printing.
    pub order: i64,
    /// Its unit.
    pub unit: String,
    /// Baseline, a number as printed.
    pub baseline: Reported<String>,
    /// The calendar year of the baseline.
    pub baseline_year: Option<Year>,
    /// Target, a number as printed.
    pub target: Reported<String>,
    /// The calendar year of the target.
    pub target_year: Option<Year>,
    /// What exactly is counted.
    pub definition: Names,
    /// The document calls the values provisional.
    pub provisional: bool,
    /// What it measures, with beliefs.
    pub links: Vec<Link>,
}

/// An observed value of an indicator.
#[derive(Clone, Debug, Serialize)]
pub struct Observation {
    /// Where it is recorded.
    pub origin: Origin,
    /// The indicator, by record id.
    pub kgi: RecordId,
    /// The calendar year observed.
    pub year: Year,
    /// The value as printed.
    pub value: Reported<String>,
    /// It may still change.
    pub provisional: bool,
}

pub(super) fn generation(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Generation> {
    let mut fields = Fields::of(record, faults);
    Some(Generation {
        name: fields.need("name")?,
        ordinal: fields.get("ordinal"),
        standing: fields.need("status")?,
        decided_on: date(&mut fields, "decided_on"),
        starts_in: fields.get("starts_in"),
        review_after_years: fields.get("review_after_years"),
        origin: Origin::of(record),
    })
}

pub(super) fn node(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Node> {
    let mut fields = Fields::of(record, faults);
    Some(Node {
        name: fields.need("name")?,
        generation: reference(&mut fields, "generation"),
        level: fields.need("level")?,
        number: fields.some_text("number"),
        order: fields.get("order").unwrap_or(i64::MAX),
        variants: fields.get("variants").unwrap_or_default(),
        aims: fields.table("aims", |row| {
            Some(Aim {
                text: row.text("text"),
                value: row.some_text("value"),
                unit: row.some_text("unit"),
                year: row.get("year"),
            })
        }),
        links: record.links.clone(),
        origin: Origin::of(record),
    })
}

pub(super) fn kgi(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Kgi> {
    let mut fields = Fields::of(record, faults);
    Some(Kgi {
        name: fields.need("name")?,
        generation: reference(&mut fields, "generation"),
        order: fields.get("order").unwrap_or(i64::MAX),
        unit: fields.text("unit"),
        baseline: fields.reported("baseline"),
        baseline_year: fields.get("baseline_year"),
        target: fields.reported("target"),
        target_year: fields.get("target_year"),
        definition: fields.get("definition").unwrap_or_default(),
        provisional: fields.get("provisional").unwrap_or(false),
        links: record.links.clone(),
        origin: Origin::of(record),
    })
}

pub(super) fn observation(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Observation> {
    let mut fields = Fields::of(record, faults);
    Some(Observation {
        kgi: reference(&mut fields, "kgi")?,
        year: fields.need("year")?,
        value: fields.reported("value"),
        provisional: fields.get("provisional").unwrap_or(false),
        origin: Origin::of(record),
    })
}

/// The record id of a `register:record` field; a bare id is read too.
pub(super) fn reference(fields: &mut Fields<'_, '_>, field: &str) -> Option<RecordId> {
    let text = fields.get::<&str>(field)?;
    let id = text.split_once(':').map_or(text, |(_, id)| id);
    id.parse().map_err(|error: register::id::NotAnId| fields.fault(field, error.to_string())).ok()
}

pub(super) fn date(fields: &mut Fields<'_, '_>, field: &str) -> Option<Date> {
    let text = fields.get::<&str>(field)?;
    base::date::parse(text).map_err(|error| fields.fault(field, error.to_string())).ok()
}
