//! The site as a whole: journeys through it in a real browser (`e2e/`, Node), and its API held against its own description
//! (Schemathesis, Python). What is tried stands there; here only what has to be there first.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::shell;

#[derive(Args)]
pub(crate) struct Options {
    /// Only the API against its description
    #[arg(long)]
    api: bool,
    /// Ask the API of every register, not only of some that together have every kind of field and right: half an hour
    #[arg(long)]
    long: bool,
}

/// The scripts of `e2e/package.json`.
#[derive(Clone, Copy)]
pub(crate) enum Extent {
    /// The main journeys.
    Journeys,
    /// These, and every kind of page in every look with axe-core: some ten minutes.
    Everything,
}

/// Everything that is tried on the site as a whole.
pub(crate) fn run(options: &Options) -> Result<()> {
    if !options.api {
        journeys(Extent::Everything)?;
    }
    description(options.long)
}

/// Walks through the site in Debian's Chromium. Skipped with a word where the tools are missing; `tools` has refused that
/// under CI already.
pub(crate) fn journeys(extent: Extent) -> Result<()> {
    if shell::which("npm").is_none() || shell::which("chromium").is_none() {
        println!("skipped: needs npm and chromium");
        return Ok(());
    }
    let program = program()?;
    let folder = shell::root().join("e2e");
    shell::run(shell::command("npm").current_dir(&folder).args(["ci", "--silent"]))?;
    let script = match extent {
        Extent::Journeys => "test",
        Extent::Everything => "long",
    };
    let mut test = shell::command("npm");
    shell::with_shared(&mut test)?;
    if let Some(python) = mail_server()? {
        test.env("SHIRUBE_TEST_PYTHON", python);
    }
    shell::run(test.current_dir(&folder).env("SHIRUBE_BIN", program).args(["run", "--silent", script]))
}

/// A Python with the mail server that the tests write to; none where there is no Python, which `tools` has refused under CI.
pub(crate) fn mail_server() -> Result<Option<PathBuf>> {
    if !crate::tools::can_make_python() {
        println!("mail is not tested: needs python3 with venv");
        return Ok(None);
    }
    Ok(Some(python("target/python-mail", "e2e/mail/requirements.txt")?.join("bin/python")))
}

/// Has Schemathesis ask the API for everything its description promises.
fn description(long: bool) -> Result<()> {
    if shell::which("python3").is_none() {
        println!("skipped: needs python3");
        return Ok(());
    }
    let program = program()?;
    let python = python("target/python", "e2e/requirements.txt")?;
    let mut test = shell::command(python.join("bin/python"));
    shell::with_shared(&mut test)?;
    test.arg("e2e/description.py").args(long.then_some("--long"));
    shell::run(test.env("SHIRUBE_BIN", program).env("PATH", with_path(&python)?))
}

/// The program as `cargo test` builds it for the tests of the command line. Built by itself it would have fewer features of its
/// dependencies, and nearly all of them would be built once more.
fn program() -> Result<PathBuf> {
    shell::run(&mut shell::cargo(&[
        "test",
        "--no-run",
        "--workspace",
        "--test",
        "command_line",
        "--locked",
    ]))?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| shell::root().join("target"), PathBuf::from);
    Ok(shell::root().join(target).join("debug/shirube"))
}

/// A private Python in a folder, with what a list of requirements names.
fn python(folder: &str, requirements: &str) -> Result<PathBuf> {
    let folder = shell::root().join(folder);
    let wanted = shell::root().join(requirements);
    let there = folder.join("requirements.txt");
    let named = std::fs::read(&wanted).with_context(|| format!("{}", wanted.display()))?;
    if std::fs::read(&there).ok().as_ref() == Some(&named) {
        return Ok(folder);
    }
    shell::run(shell::command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let pip = folder.join("bin/pip");
    shell::run(shell::command(pip).args(["install", "--quiet", "--requirement"]).arg(&wanted))?;
    std::fs::write(there, named)?;
    Ok(folder)
}

fn with_path(python: &std::path::Path) -> Result<std::ffi::OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(python.join("bin")).chain(std::env::split_paths(&rest));
    Ok(std::env::join_paths(all)?)
}
