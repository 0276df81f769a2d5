//! The audit chain, backups and two at once.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::Read;

use common::{Place, at, by, device, on_both};
use store::{Change, Query, Store, StoreError};

/// Three records; the first changed twice, the second withdrawn.
fn filled(place: &Place) -> Store {
    let store = place.open();
    store.write(&by(), ["a", "b", "c"].map(|id| device(id, "一"))).unwrap();
    for name in ["二", "三"] {
        store.write(&by(), [device("a", name)]).unwrap();
    }
    store.write(&by(), [Change::Withdraw { record: at("b"), expected: None }]).unwrap();
    store
}

#[test]
fn a_history_entry_cannot_be_changed_or_deleted_by_a_slip_of_the_hand() {
    on_both(|place| {
        filled(place);
        assert!(place.refuses("UPDATE history SET actor = 'nobody' WHERE seq = 2"));
        assert!(place.refuses("DELETE FROM history WHERE seq = 2"));
        assert!(place.open().verify().unwrap().is_sound());
    });
}

#[test]
fn whatever_was_tampered_with_the_first_broken_place_is_named() {
    let other_body = "(SELECT h.body FROM history h WHERE h.seq = 1)";
    let cases = [
        (
            "UPDATE history SET actor = 'nobody' WHERE seq = 2",
            "entry 2 (device:b version 1) is not what was written",
        ),
        (
            &format!("UPDATE history SET body = {other_body} WHERE seq = 4"),
            "entry 4 (device:a version 2) is not what was written",
        ),
        (
            "UPDATE history SET reason = '' WHERE seq >= 3",
            "entry 3 (device:c version 1) is not what was written",
        ),
        ("DELETE FROM history WHERE seq = 3", "entry 3 is missing; 4 follows 2"),
        ("DELETE FROM history WHERE seq = 1", "entry 1 is missing; 2 follows 0"),
        (
            "DELETE FROM history WHERE seq = 3; UPDATE history SET seq = seq - 1 WHERE seq = 4",
            "entry 3 (device:a version 2) does not follow the entry before it",
        ),
        ("DELETE FROM history WHERE seq = 6", "the history ends with entry 5"),
        ("UPDATE head SET seq = 7", "the head tells of 7 entries"),
    ];
    for (sql, said) in cases {
        on_both(|place| {
            let store = filled(place);
            assert!(store.verify().unwrap().is_sound());
            place.tamper(sql);
            let broken = store.verify().unwrap().broken.unwrap_or_default();
            assert!(broken.contains(said), "{sql}: {broken}");
        });
    }
}

#[test]
fn what_disagrees_with_the_history_is_found_and_can_be_made_again() {
    let cases = [
        "UPDATE record SET title = 'x' WHERE id = 'a'",
        "UPDATE record SET live = 1 WHERE id = 'b'",
        "UPDATE record SET seq = 1 WHERE id = 'a'",
        "DELETE FROM record WHERE id = 'c'",
        "INSERT INTO record (seq, register, id, version, live, title) VALUES (99, 'device', 'z', 1, 1, 'z')",
        "DELETE FROM posting WHERE segment = 1",
        "DELETE FROM segment",
    ];
    for sql in cases {
        on_both(|place| {
            let store = filled(place);
            place.tamper(sql);
            let audit = store.verify().unwrap();
            assert!(audit.broken.is_none() && !audit.astray.is_empty(), "{sql}: {audit:?}");
            store.rebuild().unwrap();
            assert!(store.verify().unwrap().is_sound(), "{sql}");
        });
    }
}

#[test]
fn a_backup_of_either_database_is_restored_into_either() {
    for from in Place::all() {
        let store = filled(&from);
        store.set_meta("digest", "abc").unwrap();
        let mut backup = Vec::new();
        let head = store.backup(&mut backup).unwrap();
        for to in Place::all() {
            let copy = to.open();
            assert_eq!(copy.restore(&backup[..]).unwrap(), head);
            assert_eq!(copy.head().unwrap(), head);
            assert!(copy.verify().unwrap().is_sound());
            assert_eq!(copy.history(&at("a")).unwrap(), store.history(&at("a")).unwrap());
            assert_eq!(
                copy.list(&Query::of(at("a").register)).unwrap(),
                store.list(&Query::of(at("a").register)).unwrap()
            );
            assert_eq!(copy.meta("digest").unwrap().as_deref(), Some("abc"));
            assert!(matches!(copy.restore(&backup[..]), Err(StoreError::NotEmpty(6))));
        }
    }
}

fn unpacked(backup: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(backup).read_to_string(&mut text).unwrap();
    text
}

fn packed(text: &str) -> Vec<u8> {
    let mut packed = Vec::new();
    flate2::read::GzEncoder::new(text.as_bytes(), flate2::Compression::fast())
        .read_to_end(&mut packed)
        .unwrap();
    packed
}

#[test]
fn a_backup_that_was_cut_off_or_changed_is_refused_and_leaves_nothing() {
    on_both(|place| {
        let mut backup = Vec::new();
        filled(place).backup(&mut backup).unwrap();
        let text = unpacked(&backup);
        let lines: Vec<_> = text.lines().collect();
        let mut bad: Vec<Vec<u8>> = (0..backup.len()).step_by(97).map(|end| backup[..end].to_vec()).collect();
        bad.extend((0..lines.len()).map(|count| packed(&(lines[..count].join("\n") + "\n"))));
        bad.push(packed(&text[..text.len() - 1]));
        bad.push(packed(&text.replace("三", "四")));
        bad.push(packed(&text.replacen("tester", "nobody", 1)));
        bad.push(packed(&text.replace("\"shirube_backup\":1", "\"shirube_backup\":2")));
        bad.push(packed(&(text.clone() + lines[1] + "\n")));
        bad.push(packed(&[lines[0], lines[2], lines[1]].join("\n")));
        bad.push(b"not a backup".to_vec());
        let empty = Place::sqlite();
        let store = empty.open();
        for (number, bytes) in bad.iter().enumerate() {
            let refused = store.restore(&bytes[..]);
            assert!(matches!(refused, Err(StoreError::Backup(_))), "case {number}: {refused:?}");
            assert_eq!(store.head().unwrap().entries, 0);
            assert_eq!(store.count("device").unwrap(), 0);
        }
        store.restore(&packed(&text)[..]).unwrap();
    });
}

#[test]
fn a_backup_taken_while_others_write_is_of_one_moment() {
    on_both(|place| {
        let writer = place.open();
        let reader = writer.another().unwrap();
        let writing = std::thread::spawn(move || {
            for round in 0..40 {
                // Each round changes all records to the same name: a backup of one moment never mixes two.
                let name = format!("round {round}");
                writer.write(&by(), (0..10).map(|n| device(&format!("d{n}"), &name))).unwrap();
            }
        });
        for _ in 0..8 {
            let mut backup = Vec::new();
            let head = reader.backup(&mut backup).unwrap();
            assert_eq!(head.entries % 10, 0);
            let copy = Place::sqlite();
            let copy = copy.open();
            copy.restore(&backup[..]).unwrap();
            let mut names = std::collections::BTreeSet::new();
            copy.each("device", |stored| names.extend(stored.record.text("name").map(str::to_owned)))
                .unwrap();
            assert!(names.len() <= 1, "{names:?}");
        }
        writing.join().unwrap();
    });
}

#[test]
fn two_writers_at_once_lose_nothing_and_keep_one_chain() {
    on_both(|place| {
        place.open();
        let write = |writer: u32| {
            let store = place.open();
            for round in 0..25 {
                let own = device(&format!("w{writer}-{round}"), "own");
                let shared = device("shared", &format!("{writer} {round}"));
                store.write(&by(), [own, shared]).unwrap();
            }
        };
        std::thread::scope(|scope| {
            [1, 2].map(|writer| scope.spawn(move || write(writer))).map(|thread| thread.join().unwrap())
        });
        let store = place.open();
        assert_eq!(store.count("device").unwrap(), 51);
        assert_eq!(store.get(&at("shared")).unwrap().unwrap().version, 50);
        let audit = store.verify().unwrap();
        assert!(audit.is_sound() && audit.head.entries == 100, "{audit:?}");
    });
}

#[test]
fn a_panic_in_the_middle_of_a_write_undoes_it_and_the_store_stays_usable() {
    on_both(|place| {
        let store = place.open();
        let records =
            (0..2000).map(|n| if n == 1500 { panic!("as asked") } else { device(&format!("d{n}"), "x") });
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| store.write(&by(), records)));
        assert!(outcome.is_err());
        assert_eq!(store.count("device").unwrap(), 0);
        store.write(&by(), [device("a", "一")]).unwrap();
        assert!(store.verify().unwrap().is_sound());
    });
}
