//! The main job, as a cold process: the shipped plan, 82 programmes of one year and 71 older sheets.

use anyhow::Result;

use super::product::{Product, corpus, forget};
use super::row::{Row, Target};
use super::{Outcome, folder, machine, measure};
use crate::shell;

const RUNS: usize = 21;

pub(super) fn run() -> Result<Outcome> {
    let product = Product::build()?;
    let lacking = product.lacks(&["intake", "followup"]);
    if !lacking.is_empty() {
        return Ok(Outcome::NotYet(format!("shirube has no `{}`", lacking.join("`, `"))));
    }
    let database = folder()?.join("followup.db");
    forget(&database);
    let mut intake = product.on(&database, &["intake"]);
    shell::output(intake.arg(corpus("rs2024-meddev")?).arg(corpus("judgit-meddev")?))?;
    let sample = measure::medians(RUNS, &[0], || Ok(product.on(&database, &["followup"])))?;
    let row = |work: &str, limit, measured, unit: &str| -> Result<Row> {
        Ok(Row {
            work: format!("`followup`, cold process: {work}"),
            target: Target::AtMost(limit),
            measured,
            unit: unit.to_owned(),
            peer: None,
            command: "shirube intake rs2024-meddev judgit-meddev && shirube followup".to_owned(),
            on: machine::today()?,
        })
    };
    Ok(Outcome::Measured(vec![
        row("time", 100.0, sample.ms, "ms")?,
        row("memory", 100.0, sample.peak_mb, "MB")?,
    ]))
}
