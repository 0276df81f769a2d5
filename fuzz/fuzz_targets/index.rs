#![no_main]

use cyber::index::{Index, Section, build, rewritten};
use cyber::matching::Package;

// The first byte chooses a section, the rest is what it holds, with every hash made to agree.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = Index::open(bytes).map(|index| index.verify());
    let Some((first, content)) = bytes.split_first() else { return };
    let advisory = cyber::advisory::osv::read_json(
        br#"{"id":"X-1","modified":"m","aliases":["CVE-2026-0001"],"affected":[{"package":{"ecosystem":"PyPI","name":"a"},
        "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2"}]}],"versions":["1"]}]}"#,
    );
    let Ok(seed) = build(advisory.map(|read| read.value)) else { return };
    let section = Section::ALL[usize::from(*first) % Section::ALL.len()];
    let Ok(broken) = rewritten(&seed, section, |_| content.to_vec()) else { return };
    let Ok(index) = Index::open(&broken) else { return };
    let _ = (index.about(), index.counted(), index.ecosystems(), index.worded());
    let _ = (index.brief(0), index.advisory(0), index.group(0), index.bearing("CVE-2026-0001"));
    let _ = (index.exploitation("CVE-2026-0001"), index.forecast("CVE-2026-0001"));
    let package = Package::new("PyPI", "a", Some("1.5"));
    for found in index.judge(&package).unwrap_or_default() {
        let _ = (found.why(), found.severities());
    }
    let _ = index.explain(&package, 0);
});
