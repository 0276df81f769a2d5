//! Statements of makers about vulnerabilities (VEX): one model; CycloneDX, OpenVEX and the VEX profile of CSAF read, with every deviation named,
//! and written; statements applied to findings, each application told. What reaches a component is found elsewhere (`matching`).
//!
//! A statement never takes a finding away: the maker's word stands beside the engine's.

mod apply;
mod authoring;
mod bill;
mod csaf;
mod cyclonedx;
mod deviation;
mod identity;
mod justification;
mod model;
mod openvex;
mod precedence;
mod range;
mod words;
mod write;

pub use apply::{Application, At, Force, Hit, Stated, Told, Why, apply};
pub use authoring::{Fault, Line, Wrong, draft, statements};
pub use bill::{Bill, Subject};
pub use deviation::{Deviation, Kind as DeviationKind};
pub use identity::{NamedBy, Other};
pub use justification::{Counterpart, Justification};
pub use model::{
    Claim, Document, Format, Hash, Link, Product, Standing, Statement, Status, Thing, Versions, Vulnerability,
};

pub use write::{Against, Head, Loss, Lost, Unwritable, Written, write};

use crate::document::{Limits, ReadError, encoding, json};
use crate::sbom;
use deviation::{Found, Kind};

/// The most statements, and the most products of all statements, that are kept of one document.
pub const MOST_STATEMENTS: usize = 200_000;

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What it states.
    pub document: Document,
    /// What it does otherwise than its format says, as far as [`Limits::deviations`] goes.
    pub deviations: Vec<Deviation>,
    /// All deviations of grade error.
    pub errors: usize,
    /// All deviations of grade warning.
    pub warnings: usize,
}

/// Reads a document of any known format, which is told from its bytes. A bill of materials without vulnerabilities is read as a document
/// that states nothing.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let text = encoding::text(bytes, limits)?;
    let mut found = Found::new(limits);
    let document = if text.trim_start().starts_with('<') {
        cyclonedx::document(sbom::read(bytes, limits)?, &mut found)
    } else {
        let node = json::parse(&text, limits)?;
        match format_of(&node)? {
            Format::OpenVex => openvex::document(&node, limits, &mut found),
            Format::Csaf => csaf::document(&text, &mut found)?,
            Format::CycloneDx => cyclonedx::document(sbom::read(bytes, limits)?, &mut found),
        }
    };
    needs(&document, &mut found);
    let Found { kept: deviations, errors, warnings, .. } = found;
    Ok(Reading { document, deviations, errors, warnings })
}

/// Whose JSON it is.
fn format_of(node: &json::Node) -> Result<Format, ReadError> {
    let context = node.str("@context").unwrap_or_default();
    if context.contains("openvex") || (node.get("statements").is_some() && node.get("@id").is_some()) {
        Ok(Format::OpenVex)
    } else if node.get("bomFormat").is_some() || node.get("specVersion").is_some() {
        Ok(Format::CycloneDx)
    } else if node.get("document").is_some_and(|document| document.get("csaf_version").is_some()) {
        Ok(Format::Csaf)
    } else {
        Err(ReadError::Unknown("its JSON is neither CycloneDX, OpenVEX nor CSAF"))
    }
}

/// What every statement needs, whatever its format, in order to say anything.
fn needs(document: &Document, found: &mut Found) {
    for statement in &document.statements {
        let place = &statement.place;
        if statement.vulnerability.id.is_empty() {
            found.error(place, Kind::NoVulnerability);
        }
        if statement.products.is_empty() {
            found.error(place, Kind::NoProduct);
        }
        for product in &statement.products {
            if product.thing.is_nameless() || product.parts.iter().any(Thing::is_nameless) {
                found.error(&product.place, Kind::Nameless);
            }
        }
        match statement.status {
            None => found.error(place, Kind::NoStatus),
            Some(Status::NotAffected) if !statement.has_reason() => found.error(place, Kind::NoReason),
            Some(Status::Affected) if statement.action.is_none() && statement.responses.is_empty() => {
                found.warning(place, Kind::NoAction);
            }
            Some(_) => {}
        }
    }
}

/// A text that says something.
fn said(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
