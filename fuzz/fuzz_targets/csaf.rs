#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(checked) = cyber::csaf::check(bytes) {
        for departure in &checked.departures {
            // A member that is missing, or stands twice, is told by the reader that keeps both.
            let of_shape = matches!(departure.test, "schema" | "6.1.46" | "6.1.60.1");
            assert!(checked.document.pointer(&departure.place).is_some() || of_shape);
            assert!(!departure.kind.text().en.is_empty());
        }
        for warning in &checked.warnings {
            assert!(checked.document.pointer(&warning.place).is_some() && !warning.kind.text().en.is_empty());
        }
    }
});
