//! RubyGems: `Gem::Version#<=>`. Numbers above letters, missing segments are zeros.

use super::key::{Key, is_number, runs, significant};

/// What follows a run of zeros decides whether it lies below or above the end, which stands for zeros without end.
const LETTERS: u8 = 1;
const END: u8 = 2;
const NUMBER: u8 = 3;

pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    if !is_correct(text) {
        return None;
    }
    let text = text.replace('-', ".pre.");
    let segments: Vec<&str> = text.split('.').flat_map(runs).collect();
    let letters_at = segments.iter().position(|segment| !is_number(segment)).unwrap_or(segments.len());
    let (numbers, tail) = segments.split_at(letters_at);
    let mut key = Key::new();
    let mut zeros = 0_u16;
    // The canonical form drops the zeros before the first letters and those at the end.
    for segment in without_zeros_at_end(numbers).iter().chain(without_zeros_at_end(tail)) {
        if !is_number(segment) {
            key.mark(LETTERS).count(zeros).text(segment);
        } else if significant(segment).is_empty() {
            zeros += 1;
            continue;
        } else {
            key.mark(NUMBER).count(u16::MAX - zeros).number(segment);
        }
        zeros = 0;
    }
    Some(key.mark(END).done())
}

/// `[0-9]+(\.[0-9A-Za-z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?`
fn is_correct(text: &str) -> bool {
    let (version, pre) = text.split_once('-').map_or((text, None), |(version, pre)| (version, Some(pre)));
    let word = |part: &str, hyphens: bool| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || (hyphens && byte == b'-'))
    };
    text.starts_with(|letter: char| letter.is_ascii_digit())
        && version.split('.').all(|part| word(part, false))
        && pre.is_none_or(|pre| pre.split('.').all(|part| word(part, true)))
}

fn without_zeros_at_end<'a, 'b>(segments: &'b [&'a str]) -> &'b [&'a str] {
    let kept = segments.iter().rposition(|segment| !is_number(segment) || !significant(segment).is_empty());
    &segments[..kept.map_or(0, |last| last + 1)]
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Less};

    use crate::version::{Scheme, Version, order};

    #[test]
    fn letters_after_a_zero_are_lower_than_the_end() {
        for (left, right, expected) in [
            ("1.a.0.b", "1.a", Less),
            ("1.a", "1.a.0.1", Less),
            ("1.0.a", "1.a", Equal),
            ("1-1", "1.pre.1", Equal),
            ("1.0.0-rc1", "1.0.0", Less),
        ] {
            assert_eq!(order(Scheme::RubyGems, left, right), Some(expected), "{left} {right}");
        }
        for text in ["a.1", "1..2", "1_2", "1.", "v1"] {
            assert_eq!(Version::parse(Scheme::RubyGems, text), None, "{text}");
        }
    }
}
