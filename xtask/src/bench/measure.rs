//! Time and peak memory of whole processes, and their medians.
//!
//! The kernel keeps the peak memory per *waited-for child*, the largest of all. Each run therefore gets a parent of its
//! own: this program again, as `xtask measured COMMAND…`.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

/// One run of a command, or the medians of several.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub ms: f64,
    pub peak_mb: f64,
    code: i32,
}

/// Runs a command so often and returns the medians. `before` makes every run start alike. The command's output is
/// thrown away; an exit code outside `fine` is an error.
pub(super) fn medians(
    runs: usize,
    fine: &[i32],
    mut before: impl FnMut() -> Result<Command>,
) -> Result<Sample> {
    let mut samples = Vec::with_capacity(runs);
    for _ in 0..runs {
        samples.push(once(&before()?, fine)?);
    }
    let ms = median(samples.iter().map(|sample| sample.ms).collect());
    let peak_mb = median(samples.iter().map(|sample| sample.peak_mb).collect());
    Ok(Sample { ms, peak_mb, code: 0 })
}

/// The middle value; of an even number the mean of the two.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

/// `xtask measured COMMAND…`: runs it and prints a sample.
pub(crate) fn report_child(command: &[String]) -> Result<()> {
    let [program, args @ ..] = command else { bail!("no command to measure") };
    let started = Instant::now();
    let status = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss();
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1.0 } else { 1024.0 };
    #[expect(clippy::cast_precision_loss, reason = "no process has 2^52 KiB")]
    let peak_mb = peak as f64 * unit / 1e6;
    println!("{}", serde_json::to_string(&Sample { ms, peak_mb, code: status.code().unwrap_or(-1) })?);
    Ok(())
}

fn once(command: &Command, fine: &[i32]) -> Result<Sample> {
    let mut parent = Command::new(std::env::current_exe()?);
    parent.arg("measured").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => parent.env(name, value),
            None => parent.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        parent.current_dir(folder);
    }
    let printed = crate::shell::output(&mut parent)?;
    let sample: Sample =
        serde_json::from_str(&printed).context("the measured command printed something else")?;
    if !fine.contains(&sample.code) {
        bail!("{} ended with code {}", command.get_program().display(), sample.code);
    }
    Ok(sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_does_not_move_with_one_slow_run() {
        assert!((median(vec![3.0, 1.0, 900.0]) - 3.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 900.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }
}
