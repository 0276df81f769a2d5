//! Reads arbitrary bytes as one kind of file: no panic, no unbounded time or memory.
#![no_main]

use intake::{Input, Kind, Limits, read_inputs};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { file_bytes: 1 << 20, total_bytes: 4 << 20, rows: 10_000, ..Limits::default() };
    let input = Input { name: "fuzz".to_owned(), bytes: bytes.to_vec() };
    read_inputs(vec![input], Some(Kind::FollowUpText), &limits, None);
});
