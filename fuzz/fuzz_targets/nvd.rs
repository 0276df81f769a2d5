#![no_main]

use cyber::advisory::nvd;
use cyber::matching::configuration::judge;
use cyber::matching::{Installed, Surroundings};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for read in nvd::read_all(bytes).flatten() {
        let criteria =
            read.value.configurations.iter().flat_map(|one| &one.nodes).flat_map(|node| &node.matches);
        for one in criteria.take(100) {
            let product = Installed::of([one.criteria.as_str()], Some("1.0"), None);
            let _ = judge(&read.value.configurations, &product, &Surroundings::default());
        }
    }
});
