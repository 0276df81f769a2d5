//! CycloneDX against the specification's own examples of valid and invalid documents, and against bills of the real world.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod common;

use cyber::document::Limits;
use cyber::sbom::read;

#[test]
fn every_valid_document_is_accepted_and_every_invalid_one_refused() {
    let Some(files) = common::corpus("cyclonedx-corpus-1.2-1.6.tar.gz") else { return };
    let mut counts = [[0_usize; 2]; 4];
    let mut wrong = Vec::new();
    for (name, bytes) in &files {
        let file = name.rsplit('/').next().unwrap();
        let row = match file.rsplit('.').next().unwrap() {
            "json" => 0,
            "xml" => 2,
            _ => continue,
        };
        let valid = file.starts_with("valid");
        let refusal = match read(bytes, &Limits::default()) {
            Ok(reading) => reading.strict().err().map(|refused| refused.to_string()),
            Err(error) => Some(error.to_string()),
        };
        let right = valid == refusal.is_none();
        counts[row + usize::from(!valid)][usize::from(right)] += 1;
        if !right {
            wrong.push(format!("{name}: {}", refusal.unwrap_or_else(|| "accepted".to_owned())));
        }
    }
    println!(
        "JSON valid {:?}, invalid {:?}; XML valid {:?}, invalid {:?} (wrong, right)",
        counts[0], counts[1], counts[2], counts[3]
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(counts.iter().all(|[_, right]| *right > 100 || files.len() < 600), "{counts:?}");
}

#[test]
fn bills_of_the_real_world_are_read() {
    let Some(files) = common::corpus("cyclonedx-bom-examples.tar.gz") else { return };
    let (mut components, mut strict) = (0, 0);
    for (name, bytes) in &files {
        let reading = read(bytes, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        components += reading.sbom.components.len();
        if reading.errors == 0 {
            strict += 1;
        } else {
            println!("{name}: {} errors, {}", reading.errors, reading.deviations[0]);
        }
    }
    println!("{} bills, {components} components, {strict} without an error", files.len());
}
