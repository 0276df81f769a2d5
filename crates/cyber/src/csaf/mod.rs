//! Security advisories in CSAF 2.0 and 2.1 (OASIS Common Security Advisory Framework): read, compared with the shape that the standard gives
//! them (section 3), and put to its mandatory tests (section 6.1), those of the edition a document is written for. What an advisory says is
//! not taken from it here.
//!
//! Of 2.1, what asks for lists that are not carried is left: 6.1.11 takes a name from any release of CWE for right, whatever `version`
//! says; 6.1.55 takes every `LicenseRef-scancode-` for listed; and 6.1.60.2 and 6.1.60.3 are warnings, as no extension is known here.

mod branches;
mod corresponding;
mod cvss;
mod cwe;
mod dates;
mod departure;
mod edition;
mod extensions;
mod flags;
mod history;
mod identification;
mod language;
mod licence;
mod products;
mod profile;
mod ranges;
mod remediations;
mod retired;
mod revision;
mod schema;
mod scores;
mod sharing;
mod ssvc;
mod status;
mod subtags;
mod tags;
mod text;
mod text_21;
mod view;
mod vulnerabilities;
mod warning;

use serde_json::Value;

use departure::Found;
pub use departure::{Departure, DepartureKind, Late};
pub use edition::Edition;
pub(crate) use identification::range_word;
pub use ranges::RangeFault;
use view::At;
pub use warning::{Warning, WarningKind};

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
    /// The edition it was checked by; 2.0 where it names none.
    pub edition: Edition,
    /// Every departure, those from the shape first.
    pub departures: Vec<Departure>,
    /// Departures beyond [`MOST_DEPARTURES`], which were not kept.
    pub further: usize,
    /// What could not be tested (CSAF 2.1).
    pub warnings: Vec<Warning>,
}

impl Checked {
    /// Whether the document is a valid CSAF document: its shape holds and no mandatory test fails (6.1).
    pub fn is_valid(&self) -> bool {
        self.departures.is_empty()
    }
}

/// Reads an advisory and puts it to the shape and the mandatory tests of its edition.
pub fn check(bytes: &[u8]) -> Result<Checked, ReadError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::TooLarge(bytes.len()));
    }
    let document: Value =
        serde_json::from_slice(bytes).map_err(|error| ReadError::Json(error.to_string()))?;
    let edition = document.as_object().and_then(Edition::of).unwrap_or(Edition::V20);
    let mut found = Found::new(MOST_DEPARTURES);
    schema::check(bytes, edition, &mut found)?;
    mandatory(&At::root(&document), edition, &mut found);
    let (departures, further, warnings) = found.told();
    Ok(Checked { document, edition, departures, further, warnings })
}

/// The tests of 6.1. Each takes what it understands and passes over values of another type, which are departures from the shape.
fn mandatory(document: &At<'_>, edition: Edition, found: &mut Found) {
    let products = products::Products::of(document, edition);
    products.check(document, found);
    status::check(document, edition, found);
    scores::check(document, edition, found);
    cwe::check(document, edition, found);
    language::check(document, edition, found);
    identification::check(&products, found);
    history::check(document, edition, found);
    vulnerabilities::check(document, found);
    profile::check(&products, document, found);
    flags::check(&products, document, found);
    if edition == Edition::V21 {
        branches::check(document, found);
        remediations::check(&products, document, found);
        dates::check(document, found);
        sharing::check(document, found);
        ssvc::check(document, found);
        licence::check(document, found);
        extensions::check(&products, document, found);
    }
}
