#![no_main]

use cyber::advisory::source;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some(format) = source::detect(bytes) else { return };
    for piece in source::pieces(format, bytes).into_iter().flatten() {
        let _ = source::read(format, piece);
    }
});
