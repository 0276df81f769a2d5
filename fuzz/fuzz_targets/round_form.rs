#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = intake::round_form::read(bytes, "fuzz", &shirube_fuzz::limits());
});
