//! Who points at a record: kept in memory for all records together and brought up to date from the history whenever it is
//! asked. It knows ids only; whether the viewer may see the one that points is asked of the record itself.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use register::{Declaration, Record, RecordRef, Registry, references};
use store::{Store, StoreError};

/// References kept at most, so that memory stays bounded; a database with more tells pages that they may be incomplete.
const MOST: usize = 2_000_000;
/// History entries read at a time.
const PORTION: usize = 1000;

/// The register of documents: a source names one by its id.
const DOCUMENTS: &str = "document";

/// Who points at records.
#[derive(Clone, Default)]
pub(super) struct Pointers(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    /// The history entry up to which this holds; none before the first reading.
    head: Option<u64>,
    to: HashMap<RecordRef, HashSet<Arc<RecordRef>>>,
    from: HashMap<Arc<RecordRef>, HashSet<RecordRef>>,
    size: usize,
    full: bool,
}

/// The records that may point at one, in the order of their ids.
pub(super) struct Pointing {
    pub(super) from: Vec<RecordRef>,
    /// Whether all are known.
    pub(super) complete: bool,
}

impl Pointers {
    /// The records that point at one, as of now.
    pub(super) fn at(
        &self,
        store: &Store,
        registry: &Registry,
        record: &RecordRef,
    ) -> Result<Pointing, StoreError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.catch_up(store, registry)?;
        let from = kept.to.get(record).into_iter().flatten();
        let mut from: Vec<RecordRef> = from.map(|from| (**from).clone()).collect();
        from.sort();
        Ok(Pointing { from, complete: !kept.full })
    }
}

impl Kept {
    fn catch_up(&mut self, store: &Store, registry: &Registry) -> Result<(), StoreError> {
        let head = store.head()?.entries;
        let Some(mut seen) = self.head else {
            for declaration in registry.all() {
                store.each(declaration.id.as_str(), |stored| self.put(declaration, &stored.record))?;
            }
            self.head = Some(head);
            return Ok(());
        };
        while seen < head {
            let entries = store.entries(seen, None, PORTION)?;
            let Some(last) = entries.last() else { break };
            seen = last.seq;
            for entry in entries {
                self.remove(&entry.reference);
                let declaration = registry.get(entry.reference.register.as_str());
                if let (Some(declaration), Some(record)) = (declaration, entry.record) {
                    self.put(declaration, &record);
                }
            }
            self.head = Some(seen);
        }
        Ok(())
    }

    fn put(&mut self, declaration: &Declaration, record: &Record) {
        let from = Arc::new(record.reference());
        let mut targets: HashSet<RecordRef> =
            references(declaration, record).into_iter().map(|(_, to)| to).collect();
        let documents = record.sources.iter().map(|source| source.document.as_str());
        targets.extend(documents.filter_map(|document| RecordRef::new(DOCUMENTS, document).ok()));
        self.full |= self.size + targets.len() > MOST;
        if self.full || targets.is_empty() {
            return;
        }
        self.size += targets.len();
        for to in &targets {
            self.to.entry(to.clone()).or_default().insert(Arc::clone(&from));
        }
        self.from.insert(from, targets);
    }

    fn remove(&mut self, from: &RecordRef) {
        let targets = self.from.remove(from).unwrap_or_default();
        self.size -= targets.len();
        for to in targets {
            if let Some(pointing) = self.to.get_mut(&to) {
                pointing.remove(from);
            }
        }
    }
}
