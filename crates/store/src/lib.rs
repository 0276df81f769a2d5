//! Records on SQLite (one file, the default) or PostgreSQL, with one code path: an append-only history with a
//! hash chain, and everything else (current records, lists, search) made from it in the same transaction.
//!
//! What a record means is not known here; whether it is what its register declares is asked of `register`.
//! The decisions and their reasons are in `docs/design/0002-store.md`.
//!
//! **Threads.** A [`Store`] is one connection behind a lock: it can be shared between threads, which then take
//! turns. Who wants to read side by side opens the database several times ([`Store::another`]). A call that
//! hands records to a closure holds the lock meanwhile: the closure must not call the same store.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod audit;
mod backup;
mod cabinet;
mod chain;
mod db;
mod error;
mod index;
mod list;
mod project;
mod read;
mod rebuild;
mod schema;
mod since;
mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use register::Registry;

pub use audit::Audit;
pub use cabinet::{Kept, Paper};
pub use chain::{Action, Hash, Head};
pub use error::{Refusal, Result, StoreError};
pub use list::{Cursor, Page, Query, Sort, Total};
pub use read::{Dangling, Entry, Stored};
pub use write::{By, Change, Task, Written};

use db::{Db, Purpose};

/// A database of records.
pub struct Store {
    place: String,
    registry: Arc<Registry>,
    db: Mutex<Db>,
}

/// What opening a database did to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A step of the schema was made; the first one makes the database.
    Migrated {
        /// Its number: the database's version from now on.
        number: i64,
        /// What it was.
        name: &'static str,
    },
    /// The declaration of a register has changed, and its lists and search were made anew.
    Indexed {
        /// The register.
        register: String,
    },
}

impl Store {
    /// Opens a file (made where there is none) or a `postgres://user:password@host:port/database` URL, and
    /// brings it up to date, telling each step before the call returns.
    pub fn open(
        place: &str,
        registry: impl Into<Arc<Registry>>,
        mut tell: impl FnMut(Notice),
    ) -> Result<Store> {
        let registry = registry.into();
        let mut db = Db::open(place)?;
        schema::migrate(&mut db, place, &mut |number, name| tell(Notice::Migrated { number, name }))?;
        rebuild::refresh(&mut db, &registry, &mut |register| tell(Notice::Indexed { register }))?;
        Ok(Store { place: place.to_owned(), registry, db: Mutex::new(db) })
    }

    /// A second connection to the same database, for another thread. The database is already up to date, so
    /// nothing is looked at: this takes a millisecond.
    pub fn another(&self) -> Result<Store> {
        let (place, registry) = (self.place.clone(), Arc::clone(&self.registry));
        let mut db = Db::open(&place)?;
        db.be_modest()?;
        Ok(Store { db: Mutex::new(db), place, registry })
    }

    /// The declared registers.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Length and last hash of the history.
    pub fn head(&self) -> Result<Head> {
        read::head(&mut *self.lock()?)
    }

    /// A value kept beside the records under a name: what a program remembers of its own.
    /// It has no history.
    pub fn meta(&self, name: &str) -> Result<Option<String>> {
        self.lock()?.first("SELECT value FROM meta WHERE name = $1", &[name.into()], |row| {
            Ok(row.text(0)?.to_owned())
        })
    }

    /// Keeps such a value.
    pub fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.lock()?.execute(sql, &[name.into(), value.into()])?;
        Ok(())
    }

    /// The connection. A panic in another thread has undone its transaction; the lock is still good.
    fn lock(&self) -> Result<MutexGuard<'_, Db>> {
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        db.revive()?;
        Ok(db)
    }

    fn reading<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.lock()?.transaction(Purpose::Read, work)
    }

    fn writing<T>(&self, work: impl FnOnce(&mut Db) -> Result<T>) -> Result<T> {
        self.lock()?.transaction(Purpose::Write, work)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_store_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<super::Store>();
    }
}
