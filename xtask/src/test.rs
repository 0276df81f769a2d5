//! `cargo xtask test`: the one test command. It brings what it needs, runs every step even after one failed, and sums up.
//!
//! What each crate tests is the crate's business; here is only the order and the surroundings.

use std::time::Instant;

use anyhow::{Result, bail};
use clap::Args;

use crate::postgres::Cluster;
use crate::{e2e, house, licences, shell, tools};

#[derive(Args)]
pub(crate) struct Options {
    /// Only the tests: no formatting check, lints, licences or house rules
    #[arg(long)]
    quick: bool,
    /// Install missing Debian packages (needs root; under CI this is so anyway)
    #[arg(long)]
    install: bool,
    /// Passed on to `cargo test`, such as `-p store` or `-- --nocapture`
    #[arg(last = true)]
    cargo_test: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    // Ctrl-C reaches the running step too. It ends that step, and we live long enough to stop the database.
    ctrlc::set_handler(|| ())?;
    let mut steps = Steps::new();
    steps.run("what the tests need", || tools::bring(options.install));
    if !options.quick {
        steps.run("rustfmt", || lint("fmt", "rustfmt", &["--all", "--check"]));
        steps.run("clippy", || {
            lint("clippy", "clippy", &["--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
        });
        steps.run("licences", licences::run);
        steps.run("house rules", house::run);
    }
    steps.run("cargo test", || cargo_test(&options.cargo_test));
    if options.cargo_test.is_empty() {
        steps.run("the site in a browser", || e2e::journeys(e2e::Extent::Journeys));
    }
    steps.conclude()
}

/// `cargo fmt` and `cargo clippy` are rustup components that a small toolchain leaves out: CI adds them.
fn lint(subcommand: &str, component: &str, args: &[&str]) -> Result<()> {
    if !shell::succeeds(&mut shell::cargo(&[subcommand, "--version"])) {
        if !shell::under_ci() {
            println!("skipped: `rustup component add {component}` brings it");
            return Ok(());
        }
        shell::run(shell::command("rustup").args(["component", "add", component]))?;
    }
    shell::run(shell::cargo(&[subcommand]).args(args))
}

fn cargo_test(passed_on: &[String]) -> Result<()> {
    let mut test = shell::cargo(&["test", "--no-fail-fast"]);
    if !passed_on.iter().any(|arg| arg == "-p" || arg == "--package" || arg.starts_with("--package=")) {
        test.arg("--workspace");
    }
    test.args(passed_on);
    let cluster = database()?;
    if let Some(cluster) = &cluster {
        test.env("SHIRUBE_TEST_POSTGRES", cluster.url());
    }
    shell::with_shared(&mut test)?;
    if let Some(python) = e2e::mail_server()? {
        test.env("SHIRUBE_TEST_PYTHON", python);
    }
    shell::run(&mut test)
}

/// A private PostgreSQL, unless one is given or none is installed (which `tools` has already told, and CI refused).
fn database() -> Result<Option<Cluster>> {
    if std::env::var_os("SHIRUBE_TEST_POSTGRES").is_some() || crate::postgres::programs().is_none() {
        return Ok(None);
    }
    Cluster::start().map(Some)
}

/// The steps run so far, each with its time and its end.
struct Steps {
    started: Instant,
    done: Vec<(&'static str, f64, Result<()>)>,
}

impl Steps {
    fn new() -> Self {
        Self { started: Instant::now(), done: Vec::new() }
    }

    fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        println!("\n── {name}");
        let started = Instant::now();
        let result = step();
        self.done.push((name, started.elapsed().as_secs_f64(), result));
    }

    fn conclude(self) -> Result<()> {
        println!("\n── summary ({:.1} s)", self.started.elapsed().as_secs_f64());
        let mut failed = Vec::new();
        for (name, seconds, result) in &self.done {
            match result {
                Ok(()) => println!("ok      {seconds:>7.1} s  {name}"),
                Err(error) => {
                    println!("FAILED  {seconds:>7.1} s  {name}: {error:#}");
                    failed.push(*name);
                }
            }
        }
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_lets_the_others_run_and_fails_the_whole() {
        let mut steps = Steps::new();
        let mut ran = false;
        steps.run("broken", || bail!("no"));
        steps.run("sound", || {
            ran = true;
            Ok(())
        });
        assert_eq!(steps.conclude().unwrap_err().to_string(), "failed: broken");
        assert!(ran);
    }
}
