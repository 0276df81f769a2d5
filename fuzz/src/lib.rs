//! What all targets share: limits small enough that a run explores inputs instead of reading megabytes.

use intake::{Input, Kind, Limits, read_inputs};

/// Limits for fuzzing.
pub fn limits() -> Limits {
    Limits { file_bytes: 1 << 20, total_bytes: 4 << 20, rows: 10_000, files: 100, ..Limits::default() }
}

/// Reads arbitrary bytes as one kind of file: no panic, no unbounded time or memory.
pub fn read_as(kind: Kind, bytes: &[u8]) {
    let input = Input { name: "fuzz".to_owned(), bytes: bytes.to_vec() };
    read_inputs(vec![input], Some(kind), &limits(), None);
}
