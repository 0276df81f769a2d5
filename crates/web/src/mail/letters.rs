//! The letters that wait. A letter holds who it is for and which records it tells of, never their content: that is read at the moment of
//! sending, with the eyes of the one it goes to.
//!
//! Drawer `letter`: under the event's place in the history and the person. Drawer `letter-place`: how far the history was followed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Kept, Paper, Store, StoreError};

use super::send::SendError;
use crate::failure::Failure;

const LETTER: &str = "letter";
const PLACE: &str = "letter-place";
const KEY: &str = "place";
/// Letters looked at in one turn.
const PORTION: usize = 200;
/// Waiting times before a letter is tried again, in seconds: then every six hours. Configuration without a source.
const DELAYS: [i64; 6] = [10, 60, 300, 1200, 3600, 10_800];
const LONGEST_DELAY: i64 = 21_600;
/// A letter that has not left for so long is given up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// How long a server has a letter for itself.
const TURN: SignedDuration = SignedDuration::from_mins(5);
/// How long a letter that was given up can be looked at.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What a letter tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Event {
    /// An advisory reaches products, or may.
    Found,
    /// Many advisories were held against bills at once: the data at hand were replaced, or a bill was given.
    Renewed,
    /// A maker tells a user of their device.
    Told,
    /// A user has done what was to be done.
    Done,
    /// A pre-market file was submitted.
    Submitted,
    /// Its review has come further.
    Reviewed,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Letter {
    pub(super) person: String,
    pub(super) event: Event,
    /// What all its records have in common: the advisory, the file.
    pub(super) topic: String,
    pub(super) records: Vec<String>,
    pub(super) since: Timestamp,
    pub(super) tries: usize,
    pub(super) again: Timestamp,
    /// Why it is not sent any more.
    #[serde(default)]
    pub(super) given_up: Option<String>,
}

/// A letter with its key and version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filed {
    pub(super) key: String,
    pub(super) version: u64,
    pub(super) letter: Letter,
}

/// How far the history was followed; none on the first start, which tells of nothing that was.
pub(super) fn place(store: &Store, now: Timestamp) -> Result<Option<u64>, Failure> {
    Ok(store.kept(PLACE, KEY, now)?.and_then(|kept| kept.value["next"].as_u64()))
}

/// Remembers how far the history was followed.
pub(super) fn follow_to(store: &Store, next: u64, now: Timestamp) -> Result<(), Failure> {
    let value = json!({ "next": next });
    store.keep(&Paper { drawer: PLACE, key: KEY, owner: "", value: &value, expires: None }, None, now)?;
    Ok(())
}

/// Puts a letter into the queue; one of the same event to the same person is there already.
pub(super) fn queue(store: &Store, seq: u64, letter: &Letter, now: Timestamp) -> Result<(), Failure> {
    let key = format!("{seq:016}-{}", letter.person);
    let value = serde_json::to_value(letter).map_err(Failure::broken)?;
    let paper = Paper { drawer: LETTER, key: &key, owner: &letter.person, value: &value, expires: None };
    match store.keep(&paper, Some(0), now) {
        Ok(_) | Err(StoreError::Outdated { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Letters that may be tried now, oldest first.
pub(super) fn due(store: &Store, now: Timestamp) -> Result<Vec<Filed>, Failure> {
    let (mut due, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = store.drawer(LETTER, after.as_deref(), PORTION, false, now)?;
        let last = page.len() < PORTION;
        after = page.last().map(|kept| kept.key.clone());
        for kept in page {
            let filed = filed(kept)?;
            if filed.letter.given_up.is_none() && filed.letter.again <= now {
                due.push(filed);
            }
        }
        if last || due.len() >= PORTION {
            due.truncate(PORTION);
            return Ok(due);
        }
    }
}

/// Takes a letter for sending; none where another server has it.
pub(super) fn claim(store: &Store, mut filed: Filed, now: Timestamp) -> Result<Option<Filed>, Failure> {
    filed.letter.again = now + TURN;
    keep(store, filed, None, now)
}

/// It has left, or there is nobody to send it to.
pub(super) fn done(store: &Store, filed: &Filed) -> Result<(), Failure> {
    store.discard(LETTER, &filed.key)?;
    Ok(())
}

/// It has not left: later again, or never where the server says so.
pub(super) fn failed(
    store: &Store,
    mut filed: Filed,
    error: &SendError,
    now: Timestamp,
) -> Result<(), Failure> {
    let letter = &mut filed.letter;
    let delay = DELAYS.get(letter.tries).copied().unwrap_or(LONGEST_DELAY);
    letter.tries += 1;
    letter.again = now + SignedDuration::from_secs(delay);
    let is_over = error.is_permanent() || now.duration_since(letter.since) >= PATIENCE;
    let expires = is_over.then(|| now + KEPT);
    if is_over {
        letter.given_up = Some(error.to_string());
        tracing::warn!(letter = filed.key, %error, "a letter is given up");
    }
    keep(store, filed, expires, now).map(drop)
}

fn keep(
    store: &Store,
    filed: Filed,
    expires: Option<Timestamp>,
    now: Timestamp,
) -> Result<Option<Filed>, Failure> {
    let value = serde_json::to_value(&filed.letter).map_err(Failure::broken)?;
    let paper =
        Paper { drawer: LETTER, key: &filed.key, owner: &filed.letter.person, value: &value, expires };
    match store.keep(&paper, Some(filed.version), now) {
        Ok(version) => Ok(Some(Filed { version, ..filed })),
        Err(StoreError::Outdated { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn filed(kept: Kept) -> Result<Filed, Failure> {
    let letter = serde_json::from_value(kept.value).map_err(Failure::broken)?;
    Ok(Filed { key: kept.key, version: kept.version, letter })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("letters.db");
        (Store::open(place.to_str().unwrap(), shipped::registry().unwrap(), |_| {}).unwrap(), folder)
    }

    fn letter(now: Timestamp) -> Letter {
        Letter {
            person: "p".into(),
            event: Event::Found,
            topic: "CVE-1".into(),
            records: vec!["vulnerability-finding:f".into()],
            since: now,
            tries: 0,
            again: now,
            given_up: None,
        }
    }

    #[test]
    fn an_event_is_one_letter_for_a_person_however_often_it_is_seen() {
        let ((store, _folder), now) = (store(), Timestamp::now());
        for _ in 0..3 {
            queue(&store, 7, &letter(now), now).unwrap();
        }
        queue(&store, 8, &letter(now), now).unwrap();
        assert_eq!(due(&store, now).unwrap().len(), 2);
    }

    #[test]
    fn of_two_servers_one_has_the_letter() {
        let ((store, _folder), now) = (store(), Timestamp::now());
        queue(&store, 7, &letter(now), now).unwrap();
        let seen = due(&store, now).unwrap().remove(0);
        assert!(claim(&store, seen.clone(), now).unwrap().is_some());
        assert!(claim(&store, seen, now).unwrap().is_none());
        assert!(due(&store, now).unwrap().is_empty());
    }

    #[test]
    fn a_letter_is_tried_again_later_and_later_and_given_up_in_the_end() {
        let ((store, _folder), now) = (store(), Timestamp::now());
        queue(&store, 7, &letter(now), now).unwrap();
        let seen = due(&store, now).unwrap().remove(0);
        failed(&store, seen, &SendError::Later("busy".into()), now).unwrap();
        assert!(due(&store, now + SignedDuration::from_secs(9)).unwrap().is_empty());
        let again = due(&store, now + SignedDuration::from_secs(10)).unwrap().remove(0);
        assert_eq!(again.letter.tries, 1);
        let late = now + SignedDuration::from_hours(73);
        failed(&store, again, &SendError::Later("busy".into()), late).unwrap();
        assert!(due(&store, late + SignedDuration::from_hours(10)).unwrap().is_empty());
    }

    #[test]
    fn what_a_server_refuses_for_good_is_not_tried_again() {
        let ((store, _folder), now) = (store(), Timestamp::now());
        queue(&store, 7, &letter(now), now).unwrap();
        let seen = due(&store, now).unwrap().remove(0);
        failed(&store, seen, &SendError::Refused("550 no such user".into()), now).unwrap();
        assert!(due(&store, now + SignedDuration::from_hours(20)).unwrap().is_empty());
    }
}
