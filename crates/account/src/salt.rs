//! A random value of this installation, by which texts that may be secrets (a password typed as a login name) are made
//! comparable without being readable.
//!
//! Drawer `installation`: under `salt` the value, made when it is first needed.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::Store;

use crate::drawer::INSTALLATION;
use crate::error::{AccountError, Result};
use crate::secret::{hex, random_bytes};

const KEY: &str = "salt";

/// A text made comparable within this installation.
pub(crate) fn salted(store: &Store, text: &str, now: Timestamp) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(salt(store, now)?.as_bytes());
    hash.update(text.as_bytes());
    Ok(hex(&hash.finalize()))
}

fn salt(store: &Store, now: Timestamp) -> Result<String> {
    INSTALLATION.change::<String>(store, (KEY, ""), now, |there| match there {
        Some(_) => None,
        // Without random bytes there is no salt now; the line below says so.
        None => Some((hex(&random_bytes().ok()?), None)),
    })?;
    let filed = INSTALLATION.get::<String>(store, KEY, now)?;
    filed.map(|filed| filed.value).ok_or(AccountError::Randomness)
}
