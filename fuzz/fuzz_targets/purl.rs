#![no_main]

use cyber::name::purl::Purl;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(purl) = Purl::parse_lenient(text) {
        let written = purl.to_string();
        assert!(written.len() > 8192 || Purl::parse_lenient(&written).as_ref() == Ok(&purl));
    }
});
