//! NVD's configurations: every record of the corpus is read without a deviation and judged as an independent, slow evaluator judges it, written
//! here from the record's JSON, NISTIR 7696 (names), NISTIR 7698 (AND, OR, negation) and NVD's text on bounds; and sixty hand-worked rows.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::cmp::Ordering;

use cyber::advisory::nvd;
use cyber::index::{Index, build};
use cyber::matching::configuration::Prepared;
use cyber::matching::{Installed, Surroundings, Verdict, Wanted, scan};
use cyber::name::purl::Purl;
use serde_json::Value;

/// The three answers of the slow evaluator, and `Mute` where it has no opinion (versions that are not only numbers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slow {
    Yes,
    No,
    Open,
    Mute,
}

/// The attributes of a formatted string.
fn attributes(name: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut letters = name.strip_prefix("cpe:2.3:").unwrap().chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => found.last_mut().unwrap().extend([letter, letters.next().unwrap()]),
            ':' => found.push(String::new()),
            _ => found.last_mut().unwrap().push(letter.to_ascii_lowercase()),
        }
    }
    assert_eq!(found.len(), 11, "{name}");
    found
}

fn numbers(text: &str) -> Option<Vec<u64>> {
    let mut numbers = text.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

/// A date and a number have no order: makers count in one or the other.
fn slow_order(left: &str, right: &str) -> Option<Ordering> {
    let is_date = |text: &str| text.split('.').next().is_some_and(|first| first.len() == 8);
    if is_date(left) != is_date(right) {
        return None;
    }
    Some(numbers(left)?.cmp(&numbers(right)?))
}

/// NISTIR 7696, table 6-2, without wildcards in the target; an asterisk at an end of the source's text stands for anything.
fn slow_attribute(source: &str, target: &str) -> Slow {
    match (source, target) {
        _ if source == target => Slow::Yes,
        ("*", _) => Slow::Yes,
        (_, "*") => Slow::Open,
        ("-", _) | (_, "-") => Slow::No,
        _ if source.ends_with('*') && !source.ends_with("\\*") => {
            if target.starts_with(source.trim_end_matches('*')) { Slow::Yes } else { Slow::No }
        }
        _ => Slow::No,
    }
}

/// Criteria as the record writes them, split once.
struct Entry {
    vulnerable: bool,
    criteria: Vec<String>,
    /// Bounds, and the orders of the version to them that are within.
    bounds: Vec<(String, &'static [Ordering])>,
}

struct Node {
    entries: Vec<Entry>,
}

struct Configuration {
    all: bool,
    nodes: Vec<Node>,
}

fn entry(entry: &Value) -> Entry {
    const BOUNDS: [(&str, &[Ordering]); 4] = [
        ("versionStartIncluding", &[Ordering::Greater, Ordering::Equal]),
        ("versionStartExcluding", &[Ordering::Greater]),
        ("versionEndIncluding", &[Ordering::Less, Ordering::Equal]),
        ("versionEndExcluding", &[Ordering::Less]),
    ];
    Entry {
        vulnerable: entry["vulnerable"].as_bool().unwrap(),
        criteria: attributes(entry["criteria"].as_str().unwrap()),
        bounds: BOUNDS
            .iter()
            .filter_map(|(member, wanted)| Some((entry[member].as_str()?.to_owned(), *wanted)))
            .collect(),
    }
}

fn configurations(cve: &Value) -> Vec<Configuration> {
    let node = |node: &Value| {
        assert_eq!((node["operator"].as_str(), node["negate"].as_bool()), (Some("OR"), Some(false)));
        Node { entries: list(node, "cpeMatch").iter().map(entry).collect() }
    };
    let one = |one: &Value| Configuration {
        all: one["operator"] == "AND",
        nodes: list(one, "nodes").iter().map(node).collect(),
    };
    list(cve, "configurations").iter().map(one).collect()
}

fn names_product(criteria: &[String], name: &[String]) -> bool {
    (0..3).all(|at| slow_attribute(&criteria[at], &name[at]) != Slow::No)
}

fn slow_match(entry: &Entry, name: &[String]) -> Slow {
    let mut answer = Slow::Yes;
    for at in (0..11).filter(|at| *at != 3) {
        answer = slow_and(answer, slow_attribute(&entry.criteria[at], &name[at]));
    }
    let version = name[3].replace('\\', "");
    for (bound, wanted) in &entry.bounds {
        answer = slow_and(
            answer,
            match (version.as_str(), slow_order(&version, bound)) {
                ("*" | "-", _) => Slow::Open,
                // What begins with 0 begins before everything.
                _ if bound == "0" && wanted.len() == 2 && wanted[0].is_gt() => Slow::Yes,
                (_, None) => Slow::Mute,
                (_, Some(order)) if wanted.contains(&order) => Slow::Yes,
                _ => Slow::No,
            },
        );
    }
    let asked = entry.criteria[3].replace('\\', "");
    slow_and(
        answer,
        match (asked.as_str(), version.as_str()) {
            ("*", _) => Slow::Yes,
            (asked, version) if asked == version => Slow::Yes,
            // Decision 1: a version `-` in the record, or an open one in the bill, is undetermined.
            ("-", _) | (_, "*" | "-") => Slow::Open,
            (asked, version) => match slow_order(asked, version) {
                Some(Ordering::Equal) => Slow::Yes,
                Some(_) => Slow::No,
                None => Slow::Mute,
            },
        },
    )
}

fn slow_and(left: Slow, right: Slow) -> Slow {
    [Slow::No, Slow::Mute, Slow::Open, Slow::Yes].into_iter().find(|one| [left, right].contains(one)).unwrap()
}

fn slow_or(left: Slow, right: Slow) -> Slow {
    [Slow::Yes, Slow::Mute, Slow::Open, Slow::No].into_iter().find(|one| [left, right].contains(one)).unwrap()
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().map_or(&[][..], Vec::as_slice)
}

/// One product with one name among others. A record is about it when vulnerable criteria name it; then a node that does so must hold for the
/// product itself, and with AND every other node for anything installed.
fn slow_record(configurations: &[Configuration], name: &[String], around: &[Vec<String>]) -> Slow {
    let mut found = Slow::No;
    for configuration in configurations {
        for (at, node) in configuration.nodes.iter().enumerate() {
            let own = || node.entries.iter().filter(|entry| entry.vulnerable);
            if !own().any(|entry| names_product(&entry.criteria, name)) {
                continue;
            }
            let mut answer = own().fold(Slow::No, |so_far, entry| slow_or(so_far, slow_match(entry, name)));
            if configuration.all {
                let others = configuration.nodes.iter().enumerate().filter(|(place, _)| *place != at);
                answer = others.fold(answer, |answer, (_, other)| {
                    slow_and(answer, slow_surroundings(other, name, around))
                });
            }
            found = slow_or(found, answer);
        }
    }
    found
}

fn slow_surroundings(node: &Node, name: &[String], around: &[Vec<String>]) -> Slow {
    node.entries.iter().fold(Slow::No, |found, entry| {
        let all = around.iter().map(Vec::as_slice).chain([name]);
        let mut seen = all.filter(|name| names_product(&entry.criteria, name)).peekable();
        let answer = if seen.peek().is_none() {
            Slow::Open
        } else {
            seen.fold(Slow::No, |found, name| slow_or(found, slow_match(entry, name)))
        };
        slow_or(found, answer)
    })
}

fn with_version(criteria: &str, version: &str) -> String {
    let mut parts = attributes(criteria);
    version.clone_into(&mut parts[3]);
    format!("cpe:2.3:{}", parts.join(":"))
}

/// Versions in and around what criteria speak of.
fn versions_around(entry: &Value) -> Vec<String> {
    let own = attributes(entry["criteria"].as_str().unwrap())[3].clone();
    let mut found = vec!["*".to_owned(), "-".to_owned(), "0".to_owned(), "99999".to_owned()];
    if own != "*" && own != "-" {
        found.extend([format!("{own}.1"), own]);
    }
    for member in
        ["versionStartIncluding", "versionStartExcluding", "versionEndIncluding", "versionEndExcluding"]
    {
        let Some(bound) = entry[member].as_str().filter(|bound| numbers(bound).is_some()) else { continue };
        found.extend([bound.to_owned(), format!("{bound}.0.1")]);
        let mut before: Vec<u64> = numbers(bound).unwrap();
        if let Some(last) = before.last_mut().filter(|last| **last > 0) {
            *last -= 1;
            let before: Vec<String> = before.iter().map(u64::to_string).collect();
            found.push(before.join("."));
        }
    }
    found.dedup();
    found
}

/// Each surrounding the record asks for, as it asks for it.
fn asked_surroundings(cve: &Value) -> Vec<String> {
    let nodes = list(cve, "configurations").iter().flat_map(|configuration| list(configuration, "nodes"));
    let entries = nodes.flat_map(|node| list(node, "cpeMatch")).filter(|entry| entry["vulnerable"] == false);
    entries.map(|entry| entry["criteria"].as_str().unwrap().to_owned()).collect()
}

fn of_verdict(verdict: Verdict) -> Slow {
    match verdict {
        Verdict::Affected(_) => Slow::Yes,
        Verdict::NotAffected(_) => Slow::No,
        Verdict::Undetermined(_) => Slow::Open,
    }
}

#[test]
fn every_record_is_read_whole_and_judged_as_the_slow_evaluator_judges_it() {
    let Some(text) = common::lines_of("nvd-configurations.ndjson.gz") else { return };
    let (mut records, mut with_and, mut judged, mut mute) = (0, 0, 0, 0);
    let mut counts = [0; 3];
    let mut wrong = Vec::new();
    for line in text.lines() {
        let record: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
        let read = nvd::read(&record).unwrap();
        let cve = &record["cve"];
        assert_eq!(read.deviations, [], "{}", read.value.id);
        records += 1;
        let slow = configurations(cve);
        with_and += slow.iter().filter(|one| one.all).count();
        let Some(prepared) = Prepared::of(&read.value) else { continue };
        let around = asked_surroundings(cve);
        let mut settings =
            vec![(Vec::new(), Surroundings::default()), (around.clone(), surroundings(&around))];
        settings.truncate(if around.is_empty() { 1 } else { 2 });
        for (name, (around, prepared_around)) in
            products(cve).iter().flat_map(|name| settings.iter().map(move |setting| (name, setting)))
        {
            let split: Vec<Vec<String>> = around.iter().map(|name| attributes(name)).collect();
            let expected = slow_record(&slow, &attributes(name), &split);
            let found =
                of_verdict(prepared.judge(&Installed::of([name.as_str()], None, None), prepared_around));
            judged += 1;
            match expected {
                Slow::Mute => mute += 1,
                _ if expected == found => counts[expected as usize] += 1,
                _ => wrong
                    .push(format!("{} {name} {around:?}: {found:?}, expected {expected:?}", read.value.id)),
            }
        }
    }
    println!(
        "{records} records, {with_and} configurations with AND, {judged} products judged, {mute} without opinion, yes/no/open {counts:?}"
    );
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
    assert!(records > 1000 && with_and > 100 && counts.iter().all(|count| *count > 100));
}

/// Products at and around every version the record speaks of, at most sixty a record.
fn products(cve: &Value) -> Vec<String> {
    let nodes = list(cve, "configurations").iter().flat_map(|configuration| list(configuration, "nodes"));
    let entries = nodes.flat_map(|node| list(node, "cpeMatch")).filter(|entry| entry["vulnerable"] == true);
    let named = entries.flat_map(|entry| {
        let criteria = entry["criteria"].as_str().unwrap();
        versions_around(entry).into_iter().map(move |version| with_version(criteria, &version))
    });
    let mut found: Vec<String> = named.take(60).filter(|name| !attributes(name)[2].ends_with('*')).collect();
    found.sort();
    found.dedup();
    found
}

/// The index decodes only what concerns the products asked about; the explanation decodes everything.
#[test]
fn what_an_index_leaves_out_changes_no_verdict() {
    let Some(text) = common::lines_of("nvd-configurations.ndjson.gz") else { return };
    let lines: Vec<&str> = text.lines().step_by(23).collect();
    let records: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let bytes = build(lines.iter().map(|line| nvd::read_json(line.as_bytes()).unwrap().value)).unwrap();
    let index = Index::open(&bytes).unwrap();
    let mut counts = [0; 3];
    for (number, record) in (0..).zip(&records) {
        let around = asked_surroundings(&record["cve"]);
        for name in products(&record["cve"]).iter().step_by(3) {
            let product = Installed::of([name.as_str()], None, None);
            let bill: Vec<String> = std::iter::once(name.clone()).chain(around.iter().cloned()).collect();
            let explained = index.explain_product(&product, &surroundings(&bill), number).unwrap();
            let expected = explained.first().map(|(_, verdict, _)| *verdict).unwrap();
            let scanned = scan(&index, bill.iter().map(|cpe| of_cpe(cpe))).unwrap();
            let mut found = scanned.reached.iter().filter(|reached| reached.name == *name);
            let found = found.find_map(|reached| {
                reached.findings.iter().find(|finding| finding.advisory.number == number)
            });
            let expected_told = Some(expected).filter(|verdict| !matches!(verdict, Verdict::NotAffected(_)));
            assert_eq!(found.map(|finding| finding.verdict), expected_told, "{} {name}", record["cve"]["id"]);
            counts[of_verdict(expected) as usize] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
}

fn of_cpe(cpe: &str) -> Wanted<'_> {
    Wanted { name: cpe.into(), version: None, is_file: false, purls: Vec::new(), cpes: vec![cpe.into()] }
}

fn surroundings(names: &[String]) -> Surroundings {
    Surroundings::of(names.iter().map(|name| (name.as_str(), None)), false)
}

/// A name as the table writes it: what is left out at its end is `*`.
fn whole_name(short: &str) -> String {
    let written = short.replace("\\:", "").split(':').count();
    format!("cpe:2.3:{short}{}", ":*".repeat(11 - written))
}

#[test]
fn hand_worked_rows_are_judged_as_a_person_reads_the_record() {
    let Some(text) = common::lines_of("nvd-configurations.ndjson.gz") else { return };
    let rows: Vec<Vec<&str>> = include_str!("truth/nvd_configurations.tsv")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for line in text.lines() {
        let id =
            line.split_once("\"cve_id\":\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
        let mut about = rows.iter().filter(|row| row[0] == id).peekable();
        if about.peek().is_none() {
            continue;
        }
        let prepared = Prepared::of(&nvd::read_json(line.as_bytes()).unwrap().value).unwrap();
        for row in about {
            asked += 1;
            let found = told(prepared.judge(&product(row[1]), &surroundings(&names(row[2]))));
            if found != row[3] {
                wrong.push(format!("{}: {found}", row.join(" | ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked >= 60, "{asked} of {} rows have their record here", rows.len());
}

fn names(cell: &str) -> Vec<String> {
    cell.split(' ').filter(|name| !name.is_empty() && !name.starts_with("purl=")).map(whole_name).collect()
}

fn product(cell: &str) -> Installed {
    let purl =
        cell.split(' ').find_map(|part| part.strip_prefix("purl=")).map(|text| Purl::parse(text).unwrap());
    Installed::of(names(cell).iter().map(String::as_str), None, purl.as_ref())
}

fn told(verdict: Verdict) -> String {
    match verdict {
        Verdict::Affected(_) => "affected".to_owned(),
        Verdict::NotAffected(_) => "not".to_owned(),
        Verdict::Undetermined(reason) => format!("{reason:?}"),
    }
}
