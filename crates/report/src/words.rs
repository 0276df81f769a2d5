//! The words and marks that writers themselves add, in both languages. What an answer says is not here.
//! Every mark is a sign with a word, so that nothing is told by colour alone.

use base::{DocumentStatus, Lang, Missing};

use crate::{Belief, Cited, Column, Content, Row, Severity};

/// The sign and the word for what a statement rests on.
pub fn belief(belief: Belief, lang: Lang) -> String {
    let (sign, ja, en) = match belief {
        Belief::Stated => ("●", "明記", "stated"),
        Belief::Confirmed => ("◎", "確認済", "confirmed"),
        Belief::Suggested => ("○", "推定", "suggested"),
        Belief::Undecided => ("？", "未決", "undecided"),
    };
    format!("{sign}{}", lang.pick(ja, en))
}

/// The sign and the word for how much a remark matters.
pub fn severity(severity: Severity, lang: Lang) -> String {
    let (sign, ja, en) = match severity {
        Severity::Info => ("※", "補足", "Note"),
        Severity::Caution => ("▲", "注意", "Caution"),
        Severity::Problem => ("×", "問題", "Problem"),
    };
    format!("{sign} {}", lang.pick(ja, en))
}

/// An absence: the dash sets it apart from a cell whose text happens to be the same word.
pub fn missing(reason: Missing, lang: Lang) -> String {
    format!("— {}", reason.names().get(lang))
}

/// An upper bound of which the share is unknown.
pub fn at_most(text: &str, lang: Lang) -> String {
    format!("≤ {text}{}", lang.pick("（内数）", " (share unknown)"))
}

/// Heading of the list of sources.
pub fn sources(lang: Lang) -> &'static str {
    lang.pick("出典", "Sources")
}

/// Heading of the table of contents.
pub fn contents(lang: Lang) -> &'static str {
    lang.pick("目次", "Contents")
}

/// A text in brackets after another: full-width in Japanese, after a blank in English.
pub fn bracketed(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("（{text}）"),
        Lang::En => format!(" ({text})"),
    }
}

/// What stands between the items of an enumeration.
pub fn comma(lang: Lang) -> &'static str {
    lang.pick("、", ", ")
}

/// What stands between a label and its value on one line.
pub fn colon(lang: Lang) -> &'static str {
    lang.pick("：", ": ")
}

/// A source as it is listed: its document, the place in it, its standing, who said it and when.
pub fn source(cited: &Cited, lang: Lang) -> String {
    let source = &cited.source;
    let mut text = match &cited.title {
        Some(title) => format!("{title} ({source})"),
        None => source.to_string(),
    };
    let mut remarks: Vec<String> = Vec::new();
    match source.status {
        DocumentStatus::Decided => {}
        DocumentStatus::Draft => remarks.push(lang.pick("案", "draft").into()),
        DocumentStatus::Provisional => remarks.push(lang.pick("暫定", "provisional").into()),
    }
    if source.machine_read {
        remarks.push(lang.pick("機械読取り", "machine-read").into());
    }
    if let Some(by) = &source.said_by {
        remarks.push(format!("{}{by}", lang.pick("記入・", "said by ")));
    }
    if let Some(on) = source.on {
        remarks.push(on.to_string());
    }
    if !remarks.is_empty() {
        text.push_str(lang.pick("、", ", "));
        text.push_str(&remarks.join(lang.pick("、", ", ")));
    }
    text
}

/// A column's heading for people: with the unit, unless every figure in the column prints its own.
pub fn column(column: &Column, index: usize, rows: &[Row]) -> String {
    let bare = rows.iter().filter_map(|row| row.cells.get(index)).any(|cell| match &cell.content {
        Content::Figure { text, .. } | Content::AtMost { text, .. } => {
            text.ends_with(|c: char| c.is_ascii_digit())
        }
        _ => false,
    });
    match &column.unit {
        Some(unit) if bare => format!("{} ({unit})", column.name),
        _ => column.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_marks_look_alike() {
        for lang in [Lang::Ja, Lang::En] {
            let mut marks: Vec<String> =
                [Belief::Stated, Belief::Confirmed, Belief::Suggested, Belief::Undecided]
                    .map(|mark| belief(mark, lang))
                    .to_vec();
            let reasons = [
                Missing::NotYet,
                Missing::None,
                Missing::NotPrinted,
                Missing::NotApplicable,
                Missing::Unknown,
            ];
            marks.extend(reasons.map(|reason| missing(reason, lang)));
            marks.push(at_most("0円", lang));
            marks.push("0円".into());
            let distinct: std::collections::HashSet<_> = marks.iter().collect();
            assert_eq!(distinct.len(), marks.len());
        }
    }

    #[test]
    fn a_source_tells_its_standing() {
        let source_ = base::Source {
            status: DocumentStatus::Draft,
            machine_read: true,
            ..base::Source::lines("002", "18-21")
        };
        let cited = Cited { source: source_, title: Some("フォローアップ".into()) };
        assert_eq!(source(&cited, Lang::Ja), "フォローアップ (002 L18-21)、案、機械読取り");
        assert_eq!(source(&cited, Lang::En), "フォローアップ (002 L18-21), draft, machine-read");
    }
}
