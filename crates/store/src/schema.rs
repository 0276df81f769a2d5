//! The tables, and the numbered steps by which a database of an older program becomes one of this program.
//! Steps only go forward. A step once released is never edited; the next one mends it.

use crate::db::{Db, Kind, Purpose, Table};
use crate::error::{Result, StoreError};

/// A step forward.
struct Migration {
    /// What a person is told.
    name: &'static str,
    /// The tables it makes, with `{int}`, `{text}`, `{blob}` for the engine's types.
    ddl: &'static str,
}

/// All steps; a database's version is the number of steps it has made.
const MIGRATIONS: &[Migration] = &[
    Migration { name: "history, records, search", ddl: FIRST },
    Migration { name: "cabinet, what happened since", ddl: SECOND },
];

/// `history` is the database. `head` is its length and last hash. The rest can be made from it again.
const FIRST: &str = "
CREATE TABLE history (
    seq {int} PRIMARY KEY,          -- 1, 2, 3 … without gaps
    at {text} NOT NULL,             -- UTC, RFC 3339
    actor {text} NOT NULL,
    action {text} NOT NULL,         -- put, withdraw
    register {text} NOT NULL,
    id {text} NOT NULL,
    version {int} NOT NULL,         -- 1, 2, 3 … of this record
    reason {text} NOT NULL,
    body {blob} NOT NULL,           -- the record as JSON; empty where it was withdrawn
    prev_hash {blob} NOT NULL,
    hash {blob} NOT NULL
);
CREATE UNIQUE INDEX history_of_record ON history (register, id, version);
CREATE TABLE head (one {int} PRIMARY KEY, seq {int} NOT NULL, hash {blob} NOT NULL);
CREATE TABLE record (
    seq {int} PRIMARY KEY,          -- its newest history row
    register {text} NOT NULL,
    id {text} NOT NULL,
    version {int} NOT NULL,
    live {int} NOT NULL,            -- 0 where it was withdrawn
    title {text} NOT NULL           -- for sorting; cut to a length an index can hold
);
CREATE UNIQUE INDEX record_by_id ON record (register, id);
CREATE INDEX record_by_title ON record (register, title, id);
CREATE TABLE segment (number {int} PRIMARY KEY, register {text} NOT NULL, records {int} NOT NULL);
CREATE INDEX segment_of_register ON segment (register);
CREATE TABLE posting (
    segment {int} NOT NULL,
    first {int} NOT NULL,           -- the first term in the block
    body {blob} NOT NULL,
    PRIMARY KEY (segment, first)
);
CREATE TABLE indexed (register {text} PRIMARY KEY, rules {text} NOT NULL);
CREATE TABLE meta (name {text} PRIMARY KEY, value {text} NOT NULL);
";

/// `kept` is the cabinet: what has no history and is in no backup.
const SECOND: &str = "
CREATE TABLE kept (
    drawer {text} NOT NULL,
    name {text} NOT NULL,           -- its key in the drawer
    owner {text} NOT NULL,
    body {blob} NOT NULL,           -- JSON
    version {int} NOT NULL,         -- 1, 2, 3 …
    expires {int} NOT NULL,         -- microseconds since 1970; the largest number where it never does
    PRIMARY KEY (drawer, name)
);
CREATE INDEX kept_of_owner ON kept (drawer, owner, name);
CREATE INDEX kept_until ON kept (expires);
CREATE INDEX history_of_register ON history (register, seq);
";

pub(crate) const HISTORY: Table = Table {
    name: "history",
    columns: &[
        ("seq", Kind::Int),
        ("at", Kind::Text),
        ("actor", Kind::Text),
        ("action", Kind::Text),
        ("register", Kind::Text),
        ("id", Kind::Text),
        ("version", Kind::Int),
        ("reason", Kind::Text),
        ("body", Kind::Blob),
        ("prev_hash", Kind::Blob),
        ("hash", Kind::Blob),
    ],
};
pub(crate) const RECORD: Table = Table {
    name: "record",
    columns: &[
        ("seq", Kind::Int),
        ("register", Kind::Text),
        ("id", Kind::Text),
        ("version", Kind::Int),
        ("live", Kind::Int),
        ("title", Kind::Text),
    ],
};
pub(crate) const SEGMENT: Table = Table {
    name: "segment",
    columns: &[("number", Kind::Int), ("register", Kind::Text), ("records", Kind::Int)],
};
pub(crate) const POSTING: Table =
    Table { name: "posting", columns: &[("segment", Kind::Int), ("first", Kind::Int), ("body", Kind::Blob)] };

/// Brings a database to the newest version, telling each step.
pub(crate) fn migrate(db: &mut Db, place: &str, tell: &mut dyn FnMut(i64, &'static str)) -> Result<()> {
    // Opening a database that is up to date takes no lock: somebody may be writing.
    if version(db, place)? == MIGRATIONS.len() {
        return Ok(());
    }
    db.transaction(Purpose::Write, |db| {
        db.lock_for_migration()?;
        let made = version(db, place)?;
        if made == 0 {
            db.script(
                &db.in_dialect("CREATE TABLE migration (number {int} PRIMARY KEY, name {text} NOT NULL)"),
            )?;
        }
        for (number, step) in (1..).zip(MIGRATIONS).skip(made) {
            db.script(&db.in_dialect(step.ddl))?;
            if number == 1 {
                db.script(db.finishing())?;
                let none = crate::chain::GENESIS;
                db.execute(
                    "INSERT INTO head (one, seq, hash) VALUES (1, 0, $1)",
                    &[crate::db::Param::Blob(&none)],
                )?;
            }
            let row = [crate::db::Param::Int(number), step.name.into()];
            db.execute("INSERT INTO migration (number, name) VALUES ($1, $2)", &row)?;
            tell(number, step.name);
        }
        Ok(())
    })
}

/// How many steps the database has made. A database that is not ours or not of our time is refused.
fn version(db: &mut Db, place: &str) -> Result<usize> {
    let tables = db.tables()?;
    if tables.is_empty() {
        return Ok(0);
    }
    if !["migration", "head"].iter().all(|ours| tables.iter().any(|table| table == ours)) {
        return Err(StoreError::Foreign(place.to_owned()));
    }
    let found =
        db.first("SELECT coalesce(max(number), 0) FROM migration", &[], |row| row.int(0))?.unwrap_or(0);
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    match usize::try_from(found) {
        Ok(made) if found <= known => Ok(made),
        _ => Err(StoreError::Newer { place: place.to_owned(), found, known }),
    }
}
