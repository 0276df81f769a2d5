//! One advisory pushed to the products: which it reaches, for which that cannot be determined and why, and how that differs from what the
//! advisory said before. The verdicts are `matching`'s: each distinct component is judged once and handed on to the products that hold it.

use super::component::package_key;
use super::numbers::Numbers;
use super::portfolio::Portfolio;
use crate::advisory::Advisory;
use crate::matching::osv::Prepared;
use crate::matching::{Package, Verdict};

/// An advisory's answer for one component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The component's place in the portfolio.
    pub place: u32,
    /// By which of its package URLs it was judged.
    pub purl: usize,
    /// The index into `Advisory::affected`.
    pub entry: usize,
    /// The answer, never *not affected*.
    pub verdict: Verdict,
}

/// What an advisory reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Components it reaches, or may, by their places; one answer each.
    pub hits: Vec<Hit>,
    /// Products that hold a component it reaches.
    pub affected: Numbers,
    /// Products that hold none of those, but one for which nothing can be determined.
    pub undetermined: Numbers,
    /// Entries that name no package and were not asked: about them nothing is said.
    pub unasked: usize,
}

/// How two answers of one advisory differ, over the same products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Affected now and not before.
    pub affected: Numbers,
    /// Undetermined now and not before: new, or affected before.
    pub undetermined: Numbers,
    /// Neither any more.
    pub cleared: Numbers,
    /// The same answer as before.
    pub still: Numbers,
}

impl Hit {
    fn is_affected(&self) -> bool {
        matches!(self.verdict, Verdict::Affected(_))
    }

    /// The order in which answers for one component are preferred: one that reaches it first, then by entry (as a scan prefers).
    fn rank(&self) -> (u32, bool, usize, usize) {
        (self.place, !self.is_affected(), self.entry, self.purl)
    }
}

impl Reach {
    /// How it differs from an earlier answer.
    pub fn since(&self, before: &Reach) -> Change {
        let (then, now) = (before.affected.or(&before.undetermined), self.affected.or(&self.undetermined));
        Change {
            affected: self.affected.without(&before.affected),
            undetermined: self.undetermined.without(&before.undetermined),
            cleared: then.without(&now),
            still: self.affected.and(&before.affected).or(&self.undetermined.and(&before.undetermined)),
        }
    }

    /// The answers that concern one product.
    pub fn of_product<B: AsRef<[u8]>>(&self, portfolio: &Portfolio<B>, number: u32) -> Vec<Hit> {
        let contents = portfolio.contents(number);
        self.hits.iter().filter(|hit| contents.binary_search(&hit.place).is_ok()).copied().collect()
    }
}

/// What an advisory reaches among the products.
pub fn reach<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, advisory: &Advisory) -> Reach {
    let (hits, unasked) = hits(portfolio, advisory);
    let mut affected = Numbers::below(portfolio.numbers());
    let mut open = affected.clone();
    for hit in &hits {
        let set = if hit.is_affected() { &mut affected } else { &mut open };
        portfolio.each_holder(hit.place, |number| set.insert(number));
    }
    Reach { hits, undetermined: open.without(&affected), affected, unasked }
}

fn hits<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, advisory: &Advisory) -> (Vec<Hit>, usize) {
    let mut unasked = 0;
    let mut entries: Vec<(Vec<u8>, usize, Prepared)> = Vec::new();
    for (entry, affected) in advisory.affected.iter().enumerate() {
        let Some(prepared) = Prepared::of(advisory, affected) else {
            unasked += 1;
            continue;
        };
        let (ecosystem, name) = prepared.package();
        entries.push((package_key(ecosystem, name), entry, prepared));
    }
    // Entries on one name are put to its components together, so that each component is unpacked once.
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    let mut found = Vec::new();
    for same in entries.chunk_by(|left, right| left.0 == right.0) {
        for place in portfolio.named(&same[0].0) {
            let Some(watched) = portfolio.component(place) else { continue };
            let packages: Vec<(usize, Package)> = watched.packages().collect();
            for (_, entry, prepared) in same {
                for (purl, package) in
                    packages.iter().filter(|(_, package)| package.key() == prepared.package())
                {
                    let verdict = prepared.judge(package);
                    if !matches!(verdict, Verdict::NotAffected(_)) {
                        found.push(Hit { place, purl: *purl, entry: *entry, verdict });
                    }
                }
            }
        }
    }
    found.sort_unstable_by_key(Hit::rank);
    found.dedup_by_key(|hit| hit.place);
    (found, unasked)
}
