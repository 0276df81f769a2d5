//! Money. An amount is an exact number of yen *and* how it was printed: 298,082千円 and 3.0億円 may be the
//! same money, and 14億円 claims less than 14.0億円.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::fold_width;

/// The unit an amount was printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 円
    Yen,
    /// 千円
    Thousand,
    /// 万円
    TenThousand,
    /// 百万円
    Million,
    /// 億円
    HundredMillion,
    /// 兆円
    Trillion,
}

impl Unit {
    /// Longest names first, so that 百万円 is not read as 万円.
    const ALL: [(Unit, &'static str, i64); 6] = [
        (Unit::Million, "百万円", 1_000_000),
        (Unit::Thousand, "千円", 1_000),
        (Unit::TenThousand, "万円", 10_000),
        (Unit::HundredMillion, "億円", 100_000_000),
        (Unit::Trillion, "兆円", 1_000_000_000_000),
        (Unit::Yen, "円", 1),
    ];

    /// Yen in one unit.
    pub fn yen(self) -> i64 {
        Unit::ALL.iter().find(|(unit, ..)| *unit == self).map_or(1, |(_, _, yen)| *yen)
    }
    /// As printed.
    pub fn name(self) -> &'static str {
        Unit::ALL.iter().find(|(unit, ..)| *unit == self).map_or("円", |(_, name, _)| *name)
    }
}

/// An amount of yen as it was printed.
///
/// Equality is of the print: `14億円 != 14.0億円`. Use [`Yen::agrees_with`] to ask whether two prints can
/// be the same money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Yen {
    value: i64,
    unit: Unit,
    decimals: u8,
}

/// A text that is not an amount of yen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAmount {
    /// No number, no unit, or something else around them.
    #[error("`{0}` is not an amount: write a number and its unit, such as 7.7億円 or 298,082千円")]
    Form(String),
    /// More digits than the unit has yen, such as 0.5円.
    #[error("`{0}` is finer than one yen")]
    TooFine(String),
    /// More than the type holds (about 9,223兆円).
    #[error("`{0}` is too large to be an amount of yen")]
    TooLarge(String),
}

impl Yen {
    /// An exact amount, printed in 円.
    pub const fn exact(yen: i64) -> Self {
        Yen { value: yen, unit: Unit::Yen, decimals: 0 }
    }
    /// A whole number of a unit, printed without decimals.
    pub fn whole(number: i64, unit: Unit) -> Option<Self> {
        Some(Yen { value: number.checked_mul(unit.yen())?, unit, decimals: 0 })
    }
    /// The yen the print stands for.
    pub const fn yen(self) -> i64 {
        self.value
    }
    /// The unit it was printed in.
    pub const fn unit(self) -> Unit {
        self.unit
    }
    /// The digits printed after the decimal point.
    pub const fn decimals(self) -> u8 {
        self.decimals
    }
    /// The yen in one step of the last printed digit: 10,000,000 for 7.7億円.
    pub fn step(self) -> i64 {
        self.unit.yen() / 10_i64.pow(u32::from(self.decimals))
    }

    /// Whether two prints can be the same money: the finer one, rounded, cut off or raised at the coarser
    /// one's last digit, gives the coarser one. Ministries use all three roundings without saying which.
    pub fn agrees_with(self, other: Yen) -> bool {
        (self.value - other.value).abs() < self.step().max(other.step())
    }

    /// Parses the amount at the start of `text` and returns it with what follows.
    pub fn leading(text: &str) -> Result<(Yen, &str), NotAnAmount> {
        let form = || NotAnAmount::Form(text.to_owned());
        let negative = text.starts_with(['-', '−', '▲', '△']);
        let body = text.trim_start_matches(['-', '−', '▲', '△']);
        let end = body.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(body.len());
        let (number, rest) = body.split_at(end);
        let rest = rest.trim_start();
        let (unit, name, _) =
            Unit::ALL.into_iter().find(|(_, name, _)| rest.starts_with(name)).ok_or_else(form)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || fraction.contains([',', '.']) || (number.contains('.') && fraction.is_empty())
        {
            return Err(form());
        }
        let digits: String = whole.chars().filter(|c| *c != ',').chain(fraction.chars()).collect();
        let decimals = u8::try_from(fraction.len()).map_err(|_| form())?;
        let scale = 10_i64.checked_pow(u32::from(decimals)).filter(|scale| unit.yen() % scale == 0);
        let scale = scale.ok_or_else(|| NotAnAmount::TooFine(text.to_owned()))?;
        let large = || NotAnAmount::TooLarge(text.to_owned());
        let yen = digits.parse::<i64>().map_err(|_| if digits.is_empty() { form() } else { large() })?;
        let yen = yen.checked_mul(unit.yen() / scale).ok_or_else(large)?;
        Ok((Yen { value: if negative { -yen } else { yen }, unit, decimals }, &rest[name.len()..]))
    }
}

impl FromStr for Yen {
    type Err = NotAnAmount;
    fn from_str(text: &str) -> Result<Self, NotAnAmount> {
        let folded = fold_width(text.trim());
        match Yen::leading(&folded)? {
            (yen, "") => Ok(yen),
            _ => Err(NotAnAmount::Form(text.to_owned())),
        }
    }
}

/// Groups digits by thousands: 298,082.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl fmt::Display for Yen {
    /// As it was printed, digits grouped: 298,082千円, 7.7億円.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit.yen();
        let sign = if self.value < 0 && self.value / unit == 0 { "-" } else { "" };
        write!(f, "{sign}{}", grouped(self.value / unit))?;
        if self.decimals > 0 {
            let rest = (self.value % unit).abs() / self.step();
            write!(f, ".{rest:0width$}", width = usize::from(self.decimals))?;
        }
        f.write_str(self.unit.name())
    }
}

impl Serialize for Yen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Yen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn yen(text: &str) -> Yen {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn an_amount_keeps_its_print() {
        for (print, value) in [
            ("298,082千円", 298_082_000),
            ("7.7億円", 770_000_000),
            ("6.0億円", 600_000_000),
            ("9百万円", 9_000_000),
            ("2,500万円", 25_000_000),
            ("10兆円", 10_000_000_000_000),
            ("4,175,000,000円", 4_175_000_000),
            ("-0.5億円", -50_000_000),
        ] {
            assert_eq!(yen(print).yen(), value, "{print}");
            assert_eq!(yen(print).to_string(), print);
        }
        assert_eq!(yen("７．７ 億円"), yen("7.7億円"));
    }

    #[test]
    fn two_prints_of_the_same_money_agree() {
        assert!(yen("298,082千円").agrees_with(yen("3.0億円")));
        assert!(yen("4,175,000,000円").agrees_with(yen("41.8億円")));
        assert!(yen("4,451,000,000円").agrees_with(yen("44.5億円")));
        assert!(yen("1,465,000,000円").agrees_with(yen("14億円")), "cut off, not rounded");
        assert!(!yen("1,465,000,000円").agrees_with(yen("14.0億円")));
        assert_ne!(yen("14億円"), yen("14.0億円"));
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in ["", "億円", "7.7", "7.億円", "0.5円", "7.7億円の内数", "1.2.3億円", "99999999999兆円"]
        {
            assert!(text.parse::<Yen>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_are_inverse(number in -9_000_000_000_i64..9_000_000_000, decimals in 0_u8..4, unit in 1_usize..4) {
            let unit = [Unit::Thousand, Unit::Million, Unit::HundredMillion][unit - 1];
            let print = Yen { value: number * (unit.yen() / 10_i64.pow(u32::from(decimals))), unit, decimals };
            prop_assert_eq!(print.to_string().parse::<Yen>(), Ok(print));
        }
    }
}
