//! Links that work once: the setup link of a first start, invitations, and links by which a forgotten password is set anew.
//!
//! Drawer `link`: under the token's hash, owned by the person it is for (or `setup`): what for, by whom, since when.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::door::{self, Event, Kind, Outcome};
use crate::drawer::{LINK, Sheet};
use crate::error::{AccountError, Result};
use crate::person::{Person, PersonId, Profile};
use crate::secret::{Secret, digest};
use crate::session::{self, Caller, Method};
use crate::sign_in::{self, Entered};
use crate::{password, people};

/// The owner of the setup link, who is nobody yet.
const SETUP: &str = "setup";

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To make the first administrator.
    SetUp,
    /// To come in for the first time.
    Invitation,
    /// To set a forgotten password anew.
    Reset,
}

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What for.
    pub purpose: Purpose,
    /// For whom; nobody where it makes the first administrator.
    pub person: Option<PersonId>,
    /// Who made it; nobody where the program did.
    pub by: Option<PersonId>,
    /// When.
    pub made: Timestamp,
}

impl Purpose {
    /// How long such a link works. An invitation may lie in a mailbox over a long week-end; the others are waited for.
    pub fn lasts(self) -> SignedDuration {
        match self {
            Purpose::SetUp | Purpose::Reset => SignedDuration::from_hours(24),
            Purpose::Invitation => SignedDuration::from_hours(7 * 24),
        }
    }
}

/// The token of a setup link where there is nobody yet; to be printed once. An earlier one stops working.
pub fn first_start(store: &Store, now: Timestamp) -> Result<Option<Secret>> {
    if !people::is_empty(store, now)? {
        return Ok(None);
    }
    make(store, Link { purpose: Purpose::SetUp, person: None, by: None, made: now }, now).map(Some)
}

/// Makes the first administrator and lets them in.
pub fn set_up(
    store: &Store,
    token: &str,
    profile: Profile,
    password: &str,
    from: &Caller,
    now: Timestamp,
) -> Result<Entered> {
    if look(store, token, now)?.purpose != Purpose::SetUp {
        return Err(AccountError::LinkGone);
    }
    if !people::is_empty(store, now)? {
        return Err(AccountError::SetUpAlready);
    }
    let profile = Profile { administrator: true, ..profile }.checked()?;
    let password = password::hashed(&profile.login, password)?;
    take(store, &digest(token), now)?;
    let person = people::create(store, profile, now)?;
    password::keep(store, person.id, password, now)?;
    door::note(store, &Event::new(Kind::SetUp, Outcome::Done, from, now).by(person.id))?;
    sign_in::begin(store, person, Method::Link, from, now)
}

/// What a link says, without using it.
pub fn look(store: &Store, token: &str, now: Timestamp) -> Result<Link> {
    peek(store, &digest(token), now)
}

/// The person a link is for, without using it: a page greets them by name.
pub fn person(store: &Store, token: &str, now: Timestamp) -> Result<Person> {
    whose(store, &look(store, token, now)?, now)
}

/// Sets a password by an invitation or reset link and lets the person in. Their other sessions end.
pub fn set_password(store: &Store, token: &str, new: &str, from: &Caller, now: Timestamp) -> Result<Entered> {
    let person = person(store, token, now)?;
    let new = password::hashed(&person.profile.login, new)?;
    take(store, &digest(token), now)?;
    password::keep(store, person.id, new, now)?;
    session::end_all(store, person.id)?;
    door::note(store, &Event::new(Kind::PasswordSet, Outcome::Done, from, now).by(person.id))?;
    sign_in::begin(store, person, Method::Link, from, now)
}

/// Makes a link. Earlier links of the same person stop working: one mail is in force, not three.
pub(crate) fn make(store: &Store, link: Link, now: Timestamp) -> Result<Secret> {
    let token = Secret::random("")?;
    let owner = link.person.map_or_else(|| SETUP.to_owned(), |person| person.to_string());
    LINK.discard_of(store, &owner)?;
    let expires = Some(now + link.purpose.lasts());
    LINK.put(store, Sheet { key: &token.digest(), owner: &owner, value: &link, expires }, Some(0), now)?;
    Ok(token)
}

/// What a link says, by the hash of its token.
pub(crate) fn peek(store: &Store, digest: &str, now: Timestamp) -> Result<Link> {
    LINK.get::<Link>(store, digest, now)?.map(|filed| filed.value).ok_or(AccountError::LinkGone)
}

/// Uses a link up, by the hash of its token: one of several who try is told what it says.
pub(crate) fn take(store: &Store, digest: &str, now: Timestamp) -> Result<Link> {
    LINK.take::<Link>(store, digest, now)?.map(|filed| filed.value).ok_or(AccountError::LinkGone)
}

/// The person a link is for, who may come in.
pub(crate) fn whose(store: &Store, link: &Link, now: Timestamp) -> Result<Person> {
    let id = link.person.ok_or(AccountError::LinkGone)?;
    let person = people::find(store, id, now)?.ok_or(AccountError::LinkGone)?.value;
    if person.disabled { Err(AccountError::Disabled) } else { Ok(person) }
}

/// Ends the links of a person.
pub(crate) fn revoke(store: &Store, person: PersonId) -> Result<u64> {
    LINK.discard_of(store, &person.to_string())
}
