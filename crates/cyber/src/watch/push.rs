//! One advisory pushed to the products: which it reaches, for which that cannot be determined and why, and how that differs from what the
//! advisory said before. The verdicts are `matching`'s: each distinct component is judged once and handed on to the products that hold it.

use base::Names;

use super::by_cpe;
use super::by_words::{self, Suggested};
use super::component::package_key;
use super::numbers::Numbers;
use super::portfolio::Portfolio;
use crate::advisory::{Advisory, Affected, Named};
use crate::matching::osv::Prepared;
use crate::matching::{Package, Verdict};

/// An advisory's answer for one component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The component's place in the portfolio.
    pub place: u32,
    /// By what it was judged.
    pub by: By,
    /// The index into `Advisory::affected`; `None` where the configurations were judged.
    pub entry: Option<usize>,
    /// The answer, never *not affected*.
    pub verdict: Verdict,
    /// The products it holds for, where that hangs on what else they hold; else all that hold the component.
    pub only: Option<Numbers>,
}

/// By what a component was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// One of its package URLs.
    Purl(usize),
    /// Its CPE names.
    Product,
}

/// What an advisory reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Components it reaches, or may, by their places; one answer each.
    pub hits: Vec<Hit>,
    /// Products that hold a component it reaches.
    pub affected: Numbers,
    /// Products that it may name in words, in the order of their numbers.
    pub suggested: Vec<Suggested>,
    /// Products that hold none of those it reaches, but one for which nothing can be determined, or that it may name.
    pub undetermined: Numbers,
    /// Entries that name neither package nor CPE nor a product in words and were not asked: about them nothing is said.
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
    /// Why the answer is as it is.
    pub fn why(&self, advisory: &Advisory) -> Names {
        // Configurations list no versions of their own, so that an empty entry tells as much.
        let unnamed = Affected::of(Named::Nothing);
        self.verdict.why(self.entry.and_then(|entry| advisory.affected.get(entry)).unwrap_or(&unnamed))
    }

    /// Whether it reaches the component; else that cannot be determined.
    pub fn is_affected(&self) -> bool {
        matches!(self.verdict, Verdict::Affected(_))
    }

    /// The order in which answers for one component are preferred: one that reaches it first, then by entry (as a scan prefers).
    fn rank(&self) -> (u32, bool, bool, Option<usize>, By) {
        (self.place, !self.is_affected(), self.only.is_some(), self.entry, self.by)
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
        let holds = |hit: &&Hit| {
            contents.binary_search(&hit.place).is_ok()
                && hit.only.as_ref().is_none_or(|only| only.contains(number))
        };
        self.hits.iter().filter(holds).cloned().collect()
    }
}

impl Reach {
    /// What it may say of one product by its name.
    pub fn suggested_for(&self, number: u32) -> Option<&Suggested> {
        let at = self.suggested.binary_search_by_key(&number, |one| one.product).ok()?;
        self.suggested.get(at)
    }
}

/// What an advisory reaches among the products.
pub fn reach<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, advisory: &Advisory) -> Reach {
    let (hits, unasked) = hits(portfolio, advisory);
    let mut affected = Numbers::below(portfolio.numbers());
    let mut open = affected.clone();
    for hit in &hits {
        let set = if hit.is_affected() { &mut affected } else { &mut open };
        match &hit.only {
            None => portfolio.each_holder(hit.place, |number| set.insert(number)),
            Some(only) => only.iter().for_each(|number| set.insert(number)),
        }
    }
    let suggested = by_words::suggested(portfolio, advisory);
    for one in &suggested {
        open.insert(one.product);
    }
    Reach { hits, suggested, undetermined: open.without(&affected), affected, unasked }
}

fn hits<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, advisory: &Advisory) -> (Vec<Hit>, usize) {
    let mut unasked = 0;
    let mut entries: Vec<(Vec<u8>, usize, Prepared)> = Vec::new();
    for (entry, affected) in advisory.affected.iter().enumerate() {
        let Some(prepared) = Prepared::of(advisory, affected) else {
            unasked += usize::from(!by_cpe::is_named(affected) && !by_words::is_named(affected));
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
                        let (by, entry) = (By::Purl(*purl), Some(*entry));
                        found.push(Hit { place, by, entry, verdict, only: None });
                    }
                }
            }
        }
    }
    found.extend(by_cpe::hits(portfolio, advisory));
    found.sort_by_key(Hit::rank);
    (best(found), unasked)
}

/// One answer for each component and product, of those in order: what holds for all products stands for what some of them hold no better.
fn best(found: Vec<Hit>) -> Vec<Hit> {
    let mut kept: Vec<Hit> = Vec::new();
    for hit in found {
        let of_all = |before: &&Hit| before.place == hit.place && before.only.is_none();
        if !kept.iter().rev().take_while(|before| before.place == hit.place).any(|before| of_all(&before)) {
            kept.push(hit);
        }
    }
    kept
}
