//! PyPI: PEP 440 (packaging.python.org, "Version specifiers"), and for texts from before it the order setuptools had, below all others.

use super::key::{END, Key, is_number, significant, take_while};

const LEGACY: u8 = 0;
const PEP_440: u8 = 1;

/// Where a version stands around its pre-releases: a development release of no pre-release comes first, the release itself last.
const DEVELOPMENT_ONLY: u8 = 0;
const NO_PRE: u8 = 4;
/// Written longest first, so that a shorter word does not hide a longer one; with their place among pre-releases.
const PRE_WORDS: [(&str, u8); 8] =
    [("preview", 3), ("alpha", 1), ("beta", 2), ("pre", 3), ("rc", 3), ("a", 1), ("b", 2), ("c", 3)];
const POST_WORDS: [&str; 3] = ["post", "rev", "r"];

const ABSENT: u8 = 0;
const PRESENT: u8 = 1;
const LOCAL_WORD: u8 = 1;
const LOCAL_NUMBER: u8 = 2;

pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    let lower = text.to_ascii_lowercase();
    pep_440(&lower).or_else(|| legacy(&lower))
}

fn pep_440(text: &str) -> Option<Box<[u8]>> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, local) = text.split_once('+').map_or((text, None), |(text, local)| (text, Some(local)));
    let (epoch, rest) = text.split_once('!').unwrap_or(("0", text));
    let mut key = Key::new();
    key.mark(PEP_440);
    if !is_number(epoch) {
        return None;
    }
    let rest = push_release(key.number(epoch), rest)?;
    let (pre, rest) = match PRE_WORDS.iter().find_map(|(word, place)| Some((place, numbered(rest, word)?))) {
        Some((place, (number, after))) => (Some((*place, number)), after),
        None => (None, rest),
    };
    let (post, rest) =
        match implicit_post(rest).or_else(|| POST_WORDS.iter().find_map(|word| numbered(rest, word))) {
            Some((number, after)) => (Some(number), after),
            None => (None, rest),
        };
    let (dev, rest) = numbered(rest, "dev").map_or((None, rest), |(number, after)| (Some(number), after));
    if !rest.is_empty() {
        return None;
    }
    match pre {
        Some((place, number)) => key.mark(place).number(number),
        None if post.is_none() && dev.is_some() => key.mark(DEVELOPMENT_ONLY),
        None => key.mark(NO_PRE),
    };
    match post {
        Some(number) => key.mark(PRESENT).number(number),
        None => key.mark(ABSENT),
    };
    match dev {
        // Here what is absent is the later.
        Some(number) => key.mark(ABSENT).number(number),
        None => key.mark(PRESENT),
    };
    push_local(&mut key, local)?;
    Some(key.done())
}

/// The numbers of a release; zeros at its end do not count.
fn push_release<'a>(key: &mut Key, text: &'a str) -> Option<&'a str> {
    let mut rest = text;
    let mut zeros = 0;
    loop {
        let (number, after) = take_while(rest, |letter| letter.is_ascii_digit());
        if number.is_empty() {
            return None;
        }
        if significant(number).is_empty() {
            zeros += 1;
        } else {
            for _ in 0..zeros {
                key.number("");
            }
            zeros = 0;
            key.number(number);
        }
        match after.strip_prefix('.') {
            Some(behind) if behind.starts_with(|letter: char| letter.is_ascii_digit()) => rest = behind,
            _ => {
                key.mark(END);
                return Some(after);
            }
        }
    }
}

/// `[-_.]?WORD[-_.]?[0-9]*`: the number, perhaps empty, and what follows.
fn numbered<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let after = without_separator(text).strip_prefix(word)?;
    Some(take_while(without_separator(after), |letter| letter.is_ascii_digit()))
}

/// `1.0-1` is the first post-release of 1.0.
fn implicit_post(text: &str) -> Option<(&str, &str)> {
    let (number, after) = take_while(text.strip_prefix('-')?, |letter| letter.is_ascii_digit());
    (!number.is_empty()).then_some((number, after))
}

fn without_separator(text: &str) -> &str {
    text.strip_prefix(['-', '_', '.']).unwrap_or(text)
}

fn push_local(key: &mut Key, local: Option<&str>) -> Option<()> {
    for part in local.into_iter().flat_map(|local| local.split(['-', '_', '.'])) {
        if is_number(part) {
            key.mark(LOCAL_NUMBER).number(part);
        } else if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            key.mark(LOCAL_WORD).text(part);
        } else {
            return None;
        }
    }
    key.mark(ABSENT);
    Some(())
}

/// The order of setuptools before PEP 440: digits padded to eight places, words behind a star, compared as texts. A text with the
/// signs of a range is no version even there.
fn legacy(text: &str) -> Option<Box<[u8]>> {
    let sign_of_range = |byte: u8| b"*<>=,;()[]{}$".contains(&byte);
    if text.bytes().any(sign_of_range) {
        return None;
    }
    let mut parts: Vec<String> = Vec::new();
    for part in legacy_parts(text) {
        if part.starts_with('*') {
            if part.as_str() < "*final" {
                drop_from_end(&mut parts, "*final-");
            }
            drop_from_end(&mut parts, "00000000");
        }
        parts.push(part);
    }
    let mut key = Key::new();
    key.mark(LEGACY);
    for part in &parts {
        key.text(part);
    }
    Some(key.done())
}

fn drop_from_end(parts: &mut Vec<String>, dropped: &str) {
    while parts.last().is_some_and(|last| last == dropped) {
        parts.pop();
    }
}

fn legacy_parts(text: &str) -> impl Iterator<Item = String> {
    #[derive(PartialEq)]
    enum Sort {
        Digits,
        Letters,
        Sign(char),
        Other,
    }
    let sort = |letter: char| match letter {
        '0'..='9' => Sort::Digits,
        'a'..='z' => Sort::Letters,
        '.' | '-' => Sort::Sign(letter),
        _ => Sort::Other,
    };
    let mut rest = text;
    let pieces = std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (piece, after) = match sort(first) {
            Sort::Sign(_) => rest.split_at(1),
            run => take_while(rest, |letter| sort(letter) == run),
        };
        rest = after;
        Some(piece)
    });
    let named = pieces.filter(|piece| *piece != ".").map(|piece| match piece {
        "pre" | "preview" | "rc" => "*c".to_owned(),
        "-" => "*final-".to_owned(),
        "dev" => "*@".to_owned(),
        _ if is_number(piece) => format!("{piece:0>8}"),
        _ => format!("*{piece}"),
    });
    named.chain(["*final".to_owned()])
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Less};

    use crate::version::{Scheme, Version, order};

    #[test]
    fn the_example_of_pep_440_is_in_order() {
        let ascending = [
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1!0.1",
        ];
        for pair in ascending.windows(2) {
            assert_eq!(order(Scheme::PyPI, pair[0], pair[1]), Some(Less), "{pair:?}");
        }
    }

    #[test]
    fn spellings_of_one_version_are_equal() {
        for (left, right) in [
            ("1.0", "1"),
            ("v1.0-ALPHA_1", "1a1"),
            ("1.0-c1", "1.0rc1"),
            ("1.0-r4", "1.0.post4"),
            ("1.0-4", "1.0.post4"),
            ("1.0+Ubuntu-1", "1.0+ubuntu.1"),
            ("1.2a", "1.2a0"),
        ] {
            assert_eq!(order(Scheme::PyPI, left, right), Some(Equal), "{left} {right}");
        }
    }

    #[test]
    fn a_text_from_before_the_rule_stands_below_all_others() {
        assert_eq!(order(Scheme::PyPI, "9.9-final-build", "0.dev0"), Some(Less));
        for text in ["main", ">=1.0", "1.*", "[1,2)"] {
            assert_eq!(Version::parse(Scheme::PyPI, text), None, "{text}");
        }
    }
}
