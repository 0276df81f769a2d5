//! Where people are kept: found and listed by everybody who needs them; made, changed and disabled through `manage`, which
//! asks who does it. How they prove who they are is not here.
//!
//! Drawer `person`: a [`Person`] under their id. Drawer `login`: under a login name the id of the person who has it.
//! The cabinet changes one document at a time, so the name is claimed before the person is written: a claim
//! whose person does not bear the name is void, and may be taken over when it is older than a minute.

use std::collections::BTreeSet;

use base::Lang;
use jiff::{SignedDuration, Timestamp};
use register::{RecordId, RecordRef, Viewer};
use serde::{Deserialize, Serialize};
use store::Store;

use crate::door::{self, Event, Kind, Outcome};
use crate::drawer::{API_TOKEN, Filed, LINK, LOGIN, PASSKEY, PASSWORD, PERSON, SESSION, SIGN_ON, Sheet};
use crate::error::{AccountError, Result};
use crate::person::{Login, Memberships, Person, PersonId, Profile};
use crate::session::Caller;

/// How long somebody who claimed a login name has to write the person down.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);
/// People of a page of the drawer, where all are walked through.
const PAGE: usize = 500;

/// A claim of a login name.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Claim {
    person: PersonId,
    made: Timestamp,
}

/// Makes a person. They have no way in yet: give them an invitation.
pub(crate) fn create(store: &Store, profile: Profile, now: Timestamp) -> Result<Person> {
    create_as(store, PersonId::random()?, profile, now)
}

pub(crate) fn create_as(store: &Store, id: PersonId, profile: Profile, now: Timestamp) -> Result<Person> {
    let profile = profile.checked()?;
    claim(store, &profile.login, id, now)?;
    let person = Person { id, profile, granted: Memberships::new(), disabled: false, made: now };
    write(store, &person, 0, now)?;
    Ok(person)
}

/// A person by their id.
pub fn find(store: &Store, id: PersonId, now: Timestamp) -> Result<Option<Filed<Person>>> {
    PERSON.get(store, &id.to_string(), now)
}

/// A person by their login name.
pub fn by_login(store: &Store, login: &Login, now: Timestamp) -> Result<Option<Filed<Person>>> {
    let Some(claim) = LOGIN.get::<Claim>(store, login.as_str(), now)? else { return Ok(None) };
    Ok(find(store, claim.value.person, now)?.filter(|found| found.value.profile.login == *login))
}

/// A page of people, by id; `after` is the last id of the page before.
pub fn list(
    store: &Store,
    after: Option<PersonId>,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Filed<Person>>> {
    let after = after.map(|id| id.to_string());
    PERSON.page(store, (after.as_deref(), limit, false), now)
}

/// All people, by login name.
pub fn all(store: &Store, now: Timestamp) -> Result<Vec<Filed<Person>>> {
    let mut people: Vec<Filed<Person>> = Vec::new();
    loop {
        let page = list(store, people.last().map(|last| last.value.id), PAGE, now)?;
        let full = page.len() == PAGE;
        people.extend(page);
        if !full {
            break;
        }
    }
    people.sort_by(|a, b| a.value.profile.login.cmp(&b.value.profile.login));
    Ok(people)
}

/// Whether there is nobody at all: the program has just been set up.
pub fn is_empty(store: &Store, now: Timestamp) -> Result<bool> {
    Ok(list(store, None, 1, now)?.is_empty())
}

/// Changes what is said of a person, where `version` is still the newest.
pub(crate) fn change(
    store: &Store,
    id: PersonId,
    profile: Profile,
    version: u64,
    now: Timestamp,
) -> Result<Filed<Person>> {
    let profile = profile.checked()?;
    let before = there(store, id, version, now)?;
    if before.is_administrator() && !profile.administrator {
        another_administrator(store, id, now)?;
    }
    if before.profile.login != profile.login {
        claim(store, &profile.login, id, now)?;
    }
    let after = Person { profile, ..before.clone() };
    let filed = save(store, &after, version, now)?;
    if before.profile.login != after.profile.login {
        LOGIN.discard(store, before.profile.login.as_str())?;
    }
    Ok(filed)
}

/// Changes what people say of themselves: name, e-mail address, language. Login name and place are an administrator's affair.
pub fn change_own(
    store: &Store,
    id: PersonId,
    (name, email, language): (&str, Option<&str>, Lang),
    from: &Caller,
    now: Timestamp,
) -> Result<Filed<Person>> {
    let before = find(store, id, now)?.ok_or(AccountError::NoSuchPerson)?;
    let (name, email) = (name.to_owned(), email.map(ToOwned::to_owned));
    let profile = Profile { name, email, language, ..before.value.profile.clone() }.checked()?;
    let saved = save(store, &Person { profile, ..before.value }, before.version, now)?;
    door::note(store, &Event::new(Kind::PersonChanged, Outcome::Done, from, now).by(id))?;
    Ok(saved)
}

/// Lets nobody in under this account any more: sessions, tokens and links end at once. Nothing else is lost.
pub(crate) fn disable(store: &Store, id: PersonId, version: u64, now: Timestamp) -> Result<Filed<Person>> {
    let before = there(store, id, version, now)?;
    if before.is_administrator() {
        another_administrator(store, id, now)?;
    }
    let filed = save(store, &Person { disabled: true, ..before }, version, now)?;
    for drawer in [SESSION, API_TOKEN, LINK] {
        drawer.discard_of(store, &id.to_string())?;
    }
    Ok(filed)
}

/// Lets somebody in again who was disabled.
pub(crate) fn enable(store: &Store, id: PersonId, version: u64, now: Timestamp) -> Result<Filed<Person>> {
    let before = there(store, id, version, now)?;
    save(store, &Person { disabled: false, ..before }, version, now)
}

/// Which ways in somebody has: a password, a number of passkeys, a number of single sign-on identities.
pub fn ways_in(store: &Store, id: PersonId, now: Timestamp) -> Result<WaysIn> {
    let owner = id.to_string();
    Ok(WaysIn {
        password: store_has(store, &owner, now)?,
        passkeys: PASSKEY.of::<serde_json::Value>(store, &owner, now)?.len(),
        sign_on: SIGN_ON.of::<serde_json::Value>(store, &owner, now)?.len(),
    })
}

/// The ways in somebody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaysIn {
    /// Whether there is a password.
    pub password: bool,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// How many identities of a single sign-on are linked.
    pub sign_on: usize,
}

impl WaysIn {
    /// How many there are.
    pub fn count(self) -> usize {
        usize::from(self.password) + self.passkeys + self.sign_on
    }
}

/// The person as the registers' rights see them. Records name an organisation by its record or by its
/// official name, so both stand there. Somebody disabled is the public.
pub fn viewer(store: &Store, person: &Person) -> Result<Viewer> {
    if person.disabled {
        return Ok(Viewer::public());
    }
    let mut organisations = BTreeSet::new();
    for organisation in person.organisations() {
        organisations.insert(format!("organisation:{organisation}"));
        organisations.extend(official_name(store, organisation)?);
    }
    let roles = person.roles().into_iter().map(str::to_owned).collect();
    Ok(Viewer { person: Some(person.id.to_string()), organisations, roles })
}

/// Writes a person where `version` is the newest.
pub(crate) fn save(store: &Store, person: &Person, version: u64, now: Timestamp) -> Result<Filed<Person>> {
    write(store, person, version, now)?;
    find(store, person.id, now)?.ok_or(AccountError::NoSuchPerson)
}

fn write(store: &Store, person: &Person, version: u64, now: Timestamp) -> Result<u64> {
    let key = person.id.to_string();
    PERSON.put(store, Sheet { key: &key, owner: &key, value: person, expires: None }, Some(version), now)
}

fn there(store: &Store, id: PersonId, version: u64, now: Timestamp) -> Result<Person> {
    let found = find(store, id, now)?.ok_or(AccountError::NoSuchPerson)?;
    if found.version == version { Ok(found.value) } else { Err(AccountError::Meanwhile) }
}

fn claim(store: &Store, login: &Login, person: PersonId, now: Timestamp) -> Result<()> {
    let taken = || AccountError::LoginTaken(login.to_string());
    let before = LOGIN.get::<Claim>(store, login.as_str(), now)?;
    let version = match &before {
        None => 0,
        Some(claim) if claim.value.person == person => claim.version,
        Some(claim) => {
            let void = by_login(store, login, now)?.is_none();
            if !void || now.duration_since(claim.value.made) < CLAIM {
                return Err(taken());
            }
            claim.version
        }
    };
    let owner = person.to_string();
    let value = &Claim { person, made: now };
    let sheet = Sheet { key: login.as_str(), owner: &owner, value, expires: None };
    match LOGIN.put(store, sheet, Some(version), now) {
        Err(AccountError::Meanwhile) => Err(taken()),
        claimed => claimed.map(|_| ()),
    }
}

fn another_administrator(store: &Store, than: PersonId, now: Timestamp) -> Result<()> {
    let other = |person: &Filed<Person>| person.value.id != than && person.value.is_administrator();
    if all(store, now)?.iter().any(other) { Ok(()) } else { Err(AccountError::LastAdministrator) }
}

fn store_has(store: &Store, owner: &str, now: Timestamp) -> Result<bool> {
    Ok(PASSWORD.get::<serde_json::Value>(store, owner, now)?.is_some())
}

fn official_name(store: &Store, organisation: &RecordId) -> Result<Option<String>> {
    let Ok(reference) = RecordRef::new("organisation", organisation.as_str()) else { return Ok(None) };
    let stored = store.get(&reference)?;
    Ok(stored.and_then(|stored| stored.record.text("name").map(str::to_owned)))
}
