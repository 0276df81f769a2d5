//! Versions told in prose: tables of texts and what they say, worked out by hand, and every text of the corpora.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use cyber::version::told::{Told, read};

/// What a text says, in the notation of the tables.
fn shown(told: &Told) -> String {
    let mut shown = told.to_string();
    let list = |items: Vec<String>| items.join(", ");
    if !told.qualifiers.is_empty() {
        shown +=
            &format!(" + {}", list(told.qualifiers.iter().map(|one| format!("{:?}", one.kind)).collect()));
    }
    if !told.is_whole() {
        shown +=
            &format!(" ? {}", list(told.not_understood.iter().map(|one| format!("{:?}", one.why)).collect()));
    }
    shown.trim_start().to_owned()
}

fn holds(table: &str) {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (text, expected) = line.split_once(" => ").unwrap();
        let told = shown(&read(text));
        seen += 1;
        if told != expected {
            wrong.push(format!("{text}\n    expected {expected}\n    found    {told}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {seen} are read otherwise:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_jvn_ipedia_tells_is_read_as_a_person_reads_it() {
    holds(include_str!("truth/told_jvn.txt"));
}

#[test]
fn what_medical_advisories_tell_is_read_as_a_person_reads_it() {
    holds(include_str!("truth/told_icsma.txt"));
}

#[test]
fn other_texts_of_the_same_kind_are_read_as_well() {
    holds(include_str!("truth/told_other.txt"));
}
