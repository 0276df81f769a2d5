//! Products that an advisory may name in words, as devices and not by what they hold. What comes of words is a suggestion: such a product is
//! never more than undetermined.
//!
//! Makers are few and products many, so that products stand under their makers: an advisory's makers are compared with all makers, and
//! its products with those of the makers that may be meant, as far as they share a word or a spelling of one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;
use rayon::prelude::*;

use super::component::Product;
use super::portfolio::Portfolio;
use crate::advisory::{Advisory, Affected};
use crate::matching::device::{Basis, Maker, Words, nearest, verdict, worded};
use crate::matching::{Suggestion, Verdict};

/// From how many names on they are compared on all processors.
const MANY: usize = 1024;

/// A product that an advisory may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// Its number.
    pub product: u32,
    /// The index into `Advisory::affected`.
    pub entry: usize,
    /// What it rests on.
    pub basis: Arc<Basis>,
    /// What the entry says of the product's version; never *not affected*.
    pub verdict: Verdict,
}

impl Suggested {
    /// What it rests on, and what it says of the version.
    pub fn suggestion(&self) -> Suggestion {
        Suggestion { basis: Basis::clone(&self.basis), verdict: self.verdict }
    }
}

/// The makers of the products.
#[derive(Clone, Debug, Default)]
pub(super) struct Makers {
    makers: Vec<Own>,
    places: HashMap<String, usize>,
}

/// A maker and its products.
#[derive(Clone, Debug)]
struct Own {
    maker: Maker,
    products: BTreeSet<u32>,
    /// The products by their names, put together when they are first asked for.
    names: OnceLock<Names>,
}

/// The names of a maker's products.
#[derive(Clone, Debug, Default)]
struct Names {
    all: Vec<Name>,
    /// By the keys of their words.
    by_key: HashMap<u64, Vec<u32>>,
}

/// A name and the products that bear it, one a version.
#[derive(Clone, Debug)]
struct Name {
    words: Words,
    products: Vec<(u32, Product)>,
}

impl Makers {
    pub(super) fn of(products: impl Iterator<Item = (u32, Product)>) -> Self {
        let mut makers = Self::default();
        products.for_each(|(number, product)| makers.put(number, &product));
        makers
    }

    /// Puts the names of all makers' products together, which the first push would wait for.
    pub(super) fn get_ready<B: AsRef<[u8]> + Sync>(&self, portfolio: &Portfolio<B>) {
        self.makers.par_iter().for_each(|own| {
            own.names(portfolio);
        });
    }

    pub(super) fn put(&mut self, number: u32, product: &Product) {
        let place = self.places.get(&product.maker).copied().unwrap_or_else(|| {
            let maker = Maker::of(&product.maker);
            self.makers.push(Own { maker, products: BTreeSet::new(), names: OnceLock::new() });
            self.places.insert(product.maker.clone(), self.makers.len() - 1);
            self.makers.len() - 1
        });
        let own = &mut self.makers[place];
        own.products.insert(number);
        own.names = OnceLock::new();
    }

    pub(super) fn forget(&mut self, number: u32, product: &Product) {
        let Some(place) = self.places.get(&product.maker) else { return };
        let own = &mut self.makers[*place];
        own.products.remove(&number);
        own.names = OnceLock::new();
    }
}

impl Own {
    fn names<B: AsRef<[u8]>>(&self, portfolio: &Portfolio<B>) -> &Names {
        self.names.get_or_init(|| {
            let mut by_name: BTreeMap<String, Vec<(u32, Product)>> = BTreeMap::new();
            for number in &self.products {
                let Some(product) = portfolio.product(*number) else { continue };
                by_name.entry(product.name.clone()).or_default().push((*number, product));
            }
            let mut names = Names::default();
            for (number, (name, products)) in (0..).zip(by_name) {
                let words = self.maker.product(&name);
                for key in words.keys() {
                    names.by_key.entry(key).or_default().push(number);
                }
                names.all.push(Name { words, products });
            }
            names
        })
    }
}

impl Names {
    /// The names that may be alike to one of some words.
    fn near(&self, words: &[Words]) -> impl Iterator<Item = &Name> {
        let keys = words.iter().flat_map(Words::keys);
        let mut numbers: Vec<u32> = keys.filter_map(|key| self.by_key.get(&key)).flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|number| self.all.get(number as usize))
    }
}

/// Names of an advisory, and the entries that bear them: a product comes again with each of its versions.
struct Theirs {
    words: Vec<Words>,
    entries: Vec<usize>,
    /// What the entries say of a version, where the name says no more than the product's and where it does.
    said: [HashMap<String, Option<(usize, Verdict)>>; 2],
}

/// Whether an entry names products in words.
pub(super) fn is_named(entry: &Affected) -> bool {
    worded(entry).next().is_some()
}

/// The products an advisory may name, in the order of their numbers; one entry each, that which says the most.
pub(super) fn suggested<B: AsRef<[u8]>>(portfolio: &Portfolio<B>, advisory: &Advisory) -> Vec<Suggested> {
    let mut theirs = theirs(advisory);
    let mut found: HashMap<u32, Suggested> = HashMap::new();
    if theirs.is_empty() {
        return Vec::new();
    }
    let mut near: Vec<(usize, &Name)> = Vec::new();
    for own in &portfolio.makers().makers {
        let meant = theirs
            .iter()
            .enumerate()
            .filter(|(_, theirs)| theirs.words.iter().any(|one| one.may_be_by(&own.maker)));
        for (at, theirs) in meant {
            near.extend(own.names(portfolio).near(&theirs.words).map(|name| (at, name)));
        }
    }
    for (at, name, basis) in alike(&near, &theirs) {
        for (number, product) in &name.products {
            let Some((entry, verdict)) = theirs[at].says(advisory, &basis, product) else { continue };
            let one = Suggested { product: *number, entry, basis: Arc::clone(&basis), verdict };
            let known = found.get(number).map(|known| rank(known.entry, known.verdict));
            if known.is_none_or(|known| rank(entry, verdict) < known) {
                found.insert(*number, one);
            }
        }
    }
    let mut found: Vec<Suggested> = found.into_values().collect();
    found.sort_unstable_by_key(|one| one.product);
    found
}

/// Those of some names that are alike, each with what that rests on. Few are compared sooner than another thread has woken up.
fn alike<'n>(near: &[(usize, &'n Name)], theirs: &[Theirs]) -> Vec<(usize, &'n Name, Arc<Basis>)> {
    let compared = |(at, name): &(usize, &'n Name)| {
        let basis = nearest(std::slice::from_ref(&name.words), &theirs[*at].words)?;
        Some((*at, *name, Arc::new(basis)))
    };
    if near.len() < MANY {
        return near.iter().filter_map(compared).collect();
    }
    near.par_iter().filter_map(compared).collect()
}

/// Whose version an entry speaks of comes first, then the earlier entry.
fn rank(entry: usize, verdict: Verdict) -> (bool, usize) {
    (!matches!(verdict, Verdict::Affected(_)), entry)
}

impl Theirs {
    /// Which entry says the most of a product's version, if any may reach it. Products share their versions, which are judged once.
    fn says(&mut self, advisory: &Advisory, basis: &Basis, product: &Product) -> Option<(usize, Verdict)> {
        let said = &mut self.said[usize::from(basis.is_wider())];
        if let Some(known) = said.get(&product.version) {
            return *known;
        }
        let entries = self
            .entries
            .iter()
            .map(|at| (*at, verdict(basis, advisory, &advisory.affected[*at], product.stated_version())));
        let may_reach = entries.filter(|(_, verdict)| !matches!(verdict, Verdict::NotAffected(_)));
        let best = may_reach.min_by_key(|(at, verdict)| rank(*at, *verdict));
        said.insert(product.version.clone(), best);
        best
    }
}

fn theirs(advisory: &Advisory) -> Vec<Theirs> {
    let mut by_names: BTreeMap<Vec<(&str, &str)>, Vec<usize>> = BTreeMap::new();
    for (at, entry) in advisory.affected.iter().enumerate() {
        let names: Vec<(&str, &str)> = worded(entry).collect();
        if !names.is_empty() {
            by_names.entry(names).or_default().push(at);
        }
    }
    let all = by_names.into_iter();
    all.map(|(names, entries)| {
        let words = names.into_iter().map(|(maker, product)| Words::of(maker, product)).collect();
        Theirs { words, entries, said: Default::default() }
    })
    .collect()
}
