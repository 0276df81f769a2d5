//! What a watched portfolio acknowledged is there after a crash at any moment, and alerts reach those who listen once they are on disk.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use bulk::map::Mapped;
use bulk::watch::{Announcer, Keeper, WatchError};
use cyber::advisory::{Advisory, osv};
use cyber::watch::{Alert, Occasion, Portfolio, Product, Watched};

fn device(number: u32) -> Product {
    Product::new("maker", format!("device {number}"), "1")
}

fn bill(number: u32) -> Vec<Watched> {
    vec![
        Watched::purl(format!("pkg:pypi/jam@{}", number % 7)),
        Watched::purl(format!("pkg:pypi/own-{number}@1")),
    ]
}

fn advisory(fixed: &str) -> Advisory {
    let text = format!(
        r#"{{"id": "T-1", "modified": "2026-11-28T00:00:00Z", "affected": [{{"package": {{"ecosystem": "PyPI", "name": "jam"}},
            "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{fixed}"}}]}}]}}]}}"#
    );
    osv::read_json(text.as_bytes()).unwrap().value
}

/// Run as a process of its own by the test below: writes until it is killed, and says what is acknowledged.
#[test]
fn a_writer_to_be_killed() {
    let Some(folder) = std::env::var_os("WATCH_TEST_FOLDER") else { return };
    let mut keeper = Keeper::open(Path::new(&folder)).unwrap();
    for number in 0.. {
        keeper.set(device(number), bill(number)).unwrap();
        println!("acknowledged set {number}");
        if number % 3 == 2 {
            keeper.remove(&device(number - 1)).unwrap();
            println!("acknowledged gone {}", number - 1);
        }
        if number % 11 == 10 {
            keeper.compact().unwrap();
        }
    }
}

#[test]
fn a_killed_writer_loses_nothing_it_acknowledged() {
    for acknowledged in [1, 2, 5, 13, 40, 90] {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_writer_to_be_killed", "--nocapture"])
            .env("WATCH_TEST_FOLDER", folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut held = std::collections::BTreeMap::new();
        // The writer's first line comes behind what the test harness prints before it.
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut heard = 0;
        for line in lines.by_ref() {
            let Some((_, said)) = line.split_once("acknowledged ") else { continue };
            let (what, number) = said.split_once(' ').unwrap();
            held.insert(number.parse::<u32>().unwrap(), what == "set");
            heard += 1;
            if heard == acknowledged {
                break;
            }
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        for line in lines {
            if let Some(said) = line.split_once("acknowledged ").and_then(|(_, said)| said.split_once(' '))
                && let Ok(number) = said.1.parse::<u32>()
            {
                held.insert(number, said.0 == "set");
            }
        }
        let keeper = Keeper::open(folder.path()).unwrap();
        // The step after the last acknowledged one may have come to disk too: that which takes the device before out.
        let last = *held.keys().max().unwrap();
        let doubtful = (last % 3 == 2).then(|| last - 1);
        for (number, there) in held {
            let found = keeper.portfolio().number(&device(number));
            if there && doubtful != Some(number) {
                let contents = keeper.portfolio().contents(found.expect("an acknowledged product"));
                assert_eq!(contents.len(), bill(number).len(), "device {number}");
            } else if !there {
                assert_eq!(found, None, "device {number} was taken out");
            }
        }
    }
}

#[derive(Default)]
struct Listener {
    heard: Vec<(u64, Occasion, usize, usize)>,
    deaf: bool,
}

impl Announcer for Listener {
    fn announce(&mut self, alert: &Alert, _: &Portfolio<Mapped>) -> bool {
        if !self.deaf {
            self.heard.push((alert.sequence, alert.occasion, alert.affected.len(), alert.cleared.len()));
        }
        !self.deaf
    }
}

#[test]
fn an_advisory_that_comes_changes_and_goes_is_announced_as_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let mut keeper = Keeper::open(folder.path()).unwrap();
    for number in 0..14 {
        keeper.set(device(number), bill(number)).unwrap();
    }
    let mut listener = Listener::default();
    let withdrawn = Advisory { withdrawn: Some("2026-11-29T00:00:00Z".into()), ..advisory("5") };
    let steps =
        [(None, advisory("3")), (Some(advisory("3")), advisory("5")), (Some(advisory("5")), advisory("5"))];
    for (before, now) in &steps {
        keeper.push(before.as_ref(), now, "2026-11-28T00:00:00Z", &mut [&mut listener]).unwrap();
    }
    keeper.push(Some(&advisory("5")), &withdrawn, "2026-11-29T00:00:00Z", &mut [&mut listener]).unwrap();
    // jam 0, 1, 2 are held by two devices each; then 3 and 4 too; the same again says nothing.
    assert_eq!(
        listener.heard,
        [(0, Occasion::New, 6, 0), (1, Occasion::Changed, 4, 0), (2, Occasion::Withdrawn, 0, 10)]
    );
    assert_eq!(keeper.pending().count(), 0);
}

#[test]
fn an_alert_nobody_took_is_still_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut keeper = Keeper::open(folder.path()).unwrap();
    keeper.set(device(1), bill(1)).unwrap();
    let mut deaf = Listener { deaf: true, ..Listener::default() };
    keeper.push(None, &advisory("3"), "2026-11-28T00:00:00Z", &mut [&mut deaf]).unwrap();
    keeper.compact().unwrap();
    assert!(matches!(Keeper::open(folder.path()), Err(WatchError::Busy(_))), "one writer at a time");
    drop(keeper);
    let mut keeper = Keeper::open(folder.path()).unwrap();
    assert_eq!(keeper.pending().map(|alert| alert.affected.clone()).collect::<Vec<_>>(), [vec![0]]);
    let mut listener = Listener::default();
    keeper.announce(&mut [&mut listener]).unwrap();
    assert_eq!(listener.heard.len(), 1);
    drop(keeper);
    assert_eq!(Keeper::open(folder.path()).unwrap().pending().count(), 0);
}

#[test]
fn a_crash_between_the_two_files_of_a_rewriting_counts_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut keeper = Keeper::open(folder.path()).unwrap();
    keeper.set(device(1), bill(1)).unwrap();
    let journal = std::fs::read(folder.path().join("changes")).unwrap();
    keeper.set(device(1), bill(2)).unwrap();
    keeper.compact().unwrap();
    drop(keeper);
    std::fs::write(folder.path().join("changes"), journal).unwrap();
    let keeper = Keeper::open(folder.path()).unwrap();
    let held: Vec<Watched> = keeper
        .portfolio()
        .contents(0)
        .into_iter()
        .filter_map(|place| keeper.portfolio().component(place))
        .collect();
    let mut expected = bill(2);
    let mut held = held;
    expected.sort();
    held.sort();
    assert_eq!(held, expected);
}
