#![no_main]

use cyber::advisory::vuldef;
use cyber::document::Limits;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = vuldef::read_all(bytes, &Limits { bytes: 1 << 20, nodes: 100_000, ..Limits::default() });
});
