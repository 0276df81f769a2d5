#![no_main]

use cyber::name::cpe::Cpe;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(name) = Cpe::parse(text) {
        assert_eq!(Cpe::parse(&name.to_string()).as_ref(), Ok(&name));
        let _ = (name.to_wfn(), name.to_uri(), name.relation(&name));
    }
});
