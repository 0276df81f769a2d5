//! Segments in the database: adding one, merging those of one size, reading the list of a term.

use std::collections::BTreeMap;

use super::builder::Builder;
use super::postings::{BlockReader, Blocks, List, unpack};
use super::{ALL, GONE, Term};
use crate::db::{Db, Param, padded};
use crate::error::Result;
use crate::schema::{POSTING, SEGMENT};

/// As many segments of one size are merged into one of the next size, four times as large.
const FAN: usize = 4;
/// With so many of one size a search takes milliseconds for them alone: they are merged while somebody waits.
const TOO_MANY: usize = 256;
/// So many small ones are merged while somebody waits: that takes a few milliseconds, all of them at once many.
const MANY_SMALL: usize = 32;
/// The size (see [`size_of`]) from which on a segment is not small: 1,024 records.
const LARGE: u32 = 5;
/// Terms looked up by one statement.
const TOGETHER: usize = 64;

/// When segments of one size are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merging {
    /// As soon as there are [`FAN`].
    AtOnce,
    /// Somebody waits for this write: only where it takes little, or where there are so many that reading suffers.
    /// [`tidy`] does the rest.
    Later,
}

impl Merging {
    /// How many segments of a size are merged.
    fn enough(self, size: u32) -> usize {
        match self {
            Merging::AtOnce => FAN,
            Merging::Later if size < LARGE => MANY_SMALL,
            Merging::Later => TOO_MANY,
        }
    }
}

/// Writes a segment and merges where there are now enough of its size.
pub(crate) fn add(db: &mut Db, register: &str, builder: Builder, merging: Merging) -> Result<()> {
    if builder.is_empty() {
        return Ok(());
    }
    let records = builder.records();
    write(db, register, records, &builder.finish())?;
    while merge_smallest(db, register, merging)? {}
    Ok(())
}

/// Makes one merge that was left for later, in any register; whether there was one.
pub(crate) fn tidy(db: &mut Db) -> Result<bool> {
    let registers =
        db.rows("SELECT DISTINCT register FROM segment", &[], |row| Ok(row.text(0)?.to_owned()))?;
    for register in registers {
        if merge_smallest(db, &register, Merging::AtOnce)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn merge_smallest(db: &mut Db, register: &str, merging: Merging) -> Result<bool> {
    let alike = alike(db, register, merging)?;
    alike.map(|alike| merge(db, register, &alike)).transpose().map(|merged| merged.is_some())
}

/// The rising sequence numbers of all entries of a register that carry a term; replaced ones included.
pub(crate) fn lookup(db: &mut Db, register: &str, term: Term) -> Result<Vec<u64>> {
    lookup_any(db, register, &[term])
}

/// The same of entries that carry at least one of some terms, asked for in one statement per [`TOGETHER`].
pub(crate) fn lookup_any(db: &mut Db, register: &str, terms: &[Term]) -> Result<Vec<u64>> {
    let mut found = Vec::new();
    for terms in terms.chunks(TOGETHER) {
        let wanted: Vec<_> =
            (2..2 + terms.len().next_power_of_two()).map(|n| format!("(CAST(${n} AS BIGINT))")).collect();
        let sql = format!(
            "WITH mine(number) AS (SELECT number FROM segment WHERE register = $1), wanted(term) AS (VALUES {})
             SELECT w.term, p.first, p.body FROM wanted w CROSS JOIN mine s
             JOIN posting p ON p.segment = s.number AND p.first =
                 (SELECT max(q.first) FROM posting q WHERE q.segment = s.number AND q.first <= w.term)
             ORDER BY s.number",
            wanted.join(", ")
        );
        let terms_in_order = terms.iter().map(|term| Param::from(*term));
        let params = [register.into()].into_iter().chain(terms_in_order).collect();
        db.query(&sql, &padded(params, terms.len()), |row| {
            let term = row.number(0)?;
            for entry in BlockReader::new(row.number(1)?, row.blob(2)?) {
                let (here, list) = entry?;
                if here >= term {
                    if here == term {
                        unpack(list, &mut found)?;
                    }
                    break;
                }
            }
            Ok(())
        })?;
    }
    sort(&mut found);
    found.dedup();
    Ok(found)
}

/// How many entries the segments of a register hold.
pub(crate) fn size(db: &mut Db, register: &str) -> Result<u64> {
    let sql = "SELECT CAST(coalesce(sum(records), 0) AS BIGINT) FROM segment WHERE register = $1";
    Ok(db.first(sql, &[register.into()], |row| row.number(0))?.unwrap_or(0))
}

/// Removes all segments of a register.
pub(crate) fn remove_all(db: &mut Db, register: &str) -> Result<()> {
    db.execute(
        "DELETE FROM posting WHERE segment IN (SELECT number FROM segment WHERE register = $1)",
        &[register.into()],
    )?;
    db.execute("DELETE FROM segment WHERE register = $1", &[register.into()])?;
    Ok(())
}

/// Everything a register's segments say, merged into one and packed: two indexes of the same records have
/// the same.
pub(crate) fn merged_blocks(db: &mut Db, register: &str) -> Result<Vec<(Term, Vec<u8>)>> {
    let sql = "SELECT number FROM segment WHERE register = $1 ORDER BY number";
    let numbers = db.rows(sql, &[register.into()], |row| row.int(0))?;
    Ok(merged(&read(db, &numbers)?)?.0)
}

fn write(db: &mut Db, register: &str, records: u64, blocks: &[(Term, Vec<u8>)]) -> Result<()> {
    let number =
        db.first("SELECT coalesce(max(number), 0) + 1 FROM segment", &[], |row| row.int(0))?.unwrap_or(1);
    db.insert(&SEGMENT, &mut std::iter::once(vec![Param::Int(number), register.into(), records.into()]))?;
    let mut rows =
        blocks.iter().map(|(first, body)| vec![Param::Int(number), (*first).into(), Param::Blob(body)]);
    db.insert(&POSTING, &mut rows)
}

/// The size of a segment: a power of [`FAN`].
fn size_of(records: u64) -> u32 {
    records.max(1).ilog2() / FAN.ilog2()
}

/// The smallest segments of a register that are enough to be merged.
fn alike(db: &mut Db, register: &str, merging: Merging) -> Result<Option<Vec<i64>>> {
    let sql = "SELECT number, records FROM segment WHERE register = $1 ORDER BY number";
    let segments = db.rows(sql, &[register.into()], |row| Ok((row.int(0)?, row.number(1)?)))?;
    let mut sizes: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
    for (number, records) in segments {
        sizes.entry(size_of(records)).or_default().push(number);
    }
    Ok(sizes.into_iter().find(|(size, alike)| alike.len() >= merging.enough(*size)).map(|(_, alike)| alike))
}

fn merge(db: &mut Db, register: &str, numbers: &[i64]) -> Result<()> {
    let (blocks, records) = merged(&read(db, numbers)?)?;
    for number in numbers {
        db.execute("DELETE FROM posting WHERE segment = $1", &[Param::Int(*number)])?;
        db.execute("DELETE FROM segment WHERE number = $1", &[Param::Int(*number)])?;
    }
    if blocks.is_empty() { Ok(()) } else { write(db, register, records, &blocks) }
}

type Segment = Vec<(Term, Vec<u8>)>;

fn read(db: &mut Db, numbers: &[i64]) -> Result<Vec<Segment>> {
    let sql = "SELECT first, body FROM posting WHERE segment = $1 ORDER BY first";
    let segment = |number: &i64| {
        db.rows(sql, &[Param::Int(*number)], |row| Ok((row.number(0)?, row.blob(1)?.to_vec())))
    };
    numbers.iter().map(segment).collect()
}

/// The blocks of several segments as one, without the entries that are gone, and how many entries are left.
fn merged(segments: &[Segment]) -> Result<(Segment, u64)> {
    let gone = list_of(segments, GONE)?;
    let held = list_of(segments, ALL)?;
    let records = held.iter().filter(|seq| gone.binary_search(seq).is_err()).count() as u64;

    let entries = |segment| blocks_of(segment).flatten();
    let mut sources: Vec<_> = segments.iter().map(|segment| entries(segment).peekable()).collect();
    let mut blocks = Blocks::default();
    let mut numbers = Vec::new();
    loop {
        let mut lowest = None;
        for source in &mut sources {
            if source.next_if(Result::is_err).is_some() {
                return Err(super::postings::damaged());
            }
            let here = source.peek().and_then(|entry| entry.as_ref().ok()).map(|(term, _)| *term);
            lowest = lowest.into_iter().chain(here).min();
        }
        let Some(term) = lowest else { break };
        numbers.clear();
        for source in &mut sources {
            if let Some(Ok((_, list))) =
                source.next_if(|entry| entry.as_ref().is_ok_and(|(here, _)| *here == term))
            {
                unpack(list, &mut numbers)?;
            }
        }
        sort(&mut numbers);
        // What is gone from these segments is forgotten; what is gone from others is still to be told.
        let forgotten = if term == GONE { &held } else { &gone };
        numbers.retain(|seq| forgotten.binary_search(seq).is_err());
        if !numbers.is_empty() {
            blocks.push(term, List::of(&numbers).bytes());
        }
    }
    Ok((blocks.finish(), records))
}

fn blocks_of(segment: &Segment) -> impl Iterator<Item = BlockReader<'_>> {
    segment.iter().map(|(first, block)| BlockReader::new(*first, block))
}

/// The list of one term over several segments.
fn list_of(segments: &[Segment], term: Term) -> Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in segments.iter().flat_map(blocks_of).flatten() {
        let (here, list) = entry?;
        if here == term {
            unpack(list, &mut numbers)?;
        }
    }
    sort(&mut numbers);
    Ok(numbers)
}

/// Lists of successive segments mostly follow each other already.
fn sort(numbers: &mut [u64]) {
    if !numbers.is_sorted() {
        numbers.sort_unstable();
    }
}
