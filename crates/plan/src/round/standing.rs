//! Where a round stands: who has answered, fully, partly or not, which rows are open, and what is overdue.

use base::{FiscalYear, Names};
use jiff::civil::Date;
use serde::Serialize;

use super::Rounds;
use super::asked::{Asked, RoundRecord, Subject, official};
use super::form::{Role, role};

/// How far a ministry has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// Not a row.
    Not,
    /// Some rows.
    Partly,
    /// Every row that is marked with it.
    Fully,
}

impl Extent {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        match self {
            Extent::Not => Names::of("未回答", "not answered"),
            Extent::Partly => Names::of("一部回答", "partly answered"),
            Extent::Fully => Names::of("回答済", "answered"),
        }
    }
}

/// Where a round stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The year of the results.
    pub fiscal_year: FiscalYear,
    /// When it was opened.
    pub opened_on: Option<Date>,
    /// By when forms are due.
    pub deadline: Option<Date>,
    /// Days left; negative when overdue, absent without a deadline.
    pub days_left: Option<i32>,
    /// When it was closed.
    pub closed_on: Option<Date>,
    /// Rows asked.
    pub rows: usize,
    /// Rows to which every ministry marked has answered, or, without marks, any.
    pub answered: usize,
    /// The ministries.
    pub ministries: Vec<MinistryStanding>,
    /// Rows that name no ministry and that nobody has answered yet.
    pub unclaimed: Vec<OpenRow>,
}

/// Where a ministry stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MinistryStanding {
    /// The ministry.
    pub ministry: Names,
    /// How far it has answered.
    pub extent: Extent,
    /// Rows marked with it.
    pub asked: usize,
    /// Of these, rows it has answered.
    pub answered: usize,
    /// The day of its newest answer.
    pub last_answer: Option<Date>,
    /// The file it came in.
    pub form: Option<String>,
    /// Not fully answered, and the deadline is past.
    pub overdue: bool,
    /// Rows it has not answered.
    pub open: Vec<OpenRow>,
}

/// A row without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenRow {
    /// The record it is about.
    pub key: String,
    /// The goal.
    pub goal: String,
    /// The measure.
    pub measure: String,
    /// The ministry is marked ◎.
    pub lead: bool,
    /// A measure of the plan that had no row in the year before.
    pub silent: bool,
}

pub(super) fn standing(rounds: &Rounds<'_>, round: &RoundRecord, today: Date) -> Standing {
    let asked = rounds.asked(round);
    let is_overdue = round.is_open() && round.deadline.is_some_and(|deadline| deadline < today);
    let ministries = round.ministries.iter().map(|listed| {
        let mut standing = ministry(rounds, round, &asked, &listed.ministry);
        standing.overdue = is_overdue && standing.extent != Extent::Fully;
        standing.form = Some(listed.form.clone()).filter(|form| !form.is_empty());
        standing
    });
    let unclaimed = asked.iter().filter(|asked| asked.ministries().is_empty());
    let unclaimed = unclaimed.filter(|asked| rounds.answers_to(round, asked).is_empty());
    Standing {
        fiscal_year: round.fiscal_year,
        opened_on: round.opened_on,
        deadline: round.deadline,
        days_left: round.deadline.map(|deadline| (deadline - today).get_days()),
        closed_on: round.closed_on,
        rows: asked.len(),
        answered: asked.iter().filter(|asked| is_answered(rounds, round, asked)).count(),
        ministries: ministries.collect(),
        unclaimed: unclaimed.map(|asked| open_row(rounds, asked, false)).collect(),
    }
}

/// Whether nobody is waited for any more.
pub(super) fn is_answered(rounds: &Rounds<'_>, round: &RoundRecord, asked: &Asked<'_>) -> bool {
    let answers = rounds.answers_to(round, asked);
    !answers.is_empty() && answers.iter().all(|(_, answer)| answer.is_some())
}

fn ministry(rounds: &Rounds<'_>, round: &RoundRecord, asked: &[Asked<'_>], name: &str) -> MinistryStanding {
    let mut standing = MinistryStanding {
        ministry: official(name),
        extent: Extent::Not,
        asked: 0,
        answered: 0,
        last_answer: None,
        form: None,
        overdue: false,
        open: Vec::new(),
    };
    for asked in asked {
        let Some(role) = role(asked, name) else { continue };
        let answer = rounds.answer(round, &asked.key, name);
        standing.last_answer = standing.last_answer.max(answer.and_then(|answer| answer.answered_on));
        if role == Role::Unmarked {
            continue;
        }
        standing.asked += 1;
        match answer {
            Some(_) => standing.answered += 1,
            None => standing.open.push(open_row(rounds, asked, role == Role::Lead)),
        }
    }
    standing.extent = match (standing.answered, standing.open.len()) {
        (_, 0) => Extent::Fully,
        (0, _) => Extent::Not,
        _ => Extent::Partly,
    };
    standing
}

fn open_row(rounds: &Rounds<'_>, asked: &Asked<'_>, lead: bool) -> OpenRow {
    OpenRow {
        key: asked.key.to_string(),
        goal: asked.goal(rounds.view),
        measure: asked.measure().to_owned(),
        lead,
        silent: matches!(asked.subject, Subject::Silent(_)),
    }
}
