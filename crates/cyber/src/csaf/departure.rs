//! What an advisory does otherwise than CSAF 2.0 says: one kind for each mandatory test (6.1), and one for the shape (3).

use std::fmt;

use super::view::At;
use crate::document::DeviationKind;

/// One departure from the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The test that fails: `6.1.1` to `6.1.33`, or `schema` for the shape.
    pub test: &'static str,
    /// Where, as a JSON pointer (RFC 6901); empty for the whole document.
    pub place: String,
    /// What.
    pub kind: DepartureKind,
}

/// What is otherwise than the standard says, by the test that finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepartureKind {
    /// The shape of the document (section 3).
    Shape(DeviationKind),
    /// 6.1.1: a product that is nowhere defined.
    UndefinedProduct(String),
    /// 6.1.2: a product that is defined again.
    ProductTwice(String),
    /// 6.1.3: a product whose definition leads into a circle.
    CircularProduct(String),
    /// 6.1.4: a product group that is nowhere defined.
    UndefinedGroup(String),
    /// 6.1.5: a product group that is defined again.
    GroupTwice(String),
    /// 6.1.6: a product with two states that exclude each other.
    Contradiction {
        /// The product.
        product: String,
        /// The state that was found first.
        first: &'static str,
        /// The state that contradicts it.
        second: &'static str,
    },
    /// 6.1.7: a second score of the same CVSS version for a product.
    ScoreTwice {
        /// The product.
        product: String,
        /// The version of CVSS.
        version: String,
    },
    /// 6.1.8: a CVSS object that is not of the shape FIRST publishes.
    CvssShape(DeviationKind),
    /// 6.1.9: a score or severity that the vector does not give.
    CvssComputation {
        /// The property.
        property: &'static str,
        /// What stands there.
        found: String,
        /// What the vector gives.
        computed: String,
    },
    /// 6.1.9: a vector from which nothing can be computed.
    CvssVector(String),
    /// 6.1.10: a property that contradicts the vector.
    CvssContradiction {
        /// The property.
        property: &'static str,
        /// What stands there.
        found: String,
        /// What the vector says.
        vector: String,
    },
    /// 6.1.11: an id that no weakness has.
    UnknownCwe(String),
    /// 6.1.11: a name that the weakness does not bear.
    CweName {
        /// The id.
        id: String,
        /// What stands there.
        found: String,
        /// The name of the weakness.
        name: &'static str,
    },
    /// 6.1.12: a language tag that is not valid.
    Language(String),
    /// 6.1.13: a package URL that is not valid.
    Purl {
        /// The text.
        purl: String,
        /// Why.
        why: String,
    },
    /// 6.1.14: a revision with a lower number than an earlier one.
    Unsorted {
        /// The number of the later revision.
        number: String,
        /// The higher number of the earlier one.
        before: String,
    },
    /// 6.1.15: a translation that does not tell its source language.
    NoSourceLanguage,
    /// 6.1.16: a version other than the last revision's.
    NotLatest {
        /// The version of the document.
        version: String,
        /// The number of the last revision.
        last: String,
    },
    /// 6.1.17: a version of a draft in a document that is none.
    DraftVersion(String),
    /// 6.1.18: a revision before the first release in a released document.
    UnreleasedRevision(String),
    /// 6.1.19: a pre-release in the revision history.
    PreReleaseRevision(String),
    /// 6.1.20: a pre-release as version of a released document.
    PreReleaseVersion(String),
    /// 6.1.21: a number that is left out before a revision.
    MissingRevision(String),
    /// 6.1.21: a first revision that is neither 0 nor 1.
    FirstRevision(String),
    /// 6.1.22: a number that stands twice in the revision history.
    RevisionTwice(String),
    /// 6.1.23: a CVE that another vulnerability item has already.
    CveTwice(String),
    /// 6.1.24: a party that is involved twice at one date.
    InvolvementTwice(String),
    /// 6.1.25: a hash algorithm that is used twice for one file.
    HashTwice(String),
    /// 6.1.26: a category whose name is kept for a profile.
    ProhibitedCategory(String),
    /// 6.1.27.1: no note that tells what the document is about.
    NoNote,
    /// 6.1.27.2: no external reference.
    NoExternalReference,
    /// 6.1.27.3: vulnerabilities in an informational advisory.
    Vulnerabilities,
    /// 6.1.27.4: no product tree.
    NoProductTree,
    /// 6.1.27.5: a vulnerability without notes.
    NoVulnerabilityNote,
    /// 6.1.27.6: a vulnerability without product status.
    NoProductStatus,
    /// 6.1.27.7: a vulnerability without any of the states VEX asks for.
    NoVexStatus,
    /// 6.1.27.8: a vulnerability without id.
    NoVulnerabilityId,
    /// 6.1.27.9: a product that is not affected, without a statement why.
    NoImpactStatement(String),
    /// 6.1.27.10: an affected product without a statement what to do.
    NoActionStatement(String),
    /// 6.1.27.11: no vulnerabilities.
    NoVulnerabilities,
    /// 6.1.28: a translation into its own language.
    SameLanguage(String),
    /// 6.1.29: a remediation for no product.
    RemediationWithoutProduct,
    /// 6.1.30: a version counted otherwise than the first one.
    MixedVersions(String),
    /// 6.1.31: a range in the name of a single version.
    VersionRange {
        /// The name.
        name: String,
        /// What speaks of a range.
        word: &'static str,
    },
    /// 6.1.32: a flag for no product.
    FlagWithoutProduct,
    /// 6.1.33: a product with two justifications.
    JustificationTwice(String),
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.place.is_empty() { "the document" } else { &self.place };
        write!(f, "{} {place}: {}", self.test, self.kind.text().en)
    }
}

/// Departures as they are found, bounded.
pub(super) struct Found {
    kept: Vec<Departure>,
    further: usize,
    limit: usize,
}

impl Found {
    pub(super) fn new(limit: usize) -> Self {
        Found { kept: Vec::new(), further: 0, limit }
    }
    /// Tells a departure at a value of the document.
    pub(super) fn tell(&mut self, at: &At<'_>, kind: DepartureKind) {
        self.keep(|| at.place(), kind);
    }
    /// Tells a departure at a place that is written already.
    pub(super) fn tell_at(&mut self, place: String, kind: DepartureKind) {
        self.keep(|| place, kind);
    }
    /// The place is only written for what is kept.
    fn keep(&mut self, place: impl FnOnce() -> String, kind: DepartureKind) {
        if self.kept.len() < self.limit {
            self.kept.push(Departure { test: kind.test(), place: place(), kind });
        } else {
            self.further += 1;
        }
    }
    /// Counts departures that were not even made.
    pub(super) fn count(&mut self, further: usize) {
        self.further += further;
    }
    /// What was kept, and how many more there are.
    pub(super) fn told(self) -> (Vec<Departure>, usize) {
        (self.kept, self.further)
    }
}
