//! The byte form of a version: pieces are appended so that comparing two keys as bytes orders the versions.
//! How a text becomes pieces is each scheme's own affair.

/// The end of a list of numbers: below every number.
pub(super) const END: u8 = 0x00;
/// Marks below this value are free for schemes; numbers begin with it or more.
const FIRST_NUMBER: u8 = 0x10;
/// Numbers up to this one take a single byte.
const LARGEST_SINGLE: u64 = 199;
/// The first byte of a number of three digits that does not fit a single byte; each further digit adds one.
const THREE_DIGITS: u8 = 0xD8;
/// The longest number whose length fits its first byte.
const LONGEST_SHORT: usize = 33;

/// A key being built.
#[derive(Default)]
pub(super) struct Key(Vec<u8>);

impl Key {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(16))
    }

    /// A mark of the scheme's own, chosen so that marks at one place order what they stand for.
    pub(super) fn mark(&mut self, mark: u8) -> &mut Self {
        self.0.push(mark);
        self
    }

    /// A number of any length, given as ASCII digits; leading zeros do not count, no digits are zero.
    pub(super) fn number(&mut self, digits: &str) -> &mut Self {
        let digits = significant(digits);
        match digits.parse::<u64>() {
            _ if digits.is_empty() => self.0.push(FIRST_NUMBER),
            Ok(small) if small <= LARGEST_SINGLE => {
                self.0.push(FIRST_NUMBER + u8::try_from(small).unwrap_or_default());
            }
            _ => self.long_number(digits),
        }
        self
    }

    /// A count, larger ones later.
    pub(super) fn count(&mut self, count: u16) -> &mut Self {
        self.0.extend(count.to_be_bytes());
        self
    }

    /// A text, ordered by its bytes, a prefix first. The text holds no NUL (see `plain`).
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(0);
        self
    }

    /// Texts as one.
    pub(super) fn joined(&mut self, texts: [&str; 2]) -> &mut Self {
        self.0.extend_from_slice(texts[0].as_bytes());
        self.text(texts[1])
    }

    /// A text without regard to the case of ASCII letters.
    pub(super) fn text_any_case(&mut self, text: &str) -> &mut Self {
        self.0.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        self.0.push(0);
        self
    }

    pub(super) fn done(&mut self) -> Box<[u8]> {
        std::mem::take(&mut self.0).into_boxed_slice()
    }

    /// Longer numbers are larger, so the length stands before the digits.
    fn long_number(&mut self, digits: &str) {
        if digits.len() <= LONGEST_SHORT {
            let beyond = u8::try_from(digits.len().saturating_sub(3)).unwrap_or_default();
            self.0.push(THREE_DIGITS + beyond);
        } else {
            self.0.push(0xFF);
            self.count(u16::try_from(digits.len()).unwrap_or(u16::MAX));
        }
        self.0.extend_from_slice(digits.as_bytes());
    }
}

/// Digits without leading zeros.
pub(super) fn significant(digits: &str) -> &str {
    digits.trim_start_matches('0')
}

/// Whether a text consists of ASCII digits and is not empty.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits off the longest prefix whose characters satisfy `wanted`.
pub(super) fn take_while(text: &str, wanted: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|letter| !wanted(letter)).unwrap_or(text.len()))
}

/// Splits a text into runs of digits and runs of anything else.
pub(super) fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let (run, after) = take_while(rest, |letter| letter.is_ascii_digit() == digits);
        rest = after;
        Some(run)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(digits: &str) -> Box<[u8]> {
        Key::new().number(digits).done()
    }

    #[test]
    fn numbers_of_any_length_are_ordered_by_value() {
        let long = "9".repeat(40);
        let longer = format!("1{}", "0".repeat(40));
        let ascending =
            ["0", "1", "9", "10", "199", "200", "999", "1000", "18446744073709551616", &long, &longer];
        for pair in ascending.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
        }
        assert_eq!(number("007"), number("7"));
        assert_eq!(number("000"), number(""));
    }
}
