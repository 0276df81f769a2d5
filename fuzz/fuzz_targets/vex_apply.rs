#![no_main]

use cyber::document::Limits;
use cyber::sbom;
use cyber::vex::{Bill, Subject, apply, read};

// A bill and a document of statements, one behind the other: the first two bytes say where the second begins.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [high, low, rest @ ..] = bytes else { return };
    let at = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
    let limits = Limits { bytes: 1 << 20, nodes: 100_000, ..Limits::default() };
    let (Ok(bill), Ok(document)) = (sbom::read(&rest[..at], &limits), read(&rest[at..], &limits)) else { return };
    let bill = Bill::of(&bill.sbom);
    let ids = document.document.statements.iter().map(|one| one.vulnerability.id.clone()).take(4);
    let subjects: Vec<Subject> = ids
        .flat_map(|advisory| (0..bill.parts.len().min(4)).map(move |part| Subject { advisory: advisory.clone(), aliases: Vec::new(), part }))
        .collect();
    let application = apply(&bill, &subjects, &[&document.document], &[]);
    assert_eq!(application.stated.len(), subjects.len());
});
