//! Checksums that a source offers beside a file: `FILE.sha256`, a list `SHA256SUMS` in its folder, and NVD's `.meta` with the SHA-256 of the
//! uncompressed file. Where one is offered, it must agree.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::gather::hexadecimal;
use super::refusal::VulnsError;

/// The longest list that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// A checksum as it is told.
pub(super) struct Told {
    /// In hexadecimal, lower case.
    pub(super) sha256: String,
    /// Whether it is of what the file unpacks to.
    pub(super) unpacked: bool,
    /// Where it stands.
    pub(super) by: String,
}

/// Holds a file, or the files of a folder with a list, against what is offered beside; whether there was something.
pub(super) fn hold(path: &Path) -> Result<bool, VulnsError> {
    if path.is_dir() {
        let list = path.join("SHA256SUMS");
        let Some(text) = text_of(&list) else { return Ok(false) };
        for (sha256, name) in lines(&text) {
            let file = path.join(name);
            if file.starts_with(path) && file.is_file() && !name.contains("..") {
                agree(&file, &Told { sha256, unpacked: false, by: list.display().to_string() })?;
            }
        }
        return Ok(true);
    }
    let Some(told) = beside(path) else { return Ok(false) };
    agree(path, &told)?;
    Ok(true)
}

/// Whether a file is the one that is told of.
pub(super) fn agree(path: &Path, told: &Told) -> Result<(), VulnsError> {
    let file = File::open(path).map_err(|error| VulnsError::file(path, error))?;
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let found = if told.unpacked && packed { digest(MultiGzDecoder::new(file)) } else { digest(file) };
    let found = found.map_err(|error| VulnsError::file(path, error))?;
    if found == told.sha256 {
        return Ok(());
    }
    let source_name = path.display().to_string();
    Err(VulnsError::Checksum { source_name, found, told: told.sha256.clone(), told_by: told.by.clone() })
}

/// `HASH` alone, or `HASH  NAME` as `sha256sum` writes.
pub(super) fn of_sha256(text: &str, by: &str) -> Option<Told> {
    let (sha256, _) = lines(text).next()?;
    Some(Told { sha256, unpacked: false, by: by.to_owned() })
}

/// NVD: lines of `key:value`, among them `sha256` of the uncompressed file.
pub(super) fn of_meta(text: &str, by: &str) -> Option<Told> {
    let told = text.lines().find_map(|line| line.trim().strip_prefix("sha256:"))?;
    is_hash(told).then(|| Told { sha256: told.to_ascii_lowercase(), unpacked: true, by: by.to_owned() })
}

/// The name of NVD's `.meta` of a file: `nvdcve-2.0-2024.json.gz` → `nvdcve-2.0-2024.meta`.
pub(super) fn meta_name(name: &str) -> Option<String> {
    let stem = [".json.gz", ".json.zip", ".json"].iter().find_map(|ending| name.strip_suffix(ending))?;
    Some(format!("{stem}.meta"))
}

fn beside(path: &Path) -> Option<Told> {
    let name = path.file_name()?.to_str()?;
    let own = path.with_file_name(format!("{name}.sha256"));
    if let Some(told) = text_of(&own).and_then(|text| of_sha256(&text, &own.display().to_string())) {
        return Some(told);
    }
    let meta = path.with_file_name(meta_name(name).unwrap_or_default());
    if let Some(told) = text_of(&meta).and_then(|text| of_meta(&text, &meta.display().to_string())) {
        return Some(told);
    }
    let list = path.with_file_name("SHA256SUMS");
    let text = text_of(&list)?;
    let (sha256, _) = lines(&text).find(|(_, listed)| *listed == name)?;
    Some(Told { sha256, unpacked: false, by: list.display().to_string() })
}

/// Hashes and names; a name may follow `*` (read as binary) or be missing.
fn lines(text: &str) -> impl Iterator<Item = (String, &str)> {
    text.lines().filter_map(|line| {
        let (hash, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let name = name.trim().trim_start_matches('*').trim_start_matches("./");
        is_hash(hash).then(|| (hash.to_ascii_lowercase(), name))
    })
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn text_of(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok().filter(|_| path.is_file())?.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

fn digest(mut from: impl Read) -> std::io::Result<String> {
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hexadecimal(&sum.finalize())),
            read => sum.update(&buffer[..read]),
        }
    }
}
