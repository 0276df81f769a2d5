#![no_main]

use cyber::version::{Scheme, Version};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for scheme in Scheme::ALL {
        let _ = Version::parse(scheme, text);
    }
});
