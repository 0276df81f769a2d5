//! The evaluation of OSV, step by step as its schema's section "Evaluation" states it, in the true order of each ecosystem, with a third
//! answer where the text presumes what is not known (a version that can be compared, a repository at hand).

use std::cmp::Ordering;

use super::package::{Package, Relation, base, normal_name};
use super::verdict::{Affects, Clear, Reason, Step, Verdict};
use crate::advisory::{Advisory, Affected, Event, Named, Range, RangeKind};
use crate::version::{Scheme, Version};

/// One entry of an advisory, its versions parsed and its events sorted once.
#[derive(Clone, Debug)]
pub struct Prepared {
    ecosystem: String,
    name: String,
    withdrawn: bool,
    unread: bool,
    listed: Vec<(String, Option<Version>)>,
    ranges: Vec<PreparedRange>,
}

#[derive(Clone, Debug)]
enum PreparedRange {
    /// Events in the order of versions, each with its place in the record, and the limits apart.
    Ordered {
        events: Vec<(Bound, usize)>,
        limits: Limits,
    },
    /// Commits: they say again what the list or another range says.
    Repeated,
    Unjudged(Reason),
}

#[derive(Clone, Debug)]
struct Bound {
    /// `None` stands before every version.
    at: Option<Version>,
    kind: BoundKind,
}

#[derive(Clone, Copy, Debug)]
enum BoundKind {
    Introduced,
    Fixed,
    LastAffected,
}

#[derive(Clone, Debug)]
enum Limits {
    Infinite,
    Before(Vec<Version>),
}

impl Prepared {
    /// Prepares an entry; `None` when it names no package of an ecosystem.
    pub fn of(advisory: &Advisory, affected: &Affected) -> Option<Self> {
        let Named::Package { ecosystem, name, .. } = &affected.name else { return None };
        let scheme = Scheme::of_ecosystem(ecosystem);
        let parse = |text: &String| scheme.and_then(|scheme| Version::parse(scheme, text));
        let told =
            !affected.versions.is_empty() || affected.ranges.iter().any(|range| range.kind != RangeKind::Git);
        Some(Self {
            ecosystem: ecosystem.clone(),
            name: normal_name(base(ecosystem), name),
            withdrawn: advisory.withdrawn.is_some(),
            unread: affected.unread,
            listed: affected.versions.iter().map(|text| (text.clone(), parse(text))).collect(),
            ranges: affected.ranges.iter().map(|range| prepared_range(range, scheme, told)).collect(),
        })
    }

    /// The ecosystem without suffix and the name in its normal form: what an index looks up.
    pub fn package(&self) -> (&str, &str) {
        (base(&self.ecosystem), &self.name)
    }

    /// Whether and why the entry reaches the package.
    pub fn judge(&self, package: &Package) -> Verdict {
        self.judge_telling(package, &mut |_| {})
    }

    /// The verdict with every step on the way.
    pub fn explain(&self, package: &Package) -> (Verdict, Vec<Step>) {
        let mut steps = Vec::new();
        let verdict = self.judge_telling(package, &mut |step| steps.push(step));
        (verdict, steps)
    }

    fn judge_telling(&self, package: &Package, tell: &mut impl FnMut(Step)) -> Verdict {
        if self.name != package.name() {
            return Verdict::NotAffected(Clear::NotNamed);
        }
        let relation = package.relation(&self.ecosystem);
        if relation == Relation::Other {
            return Verdict::NotAffected(Clear::NotNamed);
        }
        if self.withdrawn {
            return Verdict::NotAffected(Clear::Withdrawn);
        }
        match self.judge_version(package, tell) {
            // The version would be reached, were it this release or repository.
            Verdict::Affected(_) | Verdict::Undetermined(_) if relation == Relation::ReleaseUnknown => {
                Verdict::Undetermined(Reason::ReleaseUnknown)
            }
            Verdict::Affected(_) | Verdict::Undetermined(_) if relation == Relation::OtherRepository => {
                Verdict::Undetermined(Reason::OtherRepository)
            }
            verdict => verdict,
        }
    }

    fn judge_version(&self, package: &Package, tell: &mut impl FnMut(Step)) -> Verdict {
        let Some(text) = package.version() else { return Verdict::Undetermined(Reason::NoVersion) };
        if text == "(devel)" {
            return Verdict::Undetermined(Reason::BuiltFromTree);
        }
        let equal = self.listed_at(text, package.parsed());
        tell(Step::Listed { equal, of: self.listed.len() });
        if let Some(at) = equal {
            return Verdict::Affected(Affects::Listed(at));
        }
        let mut open = self.open_without_ranges(package);
        for (range, prepared) in self.ranges.iter().enumerate() {
            match judge_range(range, prepared, package.parsed(), tell) {
                Ok(true) => return Verdict::Affected(Affects::InRange(range)),
                Ok(false) => {}
                Err(reason) => open = open.or(Some(reason)),
            }
        }
        open.map_or(Verdict::NotAffected(Clear::OutsideVersions), Verdict::Undetermined)
    }

    /// OSV: `IncludedInVersions`. Versions are equal as texts or in the order of their ecosystem.
    fn listed_at(&self, text: &str, parsed: Option<&Version>) -> Option<usize> {
        let equal = |(listed, version): &(String, Option<Version>)| {
            listed == text || (version.is_some() && version.as_ref() == parsed)
        };
        self.listed.iter().position(equal)
    }

    /// What leaves the answer open whatever the ranges say.
    fn open_without_ranges(&self, package: &Package) -> Option<Reason> {
        if self.unread {
            Some(Reason::PartUnread)
        } else if self.listed.is_empty() && self.ranges.is_empty() {
            Some(Reason::NoVersionsStated)
        } else if package.parsed().is_none() && Scheme::of_ecosystem(package.ecosystem()).is_some() {
            Some(Reason::VersionUnreadable)
        } else {
            None
        }
    }
}

fn prepared_range(range: &Range, scheme: Option<Scheme>, told_otherwise: bool) -> PreparedRange {
    let scheme = match range.kind {
        RangeKind::Git if told_otherwise => return PreparedRange::Repeated,
        RangeKind::Git => return PreparedRange::Unjudged(Reason::OnlyCommits),
        RangeKind::Unknown(_) => return PreparedRange::Unjudged(Reason::RangeKindUnknown),
        RangeKind::Maker => return PreparedRange::Unjudged(Reason::OrderUnknown),
        RangeKind::Ecosystem | RangeKind::SemVer => scheme,
    };
    let Some(scheme) = scheme else { return PreparedRange::Unjudged(Reason::OrderUnknown) };
    match (events_of(range, scheme), limits_of(range, scheme)) {
        (Some(events), Some(limits)) => PreparedRange::Ordered { events, limits },
        _ => PreparedRange::Unjudged(Reason::BoundUnreadable),
    }
}

/// OSV: `sorted(range.events)`; events at the same version keep the order of the record.
fn events_of(range: &Range, scheme: Scheme) -> Option<Vec<(Bound, usize)>> {
    let mut events = Vec::with_capacity(range.events.len());
    for (place, event) in range.events.iter().enumerate() {
        let kind = match event {
            Event::Introduced(_) => BoundKind::Introduced,
            Event::Fixed(_) => BoundKind::Fixed,
            Event::LastAffected(_) => BoundKind::LastAffected,
            Event::Limit(_) => continue,
        };
        let first = matches!(event, Event::Introduced(text) if text == "0");
        let at = if first { None } else { Some(Version::parse(scheme, event.version())?) };
        events.push((Bound { at, kind }, place));
    }
    events.sort_by(|(left, _), (right, _)| left.at.cmp(&right.at));
    Some(events)
}

fn limits_of(range: &Range, scheme: Scheme) -> Option<Limits> {
    let mut versions = Vec::new();
    let mut infinite = true;
    for event in &range.events {
        match event {
            Event::Limit(text) if text == "*" => return Some(Limits::Infinite),
            Event::Limit(text) => {
                infinite = false;
                versions.push(Version::parse(scheme, text)?);
            }
            _ => {}
        }
    }
    Some(if infinite { Limits::Infinite } else { Limits::Before(versions) })
}

/// OSV: one turn of `IncludedInRanges`.
fn judge_range(
    range: usize,
    prepared: &PreparedRange,
    version: Option<&Version>,
    tell: &mut impl FnMut(Step),
) -> Result<bool, Reason> {
    let (events, limits) = match prepared {
        PreparedRange::Ordered { events, limits } => (events, limits),
        PreparedRange::Repeated => {
            tell(Step::RangeSkipped { range, reason: None });
            return Ok(false);
        }
        PreparedRange::Unjudged(reason) => {
            tell(Step::RangeSkipped { range, reason: Some(*reason) });
            return Err(*reason);
        }
    };
    let Some(version) = version else {
        tell(Step::RangeSkipped { range, reason: Some(Reason::VersionUnreadable) });
        return Err(Reason::VersionUnreadable);
    };
    if let Limits::Before(limits) = limits {
        let before = limits.iter().any(|limit| version < limit);
        tell(Step::Limits { range, before });
        if !before {
            return Ok(false);
        }
    }
    let mut affected = false;
    for (bound, event) in events {
        let order = bound.at.as_ref().map_or(Ordering::Greater, |at| version.cmp(at));
        match bound.kind {
            BoundKind::Introduced if order.is_ge() => affected = true,
            BoundKind::Fixed if order.is_ge() => affected = false,
            BoundKind::LastAffected if order.is_gt() => affected = false,
            _ => {}
        }
        tell(Step::Event { range, event: *event, order, affected });
    }
    Ok(affected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::osv::read_json;

    /// The verdict on a version of the package `a` on PyPI, given the members of one `affected` entry.
    fn judged(members: &str, version: Option<&str>) -> Verdict {
        judged_in("PyPI", members, version)
    }

    fn judged_in(ecosystem: &str, members: &str, version: Option<&str>) -> Verdict {
        let text = format!(
            r#"{{"id": "X", "modified": "m", "affected": [{{"package": {{"ecosystem": "{ecosystem}", "name": "a"}}, {members}}}]}}"#
        );
        let advisory = read_json(text.as_bytes()).unwrap().value;
        let prepared = Prepared::of(&advisory, &advisory.affected[0]).unwrap();
        prepared.judge(&Package::new(ecosystem, "a", version))
    }

    const IN_RANGE: Verdict = Verdict::Affected(Affects::InRange(0));
    const OUTSIDE: Verdict = Verdict::NotAffected(Clear::OutsideVersions);

    #[test]
    fn events_are_evaluated_in_the_order_of_versions_not_of_the_record() {
        let events = r#""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "2.0"}, {"fixed": "2.5"},
            {"fixed": "1.10"}, {"introduced": "0"}]}]"#;
        for (version, expected) in [
            ("0.1", IN_RANGE),
            ("1.9", IN_RANGE),
            ("1.10", OUTSIDE),
            ("2.0rc1", OUTSIDE),
            ("2.0", IN_RANGE),
            ("2.5", OUTSIDE),
        ] {
            assert_eq!(judged(events, Some(version)), expected, "{version}");
        }
    }

    #[test]
    fn the_last_affected_version_is_affected_and_a_limit_bounds_the_range() {
        let last =
            r#""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"last_affected": "2"}]}]"#;
        assert_eq!(judged(last, Some("2.0")), IN_RANGE);
        assert_eq!(judged(last, Some("2.0.post1")), OUTSIDE);
        let limit = r#""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"limit": "3"}]}]"#;
        assert_eq!(judged(limit, Some("2.9")), IN_RANGE);
        assert_eq!(judged(limit, Some("3")), OUTSIDE);
        let endless = r#""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"limit": "*"}]}]"#;
        assert_eq!(judged(endless, Some("999")), IN_RANGE);
    }

    #[test]
    fn what_cannot_be_compared_is_undetermined() {
        let all = r#""ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]"#;
        let undetermined = Verdict::Undetermined;
        assert_eq!(judged(all, None), undetermined(Reason::NoVersion));
        assert_eq!(judged(all, Some("")), undetermined(Reason::NoVersion));
        assert_eq!(judged_in("Go", all, Some("(devel)")), undetermined(Reason::BuiltFromTree));
        assert_eq!(judged_in("crates.io", all, Some("main")), undetermined(Reason::VersionUnreadable));
        assert_eq!(judged_in("Android", all, Some("14")), undetermined(Reason::OrderUnknown));
        assert_eq!(judged(r#""versions": []"#, Some("1")), undetermined(Reason::NoVersionsStated));
        let commits = r#""ranges": [{"type": "GIT", "repo": "r", "events": [{"introduced": "0"}]}]"#;
        assert_eq!(judged(commits, Some("1")), undetermined(Reason::OnlyCommits));
        assert_eq!(judged(&format!(r#"{commits}, "versions": ["2"]"#), Some("1")), OUTSIDE);
        let odd = r#""ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "next"}]}]"#;
        assert_eq!(judged_in("npm", odd, Some("1.0.0")), undetermined(Reason::BoundUnreadable));
        assert_eq!(judged(r#""versions": ["2", 3]"#, Some("1")), undetermined(Reason::PartUnread));
    }

    #[test]
    fn a_listed_version_is_affected_even_where_no_order_is_known() {
        assert_eq!(
            judged_in("Android", r#""versions": ["13", "14"]"#, Some("14")),
            Verdict::Affected(Affects::Listed(1))
        );
        assert_eq!(judged(r#""versions": ["1.0"]"#, Some("1.0.0")), Verdict::Affected(Affects::Listed(0)));
        assert_eq!(judged_in("Android", r#""versions": ["13"]"#, Some("14")), OUTSIDE);
    }

    #[test]
    fn every_comparison_is_told() {
        let text = r#"{"id": "X", "modified": "m", "affected": [{"package": {"ecosystem": "PyPI", "name": "a"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "2"}, {"introduced": "0"}]}]}]}"#;
        let advisory = read_json(text.as_bytes()).unwrap().value;
        let prepared = Prepared::of(&advisory, &advisory.affected[0]).unwrap();
        let (verdict, steps) = prepared.explain(&Package::new("PyPI", "A", Some("1")));
        assert_eq!(verdict, IN_RANGE);
        assert_eq!(
            steps,
            [
                Step::Listed { equal: None, of: 0 },
                Step::Event { range: 0, event: 1, order: Ordering::Greater, affected: true },
                Step::Event { range: 0, event: 0, order: Ordering::Less, affected: true },
            ]
        );
    }
}
