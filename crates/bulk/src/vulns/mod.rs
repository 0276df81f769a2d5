//! Vulnerability data on disk: the index opened where it lies, or made in memory of files that are named; built from its sources and swapped.
//! What is in it and what follows from it is decided in `cyber`.

mod checksum;
mod fetch;
mod gather;
mod live;
mod refusal;
mod update;

use std::path::{Path, PathBuf};

use cyber::index::{About, Index};

pub use live::{Live, Look, Taken};
pub use refusal::VulnsError;
pub use update::{Progress, Update, Updated, update};

use crate::map::Mapped;

/// Vulnerability data, wherever their bytes are.
#[derive(Debug)]
pub enum Vulns {
    /// An index file.
    Mapped(Mapped),
    /// An index made of files for this once.
    Made(Vec<u8>),
}

impl Vulns {
    /// Opens an index file where one is named, or else makes an index of the files, folders and archives.
    pub fn open(paths: &[PathBuf], day: &str) -> Result<(Self, About), VulnsError> {
        if let [path] = paths
            && is_index(path)
        {
            let mapped = Mapped::open(path).map_err(|error| VulnsError::file(path, error))?;
            let vulns = Self::Mapped(mapped);
            let about = vulns.index().and_then(|index| index.about());
            let about = about.map_err(|error| VulnsError::Index { path: path.clone(), error })?;
            return Ok((vulns, about));
        }
        if let Some(index) = paths.iter().find(|path| is_index(path)) {
            return Err(VulnsError::IndexAmongSources(index.clone()));
        }
        let sources: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let (bytes, about) = update::made(&sources, day)?;
        Ok((Self::Made(bytes), about))
    }

    /// The index over these bytes.
    pub fn index(&self) -> Result<Index<'_>, cyber::index::IndexError> {
        match self {
            Self::Mapped(mapped) => Index::open(mapped.as_ref()),
            Self::Made(bytes) => Index::open(bytes),
        }
    }
}

/// Whether a file begins as an index does.
fn is_index(path: &Path) -> bool {
    use std::io::Read as _;
    let mut start = [0; cyber::index::MAGIC.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *cyber::index::MAGIC
}
