//! The mail server of the tests: a program of its own, ended when the test ends.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver as Lines, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The mail server.
pub(crate) struct Receiver {
    pub(crate) port: u16,
    lines: Lines<Value>,
    refused: AtomicUsize,
    child: Child,
}

impl Receiver {
    /// Starts it; none where its library is not installed, which under CI is a failure.
    pub(crate) fn start() -> Option<Receiver> {
        let Some(python) = python() else {
            assert!(std::env::var_os("CI").is_none(), "aiosmtpd is missing, and CI may skip nothing");
            println!("skipped: needs Python with aiosmtpd (`cargo xtask test` brings it)");
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/mail/receive.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let (tell, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if tell.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        let first: Value = lines.recv_timeout(Duration::from_secs(30)).expect("it says its port");
        let port = u16::try_from(first["port"].as_u64().unwrap()).unwrap();
        Some(Receiver { port, lines, refused: AtomicUsize::new(0), child })
    }

    /// The next letters, as many as there should be; fewer where they do not come in time.
    pub(crate) fn letters(&self, wanted: usize, patience: Duration) -> Vec<Value> {
        let until = Instant::now() + patience;
        let mut letters = Vec::new();
        while letters.len() < wanted {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else { break };
            if line.get("refused").is_some() {
                self.refused.fetch_add(1, Ordering::Relaxed);
            } else if line.get("text").is_some() {
                letters.push(line);
            }
        }
        letters
    }

    /// How many letters it has refused for good.
    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A Python that has the library: the one named in the environment, or that of the system.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("SHIRUBE_TEST_PYTHON").map(PathBuf::from);
    let has_it = |python: &PathBuf| {
        let mut ask = Command::new(python);
        let ask = ask.args(["-c", "import aiosmtpd"]).stdout(Stdio::null()).stderr(Stdio::null());
        ask.status().is_ok_and(|status| status.success())
    };
    named.into_iter().chain([PathBuf::from("python3")]).find(has_it)
}
