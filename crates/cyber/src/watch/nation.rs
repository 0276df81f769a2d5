//! All products against all advisories. Each distinct component is judged once; its answers are then counted for every product that holds
//! it. Components and advisories are independent of each other, so that a caller may hand out parts of the work to several threads.

use std::ops::Range;

use super::by_words;
use super::numbers::Numbers;
use super::portfolio::Portfolio;
use crate::advisory::Advisory;
use crate::index::{Index, IndexError};
use crate::matching::{Verdict, Wanted};

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

/// An answer that holds for some products: those of the holders of a component that hold something else besides, or those that an advisory
/// may name in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particular {
    /// The advisory's place.
    pub advisory: u32,
    /// Whether they are reached; else that cannot be determined.
    pub affected: bool,
    /// Those products.
    pub products: Numbers,
}

/// What was judged of some components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Every answer but *not affected*, one for each component and advisory.
    pub answers: Vec<Answer>,
    /// Components that could not be looked up.
    pub unasked: Vec<u32>,
}

/// How many advisories concern a product: each of its components counts with each advisory that names it, and so does the product itself
/// where an advisory may name it in words.
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

/// Judges the components at some places by an index. What hangs on what else a product holds is judged by [`particular`].
pub fn judge<B: AsRef<[u8]>>(
    portfolio: &Portfolio<B>,
    places: Range<u32>,
    index: &Index<'_>,
) -> Result<Judged, IndexError> {
    let mut judged = Judged::default();
    for place in places {
        let Some(watched) = portfolio.component(place) else { continue };
        let from = judged.answers.len();
        let asked = index.judge_anywhere(&Wanted::from(&watched), &mut |advisory, verdict| {
            let affected = matches!(verdict, Verdict::Affected(_));
            judged.answers.push(Answer { advisory, place, affected });
        })?;
        if !asked {
            judged.unasked.push(place);
        }
        one_each(&mut judged.answers, from);
    }
    Ok(judged)
}

/// Judges what an advisory says of components that hangs on what else their products hold.
pub fn particular<B: AsRef<[u8]>>(
    portfolio: &Portfolio<B>,
    number: u32,
    advisory: &Advisory,
) -> Vec<Particular> {
    let hits = super::by_cpe::hits(portfolio, advisory).into_iter();
    hits.filter_map(|hit| {
        Some(Particular { advisory: number, affected: hit.is_affected(), products: hit.only? })
    })
    .collect()
}

/// The products an advisory may name in words; none where it names none.
pub fn named<B: AsRef<[u8]>>(
    portfolio: &Portfolio<B>,
    number: u32,
    advisory: &Advisory,
) -> Option<Particular> {
    let mut products = Numbers::below(portfolio.numbers());
    for one in by_words::suggested(portfolio, advisory) {
        products.insert(one.product);
    }
    (!products.is_empty()).then_some(Particular { advisory: number, affected: false, products })
}

/// Adds answers that hold for some products to their counts.
pub fn count_particular(particular: &[Particular], counts: &mut [Counts]) {
    for one in particular {
        for number in one.products.iter() {
            let Some(counts) = counts.get_mut(number as usize) else { continue };
            let side = if one.affected { &mut counts.affected } else { &mut counts.undetermined };
            *side = side.saturating_add(1);
        }
    }
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

/// How far the advisories of some answers reach. Both lists are sorted by advisory, and all answers of an advisory are among them.
pub fn spread<B: AsRef<[u8]>>(
    portfolio: &Portfolio<B>,
    answers: &[Answer],
    particular: &[Particular],
) -> Vec<Spread> {
    let mut affected = Numbers::below(portfolio.numbers());
    let mut open = affected.clone();
    let mut spread = Vec::new();
    let (mut answers, mut particular) = (answers, particular);
    let first = |answers: &[Answer], particular: &[Particular]| {
        let (left, right) = (answers.first(), particular.first());
        left.map(|one| one.advisory).into_iter().chain(right.map(|one| one.advisory)).min()
    };
    while let Some(advisory) = first(answers, particular) {
        affected.clear();
        open.clear();
        let (same, rest) = answers.split_at(answers.partition_point(|one| one.advisory <= advisory));
        answers = rest;
        for answer in same {
            let set = if answer.affected { &mut affected } else { &mut open };
            portfolio.each_holder(answer.place, |number| set.insert(number));
        }
        let until = particular.partition_point(|one| one.advisory <= advisory);
        let (same, rest) = particular.split_at(until);
        particular = rest;
        for one in same {
            let set = if one.affected { &mut affected } else { &mut open };
            one.products.iter().for_each(|number| set.insert(number));
        }
        let counted = |set: &Numbers| u32::try_from(set.len()).unwrap_or(u32::MAX);
        spread.push(Spread {
            advisory,
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
