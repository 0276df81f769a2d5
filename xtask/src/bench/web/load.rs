//! Load from `wrk`, and what it measures.

use anyhow::{Context, Result};

use super::server::Server;
use crate::shell;

/// Readers of public pages.
#[derive(Clone, Copy)]
pub(super) struct Load<'a> {
    pub(super) server: &'a Server,
    pub(super) paths: &'a [String],
    pub(super) connections: usize,
    /// Whether every address is new, so that no finished page can answer it.
    pub(super) unique: bool,
    /// How many pages they ask for in a second, all together; none: as many as they get.
    pub(super) per_second: Option<u32>,
}

/// What `wrk` says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured {
    pub(super) p99_ms: f64,
    pub(super) per_second: f64,
    /// Answers other than success, and none at all.
    pub(super) errors: u64,
}

impl Load<'_> {
    pub(super) fn run(self, seconds: u32) -> Result<Measured> {
        let listed = tempfile::NamedTempFile::new()?;
        std::fs::write(listed.path(), self.paths.join("\n"))?;
        let mut wrk = shell::command("wrk");
        wrk.env("PATHS", listed.path()).env("UNIQUE", if self.unique { "1" } else { "0" });
        if let Some(rate) = self.per_second {
            // A little shorter than the rate needs, as an answer takes its time too.
            wrk.env("PAUSE", (self.connections * 950 / rate as usize).to_string());
        }
        wrk.args(["-t1", &format!("-c{}", self.connections), &format!("-d{seconds}s"), "--timeout", "10s"]);
        said(&shell::output(wrk.args(["-s", "xtask/peers/pages.lua", &self.server.url]))?)
    }
}

/// A page of a peer, asked for again and again.
pub(super) fn page(url: &str, cookie: &str, connections: usize, seconds: u32) -> Result<Measured> {
    let (address, path) = url.split_at(url.find("/admin").context("the peer's page")?);
    let listed = tempfile::NamedTempFile::new()?;
    std::fs::write(listed.path(), path)?;
    let mut wrk = shell::command("wrk");
    wrk.env("PATHS", listed.path()).args(["-t1", &format!("-c{connections}"), &format!("-d{seconds}s")]);
    wrk.args([
        "--timeout",
        "30s",
        "-H",
        &format!("Cookie: {cookie}"),
        "-s",
        "xtask/peers/pages.lua",
        address,
    ]);
    said(&shell::output(&mut wrk)?)
}

/// Writers, each saving rows of its own through the API.
pub(super) fn rows(server: &Server, token: &str, connections: usize, seconds: u32) -> Result<Measured> {
    let mut wrk = shell::command("wrk");
    wrk.env("TOKEN", token).args([
        "-t1",
        &format!("-c{connections}"),
        &format!("-d{seconds}s"),
        "--timeout",
        "10s",
    ]);
    let address = format!("{}/api/v1/registers/supply-report/records", server.url);
    said(&shell::output(wrk.args(["-s", "xtask/peers/rows.lua", &address]))?)
}

fn said(printed: &str) -> Result<Measured> {
    let value = |name: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
        line.with_context(|| format!("wrk did not say `{name}`:\n{printed}"))
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let errors = value("errors")? as u64;
    Ok(Measured { p99_ms: value("p99_ms")?, per_second: value("per_second")?, errors })
}
