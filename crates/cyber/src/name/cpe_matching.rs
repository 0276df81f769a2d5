//! How two CPE names relate, attribute by attribute and as a whole (NISTIR 7696, 6 and 7).

use super::cpe::{Attribute, Cpe, Value};
use super::cpe_text::plain;

/// How a source (what an advisory names) relates to a target (what is installed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Both name the same.
    Equal,
    /// The source is within the target: the target leaves open what the source says.
    Subset,
    /// The source covers the target.
    Superset,
    /// Nothing is named by both.
    Disjoint,
    /// The specification gives no answer: wildcards in the target, or attributes that point both ways.
    Undefined,
}

impl Cpe {
    /// The relation of every attribute, in their order (NISTIR 7696, table 6-2).
    pub fn relations(&self, target: &Self) -> [Relation; 11] {
        Attribute::ALL.map(|attribute| relation(self.get(attribute), target.get(attribute)))
    }

    /// Whether both may name one product: neither part, vendor nor product excludes it.
    pub(crate) fn may_share_product(&self, target: &Self) -> bool {
        // The vendor excludes most, and is the least often a pattern.
        [Attribute::Vendor, Attribute::Product, Attribute::Part]
            .into_iter()
            .all(|attribute| relation(self.get(attribute), target.get(attribute)) != Relation::Disjoint)
    }

    /// The relation of the names (NISTIR 7696, table 6-4).
    pub fn relation(&self, target: &Self) -> Relation {
        let all = self.relations(target);
        let only = |wanted: Relation| all.iter().all(|found| *found == wanted || *found == Relation::Equal);
        if all.contains(&Relation::Disjoint) {
            Relation::Disjoint
        } else if only(Relation::Equal) {
            Relation::Equal
        } else if only(Relation::Subset) {
            Relation::Subset
        } else if only(Relation::Superset) {
            Relation::Superset
        } else {
            Relation::Undefined
        }
    }
}

/// The relation of two values (NISTIR 7696, 7.3).
pub fn relation(source: Value<'_>, target: Value<'_>) -> Relation {
    match (source, target) {
        (_, target) if target.has_wildcards() => Relation::Undefined,
        (source, target) if source == target => Relation::Equal,
        (Value::Any, _) => Relation::Superset,
        (_, Value::Any) => Relation::Subset,
        (Value::Text(pattern), Value::Text(text)) if source.has_wildcards() => {
            if covers(pattern, text) {
                Relation::Superset
            } else {
                Relation::Disjoint
            }
        }
        _ => Relation::Disjoint,
    }
}

/// How many characters an end of a pattern lets pass.
#[derive(Clone, Copy)]
enum Open {
    AtMost(usize),
    Any,
}

impl Open {
    fn lets(self, count: usize) -> bool {
        match self {
            Self::AtMost(most) => count <= most,
            Self::Any => true,
        }
    }
}

/// Whether a text fits a pattern: an asterisk stands for any characters, each question mark for one or none.
fn covers(pattern: &str, text: &str) -> bool {
    let (before, rest) = take_wildcards(pattern);
    let (after, core) = take_wildcards_from_end(rest);
    let (core, text) = (plain(core), plain(text));
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    for (skipped, at) in starts.enumerate() {
        if !before.lets(skipped) {
            return false;
        }
        if text[at..].strip_prefix(core.as_ref()).is_some_and(|left| after.lets(left.chars().count())) {
            return true;
        }
    }
    false
}

fn take_wildcards(pattern: &str) -> (Open, &str) {
    if let Some(rest) = pattern.strip_prefix('*') {
        return (Open::Any, rest);
    }
    let rest = pattern.trim_start_matches('?');
    (Open::AtMost(pattern.len() - rest.len()), rest)
}

fn take_wildcards_from_end(pattern: &str) -> (Open, &str) {
    // What stands directly behind a quoting backslash is not a wildcard.
    let quoted = |rest: &str| super::cpe::ends_quoting(rest);
    if let Some(rest) = pattern.strip_suffix('*').filter(|rest| !quoted(rest)) {
        return (Open::Any, rest);
    }
    let mut rest = pattern;
    while let Some(shorter) = rest.strip_suffix('?').filter(|rest| !quoted(rest)) {
        rest = shorter;
    }
    (Open::AtMost(pattern.len() - rest.len()), rest)
}
