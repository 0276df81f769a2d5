//! Passwords: which are taken, how they are hashed and compared. Who tries how often is `throttle`'s business.
//!
//! Drawer `password`: under a person's id the argon2id hash with its parameters, and since when it stands.

use std::sync::LazyLock;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use base::text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Store;

use crate::drawer::{PASSWORD, Sheet};
use crate::error::{AccountError, Result};
use crate::person::{Login, PersonId};
use crate::secret::random_bytes;

/// The fewest characters. Length is what counts: NIST SP 800-63B asks for eight, and for fifteen where nothing else is
/// asked; twelve together with slowed tries.
pub const SHORTEST: usize = 12;
/// The most bytes that are hashed.
pub const LONGEST: usize = 1024;

/// The parameters the OWASP Password Storage Cheat Sheet gives for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes computed side by side: more are not quicker on a few cores, and each holds 19 MiB.
const SIDE_BY_SIDE: usize = 3;
/// How long a hash waits for its turn before the person is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// What people choose first, or make a longer password of by repeating and numbering.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "passwort",
    "pass",
    "qwertyuiop",
    "qwerty",
    "asdfghjkl",
    "asdf",
    "zxcvbnm",
    "letmein",
    "welcome",
    "iloveyou",
    "monkey",
    "dragon",
    "master",
    "administrator",
    "admin",
    "root",
    "user",
    "login",
    "guest",
    "test",
    "secret",
    "changeme",
    "default",
    "shirube",
    "kikaku",
    "himitsu",
    "sakura",
    "nippon",
    "nihon",
    "japan",
    "tokyo",
    "kasumigaseki",
    "reiwa",
    "heisei",
    "kosei",
    "mhlw",
    "meti",
    "mext",
    "amed",
    "pmda",
    "パスワード",
    "ひみつ",
    "秘密",
    "管理者",
    "日本",
    "東京",
    "さくら",
    "桜",
    "あいうえお",
];

/// What is kept of a password.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    hash: String,
    since: Timestamp,
}

/// Whether a password may be chosen by the person with this login name.
pub fn fit(login: &Login, password: &str) -> Result<()> {
    let password = one_spelling(password)?;
    if password.chars().count() < SHORTEST {
        return Err(AccountError::PasswordShort { at_least: SHORTEST });
    }
    let lower = password.to_lowercase();
    if lower.contains(login.as_str()) {
        return Err(AccountError::PasswordHoldsLogin);
    }
    if is_common(&lower) {
        return Err(AccountError::PasswordCommon);
    }
    Ok(())
}

/// A password that may be kept: computed before a link is used up for it, since it may fail.
pub(crate) struct Hashed(String);

/// Makes a password ready to be kept for the person with this login name.
pub(crate) fn hashed(login: &Login, password: &str) -> Result<Hashed> {
    fit(login, password)?;
    Ok(Hashed(hash(password)?))
}

/// Sets a password. Whether the person may is the caller's business, and so are their sessions.
pub(crate) fn keep(store: &Store, person: PersonId, password: Hashed, now: Timestamp) -> Result<()> {
    let value = &Kept { hash: password.0, since: now };
    let key = person.to_string();
    PASSWORD.put(store, Sheet { key: &key, owner: &key, value, expires: None }, None, now)?;
    Ok(())
}

/// Whether a password is the person's. Without a person, or where they have no password, the answer is no and takes as long.
pub(crate) fn is_of(store: &Store, person: Option<PersonId>, password: &str, now: Timestamp) -> Result<bool> {
    let kept = match person {
        Some(person) => PASSWORD.get::<Kept>(store, &person.to_string(), now)?,
        None => None,
    };
    let Some((person, kept)) = person.zip(kept) else {
        verify(password, DUMMY.as_str())?;
        return Ok(false);
    };
    let right = verify(password, &kept.value.hash)?;
    if right && is_old(&kept.value.hash) {
        keep(store, person, Hashed(hash(password)?), now)?;
    }
    Ok(right)
}

/// Takes a person's password away.
pub(crate) fn remove(store: &Store, person: PersonId) -> Result<bool> {
    PASSWORD.discard(store, &person.to_string())
}

/// The same characters typed on another keyboard are the same password.
fn one_spelling(password: &str) -> Result<String> {
    if password.len() > LONGEST {
        return Err(AccountError::PasswordLong { at_most: LONGEST });
    }
    Ok(text::fold_width(password).into_owned())
}

/// Whether hardly anything is left when the commonest words, digits and signs are taken away, or few characters repeat.
fn is_common(lower: &str) -> bool {
    let mut rest = lower.to_owned();
    for word in COMMON {
        rest = rest.replace(word, " ");
    }
    let left = rest.chars().filter(|c| c.is_alphabetic()).count();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    left < 4 || different.len() < 5
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(cannot)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    let password = one_spelling(password)?;
    let salt = random_bytes()?;
    let _turn = GATE.turn()?;
    let hash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt[..16]).map_err(cannot)?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: &str) -> Result<bool> {
    // A password that is too long is no one's; it is compared as an empty one, so that it takes as long.
    let password = one_spelling(password).unwrap_or_default();
    let hash = PasswordHash::new(hash).map_err(cannot)?;
    let _turn = GATE.turn()?;
    match hasher()?.verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(cannot(error)),
    }
}

/// Whether a hash was made with other parameters than today's.
fn is_old(hash: &str) -> bool {
    let today = format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$");
    !hash.starts_with(&today)
}

fn cannot(error: impl std::fmt::Display) -> AccountError {
    AccountError::Hash(error.to_string())
}

/// A hash of today's parameters that no password has: what a try is compared with where there is nobody.
static DUMMY: LazyLock<String> = LazyLock::new(|| {
    let salt = "c2hpcnViZXNoaXJ1YmU";
    let output = "A".repeat(43);
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${output}")
});

/// Bounds what the hashes of this process hold in memory, whoever computes them.
static GATE: Gate = Gate { inside: Mutex::new(0), left: Condvar::new() };

struct Gate {
    inside: Mutex<usize>,
    left: Condvar,
}

struct Turn<'a>(&'a Gate);

impl Gate {
    fn turn(&self) -> Result<Turn<'_>> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |inside: &mut usize| *inside >= SIDE_BY_SIDE;
        let (mut inside, waited) =
            self.left.wait_timeout_while(inside, PATIENCE, full).unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(AccountError::Busy);
        }
        *inside += 1;
        Ok(Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.inside.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tanaka() -> Login {
        Login::new("tanaka").unwrap()
    }

    #[test]
    fn several_words_make_a_password() {
        for password in ["correct horse battery", "ガード下の焼き鳥と冷たい麦茶", "k7#vQ-93mz!Lpe"]
        {
            assert!(fit(&tanaka(), password).is_ok(), "{password}");
        }
    }

    #[test]
    fn what_is_tried_first_is_no_password() {
        let why = |password: &str| fit(&tanaka(), password).unwrap_err().to_string();
        assert!(why("short").contains("too short"));
        assert!(why("ｓｈｏｒｔ").contains("too short"), "full width is no longer than half width");
        assert!(why("my name is TANAKA").contains("login name"));
        for password in [
            "password1234",
            "Passw0rd!2026",
            "sakura-tokyo-2026",
            "aaaaaaaaaaaaaaa",
            "123456789012",
            "adminadminadmin",
        ] {
            assert!(why(password).contains("tried first"), "{password}");
        }
        assert!(why(&"x".repeat(2000)).contains("too long"));
    }

    #[test]
    fn a_password_typed_in_full_width_is_the_same_password() {
        let hash = hash("correct horse battery").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("ｃｏｒｒｅｃｔ　ｈｏｒｓｅ　ｂａｔｔｅｒｙ", &hash).unwrap());
        assert!(!verify("correct horse batterx", &hash).unwrap());
        assert!(!is_old(&hash));
    }

    #[test]
    fn a_hash_of_other_parameters_is_verified_by_its_own_and_known_as_old() {
        let weak = Params::new(8 * 1024, 1, 1, None).unwrap();
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, weak);
        let old =
            weak.hash_password_with_salt(b"correct horse battery", b"a salt of theirs").unwrap().to_string();
        assert!(verify("correct horse battery", &old).unwrap());
        assert!(is_old(&old));
    }

    #[test]
    fn nobody_is_compared_with_a_hash_that_costs_the_same_and_never_matches() {
        assert!(!is_old(&DUMMY));
        assert!(!verify("", &DUMMY).unwrap());
        assert!(!verify(&"x".repeat(2000), &DUMMY).unwrap());
    }
}
