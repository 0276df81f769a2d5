//! The form of the watch's base file: sections of numbered byte rows behind a header, each section with its checksum. What the rows say is
//! `base`'s affair. Everything is read where it lies; offsets that lead nowhere give empty rows.

use crc32fast::hash;

const MAGIC: &[u8; 8] = b"SHIRUBEW";
const FORMAT: u32 = 2;
/// Magic, format, generation, and the checksum of the header.
const FIXED: usize = 8 + 4 + 8 + 4;
/// Offset, length and checksum of a section.
const ENTRY: usize = 8 + 8 + 4;
const OFFSET: usize = 8;

/// Why bytes are no base file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    /// The first bytes are other ones.
    #[error("this is no base file of a watch")]
    Foreign,
    /// It was written by a later program.
    #[error("the base file has form {0}; this program knows form {FORMAT}")]
    Newer(u32),
    /// Something in it is not as it was written.
    #[error("the base file is damaged at {0}; it is made again from the bills of the products")]
    Damaged(&'static str),
}

/// Rows being written, one after the other.
#[derive(Debug)]
pub(super) struct RowsWriter {
    ends: Vec<u64>,
    blob: Vec<u8>,
}

impl RowsWriter {
    pub(super) fn new() -> Self {
        Self { ends: vec![0], blob: Vec::new() }
    }

    pub(super) fn push(&mut self, row: &[u8]) {
        self.blob.extend_from_slice(row);
        self.ends.push(self.blob.len() as u64);
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len() - 1
    }
}

/// The bytes of a file of these sections.
pub(super) fn written<const N: usize>(generation: u64, sections: &[RowsWriter; N]) -> Vec<u8> {
    let size = |rows: &RowsWriter| OFFSET * (rows.ends.len() + 1) + rows.blob.len();
    let mut out = Vec::with_capacity(FIXED + N * ENTRY + sections.iter().map(size).sum::<usize>());
    out.resize(FIXED + N * ENTRY, 0);
    for (at, rows) in sections.iter().enumerate() {
        let start = out.len();
        out.extend((rows.len() as u64).to_le_bytes());
        rows.ends.iter().for_each(|end| out.extend(end.to_le_bytes()));
        out.extend_from_slice(&rows.blob);
        let entry = FIXED + at * ENTRY;
        let checksum = hash(&out[start..]);
        out[entry..entry + 8].copy_from_slice(&(start as u64).to_le_bytes());
        let length = (out.len() - start) as u64;
        out[entry + 8..entry + 16].copy_from_slice(&length.to_le_bytes());
        out[entry + 16..entry + 20].copy_from_slice(&checksum.to_le_bytes());
    }
    out[..8].copy_from_slice(MAGIC);
    out[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    out[12..20].copy_from_slice(&generation.to_le_bytes());
    let checksum = header_checksum(&out, N);
    out[20..24].copy_from_slice(&checksum.to_le_bytes());
    out
}

/// Where the sections of a file lie, and its generation. All checksums are compared once, here.
pub(super) fn opened<const N: usize>(bytes: &[u8]) -> Result<(u64, [Rows; N]), BaseError> {
    let damaged = |what| move || BaseError::Damaged(what);
    if bytes.get(..8) != Some(MAGIC) {
        return Err(BaseError::Foreign);
    }
    let format = u32::from_le_bytes(fixed(bytes, 8).ok_or_else(damaged("its header"))?);
    if format != FORMAT {
        return Err(BaseError::Newer(format));
    }
    let generation = u64::from_le_bytes(fixed(bytes, 12).ok_or_else(damaged("its header"))?);
    let checksum = u32::from_le_bytes(fixed(bytes, 20).ok_or_else(damaged("its header"))?);
    if bytes.len() < FIXED + N * ENTRY || header_checksum(bytes, N) != checksum {
        return Err(BaseError::Damaged("its header"));
    }
    let mut sections = [Rows::default(); N];
    for (at, rows) in sections.iter_mut().enumerate() {
        *rows = section(bytes, FIXED + at * ENTRY).ok_or_else(damaged("a section"))?;
    }
    Ok((generation, sections))
}

/// Where a section's rows lie.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rows {
    start: usize,
    count: usize,
    end: usize,
}

impl Rows {
    pub(super) fn len(self) -> usize {
        self.count
    }

    #[inline]
    pub(super) fn get(self, bytes: &[u8], at: usize) -> &[u8] {
        self.row(bytes, at).unwrap_or_default()
    }

    #[inline]
    fn row(self, bytes: &[u8], at: usize) -> Option<&[u8]> {
        if at >= self.count {
            return None;
        }
        let blob = self.start + OFFSET * (self.count + 2);
        let offset = |row: usize| {
            usize::try_from(u64::from_le_bytes(fixed(bytes, self.start + OFFSET * (row + 1))?)).ok()
        };
        let (from, to) = (blob.checked_add(offset(at)?)?, blob.checked_add(offset(at + 1)?)?);
        if to > self.end { None } else { bytes.get(from..to) }
    }

    /// The place of a row among rows in ascending order.
    pub(super) fn find(self, bytes: &[u8], wanted: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.get(bytes, middle).cmp(wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

fn section(bytes: &[u8], entry: usize) -> Option<Rows> {
    let start = usize::try_from(u64::from_le_bytes(fixed(bytes, entry)?)).ok()?;
    let length = usize::try_from(u64::from_le_bytes(fixed(bytes, entry + 8)?)).ok()?;
    let end = start.checked_add(length)?;
    let content = bytes.get(start..end)?;
    if hash(content) != u32::from_le_bytes(fixed(bytes, entry + 16)?) {
        return None;
    }
    let count = usize::try_from(u64::from_le_bytes(fixed(content, 0)?)).ok()?;
    let offsets = count.checked_add(2)?.checked_mul(OFFSET)?;
    (offsets <= length).then_some(Rows { start, count, end })
}

fn header_checksum(bytes: &[u8], sections: usize) -> u32 {
    let mut digest = crc32fast::Hasher::new();
    digest.update(&bytes[..20]);
    digest.update(&bytes[FIXED..FIXED + sections * ENTRY]);
    digest.finalize()
}

fn fixed<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut first = RowsWriter::new();
        let second = RowsWriter::new();
        for row in [&b"a"[..], b"", b"bcd"] {
            first.push(row);
        }
        written(7, &[first, second])
    }

    #[test]
    fn rows_are_read_where_they_lie() {
        let bytes = file();
        let (generation, [first, second]) = opened::<2>(&bytes).unwrap();
        assert_eq!((generation, first.len(), second.len()), (7, 3, 0));
        let rows: Vec<&[u8]> = (0..4).map(|at| first.get(&bytes, at)).collect();
        assert_eq!(rows, [&b"a"[..], b"", b"bcd", b""]);
    }

    #[test]
    fn a_changed_or_missing_byte_is_noticed() {
        let bytes = file();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x40;
            assert!(opened::<2>(&changed).is_err(), "byte {at}");
            assert!(opened::<2>(&bytes[..at]).is_err(), "cut at {at}");
        }
    }
}
