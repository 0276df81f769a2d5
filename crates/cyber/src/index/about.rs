//! Where an index comes from: what each source was, and what of it could not be read.

use serde::{Deserialize, Serialize};

/// What an index says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The day it was built, `2026-11-28`.
    pub built_on: String,
    /// Its sources, in the order of their numbers.
    pub sources: Vec<Provenance>,
}

/// One source, as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The path or address it was named by.
    pub name: String,
    /// The formats found in it.
    pub formats: Vec<String>,
    /// The newest day or moment its data tell of themselves, as written.
    pub dated: Option<String>,
    /// Its bytes, unpacked.
    pub bytes: u64,
    /// SHA-256 of the names and bytes of its files, unpacked, in the order of their names.
    pub sha256: String,
    /// Whether a checksum that the source offers was found and agreed.
    pub checksum: bool,
    /// Records taken from it.
    pub records: u64,
    /// Records that could not be read.
    pub refused: u64,
    /// The first reasons, each with its place.
    pub reasons: Vec<String>,
    /// Files in it that are of no known format, and so were passed over.
    pub passed_over: u64,
    /// The day it was read.
    pub read_on: String,
}
