//! A value in a table or among facts: what it is, what it rests on, where it comes from. Zero, an upper bound, an absence and
//! an empty cell are different things.

use std::fmt;
use std::str::FromStr;

use base::yen::grouped;
use base::{Amount, Missing, Reported, Yen};
use serde::Serialize;

use crate::document::{Belief, SourceNumber, Text};

/// A value in a table or among facts, with what it rests on and where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The value.
    pub content: Content,
    /// What it rests on.
    pub belief: Option<Belief>,
    /// The numbers of its sources.
    pub sources: Vec<SourceNumber>,
}

/// What a cell holds. Zero, an upper bound, an absence and an empty cell are different things.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Nothing belongs here.
    #[default]
    Empty,
    /// Text.
    Text(Text),
    /// A figure.
    Figure {
        /// Exactly, in the unit of its column.
        value: Number,
        /// As a reader is shown it.
        text: String,
    },
    /// 内数: the value is at most this, and nobody has said how much of it. It is never summed.
    AtMost {
        /// The bound, exactly, in the unit of its column.
        value: Number,
        /// As a reader is shown it, without the ≤.
        text: String,
    },
    /// There is no value, for a reason.
    Missing(Missing),
}

/// An exact number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Number {
    /// A whole number, such as yen.
    Integer(i64),
    /// A decimal number with its digits as given: `12.50`.
    Decimal(String),
}

/// A text that is not a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a number: write digits with at most one decimal point, such as 12.5")]
pub struct NotANumber(pub String);

impl Cell {
    /// Nothing belongs here.
    pub fn empty() -> Self {
        Cell::default()
    }
    /// Text.
    pub fn text(text: impl Into<Text>) -> Self {
        Cell::of(Content::Text(text.into()))
    }
    /// A whole number, shown with its digits grouped.
    pub fn integer(value: i64) -> Self {
        Cell::of(Content::Figure { value: Number::Integer(value), text: grouped(value) })
    }
    /// A year or another number whose digits are not grouped.
    pub fn ordinal(value: i32) -> Self {
        Cell::of(Content::Figure { value: Number::Integer(value.into()), text: value.to_string() })
    }
    /// Any exact number, shown as `text`.
    pub fn number(value: Number, text: impl Into<String>) -> Self {
        Cell::of(Content::Figure { value, text: text.into() })
    }
    /// Money, shown as it was printed.
    pub fn yen(yen: Yen) -> Self {
        Cell::of(Content::Figure { value: Number::Integer(yen.yen()), text: yen.to_string() })
    }
    /// The same figure with another exact value than the one it is shown as: a sum shown rounded.
    #[must_use]
    pub fn exactly(mut self, exact: i64) -> Self {
        if let Content::Figure { value, .. } = &mut self.content {
            *value = Number::Integer(exact);
        }
        self
    }
    /// Money of which only an upper bound is known (内数).
    pub fn at_most(yen: Yen) -> Self {
        Cell::of(Content::AtMost { value: Number::Integer(yen.yen()), text: yen.to_string() })
    }
    /// A budget amount: its money, or the upper bound where it is a share of it (内数).
    pub fn amount(amount: &Amount) -> Self {
        if amount.within { Cell::at_most(amount.yen) } else { Cell::yen(amount.yen) }
    }
    /// No value, for a reason.
    pub fn missing(reason: Missing) -> Self {
        Cell::of(Content::Missing(reason))
    }
    /// A value or the reason why there is none.
    pub fn reported<T>(value: &Reported<T>, show: impl FnOnce(&T) -> Cell) -> Self {
        match value {
            Reported::Value(value) => show(value),
            Reported::Missing { missing } => Cell::missing(*missing),
        }
    }
    /// The same cell with what it rests on.
    #[must_use]
    pub fn belief(self, belief: impl Into<Belief>) -> Self {
        Cell { belief: Some(belief.into()), ..self }
    }
    /// The same cell with one more source.
    #[must_use]
    pub fn cite(mut self, source: SourceNumber) -> Self {
        if !self.sources.contains(&source) {
            self.sources.push(source);
        }
        self
    }
    /// The exact number, where the cell holds a figure. A bound is not one.
    pub fn figure(&self) -> Option<&Number> {
        match &self.content {
            Content::Figure { value, .. } => Some(value),
            _ => None,
        }
    }
    fn of(content: Content) -> Self {
        Cell { content, belief: None, sources: Vec::new() }
    }
}

impl From<Yen> for Cell {
    fn from(yen: Yen) -> Self {
        Cell::yen(yen)
    }
}
impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::text(text)
    }
}
impl From<Missing> for Cell {
    fn from(reason: Missing) -> Self {
        Cell::missing(reason)
    }
}

impl Number {
    /// The nearest number a spreadsheet can hold.
    #[allow(clippy::cast_precision_loss, reason = "spreadsheets hold no other numbers; exact up to 2^53")]
    pub fn to_f64(&self) -> f64 {
        match self {
            Number::Integer(value) => *value as f64,
            Number::Decimal(digits) => digits.parse().unwrap_or(f64::NAN),
        }
    }
}

impl FromStr for Number {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        if let Ok(value) = text.parse() {
            return Ok(Number::Integer(value));
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if all_digits(whole) && all_digits(fraction) && digits.len() <= 40 {
            return Ok(Number::Decimal(text.to_owned()));
        }
        Err(NotANumber(text.to_owned()))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Integer(value) => value.fmt(f),
            Number::Decimal(digits) => f.write_str(digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_are_a_number() {
        assert_eq!("12.50".parse(), Ok(Number::Decimal("12.50".into())));
        assert_eq!("-7".parse(), Ok(Number::Integer(-7)));
        for text in ["", "-", "1.", ".5", "1e9", "1,000", "12%", "１２", "NaN", "1.2.3", "--1"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_budget_within_another_has_no_figure_to_sum() {
        let amount = Amount {
            fiscal_year: base::FiscalYear::new(2025),
            kind: base::BudgetKind::Draft,
            yen: "14億円".parse().unwrap(),
            within: true,
            repeated: false,
        };
        assert_eq!(Cell::amount(&amount).figure(), None);
        assert_eq!(
            Cell::amount(&Amount { within: false, ..amount }).figure(),
            Some(&Number::Integer(1_400_000_000))
        );
    }

    #[test]
    fn a_cell_names_a_source_once() {
        assert_eq!(Cell::integer(3).cite(SourceNumber(1)).cite(SourceNumber(1)).sources.len(), 1);
    }
}
