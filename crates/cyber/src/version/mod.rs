//! How versions are ordered in each ecosystem. A text is parsed once into a `Version`, whose key is compared as bytes, without parsing
//! again and without allocating; an index may keep the keys alone. Which component has which version is not known here.
//!
//! A text that is no version of its ecosystem has no `Version`: there is no general fallback, because a guess would turn an unknown into
//! a no (docs/design/0009-cyber.md, decision 2).

mod apk;
mod composer;
mod debian;
mod dotted;
mod gem;
mod key;
mod maker;
mod maven;
mod pypi;
mod rpm;
mod scheme;
mod semantic;
pub mod told;

use std::cmp::Ordering;
use std::fmt;

pub use scheme::Scheme;

/// The longest text read as a version, in bytes; published versions stay far below.
pub const LONGEST_TEXT: usize = 1024;

/// A version of one scheme, ready to be compared. Texts that name the same version (`1.0` and `1.0.0` on PyPI) are equal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    scheme: Scheme,
    key: Box<[u8]>,
}

impl Version {
    /// Reads a text as a version; `None` when the scheme knows no such version.
    pub fn parse(scheme: Scheme, text: &str) -> Option<Self> {
        // Makers write blanks inside (`11.0 SP2`).
        let blanks = scheme == Scheme::Maker;
        if text.len() > LONGEST_TEXT || !is_plain(text, blanks) || is_placeholder(text) {
            return None;
        }
        let key = match scheme {
            Scheme::SemVer => semantic::key(text, semantic::SEMVER),
            Scheme::Npm => semantic::key(text, semantic::NPM),
            Scheme::Go => semantic::go_key(text),
            Scheme::NuGet => semantic::key(text, semantic::NUGET),
            Scheme::Pub => semantic::key(text, semantic::PUB),
            Scheme::PyPI => pypi::key(text),
            Scheme::Maven => maven::key(text),
            Scheme::RubyGems => gem::key(text),
            Scheme::Composer => composer::key(text),
            Scheme::Debian => debian::key(text),
            Scheme::Opam => debian::opam_key(text),
            Scheme::Rpm => rpm::key(text),
            Scheme::Alpine => apk::key(text),
            Scheme::Cran => dotted::key(text, &['.', '-']),
            Scheme::Hackage => dotted::key(text, &['.']),
            Scheme::Maker => maker::key(text),
        }?;
        Some(Self { scheme, key })
    }

    /// The scheme it was read by.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The byte form: within one scheme, bytes are ordered as versions are, where they are `comparable`.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// The order of two versions; `None` when they are of different schemes, or of different shapes among makers' own.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        (self.scheme == other.scheme && comparable(self.scheme, &self.key, &other.key))
            .then(|| self.key.cmp(&other.key))
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}(", self.scheme)?;
        self.key.iter().try_for_each(|byte| write!(out, "{byte:02x}"))?;
        out.write_str(")")
    }
}

/// Whether the order of two keys of a scheme means anything. Only makers' own versions may differ in shape; their keys are in some total
/// order all the same, so that they can be sorted.
pub fn comparable(scheme: Scheme, left: &[u8], right: &[u8]) -> bool {
    scheme != Scheme::Maker || left == right || maker::comparable(left, right)
}

/// The order of two texts in a scheme; `None` when one of them is no version there, or they are of different shapes.
pub fn order(scheme: Scheme, left: &str, right: &str) -> Option<Ordering> {
    Version::parse(scheme, left)?.order(&Version::parse(scheme, right)?)
}

/// No scheme has versions that are empty or hold control characters or blanks, makers' own excepted, which may hold blanks.
fn is_plain(text: &str, blanks: bool) -> bool {
    let fits = |letter: char| (blanks && letter == ' ') || !(letter.is_whitespace() || letter.is_control());
    let all = if text.is_ascii() {
        text.bytes().all(|byte| byte.is_ascii_graphic() || (blanks && byte == b' '))
    } else {
        text.chars().all(fits)
    };
    !text.is_empty() && all
}

/// What tools write where they know no version, or for code that was never released. Some schemes (rpm, Maven, PyPI of old) would allow
/// these words as versions, and would order them.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "unknown",
        "unspecified",
        "latest",
        "none",
        "null",
        "n/a",
        "na",
        "noassertion",
        "undefined",
        "(devel)",
        "tbd",
        "main",
        "master",
        "head",
        "dev",
        "develop",
    ];
    // Nearly all versions begin with a digit, which none of the words does.
    if text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return false;
    }
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || text.chars().all(|letter| matches!(letter, '-' | '*' | '?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_version_is_not_ordered() {
        for scheme in Scheme::ALL {
            for text in
                ["", " ", "1 2", "(devel)", "unknown", "-", "*", "NOASSERTION", &"1".repeat(LONGEST_TEXT + 1)]
            {
                assert_eq!(Version::parse(scheme, text), None, "{scheme:?} {text}");
            }
            assert!(Version::parse(scheme, "1.0").is_some(), "{scheme:?}");
        }
    }

    #[test]
    fn versions_of_different_schemes_are_not_ordered() {
        let npm = Version::parse(Scheme::Npm, "1.0.0").unwrap();
        let pypi = Version::parse(Scheme::PyPI, "1.0.0").unwrap();
        assert_eq!(npm.order(&pypi), None);
    }
}
