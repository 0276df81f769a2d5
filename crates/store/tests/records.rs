//! Writing, reading, undoing: on SQLite, and on PostgreSQL where SHIRUBE_TEST_POSTGRES names a server.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use base::Source;
use common::{Place, at, by, device, on_both};
use register::{Belief, Record, Registry};
use store::{Action, By, Change, Notice, Store, StoreError};

#[test]
fn in_continuous_integration_postgresql_is_tested_too() {
    if Place::postgres().is_none() {
        println!(
            "skipped on PostgreSQL: SHIRUBE_TEST_POSTGRES=postgres://user@127.0.0.1:port/postgres names a server"
        );
        assert!(std::env::var_os("CI").is_none(), "SHIRUBE_TEST_POSTGRES is not set");
    }
}

#[test]
fn the_same_file_twice_changes_nothing() {
    on_both(|place| {
        let store = place.open();
        let records = || (0..700).map(|n| device(&format!("d{n}"), "心臓弁"));
        let first = store.write(&by(), records()).unwrap();
        assert_eq!((first.added, first.changed, first.unchanged), (700, 0, 0));
        let second = store.write(&by(), records()).unwrap();
        assert_eq!((second.added, second.changed, second.unchanged), (0, 0, 700));
        assert_eq!(first.head, second.head);
        assert_eq!(store.head().unwrap(), second.head);
    });
}

#[test]
fn a_record_comes_back_as_it_was_put_and_keeps_its_history() {
    on_both(|place| {
        let store = place.open();
        let mut record = device("a", "一");
        record.set("names", base::Names::of("ニ\u{0}", "two")).set("years", [2020, 2021]);
        store.write(&By::now("kim", "first"), [record.clone()]).unwrap();
        assert_eq!(store.get(&at("a")).unwrap().unwrap().record, record);
        let changed = device("a", "二");
        store.write(&By::now("lee", "second"), [changed.clone()]).unwrap();
        store
            .write(&By::now("ito", "third"), [Change::Withdraw { record: at("a"), expected: Some(2) }])
            .unwrap();
        assert_eq!(store.get(&at("a")).unwrap(), None);
        assert_eq!(store.count("device").unwrap(), 0);

        let history = store.history(&at("a")).unwrap();
        let told: Vec<_> = history
            .iter()
            .map(|e| (e.seq, e.version, e.actor.as_str(), e.reason.as_str(), e.action))
            .collect();
        let put = Action::Put;
        assert_eq!(
            told,
            [
                (1, 1, "kim", "first", put),
                (2, 2, "lee", "second", put),
                (3, 3, "ito", "third", Action::Withdraw)
            ]
        );
        let contents: Vec<_> = history.into_iter().map(|entry| entry.record).collect();
        assert_eq!(contents, [Some(record), Some(changed), None]);
        assert!(store.verify().unwrap().is_sound());
    });
}

#[test]
fn an_undone_change_is_a_new_version_with_the_old_content() {
    on_both(|place| {
        let store = place.open();
        for name in ["一", "二"] {
            store.write(&by(), [device("a", name)]).unwrap();
        }
        store.undo(&by(), &at("a"), 1).unwrap();
        let stored = store.get(&at("a")).unwrap().unwrap();
        assert_eq!((stored.version, stored.record.text("name")), (3, Some("一")));
        store.write(&by(), [Change::Withdraw { record: at("a"), expected: None }]).unwrap();
        assert_eq!(store.undo(&by(), &at("a"), 2).unwrap().added, 1);
        assert_eq!(store.get(&at("a")).unwrap().unwrap().version, 5);
        for version in [4, 9] {
            assert!(
                matches!(store.undo(&by(), &at("a"), version), Err(StoreError::NoVersion { .. })),
                "{version}"
            );
        }
    });
}

#[test]
fn a_state_can_be_undone_although_it_could_not_be_moved_back() {
    on_both(|place| {
        let store = place.open();
        let state = |state: &str| Record { state: Some(state.to_owned()), ..device("a", "一") };
        store.write(&by(), [state("draft")]).unwrap();
        store.write(&by(), [state("done")]).unwrap();
        assert!(matches!(store.write(&by(), [state("draft")]), Err(StoreError::Refused { .. })));
        store.undo(&by(), &at("a"), 1).unwrap();
        assert_eq!(store.get(&at("a")).unwrap().unwrap().record.state.as_deref(), Some("draft"));
    });
}

#[test]
fn one_faulty_record_refuses_the_batch_and_every_fault_is_told() {
    on_both(|place| {
        let store = place.open();
        let bad = |n: usize| {
            let mut record = device(&format!("bad{n}"), "x");
            record.set("kind", "z");
            record
        };
        let batch = [device("good", "一")].into_iter().chain((0..1000).map(bad));
        let Err(StoreError::Refused { faults, more }) = store.write(&by(), batch) else {
            panic!("it was not refused")
        };
        assert_eq!((faults.len(), more), (100, 900));
        assert_eq!(faults[0].record, at("bad0"));
        assert_eq!(store.head().unwrap().entries, 0);
        assert_eq!(store.get(&at("good")).unwrap(), None);
    });
}

#[test]
fn a_writer_who_has_not_seen_the_newest_version_is_told() {
    on_both(|place| {
        let store = place.open();
        let put =
            |name: &str, expected| [Change::Put { record: device("a", name), expected: Some(expected) }];
        store.write(&by(), put("一", 0)).unwrap();
        store.write(&by(), put("二", 1)).unwrap();
        for seen in [0, 1, 3] {
            let refused = store.write(&by(), put("三", seen)).unwrap_err();
            let known = format!(
                "device:a: you changed version {seen}, but version 2 is the newest; look at it and try again"
            );
            assert_eq!(refused.to_string(), known);
        }
        assert_eq!(store.get(&at("a")).unwrap().unwrap().record.text("name"), Some("二"));
    });
}

#[test]
fn a_withdrawn_record_is_put_again_by_whoever_saw_none() {
    on_both(|place| {
        let store = place.open();
        let put =
            |name: &str, expected| [Change::Put { record: device("a", name), expected: Some(expected) }];
        store.write(&by(), put("一", 0)).unwrap();
        store.write(&by(), [Change::Withdraw { record: at("a"), expected: Some(1) }]).unwrap();
        assert!(store.write(&by(), put("二", 1)).is_err(), "what was seen is no longer there");
        store.write(&by(), put("二", 0)).unwrap();
        assert_eq!(store.get(&at("a")).unwrap().unwrap().version, 3);
    });
}

#[test]
fn later_changes_of_a_batch_see_the_earlier() {
    on_both(|place| {
        let store = place.open();
        let batch = vec![
            Change::from(device("a", "一")),
            device("b", "b").into(),
            Change::Put { record: device("a", "二"), expected: Some(1) },
            Change::Withdraw { record: at("b"), expected: Some(1) },
        ];
        let written = store.write(&by(), batch).unwrap();
        assert_eq!((written.added, written.changed, written.withdrawn), (2, 1, 1));
        assert_eq!(store.get(&at("a")).unwrap().unwrap().version, 2);
        assert!(store.verify().unwrap().is_sound());
    });
}

#[test]
fn every_change_names_its_author_and_its_reason_and_a_declared_register() {
    on_both(|place| {
        let store = place.open();
        for (actor, reason) in [("", "why"), ("kim", " "), ("k\0m", "why")] {
            assert!(matches!(
                store.write(&By::now(actor, reason), [device("a", "一")]),
                Err(StoreError::Unsigned(_))
            ));
        }
        let stray = Record::new("stray".parse().unwrap(), "a".parse().unwrap(), Source::document("002"));
        assert!(
            matches!(store.write(&by(), [stray]), Err(StoreError::NoRegister(register)) if register == "stray")
        );
        let gone = Change::Withdraw { record: at("nobody"), expected: None };
        assert!(
            matches!(store.write(&by(), [gone]), Err(StoreError::NoRecord(record)) if record == at("nobody"))
        );
    });
}

#[test]
fn references_may_dangle_and_are_listed() {
    on_both(|place| {
        let store = place.open();
        let mut record = device("a", "一");
        record
            .set("parent", "device:b")
            .set("parts", serde_json::json!([{ "name": "x", "of": "device:gone" }]));
        let link = |to: &str| register::Link {
            kind: "part-of".to_owned(),
            to: at(to),
            belief: Belief::Stated,
            why: String::new(),
            source: None,
        };
        record.links = vec![link("a"), link("lost")];
        store.write(&by(), [record, device("b", "二")]).unwrap();
        let found: Vec<_> =
            store.dangling().unwrap().into_iter().map(|d| (d.place, d.to.to_string())).collect();
        assert_eq!(
            found,
            [("parts".to_owned(), "device:gone".to_owned()), ("links".to_owned(), "device:lost".to_owned())]
        );
    });
}

#[test]
fn all_records_are_handed_over_in_the_order_of_their_ids() {
    on_both(|place| {
        let store = place.open();
        store.write(&by(), (0..600).rev().map(|n| device(&format!("{n:03}"), "x"))).unwrap();
        store.write(&by(), [Change::Withdraw { record: at("300"), expected: None }]).unwrap();
        let mut ids = Vec::new();
        store.each("device", |stored| ids.push(stored.record.id.to_string())).unwrap();
        let expected: Vec<_> = (0..600).filter(|n| *n != 300).map(|n| format!("{n:03}")).collect();
        assert_eq!(ids, expected);
    });
}

#[test]
fn a_database_of_a_newer_program_and_one_of_another_program_are_refused() {
    on_both(|place| {
        let mut told = Vec::new();
        Store::open(&place.url, common::registry(), |notice| told.push(notice)).unwrap();
        assert!(matches!(told[..], [Notice::Migrated { number: 1, .. }, Notice::Migrated { number: 2, .. }]));
        place.tamper("INSERT INTO migration (number, name) VALUES (99, 'from the future')");
        let refused = Store::open(&place.url, common::registry(), |_| {}).err().unwrap();
        assert!(matches!(refused, StoreError::Newer { found: 99, .. }), "{refused}");
        place.tamper("DROP TABLE migration");
        let refused = Store::open(&place.url, common::registry(), |_| {}).err().unwrap();
        assert!(matches!(refused, StoreError::Foreign(_)), "{refused}");
    });
    let text = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(text.path(), "this is a letter, not a database").unwrap();
    assert!(Store::open(&text.path().display().to_string(), common::registry(), |_| {}).is_err());
    assert_eq!(std::fs::read_to_string(text.path()).unwrap(), "this is a letter, not a database");
}

#[test]
fn a_database_of_the_first_version_becomes_one_of_today_with_everything_in_it() {
    on_both(|place| {
        let store = place.open();
        store.write(&by(), [device("a", "一")]).unwrap();
        place.tamper(
            "DROP TABLE kept; DROP INDEX history_of_register; DELETE FROM migration WHERE number = 2",
        );
        let mut told = Vec::new();
        let newer = Store::open(&place.url, common::registry(), |notice| told.push(notice)).unwrap();
        assert!(matches!(told[..], [Notice::Migrated { number: 2, .. }]), "{told:?}");
        assert_eq!(newer.latest(Some("device"), None, 9).unwrap().len(), 1);
        assert_eq!(newer.kept("note", "a", by().at).unwrap(), None);
        assert!(newer.verify().unwrap().is_sound());
    });
}

#[test]
fn a_changed_declaration_makes_lists_and_search_anew() {
    on_both(|place| {
        let store = place.open();
        let mut record = device("a", "一");
        record.set("secret", "人工心臓");
        store.write(&by(), [record]).unwrap();
        let open =
            common::DEVICE.replace("label = { ja = \"秘\" }", "label = { ja = \"秘\" }, search = true");
        let newer = Registry::parse([("device.toml", open.as_str())]).unwrap();
        let mut told = Vec::new();
        let newer = Store::open(&place.url, newer, |notice| told.push(notice)).unwrap();
        assert_eq!(told, [Notice::Indexed { register: "device".to_owned() }]);
        let query = store::Query { text: Some("心臓".to_owned()), ..store::Query::of(at("a").register) };
        assert_eq!(newer.list(&query).unwrap().items.len(), 1);
        assert!(newer.verify().unwrap().is_sound());
        let late = store.write(&by(), [device("b", "二")]);
        assert!(
            matches!(late, Err(StoreError::Redeclared(_))),
            "the program with the old declaration is told"
        );
    });
}

#[test]
fn what_a_program_remembers_is_kept_beside_the_records() {
    on_both(|place| {
        let store = place.open();
        assert_eq!(store.meta("digest").unwrap(), None);
        for value in ["one", "two"] {
            store.set_meta("digest", value).unwrap();
        }
        assert_eq!(place.open().meta("digest").unwrap().as_deref(), Some("two"));
    });
}
