//! `cargo xtask bench`: what the project promises to reach, measured side by side with the peers its users have today.
//!
//! The table of benchmarks and the writing of BENCHMARKS.md live here, each benchmark in a module of its own. A
//! benchmark whose pieces are not there says so and measures nothing.

mod build;
mod cyber;
mod cyber_file;
mod cyber_watch;
mod followup;
mod machine;
pub(crate) mod measure;
mod peers;
mod product;
mod register;
mod row;
mod rs_year;
mod scanners;
mod web;
mod year;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use self::row::Row;
use crate::shell;

#[derive(Args)]
pub(crate) struct Options {
    /// Which benchmarks to run: followup, intake, register, web, cyber, cyber-file, cyber-watch, build (default: all)
    names: Vec<String>,
}

/// What a benchmark comes back with.
enum Outcome {
    Measured(Vec<Row>),
    /// A piece that it measures is not there.
    NotYet(String),
}

type Benchmark = (&'static str, fn() -> Result<Outcome>);

const BENCHMARKS: &[Benchmark] = &[
    ("followup", followup::run),
    ("intake", year::run),
    ("register", register::run),
    ("web", web::run),
    ("cyber", cyber::run),
    ("cyber-file", cyber_file::run),
    ("cyber-watch", cyber_watch::run),
    ("build", build::run),
];

pub(crate) fn run(options: &Options) -> Result<()> {
    let known: Vec<_> = BENCHMARKS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = options.names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("there is no benchmark `{unknown}`; there are {}", known.join(", "));
    }
    let mut results = earlier_results();
    let mut failed = Vec::new();
    for (name, measure) in BENCHMARKS {
        if !options.names.is_empty() && !options.names.iter().any(|wanted| wanted == name) {
            continue;
        }
        println!("\n── {name}");
        match measure() {
            Ok(Outcome::Measured(rows)) => {
                println!("{}", row::table(&rows));
                results.insert((*name).to_owned(), rows);
            }
            Ok(Outcome::NotYet(why)) => println!("not measured: {why}"),
            Err(error) => {
                println!("{error:#}");
                failed.push(*name);
            }
        }
        std::fs::write(results_file(), serde_json::to_string_pretty(&results)? + "\n")?;
    }
    let rows: Vec<Row> = known.iter().filter_map(|name| results.get(*name)).flatten().cloned().collect();
    if !rows.is_empty() {
        let page = shell::root().join("BENCHMARKS.md");
        std::fs::write(&page, written(&rows)?)?;
        println!("\n{} is written", page.display());
    }
    if !failed.is_empty() {
        bail!("could not be measured: {}", failed.join(", "));
    }
    Ok(())
}

/// BENCHMARKS.md: the table, the machine, and how to repeat it.
fn written(rows: &[Row]) -> Result<String> {
    Ok(format!(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench`; a part of it by its name, such as `cargo xtask bench followup`. Times are \
         medians of whole processes, memory is the peak resident set. The peers are the scripts in `xtask/peers/`.\n\n\
         {}\n{}\n## Commands\n\n{}",
        row::table(rows),
        machine::description()?,
        row::commands(rows),
    ))
}

/// Benchmarks not run this time keep what they measured, with its date: on another machine, and after the target folder was removed.
fn earlier_results() -> BTreeMap<String, Vec<Row>> {
    match std::fs::read_to_string(results_file()) {
        // Results of an older shape of the table are worth nothing.
        Ok(text) => serde_json::from_str(&text).unwrap_or_default(),
        Err(_) => BTreeMap::new(),
    }
}

fn results_file() -> PathBuf {
    shell::root().join("docs/benchmarks.json")
}

/// Where benchmarks keep their databases, input and Python packages.
fn folder() -> Result<PathBuf> {
    let folder = target().join("bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// Cargo's target folder.
fn target() -> PathBuf {
    let set = std::env::var_os("CARGO_TARGET_DIR").map_or(PathBuf::from("target"), PathBuf::from);
    shell::root().join(set)
}
