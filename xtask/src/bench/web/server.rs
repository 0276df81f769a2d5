//! A server to be measured: started, asked, stopped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::bench::product::Product;

/// A running server.
pub(super) struct Server {
    child: Child,
    /// `http://127.0.0.1:port`.
    pub(super) url: String,
    /// From the start of the process to the last byte of the home page.
    pub(super) first_page: Duration,
}

impl Server {
    pub(super) fn start(product: &Product, database: &str) -> Result<Self> {
        let mut serve =
            product.on(Path::new(database), &["--lang", "en", "serve", "--listen", "127.0.0.1:0"]);
        serve
            .args(["--requests-per-minute", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let started = Instant::now();
        let mut child = serve.spawn()?;
        let stderr = child.stderr.take().context("the server's words")?;
        let mut lines = BufReader::new(stderr).lines();
        let url = loop {
            let line = lines.next().context("the server ended at once")??;
            if let Some(rest) = line.strip_prefix("serving: ") {
                break rest.split('/').take(3).collect::<Vec<_>>().join("/");
            }
        };
        // What it says later must go somewhere, or it waits.
        spawn(move || lines.for_each(drop));
        let mut server = Server { child, url, first_page: Duration::ZERO };
        server.get("/")?;
        server.first_page = started.elapsed();
        Ok(server)
    }

    pub(super) fn stop(mut self) -> Result<()> {
        kill(Pid::from_raw(i32::try_from(self.child.id())?), Signal::SIGTERM)?;
        self.child.wait()?;
        Ok(())
    }

    /// The body of a page.
    pub(super) fn get(&self, path: &str) -> Result<String> {
        let address = self.url.trim_start_matches("http://");
        let mut connection = TcpStream::connect(address)?;
        write!(connection, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("an answer without end")?;
        if !head.starts_with("HTTP/1.1 200") {
            bail!("{path}: {}", head.lines().next().unwrap_or_default());
        }
        Ok(body.to_owned())
    }

    /// Measuring begins when the plan has been worked out: before that, pages wait for it.
    pub(super) fn wait_for_the_plan(&self) -> Result<()> {
        self.get("/plan").map(drop)
    }

    /// What readers read: home, the plan's pages, registers and records, as linked from these.
    pub(super) fn public_paths(&self) -> Result<Vec<String>> {
        let mut paths = vec!["/".to_owned()];
        for from in [
            "/",
            "/plan",
            "/programmes",
            "/ministries",
            "/budget",
            "/registers",
            "/registers/programme-sheet",
            "/registers/plan-node",
        ] {
            let page = self.get(from)?;
            let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let pages = links.filter(|link| link.starts_with('/') && !link.starts_with("/assets/"));
            let pages = pages.filter(|link| {
                !["/sign-in", "/en", "/feeds", "/api"].iter().any(|not| link.starts_with(not))
            });
            let pages = pages.filter(|link| {
                !link.contains('#') && !link.rsplit('/').next().is_some_and(|name| name.contains('.'))
            });
            paths.extend(pages.take(40).map(|link| link.replace("&amp;", "&")));
        }
        paths.sort();
        paths.dedup();
        paths.retain(|path| self.get(path).is_ok());
        Ok(paths)
    }

    /// Kilobytes of the home page with everything it asks for.
    pub(super) fn weight_of_home(&self) -> Result<f64> {
        let page = self.get("/")?;
        let assets = page.split('"').filter(|part| part.starts_with("/assets/"));
        let mut bytes = page.len();
        for asset in assets.collect::<std::collections::BTreeSet<_>>() {
            bytes += self.get(asset)?.len();
        }
        #[expect(clippy::cast_precision_loss, reason = "a page")]
        Ok(bytes as f64 / 1024.0)
    }

    /// The largest resident set since the start.
    pub(super) fn peak_megabytes(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: f64 = line.context("VmHWM")?.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }

    /// Another program changes a record of the plan every second, until the value is dropped.
    pub(super) fn keep_changing(product: &Product, database: &Path) -> Changes {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let mut commands: Vec<_> = (0..60).map(|turn| change(product, database, turn)).collect();
        let thread = spawn(move || {
            let mut made = 0;
            for command in &mut commands {
                if told.load(Ordering::Acquire) {
                    break;
                }
                made += u32::from(command.status().is_ok_and(|status| status.success()));
                sleep(Duration::from_secs(1));
            }
            made
        });
        Changes { stop, thread: Some(thread) }
    }
}

/// A change of a record that the plan's answer is worked out from.
pub(super) fn change(product: &Product, database: &Path, turn: u32) -> Command {
    let value = format!("number={turn} {}", std::process::id());
    let mut set =
        product.on(database, &["--quiet", "set", "plan-node:plan-2.goal-a", &value, "--reason", "bench"]);
    set.stdout(Stdio::null());
    set
}

/// Changes going on.
pub(super) struct Changes {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<u32>>,
}

impl Changes {
    /// Ends them; how many were made.
    pub(super) fn end(mut self) -> u32 {
        self.stop.store(true, Ordering::Release);
        self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or(0)
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
    }
}
