//! Names that formats give to the same thing: kinds of components, checksums, phases of life, licences, moments; and references in the
//! form that a format asks for.

use std::collections::{HashMap, HashSet};

use crate::document::shape::form::is_licence;
use crate::name::purl::Purl;
use crate::sbom::model::{Component, Sbom};

/// In the order CycloneDX, SPDX 2, SPDX 3; empty where a format has no name for it.
type Three = [&'static str; 3];

/// Which of the three a name is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    CycloneDx,
    Spdx2,
    Spdx3,
}

const KINDS: [Three; 17] = [
    ["application", "APPLICATION", "application"],
    ["framework", "FRAMEWORK", "framework"],
    ["library", "LIBRARY", "library"],
    ["container", "CONTAINER", "container"],
    ["operating-system", "OPERATING_SYSTEM", "operatingSystem"],
    ["device", "DEVICE", "device"],
    ["firmware", "FIRMWARE", "firmware"],
    ["file", "FILE", "file"],
    ["", "SOURCE", "source"],
    ["", "ARCHIVE", "archive"],
    ["", "INSTALL", "install"],
    ["", "OTHER", "other"],
    ["platform", "", "platform"],
    ["device-driver", "", "deviceDriver"],
    ["machine-learning-model", "", "model"],
    ["data", "", "data"],
    ["", "OPERATING-SYSTEM", "operatingSystem"],
];

const HASHES: [Three; 18] = [
    ["MD5", "MD5", "md5"],
    ["SHA-1", "SHA1", "sha1"],
    ["", "SHA224", "sha224"],
    ["SHA-256", "SHA256", "sha256"],
    ["SHA-384", "SHA384", "sha384"],
    ["SHA-512", "SHA512", "sha512"],
    ["", "", "sha3_224"],
    ["SHA3-256", "SHA3-256", "sha3_256"],
    ["SHA3-384", "SHA3-384", "sha3_384"],
    ["SHA3-512", "SHA3-512", "sha3_512"],
    ["BLAKE2b-256", "BLAKE2b-256", "blake2b256"],
    ["BLAKE2b-384", "BLAKE2b-384", "blake2b384"],
    ["BLAKE2b-512", "BLAKE2b-512", "blake2b512"],
    ["BLAKE3", "BLAKE3", "blake3"],
    ["", "MD2", "md2"],
    ["", "MD4", "md4"],
    ["", "MD6", "md6"],
    ["", "ADLER32", "adler32"],
];

/// Phases of CycloneDX and types of SPDX 3 (`software_sbomType`) that mean the same moment of a life.
const PHASES: [(&str, &str); 6] = [
    ("design", "design"),
    ("pre-build", "source"),
    ("build", "build"),
    ("post-build", "analyzed"),
    ("operations", "deployed"),
    ("operations", "runtime"),
];

/// The kind of a component in another format.
pub(super) fn kind(kind: &str, target: For) -> Option<&'static str> {
    let row = KINDS.iter().find(|row| row.iter().any(|name| name.eq_ignore_ascii_case(kind)))?;
    let row = if row[0].is_empty() && target == For::CycloneDx {
        KINDS.iter().find(|other| !other[0].is_empty() && other[2] == row[2])?
    } else {
        row
    };
    some(row, target)
}

/// A checksum's algorithm in another format.
pub(super) fn algorithm(algorithm: &str, target: For) -> Option<&'static str> {
    let bare = |name: &str| name.replace(['-', '_'], "").to_ascii_uppercase();
    let wanted = bare(algorithm);
    let row = HASHES.iter().find(|row| row.iter().any(|name| !name.is_empty() && bare(name) == wanted))?;
    some(row, target)
}

fn some(row: &Three, target: For) -> Option<&'static str> {
    Some(row[target as usize]).filter(|name| !name.is_empty())
}

/// A phase of life of CycloneDX, from SPDX 3's.
pub(super) fn phase_of_type(kind: &str) -> Option<&'static str> {
    PHASES.iter().find(|(_, spdx)| *spdx == kind).map(|(phase, _)| *phase)
}

/// The other way round.
pub(super) fn type_of_phase(phase: &str) -> Option<&'static str> {
    PHASES.iter().find(|(cyclonedx, _)| *cyclonedx == phase).map(|(_, kind)| *kind)
}

/// What a text on a licence is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Licence {
    /// An id of SPDX's list.
    Id,
    /// An expression of such ids (SPDX, annex "License expressions").
    Expression,
    /// A name in words.
    Name,
}

/// What a text on a licence is.
pub(super) fn licence(text: &str) -> Licence {
    if is_licence(text) {
        return Licence::Id;
    }
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let is_word = |token: &str| matches!(token, "AND" | "OR" | "WITH" | "(" | ")");
    let known = |token: &str| is_licence(token.trim_end_matches('+')) || is_reference(token);
    // Ids and words take turns: `A AND (B OR C)`.
    let mut wants_id = true;
    let mut depth = 0_i32;
    for token in &tokens {
        match *token {
            "(" if wants_id => depth += 1,
            ")" if !wants_id && depth > 0 => depth -= 1,
            "AND" | "OR" | "WITH" if !wants_id => wants_id = true,
            token if wants_id && !is_word(token) && known(token) => wants_id = false,
            _ => return Licence::Name,
        }
    }
    if wants_id || depth != 0 { Licence::Name } else { Licence::Expression }
}

/// `LicenseRef-…`, of this document or another.
pub(super) fn is_reference(text: &str) -> bool {
    let own = text.rsplit_once(':').map_or(text, |(_, own)| own);
    own.strip_prefix("LicenseRef-").is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
    })
}

/// A moment as SPDX asks for it: UTC, to the second. `None` for what is no moment with a zone.
pub(super) fn utc(text: &str) -> Option<String> {
    let text = text.trim();
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if text.len() == 10 && text.is_ascii() {
        return Some(format!("{text}T00:00:00Z"));
    }
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let zone = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            sign * (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
        }
    };
    let minutes = days(year, month, day) * 1440 + hour * 60 + minute - offset;
    let (year, month, day) = civil(minutes.div_euclid(1440));
    let (hour, minute) = (minutes.rem_euclid(1440) / 60, minutes.rem_euclid(60));
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Days since 1970-03-01 shifted to 1970-01-01, of the proleptic Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// By which new reference each component goes, and which component an old reference names.
pub(super) struct Names<'a> {
    pub(super) of: Vec<String>,
    pub(super) by: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    /// Every component gets a reference that no other has, in the form that `shape` gives.
    pub(super) fn new(sbom: &'a Sbom, shape: impl Fn(&Component) -> String) -> Self {
        let mut names = Names { of: Vec::with_capacity(sbom.components.len()), by: HashMap::new() };
        let mut taken: HashSet<String> = HashSet::new();
        let mut next: HashMap<String, usize> = HashMap::new();
        for (index, one) in sbom.components.iter().enumerate() {
            let wanted = shape(one);
            let mut name = wanted.clone();
            while !taken.insert(name.clone()) {
                let number = next.entry(wanted.clone()).or_insert(1);
                *number += 1;
                name = format!("{wanted}-{number}");
            }
            names.of.push(name);
            if let Some(reference) = one.reference.as_deref() {
                names.by.entry(reference).or_insert(index);
            }
        }
        names
    }

    /// How many references are not what they were.
    pub(super) fn renamed(&self, sbom: &Sbom) -> usize {
        let pairs = sbom.components.iter().zip(&self.of);
        pairs.filter(|(one, name)| one.reference.as_ref().is_some_and(|old| old != *name)).count()
    }

    /// The new reference for an old one.
    pub(super) fn new_of(&self, old: &str) -> Option<&str> {
        self.by.get(old).map(|index| self.of[*index].as_str())
    }
}

/// A group that no package URL says as its namespace, which would be lost where a format has no groups.
pub(super) fn group_apart(one: &Component) -> Option<&str> {
    let says = |purl: &String, group: &str| {
        let purl = Purl::parse_lenient(purl).ok();
        purl.is_some_and(|purl| purl.namespace().is_some_and(|own| own.eq_ignore_ascii_case(group)))
    };
    one.group.as_deref().filter(|group| !one.purls.iter().any(|purl| says(purl, group)))
}

/// Letters, digits, dots and hyphens, as SPDX's ids ask for.
pub(super) fn plain(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "component".to_owned() } else { plain.to_owned() }
}

/// A tool's name and version, where the text tells them apart.
pub(super) fn tool(text: &str) -> (&str, Option<&str>) {
    let cut = text.rsplit_once([' ', '-']).filter(|(name, version)| {
        let version = version.trim_start_matches(['v', 'V', '(']);
        !name.is_empty() && version.starts_with(|c: char| c.is_ascii_digit())
    });
    match cut {
        Some((name, version)) => (name.trim(), Some(version)),
        None => (text.trim(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_utc_to_the_second() {
        for (text, expected) in [
            ("2024-02-29T23:30:00-01:00", Some("2024-03-01T00:30:00Z")),
            ("2024-01-01T00:10:05.123+09:00", Some("2023-12-31T15:10:05Z")),
            ("2024-01-01T00:10:05Z", Some("2024-01-01T00:10:05Z")),
            ("2030-01-01", Some("2030-01-01T00:00:00Z")),
            ("2024-01-01T00:10:05", None),
            ("soon", None),
        ] {
            assert_eq!(utc(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_licence_is_an_id_an_expression_or_a_name() {
        for (text, expected) in [
            ("MIT", Licence::Id),
            ("MIT OR Apache-2.0", Licence::Expression),
            ("(MIT AND LicenseRef-x) OR GPL-2.0-only WITH Classpath-exception-2.0", Licence::Expression),
            ("GPL-2.0+", Licence::Id),
            ("MPL-2.0+", Licence::Expression),
            ("MIT OR", Licence::Name),
            ("(MIT", Licence::Name),
            ("MIT Apache-2.0", Licence::Name),
            ("Apache License 2.0", Licence::Name),
        ] {
            assert_eq!(licence(text), expected, "{text}");
        }
    }

    #[test]
    fn kinds_and_checksums_have_the_same_meaning_in_every_format() {
        assert_eq!(kind("OPERATING-SYSTEM", For::CycloneDx), Some("operating-system"));
        assert_eq!(kind("operating-system", For::Spdx2), Some("OPERATING_SYSTEM"));
        assert_eq!(kind("device-driver", For::Spdx2), None);
        assert_eq!(algorithm("SHA256", For::CycloneDx), Some("SHA-256"));
        assert_eq!(algorithm("sha3_256", For::Spdx2), Some("SHA3-256"));
        assert_eq!(algorithm("ADLER32", For::CycloneDx), None);
    }

    #[test]
    fn a_tools_name_and_version_are_told_apart() {
        assert_eq!(tool("syft-1.18.1"), ("syft", Some("1.18.1")));
        assert_eq!(tool("Some Tool 2"), ("Some Tool", Some("2")));
        assert_eq!(tool("trivy"), ("trivy", None));
    }
}
