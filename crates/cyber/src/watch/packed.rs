//! Numbers and texts packed into bytes, and their bounded reading: variable-length integers, ascending lists as gaps, texts behind their
//! length. What they mean is not known here; bytes that say something impossible end a reading early, they never break it.

/// Appends a number, seven bits a byte, the lowest first.
pub(super) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// Appends a text behind its length.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends ascending numbers: how many, then the gaps.
pub(super) fn put_ascending(out: &mut Vec<u8>, numbers: &[u32]) {
    put(out, numbers.len() as u64);
    let mut before = 0;
    for number in numbers {
        put(out, u64::from(number.wrapping_sub(before)));
        before = *number;
    }
}

/// A place in packed bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    #[inline]
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for at in 0..10 {
            let byte = *self.0.get(at)?;
            number |= u64::from(byte & 0x7F).checked_shl(7 * u32::try_from(at).ok()?)?;
            if byte < 0x80 {
                self.0 = &self.0[at + 1..];
                return Some(number);
            }
        }
        None
    }

    pub(super) fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// A count of things of at least one byte each: never more than there are bytes.
    pub(super) fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|count| *count <= self.0.len())
    }

    pub(super) fn ascending(&mut self) -> Option<Vec<u32>> {
        let count = self.count()?;
        let mut numbers = Vec::with_capacity(count);
        let mut before = 0_u32;
        for at in 0..count {
            let gap = self.small()?;
            let number = before.checked_add(gap)?;
            if at > 0 && gap == 0 {
                return None;
            }
            numbers.push(number);
            before = number;
        }
        Some(numbers)
    }

    pub(super) fn is_done(self) -> bool {
        self.0.is_empty()
    }
}

/// The gaps of an ascending list without a count in front, as sums.
#[derive(Clone, Debug)]
pub(super) struct Gaps<'a> {
    rest: &'a [u8],
    sum: u32,
}

impl<'a> Gaps<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, sum: 0 }
    }
}

impl Iterator for Gaps<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        // Nearly every gap of a dense list fits one byte.
        let (first, rest) = self.rest.split_first()?;
        let gap = if *first < 0x80 {
            self.rest = rest;
            u32::from(*first)
        } else {
            let mut cursor = Cursor(self.rest);
            let gap = cursor.small();
            self.rest = if gap.is_some() { cursor.0 } else { &[] };
            gap?
        };
        self.sum = self.sum.checked_add(gap)?;
        Some(self.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_texts_and_lists_come_back_as_they_were() {
        let mut bytes = Vec::new();
        for number in [0, 1, 127, 128, 16_384, u64::from(u32::MAX), u64::MAX] {
            put(&mut bytes, number);
        }
        put_text(&mut bytes, "輸液ポンプ");
        put_ascending(&mut bytes, &[0, 1, 7, 300, u32::MAX]);
        let mut cursor = Cursor(&bytes);
        for number in [0, 1, 127, 128, 16_384, u64::from(u32::MAX), u64::MAX] {
            assert_eq!(cursor.number(), Some(number));
        }
        assert_eq!(cursor.text(), Some("輸液ポンプ"));
        assert_eq!(cursor.ascending(), Some(vec![0, 1, 7, 300, u32::MAX]));
        assert!(cursor.is_done());
    }

    #[test]
    fn impossible_bytes_end_the_reading() {
        assert_eq!(Cursor(&[0xFF; 11]).number(), None);
        assert_eq!(Cursor(&[5, b'a']).text(), None);
        assert_eq!(Cursor(&[0xFF, 0xFF, 0xFF, 0x7F, 1]).ascending(), None, "a count beyond the bytes");
        assert_eq!(Cursor(&[2, 3, 0]).ascending(), None, "the same number twice");
        assert_eq!(Gaps::of(&[1, 2, 0x80]).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(Gaps::of(&[0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1]).collect::<Vec<_>>(), [u32::MAX]);
    }
}
