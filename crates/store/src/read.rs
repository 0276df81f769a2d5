//! Reading records: one, all of a register, a record's history, references that lead nowhere.

use std::collections::HashSet;

use jiff::Timestamp;
use rayon::prelude::*;
use register::{Record, RecordRef, references};

use crate::Store;
use crate::chain::{Action, Hash, Head};
use crate::db::{Db, Param, Row};
use crate::error::{Result, StoreError};

/// Records read and parsed together by [`Store::each`].
const PORTION: usize = 256;

/// A current record and the entry that made it so.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The content.
    pub record: Record,
    /// Its version: 1, 2, 3 …
    pub version: u64,
    /// The history entry.
    pub seq: u64,
    /// When it became so.
    pub at: Timestamp,
    /// Who made it so.
    pub actor: String,
}

/// A history entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place in the history of everything.
    pub seq: u64,
    /// The record it tells of.
    pub reference: RecordRef,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// What.
    pub action: Action,
    /// The version it made.
    pub version: u64,
    /// The content since then; none where the record was withdrawn.
    pub record: Option<Record>,
    /// Its link of the chain.
    pub hash: Hash,
}

/// A reference to a record that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dangling {
    /// The record that refers.
    pub from: RecordRef,
    /// The field, or `links`.
    pub place: String,
    /// What it refers to.
    pub to: RecordRef,
}

/// The columns of an [`Entry`].
pub(crate) const ENTRY: &str = "seq, at, actor, reason, action, version, body, hash, register, id";

/// The columns of a [`Stored`] record.
pub(crate) const STORED: &str = "h.seq, h.version, h.at, h.actor, h.body";

impl Store {
    /// A current record.
    pub fn get(&self, record: &RecordRef) -> Result<Option<Stored>> {
        let sql = format!(
            "SELECT {STORED} FROM record r JOIN history h ON h.seq = r.seq WHERE r.register = $1 AND r.id = $2 AND r.live = 1"
        );
        let raw = self.lock()?.first(&sql, &key(record), Raw::read)?;
        raw.map(|raw| raw.parse()).transpose()
    }

    /// Hands every current record of a register to `take`, in the order of ids, all as of one moment.
    pub fn each(&self, register: &str, take: impl FnMut(Stored)) -> Result<()> {
        self.each_without(register, &[], take)
    }

    /// The same without some fields, which are not read at all: for those who read many records and few fields.
    pub fn each_without(&self, register: &str, without: &[&str], take: impl FnMut(Stored)) -> Result<()> {
        self.each_as(register, without, |stored| stored, take)
    }

    /// The same, where only what `view` makes of each record is kept: made on all processors, so that never more than a portion
    /// of the records themselves lies in memory.
    pub fn each_as<T: Send>(
        &self,
        register: &str,
        without: &[&str],
        view: impl Fn(Stored) -> T + Sync,
        mut take: impl FnMut(T),
    ) -> Result<()> {
        let sql = format!(
            "SELECT {STORED} FROM record r JOIN history h ON h.seq = r.seq WHERE r.register = $1 AND r.live = 1 ORDER BY r.id"
        );
        let mut portion = Vec::with_capacity(PORTION);
        let mut hand_over = |portion: &mut Vec<Raw>| -> Result<()> {
            let seen: Vec<_> = portion.par_iter().map(|raw| raw.parse_without(without).map(&view)).collect();
            portion.clear();
            seen.into_iter().try_for_each(|seen| seen.map(&mut take))
        };
        self.lock()?.query(&sql, &[register.into()], |row| {
            portion.push(Raw::read(row)?);
            if portion.len() == PORTION { hand_over(&mut portion) } else { Ok(()) }
        })?;
        hand_over(&mut portion)
    }

    /// How many current records a register has.
    pub fn count(&self, register: &str) -> Result<u64> {
        let sql = "SELECT count(*) FROM record WHERE register = $1 AND live = 1";
        Ok(self.lock()?.first(sql, &[register.into()], |row| row.number(0))?.unwrap_or(0))
    }

    /// Everything that happened to a record, oldest first; empty where there never was one.
    pub fn history(&self, record: &RecordRef) -> Result<Vec<Entry>> {
        let sql = format!("SELECT {ENTRY} FROM history WHERE register = $1 AND id = $2 ORDER BY version");
        self.lock()?.rows(&sql, &key(record), entry)
    }

    /// Every reference and link of current records that leads to no current record, in the order of registers
    /// and ids. Only declared registers are looked at.
    pub fn dangling(&self) -> Result<Vec<Dangling>> {
        let mut there = HashSet::new();
        let mut wanted = Vec::new();
        for declaration in self.registry().all() {
            self.each(declaration.id.as_str(), |stored| {
                let from = stored.record.reference();
                let to = references(declaration, &stored.record);
                wanted.extend(to.into_iter().map(|(place, to)| Dangling { from: from.clone(), place, to }));
                there.insert(from);
            })?;
        }
        wanted.retain(|reference| !there.contains(&reference.to));
        Ok(wanted)
    }
}

/// A record before its body is parsed, which is done by all processors.
pub(crate) struct Raw {
    pub(crate) seq: u64,
    version: u64,
    at: String,
    actor: String,
    body: Vec<u8>,
}

impl Raw {
    pub(crate) fn read(row: Row<'_>) -> Result<Raw> {
        let (at, actor) = (row.text(2)?.to_owned(), row.text(3)?.to_owned());
        Ok(Raw { seq: row.number(0)?, version: row.number(1)?, at, actor, body: row.blob(4)?.to_vec() })
    }
    pub(crate) fn parse(&self) -> Result<Stored> {
        self.parse_without(&[])
    }
    fn parse_without(&self, without: &[&str]) -> Result<Stored> {
        let record = register::sparse::read(&self.body, without).map_err(unreadable)?;
        let at = moment(&self.at)?;
        Ok(Stored { record, version: self.version, seq: self.seq, at, actor: self.actor.clone() })
    }
}

/// The record in a body.
pub(crate) fn record_of(body: &[u8]) -> Result<Record> {
    serde_json::from_slice(body).map_err(unreadable)
}

#[allow(clippy::needless_pass_by_value, reason = "the form `map_err` asks for")]
fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Damaged(format!("a stored record cannot be read: {error}"))
}

/// The end of the history.
pub(crate) fn head(db: &mut Db) -> Result<Head> {
    read_head(db, "SELECT seq, hash FROM head")
}

/// The end of the history, which nobody else can move until this transaction ends.
pub(crate) fn lock_head(db: &mut Db) -> Result<Head> {
    read_head(db, "UPDATE head SET seq = seq WHERE one = 1 RETURNING seq, hash")
}

pub(crate) fn set_head(db: &mut Db, head: &Head) -> Result<()> {
    db.execute(
        "UPDATE head SET seq = $1, hash = $2 WHERE one = 1",
        &[head.entries.into(), Param::Blob(&head.hash.0)],
    )?;
    Ok(())
}

fn read_head(db: &mut Db, sql: &str) -> Result<Head> {
    let head = db.first(sql, &[], |row| Ok(Head { entries: row.number(0)?, hash: hash(row.blob(1)?)? }))?;
    head.ok_or_else(|| StoreError::Damaged("the head of the history is missing".to_owned()))
}

pub(crate) fn hash(bytes: &[u8]) -> Result<Hash> {
    Hash::from_bytes(bytes).ok_or_else(|| StoreError::Damaged("a hash has the wrong length".to_owned()))
}

fn key(record: &RecordRef) -> [Param<'_>; 2] {
    [record.register.as_str().into(), record.record.as_str().into()]
}

/// A history entry from the columns of [`ENTRY`].
pub(crate) fn entry(row: Row<'_>) -> Result<Entry> {
    let action = row.text(4)?;
    let action =
        Action::read(action).ok_or_else(|| StoreError::Damaged(format!("`{action}` is not an action")))?;
    let reference = RecordRef::new(row.text(8)?, row.text(9)?);
    Ok(Entry {
        seq: row.number(0)?,
        reference: reference.map_err(|error| StoreError::Damaged(error.to_string()))?,
        at: moment(row.text(1)?)?,
        actor: row.text(2)?.to_owned(),
        reason: row.text(3)?.to_owned(),
        action,
        version: row.number(5)?,
        record: (action == Action::Put).then(|| record_of(row.blob(6)?)).transpose()?,
        hash: hash(row.blob(7)?)?,
    })
}

fn moment(text: &str) -> Result<Timestamp> {
    text.parse().map_err(|error| StoreError::Damaged(format!("`{text}` is not a time: {error}")))
}
