//! Ranges in the notation `vers:` as statements use them (<https://github.com/package-url/vers-spec>): whether a version lies within one.

use std::cmp::Ordering;

use crate::version::{Scheme, Version};

/// As many constraints of a range are read.
const MOST: usize = 1000;

/// Whether a range holds a version; `None` where that cannot be told: another scheme, a text that is no version of it, a range that
/// cannot be read.
pub(super) fn holds(range: &str, version: &str) -> Option<bool> {
    let (scheme, constraints) = range.strip_prefix("vers:")?.split_once('/')?;
    if constraints == "*" {
        return Some(true);
    }
    let scheme = scheme_of(scheme)?;
    let version = Version::parse(scheme, version)?;
    let mut bounds = Vec::new();
    for (count, part) in constraints.split('|').enumerate() {
        if count >= MOST {
            return None;
        }
        let (sign, text) = sign_of(part.trim());
        let bound = Version::parse(scheme, text)?;
        match (sign, bound.order(&version)?) {
            (Sign::Equal, Ordering::Equal) => return Some(true),
            (Sign::NotEqual, Ordering::Equal) => return Some(false),
            (Sign::Equal | Sign::NotEqual, _) => {}
            (sign, _) => bounds.push((bound, sign)),
        }
    }
    bounds.sort_by(|(left, _), (right, _)| left.cmp(right));
    Some(within(&bounds, &version))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

fn sign_of(part: &str) -> (Sign, &str) {
    for (mark, sign) in [
        (">=", Sign::GreaterOrEqual),
        ("<=", Sign::LessOrEqual),
        ("!=", Sign::NotEqual),
        (">", Sign::Greater),
        ("<", Sign::Less),
        ("=", Sign::Equal),
    ] {
        if let Some(text) = part.strip_prefix(mark) {
            return (sign, text.trim());
        }
    }
    (Sign::Equal, part)
}

/// Bounds in the order of versions: open below, between two, open above (vers-spec, "Checking if a version is contained").
fn within(bounds: &[(Version, Sign)], version: &Version) -> bool {
    let satisfies = |(bound, sign): &(Version, Sign)| match version.cmp(bound) {
        Ordering::Less => matches!(sign, Sign::Less | Sign::LessOrEqual),
        Ordering::Equal => matches!(sign, Sign::LessOrEqual | Sign::GreaterOrEqual),
        Ordering::Greater => matches!(sign, Sign::Greater | Sign::GreaterOrEqual),
    };
    let is_upper = |(_, sign): &(Version, Sign)| matches!(sign, Sign::Less | Sign::LessOrEqual);
    if bounds.first().is_some_and(|first| is_upper(first) && satisfies(first)) {
        return true;
    }
    if bounds.last().is_some_and(|last| !is_upper(last) && satisfies(last)) {
        return true;
    }
    bounds
        .windows(2)
        .any(|pair| !is_upper(&pair[0]) && is_upper(&pair[1]) && satisfies(&pair[0]) && satisfies(&pair[1]))
}

fn scheme_of(name: &str) -> Option<Scheme> {
    match name {
        "semver" => Some(Scheme::SemVer),
        "alpine" => Some(Scheme::Alpine),
        name => Scheme::of_purl_type(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_what_its_bounds_say_in_whatever_order_they_stand() {
        for (range, version, expected) in [
            ("vers:semver/>=1.5.0|<7.0.0", "3.0.0", Some(true)),
            ("vers:semver/<7.0.0|>=1.5.0", "3.0.0", Some(true)),
            ("vers:semver/<7.0.0|>=1.5.0", "7.0.0", Some(false)),
            ("vers:semver/<1.5.0|>=7.0.0", "3.0.0", Some(false)),
            ("vers:semver/<1.5.0|>=7.0.0", "1.4.9", Some(true)),
            ("vers:semver/<1.5.0|>=7.0.0", "7.0.0", Some(true)),
            ("vers:pypi/2.0", "2.0.0", Some(true)),
            ("vers:pypi/>=1|!=1.5|<2", "1.5", Some(false)),
            ("vers:deb/>=1:1.0|<=1:2.0", "1:1.5-1", Some(true)),
            ("vers:npm/*", "anything", Some(true)),
            ("vers:generic/>=1", "2", None),
            ("vers:semver/>=x", "2.0.0", None),
            (">=1", "2", None),
        ] {
            assert_eq!(holds(range, version), expected, "{range} {version}");
        }
    }
}
