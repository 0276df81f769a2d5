//! Files of a watched portfolio may be damaged: seeded mutations of a sound base file and journal for `SHIRUBE_FUZZ_SECONDS` (default 2)
//! never panic, and what opens answers every question within its bounds. A checksum refuses nearly all of them, so that the base file's
//! are put right after each mutation.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod mutation;

use std::time::{Duration, Instant};

use cyber::advisory::osv;
use cyber::watch::{Base, Entry, Portfolio, Product, Watched, journal, reach};
use mutation::{Mutation, Random};

const ADVISORY: &str = r#"{"id": "T-1", "modified": "m", "affected": [{"package": {"ecosystem": "PyPI", "name": "jam"},
    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2"}]}]}]}"#;
const MUTATION: Mutation = Mutation {
    marks: &[b"\0", b"\xFF", b"\x80", b"\xFF\xFF\xFF\xFF\x0F", b"\x01\0\0\0\0\0\0\0", b"pPyPI\0jam"],
    longest: 24,
    cuts_one_in: 8,
};

fn entries() -> Vec<Entry> {
    let mut portfolio = Portfolio::empty();
    let mut entries = Vec::new();
    for number in 0..9_u32 {
        let bill = vec![
            Watched::purl(format!("pkg:pypi/jam@{}", number % 3)),
            Watched::purl(format!("pkg:npm/a@{number}")),
        ];
        let entry = portfolio.setting(Product::new("m", format!("device {number}"), "1"), bill);
        portfolio.apply(entry.clone());
        entries.push(entry);
    }
    entries.push(Entry::Gone { number: 4 });
    entries
}

#[test]
fn fuzz_watched_portfolios() {
    let sound = entries();
    let mut portfolio = Portfolio::empty();
    for entry in sound.clone() {
        portfolio.apply(entry);
    }
    let base = portfolio.compacted(1);
    let frames: Vec<u8> =
        sound.iter().flat_map(|entry| journal::frame(std::slice::from_ref(entry)).unwrap()).collect();
    let journal = [journal::head(1), frames].concat();
    let advisory = osv::read_json(ADVISORY.as_bytes()).unwrap().value;
    let seconds = std::env::var("SHIRUBE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut random = Random(0x00C0_FFEE);
    let mut opened = 0;
    while Instant::now() < until {
        let mut broken = MUTATION.of(&base, &mut random);
        mend(&mut broken);
        if let Ok(base) = Base::open(broken) {
            opened += 1;
            let mut portfolio = Portfolio::over(base);
            if portfolio.numbers() > 10_000 || portfolio.places() > 10_000 {
                continue;
            }
            let _ = reach(&portfolio, &advisory);
            let numbers: Vec<u32> = portfolio.products().map(|(number, _)| number).collect();
            for number in numbers {
                drop(portfolio.contents(number));
            }
            portfolio.apply(Entry::Gone { number: 2 });
            assert!(Base::open(portfolio.compacted(2)).is_ok(), "what opens can be rewritten");
        }
        if let Ok(read) = journal::read(&MUTATION.of(&journal, &mut random)) {
            assert!(read.entries.len() <= sound.len() * 8);
        }
    }
    assert!(opened > 0, "mended files reach what lies behind the checksums");
}

/// Makes every checksum fit what it stands for (`watch/rows.rs`).
fn mend(file: &mut [u8]) {
    const FIXED: usize = 24;
    const ENTRY: usize = 20;
    let number = |file: &[u8], at: usize| {
        file.get(at..at + 8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap()))
    };
    for at in (0..6).map(|section| FIXED + section * ENTRY) {
        let (Some(start), Some(length)) = (number(file, at), number(file, at + 8)) else { return };
        let (Ok(start), Ok(length)) = (usize::try_from(start), usize::try_from(length)) else { continue };
        let Some(content) = start.checked_add(length).and_then(|end| file.get(start..end)) else { continue };
        let checksum = crc32fast::hash(content).to_le_bytes();
        if let Some(slot) = file.get_mut(at + 16..at + 20) {
            slot.copy_from_slice(&checksum);
        }
    }
    if file.len() >= FIXED + 6 * ENTRY {
        let header = [&file[..20], &file[FIXED..FIXED + 6 * ENTRY]].concat();
        let checksum = crc32fast::hash(&header).to_le_bytes();
        file[20..24].copy_from_slice(&checksum);
    }
}
