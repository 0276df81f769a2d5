//! Readers never panic and never differ from themselves: property tests on arbitrary bytes, and seeded mutations of
//! sound files for `SHIRUBE_FUZZ_SECONDS` (default 5). `fuzz/` holds the same readers as cargo-fuzz targets.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::time::{Duration, Instant};

use common::made_up;
use intake::csv_table::Table;
use intake::{Input, Intake, Kind, Limits, detect, read_inputs, text};
use proptest::prelude::*;

/// Small bounds, so that a case that would run long shows as one that takes long here.
fn limits() -> Limits {
    Limits {
        file_bytes: 1 << 20,
        total_bytes: 4 << 20,
        rows: 10_000,
        cell_bytes: 1 << 16,
        ..Limits::default()
    }
}

fn read_as(kind: Kind, bytes: &[u8]) -> Intake {
    let input = Input { name: "x".to_owned(), bytes: bytes.to_vec() };
    read_inputs(vec![input], Some(kind), &limits(), None)
}

const OWN_KINDS: [Kind; 3] = [Kind::RsCsv, Kind::Judgit, Kind::StratMl];

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = detect("x", &bytes);
        for kind in OWN_KINDS {
            read_as(kind, &bytes);
        }
        let _ = intake::bytes::unpack("x", [b"PK\x03\x04".as_slice(), &bytes].concat(), &limits());
    }

    #[test]
    fn a_table_is_read_back_as_it_was_written(rows in proptest::collection::vec(proptest::collection::vec("[a-zあ-ん,\"\n 　]{0,12}", 3), 1..8)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["p", "q", "r"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let written = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let table = Table::parse("x", &written, &limits()).unwrap();
        let read: Vec<Vec<String>> = (0..table.rows()).map(|row| (0..3).map(|column| table.cell(row, column).into_owned()).collect()).collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn text_survives_every_encoding(content in "[a-zA-Z0-9、。あ-んア-ン一-龠\n]{1,80}") {
        let expected = content.clone();
        let utf16: Vec<u8> = [0xFE, 0xFF].into_iter().chain(content.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        prop_assert_eq!(text::decode("x", &utf16).unwrap(), expected.as_str());
        let (cp932, _, lost) = encoding_rs::SHIFT_JIS.encode(&content);
        if !lost {
            prop_assert_eq!(text::decode("x", &cp932).unwrap(), expected.as_str());
        }
    }
}

#[test]
fn mutations_of_sound_files_never_panic_and_are_read_the_same_twice() {
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut seeds: Vec<(Kind, Vec<u8>)> =
        made_up::rs_files().into_iter().map(|file| (Kind::RsCsv, file.bytes)).collect();
    seeds.push((Kind::Judgit, made_up::judgit().bytes));
    seeds.push((Kind::StratMl, made_up::stratml().bytes));
    let mut random = Random(0x5EED);
    let (mut cases, mut slowest) = (0_u64, Duration::ZERO);
    while Instant::now() < end {
        let (kind, seed) = &seeds[random.below(seeds.len())];
        let bytes = mutate(seed, &mut random);
        let start = Instant::now();
        let once = read_as(*kind, &bytes);
        slowest = slowest.max(start.elapsed());
        assert_eq!(once, read_as(*kind, &bytes), "case {cases}");
        cases += 1;
    }
    println!("{cases} mutations, the slowest took {slowest:.2?}");
    assert!(cases > 0 && slowest < Duration::from_secs(2), "{slowest:?}");
}

/// Flips, cuts, repeats and swaps pieces, as damage and malice do.
fn mutate(seed: &[u8], random: &mut Random) -> Vec<u8> {
    const MARKS: [&[u8]; 12] =
        [b"\"", b",", b"\r\n", b"<", b">", b"&", b"{", b"[", b"99999999999999999999", b"\x81", b"\xFF", b"-"];
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(6) {
        let at = random.below(bytes.len() + 1);
        let to = (at + random.below(40)).min(bytes.len());
        match random.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..to)),
            2 => drop(bytes.splice(at..at, bytes[at..to].to_vec())),
            3 => drop(bytes.splice(at..at, MARKS[random.below(MARKS.len())].iter().copied())),
            4 => bytes.truncate(at),
            _ => bytes[at..to].reverse(),
        }
    }
    bytes
}

/// A small generator of its own, so that a failing case comes again.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}
