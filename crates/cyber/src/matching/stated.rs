//! Versions as CVE records state them: affected, not affected, unknown, and what holds for the rest, in the order the source names (CVE schema,
//! docs/versions.md). It asks an entry about one version; who is named by the entry was decided before.

use std::cmp::Ordering;

use super::verdict::{Affects, Clear, Reason, Verdict};
use crate::advisory::{Affected, Event, Range, RangeKind, Rest};
use crate::version::{Scheme, Version};

/// Whether a version of what an entry names is affected. `scheme` is the order of the ecosystem where one is known; makers' own otherwise.
///
/// A single version says more than a range. Of ranges that contradict each other none is believed.
pub fn judge(entry: &Affected, scheme: Option<Scheme>, version: Option<&str>) -> Verdict {
    let Some(version) = version.filter(|text| !text.is_empty()) else {
        return without_version(entry);
    };
    let listed = |versions: &[String]| versions.iter().position(|one| equal(scheme, one, version));
    if let Some(at) = listed(&entry.versions) {
        return Verdict::Affected(Affects::Listed(at));
    }
    if listed(&entry.cleared.versions).is_some() {
        return Verdict::NotAffected(Clear::OutsideVersions);
    }
    if listed(&entry.unknown.versions).is_some() {
        return Verdict::Undetermined(Reason::SourceOpen);
    }
    let told = !entry.versions.is_empty() || entry.ranges.iter().any(|range| range.kind != RangeKind::Git);
    let within = |ranges: &[Range]| holding(ranges, scheme, version, told);
    match (within(&entry.ranges), within(&entry.cleared.ranges), within(&entry.unknown.ranges)) {
        (Held::By(_), Held::Open(reason), _) | (Held::Open(reason), ..) => open(entry, reason),
        (Held::By(at), Held::No, _) => Verdict::Affected(Affects::InRange(at)),
        (Held::No, Held::By(_), _) if entry.unread => Verdict::Undetermined(Reason::PartUnread),
        (Held::No, Held::By(_), _) => Verdict::NotAffected(Clear::OutsideVersions),
        (Held::By(_), Held::By(_), _) | (_, _, Held::By(_)) => Verdict::Undetermined(Reason::SourceOpen),
        (_, Held::Open(reason), _) | (_, _, Held::Open(reason)) => open(entry, reason),
        _ => rest(entry),
    }
}

/// Something cannot be compared: that matters unless all possible answers are the same.
fn open(entry: &Affected, reason: Reason) -> Verdict {
    let only_affected = entry.rest == Rest::Affected
        && entry.cleared.ranges.is_empty()
        && entry.unknown.ranges.is_empty()
        && !entry.unread;
    if only_affected { rest(entry) } else { Verdict::Undetermined(reason) }
}

/// Everything is affected, or nothing is known.
fn without_version(entry: &Affected) -> Verdict {
    let said = |part: &crate::advisory::Cleared| !part.versions.is_empty() || !part.ranges.is_empty();
    let all = entry.rest == Rest::Affected && !said(&entry.cleared) && !said(&entry.unknown) && !entry.unread;
    if all { rest(entry) } else { Verdict::Undetermined(Reason::NoVersion) }
}

/// What holds for versions the source does not speak of.
fn rest(entry: &Affected) -> Verdict {
    match entry.rest {
        _ if entry.unread => Verdict::Undetermined(Reason::PartUnread),
        Rest::Affected => Verdict::Affected(Affects::Rest),
        Rest::NotAffected if entry.versions.is_empty() && entry.ranges.is_empty() => {
            Verdict::Undetermined(Reason::NoVersionsStated)
        }
        Rest::Unknown => Verdict::Undetermined(Reason::SourceOpen),
        Rest::NotAffected => Verdict::NotAffected(Clear::OutsideVersions),
    }
}

/// Whether one of some ranges holds a version.
enum Held {
    By(usize),
    Open(Reason),
    No,
}

fn holding(ranges: &[Range], scheme: Option<Scheme>, version: &str, told: bool) -> Held {
    let mut open = None;
    for (at, range) in ranges.iter().enumerate() {
        match in_range(range, scheme, version, told) {
            Ok(true) => return Held::By(at),
            Ok(false) => {}
            Err(reason) => open = open.or(Some(reason)),
        }
    }
    open.map_or(Held::No, Held::Open)
}

/// A range from its first event to its last. A bound that says no decides also where the other cannot be compared.
fn in_range(range: &Range, scheme: Option<Scheme>, version: &str, told: bool) -> Result<bool, Reason> {
    let order = match &range.kind {
        // Commits beside versions say the same again.
        RangeKind::Git if told => return Ok(false),
        RangeKind::Git => return Err(Reason::OnlyCommits),
        RangeKind::Maker => scheme.unwrap_or(Scheme::Maker),
        RangeKind::SemVer => Scheme::SemVer,
        RangeKind::Ecosystem => scheme.ok_or(Reason::OrderUnknown)?,
        RangeKind::Unknown(word) => of_version_type(word).ok_or(Reason::RangeKindUnknown)?,
    };
    let mut open = None;
    for event in &range.events {
        let within = match event {
            Event::Introduced(text) if text == "0" => continue,
            Event::Limit(text) if text == "*" => continue,
            Event::Introduced(text) => compared(order, version, text).map(Ordering::is_ge),
            Event::Fixed(text) | Event::Limit(text) => compared(order, version, text).map(Ordering::is_lt),
            Event::LastAffected(text) => up_to(order, version, text),
        };
        match within {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            Err(reason) => open = open.or(Some(reason)),
        }
    }
    open.map_or(Ok(true), Err)
}

/// `6.1.*` holds 6.1 and everything that begins so (CVE schema, docs/versions.md).
fn up_to(scheme: Scheme, version: &str, bound: &str) -> Result<bool, Reason> {
    match bound.strip_suffix(".*") {
        Some(start) if version.strip_prefix(start).is_some_and(|rest| rest.starts_with('.')) => Ok(true),
        Some(start) => compared(scheme, version, start).map(Ordering::is_le),
        None => compared(scheme, version, bound).map(Ordering::is_le),
    }
}

fn compared(scheme: Scheme, version: &str, bound: &str) -> Result<Ordering, Reason> {
    if version == bound {
        return Ok(Ordering::Equal);
    }
    let own = Version::parse(scheme, version).ok_or(Reason::VersionUnreadable)?;
    let bound = Version::parse(scheme, bound).ok_or(Reason::BoundUnreadable)?;
    own.order(&bound).ok_or(Reason::ShapesDiffer)
}

fn equal(scheme: Option<Scheme>, one: &str, version: &str) -> bool {
    let order = || crate::version::order(scheme.unwrap_or(Scheme::Maker), one, version);
    one.eq_ignore_ascii_case(version) || order() == Some(Ordering::Equal)
}

/// The orders CVE records name (`versionType`).
fn of_version_type(word: &str) -> Option<Scheme> {
    Some(match word.to_ascii_lowercase().as_str() {
        "maven" => Scheme::Maven,
        "npm" => Scheme::Npm,
        "python" | "pypi" | "pep440" => Scheme::PyPI,
        "rpm" => Scheme::Rpm,
        "deb" | "dpkg" | "debian" => Scheme::Debian,
        "apk" | "alpine" => Scheme::Alpine,
        "gem" | "ruby" | "rubygems" => Scheme::RubyGems,
        "nuget" => Scheme::NuGet,
        "go" | "golang" => Scheme::Go,
        "composer" | "packagist" => Scheme::Composer,
        // The Linux kernel's own word, beside numbers of its releases.
        "hex" | "cargo" | "original_commit_for_fix" => Scheme::SemVer,
        "date" => Scheme::Maker,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::cve::read_json;

    const IN_RANGE: Verdict = Verdict::Affected(Affects::InRange(0));
    const CLEAR: Verdict = Verdict::NotAffected(Clear::OutsideVersions);
    const REST: Verdict = Verdict::Affected(Affects::Rest);

    fn entry(members: &str) -> Affected {
        let text = format!(
            r#"{{"cveMetadata": {{"cveId": "CVE-1", "state": "PUBLISHED"}}, "containers": {{"cna": {{"affected": [
                {{"vendor": "v", "product": "p", {members}}}]}}}}}}"#
        );
        read_json(text.as_bytes()).unwrap().value.affected.remove(0)
    }

    fn table(members: &str, rows: &[(&str, Verdict)]) {
        let entry = entry(members);
        for (version, expected) in rows {
            assert_eq!(judge(&entry, None, Some(version)), *expected, "{members} {version}");
        }
    }

    #[test]
    fn a_change_inside_a_range_holds_from_its_version_on() {
        table(
            r#""defaultStatus": "unaffected", "versions": [{"version": "1.0", "status": "affected", "lessThan": "3.0", "versionType": "custom",
                "changes": [{"at": "1.5", "status": "unaffected"}, {"at": "2.0", "status": "affected"}]}]"#,
            &[
                ("0.9", CLEAR),
                ("1.0", IN_RANGE),
                ("1.5", CLEAR),
                ("2.0", Verdict::Affected(Affects::InRange(1))),
                ("3.0", CLEAR),
                ("R2.0", Verdict::Undetermined(Reason::ShapesDiffer)),
                ("next", Verdict::Undetermined(Reason::VersionUnreadable)),
            ],
        );
    }

    #[test]
    fn what_is_not_spoken_of_is_as_the_default_says() {
        for (default, expected) in [
            (r#""defaultStatus": "affected","#, REST),
            (r#""defaultStatus": "unaffected","#, CLEAR),
            (r#""defaultStatus": "unknown","#, Verdict::Undetermined(Reason::SourceOpen)),
            ("", Verdict::Undetermined(Reason::SourceOpen)),
        ] {
            let versions = r#""versions": [{"version": "1", "status": "affected"}, {"version": "2", "status": "unaffected"}]"#;
            table(
                &format!("{default} {versions}"),
                &[("1.0", Verdict::Affected(Affects::Listed(0))), ("2", CLEAR), ("3", expected)],
            );
        }
    }

    #[test]
    fn the_kernels_way_of_clearing_series_is_understood() {
        table(
            r#""defaultStatus": "affected", "versions": [
                {"version": "5.4", "status": "affected"},
                {"version": "0", "lessThan": "5.4", "status": "unaffected", "versionType": "semver"},
                {"version": "5.10.200", "lessThanOrEqual": "5.10.*", "status": "unaffected", "versionType": "semver"},
                {"version": "6.7", "lessThanOrEqual": "*", "status": "unaffected", "versionType": "original_commit_for_fix"}]"#,
            &[
                ("5.3.9", CLEAR),
                ("5.4", Verdict::Affected(Affects::Listed(0))),
                ("5.10.200", CLEAR),
                ("5.10.250", CLEAR),
                ("5.10.199", REST),
                ("6.6.99", REST),
                ("6.7", CLEAR),
                ("7.0-rc1", CLEAR),
            ],
        );
    }

    #[test]
    fn contradictions_and_missing_versions_are_undetermined() {
        let both = r#""defaultStatus": "unaffected", "versions": [
            {"version": "1", "lessThan": "3", "status": "affected"}, {"version": "2", "lessThan": "4", "status": "unaffected"}]"#;
        table(both, &[("1", IN_RANGE), ("2.5", Verdict::Undetermined(Reason::SourceOpen)), ("3", CLEAR)]);
        assert_eq!(judge(&entry(both), None, None), Verdict::Undetermined(Reason::NoVersion));
        assert_eq!(judge(&entry(r#""defaultStatus": "affected""#), None, None), REST);
        table(
            r#""versions": [{"version": "abc", "lessThan": "def", "status": "affected", "versionType": "git"}]"#,
            &[("1", Verdict::Undetermined(Reason::OnlyCommits))],
        );
    }

    #[test]
    fn the_order_the_source_names_is_used() {
        let of = |kind: &str| {
            format!(
                r#""defaultStatus": "unaffected", "versions": [{{"version": "0", "lessThan": "1.0rc1", "status": "affected", "versionType": "{kind}"}}]"#
            )
        };
        table(&of("python"), &[("1.0b2", IN_RANGE), ("1.0", CLEAR)]);
        table(&of("custom"), &[("1.0b2", Verdict::Undetermined(Reason::ShapesDiffer)), ("1.0", CLEAR)]);
        table(&of("odd"), &[("1.0", Verdict::Undetermined(Reason::RangeKindUnknown))]);
    }
}
