//! The shape of the follow-up: what a report, a page or an export is made from. Every figure in it stands
//! beside its sources, every join and edge beside its belief, every absence beside its reason.

use std::collections::BTreeMap;

use base::{FiscalYear, Names, Reported, Source};
use jiff::civil::Date;
use register::{Belief, RecordRef};
use serde::Serialize;

use crate::change::RowChange;
use crate::devices::DeviceCount;
use crate::generation::{Fate, Review};
use crate::identity::{NameInYear, Succession, Union};
use crate::join::{Join, Naming, Points};
use crate::kgi::{Assumption, KgiAnswer};
use crate::ministry::Marks;
use crate::money::{Comparison, MoneyYear, PrintedLine, PrintedTotal, Reconciliation, Total};
use crate::security::SecurityAnswer;
use crate::view::{Aim, Doubt, Level, QuotedBudget, Standing};

/// The answer to "where does the plan stand".
#[derive(Clone, Debug, Serialize)]
pub struct FollowUp {
    /// The day of the question.
    pub today: Date,
    /// The fiscal year of the results; not printed where no follow-up has been taken in yet.
    pub fiscal_year: Reported<FiscalYear>,
    /// The assumption asked for, for the indicators' paths.
    pub assumption: Option<Assumption>,
    /// The points and thresholds of the join. Configuration, shown because suggestions rest on it.
    pub points: Points,
    /// The generation followed up.
    pub generation: Option<GenerationAnswer>,
    /// All generations, oldest first.
    pub generations: Vec<GenerationAnswer>,
    /// Its goals with everything under them, in order of printing.
    pub goals: Vec<GoalAnswer>,
    /// Rows of the year whose goal is not in the plan.
    pub unplaced_rows: Vec<RowAnswer>,
    /// Measures of the plan without a row this year, and goals that went silent with them.
    pub without_row: Vec<NodeAnswer>,
    /// Rows of the year before that have no successor.
    pub vanished: Vec<RowRef>,
    /// The programmes that serve a goal, by key: each once, however many goals it serves.
    pub programmes: BTreeMap<String, ProgrammeAnswer>,
    /// Money of all programmes firmly joined to a goal, each counted once.
    pub totals: Vec<Total>,
    /// Successions between programmes, stated in documents and records.
    pub successions: Vec<Succession>,
    /// Programmes on record that serve no goal.
    pub unjoined: Unjoined,
    /// Key goal indicators of all generations.
    pub kgis: Vec<KgiAnswer>,
    /// The count of devices.
    pub devices: DeviceCount,
    /// Supply reports.
    pub supply: SupplyAnswer,
    /// Cybersecurity of devices, in numbers that give nobody away.
    pub security: SecurityAnswer,
    /// Printed totals and whether their lines add up.
    pub budget_groups: Vec<Reconciliation>,
    /// Printed budgets beside the sheets of the same programmes.
    pub comparisons: Vec<Comparison>,
    /// What became of the nodes in the next generation.
    pub next_generation: Option<NextGeneration>,
    /// What is missing for a full answer.
    pub missing: Vec<Names>,
}

/// A generation and how it stands on the day asked about.
#[derive(Clone, Debug, Serialize)]
pub struct GenerationAnswer {
    /// The record.
    pub record: RecordRef,
    /// Its name.
    pub name: Names,
    /// Its number.
    pub ordinal: Option<i64>,
    /// How far it has come.
    pub standing: Standing,
    /// The day of the Cabinet decision.
    pub decided_on: Option<Date>,
    /// The fiscal year it is meant to begin in.
    pub starts_in: Option<FiscalYear>,
    /// It is the one in force.
    pub in_force: bool,
    /// When it is to be reviewed.
    pub review: Option<Review>,
    /// Where it was said.
    pub sources: Vec<Source>,
}

/// A node of the plan.
#[derive(Clone, Debug, Serialize)]
pub struct NodeAnswer {
    /// The record.
    pub record: RecordRef,
    /// Its name.
    pub name: Names,
    /// Its level.
    pub level: Level,
    /// Its number as printed.
    pub number: Option<String>,
    /// Other wordings in the same document.
    pub variants: Vec<String>,
    /// Aims printed with it.
    pub aims: Vec<Aim>,
    /// Where it was said.
    pub sources: Vec<Source>,
}

/// An edge of the plan's tree, with its belief.
#[derive(Clone, Debug, Serialize)]
pub struct EdgeAnswer {
    /// The other node.
    pub to: RecordRef,
    /// Its name; empty where there is no such record.
    pub name: Names,
    /// The kind of link.
    pub kind: String,
    /// Why it is believed.
    #[serde(flatten)]
    pub belief: Belief,
    /// The evidence in words.
    pub why: String,
    /// Where the evidence stands.
    pub source: Option<Source>,
}

/// A goal and everything under it.
#[derive(Clone, Debug, Serialize)]
pub struct GoalAnswer {
    /// The goal.
    pub node: NodeAnswer,
    /// The visions (or societies) above it.
    pub above: Vec<EdgeAnswer>,
    /// The measures of the plan below it, each with the edge that puts it there.
    pub measures: Vec<(NodeAnswer, EdgeAnswer)>,
    /// The rows of the year.
    pub rows: Vec<RowAnswer>,
    /// Since when nothing has been reported; `None` while there are rows.
    pub silent: Option<Silence>,
    /// Programmes that serve it, best first.
    pub joins: Vec<Join>,
    /// Programmes that a person found not to serve it.
    pub rejected: Vec<Join>,
    /// Every budget its rows print, once.
    pub printed: Vec<PrintedLine>,
    /// Their sums by year and kind, bounds apart.
    pub printed_totals: Vec<PrintedTotal>,
    /// Money of the programmes that serve it by statement or confirmation.
    pub totals: Vec<Total>,
    /// The same with the suggested ones.
    pub totals_with_suggested: Vec<Total>,
}

/// Nothing was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Silence {
    /// The last year with a row, among the years taken in; `None` if there is none.
    pub last_reported: Option<FiscalYear>,
}

/// A row of the table.
#[derive(Clone, Debug, Serialize)]
pub struct RowAnswer {
    /// The record.
    pub record: RecordRef,
    /// The fiscal year of the results.
    pub fiscal_year: FiscalYear,
    /// The goal as printed.
    pub goal: String,
    /// The heading as printed.
    pub heading: String,
    /// The measure.
    pub measure: String,
    /// Ministries.
    pub marks: Marks,
    /// Results.
    pub results: String,
    /// Plans for the next year.
    pub plans: String,
    /// The status a person gave it.
    pub status: Option<String>,
    /// Budgets quoted.
    pub budgets: Vec<QuotedBudget>,
    /// Programmes it names, with the keys of those on record under that name.
    pub programmes: Vec<NamedProgramme>,
    /// Cells that are incomplete in the source.
    pub incomplete: Vec<String>,
    /// Doubts of the reader.
    pub doubts: Vec<Doubt>,
    /// What changed since the year before; `None` where there is nothing to compare with.
    pub change: Option<RowChange>,
    /// It has no predecessor although there is a table of the year before.
    pub is_new: bool,
    /// Where it stands.
    pub sources: Vec<Source>,
}

/// A programme that a row names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedProgramme {
    /// As printed.
    pub name: String,
    /// Keys of the programmes of that name. Empty: none on record. Several: it is not said which.
    pub keys: Vec<String>,
}

/// A row by its name and heading only.
#[derive(Clone, Debug, Serialize)]
pub struct RowRef {
    /// The record.
    pub record: RecordRef,
    /// The goal as printed.
    pub goal: String,
    /// The measure.
    pub measure: String,
    /// Where it stands.
    pub sources: Vec<Source>,
}

/// A programme over the years.
#[derive(Clone, Debug, Serialize)]
pub struct ProgrammeAnswer {
    /// Its key.
    pub key: String,
    /// Its newest name.
    pub name: String,
    /// Every name it bore.
    pub names: Vec<NameInYear>,
    /// The programme it is a part (うち) of.
    pub parent: Option<String>,
    /// Its ministry.
    pub ministry: String,
    /// Its desk.
    pub desk: String,
    /// Why its sheets are one programme.
    pub unions: Vec<Union>,
    /// What it says of plan and Act.
    pub naming: Option<Naming>,
    /// First year.
    pub start_year: Reported<FiscalYear>,
    /// Last year, as planned.
    pub end_year: Reported<FiscalYear>,
    /// The goals it serves, by record id.
    pub goals: Vec<String>,
    /// Its money.
    pub money: Vec<MoneyYear>,
    /// Its results.
    pub results: Vec<ResultSeries>,
    /// Its reason for having no outcomes (in stages, in figures).
    pub no_outcome_reason: Option<String>,
    /// Its sheets.
    pub sources: Vec<Source>,
}

/// One indicator of a programme over the years.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultSeries {
    /// `activity`, `output` or `outcome`.
    pub kind: String,
    /// Short, middle or long term.
    pub term: Option<String>,
    /// The goal in words.
    pub goal: String,
    /// What is measured.
    pub indicator: String,
    /// Its unit.
    pub unit: String,
    /// Target and actual by year, oldest first.
    pub years: Vec<ResultYear>,
}

/// Target and actual of one year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultYear {
    /// The year; `None` for a final target without one.
    pub fiscal_year: Option<FiscalYear>,
    /// What was aimed at.
    pub target: Reported<String>,
    /// What came of it.
    pub actual: Reported<String>,
    /// The sheet that says so.
    pub sources: Vec<Source>,
}

/// Programmes on record that serve no goal.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Unjoined {
    /// How many.
    pub count: usize,
    /// Those among them that name the plan or its Act.
    pub naming: Vec<(String, String, Naming)>,
}

/// Supply reports on the day asked about.
#[derive(Clone, Debug, Serialize)]
pub struct SupplyAnswer {
    /// Reports on record. None does not mean that no supply was ever at risk.
    pub on_record: usize,
    /// Open ones.
    pub open: usize,
    /// Closed ones.
    pub closed: usize,
    /// Open ones whose expected end has passed.
    pub overdue: Vec<RecordRef>,
    /// The same in words.
    pub note: Names,
}

/// The next generation and what becomes of the nodes.
#[derive(Clone, Debug, Serialize)]
pub struct NextGeneration {
    /// The generation.
    pub generation: RecordRef,
    /// How far it has come.
    pub standing: Standing,
    /// Node by node.
    pub fates: Vec<Fate>,
}
