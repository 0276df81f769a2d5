//! Single sign-on by OpenID Connect: a person says to another service who they are, and that service tells us.
//! The protocol is in `provider`, what its claims are worth in `config`.
//!
//! Drawer `sign-on-state`: under the state's hash what must come back together, for ten minutes, taken once.
//! Drawer `sign-on`: under the hash of issuer and subject, owned by the person: which identity it is. Only issuer and
//! subject tell who somebody is; names and e-mail addresses change hands.

mod config;
mod http;
mod provider;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Store;

use crate::door::{self, Event, Kind, Outcome};
use crate::drawer::{Filed, SIGN_ON, SIGN_ON_STATE, Sheet};
use crate::error::{AccountError, Result};
use crate::person::{Login, Person, PersonId, Profile};
use crate::secret::{Secret, digest, hex, random_bytes, same};
use crate::session::{self, Caller, Method, SignedIn};
use crate::sign_in::{self, Entered};
use crate::{link, people};

pub use config::{Config, Grant};

use provider::{Provider, Returned};

/// How long a person may take at the provider.
const STATE_LASTS: SignedDuration = SignedDuration::from_mins(10);
/// How often a sign-in is tried again when an administrator changes the person at the same moment.
const TRIES: usize = 3;

/// A provider of single sign-on.
#[derive(Debug)]
pub struct SignOn(Provider);

/// What a person goes to the provider for.
#[derive(Clone, Copy, Debug)]
pub enum For<'a> {
    /// To sign in.
    SignIn,
    /// To come in by an invitation or reset link, given as its token, and to be known by this identity from now on.
    Link(&'a str),
    /// To add the identity to the account they are signed in to.
    Add(&'a SignedIn),
    /// To prove once more who they are.
    Proof(&'a SignedIn),
}

/// Where to send a person.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The address.
    pub url: String,
    /// For a cookie of this browser (`SameSite=Lax`, ten minutes): only the browser that was sent may come back.
    pub state: Secret,
}

/// What the provider sends a person back with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// `state`.
    pub state: &'a str,
    /// `code`.
    pub code: Option<&'a str>,
    /// `error`.
    pub error: Option<&'a str>,
    /// What the cookie holds.
    pub cookie: &'a str,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What was done.
    pub done: Done,
    /// Where the person wanted to go.
    pub back: Option<String>,
}

/// What was done.
#[derive(Clone, Debug)]
pub enum Done {
    /// Somebody came in.
    Entered(Box<Entered>),
    /// The identity was added.
    Added,
    /// The person of the session has proved who they are.
    Proved,
}

/// One of a person's identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name under which it can be removed.
    pub key: String,
    /// The provider.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
    /// Since when it is linked.
    pub linked: Timestamp,
}

/// What must come back together.
#[derive(Serialize, Deserialize)]
struct Waiting {
    nonce: String,
    verifier: String,
    wanted: Wanted,
    back: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Wanted {
    SignIn,
    /// The hash of the link's token.
    Link(String),
    Add(PersonId),
    Proof(PersonId),
}

#[derive(Clone, Serialize, Deserialize)]
struct Identity {
    issuer: String,
    subject: String,
    linked: Timestamp,
}

impl SignOn {
    /// A provider, which sends people back to the address `redirect`. It is not asked yet: the program starts without it.
    pub fn new(config: Config, redirect: &str) -> Result<SignOn> {
        Provider::new(config, redirect).map(SignOn)
    }

    /// How it is set up.
    pub fn config(&self) -> &Config {
        self.0.config()
    }

    /// Sends a person to the provider; `back` is where they want to go afterwards.
    pub fn start(&self, store: &Store, wanted: For<'_>, back: Option<&str>, now: Timestamp) -> Result<Sent> {
        let state = Secret::random("")?;
        let wanted = match wanted {
            For::SignIn => Wanted::SignIn,
            For::Link(token) => {
                link::person(store, token, now)?;
                Wanted::Link(digest(token))
            }
            For::Add(signed_in) => Wanted::Add(signed_in.person.id),
            For::Proof(signed_in) => Wanted::Proof(signed_in.person.id),
        };
        let again = matches!(wanted, Wanted::Proof(_));
        let sent = self.0.send(state.reveal(), again, now)?;
        let back = back.map(|back| back.chars().take(2000).collect());
        let waiting = Waiting { nonce: sent.nonce, verifier: sent.verifier, wanted, back };
        let expires = Some(now + STATE_LASTS);
        let sheet = Sheet { key: &state.digest(), owner: "", value: &waiting, expires };
        SIGN_ON_STATE.put(store, sheet, Some(0), now)?;
        Ok(Sent { url: sent.url, state })
    }

    /// Takes what the provider sent a person back with. `session` is the session they have, with its token.
    pub fn finish(
        &self,
        store: &Store,
        answer: Answer<'_>,
        session: Option<(&str, &SignedIn)>,
        from: &Caller,
        now: Timestamp,
    ) -> Result<Finished> {
        if !same(answer.state, answer.cookie) {
            return Err(AccountError::Stale);
        }
        let waiting: Option<Filed<Waiting>> = SIGN_ON_STATE.take(store, &digest(answer.state), now)?;
        let waiting = waiting.ok_or(AccountError::Stale)?.value;
        let done = self.identity(answer, &waiting, now).and_then(|(identity, claims)| {
            self.done(store, &waiting.wanted, (&identity, &claims), session, from, now)
        });
        match done {
            Ok(done) => Ok(Finished { done, back: waiting.back }),
            Err(error) => {
                let kind =
                    if matches!(waiting.wanted, Wanted::Proof(_)) { Kind::Proof } else { Kind::SignIn };
                let event = Event::new(kind, Outcome::Refused, from, now).method(Method::SignOn);
                // Somebody disabled has been noted where they were refused.
                if !matches!(error, AccountError::Disabled) {
                    door::note(store, &event.about(&error.to_string()))?;
                }
                Err(error)
            }
        }
    }

    /// The address at which a person signs out at the provider too, and comes back to `back`; where there is one.
    pub fn sign_out(&self, back: &str) -> Option<String> {
        self.0.sign_out(back)
    }

    fn identity(
        &self,
        answer: Answer<'_>,
        waiting: &Waiting,
        now: Timestamp,
    ) -> Result<(Identity, Map<String, Value>)> {
        if let Some(error) = answer.error {
            let word = error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(60).collect();
            return Err(AccountError::SignOnRefused(word));
        }
        let code = answer.code.ok_or(AccountError::Stale)?;
        let returned = Returned { code, nonce: &waiting.nonce, verifier: &waiting.verifier };
        let claims = self.0.claims(&returned, now)?;
        let subject =
            text(&claims, "sub").ok_or_else(|| AccountError::SignOnRefused("no subject".to_owned()))?;
        if matches!(waiting.wanted, Wanted::Proof(_)) {
            proved_just_now(&claims, now)?;
        }
        Ok((Identity { issuer: self.config().issuer.clone(), subject, linked: now }, claims))
    }

    fn done(
        &self,
        store: &Store,
        wanted: &Wanted,
        (identity, claims): (&Identity, &Map<String, Value>),
        session: Option<(&str, &SignedIn)>,
        from: &Caller,
        now: Timestamp,
    ) -> Result<Done> {
        let own = |id: &PersonId| session.filter(|(_, own)| own.person.id == *id).ok_or(AccountError::Stale);
        let known = known(store, identity, now)?;
        match wanted {
            Wanted::SignIn => {
                let person = match known {
                    Some(id) => id,
                    None if self.config().welcome => newcomer(store, identity, claims, from, now)?,
                    None => return Err(AccountError::SignOnUnknown),
                };
                self.enter(store, person, claims, from, now)
            }
            Wanted::Link(token) => {
                let invited = link::peek(store, token, now)?;
                let person = link::whose(store, &invited, now)?;
                free_for(known, person.id)?;
                link::take(store, token, now)?;
                remember(store, identity, person.id, from, now)?;
                self.enter(store, person.id, claims, from, now)
            }
            Wanted::Add(id) => {
                own(id)?;
                free_for(known, *id)?;
                remember(store, identity, *id, from, now)?;
                Ok(Done::Added)
            }
            Wanted::Proof(id) => {
                let (token, _) = own(id)?;
                if known != Some(*id) {
                    return Err(AccountError::SignOnTaken);
                }
                session::proved(store, token, Method::SignOn, now)?;
                let event = Event::new(Kind::Proof, Outcome::Done, from, now).by(*id);
                door::note(store, &event.method(Method::SignOn))?;
                Ok(Done::Proved)
            }
        }
    }

    /// Lets a known person in, who belongs from now on where the provider says today.
    fn enter(
        &self,
        store: &Store,
        id: PersonId,
        claims: &Map<String, Value>,
        from: &Caller,
        now: Timestamp,
    ) -> Result<Done> {
        let granted = self.config().granted(claims);
        let entered = |person| {
            let entered = sign_in::begin(store, person, Method::SignOn, from, now)?;
            Ok(Done::Entered(Box::new(entered)))
        };
        for _ in 0..TRIES {
            let filed = people::find(store, id, now)?.ok_or(AccountError::NoSuchPerson)?;
            if filed.value.granted == granted {
                return entered(filed.value);
            }
            let person = Person { granted: granted.clone(), ..filed.value };
            match people::save(store, &person, filed.version, now) {
                Ok(saved) => return entered(saved.value),
                Err(AccountError::Meanwhile) => {}
                Err(error) => return Err(error),
            }
        }
        Err(AccountError::Meanwhile)
    }
}

/// A person's identities.
pub fn list(store: &Store, person: PersonId, now: Timestamp) -> Result<Vec<Listed>> {
    let kept: Vec<Filed<Identity>> = SIGN_ON.of(store, &person.to_string(), now)?;
    let listed = |Filed { value: Identity { issuer, subject, linked }, key, .. }: Filed<Identity>| Listed {
        key,
        issuer,
        subject,
        linked,
    };
    Ok(kept.into_iter().map(listed).collect())
}

/// Removes one of a person's own identities, where there is another way in; whether it was there.
pub fn remove(store: &Store, person: PersonId, key: &str, from: &Caller, now: Timestamp) -> Result<bool> {
    let Some(kept) = SIGN_ON.get::<Identity>(store, key, now)? else { return Ok(false) };
    if kept.owner != person.to_string() {
        return Ok(false);
    }
    if people::ways_in(store, person, now)?.count() < 2 {
        return Err(AccountError::LastWayIn);
    }
    let removed = SIGN_ON.discard(store, key)?;
    let event = Event::new(Kind::SignOnUnlinked, Outcome::Done, from, now).by(person);
    door::note(store, &event.about(&kept.value.issuer))?;
    Ok(removed)
}

pub(crate) fn remove_all(store: &Store, person: PersonId) -> Result<u64> {
    SIGN_ON.discard_of(store, &person.to_string())
}

fn known(store: &Store, identity: &Identity, now: Timestamp) -> Result<Option<PersonId>> {
    let filed = SIGN_ON.get::<Identity>(store, &identity.key(), now)?;
    filed.map(|filed| filed.owner.parse()).transpose()
}

fn free_for(known: Option<PersonId>, person: PersonId) -> Result<()> {
    if known.is_none_or(|known| known == person) { Ok(()) } else { Err(AccountError::SignOnTaken) }
}

fn remember(
    store: &Store,
    identity: &Identity,
    person: PersonId,
    from: &Caller,
    now: Timestamp,
) -> Result<()> {
    if known(store, identity, now)? == Some(person) {
        return Ok(());
    }
    let owner = person.to_string();
    let sheet = Sheet { key: &identity.key(), owner: &owner, value: identity, expires: None };
    SIGN_ON.put(store, sheet, Some(0), now).map_err(|error| match error {
        AccountError::Meanwhile => AccountError::SignOnTaken,
        error => error,
    })?;
    let event = Event::new(Kind::SignOnLinked, Outcome::Done, from, now).by(person);
    door::note(store, &event.about(&identity.issuer))
}

/// Somebody whom the provider knows and we do not becomes a person, without any role.
fn newcomer(
    store: &Store,
    identity: &Identity,
    claims: &Map<String, Value>,
    from: &Caller,
    now: Timestamp,
) -> Result<PersonId> {
    let id = PersonId::random()?;
    // The identity is claimed first, so that two sign-ins at once do not make two people.
    remember(store, identity, id, from, now)?;
    let made = make_newcomer(store, id, claims, now);
    if made.is_err() {
        SIGN_ON.discard(store, &identity.key())?;
    }
    made?;
    door::note(store, &Event::new(Kind::PersonMade, Outcome::Done, from, now).to(id).method(Method::SignOn))?;
    Ok(id)
}

fn make_newcomer(store: &Store, id: PersonId, claims: &Map<String, Value>, now: Timestamp) -> Result<()> {
    let wished = ["preferred_username", "email"].into_iter().filter_map(|claim| text(claims, claim));
    let wished: Vec<String> = wished.collect();
    let random = format!("user-{}", &hex(&random_bytes()?)[..12]);
    let name = text(claims, "name").or_else(|| wished.first().cloned()).unwrap_or_else(|| random.clone());
    let email = text(claims, "email").filter(|_| claims.get("email_verified") == Some(&Value::Bool(true)));
    for login in wished.iter().chain([&random]).filter_map(|wished| Login::new(wished).ok()) {
        let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
        let profile = Profile { email: email.clone(), ..Profile::new(login, name) };
        let profile =
            profile.clone().checked().unwrap_or(Profile { email: None, name: random.clone(), ..profile });
        match people::create_as(store, id, profile, now) {
            Ok(_) => return Ok(()),
            Err(AccountError::LoginTaken(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Err(AccountError::LoginTaken(random))
}

/// A provider that was asked for a new proof says when it got it.
fn proved_just_now(claims: &Map<String, Value>, now: Timestamp) -> Result<()> {
    let at = claims.get("auth_time").and_then(Value::as_i64).and_then(|at| Timestamp::from_second(at).ok());
    match at {
        Some(at) if now.duration_since(at) <= STATE_LASTS => Ok(()),
        _ => Err(AccountError::SignOnRefused("no new proof".to_owned())),
    }
}

fn text(claims: &Map<String, Value>, claim: &str) -> Option<String> {
    claims.get(claim).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

impl Identity {
    fn key(&self) -> String {
        digest(&format!("{}\0{}", self.issuer, self.subject))
    }
}
