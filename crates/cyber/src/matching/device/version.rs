//! What an entry in words says of a device's version. Makers' numbers are ordered only where every reading of them agrees
//! (`Scheme::Maker`); where they are not, the answer is open.

use std::cmp::Ordering;

use crate::advisory::{Advisory, Affected, Event, Range, Rest, told};
use crate::matching::verdict::{Affects, Clear, Reason, Verdict};
use crate::version::{Scheme, Version, order};

/// Whether the version is among those an entry speaks of.
pub fn judge(advisory: &Advisory, entry: &Affected, version: Option<&str>) -> Verdict {
    if advisory.withdrawn.is_some() {
        return Verdict::NotAffected(Clear::Withdrawn);
    }
    let Some(version) = version.map(str::trim).filter(|version| !version.is_empty()) else {
        return Verdict::Undetermined(Reason::NoVersion);
    };
    let found = listed(entry, version).or_else(|| in_ranges(entry, version));
    match found {
        Some(Ok(_)) if !told::narrowed(entry).is_empty() => {
            Verdict::Undetermined(Reason::SurroundingsUnknown)
        }
        Some(Ok(affects)) => Verdict::Affected(affects),
        Some(Err(Open::Cleared)) => Verdict::NotAffected(Clear::OutsideVersions),
        Some(Err(Open::Because(reason))) => Verdict::Undetermined(reason),
        None => outside(entry),
    }
}

enum Open {
    /// The entry says that this version is not affected.
    Cleared,
    Because(Reason),
}

/// What is concluded where no version of the entry is the device's.
fn outside(entry: &Affected) -> Verdict {
    if entry.unread || entry.rest == Rest::Unknown {
        Verdict::Undetermined(Reason::PartUnread)
    } else if entry.ranges.is_empty() && entry.versions.is_empty() || entry.rest == Rest::Affected {
        Verdict::Undetermined(Reason::NoVersionsStated)
    } else {
        Verdict::NotAffected(Clear::OutsideVersions)
    }
}

fn is_equal(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || order(Scheme::Maker, left, right) == Some(Ordering::Equal)
}

fn listed(entry: &Affected, version: &str) -> Option<Result<Affects, Open>> {
    if entry.cleared.versions.iter().any(|text| is_equal(text, version)) {
        return Some(Err(Open::Cleared));
    }
    if entry.cleared.ranges.iter().any(|range| within(range, version) == Ok(true)) {
        return Some(Err(Open::Cleared));
    }
    entry.versions.iter().position(|text| is_equal(text, version)).map(|at| Ok(Affects::Listed(at)))
}

fn in_ranges(entry: &Affected, version: &str) -> Option<Result<Affects, Open>> {
    let mut open = None;
    for (at, range) in entry.ranges.iter().enumerate() {
        match within(range, version) {
            Ok(true) => return Some(Ok(Affects::InRange(at))),
            Ok(false) => {}
            Err(reason) => open = open.or(Some(reason)),
        }
    }
    // A listed text of another shape (a model, a build) says nothing of this version.
    let shapes = entry.versions.iter().any(|text| !same_shape(text, version));
    let open = open.or(shapes.then_some(Reason::OrderUnknown));
    open.map(|reason| Err(Open::Because(reason)))
}

/// Whether two texts can be told apart as versions: their order is known, and both are numbers with points or both are not.
fn same_shape(left: &str, right: &str) -> bool {
    order(Scheme::Maker, left, right).is_some() && left.contains('.') == right.contains('.')
}

/// Whether a version lies in a range: from each `introduced` to the next `fixed` or `last_affected`.
fn within(range: &Range, version: &str) -> Result<bool, Reason> {
    let mut open = None;
    let mut from: Option<&str> = None;
    for event in &range.events {
        let to = match event {
            Event::Introduced(text) => {
                from = Some(text);
                continue;
            }
            Event::Fixed(text) => side(version, text).map(Ordering::is_lt),
            Event::LastAffected(text) => side(version, text).map(Ordering::is_le),
            Event::Limit(_) => continue,
        };
        match both(lower(from.take(), version), to) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => open = Some(reason),
        }
    }
    // A last `introduced` without an end.
    if from.is_some() {
        match lower(from, version) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(reason) => open = Some(reason),
        }
    }
    open.map_or(Ok(false), Err)
}

fn lower(from: Option<&str>, version: &str) -> Result<bool, Reason> {
    match from {
        None | Some("0") => Ok(true),
        Some(text) => side(version, text).map(Ordering::is_ge),
    }
}

/// No on one side is no; an open side leaves it open.
fn both(left: Result<bool, Reason>, right: Result<bool, Reason>) -> Result<bool, Reason> {
    match (left, right) {
        (Ok(false), _) | (_, Ok(false)) => Ok(false),
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
        _ => Ok(true),
    }
}

/// How a version stands to a bound, or why that is not known.
fn side(version: &str, bound: &str) -> Result<Ordering, Reason> {
    if version.eq_ignore_ascii_case(bound) {
        return Ok(Ordering::Equal);
    }
    let ours = Version::parse(Scheme::Maker, version).ok_or(Reason::VersionUnreadable)?;
    let theirs = Version::parse(Scheme::Maker, bound).ok_or(Reason::BoundUnreadable)?;
    ours.order(&theirs).ok_or(Reason::OrderUnknown)
}
