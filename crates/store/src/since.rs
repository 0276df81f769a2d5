//! What happened since a moment, over all records: for feeds, for those who are told of changes, and for those
//! who keep something made from records and ask whether it still holds.

use std::collections::BTreeMap;

use register::RegisterId;

use crate::Store;
use crate::db::Param;
use crate::error::{Result, StoreError};
use crate::read::{ENTRY, Entry, entry};

/// The most entries of an answer.
const LONGEST: usize = 1000;

impl Store {
    /// History entries after the entry `after_seq` (0: from the first), oldest first: at most `limit`, and never
    /// more than a thousand. The last one's `seq` is where to go on.
    pub fn entries(&self, after_seq: u64, register: Option<&str>, limit: usize) -> Result<Vec<Entry>> {
        self.some_entries("seq > $1", "ASC", after_seq, register, limit)
    }

    /// History entries before the entry `before` (none: from the last), newest first: at most `limit`, and
    /// never more than a thousand.
    pub fn latest(&self, register: Option<&str>, before: Option<u64>, limit: usize) -> Result<Vec<Entry>> {
        self.some_entries("seq < $1", "DESC", before.unwrap_or(u64::MAX), register, limit)
    }

    /// The registers in which something happened after the entry `after_seq`, each with its newest entry. One
    /// look into an index for each register, however long the history is.
    pub fn changed_since(&self, after_seq: u64) -> Result<BTreeMap<RegisterId, u64>> {
        let sql =
            "SELECT i.register, coalesce((SELECT max(h.seq) FROM history h WHERE h.register = i.register), 0)
                   FROM indexed i";
        let newest = self.lock()?.rows(sql, &[], |row| Ok((row.text(0)?.to_owned(), row.number(1)?)))?;
        let changed = newest.into_iter().filter(|(_, seq)| *seq > after_seq);
        let with_id = changed.map(|(register, seq)| match register.parse() {
            Ok(register) => Ok((register, seq)),
            Err(_) => Err(StoreError::Damaged(format!("`{register}` is not a register"))),
        });
        with_id.collect()
    }

    fn some_entries(
        &self,
        bound: &str,
        order: &str,
        seq: u64,
        register: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Entry>> {
        let limit = Param::from(limit.min(LONGEST) as u64);
        let (of, params) = match register {
            None => ("LIMIT $2", vec![seq.into(), limit]),
            Some(register) => ("LIMIT $3", vec![seq.into(), register.into(), limit]),
        };
        let only = if register.is_some() { "AND register = $2" } else { "" };
        let sql = format!("SELECT {ENTRY} FROM history WHERE {bound} {only} ORDER BY seq {order} {of}");
        self.lock()?.rows(&sql, &params, entry)
    }
}
