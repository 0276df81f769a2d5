//! What an advisory does otherwise than CSAF says: one kind for each mandatory test (6.1), and one for the shape (3). Both editions number
//! the tests that they share alike; those from 6.1.34 on, and some of 6.1.27, are of 2.1 alone.

use std::fmt;

use super::ranges::RangeFault;
use super::view::At;
use super::warning::{Warning, WarningKind};
use crate::document::DeviationKind;

/// One departure from the standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The test that fails: `6.1.1` to `6.1.61`, or `schema` for the shape.
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
    /// 6.1.15 of 2.1: a translation whose source language is there and says nothing.
    EmptySourceLanguage,
    /// 6.1.21 of 2.1: a number before a revision that stands at a later date.
    MisplacedRevision(String),
    /// 6.1.27.8 of 2.1: a product to which none of the ids belongs.
    ProductWithoutId(String),
    /// 6.1.27.12: a vulnerability without known affected products.
    NoAffectedProduct,
    /// 6.1.27.13: a fixed product of which no version is affected.
    NoCorrespondingProduct(String),
    /// 6.1.27.14: no note that describes why the document was retired.
    NoDescription,
    /// 6.1.27.15: a product tree in a retired document.
    ProductTree,
    /// 6.1.27.16: a retired document with a single revision.
    SingleRevision,
    /// 6.1.27.17 to 6.1.27.18: not exactly one note that bears the title for the reason, or one of another category.
    Reasoning(&'static str),
    /// 6.1.27.19: no reference to the document that supersedes this one.
    NoSupersedingDocument,
    /// 6.1.34: a product under more branches than may stand in each other.
    DeepBranches(usize),
    /// 6.1.35: remediations for one product that exclude each other.
    ContradictingRemediations {
        /// The product.
        product: String,
        /// The category of the one.
        first: &'static str,
        /// The category of the other.
        second: &'static str,
    },
    /// 6.1.36: a remediation that a product in its state cannot have.
    RemediationOfState {
        /// The product.
        product: String,
        /// The category of the remediation.
        category: &'static str,
        /// A member of `product_status` that lists the product.
        state: &'static str,
    },
    /// 6.1.37: a date that breaks the rules of 2.3.
    DateTime(String),
    /// 6.1.38: the public sharing group with another label.
    PublicGroup(String),
    /// 6.1.39: another sharing group than the public one in a public document.
    GroupOfPublic(String),
    /// 6.1.40: a reserved name of another sharing group.
    ReservedGroupName(String),
    /// 6.1.41: a reserved sharing group without its name.
    GroupName(&'static str),
    /// 6.1.42: package URLs that differ in more than their qualifiers.
    PurlsDiffer {
        /// The first one.
        first: String,
        /// The one that differs.
        other: String,
    },
    /// 6.1.43: a model number with more than one star.
    StarsInModelNumber(String),
    /// 6.1.44: a serial number with more than one star.
    StarsInSerialNumber(String),
    /// 6.1.61: a stock keeping unit with more than one star.
    StarsInSku(String),
    /// 6.1.45: a disclosure after the last revision of a public document.
    LateDisclosure(Late),
    /// 6.1.46: an SSVC object that is not of the shape CERT/CC publishes.
    SsvcShape(DeviationKind),
    /// 6.1.47: a target that is not this vulnerability.
    SsvcTarget(String),
    /// 6.1.48: a decision point that its namespace does not have.
    SsvcDecisionPoint(String),
    /// 6.1.48: a value that its decision point does not have.
    SsvcValue(String),
    /// 6.1.48: a value that the decision point has before the one it follows.
    SsvcOrder(String),
    /// 6.1.48: another name than the definition's.
    SsvcName {
        /// What stands there.
        found: String,
        /// The name of the definition.
        name: &'static str,
    },
    /// 6.1.49: an SSVC assessment after the last revision.
    LateSsvc(Late),
    /// 6.1.50: a version range that breaks the rules of 3.1.2.3.2.
    RangeRule {
        /// The name.
        name: String,
        /// The rule.
        fault: RangeFault,
    },
    /// 6.1.51: an EPSS value after the last revision.
    LateEpss(Late),
    /// 6.1.52: a first known exploitation after the last revision.
    LateExploitation(Late),
    /// 6.1.53: an exploitation after the date of the information about it.
    ExploitationAfterInformation(Late),
    /// 6.1.54: a licence expression that is not valid.
    LicenceExpression(String),
    /// 6.1.55: no single note with the text of a licence that is in no list.
    NoLicenceText(String),
    /// 6.1.56: a qualitative rating beside CVSS.
    RatingBesideCvss(String),
    /// 6.1.57: a category of branches within itself.
    StackedCategory(String),
    /// 6.1.58: a single version and a range on one path.
    VersionAndRange,
    /// 6.1.59: a single version where a range should stand.
    SingleVersion(String),
    /// 6.1.60.1: an extension that is not of the shape of the standard.
    ExtensionShape(DeviationKind),
}

/// A date that should not be after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// The date.
    pub date: String,
    /// The date it is after.
    pub last: String,
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
    warnings: Vec<Warning>,
    further: usize,
    limit: usize,
}

impl Found {
    pub(super) fn new(limit: usize) -> Self {
        Found { kept: Vec::new(), warnings: Vec::new(), further: 0, limit }
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
    /// Tells what could not be tested.
    pub(super) fn warn(&mut self, at: &At<'_>, kind: WarningKind) {
        if self.warnings.len() < self.limit {
            self.warnings.push(Warning { place: at.place(), kind });
        }
    }
    /// Counts departures that were not even made.
    pub(super) fn count(&mut self, further: usize) {
        self.further += further;
    }
    /// What was kept, how many more there are, and what could not be tested.
    pub(super) fn told(self) -> (Vec<Departure>, usize, Vec<Warning>) {
        (self.kept, self.further, self.warnings)
    }
}
