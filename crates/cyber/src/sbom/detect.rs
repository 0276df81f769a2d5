//! Which format a text is: JSON, XML or tag-value, then whose.

use crate::document::ReadError;
use crate::document::json::Node;

use super::model::Format;

/// How a document is written, before its format is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Json,
    Xml,
    TagValue,
}

/// JSON, XML or tag-value, by the first characters.
pub(crate) fn family(text: &str) -> Result<Family, ReadError> {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        return Ok(Family::Json);
    }
    if start.starts_with('<') {
        return Ok(Family::Xml);
    }
    let mut lines =
        start.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).take(20);
    if lines.any(|line| line.starts_with("SPDXVersion:") || line.starts_with("SPDXID:")) {
        return Ok(Family::TagValue);
    }
    Err(ReadError::Unknown("it begins neither like JSON nor like XML nor like SPDX tag-value"))
}

/// Whose JSON it is.
pub(crate) fn json_format(node: &Node) -> Result<Format, ReadError> {
    let context = |node: &Node| match node.get("@context") {
        Some(Node::Text(text)) => text.contains("spdx.org"),
        Some(Node::List(items)) => {
            items.iter().any(|one| one.as_str().is_some_and(|text| text.contains("spdx.org")))
        }
        _ => false,
    };
    if node.get("spdxVersion").is_some() || node.get("SPDXID").is_some() {
        Ok(Format::SpdxJson)
    } else if context(node) {
        Ok(Format::Spdx3)
    } else if node.get("bomFormat").is_some()
        || node.get("specVersion").is_some()
        || node.str("$schema").is_some_and(|schema| schema.contains("cyclonedx"))
    {
        Ok(Format::CycloneDxJson)
    } else {
        Err(ReadError::Unknown("its JSON has neither `bomFormat` nor `spdxVersion` nor an SPDX `@context`"))
    }
}
