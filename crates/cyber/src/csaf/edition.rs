//! The editions of the standard that documents are checked by. CSAF 2.0 is the OASIS Standard of 18 November 2022. CSAF 2.1 is not one
//! yet: what is checked is Committee Specification Draft 03 of 2 September 2026, as it stands in the committee's repository. Documents
//! written for its first two drafts name another schema and relate products otherwise, which is told as departures from the shape.

use serde_json::{Map, Value};

/// An edition of CSAF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// CSAF 2.0.
    V20,
    /// CSAF 2.1.
    V21,
}

impl Edition {
    /// The edition a document is written for: by its `csaf_version`, and where that says nothing known by its `$schema` (2.1, 3.2.1).
    pub fn of(document: &Map<String, Value>) -> Option<Self> {
        let version =
            document.get("document").and_then(|one| one.get("csaf_version")).and_then(Value::as_str);
        let schema = document.get("$schema").and_then(Value::as_str).unwrap_or_default();
        match version {
            Some("2.0") => Some(Edition::V20),
            Some("2.1") => Some(Edition::V21),
            _ if schema.contains("/csaf/v2.0/") => Some(Edition::V20),
            _ if schema.contains("/csaf/v2.1/") => Some(Edition::V21),
            _ => None,
        }
    }

    /// Its number in the table of shapes.
    pub(super) fn in_table(self) -> u8 {
        match self {
            Edition::V20 => 0,
            Edition::V21 => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_decides_and_the_schema_where_there_is_none() {
        for (text, edition) in [
            (r#"{"document": {"csaf_version": "2.0"}}"#, Some(Edition::V20)),
            (
                r#"{"document": {"csaf_version": "2.1"}, "$schema": "https://a.example/csaf/v2.0/"}"#,
                Some(Edition::V21),
            ),
            (
                r#"{"$schema": "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json"}"#,
                Some(Edition::V21),
            ),
            (r#"{"document": {"csaf_version": "3.0"}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(Edition::of(&serde_json::from_str(text).unwrap()), edition, "{text}");
        }
    }
}
