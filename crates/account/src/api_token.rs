//! API tokens: a person's programs come in with one. A token never has more rights than its person: every use asks anew who
//! the person is, and scopes only narrow.
//!
//! Drawer `api-token`: under the token's hash, owned by the person: name, scopes, since when, last used.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use register::RegisterId;
use serde::{Deserialize, Serialize};
use store::Store;

use crate::door::{self, Event, Kind, Outcome};
use crate::drawer::{API_TOKEN, Filed, PERSON, Sheet};
use crate::error::{AccountError, Result};
use crate::person::{Person, PersonId};
use crate::secret::{Secret, digest};
use crate::session::{Caller, Method};

/// What a token begins with: programs that look for leaked secrets know it by this.
pub const PREFIX: &str = "shirube_";
/// The longest life of a token: a yearly round and the month after it.
pub const LONGEST_DAYS: u32 = 400;
/// The most tokens of a person.
pub const MOST: usize = 50;
/// How exactly it is known when a token was last used.
const USED: SignedDuration = SignedDuration::from_secs(60);

/// What a token may be used for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// `read`: whatever its person may see.
    Read,
    /// `write`: see and change whatever its person may.
    Write,
    /// `registers:<id>`: only this register (and others named in the same way); it narrows the other two.
    Register(RegisterId),
}

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Whose.
    pub person: PersonId,
    /// What its person calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// Since when.
    pub made: Timestamp,
    /// Until when.
    pub expires: Timestamp,
    /// When it was last used, within a minute.
    #[serde(default)]
    pub used: Option<Timestamp>,
}

/// One of a person's tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name under which it can be revoked; it opens nothing.
    pub key: String,
    /// The token.
    pub token: ApiToken,
}

/// Who comes in with a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Bearer {
    /// The person, as they are now.
    pub person: Person,
    /// Their token.
    pub token: ApiToken,
}

impl ApiToken {
    /// Whether the token may be used to see a register; whether its person may, is asked besides.
    pub fn may_read(&self, register: &str) -> bool {
        (self.has_read() || self.scopes.contains(&Scope::Write)) && self.is_for(register)
    }
    /// Whether the token may be used to change a register.
    pub fn may_write(&self, register: &str) -> bool {
        self.scopes.contains(&Scope::Write) && self.is_for(register)
    }
    /// Whether the token is for some registers only, and so not for answers computed from several.
    pub fn is_narrowed(&self) -> bool {
        self.scopes.iter().any(|scope| matches!(scope, Scope::Register(_)))
    }
    fn has_read(&self) -> bool {
        self.scopes.contains(&Scope::Read)
    }
    fn is_for(&self, register: &str) -> bool {
        let named = |scope: &Scope| matches!(scope, Scope::Register(id) if id.as_str() == register);
        !self.is_narrowed() || self.scopes.iter().any(named)
    }
}

/// Makes a token that is shown once.
pub fn make(
    store: &Store,
    person: &Person,
    (name, scopes, days): (&str, BTreeSet<Scope>, u32),
    from: &Caller,
    now: Timestamp,
) -> Result<Secret> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err(AccountError::NoName);
    }
    if !scopes.contains(&Scope::Read) && !scopes.contains(&Scope::Write) {
        return Err(AccountError::NoScope);
    }
    if days == 0 || days > LONGEST_DAYS {
        return Err(AccountError::TokenTerm { days: LONGEST_DAYS });
    }
    let count = list(store, person.id, now)?.len();
    if count >= MOST {
        return Err(AccountError::TooMany(count));
    }
    let secret = Secret::random(PREFIX)?;
    let expires = now + SignedDuration::from_hours(24 * i64::from(days));
    let token = ApiToken { person: person.id, name: name.to_owned(), scopes, made: now, expires, used: None };
    keep(store, &secret.digest(), &token, Some(0), now)?;
    let event = Event::new(Kind::TokenMade, Outcome::Done, from, now).by(person.id);
    door::note(store, &event.about(name))?;
    Ok(secret)
}

/// Who comes in with a token, if it is one and its person may come in.
pub fn find(store: &Store, secret: &str, now: Timestamp) -> Result<Option<Bearer>> {
    if !secret.starts_with(PREFIX) {
        return Ok(None);
    }
    let Some(filed) = API_TOKEN.get::<ApiToken>(store, &digest(secret), now)? else { return Ok(None) };
    let Some(person) = PERSON.get::<Person>(store, &filed.owner, now)? else { return Ok(None) };
    if person.value.disabled {
        return Ok(None);
    }
    let mut token = filed.value;
    if token.used.is_none_or(|used| now.duration_since(used) >= USED) {
        token.used = Some(now);
        // Whoever came between has noted the same, or has revoked it: the next use will see that.
        match keep(store, &filed.key, &token, Some(filed.version), now) {
            Ok(()) | Err(AccountError::Meanwhile) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(Bearer { person: person.value, token }))
}

/// A person's tokens, newest first.
pub fn list(store: &Store, person: PersonId, now: Timestamp) -> Result<Vec<Listed>> {
    let kept: Vec<Filed<ApiToken>> = API_TOKEN.of(store, &person.to_string(), now)?;
    let mut listed: Vec<Listed> =
        kept.into_iter().map(|filed| Listed { key: filed.key, token: filed.value }).collect();
    listed.sort_by_key(|listed| std::cmp::Reverse(listed.token.made));
    Ok(listed)
}

/// Revokes one of a person's own tokens; whether it was there.
pub fn revoke(store: &Store, person: PersonId, key: &str, from: &Caller, now: Timestamp) -> Result<bool> {
    let Some(filed) = API_TOKEN.get::<ApiToken>(store, key, now)? else { return Ok(false) };
    if filed.value.person != person || !API_TOKEN.discard(store, key)? {
        return Ok(false);
    }
    let event = Event::new(Kind::TokenRevoked, Outcome::Done, from, now).by(person);
    door::note(store, &event.method(Method::Token).about(&filed.value.name))?;
    Ok(true)
}

pub(crate) fn revoke_all(store: &Store, person: PersonId) -> Result<u64> {
    API_TOKEN.discard_of(store, &person.to_string())
}

fn keep(store: &Store, key: &str, token: &ApiToken, version: Option<u64>, now: Timestamp) -> Result<()> {
    let owner = token.person.to_string();
    let sheet = Sheet { key, owner: &owner, value: token, expires: Some(token.expires) };
    API_TOKEN.put(store, sheet, version, now)?;
    Ok(())
}

impl FromStr for Scope {
    type Err = AccountError;
    fn from_str(text: &str) -> Result<Self> {
        let not_one = || AccountError::NotAScope(text.chars().take(80).collect());
        match text {
            "read" => Ok(Scope::Read),
            "write" => Ok(Scope::Write),
            _ => {
                let id = text.strip_prefix("registers:").ok_or_else(not_one)?;
                RegisterId::new(id).map(Scope::Register).map_err(|_| not_one())
            }
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Read => f.write_str("read"),
            Scope::Write => f.write_str("write"),
            Scope::Register(id) => write!(f, "registers:{id}"),
        }
    }
}

impl TryFrom<String> for Scope {
    type Error = AccountError;
    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> String {
        scope.to_string()
    }
}
