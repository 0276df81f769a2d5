//! Semantic Versioning 2.0.0 (semver.org) and the ecosystems that differ from it in one point or another: npm, Go, NuGet, Pub.

use super::key::{END, Key, is_number, take_while};

/// Where a semantic order differs from the specification.
#[derive(Clone, Copy)]
#[allow(clippy::struct_excessive_bools)] // four differences that combine freely
pub(super) struct Dialect {
    /// A leading `v` or `=` is skipped.
    prefix: bool,
    /// A pre-release may follow the numbers without a hyphen.
    loose: bool,
    /// Letters of a pre-release are compared without regard to case.
    any_case: bool,
    /// Builds are ordered.
    builds: bool,
}

pub(super) const SEMVER: Dialect = Dialect { prefix: true, loose: false, any_case: false, builds: false };
pub(super) const NPM: Dialect = Dialect { loose: true, ..SEMVER };
pub(super) const NUGET: Dialect = Dialect { prefix: false, any_case: true, ..SEMVER };
pub(super) const PUB: Dialect = Dialect { builds: true, ..SEMVER };

/// Marks inside a list of identifiers. A release stands above all its pre-releases, a list above its own beginning.
const LIST_END: u8 = 0x01;
const NUMERIC: u8 = 0x02;
const ALPHANUMERIC: u8 = 0x03;
const RELEASE: u8 = 0xFF;

/// The key of a version. Missing numbers are zeros; a fourth and further number is compared after the third.
pub(super) fn key(text: &str, dialect: Dialect) -> Option<Box<[u8]>> {
    let text =
        if dialect.prefix { text.trim_start_matches('=').trim_start_matches(['v', 'V']) } else { text };
    let (text, build) = text.split_once('+').map_or((text, None), |(version, build)| (version, Some(build)));
    let (numbers, after) = take_while(text, |letter| letter.is_ascii_digit() || letter == '.');
    let mut key = Key::new();
    push_numbers(&mut key, numbers)?;
    match after.strip_prefix('-') {
        Some(pre) => push_identifiers(&mut key, pre, dialect.any_case)?,
        None if after.is_empty() => drop(key.mark(RELEASE)),
        None if dialect.loose => push_identifiers(&mut key, after, dialect.any_case)?,
        None => return None,
    }
    match build {
        Some(build) if dialect.builds => push_identifiers(&mut key, build, false)?,
        Some(build) if !identifiers(build).all(is_identifier) => return None,
        _ => {}
    }
    Some(key.done())
}

/// Go: a module's version, or the toolchain's own way of writing (`go1.21`, `go1.21rc2`), which its vulnerability database writes as
/// `1.21.0-rc.2`.
pub(super) fn go_key(text: &str) -> Option<Box<[u8]>> {
    let Some(toolchain) = text.strip_prefix("go") else { return key(text, SEMVER) };
    let (numbers, after) = take_while(toolchain, |letter| letter.is_ascii_digit() || letter == '.');
    if after.is_empty() {
        return key(numbers, SEMVER);
    }
    let (word, number) = take_while(after, |letter| letter.is_ascii_lowercase());
    (matches!(word, "rc" | "beta") && is_number(number))
        .then(|| key(&format!("{numbers}-{word}.{number}"), SEMVER))?
}

fn push_numbers(key: &mut Key, numbers: &str) -> Option<()> {
    if !numbers.split('.').all(is_number) {
        return None;
    }
    let significant = numbers.trim_end_matches(['0', '.']);
    // Trimming may have cut into a number: 1.10 is not 1.1.
    let cut = numbers[significant.len()..].find('.').map_or(numbers.len(), |at| significant.len() + at);
    if significant.is_empty() {
        key.mark(END);
        return Some(());
    }
    for number in numbers[..cut].split('.') {
        key.number(number);
    }
    key.mark(END);
    Some(())
}

fn push_identifiers(key: &mut Key, list: &str, any_case: bool) -> Option<()> {
    for identifier in identifiers(list) {
        if is_number(identifier) {
            key.mark(NUMERIC).number(identifier);
        } else if !is_identifier(identifier) {
            return None;
        } else if any_case {
            key.mark(ALPHANUMERIC).text_any_case(identifier);
        } else {
            key.mark(ALPHANUMERIC).text(identifier);
        }
    }
    key.mark(LIST_END);
    Some(())
}

fn identifiers(list: &str) -> impl Iterator<Item = &str> {
    list.split('.')
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use crate::version::{Scheme, Version, order};

    #[test]
    fn trailing_zeros_do_not_count_and_numbers_are_not_cut() {
        for (left, right, expected) in [
            ("1.0", "1.0.0", Equal),
            ("1.10", "1.1", Greater),
            ("0", "0.0.0", Equal),
            ("10.0.0", "1", Greater),
            ("1.1.3.4", "1.1.3.5", Less),
        ] {
            assert_eq!(order(Scheme::SemVer, left, right), Some(expected), "{left} {right}");
        }
    }

    #[test]
    fn go_knows_pseudo_versions_and_its_own_toolchain() {
        let ascending = [
            "v0.0.0-20190101000000-abcdefabcdef",
            "v0.1.1-0.20200101000000-abcdefabcdef",
            "v0.1.1",
            "v2.0.0+incompatible",
        ];
        for pair in ascending.windows(2) {
            assert_eq!(order(Scheme::Go, pair[0], pair[1]), Some(Less), "{pair:?}");
        }
        assert_eq!(order(Scheme::Go, "go1.21rc2", "1.21.0-rc.2"), Some(Equal));
        assert_eq!(order(Scheme::Go, "go1.21", "1.21.0"), Some(Equal));
        assert_eq!(Version::parse(Scheme::Go, "(devel)"), None);
    }

    #[test]
    fn only_npm_reads_a_pre_release_without_hyphen() {
        assert_eq!(order(Scheme::Npm, "1.2.3beta", "1.2.3-beta"), Some(Equal));
        assert_eq!(Version::parse(Scheme::SemVer, "1.2.3beta"), None);
        for text in ["1..2", "1.2.", "v", "1.2.3-", "1.2.3+", "1.2.3-a..b", "1.2.3-ä", "latest-1"] {
            assert_eq!(Version::parse(Scheme::SemVer, text), None, "{text}");
        }
    }
}
