//! Which test finds which kind of departure.

use super::departure::DepartureKind as K;

impl K {
    /// The number of the test in CSAF 2.0, or `schema`.
    pub fn test(&self) -> &'static str {
        match self {
            K::Shape(_) => "schema",
            K::UndefinedProduct(_) => "6.1.1",
            K::ProductTwice(_) => "6.1.2",
            K::CircularProduct(_) => "6.1.3",
            K::UndefinedGroup(_) => "6.1.4",
            K::GroupTwice(_) => "6.1.5",
            K::Contradiction { .. } => "6.1.6",
            K::ScoreTwice { .. } => "6.1.7",
            K::CvssShape(_) => "6.1.8",
            K::CvssComputation { .. } | K::CvssVector(_) => "6.1.9",
            K::CvssContradiction { .. } => "6.1.10",
            K::UnknownCwe(_) | K::CweName { .. } => "6.1.11",
            K::Language(_) => "6.1.12",
            K::Purl { .. } => "6.1.13",
            K::Unsorted { .. } => "6.1.14",
            K::NoSourceLanguage => "6.1.15",
            K::NotLatest { .. } => "6.1.16",
            K::DraftVersion(_) => "6.1.17",
            K::UnreleasedRevision(_) => "6.1.18",
            K::PreReleaseRevision(_) => "6.1.19",
            K::PreReleaseVersion(_) => "6.1.20",
            K::MissingRevision(_) | K::FirstRevision(_) => "6.1.21",
            K::RevisionTwice(_) => "6.1.22",
            K::CveTwice(_) => "6.1.23",
            K::InvolvementTwice(_) => "6.1.24",
            K::HashTwice(_) => "6.1.25",
            K::ProhibitedCategory(_) => "6.1.26",
            K::NoNote => "6.1.27.1",
            K::NoExternalReference => "6.1.27.2",
            K::Vulnerabilities => "6.1.27.3",
            K::NoProductTree => "6.1.27.4",
            K::NoVulnerabilityNote => "6.1.27.5",
            K::NoProductStatus => "6.1.27.6",
            K::NoVexStatus => "6.1.27.7",
            K::NoVulnerabilityId => "6.1.27.8",
            K::NoImpactStatement(_) => "6.1.27.9",
            K::NoActionStatement(_) => "6.1.27.10",
            K::NoVulnerabilities => "6.1.27.11",
            K::SameLanguage(_) => "6.1.28",
            K::RemediationWithoutProduct => "6.1.29",
            K::MixedVersions(_) => "6.1.30",
            K::VersionRange { .. } => "6.1.31",
            K::FlagWithoutProduct => "6.1.32",
            K::JustificationTwice(_) => "6.1.33",
        }
    }
}
