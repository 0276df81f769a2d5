//! What kind of file this is, found from its content. The name decides nothing: people rename files.

use base::Names;

use crate::error::{IntakeError, Trouble};
use crate::{rs, text};

/// A kind of file that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// CSV groups of the RS system.
    RsCsv,
    /// Review sheets of JUDGIT! as JSON.
    Judgit,
    /// StratML Part 1 or 2.
    StratMl,
    /// The ministries' follow-up table as machine-read text.
    FollowUpText,
    /// The follow-up table as CSV.
    FollowUpCsv,
    /// The follow-up table as a spreadsheet.
    FollowUpXlsx,
    /// The follow-up table as a web page.
    FollowUpHtml,
    /// The follow-up table as a PDF with a text layer.
    FollowUpPdf,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] = [
        Kind::RsCsv,
        Kind::Judgit,
        Kind::StratMl,
        Kind::FollowUpText,
        Kind::FollowUpCsv,
        Kind::FollowUpXlsx,
        Kind::FollowUpHtml,
        Kind::FollowUpPdf,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::RsCsv => "rs",
            Kind::Judgit => "judgit",
            Kind::StratMl => "stratml",
            Kind::FollowUpText => "followup-text",
            Kind::FollowUpCsv => "followup-csv",
            Kind::FollowUpXlsx => "followup-xlsx",
            Kind::FollowUpHtml => "followup-html",
            Kind::FollowUpPdf => "followup-pdf",
        }
    }

    /// What a person is told it is.
    pub fn names(self) -> Names {
        match self {
            Kind::RsCsv => Names::of("RSシステムのCSV", "RS system CSV"),
            Kind::Judgit => Names::of("JUDGIT!のJSON", "JUDGIT! JSON"),
            Kind::StratMl => Names::of("StratML", "StratML"),
            Kind::FollowUpText => Names::of("取組状況表（テキスト）", "follow-up table (text)"),
            Kind::FollowUpCsv => Names::of("取組状況表（CSV）", "follow-up table (CSV)"),
            Kind::FollowUpXlsx => Names::of("取組状況表（XLSX）", "follow-up table (XLSX)"),
            Kind::FollowUpHtml => Names::of("取組状況表（HTML）", "follow-up table (HTML)"),
            Kind::FollowUpPdf => Names::of("取組状況表（PDF）", "follow-up table (PDF)"),
        }
    }

    /// The names of all kinds, for messages.
    pub fn known() -> String {
        Kind::ALL.map(Kind::name).join(", ")
    }
}

impl std::str::FromStr for Kind {
    type Err = IntakeError;
    fn from_str(text: &str) -> Result<Self, IntakeError> {
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == text);
        kind.ok_or_else(|| IntakeError::new("--as", Trouble::NoSuchKind(text.to_owned(), Kind::known())))
    }
}

/// Finds the kind of a file.
pub fn detect(file: &str, bytes: &[u8]) -> Result<Kind, IntakeError> {
    if bytes.starts_with(b"%PDF-") {
        return Ok(Kind::FollowUpPdf);
    }
    // The second is the form of old and of password-protected spreadsheets, which their reader explains.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Ok(Kind::FollowUpXlsx);
    }
    let text = text::decode(file, bytes)?;
    let start = text.trim_start();
    let found = match start.chars().next() {
        Some('<') => markup(start),
        Some('{' | '[') => json(start),
        _ => table(&text),
    };
    found.ok_or_else(|| IntakeError::new(file, Trouble::UnknownKind { known: Kind::known() }))
}

fn markup(text: &str) -> Option<Kind> {
    let head: String = text.chars().take(4096).collect();
    let lower = head.to_lowercase();
    if head.contains("StrategicPlan") || head.contains("PerformancePlanOrReport") {
        Some(Kind::StratMl)
    } else if ["<html", "<!doctype html", "<table"].iter().any(|mark| lower.contains(mark)) {
        Some(Kind::FollowUpHtml)
    } else {
        None
    }
}

fn json(text: &str) -> Option<Kind> {
    ["\"府省庁\"", "\"事業名\""].iter().all(|key| text.contains(key)).then_some(Kind::Judgit)
}

/// Words of the follow-up table's own header and marks.
const FOLLOW_UP: [&str; 6] = ["実績・状況", "取組予定", "取り組み状況", "取組状況", "該当箇所", "[◎"];

fn table(text: &str) -> Option<Kind> {
    let header = text.lines().find(|line| !line.trim().is_empty())?;
    let cells: Vec<&str> = header.split([',', '\t']).map(|cell| cell.trim_matches(['"', ' '])).collect();
    if rs::group_of_header(cells.iter().copied()).is_some() || rs_key(&cells) {
        return Some(Kind::RsCsv);
    }
    let folded = base::text::fold_width(text);
    let cues = FOLLOW_UP.iter().filter(|cue| folded.contains(**cue)).count();
    match cues {
        0 => None,
        _ if header.matches(',').count() >= 2 => Some(Kind::FollowUpCsv),
        _ => Some(Kind::FollowUpText),
    }
}

/// Columns that every RS file has; which group it is, the reader says, or what it lacks.
fn rs_key(cells: &[&str]) -> bool {
    ["事業年度", "予算事業ID"].iter().all(|key| cells.contains(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_content() {
        for (content, kind) in [
            ("%PDF-1.7", Kind::FollowUpPdf),
            ("<?xml version=\"1.0\"?><StrategicPlan/>", Kind::StratMl),
            ("<!DOCTYPE html><html><table></table>", Kind::FollowUpHtml),
            ("[{\"府省庁\": \"甲省\", \"事業名\": \"乙\"}]", Kind::Judgit),
            ("シート種別,事業年度,予算事業ID,事業名,備考\n", Kind::RsCsv),
            ("該当箇所,令和6年度の実績・状況,令和7年度の取組予定\n", Kind::FollowUpCsv),
            ("令和６年度の実績・状況\n…[◎厚]", Kind::FollowUpText),
        ] {
            assert_eq!(detect("x", content.as_bytes()), Ok(kind), "{content}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told_what_is() {
        for content in ["{}", "<rss/>", "a,b,c\n1,2,3\n", "ただの文"] {
            let error = detect("x.csv", content.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("rs, judgit, stratml") && error.contains("--as KIND"), "{error}");
        }
    }
}
