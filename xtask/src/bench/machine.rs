//! The machine that a figure was measured on.

use std::process::Command;

use anyhow::Result;

use crate::shell;

/// A paragraph of Markdown.
pub(super) fn description() -> Result<String> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let unknown = || "unknown".to_owned();
    Ok(format!(
        "## Machine\n\n- processor: {}, {cores} cores\n- memory: {}\n- system: {}\n- {}\n",
        value_of("/proc/cpuinfo", "model name", ':').unwrap_or_else(unknown),
        value_of("/proc/meminfo", "MemTotal", ':').map_or_else(unknown, |kib| gib(&kib)),
        value_of("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(unknown),
        shell::output(shell::command("rustc").arg("--version"))?.trim(),
    ))
}

/// Today, `2026-11-23`.
pub(super) fn today() -> Result<String> {
    Ok(shell::output(Command::new("date").args(["-u", "+%F"]))?.trim().to_owned())
}

fn value_of(file: &str, key: &str, separator: char) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let (_, value) = text.lines().find(|line| line.starts_with(key))?.split_once(separator)?;
    Some(value.trim().trim_matches('"').to_owned())
}

fn gib(printed: &str) -> String {
    let kib: Option<f64> = printed.trim_end_matches(" kB").parse().ok();
    kib.map_or_else(|| printed.to_owned(), |kib| format!("{:.0} GiB", kib / 1024.0 / 1024.0))
}
