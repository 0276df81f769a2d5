//! Makers' own version numbers, as CPE names and advisories on devices write them. No standard orders them, so that two of them are ordered
//! only where every reading of the texts gives the same order; `comparable` says where that is.
//!
//! A text has a family (letters before its first number, a Cisco train behind its last parenthesis, a date), numbers, and what is appended.
//! Two texts are ordered when their families are equal and
//! - their numbers differ (`R4.1L1` lies before `R4.2`, whatever `L1` means), trailing zeros not counted, or
//! - what is appended differs first in a number behind the same words (`1.8.0_201`, `1.8.0_202`), or
//! - one has a pre-release, a patch or a letter appended where the other has nothing or one of another of these (`1.0-rc1`, `1.0`, `1.0a`).
//!
//! Everything else would be a guess: a service pack against an update, `a1` (alpha or letter?) against nothing, words we do not know.

use std::borrow::Cow;

use super::key::{END, Key, is_number, significant, take_while};

/// Marks of what is appended, lowest first. Numbers begin above them.
const ORDERED_PRE: u8 = 1;
const OTHER_PRE: u8 = 2;
const NOTHING: u8 = 3;
const PATCH: u8 = 4;
const LETTER: u8 = 5;
const OTHER: u8 = 6;
const FIRST_NUMBER: u8 = 0x10;

/// Pre-releases whose order among themselves is the same everywhere.
const ORDERED_PRES: [(&str, u8); 4] = [("alpha", 1), ("beta", 2), ("rc", 3), ("cr", 3)];
/// Words that everybody writes before a release, in no common order.
const OTHER_PRES: [&str; 9] =
    ["pre", "preview", "prerelease", "dev", "snapshot", "nightly", "canary", "ea", "eap"];
/// Words that everybody writes after a release, in no common order.
const PATCHES: [&str; 14] = [
    "sp",
    "servicepack",
    "patch",
    "p",
    "pl",
    "update",
    "upd",
    "u",
    "su",
    "cu",
    "hotfix",
    "hf",
    "fixpack",
    "post",
];
/// Words that say no more than that it is a release.
const RELEASES: [&str; 4] = ["final", "ga", "release", "stable"];
/// The most digits of a number: longer ones are no version numbers.
const LONGEST_NUMBER: usize = 18;
/// The most appended pieces.
const MOST_PIECES: usize = 32;

/// The key of a version; `None` for texts without a number and for wildcards, commits and sentences.
pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    let count = |sign: u8| memchr::memchr_iter(sign, text.as_bytes()).count();
    if !text.is_ascii() || looks_like_commit(text) || count(b'(') != count(b')') {
        return None;
    }
    let text = lowered(text);
    let (family, rest) = split_family(&text)?;
    let end = rest.bytes().position(|byte| !(byte.is_ascii_digit() || byte == b'.')).unwrap_or(rest.len());
    let (numbers, appended) = rest.split_at(end);
    // A dot may lead to what is appended: `1.0.final`.
    let core = numbers.strip_suffix('.').filter(|_| !appended.is_empty()).unwrap_or(numbers);
    let mut key = Key::new();
    let train = if is_date(core.split('.').next().unwrap_or_default()) { "#" } else { train(appended) };
    key.joined([family, train]);
    // Trailing zeros do not count.
    let mut zeros = 0;
    for number in core.split('.') {
        if !is_number(number) || significant(number).len() > LONGEST_NUMBER {
            return None;
        }
        if significant(number).is_empty() {
            zeros += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut zeros) {
            key.number("0");
        }
        key.number(number);
    }
    push_appended(key.mark(END), appended)?;
    Some(key.mark(NOTHING).done())
}

/// Whether the order of two keys means anything.
pub(super) fn comparable(left: &[u8], right: &[u8]) -> bool {
    let ((left_family, left), (right_family, right)) = (split_at_end(left), split_at_end(right));
    if left_family != right_family {
        return false;
    }
    let ((left_numbers, left), (right_numbers, right)) = (split_at_end(left), split_at_end(right));
    left_numbers != right_numbers || appended_comparable(left, right)
}

fn lowered(text: &str) -> Cow<'_, str> {
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_lower { text.into() } else { text.to_ascii_lowercase().into() }
}

/// The letters before the first number, without `v` for version.
fn split_family(text: &str) -> Option<(&str, &str)> {
    let (letters, rest) = take_while(text, |letter| letter.is_ascii_lowercase());
    let separated = rest.strip_prefix(['.', '-', '_', ' ']).filter(|_| !letters.is_empty()).unwrap_or(rest);
    let known = if matches!(letters, "v" | "ver" | "version") { "" } else { letters };
    separated.starts_with(|letter: char| letter.is_ascii_digit()).then_some((known, separated))
}

/// The train of Cisco's releases, `sxi` of `12.2(33)SXI4`, with the parenthesis before it.
fn train(appended: &str) -> &str {
    let Some(at) = appended.rfind(')') else { return "" };
    let (letters, _) = take_while(&appended[at + 1..], |letter| letter.is_ascii_lowercase());
    if letters.is_empty() { "" } else { &appended[at..=at + letters.len()] }
}

/// `20240131`: a date, which no number counts up to.
fn is_date(number: &str) -> bool {
    number.len() == 8 && (number.starts_with("19") || number.starts_with("20"))
}

/// A commit's hexadecimal digits, or letters and digits that change places more often than versions' do.
fn looks_like_commit(text: &str) -> bool {
    let bytes = text.as_bytes();
    let hexadecimal = bytes.len() >= 7 && bytes.iter().all(u8::is_ascii_hexdigit);
    if hexadecimal && bytes.iter().any(u8::is_ascii_alphabetic) && bytes.iter().any(u8::is_ascii_digit) {
        return true;
    }
    let changes = bytes.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit());
    bytes.iter().all(u8::is_ascii_alphanumeric) && changes.count() > 3
}

fn push_appended(key: &mut Key, text: &str) -> Option<()> {
    let mut rest = text;
    let mut behind_number = true;
    for _ in 0..MOST_PIECES {
        let (signs, after) = take_while(rest, |letter| !letter.is_ascii_alphanumeric());
        let sign = one_sign(signs)?;
        if after.is_empty() {
            return matches!(sign, "" | ")").then_some(());
        }
        let (segment, _) = take_while(after, |letter| letter.is_ascii_alphanumeric());
        let (word, number) = take_while(segment, |letter| letter.is_ascii_lowercase());
        rest = if looks_like_commit(segment) {
            key.mark(OTHER).text(segment);
            &after[segment.len()..]
        } else if word.is_empty() {
            push_number(key, sign, number, after)?
        } else {
            let attached = behind_number && sign.is_empty() && segment == word;
            push_word(key, word, attached, &after[word.len()..])?
        };
        behind_number = true;
    }
    None
}

/// What separates two pieces: one sign, blanks not counted; nothing stands for letters and digits that touch.
fn one_sign(signs: &str) -> Option<&str> {
    let sign = signs.trim_matches(' ');
    match sign {
        "" if !signs.is_empty() => Some(" "),
        "" | "." | "-" | "_" | "+" | "#" | "(" | ")" => Some(sign),
        // `1.0-#2`, `8.4(3)-1` and their like.
        ")-" | ")." | ")_" | "-#" | "- #" => sign.get(sign.len() - 1..),
        _ => None,
    }
}

/// A number behind a sign. Behind a dot or a closing parenthesis it continues what stands before it.
fn push_number<'a>(key: &mut Key, sign: &str, text: &str, after: &'a str) -> Option<&'a str> {
    let (digits, _) = take_while(text, |letter| letter.is_ascii_digit());
    match sign {
        " " => return None,
        "." | ")" | "" => {}
        _ => drop(key.mark(OTHER).text(sign)),
    }
    if significant(digits).len() > LONGEST_NUMBER {
        return None;
    }
    key.number(digits);
    Some(&after[digits.len()..])
}

/// A word with its number, which may stand apart: `rc1`, `rc.1`, `rc-1`.
fn push_word<'a>(key: &mut Key, word: &str, attached: bool, after: &'a str) -> Option<&'a str> {
    let apart = after.strip_prefix(['.', '-', '_', ' ']).unwrap_or(after);
    let (digits, rest) = take_while(apart, |letter| letter.is_ascii_digit());
    if significant(digits).len() > LONGEST_NUMBER || word == "x" {
        return None;
    }
    let rest = if digits.is_empty() { after } else { rest };
    if attached && digits.is_empty() && is_letter_of_release(word) {
        key.mark(LETTER).text(word);
        return Some(rest);
    }
    if digits.is_empty() && RELEASES.contains(&word) {
        return Some(rest);
    }
    match ORDERED_PRES.iter().find(|(known, _)| *known == word) {
        Some((_, rank)) => drop(key.mark(ORDERED_PRE).mark(*rank)),
        None if OTHER_PRES.contains(&word) => drop(key.mark(OTHER_PRE).text(word)),
        None if PATCHES.contains(&word) => drop(key.mark(PATCH).text(word)),
        None => drop(key.mark(OTHER).text(word)),
    }
    key.number(digits);
    Some(rest)
}

/// `1.0.2g`, and `1.0.2zh` when the alphabet did not suffice.
fn is_letter_of_release(word: &str) -> bool {
    word.len() == 1 || (word.len() == 2 && word.starts_with('z'))
}

/// What stands before the first end, and behind it. A key of ours has its ends.
fn split_at_end(key: &[u8]) -> (&[u8], &[u8]) {
    let at = key.iter().position(|byte| *byte == END).unwrap_or(key.len());
    (&key[..at], key.get(at + 1..).unwrap_or_default())
}

/// The first appended pieces that differ decide.
fn appended_comparable(mut left: &[u8], mut right: &[u8]) -> bool {
    loop {
        let ((left_kind, left_word, left_after), (right_kind, right_word, right_after)) =
            (next_piece(left), next_piece(right));
        if (left_kind, left_word) != (right_kind, right_word) {
            return kinds_comparable(left_kind, right_kind);
        }
        let ((left_numbers, left_rest), (right_numbers, right_rest)) =
            (split_numbers(left_after), split_numbers(right_after));
        if left_numbers != right_numbers || left_kind == NOTHING {
            return true;
        }
        (left, right) = (left_rest, right_rest);
    }
}

/// Whether pieces of two kinds, or of one kind with other words, have an order.
fn kinds_comparable(left: u8, right: u8) -> bool {
    match (left.min(right), left.max(right)) {
        (ORDERED_PRE | LETTER, high) if left == right => high != OTHER,
        (ORDERED_PRE | OTHER_PRE, NOTHING | PATCH | LETTER) | (NOTHING, PATCH | LETTER) => true,
        _ => false,
    }
}

/// The kind and the word of the first piece, and what follows.
fn next_piece(bytes: &[u8]) -> (u8, &[u8], &[u8]) {
    match bytes.split_first() {
        None => (NOTHING, &[], &[]),
        Some((&NOTHING, after)) => (NOTHING, &[], after),
        Some((&ORDERED_PRE, after)) => {
            let (rank, after) = after.split_at(after.len().min(1));
            (ORDERED_PRE, rank, after)
        }
        Some((&kind, after)) if kind < FIRST_NUMBER => {
            let (word, after) = split_at_end(after);
            (kind, word, after)
        }
        // Numbers that continue those before the appended pieces: `8.4(3)` has none, `1.0final.2` does.
        Some(_) => (OTHER, &[], bytes),
    }
}

fn split_numbers(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().position(|byte| *byte < FIRST_NUMBER).unwrap_or(bytes.len()))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use crate::version::{Scheme, Version, order};

    #[test]
    fn texts_of_one_shape_are_ordered() {
        for (left, right, expected) in [
            ("2.0.1", "12.2.1", Less),
            ("1.0", "1.0.0", Equal),
            ("v4.2", "4.2", Equal),
            ("2017.1.0.3", "2017.1.0.10", Less),
            ("1.0.2g", "1.0.2h", Less),
            ("1.0.2", "1.0.2g", Less),
            ("1.0.2z", "1.0.2za", Less),
            ("1.0.2zg", "1.0.3", Less),
            ("4.1.0-beta3", "4.1.0", Less),
            ("4.1.0-beta3", "4.1.0_beta.12", Less),
            ("4.1.0-alpha", "4.1.0-beta", Less),
            ("4.1.0-rc1", "4.1.0-cr1", Equal),
            ("4.1.0-dev", "4.1.0a", Less),
            ("10.3(2a)", "10.3(2)", Greater),
            ("10.3(2a)", "10.3(10)", Less),
            ("10.3(2a)", "9.4", Greater),
            ("9.8(4)", "9.8(4)10", Less),
            ("12.2(33)SXI4", "12.2(33)SXI10", Less),
            ("R4.1L1", "r4.1l2", Less),
            ("R4.1L1", "R4.2", Less),
            ("A.04.02", "A.4.10", Less),
            ("L81", "L9", Greater),
            ("012U000040", "12u41", Less),
            ("11.0sp2", "11.0 SP10", Less),
            ("11.0sp2", "11.0", Greater),
            ("11.0sp2 patch3", "11.0sp2", Greater),
            ("1.8.0_201", "1.8.0_202", Less),
            ("1.0.final", "1.0", Equal),
            ("2021-03-05", "2021-12-01", Less),
            ("20210305", "20211201", Less),
            ("3.1.0a2", "3.1.1", Less),
            ("3.1.0a2", "3.1.0a10", Less),
        ] {
            assert_eq!(order(Scheme::Maker, left, right), Some(expected), "{left} {right}");
            assert_eq!(order(Scheme::Maker, right, left), Some(expected.reverse()), "{right} {left}");
        }
    }

    #[test]
    fn texts_of_different_shapes_are_not_ordered() {
        for (left, right) in [
            ("R4.1", "4.1"),
            ("L81", "M81"),
            ("A.04.02", "B.04.02"),
            ("R4.1L1", "R4.1"),
            ("11.0sp2", "11.0u1"),
            ("11.0sp2", "11.0a"),
            ("3.1.0a2", "3.1.0"),
            ("3.1.0a2", "3.1.0b1"),
            ("6.2-23739", "6.2"),
            ("1.8.0_201", "1.8.0-201"),
            ("12.2(33)SXI4", "12.2(50)SE"),
            ("12.2(33)SXI4", "12.4(1)"),
            ("20210305", "3.2"),
            ("4.1-dev", "4.1-beta"),
            ("4.1-nightly", "4.1-ea"),
            ("4.2.vf9b3a_1", "4.2.v0c3d8f1"),
        ] {
            assert_eq!(order(Scheme::Maker, left, right), None, "{left} {right}");
            assert!(Version::parse(Scheme::Maker, left).is_some(), "{left}");
            assert!(Version::parse(Scheme::Maker, right).is_some(), "{right}");
        }
    }

    #[test]
    fn a_text_whose_place_is_a_guess_is_no_version() {
        for text in [
            "fuji",
            "current",
            "9.*",
            "9.9.x",
            "c9ead9c9bcbfb9cc",
            "9e9c9f9dd9f9d9",
            "6b5370d",
            "and including 9.9.9",
            "*-9.9.9a",
            "1..2",
            "1.",
            "1 2",
            "1.0,1.1",
            "1.0/2",
            "版1",
            "1.0(2",
            "1234567890123456789",
        ] {
            assert_eq!(Version::parse(Scheme::Maker, text), None, "{text}");
        }
    }
}
