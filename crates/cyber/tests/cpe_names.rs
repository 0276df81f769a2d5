//! CPE names by the examples of NISTIR 7695 (bindings) and the tables of NISTIR 7696 (matching).

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeSet;

use cyber::name::cpe::{Attribute, Cpe, CpeError, Value};
use cyber::name::cpe_matching::Relation::{self, Disjoint, Equal, Subset, Superset, Undefined};

fn cpe(text: &str) -> Cpe {
    Cpe::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The name of an application of one version.
fn version(version: &str) -> Cpe {
    cpe(&format!("cpe:2.3:a:vendor:product:{version}:*:*:*:*:*:*:*"))
}

#[test]
fn the_examples_of_the_bindings_are_written_and_read_back() {
    for (uri, formatted, wfn) in [
        (
            "cpe:/a:microsoft:internet_explorer:8.0.6001:beta",
            "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*",
            r#"wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.0\.6001",update="beta"]"#,
        ),
        (
            "cpe:/a:microsoft:internet_explorer:8.%02:sp%01",
            "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*",
            r#"wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.*",update="sp?"]"#,
        ),
        (
            "cpe:/a:hp:insight_diagnostics:7.4.0.1570:-:~~online~win2003~x64~",
            "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:-:*:*:online:win2003:x64:*",
            r#"wfn:[part="a",vendor="hp",product="insight_diagnostics",version="7\.4\.0\.1570",update=NA,sw_edition="online",target_sw="win2003",target_hw="x64"]"#,
        ),
        (
            "cpe:/a:hp:openview_network_manager:7.51::~~~linux~~",
            "cpe:2.3:a:hp:openview_network_manager:7.51:*:*:*:*:linux:*:*",
            r#"wfn:[part="a",vendor="hp",product="openview_network_manager",version="7\.51",target_sw="linux"]"#,
        ),
        (
            "cpe:/a:foo%5cbar:big%24money_manager_2010:::~~special~ipod_touch~80gb~",
            r"cpe:2.3:a:foo\\bar:big\$money_manager_2010:*:*:*:*:special:ipod_touch:80gb:*",
            r#"wfn:[part="a",vendor="foo\\bar",product="big\$money_manager_2010",sw_edition="special",target_sw="ipod_touch",target_hw="80gb"]"#,
        ),
        (
            "cpe:/a:microsoft:internet_explorer:8.%2a:sp%3f",
            r"cpe:2.3:a:microsoft:internet_explorer:8.\*:sp\?:*:*:*:*:*:*",
            r#"wfn:[part="a",vendor="microsoft",product="internet_explorer",version="8\.\*",update="sp\?"]"#,
        ),
    ] {
        for read in [cpe(uri), cpe(formatted)] {
            assert_eq!(read.to_uri(), uri);
            assert_eq!(read.to_string(), formatted);
            assert_eq!(read.to_wfn(), wfn);
        }
    }
}

#[test]
fn older_spellings_are_read() {
    assert_eq!(
        cpe("cpe:/a:foo~bar:big%7emoney_2010"),
        cpe(r"cpe:2.3:a:foo\~bar:big\~money_2010:*:*:*:*:*:*:*:*")
    );
    assert_eq!(
        cpe("CPE:/O:Microsoft:Windows_XP::SP2"),
        cpe("cpe:2.3:o:microsoft:windows_xp:*:sp2:*:*:*:*:*:*")
    );
    assert_eq!(
        cpe(r"cpe:2.3:a:mailcow:mailcow\:_dockerized:1\.0:*:*:*:*:*:*:*").get(Attribute::Version),
        Value::Text("1.0")
    );
    assert_eq!(cpe("cpe:/h").to_uri(), "cpe:/h");
}

#[test]
fn a_text_that_is_no_name_says_why() {
    for (text, error) in [
        ("cpe:2.2:a:b", CpeError::NoPrefix),
        ("cpe:2.3:a:b:c", CpeError::Attributes { expected: "11", found: 3 }),
        ("cpe:2.3:a:b:c:*:*:*:*:*:*:*:*:*", CpeError::Attributes { expected: "11", found: 12 }),
        ("cpe:2.3:x:b:c:*:*:*:*:*:*:*:*", CpeError::Part("x".to_owned())),
        ("cpe:2.3:a::c:*:*:*:*:*:*:*:*", CpeError::Empty),
        ("cpe:/a:foo:bar:12.%02.1234", CpeError::Wildcard("12.%02.1234".to_owned())),
        ("cpe:2.3:a:b:c:1.*.2:*:*:*:*:*:*:*", CpeError::Wildcard("1.*.2".to_owned())),
        ("cpe:2.3:a:b:c:**:*:*:*:*:*:*:*", CpeError::Wildcard("**".to_owned())),
        ("cpe:/a:b:c%2", CpeError::Quoting("c%2".to_owned())),
        ("cpe:2.3:a:b c:d:*:*:*:*:*:*:*:*", CpeError::Blank("b c".to_owned())),
        (&"cpe:2.3:a:".repeat(1000), CpeError::TooLong),
    ] {
        assert_eq!(Cpe::parse(text), Err(error), "{text}");
    }
}

/// NISTIR 7696, table 6-2, row by row.
#[test]
fn attributes_relate_as_the_table_says() {
    for (source, target, expected) in [
        ("*", "*", Equal),
        ("*", "-", Superset),
        ("*", "1", Superset),
        ("*", "1*", Undefined),
        ("-", "*", Subset),
        ("-", "-", Equal),
        ("-", "1", Disjoint),
        ("-", "1*", Undefined),
        ("1", "1", Equal),
        ("1", "2", Disjoint),
        ("1", "1*", Undefined),
        ("1", "-", Disjoint),
        ("1", "*", Subset),
        ("1*", "12", Superset),
        ("1*", "2", Disjoint),
        ("1*", "*", Subset),
        ("1*", "-", Disjoint),
        ("1*", "1*", Undefined),
    ] {
        let at = Attribute::Version as usize;
        assert_eq!(version(source).relations(&version(target))[at], expected, "{source} {target}");
    }
}

#[test]
fn an_asterisk_is_any_text_and_a_question_mark_one_character_or_none() {
    for (source, target, fits) in [
        ("8.*", "8.0.6001", true),
        ("8.*", "8.", true),
        ("8.*", "18.0", false),
        ("*.1", "10.0.1", true),
        ("*0*", "1.0.1", true),
        ("sp?", "sp1", true),
        ("sp?", "sp", true),
        ("sp?", "sp12", false),
        ("sp??", "sp12", true),
        ("?1", "11", true),
        ("?1", "211", false),
        (r"1\**", r"1\*2", true),
        (r"1\*?", "12", false),
        (r"a\?*", r"a\?", true),
    ] {
        let expected = if fits { Superset } else { Disjoint };
        assert_eq!(version(source).relation(&version(target)), expected, "{source} {target}");
    }
}

/// NISTIR 7696, table 6-4.
#[test]
fn one_disjoint_attribute_makes_the_names_disjoint_and_mixed_ones_say_nothing() {
    let relation = |source: &str, target: &str| -> Relation { cpe(source).relation(&cpe(target)) };
    let all = "cpe:2.3:a:adobe:*:*:*:*:*:*:*:*:*";
    let reader = "cpe:2.3:a:adobe:reader:9.3.2:-:*:*:*:*:*:*";
    assert_eq!(relation(all, reader), Superset);
    assert_eq!(relation(reader, all), Subset);
    assert_eq!(relation(reader, reader), Equal);
    assert_eq!(relation("cpe:2.3:a:*:reader:9.4:*:*:*:*:*:*:*", reader), Disjoint);
    assert_eq!(relation("cpe:2.3:a:*:reader:9.3.2:-:x:*:*:*:*:*", reader), Undefined);
}

#[test]
fn a_value_is_read_without_its_quoting() {
    let name = cpe(r"cpe:2.3:a:v:p:2026-03b\+1:*:-:*:*:*:*:*");
    assert_eq!(name.get(Attribute::Version).plain().as_deref(), Some("2026-03b+1"));
    assert_eq!(name.get(Attribute::Update).plain(), None);
    assert_eq!(name.get(Attribute::Edition), Value::Na);
    assert_eq!(version("8.*").get(Attribute::Version).plain(), None);
}

/// Real names: every criterion of NVD's configurations is read, and written as it stood but for the case.
#[test]
fn every_name_nvd_uses_is_read_and_written_as_it_stood() {
    let Some(text) = common::lines_of("nvd-configurations.ndjson.gz") else { return };
    let mut names = BTreeSet::new();
    for at in text.match_indices("\"criteria\":\"").map(|(at, key)| at + key.len()) {
        names.insert(&text[at..at + text[at..].find("\",").unwrap()]);
    }
    let mut differ = Vec::new();
    for name in &names {
        let written: String = serde_json::from_str(&format!("\"{name}\"")).unwrap();
        match Cpe::parse(&written) {
            Ok(read) if read.to_string() == written.to_lowercase() => {}
            other => differ.push(format!("{written}: {other:?}")),
        }
    }
    println!("{} names, {} read otherwise\n{}", names.len(), differ.len(), differ.join("\n"));
    assert!(names.len() > 1000 && differ.is_empty());
}
