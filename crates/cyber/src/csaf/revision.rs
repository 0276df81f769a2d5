//! Version numbers of documents (CSAF 2.0, 3.1.11; 2.1, 3.1.13): integers, or Semantic Versioning 2.0.0. Their digits may be of any number.

use std::cmp::Ordering;

/// A version number.
#[derive(Clone, Debug)]
pub(super) struct Revision<'a> {
    /// As it is written.
    pub(super) text: &'a str,
    /// Whether it is counted by integers.
    pub(super) is_integer: bool,
    release: [&'a str; 3],
    /// What stands after the hyphen; empty for a release.
    pre: &'a str,
}

impl<'a> Revision<'a> {
    /// Reads a number; none where it is counted in neither way.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
        let (release, pre) = rest.split_once('-').map_or((rest, None), |(release, pre)| (release, Some(pre)));
        let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = release.split('.').collect();
        if !parts.iter().all(digits) || [build, pre].contains(&Some("")) {
            return None;
        }
        let is_integer = text == release && parts.len() == 1;
        let release = match parts[..] {
            [major] if is_integer => [major, "0", "0"],
            [major, minor, patch] => [major, minor, patch],
            _ => return None,
        };
        Some(Revision { text, is_integer, release, pre: pre.unwrap_or_default() })
    }

    /// The digits before the first dot.
    pub(super) fn major(&self) -> &'a str {
        self.release[0]
    }
    /// Whether it is `0` or `0.y.z`, which comes before every release.
    pub(super) fn is_before_release(&self) -> bool {
        number(self.major(), "0").is_eq()
    }
    /// Whether it has a pre-release part.
    pub(super) fn is_pre_release(&self) -> bool {
        !self.pre.is_empty()
    }
    /// Compared without pre-release parts.
    pub(super) fn release_order(&self, other: &Revision<'_>) -> Ordering {
        let pairs = self.release.iter().zip(&other.release);
        pairs.map(|(one, other)| number(one, other)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
    /// Semantic Versioning 2.0.0, 11; build metadata does not count.
    pub(super) fn order(&self, other: &Revision<'_>) -> Ordering {
        self.release_order(other).then_with(|| match (self.is_pre_release(), other.is_pre_release()) {
            (true, true) => pre_release(self.pre, other.pre),
            (one, other) => other.cmp(&one),
        })
    }
}

/// Compares digits as numbers.
pub(super) fn number(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// Whether a number follows another with nothing between them; equal ones do too.
pub(super) fn follows(before: &str, after: &str) -> bool {
    number(before, after).is_ge() || number(&successor(before), after).is_eq()
}

/// The number after one that is written in digits.
pub(super) fn successor(digits: &str) -> String {
    let mut digits = digits.as_bytes().to_vec();
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return String::from_utf8_lossy(&digits).into_owned();
        }
        *digit = b'0';
    }
    format!("1{}", String::from_utf8_lossy(&digits))
}

fn pre_release(one: &str, other: &str) -> Ordering {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let part = |(one, other): (&str, &str)| match (is_number(one), is_number(other)) {
        (true, true) => number(one, other),
        (false, false) => one.cmp(other),
        (one, other) => other.cmp(&one),
    };
    let pairs = one.split('.').zip(other.split('.'));
    let first = pairs.map(part).find(|order| order.is_ne());
    first.unwrap_or_else(|| one.split('.').count().cmp(&other.split('.').count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_as_semantic_versioning_says() {
        let texts = [
            "0",
            "0.9.5",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc",
            "1.0.0",
            "1.9.0",
            "1.10.0",
            "10",
        ];
        let all: Vec<Revision> = texts.iter().map(|text| Revision::of(text).unwrap()).collect();
        assert!(all.windows(2).all(|pair| pair[0].order(&pair[1]).is_lt()));
        assert!(Revision::of("1.0.0+a").unwrap().order(&Revision::of("1.0.0-0").unwrap()).is_gt());
        for text in ["", "1.0", "1.0.0-", "v1", "1-2", "1.0.0+"] {
            assert!(Revision::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_next_number_follows() {
        assert!(follows("99999999999999999999", "100000000000000000000"));
        assert!(follows("1", "1") && follows("2", "1") && !follows("1", "3"));
    }
}
