//! What happened since a file was written, frame behind frame in an append-only file: one frame is one acknowledged step, whole or not
//! there. What a crash may leave is a frame begun at the end, which was never acknowledged; anything else that does not check out is damage.

use crc32fast::hash;

use super::alert::Alert;
use super::component::{Product, Watched};
use super::packed::{Cursor, put, put_text};

const MAGIC: &[u8; 8] = b"SHIRUBEJ";
/// Magic, generation and their checksum.
const HEAD: usize = 8 + 8 + 4;
/// Length and checksum before each frame.
const FRAME: usize = 4 + 4;
/// The largest frame; a product of 100,000 components stays far below.
pub const LARGEST_FRAME: usize = 256 << 20;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A product came, or its bill is another.
    Set {
        /// Its number.
        number: u32,
        /// Its name.
        product: Product,
        /// What it holds now.
        components: Vec<Watched>,
    },
    /// A product left the watch.
    Gone {
        /// Its number, which is not given again.
        number: u32,
    },
    /// An advisory was pushed and changed something for products.
    Alert(Alert),
    /// Everybody who listens was handed an alert.
    Announced {
        /// The alert's sequence.
        sequence: u64,
    },
}

/// Why a journal was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The first bytes are other ones.
    #[error("this is no journal of a watch")]
    Foreign,
    /// A frame that is not the last does not check out.
    #[error("the journal is damaged at byte {0}; what follows cannot be trusted")]
    Damaged(usize),
    /// The step is larger than a frame may be.
    #[error("one step has {0} bytes; at most {LARGEST_FRAME} are kept")]
    TooLarge(usize),
}

/// A journal that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// The generation of the base file it continues.
    pub generation: u64,
    /// Everything that was acknowledged, in order.
    pub entries: Vec<Entry>,
    /// Up to here the file is whole; what follows was begun and never acknowledged.
    pub whole: usize,
}

/// The first bytes of a journal.
pub fn head(generation: u64) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend(generation.to_le_bytes());
    out.extend(hash(&out).to_le_bytes());
    out
}

/// One step as a frame.
pub fn frame(entries: &[Entry]) -> Result<Vec<u8>, JournalError> {
    let mut out = vec![0; FRAME];
    put(&mut out, entries.len() as u64);
    for entry in entries {
        entry.pack(&mut out);
    }
    let length = out.len() - FRAME;
    let size = u32::try_from(length).ok().filter(|_| length <= LARGEST_FRAME);
    let size = size.ok_or(JournalError::TooLarge(length))?;
    let checksum = hash(&out[FRAME..]);
    out[..4].copy_from_slice(&size.to_le_bytes());
    out[4..8].copy_from_slice(&checksum.to_le_bytes());
    Ok(out)
}

/// Reads a journal from its beginning.
pub fn read(bytes: &[u8]) -> Result<Journal, JournalError> {
    let (fixed, checksum) = bytes.get(..HEAD).ok_or(JournalError::Foreign)?.split_at(HEAD - 4);
    if !fixed.starts_with(MAGIC) || hash(fixed).to_le_bytes() != checksum {
        return Err(JournalError::Foreign);
    }
    let generation = fixed[8..].try_into().map_or(0, u64::from_le_bytes);
    let mut journal = Journal { generation, entries: Vec::new(), whole: HEAD };
    while journal.whole < bytes.len() {
        let rest = &bytes[journal.whole..];
        match read_frame(rest) {
            Some((length, mut entries)) => {
                journal.entries.append(&mut entries);
                journal.whole += length;
            }
            None if is_begun(rest) => break,
            None => return Err(JournalError::Damaged(journal.whole)),
        }
    }
    Ok(journal)
}

fn read_frame(bytes: &[u8]) -> Option<(usize, Vec<Entry>)> {
    let (size, checksum) = sizes(bytes)?;
    let payload = bytes[FRAME..].get(..size)?;
    if hash(payload) != checksum {
        return None;
    }
    let mut cursor = Cursor(payload);
    let count = cursor.count()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        entries.push(Entry::unpack(&mut cursor)?);
    }
    cursor.is_done().then_some((FRAME + size, entries))
}

/// Whether a frame that does not check out may be one a crash left: each frame is on disk before the next is begun, so only the last can
/// be, and its pages may have come to disk in any order.
fn is_begun(bytes: &[u8]) -> bool {
    match sizes(bytes) {
        Some((size, _)) => size.saturating_add(FRAME) >= bytes.len() || bytes.iter().all(|byte| *byte == 0),
        None => true,
    }
}

fn sizes(bytes: &[u8]) -> Option<(usize, u32)> {
    let size = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
    let checksum = u32::from_le_bytes(bytes.get(4..FRAME)?.try_into().ok()?);
    Some((usize::try_from(size).ok()?, checksum))
}

impl Entry {
    fn pack(&self, out: &mut Vec<u8>) {
        match self {
            Entry::Set { number, product, components } => {
                out.push(0);
                put(out, u64::from(*number));
                for text in [&product.maker, &product.name, &product.version] {
                    put_text(out, text);
                }
                put(out, components.len() as u64);
                for component in components {
                    let packed = component.packed();
                    put(out, packed.len() as u64);
                    out.extend(packed);
                }
            }
            Entry::Gone { number } => {
                out.push(1);
                put(out, u64::from(*number));
            }
            Entry::Alert(alert) => {
                out.push(2);
                alert.pack(out);
            }
            Entry::Announced { sequence } => {
                out.push(3);
                put(out, *sequence);
            }
        }
    }

    fn unpack(cursor: &mut Cursor<'_>) -> Option<Self> {
        let (kind, rest) = cursor.0.split_first()?;
        cursor.0 = rest;
        Some(match kind {
            0 => {
                let number = cursor.small()?;
                let product = Product::new(cursor.text()?, cursor.text()?, cursor.text()?);
                let count = cursor.count()?;
                let mut components = Vec::new();
                for _ in 0..count {
                    components.push(Watched::unpacked(cursor.bytes()?)?);
                }
                Entry::Set { number, product, components }
            }
            1 => Entry::Gone { number: cursor.small()? },
            2 => Entry::Alert(Alert::unpack(cursor)?),
            3 => Entry::Announced { sequence: cursor.number()? },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::alert::Occasion;

    fn entries() -> Vec<Entry> {
        let components =
            vec![Watched::purl("pkg:pypi/jam@1"), Watched { name: "boot".into(), ..Watched::default() }];
        vec![
            Entry::Set { number: 4, product: Product::new("m", "pump", "1"), components },
            Entry::Gone { number: 3 },
            Entry::Alert(Alert {
                sequence: 9,
                advisory: "CVE-2026-1".into(),
                modified: None,
                at: "2026-11-28T00:00:00Z".into(),
                occasion: Occasion::Changed,
                affected: vec![1, 70],
                undetermined: vec![],
                cleared: vec![4],
                still: 2,
            }),
            Entry::Announced { sequence: 9 },
        ]
    }

    fn file() -> Vec<u8> {
        let [first, rest @ ..] = &entries()[..] else { return Vec::new() };
        [head(5), frame(std::slice::from_ref(first)).unwrap(), frame(rest).unwrap()].concat()
    }

    #[test]
    fn what_was_appended_is_read_in_order() {
        let bytes = file();
        assert_eq!(read(&bytes), Ok(Journal { generation: 5, entries: entries(), whole: bytes.len() }));
    }

    #[test]
    fn a_frame_begun_at_the_end_was_never_acknowledged() {
        let bytes = file();
        let second = HEAD + frame(&entries()[..1]).unwrap().len();
        for cut in second..bytes.len() {
            let journal = read(&bytes[..cut]).unwrap();
            assert_eq!((journal.entries.len(), journal.whole), (1, second), "cut at {cut}");
        }
        let mut late_pages = bytes.clone();
        late_pages[second + FRAME..].fill(0);
        assert_eq!(read(&late_pages).unwrap().whole, second);
        let mut grown = bytes[..second].to_vec();
        grown.resize(second + 4096, 0);
        assert_eq!(read(&grown).unwrap().whole, second);
    }

    #[test]
    fn damage_before_the_end_is_never_taken_for_a_crash() {
        let bytes = file();
        let first = frame(&entries()[..1]).unwrap().len();
        for at in HEAD + FRAME..HEAD + first {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(read(&damaged), Err(JournalError::Damaged(HEAD)), "byte {at}");
        }
        assert_eq!(read(&bytes[1..]), Err(JournalError::Foreign));
    }
}
