//! SPDX bills of the real world, written by four tools.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use std::collections::BTreeMap;

use cyber::document::Limits;
use cyber::sbom::read;

#[test]
fn all_bills_of_four_tools_are_read_and_their_deviations_named() {
    let Some(files) = common::corpus("spdx-portfolio-260.tar.gz") else { return };
    let (mut components, mut purls, mut strict) = (0, 0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.rsplit('.').next() == Some("json")) {
        let reading = read(bytes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        components += reading.sbom.components.len();
        purls += reading.sbom.components.iter().map(|one| one.purls.len()).sum::<usize>();
        assert!(!reading.sbom.tools.is_empty(), "{name} was written by a tool");
        strict += usize::from(reading.errors == 0);
        for one in &reading.deviations {
            let text = format!("{:?}", one.kind);
            let place = one.place.to_string();
            let at =
                place.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default().to_owned();
            *kinds
                .entry(format!("{:?} {} {at}", one.grade, text.split(['(', '{']).next().unwrap_or_default()))
                .or_default() += 1;
        }
    }
    println!(
        "{} bills, {components} components, {purls} package URLs, {strict} without an error",
        files.len()
    );
    println!("{kinds:#?}");
    assert!(components > 40_000 || files.len() < 200);
}
