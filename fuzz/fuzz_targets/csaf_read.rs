#![no_main]

use cyber::advisory::csaf;
use cyber::matching::device::{Words, worded};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(advisory) = csaf::read_json(bytes) {
        for entry in &advisory.read.value.affected {
            let _: Vec<_> = worded(entry).map(|(maker, product)| Words::of(maker, product)).collect();
        }
    }
});
