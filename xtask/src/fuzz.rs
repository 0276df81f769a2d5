//! `cargo xtask fuzz`: broken input for every reader, for a given time.
//!
//! With cargo-fuzz and a nightly toolchain the coverage-guided targets of `fuzz/` run. Without them the mutation tests
//! run, which every `cargo test` runs for a moment; they are the tests with `fuzz` in their name.

use anyhow::{Result, bail};
use clap::Args;

use crate::shell;

#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only targets (or tests) with this in their name
    name: Option<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let targets = guided_targets()?;
    if targets.is_empty() {
        println!(
            "cargo-fuzz, a nightly toolchain or fuzz/fuzz_targets is missing: the mutation tests run instead"
        );
        return mutation_tests(options);
    }
    let wanted = |target: &&String| options.name.as_ref().is_none_or(|name| target.contains(name.as_str()));
    let mut broken = Vec::new();
    for target in targets.iter().filter(wanted) {
        println!("\n── {target}, {} s", options.seconds);
        let limit = format!("-max_total_time={}", options.seconds);
        let args = ["+nightly", "fuzz", "run", target, "--", &limit, "-rss_limit_mb=2048", "-timeout=20"];
        if let Err(error) = shell::run(shell::command("cargo").args(args)) {
            println!("{error:#}");
            broken.push(target.as_str());
        }
    }
    if !broken.is_empty() {
        bail!("broke: {}", broken.join(", "));
    }
    Ok(())
}

fn guided_targets() -> Result<Vec<String>> {
    let has_targets = shell::root().join("fuzz/fuzz_targets").is_dir();
    if !has_targets || !shell::succeeds(shell::command("cargo").args(["+nightly", "fuzz", "--version"])) {
        return Ok(Vec::new());
    }
    let listed = shell::output(shell::command("cargo").args(["+nightly", "fuzz", "list"]))?;
    Ok(listed.lines().map(str::to_owned).collect())
}

fn mutation_tests(options: &Options) -> Result<()> {
    let name = options.name.as_deref().unwrap_or("fuzz");
    let mut test =
        shell::cargo(&["test", "--workspace", "--release", "--no-fail-fast", "--", "--nocapture", name]);
    shell::run(test.env("SHIRUBE_FUZZ_SECONDS", options.seconds.to_string()))
}
