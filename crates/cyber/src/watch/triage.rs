//! What became of a finding, step by step, and what an evaluation has to say (JIS T 81001-5-1, 9.3 and 9.4). Steps are only ever added.

use base::{Names, Source};
use jiff::civil::Date;

use super::rules;

/// How far a finding was dealt with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// Nobody has looked at it.
    #[default]
    New,
    /// It is being evaluated.
    Evaluating,
    /// No action is needed, for a written reason.
    NoAction,
    /// What is to be done is decided.
    Decided,
    /// It is fixed.
    Fixed,
    /// It is mitigated or compensated.
    Mitigated,
    /// Those concerned were told.
    Told,
    /// Nothing is left to do.
    Closed,
}

/// What an evaluation has to say: the items of 9.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// a) technical context.
    Context,
    /// b) CVSS.
    Cvss,
    /// c) all affected versions of the product.
    Versions,
    /// d) root cause.
    Cause,
    /// e) related issues.
    Related,
    /// f) impact on safety and effectiveness.
    Impact,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it came to.
    pub to: Progress,
    /// Who took it.
    pub by: String,
    /// On which day.
    pub on: Date,
    /// Why, or what was done.
    pub reason: String,
}

/// A finding's history and its evaluation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Triage {
    /// Steps in their order.
    pub steps: Vec<Step>,
    /// The evaluation, item by item.
    pub evaluation: Vec<(Item, String)>,
}

/// Why a step cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The one does not follow the other.
    #[error("a finding that is `{}` does not become `{}`", .from.names().en, .to.names().en)]
    OutOfOrder {
        /// Where it stands.
        from: Progress,
        /// Where it was to go.
        to: Progress,
    },
    /// A decision without its reason.
    #[error("the reason is missing")]
    NoReason,
    /// A decision before the evaluation is whole.
    #[error("the evaluation says nothing of: {}", .0.iter().map(|item| item.names().en).collect::<Vec<_>>().join(", "))]
    Incomplete(Vec<Item>),
}

impl Triage {
    /// Where the finding stands.
    pub fn progress(&self) -> Progress {
        self.steps.last().map_or(Progress::New, |step| step.to)
    }

    /// Items the evaluation says nothing of.
    pub fn missing(&self) -> Vec<Item> {
        let said = |item: &Item| {
            self.evaluation.iter().any(|(known, text)| known == item && !text.trim().is_empty())
        };
        Item::ALL.into_iter().filter(|item| !said(item)).collect()
    }

    /// Takes a step. A decision needs its reason and a whole evaluation.
    pub fn take(&mut self, step: Step) -> Result<(), Refusal> {
        let from = self.progress();
        if !from.leads_to(step.to) {
            return Err(Refusal::OutOfOrder { from, to: step.to });
        }
        if matches!(step.to, Progress::NoAction | Progress::Decided) {
            if step.reason.trim().is_empty() {
                return Err(Refusal::NoReason);
            }
            let missing = self.missing();
            if !missing.is_empty() {
                return Err(Refusal::Incomplete(missing));
            }
        }
        self.steps.push(step);
        Ok(())
    }
}

impl Progress {
    /// All, in the order of the work.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Evaluating,
        Self::NoAction,
        Self::Decided,
        Self::Fixed,
        Self::Mitigated,
        Self::Told,
        Self::Closed,
    ];

    /// Whether the one may follow the other. Everything may be evaluated again: advisories change.
    pub fn leads_to(self, to: Self) -> bool {
        use Progress::{Closed, Decided, Evaluating, Fixed, Mitigated, New, NoAction, Told};
        match (self, to) {
            (Evaluating, NoAction | Decided)
            | (Decided, Fixed | Mitigated)
            | (Mitigated, Fixed)
            | (NoAction | Fixed | Mitigated, Told)
            | (NoAction | Told, Closed) => true,
            (New, other) => other == Evaluating,
            (other, Evaluating) => other != Evaluating,
            _ => false,
        }
    }

    /// Its name in files and commands.
    pub fn key(self) -> &'static str {
        match self {
            Progress::New => "new",
            Progress::Evaluating => "evaluating",
            Progress::NoAction => "no-action",
            Progress::Decided => "decided",
            Progress::Fixed => "fixed",
            Progress::Mitigated => "mitigated",
            Progress::Told => "told",
            Progress::Closed => "closed",
        }
    }

    /// What it is called.
    pub fn names(self) -> Names {
        match self {
            Progress::New => Names::of("未着手", "new"),
            Progress::Evaluating => Names::of("評価中", "under evaluation"),
            Progress::NoAction => Names::of("対応不要（理由あり）", "no action, with its reason"),
            Progress::Decided => Names::of("対応決定", "action decided"),
            Progress::Fixed => Names::of("修正済み", "fixed"),
            Progress::Mitigated => Names::of("緩和・補完済み", "mitigated"),
            Progress::Told => Names::of("通知済み", "told"),
            Progress::Closed => Names::of("完了", "closed"),
        }
    }
}

impl Item {
    /// All, in the order of the clause.
    pub const ALL: [Self; 6] =
        [Self::Context, Self::Cvss, Self::Versions, Self::Cause, Self::Related, Self::Impact];

    /// Its name in files and commands.
    pub fn key(self) -> &'static str {
        match self {
            Item::Context => "context",
            Item::Cvss => "cvss",
            Item::Versions => "versions",
            Item::Cause => "cause",
            Item::Related => "related",
            Item::Impact => "impact",
        }
    }

    /// What it is called.
    pub fn names(self) -> Names {
        match self {
            Item::Context => Names::of("技術的な状況", "technical context"),
            Item::Cvss => Names::of("CVSS", "CVSS"),
            Item::Versions => Names::of("影響を受ける全ての製品の版", "all affected versions"),
            Item::Cause => Names::of("根本原因", "root cause"),
            Item::Related => Names::of("関連する問題", "related issues"),
            Item::Impact => Names::of("安全性・有効性への影響", "impact on safety and effectiveness"),
        }
    }

    /// Where it is asked for.
    pub fn source() -> Source {
        rules::standard("9.4")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(to: Progress, reason: &str) -> Step {
        Step { to, by: "佐藤".into(), on: jiff::civil::date(2026, 11, 28), reason: reason.into() }
    }

    #[test]
    fn a_decision_needs_a_whole_evaluation_and_its_reason() {
        let mut triage = Triage::default();
        assert_eq!(triage.progress(), Progress::New);
        assert!(matches!(triage.take(step(Progress::NoAction, "x")), Err(Refusal::OutOfOrder { .. })));
        triage.take(step(Progress::Evaluating, "")).unwrap();
        triage.evaluation.push((Item::Cvss, "9.8".into()));
        triage.evaluation.push((Item::Cause, "  ".into()));
        assert_eq!(triage.take(step(Progress::NoAction, "")), Err(Refusal::NoReason));
        let missing = vec![Item::Context, Item::Versions, Item::Cause, Item::Related, Item::Impact];
        assert_eq!(triage.take(step(Progress::NoAction, "not called")), Err(Refusal::Incomplete(missing)));
        triage.evaluation = Item::ALL.into_iter().map(|item| (item, "said".into())).collect();
        triage.take(step(Progress::NoAction, "the function is not called")).unwrap();
        triage.take(step(Progress::Closed, "")).unwrap();
        triage.take(step(Progress::Evaluating, "the advisory changed")).unwrap();
        assert_eq!(triage.steps.len(), 4, "what was done before stays");
    }

    #[test]
    fn nobody_is_told_before_something_is_decided() {
        assert!(!Progress::Evaluating.leads_to(Progress::Told));
        assert!(!Progress::Decided.leads_to(Progress::Closed));
        assert!(Progress::Mitigated.leads_to(Progress::Fixed));
        assert!(Progress::NoAction.leads_to(Progress::Told), "an advisory may go out all the same");
    }
}
