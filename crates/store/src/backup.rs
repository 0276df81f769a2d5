//! Backup and restore: one moment of the history as a gzip of JSON lines, the same from and to both databases.
//! The first line says how many entries follow and how the chain ends; everything else is made again.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Store;
use crate::chain::{Action, GENESIS, Hash, Head, Link, body_hash};
use crate::db::{Db, Param, Row};
use crate::error::{Result, StoreError};
use crate::read;
use crate::schema::HISTORY;

/// The form of the lines; a reader refuses what it does not know.
const FORMAT: u32 = 1;
/// The longest line that is read, so that a hostile file cannot fill the memory.
const LONGEST: u64 = 64 * 1024 * 1024;
/// Entries inserted together.
const PORTION: usize = 512;

#[derive(Serialize, Deserialize)]
struct Header {
    shirube_backup: u32,
    entries: u64,
    head: String,
    meta: BTreeMap<String, String>,
}

/// An entry. The hash before it is that of the line before.
#[derive(Serialize, Deserialize)]
struct Line<'a> {
    seq: u64,
    at: String,
    actor: String,
    action: String,
    register: String,
    id: String,
    version: u64,
    reason: String,
    #[serde(borrow)]
    body: Option<&'a RawValue>,
    hash: String,
}

impl Store {
    /// Writes everything as of one moment, while others go on writing; the end of what was written.
    pub fn backup(&self, to: impl Write) -> Result<Head> {
        let mut out = BufWriter::with_capacity(1 << 20, GzEncoder::new(to, Compression::fast()));
        let head = self.reading(|db| {
            let head = read::head(db)?;
            let meta = db.rows("SELECT name, value FROM meta", &[], |row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned())))?;
            let meta = meta.into_iter().collect();
            write_line(&mut out, &Header { shirube_backup: FORMAT, entries: head.entries, head: head.hash.to_string(), meta })?;
            let sql = "SELECT seq, at, actor, action, register, id, version, reason, body, hash FROM history ORDER BY seq";
            db.query(sql, &[], |row| write_entry(&mut out, row))?;
            Ok(head)
        })?;
        out.into_inner().map_err(std::io::IntoInnerError::into_error)?.finish()?.flush()?;
        Ok(head)
    }

    /// Fills an empty database from a backup, or leaves it empty. Every entry is checked against the chain.
    pub fn restore(&self, from: impl Read) -> Result<Head> {
        let mut lines = Lines::new(from);
        let header: Header = match lines.next()? {
            Some(line) => {
                serde_json::from_str(line).map_err(|error| wrong(format!("its first line: {error}")))?
            }
            None => return Err(wrong("it is empty")),
        };
        if header.shirube_backup != FORMAT {
            return Err(wrong(format!(
                "its form is {}, this program reads form {FORMAT}",
                header.shirube_backup
            )));
        }
        let hash: Hash = header.head.parse().map_err(|error| wrong(format!("its first line: {error}")))?;
        let promised = Head { entries: header.entries, hash };
        let restored = self.writing(|db| {
            let here = read::lock_head(db)?;
            if here.entries > 0 {
                return Err(StoreError::NotEmpty(here.entries));
            }
            let read = insert_all(db, &mut lines)?;
            if read != promised {
                return Err(wrong(format!("it promises {} entries and ends after {}", promised.entries, read.entries)));
            }
            for (name, value) in &header.meta {
                let sql = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
                db.execute(sql, &[name.as_str().into(), value.as_str().into()])?;
            }
            read::set_head(db, &read)?;
            crate::rebuild::rebuild(db, &self.registry, None)?;
            Ok(read)
        })?;
        self.lock().into_iter().for_each(|mut db| db.learn());
        Ok(restored)
    }
}

fn write_entry(out: &mut impl Write, row: Row<'_>) -> Result<()> {
    let body = std::str::from_utf8(row.blob(8)?).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let body: Option<&RawValue> = match body {
        "" => None,
        body => Some(serde_json::from_str(body).map_err(|error| StoreError::Damaged(error.to_string()))?),
    };
    let [at, actor, action, register, id, reason] =
        [1, 2, 3, 4, 5, 7].map(|column| row.text(column).map(str::to_owned));
    let (at, actor, action, register, id, reason) = (at?, actor?, action?, register?, id?, reason?);
    let hash = read::hash(row.blob(9)?)?.to_string();
    write_line(
        out,
        &Line {
            seq: row.number(0)?,
            at,
            actor,
            action,
            register,
            id,
            version: row.number(6)?,
            reason,
            body,
            hash,
        },
    )
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(std::io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}

/// Lines of a compressed stream, none longer than [`LONGEST`].
struct Lines<R: Read> {
    source: BufReader<MultiGzDecoder<R>>,
    line: String,
}

impl<R: Read> Lines<R> {
    fn new(from: R) -> Self {
        Lines { source: BufReader::with_capacity(1 << 16, MultiGzDecoder::new(from)), line: String::new() }
    }
    fn next(&mut self) -> Result<Option<&str>> {
        self.line.clear();
        let read = (&mut self.source).take(LONGEST).read_line(&mut self.line);
        match read.map_err(|error| wrong(format!("it cannot be read to its end: {error}")))? {
            0 => Ok(None),
            _ if self.line.ends_with('\n') => Ok(Some(&self.line)),
            _ => Err(wrong("its last line is cut off or too long")),
        }
    }
}

/// An entry that was read and checked.
struct Checked {
    seq: u64,
    texts: [String; 6],
    version: u64,
    body: Vec<u8>,
    before: [u8; 32],
    hash: [u8; 32],
}

fn insert_all<R: Read>(db: &mut Db, lines: &mut Lines<R>) -> Result<Head> {
    let mut head = Head { entries: 0, hash: Hash(GENESIS) };
    let mut portion = Vec::with_capacity(PORTION);
    while let Some(line) = lines.next()? {
        let entry = check(line, &head)?;
        head = Head { entries: entry.seq, hash: Hash(entry.hash) };
        portion.push(entry);
        if portion.len() == PORTION {
            db.insert(&HISTORY, &mut portion.iter().map(history_row))?;
            portion.clear();
        }
    }
    db.insert(&HISTORY, &mut portion.iter().map(history_row))?;
    Ok(head)
}

/// Reads a line and checks that it is the next link of the chain.
fn check(text: &str, head: &Head) -> Result<Checked> {
    let number = head.entries + 1;
    let entry: Line<'_> =
        serde_json::from_str(text).map_err(|error| wrong(format!("entry {number}: {error}")))?;
    let body = entry.body.map_or("", RawValue::get).as_bytes().to_vec();
    let link = Link {
        seq: entry.seq,
        at: &entry.at,
        actor: &entry.actor,
        action: &entry.action,
        register: &entry.register,
        id: &entry.id,
        version: entry.version,
        reason: &entry.reason,
        body: body_hash(&body),
    };
    let hash = link.hash(&head.hash.0);
    if entry.seq != number || entry.hash != Hash(hash).to_string() {
        return Err(wrong(format!(
            "entry {number} breaks the chain: it was changed, or one is missing before it"
        )));
    }
    let put = Action::read(&entry.action) == Some(Action::Put);
    if put == body.is_empty() {
        return Err(wrong(format!("entry {number}: a record is put with content and withdrawn without")));
    }
    if put {
        let record = read::record_of(&body).map_err(|error| wrong(format!("entry {number}: {error}")))?;
        if record.register != entry.register.as_str() || record.id != entry.id.as_str() {
            return Err(wrong(format!("entry {number} tells of another record than it holds")));
        }
    }
    let texts = [entry.at, entry.actor, entry.action, entry.register, entry.id, entry.reason];
    Ok(Checked { seq: entry.seq, texts, version: entry.version, body, before: head.hash.0, hash })
}

fn history_row(entry: &Checked) -> Vec<Param<'_>> {
    let [at, actor, action, register, id, reason] =
        entry.texts.each_ref().map(|text| Param::Text(text.as_str()));
    let (body, before, hash) =
        (Param::Blob(&entry.body), Param::Blob(&entry.before), Param::Blob(&entry.hash));
    vec![entry.seq.into(), at, actor, action, register, id, entry.version.into(), reason, body, before, hash]
}

fn wrong(why: impl Into<String>) -> StoreError {
    StoreError::Backup(why.into())
}
