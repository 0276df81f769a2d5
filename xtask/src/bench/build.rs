//! What building costs: a newcomer's first release build, and the tests of an engine after a change.

use std::fs::File;
use std::path::Path;
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result};

use super::measure::median;
use super::row::{Row, Target};
use super::{Outcome, folder, machine};
use crate::shell;

const CHANGES: usize = 3;

pub(super) fn run() -> Result<Outcome> {
    Ok(Outcome::Measured(vec![clean_release_build()?, engine_change()?]))
}

/// Everything compiled from nothing. The downloads are a matter of the network and are done before.
fn clean_release_build() -> Result<Row> {
    let folder = tempfile::tempdir_in(folder()?)?;
    shell::run(&mut shell::cargo(&["fetch", "--locked"]))?;
    let started = Instant::now();
    let args = ["build", "--release", "--locked", "--quiet", "-p", "shirube", "--target-dir"];
    shell::run(shell::cargo(&args).arg(folder.path()))?;
    Ok(Row {
        work: "clean release build".to_owned(),
        target: Target::AtMost(9.0),
        measured: started.elapsed().as_secs_f64() / 60.0,
        unit: "min".to_owned(),
        peer: None,
        command: "cargo clean && cargo build --release".to_owned(),
        on: machine::today()?,
    })
}

fn engine_change() -> Result<Row> {
    let changed = shell::root().join("crates/plan/src/lib.rs");
    let test = || shell::output(&mut shell::cargo(&["test", "--locked", "--quiet", "-p", "plan"]));
    test()?;
    let mut seconds = Vec::new();
    for _ in 0..CHANGES {
        touch(&changed)?;
        let started = Instant::now();
        test()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    Ok(Row {
        work: "an engine changed: built again and tested".to_owned(),
        target: Target::AtMost(20.0),
        measured: median(seconds),
        unit: "s".to_owned(),
        peer: None,
        command: "touch crates/plan/src/lib.rs && cargo test -p plan".to_owned(),
        on: machine::today()?,
    })
}

fn touch(file: &Path) -> Result<()> {
    let opened =
        File::options().append(true).open(file).with_context(|| format!("cannot open {}", file.display()))?;
    Ok(opened.set_modified(SystemTime::now())?)
}
