//! A writer is killed without warning, again and again; every write it was told is done must be there, and the
//! chain intact. This program starts itself as the writer: `crash writer <database> <round>`.
//! SHIRUBE_CRASH_ROUNDS says how many rounds per database (120 if not given).

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Place, at, by, device};
use store::{Change, Store};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, mode, place, round] = &arguments[..]
        && mode == "writer"
    {
        return write_until_killed(place, round);
    }
    // `cargo test -- --list` and name filters of the usual harness mean nothing here.
    if arguments.iter().any(|argument| argument == "--list") {
        return;
    }
    let rounds =
        std::env::var("SHIRUBE_CRASH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(120);
    for place in Place::all() {
        let acknowledged = crash(&place, rounds);
        let kind = if place.url.starts_with("postgres") { "PostgreSQL" } else { "SQLite" };
        println!("{kind}: {rounds} writers killed, {acknowledged} acknowledged writes, all there");
    }
}

/// Kills a writer `rounds` times on one database; how many writes were acknowledged.
fn crash(place: &Place, rounds: u32) -> u64 {
    place.open();
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["writer", &place.url, &round.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = writer.stdout.take().unwrap();
        let reading = std::thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.filter_map(|line| line.strip_suffix('.').map(str::to_owned)).collect::<Vec<String>>()
        });
        // Some die while opening, most in the middle of a write.
        let moment = u64::from(round).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56;
        std::thread::sleep(Duration::from_millis(5 + moment * 2));
        writer.kill().unwrap();
        writer.wait().unwrap();
        acknowledged.extend(reading.join().unwrap());
        if round % 24 == 23 || round + 1 == rounds {
            check(&patient(place), &acknowledged);
        }
    }
    assert!(!acknowledged.is_empty(), "no writer lived long enough to write anything");
    acknowledged.len() as u64
}

/// A server may take a moment to notice that a client is gone.
fn patient(place: &Place) -> Store {
    let start = Instant::now();
    loop {
        match Store::open(&place.url, common::registry(), |_| {}) {
            Ok(store) => return store,
            Err(error) => assert!(start.elapsed() < Duration::from_secs(20), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn check(store: &Store, acknowledged: &[String]) {
    let audit = store.verify().unwrap();
    assert!(audit.is_sound(), "{audit:?}");
    let mut there = HashSet::new();
    store
        .each(at("any").register.as_str(), |stored| {
            there.insert(stored.record.reference());
        })
        .unwrap();
    for line in acknowledged {
        // `<batch> <records> <entries>`: so many records of a batch, and the history's length then.
        let parts: Vec<_> = line.split(' ').collect();
        let (count, entries): (usize, u64) = (parts[1].parse().unwrap(), parts[2].parse().unwrap());
        assert!(audit.head.entries >= entries, "{line}");
        for number in 0..count {
            let name = format!("{}-{number}", parts[0]);
            assert!(there.contains(&at(&name)), "{name} was acknowledged and is not there");
        }
    }
}

/// Writes batches of different sizes and says so, line by line, each ended by a full stop.
fn write_until_killed(place: &str, round: &str) {
    let store = Store::open(place, common::registry(), |_| {}).unwrap();
    for batch in 0_usize.. {
        let count = [1, 3, 700, 40][batch % 4];
        let id = |number: usize| format!("r{round}b{batch}-{number}");
        let mut changes: Vec<Change> =
            (0..count).map(|number| device(&id(number), "医療機器").into()).collect();
        changes.push(device("shared", &id(0)).into());
        let written = store.write(&by(), changes).unwrap();
        println!("r{round}b{batch} {count} {}.", written.head.entries);
        std::io::stdout().flush().unwrap();
    }
}
