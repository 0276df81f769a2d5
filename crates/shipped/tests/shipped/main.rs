//! What must be true of the shipped registers and data. One test program: `consistency` (form and pointers),
//! `counts` (what the documents say there is), `print` (names against the documents' text).
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod consistency;
mod counts;
mod print;

use register::{Record, Registry};

fn shipped() -> (Registry, Vec<Record>) {
    (shipped::registry().unwrap(), shipped::records().unwrap())
}

/// Fails with every complaint, so that one run shows all that is to be mended.
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// The lines that `18,19` or `859-908` stand for; `None` where it stands for nothing.
fn line_numbers(lines: &str) -> Option<Vec<usize>> {
    let mut numbers = Vec::new();
    for part in lines.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let (from, to) = (from.parse::<usize>().ok()?, to.parse::<usize>().ok()?);
        if from == 0 || from > to {
            return None;
        }
        numbers.extend(from..=to);
    }
    Some(numbers)
}
