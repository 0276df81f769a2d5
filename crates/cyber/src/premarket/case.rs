//! What a file is judged on: the product's own statements, its bills of materials, and the vulnerabilities that reach their components
//! with what the maker has stated about them. Values only; where they come from is the caller's affair.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::product::Product;
use crate::{sbom, vex};

/// All that a file is judged on.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What the maker states.
    pub product: &'a Product,
    /// Its bills of materials.
    pub bills: &'a [Bill],
    /// What reaches their components; none where no advisories were at hand.
    pub findings: Option<&'a Findings>,
    /// Today, for a product file that bears no date.
    pub today: Date,
}

/// A bill of materials that was read.
#[derive(Clone, Debug)]
pub struct Bill {
    /// Its file's name.
    pub file: String,
    /// What was read.
    pub reading: sbom::Reading,
}

/// What reaches the components of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Components that were looked up.
    pub asked: usize,
    /// Components that could not be: nothing is known of them.
    pub unasked: usize,
    /// What reaches the others, or may.
    pub found: Vec<Found>,
    /// Statements of the maker that applied to a finding.
    pub applied: BTreeSet<vex::At>,
    /// Statements that applied to none.
    pub idle: BTreeSet<vex::At>,
}

/// A vulnerability on a component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The advisory's id.
    pub vulnerability: String,
    /// Other ids of it.
    pub aliases: Vec<String>,
    /// The component's package URL.
    pub component: String,
    /// Whether it could not be determined that the component is affected.
    pub undetermined: bool,
    /// Whether it is severe (CVSS high or critical); none where that is not known.
    pub severe: Option<bool>,
    /// Whether it is known to be exploited; none where no list of those was at hand.
    pub exploited: Option<bool>,
    /// What the maker has stated of it; none also where statements contradict each other.
    pub triage: Option<Triage>,
    /// Whether they do.
    pub is_contradicted: bool,
}

/// What a maker has stated of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Triage {
    /// The status.
    pub status: Status,
    /// Why it does not affect the product: justification or words.
    pub reason: Option<String>,
    /// Where it is stated: document and place.
    pub place: String,
}

/// A status of VEX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The product is not affected.
    NotAffected,
    /// It is.
    Affected,
    /// It was, and holds a fix.
    Fixed,
    /// Nobody knows yet.
    UnderInvestigation,
}

impl Case<'_> {
    /// The day the file is about.
    pub fn day(&self) -> Date {
        self.product.head.date.unwrap_or(self.today)
    }
}

impl Found {
    /// Whether an id names its vulnerability.
    pub fn is(&self, id: &str) -> bool {
        self.vulnerability == id || self.aliases.iter().any(|alias| alias == id)
    }
    /// Whether the maker has stated that nothing more is to be done, with a reason where one is needed.
    pub fn is_settled(&self) -> bool {
        self.triage.as_ref().is_some_and(|triage| match triage.status {
            Status::Fixed => true,
            Status::NotAffected => triage.reason.is_some(),
            Status::Affected | Status::UnderInvestigation => false,
        })
    }
}

impl Status {
    /// Its name in VEX.
    pub fn code(self) -> &'static str {
        match self {
            Status::NotAffected => "not_affected",
            Status::Affected => "affected",
            Status::Fixed => "fixed",
            Status::UnderInvestigation => "under_investigation",
        }
    }
    /// For a person.
    pub fn names(self) -> base::Names {
        match self {
            Status::NotAffected => base::Names::of("影響なし", "not affected"),
            Status::Affected => base::Names::of("影響あり", "affected"),
            Status::Fixed => base::Names::of("修正済み", "fixed"),
            Status::UnderInvestigation => base::Names::of("調査中", "under investigation"),
        }
    }
}
