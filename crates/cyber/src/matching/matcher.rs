//! Components looked up in an index, each distinct one once, however many bills hold it: a nation's devices are made of few different
//! parts. Only what hangs on what else a bill holds is judged bill by bill.

use std::cell::OnceCell;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use hashbrown::{HashMap, HashTable};
use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::installed::{Installed, Surroundings};
use super::judging::Finding;
use super::package::Package;
use super::scan::{Scan, Unasked, Unheard, Wanted, installed, is_told, package_in, shown, surroundings};
use crate::index::{Index, IndexError, Section, Spot};

/// Parts of the memory, so that several threads rarely wait for each other.
const SHARDS: usize = 64;
/// Components looked up by one thread in one go.
const TOGETHER: usize = 256;
/// Distinct components that are remembered; further ones are judged each time. A nation has some hundred thousand.
const MOST: u32 = 4_000_000;

/// An index, and what was found in it so far.
pub struct Matcher<'x, 'i> {
    index: &'x Index<'i>,
    ecosystems: Vec<&'i str>,
    has_products: bool,
    shards: Vec<Shard<'i>>,
    /// Unlike in every process, so that nobody can write a bill whose keys all fall together.
    seed: u64,
    next: AtomicU32,
}

/// Answers by the hash of their components' keys; whose key it is decides.
type Shard<'i> = RwLock<HashTable<Arc<Answer<'i>>>>;

/// What is found for a component wherever it stands.
struct Answer<'i> {
    id: u32,
    hash: u64,
    key: Box<[u8]>,
    found: Result<Found<'i>, Unheard>,
}

#[derive(Default)]
struct Found<'i> {
    /// By package URL and by CPE name, each under the name it was found by.
    named: Vec<(String, Vec<Finding<'i>>)>,
    /// What hangs on what else the bill holds.
    hanging: Vec<Spot>,
}

impl<'x, 'i> Matcher<'x, 'i> {
    /// One that remembers nothing yet.
    pub fn new(index: &'x Index<'i>) -> Result<Self, IndexError> {
        Ok(Self {
            index,
            ecosystems: index.ecosystems()?.iter().map(|one| one.name).collect(),
            has_products: index.size_of(Section::Cpes) > 0,
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            seed: RandomState::new().hash_one(()),
            next: AtomicU32::new(0),
        })
    }

    /// Looks all components of a bill up. An index that turns out to be damaged gives no answer at all.
    pub fn scan(&self, components: &[Wanted<'_>]) -> Result<Scan<'i>, IndexError> {
        let mut outcome = Scan::default();
        let counted: Vec<&Wanted<'_>> = components.iter().filter(|one| !one.is_mere_file()).collect();
        outcome.files = components.len() - counted.len();
        outcome.components = counted.len();
        let answers: Vec<Vec<Arc<Answer<'i>>>> =
            counted.par_chunks(TOGETHER).map(|some| self.answers(some)).collect::<Result<_, _>>()?;
        let mut places: HashMap<u32, usize> = HashMap::with_capacity(counted.len());
        let mut distinct: Vec<(Arc<Answer<'i>>, &Wanted<'_>, usize)> = Vec::new();
        for (answer, component) in answers.into_iter().flatten().zip(counted) {
            let place = *places.entry(answer.id).or_insert(distinct.len());
            match distinct.get_mut(place) {
                Some((_, _, times)) => *times += 1,
                None => distinct.push((answer, component, 1)),
            }
        }
        let around = OnceCell::new();
        for (answer, component, times) in distinct {
            match &answer.found {
                Err(unheard) => outcome.unasked.push(Unheard { times, ..unheard.clone() }),
                Ok(found) => {
                    outcome.asked += times;
                    for (name, findings) in &found.named {
                        outcome.take(name.clone(), times, findings.clone());
                    }
                    if !found.hanging.is_empty() {
                        let around = around.get_or_init(|| surroundings(components));
                        self.hanging(&found.hanging, component, around, times, &mut outcome)?;
                    }
                }
            }
        }
        outcome.put_in_order();
        Ok(outcome)
    }

    fn answers(&self, components: &[&Wanted<'_>]) -> Result<Vec<Arc<Answer<'i>>>, IndexError> {
        let mut key = Vec::new();
        components.iter().map(|component| self.answer(component, &mut key)).collect()
    }

    fn answer(&self, component: &Wanted<'_>, key: &mut Vec<u8>) -> Result<Arc<Answer<'i>>, IndexError> {
        key.clear();
        write_key(component, key);
        let hash = xxh3_64_with_seed(key, self.seed);
        let place = usize::try_from(hash >> 58).unwrap_or_default() % SHARDS;
        let shard = &self.shards[place];
        let known = shard.read().unwrap_or_else(PoisonError::into_inner);
        let is_same = |one: &Arc<Answer<'i>>| *one.key == **key;
        if let Some(answer) = known.find(hash, is_same) {
            return Ok(answer.clone());
        }
        drop(known);
        let found = self.found(component)?;
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let answer = Arc::new(Answer { id, hash, key: key.as_slice().into(), found });
        if id < MOST {
            let mut known = shard.write().unwrap_or_else(PoisonError::into_inner);
            // Another thread may have been faster: of one component there is one answer, so that it is counted as one.
            return Ok(known.entry(hash, is_same, |one| one.hash).or_insert(answer).get().clone());
        }
        Ok(answer)
    }

    fn found(&self, component: &Wanted<'_>) -> Result<Result<Found<'i>, Unheard>, IndexError> {
        let mut packages: Vec<(&str, Package)> = Vec::new();
        let mut why = Unasked::NoName;
        for purl in &component.purls {
            match package_in(purl, |ecosystem| self.ecosystems.contains(&ecosystem)) {
                Ok(package) => packages.push((purl, package)),
                Err(reason) => why = why.max(reason),
            }
        }
        let product = match installed(component) {
            Ok(product) if self.has_products => Some(product),
            Ok(_) => {
                why = why.max(Unasked::NoData);
                None
            }
            Err(reason) => {
                why = why.max(reason);
                None
            }
        };
        if packages.is_empty() && product.is_none() {
            return Ok(Err(Unheard { why, name: shown(component), times: 1 }));
        }
        let mut found = Found::default();
        for (purl, package) in packages {
            let findings = self.index.judge_where(&package, is_told)?;
            found.named.push((purl.to_owned(), findings));
        }
        if let Some(product) = product {
            let (findings, hanging) = self.index.judge_product_anywhere(&product)?;
            found.hanging = hanging;
            found.named.extend(self.by_name(findings, component, &Surroundings::default())?);
        }
        found.named.retain(|(_, findings)| !findings.is_empty());
        Ok(Ok(found))
    }

    /// What hangs on the surroundings of one bill.
    fn hanging(
        &self,
        spots: &[Spot],
        component: &Wanted<'_>,
        around: &Surroundings,
        times: usize,
        outcome: &mut Scan<'i>,
    ) -> Result<(), IndexError> {
        let Ok(product) = installed(component) else { return Ok(()) };
        let findings = self.index.judge_spots(spots, &product, around, is_told)?;
        for (name, findings) in self.by_name(findings, component, around)? {
            outcome.take(name, times, findings);
        }
        Ok(())
    }

    /// Each finding under the first of the component's names by which alone the same is found.
    fn by_name(
        &self,
        findings: Vec<Finding<'i>>,
        component: &Wanted<'_>,
        around: &Surroundings,
    ) -> Result<Vec<(String, Vec<Finding<'i>>)>, IndexError> {
        let mut found: Vec<(String, Vec<Finding<'i>>)> = Vec::new();
        if findings.is_empty() {
            return Ok(found);
        }
        let alone = each_alone(component);
        for finding in findings {
            let name = match alone.as_slice() {
                [] => continue,
                [(only, _)] => only,
                [(first, _), ..] => {
                    let mut name = first;
                    for (text, one) in &alone {
                        if self.index.says_alike(&finding, one, around)? {
                            name = text;
                            break;
                        }
                    }
                    name
                }
            };
            match found.iter_mut().find(|(known, _)| known == name) {
                Some((_, findings)) => findings.push(finding),
                None => found.push(((*name).to_owned(), vec![finding])),
            }
        }
        Ok(found)
    }
}

/// A component under each of its usable CPE names alone.
fn each_alone<'c>(component: &'c Wanted<'_>) -> Vec<(&'c str, Installed)> {
    let alone = |text: &'c str| {
        let one = Wanted { cpes: vec![text.into()], name: "".into(), ..component.clone() };
        Some((text, installed(&one).ok()?))
    };
    component.cpes.iter().filter_map(|text| alone(text)).collect()
}

/// Everything of a component that an answer hangs on.
fn write_key(component: &Wanted<'_>, key: &mut Vec<u8>) {
    fn number(key: &mut Vec<u8>, number: usize) {
        key.extend_from_slice(&(number as u64).to_le_bytes());
    }
    fn put(key: &mut Vec<u8>, text: &str) {
        number(key, text.len());
        key.extend_from_slice(text.as_bytes());
    }
    for list in [&component.purls, &component.cpes] {
        number(key, list.len());
        for text in list {
            put(key, text);
        }
    }
    // A package URL alone says the version; what has no name at all is shown by its own words.
    if component.purls.is_empty() || !component.cpes.is_empty() {
        number(key, usize::from(component.version.is_some()));
        put(key, component.version.as_deref().unwrap_or_default());
    }
    if component.purls.is_empty() && component.cpes.is_empty() {
        put(key, &component.name);
    }
}
