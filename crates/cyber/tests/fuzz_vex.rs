//! Statements come from strangers: seeded mutations of sound documents for `SHIRUBE_FUZZ_SECONDS` (default 2) are read or refused at once,
//! applied without harm, and what can be written of them is read back.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod mutation;

use std::time::{Duration, Instant};

use cyber::document::Limits;
use cyber::sbom;
use cyber::severity::rubric;
use cyber::vex::{Bill, Format, Head, Subject, apply, read, write};
use mutation::{Mutation, Random};

const BILL: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,
    "metadata":{"component":{"type":"device","name":"Pump","version":"3.0","bom-ref":"p"}},"components":[{"type":"library","name":"jam",
    "version":"0.9","bom-ref":"j","purl":"pkg:pypi/jam@0.9","cpe":"cpe:2.3:a:acme:jam:0.9:*:*:*:*:*:*:*"}],"dependencies":[{"ref":"p",
    "dependsOn":["j"]}]}"#;
const SEEDS: [&str; 5] = [
    r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://a.example/1","author":"A","timestamp":"2026-01-02T03:04:05Z","version":1,
        "statements":[{"vulnerability":{"name":"CVE-1"},"products":[{"@id":"pkg:generic/pump@3.0","subcomponents":[{"@id":"pkg:pypi/jam@0.9"}]},
        {"identifiers":{"cpe23":"cpe:2.3:a:acme:jam:*:*:*:*:*:*:*:*"}}],"status":"not_affected","impact_statement":"no"}]}"#,
    r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"vulnerabilities":[{"id":"CVE-1","analysis":{"state":"resolved"},"affects":
        [{"ref":"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#j","versions":[{"range":"vers:pypi/>=0.1|<1","status":"unaffected"}]}]}]}"#,
    r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><vulnerabilities><vulnerability><id>CVE-1</id>
        <analysis><state>in_triage</state></analysis><affects><target><ref>j</ref></target></affects></vulnerability></vulnerabilities></bom>"#,
    r#"{"document":{"category":"csaf_vex","csaf_version":"2.0","publisher":{"category":"vendor","name":"A","namespace":"https://a.example"},
        "title":"T","tracking":{"current_release_date":"2026-01-02T03:04:05Z","id":"1","version":"1"}},"product_tree":{"branches":[{"category":
        "vendor","name":"v","product":{"name":"Pump","product_id":"P"}}],"relationships":[{"category":"default_component_of",
        "product_reference":"P","relates_to_product_reference":"R","full_product_name":{"name":"n","product_id":"R"}}]},"vulnerabilities":
        [{"cve":"CVE-2026-0001","flags":[{"label":"component_not_present","product_ids":["R"]}],"product_status":{"known_not_affected":["R","P"]}}]}"#,
    "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H/XAVN:Y/XAVT:Y/XACL:Y/XPRL:N/XUI:N/XS:N/XCP:U",
];
const MUTATION: Mutation = Mutation {
    marks: &[
        b"{",
        b"[",
        b"\"",
        b"<",
        b"null",
        b"99999999999999999999",
        b"\xFF",
        b"pkg:",
        b"urn:cdx:",
        b"%2",
        b"vers:",
        b"/X",
    ],
    longest: 40,
    cuts_one_in: 8,
};

struct Fixture {
    bill: Bill,
    subjects: Vec<Subject>,
    limits: Limits,
}

impl Fixture {
    fn new() -> Self {
        let reading = sbom::read(BILL.as_bytes(), &Limits::default()).unwrap();
        let subject = |id: &str| Subject { advisory: id.to_owned(), aliases: Vec::new(), part: 1 };
        Fixture {
            bill: Bill::of(&reading.sbom),
            subjects: vec![subject("CVE-1"), subject("CVE-2026-0001")],
            limits: Limits { bytes: 1 << 20, nodes: 100_000, ..Limits::default() },
        }
    }

    fn check(&self, bytes: &[u8]) {
        if let Ok(text) = std::str::from_utf8(bytes) {
            let _ = rubric::read(text);
        }
        let Ok(reading) = read(bytes, &self.limits) else { return };
        let application = apply(&self.bill, &self.subjects, &[&reading.document], &[]);
        assert_eq!(application.stated.len(), self.subjects.len());
        for format in [Format::CycloneDx, Format::OpenVex, Format::Csaf] {
            let head = Head {
                id: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".to_owned(),
                author: "A".to_owned(),
                namespace: Some("https://a.example".to_owned()),
                title: "T".to_owned(),
                timestamp: "2026-01-02T03:04:05Z".to_owned(),
                earlier: Vec::new(),
            };
            if let Ok(written) = write(format, &head, &reading.document.statements) {
                assert!(read(written.text.as_bytes(), &Limits::default()).is_ok(), "{}", written.text);
            }
        }
    }
}

#[test]
fn fuzzed_statements_are_read_or_refused_at_once() {
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let fixture = Fixture::new();
    let mut random = Random(0x5EED);
    let (mut cases, mut slowest) = (0_u64, Duration::ZERO);
    for seed in SEEDS {
        fixture.check(seed.as_bytes());
    }
    while Instant::now() < end {
        let bytes = MUTATION.of(SEEDS[random.below(SEEDS.len())].as_bytes(), &mut random);
        let start = Instant::now();
        fixture.check(&bytes);
        slowest = slowest.max(start.elapsed());
        cases += 1;
    }
    println!("{cases} mutations, the slowest took {slowest:.2?}");
    assert!(cases > 0 && slowest < Duration::from_secs(2), "{slowest:?}");
}

#[test]
fn many_statements_on_one_finding_and_circles_end_soon() {
    let fixture = Fixture::new();
    let start = Instant::now();
    let statement =
        r#"{"vulnerability":{"name":"CVE-1"},"products":[{"@id":"pkg:pypi/jam"}],"status":"fixed"}"#;
    let many = vec![statement; 20_000].join(",");
    let text = format!(
        r#"{{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://a.example/1","author":"A","timestamp":"2026-01-02T03:04:05Z","version":1,
            "statements":[{many}]}}"#
    );
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    let application = apply(&fixture.bill, &fixture.subjects, &[&reading.document], &[]);
    assert_eq!(application.stated[0].by.len(), 20_000);
    let mut bill = fixture.bill.clone();
    bill.within = (0..2).flat_map(|from| (0..2).map(move |to| (from, to))).collect();
    apply(&bill, &fixture.subjects, &[&reading.document], &[]);
    let flags = vec![r#"{"label":"component_not_present","group_ids":["G"]}"#; 5_000].join(",");
    let products: Vec<String> = (0..5_000).map(|number| format!("\"P{number}\"")).collect();
    let products = products.join(",");
    let csaf = format!(
        r#"{{"document":{{"csaf_version":"2.0"}},"product_tree":{{"product_groups":[{{"group_id":"G","product_ids":[{products}]}}]}},
            "vulnerabilities":[{{"flags":[{flags}],"product_status":{{"known_not_affected":[{products}]}}}}]}}"#
    );
    fixture.check(csaf.as_bytes());
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
