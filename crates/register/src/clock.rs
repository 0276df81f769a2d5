//! Clocks: terms within which something must happen, and whether they have run out.
//! The day on which the question is asked is always an argument.

use base::Source;
use jiff::Span;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// A term, such as "a report within 5 business days of the stop".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// The state on entering which it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<String>,
    /// Or the date field from which it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<String>,
    /// The states that stop it.
    #[serde(default)]
    pub stops: Vec<String>,
    /// Its length.
    pub within: Term,
    /// Where the term is laid down. A term without a source is configuration and says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

impl Clock {
    /// Every state it names.
    pub(crate) fn states(&self) -> impl Iterator<Item = &String> {
        self.starts.iter().chain(&self.stops)
    }
}

/// A length of time as laws state it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Term {
    /// Calendar days.
    Days(u16),
    /// Days that are neither weekend nor holiday.
    BusinessDays(u16),
    /// Months, ending on the same day of the month (or the month's last).
    Months(u16),
    /// Years.
    Years(u16),
}

impl TryFrom<String> for Term {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let refuse =
            || format!("`{text}` is not a term: write `5 business days`, `30 days`, `6 months` or `5 years`");
        let (number, unit) = text.split_once(' ').ok_or_else(refuse)?;
        let number = number.parse().map_err(|_| refuse())?;
        match unit.trim_end_matches('s') {
            "day" => Ok(Term::Days(number)),
            "business day" => Ok(Term::BusinessDays(number)),
            "month" => Ok(Term::Months(number)),
            "year" => Ok(Term::Years(number)),
            _ => Err(refuse()),
        }
    }
}

impl From<Term> for String {
    fn from(term: Term) -> String {
        match term {
            Term::Days(n) => format!("{n} days"),
            Term::BusinessDays(n) => format!("{n} business days"),
            Term::Months(n) => format!("{n} months"),
            Term::Years(n) => format!("{n} years"),
        }
    }
}

impl Term {
    /// The last day of the term that starts on `start`, the starting day not counted (民法140条).
    /// `None` only beyond the end of the calendar.
    pub fn last_day(self, start: Date, is_holiday: impl Fn(Date) -> bool) -> Option<Date> {
        match self {
            Term::Days(n) => start.checked_add(Span::new().days(n)).ok(),
            Term::Months(n) => start.checked_add(Span::new().months(n)).ok(),
            Term::Years(n) => start.checked_add(Span::new().years(n)).ok(),
            Term::BusinessDays(n) => {
                let mut day = start;
                let mut left = n;
                while left > 0 {
                    day = day.tomorrow().ok()?;
                    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
                    left -= u16::from(!weekend && !is_holiday(day));
                }
                Some(day)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn business_days_skip_weekends_and_holidays() {
        let friday = date(2026, 5, 1);
        let golden_week = |day| (date(2026, 5, 3)..=date(2026, 5, 6)).contains(&day);
        assert_eq!(Term::BusinessDays(2).last_day(friday, golden_week), Some(date(2026, 5, 8)));
        assert_eq!(Term::BusinessDays(2).last_day(friday, |_| false), Some(date(2026, 5, 5)));
    }

    #[test]
    fn a_month_ends_on_the_same_day_or_the_last() {
        assert_eq!(Term::Months(6).last_day(date(2025, 8, 31), |_| false), Some(date(2026, 2, 28)));
        assert_eq!(Term::Years(5).last_day(date(2022, 5, 31), |_| false), Some(date(2027, 5, 31)));
    }

    #[test]
    fn a_term_is_written_as_it_is_read() {
        for text in ["5 business days", "30 days", "6 months", "5 years"] {
            assert_eq!(Term::try_from(text.to_owned()).map(String::from), Ok(text.to_owned()));
        }
        assert!(Term::try_from("soon".to_owned()).is_err());
    }
}
