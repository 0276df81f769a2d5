//! All products judged anew on all processors. What is counted, and how, is `cyber::watch::nation`'s affair; here the work is cut into parts.

use cyber::matching::{Package, Verdict};
use cyber::watch::Portfolio;
use cyber::watch::nation::{Answer, Counts, Judged, Spread, count, judge, spread};
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

/// Judges every component and counts for every product and advisory. `ask` is what `cyber::watch::nation::judge` asks.
pub fn rejudged<B: AsRef<[u8]> + Sync>(
    portfolio: &Portfolio<B>,
    ask: impl Fn(&Package, &mut dyn FnMut(u32, Verdict)) -> bool + Sync,
) -> Nation {
    let parts = portfolio.places().div_ceil(PART);
    let judged: Vec<Judged> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let from = part * PART;
            judge(portfolio, from..portfolio.places().min(from.saturating_add(PART)), &ask)
        })
        .collect();
    let products = counted(portfolio, &judged);
    let mut answers: Vec<Answer> = judged.into_iter().flat_map(|judged| judged.answers).collect();
    answers.par_sort_unstable();
    let groups: Vec<&[Answer]> = groups(&answers, rayon::current_num_threads() * 8);
    let advisories = groups.into_par_iter().flat_map_iter(|answers| spread(portfolio, answers)).collect();
    Nation { products, advisories, answers: answers.len() }
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
