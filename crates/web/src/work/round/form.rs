//! A ministry's form as it stands: the rows asked, what is saved of them, what somebody has typed into them, and what is to become
//! of a typed row. The engine judges; here is only told what was touched and by whom.

use std::collections::BTreeMap;

use base::FiscalYear;
use jiff::Timestamp;
use plan::round::{Entry, FilledForm, FilledRow, Form, FormColumn, FormRow, VERSION};
use register::RecordRef;
use store::Query;

use super::{ANSWER, ROUND, said, with_rounds};
use crate::desk::Reading;
use crate::failure::Failure;
use crate::work::posted::Posted;

/// More rows than any round asks: what comes beyond is not read.
const MOST_ROWS: usize = 2000;
/// The sheet of the workbook whose rows these are.
const SHEET: &str = plan::round::ENTRY_SHEET;

/// A ministry's form and what is saved of it.
pub(super) struct Sheet {
    pub(super) form: Form,
    /// By row key.
    pub(super) given: BTreeMap<String, Given>,
}

/// A saved answer.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) reference: RecordRef,
    pub(super) version: u64,
    pub(super) by: String,
    pub(super) at: Timestamp,
    pub(super) entry: Entry,
}

/// A row as it was typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    /// Its number on the page.
    pub(super) number: usize,
    /// The record it is about.
    pub(super) key: String,
    pub(super) entry: Entry,
    /// The version that was looked at while typing.
    pub(super) version: u64,
    /// What was chosen where two texts stood side by side.
    pub(super) choice: Option<Choice>,
    /// The version that stood beside.
    pub(super) seen: u64,
}

/// What was chosen of two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Mine,
    Theirs,
}

/// What is to become of a typed row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing was typed, or what is saved says the same.
    Leave,
    /// To be saved in the place of a version (0: none).
    Save(u64),
    /// Somebody else has saved another text meanwhile.
    Conflict,
}

impl Sheet {
    /// Reads the form of a ministry in an open round.
    pub(super) fn read(reading: &Reading<'_>, year: FiscalYear, ministry: &str) -> Result<Sheet, Failure> {
        let form = with_rounds(reading, |rounds| {
            let forms = rounds.forms(year).map_err(said)?;
            forms.into_iter().find(|form| form.ministry.ja == ministry).ok_or(Failure::NotFound)
        })?;
        let mut given = BTreeMap::new();
        let register = reading.declaration(ANSWER)?.id.clone();
        let pairs = [("round", format!("{ROUND}:{}", form.round)), ("ministry", ministry.to_owned())];
        let filters = pairs.map(|(field, value)| (field.to_owned(), value)).to_vec();
        let query = Query { filters, limit: MOST_ROWS, ..Query::of(register) };
        for seen in reading.list(query)?.items {
            let (Some(row), Some(entry)) = (seen.record.text("row"), Entry::of(&seen.record)) else {
                continue;
            };
            let reference = seen.record.reference();
            let saved = Given { reference, version: seen.version, by: seen.actor, at: seen.at, entry };
            given.insert(row.to_owned(), saved);
        }
        Ok(Sheet { form, given })
    }

    /// The row of a key and its number.
    pub(super) fn row(&self, key: &str) -> Option<(usize, &FormRow)> {
        self.form.rows.iter().enumerate().find(|(_, row)| row.key.to_string() == key)
    }

    /// What is saved of a row.
    pub(super) fn saved(&self, key: &str) -> Option<&Given> {
        self.given.get(key)
    }

    /// What is to become of a typed row.
    pub(super) fn fate(&self, reading: &Reading<'_>, typed: &Typed) -> Result<Fate, Failure> {
        let now = self.saved(&typed.key);
        let version = now.map_or(0, |given| given.version);
        if now.map_or(typed.entry == Entry::default(), |given| same(&given.entry, &typed.entry)) {
            return Ok(Fate::Leave);
        }
        if typed.version == version {
            return Ok(Fate::Save(version));
        }
        if same(&base(reading, now, typed.version)?, &typed.entry) {
            return Ok(Fate::Leave);
        }
        match typed.choice {
            Some(Choice::Theirs) => Ok(Fate::Leave),
            Some(Choice::Mine) if typed.seen == version => Ok(Fate::Save(version)),
            _ => Ok(Fate::Conflict),
        }
    }

    /// The rows as a form that has come back, for the engine to judge. A row's number is that of the page, from 1.
    pub(super) fn filled<'t>(&self, rows: impl IntoIterator<Item = &'t Typed>) -> FilledForm {
        let rows = rows.into_iter().filter_map(|typed| {
            let (_, row) = self.row(&typed.key)?;
            let cell = |column: FormColumn| {
                let text =
                    if column.is_entry() { typed.entry.text(column).to_owned() } else { row.cell(column) };
                (column, (name(column).to_owned(), text))
            };
            let number = u32::try_from(typed.number + 1).unwrap_or(u32::MAX);
            let cells = FormColumn::ALL.into_iter().map(cell).collect();
            Some(FilledRow { sheet: SHEET.to_owned(), number, cells })
        });
        FilledForm {
            file: self.form.file_name().replace(".xlsx", "（画面）"),
            version: Some(VERSION),
            round: Some(self.form.round.clone()),
            fiscal_year: Some(self.form.years.results),
            ministry: Some(self.form.ministry.ja.clone()),
            rows: rows.collect(),
            ..FilledForm::default()
        }
    }
}

/// Whether two rows say the same; blanks around a text say nothing.
pub(super) fn same(a: &Entry, b: &Entry) -> bool {
    FormColumn::ENTRIES.iter().all(|column| a.text(*column).trim() == b.text(*column).trim())
}

/// What was saved at the version that was looked at while typing.
fn base(reading: &Reading<'_>, now: Option<&Given>, version: u64) -> Result<Entry, Failure> {
    let Some(given) = now.filter(|_| version > 0) else { return Ok(Entry::default()) };
    let history = reading.history(&given.reference)?;
    let then = history.iter().find(|entry| entry.version == version).and_then(|entry| entry.record.as_ref());
    Ok(then.and_then(Entry::of).unwrap_or_default())
}

/// The name of an entry column in the page's form.
pub(super) fn name(column: FormColumn) -> &'static str {
    match column {
        FormColumn::Results => "results",
        FormColumn::Plans => "plans",
        FormColumn::Budgets => "budgets",
        FormColumn::Status => "status",
        FormColumn::Remarks => "remarks",
        _ => "row",
    }
}

/// The column of a cell's place, such as `results12`.
pub(super) fn column_at(place: &str) -> Option<FormColumn> {
    let letters = place.trim_end_matches(|c: char| c.is_ascii_digit());
    FormColumn::ENTRIES.into_iter().find(|column| name(*column) == letters)
}

/// The rows a page's form has sent.
pub(super) fn typed(posted: &Posted) -> Vec<Typed> {
    let numbers = posted.pairs().filter_map(|(name, _)| name.strip_prefix("row.")?.parse::<usize>().ok());
    numbers.take(MOST_ROWS).map(|number| typed_row(posted, number)).collect()
}

fn typed_row(posted: &Posted, number: usize) -> Typed {
    let text = |column: FormColumn| posted.text(&format!("{}.{number}", name(column))).to_owned();
    Typed {
        number,
        key: posted.text(&format!("row.{number}")).to_owned(),
        entry: Entry {
            results: text(FormColumn::Results),
            plans: text(FormColumn::Plans),
            budgets: text(FormColumn::Budgets),
            status: text(FormColumn::Status),
            remarks: text(FormColumn::Remarks),
        },
        version: posted.number(&format!("version.{number}")),
        choice: match posted.text(&format!("choice.{number}")) {
            "mine" => Some(Choice::Mine),
            "theirs" => Some(Choice::Theirs),
            _ => None,
        },
        seen: posted.number(&format!("seen.{number}")),
    }
}
