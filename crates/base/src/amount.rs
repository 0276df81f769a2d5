//! A line of a budget: money with its year, its kind, and whether it may be added up.

use serde::{Deserialize, Serialize};

use crate::{FiscalYear, Names, Yen};

/// What stage of the budget an amount belongs to. Kinds are never mixed silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BudgetKind {
    /// 当初予算
    Initial,
    /// 補正予算
    Supplementary,
    /// 予算案
    Draft,
    /// 概算要求
    Request,
    /// 予算 or 予算額 with no kind printed.
    Unlabelled,
    /// 執行額
    Executed,
    /// 歳出予算現額: initial + supplementary + carried over + reserves.
    Available,
    /// 前年度からの繰越し
    CarriedIn,
    /// 翌年度への繰越し
    CarriedOut,
    /// 予備費等
    Reserve,
}

impl BudgetKind {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        match self {
            BudgetKind::Initial => Names::of("当初予算", "initial budget"),
            BudgetKind::Supplementary => Names::of("補正予算", "supplementary budget"),
            BudgetKind::Draft => Names::of("予算案", "draft budget"),
            BudgetKind::Request => Names::of("概算要求", "budget request"),
            BudgetKind::Unlabelled => Names::of("予算（種別の記載なし）", "budget (kind not printed)"),
            BudgetKind::Executed => Names::of("執行額", "executed"),
            BudgetKind::Available => Names::of("歳出予算現額", "available budget"),
            BudgetKind::CarriedIn => Names::of("前年度から繰越し", "carried in"),
            BudgetKind::CarriedOut => Names::of("翌年度へ繰越し", "carried out"),
            BudgetKind::Reserve => Names::of("予備費等", "reserve funds"),
        }
    }
}

/// One amount of one fiscal year's budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    /// The year the money belongs to, which need not be the year of the results it is quoted with.
    pub fiscal_year: FiscalYear,
    /// Its kind.
    pub kind: BudgetKind,
    /// The money as printed.
    pub yen: Yen,
    /// 内数: the true share lies somewhere within this amount. It is an upper bound and never summed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub within: bool,
    /// 再掲: printed elsewhere already. It is never summed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
}

impl Amount {
    /// Whether this amount may be added to others of its kind and year.
    pub fn summable(&self) -> bool {
        !self.within && !self.repeated
    }
}

/// The sum of the amounts that may be added, in yen, or `None` if they are not all of one kind and year
/// (or overflow). What was left out is for the caller to show.
pub fn sum<'a>(amounts: impl IntoIterator<Item = &'a Amount>) -> Option<i64> {
    let mut seen = None;
    let mut total = 0_i64;
    for amount in amounts.into_iter().filter(|amount| amount.summable()) {
        if *seen.get_or_insert((amount.kind, amount.fiscal_year)) != (amount.kind, amount.fiscal_year) {
            return None;
        }
        total = total.checked_add(amount.yen.yen())?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(yen: &str) -> Amount {
        let yen = yen.parse().unwrap_or_else(|error| panic!("{error}"));
        Amount {
            fiscal_year: FiscalYear::new(2025),
            kind: BudgetKind::Draft,
            yen,
            within: false,
            repeated: false,
        }
    }

    #[test]
    fn a_budget_within_another_is_never_summed() {
        let within = Amount { within: true, ..draft("14億円") };
        let repeated = Amount { repeated: true, ..draft("24億円") };
        assert_eq!(sum([&draft("12億円"), &within, &repeated]), Some(1_200_000_000));
    }

    #[test]
    fn kinds_and_years_are_never_mixed() {
        let other_kind = Amount { kind: BudgetKind::Initial, ..draft("12億円") };
        let other_year = Amount { fiscal_year: FiscalYear::new(2024), ..draft("12億円") };
        assert_eq!(sum([&draft("12億円"), &other_kind]), None);
        assert_eq!(sum([&draft("12億円"), &other_year]), None);
    }
}
