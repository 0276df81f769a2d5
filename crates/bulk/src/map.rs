//! Files read in place. Only files that are written whole beside and renamed into place are mapped here: their bytes never change while they
//! are looked at, a new file is another one.

use std::fs::File;
use std::io;
use std::path::Path;

/// The bytes of a file.
#[derive(Debug)]
pub struct Mapped(Option<memmap2::Mmap>);

impl Mapped {
    /// Maps a file; an empty one has no bytes to map.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.len() == 0 {
            return Ok(Self(None));
        }
        // SAFETY: the file is replaced by renaming, never written to or cut after it has its name (see `swap`), so the bytes stay as they are.
        #[allow(unsafe_code)]
        let map = unsafe { memmap2::Mmap::map(&file) }?;
        Ok(Self(Some(map)))
    }
}

impl AsRef<[u8]> for Mapped {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

/// Writes a file whole or not at all: beside, to the disk, then in its place, and the folder to the disk.
pub fn swap(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use io::Write as _;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let write = || {
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, path)
    };
    write().inspect_err(|_| {
        // A full disk would otherwise keep what is of no use to anyone.
        let _ = std::fs::remove_file(&part);
    })?;
    sync_folder(path)
}

/// The entries of the folder a file lies in reach the disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|_| cfg!(unix)) else { return Ok(()) };
    // A bare name lies in the current folder.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}
