#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(checked) = cyber::csaf::check(bytes) {
        for departure in &checked.departures {
            assert!(checked.document.pointer(&departure.place).is_some() || departure.test == "schema");
            assert!(!departure.kind.text().en.is_empty());
        }
    }
});
