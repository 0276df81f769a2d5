//! Maven: the "Version Order Specification" of its POM reference.

use super::key::{Key, is_number, runs, significant};

/// What may stand at one place, lowest first: qualifiers before the release in their fixed order, the release (also the end), the service
/// pack, other words, numbers after a hyphen, numbers after a dot.
const BEFORE_RELEASE: [&str; 5] = ["alpha", "beta", "milestone", "rc", "snapshot"];
const RELEASE: u8 = 6;
const SERVICE_PACK: u8 = 7;
const WORD: u8 = 8;
const NUMBER_AFTER_HYPHEN: u8 = 9;
const NUMBER_AFTER_DOT: u8 = 10;

enum Token {
    Number {
        digits: String,
        after_hyphen: bool,
    },
    /// In lower case, aliases replaced; empty for a release.
    Word(String),
}

impl Token {
    fn is_null(&self) -> bool {
        match self {
            Self::Number { digits, .. } => significant(digits).is_empty(),
            Self::Word(word) => word.is_empty(),
        }
    }
}

pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b".-_+~!@:#%&'^".contains(&byte) || !byte.is_ascii();
    if !text.bytes().all(allowed) || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut key = Key::new();
    for token in tokens(text) {
        match token {
            Token::Number { digits, after_hyphen: true } => key.mark(NUMBER_AFTER_HYPHEN).number(&digits),
            Token::Number { digits, after_hyphen: false } => key.mark(NUMBER_AFTER_DOT).number(&digits),
            Token::Word(word) => push_word(&mut key, &word),
        };
    }
    Some(key.mark(RELEASE).done())
}

fn push_word<'a>(key: &'a mut Key, word: &str) -> &'a mut Key {
    if let Some(mark) = (1..).zip(BEFORE_RELEASE).find_map(|(mark, known)| (known == word).then_some(mark)) {
        return key.mark(mark);
    }
    match word {
        "" => key.mark(RELEASE),
        "sp" => key.mark(SERVICE_PACK),
        _ => key.mark(WORD).text(word),
    }
}

/// The tokens, trimmed: zeros and words for a release are dropped before each hyphen and at the end. A word after a dot counts as after a
/// hyphen, and so does the change between digits and letters.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (hyphens, part) in text.split('-').enumerate() {
        for (dots, section) in part.split('.').enumerate() {
            let runs: Vec<&str> = if section.is_empty() { vec!["0"] } else { runs(section).collect() };
            for (place, run) in runs.iter().enumerate() {
                let after_hyphen = place > 0 || (dots == 0 && hyphens > 0);
                let before_digit = place + 1 < runs.len();
                let word = !is_number(run);
                if after_hyphen || word {
                    drop_nulls(&mut tokens);
                }
                tokens.push(match word {
                    true => Token::Word(spelled_out(&run.to_lowercase(), before_digit)),
                    false => Token::Number { digits: (*run).to_owned(), after_hyphen },
                });
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
        for (left, right) in [
            ("1-foo", "1.0.0-foo.0.0"),
            ("1.ga", "1-ga"),
            ("1-a1", "1-alpha-1"),
            ("1.0.alpha", "1-alpha"),
            ("1", "1.0-FINAL"),
        ] {
            assert_eq!(order(Scheme::Maven, left, right), Some(Equal), "{left} {right}");
        }
        for text in ["RELEASE", "${project.version}", "[1.0,2.0)", "1.0,1.1"] {
            assert_eq!(Version::parse(Scheme::Maven, text), None, "{text}");
        }
    }
}
