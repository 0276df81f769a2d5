//! The write path: one call, one transaction. Changes are taken in portions; each is judged by all processors
//! (is it what its register declares, is it new at all), then chained, and inserted while it is indexed.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use rayon::prelude::*;
use register::{Fault, Record, RecordRef, Registry, validate};

use crate::chain::{Action, Hash, Head, Link, body_hash};
use crate::db::{Db, Param, padded, placeholders};
use crate::error::{Refusal, Result, StoreError};
use crate::index::{self, Builder, Doc};
use crate::project::{self, Face};
use crate::read::{self, record_of};
use crate::schema::{HISTORY, RECORD};
use crate::{Store, rebuild};

/// Changes judged and inserted together: enough for all processors, little enough to hold.
const PORTION: usize = 512;
/// From so many changes on the database engine takes stock of its tables.
const MANY: u64 = 1000;
/// Faults a refusal lists.
const FAULTS: usize = 100;

/// Who changes something, why and when. Every history entry says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// A person's or a program's name.
    pub actor: String,
    /// In their words.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl By {
    /// Somebody who changes something now.
    pub fn now(actor: impl Into<String>, reason: impl Into<String>) -> Self {
        By { actor: actor.into(), reason: reason.into(), at: Timestamp::now() }
    }
}

/// A change of one record. A `Record` becomes a change that puts it, whatever is there.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The record shall be so.
    Put {
        /// Its content.
        record: Record,
        /// The version the writer has seen (0: none); another newest version is a conflict.
        expected: Option<u64>,
    },
    /// The record shall no longer be current.
    Withdraw {
        /// Which.
        record: RecordRef,
        /// The version the writer has seen.
        expected: Option<u64>,
    },
}

impl From<Record> for Change {
    fn from(record: Record) -> Self {
        Change::Put { record, expected: None }
    }
}

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Records that are new, or current again.
    pub added: u64,
    /// Records with a new version.
    pub changed: u64,
    /// Records that were already so; they have no new version.
    pub unchanged: u64,
    /// Records withdrawn.
    pub withdrawn: u64,
    /// The history's end after it.
    pub head: Head,
}

impl Store {
    /// Makes all changes or none, and returns when they are on disk. Later changes of a batch see the earlier.
    pub fn write<C: Into<Change>>(&self, by: &By, changes: impl IntoIterator<Item = C>) -> Result<Written> {
        let written = self.writing(|db| {
            let mut writer = Writer::begin(db, &self.registry, by)?;
            let mut changes = changes.into_iter().map(Into::into).peekable();
            while let Some(portion) = portion(&mut changes) {
                writer.take(portion)?;
            }
            writer.finish()
        })?;
        if written.added + written.changed >= MANY {
            self.lock().into_iter().for_each(|mut db| db.learn());
        }
        Ok(written)
    }

    /// Makes an old version the content of a new one. It must still be what the register declares; a move of
    /// states that a normal change could not make is allowed.
    pub fn undo(&self, by: &By, record: &RecordRef, to_version: u64) -> Result<Written> {
        self.writing(|db| {
            let sql = "SELECT body FROM history WHERE register = $1 AND id = $2 AND version = $3";
            let key = [record.register.as_str().into(), record.record.as_str().into(), to_version.into()];
            let body = db.first(sql, &key, |row| Ok(row.blob(0)?.to_vec()))?.filter(|body| !body.is_empty());
            let body =
                body.ok_or_else(|| StoreError::NoVersion { record: record.clone(), version: to_version })?;
            let mut writer = Writer::begin(db, &self.registry, by)?;
            writer.free_moves = true;
            writer.take(vec![(record.clone(), record_of(&body)?.into())])?;
            writer.finish()
        })
    }
}

impl Change {
    fn reference(&self) -> RecordRef {
        match self {
            Change::Put { record, .. } => record.reference(),
            Change::Withdraw { record, .. } => record.clone(),
        }
    }
    fn expected(&self) -> Option<u64> {
        match self {
            Change::Put { expected, .. } | Change::Withdraw { expected, .. } => *expected,
        }
    }
}

/// The next changes, none of the same record as another.
fn portion(
    changes: &mut std::iter::Peekable<impl Iterator<Item = Change>>,
) -> Option<Vec<(RecordRef, Change)>> {
    let mut seen = HashSet::new();
    let mut taken = Vec::new();
    while taken.len() < PORTION
        && let Some(change) = changes.next_if(|change| seen.insert(change.reference()))
    {
        taken.push((change.reference(), change));
    }
    (!taken.is_empty()).then_some(taken)
}

/// The newest version of a record that is to be changed.
struct Latest {
    seq: u64,
    version: u64,
    live: bool,
    body: Vec<u8>,
}

/// What becomes of a change.
enum Verdict {
    Unchanged,
    Refused(Vec<Fault>),
    Accepted { body: Vec<u8>, hash: [u8; 32], face: Option<Face> },
}

/// A history entry to be inserted.
struct NewEntry {
    seq: u64,
    action: Action,
    record: RecordRef,
    version: u64,
    body: Vec<u8>,
    before: [u8; 32],
    hash: [u8; 32],
    title: String,
    /// Whether a row of `record` is there to be changed: the entry it points to.
    replaces: Option<u64>,
}

struct Writer<'a> {
    db: &'a mut Db,
    registry: &'a Registry,
    by: &'a By,
    at: String,
    builders: BTreeMap<String, Builder>,
    free_moves: bool,
    refusals: Vec<Refusal>,
    more: usize,
    written: Written,
}

impl<'a> Writer<'a> {
    fn begin(db: &'a mut Db, registry: &'a Registry, by: &'a By) -> Result<Self> {
        for (text, what) in [(&by.actor, "the name is missing"), (&by.reason, "the reason is missing")] {
            if text.trim().is_empty() {
                return Err(StoreError::Unsigned(what));
            }
            if text.contains('\0') {
                return Err(StoreError::Unsigned("neither holds a NUL character"));
            }
        }
        let head = read::lock_head(db)?;
        let written = Written { added: 0, changed: 0, unchanged: 0, withdrawn: 0, head };
        let at = by.at.to_string();
        Ok(Writer {
            db,
            registry,
            by,
            at,
            builders: BTreeMap::new(),
            free_moves: false,
            refusals: Vec::new(),
            more: 0,
            written,
        })
    }

    /// Judges and inserts a portion of changes of different records.
    fn take(&mut self, portion: Vec<(RecordRef, Change)>) -> Result<()> {
        self.admit(&portion)?;
        let mut latest = self.latest(&portion)?;
        let verdicts: Vec<_> = portion
            .par_iter()
            .map(|(reference, change)| {
                judge(self.registry, reference, change, latest.get(reference), self.free_moves)
            })
            .collect();
        let mut entries = Vec::new();
        let mut docs: BTreeMap<String, Vec<Doc>> = BTreeMap::new();
        for ((reference, _), verdict) in portion.into_iter().zip(verdicts) {
            match verdict? {
                Verdict::Unchanged => self.written.unchanged += 1,
                Verdict::Refused(faults) => self.refuse(&reference, faults),
                Verdict::Accepted { body, hash, face } => {
                    let before = latest.remove(&reference);
                    let entry = self.chain(reference, before.as_ref(), body, hash, face.as_ref());
                    let replaces = before.filter(|before| before.live).map_or(0, |before| before.seq);
                    let doc = Doc { seq: entry.seq, replaces, face };
                    docs.entry(entry.record.register.to_string()).or_default().push(doc);
                    entries.push(entry);
                }
            }
        }
        if self.refusals.is_empty() { self.insert(&entries, &docs) } else { Ok(()) }
    }

    /// Ends the transaction's work: segments of the index, the new head.
    fn finish(self) -> Result<Written> {
        if !self.refusals.is_empty() {
            return Err(StoreError::Refused { faults: self.refusals, more: self.more });
        }
        for (register, builder) in self.builders {
            index::add(self.db, &register, builder)?;
        }
        read::set_head(self.db, &self.written.head)?;
        Ok(self.written)
    }

    /// Every register must be declared, and indexed by the declaration this program has.
    fn admit(&mut self, portion: &[(RecordRef, Change)]) -> Result<()> {
        for (reference, _) in portion {
            let register = reference.register.as_str();
            if self.builders.contains_key(register) {
                continue;
            }
            let declaration =
                self.registry.get(register).ok_or_else(|| StoreError::NoRegister(register.to_owned()))?;
            rebuild::agree_on_rules(self.db, declaration)?;
            self.builders.insert(register.to_owned(), Builder::default());
        }
        Ok(())
    }

    fn latest(&mut self, portion: &[(RecordRef, Change)]) -> Result<HashMap<RecordRef, Latest>> {
        let mut by_register: BTreeMap<&str, Vec<&RecordRef>> = BTreeMap::new();
        for (reference, _) in portion {
            by_register.entry(reference.register.as_str()).or_default().push(reference);
        }
        let mut found = HashMap::new();
        for (register, references) in by_register {
            let sql = format!(
                "SELECT r.id, r.seq, r.version, r.live, h.body FROM record r JOIN history h ON h.seq = r.seq
                 WHERE r.register = $1 AND r.id IN ({})",
                placeholders(2, references.len())
            );
            let ids = references.iter().map(|reference| Param::Text(reference.record.as_str()));
            let params = [register.into()].into_iter().chain(ids).collect();
            self.db.query(&sql, &padded(params, references.len()), |row| {
                let reference = RecordRef::new(register, row.text(0)?)
                    .map_err(|error| StoreError::Damaged(error.to_string()))?;
                let (seq, version, live) = (row.number(1)?, row.number(2)?, row.int(3)? != 0);
                found.insert(reference, Latest { seq, version, live, body: row.blob(4)?.to_vec() });
                Ok(())
            })?;
        }
        Ok(found)
    }

    fn refuse(&mut self, reference: &RecordRef, faults: Vec<Fault>) {
        for fault in faults {
            if self.refusals.len() < FAULTS {
                self.refusals.push(Refusal { record: reference.clone(), fault });
            } else {
                self.more += 1;
            }
        }
    }

    /// Makes the next link of the chain and counts it.
    fn chain(
        &mut self,
        record: RecordRef,
        before: Option<&Latest>,
        body: Vec<u8>,
        hash: [u8; 32],
        face: Option<&Face>,
    ) -> NewEntry {
        let was_live = before.is_some_and(|before| before.live);
        let (action, count) = match (face, was_live) {
            (None, _) => (Action::Withdraw, &mut self.written.withdrawn),
            (Some(_), true) => (Action::Put, &mut self.written.changed),
            (Some(_), false) => (Action::Put, &mut self.written.added),
        };
        *count += 1;
        let head = self.written.head;
        let (seq, version) = (head.entries + 1, before.map_or(0, |before| before.version) + 1);
        let link = Link {
            seq,
            at: &self.at,
            actor: &self.by.actor,
            action: action.word(),
            register: record.register.as_str(),
            id: record.record.as_str(),
            version,
            reason: &self.by.reason,
            body: hash,
        };
        let hash = link.hash(&head.hash.0);
        self.written.head = Head { entries: seq, hash: Hash(hash) };
        let title = face.map(|face| face.title.clone()).unwrap_or_default();
        NewEntry {
            seq,
            action,
            record,
            version,
            body,
            before: head.hash.0,
            hash,
            title,
            replaces: before.map(|before| before.seq),
        }
    }

    /// Inserts history and record rows while the other processors index.
    fn insert(&mut self, entries: &[NewEntry], docs: &BTreeMap<String, Vec<Doc>>) -> Result<()> {
        let Writer { db, by, at, builders, .. } = self;
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| {
                for (register, docs) in docs {
                    if let Some(builder) = builders.get_mut(register) {
                        builder.add(docs);
                    }
                }
            });
            db.insert(&HISTORY, &mut entries.iter().map(|entry| history_row(entry, by, at)))?;
            point(db, entries)
        })
    }
}

/// Whether a change is to be made, and all that costs time about it.
fn judge(
    registry: &Registry,
    reference: &RecordRef,
    change: &Change,
    latest: Option<&Latest>,
    free_moves: bool,
) -> Result<Verdict> {
    let found = latest.map_or(0, |latest| latest.version);
    if let Some(expected) = change.expected().filter(|expected| *expected != found) {
        return Err(StoreError::Conflict { record: reference.clone(), expected, found });
    }
    let current = latest.filter(|latest| latest.live);
    let Change::Put { record, .. } = change else {
        return match current {
            Some(_) => Ok(Verdict::Accepted { body: Vec::new(), hash: body_hash(&[]), face: None }),
            None => Err(StoreError::NoRecord(reference.clone())),
        };
    };
    let body = canonical(record)?;
    if current.is_some_and(|current| current.body == body) {
        return Ok(Verdict::Unchanged);
    }
    let Some(declaration) = registry.get(reference.register.as_str()) else {
        return Err(StoreError::NoRegister(reference.register.to_string()));
    };
    let moves = !declaration.states.is_empty() && !free_moves;
    let before = current.filter(|_| moves).map(|current| record_of(&current.body)).transpose()?;
    let faults = validate::faults(declaration, record, before.as_ref());
    if !faults.is_empty() {
        return Ok(Verdict::Refused(faults));
    }
    Ok(Verdict::Accepted {
        hash: body_hash(&body),
        body,
        face: Some(project::face(Some(declaration), record)),
    })
}

/// The one way a record is written: fields in the order of their names, no blanks.
pub(crate) fn canonical(record: &Record) -> Result<Vec<u8>> {
    serde_json::to_vec(record).map_err(|error| StoreError::Engine(error.to_string()))
}

fn history_row<'r>(entry: &'r NewEntry, by: &'r By, at: &'r str) -> Vec<Param<'r>> {
    vec![
        entry.seq.into(),
        at.into(),
        by.actor.as_str().into(),
        entry.action.word().into(),
        entry.record.register.as_str().into(),
        entry.record.record.as_str().into(),
        entry.version.into(),
        by.reason.as_str().into(),
        Param::Blob(&entry.body),
        Param::Blob(&entry.before),
        Param::Blob(&entry.hash),
    ]
}

/// Lets the rows of `record` point to the new entries.
fn point(db: &mut Db, entries: &[NewEntry]) -> Result<()> {
    let live = |entry: &NewEntry| Param::Int(i64::from(entry.action == Action::Put));
    let sql = "UPDATE record SET seq = $1, version = $2, live = $3, title = $4 WHERE seq = $5";
    for entry in entries {
        if let Some(old) = entry.replaces {
            db.execute(
                sql,
                &[
                    entry.seq.into(),
                    entry.version.into(),
                    live(entry),
                    entry.title.as_str().into(),
                    old.into(),
                ],
            )?;
        }
    }
    let row = |entry| record_row(entry, live(entry));
    db.insert(&RECORD, &mut entries.iter().filter(|entry| entry.replaces.is_none()).map(row))
}

fn record_row<'r>(entry: &'r NewEntry, live: Param<'r>) -> Vec<Param<'r>> {
    let (register, id) = (entry.record.register.as_str(), entry.record.record.as_str());
    vec![
        entry.seq.into(),
        register.into(),
        id.into(),
        entry.version.into(),
        live,
        entry.title.as_str().into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_does_not_depend_on_the_order_in_which_fields_were_set() {
        let reference: RecordRef = "a:b".parse().unwrap();
        let empty = Record::new(reference.register, reference.record, base::Source::document("d"));
        let (mut one, mut other) = (empty.clone(), empty);
        one.set("x", 1).set("a", 2);
        other.set("a", 2).set("x", 1);
        assert_eq!(canonical(&one).unwrap(), canonical(&other).unwrap());
    }
}
