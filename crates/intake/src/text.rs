//! Bytes to text: UTF-8 with or without a mark, UTF-16 with a mark, Shift_JIS as Windows writes it (CP932).
//! A byte that cannot be decoded is an error that names its line; nothing is ever replaced.

use std::borrow::Cow;

use encoding_rs::{Encoding, SHIFT_JIS, UTF_16BE, UTF_16LE};

use crate::error::{IntakeError, Trouble};

/// Decodes a whole file. UTF-8 is borrowed.
pub fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, IntakeError> {
    if bytes.is_empty() {
        return Err(IntakeError::new(file, Trouble::Empty));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let body = &bytes[mark..];
        if encoding == UTF_16LE || encoding == UTF_16BE {
            return strictly(file, encoding, body);
        }
        return utf8(body).map(Cow::Borrowed).map_err(|at| broken(file, body, at, Trouble::BrokenUtf8));
    }
    match utf8(bytes) {
        Ok(text) => no_binary(file, Cow::Borrowed(text)),
        Err(at) if is_japanese_utf8(&bytes[..at]) => Err(broken(file, bytes, at, Trouble::BrokenUtf8)),
        Err(_) => no_binary(file, strictly(file, SHIFT_JIS, bytes)?),
    }
}

/// Decodes a whole file in an encoding that it names itself.
pub fn decode_as<'a>(file: &str, bytes: &'a [u8], label: &str) -> Result<Cow<'a, str>, IntakeError> {
    match Encoding::for_label(label.trim().as_bytes()) {
        Some(encoding) => no_binary(file, strictly(file, encoding, bytes)?),
        None => decode(file, bytes),
    }
}

/// The text, or the offset of the first byte that is not UTF-8.
fn utf8(bytes: &[u8]) -> Result<&str, usize> {
    std::str::from_utf8(bytes).map_err(|error| error.valid_up_to())
}

/// Whether what could be decoded shows that the file meant to be UTF-8. Three bytes of Shift_JIS are a character of UTF-8 now
/// and then (`痰` and the first byte after it); three such characters before the damage settle it.
fn is_japanese_utf8(sound: &[u8]) -> bool {
    sound.iter().filter(|byte| **byte >= 0xE0).count() >= 3
}

fn strictly<'a>(
    file: &str,
    encoding: &'static Encoding,
    bytes: &'a [u8],
) -> Result<Cow<'a, str>, IntakeError> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text);
    }
    Err(broken(file, bytes, undecodable(encoding, bytes), Trouble::Encoding))
}

/// Offset of the first byte that the encoding cannot read, found by decoding once more up to it.
fn undecodable(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut sink = vec![0_u8; 1 << 16];
    let mut at = 0;
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(&bytes[at..], &mut sink, true);
        at += read;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::InputEmpty => return at,
            encoding_rs::DecoderResult::Malformed(length, after) => {
                return at.saturating_sub(usize::from(length) + usize::from(after));
            }
        }
    }
}

/// Control characters that no text has: what decodes by accident is still not text.
fn no_binary<'a>(file: &str, text: Cow<'a, str>) -> Result<Cow<'a, str>, IntakeError> {
    let bytes = text.as_bytes();
    match bytes.iter().position(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)) {
        Some(at) => Err(broken(file, bytes, at, Trouble::Encoding)),
        None => Ok(text),
    }
}

fn broken(file: &str, bytes: &[u8], at: usize, trouble: Trouble) -> IntakeError {
    let line = bytes[..at.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count() + 1;
    IntakeError::at(file, format!("line {line} (byte {at})"), trouble)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_read_in_every_encoding() {
        let text = "事業名,執行額\r\n医療機器等の①,髙\r\n";
        let (cp932, _, lost) = SHIFT_JIS.encode(text);
        assert!(!lost);
        let utf16 = |to: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            mark.into_iter().chain(text.encode_utf16().flat_map(to)).collect::<Vec<_>>()
        };
        let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in [
            text.as_bytes(),
            &cp932,
            &bom,
            &utf16(u16::to_le_bytes, [0xFF, 0xFE]),
            &utf16(u16::to_be_bytes, [0xFE, 0xFF]),
        ] {
            assert_eq!(decode("a.csv", bytes).unwrap(), text);
        }
    }

    #[test]
    fn a_broken_character_names_its_line_and_is_never_replaced() {
        let mut bytes = "一行目\n二行目\n三".as_bytes().to_vec();
        bytes.pop();
        let error = decode("a.csv", &bytes).unwrap_err();
        assert_eq!(error.place.as_deref(), Some("line 3 (byte 20)"));
        assert_eq!(error.trouble, Trouble::BrokenUtf8);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        for bytes in
            [&b"\x00\x01\x02"[..], b"\x89PNG\r\n\x1a\n\xff\xff", b"ok\nthen \xFF\xFD", b"\xFF\xFE\x00\xD8"]
        {
            assert!(decode("a.csv", bytes).is_err(), "{bytes:?}");
        }
        let error = decode("a.csv", b"ok\nthen \xFF\xFD").unwrap_err();
        assert_eq!(error.place.as_deref(), Some("line 2 (byte 8)"));
    }
}
