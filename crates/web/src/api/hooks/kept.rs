//! What is kept of hooks. The queue of a hook is the history itself: kept is only the place up to which it was told, so that
//! the queue cannot overflow, a restart loses nothing, and the order is that of the history.
//!
//! Drawer `hook`: under the hook's id, owned by the person. Drawer `hook-log`: under the same id, the last deliveries.

use std::collections::BTreeSet;

use base::Names;
use jiff::{SignedDuration, Timestamp};
use register::RegisterId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Kept, Paper, Store, StoreError};

use crate::failure::Failure;

const HOOK: &str = "hook";
const LOG: &str = "hook-log";
/// The deliveries that are remembered of a hook.
const REMEMBERED: usize = 50;
/// Hooks read at a time.
const PORTION: usize = 200;

/// The waiting times before a delivery is tried again, in seconds: then every day. Configuration without a source.
const DELAYS: [i64; 8] = [5, 30, 120, 600, 1800, 7200, 21_600, 43_200];
const LONGEST_DELAY: i64 = 86_400;
/// A hook that has failed for so long is given up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hook {
    pub(super) url: String,
    /// The registers it tells of; all where there are none.
    pub(super) registers: BTreeSet<RegisterId>,
    pub(super) secret: String,
    pub(super) made: Timestamp,
    /// The place in the history up to which everything has been told.
    pub(super) next: u64,
    pub(super) failing: Option<Failing>,
    /// Why nothing is sent any more.
    pub(super) given_up: Option<Names>,
}

/// A delivery that does not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failing {
    pub(super) since: Timestamp,
    pub(super) tries: usize,
    /// When it is tried again.
    pub(super) again: Timestamp,
}

/// A hook with its id, its owner and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filed {
    pub(super) id: String,
    pub(super) owner: String,
    pub(super) version: u64,
    pub(super) hook: Hook,
}

/// What came of sending something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Delivery {
    /// By this the receiver knows what it has had already.
    pub(super) id: String,
    pub(super) event: String,
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) arrived: bool,
    /// The receiver's answer, where there was one.
    pub(super) status: Option<u16>,
    pub(super) error: Option<String>,
    pub(super) try_number: usize,
}

impl Hook {
    /// Whether it may be tried now.
    pub(super) fn is_due(&self, head: u64, now: Timestamp) -> bool {
        let waits = self.failing.is_some_and(|failing| failing.again > now);
        self.given_up.is_none() && !waits && self.next < head
    }

    /// Everything up to a place has been told.
    pub(super) fn arrived(&mut self, next: u64) {
        self.next = next;
        self.failing = None;
    }

    /// A delivery has not arrived: it is tried again later, or given up.
    pub(super) fn failed(&mut self, now: Timestamp) {
        let before = self.failing.unwrap_or(Failing { since: now, tries: 0, again: now });
        let delay = DELAYS.get(before.tries).copied().unwrap_or(LONGEST_DELAY);
        let again = now + SignedDuration::from_secs(delay);
        self.failing = Some(Failing { tries: before.tries + 1, again, ..before });
        if now.duration_since(before.since) >= PATIENCE {
            self.give_up(
                "7日間届かなかったため停止しました。test が成功すると続きから再開します",
                "nothing arrived for 7 days; a successful test makes it go on where it was",
            );
        }
    }

    pub(super) fn give_up(&mut self, ja: &str, en: &str) {
        self.given_up = Some(Names::of(ja, en));
    }
}

/// A person's hooks.
pub(super) fn of(store: &Store, person: &str, now: Timestamp) -> Result<Vec<Filed>, Failure> {
    store.kept_of(HOOK, person, now)?.into_iter().map(filed).collect()
}

/// A hook.
pub(super) fn get(store: &Store, id: &str, now: Timestamp) -> Result<Option<Filed>, Failure> {
    store.kept(HOOK, id, now)?.map(filed).transpose()
}

/// Every hook that may be tried now.
pub(super) fn due(store: &Store, head: u64, now: Timestamp) -> Result<Vec<Filed>, Failure> {
    let mut due = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.drawer(HOOK, after.as_deref(), PORTION, false, now)?;
        let last = page.len() < PORTION;
        after = page.last().map(|kept| kept.key.clone());
        for kept in page {
            due.push(filed(kept)?);
        }
        if last {
            break;
        }
    }
    due.retain(|filed| filed.hook.is_due(head, now));
    Ok(due)
}

/// Keeps a new hook.
pub(super) fn new(store: &Store, owner: &str, hook: Hook, now: Timestamp) -> Result<Filed, Failure> {
    let id = super::send::made_id()?;
    let filed = Filed { id, owner: owner.to_owned(), version: 0, hook };
    keep(store, filed, now)?.ok_or_else(|| Failure::broken("a random id was taken"))
}

/// Keeps a hook as it is now; none where somebody has deleted it, or changed it meanwhile.
pub(super) fn keep(store: &Store, filed: Filed, now: Timestamp) -> Result<Option<Filed>, Failure> {
    let value = serde_json::to_value(&filed.hook).map_err(Failure::broken)?;
    let paper = Paper { drawer: HOOK, key: &filed.id, owner: &filed.owner, value: &value, expires: None };
    match store.keep(&paper, Some(filed.version), now) {
        Ok(version) => Ok(Some(Filed { version, ..filed })),
        Err(StoreError::Outdated { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn delete(store: &Store, id: &str) -> Result<(), Failure> {
    store.discard(HOOK, id)?;
    store.discard(LOG, id)?;
    Ok(())
}

/// The last deliveries, newest first.
pub(super) fn log(store: &Store, id: &str, now: Timestamp) -> Result<Vec<Delivery>, Failure> {
    let kept = store.kept(LOG, id, now)?;
    kept.map_or_else(|| Ok(Vec::new()), |kept| read(kept.value))
}

/// Remembers a delivery.
pub(super) fn note(store: &Store, filed: &Filed, delivery: Delivery, now: Timestamp) -> Result<(), Failure> {
    let mut all = log(store, &filed.id, now)?;
    all.insert(0, delivery);
    all.truncate(REMEMBERED);
    let value = serde_json::to_value(&all).map_err(Failure::broken)?;
    store.keep(
        &Paper { drawer: LOG, key: &filed.id, owner: &filed.owner, value: &value, expires: None },
        None,
        now,
    )?;
    Ok(())
}

fn filed(kept: Kept) -> Result<Filed, Failure> {
    Ok(Filed { id: kept.key, owner: kept.owner, version: kept.version, hook: read(kept.value)? })
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Failure> {
    serde_json::from_value(value)
        .map_err(|error| Failure::broken(format!("a kept hook cannot be read: {error}")))
}
