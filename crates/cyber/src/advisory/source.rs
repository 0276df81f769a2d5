//! Which format bytes are in, told from what they say and never from where they come from, and the reader for it. A new format is a line in
//! `BY_MEMBER` (JSON) or `detect`, and one in `read`. Archives, folders and addresses are opened elsewhere.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use super::model::Advisory;
use super::pieces::Pieces;
use super::reading::{LARGEST_DOCUMENT, Read, ReadError, json, strip_mark};
use super::{csaf, cve, epss, kev, nvd, osv, vuldef};
use crate::document::Limits;

/// A format of vulnerability data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// OSV as JSON, one record or records one after another.
    Osv,
    /// OSV as YAML.
    OsvYaml,
    /// NVD: API 2.0, feeds, records on lines.
    Nvd,
    /// CVE records, format 5.
    Cve,
    /// CSAF advisories.
    Csaf,
    /// VULDEF of JVN iPedia.
    Vuldef,
    /// The catalogue of known exploited vulnerabilities as JSON.
    Kev,
    /// The same as CSV.
    KevCsv,
    /// A table of exploit predictions.
    Epss,
}

/// What a piece holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Contents {
    /// Records.
    Advisories(Vec<Advisory>),
    /// CVEs known to be exploited.
    Exploited(kev::Catalogue),
    /// Predictions for CVEs.
    Predicted(epss::Scores),
}

/// Outermost members of JSON objects that only one of the formats has, the first that is met decides.
const BY_MEMBER: &[(&str, Format)] = &[
    ("catalogVersion", Format::Kev),
    ("cveMetadata", Format::Cve),
    ("containers", Format::Cve),
    ("document", Format::Csaf),
    ("resultsPerPage", Format::Nvd),
    ("CVE_Items", Format::Nvd),
    ("CVE_data_type", Format::Nvd),
    ("cve", Format::Nvd),
    ("schema_version", Format::Osv),
    ("modified", Format::Osv),
    ("affected", Format::Osv),
];

impl Format {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Osv => "OSV",
            Self::OsvYaml => "OSV (YAML)",
            Self::Nvd => "NVD",
            Self::Cve => "CVE",
            Self::Csaf => "CSAF",
            Self::Vuldef => "VULDEF",
            Self::Kev => "KEV",
            Self::KevCsv => "KEV (CSV)",
            Self::Epss => "EPSS",
        }
    }
}

/// The format of some bytes; `None` when it is none of those known here.
pub fn detect(bytes: &[u8]) -> Option<Format> {
    let bytes = strip_mark(bytes).trim_ascii_start();
    match bytes.first()? {
        b'{' => by_member(bytes),
        b'<' => is_vuldef(bytes).then_some(Format::Vuldef),
        b'#' if bytes.starts_with(b"#model_version") => Some(Format::Epss),
        b'c' if bytes.starts_with(b"cve,epss") => Some(Format::Epss),
        b'c' if bytes.starts_with(b"cveID,") => Some(Format::KevCsv),
        _ => is_osv_yaml(bytes).then_some(Format::OsvYaml),
    }
}

/// The records of a document, to be read side by side.
pub fn pieces(format: Format, bytes: &[u8]) -> Vec<Result<&[u8], ReadError>> {
    match format {
        Format::Osv | Format::Cve => Pieces::of(bytes, &[]).collect(),
        Format::Nvd => nvd::pieces(bytes).collect(),
        Format::OsvYaml | Format::Csaf | Format::Vuldef | Format::Kev | Format::KevCsv | Format::Epss => {
            vec![Ok(bytes)]
        }
    }
}

/// Reads one piece.
pub fn read(format: Format, piece: &[u8]) -> Result<Contents, ReadError> {
    let one = |read: Result<Read<Advisory>, ReadError>| Ok(Contents::Advisories(vec![read?.value]));
    match format {
        Format::Osv => one(osv::read_json(piece)),
        Format::OsvYaml => one(osv::read_yaml(piece)),
        Format::Nvd => one(nvd::read_json(piece)),
        Format::Cve => one(cve::read_json(piece)),
        Format::Csaf => one(json(piece).and_then(|document| csaf::read(&document))),
        Format::Vuldef => {
            let limits = Limits { bytes: LARGEST_DOCUMENT, ..Limits::default() };
            let read = vuldef::read_all(piece, &limits).map_err(|error| ReadError::Xml(error.to_string()))?;
            Ok(Contents::Advisories(read.into_iter().map(|read| read.value).collect()))
        }
        Format::Kev => Ok(Contents::Exploited(kev::read_json(piece)?.value)),
        Format::KevCsv => Ok(Contents::Exploited(kev::read_csv(piece)?.value)),
        Format::Epss => Ok(Contents::Predicted(epss::read_csv(piece)?.value)),
    }
}

fn by_member(bytes: &[u8]) -> Option<Format> {
    let mut found = None;
    // That reading stops at the first telling member, or at broken JSON, is said as an error.
    let _ = serde_json::Deserializer::from_slice(bytes).deserialize_map(Members(&mut found));
    found
}

struct Members<'t>(&'t mut Option<Format>);

impl<'a> Visitor<'a> for Members<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(member) = map.next_key::<std::borrow::Cow<'a, str>>()? {
            *self.0 = BY_MEMBER.iter().find(|(known, _)| *known == member).map(|(_, format)| *format);
            if self.0.is_some() {
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// The name of the outermost element stands near the beginning, behind declaration and comments.
fn is_vuldef(bytes: &[u8]) -> bool {
    const BEGINNING: usize = 4096;
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    beginning.windows(15).any(|window| window == b"VULDEF-Document")
}

/// OSV as YAML has its members at the beginning of lines; prose has not all of these.
fn is_osv_yaml(bytes: &[u8]) -> bool {
    let begins = |member: &[u8]| bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(member));
    begins(b"id:") && begins(b"modified:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_from_what_the_bytes_say() {
        for (text, format) in [
            (r#"{"id": "X", "modified": "m"}"#, Some(Format::Osv)),
            ("\u{FEFF}\n{\"schema_version\": \"1.7\"}", Some(Format::Osv)),
            (r#"{"id": "X", "details": {"cve": 1}, "affected": []}"#, Some(Format::Osv)),
            ("details: x\nid: PYSEC-1\nmodified: m\n", Some(Format::OsvYaml)),
            (r#"{"title": "t", "catalogVersion": "1", "vulnerabilities": []}"#, Some(Format::Kev)),
            (r#"{"resultsPerPage": 1, "vulnerabilities": []}"#, Some(Format::Nvd)),
            (r#"{"_annotation": {}, "cve": {}}"#, Some(Format::Nvd)),
            (r#"{"dataType": "CVE_RECORD", "cveMetadata": {}}"#, Some(Format::Cve)),
            (r#"{"document": {"csaf_version": "2.0"}, "vulnerabilities": []}"#, Some(Format::Csaf)),
            ("<?xml version=\"1.0\"?>\n<VULDEF-Document>", Some(Format::Vuldef)),
            ("<bom/>", None),
            ("cveID,vendorProject\n", Some(Format::KevCsv)),
            ("#model_version:v1,score_date:2023-03-07\ncve,epss\n", Some(Format::Epss)),
            ("cve,epss\nCVE-2020-1,0.5\n", Some(Format::Epss)),
            (r#"{"bomFormat": "CycloneDX"}"#, None),
            (r#"{"a": "#, None),
            ("[]", None),
            ("# Read me\nid: the name\n", None),
            ("", None),
        ] {
            assert_eq!(detect(text.as_bytes()), format, "{text}");
        }
    }
}
