//! The log of doors: every sign-in, sign-out and denied try, every change of what opens a door. It is only appended to.
//!
//! Drawer `door`: under a key that begins with the time, an [`Event`]. What is typed as a login name is kept only where
//! somebody has that name: people type passwords into the wrong field. Otherwise a salted hash says whether it was the same.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::drawer::{DOOR, Sheet};
use crate::error::Result;
use crate::person::{Login, PersonId};
use crate::secret::{hex, random_bytes};
use crate::session::{Caller, Method};

/// How long an event is kept: a yearly review can look back over its whole year, and addresses of people do not stay for ever.
pub const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Somebody signed in, or tried to.
    SignIn,
    /// Somebody signed out.
    SignOut,
    /// Somebody proved again who they are, or tried to.
    Proof,
    /// The first administrator was made.
    SetUp,
    /// A person was made.
    PersonMade,
    /// What is said of a person was changed: name, login, memberships.
    PersonChanged,
    /// A person was disabled.
    PersonDisabled,
    /// A disabled person was let in again.
    PersonEnabled,
    /// A password was set or changed.
    PasswordSet,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// An identity of the single sign-on was linked.
    SignOnLinked,
    /// An identity of the single sign-on was unlinked.
    SignOnUnlinked,
    /// A link that works once was made.
    LinkMade,
    /// An API token was made.
    TokenMade,
    /// An API token was revoked.
    TokenRevoked,
    /// Sessions were ended by their person or an administrator.
    SessionsEnded,
    /// Somebody asked for what they have no right to.
    RightDenied,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
    /// It was refused, and further tries have to wait.
    Slowed,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: Kind,
    /// How it went.
    pub outcome: Outcome,
    /// Who did it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// To whom it was done, where that is somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PersonId>,
    /// The login name, where somebody has it; otherwise `#` and a salted hash of what was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// By what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// From where.
    #[serde(default)]
    pub from: Caller,
    /// What it was about: the register and record that were denied, the name of a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The events, newest first.
    pub events: Vec<Event>,
    /// Hand it back for the next page; none on the last.
    pub next: Option<String>,
}

impl Event {
    /// Something that was done, or was not.
    pub fn new(kind: Kind, outcome: Outcome, from: &Caller, now: Timestamp) -> Self {
        let (person, to, login, method, about) = (None, None, None, None, None);
        Event { at: now, kind, outcome, person, to, login, method, from: from.clone(), about }
    }
    /// By a person.
    #[must_use]
    pub fn by(self, person: PersonId) -> Self {
        Event { person: Some(person), ..self }
    }
    /// To a person.
    #[must_use]
    pub fn to(self, person: PersonId) -> Self {
        Event { to: Some(person), ..self }
    }
    /// With a login name that somebody has.
    #[must_use]
    pub fn login(self, login: &Login) -> Self {
        Event { login: Some(login.to_string()), ..self }
    }
    /// By a method.
    #[must_use]
    pub fn method(self, method: Method) -> Self {
        Event { method: Some(method), ..self }
    }
    /// About something; shortened, because strangers choose what they ask for.
    #[must_use]
    pub fn about(self, what: &str) -> Self {
        Event { about: Some(what.chars().filter(|c| !c.is_control()).take(300).collect()), ..self }
    }
    /// The client's address.
    pub fn address(&self) -> Option<IpAddr> {
        self.from.address
    }
}

/// Appends an event.
pub fn note(store: &Store, event: &Event) -> Result<()> {
    // Micros of the years 1970 to 2286 have sixteen digits: keys sort as times do. Random bytes tell two of one moment apart.
    let micros = event.at.as_microsecond().max(0);
    let key = format!("{micros:016}-{}", hex(&random_bytes()?[..8]));
    let owner = event.person.map(|person| person.to_string()).unwrap_or_default();
    let sheet = Sheet { key: &key, owner: &owner, value: event, expires: Some(event.at + KEPT) };
    DOOR.put(store, sheet, Some(0), event.at)?;
    Ok(())
}

/// A page of the log, newest first; `after` is the `next` of the page before.
pub fn page(store: &Store, after: Option<&str>, limit: usize, now: Timestamp) -> Result<Page> {
    let limit = limit.clamp(1, 500);
    let filed = DOOR.page::<Event>(store, (after, limit, true), now)?;
    let next = filed.last().filter(|_| filed.len() == limit).map(|last| last.key.clone());
    Ok(Page { events: filed.into_iter().map(|filed| filed.value).collect(), next })
}

/// What happened to a person's own doors, newest first.
pub fn of_person(store: &Store, person: PersonId, limit: usize, now: Timestamp) -> Result<Vec<Event>> {
    let mut filed = DOOR.of::<Event>(store, &person.to_string(), now)?;
    filed.reverse();
    filed.truncate(limit);
    Ok(filed.into_iter().map(|filed| filed.value).collect())
}
