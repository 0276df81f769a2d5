//! Where a thing was said. Every record has a source, and every figure on every page opens it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The standing of the document at the time it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentStatus {
    /// Decided (閣議決定 and the like) or simply published as final.
    #[default]
    Decided,
    /// A draft (案).
    Draft,
    /// Provisional (暫定, 中間とりまとめ).
    Provisional,
}

/// A place inside a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Printed page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Lines of the text, as `859-908` or `18,19,21`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<String>,
    /// A table cell, row or element, as `row 12`, `B7` or an XML path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

/// A document, the place in it, and how it came to us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// Id of the document in the register of documents, or the name of the file that was read.
    pub document: String,
    /// Where in it.
    #[serde(flatten)]
    pub place: Place,
    /// A link that opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its standing.
    #[serde(default, skip_serializing_if = "is_decided")]
    pub status: DocumentStatus,
    /// The text was read by a machine and may differ from the print.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub machine_read: bool,
    /// Who says so, where it is not the document itself: a person's name, or the rule that inferred it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    /// The day the source was read or the statement made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<jiff::civil::Date>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_decided(status: &DocumentStatus) -> bool {
    *status == DocumentStatus::Decided
}

impl Source {
    /// A document as a whole.
    pub fn document(document: impl Into<String>) -> Self {
        Source { document: document.into(), ..Source::default() }
    }
    /// Lines of a document.
    pub fn lines(document: impl Into<String>, lines: impl Into<String>) -> Self {
        let place = Place { lines: Some(lines.into()), ..Place::default() };
        Source { document: document.into(), place, ..Source::default() }
    }
    /// A row or cell of a document.
    pub fn cell(document: impl Into<String>, cell: impl Into<String>) -> Self {
        let place = Place { cell: Some(cell.into()), ..Place::default() };
        Source { document: document.into(), place, ..Source::default() }
    }
}

impl fmt::Display for Source {
    /// `002 p.3 L18,19,21`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document)?;
        if let Some(page) = self.place.page {
            write!(f, " p.{page}")?;
        }
        if let Some(lines) = &self.place.lines {
            write!(f, " L{lines}")?;
        }
        if let Some(cell) = &self.place.cell {
            write!(f, " {cell}")?;
        }
        Ok(())
    }
}
