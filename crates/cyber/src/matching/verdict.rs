//! The three answers and the steps they rest on, as data: they are counted, stored and told in two languages elsewhere.

use std::cmp::Ordering;

/// What is known about one component and one entry of an advisory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is reached.
    Affected(Affects),
    /// It is not reached.
    NotAffected(Clear),
    /// That cannot be determined; never to be shown as a no.
    Undetermined(Reason),
}

/// By what a component is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Affects {
    /// Its version is listed: the index into `Affected::versions`.
    Listed(usize),
    /// Its version lies in a range: the index into `Affected::ranges`.
    InRange(usize),
    /// The product is as a configuration describes: the index of the configuration.
    Configured(usize),
    /// The advisory's name bears the version itself, and it is this one.
    Named,
    /// The source says that all versions it does not speak of are affected (CVE records, `defaultStatus`).
    Rest,
}

/// By what a component is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clear {
    /// The advisory was taken back.
    Withdrawn,
    /// It speaks of another package, product or release of a distribution.
    NotNamed,
    /// The version is neither listed nor in a range.
    OutsideVersions,
    /// No configuration describes the product.
    NotConfigured,
}

/// Why nothing can be determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The component has no version.
    NoVersion,
    /// Go's `(devel)`: built from a working tree.
    BuiltFromTree,
    /// The component's version is none of its ecosystem.
    VersionUnreadable,
    /// The advisory's version at a bound is none of the ecosystem.
    BoundUnreadable,
    /// The order of versions of the ecosystem is not known.
    OrderUnknown,
    /// Only commits are given.
    OnlyCommits,
    /// The advisory names no versions at all.
    NoVersionsStated,
    /// A kind of range we do not know.
    RangeKindUnknown,
    /// A part of the advisory's versions could not be read.
    PartUnread,
    /// The distribution's release of the component is not known.
    ReleaseUnknown,
    /// The package of the same name in another repository is meant.
    OtherRepository,
    /// The product's CPE leaves open which version it is (`*`, or `-` where a range is given).
    VersionOpen,
    /// The product's CPE and the advisory's name overlap, and neither contains the other.
    NameOverlaps,
    /// The configuration asks about surroundings that the product's list says nothing of.
    SurroundingsUnknown,
    /// The two versions are of different shapes, and makers' numbers are ordered within one shape only.
    ShapesDiffer,
    /// A distribution's package: the distribution patches without changing the maker's number, and judges it by its own advisories.
    DistributionJudges,
    /// The source says that it does not know (CVE records: `unknown`).
    SourceOpen,
}

/// One step on the way to a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The version was compared with each of the list: the one it equals, or none of that many.
    Listed {
        /// The index of the equal one.
        equal: Option<usize>,
        /// How many there are.
        of: usize,
    },
    /// A range was not judged.
    RangeSkipped {
        /// The index of the range.
        range: usize,
        /// Why; `None` when its commits repeat what the other ranges or the list say.
        reason: Option<Reason>,
    },
    /// The version lies before one of the limits, or before none.
    Limits {
        /// The index of the range.
        range: usize,
        /// Whether it lies before one.
        before: bool,
    },
    /// The version was compared with an event, in the order of versions.
    Event {
        /// The index of the range.
        range: usize,
        /// The index into `Range::events`.
        event: usize,
        /// How the component's version stands to the event's.
        order: Ordering,
        /// Whether the component counts as affected after this event.
        affected: bool,
    },
}
