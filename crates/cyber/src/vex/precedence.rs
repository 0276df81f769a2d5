//! Which of several statements on one finding counts: of one author the latest; of several authors all that agree; and where they do not, the
//! first in a given order, or none.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::apply::{At, Force};
use super::model::{Document, Status};
use crate::document::moment::Moment;

/// A statement on one finding.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) at: At,
    pub(super) status: Status,
    author: Author<'a>,
    moment: Option<Moment>,
    /// The document's name and version, which order its issues where moments do not.
    issue: Option<(&'a str, Vec<u64>)>,
}

/// Who speaks; a document that does not say speaks for itself alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Author<'a> {
    Named(&'a str),
    Unnamed(usize),
}

impl<'a> Candidate<'a> {
    pub(super) fn of(at: At, status: Status, documents: &[&'a Document]) -> Self {
        let document = documents[at.document];
        let own = document.statements.get(at.statement).and_then(|one| one.timestamp.as_deref());
        Candidate {
            at,
            status,
            author: document
                .author
                .as_deref()
                .map_or(Author::Unnamed(at.document), |name| Author::Named(name.trim())),
            moment: own.or(document.timestamp.as_deref()).and_then(Moment::of),
            issue: document.id.as_deref().zip(document.revision.as_deref().and_then(numbers)),
        }
    }
}

/// `3` and `1.2.0`: the two ways CSAF, CycloneDX and OpenVEX count issues.
fn numbers(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// Whether each of them counts. Each is looked at a fixed number of times: many may speak of one finding.
pub(super) fn forces(all: &[Candidate<'_>], order: &[String]) -> Vec<Force> {
    let latest = Latest::of(all);
    let superseded: Vec<Option<At>> = all.iter().map(|one| latest.than(one)).collect();
    let ranks: Vec<usize> = all.iter().map(|one| rank(one, order)).collect();
    let standing = || (0..all.len()).filter(|index| superseded[*index].is_none());
    let first = standing().map(|index| ranks[index]).min().unwrap_or(0);
    let mut said: BTreeMap<Status, At> = BTreeMap::new();
    for index in standing().filter(|index| ranks[*index] == first) {
        let (at, status) = (all[index].at, all[index].status);
        said.entry(status).and_modify(|first| *first = at.min(*first)).or_insert(at);
    }
    let otherwise =
        |one: &Candidate<'_>| said.iter().find(|(status, _)| **status != one.status).map(|(_, at)| *at);
    let force = |(index, one): (usize, &Candidate<'_>)| match (superseded[index], otherwise(one)) {
        (Some(by), _) => Force::Superseded(by),
        (None, None) => Force::InForce,
        (None, Some(by)) if ranks[index] > first => Force::Outranked(by),
        (None, Some(by)) => Force::Contradicted(by),
    };
    all.iter().enumerate().map(force).collect()
}

fn rank(one: &Candidate<'_>, order: &[String]) -> usize {
    let named = |name: &String| matches!(one.author, Author::Named(author) if author.eq_ignore_ascii_case(name.trim()));
    order.iter().position(named).unwrap_or(order.len())
}

/// The latest issue of each document of each author.
type Issues<'a> = HashMap<(Author<'a>, &'a str), (&'a [u64], At)>;

/// The latest of each author, by moment, and by issue of one document where moments are equal or missing.
struct Latest<'a> {
    by_moment: HashMap<Author<'a>, (&'a Moment, At)>,
    /// Over all, and over those whose moment is the author's latest or missing.
    by_issue: [Issues<'a>; 2],
}

impl<'a> Latest<'a> {
    fn of(all: &'a [Candidate<'a>]) -> Self {
        let mut latest = Latest { by_moment: HashMap::new(), by_issue: [HashMap::new(), HashMap::new()] };
        for one in all {
            let Some(moment) = &one.moment else { continue };
            keep(&mut latest.by_moment, one.author, moment, one.at);
        }
        for one in all {
            let Some((name, issue)) = &one.issue else { continue };
            let is_latest = latest.is_not_earlier(one);
            keep(&mut latest.by_issue[0], (one.author, *name), issue.as_slice(), one.at);
            if is_latest {
                keep(&mut latest.by_issue[1], (one.author, *name), issue.as_slice(), one.at);
            }
        }
        latest
    }

    fn is_not_earlier(&self, one: &Candidate<'a>) -> bool {
        let latest = self.by_moment.get(&one.author);
        one.moment.as_ref().zip(latest).is_none_or(|(own, (latest, _))| own >= *latest)
    }

    /// The statement by which another is superseded.
    fn than(&self, one: &Candidate<'a>) -> Option<At> {
        if !self.is_not_earlier(one) {
            return self.by_moment.get(&one.author).map(|(_, at)| *at);
        }
        let (name, own) = one.issue.as_ref()?;
        let issues = &self.by_issue[usize::from(one.moment.is_some())];
        issues.get(&(one.author, *name)).filter(|(latest, _)| *latest > own.as_slice()).map(|(_, at)| *at)
    }
}

/// Keeps the greatest, and of equal ones the first.
fn keep<'a, K: Eq + Hash, V: Ord + ?Sized>(map: &mut HashMap<K, (&'a V, At)>, key: K, value: &'a V, at: At) {
    match map.entry(key) {
        Entry::Occupied(mut kept) => {
            let (greatest, first) = *kept.get();
            if value > greatest || (value == greatest && at < first) {
                kept.insert((value, at));
            }
        }
        Entry::Vacant(empty) => drop(empty.insert((value, at))),
    }
}
