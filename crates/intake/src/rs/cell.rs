//! Cells of the RS system's CSV files: text to values of the declared types. What does not fit is not forced.

use std::borrow::Cow;

use base::{Yen, text::fold_width};
use serde_json::Value;

use super::columns::Cell;

/// The content of a cell, or nothing: blanks of any width say nothing, and a leading apostrophe is a spreadsheet's
/// mark for "this is text".
pub(crate) fn content(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if !rest.contains('\'') => rest.trim(),
        _ => cell,
    };
    (!cell.is_empty()).then_some(cell)
}

/// A value of the cell's kind, or `None` where the content is something else.
pub(crate) fn value(kind: Cell, content: &str) -> Option<Value> {
    Some(match kind {
        Cell::Text => Value::String(content.to_owned()),
        Cell::Label => Value::String(label(content).to_owned()),
        Cell::Code => Value::String(without_zero_fraction(content).to_owned()),
        Cell::Integer | Cell::Ordinal => Value::from(whole(content)?),
        Cell::Decimal => Value::String(decimal(content)?),
        Cell::Year => Value::from(year(content)?),
        Cell::Flag => Value::Bool(flag(content)?),
        Cell::Yen | Cell::Realised => Value::String(Yen::exact(whole(content)?).to_string()),
        Cell::Url => Value::String(Some(content).filter(|url| is_web_address(url))?.to_owned()),
        Cell::Node => Value::from(node(content)?),
        Cell::Programme => Value::String(format!("rs-{}", whole(content).filter(|id| *id >= 0)?)),
    })
}

/// `600000000`, `600000000.0`, `1,234`, `▲5`, in any width. A number in powers of ten has lost digits and is refused.
pub(crate) fn whole(content: &str) -> Option<i64> {
    if let Ok(number) = content.parse() {
        return Some(number);
    }
    let number = plain(content);
    without_zero_fraction(&number).parse().ok()
}

/// A number as printed, without the marks that group its digits.
pub(crate) fn decimal(content: &str) -> Option<String> {
    let number = plain(content);
    let digits = number.strip_prefix('-').unwrap_or(&number);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (all(whole) && all(fraction)).then(|| number.into_owned())
}

/// A western year, or one of the Japanese calendar.
pub(crate) fn year(content: &str) -> Option<i32> {
    let folded = plain(content);
    without_zero_fraction(&folded).parse::<base::FiscalYear>().ok().map(base::FiscalYear::western)
}

pub(crate) fn is_web_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn plain(content: &str) -> Cow<'_, str> {
    let folded = fold_width(content);
    if folded.contains([',', '▲', '△', '−', ' ']) {
        let number = folded.chars().filter(|c| !matches!(c, ',' | ' '));
        return Cow::Owned(number.map(|c| if matches!(c, '▲' | '△' | '−') { '-' } else { c }).collect());
    }
    folded
}

fn without_zero_fraction(number: &str) -> &str {
    match number.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0') => whole,
        _ => number,
    }
}

/// `1.短期` → `短期`; `2.5倍` stays.
fn label(content: &str) -> &str {
    let rest = content.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.strip_prefix(['.', '．']) {
        Some(label) if rest.len() < content.len() && !label.starts_with(|c: char| c.is_ascii_digit()) => {
            label.trim()
        }
        _ => content,
    }
}

fn flag(content: &str) -> Option<bool> {
    match content {
        "TRUE" | "true" | "True" | "t" | "1" | "○" | "〇" => Some(true),
        "FALSE" | "false" | "False" | "f" | "0" | "×" => Some(false),
        _ => None,
    }
}

fn node(content: &str) -> Option<&'static str> {
    match label(content) {
        "アクティビティ" => Some("activity"),
        "アウトプット" => Some("output"),
        "アウトカム" => Some("outcome"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact_whatever_the_spreadsheet_did_to_it() {
        for (print, yen) in [
            ("4175000000", 4_175_000_000),
            ("600000000.0", 600_000_000),
            ("1,234", 1234),
            ("▲５６，０００", -56000),
            ("-6266000", -6_266_000),
            ("0", 0),
        ] {
            assert_eq!(value(Cell::Yen, print), Some(Value::String(Yen::exact(yen).to_string())), "{print}");
        }
        for print in ["4.2E+09", "0.5", "12.", "百万", "1e3", "--1"] {
            assert_eq!(value(Cell::Yen, print), None, "{print}");
        }
    }

    #[test]
    fn blanks_of_any_width_say_nothing_and_zero_says_zero() {
        for blank in ["", " ", "　　", "'", "\u{a0}"] {
            assert_eq!(content(blank), None, "{blank:?}");
        }
        assert_eq!(content("0"), Some("0"));
        assert_eq!(content("'定額"), Some("定額"));
        assert_eq!(content("'a' と 'b'"), Some("'a' と 'b'"));
    }

    #[test]
    fn numbers_keep_their_printed_decimals() {
        for (print, kept) in [("0.9937", "0.9937"), ("1", "1"), ("1,234.50", "1234.50"), ("９９．７", "99.7")]
        {
            assert_eq!(decimal(print).as_deref(), Some(kept));
        }
        for print in ["-", "約3", "1.2.3", "", "3%"] {
            assert_eq!(decimal(print), None, "{print}");
        }
    }

    #[test]
    fn codes_labels_and_years_lose_what_spreadsheets_add() {
        assert_eq!(value(Cell::Code, "6000012070001.0"), Some(Value::from("6000012070001")));
        assert_eq!(value(Cell::Label, "1.短期"), Some(Value::from("短期")));
        assert_eq!(value(Cell::Label, "2.5倍"), Some(Value::from("2.5倍")));
        assert_eq!(value(Cell::Year, "令和６年度"), Some(Value::from(2024)));
        assert_eq!(value(Cell::Year, "2024.0"), Some(Value::from(2024)));
    }
}
