//! The server as operators know it: it starts, stops when told, and loses nothing that it acknowledged when it is killed.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{Bench, own_database, postgres_server};

/// How often the server is killed under load, on each database.
const KILLS: usize = 4;
/// Connections that save rows at the same time.
const WRITERS: usize = 8;

/// A running server.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(bench: &Bench) -> Self {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--requests-per-minute", "0"];
        let mut child = bench.command(&serve).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let said = lines.find_map(|line| line.strip_prefix("serving: ").map(ToOwned::to_owned));
        std::thread::spawn(move || lines.for_each(drop));
        let url = said.expect("the server says where it is");
        Server { child, url: url.split("/ ").next().unwrap().to_owned() }
    }

    fn get(&self, path: &str) -> u16 {
        status(ureq::get(format!("{}{path}", self.url)).config().http_status_as_error(false).build().call())
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn status(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> u16 {
    answer.map_or(0, |answer| answer.status().as_u16())
}

/// Saves rows one after the other until the server is gone; what was acknowledged is remembered.
fn write(url: &str, token: &str, name: &str, acknowledged: &Mutex<BTreeSet<String>>, stop: &AtomicBool) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .into();
    for turn in 0.. {
        if stop.load(Ordering::Acquire) {
            return;
        }
        let id = format!("{name}-{turn}");
        let body = format!(
            r#"{{"id":"{id}","state":"open","fields":{{"device":"{id}","kind":"anxiety"}},"sources":[{{"document":"test"}}]}}"#
        );
        let answer = agent
            .post(format!("{url}/api/v1/registers/supply-report/records"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .send(&body);
        match status(answer) {
            201 => acknowledged.lock().unwrap().insert(id),
            0 => return,
            other => panic!("{id}: {other}"),
        };
    }
}

fn nothing_acknowledged_is_lost(bench: &Bench) {
    bench.ok(&["--quiet", "people", "add", "writer", "--member", "mhlw:secretariat"]);
    let token = bench.ok(&["--quiet", "people", "token", "writer", "--scope", "write"]).trim().to_owned();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    for kill in 0..KILLS {
        let server = Server::start(bench);
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (url, token) = (server.url.clone(), token.clone());
                let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
                std::thread::spawn(move || {
                    write(&url, &token, &format!("k{kill}-{writer}"), &acknowledged, &stop);
                })
            })
            .collect();
        // Any moment will do; these are spread over the first second.
        std::thread::sleep(Duration::from_millis(150 + 230 * kill as u64));
        server.kill();
        stop.store(true, Ordering::Release);
        for writer in writers {
            writer.join().unwrap();
        }
    }
    let listed = bench.ok(&["list", "supply-report", "--limit", "10000", "--format", "json"]);
    let acknowledged = acknowledged.lock().unwrap();
    assert!(acknowledged.len() > KILLS * WRITERS, "only {} rows were saved", acknowledged.len());
    let lost: Vec<_> = acknowledged.iter().filter(|id| !listed.contains(&format!("\"{id}\""))).collect();
    assert_eq!(lost, Vec::<&String>::new(), "of {} acknowledged rows", acknowledged.len());
    bench.ok(&["audit", "verify"]);
    println!("{} acknowledged rows, {KILLS} kills, none lost", acknowledged.len());
}

#[test]
fn a_server_killed_under_load_has_lost_nothing_it_acknowledged() {
    nothing_acknowledged_is_lost(&Bench::new());
}

#[test]
fn the_same_on_postgresql() {
    let Some(server) = postgres_server() else { return };
    nothing_acknowledged_is_lost(&Bench::on(own_database(&server)));
}

fn told_to_stop_ends_well(bench: &Bench) {
    let mut server = Server::start(bench);
    assert_eq!(server.get("/ready"), 200);
    assert_eq!(server.get("/live"), 200);
    let told = std::process::Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status();
    assert!(told.unwrap().success());
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn told_to_stop_it_finishes_and_ends_well() {
    told_to_stop_ends_well(&Bench::new());
}

#[test]
fn so_it_does_on_postgresql() {
    let Some(server) = postgres_server() else { return };
    told_to_stop_ends_well(&Bench::on(own_database(&server)));
}

#[test]
fn below_a_prefix_everything_is_below_it_and_nothing_beside() {
    let bench = Bench::new();
    let prefixed = ["serve", "--listen", "127.0.0.1:0", "--prefix", "/shirube"];
    let mut child = bench.command(&prefixed).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let url = lines.find_map(|line| line.strip_prefix("serving: ").map(ToOwned::to_owned)).unwrap();
    let server = Server { child, url: url.split("/shirube").next().unwrap().to_owned() };
    assert_eq!(server.get("/shirube/"), 200);
    assert_eq!(server.get("/shirube/en/about"), 200);
    assert_eq!(server.get("/about"), 404);
}

#[test]
fn an_address_in_use_is_said_and_not_waited_for() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = Bench::new().fails(&["serve", "--listen", &address]);
    assert!(said.contains("another server"), "{said}");
}
