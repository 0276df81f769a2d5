//! Saving rows of a form: one, or all that were touched. What cannot be saved stays as it was typed, as a draft and on the page.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{FiscalYear, Names};
use plan::round::{Entry, FormColumn, Taken};
use register::{Record, Sight};
use store::{By, Change};
use tokio::task::JoinSet;

use super::form::{Fate, Sheet, Typed, column_at, typed};
use super::keep::keep_rows;
use super::show::{Told, shown};
use super::{ANSWER, must_answer_for, path, with_rounds, year};
use crate::cx::Cx;
use crate::desk::Reading;
use crate::failure::Failure;
use crate::work::drafts;
use crate::work::posted::{Posted, see, with_status};

/// What a button of the form asks for.
enum Ask {
    /// Save every touched row.
    All,
    /// Save one row; what was typed into the others is kept as drafts.
    Row(usize),
    /// Put last year's words into a row's empty cells, as a draft.
    Copy(usize),
}

impl Ask {
    fn of(posted: &Posted) -> Ask {
        let number = |text: &str| text.parse().ok();
        let row = number(posted.text("row")).map(Ask::Row);
        row.or_else(|| number(posted.text("copy")).map(Ask::Copy)).unwrap_or(Ask::All)
    }
    fn saves(&self, row: &Typed) -> bool {
        match self {
            Ask::All => true,
            Ask::Row(number) => *number == row.number,
            Ask::Copy(_) => false,
        }
    }
}

/// The typed rows, sorted by what is to become of them.
#[derive(Default)]
struct Sorted {
    /// To be saved, each in the place of a version.
    save: Vec<(Typed, u64)>,
    /// Somebody else was first.
    conflict: Vec<Typed>,
    /// Touched and not asked to be saved now.
    later: Vec<Typed>,
    /// Nothing to do: what is kept of them as a draft may go.
    leave: Vec<String>,
    /// What the engine says of those to be saved.
    taken: Taken,
}

/// Saves rows of a form.
pub(super) async fn save(
    cx: Cx,
    Path((fy, ministry)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Failure> {
    must_answer_for(&cx, &ministry)?;
    let (year, rows, ask) = (year(&fy)?, typed(&posted), Ask::of(&posted));
    let place = path(year, &ministry);
    let (sheet, mut sorted) = sort(&cx, year, &ministry, rows, &ask).await?;
    // What is not saved by the end of this is a draft before anything else happens.
    keep_rows(&cx, &sheet, &place, &sorted.later).await?;
    keep_rows(&cx, &sheet, &place, &sorted.conflict).await?;
    let mut told = faults(&sorted);
    let refused: Vec<Typed> = sorted
        .save
        .iter()
        .filter(|(row, _)| told.contains_key(&row.key))
        .map(|(row, _)| row.clone())
        .collect();
    keep_rows(&cx, &sheet, &place, &refused).await?;
    if let Some(whole) = sorted.taken.errors.iter().find(|error| error.row.is_none()) {
        keep_rows(&cx, &sheet, &place, &sorted.save.iter().map(|(row, _)| row.clone()).collect::<Vec<_>>())
            .await?;
        return Err(Failure::Bad(whole.fault.names()));
    }
    let (saved, lost) = write(&cx, &sheet, &ministry, &mut sorted).await?;
    keep_rows(&cx, &sheet, &place, &lost).await?;
    let count = saved.len();
    drafts::forget(&cx, &place, saved.into_iter().chain(sorted.leave).collect()).await?;
    for row in sorted.conflict.iter().chain(&lost) {
        told.entry(row.key.clone()).or_default().conflict = true;
    }
    if told.is_empty() {
        let anchor = match ask {
            Ask::All => String::new(),
            Ask::Row(number) | Ask::Copy(number) => format!("#r{number}"),
        };
        return Ok(see(&cx, &format!("{place}?saved={count}{anchor}")));
    }
    let status = if told.values().any(|told| told.conflict) {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = shown(&cx, year, &ministry, count, &told).await?;
    Ok(with_status(status, page).into_response())
}

/// Sorts the typed rows, and has the engine judge those to be saved.
async fn sort(
    cx: &Cx,
    year: FiscalYear,
    ministry: &str,
    rows: Vec<Typed>,
    ask: &Ask,
) -> Result<(Sheet, Sorted), Failure> {
    let (ministry, today) = (ministry.to_owned(), cx.today);
    let saves: Vec<bool> = rows.iter().map(|row| ask.saves(row)).collect();
    let copy = match ask {
        Ask::Copy(number) => Some(*number),
        _ => None,
    };
    cx.app
        .desk
        .read(&cx.viewer, move |reading| {
            let sheet = Sheet::read(reading, year, &ministry)?;
            let mut sorted = Sorted::default();
            for (mut row, saves) in rows.into_iter().zip(saves) {
                if sheet.row(&row.key).is_none() {
                    continue;
                }
                if copy == Some(row.number) {
                    copy_last_year(&sheet, &mut row);
                }
                sorted.put(sheet.fate(reading, &row)?, row, saves);
            }
            sorted.taken = judged(reading, &sheet, &sorted, today)?;
            Ok((sheet, sorted))
        })
        .await
}

impl Sorted {
    fn put(&mut self, fate: Fate, row: Typed, saves: bool) {
        match (fate, saves) {
            (Fate::Leave, _) => self.leave.push(row.key),
            (Fate::Save(version), true) => self.save.push((row, version)),
            (Fate::Conflict, true) => self.conflict.push(row),
            (_, false) => self.later.push(row),
        }
    }
}

fn copy_last_year(sheet: &Sheet, row: &mut Typed) {
    let Some((_, asked)) = sheet.row(&row.key) else { return };
    for (cell, last) in
        [(&mut row.entry.results, &asked.last_results), (&mut row.entry.plans, &asked.last_plans)]
    {
        if cell.is_empty() {
            cell.clone_from(last);
        }
    }
}

fn judged(
    reading: &Reading<'_>,
    sheet: &Sheet,
    sorted: &Sorted,
    today: jiff::civil::Date,
) -> Result<Taken, Failure> {
    if sorted.save.is_empty() {
        return Ok(Taken::default());
    }
    let form = sheet.filled(sorted.save.iter().map(|(row, _)| row));
    with_rounds(reading, |rounds| Ok(rounds.take(&form, today)))
}

/// What the engine found wrong, at the rows.
fn faults(sorted: &Sorted) -> BTreeMap<String, Told> {
    let mut told: BTreeMap<String, Told> = BTreeMap::new();
    for error in &sorted.taken.errors {
        if error.row.is_none() {
            continue;
        }
        let column: Option<FormColumn> = error.cell.as_deref().and_then(column_at);
        told.entry(error.key.clone()).or_default().faults.push((column, error.fault.names()));
    }
    for (row, version) in &sorted.save {
        let is_emptied = *version > 0 && row.entry == Entry::default();
        if is_emptied {
            let said = Names::of(
                "空欄にしても保存済みの回答は消えません。ない場合は「該当なし」と書いてください",
                "an emptied row does not remove the saved answer; write 該当なし where there is none",
            );
            told.entry(row.key.clone()).or_default().faults.push((None, said));
        }
    }
    told
}

/// Writes the answers, each for itself: the conflict of one row is not the failure of another. Tells the rows that are
/// saved, and those at which somebody else was quicker.
async fn write(
    cx: &Cx,
    sheet: &Sheet,
    ministry: &str,
    sorted: &mut Sorted,
) -> Result<(Vec<String>, Vec<Typed>), Failure> {
    let name = cx.person()?.name.clone();
    let records: Vec<Record> = std::mem::take(&mut sorted.taken.answers);
    must_be_allowed(cx, sheet, &records)?;
    let mut writing = JoinSet::new();
    let (mut saved, mut lost) = (Vec::new(), Vec::new());
    let answered = |key: &str| records.iter().any(|record| record.text("row") == Some(key));
    let refused = |key: &str| sorted.taken.errors.iter().any(|error| error.key == key);
    // Rows that say in other words what is saved already.
    saved.extend(
        sorted
            .save
            .iter()
            .map(|(row, _)| row)
            .filter(|row| !answered(&row.key) && !refused(&row.key) && row.entry != Entry::default())
            .map(|row| row.key.clone()),
    );
    for record in records {
        let Some((row, version)) = sorted.save.iter().find(|(row, _)| record.text("row") == Some(&row.key))
        else {
            continue;
        };
        let by = By::now(name.clone(), format!("answer of {ministry}"));
        let change = Change::Put { record, expected: Some(*version) };
        let (app, row) = (cx.app.clone(), row.clone());
        writing.spawn(async move { (app.desk.write(by, vec![change]).await, row) });
    }
    while let Some(written) = writing.join_next().await {
        match written.map_err(Failure::broken)? {
            (Ok(_), row) => saved.push(row.key),
            (Err(Failure::Conflict(_)), row) => lost.push(row),
            (Err(failure), row) => {
                keep_rows(cx, sheet, &path(sheet.form.years.results, ministry), &[row]).await?;
                return Err(failure);
            }
        }
    }
    Ok((saved, lost))
}

fn must_be_allowed(cx: &Cx, sheet: &Sheet, records: &[Record]) -> Result<(), Failure> {
    let declaration = cx.app.desk.registry().get(ANSWER).ok_or(Failure::NotFound)?;
    let sight = Sight::of(declaration, &cx.viewer);
    let given = |record: &Record| record.text("row").and_then(|row| sheet.saved(row)).is_some();
    // A ministry's own answer stays its own: whoever may write the new one might write the one before.
    let denied = records.iter().any(|record| {
        let before = given(record).then_some(record);
        !sight.denied(before, Some(record)).is_empty()
    });
    if denied { Err(Failure::Denied) } else { Ok(()) }
}
