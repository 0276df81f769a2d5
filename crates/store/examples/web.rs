//! Measures what a server asks of the store: `cargo run --release -p store --example web [-- URL]`. Many small
//! writes one by one and in groups, lists meanwhile, another connection. Without a URL a temporary file is used.

#![allow(clippy::cast_possible_truncation, reason = "figures for people")]

use std::time::{Duration, Instant};

use base::Source;
use register::{Record, RecordId, Registry};
use store::{By, Change, Query, Result, Sort, Store, Task};

const SMALL: &str = r#"
id = "small"
name = { ja = "小", en = "small" }
about = { ja = "", en = "" }
spec = "D"
source = { document = "none" }
title = "name"
[fields]
name = { type = "text", label = { ja = "名称" }, search = true }
about = { type = "text", label = { ja = "説明" }, search = true }
facility = { type = "text", label = { ja = "施設" }, filter = true }
"#;

/// Records that are there, and single changes made of them.
const RECORDS: usize = 10_000;
const CHANGES: usize = 5_000;

fn main() -> Result<()> {
    let given = std::env::args().nth(1);
    let folder = std::env::temp_dir().join(format!("shirube-web-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let place = given.unwrap_or_else(|| folder.join("web.db").display().to_string());
    let done = measure(&place);
    std::fs::remove_dir_all(&folder)?;
    done
}

fn measure(place: &str) -> Result<()> {
    let store = Store::open(place, Registry::parse([("small.toml", SMALL)]).unwrap_or_default(), |_| {})?;
    store.write(&by(), (0..RECORDS).map(|number| record(number, "初")))?;
    groups(&store, "50 tasks, after one bulk write")?;
    lists(&store, "lists, after one bulk write")?;
    let single = |number: usize| store.write(&by(), [record(number * 7, &format!("変更{number}"))]);
    for (from, to) in [(0, 1000), (1000, CHANGES - 1000), (CHANGES - 1000, CHANGES)] {
        let times = (from..to).map(|number| timed(|| single(number))).collect::<Result<_>>()?;
        tell(&format!("single writes {from} to {to}"), times);
    }
    groups(&store, "50 tasks, after single writes")?;
    lists(&store, "lists, after single writes")?;
    let others: Vec<Duration> = (0..50).map(|_| timed(|| store.another())).collect::<Result<_>>()?;
    tell("another connection", others);
    let first = |_| timed(|| store.another()?.list(&Query::of(RECORD.parse().map_err(|_| missing())?)));
    tell("another connection and its first list", (0..50).map(first).collect::<Result<_>>()?);
    tell("head", (0..200).map(|_| timed(|| store.head())).collect::<Result<_>>()?);
    tell("changed since", (0..200).map(|_| timed(|| store.changed_since(9))).collect::<Result<_>>()?);
    tell(
        "50 latest",
        (0..50).map(|_| timed(|| store.latest(Some(RECORD), None, 50))).collect::<Result<_>>()?,
    );
    Ok(())
}

const RECORD: &str = "small";

/// Fifty people change a record each, in one transaction.
fn groups(store: &Store, name: &str) -> Result<()> {
    let mut times = Vec::new();
    for round in 0..100_usize {
        let task = |number: usize| {
            let change = Change::from(record((round * 50 + number) % RECORDS, &format!("{name} {round}")));
            Task { by: by(), changes: vec![change] }
        };
        let tasks = (0..50).map(task).collect();
        times.push(timed(|| store.write_each(tasks)?.into_iter().collect::<Result<Vec<_>>>())?);
    }
    tell(name, times);
    Ok(())
}

/// Pages of fifty in every order, plain, searched, and of the records of some facilities.
fn lists(store: &Store, name: &str) -> Result<()> {
    let plain = Query::of(RECORD.parse().map_err(|_| missing())?);
    let facilities: Vec<String> = (0..20).map(|number| format!("f{number}")).collect();
    let held = Query {
        any_of: vec![facilities.into_iter().map(|it| ("facility".to_owned(), it)).collect()],
        ..plain.clone()
    };
    let searched = Query { text: Some("説明7".to_owned()), ..plain.clone() };
    for (kind, query) in [("plain", plain), ("held", held), ("searched", searched)] {
        let mut times = Vec::new();
        for sort in [Sort::Id, Sort::Title, Sort::Newest].into_iter().cycle().take(150) {
            times.push(timed(|| store.list(&Query { sort, ..query.clone() }))?);
        }
        tell(&format!("{name}, {kind}"), times);
    }
    Ok(())
}

fn record(number: usize, note: &str) -> Record {
    let number = number % RECORDS;
    let (register, id) = (RECORD.parse(), format!("r{number:05}").parse::<RecordId>());
    let (Ok(register), Ok(id)) = (register, id) else { unreachable!("both are ids") };
    let mut record = Record::new(register, id, Source::document("002"));
    record.set("name", format!("機器{number}")).set("facility", format!("f{}", number % 300));
    record.set("about", format!("{note} 説明{} {}", number % 97, "医療機器の研究開発と普及の促進".repeat(6)));
    record
}

fn by() -> By {
    By::now("bench", "measuring")
}

fn missing() -> store::StoreError {
    store::StoreError::NoRegister(RECORD.to_owned())
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}

fn tell(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    println!(
        "{name:<44} median {:>8.2?}  p90 {:>8.2?}  p99 {:>8.2?}  most {:>8.2?}",
        at(50),
        at(90),
        at(99),
        at(100)
    );
}
