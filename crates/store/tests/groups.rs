//! Several tasks in one transaction: on SQLite, and on PostgreSQL where SHIRUBE_TEST_POSTGRES names a server.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{at, by, device, on_both};
use register::{Record, RecordRef};
use store::{Action, By, Change, Query, Result, Store, StoreError, Task, Written};

fn put(id: &str, name: &str, expected: Option<u64>) -> Change {
    Change::Put { record: device(id, name), expected }
}

fn task(actor: &str, changes: impl IntoIterator<Item = Change>) -> Task {
    Task { by: By::now(actor, "because"), changes: changes.into_iter().collect() }
}

/// A record in a state that its register does not know.
fn wrong(id: &str) -> Change {
    let mut record = device(id, "x");
    record.state = Some("nowhere".to_owned());
    record.into()
}

fn name_of(store: &Store, id: &str) -> Option<String> {
    store.get(&at(id)).unwrap().and_then(|stored| stored.record.text("name").map(str::to_owned))
}

/// In few words: how many were added, changed, withdrawn and the length of the history, or why not.
fn told(outcomes: &[Result<Written>]) -> Vec<String> {
    let one = |outcome: &Result<Written>| match outcome {
        Ok(done) => {
            format!("+{} ~{} -{} @{}", done.added, done.changed, done.withdrawn, done.head.entries)
        }
        Err(StoreError::Conflict { expected, found, .. }) => format!("conflict {expected} {found}"),
        Err(StoreError::Refused { faults, more }) => format!("refused {}", faults.len() + more),
        Err(other) => other.to_string(),
    };
    outcomes.iter().map(one).collect()
}

#[test]
fn every_task_is_made_as_a_whole_or_not_at_all_whatever_becomes_of_the_others() {
    on_both(|place| {
        let store = place.open();
        let stray =
            Record::new("stray".parse().unwrap(), "a".parse().unwrap(), base::Source::document("002"));
        let outcomes = store
            .write_each(vec![
                task("kim", [put("a", "一", None), put("b", "一", None)]),
                task("lee", [put("c", "二", None), wrong("d"), wrong("e")]),
                task("", [put("f", "三", None)]),
                task("lee", [put("g", "三", None), stray.into()]),
                task("lee", [put("h", "三", None), Change::Withdraw { record: at("i"), expected: None }]),
                task("ito", []),
                task("ito", [put("j", "四", Some(0)), put("k", "四", Some(3))]),
                task("ito", [put("l", "五", Some(0))]),
            ])
            .unwrap();
        let expected = [
            "+2 ~0 -0 @2",
            "refused 2",
            "every change names who makes it and why; the name is missing",
            "register `stray`: not declared; a register is a file in registers/",
            "device:i: there is no such record",
            "+0 ~0 -0 @2",
            "conflict 3 0",
            "+1 ~0 -0 @3",
        ];
        assert_eq!(told(&outcomes), expected);
        let mut there = Vec::new();
        store.each("device", |stored| there.push(stored.record.id.to_string())).unwrap();
        assert_eq!(there, ["a", "b", "l"]);
        let actors: Vec<_> = store.entries(0, None, 9).unwrap().into_iter().map(|e| e.actor).collect();
        assert_eq!(actors, ["kim", "kim", "ito"]);
        assert!(store.verify().unwrap().is_sound());
    });
}

#[test]
fn of_two_tasks_that_change_the_same_version_the_second_is_told_of_the_first() {
    on_both(|place| {
        let store = place.open();
        store.write(&by(), [device("a", "一")]).unwrap();
        let outcomes = store
            .write_each(vec![
                task("kim", [put("a", "二", Some(1))]),
                task("lee", [put("a", "三", Some(1)), put("b", "三", None)]),
                task("ito", [put("a", "四", Some(2))]),
                task("ito", [Change::Withdraw { record: at("a"), expected: Some(3) }]),
                task("ito", [put("a", "五", None)]),
            ])
            .unwrap();
        assert_eq!(
            told(&outcomes),
            ["+0 ~1 -0 @2", "conflict 1 2", "+0 ~1 -0 @3", "+0 ~0 -1 @4", "+1 ~0 -0 @5"]
        );
        assert_eq!((name_of(&store, "a").as_deref(), name_of(&store, "b")), (Some("五"), None));
        assert!(store.verify().unwrap().is_sound());
    });
}

#[test]
fn a_task_that_changes_a_record_twice_or_many_records_stands_for_itself() {
    on_both(|place| {
        let store = place.open();
        let many = |name: &str| (0..600).map(|n| put(&format!("m{n}"), name, None)).collect::<Vec<_>>();
        let spoiled = many("spoiled").into_iter().chain([wrong("x"), put("m0", "again", None)]);
        let outcomes = store
            .write_each(vec![
                task("kim", [put("a", "一", None)]),
                task("kim", [put("a", "二", Some(1)), put("a", "三", Some(2)), put("b", "三", None)]),
                task("lee", [put("b", "四", Some(1)), put("b", "五", Some(1))]),
                task("lee", spoiled),
                task("lee", many("good")),
                task("ito", [put("m5", "better", Some(1))]),
            ])
            .unwrap();
        let expected =
            ["+1 ~0 -0 @1", "+1 ~2 -0 @4", "conflict 1 2", "refused 1", "+600 ~0 -0 @604", "+0 ~1 -0 @605"];
        assert_eq!(told(&outcomes), expected);
        assert_eq!(name_of(&store, "b").as_deref(), Some("三"));
        assert_eq!(name_of(&store, "m599").as_deref(), Some("good"));
        assert_eq!(store.count("device").unwrap(), 602);
        assert!(store.verify().unwrap().is_sound());
    });
}

#[test]
fn the_first_task_of_a_register_may_fail_and_the_next_writes_to_it() {
    on_both(|place| {
        let store = place.open();
        let twice = [put("a", "一", None), put("a", "二", Some(7))];
        let outcomes =
            store.write_each(vec![task("kim", twice), task("kim", [put("a", "三", None)])]).unwrap();
        assert_eq!(told(&outcomes), ["conflict 7 1", "+1 ~0 -0 @1"]);
        let reopened = place.open();
        reopened.write(&by(), [device("b", "四")]).unwrap();
        assert!(reopened.verify().unwrap().is_sound());
    });
}

#[test]
fn tasks_leave_the_history_and_the_lists_that_single_writes_leave() {
    on_both(|place| {
        let other = common::Place::sqlite();
        let (store, single) = (place.open(), other.open());
        let moment = by().at;
        let tasks: Vec<Task> = (0..40)
            .map(|n| {
                let by = By { at: moment, ..By::now(format!("p{n}"), "because") };
                Task { by, changes: vec![put(&format!("r{}", n % 15), &format!("心臓{n}"), None)] }
            })
            .collect();
        let heads: Vec<_> =
            tasks.iter().map(|task| single.write(&task.by, task.changes.clone()).unwrap()).collect();
        let outcomes: Vec<_> = store.write_each(tasks).unwrap().into_iter().map(Result::unwrap).collect();
        assert_eq!(outcomes, heads, "entry by entry the same chain");
        let query = Query { text: Some("39".to_owned()), ..Query::of(at("a").register) };
        assert_eq!(store.list(&query).unwrap().items, single.list(&query).unwrap().items);
        assert!(store.verify().unwrap().is_sound());
    });
}

#[test]
fn upkeep_that_was_left_changes_no_answer_and_comes_to_an_end() {
    on_both(|place| {
        let store = place.open();
        for n in 0..40 {
            store
                .write_each(vec![task("kim", [put(&format!("r{}", n % 30), &format!("心臓{n}"), None)])])
                .unwrap();
        }
        let query = Query { text: Some("心臓3".to_owned()), ..Query::of(at("a").register) };
        let before = store.list(&query).unwrap().items;
        assert!(!before.is_empty());
        let merges = (0..100).take_while(|_| store.tidy().unwrap()).count();
        assert!((1..100).contains(&merges), "{merges}");
        assert_eq!(store.list(&query).unwrap().items, before);
        assert!(store.verify().unwrap().is_sound());
    });
}

#[test]
fn a_task_can_undo() {
    on_both(|place| {
        let store = place.open();
        let state = |to: &str| {
            let mut record = device("a", to);
            record.state = Some(to.to_owned());
            record
        };
        store.write(&by(), [state("draft")]).unwrap();
        store.write(&by(), [state("done")]).unwrap();
        let undo = |to_version, expected| Change::Undo { record: at("a"), to_version, expected };
        let outcomes = store
            .write_each(vec![
                task("kim", [state("draft").into()]),
                task("kim", [undo(1, Some(1))]),
                task("kim", [undo(1, Some(2)), put("b", "一", None)]),
                task("kim", [undo(9, None)]),
                task("kim", [undo(1, None)]),
            ])
            .unwrap();
        let missing = "device:a: there is no version 9 with content to return to";
        assert_eq!(told(&outcomes), ["refused 1", "conflict 1 2", "+1 ~1 -0 @4", missing, "+0 ~0 -0 @4"]);
        assert_eq!(name_of(&store, "a").as_deref(), Some("draft"));
        assert!(store.verify().unwrap().is_sound());
    });
}

#[test]
fn what_happened_since_is_told_in_both_directions() {
    on_both(|place| {
        let store = place.open();
        assert_eq!(store.entries(0, None, 9).unwrap(), []);
        assert_eq!(store.latest(None, None, 9).unwrap(), []);
        for id in ["a", "b", "c"] {
            store.write(&by(), [device(id, "一")]).unwrap();
        }
        store.write(&by(), [Change::Withdraw { record: at("b"), expected: None }]).unwrap();
        let rising = |after, register, limit| {
            let found = store.entries(after, register, limit).unwrap();
            found.into_iter().map(|entry| (entry.seq, entry.reference)).collect::<Vec<(u64, RecordRef)>>()
        };
        assert_eq!(rising(0, None, 2), [(1, at("a")), (2, at("b"))]);
        assert_eq!(rising(2, Some("device"), 9), [(3, at("c")), (4, at("b"))]);
        assert_eq!(rising(0, Some("stray"), 9), []);
        assert_eq!(rising(4, None, 9), []);
        let newest = store.latest(None, None, 2).unwrap();
        assert_eq!(newest.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [4, 3]);
        assert_eq!((newest[0].action, newest[0].record.as_ref()), (Action::Withdraw, None));
        assert_eq!(newest[1].record.as_ref(), Some(&device("c", "一")));
        let older = store.latest(Some("device"), Some(3), 9).unwrap();
        assert_eq!(older.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [2, 1]);
    });
}

#[test]
fn the_registers_that_changed_are_told_with_their_newest_entry() {
    on_both(|place| {
        let part = common::DEVICE.replace("id = \"device\"", "id = \"part\"");
        let registers = [("device.toml", common::DEVICE), ("part.toml", part.as_str())];
        let store = Store::open(&place.url, register::Registry::parse(registers).unwrap(), |_| {}).unwrap();
        let part = |name: &str| {
            let mut record = device("a", name);
            record.register = "part".parse().unwrap();
            record
        };
        assert!(store.changed_since(0).unwrap().is_empty());
        store.write(&by(), [device("a", "一"), part("一"), device("b", "一")]).unwrap();
        let since = |seq| {
            let changed = store.changed_since(seq).unwrap();
            changed.into_iter().map(|(register, seq)| format!("{register} {seq}")).collect::<Vec<_>>()
        };
        assert_eq!(since(0), ["device 3", "part 2"]);
        assert_eq!(since(2), ["device 3"]);
        store.write(&by(), [part("二")]).unwrap();
        assert_eq!(since(3), ["part 4"]);
        assert!(since(store.head().unwrap().entries).is_empty());
    });
}

#[test]
fn readers_go_on_while_somebody_writes() {
    on_both(|place| {
        let store = place.open();
        store.write(&by(), [device("a", "一")]).unwrap();
        let reader = store.another().unwrap();
        let query = Query::of(at("a").register);
        // The changes are taken one by one inside the transaction.
        let changes = (0..600).map(|n| {
            if n == 599 {
                assert_eq!(reader.list(&query).unwrap().items.len(), 1, "a list of before the write");
                assert_eq!(store_opened_meanwhile(&reader, &query), 1);
            }
            device(&format!("n{n}"), "二")
        });
        store.write(&by(), changes).unwrap();
        assert_eq!(reader.list(&Query { limit: 999, ..query }).unwrap().items.len(), 601);
    });
}

/// How many records a connection sees that is opened while somebody writes.
fn store_opened_meanwhile(reader: &Store, query: &Query) -> usize {
    reader.another().unwrap().list(query).unwrap().items.len()
}
