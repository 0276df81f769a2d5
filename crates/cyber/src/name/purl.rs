//! Package URLs (ECMA-427, "Package-URL specification"): read, built, written in canonical form, in one string with offsets so that hundreds of
//! thousands fit in memory. What a type asks of its parts stands in `purl_type`; where a package comes from is not looked up.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::purl_text::{decode, encode};
use super::purl_type;

/// The longest text read as a package URL, in bytes.
pub const LONGEST_TEXT: usize = 8192;
/// The most qualifiers a package URL may have.
pub const MOST_QUALIFIERS: usize = 64;
/// Qualifiers that mean the same for every type.
const KNOWN_QUALIFIERS: [&str; 6] =
    ["checksum", "download_url", "file_name", "repository_url", "vcs_url", "vers"];

/// A package URL in the normal form of its type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    /// Type, namespace, name, version and subpath decoded, then the qualifiers as they are written.
    text: Box<str>,
    /// Where the first five parts end; the qualifiers take the rest.
    ends: [u16; 5],
}

/// Keys and values, as they stand or decoded.
pub type Qualifiers<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// The parts of a package URL, decoded; empty when absent. What stands in the text as it is meant is borrowed from there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The type, such as `npm`.
    pub kind: Cow<'a, str>,
    /// Segments between slashes.
    pub namespace: Cow<'a, str>,
    /// The name; never empty in a `Purl`.
    pub name: Cow<'a, str>,
    /// The version.
    pub version: Cow<'a, str>,
    /// Keys and values.
    pub qualifiers: Qualifiers<'a>,
    /// Segments between slashes.
    pub subpath: Cow<'a, str>,
}

/// Why a text is no package URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurlError {
    /// Longer than `LONGEST_TEXT`.
    #[error("the package URL is longer than {LONGEST_TEXT} bytes")]
    TooLong,
    /// Another scheme, or none.
    #[error("a package URL begins with \"pkg:\"")]
    NoScheme,
    /// The type is missing or has signs that no type has.
    #[error(
        "\"{0}\" is no package type: it begins with a letter and holds letters, digits, '.', '+' and '-'"
    )]
    Type(String),
    /// No name.
    #[error("the package URL has no name")]
    NoName,
    /// A percent sign that begins no encoded byte.
    #[error("in \"{0}\" a percent sign is not followed by two hexadecimal digits")]
    Percent(String),
    /// Encoded bytes that are not UTF-8.
    #[error("the encoded bytes of \"{0}\" are not UTF-8")]
    NotUtf8(String),
    /// An encoded slash inside a segment.
    #[error("the segment \"{0}\" holds a slash")]
    SlashInSegment(String),
    /// A key with signs that no key has.
    #[error(
        "\"{0}\" is no qualifier key: it begins with a letter and holds lowercase letters, digits, '.', '-' and '_'"
    )]
    Key(String),
    /// A qualifier without `=`.
    #[error("the qualifier \"{0}\" has no value")]
    NoValue(String),
    /// A key that stands twice.
    #[error("the qualifier key \"{0}\" stands twice")]
    KeyTwice(String),
    /// More than `MOST_QUALIFIERS`.
    #[error("the package URL has more than {MOST_QUALIFIERS} qualifiers")]
    TooManyQualifiers,
    /// The type needs a namespace.
    #[error("a package of type {0} needs a namespace")]
    NamespaceMissing(String),
    /// The type knows no namespace.
    #[error("a package of type {0} has no namespace, but \"{1}\" stands there")]
    NamespaceProhibited(String, String),
    /// The type needs a qualifier.
    #[error("a package of type {0} needs the qualifier \"{1}\"")]
    QualifierMissing(String, &'static str),
    /// The type has no such names.
    #[error("\"{1}\" is no name of a package of type {0}")]
    NameNotAllowed(String, String),
    /// The type has no such versions, or needs one.
    #[error("\"{1}\" is no version of a package of type {0}")]
    VersionNotAllowed(String, String),
}

/// How much a reader lets pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Strict,
    Lenient,
}

impl Purl {
    /// Reads a package URL and refuses what its type forbids. Qualifier keys are in lowercase; those of the specification itself
    /// (`repository_url` …) are known in any case.
    pub fn parse(text: &str) -> Result<Self, PurlError> {
        Self::of(read(text, Reading::Strict)?, Reading::Strict)
    }

    /// Reads a package URL as it is found in the wild: keys in any case, and without the rules of its type on what must be there. The result is
    /// in normal form all the same.
    pub fn parse_lenient(text: &str) -> Result<Self, PurlError> {
        Self::of(read(text, Reading::Lenient)?, Reading::Lenient)
    }

    /// Builds a package URL from decoded parts, as strictly as `parse`.
    pub fn build(parts: Parts<'_>) -> Result<Self, PurlError> {
        Self::of(parts, Reading::Strict)
    }

    /// The same, but for what types ask of their namespaces: databases name packages without one where the type asks for one.
    pub(crate) fn build_lenient(parts: Parts<'_>) -> Result<Self, PurlError> {
        Self::of(parts, Reading::Lenient)
    }

    /// The type, such as `npm`.
    pub fn kind(&self) -> &str {
        self.part(0)
    }

    /// The namespace, its segments between slashes.
    pub fn namespace(&self) -> Option<&str> {
        some(self.part(1))
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.part(2)
    }

    /// The version.
    pub fn version(&self) -> Option<&str> {
        some(self.part(3))
    }

    /// The subpath, its segments between slashes.
    pub fn subpath(&self) -> Option<&str> {
        some(self.part(4))
    }

    /// The qualifiers, ordered by key, values decoded.
    pub fn qualifiers(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let written = &self.text[usize::from(self.ends[4])..];
        // Values were encoded by us, so decoding cannot fail.
        written
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key, decode(value).unwrap_or_default()))
    }

    /// One qualifier's value.
    pub fn qualifier(&self, key: &str) -> Option<Cow<'_, str>> {
        self.qualifiers().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The parts, to change one and build anew.
    pub fn parts(&self) -> Parts<'_> {
        Parts {
            kind: self.kind().into(),
            namespace: self.part(1).into(),
            name: self.name().into(),
            version: self.part(3).into(),
            qualifiers: self.qualifiers().map(|(key, value)| (key.into(), value)).collect(),
            subpath: self.part(4).into(),
        }
    }

    fn part(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { usize::from(self.ends[at - 1]) };
        &self.text[start..usize::from(self.ends[at])]
    }

    fn of(parts: Parts<'_>, reading: Reading) -> Result<Self, PurlError> {
        Self::pack(&parts.normal(reading)?)
    }

    fn pack(parts: &Parts<'_>) -> Result<Self, PurlError> {
        let mut text = String::new();
        let mut ends = [0; 5];
        let pieces = [&parts.kind, &parts.namespace, &parts.name, &parts.version, &parts.subpath];
        for (end, piece) in ends.iter_mut().zip(pieces) {
            text.push_str(piece);
            *end = u16::try_from(text.len()).map_err(|_| PurlError::TooLong)?;
        }
        for (at, (key, value)) in parts.qualifiers.iter().enumerate() {
            text.push_str(if at == 0 { "" } else { "&" });
            text.push_str(key);
            text.push('=');
            encode(&mut text, value, false);
        }
        Ok(Self { text: text.into_boxed_str(), ends })
    }
}

impl<'a> Parts<'a> {
    /// Reads a package URL as `Purl::parse_lenient` does, for those who need its parts once.
    pub fn parse_lenient(text: &'a str) -> Result<Self, PurlError> {
        read(text, Reading::Lenient)?.normal(Reading::Lenient)
    }

    fn normal(mut self, reading: Reading) -> Result<Self, PurlError> {
        check_type(&self.kind)?;
        self.kind = lowered(self.kind);
        self.namespace = segments(self.namespace, |_| true);
        self.subpath = segments(self.subpath, |segment| !matches!(segment, "." | ".."));
        let qualifiers = std::mem::take(&mut self.qualifiers);
        self.qualifiers = normal_qualifiers(qualifiers, reading)?;
        purl_type::normalise(&mut self);
        if self.name.is_empty() {
            return Err(PurlError::NoName);
        }
        if reading == Reading::Strict {
            purl_type::check(&self)?;
        }
        Ok(self)
    }

    /// One qualifier's value.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_ref())
    }
}

/// The canonical form.
impl fmt::Display for Purl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("pkg:{}/", self.kind());
        if let Some(namespace) = self.namespace() {
            encode(&mut text, namespace, true);
            text.push('/');
        }
        encode(&mut text, self.name(), purl_type::name_has_slashes(self.kind()));
        if let Some(version) = self.version() {
            text.push('@');
            encode(&mut text, version, false);
        }
        let qualifiers = &self.text[usize::from(self.ends[4])..];
        if !qualifiers.is_empty() {
            text.push('?');
            text.push_str(qualifiers);
        }
        if let Some(subpath) = self.subpath() {
            text.push('#');
            encode(&mut text, subpath, true);
        }
        out.write_str(&text)
    }
}

impl fmt::Debug for Purl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Purl({self})")
    }
}

impl FromStr for Purl {
    type Err = PurlError;

    fn from_str(text: &str) -> Result<Self, PurlError> {
        Self::parse(text)
    }
}

/// ECMA-427, "How to parse a package URL": from the right, each separator taken once.
fn read(text: &str, reading: Reading) -> Result<Parts<'_>, PurlError> {
    if text.len() > LONGEST_TEXT {
        return Err(PurlError::TooLong);
    }
    let (rest, subpath) = last_cut(text, b'#').unwrap_or((text, ""));
    let (rest, qualifiers) = last_cut(rest, b'?').unwrap_or((rest, ""));
    let (scheme, rest) = rest.split_once(':').ok_or(PurlError::NoScheme)?;
    if !scheme.eq_ignore_ascii_case("pkg") {
        return Err(PurlError::NoScheme);
    }
    let (kind, rest) = rest.trim_matches('/').split_once('/').unwrap_or((rest.trim_matches('/'), ""));
    check_type(kind)?;
    let (path, version) = split_version(rest);
    let (namespace, name) = last_cut(path, b'/').unwrap_or(("", path));
    Ok(Parts {
        kind: kind.into(),
        namespace: decoded_segments(namespace)?,
        name: decode(name)?,
        version: decode(version)?,
        qualifiers: read_qualifiers(qualifiers, reading)?,
        subpath: decoded_segments(subpath)?,
    })
}

/// What stands before and behind the last of an ASCII sign.
fn last_cut(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = memchr::memrchr(sign, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// The version stands behind the last `@`, unless that begins a segment of the namespace, as an unencoded npm scope does.
fn split_version(path: &str) -> (&str, &str) {
    let last_segment = memchr::memrchr(b'/', path.as_bytes()).map_or(0, |slash| slash + 1);
    if let Some((name, version)) = last_cut(&path[last_segment..], b'@') {
        return (&path[..last_segment + name.len()], version);
    }
    let at =
        path.match_indices('@').rev().map(|(at, _)| at).find(|at| *at > 0 && !path[..*at].ends_with('/'));
    at.map_or((path, ""), |at| (&path[..at], &path[at + 1..]))
}

fn decoded_segments(text: &str) -> Result<Cow<'_, str>, PurlError> {
    if !text.as_bytes().contains(&b'%') {
        return Ok(text.into());
    }
    let mut decoded = Vec::new();
    for segment in text.split('/') {
        let segment = decode(segment)?;
        if segment.contains('/') {
            return Err(PurlError::SlashInSegment(segment.into_owned()));
        }
        decoded.push(segment);
    }
    Ok(decoded.join("/").into())
}

fn read_qualifiers(text: &str, reading: Reading) -> Result<Qualifiers<'_>, PurlError> {
    let mut qualifiers = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or_else(|| PurlError::NoValue(pair.to_owned()))?;
        let lower = lowered(key.into());
        let any_case = reading == Reading::Lenient || KNOWN_QUALIFIERS.contains(&lower.as_ref());
        qualifiers.push((if any_case { lower } else { key.into() }, decode(value)?));
    }
    Ok(qualifiers)
}

fn check_type(kind: &str) -> Result<(), PurlError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".+-".contains(&byte);
    let begins = kind.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if begins && kind.bytes().all(allowed) { Ok(()) } else { Err(PurlError::Type(kind.to_owned())) }
}

/// Empty values are as absent; keys are checked, unique and sorted.
fn normal_qualifiers(mut qualifiers: Qualifiers<'_>, reading: Reading) -> Result<Qualifiers<'_>, PurlError> {
    if qualifiers.len() > MOST_QUALIFIERS {
        return Err(PurlError::TooManyQualifiers);
    }
    for (key, _) in &mut qualifiers {
        if reading == Reading::Lenient {
            *key = lowered(std::mem::take(key));
        }
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
        let begins = key.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
        if !begins || !key.bytes().all(allowed) {
            return Err(PurlError::Key(key.to_string()));
        }
    }
    qualifiers.retain(|(_, value)| !value.is_empty());
    qualifiers.sort();
    match qualifiers.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(PurlError::KeyTwice(pair[0].0.to_string())),
        None => Ok(qualifiers),
    }
}

/// In lowercase as far as ASCII goes.
fn lowered(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text }
}

fn segments(text: Cow<'_, str>, wanted: impl Fn(&str) -> bool) -> Cow<'_, str> {
    if text.is_empty() || text.split('/').all(|segment| !segment.is_empty() && wanted(segment)) {
        return text;
    }
    let kept: Vec<&str> = text.split('/').filter(|segment| !segment.is_empty() && wanted(segment)).collect();
    kept.join("/").into()
}

fn some(part: &str) -> Option<&str> {
    (!part.is_empty()).then_some(part)
}
