//! Maven: the "Version Order Specification" of its POM reference, as repositories and OSV apply it: `.word` below `-word` below `-number`
//! below `.number`, zeros before `.word` kept.
//!
//! Taken literally that order runs in circles (`2.9-1 < 2.9.0.rc1 < 2.9 < 2.9-1`; Maven 3.9.1 changed its own rule for this reason). Where it
//! does, a word before the release stays below the release.

use super::key::{Key, is_number, runs, significant};

/// What may stand at one place, lowest first: words before the release, the release (also the end), words after it, numbers.
const BEFORE_RELEASE: [&str; 5] = ["alpha", "beta", "milestone", "rc", "snapshot"];
const EARLY_AFTER_DOT: u8 = 1;
const EARLY_AFTER_HYPHEN: u8 = 2;
const EARLY_AFTER_ZEROS: u8 = 3;
const RELEASE: u8 = 4;
const WORD_AFTER_DOT: u8 = 5;
const WORD_AFTER_HYPHEN: u8 = 6;
const NUMBER_AFTER_HYPHEN: u8 = 7;
const WORD_AFTER_ZEROS: u8 = 8;
const NUMBER_AFTER_DOT: u8 = 9;
/// The service pack stands before all other words.
const SERVICE_PACK: u8 = 1;
const OTHER_WORD: u8 = 2;

struct Token {
    /// Digits, or a word in lower case with aliases replaced, empty for a release.
    text: String,
    is_number: bool,
    after_hyphen: bool,
}

impl Token {
    fn is_null(&self) -> bool {
        self.text.is_empty() || (self.is_number && significant(&self.text).is_empty())
    }
}

pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b".-_+~!@:#%&'^".contains(&byte) || !byte.is_ascii();
    let tokens = tokens(text);
    let says_something = !tokens.is_empty() || text.bytes().any(|byte| byte.is_ascii_digit());
    if !text.bytes().all(allowed) || !says_something {
        return None;
    }
    let mut key = Key::new();
    let mut zeros = 0;
    for token in &tokens {
        if token.is_null() && !token.after_hyphen {
            zeros += 1;
            continue;
        }
        push(&mut key, token, zeros);
        zeros = 0;
    }
    Some(key.mark(RELEASE).done())
}

/// One token after a run of zeros, which stand only before dots: the run says how far below or above the end it lies.
fn push(key: &mut Key, token: &Token, zeros: u16) {
    if token.is_number {
        if token.after_hyphen {
            key.mark(NUMBER_AFTER_HYPHEN);
        } else {
            key.mark(NUMBER_AFTER_DOT).count(u16::MAX - zeros);
        }
        key.number(&token.text);
        return;
    }
    let early = (1..).zip(BEFORE_RELEASE).find_map(|(place, word)| (word == token.text).then_some(place));
    match (early, token.after_hyphen, zeros) {
        (None, true, _) if token.text.is_empty() => key.mark(RELEASE),
        (Some(place), true, _) => key.mark(EARLY_AFTER_HYPHEN).mark(place),
        (Some(place), false, 0) => key.mark(EARLY_AFTER_DOT).mark(place),
        (Some(place), false, _) => key.mark(EARLY_AFTER_ZEROS).count(zeros).mark(place),
        (None, true, _) => push_word(key.mark(WORD_AFTER_HYPHEN), &token.text),
        (None, false, 0) => push_word(key.mark(WORD_AFTER_DOT), &token.text),
        (None, false, _) => push_word(key.mark(WORD_AFTER_ZEROS).count(zeros), &token.text),
    };
}

fn push_word<'a>(key: &'a mut Key, word: &str) -> &'a mut Key {
    match word {
        "sp" => key.mark(SERVICE_PACK),
        _ => key.mark(OTHER_WORD).text(word),
    }
}

/// The tokens, trimmed: zeros and words for a release are dropped before each hyphen and at the end. The change between digits and
/// letters counts as a hyphen.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (hyphens, part) in text.split('-').enumerate() {
        for (dots, section) in part.split('.').enumerate() {
            let runs: Vec<&str> = if section.is_empty() { vec!["0"] } else { runs(section).collect() };
            for (place, run) in runs.iter().enumerate() {
                let after_hyphen = place > 0 || (dots == 0 && hyphens > 0);
                if after_hyphen {
                    drop_nulls(&mut tokens);
                }
                let is_number = is_number(run);
                let before_digit = place + 1 < runs.len();
                let text = if is_number {
                    (*run).to_owned()
                } else {
                    spelled_out(&run.to_lowercase(), before_digit)
                };
                tokens.push(Token { text, is_number, after_hyphen });
            }
        }
    }
    drop_nulls(&mut tokens);
    tokens
}

fn drop_nulls(tokens: &mut Vec<Token>) {
    while tokens.last().is_some_and(Token::is_null) {
        tokens.pop();
    }
}

/// Aliases; the short ones only directly before a digit.
fn spelled_out(word: &str, before_digit: bool) -> String {
    match word {
        "a" if before_digit => "alpha",
        "b" if before_digit => "beta",
        "m" if before_digit => "milestone",
        "cr" => "rc",
        "ga" | "final" | "release" => "",
        _ => word,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Less};

    use crate::version::{Scheme, Version, order};

    #[test]
    fn the_examples_of_the_specification_hold() {
        let ascending =
            ["1-alpha", "1-beta", "1-milestone", "1-rc", "1-snapshot", "1", "1-sp", "1-foo", "1-1", "1.1"];
        for pair in ascending.windows(2) {
            assert_eq!(order(Scheme::Maven, pair[0], pair[1]), Some(Less), "{pair:?}");
        }
        for (left, right) in
            [("1-foo", "1.0.0-foo.0.0"), ("1.ga", "1-ga"), ("1-a1", "1-alpha-1"), ("1", "1.0-FINAL")]
        {
            assert_eq!(order(Scheme::Maven, left, right), Some(Equal), "{left} {right}");
        }
        for ascending in [
            ["1.rc1", "1-rc1", "1"],
            ["1-rc1", "1.0.rc1", "1"],
            ["1", "1.foo", "1-foo"],
            ["1-2", "1.0.foo", "1.0.1"],
        ] {
            for pair in ascending.windows(2) {
                assert_eq!(order(Scheme::Maven, pair[0], pair[1]), Some(Less), "{pair:?}");
            }
        }
        for text in ["RELEASE", "${project.version}", "[1.0,2.0)", "1.0,1.1"] {
            assert_eq!(Version::parse(Scheme::Maven, text), None, "{text}");
        }
    }
}
