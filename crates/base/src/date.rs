//! Days. A document prints 令和7年2月7日, R7.2.7 or 2025-02-07; all are one [`jiff::civil::Date`].

use jiff::civil::Date;

use crate::text::fold_width;
use crate::year::Era;

/// A text that does not name a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: write 2025-02-07, 令和7年2月7日 or R7.2.7")]
pub struct NotADate(pub String);

/// Reads a day written in the western or the Japanese calendar, in any width.
///
/// A day that did not exist in the named era (令和1年1月1日) is accepted as the western year it implies,
/// as documents that were planned ahead print such days; an impossible day (2月30日) is refused.
pub fn parse(text: &str) -> Result<Date, NotADate> {
    let refuse = || NotADate(text.to_owned());
    let folded: String = fold_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let (era, rest) = match Era::strip(&folded) {
        Some((era, rest)) => (Some(era), rest),
        None => (None, folded.as_str()),
    };
    let rest = rest.strip_suffix('日').unwrap_or(rest);
    let mut parts = rest.split(['年', '月', '.', '/', '-']);
    let mut next = || parts.next().map(|part| if part == "元" { "1" } else { part });
    let (Some(year), Some(month), Some(day), None) = (next(), next(), next(), next()) else {
        return Err(refuse());
    };
    let year: i32 = year.parse().map_err(|_| refuse())?;
    let western = match era {
        Some(era) => era.western(year).ok_or_else(refuse)?,
        None if year >= 1000 => year,
        None => return Err(refuse()),
    };
    let western = i16::try_from(western).map_err(|_| refuse())?;
    let (month, day) = (month.parse().map_err(|_| refuse())?, day.parse().map_err(|_| refuse())?);
    Date::new(western, month, day).map_err(|_| refuse())
}

/// 令和7年2月7日.
pub fn japanese(date: Date) -> String {
    let (year, month, day) = (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs());
    match Era::on(year, month, day) {
        Some((era, 1)) => format!("{}元年{month}月{day}日", era.kanji()),
        Some((era, n)) => format!("{}{n}年{month}月{day}日", era.kanji()),
        None => format!("{year}年{month}月{day}日"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn one_day_has_many_spellings() {
        for spelling in ["2025-02-07", "2025/2/7", "R7.2.7", "令和7年2月7日", "令和７年２月７日"]
        {
            assert_eq!(parse(spelling), Ok(date(2025, 2, 7)), "{spelling}");
        }
    }

    #[test]
    fn impossible_days_are_refused() {
        for text in ["", "R7", "R7.2", "令和7年2月30日", "7.2.7", "2025-13-01", "R0.1.1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_era_changes_on_its_day() {
        assert_eq!(japanese(date(2019, 4, 30)), "平成31年4月30日");
        assert_eq!(japanese(date(2019, 5, 1)), "令和元年5月1日");
    }
}
