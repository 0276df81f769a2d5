//! Is the history what was written, and does everything made from it agree with it?

use std::collections::BTreeMap;

use crate::Store;
use crate::chain::{GENESIS, Head, Link, body_hash};
use crate::db::{Db, Row, padded, placeholders};
use crate::error::Result;
use crate::index::{self, Builder};
use crate::read;
use crate::rebuild::{self, Projected};

/// What [`Store::verify`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// The end of the chain. Note it elsewhere: a chain rewritten as a whole ends otherwise.
    pub head: Head,
    /// The first place where the chain is broken, in words.
    pub broken: Option<String>,
    /// Where records, lists or search disagree with the history, in words; `rebuild` mends it.
    /// Not looked at while the chain is broken.
    pub astray: Vec<String>,
}

impl Audit {
    /// Whether nothing was found.
    pub fn is_sound(&self) -> bool {
        self.broken.is_none() && self.astray.is_empty()
    }
}

impl Store {
    /// Walks the whole chain, then makes everything else again in memory and compares.
    pub fn verify(&self) -> Result<Audit> {
        self.reading(|db| {
            let head = read::head(db)?;
            let broken = walk(db, &head)?;
            let astray = if broken.is_none() { self.compare(db)? } else { Vec::new() };
            Ok(Audit { head, broken, astray })
        })
    }

    fn compare(&self, db: &mut Db) -> Result<Vec<String>> {
        let mut astray = Vec::new();
        let mut builders: BTreeMap<String, Builder> = BTreeMap::new();
        let newest = rebuild::newest(db, None)?;
        let kept = db.first("SELECT count(*) FROM record", &[], |row| row.number(0))?.unwrap_or(0);
        if kept != newest.len() as u64 {
            astray.push(format!("the history has {} records, the list of records {kept}", newest.len()));
        }
        for seqs in newest.chunks(512) {
            let projected = rebuild::project(db, &self.registry, seqs)?;
            astray.extend(rows_astray(db, seqs, &projected)?);
            rebuild::index(&mut builders, projected);
        }
        let indexed =
            db.rows("SELECT DISTINCT register FROM segment", &[], |row| Ok(row.text(0)?.to_owned()))?;
        for register in indexed {
            builders.entry(register).or_default();
        }
        for (register, builder) in builders {
            if index::merged_blocks(db, &register)? != builder.finish() {
                astray.push(format!(
                    "register `{register}`: its lists and search are not those of its records"
                ));
            }
        }
        Ok(astray)
    }
}

/// The chain as it is walked.
struct Walk {
    entries: u64,
    last: [u8; 32],
}

impl Walk {
    /// What is wrong with the next row, if anything.
    fn step(&mut self, row: Row<'_>) -> Result<Option<String>> {
        let seq = row.number(0)?;
        if seq != self.entries + 1 {
            return Ok(Some(format!(
                "entry {} is missing; {seq} follows {}",
                self.entries + 1,
                self.entries
            )));
        }
        let link = Link {
            seq,
            at: row.text(1)?,
            actor: row.text(2)?,
            action: row.text(3)?,
            register: row.text(4)?,
            id: row.text(5)?,
            version: row.number(6)?,
            reason: row.text(7)?,
            body: body_hash(row.blob(8)?),
        };
        let named = format!("entry {seq} ({}:{} version {})", link.register, link.id, link.version);
        if row.blob(9)? != self.last {
            return Ok(Some(format!("{named} does not follow the entry before it")));
        }
        let hash = link.hash(&self.last);
        if row.blob(10)? != hash {
            return Ok(Some(format!("{named} is not what was written")));
        }
        (self.entries, self.last) = (seq, hash);
        Ok(None)
    }
}

/// The first place where the chain is broken.
fn walk(db: &mut Db, head: &Head) -> Result<Option<String>> {
    let mut walk = Walk { entries: 0, last: GENESIS };
    let mut broken = None;
    let sql = "SELECT seq, at, actor, action, register, id, version, reason, body, prev_hash, hash FROM history ORDER BY seq";
    db.query(sql, &[], |row| {
        if broken.is_none() {
            broken = walk.step(row)?;
        }
        Ok(())
    })?;
    if broken.is_none() && (walk.entries, walk.last) != (head.entries, head.hash.0) {
        broken = Some(format!(
            "the head tells of {} entries ending in {}, the history ends with entry {}",
            head.entries, head.hash, walk.entries
        ));
    }
    Ok(broken)
}

/// Which rows of the list of records are not what follows from the history.
fn rows_astray(db: &mut Db, seqs: &[u64], projected: &[Projected]) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT seq, register, id, version, live, title FROM record WHERE seq IN ({}) ORDER BY seq",
        placeholders(1, seqs.len())
    );
    let params = padded(seqs.iter().map(|seq| (*seq).into()).collect(), seqs.len());
    let mut rows = BTreeMap::new();
    db.query(&sql, &params, |row| {
        let kept = (
            row.text(1)?.to_owned(),
            row.text(2)?.to_owned(),
            row.number(3)?,
            row.int(4)?,
            row.text(5)?.to_owned(),
        );
        rows.insert(row.number(0)?, kept);
        Ok(())
    })?;
    let as_kept = |entry: &Projected| {
        let live = i64::from(entry.face.is_some());
        (entry.register.clone(), entry.id.clone(), entry.version, live, entry.title().to_owned())
    };
    let wrong = projected.iter().filter(|entry| rows.get(&entry.seq) != Some(&as_kept(entry)));
    Ok(wrong
        .map(|entry| {
            format!(
                "{}:{}: the list of records is not at version {}",
                entry.register, entry.id, entry.version
            )
        })
        .collect())
}
