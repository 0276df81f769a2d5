//! Records as a viewer may see them: the one door through which pages, API, exports, search, feeds, history and hooks read.
//! What a viewer may not see is not there: not in lists, not in totals, not in what search finds, not as the title of a link.

use register::sight::Extent;
use register::{Declaration, Record, RecordRef, Registry, Sight, Viewer, references};
use store::{Cursor, Entry, Page, Query, Sort, Store, Stored, Total};

use super::pointers::Pointers;
use crate::failure::Failure;

/// A record as the viewer may see it, with its place in the history.
pub type Seen = Stored;

/// A page of records as the viewer may see them.
pub type Listing = Page;

/// What happened after a place in the history, as a viewer may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Since {
    /// Oldest first. An entry without a record: it is withdrawn, or the viewer may not see it any more.
    pub entries: Vec<Entry>,
    /// Where to go on.
    pub next: u64,
    /// Whether there is more already.
    pub more: bool,
}

/// The database through the eyes of a viewer.
pub struct Reading<'a> {
    store: &'a Store,
    /// The declared registers.
    pub registry: &'a Registry,
    /// Who looks.
    pub viewer: &'a Viewer,
    pointers: &'a Pointers,
}

/// The records that point at another, as far as the viewer may see them.
pub struct PointedAt {
    /// They, in the order of registers and ids.
    pub by: Vec<Seen>,
    /// Whether these are all.
    pub complete: bool,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        store: &'a Store,
        registry: &'a Registry,
        viewer: &'a Viewer,
        pointers: &'a Pointers,
    ) -> Self {
        Reading { store, registry, viewer, pointers }
    }

    /// The declaration of a register of which the viewer may see something.
    pub fn declaration(&self, register: &str) -> Result<&'a Declaration, Failure> {
        let declaration = self.registry.get(register).ok_or(Failure::NotFound)?;
        if self.sight(declaration).extent().is_empty() { Err(Failure::NotFound) } else { Ok(declaration) }
    }

    /// The registers of which the viewer may see something.
    pub fn declarations(&self) -> impl Iterator<Item = &'a Declaration> {
        self.registry.all().filter(|declaration| !self.sight(declaration).extent().is_empty())
    }

    /// A register through the eyes of the viewer.
    pub fn sight<'s>(&'s self, declaration: &'s Declaration) -> Sight<'s> {
        Sight::of(declaration, self.viewer)
    }

    /// A record.
    pub fn get(&self, record: &RecordRef) -> Result<Option<Seen>, Failure> {
        let Ok(declaration) = self.declaration(record.register.as_str()) else { return Ok(None) };
        let Some(stored) = self.store.get(record)? else { return Ok(None) };
        Ok(self.seen(declaration, stored))
    }

    /// A record that must be there to go on.
    pub fn must_get(&self, record: &RecordRef) -> Result<Seen, Failure> {
        self.get(record)?.ok_or(Failure::NotFound)
    }

    /// The record with everything in it, for judging a change of one that the viewer may see. It is never shown.
    pub fn whole(&self, record: &RecordRef) -> Result<Option<Stored>, Failure> {
        let Ok(declaration) = self.declaration(record.register.as_str()) else { return Ok(None) };
        let stored = self.store.get(record)?;
        Ok(stored.filter(|stored| self.sight(declaration).sees(&stored.record)))
    }

    /// The version of a record, whoever may see it; 0 where there is none. For saying what a change expects.
    pub fn version(&self, record: &RecordRef) -> Result<u64, Failure> {
        Ok(self.store.get(record)?.map_or(0, |stored| stored.version))
    }

    /// An earlier content of a record, whole, for judging its return; none where the viewer may not see that content.
    pub fn earlier(&self, record: &RecordRef, version: u64) -> Result<Option<Record>, Failure> {
        let declaration = self.declaration(record.register.as_str())?;
        let entry = self.store.history(record)?.into_iter().find(|entry| entry.version == version);
        let content = entry.and_then(|entry| entry.record);
        Ok(content.filter(|content| self.sight(declaration).sees(content)))
    }

    /// A page of a register. The database is asked for the viewer's own records alone, so that the total counts no other.
    pub fn list(&self, mut query: Query) -> Result<Listing, Failure> {
        let declaration = self.declaration(query.register.as_str())?;
        match self.sight(declaration).extent() {
            Extent::All => {}
            Extent::Only(pairs) => query.any_of.push(pairs),
        }
        let mut page = self.store.list(&query)?;
        page.items = page.items.into_iter().filter_map(|stored| self.seen(declaration, stored)).collect();
        Ok(page)
    }

    /// How many records of a register the viewer may see.
    pub fn count(&self, declaration: &Declaration) -> Result<Total, Failure> {
        if self.sight(declaration).extent() == Extent::All {
            let all = self.store.count(declaration.id.as_str())?;
            return Ok(Total { least: all, most: all });
        }
        Ok(self.list(Query { limit: 0, ..Query::of(declaration.id.clone()) })?.total)
    }

    /// Every record of a register, handed over one by one; `take` must not read.
    pub fn each(&self, register: &str, take: impl FnMut(Seen)) -> Result<(), Failure> {
        self.each_without(register, &[], take)
    }

    /// The same without some fields, which are not read at all. Fields that say whose a record is must be read.
    pub fn each_without(
        &self,
        register: &str,
        without: &[&str],
        mut take: impl FnMut(Seen),
    ) -> Result<(), Failure> {
        let declaration = self.declaration(register)?;
        Ok(self.store.each_without(register, without, |stored| {
            if let Some(seen) = self.seen(declaration, stored) {
                take(seen);
            }
        })?)
    }

    /// What is found in every register, a few of each.
    pub fn search(&self, text: &str, each: usize) -> Result<Vec<(&'a Declaration, Listing)>, Failure> {
        let mut found = Vec::new();
        for declaration in self.declarations() {
            let query = Query {
                text: Some(text.to_owned()),
                limit: each,
                sort: Sort::Title,
                ..Query::of(declaration.id.clone())
            };
            let page = self.list(query)?;
            if !page.items.is_empty() {
                found.push((declaration, page));
            }
        }
        Ok(found)
    }

    /// What happened to a record, oldest first, as the viewer may see it: versions that differ only in what is hidden are left out, and
    /// who and why is told to those who have signed in.
    pub fn history(&self, record: &RecordRef) -> Result<Vec<Entry>, Failure> {
        let declaration = self.declaration(record.register.as_str())?;
        let entries = self.store.history(record)?;
        // A withdrawn record is told of to those who saw its last content.
        let mut told: Vec<Entry> = Vec::new();
        let mut sees_last = false;
        for entry in entries {
            let withdrawn = entry.record.is_none();
            let Some(entry) = self.entry(declaration, entry, sees_last) else {
                sees_last = sees_last && withdrawn;
                continue;
            };
            sees_last = !withdrawn;
            let same = told.last().is_some_and(|last| last.record == entry.record);
            if !same {
                told.push(entry);
            }
        }
        Ok(told)
    }

    /// The last changes of a register, or of all, newest first, as the viewer may see them. `before` is a place in the history.
    pub fn latest(
        &self,
        register: Option<&str>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, Failure> {
        Ok(self.latest_and_place(register, before, limit)?.0)
    }

    /// The same with the place before which there may be more.
    pub fn latest_and_place(
        &self,
        register: Option<&str>,
        mut before: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<u64>), Failure> {
        if let Some(register) = register {
            self.declaration(register)?;
        }
        let mut told: Vec<Entry> = Vec::new();
        // Where much is hidden, reading on finds more; a feed does not look back for ever.
        for _ in 0..8 {
            let entries = self.store.latest(register, before, limit)?;
            before = entries.last().map(|last| last.seq).filter(|_| entries.len() == limit);
            for entry in entries {
                let Ok(declaration) = self.declaration(entry.reference.register.as_str()) else { continue };
                let all = self.sight(declaration).extent() == Extent::All;
                told.extend(self.entry(declaration, entry, all));
            }
            if told.len() >= limit || before.is_none() {
                break;
            }
        }
        if told.len() > limit {
            told.truncate(limit);
            before = told.last().map(|last| last.seq);
        }
        Ok((told, before))
    }

    /// What happened after a place in the history, oldest first: at most `limit` entries. Whoever goes on from `next` misses
    /// nothing; where much is hidden an answer may be empty and yet not the end.
    pub fn since(&self, after: u64, register: Option<&str>, limit: usize) -> Result<Since, Failure> {
        if let Some(register) = register {
            self.declaration(register)?;
        }
        let entries = self.store.entries(after, register, limit)?;
        let more = entries.len() == limit;
        let next = match (entries.last(), more) {
            (Some(last), true) => last.seq,
            // What was read to its end is not read again, whatever registers it is of.
            (last, _) => last.map_or(after, |last| last.seq.max(after)),
        };
        let mut told = Vec::new();
        for entry in entries {
            told.extend(self.told_of(entry)?);
        }
        Ok(Since { entries: told, next, more })
    }

    /// An entry for those who follow changes. Who saw a record is told when it goes, be it withdrawn or only out of their sight.
    fn told_of(&self, entry: Entry) -> Result<Option<Entry>, Failure> {
        let Ok(declaration) = self.declaration(entry.reference.register.as_str()) else { return Ok(None) };
        let all = self.sight(declaration).extent() == Extent::All;
        let (reference, version) = (entry.reference.clone(), entry.version);
        let gone = Entry { record: None, ..entry.clone() };
        if let Some(seen) = self.entry(declaration, entry, all) {
            return Ok(Some(seen));
        }
        let before = self.store.history(&reference)?.into_iter().rfind(|earlier| earlier.version < version);
        let saw = before.and_then(|before| before.record);
        let saw = saw.is_some_and(|record| self.sight(declaration).sees(&record));
        Ok(if saw { self.entry(declaration, gone, true) } else { None })
    }

    /// The records that refer to one in a field, in a link or as their source: `most` of each register, and as the viewer
    /// may see them, so that a reference in a hidden field is none.
    pub fn pointed_at(&self, record: &RecordRef, most: usize) -> Result<PointedAt, Failure> {
        let pointing = self.pointers.at(self.store, self.registry, record)?;
        let mut complete = pointing.complete;
        let mut by: Vec<Seen> = Vec::new();
        for of_one in pointing.from.chunk_by(|a, b| a.register == b.register) {
            let Some(declaration) =
                of_one.first().and_then(|from| self.declaration(from.register.as_str()).ok())
            else {
                continue;
            };
            complete &= of_one.len() <= most;
            for from in of_one.iter().take(most) {
                let seen = self.get(from)?;
                by.extend(seen.filter(|seen| refers(declaration, &seen.record, record)));
            }
        }
        Ok(PointedAt { by, complete })
    }

    fn seen(&self, declaration: &Declaration, stored: Stored) -> Option<Seen> {
        let record = self.sight(declaration).record(self.registry, &stored.record)?;
        let actor = if self.viewer.is_signed_in() { stored.actor } else { String::new() };
        Some(Stored { record, actor, ..stored })
    }

    fn entry(&self, declaration: &Declaration, entry: Entry, of_withdrawn: bool) -> Option<Entry> {
        let record = match &entry.record {
            Some(record) => Some(self.sight(declaration).record(self.registry, record)?),
            None if of_withdrawn => None,
            None => return None,
        };
        let (actor, reason) =
            if self.viewer.is_signed_in() { (entry.actor, entry.reason) } else { Default::default() };
        Some(Entry { record, actor, reason, ..entry })
    }
}

/// Whether a record refers to another, as it is seen.
fn refers(declaration: &Declaration, record: &Record, to: &RecordRef) -> bool {
    let document = to.register == "document";
    references(declaration, record).iter().any(|(_, target)| target == to)
        || (document && record.sources.iter().any(|source| to.record == source.document.as_str()))
}

/// A place in a list as it came in an address.
pub(crate) fn cursor(text: Option<String>) -> Option<Cursor> {
    text.filter(|text| !text.is_empty()).map(Cursor)
}
