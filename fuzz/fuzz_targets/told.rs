#![no_main]

use cyber::version::told;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let read = told::read(text);
    for part in &read.not_understood {
        assert!(text.get(part.at.clone()).is_some());
    }
    let _ = read.to_string();
});
