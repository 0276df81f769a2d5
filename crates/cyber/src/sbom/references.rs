//! References within a document: each name given once, each used name given, nothing depending on itself, and what stands
//! outermost because nothing leads to it.

use hashbrown::{HashMap, HashSet};

use super::model::Relationship;
use crate::document::deviation::{Deviation, DeviationKind as Kind, Found, Grade, Place};
use crate::document::json::Node;

/// Names that are given, and names that are used, each with its place, or what is made into one where something must be told.
pub(crate) struct References<'a, P = Place> {
    /// With the grade it has to be given twice.
    pub(crate) given: Vec<(&'a str, Grade, P)>,
    /// With the grade it has to lead nowhere.
    pub(crate) used: Vec<(&'a str, Grade, P)>,
}

impl<P> Default for References<'_, P> {
    fn default() -> Self {
        Self { given: Vec::new(), used: Vec::new() }
    }
}

impl<P: Clone + Into<Place>> References<'_, P> {
    /// Tells each name that is given twice and each used name that is not given; `elsewhere` knows what other documents give.
    pub(crate) fn check(&self, found: &mut Found, elsewhere: impl Fn(&str) -> bool) {
        let mut given = HashSet::with_capacity(self.given.len());
        let mut tell = |grade: Grade, place: &P, kind| {
            found.push(Deviation { grade, place: place.clone().into(), kind });
        };
        for (name, grade, place) in &self.given {
            if !given.insert(*name) {
                tell(*grade, place, Kind::SameReference((*name).to_owned()));
            }
        }
        for (name, grade, place) in &self.used {
            if !given.contains(name) && !elsewhere(name) {
                tell(*grade, place, Kind::Dangling((*name).to_owned()));
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

/// Of some references those that no other leads to, and of what is left then the first of those that lead to each other.
pub(crate) fn outermost<'a>(all: &[&'a str], dependencies: &[Node]) -> Vec<&'a str> {
    let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
    for one in dependencies {
        let from = one.str("ref").unwrap_or_default();
        let to = one.list("dependsOn").iter().filter_map(Node::as_str).filter(|to| *to != from);
        below.entry(from).or_default().extend(to);
    }
    let led_to: HashSet<&str> = below.values().flatten().copied().collect();
    let (free, rest): (Vec<&str>, Vec<&str>) = all.iter().copied().partition(|one| !led_to.contains(one));
    let mut reached: HashSet<&str> = HashSet::new();
    let mut found = Vec::new();
    for one in free.into_iter().chain(rest) {
        if !reached.insert(one) {
            continue;
        }
        found.push(one);
        let mut open = vec![one];
        while let Some(at) = open.pop() {
            open.extend(below.get(at).into_iter().flatten().copied().filter(|next| reached.insert(next)));
        }
    }
    found
}
