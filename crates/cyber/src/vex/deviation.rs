//! What a document of statements does otherwise than its format says, or than a statement needs in order to say anything.

use std::fmt;

use base::Names;

use crate::csaf;
use crate::document::deviation::{Deviation as ShapeDeviation, Grade, Place};
use crate::document::{DeviationKind, Limits};

/// One deviation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// How grave.
    pub grade: Grade,
    /// Where.
    pub place: Place,
    /// What.
    pub kind: Kind,
}

/// What may be otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The shape of the format.
    Shape(DeviationKind),
    /// A test of CSAF.
    Csaf(csaf::DepartureKind),
    /// A statement names no vulnerability.
    NoVulnerability,
    /// A statement names no product.
    NoProduct,
    /// Nothing that could be looked for names a product or part.
    Nameless,
    /// Nothing is stated: a vulnerability without analysis, or a status that cannot be read.
    NoStatus,
    /// *Not affected* without a reason.
    NoReason,
    /// *Affected* without what should be done.
    NoAction,
    /// A reference to nothing in the document, and no link into another.
    Unresolved(String),
    /// A product with a second status for the same vulnerability in one document.
    SecondStatus(String),
}

impl Kind {
    /// A stable name for programs.
    pub fn code(&self) -> String {
        let own = match self {
            Kind::Shape(kind) => return kind.code().replacen("sbom-", "vex-", 1),
            Kind::Csaf(kind) => return format!("csaf-{}", kind.test()),
            Kind::NoVulnerability => "vex-no-vulnerability",
            Kind::NoProduct => "vex-no-product",
            Kind::Nameless => "vex-nameless-product",
            Kind::NoStatus => "vex-no-status",
            Kind::NoReason => "vex-no-reason",
            Kind::NoAction => "vex-no-action",
            Kind::Unresolved(_) => "vex-unresolved-reference",
            Kind::SecondStatus(_) => "vex-second-status",
        };
        own.to_owned()
    }

    /// The sentence for a person.
    pub fn text(&self) -> Names {
        match self {
            Kind::Shape(kind) => kind.text(),
            Kind::Csaf(kind) => kind.text(),
            Kind::NoVulnerability => Names::of("脆弱性の番号がありません", "no vulnerability is named"),
            Kind::NoProduct => Names::of("製品が示されていません", "no product is named"),
            Kind::Nameless => Names::of(
                "製品や部品を特定できる名前がありません",
                "nothing names the product or part so that it could be found",
            ),
            Kind::NoStatus => Names::of("状態が述べられていません", "no status is stated"),
            Kind::NoReason => Names::of(
                "「影響なし」の理由がありません（適用されません）",
                "not affected without a reason (it will not be applied)",
            ),
            Kind::NoAction => {
                Names::of("「影響あり」の対応が述べられていません", "affected without what should be done")
            }
            Kind::Unresolved(name) => Names::of(
                format!("参照先「{name}」がこの文書になく、BOM-Linkでもありません"),
                format!("“{name}” refers to nothing in the document and is no BOM-Link"),
            ),
            Kind::SecondStatus(name) => Names::of(
                format!("「{name}」に同じ脆弱性の異なる状態が述べられています"),
                format!("“{name}” has a second status for the same vulnerability"),
            ),
        }
    }

    /// What all deviations of this kind have in common.
    pub fn name(&self) -> Names {
        match self {
            Kind::Shape(kind) => kind.name(),
            Kind::Csaf(kind) => {
                Names::of(format!("CSAF 2.0 {}", kind.test()), format!("CSAF 2.0, {}", kind.test()))
            }
            Kind::Unresolved(_) => Names::of("参照先なし", "reference to nothing"),
            Kind::SecondStatus(_) => Names::of("二つ目の状態", "second status"),
            other => other.text(),
        }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind.text().en)
    }
}

/// Deviations as they are found, bounded.
pub(super) struct Found {
    pub(super) kept: Vec<Deviation>,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    limit: usize,
}

impl Found {
    pub(super) fn new(limits: &Limits) -> Self {
        Found { kept: Vec::new(), errors: 0, warnings: 0, limit: limits.deviations }
    }

    pub(super) fn error(&mut self, place: &Place, kind: Kind) {
        self.push(Grade::Error, place.clone(), kind);
    }

    pub(super) fn warning(&mut self, place: &Place, kind: Kind) {
        self.push(Grade::Warning, place.clone(), kind);
    }

    /// Deviations from the shape, of which some may only have been counted.
    pub(super) fn shape(&mut self, kept: Vec<ShapeDeviation>, errors: usize, warnings: usize) {
        let (before_errors, before_warnings) = (self.errors, self.warnings);
        for one in kept {
            self.push(one.grade, one.place, Kind::Shape(one.kind));
        }
        (self.errors, self.warnings) = (before_errors + errors, before_warnings + warnings);
    }

    /// Deviations that were not even made.
    pub(super) fn count(&mut self, errors: usize) {
        self.errors += errors;
    }

    fn push(&mut self, grade: Grade, place: Place, kind: Kind) {
        match grade {
            Grade::Error => self.errors += 1,
            Grade::Warning => self.warnings += 1,
        }
        if self.kept.len() < self.limit {
            self.kept.push(Deviation { grade, place, kind });
        }
    }
}
