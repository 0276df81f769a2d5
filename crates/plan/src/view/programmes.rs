//! Programmes: the government's yearly review sheets, our own programme records, printed budget lines,
//! and the decisions of people on which programme serves what.

use base::{Amount, BudgetKind, FiscalYear, Names, Reported, Source, Yen};
use jiff::civil::Date;
use register::{Link, Record, RecordId};
use serde::{Deserialize, Serialize};

use super::read::{Fields, Origin, ViewFault};
use super::rows::amount;
use super::tree::{date, reference};

/// Money of one year and kind, as one sheet states it.
#[derive(Clone, Debug, Serialize)]
pub struct SheetMoney {
    /// The year the money belongs to.
    pub fiscal_year: FiscalYear,
    /// Its kind.
    pub kind: BudgetKind,
    /// The money, or why there is none.
    pub yen: Reported<Yen>,
}

/// A result of one year, with its target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SheetResult {
    /// `activity`, `output` or `outcome`, as the reader names it.
    pub kind: String,
    /// Short, middle or long term, where the sheet says so.
    pub term: Option<String>,
    /// The goal in words.
    pub goal: String,
    /// What is measured.
    pub indicator: String,
    /// Its unit.
    pub unit: String,
    /// The year of the result.
    pub fiscal_year: Option<FiscalYear>,
    /// What was aimed at.
    pub target: Reported<String>,
    /// What came of it.
    pub actual: Reported<String>,
}

/// A document that a sheet names: a law or a plan.
#[derive(Clone, Debug, Serialize)]
pub struct Cited {
    /// As printed; one cell may hold several names.
    pub name: String,
    /// Number of the law, or address of the plan.
    pub detail: String,
}

/// Another programme that a sheet names.
#[derive(Clone, Debug, Serialize)]
pub struct Related {
    /// Its key, where the sheet gives a number.
    pub key: Option<String>,
    /// Its name.
    pub name: String,
    /// In the sheet's words.
    pub relation: String,
}

/// An earlier sheet that a sheet names as its own past.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastSheet {
    /// Its year.
    pub year: FiscalYear,
    /// Its number.
    pub number: String,
}

/// One programme's review sheet of one year.
#[derive(Clone, Debug, Serialize)]
pub struct Sheet {
    /// Where it is recorded.
    pub origin: Origin,
    /// `rs` or `judgit`.
    pub system: String,
    /// The year of the sheet.
    pub sheet_year: FiscalYear,
    /// Its number in that year.
    pub number: String,
    /// The budget-programme id of the RS system.
    pub rs_id: Option<i64>,
    /// The programme key the reader gave it.
    pub key: String,
    /// The number under which older systems knew it.
    pub old_number: Option<String>,
    /// Its name.
    pub name: String,
    /// Further names on the same sheet.
    pub other_names: Vec<String>,
    /// Its ministry.
    pub ministry: String,
    /// Its desk, where the sheet prints it.
    pub desk: String,
    /// Purpose, issues and overview, for the search of shared words.
    pub texts: [String; 3],
    /// First year.
    pub start_year: Reported<FiscalYear>,
    /// Last year.
    pub end_year: Reported<FiscalYear>,
    /// The sheet says that no end is planned.
    pub no_end: bool,
    /// Laws it names.
    pub laws: Vec<Cited>,
    /// Plans it names.
    pub plans: Vec<Cited>,
    /// Programmes it names.
    pub related: Vec<Related>,
    /// Its money.
    pub money: Vec<SheetMoney>,
    /// Its results.
    pub results: Vec<SheetResult>,
    /// It declares an outcome it wants to reach, be it without figures.
    pub outcomes_declared: bool,
    /// Its reason for having no figures, or no outcomes in stages.
    pub no_outcome_reason: Option<String>,
    /// Its own past.
    pub past: Vec<PastSheet>,
}

impl Sheet {
    /// The sources of its money: of the RS system's files only that of budget and execution (group 2-1), where the
    /// files are named as they are published.
    pub fn money_sources(&self) -> Vec<Source> {
        let sources = &self.origin.sources;
        let of_group: Vec<Source> =
            sources.iter().filter(|source| source.document.starts_with("2-1")).cloned().collect();
        if of_group.is_empty() { sources.clone() } else { of_group }
    }
}

/// A programme as the plan's documents name it.
#[derive(Clone, Debug, Serialize)]
pub struct Programme {
    /// Where it is recorded.
    pub origin: Origin,
    /// Official name.
    pub name: String,
    /// Its ministry, where known.
    pub ministry: String,
    /// Other names it goes by.
    pub other_names: Vec<String>,
    /// In our words.
    pub about: Names,
    /// Stages of development it covers, as printed.
    pub stages: Vec<String>,
    /// It also serves medicines or others.
    pub not_device_only: bool,
    /// `succeeds`, `serves`.
    pub links: Vec<Link>,
}

/// A budget line printed in a document.
#[derive(Clone, Debug, Serialize)]
pub struct BudgetLine {
    /// Where it is recorded.
    pub origin: Origin,
    /// The programme as printed.
    pub name: String,
    /// The programme's record, where a person or document says which.
    pub programme: Option<RecordId>,
    /// The group's total it is printed under, by record id.
    pub group: Option<RecordId>,
    /// The money.
    pub amount: Amount,
    /// The previous year's amount printed in brackets.
    pub previous: Reported<Yen>,
    /// The kind of that amount, where the document says.
    pub previous_kind: Option<BudgetKind>,
    /// The ministry as printed.
    pub ministry: String,
}

/// A printed total over budget lines.
#[derive(Clone, Debug, Serialize)]
pub struct BudgetGroup {
    /// Where it is recorded.
    pub origin: Origin,
    /// Its name.
    pub name: Names,
    /// The printed total.
    pub total: Reported<Yen>,
    /// The year of the total.
    pub fiscal_year: Option<FiscalYear>,
    /// The kind of the total.
    pub kind: Option<BudgetKind>,
}

/// What a person found on a programme and a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It serves it.
    Accepted,
    /// It does not.
    Rejected,
}

/// A person's decision. It holds for every year until the same person or another decides anew.
#[derive(Clone, Debug, Serialize)]
pub struct JoinDecision {
    /// Where it is recorded.
    pub origin: Origin,
    /// Key of the programme.
    pub programme: String,
    /// The node, by record id.
    pub node: RecordId,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub on: Date,
}

pub(super) fn sheet(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Sheet> {
    let mut f = Fields::of(record, faults);
    let name = f.text("name");
    if name.is_empty() {
        f.fault("name", "a sheet without a name cannot be told from others".to_owned());
        return None;
    }
    Some(Sheet {
        system: f.text("system"),
        sheet_year: f.need("sheet_year")?,
        number: f.text("number"),
        rs_id: f.get("rs_id"),
        key: f.text("key"),
        old_number: f.some_text("old_number"),
        name,
        other_names: f.get("other_names").unwrap_or_default(),
        ministry: f.text("ministry"),
        desk: desk(&mut f),
        texts: [f.text("purpose"), f.text("issues"), f.text("overview")],
        start_year: f.reported("start_year"),
        end_year: f.reported("end_year"),
        no_end: f.get("no_end").unwrap_or(false),
        laws: f.table("laws", |row| Some(Cited { name: row.text("name"), detail: row.text("law_number") })),
        plans: f.table("plans", |row| Some(Cited { name: row.text("name"), detail: row.text("url") })),
        related: f.table("related", |row| {
            Some(Related {
                key: row.some_text("key"),
                name: row.text("name"),
                relation: row.text("relation"),
            })
        }),
        money: f.table("money", |row| {
            Some(SheetMoney {
                fiscal_year: row.need("fiscal_year")?,
                kind: row.need("kind")?,
                yen: row.reported("yen"),
            })
        }),
        results: f.table("results", |row| Some(result(row))),
        outcomes_declared: outcomes_declared(&mut f),
        no_outcome_reason: no_outcome_reason(&mut f),
        past: f.table("past_sheets", |row| {
            Some(PastSheet { year: row.need("fiscal_year")?, number: row.text("number") })
        }),
        origin: Origin::of(record),
    })
}

/// Bureau, division and office in one line, as a person would say where the desk is.
fn desk(f: &mut Fields<'_, '_>) -> String {
    let parts = ["bureau", "department", "division", "office"].map(|field| f.text(field));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn outcomes_declared(f: &mut Fields<'_, '_>) -> bool {
    let goals = f.table("goals", |row| Some(row.text("kind")));
    let linked = f.table("logic", |row| Some(row.text("to_kind")));
    goals.iter().chain(&linked).any(|kind| kind == "outcome")
}

fn no_outcome_reason(f: &mut Fields<'_, '_>) -> Option<String> {
    let unstaged = f.table("logic", |row| row.some_text("no_stages_reason"));
    f.some_text("no_quantitative_reason").or_else(|| unstaged.into_iter().next())
}

fn result(row: &mut Fields<'_, '_>) -> SheetResult {
    SheetResult {
        kind: row.text("kind"),
        term: row.some_text("term"),
        goal: row.text("goal"),
        indicator: row.text("indicator"),
        unit: row.text("unit"),
        fiscal_year: row.get("fiscal_year"),
        target: row.reported("target"),
        actual: row.reported("actual"),
    }
}

pub(super) fn programme(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Programme> {
    let mut f = Fields::of(record, faults);
    Some(Programme {
        name: f.need::<&str>("name")?.to_owned(),
        ministry: f.text("ministry"),
        other_names: f.get("other_names").unwrap_or_default(),
        about: f.get("about").unwrap_or_default(),
        stages: f.get("stages").unwrap_or_default(),
        not_device_only: f.get("not_device_only").unwrap_or(false),
        links: record.links.clone(),
        origin: Origin::of(record),
    })
}

pub(super) fn budget_line(record: &Record, faults: &mut Vec<ViewFault>) -> Option<BudgetLine> {
    let mut f = Fields::of(record, faults);
    let group = record.links_of("part-of").find(|link| link.to.register == *"budget-group");
    Some(BudgetLine {
        name: f.text("name"),
        programme: reference(&mut f, "programme"),
        group: group.map(|link| link.to.record.clone()).or_else(|| reference(&mut f, "group")),
        amount: amount(&mut f)?,
        previous: f.reported("previous"),
        previous_kind: f.get("previous_kind"),
        ministry: f.text("ministry"),
        origin: Origin::of(record),
    })
}

pub(super) fn budget_group(record: &Record, faults: &mut Vec<ViewFault>) -> Option<BudgetGroup> {
    let mut f = Fields::of(record, faults);
    Some(BudgetGroup {
        name: f.need("name")?,
        total: f.reported("total"),
        fiscal_year: f.get("fiscal_year"),
        kind: f.get("kind"),
        origin: Origin::of(record),
    })
}

pub(super) fn join_decision(record: &Record, faults: &mut Vec<ViewFault>) -> Option<JoinDecision> {
    let mut f = Fields::of(record, faults);
    Some(JoinDecision {
        programme: f.need::<&str>("programme")?.to_owned(),
        node: reference(&mut f, "node")?,
        verdict: f.need("verdict")?,
        reason: f.text("reason"),
        by: f.text("by"),
        on: f.need::<&str>("on").and_then(|_| date(&mut f, "on"))?,
        origin: Origin::of(record),
    })
}
