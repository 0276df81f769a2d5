//! Composer and Packagist: `version_compare` of PHP, with what Composer's `VersionParser` takes off before (a `v`, the build, `stable`).

use super::key::{Key, is_number, runs};

/// What may stand at one place, lowest first. PHP looks at the beginning of a word only.
const OTHER: u8 = 1;
const WORDS: [(&str, u8); 5] = [("dev", 2), ("a", 3), ("b", 4), ("rc", 5), ("p", 8)];
const END: u8 = 6;
const NUMBER: u8 = 7;
/// What Composer puts for the `x` of a branch (`1.x-dev`).
const BRANCH_NUMBER: &str = "9999999";

/// The key of a version. A branch by name (`dev-main`) has no place in the order.
pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    let lower = text.to_ascii_lowercase();
    let text = lower.strip_prefix('v').unwrap_or(&lower);
    let text = text.split_once('+').map_or(text, |(version, _)| version);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) || !text.bytes().all(allowed) {
        return None;
    }
    let branch = text.ends_with("x-dev");
    let mut key = Key::new();
    for part in text.split(['.', '_', '-']).flat_map(runs) {
        if is_number(part) {
            key.mark(NUMBER).number(part);
        } else if branch && part == "x" {
            key.mark(NUMBER).number(BRANCH_NUMBER);
        } else if let Some((_, mark)) = WORDS.iter().find(|(word, _)| part.starts_with(word)) {
            key.mark(*mark);
        } else if part != "stable" {
            key.mark(OTHER).text(part);
        }
    }
    Some(key.mark(END).done())
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Less};

    use crate::version::{Scheme, Version, order};

    #[test]
    fn stabilities_are_ordered_as_php_does() {
        let ascending = ["1.0-dev", "1.0-alpha1", "1.0-beta1", "1.0RC1", "1.0", "1.0.1", "1.0pl1"];
        for pair in ascending.windows(2) {
            assert_eq!(order(Scheme::Composer, pair[0], pair[1]), Some(Less), "{pair:?}");
        }
        assert_eq!(order(Scheme::Composer, "1.0.0-stable", "v1.0.0+build"), Some(Equal));
        assert_eq!(order(Scheme::Composer, "1.99.0", "1.x-dev"), Some(Less));
        for text in ["dev-main", "1.*", "1.2.#", "^1.0"] {
            assert_eq!(Version::parse(Scheme::Composer, text), None, "{text}");
        }
    }
}
