//! Files made to hurt, on the command line: each gets an answer at once, and what was there before is there still.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use support::Bench;

const BILL: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    "components": [{"type": "library", "name": "jelly", "version": "1.4", "purl": "pkg:pypi/jelly@1.4"}]}"#;
const ADVISORY: &str = r#"{"id": "TEST-1", "modified": "2026-05-01T00:00:00Z", "affected": [{"package":
    {"name": "jelly", "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}"#;

fn bench() -> Bench {
    let bench = Bench::new();
    std::fs::write(bench.path("good.json"), BILL).unwrap();
    std::fs::write(bench.path("advisory.json"), ADVISORY).unwrap();
    bench.ok(&["vulns", "update", "advisory.json", "--into", "index"]);
    bench
}

/// The files in the folder, by name.
fn lying_there(bench: &Bench) -> Vec<String> {
    let entries = std::fs::read_dir(bench.folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|one| one.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Every command that reads bills refuses one, says why, and writes nothing.
fn refused(bench: &Bench, file: &str, why: &str) {
    std::fs::write(bench.path("out.json"), "what was there").unwrap();
    let before = lying_there(bench);
    for arguments in [
        &["sbom", "check", file][..],
        &["sbom", "diff", "good.json", file],
        &["sbom", "convert", file, "--to", "spdx-2.3", "--out", "out.json"],
        &["sbom", "merge", "good.json", file, "--name", "p", "--version", "1", "--out", "out.json"],
        &["cyber", "scan", file, "--vulns", "index"],
    ] {
        let start = Instant::now();
        let said = bench.fails(arguments);
        assert!(said.contains(file) && said.contains(why), "{arguments:?}: {said}");
        assert!(start.elapsed() < Duration::from_secs(20), "{arguments:?}: {:?}", start.elapsed());
    }
    assert_eq!(std::fs::read_to_string(bench.path("out.json")).unwrap(), "what was there");
    assert_eq!(lying_there(bench), before);
}

#[test]
fn a_bill_of_a_gigabyte_is_refused_before_it_is_read() {
    let bench = bench();
    // A hole takes no room on the disk.
    std::fs::File::create(bench.path("large.json")).unwrap().set_len(1 << 30).unwrap();
    refused(&bench, "large.json", "1073741824 bytes, more than the 268435456");
}

#[test]
fn broken_bills_are_refused_and_nothing_is_written() {
    let bench = bench();
    let laughs = "<!DOCTYPE bom [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><bom>&b;</bom>";
    for (file, content, why) in [
        ("cut.json", &BILL.as_bytes()[..BILL.len() - 9], "cannot be read as JSON"),
        ("deep.json", "[".repeat(1 << 20).as_bytes(), "nested deeper"),
        ("laughs.xml", laughs.as_bytes(), "DTD"),
        ("other.json", b"{\"a\": 1}", "no SBOM"),
        ("bytes.json", b"\xFF\xFE\x00\xD8\x00\xD8", "UTF-16"),
        ("empty.json", b"", "empty"),
    ] {
        std::fs::write(bench.path(file), content).unwrap();
        refused(&bench, file, why);
    }
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn tarred(name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(content.len() as u64);
    archive.append_data(&mut header, name, content).unwrap();
    archive.into_inner().unwrap()
}

#[test]
fn archives_that_lie_leave_the_index_as_it_is() {
    let bench = bench();
    let index = std::fs::read(bench.path("index")).unwrap();
    let mut lying = tarred("a.json", ADVISORY.as_bytes());
    lying[124..135].copy_from_slice(b"77777777777");
    // The sum of a header counts its own eight bytes as blanks.
    lying[148..156].fill(b' ');
    let sum: u32 = lying[..512].iter().map(|byte| u32::from(*byte)).sum();
    lying[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let whole = gzipped(&tarred("a.json", ADVISORY.as_bytes()));
    let bomb = gzipped(&vec![b' '; 64 << 20]);
    let twice = gzipped(&gzipped(&vec![b' '; 64 << 20]));
    for (file, content, why) in [
        ("bomb.json.gz", bomb.as_slice(), "bomb"),
        ("twice.json.gz.gz", twice.as_slice(), "bomb"),
        ("lying.tar", lying.as_slice(), "more than the"),
        ("cut.tar.gz", &whole[..whole.len() / 2], "cut.tar"),
        ("cut.zip", b"PK\x03\x04", "cut.zip"),
        ("nothing.json", b"{}", "no vulnerability data"),
    ] {
        std::fs::write(bench.path(file), content).unwrap();
        let before = lying_there(&bench);
        let start = Instant::now();
        let said = bench.fails(&["vulns", "update", "advisory.json", file, "--into", "index"]);
        assert!(said.contains(why), "{file}: {said}");
        assert!(start.elapsed() < Duration::from_secs(20), "{file}: {:?}", start.elapsed());
        assert_eq!(std::fs::read(bench.path("index")).unwrap(), index, "{file}");
        assert_eq!(lying_there(&bench), before, "{file}");
    }
}
