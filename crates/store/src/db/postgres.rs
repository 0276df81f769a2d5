//! PostgreSQL over a plain connection: meant for loopback, a socket or a private network. Where the wire
//! is not trusted, put a TLS tunnel in front; `sslmode=require` in the URL is refused rather than ignored.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

use ::postgres::binary_copy::BinaryCopyInWriter;
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::types::private::BytesMut;
use ::postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use ::postgres::{Client, NoTls, Statement};

use super::{Kind, Param, Row, Table};
use crate::error::{Result, StoreError};

/// `{int}`, `{text}`, `{blob}` of the schema. Text is ordered by its bytes, as SQLite does.
pub(super) const TYPES: [&str; 3] = ["BIGINT", "TEXT COLLATE \"C\"", "BYTEA"];

/// Bodies and postings are read whole and are fast to write when the server does not compress them.
/// The triggers are those of SQLite.
pub(super) const FINISHING: &str = "
    ALTER TABLE history ALTER COLUMN body SET STORAGE EXTERNAL;
    ALTER TABLE posting ALTER COLUMN body SET STORAGE EXTERNAL;
    CREATE FUNCTION history_stands() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'history is only ever added to'; END $$;
    CREATE TRIGGER history_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON history
        FOR EACH STATEMENT EXECUTE FUNCTION history_stands();";

/// Takes stock of the columns that statements search by: less than half the time of all of them.
const LEARN: &str = "ANALYZE history (seq, register, id, version), record (seq, register, id, title),
    segment (number, register), posting (segment, first)";

/// Statements kept prepared; beyond these all are forgotten, which costs a round trip each.
const PREPARED: usize = 200;

/// History entries from which on it matters how many there are.
const MANY: u64 = 1000;

pub(crate) struct Postgres {
    place: String,
    client: Connection,
    prepared: HashMap<String, Statement>,
    /// History entries written since the server last took stock of its tables.
    unlearned: u64,
}

/// A connection that may be let go anywhere: closing one waits for the server, which threads that drive asynchronous tasks
/// must not do, so a thread of its own does it.
struct Connection(Option<Client>);

impl Deref for Connection {
    type Target = Client;
    #[allow(clippy::expect_used, reason = "the client is taken out only when the value is dropped")]
    fn deref(&self) -> &Client {
        self.0.as_ref().expect("there until dropped")
    }
}

impl DerefMut for Connection {
    #[allow(clippy::expect_used, reason = "the client is taken out only when the value is dropped")]
    fn deref_mut(&mut self) -> &mut Client {
        self.0.as_mut().expect("there until dropped")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let client = self.0.take();
        // Where no thread can be had, the client is dropped with the closure that was to take it.
        if let Ok(closing) = std::thread::Builder::new().spawn(move || drop(client)) {
            let _ = closing.join();
        }
    }
}

impl Postgres {
    pub(super) fn open(place: &str) -> Result<Self> {
        Ok(Postgres {
            place: place.to_owned(),
            client: Connection(Some(connect(place)?)),
            prepared: HashMap::new(),
            unlearned: 0,
        })
    }

    pub(super) fn revive(&mut self) -> Result<()> {
        if self.client.is_closed() {
            self.client = Connection(Some(connect(&self.place)?));
            self.prepared.clear();
        }
        Ok(())
    }

    pub(super) fn script(&mut self, sql: &str) -> Result<()> {
        Ok(self.client.batch_execute(sql)?)
    }

    pub(super) fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        Ok(self.client.execute(&statement, &values)?)
    }

    pub(super) fn query(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let statement = self.prepare(sql)?;
        let mut rows = self.client.query_raw(&statement, params)?;
        while let Some(row) = rows.next()? {
            each(Row::Postgres(&row))?;
        }
        Ok(())
    }

    pub(super) fn insert(
        &mut self,
        table: &Table,
        rows: &mut dyn Iterator<Item = Vec<Param<'_>>>,
    ) -> Result<()> {
        let names: Vec<_> = table.columns.iter().map(|(name, _)| *name).collect();
        let types: Vec<_> = table.columns.iter().map(|(_, kind)| column_type(*kind)).collect();
        let sql = format!("COPY {} ({}) FROM STDIN BINARY", table.name, names.join(", "));
        let statement = self.prepare(&sql)?;
        let mut copy = BinaryCopyInWriter::new(self.client.copy_in(&statement)?, &types);
        for row in rows {
            let values: Vec<&(dyn ToSql + Sync)> = row.iter().map(|value| value as _).collect();
            copy.write(&values)?;
        }
        copy.finish()?;
        Ok(())
    }

    /// On a connection of its own, so that nobody who writes waits for it.
    pub(super) fn grew(&mut self, entries: u64, by: u64) {
        self.unlearned += by;
        if self.unlearned >= MANY.max(entries / 2) {
            self.unlearned = 0;
            let place = self.place.clone();
            // Without a thread or a connection the server's own upkeep does it a little later.
            let _ = std::thread::Builder::new()
                .spawn(move || connect(&place).map(|mut client| client.batch_execute(LEARN)));
        }
    }

    pub(super) fn learn(&mut self) {
        self.unlearned = 0;
        let _ = self.script(LEARN);
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn connect(place: &str) -> Result<Client> {
    let wrong = |why: String| StoreError::Open { place: without_password(place), why };
    let mut client = Client::connect(place, NoTls).map_err(|error| wrong(words(&error)))?;
    let encoding = client.query_one("SHOW server_encoding", &[]).map_err(|error| wrong(words(&error)))?;
    let encoding: &str = encoding.get(0);
    if encoding != "UTF8" {
        return Err(wrong(format!("its encoding is {encoding}; create it with ENCODING 'UTF8'")));
    }
    // An acknowledged write is on disk, whatever the server's default.
    client.batch_execute("SET synchronous_commit = on").map_err(|error| wrong(words(&error)))?;
    Ok(client)
}

/// The URL as it may be shown.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => match url[scheme + 3..at].split_once(':') {
            Some((user, _)) => format!("{}{user}{}", &url[..scheme + 3], &url[at..]),
            None => url.to_owned(),
        },
        _ => url.to_owned(),
    }
}

fn column_type(kind: Kind) -> Type {
    match kind {
        Kind::Int => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Blob => Type::BYTEA,
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Param::Int(number) => number.to_sql(kind, out),
            Param::Text(text) => text.to_sql(kind, out),
            Param::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }
    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }
    to_sql_checked!();
}

impl From<::postgres::Error> for StoreError {
    fn from(error: ::postgres::Error) -> Self {
        StoreError::Engine(words(&error))
    }
}

/// The server's message and hint rather than "db error".
fn words(error: &::postgres::Error) -> String {
    match error.as_db_error() {
        Some(told) => [Some(told.message()), told.detail(), told.hint()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; "),
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        },
    }
}
