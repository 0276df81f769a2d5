//! How the text of one CPE attribute is quoted in the formatted string, the URI and the well-formed name (NISTIR 7695, 5.3.2, 6.1 and 6.2).
//! All become the form of the formatted string: lower case, letters, digits, `.`, `-` and `_` bare, other signs behind a backslash.

use std::borrow::Cow;

use super::cpe::{CpeError, ends_quoting};

/// One sign of a text: itself, or a bare wildcard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Plain(char),
    Wildcard(char),
}

/// Splits at colons that no backslash quotes.
pub(super) fn split_unquoted(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let all = rest?;
        let mut colons = memchr::memchr_iter(b':', all.as_bytes());
        let colon = colons.find(|at| !ends_quoting(&all[..*at]));
        let (component, after) = colon.map_or((all, None), |at| (&all[..at], Some(&all[at + 1..])));
        rest = after;
        Some(component)
    })
}

/// A component of a formatted string in its normal form.
pub(super) fn from_component(component: &str) -> Result<Cow<'_, str>, CpeError> {
    if component.is_empty() {
        return Err(CpeError::Empty);
    }
    if is_normal(component) {
        return Ok(Cow::Borrowed(component));
    }
    if ends_quoting(component) {
        return Err(CpeError::Quoting(component.to_owned()));
    }
    let mut letters = component.chars();
    let signs = std::iter::from_fn(|| {
        Some(match letters.next()? {
            '\\' => Sign::Plain(letters.next()?),
            letter @ ('*' | '?') => Sign::Wildcard(letter),
            letter => Sign::Plain(letter),
        })
    });
    write(signs, component).map(Cow::Owned)
}

/// A component of a URI in the form of the formatted string: empty is any value, `%01` and `%02` are wildcards.
pub(super) fn from_uri_component(component: &str) -> Result<Cow<'_, str>, CpeError> {
    match component {
        "" => return Ok(Cow::Borrowed("*")),
        "-" => return Ok(Cow::Borrowed("-")),
        _ => {}
    }
    let wrong = || CpeError::Quoting(component.to_owned());
    let mut bytes = Vec::with_capacity(component.len());
    let mut rest = component.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'%' {
            let (pair, after) = after.split_at_checked(2).ok_or_else(wrong)?;
            let digits = std::str::from_utf8(pair)
                .ok()
                .filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
            bytes.push(digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or_else(wrong)?);
            rest = after;
        } else {
            bytes.push(byte);
        }
    }
    let decoded = String::from_utf8(bytes).map_err(|_| wrong())?;
    let sign = |letter| match letter {
        '\u{1}' => Sign::Wildcard('?'),
        '\u{2}' => Sign::Wildcard('*'),
        _ => Sign::Plain(letter),
    };
    write(decoded.chars().map(sign), component).map(Cow::Owned)
}

/// A normal text as a URI writes it.
pub(super) fn to_uri_component(text: &str) -> String {
    match text {
        "*" => return String::new(),
        "-" => return "-".to_owned(),
        _ => {}
    }
    let mut written = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '?' => written.push_str("%01"),
            '*' => written.push_str("%02"),
            '\\' => letters.next().into_iter().for_each(|quoted| written.push_str(&percent(quoted))),
            _ if letter.is_ascii() => written.push(letter),
            _ => written.push_str(&percent(letter)),
        }
    }
    written
}

/// A normal text as a well-formed name writes it: dots and hyphens are quoted there too.
pub(super) fn to_wfn_value(text: &str) -> String {
    let mut written = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => written.extend(std::iter::once('\\').chain(letters.next())),
            '.' | '-' => written.extend(['\\', letter]),
            _ => written.push(letter),
        }
    }
    written
}

/// A normal text without its backslashes.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, quoted)) = rest.split_once('\\') {
        plain.push_str(before);
        // What is quoted is taken as it is, a backslash too.
        let length = quoted.chars().next().map_or(0, char::len_utf8);
        plain.push_str(&quoted[..length]);
        rest = &quoted[length..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Texts that are their own normal form, as nearly all are: any value, no value, or bare letters and digits, and quoted signs that must be
/// quoted.
pub(super) fn is_normal(text: &str) -> bool {
    if text == "*" {
        return true;
    }
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let is_fit = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => true,
            b'\\' => {
                bytes.next().is_some_and(|quoted| quoted.is_ascii_punctuation() && !b"._-".contains(&quoted))
            }
            _ => false,
        };
        if !is_fit {
            return false;
        }
    }
    !text.is_empty()
}

/// Writes signs in normal form; `from` is what they were read from.
fn write(signs: impl Iterator<Item = Sign>, from: &str) -> Result<String, CpeError> {
    let mut written = String::with_capacity(from.len());
    let mut wildcards = Wildcards::default();
    let mut has_text = false;
    for sign in signs {
        let letter = match sign {
            Sign::Wildcard(wildcard) => {
                wildcards.add(wildcard);
                written.push(wildcard);
                continue;
            }
            Sign::Plain(letter) => letter,
        };
        // Behind text they stand at the end, or nowhere.
        if !wildcards.fit() || has_text && !wildcards.are_none() {
            return Err(CpeError::Wildcard(from.to_owned()));
        }
        (has_text, wildcards) = (true, Wildcards::default());
        match letter {
            '.' | '-' | '_' => written.push(letter),
            _ if letter.is_ascii_alphanumeric() => written.push(letter.to_ascii_lowercase()),
            _ if letter.is_whitespace() || letter.is_control() => {
                return Err(CpeError::Blank(from.to_owned()));
            }
            _ if letter.is_ascii_punctuation() => written.extend(['\\', letter]),
            _ => written.extend(letter.to_lowercase()),
        }
    }
    if !wildcards.fit() {
        return Err(CpeError::Wildcard(from.to_owned()));
    }
    // A quoted hyphen alone is a text, a bare one is no value.
    Ok(if written == "-" { "\\-".to_owned() } else { written })
}

/// Bare wildcards beside each other.
#[derive(Clone, Copy, Default)]
struct Wildcards {
    asterisks: usize,
    marks: usize,
}

impl Wildcards {
    fn add(&mut self, wildcard: char) {
        *if wildcard == '*' { &mut self.asterisks } else { &mut self.marks } += 1;
    }

    fn are_none(self) -> bool {
        self.asterisks + self.marks == 0
    }

    /// At an end stands either one asterisk or any number of question marks.
    fn fit(self) -> bool {
        matches!((self.asterisks, self.marks), (1, 0) | (0, _))
    }
}

fn percent(letter: char) -> String {
    match letter {
        '.' | '-' | '_' => letter.to_string(),
        _ => letter.to_string().bytes().fold(String::new(), |written, byte| format!("{written}%{byte:02x}")),
    }
}
