//! Security advisories in CSAF 2.0 (OASIS Common Security Advisory Framework): read, compared with the shape that the standard gives
//! them (section 3), and put to all its mandatory tests (section 6.1). What an advisory says is not taken from it here.

mod cvss;
mod cwe;
mod departure;
mod flags;
mod history;
mod identification;
mod language;
mod products;
mod profile;
mod revision;
mod schema;
mod scores;
mod status;
mod subtags;
mod tags;
mod text;
mod view;
mod vulnerabilities;

use serde_json::Value;

use departure::Found;
pub use departure::{Departure, DepartureKind};
use view::At;

/// The most bytes of an advisory that are read.
pub const MOST_BYTES: usize = 64 << 20;
/// Departures that are kept; further ones are only counted.
pub const MOST_DEPARTURES: usize = 10_000;

/// Why nothing was read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// More bytes than [`MOST_BYTES`].
    #[error("the document has {0} bytes, more than the {MOST_BYTES} that are accepted")]
    TooLarge(usize),
    /// No JSON, or JSON nested deeper than is accepted.
    #[error("the document cannot be read as JSON: {0}")]
    Json(String),
}

/// An advisory and what it does otherwise than the standard says.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The document as it was read.
    pub document: Value,
    /// Every departure, those from the shape first.
    pub departures: Vec<Departure>,
    /// Departures beyond [`MOST_DEPARTURES`], which were not kept.
    pub further: usize,
}

impl Checked {
    /// Whether the document is a valid CSAF document: its shape holds and no mandatory test fails (CSAF 2.0, 6.1).
    pub fn is_valid(&self) -> bool {
        self.departures.is_empty()
    }
}

/// Reads an advisory and puts it to the shape and the mandatory tests of CSAF 2.0.
pub fn check(bytes: &[u8]) -> Result<Checked, ReadError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::TooLarge(bytes.len()));
    }
    let document: Value =
        serde_json::from_slice(bytes).map_err(|error| ReadError::Json(error.to_string()))?;
    let mut found = Found::new(MOST_DEPARTURES);
    schema::check(bytes, &mut found)?;
    mandatory(&At::root(&document), &mut found);
    let (departures, further) = found.told();
    Ok(Checked { document, departures, further })
}

/// The tests of 6.1. Each takes what it understands and passes over values of another type, which are departures from the shape.
fn mandatory(document: &At<'_>, found: &mut Found) {
    let products = products::Products::of(document);
    products.check(document, found);
    status::check(document, found);
    scores::check(document, found);
    cwe::check(document, found);
    language::check(document, found);
    identification::check(&products, found);
    history::check(document, found);
    vulnerabilities::check(document, found);
    profile::check(&products, document, found);
    flags::check(&products, document, found);
}
