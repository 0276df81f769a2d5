//! From records to the lists of a segment, with all processors: each worker goes over all texts and keeps the
//! terms that begin with its own characters, so that nothing has to be put together afterwards.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::postings::{Blocks, List};
use super::{ALL, GONE, Term, facet, grams};
use crate::project::Face;

/// An entry to be indexed.
pub(crate) struct Doc {
    /// Its sequence number.
    pub(crate) seq: u64,
    /// The entry it replaces; 0 for none.
    pub(crate) replaces: u64,
    /// What it is found by; none where the record was withdrawn.
    pub(crate) face: Option<Face>,
}

/// The lists of one segment while it grows.
pub(crate) struct Builder {
    shards: Vec<HashMap<Term, List>>,
    /// Entries of earlier segments, in any order.
    gone: Vec<u64>,
    records: u64,
}

impl Default for Builder {
    fn default() -> Self {
        let workers = rayon::current_num_threads().clamp(1, 16);
        Builder { shards: vec![HashMap::new(); workers], gone: Vec::new(), records: 0 }
    }
}

impl Builder {
    /// Adds entries in the order of their sequence numbers.
    pub(crate) fn add(&mut self, docs: &[Doc]) {
        self.gone.extend(docs.iter().map(|doc| doc.replaces).filter(|seq| *seq != 0));
        self.records += docs.iter().filter(|doc| doc.face.is_some()).count() as u64;
        let workers = u32::try_from(self.shards.len()).unwrap_or(u32::MAX);
        self.shards.par_iter_mut().zip(0..workers).for_each(|(shard, worker)| {
            for doc in docs {
                let Some(face) = &doc.face else { continue };
                if worker == 0 {
                    let facets = face.facets.iter().map(|(field, value)| facet(field, value));
                    facets.chain([ALL]).for_each(|term| shard.entry(term).or_default().push(doc.seq));
                }
                let mine = |c: char| u32::from(c) % workers == worker;
                grams(&face.text, mine, |term| shard.entry(term).or_default().push(doc.seq));
            }
        });
    }

    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records == 0 && self.gone.is_empty()
    }

    /// The finished blocks.
    pub(crate) fn finish(mut self) -> Vec<(Term, Vec<u8>)> {
        self.gone.sort_unstable();
        let mut lists: Vec<(Term, List)> = self.shards.into_iter().flatten().collect();
        if !self.gone.is_empty() {
            lists.push((GONE, List::of(&self.gone)));
        }
        lists.par_sort_unstable_by_key(|(term, _)| *term);
        let mut blocks = Blocks::default();
        for (term, list) in &lists {
            blocks.push(*term, list.bytes());
        }
        blocks.finish()
    }
}
