//! A private PostgreSQL: one cluster in a temporary folder, on loopback and a free port, gone when dropped.
//!
//! Durability settings are PostgreSQL's own defaults, because the crash test relies on them. PostgreSQL refuses to run
//! as root; root therefore runs it as another user.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use tempfile::TempDir;

use crate::shell;

/// A running cluster. Dropping it stops the server and removes its files.
pub(crate) struct Cluster {
    server: Child,
    url: String,
    _folder: TempDir,
}

impl Cluster {
    /// Makes and starts a cluster with one empty database, `shirube_test`, that connections own as superuser.
    pub(crate) fn start() -> Result<Self> {
        let programs = programs().context("PostgreSQL's `initdb` was not found")?;
        let account = Account::choose()?;
        let folder = account.own_folder()?;
        let data = folder.path().join("data");
        shell::output(
            account
                .command(&programs.join("initdb"))
                .args(["--auth=trust", "--username=shirube", "--encoding=UTF8", "--no-locale", "-D"])
                .arg(&data),
        )?;
        let (server, url) = serve(&programs, &account, &data)?;
        Ok(Self { server, url, _folder: folder })
    }

    /// `postgres://…` of the empty database.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        stop(&mut self.server);
    }
}

/// The folder with `initdb` and `postgres`: Debian keeps them off the PATH, one folder per version.
pub(crate) fn programs() -> Option<PathBuf> {
    if let Some(initdb) = shell::which("initdb") {
        // A link to one program does not mean that its siblings are beside the link.
        return initdb.canonicalize().ok()?.parent().map(Path::to_path_buf);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.flatten().map(|entry| entry.path()).max_by_key(version)?;
    Some(newest.join("bin")).filter(|bin| bin.join("initdb").is_file())
}

/// Who runs the server: ourselves, or when we are root somebody with fewer rights.
struct Account {
    other: Option<User>,
}

impl Account {
    fn choose() -> Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self { other: None });
        }
        for name in ["postgres", "nobody"] {
            if let Some(user) = User::from_name(name)? {
                return Ok(Self { other: Some(user) });
            }
        }
        bail!("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
    }

    /// A folder that the account owns. Root's own temporary folder may be closed to others, /tmp is not.
    fn own_folder(&self) -> Result<TempDir> {
        let mut name = tempfile::Builder::new();
        name.prefix("shirube-postgres-");
        let Some(user) = &self.other else { return Ok(name.tempdir()?) };
        let folder = name.tempdir_in("/tmp")?;
        chown(folder.path(), Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        Ok(folder)
    }

    /// A program run by the account. util-linux's `setpriv` gives up root's rights, and has the kernel stop the
    /// server when this program is killed and cannot do so itself.
    fn command(&self, program: &Path) -> Command {
        if shell::which("setpriv").is_none() && self.other.is_none() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "INT"]).current_dir("/");
        if let Some(user) = &self.other {
            command.args([
                "--reuid",
                &user.uid.to_string(),
                "--regid",
                &user.gid.to_string(),
                "--clear-groups",
            ]);
        }
        command.arg(program);
        command
    }
}

/// Starts the server on a port that is free now, waits until it answers, and makes the empty database.
fn serve(programs: &Path, account: &Account, data: &Path) -> Result<(Child, String)> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port().to_string();
    let log = data.with_file_name("server.log");
    let mut server = account
        .command(&programs.join("postgres"))
        .arg("-D")
        .arg(data)
        .args(["-p", &port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
        .args(["-c", "shared_buffers=64MB", "-c", "max_connections=200"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&log)?)
        .spawn()
        .context("cannot start PostgreSQL")?;
    let answered = wait_until_ready(programs, &port, &mut server)
        .with_context(|| format!("PostgreSQL says: {}", std::fs::read_to_string(&log).unwrap_or_default()))
        .and_then(|()| {
            let mut createdb = Command::new(programs.join("createdb"));
            shell::output(createdb.args(["-h", "127.0.0.1", "-p", &port, "-U", "shirube", "shirube_test"]))
        });
    match answered {
        Ok(_) => Ok((server, format!("postgres://shirube@127.0.0.1:{port}/shirube_test"))),
        Err(error) => {
            stop(&mut server);
            Err(error)
        }
    }
}

fn wait_until_ready(programs: &Path, port: &str, server: &mut Child) -> Result<()> {
    let deadline = Instant::now() + Duration::from_mins(1);
    while Instant::now() < deadline {
        if let Some(status) = server.try_wait()? {
            bail!("PostgreSQL stopped while starting ({status})");
        }
        if shell::succeeds(Command::new(programs.join("pg_isready")).args([
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            port,
        ])) {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    Err(anyhow!("PostgreSQL did not answer within a minute"))
}

/// Asks for a fast shutdown and insists after ten seconds. A failure to stop has nobody left to be told.
fn stop(server: &mut Child) {
    if let Ok(pid) = i32::try_from(server.id()) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGINT);
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if matches!(server.try_wait(), Ok(Some(_))) {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    let _ = server.kill();
    let _ = server.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::used_underscore_binding, reason = "only its Drop matters elsewhere")]
    fn a_dropped_cluster_leaves_neither_server_nor_files() {
        if programs().is_none() {
            assert!(!shell::under_ci(), "PostgreSQL is missing under CI");
            println!("skipped: PostgreSQL is not installed (Debian: apt-get install postgresql)");
            return;
        }
        let cluster = Cluster::start().unwrap();
        let folder = cluster._folder.path().to_path_buf();
        let port: u16 = cluster.url().split([':', '/']).find_map(|part| part.parse().ok()).unwrap();
        assert!(std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        let started = Instant::now();
        drop(cluster);
        assert!(started.elapsed() < Duration::from_secs(8), "the server obeyed the polite request");
        assert!(std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert!(!folder.exists());
    }
}
