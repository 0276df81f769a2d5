//! Finds the kind of arbitrary bytes and unpacks them if they are an archive.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = intake::detect("fuzz", bytes);
    let _ = intake::bytes::unpack("fuzz", bytes.to_vec(), &shirube_fuzz::limits());
});
