#![no_main]

use cyber::document::Limits;
use cyber::vex;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { bytes: 1 << 20, nodes: 100_000, ..Limits::default() };
    let _ = vex::read(bytes, &limits);
});
