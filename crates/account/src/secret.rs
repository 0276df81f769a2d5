//! Random texts that prove something to whoever holds them: session tokens, links, API tokens, states. Only their
//! SHA-256 is kept: 256 random bits need no slow hash, and a stolen database opens nothing.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{AccountError, Result};

/// A secret text, shown once to the one it is for.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text: for a cookie, a link or a page, never for a log.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    /// 256 bits from the operating system after a prefix by which a leaked one is recognised.
    pub(crate) fn random(prefix: &str) -> Result<Secret> {
        Ok(Secret(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random_bytes()?))))
    }
    /// Under what it is kept.
    pub(crate) fn digest(&self) -> String {
        digest(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Under what a secret is kept.
pub(crate) fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Bytes from the operating system.
pub(crate) fn random_bytes() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| AccountError::Randomness)?;
    Ok(bytes)
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Whether two texts are the same, in a time that does not tell where they differ: their digests are compared.
pub(crate) fn same(a: &str, b: &str) -> bool {
    Sha256::digest(a.as_bytes()) == Sha256::digest(b.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_made_twice_nor_shown_by_accident() {
        let (one, two) = (Secret::random("x_").unwrap(), Secret::random("x_").unwrap());
        assert_ne!(one, two);
        assert!(one.reveal().starts_with("x_") && one.reveal().len() == 2 + 43);
        assert_eq!(format!("{one:?}"), "Secret(…)");
        assert!(!one.digest().contains(&one.reveal()[2..]));
    }
}
