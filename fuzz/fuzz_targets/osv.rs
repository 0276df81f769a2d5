#![no_main]

use cyber::advisory::osv;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = osv::read_json(bytes);
    let _ = osv::read_yaml(bytes);
});
