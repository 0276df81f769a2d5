//! Moments that can be compared across time zones and precisions (RFC 3339): the tests that sort by date need no more.

use crate::document::shape::form::Form;

/// A moment: seconds on a common scale, then the digits of the fraction without zeros at their end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Moment {
    seconds: i64,
    fraction: String,
}

impl Moment {
    /// Reads a date-time; none where the text is no real moment.
    pub(crate) fn of(text: &str) -> Option<Moment> {
        if !Form::DateTime.holds(text) {
            return None;
        }
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let days = days(number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let clock = number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?;
        let rest = text.get(19..)?;
        let digits = rest.strip_prefix('.').unwrap_or_default();
        let digits = digits.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let zone = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        let fraction = digits.trim_end_matches('0').to_owned();
        Some(Moment { seconds: days * 86_400 + clock - offset(zone)?, fraction })
    }
}

/// The seconds of `Z`, `+09:00` …
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return Some(0),
    };
    let hours: i64 = zone.get(1..3)?.parse().ok()?;
    let minutes: i64 = zone.get(4..6)?.parse().ok()?;
    Some(sign * (hours * 3600 + minutes * 60))
}

/// Days since a day before the year 0, counted by years that begin in March, so that the leap day is a year's last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 153 + 2) / 5
        + day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_compare_across_zones_and_precisions() {
        let at = |text| Moment::of(text).unwrap();
        assert_eq!(at("2021-07-21T10:00:00.000Z"), at("2021-07-21T19:00:00+09:00"));
        assert_eq!(at("2024-02-29T23:30:00-01:00"), at("2024-03-01t00:30:00z"));
        assert!(at("2021-07-21T10:00:00.00010Z") > at("2021-07-21T10:00:00Z"));
        assert!(at("2021-07-21T10:00:00.1Z") > at("2021-07-21T10:00:00.09999Z"));
        assert!(at("2021-12-31T23:59:59Z") < at("2022-01-01T00:00:00Z"));
        assert_eq!(Moment::of("2021-02-30T00:00:00Z"), None);
    }
}
