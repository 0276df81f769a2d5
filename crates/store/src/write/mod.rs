//! Writing: what is asked for, by whom, and the calls. One call is one transaction; how its changes are judged is
//! in `judge.rs`, how they become history, records and index in `writer.rs`.

mod judge;
mod writer;

use std::collections::HashSet;
use std::iter::Peekable;

use jiff::Timestamp;
use register::{Record, RecordRef};

use crate::Store;
use crate::chain::Head;
use crate::error::Result;
use crate::index::{self, Merging};
use crate::read;

use writer::Writer;

/// Changes judged and inserted together: enough for all processors, little enough to hold.
const PORTION: usize = 512;
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
        /// The version the writer has seen (0: none, or a withdrawn one); another newest version is a conflict.
        expected: Option<u64>,
    },
    /// The record shall no longer be current.
    Withdraw {
        /// Which.
        record: RecordRef,
        /// The version the writer has seen.
        expected: Option<u64>,
    },
    /// The record shall be again what it was. It must still be what the register declares; a move of states
    /// that a normal change could not make is allowed.
    Undo {
        /// Which.
        record: RecordRef,
        /// The version whose content it shall have.
        to_version: u64,
        /// The version the writer has seen.
        expected: Option<u64>,
    },
}

impl From<Record> for Change {
    fn from(record: Record) -> Self {
        Change::Put { record, expected: None }
    }
}

/// Changes that one person makes together: all of them or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Who, why and when.
    pub by: By,
    /// What. Later changes see the earlier.
    pub changes: Vec<Change>,
}

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Records that were not there, or were withdrawn.
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
            let mut writer = Writer::begin(db, &self.registry, Merging::AtOnce)?;
            let written = writer.all(by, changes.into_iter().map(Into::into))??;
            writer.finish()?;
            Ok(written)
        })?;
        self.grew([&written]);
        Ok(written)
    }

    /// Writes several tasks in one transaction, one after the other: every task is made as a whole or not at all,
    /// whatever becomes of the others, and sees what those before it did. Tells what came of each when all
    /// that was written is on disk. An error of the call itself means that nothing of any task was written.
    ///
    /// Bringing a commit to disk takes much longer than writing a record: who has many writers collects them here. As they wait,
    /// most of the index's upkeep is left for [`Store::tidy`].
    pub fn write_each(&self, tasks: Vec<Task>) -> Result<Vec<Result<Written>>> {
        let outcomes = self.writing(|db| {
            let mut writer = Writer::begin(db, &self.registry, Merging::Later)?;
            let mut outcomes = Vec::with_capacity(tasks.len());
            let mut tasks = tasks.into_iter().peekable();
            loop {
                outcomes.extend(writer.together(together(&mut tasks))?);
                let Some(task) = tasks.next() else { break };
                outcomes.push(writer.alone(&task.by, task.changes)?);
            }
            writer.finish()?;
            Ok(outcomes)
        })?;
        self.grew(outcomes.iter().flatten());
        Ok(outcomes)
    }

    fn grew<'w>(&self, written: impl IntoIterator<Item = &'w Written>) {
        let (by, entries) = written.into_iter().fold((0, 0), |(by, entries), written| {
            (by + written.added + written.changed + written.withdrawn, entries.max(written.head.entries))
        });
        self.lock().into_iter().for_each(|mut db| db.grew(entries, by));
    }

    /// Does one piece of the index's upkeep that was left when somebody waited; whether there was one. For quiet moments.
    pub fn tidy(&self) -> Result<bool> {
        self.writing(|db| {
            // Like every writer, it holds the head.
            read::lock_head(db)?;
            index::tidy(db)
        })
    }

    /// Makes an old version the content of a new one: [`Change::Undo`].
    pub fn undo(&self, by: &By, record: &RecordRef, to_version: u64) -> Result<Written> {
        self.write(by, [Change::Undo { record: record.clone(), to_version, expected: None }])
    }
}

impl Change {
    /// The record that is changed.
    pub fn reference(&self) -> RecordRef {
        match self {
            Change::Put { record, .. } => record.reference(),
            Change::Withdraw { record, .. } | Change::Undo { record, .. } => record.clone(),
        }
    }
    fn expected(&self) -> Option<u64> {
        match self {
            Change::Put { expected, .. }
            | Change::Withdraw { expected, .. }
            | Change::Undo { expected, .. } => *expected,
        }
    }
}

impl Written {
    fn nothing(head: Head) -> Written {
        Written { added: 0, changed: 0, unchanged: 0, withdrawn: 0, head }
    }
    fn and(self, next: Written) -> Written {
        Written {
            added: self.added + next.added,
            changed: self.changed + next.changed,
            unchanged: self.unchanged + next.unchanged,
            withdrawn: self.withdrawn + next.withdrawn,
            head: next.head,
        }
    }
}

/// The next changes, none of the same record as another.
fn portion(changes: &mut Peekable<impl Iterator<Item = Change>>) -> Option<Vec<Change>> {
    let mut seen = HashSet::new();
    let mut taken = Vec::new();
    while taken.len() < PORTION
        && let Some(change) = changes.next_if(|change| seen.insert(change.reference()))
    {
        taken.push(change);
    }
    (!taken.is_empty()).then_some(taken)
}

/// The next tasks that can be judged together: no record occurs twice in them. None where the next task
/// itself changes a record twice, or is too large.
fn together(tasks: &mut Peekable<impl Iterator<Item = Task>>) -> Vec<Task> {
    let mut seen = HashSet::new();
    let mut fits = |task: &Task| {
        let different = task.changes.iter().take(PORTION + 1).all(|change| seen.insert(change.reference()));
        different && seen.len() <= PORTION
    };
    std::iter::from_fn(|| tasks.next_if(&mut fits)).collect()
}
