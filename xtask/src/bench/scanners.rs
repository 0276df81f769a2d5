//! The scanners people have today, on the same bill and, where they take it, the same advisories: filled offline by the scripts in
//! `xtask/peers`, run as whole processes. One that is not to be had, or fails, is said and left out.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::folder;
use super::measure::{Sample, medians};
use super::peers::Peers;
use super::row::Peer;
use crate::shell;

/// These take seconds to minutes.
const RUNS: usize = 3;

pub(super) struct Scanners {
    peers: Peers,
    /// What `vdb` and `depscan` read.
    vdb: PathBuf,
    /// The home of cve-bin-tool's database.
    home: PathBuf,
}

impl Scanners {
    /// `None`, said aloud, where they are not to be had.
    pub(super) fn filled(osv: &[PathBuf], nvd: &Path, folder: &Path) -> Result<Option<Self>> {
        let Some(peers) = Peers::install()? else { return Ok(None) };
        let (vdb, home) = (folder.join("vdb"), folder.join("cve-bin-tool"));
        println!("filling the databases of the peers");
        let filled = shell::output(peers.command("fill_vdb.py").arg(&vdb).args(osv))
            .and_then(|_| shell::output(peers.command("fill_cve_bin_tool.py").arg(&home).arg(nvd)));
        match filled {
            Ok(_) => Ok(Some(Self { peers, vdb, home })),
            Err(error) => {
                println!("no scanners to compare with: {error:#}");
                Ok(None)
            }
        }
    }

    /// AppThreat's database alone, asked for every package of a bill.
    pub(super) fn vdb(&self, bill: &Path) -> Option<Peer> {
        timed("vdb 6.7.5", || {
            let mut command = self.peers.program("vdb");
            command.env("VDB_HOME", &self.vdb).arg("--bom").arg(bill);
            command
        })
    }

    /// OWASP dep-scan over the same database.
    pub(super) fn dep_scan(&self, bill: &Path, out: &Path) -> Option<Peer> {
        timed("dep-scan 6.3.0", || {
            // What lies there from before is read as a bill, and fails.
            let _ = std::fs::remove_dir_all(out);
            let mut command = self.peers.program("depscan");
            command.env("VDB_HOME", &self.vdb).args(["--no-banner", "--no-vuln-table", "--bom"]).arg(bill);
            command.arg("--reports-dir").arg(out);
            command
        })
    }

    /// Intel's cve-bin-tool over NVD's records.
    pub(super) fn cve_bin_tool(&self, bill: &Path, out: &Path) -> Option<Peer> {
        timed("cve-bin-tool 3.4", || {
            // A report that is there is not overwritten.
            let _ = std::fs::remove_file(out);
            let mut command = self.peers.program("cve-bin-tool");
            command.env("HOME", &self.home).args([
                "--offline",
                "--disable-version-check",
                "-q",
                "-f",
                "json",
            ]);
            command.args(["--sbom", "cyclonedx", "--sbom-file"]).arg(bill).arg("-o").arg(out);
            command
        })
    }
}

/// The checker of NTIA's minimum elements over an SPDX bill.
pub(super) fn ntia(peers: &Peers, bill: &Path) -> Option<Peer> {
    timed("ntia-conformance-checker 6.0.0", || {
        let mut command = peers.program("ntia-checker");
        command.arg("-q").arg(bill);
        command
    })
}

/// sbom-tools (crates.io), installed under the target folder: its check against FDA's list.
pub(super) fn sbom_tools(bill: &Path) -> Option<Peer> {
    let place = folder().ok()?.join("cargo");
    let program = place.join("bin/sbom-tools");
    if !program.is_file() {
        let mut install = shell::cargo(&["install", "--locked", "--quiet", "sbom-tools@0.3.0", "--root"]);
        if let Err(error) = shell::output(install.arg(&place)) {
            println!("no sbom-tools to compare with: {error:#}");
            return None;
        }
    }
    timed("sbom-tools 0.3.0", || {
        let mut command = Command::new(&program);
        command.args(["validate", "--standard", "fda", "-o", "json"]).arg(bill);
        command
    })
}

/// Milliseconds of a whole process. Some end with 1 where they found something, cve-bin-tool with the number of what it found.
fn timed(name: &str, command: impl Fn() -> Command) -> Option<Peer> {
    let every: Vec<i32> = (0..=255).collect();
    let measured = medians(RUNS, &every, || Ok(command())).and_then(|sample| sound(&command(), sample));
    match measured {
        Ok(sample) => {
            println!("{name}: {:.0} ms, {:.0} MB", sample.ms, sample.peak_mb);
            Some(Peer { name: name.to_owned(), measured: sample.ms })
        }
        Err(error) => {
            println!("{name} could not be measured: {error:#}");
            None
        }
    }
}

/// A program that fails at once is not fast: its complaint is looked for once.
fn sound(command: &Command, sample: Sample) -> Result<Sample> {
    let mut again = Command::new(command.get_program());
    again.args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            again.env(name, value);
        }
    }
    let output = again.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("Traceback") {
        bail!("{}", said.lines().last().unwrap_or_default().to_owned());
    }
    Ok(sample)
}
