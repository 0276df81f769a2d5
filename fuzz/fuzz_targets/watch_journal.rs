#![no_main]

use cyber::watch::{Entry, Portfolio, journal};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = journal::read(bytes) {
        let mut portfolio = Portfolio::empty();
        for entry in read.entries {
            let small = match &entry {
                Entry::Set { number, .. } | Entry::Gone { number } => *number < 10_000,
                _ => true,
            };
            if small {
                portfolio.apply(entry);
            }
        }
        let _ = portfolio.compacted(1);
    }
});
