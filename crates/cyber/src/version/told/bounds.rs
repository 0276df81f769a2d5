//! What phrases say becomes ranges: bounds of open versions (`12.x`), a lower bound and the upper one beside it, and what cannot be
//! meant together.

use std::cmp::Ordering;
use std::ops::Range;

use super::halves::Half;
use super::tokens::Kind;
use super::words::Word;
use super::{Bound, NotUnderstood, Told, ToldRange, ToldVersion, Why, family};
use crate::version::{Scheme, order};

/// One thing a phrase says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// All from a version on.
    Lower(Bound),
    /// All up to a version.
    Upper(Bound),
    /// Both, or all versions.
    Within(Option<Bound>, Option<Bound>),
    /// One version.
    One(String),
    /// One that is taken out.
    Except(String),
    /// A part that was not understood and held a bound; `halves` takes it away again.
    Unread(Half),
}

/// An item, where it stands, and what stands between it and the one before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) item: Item,
    pub(super) at: Range<usize>,
    pub(super) gap: Gap,
}

/// What stands between two items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Gap {
    Nothing,
    Comma,
    Bar,
    /// `;` or an end of line, over which nothing is put together.
    Stop,
}

/// Puts items together that are meant together: `>= 1.1 | <= 1.3.2`, 「2.0 以上 2.5 未満」.
pub(super) fn pair(items: Vec<Said>, told: &mut Told) {
    let mut rest = items.into_iter().peekable();
    let mut before: Option<(Bound, Range<usize>)> = None;
    while let Some(said) = rest.next() {
        let next = rest.peek();
        let touches = next.is_some_and(|next| next.gap == Gap::Nothing);
        let upper_follows =
            next.is_some_and(|next| matches!(next.item, Item::Upper(_)) && next.gap != Gap::Stop);
        if said.gap == Gap::Stop || !matches!(said.item, Item::Lower(_)) {
            before = None;
        }
        match said.item {
            Item::Lower(from) if upper_follows => {
                let Some(Said { item: Item::Upper(to), at, .. }) = rest.next() else { continue };
                put(told, Some(from), Some(to), said.at.start..at.end);
            }
            Item::Within(from, Some(_)) if touches && upper_follows && from.is_some() => {
                // `7.x 系の 7.3.7 未満`
                let Some(Said { item: Item::Upper(to), at, .. }) = rest.next() else { continue };
                put(told, from, Some(to), said.at.start..at.end);
            }
            _ if touches
                && !matches!(next.map(|next| &next.item), Some(Item::Except(_) | Item::Lower(_))) =>
            {
                let end = rest.next().map_or(said.at.end, |next| next.at.end);
                told.not_understood.push(NotUnderstood { at: said.at.start..end, why: Why::Ambiguous });
            }
            Item::Lower(from) => after(told, before.take(), from, said.at, said.gap),
            Item::Upper(to) => {
                put(told, None, Some(to.clone()), said.at.clone());
                before = Some((to, said.at));
            }
            Item::Within(from, to) => put(told, from, to, said.at),
            Item::One(text) => told.listed.push(ToldVersion { text, at: said.at }),
            Item::Except(text) => told.excepted.push(ToldVersion { text, at: said.at }),
            Item::Unread(_) => {}
        }
    }
    if told.ranges.is_empty() && !told.excepted.is_empty() {
        let all = std::mem::take(&mut told.excepted).into_iter();
        told.not_understood.extend(all.map(|one| NotUnderstood { at: one.at, why: Why::Ambiguous }));
    }
}

/// A lower bound behind an upper one: a range of its own where it lies above, the other end of the same where it lies below and nothing
/// but a comma parts them (`< 2.0, >= 1.0`).
fn after(told: &mut Told, before: Option<(Bound, Range<usize>)>, from: Bound, here: Range<usize>, gap: Gap) {
    let Some((to, at)) = before else { return put(told, Some(from), None, here) };
    match (order(Scheme::Maker, &from.version, &to.version), gap) {
        (Some(Ordering::Greater), _) => put(told, Some(from), None, here),
        (Some(Ordering::Less), Gap::Nothing | Gap::Comma) => {
            told.ranges.pop();
            put(told, Some(from), Some(to), at.start..here.end);
        }
        _ => {
            told.ranges.pop();
            told.not_understood.push(NotUnderstood { at: at.start..here.end, why: Why::Ambiguous });
        }
    }
}

fn put(told: &mut Told, from: Option<Bound>, to: Option<Bound>, at: Range<usize>) {
    if let (Some(from), Some(to)) = (&from, &to) {
        let order = order(Scheme::Maker, &from.version, &to.version);
        let nothing_between = order == Some(Ordering::Equal) && !(from.included && to.included);
        if order == Some(Ordering::Greater) || nothing_between {
            told.not_understood.push(NotUnderstood { at, why: Why::Contradiction });
            return;
        }
    }
    told.ranges.push(ToldRange { from, to, at });
}

/// All up to a version; up to an open one (`12.2.x`) is before `12.3`.
pub(super) fn upper(version: String, included: bool) -> Result<Item, Why> {
    bound_of_open(&version, included).map(|open| Item::Upper(open.unwrap_or(Bound { version, included })))
}

/// All from a version on; after an open one is from the next on.
pub(super) fn lower(version: String, included: bool) -> Result<Item, Why> {
    let open = bound_of_open(&version, !included)?.map(|open| Bound { included: true, ..open });
    Ok(Item::Lower(open.unwrap_or(Bound { version, included })))
}

/// The bound behind an open version, or before it; `None` for versions that are not open.
fn bound_of_open(version: &str, behind: bool) -> Result<Option<Bound>, Why> {
    if !family::is_open(version) {
        return Ok(None);
    }
    let (first, next) = family::ends(version).ok_or(Why::Ambiguous)?;
    Ok(Some(Bound { version: if behind { next } else { first }, included: false }))
}

/// From one version to another.
pub(super) fn within(from: String, to: String, included: bool) -> Result<Item, Why> {
    match (lower(from, true)?, upper(to, included)?) {
        (Item::Lower(from), Item::Upper(to)) => Ok(Item::Within(Some(from), Some(to))),
        _ => Err(Why::Ambiguous),
    }
}

/// A version alone, or all that an open one stands for.
pub(super) fn one(version: String) -> Result<Item, Why> {
    if family::is_open(&version) { series(&version) } else { Ok(Item::One(version)) }
}

/// 「2.4 系」
pub(super) fn series(version: &str) -> Result<Item, Why> {
    let (first, next) = family::ends(version).ok_or(Why::Ambiguous)?;
    let (from, to) = (Bound { version: first, included: true }, Bound { version: next, included: false });
    Ok(Item::Within(Some(from), Some(to)))
}

/// Why a phrase cannot begin, or a version cannot stand, with a token.
pub(super) fn why_not(kind: Option<Kind>) -> Why {
    match kind {
        Some(Kind::Date) => Why::Date,
        Some(Kind::Word(Word::System)) => Why::OperatingSystem,
        Some(Kind::Word(Word::Serial)) => Why::Serial,
        Some(Kind::Word(Word::Others)) => Why::Incomplete,
        Some(Kind::Word(Word::Unstated)) => Why::Unstated,
        Some(Kind::Word(Word::Unclear)) => Why::Ambiguous,
        None => Why::NoVersion,
        _ => Why::Words,
    }
}
