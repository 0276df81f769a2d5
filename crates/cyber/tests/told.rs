//! Versions told in prose: tables of texts and what they say, worked out by hand, and every text of the corpora.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use cyber::version::told::{Told, read};

/// What a text says, in the notation of the tables.
fn shown(told: &Told) -> String {
    let qualifiers: Vec<String> = told.qualifiers.iter().map(|one| format!("{:?}", one.kind)).collect();
    let open: Vec<String> = told.not_understood.iter().map(|one| format!("{:?}", one.why)).collect();
    let part = |sign: &str, items: Vec<String>| {
        if items.is_empty() { String::new() } else { format!(" {sign} {}", items.join(", ")) }
    };
    format!("{told}{}{}", part("+", qualifiers), part("?", open)).trim_start().to_owned()
}

fn holds(table: &str) {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
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

/// Phrasings that advisories of makers and of CISA use elsewhere.
#[test]
fn what_further_medical_advisories_tell_is_read_or_named_as_not_understood() {
    holds(include_str!("truth/told_medical.txt"));
}

#[test]
fn other_texts_of_the_same_kind_are_read_as_well() {
    holds(include_str!("truth/told_other.txt"));
}

#[test]
fn what_makers_of_industrial_control_tell_is_read_or_named_as_not_understood() {
    holds(include_str!("truth/told_industrial.txt"));
}
