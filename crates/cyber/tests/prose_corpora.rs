//! JVN iPedia's feeds and CISA's advisories on medical devices, whole: what the readers take from them, checked against what a person
//! reads there.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;

use cyber::advisory::{Advisory, Affected, Event, Named, csaf, vuldef};
use cyber::document::Limits;
use cyber::version::told;

fn feeds() -> Option<BTreeMap<String, Vec<Advisory>>> {
    let files = common::corpus("jvn-fixtures.tar.gz")?;
    let feeds = files.into_iter().filter(|(path, _)| path.contains("fixtures/jvndb"));
    let read = |(path, bytes): (String, Vec<u8>)| {
        let records =
            vuldef::read_all(&bytes, &Limits::default()).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(records.iter().all(|one| one.deviations.is_empty()), "{path}");
        (path, records.into_iter().map(|one| one.value).collect())
    };
    Some(feeds.map(read).collect())
}

/// Ranges in the notation of the tables.
fn ranges(entry: &Affected) -> Vec<String> {
    let shown = |event: &Event| match event {
        Event::Introduced(text) => format!(">={text}"),
        Event::Fixed(text) => format!("<{text}"),
        Event::LastAffected(text) => format!("<={text}"),
        Event::Limit(text) => format!("<<{text}"),
    };
    entry.ranges.iter().map(|range| range.events.iter().map(shown).collect::<Vec<_>>().join(" ")).collect()
}

/// Every affected item of every detailed feed, as it stands there.
#[test]
fn every_product_and_version_of_the_detailed_feeds_is_read() {
    let Some(feeds) = feeds() else { return };
    let mut found = Vec::new();
    for (_, advisories) in feeds.iter().filter(|(path, _)| path.contains("/detail/")) {
        for advisory in advisories {
            for entry in &advisory.affected {
                assert!(!entry.unread, "{} {entry:?}", advisory.id);
                let cpe = match &entry.name {
                    Named::Cpe(text) => text.as_str(),
                    _ => "",
                };
                found.push((advisory.id.clone(), cpe.to_owned(), ranges(entry).join(" | ")));
            }
        }
    }
    println!(
        "{} affected items, {} with versions",
        found.len(),
        found.iter().filter(|one| !one.2.is_empty()).count()
    );
    for (id, cpe, expected) in [
        ("JVNDB-2021-005429", "cpe:/a:apache:log4j", ">=2.13.0 <2.15.0 | >=2.0-beta9 <2.12.1"),
        ("JVNDB-2021-005429", "cpe:/a:nec:acos_access_toolkit", ""),
        ("JVNDB-2022-000001", "", ""),
        ("JVNDB-2022-017704", "cpe:/o:linux:linux_kernel", ">=0 <5.16.3"),
        ("JVNDB-2023-004315", "cpe:/a:oclc:oaicat", ">=0 <1.5.62"),
        ("JVNDB-2022-000002", "cpe:/a:expresstech:quiz_and_survey_master", ">=0 <7.3.7"),
    ] {
        assert!(
            found.contains(&(id.to_owned(), cpe.to_owned(), expected.to_owned())),
            "{id} {cpe}: {found:#?}"
        );
    }
}

#[test]
fn a_record_about_one_cve_has_it_as_alias_and_one_about_several_carries_them() {
    let Some(feeds) = feeds() else { return };
    let all: Vec<&Advisory> = feeds.values().flatten().collect();
    for advisory in &all {
        assert!(advisory.aliases.len() <= 1 && (advisory.aliases.is_empty() || advisory.upstream.is_empty()));
        assert!(advisory.id.starts_with("JVNDB-") && !advisory.summary.is_empty(), "{advisory:?}");
    }
    let of = |id: &str| {
        all.iter()
            .find(|one| one.id == id && !one.affected.is_empty())
            .or(all.iter().find(|one| one.id == id))
            .unwrap()
    };
    assert_eq!(of("JVNDB-2022-000001").aliases, ["CVE-2021-20877"]);
    assert_eq!(of("JVNDB-2022-000001").related, ["JVN#64806328"]);
    assert_eq!(of("JVNDB-2022-000001").specific["cwe"][0]["id"], "CWE-79");
    assert_eq!(of("JVNDB-2022-000001").published.as_deref(), Some("2022-01-19T12:05:15+09:00"));
    assert_eq!(of("JVNDB-2022-000002").upstream, ["CVE-2022-0180", "CVE-2022-0181", "CVE-2022-0182"]);
    assert!(of("JVNDB-2022-000002").aliases.is_empty());
    let log4j = of("JVNDB-2021-005429");
    let vectors: Vec<&str> = log4j.severities.iter().map(|one| one.score.as_str()).collect();
    assert_eq!(vectors, ["AV:N/AC:M/Au:N/C:C/I:C/A:C", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"]);
    let android = of("JVNDB-2021-018345");
    assert_eq!(android.affected[0].name, Named::Cpe("cpe:/o:google:android".to_owned()));
    let words = Named::Words { maker: "Google".to_owned(), product: "Android".to_owned() };
    assert_eq!(android.affected[0].also, [words]);
}

/// Every version text of the advisories is a range or version, or is named as not understood; the shares are printed.
#[test]
fn every_text_of_the_medical_advisories_is_a_range_or_named_as_not_understood() {
    let Some(files) = common::corpus("icsma-csaf-a.tar.gz") else { return };
    let (mut entries, mut versions, mut open) = (0, 0, 0);
    let mut texts: BTreeMap<String, bool> = BTreeMap::new();
    for (path, bytes) in &files {
        let read = csaf::read_json(bytes).unwrap();
        assert!(read.read.deviations.is_empty(), "{path}: {:?}", read.read.deviations);
        assert!(read.departures.is_some(), "{path}");
        let advisory = read.read.value;
        assert!(advisory.aliases.is_empty() && !advisory.upstream.is_empty(), "{path}");
        assert!(!advisory.affected.is_empty(), "{path}");
        for entry in &advisory.affected {
            entries += 1;
            assert!(!entry.concerns.is_empty(), "{path}");
            assert!(!entry.told.is_empty(), "{path}: {entry:?}");
            for text in &entry.told {
                let told = told::read(text);
                versions += 1;
                open += usize::from(!told.is_whole());
                assert!(!told.is_empty(), "{path}: {text}");
                assert!(told.is_whole() || entry.unread, "{path}: {text}");
                texts.insert(text.clone(), told.is_whole());
            }
        }
    }
    let whole = texts.values().filter(|whole| **whole).count();
    println!("{entries} entries with {versions} texts, {open} of them not understood in whole or part");
    println!(
        "{} distinct texts, {whole} understood, {} named as not understood",
        texts.len(),
        texts.len() - whole
    );
    assert!(versions > 0);
}

#[test]
fn an_advisory_says_which_of_its_vulnerabilities_an_entry_speaks_of() {
    let Some(files) = common::corpus("icsma-csaf-a.tar.gz") else { return };
    let (_, bytes) = files.iter().find(|(path, _)| path.contains("18-107-01")).unwrap();
    let advisory = csaf::read_json(bytes).unwrap().read.value;
    assert_eq!(advisory.id, "ICSMA-18-107-01");
    assert!(advisory.upstream.contains(&"CVE-2017-12712".to_owned()));
    let ellipse = advisory.affected.iter().find(|one| {
        one.name == Named::Words { maker: "Abbott Laboratories".to_owned(), product: "Ellipse".to_owned() }
    });
    let ellipse = ellipse.unwrap();
    assert!(ellipse.unread && ellipse.concerns.contains(&"CVE-2017-12712".to_owned()));
    assert_eq!(ellipse.told, ["distributed  < april 1, 2018"]);
    assert!(!ellipse.severities.is_empty());
}
