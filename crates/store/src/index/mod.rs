//! The index: for every term (a value of a filtered field, a character or a pair of characters of the
//! searched text) the sequence numbers of the history entries that carry it. Every batch of writes adds a
//! segment in its own transaction; segments of one size are merged into a larger one. An entry is never
//! changed, so a segment is not either: what a newer version replaces is listed as gone.
//!
//! `postings` packs lists, `builder` turns records into a segment, `segments` keeps them in the database.

mod builder;
mod postings;
mod segments;

pub(crate) use builder::{Builder, Doc};
pub(crate) use segments::{Merging, add, lookup, lookup_any, merged_blocks, remove_all, size, tidy};

use sha2::{Digest, Sha256};

use crate::project::GAP;

/// A term as a number: below 2^42 one or two characters, then two marks, above 2^61 a value of a field.
pub(crate) type Term = u64;

/// Carried by every entry.
pub(crate) const ALL: Term = 1 << 43;
/// Entries of earlier segments that a newer version replaces.
pub(crate) const GONE: Term = ALL + 1;

const CHAR_BITS: u32 = 21;

/// The term of a value of a field. The 61 bits of its hash can in theory collide: whoever shows a record
/// looks at its values again.
pub(crate) fn facet(field: &str, value: &str) -> Term {
    let sum = Sha256::new().chain_update(field).chain_update([0]).chain_update(value).finalize();
    let first = sum.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    1 << 61 | first >> 3
}

/// The terms of folded text that begin with some characters: the character and it with its right neighbour.
fn grams(text: &str, begins: impl Fn(char) -> bool, mut add: impl FnMut(Term)) {
    let mut chars = text.chars();
    let mut next = chars.next();
    while let Some(c) = next {
        next = chars.next();
        if c != GAP && begins(c) {
            add(one(c));
            if let Some(neighbour) = next.filter(|c| *c != GAP) {
                add(pair(c, neighbour));
            }
        }
    }
}

fn one(c: char) -> Term {
    u64::from(u32::from(c)) << CHAR_BITS
}

fn pair(c: char, neighbour: char) -> Term {
    one(c) | u64::from(u32::from(neighbour))
}

/// The terms that a folded, non-empty word needs, and whether they suffice: longer words are candidates
/// only, because pairs may stand apart.
pub(crate) fn needed(word: &str) -> (Vec<Term>, bool) {
    let mut terms: Vec<Term> =
        word.chars().zip(word.chars().skip(1)).map(|(c, next)| pair(c, next)).collect();
    if terms.is_empty() {
        terms.extend(word.chars().map(one));
    }
    let enough = terms.len() == 1;
    (terms, enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_carries_the_terms_of_every_word_inside_it() {
        let mut carried = Vec::new();
        grams("医療機器\0計画", |_| true, |term| carried.push(term));
        for word in ["医", "器", "画", "医療", "機器", "療機器", "医療機器", "計画"] {
            assert!(needed(word).0.iter().all(|term| carried.contains(term)), "{word}");
        }
        assert!(
            !needed("器計").0.iter().all(|term| carried.contains(term)),
            "nothing is found across fields"
        );
    }

    #[test]
    fn kinds_of_terms_do_not_meet() {
        let highest = needed("\u{10FFFF}\u{10FFFF}").0[0];
        assert!(highest < ALL && GONE < facet("a", "b"));
        assert!(i64::try_from(facet("kind", "main")).is_ok(), "terms fit the databases' integers");
        assert_ne!(facet("ab", "c"), facet("a", "bc"));
    }
}
