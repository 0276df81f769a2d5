//! One ministry's answer to one row: typed words into values with reasons, and to and from records.

use base::{Missing, Names, Reported, Source};
use jiff::civil::Date;
use register::id::NotAnId;
use register::{Record, RecordId, RecordRef, RegisterId};

use super::ANSWER;
use super::asked::{RoundRecord, official};
use super::form::{Entry, digest};
use crate::budget_text;

/// What a ministry answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub record: RecordRef,
    pub round: String,
    pub row: RecordRef,
    pub ministry: String,
    pub results: Reported<String>,
    pub plans: Reported<String>,
    pub budgets: Option<Reported<String>>,
    pub status: String,
    pub remarks: String,
    pub answered_on: Option<Date>,
    pub sources: Vec<Source>,
}

/// What was typed into a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Typed {
    /// Nothing: not answered.
    Blank,
    /// A dash, which may mean either "none" or "not answered".
    Unclear,
    /// A text, or one of the words for having none.
    Given(Reported<String>),
}

impl Typed {
    pub(super) fn given(self) -> Option<Reported<String>> {
        match self {
            Typed::Given(value) => Some(value),
            Typed::Blank | Typed::Unclear => None,
        }
    }
}

/// Words by which a cell says that there is none, or that it is not known yet.
const NONE: [&str; 8] = ["該当なし", "該当無し", "該当ありません", "なし", "無し", "無", "特になし", "none"];
const NOT_YET: [&str; 4] = ["未定", "調整中", "未確定", "notyet"];

/// Reads what was typed into a cell.
pub(super) fn typed(text: &str) -> Typed {
    let key = base::text::name_key(text);
    let word = key.trim_matches(['(', ')', '。', '・', '.']);
    match word {
        "" if text.trim().is_empty() => Typed::Blank,
        _ if word.chars().all(|c| matches!(c, '-' | 'ー' | '─' | '/' | '~' | '*')) => Typed::Unclear,
        _ if NONE.contains(&word) => Typed::Given(Reported::missing(Missing::None)),
        _ if NOT_YET.contains(&word) => Typed::Given(Reported::missing(Missing::NotYet)),
        _ => Typed::Given(Reported::Value(text.trim().to_owned())),
    }
}

/// What stands in a cell for a value.
pub(super) fn printed(value: &Reported<String>) -> String {
    match value {
        Reported::Value(text) => text.clone(),
        Reported::Missing { missing: Missing::Unknown } => String::new(),
        Reported::Missing { missing: Missing::NotYet } => "未定".to_owned(),
        Reported::Missing { missing: Missing::None } => "該当なし".to_owned(),
        Reported::Missing { missing } => missing.names().ja,
    }
}

/// Lines of a budget cell in which no budget can be read.
pub(super) fn unread_budget_lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.filter(|line| budget_text::find(line).is_empty()).map(str::to_owned).collect()
}

impl Answer {
    /// `None` where the record lacks round, row or ministry.
    pub(super) fn read(record: &Record) -> Option<Self> {
        let text = |field: &str| record.text(field).unwrap_or_default().to_owned();
        Some(Answer {
            record: record.reference(),
            round: record
                .text("round")?
                .split_once(':')
                .map_or_else(|| text("round"), |(_, id)| id.to_owned()),
            row: record.text("row")?.parse().ok()?,
            ministry: official(record.text("ministry")?).ja,
            results: record.read("results").unwrap_or_default(),
            plans: record.read("plans").unwrap_or_default(),
            budgets: record.read("budgets"),
            status: text("status"),
            remarks: text("remarks"),
            answered_on: record.text("answered_on").and_then(|day| base::date::parse(day).ok()),
            sources: record.sources.clone(),
        })
    }

    /// By what it is found: round, row, ministry.
    pub(super) fn key(&self) -> (String, RecordRef, String) {
        (self.round.clone(), self.row.clone(), self.ministry.clone())
    }

    /// The record's id and name for an answer.
    pub(super) fn reference(
        round: &RoundRecord,
        row: &RecordRef,
        ministry: &str,
    ) -> Result<RecordRef, NotAnId> {
        let allowed = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
        let full = format!("{}.{}.{ministry}", round.id, row.record);
        let mut id: String = full.chars().map(allowed).collect();
        if id.len() > 200 {
            id = format!("{}.{}", round.id, digest([full.as_str()]));
        }
        Ok(RecordRef { register: RegisterId::new(ANSWER)?, record: RecordId::new(id)? })
    }

    /// The same answer, whenever and in whatever file it was given.
    pub(super) fn same_as(&self, other: &Answer) -> bool {
        let content = |answer: &Answer| {
            let Answer { results, plans, budgets, status, remarks, .. } = answer.clone();
            (answer.key(), results, plans, budgets, status, remarks)
        };
        content(self) == content(other)
    }

    /// The entry cells that say this.
    pub(super) fn entry(&self) -> Entry {
        Entry {
            results: printed(&self.results),
            plans: printed(&self.plans),
            budgets: self.budgets.as_ref().map(printed).unwrap_or_default(),
            status: self.status.clone(),
            remarks: self.remarks.clone(),
        }
    }

    /// As a record.
    pub(super) fn to_record(&self, title: &str) -> Record {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut record = Record {
            register: self.record.register.clone(),
            id: self.record.record.clone(),
            state: None,
            fields: serde_json::Map::new(),
            links: Vec::new(),
            sources: self.sources.clone(),
        };
        record.set("round", format!("{}:{}", super::ROUND, self.round)).set("row", &self.row);
        record.set("measure", text(title)).set("ministry", &self.ministry);
        record.set("results", &self.results).set("plans", &self.plans).set("budgets", &self.budgets);
        record.set("status", text(&self.status)).set("remarks", text(&self.remarks));
        record.set("answered_on", self.answered_on);
        record
    }
}

/// The words for a ministry that has not answered.
pub(super) fn not_answered(ministry: &str) -> Names {
    Names::of(
        format!("未回答：{ministry}"),
        format!("not answered by {}", official(ministry).get(base::Lang::En)),
    )
}
