//! The text of bytes, whatever their encoding says.

use std::borrow::Cow;

use super::bounds::{Limits, ReadError};

/// The text of bytes: UTF-8 with or without its mark, or UTF-16 with its mark.
pub(crate) fn text<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge { found: bytes.len(), limit: limits.bytes });
    }
    let utf16 = |read: fn([u8; 2]) -> u16| {
        if bytes.len() % 2 == 1 {
            return Err(ReadError::Encoding { at: bytes.len() - 1, hint: "its last character is cut off" });
        }
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
    // ASCII in UTF-16 without its mark is sound UTF-8 with a zero beside every letter.
    if let Some(at) = text.as_bytes().iter().take(4).position(|byte| *byte == 0) {
        return Err(wrong_encoding(text.as_bytes(), at));
    }
    if text.trim_start().is_empty() { Err(ReadError::Empty) } else { Ok(text) }
}

fn wrong_encoding(bytes: &[u8], at: usize) -> ReadError {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_ascii_lowercase();
    let hint =
        if bytes[..bytes.len().min(4)].contains(&0) || bytes.starts_with(b"{\0") || bytes.starts_with(b"\0{")
        {
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
