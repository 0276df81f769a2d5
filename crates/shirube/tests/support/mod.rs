//! Runs the built program as a person would, on a database of its own.
#![allow(dead_code, unreachable_pub, reason = "every test file uses its part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A database of its own and a folder to write to.
pub struct Bench {
    pub folder: TempDir,
    db: String,
}

impl Bench {
    /// On SQLite.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("test.db").display().to_string();
        Bench { folder, db }
    }

    /// On a database named by its place.
    pub fn on(db: String) -> Self {
        Bench { folder: tempfile::tempdir().unwrap(), db }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command on a fixed day, in English.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shirube"));
        command.args(["--lang", "en", "--today", "2026-11-24", "--actor", "tester"]).args(arguments);
        command
            .env("SHIRUBE_DB", &self.db)
            .env_remove("LANG")
            .env_remove("LC_ALL")
            .current_dir(self.folder.path());
        command
    }

    /// Runs a command that must end with 0, and returns what it printed.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs a command that must fail with 2, and returns what it said.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stdout));
        text(&output.stderr)
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The corpora, or a line that says why the test is skipped. Under CI missing corpora fail.
pub fn shared() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let shared = PathBuf::from(std::env::var("SHIRUBE_SHARED").unwrap_or_else(|_| default.to_owned()));
    if shared.join("data/rs2024-meddev").is_dir() {
        return shared.canonicalize().ok();
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "the corpora are required under CI: set SHIRUBE_SHARED to their folder"
    );
    eprintln!("skipped: set SHIRUBE_SHARED to the folder of the corpora (it has seeds/ and data/)");
    None
}

/// A bench with the page of the follow-up table, the 82 programmes and the 71 sheets taken in.
pub fn filled(bench: Bench, shared: &Path) -> Bench {
    let at = |place: &str| shared.join(place).display().to_string();
    let (page, rs, judgit) =
        (at("seeds/002_68858178ce9f1934.txt"), at("data/rs2024-meddev"), at("data/judgit-meddev"));
    bench.ok(&["intake", "--quiet", &page, &rs, &judgit]);
    bench
}

/// The PostgreSQL server to try, or a line that says why there is none. Under CI it is required.
pub fn postgres_server() -> Option<String> {
    let server = std::env::var("SHIRUBE_TEST_POSTGRES").ok();
    if server.is_none() {
        assert!(std::env::var_os("CI").is_none(), "SHIRUBE_TEST_POSTGRES is required under CI");
        eprintln!("skipped: set SHIRUBE_TEST_POSTGRES to a server to try PostgreSQL too");
    }
    server
}

/// A new database on the server, named after the process and a counter.
pub fn own_database(server: &str) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("shirube_cli_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut client = postgres::Client::connect(server, postgres::NoTls).unwrap();
    client.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}
