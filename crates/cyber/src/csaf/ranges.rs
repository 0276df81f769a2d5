//! Version ranges as names of branches (CSAF 2.1, 3.1.2.3.2): VERS in its canonical, normalized form, or its constraints alone ("vls"), which
//! are in no scheme (6.1.50); and never a single version (6.1.59). The rules are those of package-url's version range specification.

use std::collections::HashSet;

use base::Names;

use super::departure::{DepartureKind as Kind, Found};
use super::view::At;
use super::warning::WarningKind;
use crate::document::deviation::shown;
use crate::version::{Scheme, Version};

/// The special range of all versions.
const ALL: &str = "vers:all/*";

/// Which rule a range breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeFault {
    /// A part that is no constraint: empty, with blanks, or with signs that must be quoted.
    Constraint,
    /// A type in other letters than small ones, digits, `.` and `-`, or none.
    Type,
    /// `*` for all versions in another way than `vers:all/*`.
    AllVersions,
    /// `=`, which the canonical form leaves out.
    EqualSign,
    /// Comparators that do not follow each other in a normalized range.
    Comparators,
    /// A version that stands twice.
    Repeated,
    /// A version before a lower one.
    Unsorted,
}

impl RangeFault {
    /// The rule, for a person.
    pub fn text(self) -> Names {
        match self {
            RangeFault::Constraint => {
                Names::of("条件として読めない部分がある", "a part of it is no constraint of VERS")
            }
            RangeFault::Type => Names::of("VERS の種類が正しくない", "the type of VERS is missing or wrong"),
            RangeFault::AllVersions => {
                Names::of("すべての版は vers:all/* と書く", "all versions are written vers:all/*")
            }
            RangeFault::EqualSign => {
                Names::of("正規形では「=」を省く", "the canonical form leaves out the equals sign")
            }
            RangeFault::Comparators => Names::of(
                "比較記号の並びが正規化されていない",
                "the comparators do not follow each other as in a normalized range",
            ),
            RangeFault::Repeated => Names::of("同じ版が二度ある", "a version stands twice"),
            RangeFault::Unsorted => Names::of("版が昇順に並んでいない", "the versions are not sorted"),
        }
    }
}

/// Looks at a name that should be a range.
pub(super) fn check(at: &At<'_>, found: &mut Found) {
    let Some(name) = at.value.as_str().filter(|name| *name != ALL) else { return };
    let (kind, text) = match name.strip_prefix("vers:").map(|rest| rest.split_once('/')) {
        None => (None, name),
        Some(Some((kind, text))) if is_type(kind) => (Some(kind), text),
        Some(_) => return tell(at, name, RangeFault::Type, found),
    };
    if kind == Some("all") || text.contains('*') {
        return tell(at, name, RangeFault::AllVersions, found);
    }
    let Some(constraints) = text.split('|').map(constraint).collect::<Option<Vec<_>>>() else {
        return tell(at, name, RangeFault::Constraint, found);
    };
    let scheme = kind.and_then(scheme);
    if let Some(kind) = kind.filter(|_| scheme.is_none()) {
        found.warn(at, WarningKind::VersType(shown(kind)));
    }
    if let Some(fault) = fault(&constraints, scheme) {
        tell(at, name, fault, found);
    }
    if is_single(&constraints) {
        found.tell(at, Kind::SingleVersion(shown(name)));
    }
}

fn tell(at: &At<'_>, name: &str, fault: RangeFault, found: &mut Found) {
    found.tell(at, Kind::RangeRule { name: shown(name), fault });
}

fn is_type(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b))
}

/// The order of versions under a type of VERS. `intdot` is numbers between dots.
fn scheme(kind: &str) -> Option<Scheme> {
    match kind {
        "semver" => Some(Scheme::SemVer),
        "intdot" => Some(Scheme::Hackage),
        kind => Scheme::of_purl_type(kind),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparator {
    Equal,
    EqualSign,
    Unequal,
    Lower,
    Greater,
}

/// A comparator, whether it includes its version, and the version.
type Constraint<'a> = (Comparator, bool, &'a str);

fn constraint(part: &str) -> Option<Constraint<'_>> {
    const SIGNS: [(&str, Comparator, bool); 6] = [
        ("<=", Comparator::Lower, true),
        (">=", Comparator::Greater, true),
        ("!=", Comparator::Unequal, false),
        ("<", Comparator::Lower, false),
        (">", Comparator::Greater, false),
        ("=", Comparator::EqualSign, true),
    ];
    let signed = SIGNS
        .into_iter()
        .find_map(|(sign, comparator, includes)| Some((comparator, includes, part.strip_prefix(sign)?)));
    let (comparator, includes, version) = signed.unwrap_or((Comparator::Equal, true, part));
    let is_quoted = |at: usize| {
        version.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    let sound = !version.is_empty()
        && !version.contains(|c: char| c.is_whitespace() || c.is_control() || "<>=!*|".contains(c))
        && version.match_indices('%').all(|(at, _)| is_quoted(at));
    sound.then_some((comparator, includes, version))
}

fn fault(constraints: &[Constraint<'_>], scheme: Option<Scheme>) -> Option<RangeFault> {
    if constraints.iter().any(|one| one.0 == Comparator::EqualSign) {
        return Some(RangeFault::EqualSign);
    }
    let mut seen = HashSet::new();
    if !constraints.iter().all(|one| seen.insert(one.2)) {
        return Some(RangeFault::Repeated);
    }
    if !follow_each_other(constraints) {
        return Some(RangeFault::Comparators);
    }
    let versions: Vec<Version> =
        constraints.iter().filter_map(|one| Version::parse(scheme?, one.2)).collect();
    versions.windows(2).find_map(|pair| match pair[0].order(&pair[1])? {
        std::cmp::Ordering::Less => None,
        std::cmp::Ordering::Equal => Some(RangeFault::Repeated),
        std::cmp::Ordering::Greater => Some(RangeFault::Unsorted),
    })
}

/// Without `!=`, a version is followed by a version or a lower bound; without versions, lower and upper bounds alternate.
fn follow_each_other(constraints: &[Constraint<'_>]) -> bool {
    let equal: Vec<Comparator> =
        constraints.iter().map(|one| one.0).filter(|one| *one != Comparator::Unequal).collect();
    let bounds: Vec<Comparator> = equal.iter().copied().filter(|one| *one != Comparator::Equal).collect();
    equal.windows(2).all(|pair| pair[0] != Comparator::Equal || pair[1] != Comparator::Lower)
        && bounds.windows(2).all(|pair| pair[0] != pair[1])
}

/// 6.1.59: one version, or nothing but the version that is both the lowest and the highest.
fn is_single(constraints: &[Constraint<'_>]) -> bool {
    match constraints {
        [one] => matches!(one.0, Comparator::Equal | Comparator::EqualSign),
        [one, other] => one.2 == other.2 && one.1 && other.1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The faults and the warnings of a name.
    fn told(name: &str) -> (Vec<Kind>, usize) {
        let value = Value::from(name);
        let mut found = Found::new(10);
        check(&At::root(&value), &mut found);
        let (departures, _, warnings) = found.told();
        (departures.into_iter().map(|one| one.kind).collect(), warnings.len())
    }

    #[test]
    fn canonical_ranges_and_their_constraints_alone_are_ranges() {
        for name in [
            "vers:all/*",
            "vers:gem/>=2.2.0|!=2.2.1|<2.3.0",
            "vers:npm/1.2.3|>=2.0.0|<5.0.0",
            "vers:pypi/0.0.0|0.0.1|1.0|2.0rc1",
            "vers:intdot/<1.9|>=1.10|<2",
            "vers:deb/>=1%3A1.0",
            "<=2",
            "<V3.0.29",
            ">10.9a|!=10.9c|<=10.9k",
            "<2024-4-p1|>2024-10-p2|<2024-12-p3",
        ] {
            assert_eq!(told(name), (vec![], 0), "{name}");
        }
        assert_eq!(told("vers:tomee/>=8.0.0-M1|<=8.0.1"), (vec![], 1));
    }

    #[test]
    fn what_is_not_canonical_says_which_rule_it_breaks() {
        for (name, fault) in [
            ("all versions < 4.2.0", RangeFault::Constraint),
            ("prior to 4.2", RangeFault::Constraint),
            ("4.1 and later", RangeFault::Constraint),
            ("vers:npm/", RangeFault::Constraint),
            ("vers:npm/<1|", RangeFault::Constraint),
            ("vers:npm/<1%2", RangeFault::Constraint),
            ("vers:NPM/<1.0.0", RangeFault::Type),
            ("vers:npm", RangeFault::Type),
            ("vers:npm/*", RangeFault::AllVersions),
            ("*", RangeFault::AllVersions),
            ("vers:all/<1", RangeFault::AllVersions),
            ("vers:npm/=1.0.0|>2.0.0", RangeFault::EqualSign),
            ("vers:npm/<1.0.0|<2.0.0", RangeFault::Comparators),
            ("vers:npm/1.0.0|<2.0.0", RangeFault::Comparators),
            (">1|>=2", RangeFault::Comparators),
            ("vers:npm/>=1.0.0|!=1.0.0|<2.0.0", RangeFault::Repeated),
            ("vers:pypi/1.0|1.0.0", RangeFault::Repeated),
            ("vers:npm/<5.0.0|>=2.0.0", RangeFault::Unsorted),
            ("vers:intdot/<1.10|>1.9", RangeFault::Unsorted),
        ] {
            assert_eq!(told(name).0, [Kind::RangeRule { name: name.to_owned(), fault }], "{name}");
        }
    }

    #[test]
    fn a_single_version_is_no_range() {
        for name in ["vers:intdot/4.2.0", "4.2.0", "vers:npm/=1.0.0", "vers:npm/>=1.0.0|<=1.0.0"] {
            assert!(told(name).0.contains(&Kind::SingleVersion(name.to_owned())), "{name}");
        }
        for name in ["vers:npm/>=1.0.0|<1.0.1", "vers:npm/1.0.0|2.0.0"] {
            assert_eq!(told(name).0, [], "{name}");
        }
    }
}
