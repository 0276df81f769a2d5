//! The small pieces an index is made of — numbers, texts, keys — written one after the other, and read back within bounds. A reader that
//! meets what no writer wrote answers `None`, wherever it is; which section that was is said by who asked.

/// A place in bytes. Copies are cheap, and go on from where the original stood.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a>(pub(crate) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number in groups of seven bits, the lowest first.
    #[inline]
    pub(crate) fn number(&mut self) -> Option<u32> {
        let first = self.byte()?;
        if first < 0x80 {
            return Some(u32::from(first));
        }
        let mut number = u32::from(first & 0x7F);
        for shift in [7_u32, 14, 21, 28] {
            let byte = self.byte()?;
            let group = u32::from(byte & 0x7F);
            if shift == 28 && group > 0x0F {
                return None;
            }
            number |= group << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    #[inline]
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        self.take(length)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// A text that may be missing.
    #[expect(clippy::option_option, reason = "no such bytes, no such text")]
    pub(crate) fn maybe(&mut self) -> Option<Option<&'a str>> {
        match self.byte()? {
            0 => Some(None),
            1 => self.text().map(Some),
            _ => None,
        }
    }

    pub(crate) fn texts(&mut self) -> Option<Vec<&'a str>> {
        // Not reserved: the number of them is only a claim until they are there.
        (0..self.number()?).map(|_| self.text()).collect()
    }

    /// A key that may be missing; no key is empty.
    #[inline]
    #[expect(clippy::option_option, reason = "no such bytes, no such key")]
    pub(crate) fn key(&mut self) -> Option<Option<&'a [u8]>> {
        self.bytes().map(|key| (!key.is_empty()).then_some(key))
    }

    #[inline]
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

/// What is being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ink(pub(crate) Vec<u8>);

impl Ink {
    pub(crate) fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }

    pub(crate) fn number(&mut self, mut number: u32) -> &mut Self {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
        self
    }

    /// How many there are of something. Nothing that was read within its bounds comes near 2³²; should it, the file says less and is refused.
    pub(crate) fn count(&mut self, count: usize) -> &mut Self {
        self.number(u32::try_from(count).unwrap_or(u32::MAX))
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.count(bytes.len());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None => self.byte(0),
            Some(text) => self.byte(1).text(text),
        }
    }

    pub(crate) fn texts<T: AsRef<str>>(&mut self, texts: &[T]) -> &mut Self {
        self.count(texts.len());
        for text in texts {
            self.text(text.as_ref());
        }
        self
    }

    pub(crate) fn key(&mut self, key: Option<&[u8]>) -> &mut Self {
        self.bytes(key.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_was_not_is_refused() {
        let mut ink = Ink::default();
        ink.number(0)
            .number(127)
            .number(128)
            .number(u32::MAX)
            .text("版")
            .maybe(None)
            .maybe(Some(""))
            .key(None);
        let mut cursor = Cursor(&ink.0);
        assert_eq!([0; 4].map(|_| cursor.number()), [Some(0), Some(127), Some(128), Some(u32::MAX)]);
        assert_eq!(cursor.text(), Some("版"));
        assert_eq!((cursor.maybe(), cursor.maybe()), (Some(None), Some(Some(""))));
        assert_eq!((cursor.key(), cursor.byte()), (Some(None), None));
        for broken in [&[0x80][..], &[0xFF, 0xFF, 0xFF, 0xFF, 0x1F], &[0xFF; 6]] {
            assert_eq!(Cursor(broken).number(), None, "{broken:?}");
        }
        assert_eq!(Cursor(&[5, b'a']).text(), None);
        assert_eq!(Cursor(&[1, 0xFF]).text(), None);
        assert_eq!(Cursor(&[0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, b'a']).texts(), None);
    }
}
