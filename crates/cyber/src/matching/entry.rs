//! The byte form of one entry of an advisory: its versions as keys and its events in their order, so that judging parses nothing and
//! allocates nothing. Beside them the texts a verdict is told with. How it is judged stands in `osv`.

use super::package::{base, normal_name};
use super::verdict::Reason;
use super::words::Told;
use crate::advisory::{Advisory, Affected, Event, Named, Range, RangeKind, Rest, Severity};
use crate::index::cursor::{Cursor, Ink};
use crate::version::{Scheme, Version};

/// Ranges, by how they can be judged.
const ORDERED: u8 = 0;
/// Commits: they say again what the list or another range says.
const REPEATED: u8 = 1;
const UNJUDGED: u8 = 2;
const WITHDRAWN: u8 = 1;
const UNREAD: u8 = 2;
/// It says more of its versions than which are affected: the whole advisory is asked (`stated`).
const STATED: u8 = 4;
/// Of an ecosystem whose order is not known.
const NO_SCHEME: u8 = u8::MAX;

/// One entry, read in place.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    ecosystem: &'a str,
    name: &'a str,
    scheme: u8,
    marks: u8,
    rest: Cursor<'a>,
}

/// How a range can be judged.
pub(super) enum Judged<'a> {
    /// By its events, in the order of versions, and its limits.
    Ordered(Events<'a>),
    Repeated,
    Unjudged(Reason),
}

/// The events of a range, then its limits.
#[derive(Clone, Copy)]
pub(super) struct Events<'a> {
    left: u32,
    cursor: Cursor<'a>,
}

/// An event of a range; limits stand apart.
pub(super) struct Bound<'a> {
    pub(super) kind: Kind,
    /// Its index in the record.
    pub(super) place: usize,
    /// `None` stands before every version.
    pub(super) at: Option<&'a [u8]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Introduced,
    Fixed,
    LastAffected,
    Limit,
}

/// Writes an entry; `None` when it names no package of an ecosystem.
pub(crate) fn written(advisory: &Advisory, affected: &Affected) -> Option<Vec<u8>> {
    let Named::Package { ecosystem, name, .. } = &affected.name else { return None };
    let scheme = Scheme::of_ecosystem(ecosystem);
    let mut ink = Ink::default();
    let withdrawn = if advisory.withdrawn.is_some() { WITHDRAWN } else { 0 };
    let unread = if affected.unread { UNREAD } else { 0 };
    ink.text(ecosystem).text(&normal_name(base(ecosystem), name));
    let stated = if says_more(affected) { STATED } else { 0 };
    ink.byte(scheme.map_or(NO_SCHEME, code)).byte(withdrawn | unread | stated);
    ink.count(affected.versions.len());
    for text in &affected.versions {
        let version = scheme.and_then(|scheme| Version::parse(scheme, text));
        ink.text(text).key(version.as_ref().map(Version::key));
    }
    let told =
        !affected.versions.is_empty() || affected.ranges.iter().any(|range| range.kind != RangeKind::Git);
    ink.count(affected.ranges.len());
    affected.ranges.iter().for_each(|range| write_judged(&mut ink, range, scheme, told));
    for range in &affected.ranges {
        ink.count(range.events.len());
        for event in &range.events {
            ink.byte(kind_of(event) as u8).text(event.version());
        }
    }
    ink.count(affected.severities.len());
    for severity in &affected.severities {
        ink.text(&severity.notation).text(&severity.score);
    }
    Some(ink.0)
}

/// Whether versions are said not to be affected, or left open, as CVE records do.
fn says_more(affected: &Affected) -> bool {
    let parts = [&affected.cleared, &affected.unknown];
    affected.rest != Rest::NotAffected
        || parts.iter().any(|part| !part.ranges.is_empty() || !part.versions.is_empty())
}

impl<'a> Entry<'a> {
    /// Begins to read; `None` when the bytes are no entry.
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = Cursor(bytes);
        let (ecosystem, name) = (rest.text()?, rest.text()?);
        Some(Self { ecosystem, name, scheme: rest.byte()?, marks: rest.byte()?, rest })
    }

    /// The ecosystem with its suffix.
    pub fn ecosystem(&self) -> &'a str {
        self.ecosystem
    }

    /// The name in the normal form of its ecosystem.
    pub fn name(&self) -> &'a str {
        self.name
    }

    pub(super) fn is_withdrawn(&self) -> bool {
        self.marks & WITHDRAWN != 0
    }

    pub(super) fn is_unread(&self) -> bool {
        self.marks & UNREAD != 0
    }

    pub(super) fn is_stated(&self) -> bool {
        self.marks & STATED != 0
    }

    /// The key of a version, where it is one of the order in which this entry is told.
    pub(super) fn comparable<'v>(&self, version: Option<&'v Version>) -> Option<&'v [u8]> {
        version.filter(|version| code(version.scheme()) == self.scheme).map(Version::key)
    }

    /// The listed versions, each as text and key; then the number of ranges; then the ranges.
    pub(super) fn versions(&self) -> Cursor<'a> {
        self.rest
    }

    /// After the ranges as they are judged stand the events as they are told.
    fn told(&self) -> Option<(u32, Cursor<'a>)> {
        let mut cursor = self.rest;
        for _ in 0..cursor.number()? {
            cursor.bytes()?;
            cursor.bytes()?;
        }
        let ranges = cursor.number()?;
        for _ in 0..ranges {
            if let Judged::Ordered(mut events) = read_judged(&mut cursor)? {
                while events.next()?.is_some() {}
                cursor = events.limits(|_| ())?;
            }
        }
        Some((ranges, cursor))
    }

    /// Severities for this entry alone, as published.
    pub(super) fn severities(&self) -> Option<Vec<Severity>> {
        let (ranges, mut cursor) = self.told()?;
        for _ in 0..ranges {
            for _ in 0..cursor.number()? {
                cursor.byte()?;
                cursor.bytes()?;
            }
        }
        let severity = |cursor: &mut Cursor<'_>| {
            let (notation, score) = (cursor.text()?.to_owned(), cursor.text()?.to_owned());
            Some(Severity { notation, score })
        };
        (0..cursor.number()?).map(|_| severity(&mut cursor)).collect()
    }

    fn listed(&self, at: usize) -> Option<&'a str> {
        let mut cursor = self.rest;
        let count = cursor.number()? as usize;
        for _ in 0..at.min(count) {
            cursor.bytes()?;
            cursor.bytes()?;
        }
        if at < count { cursor.text() } else { None }
    }

    fn events(&self, range: usize) -> Option<Vec<Event>> {
        let (ranges, mut cursor) = self.told()?;
        for at in 0..ranges as usize {
            let events: Option<Vec<Event>> = (0..cursor.number()?).map(|_| read_event(&mut cursor)).collect();
            if at == range {
                return events;
            }
            events?;
        }
        None
    }
}

impl Told for Entry<'_> {
    fn version(&self, at: usize) -> &str {
        self.listed(at).unwrap_or_default()
    }

    fn events(&self, range: usize) -> Vec<Event> {
        Entry::events(self, range).unwrap_or_default()
    }
}

/// The next range.
pub(super) fn read_judged<'a>(cursor: &mut Cursor<'a>) -> Option<Judged<'a>> {
    Some(match cursor.byte()? {
        ORDERED => Judged::Ordered(Events { left: cursor.number()?, cursor: *cursor }),
        REPEATED => Judged::Repeated,
        UNJUDGED => Judged::Unjudged(reason(cursor.byte()?)?),
        _ => return None,
    })
}

impl<'a> Events<'a> {
    /// The next event; the outer `None` when there are no such bytes.
    #[inline]
    #[expect(clippy::option_option, reason = "no such bytes, no further bound")]
    pub(super) fn next(&mut self) -> Option<Option<Bound<'a>>> {
        if self.left == 0 {
            return Some(None);
        }
        self.left -= 1;
        let kind = kind(self.cursor.byte()?)?;
        let place = self.cursor.number()? as usize;
        Some(Some(Bound { kind, place, at: self.cursor.key()? }))
    }

    /// Goes through the limits, which stand after the events, and returns where the next range begins. No limits mean no bound.
    pub(super) fn limits(mut self, mut each: impl FnMut(&'a [u8])) -> Option<Cursor<'a>> {
        while self.next()?.is_some() {}
        for _ in 0..self.cursor.number()? {
            each(self.cursor.key()??);
        }
        Some(self.cursor)
    }
}

fn write_judged(ink: &mut Ink, range: &Range, scheme: Option<Scheme>, told_otherwise: bool) {
    let unjudged = match range.kind {
        RangeKind::Git if told_otherwise => {
            ink.byte(REPEATED);
            return;
        }
        RangeKind::Git => Some(Reason::OnlyCommits),
        RangeKind::Unknown(_) => Some(Reason::RangeKindUnknown),
        RangeKind::Maker => Some(Reason::OrderUnknown),
        RangeKind::Ecosystem | RangeKind::SemVer => None,
    };
    let judged = match (unjudged, scheme) {
        (Some(reason), _) => Err(reason),
        (None, None) => Err(Reason::OrderUnknown),
        (None, Some(scheme)) => {
            events_of(range, scheme).zip(limits_of(range, scheme)).ok_or(Reason::BoundUnreadable)
        }
    };
    match judged {
        Err(reason) => {
            let at = REASONS.iter().position(|one| *one == reason).unwrap_or_default();
            ink.byte(UNJUDGED).byte(u8::try_from(at).unwrap_or_default());
        }
        Ok((events, limits)) => {
            ink.byte(ORDERED).count(events.len());
            for (kind, place, at) in events {
                ink.byte(kind as u8).count(place).key(at.as_ref().map(Version::key));
            }
            ink.count(limits.len());
            for limit in &limits {
                ink.key(Some(limit.key()));
            }
        }
    }
}

/// OSV: `sorted(range.events)`; events at the same version keep the order of the record.
fn events_of(range: &Range, scheme: Scheme) -> Option<Vec<(Kind, usize, Option<Version>)>> {
    let mut events = Vec::with_capacity(range.events.len());
    for (place, event) in range.events.iter().enumerate() {
        let kind = kind_of(event);
        if kind == Kind::Limit {
            continue;
        }
        let first = matches!(event, Event::Introduced(text) if text == "0");
        events.push((kind, place, if first { None } else { Some(Version::parse(scheme, event.version())?) }));
    }
    events.sort_by(|left, right| left.2.cmp(&right.2));
    Some(events)
}

/// The limits; none where one of them is `*`.
fn limits_of(range: &Range, scheme: Scheme) -> Option<Vec<Version>> {
    let mut versions = Vec::new();
    for event in &range.events {
        match event {
            Event::Limit(text) if text == "*" => return Some(Vec::new()),
            Event::Limit(text) => versions.push(Version::parse(scheme, text)?),
            _ => {}
        }
    }
    Some(versions)
}

fn read_event(cursor: &mut Cursor<'_>) -> Option<Event> {
    let kind = kind(cursor.byte()?)?;
    let text = cursor.text()?.to_owned();
    Some(match kind {
        Kind::Introduced => Event::Introduced(text),
        Kind::Fixed => Event::Fixed(text),
        Kind::LastAffected => Event::LastAffected(text),
        Kind::Limit => Event::Limit(text),
    })
}

fn kind_of(event: &Event) -> Kind {
    match event {
        Event::Introduced(_) => Kind::Introduced,
        Event::Fixed(_) => Kind::Fixed,
        Event::LastAffected(_) => Kind::LastAffected,
        Event::Limit(_) => Kind::Limit,
    }
}

fn kind(byte: u8) -> Option<Kind> {
    [Kind::Introduced, Kind::Fixed, Kind::LastAffected, Kind::Limit].get(usize::from(byte)).copied()
}

/// Why a range cannot be judged, in the order of their bytes.
const REASONS: [Reason; 4] =
    [Reason::OnlyCommits, Reason::RangeKindUnknown, Reason::OrderUnknown, Reason::BoundUnreadable];

fn reason(byte: u8) -> Option<Reason> {
    REASONS.get(usize::from(byte)).copied()
}

/// Keys are compared within one scheme only.
fn code(scheme: Scheme) -> u8 {
    scheme as u8
}
