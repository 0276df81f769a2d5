//! Taking a filled form back. Rows are found by their key; a row with a fault is not taken and is echoed, the others
//! are. Taking the same form twice changes nothing; a corrected row replaces the ministry's earlier answer to it.

use std::collections::HashMap;

use base::text::name_key;
use base::{FiscalYear, Source};
use jiff::civil::Date;
use register::{Record, RecordRef};

use super::Rounds;
use super::answer::{Answer, Typed, typed, unread_budget_lines};
use super::asked::{Asked, RoundRecord, official};
use super::error::{Fault, Note, RowError, RowNote};
use super::form::{self, FilledForm, FilledRow, FormColumn, FormYears, REFERENCE, VERSION, digest};
use super::standing::{self, Extent};
use crate::ministry;

/// What came of a filled form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// The ministry, by official name; empty where the form does not tell.
    pub ministry: String,
    /// The years of the round, for headings.
    pub years: Option<FormYears>,
    /// Answers that are new or changed, to be stored.
    pub answers: Vec<Record>,
    /// The round's record where it changes, to be stored with them.
    pub round: Option<Record>,
    /// Rows that say what was said before.
    pub unchanged: usize,
    /// Rows left blank.
    pub blank: usize,
    /// What is wrong.
    pub errors: Vec<RowError>,
    /// What was noticed.
    pub notes: Vec<RowNote>,
}

impl Taken {
    /// Everything to be stored, in one write.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.answers.iter().chain(&self.round)
    }
}

pub(super) fn take(rounds: &Rounds<'_>, form: &FilledForm, today: Date) -> Taken {
    let mut taken = Taken::default();
    match whose(rounds, form, &mut taken) {
        Ok((round, ministry)) => {
            taken.ministry.clone_from(&ministry);
            taken.years = Some(FormYears { results: round.fiscal_year, last: round.based_on });
            let mut taking =
                Taking { rounds, round, asked: rounds.asked(round), form, ministry, today, taken };
            taking.rows();
            taking.note_the_form();
            taking.taken
        }
        Err(fault) => {
            let file = form.file.clone();
            taken.errors.push(RowError {
                file,
                row: None,
                cell: None,
                key: String::new(),
                fault,
                typed: Vec::new(),
            });
            taken
        }
    }
}

/// The round and the ministry a form answers for.
fn whose<'a>(
    rounds: &'a Rounds<'_>,
    form: &FilledForm,
    taken: &mut Taken,
) -> Result<(&'a RoundRecord, String), Fault> {
    if let Some(version) = form.version.filter(|version| *version > VERSION) {
        return Err(Fault::Newer(version));
    }
    let year = form.fiscal_year.or(form.headed_year).ok_or(Fault::NoYear)?;
    let by_id = form.round.as_ref().map(|id| rounds.all.iter().find(|round| round.id == **id));
    let round = by_id.unwrap_or_else(|| rounds.all.iter().find(|round| round.fiscal_year == year));
    let round = round.ok_or_else(|| Fault::NoSuchRound(year.to_string()))?;
    if let Some(found) = wrong_year(form, round.fiscal_year) {
        return Err(Fault::WrongYear { found, expected: round.fiscal_year });
    }
    let ministry = match (&form.ministry, &form.ministry_shown) {
        (Some(hidden), Some(shown)) if !ministry::same(hidden, shown) => {
            return Err(Fault::MinistryDiffers { written_for: hidden.clone(), shown: shown.clone() });
        }
        (Some(name), _) | (None, Some(name)) => official(name.trim()).ja,
        (None, None) => return Err(Fault::NoMinistry),
    };
    if !round.ministries.iter().any(|asked| asked.ministry == ministry) {
        return Err(Fault::NotAsked(ministry));
    }
    if !round.is_open() {
        return Err(Fault::RoundClosed { year: round.fiscal_year, on: round.closed_on });
    }
    if form.rows.is_empty() {
        return Err(Fault::NoRows);
    }
    if form.round.is_none() {
        taken.notes.push(RowNote { row: None, cell: None, note: Note::NoHiddenSheet });
    }
    Ok((round, ministry))
}

fn wrong_year(form: &FilledForm, expected: FiscalYear) -> Option<FiscalYear> {
    [form.fiscal_year, form.headed_year].into_iter().flatten().find(|year| *year != expected)
}

struct Taking<'a, 'r> {
    rounds: &'a Rounds<'r>,
    round: &'a RoundRecord,
    asked: Vec<Asked<'r>>,
    form: &'a FilledForm,
    ministry: String,
    today: Date,
    taken: Taken,
}

impl<'r> Taking<'_, 'r> {
    fn rows(&mut self) {
        let mut seen: HashMap<RecordRef, (usize, String)> = HashMap::new();
        for (index, row) in self.form.rows.iter().enumerate() {
            let asked = match self.which(row) {
                Ok(asked) => asked,
                Err(fault) if row.typed().is_empty() => {
                    // Nothing was typed: a stray row costs nobody anything, a lost key does.
                    if matches!(fault, Fault::UnknownKey(_)) {
                        self.error(row, Some(FormColumn::Key), fault);
                    }
                    continue;
                }
                Err(fault) => {
                    self.error(row, Some(FormColumn::Key), fault);
                    continue;
                }
            };
            if row.typed().is_empty() {
                self.blank(row, &asked);
                continue;
            }
            if let Some((first, place)) = seen.get(&asked.key).cloned() {
                if self.form.rows[first].typed() == row.typed() {
                    self.note(row, None, Note::SameTwice(place));
                } else {
                    self.withdraw(&asked);
                    self.error(row, None, Fault::Duplicate(place));
                }
                continue;
            }
            let place = row.place(FormColumn::Results).unwrap_or_else(|| row.number.to_string());
            seen.insert(asked.key.clone(), (index, format!("{}!{place}", row.sheet)));
            self.compare_reference(row, &asked);
            self.row(row, &asked);
        }
    }

    /// The row of the round that a row of the form answers.
    fn which(&mut self, row: &FilledRow) -> Result<Asked<'r>, Fault> {
        let key = row.text(FormColumn::Key);
        let asked = if key.is_empty() {
            let measure = name_key(row.text(FormColumn::Measure));
            let mut alike = self.asked.iter().filter(|asked| {
                name_key(asked.measure()) == measure && form::role(asked, &self.ministry).is_some()
            });
            let asked = match (alike.next(), alike.next()) {
                (Some(asked), None) if !measure.is_empty() => asked.clone(),
                _ => return Err(Fault::NoKey),
            };
            self.note(row, None, Note::KnownByMeasure);
            asked
        } else {
            let folded = base::text::fold_width(key);
            let found = self.asked.iter().find(|asked| asked.key.to_string() == folded);
            found.cloned().ok_or_else(|| Fault::UnknownKey(key.to_owned()))?
        };
        if form::role(&asked, &self.ministry).is_none() {
            let theirs: Vec<String> = asked.ministries().into_iter().map(|(name, _)| name).collect();
            return Err(Fault::OtherMinistry(theirs.join("、")));
        }
        Ok(asked)
    }

    fn blank(&mut self, row: &FilledRow, asked: &Asked<'_>) {
        self.taken.blank += 1;
        if self.rounds.answer(self.round, &asked.key, &self.ministry).is_some() {
            self.note(row, None, Note::EarlierStands);
        }
    }

    /// Two answers to one row contradict each other: neither is taken.
    fn withdraw(&mut self, asked: &Asked<'_>) {
        let key = asked.key.to_string();
        self.taken.answers.retain(|answer| answer.text("row") != Some(&key));
    }

    fn compare_reference(&mut self, row: &FilledRow, asked: &Asked<'_>) {
        let Some(today) = form::row(self.rounds, self.round, asked, &self.ministry) else { return };
        let went_out = self.form.digests.get(&asked.key.to_string());
        let came_back = digest(REFERENCE.map(|column| row.text(column)));
        if came_back == today.digest() {
            return;
        }
        if went_out == Some(&came_back) {
            self.note(row, None, Note::Outdated);
            return;
        }
        for column in REFERENCE {
            if row.cells.contains_key(&column) && name_key(row.text(column)) != name_key(&today.cell(column))
            {
                let note = Note::ReferenceChanged(column, row.text(column).to_owned());
                self.note(row, Some(column), note);
            }
        }
    }

    /// Judges one row and takes it if nothing is wrong.
    fn row(&mut self, row: &FilledRow, asked: &Asked<'_>) {
        let before = self.taken.errors.len();
        let [results, plans, budgets] = [FormColumn::Results, FormColumn::Plans, FormColumn::Budgets]
            .map(|column| (column, typed(row.text(column))));
        for (column, cell) in [&results, &plans, &budgets] {
            if *cell == Typed::Unclear {
                self.error(row, Some(*column), Fault::Unclear(row.text(*column).to_owned()));
            }
        }
        let years = FormYears { results: self.round.fiscal_year, last: self.round.based_on };
        for (column, cell) in [&results, &plans] {
            if *cell == Typed::Blank {
                self.error(row, Some(*column), Fault::Half { lacking: column.heading(years).ja });
            }
        }
        if matches!(&budgets.1, Typed::Given(value) if value.value().is_some()) {
            for line in unread_budget_lines(row.text(FormColumn::Budgets)) {
                self.error(row, Some(FormColumn::Budgets), Fault::Budget(line));
            }
        }
        let status = self.status(row);
        let (Some(results), Some(plans), Some(status)) = (results.1.given(), plans.1.given(), status) else {
            return;
        };
        if self.taken.errors.len() > before {
            return;
        }
        let Ok(record) = Answer::reference(self.round, &asked.key, &self.ministry) else { return };
        let source = Source {
            said_by: Some(self.ministry.clone()),
            on: Some(self.today),
            ..Source::cell(&self.form.file, format!("{}!{}", row.sheet, row.number))
        };
        let answer = Answer {
            record,
            round: self.round.id.to_string(),
            row: asked.key.clone(),
            ministry: self.ministry.clone(),
            results,
            plans,
            budgets: budgets.1.given(),
            status,
            remarks: row.text(FormColumn::Remarks).to_owned(),
            answered_on: Some(self.today),
            sources: vec![source],
        };
        self.keep(asked, &answer);
    }

    /// The status as the list spells it; empty where none is given, `None` after an error.
    fn status(&mut self, row: &FilledRow) -> Option<String> {
        let found = row.text(FormColumn::Status).to_owned();
        if found.is_empty() {
            return Some(found);
        }
        let known = self.round.statuses.iter().find(|status| name_key(status) == name_key(&found));
        if known.is_none() {
            let known = self.round.statuses.join("・");
            self.error(row, Some(FormColumn::Status), Fault::UnknownStatus { found, known });
            return None;
        }
        known.cloned()
    }

    fn keep(&mut self, asked: &Asked<'_>, answer: &Answer) {
        let earlier = self.rounds.answer(self.round, &asked.key, &self.ministry);
        if earlier.is_some_and(|earlier| earlier.same_as(answer)) {
            self.taken.unchanged += 1;
        } else {
            self.taken.answers.push(answer.to_record(asked.measure()));
        }
    }

    /// Notes in the round's record which form came, and when the ministry's answer became complete.
    fn note_the_form(&mut self) {
        if self.taken.answers.is_empty() {
            return;
        }
        let mut after = self.rounds.clone();
        let given = self.taken.answers.iter().filter_map(Answer::read);
        after.answers.extend(given.map(|answer| (answer.key(), answer)));
        let standing = standing::standing(&after, self.round, self.today);
        let is_complete = standing
            .ministries
            .iter()
            .any(|standing| standing.ministry.ja == self.ministry && standing.extent == Extent::Fully);
        let mut round = self.round.clone();
        if let Some(asked) = round.ministries.iter_mut().find(|asked| asked.ministry == self.ministry) {
            asked.form.clone_from(&self.form.file);
            asked.answered_on = is_complete.then_some(self.today);
        }
        self.taken.round = Some(round.with_ministries());
    }

    fn error(&mut self, row: &FilledRow, column: Option<FormColumn>, fault: Fault) {
        let place = Some((row.sheet.clone(), row.number));
        let is_first = self.taken.errors.last().is_none_or(|error| error.row != place);
        self.taken.errors.push(RowError {
            file: self.form.file.clone(),
            row: place,
            cell: column.and_then(|column| row.place(column)),
            key: row.text(FormColumn::Key).to_owned(),
            fault,
            typed: if is_first { row.typed() } else { Vec::new() },
        });
    }

    fn note(&mut self, row: &FilledRow, column: Option<FormColumn>, note: Note) {
        let cell = column.and_then(|column| row.place(column));
        self.taken.notes.push(RowNote { row: Some((row.sheet.clone(), row.number)), cell, note });
    }
}
