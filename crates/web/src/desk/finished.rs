//! Finished pages: what anyone may see is kept as bytes under its address, until the history or the plan's answer moves on.

use std::io::{self, Read, Write};

use axum::http::HeaderValue;
use base::Lang;
use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// What a finished page shows: it is the same as long as all this is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) lang: Lang,
    /// Path and query.
    pub(crate) address: Box<str>,
}

/// When a page was true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The end of the history.
    pub(crate) head: u64,
    /// The end of the history that the plan's answer was worked out from.
    pub(crate) plan: u64,
    pub(crate) today: Date,
}

/// A page as it goes out.
#[derive(Clone)]
pub(crate) struct FinishedPage {
    pub(crate) moment: Moment,
    pub(crate) kind: HeaderValue,
    pub(crate) tag: HeaderValue,
    /// Compressed, as nearly every browser wants it: an eighth of the page's length.
    pub(crate) packed: Bytes,
}

impl FinishedPage {
    /// The page as it was written, for those who take nothing compressed.
    pub(crate) fn plain(&self) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        GzDecoder::new(&self.packed[..]).read_to_end(&mut plain)?;
        Ok(plain)
    }
}

/// The pages kept, within bounds.
pub(crate) struct Finished(Cache<Key, FinishedPage, ByBytes>);

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, FinishedPage> for ByBytes {
    fn weight(&self, key: &Key, page: &FinishedPage) -> u64 {
        (key.address.len() + page.packed.len() + 256) as u64
    }
}

impl Finished {
    pub(super) fn new(mib: u64) -> Self {
        // A guess for the number of entries: a packed page of some KiB.
        let entries = usize::try_from(mib * 128).unwrap_or(1024).max(64);
        Finished(Cache::with_weighter(entries, mib << 20, ByBytes))
    }

    /// A page that is still true.
    pub(crate) fn get(&self, key: &Key, moment: Moment) -> Option<FinishedPage> {
        self.0.get(key).filter(|page| page.moment == moment)
    }

    pub(crate) fn keep(&self, key: Key, page: FinishedPage) {
        self.0.insert(key, page);
    }
}

/// A page as it is kept, in no more memory than it needs.
pub(crate) fn packed(plain: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain)?;
    Ok(Bytes::copy_from_slice(&encoder.finish()?))
}
