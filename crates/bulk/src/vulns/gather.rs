//! A source as named bytes: files, folders and archives as `intake` opens them, addresses after they were fetched.

use std::path::{Path, PathBuf};

use intake::Input;
use sha2::{Digest, Sha256};

use super::refusal::VulnsError;
use super::{checksum, fetch};

/// What there is in a source.
pub(super) struct Gathered {
    pub(super) inputs: Vec<Input>,
    pub(super) bytes: u64,
    /// Over names and bytes.
    pub(super) sha256: String,
    pub(super) checksum: bool,
}

/// Opens a source. What is fetched is kept in a folder of its own, so that it is not fetched twice.
pub(super) fn gather(source: &str, kept: Option<&Path>) -> Result<Gathered, VulnsError> {
    let (path, checksum) = if let Some(kept) = kept.filter(|_| is_address(source)) {
        fetch::fetched(source, kept)?
    } else {
        let path = PathBuf::from(source);
        let checksum = checksum::hold(&path)?;
        (path, checksum)
    };
    let inputs = intake::bytes::open(&path, &limits(), None)?;
    let mut sum = Sha256::new();
    let mut bytes = 0;
    for input in &inputs {
        bytes += input.bytes.len() as u64;
        sum.update((input.name.len() as u64).to_le_bytes());
        sum.update(&input.name);
        sum.update((input.bytes.len() as u64).to_le_bytes());
        sum.update(&input.bytes);
    }
    Ok(Gathered { inputs, bytes, sha256: hexadecimal(&sum.finalize()), checksum })
}

pub(super) fn is_address(source: &str) -> bool {
    source.starts_with("https://") || source.starts_with("http://")
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// More and larger files than other readers meet: whole databases of advisories.
fn limits() -> intake::Limits {
    intake::Limits {
        files: 2_000_000,
        total_bytes: 8 << 30,
        file_bytes: 2 << 30,
        // Databases of advisories lie in folders by kind, year and month.
        nesting: 16,
        ..intake::Limits::default()
    }
}
