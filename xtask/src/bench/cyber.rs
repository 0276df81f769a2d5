//! Vulnerability data and bills of materials: the index built from all data on hand, a bill of 10,000 components scanned by a cold process,
//! and the portfolio of real bills read and matched.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::measure::medians;
use super::product::{Product, corpus};
use super::row::{Row, Target};
use super::scanners::Scanners;
use super::{Outcome, folder, machine, target};
use crate::shell;

/// All data on hand.
const SOURCES: [&str; 8] = [
    "osv-go.tar.gz",
    "osv-pypi.tar.gz",
    "osv-crates.tar.gz",
    NVD,
    "kev.tar.gz",
    "epss-kev-fixtures.tar.gz",
    "icsma-csaf-a.tar.gz",
    "jvn-fixtures.tar.gz",
];
const NVD: &str = "nvd-configurations.ndjson.gz";
const PORTFOLIO: &str = "spdx-portfolio-260.tar.gz";
const COMPONENTS: usize = 10_000;
/// Of these, packages that advisories speak of.
const SPOKEN_OF: usize = 2_000;
/// Components that bear CPE names.
const PRODUCTS: usize = 1_000;
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
    for archive in [PORTFOLIO, "osv-pypi.tar.gz", "osv-go.tar.gz", "osv-crates.tar.gz"] {
        let own = unpacked.join(archive.trim_end_matches(".tar.gz"));
        std::fs::create_dir(&own)?;
        shell::run(Command::new("tar").arg("-xzf").arg(data.join(archive)).arg("-C").arg(own))?;
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
    let (bill, by_cpe) = (folder.path().join("bill.cdx.json"), folder.path().join("cpe.cdx.json"));
    std::fs::write(&bill, bill_of("purl", &packages(&unpacked)?)?)?;
    std::fs::write(&by_cpe, bill_of("cpe", &products(&data.join(NVD))?)?)?;
    let scan = |bill: &Path| {
        medians(RUNS, &[1], || {
            let mut command = product.on(&database, &["cyber", "scan", "--format", "json", "--vulns"]);
            command.arg(&index).arg(bill);
            Ok(command)
        })
    };
    let (scanned, scanned_by_cpe) = (scan(&bill)?, scan(&by_cpe)?);
    let size = std::fs::metadata(&index)?.len();
    let (once, often) = (rate(&index, &unpacked, 1)?, rate(&index, &unpacked, 20)?);
    let osv = ["osv-go", "osv-pypi", "osv-crates"].map(|name| unpacked.join(name));
    let scanners = Scanners::filled(&osv, &data.join(NVD), folder.path())?;
    let reports = folder.path().join("reports");
    let vdb = scanners.as_ref().and_then(|scanners| scanners.vdb(&bill));
    let dep_scan = scanners.as_ref().and_then(|scanners| scanners.dep_scan(&bill, &reports));
    let cve_bin_tool = scanners
        .as_ref()
        .and_then(|scanners| scanners.cve_bin_tool(&by_cpe, &folder.path().join("cve-bin-tool.json")));
    let on = machine::today()?;
    let row = |work: &str, target, measured, unit: &str, command: &str, peer| Row {
        work: work.to_owned(),
        target,
        measured,
        unit: unit.to_owned(),
        peer,
        command: command.to_owned(),
        on: on.clone(),
    };
    let (update, scan) = (
        "shirube vulns update SOURCE…",
        "shirube cyber scan bill.cdx.json --format json --vulns vulns.index",
    );
    let example = "cargo run --release -p bulk --example portfolio -- vulns.index spdx-portfolio-260 [20]";
    let cpe_target = Target::AtMost(250.0);
    Ok(Outcome::Measured(vec![
        row("index built from all data on hand", Target::AtMost(3.0), made.ms / 1000.0, "s", update, None),
        row("index: memory of building", Target::AtMost(1000.0), made.peak_mb, "MB", update, None),
        row("index: size", Target::AtMost(50.0), megabytes(size), "MB", update, None),
        row("cold scan of 10,000 components", Target::AtMost(50.0), scanned.ms, "ms", scan, vdb),
        row("the same", Target::AtMost(50.0), scanned.ms, "ms", scan, dep_scan),
        row("cold scan: memory", Target::AtMost(150.0), scanned.peak_mb, "MB", scan, None),
        row(
            "cold scan of 1,000 components by CPE name",
            cpe_target,
            scanned_by_cpe.ms,
            "ms",
            scan,
            cve_bin_tool,
        ),
        row("portfolio read and matched", Target::AtLeast(500.0), once, "MB/s", example, None),
        row("portfolio 20 times read and matched", Target::AtLeast(500.0), often, "MB/s", example, None),
    ]))
}

/// Megabytes of bills a second.
fn rate(index: &Path, folder: &Path, times: usize) -> Result<f64> {
    // Together with the command line, so that nothing is compiled again for other features.
    let build = [
        "build",
        "--release",
        "--locked",
        "--quiet",
        "-p",
        "shirube",
        "-p",
        "bulk",
        "--example",
        "portfolio",
    ];
    shell::run(shell::cargo(&build).args(["--bin", "shirube"]))?;
    let mut command = Command::new(target().join("release/examples/portfolio"));
    command.arg(index).arg(folder.join("spdx-portfolio-260")).arg(times.to_string());
    let printed: Value = serde_json::from_str(&shell::output(&mut command)?)?;
    printed["mb_per_second"].as_f64().context("the example prints a rate")
}

/// Different packages, the same at every run: of the portfolio, and of those advisories speak of.
fn packages(unpacked: &Path) -> Result<Vec<String>> {
    let mut portfolio = BTreeSet::new();
    for file in files(&unpacked.join("spdx-portfolio-260"), "json")? {
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
    Ok(purls)
}

/// Products that NVD's records call vulnerable in one version, as many and as different as a large device has parts.
fn products(nvd: &Path) -> Result<Vec<String>> {
    let text = shell::output(Command::new("gzip").arg("-dc").arg(nvd))?;
    let mut found = BTreeSet::new();
    for piece in text.split("\"criteria\":\"").skip(1) {
        let name = &piece[..piece.find('"').unwrap_or_default()];
        let parts: Vec<&str> = name.split(':').collect();
        if let ["cpe", "2.3", "a", vendor, product, version, ..] = parts.as_slice()
            && parts.len() == 13
            && version.starts_with(|first: char| first.is_ascii_digit())
        {
            found.insert(format!("cpe:2.3:a:{vendor}:{product}:{version}:*:*:*:*:*:*:*"));
        }
    }
    let step = (found.len() / PRODUCTS).max(1);
    Ok(found.into_iter().step_by(step).take(PRODUCTS).collect())
}

/// A bill of components under one kind of identifier; versions stand beside them as the names tell them.
fn bill_of(kind: &str, names: &[String]) -> Result<String> {
    let component = |(at, name): (usize, &String)| {
        let version = match kind {
            "cpe" => name.split(':').nth(5).unwrap_or_default(),
            _ => name.rsplit_once('@').map_or("", |(_, version)| version),
        };
        let product = if kind == "cpe" { name.split(':').nth(4).unwrap_or_default() } else { name };
        json!({ "type": "library", "name": product, "version": version, "bom-ref": at.to_string(), kind: name })
    };
    let components: Vec<Value> = names.iter().enumerate().map(component).collect();
    // dep-scan reads no bill without metadata.
    let subject = json!({ "type": "application", "name": "bench", "version": "1", "bom-ref": "bench" });
    let bill = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "component": subject, "tools": { "components": [] } },
        "components": components,
    });
    Ok(serde_json::to_string(&bill)?)
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
