//! An index file in use by a program that goes on while the file is replaced. A new file is taken only when the whole of it is sound; until
//! then, and where it is not, the one that was taken before stays.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use base::Names;
use cyber::index::{About, Index, IndexError};

use super::refusal::VulnsError;
use crate::map::Mapped;

/// A path at which an index lies, and what was taken from it.
#[derive(Debug)]
pub struct Live {
    path: PathBuf,
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    seen: Seen,
    taken: Option<Arc<Taken>>,
    trouble: Option<Names>,
}

/// What was looked at last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Seen {
    /// Nobody has looked yet.
    #[default]
    NotYet,
    /// There was no file.
    Nothing,
    /// What tells a file from the one that lay there before.
    File { size: u64, changed: Option<SystemTime>, number: u64 },
}

/// An index that was found sound. It stays whole as long as somebody holds it, whatever becomes of its path.
#[derive(Debug)]
pub struct Taken {
    mapped: Mapped,
    about: About,
    digest: String,
}

/// What a look at the path came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// The file is the one that was looked at before.
    Same,
    /// Another file lies there, and is in use from now on.
    Taken,
    /// Another file lies there, or none, and cannot be used: told once for each.
    Refused(Names),
}

impl Live {
    /// A path that nobody has looked at yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), state: RwLock::default() }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks whether another file lies there, and takes it where it is sound. Costs next to nothing where it is the same.
    pub fn look(&self) -> Look {
        let seen = seen(&self.path);
        if self.state.read().unwrap_or_else(PoisonError::into_inner).seen == seen {
            return Look::Same;
        }
        // Nobody waits for the reading of the whole file.
        let taken = Taken::open(&self.path);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.seen = seen;
        match taken {
            Ok(taken) => {
                state.taken = Some(Arc::new(taken));
                state.trouble = None;
                Look::Taken
            }
            Err(error) => {
                let names = error.names();
                state.trouble = Some(names.clone());
                Look::Refused(names)
            }
        }
    }

    /// The index in use; none where none was ever found sound.
    pub fn taken(&self) -> Option<Arc<Taken>> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).taken.clone()
    }

    /// Why the file that lies there now is not the one in use; none where it is.
    pub fn trouble(&self) -> Option<Names> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).trouble.clone()
    }
}

impl Taken {
    fn open(path: &Path) -> Result<Self, VulnsError> {
        let mapped = Mapped::open(path).map_err(|error| VulnsError::file(path, error))?;
        let damaged = |error| VulnsError::Index { path: path.to_owned(), error };
        let index = Index::open(mapped.as_ref()).map_err(damaged)?;
        index.verify().map_err(damaged)?;
        let (about, digest) = (index.about().map_err(damaged)?, index.digest());
        Ok(Self { mapped, about, digest })
    }

    /// The index over its bytes.
    pub fn index(&self) -> Result<Index<'_>, IndexError> {
        Index::open(self.mapped.as_ref())
    }

    /// What it says of itself.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The SHA-256 of its content, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

fn seen(path: &Path) -> Seen {
    let Ok(about) = std::fs::metadata(path) else { return Seen::Nothing };
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&about);
    #[cfg(not(unix))]
    let number = 0;
    Seen::File { size: about.len(), changed: about.modified().ok(), number }
}

#[cfg(test)]
mod tests {
    use cyber::advisory::osv::read_json;
    use cyber::index::build;

    use super::*;
    use crate::map::swap;

    fn index(id: &str) -> Vec<u8> {
        let text = format!(r#"{{"id": "{id}", "modified": "2026-01-01T00:00:00Z", "affected": []}}"#);
        build([read_json(text.as_bytes()).unwrap().value]).unwrap()
    }

    fn holds(live: &Live, id: &str) -> bool {
        live.taken().is_some_and(|taken| taken.index().unwrap().of_id(id).unwrap().is_some())
    }

    #[test]
    fn a_replaced_file_is_taken_and_one_that_is_not_sound_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vulns.index");
        let live = Live::at(&path);
        assert!(matches!(live.look(), Look::Refused(_)), "nothing is there yet");
        assert!(live.taken().is_none() && live.trouble().is_some());
        swap(&path, &index("A-1")).unwrap();
        assert_eq!(live.look(), Look::Taken);
        assert_eq!(live.look(), Look::Same);
        assert!(holds(&live, "A-1") && live.trouble().is_none());

        let mut damaged = index("A-2");
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        swap(&path, &damaged).unwrap();
        assert!(matches!(live.look(), Look::Refused(_)));
        assert_eq!(live.look(), Look::Same, "the same trouble is told once");
        assert!(holds(&live, "A-1") && live.trouble().is_some());

        swap(&path, &index("A-3")).unwrap();
        assert_eq!(live.look(), Look::Taken);
        assert!(holds(&live, "A-3") && !holds(&live, "A-1") && live.trouble().is_none());
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(live.look(), Look::Refused(_)));
        assert!(holds(&live, "A-3"), "what was taken does not need its path");
    }
}
