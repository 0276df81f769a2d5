//! Vulnerability data and bills of materials: the index built from all data on hand, a bill of 10,000 components scanned by a cold process,
//! and the portfolio of real bills read and matched.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::measure::medians;
use super::product::{Product, corpus};
use super::row::{Row, Target};
use super::{Outcome, folder, machine};
use crate::shell;

/// All data on hand.
const SOURCES: [&str; 8] = [
    "osv-go.tar.gz",
    "osv-pypi.tar.gz",
    "osv-crates.tar.gz",
    "nvd-configurations.ndjson.gz",
    "kev.tar.gz",
    "epss-kev-fixtures.tar.gz",
    "icsma-csaf-a.tar.gz",
    "jvn-fixtures.tar.gz",
];
const PORTFOLIO: &str = "spdx-portfolio-260.tar.gz";
const COMPONENTS: usize = 10_000;
/// Of these, packages that advisories speak of.
const SPOKEN_OF: usize = 2_000;
const RUNS: usize = 15;
const BUILDS: usize = 5;

pub(super) fn run() -> Result<Outcome> {
    let product = Product::build()?;
    if !product.lacks(&["vulns", "cyber"]).is_empty() {
        return Ok(Outcome::NotYet("shirube has no `vulns`".to_owned()));
    }
    let folder = tempfile::tempdir_in(folder()?)?;
    let data = corpus("cyber")?;
    let unpacked = folder.path().join("unpacked");
    std::fs::create_dir(&unpacked)?;
    for archive in [PORTFOLIO, "osv-pypi.tar.gz"] {
        shell::run(Command::new("tar").arg("-xzf").arg(data.join(archive)).arg("-C").arg(&unpacked))?;
    }
    let database = folder.path().join("unused.db");
    let index = folder.path().join("vulns.index");
    let build = || {
        // An index that is there and whose sources have not changed would be left as it is.
        let _ = std::fs::remove_file(&index);
        let mut command = product.on(&database, &["vulns", "update", "--into"]);
        command.arg(&index).args(SOURCES.map(|source| data.join(source)));
        Ok(command)
    };
    let made = medians(BUILDS, &[0], build)?;
    let bill = folder.path().join("bill.cdx.json");
    std::fs::write(&bill, bill_of(&unpacked)?)?;
    let scanned = medians(RUNS, &[1], || {
        let mut command = product.on(&database, &["cyber", "scan", "--format", "json", "--vulns"]);
        command.arg(&index).arg(&bill);
        Ok(command)
    })?;
    let size = std::fs::metadata(&index)?.len();
    let (once, often) = (rate(&index, &unpacked, 1)?, rate(&index, &unpacked, 20)?);
    let on = machine::today()?;
    let row = |work: &str, target, measured, unit: &str, command: &str| Row {
        work: work.to_owned(),
        target,
        measured,
        unit: unit.to_owned(),
        peer: None,
        command: command.to_owned(),
        on: on.clone(),
    };
    let (update, scan) = (
        "shirube vulns update SOURCE…",
        "shirube cyber scan bill.cdx.json --format json --vulns vulns.index",
    );
    let example = "cargo run --release -p bulk --example portfolio -- vulns.index spdx-portfolio-260 [20]";
    Ok(Outcome::Measured(vec![
        row("index built from all data on hand", Target::AtMost(3.0), made.ms / 1000.0, "s", update),
        row("index: memory of building", Target::AtMost(1000.0), made.peak_mb, "MB", update),
        row("index: size", Target::AtMost(50.0), megabytes(size), "MB", update),
        row("cold scan of 10,000 components", Target::AtMost(50.0), scanned.ms, "ms", scan),
        row("cold scan: memory", Target::AtMost(150.0), scanned.peak_mb, "MB", scan),
        row("portfolio read and matched", Target::AtLeast(500.0), once, "MB/s", example),
        row("portfolio 20 times read and matched", Target::AtLeast(500.0), often, "MB/s", example),
    ]))
}

/// Megabytes of bills a second.
fn rate(index: &Path, folder: &Path, times: usize) -> Result<f64> {
    let mut command = shell::cargo(&[
        "run",
        "--release",
        "--locked",
        "--quiet",
        "-p",
        "bulk",
        "--example",
        "portfolio",
        "--",
    ]);
    command.arg(index).arg(folder.join("spdx-portfolio-260")).arg(times.to_string());
    let printed: Value = serde_json::from_str(&shell::output(&mut command)?)?;
    printed["mb_per_second"].as_f64().context("the example prints a rate")
}

/// A bill of different packages, the same at every run: of the portfolio, and of those advisories speak of.
fn bill_of(unpacked: &Path) -> Result<String> {
    let mut portfolio = BTreeSet::new();
    for file in files(unpacked, "json")? {
        let text = std::fs::read_to_string(file)?;
        // References are looked for as texts: the bills are of one tool each, and none escapes a package URL.
        for piece in text.split("\"pkg:").skip(1) {
            let end = piece.find('"').unwrap_or_default();
            portfolio.insert(format!("pkg:{}", &piece[..end]));
        }
    }
    let mut spoken_of = BTreeSet::new();
    for file in files(unpacked, "yaml")? {
        let name = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        spoken_of.extend(["1.0", "2.1.3"].map(|version| format!("pkg:pypi/{name}@{version}")));
    }
    let step = (portfolio.len() / (COMPONENTS - SPOKEN_OF)).max(1);
    let mut purls: Vec<String> = spoken_of.into_iter().take(SPOKEN_OF).collect();
    purls.extend(portfolio.into_iter().step_by(step).take(COMPONENTS - purls.len()));
    let mut bill =
        String::from("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,\"components\":[");
    for (at, purl) in purls.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(
            bill,
            "{comma}{{\"type\":\"library\",\"name\":\"part {at}\",\"bom-ref\":\"{at}\",\"purl\":{}}}",
            Value::from(purl.as_str())
        );
    }
    bill.push_str("]}");
    Ok(bill)
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files in megabytes")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
