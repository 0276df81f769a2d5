#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| shirube_fuzz::read_as(intake::Kind::RsCsv, bytes));
