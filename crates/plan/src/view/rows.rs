//! Rows of the annual follow-up table as views, and the yearly rounds that collect them.

use base::{Amount, BudgetKind, FiscalYear, Yen};
use jiff::civil::Date;
use register::{Link, Record, RecordId};
use serde::{Deserialize, Serialize};

use super::read::{Fields, Origin, ViewFault};
use super::tree::{date, reference};
use crate::ministry::{Mark, Marks};

/// The column of the table a text stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// What was done in the fiscal year.
    Results,
    /// What is planned for the next.
    Plans,
}

/// A budget quoted in a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuotedBudget {
    /// Where it is quoted.
    pub column: Column,
    /// The programme as printed; empty where the text names none.
    pub programme: String,
    /// The activity it is quoted for, where that is something other than the programme.
    pub activity: Option<String>,
    /// The money.
    pub amount: Amount,
    /// The words it was read from.
    pub as_printed: String,
}

/// A doubt of the reader about one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubt {
    /// The cell.
    pub cell: String,
    /// 0 to 100, where the reader computed one.
    pub confidence: Option<u8>,
    /// Why.
    pub why: String,
}

/// One measure's row in the table of one year.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Where it is recorded.
    pub origin: Origin,
    /// The fiscal year of the results. The plans are those of the next.
    pub fiscal_year: FiscalYear,
    /// The generation, by record id.
    pub generation: Option<RecordId>,
    /// The goal's heading as printed.
    pub goal: String,
    /// The measure's heading as printed.
    pub heading: String,
    /// Order in the table.
    pub order: i64,
    /// The measure's text.
    pub measure: String,
    /// The ministries that carry it.
    pub marks: Marks,
    /// What was done; empty where the cell is.
    pub results: String,
    /// What is planned; empty where the cell is.
    pub plans: String,
    /// Budgets quoted in the two cells.
    pub budgets: Vec<QuotedBudget>,
    /// Cells whose text is incomplete in the source.
    pub incomplete: Vec<String>,
    /// Doubts of the reader.
    pub doubts: Vec<Doubt>,
    /// The status a person gave it.
    pub status: Option<String>,
    /// Links, above all `serves` to the goal.
    pub links: Vec<Link>,
}

/// A round of the follow-up: one fiscal year, asked of every ministry.
#[derive(Clone, Debug, Serialize)]
pub struct Round {
    /// Where it is recorded.
    pub origin: Origin,
    /// The fiscal year of the results asked for.
    pub fiscal_year: FiscalYear,
    /// When it was opened.
    pub opened_on: Option<Date>,
    /// When it was closed; `None` while it is open.
    pub closed_on: Option<Date>,
    /// Ministries asked, and when each answered.
    pub asked: Vec<(String, Option<Date>)>,
}

pub(super) fn row(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Row> {
    let mut fields = Fields::of(record, faults);
    let results = fields.text("results");
    let plans = fields.text("plans");
    let budgets = if record.fields.contains_key("budgets") {
        fields.table("budgets", quoted)
    } else {
        read_from_text(&results, &plans)
    };
    Some(Row {
        fiscal_year: fields.need("fiscal_year")?,
        generation: reference(&mut fields, "generation"),
        goal: fields.text("goal"),
        heading: fields.text("heading"),
        order: fields.get("order").unwrap_or(i64::MAX),
        measure: fields.text("measure"),
        marks: marks(&mut fields),
        results,
        plans,
        budgets,
        incomplete: fields.get("incomplete").unwrap_or_default(),
        doubts: fields.table("doubts", |row| {
            Some(Doubt { cell: row.text("cell"), confidence: row.get("confidence"), why: row.text("why") })
        }),
        status: fields.some_text("status"),
        links: record.links.clone(),
        origin: Origin::of(record),
    })
}

pub(super) fn round(record: &Record, faults: &mut Vec<ViewFault>) -> Option<Round> {
    let mut fields = Fields::of(record, faults);
    Some(Round {
        fiscal_year: fields.need("fiscal_year")?,
        opened_on: date(&mut fields, "opened_on"),
        closed_on: date(&mut fields, "closed_on"),
        asked: fields.table("ministries", |row| Some((row.text("ministry"), date(row, "answered_on")))),
        origin: Origin::of(record),
    })
}

fn quoted(row: &mut Fields<'_, '_>) -> Option<QuotedBudget> {
    Some(QuotedBudget {
        column: row.need("column")?,
        programme: row.text("programme"),
        activity: row.some_text("activity"),
        amount: amount(row)?,
        as_printed: row.text("as_printed"),
    })
}

/// The columns `fiscal_year, kind, yen, within, repeated`, which budget lines and quoted budgets share.
pub(super) fn amount(row: &mut Fields<'_, '_>) -> Option<Amount> {
    Some(Amount {
        fiscal_year: row.need("fiscal_year")?,
        kind: row.get("kind").unwrap_or(BudgetKind::Unlabelled),
        yen: row.need::<Yen>("yen")?,
        within: row.get("within").unwrap_or(false),
        repeated: row.get("repeated").unwrap_or(false),
    })
}

/// A row whose reader quoted no budgets is read here, so that rows typed by hand count the same.
fn read_from_text(results: &str, plans: &str) -> Vec<QuotedBudget> {
    let of = |column, text: &str| {
        crate::budget_text::find(text).into_iter().map(move |found| QuotedBudget {
            column,
            programme: found.programme.unwrap_or_default(),
            activity: (!found.activities.is_empty()).then(|| found.activities.join("、")),
            amount: found.amount,
            as_printed: found.as_printed,
        })
    };
    of(Column::Results, results).chain(of(Column::Plans, plans)).collect()
}

fn marks(fields: &mut Fields<'_, '_>) -> Marks {
    let as_printed = fields.text("ministries_as_printed");
    let listed = fields.table("ministries", |row| {
        Some(Mark { ministry: row.text("ministry"), lead: row.get("lead").unwrap_or(false) })
    });
    if listed.is_empty() { crate::ministry::parse(&as_printed) } else { Marks::listed(as_printed, listed) }
}
