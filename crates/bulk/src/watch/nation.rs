//! All products judged anew on all processors. What is counted, and how, is `cyber::watch::nation`'s affair; here the work is cut into parts.

use std::collections::BTreeSet;

use cyber::index::{Index, IndexError};
use cyber::watch::Portfolio;
use cyber::watch::nation::{
    Answer, Counts, Judged, Particular, Spread, count, count_particular, judge, named, particular, spread,
};
use rayon::prelude::*;

/// Components judged in one go.
const PART: u32 = 4_096;

/// The outcome for all products and all advisories.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Nation {
    /// By product number; products that left count nothing.
    pub products: Vec<Counts>,
    /// By advisory, those that concern a product.
    pub advisories: Vec<Spread>,
    /// Answers for distinct components.
    pub answers: usize,
}

/// Judges every component by an index and counts for every product and advisory.
pub fn rejudged<B: AsRef<[u8]> + Sync>(
    portfolio: &Portfolio<B>,
    index: &Index<'_>,
) -> Result<Nation, IndexError> {
    let parts = portfolio.places().div_ceil(PART);
    let judged: Vec<Judged> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let from = part * PART;
            judge(portfolio, from..portfolio.places().min(from.saturating_add(PART)), index)
        })
        .collect::<Result<_, _>>()?;
    let around: Vec<Vec<Particular>> = index
        .looking_around()?
        .into_par_iter()
        .map(|number| Ok(particular(portfolio, number, &index.advisory(number)?)))
        .collect::<Result<_, IndexError>>()?;
    let worded: BTreeSet<u32> = index.worded()?.into_iter().map(|one| one.advisory).collect();
    let worded: Vec<Option<Particular>> = worded
        .into_par_iter()
        .map(|number| Ok(named(portfolio, number, &index.advisory(number)?)))
        .collect::<Result<_, IndexError>>()?;
    let mut around: Vec<Particular> =
        around.into_iter().flatten().chain(worded.into_iter().flatten()).collect();
    around.sort_by_key(|one| one.advisory);
    let mut products = counted(portfolio, &judged);
    count_particular(&around, &mut products);
    let mut answers: Vec<Answer> = judged.into_iter().flat_map(|judged| judged.answers).collect();
    answers.par_sort_unstable();
    let groups: Vec<&[Answer]> = groups(&answers, rayon::current_num_threads() * 8);
    let shared = |answers: &[Answer]| {
        let from = answers.first().map_or(0, |first| first.advisory);
        let to = answers.last().map_or(0, |last| last.advisory);
        let (from, to) = (before(&around, from), before(&around, to + 1));
        &around[from..to]
    };
    let mut advisories: Vec<Spread> =
        groups.par_iter().flat_map_iter(|answers| spread(portfolio, answers, shared(answers))).collect();
    // Advisories that reach nothing but by what else is there stand in no group.
    let elsewhere: Vec<Particular> = around
        .iter()
        .filter(|one| advisories.binary_search_by_key(&one.advisory, |known| known.advisory).is_err())
        .cloned()
        .collect();
    advisories.extend(spread(portfolio, &[], &elsewhere));
    advisories.sort_unstable_by_key(|one| one.advisory);
    Ok(Nation { products, advisories, answers: answers.len() + around.len() })
}

fn counted<B: AsRef<[u8]> + Sync>(portfolio: &Portfolio<B>, judged: &[Judged]) -> Vec<Counts> {
    let none = || vec![Counts::default(); portfolio.numbers()];
    // As many tables as threads, not as parts: each is as long as there are products.
    let share = judged.len().div_ceil(rayon::current_num_threads()).max(1);
    judged
        .par_chunks(share)
        .map(|parts| {
            let mut counts = none();
            for part in parts {
                count(portfolio, part, &mut counts);
            }
            counts
        })
        .reduce(none, |mut sum, counts| {
            for (sum, counts) in sum.iter_mut().zip(counts) {
                sum.affected = sum.affected.saturating_add(counts.affected);
                sum.undetermined = sum.undetermined.saturating_add(counts.undetermined);
                sum.unasked = sum.unasked.saturating_add(counts.unasked);
            }
            sum
        })
}

/// How many answers are of advisories before one.
fn before(around: &[Particular], advisory: u32) -> usize {
    around.partition_point(|one| one.advisory < advisory)
}

/// Sorted answers in about so many parts, no advisory in two.
fn groups(answers: &[Answer], parts: usize) -> Vec<&[Answer]> {
    let size = answers.len().div_ceil(parts).max(1);
    let mut groups = Vec::new();
    let mut rest = answers;
    while !rest.is_empty() {
        let last = rest[size.min(rest.len()) - 1].advisory;
        let (group, after) = rest.split_at(rest.partition_point(|answer| answer.advisory <= last));
        groups.push(group);
        rest = after;
    }
    groups
}
