//! Whether the plan moves, in words a stranger understands. It says no more than the answer knows: what nobody has reported
//! is called unknown, never good and never bad.

use base::{FiscalYear, Names, Reported};
use plan::FollowUp;
use plan::kgi::{KgiAnswer, Observed};

/// What the answer allows to say.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    /// Indicators.
    pub(super) kgis: usize,
    /// Those with a reported value.
    pub(super) observed: usize,
    /// Those whose newest value has come as far as the path assumed, and those where it has not. Some have neither.
    pub(super) reached: usize,
    /// See `reached`.
    pub(super) behind: usize,
    /// Goals of the generation followed up.
    pub(super) goals: usize,
    /// Those with rows this year.
    pub(super) reported: usize,
    /// Their rows.
    pub(super) rows: usize,
    /// The year of the rows.
    pub(super) year: Option<FiscalYear>,
    /// The whole in one sentence.
    pub(super) says: Names,
}

impl Verdict {
    pub(super) fn of(answer: &FollowUp) -> Self {
        let newest = |kgi: &KgiAnswer| kgi.observed.iter().rev().find(|seen| !seen.revised).cloned();
        let observed: Vec<_> = answer.kgis.iter().filter_map(|kgi| Some((kgi, newest(kgi)?))).collect();
        let count =
            |wanted| observed.iter().filter(|(kgi, seen)| is_behind(kgi, seen) == Some(wanted)).count();
        let mut verdict = Verdict {
            kgis: answer.kgis.len(),
            observed: observed.len(),
            reached: count(false),
            behind: count(true),
            goals: answer.goals.len(),
            reported: answer.goals.iter().filter(|goal| goal.silent.is_none()).count(),
            rows: answer.goals.iter().map(|goal| goal.rows.len()).sum::<usize>() + answer.unplaced_rows.len(),
            year: answer.fiscal_year.value().copied(),
            says: Names::default(),
        };
        verdict.says = verdict.sentence();
        verdict
    }

    /// Goals of which nothing was reported.
    pub(super) fn silent(&self) -> usize {
        self.goals - self.reported
    }

    fn sentence(&self) -> Names {
        let (done_ja, done_en) = self.work();
        let (near_ja, near_en) = self.targets();
        Names::of(format!("{done_ja}{near_ja}"), format!("{done_en} {near_en}"))
    }

    /// Is anything reported to be done?
    fn work(&self) -> (String, String) {
        let Some(year) = self.year else {
            return ("取組の報告は、まだありません。".into(), "No work has been reported yet.".into());
        };
        let (reported, goals, ja) = (self.reported, self.goals, year.japanese());
        match (reported, self.silent()) {
            (0, _) => (
                format!("{ja}の取組の報告は、どのゴールにもありません。"),
                format!("No goal has a report of work for {year}."),
            ),
            (_, 0) => (
                format!("{goals}ゴールのすべてに{ja}の取組の報告があります。"),
                format!("All {goals} goals have a report of work for {year}."),
            ),
            _ => (
                format!("{goals}ゴールのうち{reported}に{ja}の取組の報告があります。"),
                format!("{reported} of {goals} goals have a report of work for {year}."),
            ),
        }
    }

    /// Do the targets come nearer?
    fn targets(&self) -> (String, String) {
        let (observed, kgis) = (self.observed, self.kgis);
        if observed == 0 {
            return (
                "目標に近づいているかは、まだ分かりません。".into(),
                "Whether the targets come nearer is not known yet.".into(),
            );
        }
        let (mut ja, mut en) = (
            format!("目標{kgis}のうち{observed}に実績値があります"),
            format!("{observed} of {kgis} targets have a reported value"),
        );
        if self.reached + self.behind > 0 {
            use std::fmt::Write;
            let (reached, behind) = (self.reached, self.behind);
            let _ = write!(ja, "（均等に進むとの仮定に対し{reached}が届き、{behind}が遅れ）");
            let _ = write!(en, " ({reached} as far as even steps would be, an assumption; {behind} behind)");
        }
        (ja + "。", en + ".")
    }
}

/// Whether a value lies behind the one expected for the same year, in the direction of the target; none where they cannot
/// be compared.
fn is_behind(kgi: &KgiAnswer, seen: &Observed) -> Option<bool> {
    let number =
        |value: &Reported<String>| value.value().and_then(|value| value.replace(',', "").parse::<f64>().ok());
    let (value, expected) = (number(&seen.value)?, seen.expected?);
    let rising = number(&kgi.target)? >= number(&kgi.baseline)?;
    Some(if rising { value < expected } else { value > expected })
}
