//! Percent-encoding as package URLs use it (ECMA-427, "Character encoding"). What a part means is not known here.

use std::borrow::Cow;

use super::purl::PurlError;

/// Decodes a part; a `%` must be followed by two hexadecimal digits and the whole must be UTF-8.
pub(super) fn decode(part: &str) -> Result<Cow<'_, str>, PurlError> {
    if !part.as_bytes().contains(&b'%') {
        return Ok(Cow::Borrowed(part));
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let broken = || PurlError::Percent(part.to_owned());
        let (pair, after) = after.split_at_checked(2).ok_or_else(broken)?;
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(digit(0).zip(digit(1)).map(|(high, low)| high << 4 | low).ok_or_else(broken)?);
        rest = after;
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| PurlError::NotUtf8(part.to_owned()))
}

/// Encodes a part into `out`: letters, digits, `.-_~` and the colon stand as they are, and the slash where it separates.
pub(super) fn encode(out: &mut String, part: &str, keep_slash: bool) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) || (keep_slash && byte == b'/') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}
