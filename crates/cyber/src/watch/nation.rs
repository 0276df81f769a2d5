//! All products against all advisories. Each distinct component is judged once; its answers are then counted for every product that holds
//! it. Components and advisories are independent of each other, so that a caller may hand out parts of the work to several threads.

use std::ops::Range;

use super::numbers::Numbers;
use super::portfolio::Portfolio;
use crate::matching::{Package, Verdict};

/// An answer of an advisory, by its place among all advisories, for a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// The advisory's place.
    pub advisory: u32,
    /// The component's place.
    pub place: u32,
    /// Whether it is reached; else that cannot be determined.
    pub affected: bool,
}

/// What was judged of some components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Every answer but *not affected*, one for each component and advisory.
    pub answers: Vec<Answer>,
    /// Components that could not be looked up.
    pub unasked: Vec<u32>,
}

/// How many advisories concern the components of a product: a component counts with each advisory that names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reached.
    pub affected: u32,
    /// Undetermined.
    pub undetermined: u32,
    /// Components that could not be looked up.
    pub unasked: u32,
}

/// How many products an advisory concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The advisory's place.
    pub advisory: u32,
    /// Products with a component that is reached.
    pub affected: u32,
    /// Products without such a one, but with one for which nothing can be determined.
    pub undetermined: u32,
}

/// Judges the components at some places. `judge` tells every entry of an advisory that is not *not affected*, with the advisory's place; it
/// answers `false` where nothing at hand speaks of the package's ecosystem.
pub fn judge<B: AsRef<[u8]>>(
    portfolio: &Portfolio<B>,
    places: Range<u32>,
    mut judge: impl FnMut(&Package, &mut dyn FnMut(u32, Verdict)) -> bool,
) -> Judged {
    let mut judged = Judged::default();
    for place in places {
        let Some(watched) = portfolio.component(place) else { continue };
        let from = judged.answers.len();
        let mut asked = false;
        for (_, package) in watched.packages() {
            asked |= judge(&package, &mut |advisory, verdict| {
                let affected = matches!(verdict, Verdict::Affected(_));
                if affected || matches!(verdict, Verdict::Undetermined(_)) {
                    judged.answers.push(Answer { advisory, place, affected });
                }
            });
        }
        if !asked {
            judged.unasked.push(place);
        }
        one_each(&mut judged.answers, from);
    }
    judged
}

/// Adds what was judged to the counts of the products, which are as many as there are numbers.
pub fn count<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, judged: &Judged, counts: &mut [Counts]) {
    for same in judged.answers.chunk_by(|left, right| left.place == right.place) {
        let affected =
            u32::try_from(same.iter().filter(|answer| answer.affected).count()).unwrap_or(u32::MAX);
        let undetermined = u32::try_from(same.len()).unwrap_or(u32::MAX) - affected;
        portfolio.each_holder(same[0].place, |number| {
            if let Some(counts) = counts.get_mut(number as usize) {
                counts.affected = counts.affected.saturating_add(affected);
                counts.undetermined = counts.undetermined.saturating_add(undetermined);
            }
        });
    }
    for place in &judged.unasked {
        portfolio.each_holder(*place, |number| {
            if let Some(counts) = counts.get_mut(number as usize) {
                counts.unasked = counts.unasked.saturating_add(1);
            }
        });
    }
}

/// How far the advisories of some answers reach. The answers are sorted, and all answers of an advisory are among them.
pub fn spread<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, answers: &[Answer]) -> Vec<Spread> {
    let mut affected = Numbers::below(portfolio.numbers());
    let mut open = affected.clone();
    let mut spread = Vec::new();
    for same in answers.chunk_by(|left, right| left.advisory == right.advisory) {
        affected.clear();
        open.clear();
        for answer in same {
            let set = if answer.affected { &mut affected } else { &mut open };
            portfolio.each_holder(answer.place, |number| set.insert(number));
        }
        let counted = |set: &Numbers| u32::try_from(set.len()).unwrap_or(u32::MAX);
        spread.push(Spread {
            advisory: same[0].advisory,
            affected: counted(&affected),
            undetermined: counted(&open.without(&affected)),
        });
    }
    spread
}

/// One answer for each advisory, that which reaches the component before the others.
fn one_each(answers: &mut Vec<Answer>, from: usize) {
    let mut own = answers.split_off(from);
    own.sort_unstable_by_key(|answer| (answer.advisory, !answer.affected));
    own.dedup_by_key(|answer| answer.advisory);
    answers.append(&mut own);
}
