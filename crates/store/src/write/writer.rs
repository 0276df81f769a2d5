//! The write transaction: changes are taken in portions; each is judged by all processors, then chained, and
//! inserted while it is indexed.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use register::{RecordRef, Registry};

use super::judge::{Faults, Known, Latest, Verdict, judge};
use super::{By, Change, Task, Written, portion};
use crate::chain::{Action, Hash, Head, Link};
use crate::db::{Db, Param, padded, placeholders};
use crate::error::{Refusal, Result, StoreError};
use crate::index::{self, Builder, Doc, Merging};
use crate::read;
use crate::rebuild;
use crate::schema::{HISTORY, RECORD};

/// The state of a write transaction.
pub(super) struct Writer<'a> {
    db: &'a mut Db,
    registry: &'a Registry,
    /// Registers that were looked at: whether they are indexed by the declarations of this program.
    agreed: BTreeMap<String, bool>,
    /// What is not yet in a segment of the index.
    builders: BTreeMap<String, Builder>,
    merging: Merging,
    head: Head,
}

/// Changes of different records that are made together or not at all.
struct Portion<'t> {
    by: &'t By,
    changes: Vec<(RecordRef, Change)>,
}

/// A history entry to be inserted.
struct NewEntry<'t> {
    seq: u64,
    by: &'t By,
    at: String,
    action: Action,
    record: RecordRef,
    version: u64,
    body: Vec<u8>,
    before: [u8; 32],
    title: String,
    /// Whether a row of `record` is there to be replaced: the entry it points to.
    replaces: Option<u64>,
}

/// What a portion adds to the database.
#[derive(Default)]
struct Additions<'t> {
    /// With the hash of each.
    entries: Vec<(NewEntry<'t>, [u8; 32])>,
    docs: BTreeMap<String, Vec<Doc>>,
}

impl<'a> Writer<'a> {
    pub(super) fn begin(db: &'a mut Db, registry: &'a Registry, merging: Merging) -> Result<Self> {
        let head = read::lock_head(db)?;
        Ok(Writer { db, registry, agreed: BTreeMap::new(), builders: BTreeMap::new(), merging, head })
    }

    /// Makes any number of changes, which are taken as they come. The inner error is theirs: some of them may have
    /// been written, and the transaction (or what is left of it to a savepoint) must be undone.
    pub(super) fn all(
        &mut self,
        by: &By,
        changes: impl IntoIterator<Item = Change>,
    ) -> Result<Result<Written>> {
        if let Err(unsigned) = signed(by) {
            return Ok(Err(unsigned));
        }
        let mut changes = changes.into_iter().peekable();
        let mut written = Written::nothing(self.head);
        let mut faults = Faults::default();
        while let Some(changes) = portion(&mut changes) {
            for outcome in self.take(vec![Portion::of(by, changes)])? {
                match outcome {
                    Ok(next) => written = written.and(next),
                    Err(StoreError::Refused { faults: found, more }) => faults.add(found, more),
                    // After a refusal, what follows may object to the lack of what was refused.
                    Err(_) if !faults.none() => return Ok(faults.or(written)),
                    Err(other) => return Ok(Err(other)),
                }
            }
        }
        Ok(faults.or(written))
    }

    /// Makes tasks in which no record occurs twice.
    pub(super) fn together(&mut self, tasks: Vec<Task>) -> Result<Vec<Result<Written>>> {
        let (bys, changes): (Vec<By>, Vec<Vec<Change>>) =
            tasks.into_iter().map(|task| (task.by, task.changes)).unzip();
        self.take(bys.iter().zip(changes).map(|(by, changes)| Portion::of(by, changes)).collect())
    }

    /// Makes a task that has to be taken in several portions.
    pub(super) fn alone(&mut self, by: &By, changes: Vec<Change>) -> Result<Result<Written>> {
        self.settle()?;
        let before = self.head;
        self.db.script("SAVEPOINT task")?;
        let outcome = self.all(by, changes)?;
        if outcome.is_ok() {
            self.settle()?;
        } else {
            self.db.script("ROLLBACK TO SAVEPOINT task")?;
            self.builders.clear();
            self.agreed.clear();
            self.head = before;
        }
        self.db.script("RELEASE SAVEPOINT task")?;
        Ok(outcome)
    }

    /// Ends the transaction's work: segments of the index, the new head.
    pub(super) fn finish(mut self) -> Result<()> {
        self.settle()?;
        read::set_head(self.db, &self.head)
    }

    /// Judges portions and inserts those that nothing speaks against. No record occurs twice in all of them.
    fn take(&mut self, portions: Vec<Portion<'_>>) -> Result<Vec<Result<Written>>> {
        self.agree(&portions)?;
        let (latest, earlier) = (self.latest(&portions)?, self.earlier(&portions)?);
        let known = Known { registry: self.registry, agreed: &self.agreed, latest, earlier };
        let verdicts: Vec<Result<Vec<Verdict>>> =
            portions.par_iter().map(|portion| portion.judged(&known)).collect();
        let mut latest = known.latest;
        let mut additions = Additions::default();
        let outcomes = portions
            .into_iter()
            .zip(verdicts)
            .map(|(portion, verdicts)| Ok(self.add(portion, verdicts?, &mut latest, &mut additions)))
            .collect();
        self.insert(&additions)?;
        Ok(outcomes)
    }

    /// Adds what was judged well to the chain, and counts it.
    fn add<'t>(
        &mut self,
        portion: Portion<'t>,
        verdicts: Vec<Verdict>,
        latest: &mut HashMap<RecordRef, Latest>,
        additions: &mut Additions<'t>,
    ) -> Written {
        let mut written = Written::nothing(self.head);
        let at = portion.by.at.to_string();
        for ((record, _), verdict) in portion.changes.into_iter().zip(verdicts) {
            let Verdict::Accepted { body, hash, face } = verdict else {
                written.unchanged += 1;
                continue;
            };
            let before = latest.remove(&record);
            let replaces = before.as_ref().filter(|before| before.live).map_or(0, |before| before.seq);
            *match (&face, replaces) {
                (None, _) => &mut written.withdrawn,
                (Some(_), 0) => &mut written.added,
                (Some(_), _) => &mut written.changed,
            } += 1;
            let entry = NewEntry {
                seq: self.head.entries + 1,
                by: portion.by,
                at: at.clone(),
                action: if face.is_some() { Action::Put } else { Action::Withdraw },
                version: before.as_ref().map_or(0, |before| before.version) + 1,
                title: face.as_ref().map(|face| face.title.clone()).unwrap_or_default(),
                before: self.head.hash.0,
                replaces: before.map(|before| before.seq),
                record,
                body,
            };
            let hash = entry.link(hash).hash(&entry.before);
            self.head = Head { entries: entry.seq, hash: Hash(hash) };
            let docs = additions.docs.entry(entry.record.register.to_string()).or_default();
            docs.push(Doc { seq: entry.seq, replaces, face });
            additions.entries.push((entry, hash));
        }
        written.head = self.head;
        written
    }

    /// Looks at the declarations registers are indexed by.
    fn agree(&mut self, portions: &[Portion<'_>]) -> Result<()> {
        for (reference, _) in portions.iter().flat_map(|portion| &portion.changes) {
            let register = reference.register.as_str();
            if !self.agreed.contains_key(register)
                && let Some(declaration) = self.registry.get(register)
            {
                let agreed = rebuild::agree_on_rules(self.db, declaration)?;
                self.agreed.insert(register.to_owned(), agreed);
            }
        }
        Ok(())
    }

    /// The newest versions of the records that are to be changed.
    fn latest(&mut self, portions: &[Portion<'_>]) -> Result<HashMap<RecordRef, Latest>> {
        let mut by_register: BTreeMap<&str, Vec<&RecordRef>> = BTreeMap::new();
        for (reference, _) in portions.iter().flat_map(|portion| &portion.changes) {
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

    /// The contents of the versions that shall be again.
    fn earlier(&mut self, portions: &[Portion<'_>]) -> Result<HashMap<RecordRef, Vec<u8>>> {
        let sql = "SELECT body FROM history WHERE register = $1 AND id = $2 AND version = $3";
        let mut found = HashMap::new();
        for (reference, change) in portions.iter().flat_map(|portion| &portion.changes) {
            if let Change::Undo { to_version, .. } = change {
                let (register, id) = (reference.register.as_str(), reference.record.as_str());
                let key = [register.into(), id.into(), (*to_version).into()];
                let body = self.db.first(sql, &key, |row| Ok(row.blob(0)?.to_vec()))?;
                found.extend(body.filter(|body| !body.is_empty()).map(|body| (reference.clone(), body)));
            }
        }
        Ok(found)
    }

    /// Inserts history and record rows while the other processors index.
    fn insert(&mut self, additions: &Additions<'_>) -> Result<()> {
        if additions.entries.is_empty() {
            return Ok(());
        }
        let Writer { db, builders, .. } = self;
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| {
                for (register, docs) in &additions.docs {
                    builders.entry(register.clone()).or_default().add(docs);
                }
            });
            db.insert(&HISTORY, &mut additions.entries.iter().map(history_row))?;
            point(db, &additions.entries)
        })
    }

    /// Writes what was indexed so far as segments.
    fn settle(&mut self) -> Result<()> {
        for (register, builder) in std::mem::take(&mut self.builders) {
            index::add(self.db, &register, builder, self.merging)?;
        }
        Ok(())
    }
}

impl<'t> Portion<'t> {
    fn of(by: &'t By, changes: Vec<Change>) -> Portion<'t> {
        Portion { by, changes: changes.into_iter().map(|change| (change.reference(), change)).collect() }
    }

    /// The verdicts on all changes, where none is bad; all faults, or the first other objection.
    fn judged(&self, known: &Known<'_>) -> Result<Vec<Verdict>> {
        signed(self.by)?;
        let judged = self.changes.par_iter().map(|(reference, change)| judge(known, reference, change));
        let mut verdicts = judged.collect::<Result<Vec<Verdict>>>()?;
        let mut faults = Faults::default();
        for ((reference, _), verdict) in self.changes.iter().zip(&mut verdicts) {
            if let Verdict::Refused(found) = verdict {
                let found = std::mem::take(found).into_iter();
                faults.add(found.map(|fault| Refusal { record: reference.clone(), fault }), 0);
            }
        }
        faults.or(verdicts)
    }
}

impl NewEntry<'_> {
    /// What the entry says, as it is hashed.
    fn link(&self, body: [u8; 32]) -> Link<'_> {
        Link {
            seq: self.seq,
            at: &self.at,
            actor: &self.by.actor,
            action: self.action.word(),
            register: self.record.register.as_str(),
            id: self.record.record.as_str(),
            version: self.version,
            reason: &self.by.reason,
            body,
        }
    }
}

/// Every change names who makes it and why.
fn signed(by: &By) -> Result<()> {
    for (text, what) in [(&by.actor, "the name is missing"), (&by.reason, "the reason is missing")] {
        if text.trim().is_empty() {
            return Err(StoreError::Unsigned(what));
        }
        if text.contains('\0') {
            return Err(StoreError::Unsigned("neither holds a NUL character"));
        }
    }
    Ok(())
}

fn history_row<'r>((entry, hash): &'r (NewEntry<'_>, [u8; 32])) -> Vec<Param<'r>> {
    vec![
        entry.seq.into(),
        entry.at.as_str().into(),
        entry.by.actor.as_str().into(),
        entry.action.word().into(),
        entry.record.register.as_str().into(),
        entry.record.record.as_str().into(),
        entry.version.into(),
        entry.by.reason.as_str().into(),
        Param::Blob(&entry.body),
        Param::Blob(&entry.before),
        Param::Blob(hash),
    ]
}

/// Lets the rows of `record` point to the new entries: the old rows go, new ones come.
fn point(db: &mut Db, entries: &[(NewEntry<'_>, [u8; 32])]) -> Result<()> {
    let old: Vec<Param<'_>> =
        entries.iter().filter_map(|(entry, _)| entry.replaces).map(Param::from).collect();
    if !old.is_empty() {
        let count = old.len();
        let sql = format!("DELETE FROM record WHERE seq IN ({})", placeholders(1, count));
        db.execute(&sql, &padded(old, count))?;
    }
    db.insert(&RECORD, &mut entries.iter().map(|(entry, _)| record_row(entry)))
}

fn record_row<'r>(entry: &'r NewEntry<'_>) -> Vec<Param<'r>> {
    let (register, id) = (entry.record.register.as_str(), entry.record.record.as_str());
    let live = Param::Int(i64::from(entry.action == Action::Put));
    vec![
        entry.seq.into(),
        register.into(),
        id.into(),
        entry.version.into(),
        live,
        entry.title.as_str().into(),
    ]
}
