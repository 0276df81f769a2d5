//! Ids of the records that readers make.

use register::{RecordId, RegisterId};

/// The register of yearly review sheets.
pub(crate) const PROGRAMME_SHEET: &str = "programme-sheet";
/// The register of StratML documents.
pub(crate) const STRATML_DOCUMENT: &str = "stratml-document";

/// A register's id from this file's constants.
#[allow(clippy::expect_used, reason = "only called with the constants above, which a test checks")]
pub(crate) fn register(name: &'static str) -> RegisterId {
    RegisterId::new(name).expect("the constants are ids")
}

/// A record's id made of parts of the source: what an id cannot hold becomes `-`, and a long one is cut.
#[allow(clippy::expect_used, reason = "the text is made of allowed characters and is not empty")]
pub(crate) fn record(text: &str) -> RecordId {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut id: String = text.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
    while id.len() > 200 {
        id.pop();
    }
    RecordId::new(if id.is_empty() { "unnamed".to_owned() } else { id }).expect("made of allowed characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_an_id() {
        assert_eq!(register(PROGRAMME_SHEET), "programme-sheet");
        assert_eq!(register(STRATML_DOCUMENT), "stratml-document");
        assert_eq!(record("judgit-2021-経産-20 / 37"), "judgit-2021-経産-20---37");
        assert_eq!(record(""), "unnamed");
        assert!(record(&"長".repeat(300)).as_str().len() <= 200);
    }
}
