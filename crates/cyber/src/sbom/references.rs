//! References within a document: each name given once, each used name given, nothing depending on itself.

use std::collections::{HashMap, HashSet};

use super::deviation::{DeviationKind as Kind, Found, Place};
use super::model::Relationship;

/// Names that are given, and names that are used, each with its place.
#[derive(Default)]
pub(crate) struct References<'a> {
    pub(crate) given: Vec<(&'a str, Place)>,
    pub(crate) used: Vec<(&'a str, Place)>,
}

impl References<'_> {
    /// Tells each name that is given twice (an error) and each used name that is not given; `elsewhere` names what another document gives.
    pub(crate) fn check(&self, found: &mut Found, elsewhere: impl Fn(&str) -> bool) {
        let mut given = HashSet::with_capacity(self.given.len());
        for (name, place) in &self.given {
            if !given.insert(*name) {
                found.error(place.clone(), Kind::SameReference((*name).to_owned()));
            }
        }
        for (name, place) in &self.used {
            if !given.contains(name) && !elsewhere(name) {
                found.error(place.clone(), Kind::Dangling((*name).to_owned()));
            }
        }
    }
}

/// Warns of each dependency that closes a circle. No recursion: a document may chain millions.
pub(crate) fn cycles(relationships: &[Relationship], found: &mut Found) {
    let mut edges: HashMap<&str, Vec<(&str, &Place)>> = HashMap::new();
    for one in relationships.iter().filter(|one| one.kind == "DEPENDS_ON") {
        edges.entry(&one.from).or_default().push((&one.to, &one.place));
    }
    let mut starts: Vec<&str> = edges.keys().copied().collect();
    starts.sort_unstable();
    let mut done: HashSet<&str> = HashSet::new();
    let mut on_path: HashSet<&str> = HashSet::new();
    for start in starts {
        let mut path: Vec<(&str, usize)> = vec![];
        if done.insert(start) {
            on_path.insert(start);
            path.push((start, 0));
        }
        while let Some((at, next)) = path.pop() {
            let Some((to, place)) = edges.get(at).and_then(|list| list.get(next)) else {
                on_path.remove(at);
                continue;
            };
            path.push((at, next + 1));
            if on_path.contains(to) {
                found.warning((*place).clone(), Kind::Cycle((*to).to_owned()));
            } else if done.insert(to) {
                on_path.insert(to);
                path.push((to, 0));
            }
        }
    }
}
