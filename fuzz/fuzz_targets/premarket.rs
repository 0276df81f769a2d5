#![no_main]

use cyber::premarket::{Product, Sealed};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Product::read(bytes);
    if let Ok(sealed) = Sealed::read(bytes) {
        let again = sealed.to_json().unwrap();
        assert_eq!(Sealed::read(again.as_bytes()).unwrap(), sealed);
    }
});
