//! Closing a round: the answers become the rows of the year. Several ministries' answers to one row are put together in
//! the order of the marks, each under its ministry's name; what nobody answered says so, and nothing is filled in.

use base::text::name_key;
use base::{Missing, Names, Reported, Source};
use jiff::civil::Date;
use register::{Belief, Link, Record, RecordId, RecordRef, RegisterId};
use serde_json::{Value, json};

use super::answer::{Answer, not_answered, printed};
use super::asked::{Asked, RoundRecord, Subject, goal_of};
use super::standing::{is_answered, standing};
use super::{ROW, RoundError, Rounds};
use crate::budget_text;

/// A round that was closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// The rows of the year and the round's record, to be stored in one write.
    pub records: Vec<Record>,
    /// Rows written.
    pub rows: usize,
    /// Of these, rows with an answer missing.
    pub not_answered: usize,
    /// What a person should know.
    pub notes: Vec<Names>,
}

pub(super) fn close(
    rounds: &Rounds<'_>,
    round: &RoundRecord,
    today: Date,
    force: bool,
) -> Result<Closed, RoundError> {
    let asked = rounds.asked(round);
    let open: Vec<&Asked<'_>> = asked.iter().filter(|asked| is_owed(rounds, round, asked)).collect();
    if !open.is_empty() && !force {
        let by_ministry = standing(rounds, round, today).ministries;
        let by_ministry = by_ministry.into_iter().map(|standing| (standing.ministry.ja, standing.open.len()));
        return Err(RoundError::Unanswered {
            fiscal_year: round.fiscal_year,
            rows: open.len(),
            open: by_ministry.filter(|(_, open)| *open > 0).collect(),
        });
    }
    let mut records = Vec::new();
    for (index, asked) in asked.iter().enumerate() {
        let answers = rounds.answers_to(round, asked);
        // A measure that nobody has ever carried, and nobody claims now, stays without a row: it is silent.
        if matches!(asked.subject, Subject::Silent(_)) && answers.is_empty() {
            continue;
        }
        records.push(row(rounds, round, asked, &answers, index, today)?);
    }
    let rows = records.len();
    let mut record = round.with_ministries();
    record.state = Some("closed".to_owned());
    record.set("closed_on", today);
    records.push(record);
    Ok(Closed { records, rows, not_answered: open.len(), notes: notes(rounds, round, &asked) })
}

/// Whether an answer to a row is still waited for. A measure of the plan that nobody has carried so far is owed by
/// nobody.
fn is_owed(rounds: &Rounds<'_>, round: &RoundRecord, asked: &Asked<'_>) -> bool {
    matches!(asked.subject, Subject::Row(_)) && !is_answered(rounds, round, asked)
}

type Answers<'a> = [(String, Option<&'a Answer>)];

fn row(
    rounds: &Rounds<'_>,
    round: &RoundRecord,
    asked: &Asked<'_>,
    answers: &Answers<'_>,
    index: usize,
    today: Date,
) -> Result<Record, RoundError> {
    let given: Vec<&Answer> = answers.iter().filter_map(|(_, answer)| *answer).collect();
    let mut record = Record::new(RegisterId::new(ROW)?, row_id(round, asked)?, Source::default());
    record.sources = given.iter().flat_map(|answer| answer.sources.clone()).collect();
    if record.sources.is_empty() {
        let nobody = Source { on: Some(today), ..Source::document(round.reference()) };
        record.sources.push(nobody);
    }
    record.set("fiscal_year", round.fiscal_year).set("order", i64::try_from(index).unwrap_or(i64::MAX) + 1);
    carry_over(rounds, asked, &given, &mut record);
    record.set("results", merged(&given, |answer| &answer.results));
    record.set("plans", merged(&given, |answer| &answer.plans));
    record.set("budgets", budgets(round, &given));
    record.set("status", status(&given));
    let missing = answers.iter().filter(|(_, answer)| answer.is_none());
    let doubts = missing.map(|(ministry, _)| {
        let words = not_answered(ministry);
        json!({ "cell": "row", "why": format!("{} / {}", words.ja, words.en) })
    });
    let doubts: Vec<Value> = doubts.collect();
    record.set("doubts", (!doubts.is_empty()).then_some(doubts));
    for answer in given {
        let why = format!("{}の回答", answer.ministry);
        record.links.push(link("compiled-from", &answer.record, why, answer.sources.first()));
    }
    Ok(record)
}

/// The same measure keeps the same name behind the year.
fn row_id(round: &RoundRecord, asked: &Asked<'_>) -> Result<RecordId, RoundError> {
    let last = format!("fy{}.", round.based_on.western());
    let old = asked.key.record.as_str();
    let measure = old.strip_prefix(&last).unwrap_or(old);
    Ok(RecordId::new(format!("fy{}.{measure}", round.fiscal_year.western()))?)
}

/// What the row is about: from the row before, or from the plan.
fn carry_over(rounds: &Rounds<'_>, asked: &Asked<'_>, given: &[&Answer], record: &mut Record) {
    match asked.subject {
        Subject::Row(row) => {
            if let Some(before) = rounds.recorded.get(&asked.key) {
                for field in ["generation", "vision", "ministries", "ministries_as_printed"] {
                    record.set(field, before.fields.get(field));
                }
            }
            record
                .set("goal", text(&row.goal))
                .set("heading", text(&row.heading))
                .set("measure", &row.measure);
            if !record.fields.contains_key("ministries") {
                let marks = row.marks.ministries.iter();
                let marks = marks.map(|mark| json!({ "ministry": mark.ministry, "lead": mark.lead }));
                record.set("ministries", marks.collect::<Vec<_>>());
                record.set("ministries_as_printed", text(&row.marks.as_printed));
            }
            // Where the old row's own words are incomplete, they are so in the new one.
            let lost = row.incomplete.iter().any(|cell| cell == "measure");
            record.set("incomplete", lost.then_some(["measure"]));
            let why = "様式の行キーが同じ施策を指す".to_owned();
            record.links.push(link("continues", &asked.key, why, None));
            record.links.extend(row.links.iter().filter(|link| link.kind == "serves").cloned());
        }
        Subject::Silent(node) => {
            let generation = node.generation.as_ref().map(|id| format!("plan-generation:{id}"));
            record.set("generation", generation).set("goal", text(&asked.goal(rounds.view)));
            record.set("measure", &node.name.ja);
            let ministries = given.iter().map(|answer| json!({ "ministry": answer.ministry, "lead": false }));
            record.set("ministries", ministries.collect::<Vec<_>>());
            record.links.push(link("serves", &asked.key, "計画の施策として照会した行".to_owned(), None));
            if let Some(goal) = goal_of(rounds.view, node) {
                let part = node.links_of("part-of").find(|link| link.to == goal.origin.record);
                record.links.extend(part.map(|link| Link { kind: "serves".to_owned(), ..link.clone() }));
            }
        }
    }
}

fn link(kind: &str, to: &RecordRef, why: String, source: Option<&Source>) -> Link {
    Link { kind: kind.to_owned(), to: to.clone(), belief: Belief::Stated, why, source: source.cloned() }
}

fn text(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Texts of several ministries under their names, equal ones once. Where all give the same reason for having none,
/// that is the value.
fn merged<'a>(given: &[&'a Answer], column: impl Fn(&'a Answer) -> &'a Reported<String>) -> Reported<String> {
    let mut parts: Vec<(Vec<&str>, &Reported<String>)> = Vec::new();
    for answer in given {
        let value = column(answer);
        match parts.iter_mut().find(|(_, seen)| *seen == value) {
            Some((names, _)) => names.push(&answer.ministry),
            None => parts.push((vec![&answer.ministry], value)),
        }
    }
    match parts.as_slice() {
        [] => Reported::missing(Missing::Unknown),
        [(_, Reported::Missing { missing })] => Reported::missing(*missing),
        [(names, Reported::Value(text))] if names.len() == 1 => Reported::Value(text.clone()),
        parts => {
            let labelled =
                parts.iter().map(|(names, value)| format!("【{}】{}", names.join("、"), printed(value)));
            Reported::Value(labelled.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// Budgets of the two texts and of the budget cell, each once. Those of the budget cell belong to the plans if their
/// money is of a later year than the results.
fn budgets(round: &RoundRecord, given: &[&Answer]) -> Vec<Value> {
    let mut lines: Vec<Value> = Vec::new();
    let mut seen: Vec<(String, base::Amount)> = Vec::new();
    for answer in given {
        let cells = [Some(&answer.results), Some(&answer.plans), answer.budgets.as_ref()];
        for (cell, text) in cells.into_iter().enumerate() {
            for found in
                text.and_then(Reported::value).map(|text| budget_text::find(text)).unwrap_or_default()
            {
                let is_plan = cell == 1 || (cell == 2 && found.amount.fiscal_year > round.fiscal_year);
                // The same money in a text and in the budget cell is one quotation; in results and plans it is two.
                let key = (name_key(found.programme.as_deref().unwrap_or_default()), found.amount);
                if cell == 2 && seen.contains(&key) {
                    continue;
                }
                seen.push(key);
                let line = quotation(if is_plan { "plans" } else { "results" }, &found);
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    lines
}

fn quotation(column: &str, found: &budget_text::BudgetRef) -> Value {
    let mut line = json!({
        "column": column, "fiscal_year": found.amount.fiscal_year, "kind": found.amount.kind,
        "yen": found.amount.yen, "within": found.amount.within, "as_printed": found.as_printed,
    });
    if let Some(programme) = &found.programme {
        line["programme"] = json!(programme);
    }
    if !found.activities.is_empty() {
        line["activity"] = json!(found.activities.join("、"));
    }
    line
}

/// The status all agree on, or each under its ministry's name.
fn status(given: &[&Answer]) -> Option<String> {
    let said: Vec<&&Answer> = given.iter().filter(|answer| !answer.status.is_empty()).collect();
    let first = said.first()?;
    if said.len() == given.len() && said.iter().all(|answer| answer.status == first.status) {
        return Some(first.status.clone());
    }
    let each = said.iter().map(|answer| format!("{}：{}", answer.ministry, answer.status));
    Some(each.collect::<Vec<_>>().join("、"))
}

fn notes(rounds: &Rounds<'_>, round: &RoundRecord, asked: &[Asked<'_>]) -> Vec<Names> {
    let mut notes = Vec::new();
    let lost = round.rows.len() - asked.len();
    if lost > 0 {
        notes.push(Names::of(
            format!("照会した{lost}行は記録がなくなっており、行を作れませんでした"),
            format!("{lost} rows that were asked are no longer recorded; no rows were made of them"),
        ));
    }
    let silent = asked.iter().filter(|asked| matches!(asked.subject, Subject::Silent(_)));
    let silent = silent.filter(|asked| rounds.answers_to(round, asked).is_empty()).count();
    if silent > 0 {
        notes.push(Names::of(
            format!("計画の施策{silent}件には、どの府省からも回答がありませんでした。行は作っていません"),
            format!("{silent} measures of the plan were claimed by no ministry; they have no row"),
        ));
    }
    notes
}
