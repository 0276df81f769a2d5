#![no_main]

use cyber::document::Limits;
use cyber::sbom;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { bytes: 1 << 20, nodes: 100_000, ..Limits::default() };
    let quick = sbom::components(bytes, &limits);
    if let Ok(full) = sbom::read(bytes, &limits) {
        if let Ok(quick) = quick {
            assert_eq!(full.sbom.components.len(), quick.len());
        }
        assert!(sbom::read(sbom::write(&full.document).as_bytes(), &limits).is_ok());
    }
});
