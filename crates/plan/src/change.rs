//! What changed in a measure since the year before: wording, ministries, money, status, and whether what was
//! planned was done. Which row of last year is the same measure is decided by equal words first; a similar
//! row is only suggested, above a threshold that is shown.

use std::collections::BTreeMap;

use base::{Amount, FiscalYear, Names, Source};
use register::RecordRef;
use serde::Serialize;

use crate::view::{Row, View};

/// Least similarity, of 1000, at which a row of last year is suggested as the same measure. Configuration: no
/// document sets it.
pub const SIMILAR_FROM: u16 = 600;

/// How a row of last year was found to be the same measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// Same goal, same heading, same words.
    SameWords,
    /// Similar words under the same goal; of 1000.
    Suggested {
        /// How similar.
        similarity: u16,
        /// From where on similarity suggests.
        threshold: u16,
    },
}

/// A text before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pair<T> {
    /// Last year.
    pub before: T,
    /// This year.
    pub after: T,
}

/// Growth of an amount, or why it may not be computed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Growth {
    /// In percent of the year before.
    Percent(f64),
    /// The two amounts do not compare.
    Refused(Names),
}

/// What a programme's quoted money did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MoneyChange {
    /// The programme as printed.
    pub programme: String,
    /// Quoted with last year's results.
    pub before: Option<Amount>,
    /// Quoted with this year's.
    pub after: Option<Amount>,
    /// What may be said of the two.
    pub growth: Option<Growth>,
}

/// What changed in one measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowChange {
    /// Last year's row.
    pub previous: RecordRef,
    /// Why it is the same measure.
    pub identity: Identity,
    /// The measure's words, where they changed.
    pub wording: Option<Pair<String>>,
    /// The leading ministries, where they changed.
    pub leads: Option<Pair<Vec<String>>>,
    /// All ministries, where they changed.
    pub ministries: Option<Pair<Vec<String>>>,
    /// The status, where it changed.
    pub status: Option<Pair<Option<String>>>,
    /// The report of results repeats last year's word for word.
    pub results_repeated: bool,
    /// The plans repeat last year's word for word.
    pub plans_repeated: bool,
    /// Money quoted with the results of the two years.
    pub money: Vec<MoneyChange>,
    /// What was planned last year, beside what was reported this year.
    pub planned_and_done: Pair<String>,
    /// Where last year's row stands.
    pub sources: Vec<Source>,
}

impl RowChange {
    /// Nothing that a reader would call a change.
    pub fn is_same(&self) -> bool {
        self.wording.is_none() && self.leads.is_none() && self.ministries.is_none() && self.status.is_none()
    }
}

/// The rows of two years, paired.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    /// For each row of the year that has a predecessor, what changed.
    pub changed: BTreeMap<RecordRef, RowChange>,
    /// Rows without a predecessor.
    pub new: Vec<RecordRef>,
    /// Rows of the year before without a successor.
    pub vanished: Vec<RecordRef>,
}

/// Pairs the rows of a year with those of the year before. Where there is no table of the year before,
/// nothing is new and nothing vanished: there is nothing to compare with.
pub fn between(view: &View, year: FiscalYear) -> Changes {
    let now: Vec<&Row> = view.rows_of(year).collect();
    let before: Vec<&Row> = view.rows_of(year.previous()).collect();
    if before.is_empty() || now.is_empty() {
        return Changes::default();
    }
    let pairs = pairs(&now, &before);
    let taken: Vec<usize> = pairs.values().map(|(before, _)| *before).collect();
    let name = |row: &Row| row.origin.record.clone();
    Changes {
        changed: pairs
            .iter()
            .map(|(&at, &(old, identity))| (name(now[at]), row_change(before[old], now[at], identity)))
            .collect(),
        new: (0..now.len()).filter(|at| !pairs.contains_key(at)).map(|at| name(now[at])).collect(),
        vanished: (0..before.len()).filter(|at| !taken.contains(at)).map(|at| name(before[at])).collect(),
    }
}

/// What changed from one row to another that is the same measure.
pub fn row_change(before: &Row, after: &Row, identity: Identity) -> RowChange {
    RowChange {
        previous: before.origin.record.clone(),
        identity,
        wording: changed(&before.measure, &after.measure, |a, b| key(a) == key(b)),
        leads: changed(&before.marks.leads(), &after.marks.leads(), |a, b| a == b),
        ministries: changed(&before.marks.all(), &after.marks.all(), |a, b| a == b),
        status: changed(&before.status, &after.status, |a, b| a == b),
        results_repeated: !after.results.is_empty() && key(&before.results) == key(&after.results),
        plans_repeated: !after.plans.is_empty() && key(&before.plans) == key(&after.plans),
        money: money(before, after),
        planned_and_done: Pair { before: before.plans.clone(), after: after.results.clone() },
        sources: before.origin.sources.clone(),
    }
}

/// Growth from one amount to another, where it means something.
pub fn growth(before: &Amount, after: &Amount) -> Growth {
    let refuse = |ja: &str, en: &str| Growth::Refused(Names::of(ja, en));
    if before.kind != after.kind {
        return refuse("予算の種別が異なるため増減を計算しない", "not computed: the kinds of budget differ");
    }
    if before.within || after.within {
        return refuse(
            "内数であり、内訳が不明のため増減を計算しない",
            "not computed: an amount is within a larger one, its share unknown",
        );
    }
    if after.fiscal_year != before.fiscal_year.next() {
        return refuse("隣り合う年度でないため増減を計算しない", "not computed: the years are not adjacent");
    }
    if before.yen.yen() <= 0 {
        return refuse("前年度が0円のため率を計算しない", "not computed: there is no rate from zero");
    }
    #[allow(clippy::cast_precision_loss, reason = "a percentage for display")]
    let percent = (after.yen.yen() - before.yen.yen()) as f64 / before.yen.yen() as f64 * 100.0;
    Growth::Percent(percent)
}

/// How similar two texts are, of 1000: the share of pairs of neighbouring characters they have in common.
pub fn similarity(a: &str, b: &str) -> u16 {
    let (a, b) = (bigrams(&key(a)), bigrams(&key(b)));
    let total: usize = a.values().sum::<usize>() + b.values().sum::<usize>();
    if total == 0 {
        return 0;
    }
    let common: usize = a.iter().map(|(pair, count)| b.get(pair).map_or(0, |other| *count.min(other))).sum();
    u16::try_from(2000 * common / total).unwrap_or(1000)
}

type Pairs = BTreeMap<usize, (usize, Identity)>;

fn pairs(now: &[&Row], before: &[&Row]) -> Pairs {
    let mut pairs = Pairs::new();
    let mut free: Vec<bool> = vec![true; before.len()];
    let identity = |row: &Row| (key(&row.goal), key(&row.heading), key(&row.measure));
    for (at, row) in now.iter().enumerate() {
        let found = (0..before.len()).find(|&old| free[old] && identity(before[old]) == identity(row));
        if let Some(old) = found {
            free[old] = false;
            pairs.insert(at, (old, Identity::SameWords));
        }
    }
    let open = (0..now.len()).filter(|at| !pairs.contains_key(at));
    let mut candidates: Vec<(u16, usize, usize)> = open
        .flat_map(|at| (0..before.len()).map(move |old| (at, old)))
        .filter(|&(at, old)| free[old] && key(&now[at].goal) == key(&before[old].goal))
        .map(|(at, old)| (similarity(&now[at].measure, &before[old].measure), at, old))
        .filter(|(similarity, ..)| *similarity >= SIMILAR_FROM)
        .collect();
    candidates.sort_by_key(|&(similarity, at, old)| (std::cmp::Reverse(similarity), at, old));
    for (similarity, at, old) in candidates {
        if free[old] && !pairs.contains_key(&at) {
            free[old] = false;
            pairs.insert(at, (old, Identity::Suggested { similarity, threshold: SIMILAR_FROM }));
        }
    }
    pairs
}

/// Words are the same whatever their width, blanks and closing mark of ministries.
fn key(text: &str) -> String {
    let key = base::text::name_key(text);
    match key.rfind('[') {
        Some(at) if key.ends_with(']') => key[..at].to_owned(),
        _ => key,
    }
}

fn bigrams(text: &str) -> BTreeMap<(char, char), usize> {
    let mut counts = BTreeMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *counts.entry(pair).or_insert(0) += 1;
    }
    counts
}

fn changed<T: Clone>(before: &T, after: &T, same: impl Fn(&T, &T) -> bool) -> Option<Pair<T>> {
    (!same(before, after)).then(|| Pair { before: before.clone(), after: after.clone() })
}

/// The money quoted with the results of either year, programme by programme. The plans' money belongs to the
/// next year's results and is compared there.
fn money(before: &Row, after: &Row) -> Vec<MoneyChange> {
    let mut by_programme: BTreeMap<String, MoneyChange> = BTreeMap::new();
    for (row, is_after) in [(before, false), (after, true)] {
        for quoted in row.budgets.iter().filter(|quoted| quoted.column == crate::view::Column::Results) {
            let key = crate::identity::parts(&quoted.programme).key;
            let entry = by_programme.entry(key).or_insert_with(|| MoneyChange {
                programme: quoted.programme.clone(),
                before: None,
                after: None,
                growth: None,
            });
            let side = if is_after { &mut entry.after } else { &mut entry.before };
            // A plain amount says more than a share of a larger one.
            if side.is_none_or(|known| known.within && !quoted.amount.within) {
                *side = Some(quoted.amount);
            }
        }
    }
    let mut changes: Vec<MoneyChange> = by_programme.into_values().collect();
    for change in &mut changes {
        change.growth = change.before.zip(change.after).map(|(before, after)| growth(&before, &after));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use base::BudgetKind;
    use proptest::prelude::*;

    fn change(row: &str) -> RowChange {
        let changes = between(&sample::view(), FiscalYear::new(2024));
        changes.changed[&row.parse().unwrap()].clone()
    }

    #[test]
    fn a_lead_that_changed_is_shown_with_both_sides() {
        let change = change("follow-up-row:fy2024.m1");
        assert_eq!(change.identity, Identity::SameWords);
        let leads = change.leads.unwrap();
        assert_eq!((leads.before.len(), leads.after.len()), (1, 2));
        assert_eq!(change.wording, None);
    }

    #[test]
    fn a_reworded_measure_is_only_suggested_to_be_the_same() {
        let change = change("follow-up-row:fy2024.m2");
        assert!(matches!(
            change.identity,
            Identity::Suggested { similarity: 600..1000, threshold: SIMILAR_FROM }
        ));
        assert_eq!(change.wording.unwrap().after, "人材の育成に引き続き取り組む。");
        assert!(change.results_repeated && change.plans_repeated);
    }

    #[test]
    fn growth_is_computed_within_a_kind_and_refused_across_kinds() {
        let amount = |year, kind, yen: &str, within| Amount {
            fiscal_year: FiscalYear::new(year),
            kind,
            yen: yen.parse().unwrap(),
            within,
            repeated: false,
        };
        let before = amount(2023, BudgetKind::Initial, "10億円", false);
        assert_eq!(
            growth(&before, &amount(2024, BudgetKind::Initial, "13億円", false)),
            Growth::Percent(30.0)
        );
        let refused = |after| matches!(growth(&before, &after), Growth::Refused(_));
        assert!(refused(amount(2024, BudgetKind::Draft, "13億円", false)));
        assert!(refused(amount(2024, BudgetKind::Initial, "13億円", true)));
        assert!(refused(amount(2025, BudgetKind::Initial, "13億円", false)));
    }

    #[test]
    fn the_first_year_has_nothing_to_be_compared_with() {
        let changes = between(&sample::view(), FiscalYear::new(2023));
        assert_eq!(changes, Changes::default());
    }

    #[test]
    fn a_measure_without_a_successor_has_vanished() {
        let mut records = sample::records();
        records.push(sample::row(
            2023,
            3,
            "全く別の事柄について調査する。",
            "[文]",
            "調査した。",
            "調査する。",
        ));
        let changes = between(&View::from_records(&records), FiscalYear::new(2024));
        assert_eq!(changes.vanished, ["follow-up-row:fy2023.m3".parse().unwrap()]);
        assert!(changes.new.is_empty());
    }

    proptest! {
        #[test]
        fn a_row_has_not_changed_from_itself(measure in "[あ-ん亜-熙]{1,40}", marks in "\\[◎?[厚経文]\\]", results in ".{0,40}") {
            let view = View::from_records(&[sample::row(2024, 1, &measure, &marks, &results, "")]);
            let row = &view.rows[0];
            prop_assert!(row_change(row, row, Identity::SameWords).is_same());
            prop_assert!(measure.chars().count() < 2 || similarity(&measure, &measure) == 1000);
        }
    }
}
