//! The one place where files are opened: a file, a folder or an archive becomes named bytes, within the limits.
//! What the bytes mean is none of its business.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::reading::{OnProgress, Progress, Stage};

/// The bytes of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name relative to what the caller named; a file in an archive follows its archive after `!`.
    pub name: String,
    /// Its bytes, unpacked.
    pub bytes: Vec<u8>,
}

/// Opens a file, all files of a folder, or all files of an archive, in the order of their names.
pub fn open(
    path: &Path,
    limits: &Limits,
    progress: Option<OnProgress<'_>>,
) -> Result<Vec<Input>, IntakeError> {
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let mut gathering = Gathering { limits, progress, inputs: Vec::new(), total: 0 };
    gathering.path(path, &name, 0)?;
    gathering.inputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(gathering.inputs)
}

/// Unpacks bytes if they are an archive; a spreadsheet, which is an archive too, stays whole.
pub fn unpack(name: &str, bytes: Vec<u8>, limits: &Limits) -> Result<Vec<Input>, IntakeError> {
    let mut gathering = Gathering { limits, progress: None, inputs: Vec::new(), total: 0 };
    gathering.bytes(name, bytes, 0)?;
    Ok(gathering.inputs)
}

struct Gathering<'a> {
    limits: &'a Limits,
    progress: Option<OnProgress<'a>>,
    inputs: Vec<Input>,
    total: u64,
}

impl Gathering<'_> {
    fn path(&mut self, path: &Path, name: &str, level: usize) -> Result<(), IntakeError> {
        // What a person named is told as they named it.
        let told = if level == 0 { path.display().to_string() } else { name.to_owned() };
        let trouble = |error: std::io::Error| IntakeError::new(&told, Trouble::Open(error.to_string()));
        let about = fs::metadata(path).map_err(trouble)?;
        if about.is_dir() {
            return self.folder(path, name, level);
        }
        if !about.is_file() {
            return Err(IntakeError::new(&told, Trouble::NotAFile));
        }
        self.within("bytes", about.len(), self.limits.file_bytes, name)?;
        let file = fs::File::open(path).map_err(trouble)?;
        let bytes = self.drain(file, name, about.len(), self.limits.file_bytes)?;
        self.bytes(name, bytes, level)
    }

    fn folder(&mut self, path: &Path, name: &str, level: usize) -> Result<(), IntakeError> {
        self.within("levels of folders", level as u64, self.limits.nesting as u64, name)?;
        let trouble = |error: std::io::Error| IntakeError::new(name, Trouble::Open(error.to_string()));
        for entry in fs::read_dir(path).map_err(trouble)? {
            let entry = entry.map_err(trouble)?;
            let inner = entry.file_name().to_string_lossy().into_owned();
            // A link inside a folder may lead out of it or back into it.
            let is_link = entry.file_type().map_err(trouble)?.is_symlink();
            if hidden(&inner) || (is_link && entry.path().is_dir()) {
                continue;
            }
            let inner = if level == 0 { inner } else { format!("{name}/{inner}") };
            self.path(&entry.path(), &inner, level + 1)?;
        }
        Ok(())
    }

    fn bytes(&mut self, name: &str, bytes: Vec<u8>, level: usize) -> Result<(), IntakeError> {
        if bytes.starts_with(b"PK\x03\x04") && !is_spreadsheet(&bytes) {
            return self.archive(name, &bytes, level);
        }
        if bytes.starts_with(GZIP) {
            return self.gzip(name, &bytes, level);
        }
        if is_tar(&bytes) {
            return self.tar(name, &bytes, level);
        }
        self.within("files", self.inputs.len() as u64 + 1, self.limits.files as u64, name)?;
        self.total += bytes.len() as u64;
        self.within("bytes in all", self.total, self.limits.total_bytes, name)?;
        if let Some(progress) = self.progress {
            progress(Progress { stage: Stage::Opening, done: self.total, total: 0 });
        }
        self.inputs.push(Input { name: name.to_owned(), bytes });
        Ok(())
    }

    fn archive(&mut self, name: &str, bytes: &[u8], level: usize) -> Result<(), IntakeError> {
        self.within("archives within archives", level as u64, self.limits.nesting as u64, name)?;
        let damaged =
            |error: zip::result::ZipError| IntakeError::new(name, Trouble::Archive(error.to_string()));
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        self.within("files", archive.len() as u64, self.limits.files as u64, name)?;
        let allowance = self.allowance(bytes);
        let mut unpacked = 0_u64;
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(damaged)?;
            let inner = entry_name(&entry);
            if entry.is_dir()
                || hidden(inner.rsplit('/').next().unwrap_or(&inner))
                || inner.starts_with("__MACOSX/")
            {
                continue;
            }
            let inner = format!("{name}!{inner}");
            let declared = entry.size();
            self.within("bytes", declared, self.limits.file_bytes, &inner)?;
            let left = allowance.saturating_sub(unpacked);
            let content = self.unpacked(entry, name, &inner, declared, left)?;
            unpacked += content.len() as u64;
            self.bytes(&inner, content, level + 1)?;
        }
        Ok(())
    }

    /// One file, compressed: what is inside bears its name without `.gz`.
    fn gzip(&mut self, name: &str, bytes: &[u8], level: usize) -> Result<(), IntakeError> {
        self.within("archives within archives", level as u64, self.limits.nesting as u64, name)?;
        let inner = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".tgz")).unwrap_or(name);
        let content = self.unpacked(MultiGzDecoder::new(bytes), name, inner, 0, self.allowance(bytes))?;
        self.bytes(inner, content, level + 1)
    }

    /// The files of a tar archive; links and devices are nothing to read.
    fn tar(&mut self, name: &str, bytes: &[u8], level: usize) -> Result<(), IntakeError> {
        self.within("archives within archives", level as u64, self.limits.nesting as u64, name)?;
        let damaged = |error: std::io::Error| IntakeError::new(name, Trouble::Archive(error.to_string()));
        let mut archive = tar::Archive::new(bytes);
        for entry in archive.entries().map_err(damaged)? {
            let entry = entry.map_err(damaged)?;
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if !entry.header().entry_type().is_file() || hidden(path.rsplit('/').next().unwrap_or(&path)) {
                continue;
            }
            let inner = format!("{name}!{path}");
            let declared = entry.size();
            self.within("bytes", declared, self.limits.file_bytes, &inner)?;
            let content =
                self.drain(entry, &inner, declared.min(bytes.len() as u64), self.limits.file_bytes)?;
            if (content.len() as u64) < declared {
                return Err(damaged(std::io::ErrorKind::UnexpectedEof.into()));
            }
            self.bytes(&inner, content, level + 1)?;
        }
        Ok(())
    }

    /// How many bytes may come out of an archive.
    fn allowance(&self, archive: &[u8]) -> u64 {
        (archive.len() as u64).saturating_mul(self.limits.unpack_ratio).max(1 << 20)
    }

    /// One file of an archive. The declared size is a claim; what counts is what comes out.
    fn unpacked(
        &self,
        from: impl Read,
        archive: &str,
        name: &str,
        declared: u64,
        left: u64,
    ) -> Result<Vec<u8>, IntakeError> {
        let left = left.min(self.limits.file_bytes);
        self.drain(from, name, declared.min(left), left).map_err(|error| match error.trouble {
            Trouble::TooMuch { limit, .. } if limit < self.limits.file_bytes => {
                IntakeError::new(archive, Trouble::Bomb(self.limits.unpack_ratio))
            }
            _ => error,
        })
    }

    /// Reads to the end, or until there is more than `most`.
    fn drain(&self, from: impl Read, name: &str, expected: u64, most: u64) -> Result<Vec<u8>, IntakeError> {
        let expected = usize::try_from(expected).unwrap_or(0).min(64 << 20);
        let mut bytes = Vec::with_capacity(expected);
        let read = from.take(most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| IntakeError::new(name, Trouble::Open(error.to_string())))?;
        self.within("bytes", bytes.len() as u64, most, name)?;
        Ok(bytes)
    }

    #[allow(clippy::unused_self, reason = "reads as one sentence at its many uses")]
    fn within(&self, what: &'static str, found: u64, limit: u64, name: &str) -> Result<(), IntakeError> {
        if found > limit { Err(IntakeError::new(name, Trouble::TooMuch { what, limit })) } else { Ok(()) }
    }
}

/// How gzip files begin (RFC 1952, 2.3.1).
const GZIP: &[u8] = b"\x1f\x8b\x08";

/// The mark of POSIX and GNU archives in the header of their first file.
fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

/// Files that systems leave behind, such as `.DS_Store`.
fn hidden(name: &str) -> bool {
    name.starts_with('.') || name == "Thumbs.db"
}

/// Windows writes names in CP932 without saying so.
fn entry_name<R: Read + ?Sized>(entry: &zip::read::ZipFile<'_, R>) -> String {
    let raw = entry.name_raw();
    let name = crate::text::decode("", raw)
        .map_or_else(|_| String::from_utf8_lossy(raw).into_owned(), std::borrow::Cow::into_owned);
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// Office Open XML names its content types first.
fn is_spreadsheet(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| {
        archive.index_for_name("[Content_Types].xml").is_some()
            || archive.index_for_name("xl/workbook.xml").is_some()
    })
}
