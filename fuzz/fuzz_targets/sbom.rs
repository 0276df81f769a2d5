#![no_main]

use cyber::document::Limits;
use cyber::sbom;
use cyber::sbom::convert::{Circumstances, Target, convert};
use cyber::sbom::merge::{Part, Product, merge};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { bytes: 1 << 20, nodes: 100_000, ..Limits::default() };
    let quick = sbom::components(bytes, &limits);
    if let Ok(full) = sbom::read(bytes, &limits) {
        if let Ok(quick) = quick {
            assert_eq!(full.sbom.components.len(), quick.len());
        }
        assert!(sbom::read(sbom::write(&full.document).as_bytes(), &limits).is_ok());
        let with = Circumstances::default();
        for (name, target) in Target::ALL {
            let written = sbom::write(&convert(&full, target, &with).document);
            assert!(sbom::read(written.as_bytes(), &Limits::default()).is_ok(), "{name}");
        }
        let parts = [Part { name: "a", reading: &full }, Part { name: "b", reading: &full }];
        merge(&parts, &Product { name: "p", version: "1", supplier: None }, &with);
    }
});
