//! The bills that a command is given: files, the standard input, and what lies in folders and archives.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use base::Lang;
use cyber::document::{Limits, ReadError};
use cyber::sbom;
use rayon::prelude::*;

use super::sbom::bytes_of;
use crate::failure::Failure;
use crate::session::Voice;

/// How many of the files that are no bills are named.
const NAMED: usize = 3;

/// A bill's bytes and the name it is spoken of by; within an archive, its name there after the archive's and `!`.
pub(super) struct Given {
    pub(super) file: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// The bills that paths name, in their order. Of a folder or archive, files that are no bills are passed over and told; a file that is
/// named itself is always given on, so that it is refused where it is none.
pub(super) fn given(voice: Voice, paths: &[PathBuf]) -> Result<Vec<Given>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        if is_container(path) {
            all.extend(contained(voice, path)?);
        } else {
            all.push(Given { file: path.clone(), bytes: bytes_of(path)? });
        }
    }
    Ok(all)
}

/// A folder, a ZIP or gzip archive by its first bytes, or what calls itself a tar archive.
fn is_container(path: &Path) -> bool {
    if path.is_dir() {
        return true;
    }
    if !path.is_file() {
        return false;
    }
    let mut start = [0; 4];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    let is_packed = read.is_ok() && (start.starts_with(b"PK\x03\x04") || start.starts_with(b"\x1f\x8b"));
    is_packed || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("tar"))
}

fn contained(voice: Voice, path: &Path) -> Result<Vec<Given>, Failure> {
    let inputs = intake::bytes::open(path, &limits(), None)?;
    let within = if path.is_dir() { Some(path) } else { path.parent() };
    let within = within.unwrap_or(Path::new(""));
    let sorted: Vec<Result<Given, PathBuf>> = inputs
        .into_par_iter()
        .map(|input| {
            let file = within.join(&input.name);
            if is_bill(&input.bytes) { Ok(Given { file, bytes: input.bytes }) } else { Err(file) }
        })
        .collect();
    let (mut bills, mut others) = (Vec::new(), Vec::new());
    for one in sorted {
        match one {
            Ok(bill) => bills.push(bill),
            Err(file) => others.push(file.display().to_string()),
        }
    }
    let shown = path.display();
    if bills.is_empty() {
        return Err(Failure::said(format!("{shown}：SBOMがありません"), format!("{shown}: holds no SBOM")));
    }
    if !others.is_empty() {
        let count = others.len();
        others.truncate(NAMED);
        let such = others.join(", ");
        voice.remark(match voice.lang {
            Lang::Ja => format!("{shown}：SBOMでないファイル{count}件は見ていません（{such}など）"),
            Lang::En => format!("{shown}: {count} files that are no SBOMs were passed over, such as {such}"),
        });
    }
    Ok(bills)
}

/// Whether bytes are a bill, be it a damaged one. Each format has its name in every document; reading tells the rest.
fn is_bill(bytes: &[u8]) -> bool {
    let names: [&[u8]; 4] = [b"CycloneDX", b"cyclonedx", b"SPDX", b"spdx"];
    names.iter().any(|name| memchr::memmem::find(bytes, name).is_some())
        && !matches!(sbom::read(bytes, &Limits::default()), Err(ReadError::Unknown(_)))
}

/// As for a single bill, and for all of them together.
fn limits() -> intake::Limits {
    intake::Limits { file_bytes: Limits::default().bytes as u64, nesting: 16, ..intake::Limits::default() }
}
