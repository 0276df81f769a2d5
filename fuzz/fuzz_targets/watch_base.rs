#![no_main]

use cyber::watch::{Base, Portfolio};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(base) = Base::open(bytes.to_vec()) {
        let portfolio = Portfolio::over(base);
        if portfolio.numbers() < 10_000 && portfolio.places() < 10_000 {
            assert!(Base::open(portfolio.compacted(1)).is_ok());
        }
    }
});
