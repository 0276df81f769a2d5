//! What can go wrong in the store, in sentences a person can act on.

use register::{Fault, RecordRef, RegisterId};

/// A fault of one record in a refused batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The record.
    pub record: RecordRef,
    /// What is wrong with it.
    pub fault: Fault,
}

/// Why the store could not do what was asked. Nothing of a refused call is kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be opened.
    #[error("{place}: cannot be opened as a database: {why}")]
    Open {
        /// The file or URL, without a password.
        place: String,
        /// The engine's own words.
        why: String,
    },
    /// The database belongs to another program.
    #[error(
        "{0}: this database holds other tables and no records of this program; name an empty database or another file"
    )]
    Foreign(String),
    /// The database was written by a newer program.
    #[error(
        "{place}: the database has version {found}, this program knows versions up to {known}; use a newer program"
    )]
    Newer {
        /// The file or URL.
        place: String,
        /// The database's version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The declarations by which the database is indexed are not those of this program.
    #[error("register `{0}`: another program has indexed it by other declarations; open the database again")]
    Redeclared(RegisterId),
    /// Records that are not what their register declares.
    #[error("{} faults, nothing was written: {}", faults.len() + more, list(faults, *more))]
    Refused {
        /// The first hundred.
        faults: Vec<Refusal>,
        /// How many there are beyond them.
        more: usize,
    },
    /// Somebody else has changed the record meanwhile.
    #[error(
        "{record}: you changed version {expected}, but version {found} is the newest; look at it and try again"
    )]
    Conflict {
        /// The record.
        record: RecordRef,
        /// The version the writer knew (0: none).
        expected: u64,
        /// The newest version (0: none).
        found: u64,
    },
    /// Somebody else has changed a document of the cabinet meanwhile.
    #[error(
        "{drawer}/{key}: you changed version {expected}, but version {found} is the newest; look at it and try again"
    )]
    Outdated {
        /// The drawer.
        drawer: String,
        /// The document's key.
        key: String,
        /// The version the writer knew (0: none).
        expected: u64,
        /// The version there is (0: none).
        found: u64,
    },
    /// A document the cabinet does not take.
    #[error("{drawer}/{key}: cannot be kept: {why}")]
    Unkeepable {
        /// The drawer.
        drawer: String,
        /// The document's key.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// A register that is not declared.
    #[error("register `{0}`: not declared; a register is a file in registers/")]
    NoRegister(String),
    /// A record that is not there.
    #[error("{0}: there is no such record")]
    NoRecord(RecordRef),
    /// A version that is not there.
    #[error("{record}: there is no version {version} with content to return to")]
    NoVersion {
        /// The record.
        record: RecordRef,
        /// The version asked for.
        version: u64,
    },
    /// A field lists cannot be filtered by.
    #[error("register `{register}`: lists cannot be filtered by `{field}`; it can be filtered by: {known}")]
    NotFiltered {
        /// The register.
        register: RegisterId,
        /// The field asked for.
        field: String,
        /// The fields that would do.
        known: String,
    },
    /// A cursor that no list gave out for this order.
    #[error("`{0}` is not a place in this list; begin at its first page")]
    NoPlace(String),
    /// A write without a name or a reason.
    #[error("every change names who makes it and why; {0}")]
    Unsigned(&'static str),
    /// A backup that cannot be restored.
    #[error("the backup cannot be restored, and nothing was: {0}")]
    Backup(String),
    /// Restoring into a database that has records.
    #[error("a backup is restored into an empty database; this one has {0} history entries")]
    NotEmpty(u64),
    /// The history or something made from it is not what the program wrote.
    #[error(
        "the database is damaged: {0}; `verify` says where, `rebuild` makes everything but the history again"
    )]
    Damaged(String),
    /// Another program is writing and did not finish in time.
    #[error("another program has been writing to the database for too long; try again")]
    Busy,
    /// The database engine's own error.
    #[error("database: {0}")]
    Engine(String),
    /// Reading or writing a stream.
    #[error("{0}")]
    Stream(#[from] std::io::Error),
}

/// The result of a call to the store.
pub type Result<T> = std::result::Result<T, StoreError>;

fn list(faults: &[Refusal], more: usize) -> String {
    let shown: Vec<_> =
        faults.iter().map(|refusal| format!("{}: {}", refusal.record, refusal.fault)).collect();
    let more = if more == 0 { String::new() } else { format!("; and {more} more") };
    shown.join("; ") + &more
}
