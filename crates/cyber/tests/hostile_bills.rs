//! Bills made to hurt: nothing but one thing many times over, circles, what is given nowhere or twice, wrong encodings, cut ends. Each is
//! read or refused, compared, converted and merged within bounded time, and what comes out can be read.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::time::{Duration, Instant};

use cyber::document::{Limits, ReadError};
use cyber::sbom::convert::{Circumstances, Target, convert};
use cyber::sbom::merge::{Part, Product, merge};
use cyber::sbom::{difference, read, write};

/// A machine that is busy needs a few seconds in a debug build; what grows with the square of the number needs far more.
const BOUND: Duration = Duration::from_secs(30);
const MANY: usize = 6_000;

fn joined(one: impl Fn(usize) -> String) -> String {
    (0..MANY).map(one).collect::<Vec<_>>().join(",")
}

fn cyclonedx(members: &str) -> String {
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,{members}}}"#)
}

fn component(reference: &str, more: &str) -> String {
    format!(r#"{{"type":"library","bom-ref":"{reference}","name":"a","version":"1"{more}}}"#)
}

fn spdx(members: &str) -> String {
    let packages =
        joined(|n| format!(r#"{{"SPDXID":"SPDXRef-{n}","name":"n","downloadLocation":"NOASSERTION"}}"#));
    format!(
        r#"{{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","name":"n","dataLicense":"CC0-1.0",
        "documentNamespace":"https://example.org/n","creationInfo":{{"created":"2026-01-01T00:00:00Z",
        "creators":["Tool: t"]}},"packages":[{packages}],{members}}}"#
    )
}

fn tie(from: usize, kind: &str, to: usize) -> String {
    format!(
        r#"{{"spdxElementId":"SPDXRef-{from}","relationshipType":"{kind}","relatedSpdxElement":"SPDXRef-{to}"}}"#
    )
}

#[test]
fn one_thing_many_times_over_takes_no_longer_than_other_bills() {
    let named = |n: usize| format!(r#","licenses":[{{"license":{{"name":"{}{n}"}}}}]"#, "long ".repeat(20));
    let bills = [
        (
            "one reference for all",
            cyclonedx(&format!(r#""components":[{}]"#, joined(|_| component("x", "")))),
        ),
        (
            "references as they are made here",
            cyclonedx(&format!(
                r#""components":[{}]"#,
                joined(|n| component(&if n % 2 == 0 { "x".to_owned() } else { format!("x-{n}") }, ""))
            )),
        ),
        ("members that nobody knows", cyclonedx(&joined(|n| format!(r#""k{n}":1"#)))),
        ("one member", cyclonedx(&joined(|_| r#""k":1"#.to_owned()))),
        (
            "licences in words",
            cyclonedx(&format!(r#""components":[{}]"#, joined(|n| component(&n.to_string(), &named(n))))),
        ),
        (
            "a circle",
            cyclonedx(&format!(
                r#""components":[{}],"dependencies":[{}]"#,
                joined(|n| component(&n.to_string(), "")),
                joined(|n| format!(r#"{{"ref":"{n}","dependsOn":["{}"]}}"#, (n + 1) % MANY))
            )),
        ),
        (
            "references given nowhere",
            cyclonedx(&format!(
                r#""dependencies":[{}]"#,
                joined(|n| format!(r#"{{"ref":"{n}","dependsOn":["-{n}"]}}"#))
            )),
        ),
        (
            "each contains the next",
            spdx(&format!(r#""relationships":[{}]"#, joined(|n| tie(n, "CONTAINS", (n + 1) % MANY)))),
        ),
        (
            "each depends on itself",
            spdx(&format!(r#""relationships":[{}]"#, joined(|n| tie(n, "DEPENDS_ON", n)))),
        ),
        (
            "licences explained",
            spdx(&format!(
                r#""hasExtractedLicensingInfos":[{}]"#,
                joined(|n| format!(r#"{{"licenseId":"LicenseRef-{n}","name":"l{n}","extractedText":"t"}}"#))
            )),
        ),
    ];
    for (what, text) in bills {
        let start = Instant::now();
        let reading = read(text.as_bytes(), &Limits::default()).unwrap();
        for target in ["cyclonedx-1.4-xml", "spdx-2.2", "spdx-3.0"] {
            let conversion = convert(&reading, Target::named(target).unwrap(), &Circumstances::default());
            let again = read(write(&conversion.document).as_bytes(), &Limits::default());
            assert!(again.is_ok(), "{what} → {target}: {:?}", again.err());
        }
        let parts = [Part { name: "a", reading: &reading }, Part { name: "b", reading: &reading }];
        let merged =
            merge(&parts, &Product { name: "p", version: "1", supplier: None }, &Circumstances::default());
        assert!(read(merged.document.to_json().as_bytes(), &Limits::default()).is_ok(), "{what}");
        assert!(difference(&reading.sbom, &reading.sbom).changes.is_empty(), "{what}");
        println!("{what}: {:.2?}", start.elapsed());
        assert!(start.elapsed() < BOUND, "{what}: {:?}", start.elapsed());
    }
}

#[test]
fn wrong_encodings_and_cut_ends_are_named() {
    let bill = cyclonedx(r#""components":[{"type":"device","name":"輸液ポンプ"}]"#);
    let utf16 = |mark: bool, of: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let mark = mark.then_some(0xFEFF_u16);
        mark.into_iter().chain(bill.encode_utf16()).flat_map(of).collect()
    };
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let name =
            |bytes: &[u8]| read(bytes, &Limits::default()).map(|one| one.sbom.components[0].name.clone());
        assert_eq!(name(&utf16(true, order)).unwrap(), "輸液ポンプ");
        let hint = |bytes: &[u8]| match name(bytes) {
            Err(ReadError::Encoding { hint, .. }) => hint,
            other => panic!("{other:?}"),
        };
        let mut cut = utf16(true, order);
        cut.pop();
        assert!(hint(&cut).contains("cut off"));
        assert!(hint(&utf16(false, order)).contains("without a mark"));
    }
    // Windows-31J for 輸液.
    let japanese = bill.replace("輸液ポンプ", "\u{1}").into_bytes();
    let at = japanese.iter().position(|byte| *byte == 1).unwrap();
    let shift_jis = [&japanese[..at], &b"\x97\x41\x89\x74"[..], &japanese[at + 1..]].concat();
    let error = read(&shift_jis, &Limits::default()).unwrap_err().to_string();
    assert!(error.contains("Shift_JIS") && error.contains(&format!("byte {at}")), "{error}");
    // Wherever a bill is cut, it is refused as a whole.
    for end in 0..bill.len() {
        assert!(read(&bill.as_bytes()[..end], &Limits::default()).is_err(), "cut at {end}");
    }
    let xml = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components/></bom>"#;
    for end in 0..xml.len() {
        assert!(read(&xml.as_bytes()[..end], &Limits::default()).is_err(), "cut at {end}");
    }
}
