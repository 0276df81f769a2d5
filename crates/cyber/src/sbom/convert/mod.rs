//! A bill in another format or version. What the target cannot carry is told with its place, never dropped in silence. CycloneDX is
//! converted over the tables of its shape, so that members without a place in our model survive; CycloneDX and SPDX are converted into
//! each other by what the model says. How bills become one is the affair of `merge`.

mod carried;
mod correspondence;
mod cyclonedx;
mod fit;
mod from_xml;
mod identifiers;
mod persons;
mod spdx2;
mod spdx2_required;
mod spdx3;
mod to_xml;
mod told;

use super::model::Format;
use super::{Document, Reading, spdx};
use crate::document::deviation::Place;
use crate::document::json::Node;

pub use told::{LeftOut, Told, Why};

/// A format with its version, to which bills are converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The format.
    pub format: Format,
    /// The minor version: 6 of CycloneDX 1.6, 3 of SPDX 2.3, 0 of SPDX 3.0.
    pub minor: u8,
}

/// What a conversion needs beside the bill.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances<'a> {
    /// The time of the conversion, which stands for a time of writing that the bill does not state and its target requires.
    pub now: Option<&'a str>,
    /// A name for the new document that no other bears, used where the target requires one and the bill has none: a URI without fragment.
    pub identity: Option<&'a str>,
    /// What converts, with its version.
    pub tool: Option<&'a str>,
}

/// A converted bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The document in its new format.
    pub document: Document,
    /// What it does not carry, or carries otherwise.
    pub told: Told,
}

impl Target {
    /// Every target, by the name it has on the command line.
    pub const ALL: [(&'static str, Target); 18] = [
        ("cyclonedx-1.2-json", Target::of(Format::CycloneDxJson, 2)),
        ("cyclonedx-1.3-json", Target::of(Format::CycloneDxJson, 3)),
        ("cyclonedx-1.4-json", Target::of(Format::CycloneDxJson, 4)),
        ("cyclonedx-1.5-json", Target::of(Format::CycloneDxJson, 5)),
        ("cyclonedx-1.6-json", Target::of(Format::CycloneDxJson, 6)),
        ("cyclonedx-1.7-json", Target::of(Format::CycloneDxJson, 7)),
        ("cyclonedx-1.2-xml", Target::of(Format::CycloneDxXml, 2)),
        ("cyclonedx-1.3-xml", Target::of(Format::CycloneDxXml, 3)),
        ("cyclonedx-1.4-xml", Target::of(Format::CycloneDxXml, 4)),
        ("cyclonedx-1.5-xml", Target::of(Format::CycloneDxXml, 5)),
        ("cyclonedx-1.6-xml", Target::of(Format::CycloneDxXml, 6)),
        ("cyclonedx-1.7-xml", Target::of(Format::CycloneDxXml, 7)),
        ("spdx-2.2", Target::of(Format::SpdxJson, 2)),
        ("spdx-2.3", Target::of(Format::SpdxJson, 3)),
        ("spdx-2.2-tag-value", Target::of(Format::SpdxTagValue, 2)),
        ("spdx-2.3-tag-value", Target::of(Format::SpdxTagValue, 3)),
        ("spdx-3.0", Target::of(Format::Spdx3, 0)),
        ("cyclonedx", Target::of(Format::CycloneDxJson, 6)),
    ];

    const fn of(format: Format, minor: u8) -> Self {
        Target { format, minor }
    }

    /// The target of a name.
    pub fn named(name: &str) -> Option<Target> {
        Target::ALL.iter().find(|(known, _)| *known == name).map(|(_, target)| *target)
    }

    /// What a bill is written in, where that is known.
    pub fn of_reading(reading: &Reading) -> Option<Target> {
        let version = reading.sbom.version.as_str();
        let written = version.strip_prefix("1.").or_else(|| version.strip_prefix("SPDX-2."));
        let minor = match reading.sbom.format {
            Format::Spdx3 => version.starts_with("3.0").then_some(0),
            _ => written.and_then(|minor| minor.parse().ok()),
        };
        minor.map(|minor| Target::of(reading.sbom.format, minor))
    }

    fn is_cyclonedx(self) -> bool {
        matches!(self.format, Format::CycloneDxJson | Format::CycloneDxXml)
    }

    fn is_spdx2(self) -> bool {
        matches!(self.format, Format::SpdxJson | Format::SpdxTagValue)
    }
}

/// Writes a bill in another format or version. In its own it stays as it is, but for SPDX 2 that lacks what it requires.
pub fn convert(reading: &Reading, target: Target, with: &Circumstances<'_>) -> Conversion {
    let mut told = Told::default();
    let is_lacking = target.is_spdx2() && reading.errors > 0;
    if Target::of_reading(reading) == Some(target) && !is_lacking {
        return Conversion { document: reading.document.clone(), told };
    }
    let document = if target.is_cyclonedx() {
        let node = cyclonedx_json(reading, target.minor, with, &mut told);
        match target.format {
            Format::CycloneDxXml => Document::Xml(to_xml::write(&node, target.minor, &mut told)),
            _ => Document::Json(node),
        }
    } else if target.is_spdx2() {
        let node = spdx2_json(reading, target.minor, with, &mut told);
        match target.format {
            Format::SpdxTagValue => Document::TagValue(spdx::tag_value_of(&node)),
            _ => Document::Json(node),
        }
    } else {
        carried::tell(reading, target, &mut told);
        Document::Json(spdx3::write(reading, with, &mut told))
    };
    Conversion { document, told }
}

/// The bill as CycloneDX JSON of a version, from whatever format.
pub(super) fn cyclonedx_json(
    reading: &Reading,
    minor: u8,
    with: &Circumstances<'_>,
    told: &mut Told,
) -> Node {
    let source = Target::of_reading(reading);
    let target = Target::of(Format::CycloneDxJson, minor);
    match (&reading.document, reading.sbom.format) {
        (Document::Json(node), Format::CycloneDxJson) if source == Some(target) => node.clone(),
        (Document::Json(node), Format::CycloneDxJson) => fit::cyclonedx(node.clone(), minor, told),
        (Document::Xml(xml), _) => {
            let from = source.map_or(minor, |source| source.minor);
            fit::cyclonedx(from_xml::read(xml, from, told), minor, told)
        }
        _ => {
            carried::tell(reading, target, told);
            fit::cyclonedx(cyclonedx::write(reading, minor, with, told), minor, told)
        }
    }
}

fn spdx2_json(reading: &Reading, minor: u8, with: &Circumstances<'_>, told: &mut Told) -> Node {
    let own = match &reading.document {
        Document::Json(node) if reading.sbom.format == Format::SpdxJson => Some(node.clone()),
        Document::TagValue(lines) => {
            aside(lines, told);
            Some(spdx::json_of_tag_value(lines))
        }
        _ => None,
    };
    if let Some(node) = own {
        return fit::spdx2(node, minor, with, told);
    }
    carried::tell(reading, Target::of(Format::SpdxJson, minor), told);
    spdx2::write(reading, minor, with, told)
}

/// Comments of tag-value, and projects that files were taken from, of which JSON has no form that is not deprecated.
fn aside(lines: &[super::TagLine], told: &mut Told) {
    for (line, number) in lines.iter().zip(1_u64..) {
        match line {
            super::TagLine::Other(text) if !text.trim().is_empty() => {
                told.push(Place::line(number, ""), text.trim(), Why::NoPlace);
            }
            super::TagLine::Pair { tag, value, line, .. } if tag.starts_with("ArtifactOf") => {
                told.push(Place::line((*line).into(), tag), value, Why::NoPlace);
            }
            _ => {}
        }
    }
}
