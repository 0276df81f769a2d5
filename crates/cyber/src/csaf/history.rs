//! The version of a document and its revision history (6.1.14, 6.1.16 to 6.1.22 and 6.1.30).

use std::collections::HashSet;

use super::Edition;
use super::departure::{DepartureKind as Kind, Found};
use super::products::twice;
use super::revision::{Revision, follows, number, successor};
use super::view::At;
use crate::document::moment::Moment;

/// An item of the history: its date, its number and where that stands.
struct Item<'a> {
    date: Moment,
    number: Revision<'a>,
    at: At<'a>,
}

/// Looks at version, status and history.
pub(super) fn check(root: &At<'_>, edition: Edition, found: &mut Found) {
    let Some(tracking) = root.at(&["document", "tracking"]) else { return };
    let items = sorted(&tracking);
    ascending(&items, found);
    let version = tracking.get("version");
    let number = version.as_ref().and_then(|at| Some((at, Revision::of(at.value.as_str()?)?)));
    let status = tracking.text("status").unwrap_or_default();
    if let Some((at, number)) = &number {
        latest(at, number, &items, status, found);
        status_fits(at, number, status, found);
    }
    let released = matches!(status, "final" | "interim");
    for (at, number) in numbers(&tracking) {
        if released && number.is_before_release() {
            found.tell(&at, Kind::UnreleasedRevision(number.text.to_owned()));
        }
        if number.is_pre_release() {
            found.tell(&at, Kind::PreReleaseRevision(number.text.to_owned()));
        }
    }
    nothing_left_out(&items, edition, found);
    twice(tracking.list("revision_history").filter_map(|one| one.get("number")), Kind::RevisionTwice, found);
    counted_alike(numbers(&tracking).chain(number.map(|(at, number)| (at.clone(), number))), found);
}

/// The numbers of the history, as the document lists them.
fn numbers<'a>(tracking: &At<'a>) -> impl Iterator<Item = (At<'a>, Revision<'a>)> + use<'a> {
    let numbers = tracking.list("revision_history").filter_map(|one| one.get("number"));
    numbers.filter_map(|at| Some((at.clone(), Revision::of(at.value.as_str()?)?)))
}

/// The history by date; items of one date by their number, as any order of theirs is ascending by date.
fn sorted<'a>(tracking: &At<'a>) -> Vec<Item<'a>> {
    let item = |one: At<'a>| {
        let at = one.get("number")?;
        let number = Revision::of(at.value.as_str()?)?;
        Some(Item { date: Moment::of(one.text("date")?)?, number, at })
    };
    let mut items: Vec<Item<'a>> = tracking.list("revision_history").filter_map(item).collect();
    items.sort_by(|one, other| one.date.cmp(&other.date).then_with(|| one.number.order(&other.number)));
    items
}

/// 6.1.14.
fn ascending(items: &[Item<'_>], found: &mut Found) {
    for (before, after) in items.iter().zip(items.iter().skip(1)) {
        if before.number.order(&after.number).is_gt() {
            let (number, before) = (after.number.text.to_owned(), before.number.text.to_owned());
            found.tell(&after.at, Kind::Unsorted { number, before });
        }
    }
}

/// 6.1.16: build metadata does not count, nor pre-release parts while the document is a draft.
fn latest(at: &At<'_>, version: &Revision<'_>, items: &[Item<'_>], status: &str, found: &mut Found) {
    let Some(last) = items.last().map(|item| &item.number) else { return };
    let order = if status == "draft" { version.release_order(last) } else { version.order(last) };
    if order.is_ne() || version.is_integer != last.is_integer {
        let (version, last) = (version.text.to_owned(), last.text.to_owned());
        found.tell(at, Kind::NotLatest { version, last });
    }
}

/// 6.1.17 and 6.1.20.
fn status_fits(at: &At<'_>, version: &Revision<'_>, status: &str, found: &mut Found) {
    if status != "draft" && (version.is_before_release() || version.is_pre_release()) {
        found.tell(at, Kind::DraftVersion(version.text.to_owned()));
    }
    if matches!(status, "final" | "interim") && version.is_pre_release() {
        found.tell(at, Kind::PreReleaseVersion(version.text.to_owned()));
    }
}

/// 6.1.21: of semantic versions only the major one is looked at. 2.1 asks for another message where the number stands elsewhere.
fn nothing_left_out(items: &[Item<'_>], edition: Edition, found: &mut Found) {
    let bare = |digits: &str| digits.trim_start_matches('0').to_owned();
    let all: HashSet<String> = items.iter().map(|item| bare(item.number.major())).collect();
    if let Some(first) = items.first()
        && number(first.number.major(), "1").is_gt()
    {
        found.tell(&first.at, Kind::FirstRevision(first.number.text.to_owned()));
    }
    for (before, after) in items.iter().zip(items.iter().skip(1)) {
        if !follows(before.number.major(), after.number.major()) {
            let is_elsewhere = all.contains(&bare(&successor(before.number.major())));
            let number = after.number.text.to_owned();
            let kind = match edition {
                Edition::V21 if is_elsewhere => Kind::MisplacedRevision(number),
                _ => Kind::MissingRevision(number),
            };
            found.tell(&after.at, kind);
        }
    }
}

/// 6.1.30: all as the first one.
fn counted_alike<'a>(versions: impl Iterator<Item = (At<'a>, Revision<'a>)>, found: &mut Found) {
    let mut first = None;
    for (at, version) in versions {
        if *first.get_or_insert(version.is_integer) != version.is_integer {
            found.tell(&at, Kind::MixedVersions(version.text.to_owned()));
        }
    }
}
