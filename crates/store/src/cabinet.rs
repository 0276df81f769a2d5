//! The cabinet: small JSON documents without a public history, each under a key in a named drawer and of one
//! owner: accounts, sessions, drafts, comments. They are changed in place, may expire, and are not in backups.
//! What the drawers are and what their papers mean is the business of those who keep them.

use jiff::Timestamp;
use serde_json::Value;

use crate::Store;
use crate::db::{Db, Param, Row};
use crate::error::{Result, StoreError};

/// The longest name of a drawer, key and name of an owner, in bytes: an index row of PostgreSQL holds them.
const LONGEST_NAME: usize = 200;
/// The largest document, in bytes of JSON.
const LARGEST: usize = 1024 * 1024;
/// The most documents of a page.
const LONGEST_PAGE: usize = 1000;
/// What stands in the database for "never".
const NEVER: i64 = i64::MAX;

/// A document that is to be kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paper<'a> {
    /// The drawer.
    pub drawer: &'a str,
    /// Its name in the drawer.
    pub key: &'a str,
    /// Whose it is; may be empty.
    pub owner: &'a str,
    /// The content.
    pub value: &'a Value,
    /// From when on it is not there any more, to the microsecond.
    pub expires: Option<Timestamp>,
}

/// A document in the cabinet.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The drawer.
    pub drawer: String,
    /// Its name in the drawer.
    pub key: String,
    /// Whose it is; may be empty.
    pub owner: String,
    /// The content.
    pub value: Value,
    /// 1 where it was new, one more with every change.
    pub version: u64,
    /// From when on it is not there any more.
    pub expires: Option<Timestamp>,
}

/// The columns of a [`Kept`].
const KEPT: &str = "drawer, name, owner, body, version, expires";

impl Store {
    /// A document. What has expired at `now` is not there.
    pub fn kept(&self, drawer: &str, key: &str, now: Timestamp) -> Result<Option<Kept>> {
        let sql = format!("SELECT {KEPT} FROM kept WHERE drawer = $1 AND name = $2 AND expires > $3");
        self.lock()?.first(&sql, &[text(drawer)?, text(key)?, moment(now)], kept)
    }

    /// Keeps a document, new or in the place of the one of this key, and tells its version. Where `expected` is
    /// given it must be the version there is (0: none); what has expired at `now` is none.
    pub fn keep(&self, paper: &Paper<'_>, expected: Option<u64>, now: Timestamp) -> Result<u64> {
        let body = admitted(paper)?;
        self.writing(|db| {
            let written = match expected {
                None => put(db, paper, &body, now, "")?,
                Some(0) => put(db, paper, &body, now, "WHERE kept.expires <= $6")?,
                Some(version) => replace(db, paper, &body, now, version)?,
            };
            match (written, expected) {
                (Some(version), _) => Ok(version),
                (None, expected) => Err(StoreError::Outdated {
                    drawer: paper.drawer.to_owned(),
                    key: paper.key.to_owned(),
                    expected: expected.unwrap_or(0),
                    found: version(db, paper, now)?,
                }),
            }
        })
    }

    /// Removes a document; whether it was there. Of several who discard the same document one is told `true`.
    pub fn discard(&self, drawer: &str, key: &str) -> Result<bool> {
        let sql = "DELETE FROM kept WHERE drawer = $1 AND name = $2";
        Ok(self.lock()?.execute(sql, &[text(drawer)?, text(key)?])? > 0)
    }

    /// Removes a document and hands it over: what may be used once (an invitation, a link in a mail) is used by
    /// one of those who try.
    pub fn take(&self, drawer: &str, key: &str, now: Timestamp) -> Result<Option<Kept>> {
        let sql =
            format!("DELETE FROM kept WHERE drawer = $1 AND name = $2 AND expires > $3 RETURNING {KEPT}");
        self.lock()?.first(&sql, &[text(drawer)?, text(key)?, moment(now)], kept)
    }

    /// All documents of an owner in a drawer, by key.
    pub fn kept_of(&self, drawer: &str, owner: &str, now: Timestamp) -> Result<Vec<Kept>> {
        let sql = format!(
            "SELECT {KEPT} FROM kept WHERE drawer = $1 AND owner = $2 AND expires > $3 ORDER BY name"
        );
        self.lock()?.rows(&sql, &[text(drawer)?, text(owner)?, moment(now)], kept)
    }

    /// A page of a drawer, by key: at most `limit` (never more than a thousand) documents after the key `after`.
    /// `newest_first` turns the order round, for keys that begin with a time.
    pub fn drawer(
        &self,
        drawer: &str,
        after: Option<&str>,
        limit: usize,
        newest_first: bool,
        now: Timestamp,
    ) -> Result<Vec<Kept>> {
        let (beyond, order) = if newest_first { ("<", "DESC") } else { (">", "ASC") };
        let limit = Param::from(limit.min(LONGEST_PAGE) as u64);
        let mut params = vec![text(drawer)?, moment(now), limit];
        let mut from = String::new();
        if let Some(after) = after {
            params.insert(2, text(after)?);
            from = format!("AND name {beyond} $3");
        }
        let last = params.len();
        let sql = format!(
            "SELECT {KEPT} FROM kept WHERE drawer = $1 AND expires > $2 {from} ORDER BY name {order} LIMIT ${last}"
        );
        self.lock()?.rows(&sql, &params, kept)
    }

    /// Removes all documents of an owner in a drawer; how many there were.
    pub fn discard_of(&self, drawer: &str, owner: &str) -> Result<u64> {
        let sql = "DELETE FROM kept WHERE drawer = $1 AND owner = $2";
        self.lock()?.execute(sql, &[text(drawer)?, text(owner)?])
    }

    /// Removes what has expired at `now`; how many documents that was. Nobody has to: what has expired is not
    /// shown. It makes room.
    pub fn sweep(&self, now: Timestamp) -> Result<u64> {
        self.lock()?.execute("DELETE FROM kept WHERE expires <= $1", &[moment(now)])
    }
}

/// The JSON of a paper that may be kept.
fn admitted(paper: &Paper<'_>) -> Result<Vec<u8>> {
    let refused = |why: String| {
        Err(StoreError::Unkeepable { drawer: paper.drawer.to_owned(), key: paper.key.to_owned(), why })
    };
    for (name, what) in [(paper.drawer, "drawer"), (paper.key, "key")] {
        if name.is_empty() {
            return refused(format!("the name of its {what} is missing"));
        }
    }
    for (name, what) in [(paper.drawer, "drawer"), (paper.key, "key"), (paper.owner, "owner")] {
        if name.len() > LONGEST_NAME {
            let long = name.len();
            return refused(format!("its {what} is {long} bytes long; {LONGEST_NAME} is the most"));
        }
        if name.contains('\0') {
            return refused(format!("its {what} holds a NUL character"));
        }
    }
    let body = serde_json::to_vec(paper.value).map_err(|error| StoreError::Engine(error.to_string()))?;
    if body.len() > LARGEST {
        return refused(format!("it has {} bytes of JSON; {LARGEST} is the most", body.len()));
    }
    Ok(body)
}

/// Inserts, or replaces where a condition holds; the new version.
fn put(db: &mut Db, paper: &Paper<'_>, body: &[u8], now: Timestamp, only: &str) -> Result<Option<u64>> {
    let sql = format!(
        "INSERT INTO kept (drawer, name, owner, body, version, expires) VALUES ($1, $2, $3, $4, 1, $5)
         ON CONFLICT (drawer, name) DO UPDATE SET owner = excluded.owner, body = excluded.body, expires = excluded.expires,
             version = CASE WHEN kept.expires <= $6 THEN 1 ELSE kept.version + 1 END
         {only} RETURNING version"
    );
    let (drawer, key, owner) = (paper.drawer.into(), paper.key.into(), paper.owner.into());
    let params = [drawer, key, owner, Param::Blob(body), until(paper.expires), moment(now)];
    db.first(&sql, &params, |row| row.number(0))
}

/// Replaces the version that is expected; the new version.
fn replace(
    db: &mut Db,
    paper: &Paper<'_>,
    body: &[u8],
    now: Timestamp,
    expected: u64,
) -> Result<Option<u64>> {
    let sql = "UPDATE kept SET owner = $1, body = $2, expires = $3, version = version + 1
               WHERE drawer = $4 AND name = $5 AND version = $6 AND expires > $7 RETURNING version";
    let (drawer, key, owner) = (paper.drawer.into(), paper.key.into(), paper.owner.into());
    let expires = until(paper.expires);
    let params = [owner, Param::Blob(body), expires, drawer, key, expected.into(), moment(now)];
    db.first(sql, &params, |row| row.number(0))
}

/// The version there is; 0 where there is none.
fn version(db: &mut Db, paper: &Paper<'_>, now: Timestamp) -> Result<u64> {
    let sql = "SELECT version FROM kept WHERE drawer = $1 AND name = $2 AND expires > $3";
    let params = [paper.drawer.into(), paper.key.into(), moment(now)];
    Ok(db.first(sql, &params, |row| row.number(0))?.unwrap_or(0))
}

fn kept(row: Row<'_>) -> Result<Kept> {
    let damaged = |error: &dyn std::fmt::Display| {
        StoreError::Damaged(format!("a document of the cabinet cannot be read: {error}"))
    };
    let expires = match row.int(5)? {
        NEVER => None,
        micros => Some(Timestamp::from_microsecond(micros).map_err(|error| damaged(&error))?),
    };
    Ok(Kept {
        drawer: row.text(0)?.to_owned(),
        key: row.text(1)?.to_owned(),
        owner: row.text(2)?.to_owned(),
        value: serde_json::from_slice(row.blob(3)?).map_err(|error| damaged(&error))?,
        version: row.number(4)?,
        expires,
    })
}

/// A name that is asked for. One that could not be kept cannot be there, and PostgreSQL would refuse it in
/// its own words.
fn text(name: &str) -> Result<Param<'_>> {
    if name.contains('\0') {
        return Err(StoreError::Unkeepable {
            drawer: String::new(),
            key: name.replace('\0', "\u{FFFD}"),
            why: "it holds a NUL character".to_owned(),
        });
    }
    Ok(name.into())
}

fn moment(at: Timestamp) -> Param<'static> {
    Param::Int(at.as_microsecond())
}

fn until(expires: Option<Timestamp>) -> Param<'static> {
    expires.map_or(Param::Int(NEVER), moment)
}
