//! What administrators do with people. Whether they may is asked here, and every act is written to the log of doors, so
//! that no page can forget either.

use jiff::Timestamp;
use store::Store;

use crate::door::{self, Event, Kind, Outcome};
use crate::drawer::Filed;
use crate::error::{AccountError, Result};
use crate::link::{self, Link, Purpose};
use crate::person::{Person, PersonId, Profile};
use crate::secret::Secret;
use crate::session::{self, Caller};
use crate::{api_token, passkey, password, people, sign_on};

/// Somebody who manages people: an administrator, or who has the machine itself in their hands.
#[derive(Clone, Copy)]
pub struct Manager<'a> {
    store: &'a Store,
    by: Option<PersonId>,
    from: &'a Caller,
    now: Timestamp,
}

impl<'a> Manager<'a> {
    /// An administrator. Anybody else is refused, and that is noted.
    pub fn person(store: &'a Store, person: &Person, from: &'a Caller, now: Timestamp) -> Result<Self> {
        if !person.is_administrator() {
            let event = Event::new(Kind::RightDenied, Outcome::Refused, from, now).by(person.id);
            door::note(store, &event.about("people"))?;
            return Err(AccountError::NotAdministrator);
        }
        Ok(Manager { store, by: Some(person.id), from, now })
    }

    /// Whoever runs the program's commands on the machine: they can open the database anyway.
    pub fn operator(store: &'a Store, from: &'a Caller, now: Timestamp) -> Self {
        Manager { store, by: None, from, now }
    }

    /// Makes a person. They have no way in yet: invite them.
    pub fn create(self, profile: Profile) -> Result<Person> {
        let person = people::create(self.store, profile, self.now)?;
        self.note(Kind::PersonMade, person.id)?;
        Ok(person)
    }

    /// Changes what is said of a person, where `version` is still the newest.
    pub fn change(self, id: PersonId, profile: Profile, version: u64) -> Result<Filed<Person>> {
        let changed = people::change(self.store, id, profile, version, self.now)?;
        self.note(Kind::PersonChanged, id)?;
        Ok(changed)
    }

    /// Lets nobody in under this account any more; sessions, tokens and links end at once.
    pub fn disable(self, id: PersonId, version: u64) -> Result<Filed<Person>> {
        let disabled = people::disable(self.store, id, version, self.now)?;
        self.note(Kind::PersonDisabled, id)?;
        Ok(disabled)
    }

    /// Lets somebody in again who was disabled.
    pub fn enable(self, id: PersonId, version: u64) -> Result<Filed<Person>> {
        let enabled = people::enable(self.store, id, version, self.now)?;
        self.note(Kind::PersonEnabled, id)?;
        Ok(enabled)
    }

    /// The token of a link by which the person comes in for the first time.
    pub fn invite(self, id: PersonId) -> Result<Secret> {
        self.link(id, Purpose::Invitation)
    }

    /// The token of a link by which the person sets a forgotten password anew.
    pub fn reset(self, id: PersonId) -> Result<Secret> {
        self.link(id, Purpose::Reset)
    }

    /// Ends all sessions of a person.
    pub fn end_sessions(self, id: PersonId) -> Result<u64> {
        let ended = session::end_all(self.store, id)?;
        self.note(Kind::SessionsEnded, id)?;
        Ok(ended)
    }

    /// Takes everything away by which somebody could come in as this person: for an account that others have got hold of.
    /// Invite the person afterwards.
    pub fn close_all_ways_in(self, id: PersonId) -> Result<()> {
        password::remove(self.store, id)?;
        passkey::remove_all(self.store, id)?;
        sign_on::remove_all(self.store, id)?;
        api_token::revoke_all(self.store, id)?;
        link::revoke(self.store, id)?;
        self.end_sessions(id).map(|_| ())
    }

    fn link(self, id: PersonId, purpose: Purpose) -> Result<Secret> {
        let link = Link { purpose, person: Some(id), by: self.by, made: self.now };
        link::whose(self.store, &link, self.now).map_err(|error| match error {
            AccountError::LinkGone => AccountError::NoSuchPerson,
            error => error,
        })?;
        let token = link::make(self.store, link, self.now)?;
        self.note(Kind::LinkMade, id)?;
        Ok(token)
    }

    fn note(self, kind: Kind, to: PersonId) -> Result<()> {
        let event = Event::new(kind, Outcome::Done, self.from, self.now).to(to);
        door::note(self.store, &Event { person: self.by, ..event })
    }
}
