//! The yearly round: a fiscal year is opened, every ministry is asked by a form, the filled forms are taken back, and
//! the round is closed into rows of the follow-up. What a form looks like as a file is not known here (writer:
//! `report::round_form`, reader: `intake::round_form`). Decisions and reasons: `docs/design/0006-yearly-round.md`.

mod answer;
mod asked;
mod close;
mod error;
mod form;
mod open;
mod standing;
mod take;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use base::FiscalYear;
use jiff::civil::Date;
use register::{Record, RecordRef};

pub use close::Closed;
pub use error::{Fault, Note, RoundError, RowError, RowNote};
pub use form::{
    ENTRY_SHEET, Entry, FilledForm, FilledRow, Form, FormColumn, FormRow, FormYears, HIDDEN_MARK,
    HIDDEN_SHEET, MINISTRY_LABEL, Role, VERSION,
};
pub use open::{Ask, Opened, STATUSES};
pub use standing::{Extent, MinistryStanding, OpenRow, Standing};
pub use take::Taken;

use crate::view::View;
use answer::Answer;
use asked::{Asked, RoundRecord};

/// The register of rounds.
pub(crate) const ROUND: &str = "follow-up-round";
/// The register of answers.
pub(crate) const ANSWER: &str = "follow-up-answer";
/// The register of rows.
pub(crate) const ROW: &str = "follow-up-row";

/// All rounds and the answers given in them, as the records say. Every question about a round is asked here;
/// whatever changes comes back as records for the caller to store.
#[derive(Clone, Debug)]
pub struct Rounds<'r> {
    view: &'r View,
    all: Vec<RoundRecord>,
    answers: HashMap<(String, RecordRef, String), Answer>,
    recorded: HashMap<RecordRef, &'r Record>,
}

impl<'r> Rounds<'r> {
    /// Reads the records of `follow-up-round`, `follow-up-answer` and `follow-up-row`; others are passed over, so
    /// that the records of the view can be given as they are.
    pub fn of(view: &'r View, records: impl IntoIterator<Item = &'r Record>) -> Self {
        let mut rounds = Rounds { view, all: Vec::new(), answers: HashMap::new(), recorded: HashMap::new() };
        for record in records {
            match record.register.as_str() {
                ROUND => rounds.all.extend(RoundRecord::read(record)),
                ANSWER => rounds.answers.extend(Answer::read(record).map(|answer| (answer.key(), answer))),
                ROW => {
                    rounds.recorded.insert(record.reference(), record);
                }
                _ => {}
            }
        }
        rounds.all.sort_by_key(|round| round.fiscal_year);
        rounds
    }

    /// Fiscal years that have a round, oldest first, and whether it is open.
    pub fn years(&self) -> impl Iterator<Item = (FiscalYear, bool)> {
        self.all.iter().map(|round| (round.fiscal_year, round.is_open()))
    }
    /// Opens a round: the record to store and one form per ministry.
    pub fn open(&self, ask: &Ask) -> Result<Opened, RoundError> {
        open::open(self, ask)
    }
    /// The forms of an open round once more; what a ministry has answered so far stands in its entry cells.
    pub fn forms(&self, fiscal_year: FiscalYear) -> Result<Vec<Form>, RoundError> {
        let round = self.open_round(fiscal_year)?;
        Ok(self.forms_of(round))
    }
    /// Takes a filled form back: the answers that are new or changed, and everything that is wrong, row by row.
    pub fn take(&self, form: &FilledForm, today: Date) -> Taken {
        take::take(self, form, today)
    }
    /// Who has answered, fully, partly or not, and what is overdue.
    pub fn standing(&self, fiscal_year: FiscalYear, today: Date) -> Result<Standing, RoundError> {
        Ok(standing::standing(self, self.round(fiscal_year)?, today))
    }
    /// Closes a round into the rows of its year. With rows unanswered it does so only if `force` is set; those
    /// rows then say that nobody has answered.
    pub fn close(&self, fiscal_year: FiscalYear, today: Date, force: bool) -> Result<Closed, RoundError> {
        close::close(self, self.open_round(fiscal_year)?, today, force)
    }

    fn round(&self, fiscal_year: FiscalYear) -> Result<&RoundRecord, RoundError> {
        let found = self.all.iter().find(|round| round.fiscal_year == fiscal_year);
        found.ok_or(RoundError::NotOpened { fiscal_year })
    }

    fn open_round(&self, fiscal_year: FiscalYear) -> Result<&RoundRecord, RoundError> {
        let round = self.round(fiscal_year)?;
        if round.is_open() { Ok(round) } else { Err(RoundError::Closed { fiscal_year, on: round.closed_on }) }
    }

    fn answer(&self, round: &RoundRecord, row: &RecordRef, ministry: &str) -> Option<&Answer> {
        self.answers.get(&(round.id.to_string(), row.clone(), ministry.to_owned()))
    }

    /// The rows a round asks, in the order of the table; rows that the view no longer has are left out.
    fn asked(&self, round: &RoundRecord) -> Vec<Asked<'r>> {
        round.rows.iter().filter_map(|key| Asked::find(self.view, key)).collect()
    }

    /// The ministries whose answers one row waits for, in the order of its marks, and the answers. A row without
    /// marks waits for nobody in particular: whoever answered it is listed.
    fn answers_to(&self, round: &RoundRecord, asked: &Asked<'_>) -> Vec<(String, Option<&Answer>)> {
        let marked = asked.ministries();
        if marked.is_empty() {
            let all = round.ministries.iter().map(|asked| asked.ministry.clone());
            let given = all.map(|ministry| (self.answer(round, &asked.key, &ministry), ministry));
            return given.filter_map(|(answer, ministry)| Some((ministry, Some(answer?)))).collect();
        }
        let owed =
            marked.into_iter().map(|(ministry, _)| (self.answer(round, &asked.key, &ministry), ministry));
        owed.map(|(answer, ministry)| (ministry, answer)).collect()
    }

    fn forms_of(&self, round: &RoundRecord) -> Vec<Form> {
        let asked = self.asked(round);
        round.ministries.iter().map(|ministry| form::form(self, round, &asked, &ministry.ministry)).collect()
    }
}
