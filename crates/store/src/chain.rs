//! The audit chain: every history entry carries a hash over itself and over the hash before it, so that an
//! entry cannot be edited, removed or slipped in without breaking every later one.
//! What this proves and what not is written in `docs/design/0002-store.md`.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// What stands before the first entry.
pub(crate) const GENESIS: [u8; 32] = [0; 32];

/// A link of the chain. Shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub(crate) [u8; 32]);

/// The end of the chain. Noted elsewhere (a notebook, a mail), it makes rewriting the whole chain visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries the history has.
    pub entries: u64,
    /// The hash of the last.
    pub hash: Hash,
}

/// What an entry did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The record was made or changed.
    Put,
    /// The record was withdrawn; its versions stay.
    Withdraw,
}

impl Action {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Action::Put => "put",
            Action::Withdraw => "withdraw",
        }
    }
    pub(crate) fn read(word: &str) -> Option<Action> {
        [Action::Put, Action::Withdraw].into_iter().find(|action| action.word() == word)
    }
}

/// Everything an entry says, as it is hashed.
pub(crate) struct Link<'a> {
    pub(crate) seq: u64,
    pub(crate) at: &'a str,
    pub(crate) actor: &'a str,
    pub(crate) action: &'a str,
    pub(crate) register: &'a str,
    pub(crate) id: &'a str,
    pub(crate) version: u64,
    pub(crate) reason: &'a str,
    /// SHA-256 of the body, taken apart so that bodies can be hashed side by side.
    pub(crate) body: [u8; 32],
}

impl Link<'_> {
    /// SHA-256 over: `shirube 1`, the hash before, then every part in the order of the struct. Numbers are
    /// eight bytes, big end first; a text is its length as such a number and its UTF-8 bytes.
    pub(crate) fn hash(&self, before: &[u8; 32]) -> [u8; 32] {
        let mut sum = Sha256::new();
        sum.update(b"shirube 1");
        sum.update(before);
        sum.update(self.seq.to_be_bytes());
        for text in [self.at, self.actor, self.action, self.register, self.id] {
            add_text(&mut sum, text);
        }
        sum.update(self.version.to_be_bytes());
        add_text(&mut sum, self.reason);
        sum.update(self.body);
        sum.finalize().into()
    }
}

/// The hash of a body.
pub(crate) fn body_hash(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

fn add_text(sum: &mut Sha256, text: &str) {
    sum.update((text.len() as u64).to_be_bytes());
    sum.update(text.as_bytes());
}

impl Hash {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Hash> {
        bytes.try_into().ok().map(Hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Hash {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let digits: Option<Vec<u8>> =
            text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
        let bytes: Option<Vec<u8>> = digits
            .filter(|digits| digits.len() == 64)
            .map(|digits| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect());
        bytes
            .and_then(|bytes| Hash::from_bytes(&bytes))
            .ok_or_else(|| format!("`{text}` is not a hash of 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link<'static> {
        let body = body_hash(b"{}");
        Link {
            seq: 1,
            at: "2026-11-23T00:00:00Z",
            actor: "a",
            action: "put",
            register: "r",
            id: "i",
            version: 1,
            reason: "why",
            body,
        }
    }

    #[test]
    fn every_part_of_an_entry_counts() {
        let plain = link().hash(&GENESIS);
        let changed = [
            Link { seq: 2, ..link() },
            Link { at: "2026-11-23T00:00:01Z", ..link() },
            Link { actor: "b", ..link() },
            Link { action: "withdraw", ..link() },
            Link { register: "s", ..link() },
            Link { id: "j", ..link() },
            Link { version: 2, ..link() },
            Link { reason: "why?", ..link() },
            Link { body: body_hash(b"{ }"), ..link() },
        ];
        for (part, link) in changed.iter().enumerate() {
            assert_ne!(link.hash(&GENESIS), plain, "part {part}");
        }
        assert_ne!(link().hash(&plain), plain, "the entry before");
    }

    #[test]
    fn text_cannot_flow_from_one_part_into_the_next() {
        let one = Link { register: "ab", id: "c", ..link() };
        let other = Link { register: "a", id: "bc", ..link() };
        assert_ne!(one.hash(&GENESIS), other.hash(&GENESIS));
    }

    #[test]
    fn the_encoding_stays_what_it_is() {
        let known = Hash(link().hash(&GENESIS)).to_string();
        assert_eq!(known.parse::<Hash>().map(|hash| hash.to_string()), Ok(known.clone()));
        // Computed once outside this program from the description above.
        assert_eq!(known, "cd673f71d96aca1d6af313e785b5bf9429cf9044ac6fc308764ae9db1d92b3fe");
    }
}
