//! The evaluation of OSV, step by step as its schema's section "Evaluation" states it, in the true order of each ecosystem, with a third
//! answer where the text presumes what is not known (a version that can be compared, a repository at hand).

use std::cmp::Ordering;

use super::entry::{Entry, Events, Judged, Kind, read_judged, written};
use super::package::{Package, Relation, base};
use super::verdict::{Affects, Clear, Reason, Step, Verdict};
use crate::advisory::{Advisory, Affected};
use crate::index::cursor::Cursor;
use crate::version::Scheme;

/// One entry of an advisory, its versions parsed and its events sorted once.
#[derive(Clone, Debug)]
pub struct Prepared {
    bytes: Box<[u8]>,
}

impl Prepared {
    /// Prepares an entry; `None` when it names no package of an ecosystem.
    pub fn of(advisory: &Advisory, affected: &Affected) -> Option<Self> {
        written(advisory, affected).map(|bytes| Self { bytes: bytes.into_boxed_slice() })
    }

    /// The ecosystem without suffix and the name in its normal form: what an index looks up.
    pub fn package(&self) -> (&str, &str) {
        Entry::of(&self.bytes).map_or(("", ""), |entry| (base(entry.ecosystem()), entry.name()))
    }

    /// Whether and why the entry reaches the package.
    pub fn judge(&self, package: &Package) -> Verdict {
        Entry::of(&self.bytes).and_then(|entry| judge(&entry, package)).unwrap_or(UNREADABLE)
    }

    /// The verdict with every step on the way.
    pub fn explain(&self, package: &Package) -> (Verdict, Vec<Step>) {
        let explained = Entry::of(&self.bytes).and_then(|entry| explain(&entry, package));
        explained.unwrap_or((UNREADABLE, Vec::new()))
    }
}

/// What was prepared here can be read; were it not so, that would be no *no*.
const UNREADABLE: Verdict = Verdict::Undetermined(Reason::PartUnread);

/// Whether and why an entry reaches the package; `None` when its bytes are damaged.
pub(super) fn judge(entry: &Entry<'_>, package: &Package) -> Option<Verdict> {
    judge_telling(entry, package, &mut |_| {})
}

/// The verdict with every step on the way.
pub(super) fn explain(entry: &Entry<'_>, package: &Package) -> Option<(Verdict, Vec<Step>)> {
    let mut steps = Vec::new();
    let verdict = judge_telling(entry, package, &mut |step| steps.push(step))?;
    Some((verdict, steps))
}

fn judge_telling(entry: &Entry<'_>, package: &Package, tell: &mut impl FnMut(Step)) -> Option<Verdict> {
    if entry.name() != package.name() {
        return Some(Verdict::NotAffected(Clear::NotNamed));
    }
    let relation = package.relation(entry.ecosystem());
    if relation == Relation::Other {
        return Some(Verdict::NotAffected(Clear::NotNamed));
    }
    if entry.is_withdrawn() {
        return Some(Verdict::NotAffected(Clear::Withdrawn));
    }
    Some(match judge_version(entry, package, tell)? {
        // The version would be reached, were it this release or repository.
        Verdict::Affected(_) | Verdict::Undetermined(_) if relation == Relation::ReleaseUnknown => {
            Verdict::Undetermined(Reason::ReleaseUnknown)
        }
        Verdict::Affected(_) | Verdict::Undetermined(_) if relation == Relation::OtherRepository => {
            Verdict::Undetermined(Reason::OtherRepository)
        }
        verdict => verdict,
    })
}

fn judge_version(entry: &Entry<'_>, package: &Package, tell: &mut impl FnMut(Step)) -> Option<Verdict> {
    let Some(text) = package.version() else { return Some(Verdict::Undetermined(Reason::NoVersion)) };
    if text == "(devel)" {
        return Some(Verdict::Undetermined(Reason::BuiltFromTree));
    }
    let version = entry.comparable(package.parsed());
    let mut cursor = entry.versions();
    let of = cursor.number()? as usize;
    // OSV: `IncludedInVersions`. Versions are equal as texts or in the order of their ecosystem.
    for at in 0..of {
        let (listed, key) = (cursor.bytes()?, cursor.key()?);
        if listed == text.as_bytes() || (key.is_some() && key == version) {
            tell(Step::Listed { equal: Some(at), of });
            return Some(Verdict::Affected(Affects::Listed(at)));
        }
    }
    tell(Step::Listed { equal: None, of });
    let ranges = cursor.number()? as usize;
    let mut open = open_without_ranges(entry, package, of + ranges == 0);
    for range in 0..ranges {
        let judged = match read_judged(&mut cursor)? {
            Judged::Ordered(events) => {
                let (judged, next) = judge_range(range, events, version, tell)?;
                cursor = next;
                judged
            }
            Judged::Repeated => {
                tell(Step::RangeSkipped { range, reason: None });
                Ok(false)
            }
            Judged::Unjudged(reason) => {
                tell(Step::RangeSkipped { range, reason: Some(reason) });
                Err(reason)
            }
        };
        match judged {
            Ok(true) => return Some(Verdict::Affected(Affects::InRange(range))),
            Ok(false) => {}
            Err(reason) => open = open.or(Some(reason)),
        }
    }
    Some(open.map_or(Verdict::NotAffected(Clear::OutsideVersions), Verdict::Undetermined))
}

/// What leaves the answer open whatever the ranges say.
fn open_without_ranges(entry: &Entry<'_>, package: &Package, says_nothing: bool) -> Option<Reason> {
    if entry.is_unread() {
        Some(Reason::PartUnread)
    } else if says_nothing {
        Some(Reason::NoVersionsStated)
    } else if package.parsed().is_none() && Scheme::of_ecosystem(package.ecosystem()).is_some() {
        Some(Reason::VersionUnreadable)
    } else {
        None
    }
}

/// OSV: one turn of `IncludedInRanges`; with it, where the next range begins.
fn judge_range<'a>(
    range: usize,
    mut events: Events<'a>,
    version: Option<&[u8]>,
    tell: &mut impl FnMut(Step),
) -> Option<(Result<bool, Reason>, Cursor<'a>)> {
    let (mut limited, mut before) = (false, false);
    let next = events.limits(|limit| {
        limited = true;
        before |= version.is_some_and(|version| version < limit);
    })?;
    let Some(version) = version else {
        tell(Step::RangeSkipped { range, reason: Some(Reason::VersionUnreadable) });
        return Some((Err(Reason::VersionUnreadable), next));
    };
    if limited {
        tell(Step::Limits { range, before });
        if !before {
            return Some((Ok(false), next));
        }
    }
    let mut affected = false;
    while let Some(bound) = events.next()? {
        let order = bound.at.map_or(Ordering::Greater, |at| version.cmp(at));
        match bound.kind {
            Kind::Introduced if order.is_ge() => affected = true,
            Kind::Fixed if order.is_ge() => affected = false,
            Kind::LastAffected if order.is_gt() => affected = false,
            _ => {}
        }
        tell(Step::Event { range, event: bound.place, order, affected });
    }
    Some((Ok(affected), next))
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
