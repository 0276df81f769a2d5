//! An index read in place: its sections, and advisories by their number. How advisories are found stands in `lookup`.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_64;

use super::about::About;
use super::build::NOWHERE;
use super::configured::{Concerned, Configured};
use super::cursor::Cursor;
use super::format::{IndexError, Line, Section, TRAILER, lines, number, small};
use super::lookup::Spot;
use super::table::Table;
use crate::advisory::{Advisory, Configuration};
use crate::name::cpe::Cpe;

/// Bytes of a line of `Advisories`.
const ADVISORY: usize = 20;
/// Bytes of a line of `BlockTable`.
const BLOCK: usize = 24;
/// No block of Zstandard is denser than 128 KiB of one byte in four bytes (RFC 8878, 3.1.1.2): more is claimed by no honest writer.
const DENSEST: usize = (128 << 10) / 4 + 1024;
/// The largest block that is opened, in bytes: above 64 of the largest documents that are read, and far above real ones.
const LARGEST_BLOCK: usize = 1 << 30;

/// An index over its bytes.
pub struct Index<'a> {
    bytes: &'a [u8],
    lines: Vec<Line>,
    /// Whether each section is as it was written, once it was asked for.
    sound: Vec<OnceLock<bool>>,
    /// Where products are named by names that stand for several, once they were asked for.
    pub(super) open: OnceLock<Vec<OpenSpot>>,
    advisories: usize,
}

/// A place whose names stand for several products.
pub(super) struct OpenSpot {
    pub(super) spot: Spot,
    pub(super) names: Vec<Cpe>,
}

/// What is shown of an advisory in a list, read in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief<'a> {
    /// Its number in the index.
    pub number: u32,
    /// Its own id.
    pub id: &'a str,
    /// The number of its source.
    pub source: usize,
    /// Ids of the same vulnerability elsewhere.
    pub aliases: Vec<&'a str>,
    /// Ids it carries downstream.
    pub upstream: Vec<&'a str>,
    /// When it was published, as written.
    pub published: Option<&'a str>,
    /// When it was changed last, as written.
    pub modified: Option<&'a str>,
    /// When it was taken back, as written.
    pub withdrawn: Option<&'a str>,
    /// One line: its summary, or how its details begin.
    pub summary: &'a str,
    /// Notation and vector or word of each severity.
    pub severities: Vec<(&'a str, &'a str)>,
    /// The first address where more is to be read.
    pub link: Option<&'a str>,
}

impl<'a> Index<'a> {
    /// Opens an index. Its sections are checked when they are first used.
    pub fn open(bytes: &'a [u8]) -> Result<Self, IndexError> {
        let lines = lines(bytes)?;
        let sound = lines.iter().map(|_| OnceLock::new()).collect();
        let line = lines[Section::Advisories as usize];
        let advisories = (line.end - line.start) / ADVISORY;
        Ok(Self { bytes, lines, sound, open: OnceLock::new(), advisories })
    }

    /// Holds everything against the hashes of its parts and the SHA-256 at its end.
    pub fn verify(&self) -> Result<(), IndexError> {
        for section in Section::ALL {
            self.section(section)?;
        }
        let (body, trailer) = self.bytes.split_at(self.bytes.len() - TRAILER);
        if Sha256::digest(body).as_slice() == trailer { Ok(()) } else { Err(IndexError::Digest) }
    }

    /// Holds the sections that packages are looked up in against their hashes, for those who have something else to read meanwhile. That one
    /// is damaged is told when it is asked.
    pub fn warm(&self) {
        use Section::{Advisories, Briefs, Entries, PackageEntries, Packages};
        for section in [Packages, PackageEntries, Entries, Advisories, Briefs] {
            let _ = self.section(section);
        }
    }

    /// The SHA-256 at its end, in hexadecimal.
    pub fn digest(&self) -> String {
        let trailer = &self.bytes[self.bytes.len() - TRAILER..];
        trailer.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// The size of the whole, in bytes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The size of a section, in bytes.
    pub fn size_of(&self, section: Section) -> usize {
        let line = self.lines[section as usize];
        line.end - line.start
    }

    /// How many advisories it holds.
    pub fn len(&self) -> usize {
        self.advisories
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.advisories == 0
    }

    /// Where its data come from.
    pub fn about(&self) -> Result<About, IndexError> {
        serde_json::from_slice(self.section(Section::About)?).map_err(|_| IndexError::Damaged(Section::About))
    }

    /// What is shown of an advisory in a list.
    pub fn brief(&self, number: u32) -> Result<Brief<'a>, IndexError> {
        let start = small(self.advisory_line(number)?, 0);
        let briefs = self.section(Section::Briefs)?;
        let read = start.and_then(|start| brief(number, Cursor(briefs.get(start as usize..)?)));
        read.ok_or(IndexError::Damaged(Section::Briefs))
    }

    /// A whole advisory: its block is opened.
    pub fn advisory(&self, number: u32) -> Result<Advisory, IndexError> {
        let damaged = IndexError::Damaged(Section::Blocks);
        let line = self.advisory_line(number)?;
        let (block, at) =
            small(line, 4).zip(small(line, 8)).ok_or(IndexError::Damaged(Section::Advisories))?;
        let raw = self.block(block)?;
        let text = raw.get(at as usize..).ok_or_else(|| damaged.clone())?;
        let first = serde_json::Deserializer::from_slice(text).into_iter::<Advisory>().next();
        let mut advisory = first.and_then(Result::ok).ok_or(damaged)?;
        advisory.configurations = self.configurations(number)?;
        Ok(advisory)
    }

    /// The configurations of an advisory, decoded.
    pub fn configurations(&self, number: u32) -> Result<Vec<Configuration>, IndexError> {
        self.configured_by(number, Configured::whole)
    }

    /// What of an advisory's configurations can concern some products.
    pub(crate) fn concerning(
        &self,
        number: u32,
        products: &Concerned,
    ) -> Result<Vec<Configuration>, IndexError> {
        self.configured_by(number, |configured, start| configured.concerning(start, products))
    }

    fn configured_by(
        &self,
        number: u32,
        read: impl Fn(Configured<'a>, u32) -> Option<Vec<Configuration>>,
    ) -> Result<Vec<Configuration>, IndexError> {
        let damaged = IndexError::Damaged(Section::Configurations);
        let start = small(self.advisory_line(number)?, 12).ok_or(IndexError::Damaged(Section::Advisories))?;
        if start == NOWHERE {
            return Ok(Vec::new());
        }
        let configured = Configured {
            all: self.section(Section::Configurations)?,
            table: self.section(Section::StringTable)?,
            strings: self.section(Section::Strings)?,
        };
        read(configured, start).ok_or(damaged)
    }

    /// How many advisories have configurations.
    pub(super) fn configured(&self) -> Result<usize, IndexError> {
        let lines = self.section(Section::Advisories)?.chunks_exact(ADVISORY);
        Ok(lines.filter(|line| small(line, 12) != Some(NOWHERE)).count())
    }

    /// The number of the first advisory of its group.
    pub(super) fn group_of(&self, number: u32) -> Result<u32, IndexError> {
        small(self.advisory_line(number)?, 16).ok_or(IndexError::Damaged(Section::Advisories))
    }

    /// A section, checked when it is first used.
    pub(super) fn section(&self, section: Section) -> Result<&'a [u8], IndexError> {
        let bytes = self.unchecked(section);
        let line = self.lines[section as usize];
        let sound = self.sound[section as usize].get_or_init(|| xxh3_64(bytes) == line.hash);
        if *sound { Ok(bytes) } else { Err(IndexError::Damaged(section)) }
    }

    /// Blocks are checked one by one.
    fn unchecked(&self, section: Section) -> &'a [u8] {
        let line = self.lines[section as usize];
        &self.bytes[line.start..line.end]
    }

    fn advisory_line(&self, number: u32) -> Result<&'a [u8], IndexError> {
        let table = Table::of(self.section(Section::Advisories)?, ADVISORY);
        let line = table.and_then(|table| table.line(number as usize));
        line.ok_or(IndexError::Damaged(Section::Advisories))
    }

    fn block(&self, block: u32) -> Result<Vec<u8>, IndexError> {
        let table = Table::of(self.section(Section::BlockTable)?, BLOCK);
        let line = table.and_then(|table| table.line(block as usize));
        let packed = line.and_then(|line| {
            let start = usize::try_from(number(line, 0)?).ok()?;
            let end = start.checked_add(small(line, 8)? as usize)?;
            let packed = self.unchecked(Section::Blocks).get(start..end)?;
            let raw = (small(line, 12)? as usize).min(LARGEST_BLOCK);
            (number(line, 16)? == xxh3_64(packed)).then_some((packed, raw))
        });
        let (packed, raw) = packed.ok_or(IndexError::Damaged(Section::BlockTable))?;
        unpacked(packed, raw).ok_or(IndexError::Damaged(Section::Blocks))
    }
}

/// Never more than `raw` bytes, and no memory before they are there.
fn unpacked(packed: &[u8], raw: usize) -> Option<Vec<u8>> {
    let claimed = zstd::zstd_safe::get_frame_content_size(packed).ok()??;
    if claimed != raw as u64 || raw > packed.len().saturating_mul(DENSEST) {
        return None;
    }
    zstd::bulk::decompress(packed, raw).ok().filter(|bytes| bytes.len() == raw)
}

fn brief(number: u32, mut cursor: Cursor<'_>) -> Option<Brief<'_>> {
    Some(Brief {
        number,
        id: cursor.text()?,
        source: cursor.number()? as usize,
        aliases: cursor.texts()?,
        upstream: cursor.texts()?,
        published: cursor.maybe()?,
        modified: cursor.maybe()?,
        withdrawn: cursor.maybe()?,
        summary: cursor.text()?,
        severities: (0..cursor.number()?)
            .map(|_| cursor.text().zip(cursor.text()))
            .collect::<Option<Vec<_>>>()?,
        link: cursor.maybe()?,
    })
}
