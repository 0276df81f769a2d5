//! SQLite: one file, write-ahead log, every commit on disk before it is acknowledged.

use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, params_from_iter};

use super::{Param, Row, Table};
use crate::error::{Result, StoreError};

/// `{int}`, `{text}`, `{blob}` of the schema.
pub(super) const TYPES: [&str; 3] = ["INTEGER", "TEXT", "BLOB"];

/// A history row is never changed or deleted: a slip of a hand is refused (who wants to can drop the trigger;
/// the chain is there for that).
pub(super) const FINISHING: &str = "
    CREATE TRIGGER history_keep BEFORE DELETE ON history BEGIN SELECT raise(ABORT, 'history is only ever added to'); END;
    CREATE TRIGGER history_stand BEFORE UPDATE ON history BEGIN SELECT raise(ABORT, 'history is only ever added to'); END;";

pub(crate) struct Sqlite(Connection);

impl Sqlite {
    pub(super) fn open(place: &str) -> Result<Self> {
        let wrong = |why: rusqlite::Error| StoreError::Open { place: place.to_owned(), why: why.to_string() };
        let connection = Connection::open(place).map_err(wrong)?;
        connection.busy_timeout(Duration::from_mins(1)).map_err(wrong)?;
        connection.set_prepared_statement_cache_capacity(64);
        // Page size only matters when the file is made: records are some kilobytes.
        let setup = "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                     PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY;
                     PRAGMA journal_size_limit = 67108864;";
        connection.execute_batch(setup).map_err(wrong)?;
        Ok(Sqlite(connection))
    }

    /// A map of the file counts once for each connection that has one, and a cache is nobody else's.
    pub(super) fn be_modest(&mut self) -> Result<()> {
        self.script("PRAGMA mmap_size = 0; PRAGMA cache_size = -4096;")
    }

    pub(super) fn script(&mut self, sql: &str) -> Result<()> {
        Ok(self.0.execute_batch(sql)?)
    }

    pub(super) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        Ok(self.0.prepare_cached(sql)?.execute(params_from_iter(params))? as u64)
    }

    pub(super) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(params))?;
        while let Some(row) = rows.next()? {
            each(Row::Sqlite(row))?;
        }
        Ok(())
    }

    pub(super) fn insert(
        &mut self,
        table: &Table,
        rows: &mut dyn Iterator<Item = Vec<Param<'_>>>,
    ) -> Result<()> {
        let names: Vec<_> = table.columns.iter().map(|(name, _)| *name).collect();
        let marks: Vec<_> = (1..=names.len()).map(|place| format!("${place}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), marks.join(", "));
        let mut statement = self.0.prepare_cached(&sql)?;
        for row in rows {
            statement.execute(params_from_iter(&row))?;
        }
        Ok(())
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Param::Int(number) => ValueRef::Integer(*number),
            Param::Text(text) => ValueRef::Text(text.as_bytes()),
            Param::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                StoreError::Damaged(error.to_string())
            }
            _ => StoreError::Engine(error.to_string()),
        }
    }
}
