//! An append-only file of frames (`cyber::watch::journal`): a step is acknowledged when it is on disk, and what a failed or killed step left
//! behind the last whole frame is cut off before the next.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use cyber::watch::{Entry, JournalError, journal};

use super::{WatchError, at};
use crate::map::swap;

/// A journal open for appending.
#[derive(Debug)]
pub(super) struct Appender {
    path: PathBuf,
    file: File,
    /// Up to here the file is whole and on disk.
    whole: u64,
}

impl Appender {
    /// Opens a journal, which is made where it is not there: its generation and what it says.
    pub(super) fn open(path: &Path, generation: u64) -> Result<(Self, u64, Vec<Entry>), WatchError> {
        if !path.exists() {
            return Ok((Self::fresh(path, generation)?, generation, Vec::new()));
        }
        let bytes = std::fs::read(path).map_err(at(path))?;
        let read = journal::read(&bytes).map_err(|source| unread(path, source))?;
        let appender = Self::whole_to(path, read.whole as u64)?;
        Ok((appender, read.generation, read.entries))
    }

    /// An empty journal in the place of whatever is there.
    pub(super) fn fresh(path: &Path, generation: u64) -> Result<Self, WatchError> {
        let head = journal::head(generation);
        swap(path, &head).map_err(at(path))?;
        Self::whole_to(path, head.len() as u64)
    }

    /// Writes one step; it is on disk when this returns. After a failure nothing of it counts.
    pub(super) fn append(&mut self, entries: &[Entry]) -> Result<(), WatchError> {
        let frame = journal::frame(entries).map_err(|source| unread(&self.path, source))?;
        let written = self.write(&frame);
        if let Err(source) = written {
            // Should cutting fail too, the next step begins with it, and what is left is a begun frame to whoever opens the file.
            let _ = self.file.set_len(self.whole);
            return Err(at(&self.path)(source));
        }
        self.whole += frame.len() as u64;
        Ok(())
    }

    fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        if self.file.seek(SeekFrom::End(0))? != self.whole {
            self.file.set_len(self.whole)?;
            self.file.seek(SeekFrom::Start(self.whole))?;
        }
        self.file.write_all(frame)?;
        self.file.sync_data()
    }

    fn whole_to(path: &Path, whole: u64) -> Result<Self, WatchError> {
        let file = File::options().read(true).write(true).open(path).map_err(at(path))?;
        file.set_len(whole).and_then(|()| file.sync_all()).map_err(at(path))?;
        Ok(Self { path: path.to_owned(), file, whole })
    }
}

fn unread(path: &Path, source: JournalError) -> WatchError {
    WatchError::Journal { path: path.to_owned(), source }
}
