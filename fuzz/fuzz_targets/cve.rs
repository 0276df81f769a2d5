#![no_main]

use cyber::advisory::cve;
use cyber::matching::stated;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for read in cve::read_all(bytes).flatten() {
        for entry in &read.value.affected {
            for version in ["1.0", "5.10.3", "R4.1L1", ""] {
                let _ = stated::judge(entry, None, Some(version));
            }
        }
    }
});
