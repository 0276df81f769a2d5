//! A compiler for the plan: numbered findings with severity, place and source. Each rule is a small function
//! and an entry of [`RULES`]; to add one, write it in the file of its subject and list it here.

mod indicators;
mod joins;
mod money;
mod plan;
mod programmes;
mod rows;

use std::collections::BTreeMap;

use base::{Names, Source};
use register::RecordRef;
use serde::Serialize;

pub use plan::REVIEW_NOTICE_DAYS;
pub use rows::{LOW_CONFIDENCE_BELOW, UNCHANGED_YEARS};

use crate::follow_up::{Analysis, Question, analyse};
use crate::view::View;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Something contradicts itself or points nowhere.
    Error,
    /// Something that a person should look into.
    Warning,
    /// Something that a reader should know.
    Note,
}

impl Severity {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        match self {
            Severity::Error => Names::of("誤り", "error"),
            Severity::Warning => Names::of("注意", "warning"),
            Severity::Note => Names::of("参考", "note"),
        }
    }
}

/// A text of the code itself, in two languages.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// As a name.
    pub fn names(self) -> Names {
        Names::of(self.ja, self.en)
    }
}

/// A rule of the compiler.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its number, which never changes its meaning: `S0101`.
    pub code: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
    /// Its name.
    pub name: Text,
    /// What it finds, why that matters, what to do, and where the rule comes from.
    pub explains: Text,
    /// Its search.
    find: fn(&Analysis<'_>) -> Vec<Found>,
}

/// What a rule found, before it gets its number.
struct Found {
    place: Option<RecordRef>,
    sources: Vec<Source>,
    message: Names,
    values: BTreeMap<&'static str, String>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The rule's number.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The record it is about; `None` where it is about the plan as a whole.
    pub place: Option<RecordRef>,
    /// Where that stands.
    pub sources: Vec<Source>,
    /// What was found.
    pub message: Names,
    /// The figures and words in the message, by name.
    pub values: BTreeMap<&'static str, String>,
}

/// All rules, in the order of their numbers.
pub const RULES: &[Rule] = &[
    rows::WITHOUT_ROW,
    rows::UNCHANGED_FOR_YEARS,
    rows::PLANNED_WITHOUT_RESULT,
    rows::RESULT_WITHOUT_PLAN,
    rows::INCOMPLETE,
    rows::LOW_CONFIDENCE,
    rows::UNKNOWN_MINISTRY,
    rows::LEAD_CHANGED,
    rows::NO_LEAD,
    rows::VANISHED,
    rows::RESULTS_REPEATED,
    rows::GOAL_NOT_IN_PLAN,
    rows::SAME_MEASURE_ONLY_SUGGESTED,
    money::TOTAL_DISAGREES,
    money::TOTAL_WITHIN_ROUNDING,
    money::DOCUMENT_AND_SHEET_DISAGREE,
    money::GROWTH_REFUSED,
    money::ONLY_WITHIN,
    money::EXECUTION_ZERO,
    money::EXECUTION_NOT_YET,
    money::SHEETS_CONTRADICT,
    money::MONEY_OF_ANOTHER_YEAR,
    joins::GOAL_WITHOUT_PROGRAMME,
    joins::UNCONFIRMED,
    joins::NAMES_PLAN_SERVES_NOTHING,
    joins::LOOK_ALIKE_LAW,
    joins::NAMED_WITHOUT_SHEET,
    joins::DECISION_ON_NOTHING,
    programmes::ENDED_WITHOUT_SUCCESSOR,
    programmes::DUPLICATE_NAME,
    programmes::NO_OUTCOME,
    programmes::NO_OUTCOME_WITH_REASON,
    programmes::TARGET_MISSED,
    plan::DRAFT_AS_BASIS,
    plan::TREE_FROM_DRAFT,
    plan::REVIEW_DUE,
    plan::UNDECIDED_LINKS,
    plan::SUGGESTED_LINKS,
    plan::DANGLING_LINK,
    plan::PRINTED_COUNT,
    plan::UNREADABLE,
    indicators::KGI_WITHOUT_DATA,
    indicators::KGI_PROVISIONAL,
    indicators::DEVICE_UNDETERMINED,
    indicators::SUPPLY_OVERDUE,
];

/// Checks the plan. Errors first, then by number and place.
pub fn check(view: &View, question: &Question) -> Vec<Finding> {
    findings(&analyse(view, question))
}

/// Checks what has been analysed already.
pub fn findings(analysis: &Analysis<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES
        .iter()
        .flat_map(|rule| {
            (rule.find)(analysis).into_iter().map(|found| Finding {
                code: rule.code,
                severity: rule.severity,
                place: found.place,
                sources: found.sources,
                message: found.message,
                values: found.values,
            })
        })
        .collect();
    findings.sort_by(|a, b| {
        (a.severity, a.code, &a.place, &a.message).cmp(&(b.severity, b.code, &b.place, &b.message))
    });
    findings
}

/// A rule by its number, in any case.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code.trim()))
}

impl Found {
    fn at(place: &RecordRef, sources: &[Source], message: Names) -> Self {
        Found { place: Some(place.clone()), sources: sources.to_vec(), message, values: BTreeMap::new() }
    }
    fn whole(sources: Vec<Source>, message: Names) -> Self {
        Found { place: None, sources, message, values: BTreeMap::new() }
    }
    #[allow(clippy::needless_pass_by_value, reason = "figures and references alike are handed over")]
    fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.values.insert(name, value.to_string());
        self
    }
}

/// The beginning of a long text, for a message.
fn short(text: &str) -> String {
    const LONGEST: usize = 32;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
