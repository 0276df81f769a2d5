//! The product as its users run it: the release binary, a database, the corpora.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, anyhow};

use super::target;
use crate::shell;

/// The built release binary.
pub(super) struct Product {
    program: PathBuf,
    help: String,
}

impl Product {
    pub(super) fn build() -> Result<Self> {
        shell::run(&mut shell::cargo(&["build", "--release", "--locked", "-p", "shirube"]))?;
        let program = target().join("release/shirube");
        let help = shell::output(Command::new(&program).args(["--lang", "en", "--help"])).unwrap_or_default();
        Ok(Self { program, help })
    }

    /// The subcommands among these that the binary does not have.
    pub(super) fn lacks<'a>(&self, subcommands: &[&'a str]) -> Vec<&'a str> {
        let listed = |name: &str| self.help.lines().any(|line| line.split_whitespace().next() == Some(name));
        subcommands.iter().copied().filter(|name| !listed(name)).collect()
    }

    /// Makes it look like another build of itself.
    pub(super) fn touch(&self) -> Result<()> {
        let program = std::fs::File::options().append(true).open(&self.program)?;
        Ok(program.set_modified(std::time::SystemTime::now())?)
    }

    /// A command on a database.
    pub(super) fn on(&self, database: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env("SHIRUBE_DB", database).args(args);
        command
    }
}

/// Removes a database with its side files: the next command makes a fresh one.
pub(super) fn forget(database: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut file = database.as_os_str().to_owned();
        file.push(ending);
        // A file that was never there is as good as removed.
        let _ = std::fs::remove_file(file);
    }
}

/// A folder of the corpora, such as `rs2024-meddev`.
pub(super) fn corpus(name: &str) -> Result<PathBuf> {
    let shared = std::env::var_os("SHIRUBE_SHARED").map_or(shell::root().join("../shared"), PathBuf::from);
    let folder = shared.join("data").join(name);
    folder.canonicalize().map_err(|_| anyhow!("{} is not there: set SHIRUBE_SHARED", folder.display()))
}
