//! NVD's and CVE records come from strangers: seeded mutations of sound ones for `SHIRUBE_FUZZ_SECONDS` (default 2) never panic, never take
//! long, and what is read of them can be judged.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod mutation;

use std::time::{Duration, Instant};

use cyber::advisory::{cve, nvd};
use cyber::matching::configuration::judge;
use cyber::matching::{Installed, Surroundings, stated};
use mutation::{Mutation, Random};

const NVD: &str = r#"{"vulnerabilities": [{"cve": {"id": "CVE-2026-1", "lastModified": "2026-01-02T00:00:00.000", "vulnStatus": "Analyzed",
    "metrics": {"cvssMetricV31": [{"cvssData": {"vectorString": "CVSS:3.1/AV:N"}}]}, "configurations": [{"operator": "AND", "negate": false,
    "nodes": [{"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:o:a:fw:*:*:*:*:*:*:*:*",
    "versionStartIncluding": "1.0-rc1", "versionEndExcluding": "2.0(3a)"}, {"vulnerable": true, "criteria": "cpe:2.3:a:b:c*:1.0:beta1:*:*:*:*:*:*"}]},
    {"operator": "AND", "negate": true, "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:h:a:d:-:*:*:*:*:*:*:*"}]}]}]}}]}"#;
const FEED: &str = r#"{"CVE_Items": [{"cve": {"CVE_data_meta": {"ID": "CVE-2020-1"}}, "configurations": {"nodes": [{"operator": "AND", "children": [
    {"operator": "OR", "cpe_match": [{"vulnerable": true, "cpe23Uri": "cpe:2.3:o:a:fw:1.0:*:*:*:*:*:*:*"}]}]}]}}]}"#;
const CVE: &str = r#"{"cveMetadata": {"cveId": "CVE-2026-1", "state": "PUBLISHED"}, "containers": {"cna": {"affected": [{"vendor": "v", "product": "p",
    "collectionURL": "https://pypi.org", "packageName": "a", "cpes": ["cpe:2.3:a:v:p:*:*:*:*:*:*:*:*"], "defaultStatus": "affected", "versions": [
    {"version": "1.0", "lessThan": "3.0", "status": "affected", "versionType": "semver", "changes": [{"at": "2", "status": "unaffected"}]},
    {"version": "5.10", "lessThanOrEqual": "5.10.*", "status": "unknown", "versionType": "rpm"}]}]}, "adp": [{"metrics": [{"other":
    {"type": "ssvc", "content": {"options": [{"Exploitation": "active"}]}}}]}]}}"#;
const MUTATION: Mutation = Mutation {
    marks: &[
        b"{",
        b"[",
        b"\"",
        b"\\",
        b":",
        b"*",
        b"null",
        b"]}",
        b"99999999999999999999",
        b"\xFF",
        b"-",
        b"(",
        b"a",
    ],
    longest: 40,
    cuts_one_in: 8,
};

fn check(kind: usize, bytes: &[u8]) {
    let around = Surroundings::of([("cpe:2.3:h:a:d:-:*:*:*:*:*:*:*", None)], false);
    if kind < 2 {
        for read in nvd::read_all(bytes).flatten() {
            let nodes = read.value.configurations.iter().flat_map(|one| &one.nodes);
            for one in nodes.flat_map(|node| &node.matches).take(20) {
                let product = Installed::of([one.criteria.as_str()], Some("1.5"), None);
                let _ = judge(&read.value.configurations, &product, &around);
            }
        }
    } else {
        for read in cve::read_all(bytes).flatten() {
            let _ = cve::Enrichment::of(&read.value);
            for (entry, version) in read.value.affected.iter().zip(["1.5", "R4.1L1", "5.10.3"]) {
                let _ = stated::judge(entry, None, Some(version));
            }
        }
    }
}

#[test]
fn fuzzed_records_are_read_or_refused_at_once() {
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut random = Random(0xC5E);
    let (mut cases, mut slowest) = (0_u64, Duration::ZERO);
    while Instant::now() < end {
        let kind = random.below(3);
        let bytes = MUTATION.of([NVD, FEED, CVE][kind].as_bytes(), &mut random);
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
    for text in [
        "[".repeat(400_000),
        r#"{"vulnerabilities":["#.repeat(20_000),
        format!(r#"{{"vulnerabilities": [{}"#, r#"{"cve": {"#.repeat(100_000)),
        format!(r#"{{"vulnerabilities": [{}]}}"#, r"{},".repeat(200_000)),
        format!(r#"{{"a": "{}"#, "\\".repeat(1 << 20)),
        format!(r#"{{"cveMetadata": {{"cveId": "CVE-1"}}, "x": {}"#, "[".repeat(400_000)),
    ] {
        for kind in [0, 2] {
            check(kind, text.as_bytes());
        }
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
