//! Years. A Japanese document says 年 (calendar year) or 年度 (April to March), in a Japanese era or
//! not. They are different types here, so that the one is never taken for the other.

use std::fmt;
use std::str::FromStr;

use icu_calendar::{Date, Iso, cal::Japanese};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::fold_width;

/// A Japanese era of the modern calendar, as used in government documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Era {
    /// 明治
    Meiji,
    /// 大正
    Taisho,
    /// 昭和
    Showa,
    /// 平成
    Heisei,
    /// 令和
    Reiwa,
}

impl Era {
    const ALL: [Era; 5] = [Era::Reiwa, Era::Heisei, Era::Showa, Era::Taisho, Era::Meiji];

    /// The era's two-character name.
    pub fn kanji(self) -> &'static str {
        match self {
            Era::Meiji => "明治",
            Era::Taisho => "大正",
            Era::Showa => "昭和",
            Era::Heisei => "平成",
            Era::Reiwa => "令和",
        }
    }

    /// The Latin initial used in short forms such as R7.
    pub fn initial(self) -> char {
        match self {
            Era::Meiji => 'M',
            Era::Taisho => 'T',
            Era::Showa => 'S',
            Era::Heisei => 'H',
            Era::Reiwa => 'R',
        }
    }

    fn code(self) -> &'static str {
        match self {
            Era::Meiji => "meiji",
            Era::Taisho => "taisho",
            Era::Showa => "showa",
            Era::Heisei => "heisei",
            Era::Reiwa => "reiwa",
        }
    }

    /// Western year of year 1 of the era: 平成31 and 令和1 are both 2019, because documents write both.
    fn first_year(self) -> i32 {
        match self {
            Era::Meiji => 1868,
            Era::Taisho => 1912,
            Era::Showa => 1926,
            Era::Heisei => 1989,
            Era::Reiwa => 2019,
        }
    }

    /// The era and the year within it on a given day, by the Japanese calendar of ICU.
    /// `None` before the Meiji era.
    pub fn on(year: i32, month: u8, day: u8) -> Option<(Era, i32)> {
        let date = Date::<Iso>::try_new_iso(year, month, day).ok()?.to_calendar(Japanese::new());
        let in_era = date.year().era()?;
        let era = Era::ALL.into_iter().find(|era| era.code() == in_era.era.as_str())?;
        Some((era, in_era.year))
    }

    /// Splits a leading era name or initial from `text`: `令和7…` and `R7…` give `(Reiwa, "7…")`.
    pub(crate) fn strip(text: &str) -> Option<(Era, &str)> {
        Era::ALL.into_iter().find_map(|era| {
            let rest = text.strip_prefix(era.kanji()).or_else(|| text.strip_prefix(era.initial()))?;
            Some((era, rest))
        })
    }

    /// The eras that a western year belongs to, with the year within each: 2019 is 平成31 and 令和元. The running era
    /// goes on as long as an era can last.
    pub(crate) fn years_of(western: i32) -> impl Iterator<Item = (Era, i32)> {
        Era::ALL.into_iter().enumerate().filter_map(move |(index, era)| {
            // The one after this in time stands before it in the list.
            let last = index.checked_sub(1).map_or(i32::MAX, |next| Era::ALL[next].first_year());
            let n = western - era.first_year() + 1;
            ((1..=99).contains(&n) && western <= last).then_some((era, n))
        })
    }

    /// Western year of the `n`-th year of this era. `None` for year 0 or beyond what an era can last.
    pub(crate) fn western(self, n: i32) -> Option<i32> {
        (1..=99).contains(&n).then(|| self.first_year() + n - 1)
    }
}

/// A text that does not name a year.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a year: write 2025, 令和7 or R7 (with 年度 for a fiscal year, 年 for a calendar year)")]
pub struct NotAYear(pub String);

/// A Japanese fiscal year, April to March, named by the western year in which it begins:
/// 令和7年度 = R7 = FY2025.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear(i32);

/// A calendar year (年), January to December.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(i32);

impl FiscalYear {
    /// The fiscal year that begins in April of the given western year.
    pub const fn new(western: i32) -> Self {
        FiscalYear(western)
    }
    /// The western year in which it begins.
    pub const fn western(self) -> i32 {
        self.0
    }
    /// The fiscal year after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        FiscalYear(self.0 + 1)
    }
    /// The fiscal year before this one.
    #[must_use]
    pub const fn previous(self) -> Self {
        FiscalYear(self.0 - 1)
    }
    /// The fiscal year a day falls in.
    pub fn of(date: jiff::civil::Date) -> Self {
        FiscalYear(i32::from(date.year()) - i32::from(date.month() < 4))
    }
    /// As official documents write it: 令和7年度. The era is that of the first day, 1 April, so that
    /// FY2019 is 平成31年度, as the FY2019 documents print it.
    pub fn japanese(self) -> String {
        match Era::on(self.0, 4, 1) {
            Some((era, 1)) => format!("{}元年度", era.kanji()),
            Some((era, n)) => format!("{}{n}年度", era.kanji()),
            None => format!("{}年度", self.0),
        }
    }
}

impl Year {
    /// A calendar year by its western number.
    pub const fn new(western: i32) -> Self {
        Year(western)
    }
    /// Its western number.
    pub const fn western(self) -> i32 {
        self.0
    }
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FY{}", self.0)
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Reads `2025`, `令和7`, `R7`, `令和元`, in any width, and returns the western year and what follows.
fn leading_year(text: &str) -> Option<(i32, &str)> {
    let (era, rest) = match Era::strip(text) {
        Some((era, rest)) => (Some(era), rest),
        None => (None, text),
    };
    let rest = rest.trim_start();
    let (number, rest) = if let Some(rest) = rest.strip_prefix('元') {
        (1, rest)
    } else {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        (rest[..digits].parse().ok()?, &rest[digits..])
    };
    match era {
        Some(era) => Some((era.western(number)?, rest)),
        None => (1868..=2200).contains(&number).then_some((number, rest)),
    }
}

impl FromStr for FiscalYear {
    type Err = NotAYear;
    /// `FY2025`, `2025`, `2025年度`, `令和7年度`, `R7`, `R7年度`. A bare number is taken as a fiscal year;
    /// a text that says 年 is refused.
    fn from_str(text: &str) -> Result<Self, NotAYear> {
        let folded = fold_width(text.trim());
        let body = folded.strip_prefix("FY").unwrap_or(&folded);
        match leading_year(body) {
            Some((year, "" | "年度")) => Ok(FiscalYear(year)),
            _ => Err(NotAYear(text.to_owned())),
        }
    }
}

impl FromStr for Year {
    type Err = NotAYear;
    /// `2040`, `2040年`, `令和4年`. A text that says 年度 is refused.
    fn from_str(text: &str) -> Result<Self, NotAYear> {
        let folded = fold_width(text.trim());
        match leading_year(&folded) {
            Some((year, "" | "年")) => Ok(Year(year)),
            _ => Err(NotAYear(text.to_owned())),
        }
    }
}

/// Both kinds are written as plain western numbers in files; the field's declared type says which it is.
macro_rules! serde_as_number {
    ($type:ident) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i32(self.0)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                #[serde(untagged)]
                enum Form {
                    Number(i32),
                    Text(String),
                }
                match Form::deserialize(deserializer)? {
                    Form::Number(number) => Ok($type(number)),
                    Form::Text(text) => text.parse().map_err(de::Error::custom),
                }
            }
        }
    };
}
serde_as_number!(FiscalYear);
serde_as_number!(Year);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fiscal_year_has_many_spellings() {
        for spelling in ["2025", "FY2025", "2025年度", "令和7年度", "令和７年度", "R7", "R7年度", " Ｒ７ "]
        {
            assert_eq!(spelling.parse(), Ok(FiscalYear(2025)), "{spelling}");
        }
        assert_eq!("平成31年度".parse(), Ok(FiscalYear(2019)));
        assert_eq!("令和元年度".parse(), Ok(FiscalYear(2019)));
    }

    #[test]
    fn a_calendar_year_is_not_a_fiscal_year() {
        assert!("令和7年".parse::<FiscalYear>().is_err());
        assert!("令和7年度".parse::<Year>().is_err());
        assert_eq!("2040年".parse(), Ok(Year(2040)));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "令和", "令和0年度", "７", "9999", "R7.2.7", "令和7年度予算"] {
            assert!(text.parse::<FiscalYear>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_fiscal_year_is_printed_as_documents_print_it() {
        assert_eq!(FiscalYear(2025).japanese(), "令和7年度");
        assert_eq!(FiscalYear(2019).japanese(), "平成31年度");
        assert_eq!(FiscalYear(1989).japanese(), "平成元年度");
    }

    #[test]
    fn january_belongs_to_the_fiscal_year_before() {
        assert_eq!(FiscalYear::of(jiff::civil::date(2025, 3, 17)), FiscalYear(2024));
        assert_eq!(FiscalYear::of(jiff::civil::date(2025, 4, 1)), FiscalYear(2025));
    }
}
