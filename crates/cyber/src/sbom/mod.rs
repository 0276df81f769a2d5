//! Bills of materials (SBOMs): one model; CycloneDX and SPDX read, checked against their published shape, and written back without loss.
//! What is missing in one, how two differ, how parts become one. Matching with advisories is not done here.
//!
//! A reading is always lenient: [`read`] returns the document, what it says and every deviation from its format.
//! [`Reading::strict`] refuses a document with deviations of grade [`Grade::Error`].

pub mod convert;
mod cyclonedx;
mod detect;
mod difference;
pub mod merge;
pub mod missing;
pub(crate) mod model;
mod quick;
mod references;
mod spdx;

pub use difference::{Change, Difference, Identity, Member, difference, identity};
pub use model::{Aspect, Component, Composition, Embedded, Format, Hash, Lifecycle, Relationship, Sbom};
pub use quick::{Quick, components};
pub use spdx::TagLine;

use crate::document::deviation::Found;
use crate::document::{Deviation, DeviationKind, Grade, Limits, ReadError, encoding, json, xml};

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it says.
    pub sbom: Sbom,
    /// What it does otherwise than its format says, as far as [`Limits::deviations`] goes.
    pub deviations: Vec<Deviation>,
    /// All deviations of grade error.
    pub errors: usize,
    /// All deviations of grade warning.
    pub warnings: usize,
    /// The document as it was.
    pub document: Document,
}

/// A document as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// JSON, its members in their order.
    Json(json::Node),
    /// XML with comments and foreign elements.
    Xml(xml::XmlDocument),
    /// Lines of SPDX tag-value.
    TagValue(Vec<TagLine>),
}

/// A document that a strict reading refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{errors} deviations from the format; the first: {first}")]
pub struct Refused {
    /// How many errors.
    pub errors: usize,
    /// The first of them.
    pub first: Box<Deviation>,
}

impl Reading {
    /// Itself, unless it deviates from its format.
    pub fn strict(self) -> Result<Self, Refused> {
        let first = self.deviations.iter().find(|one| one.grade == Grade::Error);
        match first {
            Some(first) => Err(Refused { errors: self.errors, first: Box::new(first.clone()) }),
            None => Ok(self),
        }
    }

    /// In how many places something of another type stands than may stand there: components there are not among those read.
    pub fn unread_places(&self) -> usize {
        let is_other = |one: &&Deviation| matches!(one.kind, DeviationKind::WrongType { .. });
        self.deviations.iter().filter(is_other).count()
    }

    pub(crate) fn of(sbom: Sbom, found: Found, document: Document) -> Self {
        let Found { kept: deviations, errors, warnings, .. } = found;
        Reading { sbom, deviations, errors, warnings, document }
    }
}

/// Reads a bill of materials of any known format, which is told from its bytes.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let text = encoding::text(bytes, limits)?;
    match detect::family(&text)? {
        detect::Family::Json => {
            let node = json::parse(&text, limits)?;
            match detect::json_format(&node)? {
                Format::CycloneDxJson => Ok(cyclonedx::read_json(node, limits)),
                Format::Spdx3 => Ok(spdx::read_json_ld(node, limits)),
                _ => Ok(spdx::read_json(node, limits)),
            }
        }
        detect::Family::Xml => cyclonedx::read_xml(xml::parse(&text, limits)?, limits),
        detect::Family::TagValue => spdx::read_tag_value(&text, limits),
    }
}

/// The document as text again: nothing of it is lost, only blanks between its parts may differ.
pub fn write(document: &Document) -> String {
    match document {
        Document::Json(node) => node.to_json(),
        Document::Xml(xml) => xml.to_xml(),
        Document::TagValue(lines) => spdx::write_tag_value(lines),
    }
}
