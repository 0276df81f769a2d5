//! What English says of whether a bound belongs to its range: `up to and including 1.2`, `up to (but not including) 1.2`, `1.0 to 1.2
//! inclusive`.

use super::tokens::{Kind, Token};

/// Before a bound: whether it belongs to the range, where that is said, and how many tokens say so.
pub(super) fn before(rest: &[Token]) -> Option<(bool, usize)> {
    let kind = |at: usize| rest.get(at).map(|token| token.kind);
    let set_off = matches!(kind(0), Some(Kind::Open | Kind::Comma));
    let begin = usize::from(set_off);
    let (included, length) = match () {
        () if are(rest, begin, &["and", "including"]) => (true, 2),
        () if are(rest, begin, &["but", "not", "including"]) => (false, 3),
        () if are(rest, begin, &["not", "including"]) => (false, 2),
        () => return None,
    };
    let end = begin + length;
    match (kind(0), kind(end)) {
        (Some(Kind::Open), Some(Kind::Close)) | (Some(Kind::Comma), Some(Kind::Comma)) => {
            Some((included, end + 1))
        }
        (Some(Kind::Open), _) => None,
        _ => Some((included, end)),
    }
}

/// Behind a bound: how many tokens say that it belongs to the range, which it does anyway where nothing is said.
pub(super) fn behind(rest: &[Token]) -> usize {
    let kind = |at: usize| rest.get(at).map(|token| token.kind);
    match () {
        () if are(rest, 0, &["inclusive"]) => 1,
        () if kind(0) == Some(Kind::Open) && are(rest, 1, &["inclusive"]) && kind(2) == Some(Kind::Close) => {
            3
        }
        () => 0,
    }
}

fn are(rest: &[Token], from: usize, words: &[&str]) -> bool {
    let behind = rest.get(from..).unwrap_or_default();
    behind.len() >= words.len()
        && behind.iter().zip(words).all(|(token, word)| token.text.eq_ignore_ascii_case(word))
}
