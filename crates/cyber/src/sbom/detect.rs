//! Which format bytes are: encoding first, then JSON, XML or tag-value, then whose.

use std::borrow::Cow;

use super::bounds::{Limits, ReadError};
use super::json::Node;
use super::model::Format;

/// How a document is written, before its format is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Json,
    Xml,
    TagValue,
}

/// The text of bytes: UTF-8 with or without its mark, or UTF-16 with its mark.
pub(crate) fn text<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge { found: bytes.len(), limit: limits.bytes });
    }
    let utf16 = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.map(Cow::Owned)
            .map_err(|_| ReadError::Encoding { at: 2, hint: "it begins like UTF-16 but is not" })
    };
    let text = match bytes {
        [0xFE, 0xFF, ..] => utf16(u16::from_be_bytes)?,
        [0xFF, 0xFE, ..] => utf16(u16::from_le_bytes)?,
        _ => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            Cow::Borrowed(
                std::str::from_utf8(bytes).map_err(|error| wrong_encoding(bytes, error.valid_up_to()))?,
            )
        }
    };
    if text.trim_start().is_empty() { Err(ReadError::Empty) } else { Ok(text) }
}

fn wrong_encoding(bytes: &[u8], at: usize) -> ReadError {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_ascii_lowercase();
    let hint = if bytes[..at.min(4)].contains(&0) || bytes.starts_with(b"{\0") || bytes.starts_with(b"\0{") {
        "it looks like UTF-16 or UTF-32 without a mark; save it as UTF-8"
    } else if bytes.starts_with(b"PK") || bytes.starts_with(b"\x1F\x8B") {
        "it is an archive; unpack it first"
    } else if head.contains("shift_jis") || head.contains("windows-31j") {
        "it declares Shift_JIS; save it as UTF-8"
    } else if bytes.len() - at < 4 {
        "its last character is cut off"
    } else {
        "it may be Shift_JIS or Latin-1; save it as UTF-8"
    };
    ReadError::Encoding { at, hint }
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
