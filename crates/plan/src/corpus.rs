//! The corpora that tests read, where they are present.

use std::path::PathBuf;

use serde_json::Value;

/// The truth of one page of the follow-up table, or `None` with a line saying why the test was skipped.
pub(crate) fn truth() -> Option<Value> {
    let given = std::env::var_os("SHIRUBE_SHARED").map(PathBuf::from);
    let root =
        given.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")));
    let path = root.join("data/truth/followup-002.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        println!("skipped: {} is missing; set SHIRUBE_SHARED to the folder with the corpora", path.display());
        return None;
    };
    Some(serde_json::from_str(&text).expect("the truth file is JSON"))
}
