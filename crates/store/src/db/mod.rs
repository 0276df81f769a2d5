//! The two databases behind one thin face: run a statement, read rows, insert many, do all or nothing.
//! The SQL text is the same for both; what differs is in `sqlite.rs` and `postgres.rs` and nowhere else.

mod postgres;
mod sqlite;

use crate::error::{Result, StoreError};

/// A value bound to `$1`, `$2`… Placeholders are numbered in the order of their first appearance, which
/// both engines understand. No column of the schema may be null, so there is no null here.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Param<'a> {
    Int(i64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(text: &'a str) -> Self {
        Param::Text(text)
    }
}
impl From<u64> for Param<'_> {
    /// Sequence numbers, versions and terms stay far below 2^63.
    fn from(number: u64) -> Self {
        Param::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A table as bulk insertion sees it: its name and the name and kind of every column.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

/// The kinds of columns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Blob,
}

/// A row of an answer; columns are read by place.
#[derive(Clone, Copy)]
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a ::postgres::Row),
}

impl Row<'_> {
    pub(crate) fn int(&self, column: usize) -> Result<i64> {
        match self {
            Row::Sqlite(row) => Ok(row.get(column)?),
            Row::Postgres(row) => Ok(row.try_get(column)?),
        }
    }
    /// A number that is never negative: a sequence number, a version, a count.
    pub(crate) fn number(&self, column: usize) -> Result<u64> {
        let number = self.int(column)?;
        u64::try_from(number)
            .map_err(|_| StoreError::Damaged(format!("{number} stands where a count should")))
    }
    pub(crate) fn text(&self, column: usize) -> Result<&str> {
        match self {
            Row::Sqlite(row) => {
                let value = row.get_ref(column)?;
                value.as_str().map_err(|error| StoreError::Damaged(error.to_string()))
            }
            Row::Postgres(row) => Ok(row.try_get(column)?),
        }
    }
    pub(crate) fn blob(&self, column: usize) -> Result<&[u8]> {
        match self {
            Row::Sqlite(row) => {
                let value = row.get_ref(column)?;
                value.as_blob().map_err(|error| StoreError::Damaged(error.to_string()))
            }
            Row::Postgres(row) => Ok(row.try_get(column)?),
        }
    }
}

/// One connection.
pub(crate) enum Db {
    Sqlite(sqlite::Sqlite),
    Postgres(Box<postgres::Postgres>),
}

/// What a transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reads that all see the same moment.
    Read,
    /// Writes; on SQLite nobody else writes meanwhile, on PostgreSQL the head row serialises.
    Write,
}

impl Db {
    /// Connects to a file or a `postgres://` URL.
    pub(crate) fn open(place: &str) -> Result<Db> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            postgres::Postgres::open(place).map(|db| Db::Postgres(Box::new(db)))
        } else {
            sqlite::Sqlite::open(place).map(Db::Sqlite)
        }
    }

    /// For one of many connections of a program: little memory of its own, as the system's cache of files serves all.
    pub(crate) fn be_modest(&mut self) -> Result<()> {
        match self {
            Db::Sqlite(db) => db.be_modest(),
            Db::Postgres(_) => Ok(()),
        }
    }

    /// Runs several statements without parameters.
    pub(crate) fn script(&mut self, sql: &str) -> Result<()> {
        match self {
            Db::Sqlite(db) => db.script(sql),
            Db::Postgres(db) => db.script(sql),
        }
    }

    /// Runs one statement; how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        match self {
            Db::Sqlite(db) => db.execute(sql, params),
            Db::Postgres(db) => db.execute(sql, params),
        }
    }

    /// Reads rows one by one, without holding them all.
    pub(crate) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut each: impl FnMut(Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Db::Sqlite(db) => db.query(sql, params, &mut each),
            Db::Postgres(db) => db.query(sql, params, &mut each),
        }
    }

    /// The rows, each turned into something.
    pub(crate) fn rows<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.query(sql, params, |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The first row, if there is one.
    pub(crate) fn first<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        read: impl Fn(Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, params, read)?.into_iter().next())
    }

    /// Inserts many rows the fastest way the engine has.
    pub(crate) fn insert(
        &mut self,
        table: &Table,
        rows: &mut dyn Iterator<Item = Vec<Param<'_>>>,
    ) -> Result<()> {
        match self {
            Db::Sqlite(db) => db.insert(table, rows),
            Db::Postgres(db) => db.insert(table, rows),
        }
    }

    /// Does all of `work` or nothing of it; an error and a panic alike undo it.
    pub(crate) fn transaction<T>(
        &mut self,
        purpose: Purpose,
        work: impl FnOnce(&mut Db) -> Result<T>,
    ) -> Result<T> {
        self.script(match (&*self, purpose) {
            (Db::Sqlite(_), Purpose::Read) => "BEGIN",
            (Db::Sqlite(_), Purpose::Write) => "BEGIN IMMEDIATE",
            (Db::Postgres(_), Purpose::Read) => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
            (Db::Postgres(_), Purpose::Write) => "BEGIN ISOLATION LEVEL READ COMMITTED",
        })?;
        let unfinished = Unfinished(self);
        let done = work(unfinished.0)?;
        unfinished.0.script("COMMIT")?;
        std::mem::forget(unfinished);
        Ok(done)
    }

    /// Waits until nobody else is creating or migrating this database. Inside a write transaction.
    pub(crate) fn lock_for_migration(&mut self) -> Result<()> {
        match self {
            Db::Sqlite(_) => Ok(()),
            Db::Postgres(db) => db.script("SELECT pg_advisory_xact_lock(5351722350)"),
        }
    }

    /// The names of the database's tables, ours and others.
    pub(crate) fn tables(&mut self) -> Result<Vec<String>> {
        let sql = match self {
            Db::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Db::Postgres(_) => "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()",
        };
        self.rows(sql, &[], |row| Ok(row.text(0)?.to_owned()))
    }

    /// The schema's text with the column types of this engine.
    pub(crate) fn in_dialect(&self, ddl: &str) -> String {
        let [int, text, blob] = match self {
            Db::Sqlite(_) => sqlite::TYPES,
            Db::Postgres(_) => postgres::TYPES,
        };
        ddl.replace("{int}", int).replace("{text}", text).replace("{blob}", blob)
    }

    /// Statements only this engine needs after the schema is made.
    pub(crate) fn finishing(&self) -> &'static str {
        match self {
            Db::Sqlite(_) => sqlite::FINISHING,
            Db::Postgres(_) => postgres::FINISHING,
        }
    }

    /// Lets the engine learn how many rows there are, so that it plans well. What was written is written, whether this
    /// succeeds or not.
    pub(crate) fn learn(&mut self) {
        if let Db::Postgres(db) = self {
            db.learn();
        }
    }

    /// Tells of history entries that were just written, and how many there are now: the engine learns when they have doubled.
    /// Until a server has done so by itself, a statement on a young database reads whole registers.
    pub(crate) fn grew(&mut self, entries: u64, by: u64) {
        if let Db::Postgres(db) = self {
            db.grew(entries, by);
        }
    }

    /// Makes a connection that the server has closed anew; a file needs none.
    pub(crate) fn revive(&mut self) -> Result<()> {
        match self {
            Db::Sqlite(_) => Ok(()),
            Db::Postgres(db) => db.revive(),
        }
    }
}

/// A transaction that is undone unless it was committed.
struct Unfinished<'a>(&'a mut Db);

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        // Where even this fails the connection is lost, and with it the transaction.
        let _ = self.0.script("ROLLBACK");
    }
}

/// `$from, $from+1, …`: a list of `count` placeholders, rounded up to a power of two so that few different
/// statements have to be prepared. [`padded`] fills the rest.
pub(crate) fn placeholders(from: usize, count: usize) -> String {
    let marks: Vec<_> = (from..from + count.next_power_of_two()).map(|place| format!("${place}")).collect();
    marks.join(", ")
}

/// The parameters for [`placeholders`]: the last one repeated up to a power of two.
pub(crate) fn padded(mut params: Vec<Param<'_>>, count: usize) -> Vec<Param<'_>> {
    if let Some(last) = params.last().copied() {
        params.extend(std::iter::repeat_n(last, count.next_power_of_two() - count));
    }
    params
}
