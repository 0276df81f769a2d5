//! A person: who they are to us, the organisations they belong to and what they do there. Where people are kept is
//! `people`'s business; how they prove who they are is told in `password`, `passkey` and `sign_on`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use base::{Lang, text};
use jiff::Timestamp;
use register::RecordId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{AccountError, Result};

/// The role of those who manage people. It is no role of a register: an administrator sees and changes no more
/// records than anybody else.
pub const ADMINISTRATOR: &str = "administrator";

/// Words of a register's rights that are not roles.
const NOT_ROLES: [&str; 5] = [ADMINISTRATOR, "public", "organisations", "owner", "named"];

/// The lasting name of a person: random, so that it tells nothing; it is also the user handle of their passkeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(Uuid);

/// What a person types to say who they are: one spelling for full and half width, upper and lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

/// What somebody does in an organisation, in the words of the registers' rights: `secretariat`, `ministry`, `reviewer`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Role(String);

/// Organisations (records of the register `organisation`) and the roles somebody has in each.
pub type Memberships = BTreeMap<RecordId, BTreeSet<Role>>;

/// What an administrator says of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What they type to sign in.
    pub login: Login,
    /// What pages call them.
    pub name: String,
    /// Where they can be written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where they belong, given by an administrator.
    #[serde(default)]
    pub memberships: Memberships,
    /// Whether they manage people.
    #[serde(default)]
    pub administrator: bool,
    /// The language they are addressed in.
    #[serde(default)]
    pub language: Lang,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The lasting name.
    pub id: PersonId,
    /// What an administrator says of them.
    #[serde(flatten)]
    pub profile: Profile,
    /// Where they belong according to the single sign-on; made anew at every sign-in through it.
    #[serde(default)]
    pub granted: Memberships,
    /// Whether they may not come in.
    #[serde(default)]
    pub disabled: bool,
    /// Since when they are here.
    pub made: Timestamp,
}

impl Profile {
    /// Somebody with a login name and a name, and nothing else.
    pub fn new(login: Login, name: impl Into<String>) -> Self {
        Profile {
            login,
            name: name.into(),
            email: None,
            memberships: Memberships::new(),
            administrator: false,
            language: Lang::Ja,
        }
    }

    /// Whether name and e-mail address can be what they say; blanks around them are taken away.
    pub(crate) fn checked(mut self) -> Result<Profile> {
        let name = self.name.trim().to_owned();
        self.name = name;
        if self.name.is_empty() || self.name.chars().count() > 200 || self.name.chars().any(char::is_control)
        {
            return Err(AccountError::NoName);
        }
        self.email = self.email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty());
        match self.email {
            Some(email) if !is_email(&email) => Err(AccountError::NotAnEmail(email)),
            _ => Ok(self),
        }
    }
}

impl Person {
    /// All organisations of the person.
    pub fn organisations(&self) -> BTreeSet<&RecordId> {
        self.profile.memberships.keys().chain(self.granted.keys()).collect()
    }
    /// All roles of the person, in whichever organisation, and [`ADMINISTRATOR`] where they manage people.
    pub fn roles(&self) -> BTreeSet<&str> {
        let of_registers = self.profile.memberships.values().chain(self.granted.values()).flatten();
        of_registers.map(Role::as_str).chain(self.profile.administrator.then_some(ADMINISTRATOR)).collect()
    }
    /// Whether the person manages people.
    pub fn is_administrator(&self) -> bool {
        self.profile.administrator && !self.disabled
    }
}

impl PersonId {
    pub(crate) fn random() -> Result<PersonId> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|_| AccountError::Randomness)?;
        Ok(PersonId(uuid::Builder::from_random_bytes(bytes).into_uuid()))
    }
    /// As passkeys hold it.
    pub(crate) fn handle(self) -> Uuid {
        self.0
    }
    pub(crate) fn of_handle(handle: Uuid) -> PersonId {
        PersonId(handle)
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for PersonId {
    type Err = AccountError;
    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(PersonId).map_err(|_| AccountError::NoSuchPerson)
    }
}

impl Login {
    /// Brings a login name to its one spelling.
    pub fn new(typed: &str) -> Result<Login> {
        let not_one = || AccountError::NotALogin(typed.chars().take(80).collect());
        if typed.len() > 1000 {
            return Err(not_one());
        }
        let login = text::fold_width(typed.trim()).to_lowercase();
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
        // Keys of the cabinet have 200 bytes at most, and 64 characters may have 256.
        if !(2..=64).contains(&login.chars().count()) || login.len() > 200 || !login.chars().all(allowed) {
            return Err(not_one());
        }
        Ok(Login(login))
    }
    /// The one spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Role {
    /// Checks a word.
    pub fn new(word: &str) -> Result<Role> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if word.is_empty() || word.len() > 60 || NOT_ROLES.contains(&word) || !word.chars().all(allowed) {
            return Err(AccountError::NotARole(word.chars().take(80).collect()));
        }
        Ok(Role(word.to_owned()))
    }
    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Login {
    type Error = AccountError;
    fn try_from(text: String) -> Result<Self> {
        Login::new(&text)
    }
}
impl TryFrom<String> for Role {
    type Error = AccountError;
    fn try_from(text: String) -> Result<Self> {
        Role::new(&text)
    }
}
impl From<Login> for String {
    fn from(login: Login) -> String {
        login.0
    }
}
impl From<Role> for String {
    fn from(role: Role) -> String {
        role.0
    }
}

/// Enough to notice a slip of the keyboard; whether mail arrives, only mail can tell.
fn is_email(text: &str) -> bool {
    let fits = text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    fits && text.rsplit_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_login_name_has_one_spelling() {
        for typed in ["ｔａｎａｋａ", "Tanaka", " tanaka "] {
            assert_eq!(Login::new(typed).unwrap().as_str(), "tanaka", "{typed}");
        }
        assert_eq!(Login::new("田中＠厚労省").unwrap().as_str(), "田中@厚労省");
    }

    #[test]
    fn what_cannot_be_a_login_name_is_refused() {
        let long = "あ".repeat(65);
        for typed in ["", "a", "two words", "a/b", "a\0b", long.as_str(), &"x".repeat(2000)] {
            assert!(matches!(Login::new(typed), Err(AccountError::NotALogin(_))), "{typed}");
        }
    }

    #[test]
    fn managing_people_is_no_role_somebody_can_be_given_in_an_organisation() {
        assert!(Role::new("secretariat").is_ok());
        for word in ["administrator", "owner", "public", "named", "organisations", "", "Ministry", "a b"] {
            assert!(matches!(Role::new(word), Err(AccountError::NotARole(_))), "{word}");
        }
    }

    #[test]
    fn a_slip_in_an_address_is_noticed() {
        let with = |email: &str| {
            let mut profile = Profile::new(Login::new("tanaka").unwrap(), "田中");
            profile.email = Some(email.to_owned());
            profile.checked()
        };
        assert_eq!(with(" a@example.jp ").unwrap().email.as_deref(), Some("a@example.jp"));
        assert_eq!(with("  ").unwrap().email, None);
        for email in ["a", "a@", "@example.jp", "a@example", "a b@example.jp", "a@example.jp."] {
            assert!(matches!(with(email), Err(AccountError::NotAnEmail(_))), "{email}");
        }
    }
}
