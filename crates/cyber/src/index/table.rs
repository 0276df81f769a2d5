//! Tables of lines of one width, sorted by a number of 64 bits at the beginning of each: written, and searched in place.

use xxhash_rust::xxh3::xxh3_64;

use super::format::{number, small};

/// What hashes of names are made from, so that `a` + `b` and `ab` differ.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts {
        text.push_str(part);
        text.push('\0');
    }
    xxh3_64(text.as_bytes())
}

/// Lines of `width` bytes.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    width: usize,
}

impl<'a> Table<'a> {
    /// `None` when the bytes are no whole number of lines.
    pub(super) fn of(bytes: &'a [u8], width: usize) -> Option<Self> {
        bytes.len().is_multiple_of(width).then_some(Self { bytes, width })
    }

    pub(super) fn len(self) -> usize {
        self.bytes.len() / self.width
    }

    pub(super) fn line(self, at: usize) -> Option<&'a [u8]> {
        let start = at.checked_mul(self.width)?;
        self.bytes.get(start..start.checked_add(self.width)?)
    }

    /// The lines that begin with a number. An unsorted table finds nothing or too little, and never runs on.
    pub(super) fn find(self, key: u64) -> impl Iterator<Item = &'a [u8]> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.key(middle).is_some_and(|found| found < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low..self.len())
            .map_while(move |at| self.line(at))
            .take_while(move |line| number(line, 0) == Some(key))
    }

    fn key(self, at: usize) -> Option<u64> {
        number(self.line(at)?, 0)
    }
}

/// Key → entries of some width: a table of keys with start and count, and the entries one after the other.
pub(super) fn postings(mut entries: Vec<(u64, Vec<u8>)>) -> (Vec<u8>, Vec<u8>) {
    entries.sort();
    entries.dedup();
    let (mut keys, mut all) = (Vec::new(), Vec::new());
    for same in entries.chunk_by(|left, right| left.0 == right.0) {
        keys.extend(same[0].0.to_le_bytes());
        keys.extend(u32::try_from(all.len()).unwrap_or(u32::MAX).to_le_bytes());
        keys.extend(u32::try_from(same.len()).unwrap_or(u32::MAX).to_le_bytes());
        for (_, entry) in same {
            all.extend_from_slice(entry);
        }
    }
    (keys, all)
}

/// Bytes of a line of the keys that `postings` writes.
pub(super) const KEYED: usize = 16;

/// The entries under a key; `None` when the places lie outside.
pub(super) fn posted<'a>(keys: &'a [u8], all: &'a [u8], width: usize, key: u64) -> Option<Table<'a>> {
    let Some(line) = Table::of(keys, KEYED)?.find(key).next() else { return Table::of(&[], width) };
    let (start, count) = (small(line, 8)? as usize, small(line, 12)? as usize);
    let end = start.checked_add(count.checked_mul(width)?)?;
    Table::of(all.get(start..end)?, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_their_key() {
        let entry = |key: u64, byte: u8| (key, vec![byte; 2]);
        let (keys, all) = postings(vec![entry(7, 1), entry(3, 2), entry(7, 3), entry(7, 1)]);
        let found = |key| {
            let table = posted(&keys, &all, 2, key).unwrap();
            (0..table.len()).map(|at| table.line(at).unwrap()[0]).collect::<Vec<_>>()
        };
        assert_eq!((found(7), found(3), found(4)), (vec![1, 3], vec![2], vec![]));
        assert!(posted(&keys[1..], &all, 2, 7).is_none());
        assert!(posted(&keys, &all[..3], 2, 7).is_none());
        assert_ne!(hash(&["a", "b"]), hash(&["ab"]));
    }
}
