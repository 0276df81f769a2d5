//! Clocks: terms within which something must happen, and whether they have run out.
//! The day on which the question is asked is always an argument.

use base::{Names, Source};
use jiff::Span;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::declaration::Declaration;
use crate::record::Record;

/// A term, such as "a report within 5 business days of the stop".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// What must have happened when it runs out.
    pub label: Names,
    /// The state on entering which it starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<String>,
    /// Or the date field from which it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<String>,
    /// The states that stop it.
    #[serde(default)]
    pub stops: Vec<String>,
    /// Or the date field whose day stops it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stops_on: Option<String>,
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

    /// Every date field it names.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &String> {
        self.starts_on.iter().chain(&self.stops_on)
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

/// A clock that runs for a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Running {
    /// Its name in the declaration.
    pub clock: String,
    /// What must have happened when it runs out.
    pub label: Names,
    /// The day from which it runs.
    pub since: Date,
    /// The last day on which what must happen may happen.
    pub last_day: Date,
    /// Days from the day asked about to the last one; negative where it has passed.
    pub days_left: i32,
}

impl Running {
    /// Whether the term has run out.
    pub fn is_overdue(&self) -> bool {
        self.days_left < 0
    }
}

/// The clocks that run for a record on a day, the most urgent first. `states` are the states the record has been in, each
/// with the day it was entered, oldest first, the present one last. A clock that starts on entering a state runs from the last time
/// that was entered; one that starts on a date field runs from that day, unless the day is still to come. A clock stops when the record
/// has entered one of its stopping states since, or on the day of its stopping field.
pub fn running(
    declaration: &Declaration,
    record: &Record,
    states: &[(String, Date)],
    today: Date,
    is_holiday: impl Fn(Date) -> bool,
) -> Vec<Running> {
    let mut running: Vec<Running> = Vec::new();
    for (name, clock) in &declaration.clocks {
        let Some((since, later)) = start(clock, record, states) else { continue };
        let stopped_on = clock.stops_on.as_deref().and_then(|field| day_of(record, field));
        let is_stopped = later.iter().any(|(state, _)| clock.stops.contains(state))
            || stopped_on.is_some_and(|day| day <= today);
        if is_stopped || since > today {
            continue;
        }
        let Some(last_day) = clock.within.last_day(since, &is_holiday) else { continue };
        let days_left = (last_day - today).get_days();
        running.push(Running { clock: name.clone(), label: clock.label.clone(), since, last_day, days_left });
    }
    running.sort_by_key(|clock| clock.last_day);
    running
}

/// The day a clock starts, and the states entered since.
fn start<'s>(
    clock: &Clock,
    record: &Record,
    states: &'s [(String, Date)],
) -> Option<(Date, &'s [(String, Date)])> {
    if let Some(state) = &clock.starts {
        let at = states.iter().rposition(|(entered, _)| entered == state)?;
        return Some((states[at].1, &states[at + 1..]));
    }
    let day = day_of(record, clock.starts_on.as_deref()?)?;
    // A record may have been written down long after the day: its present state counts whenever it was entered.
    let from = states.iter().position(|(_, entered)| *entered >= day).unwrap_or(states.len());
    Some((day, &states[from.min(states.len().saturating_sub(1))..]))
}

fn day_of(record: &Record, field: &str) -> Option<Date> {
    base::date::parse(record.text(field)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const REVIEWED: &str = r#"
        id = "application"
        name = { ja = "申請", en = "applications" }
        about = { ja = "申請", en = "applications" }
        spec = "N"
        source = { document = "001" }
        title = "name"
        initial = "filed"
        [fields]
        name = { type = "text", label = { ja = "名称", en = "name" } }
        decided_on = { type = "date", label = { ja = "決定日", en = "decided on" } }
        replaced_on = { type = "date", label = { ja = "交替日", en = "replaced on" } }
        [states]
        filed = { label = { ja = "受付", en = "filed" }, to = ["review"] }
        review = { label = { ja = "審査", en = "review" }, to = ["approved", "filed"] }
        approved = { label = { ja = "承認", en = "approved" }, to = [] }
        [clocks.review]
        label = { ja = "承認", en = "approval" }
        starts = "review"
        stops = ["approved", "filed"]
        within = "6 months"
        [clocks.look-again]
        label = { ja = "見直し", en = "looking again" }
        starts_on = "decided_on"
        stops_on = "replaced_on"
        within = "5 years"
    "#;

    fn clocks_of(decided_on: Option<&str>, states: &[(&str, Date)], today: Date) -> Vec<Running> {
        clocks_between(decided_on, None, states, today)
    }

    fn clocks_between(
        decided_on: Option<&str>,
        replaced_on: Option<&str>,
        states: &[(&str, Date)],
        today: Date,
    ) -> Vec<Running> {
        let declaration = Declaration::parse("application.toml", REVIEWED).unwrap();
        let mut record =
            Record::new("application".parse().unwrap(), "a".parse().unwrap(), Source::document("001"));
        record.state = states.last().map(|(state, _)| (*state).to_owned());
        record.set("decided_on", decided_on).set("replaced_on", replaced_on);
        let states: Vec<_> = states.iter().map(|(state, day)| ((*state).to_owned(), *day)).collect();
        running(&declaration, &record, &states, today, |_| false)
    }

    #[test]
    fn a_clock_runs_from_the_day_its_state_was_entered_and_is_overdue_the_day_after_the_last() {
        let states = [("filed", date(2025, 1, 10)), ("review", date(2025, 4, 1))];
        let on = |day| clocks_of(None, &states, day);
        assert_eq!(on(date(2025, 10, 1))[0].last_day, date(2025, 10, 1));
        assert!(!on(date(2025, 10, 1))[0].is_overdue());
        assert!(on(date(2025, 10, 2))[0].is_overdue());
        assert_eq!(on(date(2025, 9, 28))[0].days_left, 3);
    }

    #[test]
    fn a_clock_stops_with_its_stopping_state_and_starts_anew_when_the_state_is_entered_again() {
        let back = [("review", date(2025, 4, 1)), ("filed", date(2025, 5, 1))];
        assert_eq!(clocks_of(None, &back, date(2026, 1, 1)), []);
        let again = [("review", date(2025, 4, 1)), ("filed", date(2025, 5, 1)), ("review", date(2025, 6, 1))];
        assert_eq!(clocks_of(None, &again, date(2025, 6, 2))[0].since, date(2025, 6, 1));
    }

    #[test]
    fn a_clock_on_a_date_field_runs_from_that_day_and_not_before_it() {
        let states = [("filed", date(2024, 1, 1))];
        let on = |day| clocks_of(Some("令和4年5月31日"), &states, day);
        assert_eq!(on(date(2026, 1, 1))[0].last_day, date(2027, 5, 31));
        assert_eq!(on(date(2022, 5, 30)), []);
        assert_eq!(clocks_of(None, &states, date(2026, 1, 1)), []);
    }

    #[test]
    fn a_clock_stops_on_the_day_of_its_stopping_field_and_not_before_it() {
        let states = [("filed", date(2016, 6, 1))];
        let on = |day| clocks_between(Some("2016-05-31"), Some("2022-05-31"), &states, day);
        assert!(on(date(2022, 5, 30))[0].is_overdue());
        assert_eq!(on(date(2022, 5, 31)), []);
    }

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
