//! A register of a million records: a filtered page of fifty, and full-text search.
//!
//! The store's example `million` fills the register, asks many different questions, and prints one JSON object a line:
//! `{"work": "filtered page of 50", "p50_ms": 0.8, "p99_ms": 2.1}`.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::row::{Row, Target};
use super::{Outcome, machine};
use crate::shell;

const EXAMPLE: &str = "million";

#[derive(Deserialize)]
struct Answer {
    work: String,
    p50_ms: f64,
    p99_ms: f64,
}

pub(super) fn run() -> Result<Outcome> {
    if !shell::root().join("crates/store/examples").join(EXAMPLE).with_extension("rs").is_file() {
        return Ok(Outcome::NotYet(format!("the store has no example `{EXAMPLE}`")));
    }
    let args = ["run", "--release", "--locked", "-p", "store", "--example", EXAMPLE];
    let printed = shell::output(&mut shell::cargo(&args))?;
    let mut rows = Vec::new();
    for line in printed.lines().filter(|line| line.starts_with('{')) {
        let answer: Answer =
            serde_json::from_str(line).with_context(|| format!("example {EXAMPLE}: {line}"))?;
        rows.push(Row {
            work: format!("1,000,000 records, {}: p99 (p50 {:.1} ms)", answer.work, answer.p50_ms),
            target: Target::AtMost(20.0),
            measured: answer.p99_ms,
            unit: "ms".to_owned(),
            peer: None,
            command: format!("cargo {}", args.join(" ")),
            on: machine::today()?,
        });
    }
    Ok(Outcome::Measured(rows))
}
