//! Devices and advisories that name products in words: a table of pairs, worked out by hand, and the real advisories.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use cyber::advisory::{Advisory, Affected, Named, csaf};
use cyber::matching::device::{Likeness, Words, suggest, worded};
use cyber::matching::{Basis, Device, Verdict};

fn device(line: &str) -> Device {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let model = parts.get(2).filter(|model| !model.is_empty()).map(|model| (*model).to_owned());
    Device { maker: parts[0].to_owned(), product: parts[1].to_owned(), model, ..Device::default() }
}

fn entry(maker: &str, product: &str) -> Affected {
    Affected::of(Named::Words { maker: maker.to_owned(), product: product.to_owned() })
}

fn kind(likeness: &Likeness) -> &'static str {
    match likeness {
        Likeness::Same => "Same",
        Likeness::Spelling(_) => "Spelling",
        Likeness::Narrower { .. } => "Narrower",
        Likeness::Wider { .. } => "Wider",
    }
}

#[test]
fn a_device_is_suggested_where_a_person_would_suggest_it_and_nowhere_else() {
    let mut wrong = Vec::new();
    for line in include_str!("truth/devices.txt").lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" => ").collect();
        let [ours, theirs, expected] = parts[..] else { panic!("{line}") };
        let (maker, product) = theirs.split_once('|').unwrap();
        let found = suggest(&device(ours), &Advisory::default(), &entry(maker.trim(), product.trim()));
        let found = match found.map(|one| one.basis) {
            None => "no".to_owned(),
            Some(Basis::Words { maker, product, .. })
                if product == Likeness::Same && maker != Likeness::Same =>
            {
                format!("{} maker", kind(&maker))
            }
            Some(Basis::Words { product, .. }) => kind(&product).to_owned(),
            Some(Basis::Cpe { .. }) => "stated".to_owned(),
        };
        if found != expected {
            wrong.push(format!("{line}\n    found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} pairs:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_cpe_name_of_the_same_part_is_stated_and_words_are_not_asked() {
    let mut ours = device("Somebody | Something |");
    ours.cpes.push("cpe:2.3:h:philips:xcelera:*:*:*:*:*:*:*:*".to_owned());
    ours.version = Some("4".to_owned());
    let mut theirs = Affected::of(Named::Cpe("cpe:/h:philips:xcelera".to_owned()));
    assert!(suggest(&ours, &Advisory::default(), &theirs).unwrap().basis.is_stated());
    theirs.name = Named::Cpe("cpe:/a:philips:xcelera".to_owned());
    assert_eq!(suggest(&ours, &Advisory::default(), &theirs), None, "the part differs");
}

#[test]
fn every_product_that_advisories_name_is_found_by_its_own_words() {
    let Some(files) = common::corpus("icsma-csaf-a.tar.gz") else { return };
    let mut seen = 0;
    for (path, bytes) in &files {
        for entry in csaf::read_json(bytes).unwrap().read.value.affected {
            for (maker, product) in worded(&entry) {
                let words = Words::of(maker, product);
                let basis = words.compare(&words);
                let same = matches!(basis, Some(Basis::Words { product: Likeness::Same, .. }));
                assert!(same, "{path}: {maker} | {product}: {basis:?}");
                seen += 1;
            }
        }
    }
    println!("{seen} names");
}

/// The versions of a device against what real advisories tell, worked out by hand.
#[test]
fn the_version_decides_or_is_said_to_be_open() {
    let Some(files) = common::corpus("icsma-csaf-a.tar.gz") else { return };
    let of = |name: &str| {
        let (_, bytes) = files.iter().find(|(path, _)| path.contains(name)).unwrap();
        csaf::read_json(bytes).unwrap().read.value
    };
    let asked = |file: &str, line: &str, version: Option<&str>| {
        let (advisory, mut device) = (of(file), device(line));
        device.version = version.map(str::to_owned);
        let found: Vec<Verdict> = advisory
            .affected
            .iter()
            .filter_map(|one| suggest(&device, &advisory, one))
            .map(|one| one.verdict)
            .collect();
        assert!(!found.is_empty(), "{file} {line}");
        match found.iter().find(|one| matches!(one, Verdict::Affected(_))) {
            Some(_) => "affected".to_owned(),
            None => match found.iter().find_map(|one| match one {
                Verdict::Undetermined(reason) => Some(reason),
                _ => None,
            }) {
                Some(reason) => format!("{reason:?}"),
                None => "not".to_owned(),
            },
        }
    };
    for (file, line, version, expected) in [
        ("18-025-01", "Philips | IntelliSpace Cardiovascular |", Some("2.3.0"), "affected"),
        ("18-025-01", "Philips | IntelliSpace Cardiovascular |", Some("2.4"), "not"),
        ("18-025-01", "Philips | IntelliSpace Cardiovascular |", None, "NoVersion"),
        ("17-318-01", "Philips | Xcelera |", Some("R4.1L1"), "affected"),
        ("17-318-01", "Philips | Xcelera |", Some("R4.1"), "OrderUnknown"),
        ("17-318-01", "Philips | Xcelera |", Some("R4.2"), "not"),
        ("17-318-01", "Philips | Xcelera |", Some("4.2"), "OrderUnknown"),
        ("17-017-02", "BD | Alaris PC Unit | 8015", Some("9.5"), "affected"),
        ("18-107-01", "Abbott | Ellipse |", Some("1.0"), "PartUnread"),
        ("18-277-01", "Carestream | RIS Client Builds |", Some("11.1"), "SurroundingsUnknown"),
        ("18-277-01", "Carestream | RIS Client Builds |", Some("11.3"), "not"),
        ("23-047-01", "BD | Alaris Infusion Central |", Some("1.2"), "affected"),
        ("23-047-01", "BD | Alaris Infusion Central |", Some("1.0"), "not"),
        ("21-187-01", "Philips | Vue PACS |", Some("12.2.8.1"), "affected"),
        ("21-187-01", "Philips | Vue PACS |", Some("12.3"), "not"),
        ("24-249-01", "Baxter | Connex Health Portal |", Some("1.0"), "PartUnread"),
    ] {
        assert_eq!(asked(file, line, version), expected, "{file} {line} {version:?}");
    }
}
