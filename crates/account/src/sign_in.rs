//! Signing in by a password, and everything else a person does with one: the walkthrough that joins `throttle`,
//! `password`, `session` and `door`.

use jiff::Timestamp;
use store::Store;

use crate::door::{self, Event, Kind, Outcome};
use crate::error::{AccountError, Result};
use crate::person::{Login, Person};
use crate::salt::salted;
use crate::secret::Secret;
use crate::session::{self, Caller, Method, SignedIn};
use crate::{password, people, throttle};

/// Somebody who has just come in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Who.
    pub person: Person,
    /// The token of the new session, for the cookie.
    pub token: Secret,
}

/// Signs in by login name and password.
pub fn by_password(
    store: &Store,
    login: &str,
    password: &str,
    from: &Caller,
    now: Timestamp,
) -> Result<Entered> {
    let event = |outcome| Event::new(Kind::SignIn, outcome, from, now).method(Method::Password);
    let person = compare(store, login, password, from, &event, now)?;
    begin(store, person, Method::Password, from, now)
}

/// Proves by the password, once more, who the person of a session is.
pub fn prove_by_password(
    store: &Store,
    (token, signed_in): (&str, &SignedIn),
    password: &str,
    from: &Caller,
    now: Timestamp,
) -> Result<()> {
    let who = signed_in.person.id;
    let event = |outcome| Event::new(Kind::Proof, outcome, from, now).method(Method::Password).by(who);
    let person = compare(store, signed_in.person.profile.login.as_str(), password, from, &event, now)?;
    session::proved(store, token, Method::Password, now)?;
    door::note(store, &event(Outcome::Done).login(&person.profile.login))
}

/// Sets the password of somebody who has just proved who they are. Their other sessions end.
pub fn change_password(
    store: &Store,
    (token, signed_in): (&str, &SignedIn),
    new: &str,
    from: &Caller,
    now: Timestamp,
) -> Result<()> {
    let person = &signed_in.person;
    let new = password::hashed(&person.profile.login, new)?;
    password::keep(store, person.id, new, now)?;
    session::end_others(store, person.id, token, now)?;
    door::note(store, &Event::new(Kind::PasswordSet, Outcome::Done, from, now).by(person.id))
}

/// Takes one's password away, where there is another way in.
pub fn remove_password(store: &Store, person: &Person, from: &Caller, now: Timestamp) -> Result<()> {
    let ways = people::ways_in(store, person.id, now)?;
    if ways.password && ways.count() < 2 {
        return Err(AccountError::LastWayIn);
    }
    password::remove(store, person.id)?;
    let event = Event::new(Kind::PasswordSet, Outcome::Done, from, now).by(person.id);
    door::note(store, &event.about("removed"))
}

/// Signs out.
pub fn out(store: &Store, token: &str, from: &Caller, now: Timestamp) -> Result<()> {
    let who = session::find(store, token, now)?;
    session::end(store, token)?;
    match who {
        Some(who) => {
            door::note(store, &Event::new(Kind::SignOut, Outcome::Done, from, now).by(who.person.id))
        }
        None => Ok(()),
    }
}

/// Begins the session of somebody who has proved who they are, and writes it to the log.
pub(crate) fn begin(
    store: &Store,
    person: Person,
    method: Method,
    from: &Caller,
    now: Timestamp,
) -> Result<Entered> {
    let event = |outcome| {
        let event = Event::new(Kind::SignIn, outcome, from, now).method(method).by(person.id);
        event.login(&person.profile.login)
    };
    match session::begin(store, &person, method, from.clone(), now) {
        Ok(token) => {
            door::note(store, &event(Outcome::Done))?;
            Ok(Entered { person, token })
        }
        Err(error) => {
            door::note(store, &event(Outcome::Refused).about("disabled"))?;
            Err(error)
        }
    }
}

/// The person of a login name and password. Tries that have to wait are not written to the log, so that nobody can fill it: the
/// failure that began the delay is.
fn compare(
    store: &Store,
    typed: &str,
    password: &str,
    from: &Caller,
    event: &impl Fn(Outcome) -> Event,
    now: Timestamp,
) -> Result<Person> {
    let login = Login::new(typed).ok();
    let key = login.as_ref().map_or(typed, Login::as_str);
    let entered = throttle::enter(store, key, from.address, now)?;
    let person = match &login {
        Some(login) => people::by_login(store, login, now)?,
        None => None,
    };
    match password::is_of(store, person.as_ref().map(|person| person.value.id), password, now) {
        Err(error) => {
            throttle::void(store, &entered, now)?;
            Err(error)
        }
        Ok(right) => match person {
            Some(person) if right => {
                throttle::right(store, &entered, now)?;
                Ok(person.value)
            }
            person => {
                let outcome = if entered.slowed { Outcome::Slowed } else { Outcome::Refused };
                let event = match person {
                    Some(person) => event(outcome).by(person.value.id).login(&person.value.profile.login),
                    None => Event { login: Some(stranger(store, key, now)?), ..event(outcome) },
                };
                door::note(store, &event)?;
                Err(AccountError::Wrong)
            }
        },
    }
}

/// What stands in the log for a login name that nobody has: enough to see that it was the same again.
fn stranger(store: &Store, typed: &str, now: Timestamp) -> Result<String> {
    Ok(format!("#{}", &salted(store, typed, now)?[..16]))
}
