//! Opening a round: which rows are asked, of which ministries, and what should give pause.

use base::{FiscalYear, Names, Source};
use jiff::civil::Date;
use register::{Record, RecordId, RecordRef, RegisterId};
use serde_json::json;

use super::asked::{Asked, RoundRecord, Subject, silent};
use super::form::Form;
use super::{ROUND, RoundError, Rounds};
use crate::generation::in_force;

/// The statuses offered where nobody configures others. They are ours: the plan's documents print none.
pub const STATUSES: [&str; 5] = ["実施", "一部実施", "未実施", "終了", "検討中"];

/// What is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The fiscal year of the results.
    pub fiscal_year: FiscalYear,
    /// The day of opening.
    pub today: Date,
    /// By when forms are due. No document lays a term down: it is configuration.
    pub deadline: Option<Date>,
    /// Whom forms are returned to.
    pub return_to: String,
    /// The statuses to choose from.
    pub statuses: Vec<String>,
}

impl Ask {
    /// A year, with the statuses as shipped and no deadline.
    pub fn of(fiscal_year: FiscalYear, today: Date) -> Self {
        let statuses = STATUSES.map(str::to_owned).to_vec();
        Ask { fiscal_year, today, deadline: None, return_to: String::new(), statuses }
    }
}

/// A round that was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// Its record, to be stored.
    pub round: Record,
    /// One form per ministry, in the order in which the table first names them.
    pub forms: Vec<Form>,
    /// What should give pause, and stops nothing.
    pub warnings: Vec<Names>,
}

pub(super) fn open(rounds: &Rounds<'_>, ask: &Ask) -> Result<Opened, RoundError> {
    let fiscal_year = ask.fiscal_year;
    let last = refusals(rounds, ask)?;
    let mut keys: Vec<RecordRef> = rounds.view.rows_of(last).map(|row| row.origin.record.clone()).collect();
    if let Some(generation) = in_force(rounds.view, ask.today) {
        let unheard = silent(rounds.view, generation.origin.id(), last);
        keys.extend(unheard.into_iter().map(|node| node.origin.record.clone()));
    }
    let ministries = ministries(rounds, &keys);
    if ministries.is_empty() {
        return Err(RoundError::NobodyToAsk { last });
    }
    let source =
        Source { on: Some(ask.today), ..Source::document(format!("{ROUND}:fy{}", fiscal_year.western())) };
    let id = RecordId::new(format!("fy{}", fiscal_year.western()))?;
    let mut record = Record::new(RegisterId::new(ROUND)?, id, source);
    record.state = Some("open".to_owned());
    record.set("fiscal_year", fiscal_year).set("based_on", last).set("opened_on", ask.today);
    record.set("deadline", ask.deadline).set("statuses", &ask.statuses).set("rows", &keys);
    record.set("return_to", Some(&ask.return_to).filter(|text| !text.is_empty()));
    record.set("ministries", ministries.iter().map(|name| json!({ "ministry": name })).collect::<Vec<_>>());
    let round = RoundRecord::read(&record).ok_or(RoundError::NotOpened { fiscal_year })?;
    Ok(Opened {
        forms: rounds.forms_of(&round),
        warnings: warnings(rounds, ask, last, &round),
        round: record,
    })
}

/// The year whose rows are put before the ministries, unless something speaks against opening.
fn refusals(rounds: &Rounds<'_>, ask: &Ask) -> Result<FiscalYear, RoundError> {
    let fiscal_year = ask.fiscal_year;
    match rounds.round(fiscal_year) {
        Ok(round) if round.is_open() => return Err(RoundError::AlreadyOpen { fiscal_year }),
        Ok(round) => return Err(RoundError::Closed { fiscal_year, on: round.closed_on }),
        Err(_) => {}
    }
    let count = rounds.view.rows_of(fiscal_year).count();
    if count > 0 {
        return Err(RoundError::RowsThere { fiscal_year, count });
    }
    if let Some(deadline) = ask.deadline.filter(|deadline| *deadline < ask.today) {
        return Err(RoundError::DeadlinePassed { deadline, today: ask.today });
    }
    let years = rounds.view.rows.iter().map(|row| row.fiscal_year);
    years.filter(|year| *year < fiscal_year).max().ok_or(RoundError::NothingToStartFrom { fiscal_year })
}

fn ministries(rounds: &Rounds<'_>, keys: &[RecordRef]) -> Vec<String> {
    let mut names = Vec::new();
    for asked in keys.iter().filter_map(|key| Asked::find(rounds.view, key)) {
        for (name, _) in asked.ministries() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn warnings(rounds: &Rounds<'_>, ask: &Ask, last: FiscalYear, round: &RoundRecord) -> Vec<Names> {
    let year = ask.fiscal_year;
    let mut warnings = Vec::new();
    let mut warn = |ja: String, en: String| warnings.push(Names::of(ja, en));
    for (open, _) in rounds.years().filter(|(other, open)| *open && *other != year) {
        warn(
            format!("{}の進捗確認がまだ開いています", open.japanese()),
            format!("the round of {open} is still open"),
        );
    }
    if last != year.previous() {
        warn(
            format!("{}の行がないため、{}の行から作りました", year.previous().japanese(), last.japanese()),
            format!("there are no rows of {}; the forms start from {last}", year.previous()),
        );
    }
    if year > FiscalYear::of(ask.today) {
        warn(format!("{}はまだ始まっていません", year.japanese()), format!("{year} has not begun yet"));
    }
    let asked = rounds.asked(round);
    let unmarked = |subject: fn(&Subject<'_>) -> bool| {
        asked.iter().filter(|asked| subject(&asked.subject) && asked.ministries().is_empty()).count()
    };
    let (rows, silent) = (
        unmarked(|subject| matches!(subject, Subject::Row(_))),
        unmarked(|subject| matches!(subject, Subject::Silent(_))),
    );
    if rows > 0 {
        warn(
            format!("{rows}行に担当府省の印がありません。全府省の様式に載せました"),
            format!("{rows} rows name no ministry; they stand in every form"),
        );
    }
    if silent > 0 {
        warn(
            format!("計画の施策のうち{silent}件は前回の表に行がありません。全府省の様式に載せました"),
            format!("{silent} measures of the plan had no row; they stand in every form"),
        );
    }
    warnings
}
