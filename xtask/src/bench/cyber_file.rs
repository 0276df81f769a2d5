//! The rule check of a pre-market file over a large bill of materials: the whole process, from the product file to the answer.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::measure::medians;
use super::peers::Peers;
use super::product::{Product, corpus};
use super::row::{Row, Target};
use super::{Outcome, folder, machine, scanners};
use crate::shell;

/// Bills made from whole containers; those of the size of a device's are measured.
const ARCHIVE: &str = "spdx-portfolio-260.tar.gz";
const SMALLEST: u64 = 2_000_000;
const LARGEST: u64 = 4_500_000;
const RUNS: usize = 9;

pub(super) fn run() -> Result<Outcome> {
    let product = Product::build()?;
    if product.lacks(&["cyber"]) == ["cyber"] {
        return Ok(Outcome::NotYet("there is no `shirube cyber`".to_owned()));
    }
    let folder = tempfile::tempdir_in(folder()?)?;
    let archive = corpus("cyber")?.join(ARCHIVE);
    shell::run(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder.path()))?;
    let (bill, bytes) = largest(folder.path())?.context("the portfolio has no bill of 2 to 4.5 MB")?;
    let file = folder.path().join("product.toml");
    let text = format!(
        "[product]\nname = \"Pump\"\nmaker = \"Acme\"\ndate = \"2026-11-01\"\n[facts]\nsoftware = true\nconnected = true\n\
         exports_to_us = true\ninternet_connectable = true\nvulnerable_characteristics = true\n[files]\nsbom = [{:?}]\n",
        bill.display().to_string()
    );
    std::fs::write(&file, text)?;
    let database = folder.path().join("unused.db");
    let sample = medians(RUNS, &[1], || {
        let mut command = product.on(&database, &["cyber", "file"]);
        command.arg(&file).args(["--format", "json"]);
        Ok(command)
    })?;
    let checker = Peers::install()?.and_then(|peers| scanners::ntia(&peers, &bill));
    let on = machine::today()?;
    let row = |work: &str, target, measured, unit: &str, peer| Row {
        work: format!("cyber file, SPDX bill of {:.1} MB: {work}", megabytes(bytes)),
        target,
        measured,
        unit: unit.to_owned(),
        peer,
        command: "shirube cyber file product.toml --format json".to_owned(),
        on: on.clone(),
    };
    Ok(Outcome::Measured(vec![
        row("rules checked", Target::AtMost(50.0), sample.ms, "ms", scanners::sbom_tools(&bill)),
        row("the same", Target::AtMost(50.0), sample.ms, "ms", checker),
        row("memory", Target::AtMost(150.0), sample.peak_mb, "MB", None),
    ]))
}

/// The largest bill within the bounds, and its size.
fn largest(folder: &Path) -> Result<Option<(PathBuf, u64)>> {
    let mut found = None;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let (path, metadata) = (entry.path(), entry.metadata()?);
            let bytes = metadata.len();
            if metadata.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json")
                && (SMALLEST..=LARGEST).contains(&bytes)
                && found.as_ref().is_none_or(|(_, most)| bytes > *most)
            {
                found = Some((path, bytes));
            }
        }
    }
    Ok(found)
}

#[allow(clippy::cast_precision_loss, reason = "sizes of files in megabytes, one digit")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
