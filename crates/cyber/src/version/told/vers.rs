//! Version range specifiers, VERS (Ecma TC54, package-url/vers-spec): `vers:generic/>=1|<2`. A part of it that breaks the syntax breaks
//! the whole, as the specification asks.

use super::tokens::{self, split_prefix};
use super::{Bound, Told, ToldRange, ToldVersion, Why, phrases};
use crate::version::{Scheme, order};

#[derive(Clone, Copy, PartialEq)]
enum Comparator {
    Equal,
    Unequal,
    Below,
    AtMost,
    Above,
    AtLeast,
}

struct Constraint {
    comparator: Comparator,
    version: ToldVersion,
}

/// Reads a specifier that stands at `start` in its text.
pub(super) fn read(text: &str, start: usize) -> Result<Told, Why> {
    let (scheme, constraints) = text[5..].split_once('/').ok_or(Why::Vers)?;
    // `_` is none of the signs of a scheme, but makers who name a scheme by their product write it.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_');
    if scheme.is_empty() || !scheme.bytes().all(plain) {
        return Err(Why::Vers);
    }
    let at = start..start + text.len();
    if constraints == "*" {
        return Ok(Told { ranges: vec![ToldRange { from: None, to: None, at }], ..Told::default() });
    }
    let offset = start + text.len() - constraints.len();
    let compared = constraints.split('|').all(|one| one.trim_start().starts_with(['<', '>']));
    if scheme.eq_ignore_ascii_case("all") && compared {
        // `vers:all/<V1.2` is no VERS, for `all` takes `*` only: a converter has put its name before what the maker wrote, which is
        // read as prose at its place.
        return Ok(phrases::read(&tokens::of(&format!("{:offset$}{constraints}", ""))));
    }
    if scheme.eq_ignore_ascii_case("all") || constraints.contains('*') {
        return Err(Why::Vers);
    }
    let mut parsed = parse(constraints, offset)?;
    if Scheme::of_purl_type(scheme).is_none() {
        // Only known schemes say what a `v` is; elsewhere it is the word that prose takes off too.
        for Constraint { version, .. } in &mut parsed {
            let prefix = split_prefix(&version.text);
            if version.text.starts_with(['v', 'V']) && prefix == 1 {
                version.text.remove(0);
            }
        }
    }
    told(parsed, scheme, at)
}

fn parse(text: &str, offset: usize) -> Result<Vec<Constraint>, Why> {
    let text_end = text.trim_matches('|');
    let mut at = offset + (text.len() - text.trim_start_matches('|').len());
    let mut found = Vec::new();
    for part in text_end.split('|') {
        let trimmed = part.trim();
        let (comparator, signs) = match trimmed.as_bytes() {
            [b'<', b'=', ..] => (Comparator::AtMost, 2),
            [b'>', b'=', ..] => (Comparator::AtLeast, 2),
            [b'!', b'=', ..] => (Comparator::Unequal, 2),
            [b'<', ..] => (Comparator::Below, 1),
            [b'>', ..] => (Comparator::Above, 1),
            [b'=', ..] => (Comparator::Equal, 1),
            _ => (Comparator::Equal, 0),
        };
        let version = decoded(trimmed[signs..].trim()).ok_or(Why::Vers)?;
        let begin = at + (part.len() - part.trim_start().len());
        found.push(Constraint {
            comparator,
            version: ToldVersion { text: version, at: begin..begin + trimmed.len() },
        });
        at += part.len() + 1;
    }
    Ok(found)
}

/// A version with its `%` signs resolved; `None` when it is empty, or holds blanks or signs that must be encoded.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else if byte.is_ascii_whitespace() || matches!(byte, b'<' | b'>' | b'=' | b'!' | b'/') {
            return None;
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}

/// Pairs the bounds as the specification's evaluation does: the constraints stand in the order of versions, `=` and `!=` apart, a lower
/// bound opens a range and the next upper bound closes it.
fn told(constraints: Vec<Constraint>, scheme: &str, at: std::ops::Range<usize>) -> Result<Told, Why> {
    let mut told = Told::default();
    let mut open: Option<(Bound, usize)> = None;
    let mut last: Option<String> = None;
    for Constraint { comparator, version } in constraints {
        in_order(scheme, last.as_deref(), &version.text)?;
        last = Some(version.text.clone());
        let begin = version.at.start;
        let end = version.at.end;
        let bound = |included| Bound { version: version.text.clone(), included };
        match comparator {
            Comparator::Equal => told.listed.push(version),
            Comparator::Unequal => told.excepted.push(version),
            Comparator::Above | Comparator::AtLeast => {
                if open.is_some() {
                    return Err(Why::Vers);
                }
                open = Some((bound(comparator == Comparator::AtLeast), begin));
            }
            Comparator::Below | Comparator::AtMost => {
                let to = Some(bound(comparator == Comparator::AtMost));
                let opened = open.take();
                if opened.is_none() && !told.ranges.is_empty() {
                    return Err(Why::Vers);
                }
                let begin = opened.as_ref().map_or(begin, |(_, begin)| *begin);
                told.ranges.push(ToldRange { from: opened.map(|(from, _)| from), to, at: begin..end });
            }
        }
    }
    if let Some((from, begin)) = open {
        told.ranges.push(ToldRange { from: Some(from), to: None, at: begin..at.end });
    }
    // `!=` alone: all versions but these.
    if told.ranges.is_empty() && told.listed.is_empty() {
        told.ranges.push(ToldRange { from: None, to: None, at });
    }
    Ok(told)
}

/// The versions must be unique and in order; where the order of two is not known, that of the text holds.
fn in_order(scheme: &str, last: Option<&str>, version: &str) -> Result<(), Why> {
    let scheme = Scheme::of_purl_type(scheme).unwrap_or(Scheme::Maker);
    match last.map(|last| (last == version, order(scheme, last, version))) {
        Some((true, _)) => Err(Why::Vers),
        Some((_, Some(order))) if order.is_ge() => Err(Why::Contradiction),
        _ => Ok(()),
    }
}
