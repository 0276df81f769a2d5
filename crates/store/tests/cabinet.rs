//! The cabinet: on SQLite, and on PostgreSQL where SHIRUBE_TEST_POSTGRES names a server.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::Barrier;

use common::{by, device, on_both};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{Kept, Paper, StoreError};

/// A moment some minutes after a fixed one.
fn minute(number: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + number * 60).unwrap()
}

fn paper<'a>(key: &'a str, owner: &'a str, value: &'a Value) -> Paper<'a> {
    Paper { drawer: "note", key, owner, value, expires: None }
}

fn keys(found: Vec<Kept>) -> Vec<String> {
    found.into_iter().map(|kept| kept.key).collect()
}

#[test]
fn a_document_comes_back_as_it_was_kept_and_in_its_own_drawer() {
    on_both(|place| {
        let store = place.open();
        let value = json!({ "name": "試験\u{0}", "n": 1.5, "list": [null, true] });
        let expires = Some(minute(1) + SignedDuration::from_micros(7));
        let given = Paper { expires, ..paper("a/b c", "kim", &value) };
        assert_eq!(store.keep(&given, None, minute(0)).unwrap(), 1);
        let kept = place.open().kept("note", "a/b c", minute(0)).unwrap().unwrap();
        let expected = Kept {
            drawer: "note".to_owned(),
            key: "a/b c".to_owned(),
            owner: "kim".to_owned(),
            value,
            version: 1,
            expires,
        };
        assert_eq!(kept, expected);
        assert_eq!(store.kept("other", "a/b c", minute(0)).unwrap(), None);
        let (owner, changed) = ("lee", json!(2));
        assert_eq!(store.keep(&paper("a/b c", owner, &changed), None, minute(0)).unwrap(), 2);
        let kept = store.kept("note", "a/b c", minute(9)).unwrap().unwrap();
        assert_eq!((kept.owner.as_str(), kept.value, kept.expires), (owner, changed, None));
    });
}

#[test]
fn a_keeper_who_has_not_seen_the_newest_version_is_told_both() {
    on_both(|place| {
        let store = place.open();
        let value = json!("一");
        let keep = |expected| store.keep(&paper("a", "kim", &value), Some(expected), minute(0));
        let both = |refused: Result<u64, StoreError>| match refused.unwrap_err() {
            StoreError::Outdated { expected, found, .. } => (expected, found),
            other => panic!("{other}"),
        };
        assert_eq!(both(keep(1)), (1, 0), "nothing is there to be changed");
        assert_eq!(keep(0).unwrap(), 1);
        assert_eq!(both(keep(0)), (0, 1), "it is no longer new");
        assert_eq!(keep(1).unwrap(), 2);
        assert_eq!(both(keep(1)), (1, 2));
        let told = keep(3).unwrap_err().to_string();
        assert!(told.starts_with("note/a: you changed version 3, but version 2 is the newest"), "{told}");
    });
}

#[test]
fn what_has_expired_is_not_there() {
    on_both(|place| {
        let store = place.open();
        let value = json!("一");
        let mortal = Paper { expires: Some(minute(5)), ..paper("a", "kim", &value) };
        store.keep(&mortal, None, minute(0)).unwrap();
        store.keep(&mortal, Some(1), minute(4)).unwrap();
        store.keep(&paper("b", "kim", &value), None, minute(0)).unwrap();
        let seen = |now| {
            let one = store.kept("note", "a", now).unwrap().is_some();
            let owned = keys(store.kept_of("note", "kim", now).unwrap());
            let page = keys(store.drawer("note", None, 9, false, now).unwrap());
            assert_eq!(owned, page);
            (one, owned.len())
        };
        assert_eq!(seen(minute(4)), (true, 2));
        assert_eq!(seen(minute(5)), (false, 1));
        assert_eq!(store.take("note", "a", minute(5)).unwrap(), None);
        let late = store.keep(&mortal, Some(2), minute(5));
        assert!(matches!(late, Err(StoreError::Outdated { expected: 2, found: 0, .. })), "{late:?}");
        let anew = Paper { expires: Some(minute(9)), ..mortal };
        assert_eq!(store.keep(&anew, Some(0), minute(5)).unwrap(), 1, "its key is free again");
        assert_eq!(store.sweep(minute(8)).unwrap(), 0);
        assert_eq!(store.sweep(minute(9)).unwrap(), 1);
        assert!(!store.discard("note", "a").unwrap());
        assert_eq!(seen(minute(9)), (false, 1));
    });
}

#[test]
fn of_two_who_take_the_same_document_one_gets_it() {
    on_both(|place| {
        let stores = [place.open(), place.open()];
        let value = json!({ "for": "kim" });
        let start = Barrier::new(2);
        for round in 0..20 {
            let key = round.to_string();
            for (drawer, taken_whole) in [("link", true), ("token", false)] {
                let given = Paper { drawer, ..paper(&key, "", &value) };
                stores[0].keep(&given, Some(0), minute(0)).unwrap();
                let attempt = |store: &store::Store| {
                    start.wait();
                    if taken_whole {
                        store.take(drawer, &key, minute(0)).unwrap().is_some()
                    } else {
                        store.discard(drawer, &key).unwrap()
                    }
                };
                let won = std::thread::scope(|scope| {
                    let racers = stores.each_ref().map(|store| scope.spawn(move || attempt(store)));
                    racers.map(|racer| racer.join().unwrap())
                });
                assert_eq!(won.iter().filter(|won| **won).count(), 1, "{drawer} {round}: {won:?}");
            }
        }
    });
}

#[test]
fn of_two_who_change_the_same_version_one_is_refused() {
    on_both(|place| {
        let stores = [place.open(), place.open()];
        let value = json!(0);
        let start = Barrier::new(2);
        for expected in 0..20 {
            let attempt = |store: &store::Store| {
                start.wait();
                store.keep(&paper("a", "", &value), Some(expected), minute(0)).is_ok()
            };
            let won = std::thread::scope(|scope| {
                let racers = stores.each_ref().map(|store| scope.spawn(move || attempt(store)));
                racers.map(|racer| racer.join().unwrap())
            });
            assert_eq!(won.iter().filter(|won| **won).count(), 1, "{expected}: {won:?}");
        }
    });
}

#[test]
fn a_drawer_is_paged_by_key_in_both_directions() {
    on_both(|place| {
        let store = place.open();
        let value = json!(1);
        for key in ["2026-01", "2026-02", "2026-03", "あ"] {
            store.keep(&paper(key, "kim", &value), None, minute(0)).unwrap();
        }
        let page = |after, limit, newest_first| {
            keys(store.drawer("note", after, limit, newest_first, minute(0)).unwrap())
        };
        assert_eq!(page(None, 2, false), ["2026-01", "2026-02"]);
        assert_eq!(page(Some("2026-02"), 2, false), ["2026-03", "あ"]);
        assert_eq!(page(None, 2, true), ["あ", "2026-03"]);
        assert_eq!(page(Some("2026-03"), 9, true), ["2026-02", "2026-01"]);
        assert_eq!(page(Some("2026-01"), 9, true), [""; 0]);
        assert_eq!(page(None, 0, false), [""; 0]);
    });
}

#[test]
fn what_belongs_to_one_owner_is_listed_and_removed_together() {
    on_both(|place| {
        let store = place.open();
        let value = json!(1);
        for (key, owner) in [("b", "kim"), ("a", "kim"), ("c", "lee"), ("d", "")] {
            store.keep(&paper(key, owner, &value), None, minute(0)).unwrap();
        }
        assert_eq!(keys(store.kept_of("note", "kim", minute(0)).unwrap()), ["a", "b"]);
        assert_eq!(keys(store.kept_of("note", "", minute(0)).unwrap()), ["d"]);
        assert_eq!(store.discard_of("other", "kim").unwrap(), 0);
        assert_eq!(store.discard_of("note", "kim").unwrap(), 2);
        assert_eq!(keys(store.drawer("note", None, 9, false, minute(0)).unwrap()), ["c", "d"]);
    });
}

#[test]
fn what_is_too_large_or_has_no_name_is_refused_in_words() {
    on_both(|place| {
        let store = place.open();
        let (long, longest) = ("あ".repeat(67), "x".repeat(200));
        let (small, largest) = (json!(1), json!("x".repeat(1024 * 1024 - 2)));
        let larger = json!("x".repeat(1024 * 1024 - 1));
        for (key, owner, value, why) in [
            ("", "", &small, "the name of its key is missing"),
            ("a\0", "", &small, "its key holds a NUL character"),
            (long.as_str(), "", &small, "its key is 201 bytes long; 200 is the most"),
            ("a", long.as_str(), &small, "its owner is 201 bytes long; 200 is the most"),
            ("a", "", &larger, "it has 1048577 bytes of JSON; 1048576 is the most"),
        ] {
            let refused = store.keep(&paper(key, owner, value), None, minute(0)).unwrap_err().to_string();
            assert_eq!(refused, format!("note/{key}: cannot be kept: {why}"));
        }
        assert_eq!(store.keep(&paper(&longest, &longest, &largest), None, minute(0)).unwrap(), 1);
    });
}

#[test]
fn the_cabinet_stays_home() {
    on_both(|place| {
        let store = place.open();
        store.write(&by(), [device("a", "一")]).unwrap();
        store.keep(&paper("a", "kim", &json!("secret")), None, minute(0)).unwrap();
        assert_eq!(store.head().unwrap().entries, 1, "it has no history");
        let mut file = Vec::new();
        store.backup(&mut file).unwrap();
        let elsewhere = common::Place::sqlite();
        let other = elsewhere.open();
        other.restore(file.as_slice()).unwrap();
        assert_eq!(other.kept("note", "a", minute(0)).unwrap(), None);
        assert_eq!(other.count("device").unwrap(), 1);
    });
}
