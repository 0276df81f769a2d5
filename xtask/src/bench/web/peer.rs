//! Django's admin list over the same programmes.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::load::{self, Measured};
use crate::bench::folder;
use crate::bench::peers::Peers;
use crate::shell;

/// Fills its database, serves it with as many processes as there are processors, and asks for one list of fifty.
pub(super) fn django(year: &Path, readers: usize) -> Result<Option<Measured>> {
    let Some(peers) = Peers::install()? else { return Ok(None) };
    let database = folder()?.join("django.db");
    let _ = std::fs::remove_file(&database);
    let mut fill = peers.command("django_admin.py");
    let cookie = shell::output(fill.arg("fill").arg(year).env("DJANGO_DATABASE", &database))?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut serve = peers.module("gunicorn");
    serve.args(["--workers", "2", "--bind", &format!("127.0.0.1:{port}"), "django_admin:application"]);
    serve.env("DJANGO_DATABASE", &database).stdout(Stdio::null()).stderr(Stdio::null());
    let mut server = serve.spawn()?;
    let measured = answers(port).and_then(|()| {
        let page = format!("http://127.0.0.1:{port}/admin/auth/programme/");
        load::page(&page, cookie.trim(), readers, 10)
    });
    server.kill()?;
    server.wait()?;
    measured.map(Some)
}

fn answers(port: u16) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            sleep(Duration::from_secs(1));
            return Ok(());
        }
        sleep(Duration::from_millis(100));
    }
    bail!("Django's server did not start")
}
