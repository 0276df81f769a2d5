//! What holds for every format: nothing is lost by writing, and the quick reading says the same as the full one.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::time::{Duration, Instant};

use cyber::document::Limits;
use cyber::sbom::{Document, Format, Quick, Reading, components, read, write};

const CORPORA: [&str; 3] =
    ["cyclonedx-corpus-1.2-1.6.tar.gz", "cyclonedx-bom-examples.tar.gz", "spdx-portfolio-260.tar.gz"];

fn documents() -> impl Iterator<Item = (String, Vec<u8>)> {
    let all = CORPORA.iter().filter_map(|archive| common::corpus(archive)).flatten();
    all.filter(|(name, _)| matches!(name.rsplit('.').next(), Some("json" | "xml")))
}

/// Makers are compared apart: the quick reading does not take them of everything.
fn quick_of(reading: &Reading) -> Vec<Quick<'_>> {
    let text = |text: &Option<String>| text.as_deref().map(str::to_owned).map(Into::into);
    let is_read = reading.sbom.format != Format::Spdx3;
    let one = |(at, one): (usize, &cyber::sbom::Component)| Quick {
        makers: Vec::new(),
        is_subject: is_read && reading.sbom.subjects.contains(&at),
        reference: text(&one.reference),
        group: text(&one.group),
        name: one.name.clone().into(),
        version: text(&one.version),
        is_file: one.is_file,
        purls: one.purls.iter().cloned().map(Into::into).collect(),
        cpes: one.cpes.iter().cloned().map(Into::into).collect(),
    };
    reading.sbom.components.iter().enumerate().map(one).collect()
}

#[test]
fn what_is_written_is_what_was_read() {
    let mut count = 0;
    for (name, bytes) in documents() {
        let Ok(first) = read(&bytes, &Limits::default()) else { continue };
        let second = read(write(&first.document).as_bytes(), &Limits::default()).unwrap();
        match (&first.document, &second.document) {
            (Document::Xml(first), Document::Xml(second)) => {
                assert!(same(&first.root, &second.root), "{name}");
            }
            (first, second) => assert_eq!(first, second, "{name}"),
        }
        count += 1;
    }
    println!("{count} documents");
}

/// Lines move, nothing else does.
fn same(one: &cyber::document::xml::Element, other: &cyber::document::xml::Element) -> bool {
    use cyber::document::xml::Child;
    one.tag == other.tag
        && one.namespace == other.namespace
        && one.attributes == other.attributes
        && one.children.len() == other.children.len()
        && one.children.iter().zip(&other.children).all(|pair| match pair {
            (Child::Element(one), Child::Element(other)) => same(one, other),
            (one, other) => one == other,
        })
}

#[test]
fn the_quick_reading_gives_the_components_of_the_full_one() {
    let (mut count, mut bytes_read, mut spent, mut suppliers) = (0, 0, Duration::ZERO, 0);
    for (name, bytes) in documents().filter(|(name, _)| name.rsplit('.').next() == Some("json")) {
        let start = Instant::now();
        let quick = components(&bytes, &Limits::default());
        spent += start.elapsed();
        bytes_read += bytes.len();
        match read(&bytes, &Limits::default()) {
            Ok(full) => {
                let mut quick = quick.unwrap();
                for (at, one) in quick.iter_mut().enumerate() {
                    let makers = std::mem::take(&mut one.makers);
                    let full = &full.sbom.components[at];
                    let told = full.supplier.iter().chain(&full.maker);
                    if one.is_subject {
                        assert!(
                            told.into_iter().all(|told| makers.iter().any(|maker| *maker == told.as_str())),
                            "{name}: {makers:?}"
                        );
                        suppliers += makers.len();
                    }
                }
                assert_eq!(quick, quick_of(&full), "{name}");
            }
            Err(_) => assert!(quick.is_err(), "{name}"),
        }
        count += 1;
    }
    assert!(count == 0 || suppliers > 0);
    println!("{count} documents, {} MB in {spent:?}", bytes_read / 1_000_000);
}
