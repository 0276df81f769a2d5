//! The cabinet's drawers as this crate uses them: typed documents instead of JSON. The list of drawers stands here,
//! what is in each is told where it is written.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Kept, Paper, Store, StoreError};

use crate::error::{AccountError, Result};

pub(crate) const PERSON: Drawer = Drawer("person");
pub(crate) const LOGIN: Drawer = Drawer("login");
pub(crate) const PASSWORD: Drawer = Drawer("password");
pub(crate) const SESSION: Drawer = Drawer("session");
pub(crate) const LINK: Drawer = Drawer("link");
pub(crate) const THROTTLE: Drawer = Drawer("throttle");
pub(crate) const PASSKEY: Drawer = Drawer("passkey");
pub(crate) const CEREMONY: Drawer = Drawer("passkey-ceremony");
pub(crate) const SIGN_ON: Drawer = Drawer("sign-on");
pub(crate) const SIGN_ON_STATE: Drawer = Drawer("sign-on-state");
pub(crate) const API_TOKEN: Drawer = Drawer("api-token");
pub(crate) const DOOR: Drawer = Drawer("door");
pub(crate) const INSTALLATION: Drawer = Drawer("installation");

/// How often a change is tried again when somebody else was quicker, before giving up with a clear answer.
const TRIES: usize = 20;

/// A drawer of documents of one kind.
#[derive(Clone, Copy)]
pub(crate) struct Drawer(&'static str);

/// A document with what the cabinet knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Filed<T> {
    /// The document.
    pub value: T,
    /// Its version: hand it back with a change, so that nobody's change is overwritten unseen.
    pub version: u64,
    pub(crate) key: String,
    pub(crate) owner: String,
    pub(crate) expires: Option<Timestamp>,
}

/// A document that is to be kept.
#[derive(Clone, Copy)]
pub(crate) struct Sheet<'a, T> {
    pub(crate) key: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) value: &'a T,
    pub(crate) expires: Option<Timestamp>,
}

impl Drawer {
    pub(crate) fn get<T: DeserializeOwned>(
        self,
        store: &Store,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<Filed<T>>> {
        store.kept(self.0, key, now)?.map(read).transpose()
    }

    pub(crate) fn put<T: Serialize>(
        self,
        store: &Store,
        sheet: Sheet<'_, T>,
        expected: Option<u64>,
        now: Timestamp,
    ) -> Result<u64> {
        let value = serde_json::to_value(sheet.value).map_err(unreadable)?;
        let (drawer, key, owner, expires) = (self.0, sheet.key, sheet.owner, sheet.expires);
        Ok(store.keep(&Paper { drawer, key, owner, value: &value, expires }, expected, now)?)
    }

    /// Changes a document whoever else changes it: what `change` makes of it is written when nobody came between.
    /// `change` is given what is there and tells what shall be there, and until when.
    pub(crate) fn change<T: Serialize + DeserializeOwned>(
        self,
        store: &Store,
        (key, owner): (&str, &str),
        now: Timestamp,
        mut change: impl FnMut(Option<T>) -> Option<(T, Option<Timestamp>)>,
    ) -> Result<()> {
        for _ in 0..TRIES {
            let there = self.get::<T>(store, key, now)?;
            let version = there.as_ref().map_or(0, |filed| filed.version);
            let Some((value, expires)) = change(there.map(|filed| filed.value)) else { return Ok(()) };
            match self.put(store, Sheet { key, owner, value: &value, expires }, Some(version), now) {
                Err(AccountError::Meanwhile) => {}
                written => return written.map(|_| ()),
            }
        }
        Err(AccountError::Meanwhile)
    }

    pub(crate) fn take<T: DeserializeOwned>(
        self,
        store: &Store,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<Filed<T>>> {
        store.take(self.0, key, now)?.map(read).transpose()
    }

    pub(crate) fn discard(self, store: &Store, key: &str) -> Result<bool> {
        Ok(store.discard(self.0, key)?)
    }

    pub(crate) fn discard_of(self, store: &Store, owner: &str) -> Result<u64> {
        Ok(store.discard_of(self.0, owner)?)
    }

    pub(crate) fn of<T: DeserializeOwned>(
        self,
        store: &Store,
        owner: &str,
        now: Timestamp,
    ) -> Result<Vec<Filed<T>>> {
        store.kept_of(self.0, owner, now)?.into_iter().map(read).collect()
    }

    pub(crate) fn page<T: DeserializeOwned>(
        self,
        store: &Store,
        (after, limit, newest_first): (Option<&str>, usize, bool),
        now: Timestamp,
    ) -> Result<Vec<Filed<T>>> {
        store.drawer(self.0, after, limit, newest_first, now)?.into_iter().map(read).collect()
    }
}

fn read<T: DeserializeOwned>(kept: Kept) -> Result<Filed<T>> {
    let value = serde_json::from_value(kept.value).map_err(unreadable)?;
    Ok(Filed { value, version: kept.version, key: kept.key, owner: kept.owner, expires: kept.expires })
}

fn unreadable(error: serde_json::Error) -> AccountError {
    AccountError::Store(StoreError::Damaged(format!("a document of the accounts cannot be read: {error}")))
}
