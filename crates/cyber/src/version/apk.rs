//! Alpine: apk-tools' version order. Numbers, letters, suffixes (`_alpha` … `_p`), a commit and the package's revision.

use super::key::{Key, take_while};

/// What may stand at one place, lowest first: what is missing lies below what is there, save for the suffixes of pre-releases.
const PRE_SUFFIX: u8 = 1;
const END: u8 = 2;
const REVISION: u8 = 3;
const COMMIT: u8 = 4;
const SUFFIX_NUMBER: u8 = 5;
const POST_SUFFIX: u8 = 6;
/// apk accepts a dot without a number behind it, and such versions were published (`0.8.21.r2`).
const EMPTY: u8 = 7;
const LETTER: u8 = 8;
/// A number behind a dot that begins with zero is compared as a fraction is, below every number that does not.
const FRACTION: u8 = 9;
const NUMBER: u8 = 10;

const PRE_SUFFIXES: [&str; 4] = ["alpha", "beta", "pre", "rc"];
const POST_SUFFIXES: [&str; 5] = ["cvs", "svn", "git", "hg", "p"];

pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    let mut key = Key::new();
    let rest = push_numbers(&mut key, text)?;
    let rest = push_suffixes(&mut key, rest)?;
    let rest = push_commit(&mut key, rest)?;
    if let Some(revision) = rest.strip_prefix("-r") {
        if !revision.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        key.mark(REVISION).number(revision);
    } else if !rest.is_empty() {
        return None;
    }
    Some(key.mark(END).done())
}

/// `1.2.3a`, also with a number behind the letter (`5.1p1`).
fn push_numbers<'a>(key: &mut Key, text: &'a str) -> Option<&'a str> {
    if !text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.') || !has_digit(text) {
        return None;
    }
    let mut rest = push_first(key, text);
    loop {
        let mut letters = rest.chars();
        match letters.next() {
            Some('.') => rest = push_behind_dot(key, letters.as_str()),
            Some(letter) if letter.is_ascii_lowercase() => {
                key.mark(LETTER).mark(u8::try_from(letter).ok()?);
                rest = letters.as_str();
                if rest.starts_with(|letter: char| letter.is_ascii_digit()) {
                    rest = push_first(key, rest);
                } else if rest.starts_with(|letter: char| letter.is_ascii_lowercase()) {
                    return None;
                }
            }
            _ => return Some(rest),
        }
    }
}

fn push_first<'a>(key: &mut Key, text: &'a str) -> &'a str {
    let (digits, after) = take_while(text, |letter| letter.is_ascii_digit());
    if digits.is_empty() {
        key.mark(EMPTY);
    } else {
        key.mark(NUMBER).number(digits);
    }
    after
}

fn push_behind_dot<'a>(key: &mut Key, text: &'a str) -> &'a str {
    if !text.starts_with('0') {
        return push_first(key, text);
    }
    let (digits, after) = take_while(text, |letter| letter.is_ascii_digit());
    key.mark(FRACTION).text(digits);
    after
}

fn push_suffixes<'a>(key: &mut Key, text: &'a str) -> Option<&'a str> {
    let mut rest = text;
    while let Some(after) = rest.strip_prefix('_') {
        let (name, after) = take_while(after, |letter| letter.is_ascii_lowercase());
        let (mark, place) = match PRE_SUFFIXES.iter().position(|known| *known == name) {
            Some(place) => (PRE_SUFFIX, place),
            None => (POST_SUFFIX, POST_SUFFIXES.iter().position(|known| *known == name)?),
        };
        key.mark(mark).mark(u8::try_from(place).ok()?);
        let (number, after) = take_while(after, |letter| letter.is_ascii_digit());
        if !number.is_empty() {
            key.mark(SUFFIX_NUMBER).number(number);
        }
        rest = after;
    }
    Some(rest)
}

/// `~` and the commit a version was built from, in hexadecimal digits.
fn push_commit<'a>(key: &mut Key, text: &'a str) -> Option<&'a str> {
    let Some(after) = text.strip_prefix('~') else { return Some(text) };
    let (commit, after) = take_while(after, |letter| matches!(letter, '0'..='9' | 'a'..='f'));
    if commit.is_empty() {
        return None;
    }
    key.mark(COMMIT).text(commit);
    Some(after)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::Less;

    use crate::version::{Scheme, Version, order};

    #[test]
    fn suffixes_are_ordered_around_the_plain_version() {
        let ascending = [
            "1.2_alpha",
            "1.2_alpha2",
            "1.2_beta",
            "1.2_pre",
            "1.2_rc1",
            "1.2",
            "1.2-r1",
            "1.2_cvs",
            "1.2_git",
            "1.2_p1",
            "1.2a",
            "1.2.0",
        ];
        for pair in ascending.windows(2) {
            assert_eq!(order(Scheme::Alpine, pair[0], pair[1]), Some(Less), "{pair:?}");
        }
        for text in ["a", "1.0bc", "1_foo", "1-ruff", "1-r1-2", "1.2A", "1~xyz", "..."] {
            assert_eq!(Version::parse(Scheme::Alpine, text), None, "{text}");
        }
    }
}
