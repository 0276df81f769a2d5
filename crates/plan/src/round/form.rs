//! The form put before a ministry, and the form as it came back. Headings and the words by which a reader finds them
//! again stand side by side here, so that writer and reader cannot drift apart.

use std::collections::BTreeMap;

use base::text::{fold_width, name_key};
use base::{FiscalYear, Names};
use jiff::civil::Date;
use register::{Record, RecordRef};

use super::Rounds;
use super::asked::{Asked, RoundRecord, Subject, official};

/// The version of the form's layout, written into every form.
pub const VERSION: u32 = 1;

/// The sheet that the ministry fills in.
pub const ENTRY_SHEET: &str = "記入様式";
/// The hidden sheet that tells a returned form from any other workbook.
pub const HIDDEN_SHEET: &str = "_shirube";
/// What its first cell says; the layout's version stands beside it, and pairs of name and value follow.
pub const HIDDEN_MARK: &str = "shirube-round-form";
/// The label beside which the visible first sheet names the ministry.
pub const MINISTRY_LABEL: &str = "府省";

/// A column of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormColumn {
    /// The record the row is about.
    Key,
    /// Whether the ministry is marked ◎.
    Role,
    /// The goal.
    Goal,
    /// The heading of the measure.
    Heading,
    /// The measure.
    Measure,
    /// The ministries as printed.
    Ministries,
    /// Results of the year before.
    LastResults,
    /// Plans of the year before.
    LastPlans,
    /// What the secretariat has to say about the row.
    Note,
    /// Entry: results of the year.
    Results,
    /// Entry: plans of the next.
    Plans,
    /// Entry: budgets.
    Budgets,
    /// Entry: status, one of a list.
    Status,
    /// Entry: remarks.
    Remarks,
}

/// The years a form speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormYears {
    /// Year of the results asked for.
    pub results: FiscalYear,
    /// Year whose rows are shown for reference.
    pub last: FiscalYear,
}

impl FormColumn {
    /// All, from left to right.
    pub const ALL: [FormColumn; 14] = [
        FormColumn::Key,
        FormColumn::Role,
        FormColumn::Goal,
        FormColumn::Heading,
        FormColumn::Measure,
        FormColumn::Ministries,
        FormColumn::LastResults,
        FormColumn::LastPlans,
        FormColumn::Note,
        FormColumn::Results,
        FormColumn::Plans,
        FormColumn::Budgets,
        FormColumn::Status,
        FormColumn::Remarks,
    ];
    /// Those a ministry fills in.
    pub const ENTRIES: [FormColumn; 5] = [
        FormColumn::Results,
        FormColumn::Plans,
        FormColumn::Budgets,
        FormColumn::Status,
        FormColumn::Remarks,
    ];

    /// Whether a ministry fills it in.
    pub fn is_entry(self) -> bool {
        FormColumn::ENTRIES.contains(&self)
    }

    /// The heading.
    pub fn heading(self, years: FormYears) -> Names {
        let (results, plans) = (years.results.japanese(), years.results.next().japanese());
        let (last, last_plans) = (years.last.japanese(), years.last.next().japanese());
        let (ja, en) = match self {
            FormColumn::Key => ("行キー".to_owned(), "row key".to_owned()),
            FormColumn::Role => ("貴府省の印".to_owned(), "your mark".to_owned()),
            FormColumn::Goal => ("ゴール".to_owned(), "goal".to_owned()),
            FormColumn::Heading => ("施策の見出し".to_owned(), "heading".to_owned()),
            FormColumn::Measure => ("施策".to_owned(), "measure".to_owned()),
            FormColumn::Ministries => {
                ("担当府省（資料のとおり）".to_owned(), "ministries as printed".to_owned())
            }
            FormColumn::LastResults => {
                (format!("【参考】{last}の実績・状況"), format!("for reference: results {}", years.last))
            }
            FormColumn::LastPlans => (
                format!("【参考】{last_plans}の取組予定"),
                format!("for reference: plans {}", years.last.next()),
            ),
            FormColumn::Note => ("事務局の注記".to_owned(), "our remark".to_owned()),
            FormColumn::Results => (format!("{results}の実績・状況"), format!("results {}", years.results)),
            FormColumn::Plans => (format!("{plans}の取組予定"), format!("plans {}", years.results.next())),
            FormColumn::Budgets => ("予算の記載".to_owned(), "budgets".to_owned()),
            FormColumn::Status => ("進捗区分（事務局の区分）".to_owned(), "status (our classes)".to_owned()),
            FormColumn::Remarks => ("備考".to_owned(), "remarks".to_owned()),
        };
        Names::of(ja, en)
    }

    /// The column a heading stands for, in any width and with words added behind it, and the year it names.
    pub fn recognise(heading: &str) -> Option<(FormColumn, Option<FiscalYear>)> {
        let key = name_key(heading);
        let reference = key.contains("参考");
        if let Some(year) = year_named(heading) {
            let column = match (key.contains("実績"), key.contains("予定"), reference) {
                (true, false, false) => FormColumn::Results,
                (true, false, true) => FormColumn::LastResults,
                (false, true, false) => FormColumn::Plans,
                (false, true, true) => FormColumn::LastPlans,
                _ => return None,
            };
            return (key.chars().count() <= 80).then_some((column, Some(year)));
        }
        let column = match key.as_str() {
            key if key.starts_with("行キー") => FormColumn::Key,
            key if key.starts_with("貴府省の印") => FormColumn::Role,
            key if key.starts_with("ゴール") => FormColumn::Goal,
            key if key.starts_with("施策の見出し") => FormColumn::Heading,
            key if key == "施策" || key == "施策measure" => FormColumn::Measure,
            key if key.starts_with("担当府省") => FormColumn::Ministries,
            key if key.starts_with("事務局の注記") => FormColumn::Note,
            key if key.starts_with("予算の記載") => FormColumn::Budgets,
            key if key.starts_with("進捗区分") => FormColumn::Status,
            key if key.starts_with("備考") => FormColumn::Remarks,
            _ => return None,
        };
        (key.chars().count() <= 60).then_some((column, None))
    }
}

/// The first 年度 of a heading.
fn year_named(heading: &str) -> Option<FiscalYear> {
    let folded = fold_width(heading);
    let text: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let end = text.find("年度")? + "年度".len();
    let start = text[..end]
        .rfind(['】', ']', ')', ':'])
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    text[start..end].parse().ok()
}

/// What the ministry is to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Marked ◎.
    Lead,
    /// Marked without ◎.
    Named,
    /// The row names no ministry: it is put before all, and whoever carries it answers.
    Unmarked,
}

impl Role {
    /// What stands in the form.
    pub fn names(self) -> Names {
        match self {
            Role::Lead => Names::of("◎", "◎"),
            Role::Named => Names::of("○", "○"),
            Role::Unmarked => Names::of("記載なし", "not printed"),
        }
    }
}

/// The form of one ministry.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The round's record id.
    pub round: String,
    /// Its years.
    pub years: FormYears,
    /// The ministry.
    pub ministry: Names,
    /// By when it is due.
    pub deadline: Option<Date>,
    /// Whom to return it to.
    pub return_to: String,
    /// The statuses to choose from: our own classes, not the plan's.
    pub statuses: Vec<String>,
    /// Its rows: those with ◎ first, then the others, then those that name no ministry.
    pub rows: Vec<FormRow>,
}

impl Form {
    /// A file name that tells year and ministry.
    pub fn file_name(&self) -> String {
        let ministry: String =
            self.ministry.ja.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        format!("進捗確認様式_{}_{ministry}.xlsx", self.years.results.japanese())
    }
}

/// One row of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct FormRow {
    /// The record it is about.
    pub key: RecordRef,
    /// What the ministry is to it.
    pub role: Role,
    /// The goal.
    pub goal: String,
    /// The heading.
    pub heading: String,
    /// The measure.
    pub measure: String,
    /// The ministries as printed.
    pub ministries: String,
    /// Results of the year before.
    pub last_results: String,
    /// Plans of the year before.
    pub last_plans: String,
    /// Our remark.
    pub note: String,
    /// What the ministry has answered so far.
    pub entry: Entry,
}

/// The entry cells of a row, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Results.
    pub results: String,
    /// Plans.
    pub plans: String,
    /// Budgets.
    pub budgets: String,
    /// Status.
    pub status: String,
    /// Remarks.
    pub remarks: String,
}

impl Entry {
    /// The entry cells that say what a record of `follow-up-answer` says; none where it is no answer.
    pub fn of(answer: &Record) -> Option<Entry> {
        super::answer::Answer::read(answer).map(|answer| answer.entry())
    }
    /// What stands in an entry column; empty for the others.
    pub fn text(&self, column: FormColumn) -> &str {
        match column {
            FormColumn::Results => &self.results,
            FormColumn::Plans => &self.plans,
            FormColumn::Budgets => &self.budgets,
            FormColumn::Status => &self.status,
            FormColumn::Remarks => &self.remarks,
            _ => "",
        }
    }
}

impl FormRow {
    /// What stands in a column.
    pub fn cell(&self, column: FormColumn) -> String {
        match column {
            FormColumn::Key => self.key.to_string(),
            FormColumn::Role => self.role.names().ja,
            FormColumn::Goal => self.goal.clone(),
            FormColumn::Heading => self.heading.clone(),
            FormColumn::Measure => self.measure.clone(),
            FormColumn::Ministries => self.ministries.clone(),
            FormColumn::LastResults => self.last_results.clone(),
            FormColumn::LastPlans => self.last_plans.clone(),
            FormColumn::Note => self.note.clone(),
            FormColumn::Results => self.entry.results.clone(),
            FormColumn::Plans => self.entry.plans.clone(),
            FormColumn::Budgets => self.entry.budgets.clone(),
            FormColumn::Status => self.entry.status.clone(),
            FormColumn::Remarks => self.entry.remarks.clone(),
        }
    }
    /// A fingerprint of the reference text, written into the form so that a form made from an earlier reading is
    /// told from one whose text was changed by hand.
    pub fn digest(&self) -> String {
        digest(REFERENCE.map(|column| self.cell(column)).iter().map(String::as_str))
    }
}

/// The columns whose text must come back as it went out.
pub(super) const REFERENCE: [FormColumn; 5] = [
    FormColumn::Goal,
    FormColumn::Heading,
    FormColumn::Measure,
    FormColumn::LastResults,
    FormColumn::LastPlans,
];

/// FNV-1a over the texts' keys: it notices, it does not protect.
pub(super) fn digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for text in texts {
        for byte in name_key(text).bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// A form as it came back, read but not judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilledForm {
    /// The file.
    pub file: String,
    /// Layout version, round id, year and ministry of the hidden sheet; absent where that sheet is gone.
    pub version: Option<u32>,
    /// The round.
    pub round: Option<String>,
    /// The year of the results.
    pub fiscal_year: Option<FiscalYear>,
    /// The ministry.
    pub ministry: Option<String>,
    /// The ministry on the visible first sheet.
    pub ministry_shown: Option<String>,
    /// The year named in the heading of the results.
    pub headed_year: Option<FiscalYear>,
    /// Fingerprints of the reference text as it went out, by row key.
    pub digests: BTreeMap<String, String>,
    /// Rows with anything in them.
    pub rows: Vec<FilledRow>,
}

/// A row as it came back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilledRow {
    /// The sheet.
    pub sheet: String,
    /// The row as the spreadsheet numbers it.
    pub number: u32,
    /// The columns found, with their letters; text as typed, empty where the cell is.
    pub cells: BTreeMap<FormColumn, (String, String)>,
}

impl FilledRow {
    /// What stands in a column, trimmed.
    pub fn text(&self, column: FormColumn) -> &str {
        self.cells.get(&column).map_or("", |(_, text)| text.trim())
    }
    /// The name of a cell: `K12`.
    pub fn place(&self, column: FormColumn) -> Option<String> {
        self.cells.get(&column).map(|(letters, _)| format!("{letters}{}", self.number))
    }
    /// Everything typed into entry cells.
    pub fn typed(&self) -> Vec<(FormColumn, String)> {
        let entries = FormColumn::ENTRIES.map(|column| (column, self.text(column).to_owned()));
        entries.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }
}

/// The form of one ministry in a round.
pub(super) fn form(rounds: &Rounds<'_>, round: &RoundRecord, asked: &[Asked<'_>], ministry: &str) -> Form {
    let mut rows: Vec<FormRow> =
        asked.iter().filter_map(|asked| row(rounds, round, asked, ministry)).collect();
    rows.sort_by_key(|row| row.role);
    Form {
        round: round.id.to_string(),
        years: FormYears { results: round.fiscal_year, last: round.based_on },
        ministry: official(ministry),
        deadline: round.deadline,
        return_to: round.return_to.clone(),
        statuses: round.statuses.clone(),
        rows,
    }
}

/// What a ministry is to a row; `None` where others are marked and it is not.
pub(super) fn role(asked: &Asked<'_>, ministry: &str) -> Option<Role> {
    let marked = asked.ministries();
    match marked.iter().find(|(name, _)| name == ministry) {
        Some((_, true)) => Some(Role::Lead),
        Some((_, false)) => Some(Role::Named),
        None => marked.is_empty().then_some(Role::Unmarked),
    }
}

/// The row as it stands in the form of a ministry.
pub(super) fn row(
    rounds: &Rounds<'_>,
    round: &RoundRecord,
    asked: &Asked<'_>,
    ministry: &str,
) -> Option<FormRow> {
    let (ministries, last_results, last_plans) = match asked.subject {
        Subject::Row(row) => (row.marks.as_printed.clone(), row.results.clone(), row.plans.clone()),
        Subject::Silent(_) => Default::default(),
    };
    let role = role(asked, ministry)?;
    let given = rounds.answer(round, &asked.key, ministry);
    Some(FormRow {
        key: asked.key.clone(),
        role,
        goal: asked.goal(rounds.view),
        heading: asked.heading().to_owned(),
        measure: asked.measure().to_owned(),
        ministries,
        last_results,
        last_plans,
        note: note(asked, role),
        entry: given.map(super::answer::Answer::entry).unwrap_or_default(),
    })
}

fn note(asked: &Asked<'_>, role: Role) -> String {
    let mut notes = Vec::new();
    match asked.subject {
        Subject::Row(row) if !row.incomplete.is_empty() => {
            notes.push("資料の読み取りで本文の一部が欠けています。");
        }
        Subject::Silent(_) => notes.push("計画の施策で、前回の表に行がありません。"),
        Subject::Row(_) => {}
    }
    if role == Role::Unmarked {
        notes.push("担当府省の記載がありません。担当される場合にご記入ください。");
    }
    notes.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_found_again_whatever_was_done_to_them() {
        let years = FormYears { results: FiscalYear::new(2025), last: FiscalYear::new(2024) };
        for column in FormColumn::ALL {
            let heading = column.heading(years);
            for spelling in [
                heading.ja.clone(),
                format!("{}\n{}", heading.ja, heading.en),
                format!(" {} ", heading.ja.replace('年', "年 ")),
            ] {
                assert_eq!(
                    FormColumn::recognise(&spelling).map(|(found, _)| found),
                    Some(column),
                    "{spelling}"
                );
            }
        }
        assert_eq!(
            FormColumn::recognise("令和７年度の実績・状況"),
            Some((FormColumn::Results, Some(FiscalYear::new(2025))))
        );
        assert_eq!(FormColumn::recognise("実績を書いてください"), None);
        assert_eq!(FormColumn::recognise("施策について、令和7年度に関係課と調整した"), None);
    }
}
