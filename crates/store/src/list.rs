//! Lists of a register: filtered, searched, in a chosen order, page by page. Every condition is a term of the
//! index; what carries all of them is then walked in the wanted order, from the place where the last page ended.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use base::spelling::{Spelling, spellings};
use rayon::prelude::*;
use register::{Declaration, Record, RegisterId};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::db::{Db, Param, padded, placeholders};
use crate::error::{Result, StoreError};
use crate::index;
use crate::project;
use crate::read::{Raw, STORED, Stored};

/// The most records of a page. A program that wants all uses [`Store::each`].
const LONGEST: usize = 10_000;

/// What is asked of a register. All conditions must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The register.
    pub register: RegisterId,
    /// Fields and the values they must have (one of their values, where they are lists). Flags are `true` and
    /// `false`, years are western.
    pub filters: Vec<(String, String)>,
    /// Groups of fields with values: of every group they must have at least one. Whose records, of which years.
    /// An empty group finds nothing.
    pub any_of: Vec<Vec<(String, String)>>,
    /// The state records must be in.
    pub state: Option<String>,
    /// Words that must all be found in the searched text, also inside words. Width, case, kana and the calendar of
    /// years do not matter: see [`base::spelling`].
    pub text: Option<String>,
    /// The order.
    pub sort: Sort,
    /// Where the page begins: `next` of the page before.
    pub after: Option<Cursor>,
    /// The most records the page may have; never more than ten thousand.
    pub limit: usize,
}

impl Query {
    /// The first fifty records of a register, by id.
    pub fn of(register: RegisterId) -> Self {
        Query {
            register,
            filters: Vec::new(),
            any_of: Vec::new(),
            state: None,
            text: None,
            sort: Sort::Id,
            after: None,
            limit: 50,
        }
    }
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// By id.
    #[default]
    Id,
    /// By the first 200 characters of the title, then by id.
    Title,
    /// The last changed first.
    Newest,
}

/// A place in a list. Its text means nothing to anybody else; it may travel in an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor(pub String);

/// How many records a query finds. A search for words of three and more characters knows limits only, since
/// every record that may hold them would have to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// There are at least so many.
    pub least: u64,
    /// There are at most so many.
    pub most: u64,
}

impl Total {
    /// The number, where it is known.
    pub fn exact(self) -> Option<u64> {
        (self.least == self.most).then_some(self.most)
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.least == self.most {
            write!(f, "{}", self.most)
        } else {
            write!(f, "{}–{}", self.least, self.most)
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The records.
    pub items: Vec<Stored>,
    /// How many there are on all pages.
    pub total: Total,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

impl Store {
    /// A page of the records that fulfil a query.
    pub fn list(&self, query: &Query) -> Result<Page> {
        let register = query.register.as_str();
        let declaration =
            self.registry.get(register).ok_or_else(|| StoreError::NoRegister(register.to_owned()))?;
        let query = &Query { limit: query.limit.min(LONGEST), ..query.clone() };
        let wanted = Wanted::of(declaration, query)?;
        self.reading(|db| {
            let candidates = candidates(db, register, &wanted)?;
            let mut walk = Walk::begin(db, query, &candidates)?;
            let mut items: Vec<(Stored, Cursor)> = Vec::new();
            let mut refused = 0;
            while items.len() <= query.limit
                && let Some(places) = walk.next(db, query.limit + 1 - items.len())?
            {
                let here = places.len();
                let good = open(db, places, declaration, &wanted)?;
                refused += here - good.len();
                items.extend(good);
            }
            let most = candidates.len() as u64;
            let least = if wanted.exact { most } else { items.len() as u64 };
            let whole = query.after.is_none() && items.len() <= query.limit;
            let total = if whole {
                Total { least, most: least }
            } else {
                Total { least, most: most - refused as u64 }
            };
            let next =
                (items.len() > query.limit && query.limit > 0).then(|| items[query.limit - 1].1.clone());
            let items = items.into_iter().take(query.limit).map(|(stored, _)| stored).collect();
            Ok(Page { items, total, next })
        })
    }
}

/// A query as terms of the index, and what has to be looked at again in the record itself.
struct Wanted {
    /// What must be carried: of every group at least one term.
    groups: Vec<Vec<index::Term>>,
    /// What must be so: of every group at least one field with its value.
    facets: Vec<Vec<(String, String)>>,
    /// Of every word one spelling must be found.
    words: Vec<Vec<Spelling>>,
    /// Whether what carries all terms has all words.
    exact: bool,
}

impl Wanted {
    fn of(declaration: &Declaration, query: &Query) -> Result<Wanted> {
        for (field, _) in query.filters.iter().chain(query.any_of.iter().flatten()) {
            let known = project::filterable(declaration);
            if !known.contains(&field.as_str()) {
                let (register, known) = (query.register.clone(), known.join(", "));
                return Err(StoreError::NotFiltered { register, field: field.clone(), known });
            }
        }
        let state = query.state.iter().map(|state| (project::STATE.to_owned(), state.clone()));
        let alone = query.filters.iter().cloned().chain(state).map(|facet| vec![facet]);
        let facets: Vec<_> = alone.chain(query.any_of.iter().cloned()).collect();
        let terms = |group: &Vec<(String, String)>| {
            group.iter().map(|(field, value)| index::facet(field, value)).collect()
        };
        let mut groups: Vec<Vec<_>> = facets.iter().map(terms).collect();
        let words = spellings(query.text.as_deref().unwrap_or_default());
        let mut exact = true;
        for word in &words {
            let [spelling] = word.as_slice() else {
                exact = false;
                continue;
            };
            let (needed, enough) = index::needed(&spelling.text);
            groups.extend(needed.into_iter().map(|term| vec![term]));
            exact &= enough && !spelling.alone;
        }
        for group in &mut groups {
            group.sort_unstable();
            group.dedup();
        }
        groups.sort_unstable();
        groups.dedup();
        if groups.is_empty() && exact {
            groups.push(vec![index::ALL]);
        }
        Ok(Wanted { groups, facets, words, exact })
    }

    /// Whether a record that carries all terms is indeed wanted.
    fn is(&self, declaration: &Declaration, record: &Record) -> bool {
        let facets_hold = self.facets.is_empty() || {
            let facets = project::facets(declaration, record);
            self.facets.iter().all(|group| group.iter().any(|wanted| facets.contains(wanted)))
        };
        facets_hold
            && (self.exact || {
                let text = project::text(declaration, record);
                self.words.iter().all(|word| word.iter().any(|spelling| spelling.find_in(&text).is_some()))
            })
    }
}

/// The entries that carry a term of every group and are not replaced, rising.
fn candidates(db: &mut Db, register: &str, wanted: &Wanted) -> Result<Vec<u64>> {
    let lists = wanted.groups.iter().map(|group| index::lookup_any(db, register, group));
    let mut lists: Vec<Vec<u64>> = lists.collect::<Result<_>>()?;
    for word in wanted.words.iter().filter(|word| word.len() > 1) {
        lists.push(spelled(db, register, word)?);
    }
    lists.sort_by_key(Vec::len);
    let mut lists = lists.into_iter();
    let mut found = lists.next().unwrap_or_default();
    lists.for_each(|list| keep(&mut found, &list, true));
    let gone = index::lookup(db, register, index::GONE)?;
    keep(&mut found, &gone, false);
    Ok(found)
}

/// The entries that may hold one of some spellings, rising.
fn spelled(db: &mut Db, register: &str, spellings: &[Spelling]) -> Result<Vec<u64>> {
    let mut known: HashMap<index::Term, Vec<u64>> = HashMap::new();
    let mut found = Vec::new();
    for spelling in spellings {
        let mut list: Option<Vec<u64>> = None;
        for term in index::needed(&spelling.text).0 {
            if list.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
            let carried = match known.entry(term) {
                Entry::Occupied(carried) => carried.into_mut(),
                Entry::Vacant(place) => place.insert(index::lookup(db, register, term)?),
            };
            match &mut list {
                None => list = Some(carried.clone()),
                Some(list) => keep(list, carried, true),
            }
        }
        found.extend(list.unwrap_or_default());
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Keeps of a rising list what is in another (or what is not).
fn keep(list: &mut Vec<u64>, other: &[u64], if_there: bool) {
    if list.len() < other.len() / 16 {
        return list.retain(|seq| other.binary_search(seq).is_ok() == if_there);
    }
    let mut rest = other;
    list.retain(|seq| {
        while let Some((first, others)) = rest.split_first()
            && first < seq
        {
            rest = others;
        }
        (rest.first() == Some(seq)) == if_there
    });
}

/// A record's place in the order of the list.
struct Place {
    seq: u64,
    cursor: Cursor,
}

/// The way through the candidates in the wanted order.
enum Walk<'a> {
    /// Candidates that have not been visited, the newest last.
    Newest(&'a [u64]),
    /// Few candidates, or a list of all of few: their places, the first last.
    Sorted(Vec<(String, String, u64)>, Sort),
    /// Many candidates: the register in its order, from a title and an id on.
    Index { candidates: &'a [u64], query: &'a Query, last: Option<(String, String)>, rows: usize },
}

impl<'a> Walk<'a> {
    fn begin(db: &mut Db, query: &'a Query, candidates: &'a [u64]) -> Result<Walk<'a>> {
        if query.sort == Sort::Newest {
            let before = query
                .after
                .as_ref()
                .map(|cursor| cursor.0.parse().map_err(|_| no_place(cursor)))
                .transpose()?;
            let end = before
                .map_or(candidates.len(), |before: u64| candidates.partition_point(|seq| *seq < before));
            return Ok(Walk::Newest(&candidates[..end]));
        }
        let last = query.after.as_ref().map(|cursor| place(query.sort, cursor)).transpose()?;
        let register = query.register.as_str();
        // Walking finds a wanted record every `all / candidates` rows; sorting reads every candidate.
        let all = usize::try_from(index::size(db, register)?).unwrap_or(usize::MAX);
        let walked = (query.limit + 1).saturating_mul(all) / candidates.len().max(1);
        if walked < candidates.len() {
            let rows = (walked * 5 / 4).clamp(64, 20_000);
            return Ok(Walk::Index { candidates, query, last, rows });
        }
        let mut places = sorted(db, query.sort, candidates)?;
        places.sort_unstable_by(|a, b| b.cmp(a));
        if let Some((title, id)) = last {
            places.truncate(places.partition_point(|place| (&place.0, &place.1) > (&title, &id)));
        }
        Ok(Walk::Sorted(places, query.sort))
    }

    /// The next places, `count` of them or somewhat more or less; none at the end.
    fn next(&mut self, db: &mut Db, count: usize) -> Result<Option<Vec<Place>>> {
        let places = match self {
            Walk::Newest(rest) => {
                let (left, taken) = rest.split_at(rest.len().saturating_sub(count));
                *rest = left;
                taken.iter().rev().map(|seq| Place { seq: *seq, cursor: Cursor(seq.to_string()) }).collect()
            }
            Walk::Sorted(places, sort) => {
                let taken = places.split_off(places.len().saturating_sub(count));
                taken
                    .into_iter()
                    .rev()
                    .map(|(title, id, seq)| Place { seq, cursor: cursor(*sort, &title, &id) })
                    .collect()
            }
            Walk::Index { candidates, query, last, rows } => {
                let mut places = Vec::new();
                while places.is_empty() {
                    let walked = along(db, query, last.as_ref(), *rows)?;
                    let Some(end) = walked.last().cloned() else { break };
                    let mut wanted: Vec<_> = walked
                        .into_iter()
                        .filter(|(_, _, seq)| candidates.binary_search(seq).is_ok())
                        .collect();
                    wanted.truncate(count);
                    let end = if wanted.len() == count { wanted.last().cloned().unwrap_or(end) } else { end };
                    *last = Some((end.0, end.1));
                    places.extend(
                        wanted
                            .into_iter()
                            .map(|(title, id, seq)| Place { seq, cursor: cursor(query.sort, &title, &id) }),
                    );
                }
                places
            }
        };
        Ok(Some(places).filter(|places: &Vec<Place>| !places.is_empty()))
    }
}

/// Title, id and entry of every candidate. The title is left empty where the order does not ask for it.
fn sorted(db: &mut Db, sort: Sort, candidates: &[u64]) -> Result<Vec<(String, String, u64)>> {
    let mut places = Vec::with_capacity(candidates.len());
    for seqs in candidates.chunks(1024) {
        let sql = format!("SELECT seq, id, title FROM record WHERE seq IN ({})", placeholders(1, seqs.len()));
        db.query(&sql, &seq_params(seqs), |row| {
            let title = if sort == Sort::Title { row.text(2)?.to_owned() } else { String::new() };
            places.push((title, row.text(1)?.to_owned(), row.number(0)?));
            Ok(())
        })?;
    }
    Ok(places)
}

/// The next rows of a register in the order of the list, whether wanted or not.
fn along(
    db: &mut Db,
    query: &Query,
    last: Option<&(String, String)>,
    rows: usize,
) -> Result<Vec<(String, String, u64)>> {
    let register = Param::Text(query.register.as_str());
    let rows = Param::from(rows as u64);
    let (title, id) = last.map_or(("", ""), |(title, id)| (title.as_str(), id.as_str()));
    if query.sort == Sort::Title {
        let sql = "SELECT title, id, seq FROM record WHERE register = $1 AND (title, id) > ($2, $3) ORDER BY title, id LIMIT $4";
        let params = [register, title.into(), id.into(), rows];
        return db.rows(sql, &params, |row| {
            Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.number(2)?))
        });
    }
    let sql = "SELECT id, seq FROM record WHERE register = $1 AND id > $2 ORDER BY id LIMIT $3";
    db.rows(sql, &[register, id.into(), rows], |row| {
        Ok((String::new(), row.text(0)?.to_owned(), row.number(1)?))
    })
}

/// The records at some places, without those that only seemed to be wanted.
fn open(
    db: &mut Db,
    places: Vec<Place>,
    declaration: &Declaration,
    wanted: &Wanted,
) -> Result<Vec<(Stored, Cursor)>> {
    let seqs: Vec<u64> = places.iter().map(|place| place.seq).collect();
    let sql = format!(
        "SELECT {STORED} FROM history h WHERE h.seq IN ({}) ORDER BY h.seq",
        placeholders(1, seqs.len())
    );
    let raw = db.rows(&sql, &seq_params(&seqs), Raw::read)?;
    let opened = places.into_par_iter().map(|place| {
        let found = raw.binary_search_by_key(&place.seq, |raw| raw.seq);
        let found =
            found.map_err(|_| StoreError::Damaged(format!("history entry {} is missing", place.seq)))?;
        Ok((raw[found].parse()?, place.cursor))
    });
    let wanted = opened.filter(|opened: &Result<(Stored, Cursor)>| match opened {
        Ok((stored, _)) => wanted.is(declaration, &stored.record),
        Err(_) => true,
    });
    wanted.collect()
}

fn seq_params(seqs: &[u64]) -> Vec<Param<'_>> {
    padded(seqs.iter().map(|seq| (*seq).into()).collect(), seqs.len())
}

/// An id holds no blank, so the first one ends it.
fn cursor(sort: Sort, title: &str, id: &str) -> Cursor {
    Cursor(if sort == Sort::Title { format!("{id} {title}") } else { id.to_owned() })
}

fn place(sort: Sort, cursor: &Cursor) -> Result<(String, String)> {
    match (sort, cursor.0.split_once(' ')) {
        (Sort::Title, Some((id, title))) => Ok((title.to_owned(), id.to_owned())),
        (Sort::Id, None) if !cursor.0.is_empty() => Ok((String::new(), cursor.0.clone())),
        _ => Err(no_place(cursor)),
    }
}

fn no_place(cursor: &Cursor) -> StoreError {
    StoreError::NoPlace(cursor.0.clone())
}
