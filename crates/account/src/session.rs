//! Sessions: who is signed in. A random token in a cookie, its hash in the cabinet.
//!
//! Drawer `session`: under the token's hash, owned by the person: since when, by what, last seen, from where.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::drawer::{Drawer, Filed, PERSON, SESSION, Sheet};
use crate::error::{AccountError, Result};
use crate::person::{Person, PersonId};
use crate::secret::{Secret, digest};

/// A session nobody uses ends after a working day: a machine left on in the evening is not signed in in the morning.
pub const IDLE: SignedDuration = SignedDuration::from_hours(8);
/// A session ends after a week even when it is used every day: a stolen one does not last.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Before sensitive acts a person proves again who they are, unless they did so just now.
pub const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// How exactly it is known when a session was last used: a page does not cost a write.
const SEEN: SignedDuration = SignedDuration::from_mins(5);

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// A password.
    Password,
    /// A passkey.
    Passkey,
    /// Single sign-on.
    SignOn,
    /// A setup, invitation or reset link.
    Link,
    /// An API token.
    Token,
}

/// Where a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The client's address, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// What the client says it is; shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub person: PersonId,
    /// Since when.
    pub began: Timestamp,
    /// Last used, within five minutes.
    pub seen: Timestamp,
    /// How the person proved last who they are.
    pub method: Method,
    /// When they did.
    pub proved: Timestamp,
    /// From where the session was begun.
    pub from: Caller,
}

/// A session and the person it belongs to, as both are now.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The name under which the session can be ended; it opens nothing.
    pub name: String,
    /// The person.
    pub person: Person,
}

/// One of a person's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name under which it can be ended; it opens nothing.
    pub name: String,
    /// The session.
    pub session: Session,
}

impl SignedIn {
    /// Whether the person has proved just now who they are: asked before sensitive acts.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.session.proved) <= FRESH
    }
}

impl Caller {
    /// Somebody at an address.
    pub fn at(address: IpAddr, agent: Option<&str>) -> Self {
        let agent = agent.map(|agent| agent.chars().filter(|c| !c.is_control()).take(200).collect());
        Caller { address: Some(address), agent }
    }
}

/// Begins a session for a person who has proved who they are. The token is always new, so that a token planted before the
/// sign-in is worth nothing after it; end the session the browser had before.
pub fn begin(store: &Store, person: &Person, method: Method, from: Caller, now: Timestamp) -> Result<Secret> {
    if person.disabled {
        return Err(AccountError::Disabled);
    }
    let token = Secret::random("")?;
    let session = Session { person: person.id, began: now, seen: now, method, proved: now, from };
    keep(store, &token.digest(), &session, Some(0), now)?;
    Ok(token)
}

/// Whose session a token is, if it is one and the person may come in.
pub fn find(store: &Store, token: &str, now: Timestamp) -> Result<Option<SignedIn>> {
    let Some(filed) = SESSION.get::<Session>(store, &digest(token), now)? else { return Ok(None) };
    let Some(person) = PERSON.get::<Person>(store, &filed.owner, now)? else { return Ok(None) };
    if person.value.disabled {
        return Ok(None);
    }
    let mut session = filed.value;
    if now.duration_since(session.seen) >= SEEN {
        session.seen = now;
        // Whoever came between has noted the same.
        match keep(store, &filed.key, &session, Some(filed.version), now) {
            Ok(()) | Err(AccountError::Meanwhile) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(SignedIn { session, name: filed.key, person: person.value }))
}

/// The person of a session has proved again who they are.
pub fn proved(store: &Store, token: &str, method: Method, now: Timestamp) -> Result<()> {
    let key = digest(token);
    let Some(filed) = SESSION.get::<Session>(store, &key, now)? else { return Err(AccountError::Stale) };
    let session = Session { method, proved: now, seen: now, ..filed.value };
    keep(store, &key, &session, Some(filed.version), now)
}

/// A person's sessions, last used first.
pub fn list(store: &Store, person: PersonId, now: Timestamp) -> Result<Vec<Listed>> {
    let kept: Vec<Filed<Session>> = SESSION.of(store, &person.to_string(), now)?;
    let mut listed: Vec<Listed> =
        kept.into_iter().map(|filed| Listed { name: filed.key, session: filed.value }).collect();
    listed.sort_by_key(|listed| std::cmp::Reverse(listed.session.seen));
    Ok(listed)
}

/// Ends the session of a token: sign-out.
pub fn end(store: &Store, token: &str) -> Result<bool> {
    SESSION.discard(store, &digest(token))
}

/// Ends one of a person's own sessions by its name.
pub fn end_named(store: &Store, person: PersonId, name: &str, now: Timestamp) -> Result<bool> {
    match SESSION.get::<Session>(store, name, now)? {
        Some(filed) if filed.value.person == person => SESSION.discard(store, name),
        _ => Ok(false),
    }
}

/// Ends all sessions of a person; how many there were.
pub fn end_all(store: &Store, person: PersonId) -> Result<u64> {
    SESSION.discard_of(store, &person.to_string())
}

/// Ends all sessions of a person but the one of this token: after a change of password.
pub fn end_others(store: &Store, person: PersonId, token: &str, now: Timestamp) -> Result<usize> {
    let this = digest(token);
    let others = list(store, person, now)?.into_iter().filter(|listed| listed.name != this);
    others.map(|listed| SESSION.discard(store, &listed.name).map(usize::from)).sum()
}

fn keep(store: &Store, key: &str, session: &Session, version: Option<u64>, now: Timestamp) -> Result<()> {
    let expires = Some((session.seen + IDLE).min(session.began + ABSOLUTE));
    let owner = session.person.to_string();
    let drawer: Drawer = SESSION;
    drawer.put(store, Sheet { key, owner: &owner, value: session, expires }, version, now)?;
    Ok(())
}
