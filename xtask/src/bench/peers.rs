//! The Python peers, in a virtual environment under the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::{folder, measure};
use crate::shell;

/// An environment with the packages of `xtask/peers/requirements.txt`.
pub(super) struct Peers {
    python: PathBuf,
    scripts: PathBuf,
}

impl Peers {
    /// `None`, said aloud, where Python or its packages are not to be had: then there is nothing to compare with.
    pub(super) fn install() -> Result<Option<Self>> {
        let scripts = shell::root().join("xtask/peers");
        let environment = folder()?.join("python");
        let python = environment.join("bin/python");
        let made =
            shell::output(Command::new("python3").args(["-m", "venv"]).arg(&environment)).and_then(|_| {
                let mut pip = Command::new(&python);
                pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
                shell::output(pip.arg(scripts.join("requirements.txt")))
            });
        match made {
            Ok(_) => Ok(Some(Self { python, scripts })),
            Err(error) => {
                println!("no peers to compare with: {error:#}");
                Ok(None)
            }
        }
    }

    /// A script of `xtask/peers/`.
    pub(super) fn command(&self, script: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(self.scripts.join(script));
        command
    }

    /// A program that a package brought.
    pub(super) fn program(&self, name: &str) -> Command {
        Command::new(self.python.with_file_name(name))
    }

    /// An installed module, run beside the scripts.
    pub(super) fn module(&self, name: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.args(["-m", name]).current_dir(&self.scripts);
        command
    }

    /// The whole process, from the start of the interpreter to the written result.
    pub(super) fn median_seconds(&self, script: &str, input: &Path, runs: usize) -> Result<f64> {
        let output = tempfile::tempdir_in(folder()?)?;
        let sample = measure::medians(runs, &[0], || {
            let mut command = self.command(script);
            command.arg(input).arg(output.path());
            Ok(command)
        })?;
        println!("{script}: {:.0} ms, {:.0} MB", sample.ms, sample.peak_mb);
        Ok(sample.ms / 1000.0)
    }
}
