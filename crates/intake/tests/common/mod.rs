//! What the integration tests share: where the corpora are, and whether records are what registers declare.

#![allow(dead_code, unreachable_pub)]

pub mod made_up;

use std::path::{Path, PathBuf};

use register::{Declaration, Record, validate};

pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of the shared corpora, or `None` (said aloud) where they are not at hand. In CI that is a failure.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let shared =
        std::env::var_os("SHIRUBE_SHARED").map_or_else(|| workspace().join("../shared"), PathBuf::from);
    let folder = shared.join("data").join(name);
    if folder.exists() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing; set SHIRUBE_SHARED", folder.display());
    println!(
        "skipped: {} is missing. Set SHIRUBE_SHARED to the folder that holds data/{name}.",
        folder.display()
    );
    None
}

/// Every record has zero faults against its declaration.
pub fn assert_valid(register: &str, records: &[Record]) {
    let file = format!("{register}.toml");
    let text = std::fs::read_to_string(workspace().join("registers").join(&file)).unwrap();
    let declaration = Declaration::parse(&file, &text).unwrap();
    for record in records {
        assert_eq!(record.register.as_str(), register);
        let faults = validate::faults(&declaration, record, None);
        assert!(faults.is_empty(), "{}: {faults:?}", record.id);
    }
}
