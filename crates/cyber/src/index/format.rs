//! How an index is laid out in bytes, and why some bytes are none. What the sections hold is said where they are written (`build`).

use xxhash_rust::xxh3::xxh3_64;

/// The layout, and the byte form of versions and entries. A program reads its own format only: building anew takes seconds.
pub const FORMAT: u32 = 2;
/// How an index begins.
pub const MAGIC: &[u8; 8] = b"SHIRVULN";
/// Bytes of the SHA-256 at the end.
pub(super) const TRAILER: usize = 32;
const FIXED: usize = 16;
const LINE: usize = 24;
/// Bytes before the first section.
pub(super) const HEADER: usize = FIXED + LINE * Section::ALL.len() + 8;

/// The parts of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Sources and the day of building, as JSON.
    About,
    /// Ecosystems with how many advisories speak of each.
    Ecosystems,
    /// One line an advisory: where its parts are.
    Advisories,
    /// What is shown of an advisory in a list.
    Briefs,
    /// Entries on packages in the form they are judged in.
    Entries,
    /// Where each block is, and its hash.
    BlockTable,
    /// Whole advisories, compressed.
    Blocks,
    /// Package → places in `PackageEntries`.
    Packages,
    /// Which entries speak of a package.
    PackageEntries,
    /// Part, vendor and product → places in `CpeEntries`.
    Cpes,
    /// Which advisories speak of a product.
    CpeEntries,
    /// Configurations, by CPE names of `Strings`.
    Configurations,
    /// Where each of `Strings` begins, and the product it names.
    StringTable,
    /// CPE names, each once.
    Strings,
    /// Products told in words.
    Words,
    /// Id → advisories that bear it.
    Ids,
    /// Group of aliases → its members.
    Groups,
    /// Known exploited vulnerabilities.
    Kev,
    /// Exploit predictions.
    Epss,
    /// The tables of predictions: day and model.
    EpssTables,
}

impl Section {
    /// Every section, in the order of the file.
    pub const ALL: [Self; 20] = [
        Self::About,
        Self::Ecosystems,
        Self::Advisories,
        Self::Briefs,
        Self::Entries,
        Self::BlockTable,
        Self::Blocks,
        Self::Packages,
        Self::PackageEntries,
        Self::Cpes,
        Self::CpeEntries,
        Self::Configurations,
        Self::StringTable,
        Self::Strings,
        Self::Words,
        Self::Ids,
        Self::Groups,
        Self::Kev,
        Self::Epss,
        Self::EpssTables,
    ];
}

/// Why bytes are no index that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// It begins otherwise.
    #[error("the file is no index of vulnerability data")]
    NotAnIndex,
    /// Written by another version of the program.
    #[error(
        "the index has format {found}, this program reads format {FORMAT}: build it again with `shirube vulns update`"
    )]
    OtherFormat {
        /// Its format.
        found: u32,
    },
    /// It ends early, or its header tells of places outside it.
    #[error("the index is cut off or its header is damaged: build it again with `shirube vulns update`")]
    Header,
    /// A part is not as it was written.
    #[error("the index is damaged in its section {0:?}: build it again with `shirube vulns update`")]
    Damaged(Section),
    /// The SHA-256 of the whole is another one.
    #[error("the SHA-256 of the index is not the one at its end: build it again with `shirube vulns update`")]
    Digest,
    /// Beyond 4 GiB in one section.
    #[error("the data are too large for one index (section {0:?})")]
    TooLarge(Section),
}

/// Where a section lies, and its hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) hash: u64,
}

/// The header of sections that follow it one after the other.
pub(super) fn header(sections: &[Vec<u8>]) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    header.extend(FORMAT.to_le_bytes());
    header.extend(u32::try_from(sections.len()).unwrap_or_default().to_le_bytes());
    let mut start = HEADER as u64;
    for section in sections {
        let length = section.len() as u64;
        for number in [start, length, xxh3_64(section)] {
            header.extend(number.to_le_bytes());
        }
        start += length;
    }
    header.extend(xxh3_64(&header).to_le_bytes());
    header
}

/// Where the sections of an index lie. Everything between header and trailer belongs to exactly one of them.
pub(super) fn lines(bytes: &[u8]) -> Result<Vec<Line>, IndexError> {
    if !bytes.starts_with(MAGIC) {
        return Err(IndexError::NotAnIndex);
    }
    let found = bytes.get(8..12).and_then(|format| format.try_into().ok()).map(u32::from_le_bytes);
    let found = found.ok_or(IndexError::Header)?;
    if found != FORMAT {
        return Err(IndexError::OtherFormat { found });
    }
    let (header, after) = bytes.split_at_checked(HEADER - 8).ok_or(IndexError::Header)?;
    if number(after, 0) != Some(xxh3_64(header)) || header.get(12..16) != Some(&(SECTIONS.to_le_bytes())[..])
    {
        return Err(IndexError::Header);
    }
    let end = bytes.len().checked_sub(TRAILER).ok_or(IndexError::Header)?;
    let (mut lines, mut next) = (Vec::with_capacity(Section::ALL.len()), HEADER);
    for at in 0..Section::ALL.len() {
        let at = FIXED + at * LINE;
        let field = |nth: usize| number(header, at + nth * 8).ok_or(IndexError::Header);
        let (start, length, hash) = (field(0)?, field(1)?, field(2)?);
        let length = usize::try_from(length).map_err(|_| IndexError::Header)?;
        let stop = next.checked_add(length).filter(|stop| start == next as u64 && *stop <= end);
        let stop = stop.ok_or(IndexError::Header)?;
        lines.push(Line { start: next, end: stop, hash });
        next = stop;
    }
    if next == end { Ok(lines) } else { Err(IndexError::Header) }
}

#[expect(clippy::cast_possible_truncation, reason = "twenty")]
const SECTIONS: u32 = Section::ALL.len() as u32;

/// The 64-bit number at a place.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let end = at.checked_add(8)?;
    bytes.get(at..end)?.try_into().ok().map(u64::from_le_bytes)
}

/// The 32-bit number at a place.
pub(super) fn small(bytes: &[u8], at: usize) -> Option<u32> {
    let end = at.checked_add(4)?;
    bytes.get(at..end)?.try_into().ok().map(u32::from_le_bytes)
}
