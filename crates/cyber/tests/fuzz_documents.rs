//! Bills of materials and advisories come from strangers: seeded mutations of sound documents for `SHIRUBE_FUZZ_SECONDS` (default 2)
//! never panic, never take long, and the quick reading agrees with the full one on how many components there are.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod mutation;

use std::time::{Duration, Instant};

use cyber::advisory::osv;
use cyber::document::Limits;
use cyber::sbom;
use cyber::sbom::convert::{Circumstances, Target, convert};
use cyber::sbom::merge::{Part, Product, merge};
use mutation::{Mutation, Random};

const BILLS: [&str; 5] = [
    r#"{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,
        "metadata":{"timestamp":"2026-01-02T03:04:05Z","component":{"type":"device","name":"輸液ポンプ","bom-ref":"a"}},
        "components":[{"type":"library","name":"openssl","version":"3.0.1","bom-ref":"b","purl":"pkg:generic/openssl@3.0.1",
        "components":[{"type":"file","name":"x"}]}],"dependencies":[{"ref":"a","dependsOn":["b"]}]}"#,
    r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><components><component type="library"
        bom-ref="a"><name>a &amp; b</name><version>1</version><purl>pkg:npm/a@1</purl></component></components></bom>"#,
    r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"d","dataLicense":"CC0-1.0","documentNamespace":"https://a.example/d",
        "creationInfo":{"created":"2026-01-02T03:04:05Z","creators":["Tool: t-1"]},"packages":[{"SPDXID":"SPDXRef-a","name":"a",
        "versionInfo":"1","downloadLocation":"NOASSERTION","externalRefs":[{"referenceCategory":"PACKAGE-MANAGER",
        "referenceType":"purl","referenceLocator":"pkg:npm/a@1"}]}],"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT",
        "relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"}]}"#,
    "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: d\nDocumentNamespace: https://a.example/d\n\
        Creator: Tool: t-1\nCreated: 2026-01-02T03:04:05Z\n\nPackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1\n\
        PackageDownloadLocation: NOASSERTION\nPackageComment: <text>two\nlines</text>\n",
    r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1",
        "created":"2026-01-02T03:04:05Z","createdBy":["https://a.example/p"]},{"type":"software_Package","spdxId":"https://a.example/a",
        "creationInfo":"_:c","name":"a","software_packageVersion":"1","software_packageUrl":"pkg:npm/a@1"}]}"#,
];
const OSV_JSON: &str = r#"{"id":"X-1","modified":"2026-01-02T03:04:05Z","aliases":["CVE-2026-1"],"affected":[{"package":
    {"ecosystem":"PyPI","name":"a"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}],"versions":["1"]}]}"#;
const OSV_YAML: &str = "id: X-1\nmodified: 2026-01-02T03:04:05Z\naffected:\n- package: &p\n    name: a\n    ecosystem: PyPI\n  \
    ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: \"0\"\n    - fixed: \"2\"\n";
const MUTATION: Mutation = Mutation {
    marks: &[b"{", b"[", b"\"", b"<", b"</a>", b"null", b"99999999999999999999", b"\xFF", b"\n", b"&a;"],
    longest: 40,
    cuts_one_in: 8,
};

fn check(kind: usize, bytes: &[u8]) {
    let limits = Limits { bytes: 1 << 20, nodes: 100_000, ..Limits::default() };
    match kind {
        0..5 => {
            let full = sbom::read(bytes, &limits);
            let quick = sbom::components(bytes, &limits);
            if let (Ok(full), Ok(quick)) = (&full, &quick) {
                assert_eq!(full.sbom.components.len(), quick.len(), "{}", shown(bytes));
            }
            if let Ok(full) = full {
                let written = sbom::write(&full.document);
                assert!(sbom::read(written.as_bytes(), &limits).is_ok(), "{}", shown(bytes));
                changed(&full, bytes);
            }
        }
        5 => drop(osv::read_json(bytes)),
        _ => drop(osv::read_yaml(bytes)),
    }
}

/// Whatever can be read can be converted to every format and merged, and what comes out can be read.
fn changed(full: &sbom::Reading, bytes: &[u8]) {
    let with = Circumstances::default();
    for (name, target) in Target::ALL {
        let written = sbom::write(&convert(full, target, &with).document);
        let again = sbom::read(written.as_bytes(), &Limits::default());
        assert!(again.is_ok(), "{name} {:?}\n{}\n{written}", again.err(), shown(bytes));
    }
    let parts = [Part { name: "a", reading: full }, Part { name: "b", reading: full }];
    let merged = merge(&parts, &Product { name: "p", version: "1", supplier: None }, &with);
    assert!(sbom::read(merged.document.to_json().as_bytes(), &Limits::default()).is_ok(), "{}", shown(bytes));
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(1500).collect()
}

#[test]
fn fuzzed_documents_are_read_or_refused_at_once() {
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut seeds: Vec<&str> = BILLS.to_vec();
    seeds.extend([OSV_JSON, OSV_YAML]);
    let mut random = Random(0x5EED);
    let (mut cases, mut slowest) = (0_u64, Duration::ZERO);
    while Instant::now() < end {
        let kind = random.below(seeds.len());
        let bytes = MUTATION.of(seeds[kind].as_bytes(), &mut random);
        let start = Instant::now();
        check(kind, &bytes);
        slowest = slowest.max(start.elapsed());
        cases += 1;
    }
    println!("{cases} mutations, the slowest took {slowest:.2?}");
    assert!(cases > 0 && slowest < Duration::from_secs(2), "{slowest:?}");
}

#[test]
fn nesting_and_repetition_without_end_are_refused_at_once() {
    let start = Instant::now();
    for (kind, text) in [
        (0, format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":{}"#, "[".repeat(400_000))),
        (1, format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">{}", "<a>".repeat(200_000))),
        (1, "<!DOCTYPE bom [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><bom>&b;</bom>".to_owned()),
        (2, format!(r#"{{"spdxVersion":"SPDX-2.3","a":"{}"#, "x".repeat(2 << 20))),
        (3, "PackageName: a\n".repeat(60_000)),
        (5, "[".repeat(400_000)),
        (6, format!("a: &a [1]\n{}", "b: [*a, *a, *a, *a]\n".repeat(10_000))),
        (6, "- ".repeat(50_000)),
    ] {
        check(kind, text.as_bytes());
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
