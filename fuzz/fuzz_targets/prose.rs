#![no_main]

use cyber::advisory::prose;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = prose::read(text);
});
