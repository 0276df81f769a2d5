//! Finds the kind of arbitrary bytes and unpacks them if they are an archive.
#![no_main]

use intake::{Limits, bytes, detect};

libfuzzer_sys::fuzz_target!(|content: &[u8]| {
    let limits = Limits { file_bytes: 1 << 20, total_bytes: 4 << 20, files: 100, ..Limits::default() };
    let _ = detect("fuzz", content);
    let _ = bytes::unpack("fuzz", content.to_vec(), &limits);
});
