//! A full-government year of the RS system: taken in, and then followed up, checked and joined.
//!
//! The peers are what its users have: DuckDB, which only loads the same files, and pandas, which joins them.

use std::path::Path;

use anyhow::Result;

use super::peers::Peers;
use super::product::{Product, corpus, forget};
use super::row::{Peer, Row, Target};
use super::{Outcome, folder, machine, measure, rs_year};

const RUNS: usize = 3;
const PROGRAMMES: usize = 5_700;
/// A check that finds something ends with 1.
const FOUND_SOMETHING: i32 = 1;

pub(super) fn run() -> Result<Outcome> {
    let product = Product::build()?;
    let lacking = product.lacks(&["intake", "followup", "check"]);
    if !lacking.is_empty() {
        return Ok(Outcome::NotYet(format!("shirube has no `{}`", lacking.join("`, `"))));
    }
    let year = folder()?.join("rs-year");
    let bytes = rs_year::write(&corpus("rs2024-meddev")?, &year, PROGRAMMES)?;
    let database = folder()?.join("rs-year.db");
    let intake = measure::medians(RUNS, &[0], || {
        forget(&database);
        let mut command = product.on(&database, &["intake"]);
        command.arg(&year);
        Ok(command)
    })?;
    let mut rows = intake_rows(intake, bytes, &year)?;
    rows.extend(answers(&product, &database)?);
    Ok(Outcome::Measured(rows))
}

#[expect(clippy::cast_precision_loss, reason = "a year is a hundred megabytes")]
fn intake_rows(intake: measure::Sample, bytes: u64, year: &Path) -> Result<Vec<Row>> {
    let megabytes = bytes as f64 / 1e6;
    let seconds = intake.ms / 1000.0;
    let peers = Peers::install()?;
    let duckdb =
        peers.as_ref().map(|peers| peers.median_seconds("load_duckdb.py", year, RUNS)).transpose()?;
    let pandas =
        peers.as_ref().map(|peers| peers.median_seconds("join_pandas.py", year, RUNS)).transpose()?;
    let row = |work: String, target, measured, unit: &str, peer| -> Result<Row> {
        let command = "shirube intake target/bench/rs-year".to_owned();
        Ok(Row { work, target, measured, unit: unit.to_owned(), peer, command, on: machine::today()? })
    };
    let peer = |name: &str, measured| Peer { name: name.to_owned(), measured };
    let mut rows = vec![row(
        format!("intake of a full RS year, {PROGRAMMES} programmes, {megabytes:.0} MB"),
        Target::AtLeast(50.0),
        megabytes / seconds,
        "MB/s",
        duckdb.map(|seconds| peer("DuckDB, load only", megabytes / seconds)),
    )?];
    if let Some(pandas) = pandas {
        let target = Target::AtMost(pandas / 10.0);
        let peer = Some(peer("pandas, join per programme", pandas));
        rows.push(row(
            "the same, ten times faster than a pandas join".to_owned(),
            target,
            seconds,
            "s",
            peer,
        )?);
    }
    Ok(rows)
}

/// `check` reads everything, joins, puts the follow-up together and checks it, all in one process; the other two are
/// shown beside it.
fn answers(product: &Product, database: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (command, work) in [
        ("check", "join, follow-up and checks over that year, one process"),
        ("followup", "follow-up over that year, with its text"),
        ("join", "join over that year, with its text"),
    ] {
        if !product.lacks(&[command]).is_empty() {
            continue;
        }
        let fine = [0, FOUND_SOMETHING];
        let fine = if command == "check" { &fine[..] } else { &fine[..1] };
        let sample = measure::medians(RUNS, fine, || Ok(product.on(database, &[command])))?;
        println!("{command}: {:.0} ms, {:.0} MB", sample.ms, sample.peak_mb);
        rows.push(Row {
            work: work.to_owned(),
            target: Target::AtMost(1.0),
            measured: sample.ms / 1000.0,
            unit: "s".to_owned(),
            peer: None,
            command: format!("shirube {command}"),
            on: machine::today()?,
        });
    }
    Ok(rows)
}
