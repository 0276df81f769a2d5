//! What was found for components before, kept by all that an answer hangs on, and which components of a bill are alike by that.

use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::matcher::Looked;
use super::scan::Wanted;
use crate::index::IndexError;

/// Parts of the memory, so that several threads rarely wait for each other.
const SHARDS: usize = 64;
/// Distinct components that are remembered; further ones are judged each time. A nation has some hundred thousand.
const MOST: u32 = 4_000_000;

/// Another one in every process, so that nobody can write a bill whose keys all fall together.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(()));

/// Answers by the hash of their components' keys; whose key it is decides.
pub(super) struct Memory<'i> {
    shards: Vec<RwLock<HashTable<Known<'i>>>>,
    size: AtomicU32,
}

struct Known<'i> {
    hash: u64,
    key: Box<[u8]>,
    looked: Looked<'i>,
}

/// A component of a bill, and how many are like it.
pub(super) struct Distinct<'c, 'w> {
    pub(super) component: &'c Wanted<'w>,
    pub(super) times: usize,
    pub(super) hash: u64,
    key: Range<usize>,
}

impl Distinct<'_, '_> {
    /// Everything an answer hangs on, of the keys of all.
    pub(super) fn key<'k>(&self, keys: &'k [u8]) -> &'k [u8] {
        &keys[self.key.clone()]
    }
}

impl Default for Memory<'_> {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| RwLock::default()).collect(), size: AtomicU32::new(0) }
    }
}

impl<'i> Memory<'i> {
    /// What was found under a key before, else what is found now.
    pub(super) fn recall(
        &self,
        key: &[u8],
        hash: u64,
        look: impl FnOnce() -> Result<Looked<'i>, IndexError>,
    ) -> Result<Looked<'i>, IndexError> {
        let place = usize::try_from(hash >> 58).unwrap_or_default() % SHARDS;
        let is_same = |one: &Known<'i>| *one.key == *key;
        let shard = self.shards[place].read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shard.find(hash, is_same) {
            return Ok(known.looked.clone());
        }
        drop(shard);
        let looked = look()?;
        if self.size.fetch_add(1, Ordering::Relaxed) < MOST {
            let known = Known { hash, key: key.into(), looked: looked.clone() };
            let mut shard = self.shards[place].write().unwrap_or_else(PoisonError::into_inner);
            shard.entry(hash, is_same, |one| one.hash).or_insert(known);
        }
        Ok(looked)
    }
}

/// The components of a bill, those that are alike once, in the order in which they first stand there. Their keys are written behind each
/// other.
pub(super) fn distinct<'c, 'w>(components: &[&'c Wanted<'w>], keys: &mut Vec<u8>) -> Vec<Distinct<'c, 'w>> {
    let mut all: Vec<Distinct<'c, 'w>> = Vec::with_capacity(components.len());
    let mut places: HashTable<usize> = HashTable::with_capacity(components.len());
    for component in components {
        let start = keys.len();
        write_key(component, keys);
        let hash = xxh3_64_with_seed(&keys[start..], *SEED);
        let is_same = |place: &usize| all[*place].hash == hash && *all[*place].key(keys) == keys[start..];
        if let Some(place) = places.find(hash, is_same) {
            all[*place].times += 1;
            keys.truncate(start);
            continue;
        }
        places.insert_unique(hash, all.len(), |place| all[*place].hash);
        all.push(Distinct { component, times: 1, hash, key: start..keys.len() });
    }
    all
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
