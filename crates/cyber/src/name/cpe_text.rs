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
        let colon = all.match_indices(':').map(|(at, _)| at).find(|at| !ends_quoting(&all[..*at]));
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
    if is_normal(component) || matches!(component, "*" | "-") {
        return Ok(Cow::Borrowed(component));
    }
    let mut signs = Vec::new();
    let mut letters = component.chars();
    while let Some(letter) = letters.next() {
        signs.push(match letter {
            '\\' => Sign::Plain(letters.next().ok_or_else(|| CpeError::Quoting(component.to_owned()))?),
            '*' | '?' => Sign::Wildcard(letter),
            _ => Sign::Plain(letter),
        });
    }
    write(&signs, component).map(Cow::Owned)
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
    write(&decoded.chars().map(sign).collect::<Vec<_>>(), component).map(Cow::Owned)
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
    if !text.contains('\\') {
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

/// Texts that are their own normal form, as nearly all are: bare letters and digits, and quoted signs that must be quoted.
fn is_normal(text: &str) -> bool {
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
    text != "-"
}

/// Writes signs in normal form; `from` is what they were read from.
fn write(signs: &[Sign], from: &str) -> Result<String, CpeError> {
    let is_text = |sign: &Sign| matches!(sign, Sign::Plain(_));
    let first = signs.iter().position(is_text).unwrap_or(signs.len());
    let last = signs.iter().rposition(is_text).map_or(0, |at| at + 1);
    if !signs.get(first..last).unwrap_or_default().iter().all(is_text)
        || !wildcards_fit(&signs[..first.min(last)], &signs[last..])
    {
        return Err(CpeError::Wildcard(from.to_owned()));
    }
    let mut written = String::with_capacity(from.len());
    for sign in signs {
        match sign {
            Sign::Wildcard(wildcard) => written.push(*wildcard),
            Sign::Plain(letter) if letter.is_whitespace() || letter.is_control() => {
                return Err(CpeError::Blank(from.to_owned()));
            }
            Sign::Plain(letter) if letter.is_ascii_punctuation() && !matches!(letter, '.' | '-' | '_') => {
                written.extend(['\\', *letter]);
            }
            Sign::Plain(letter) => written.extend(letter.to_lowercase()),
        }
    }
    // A quoted hyphen alone is a text, a bare one is no value.
    Ok(if written == "-" { "\\-".to_owned() } else { written })
}

/// At an end stands either one asterisk or any number of question marks.
fn wildcards_fit(before: &[Sign], after: &[Sign]) -> bool {
    let fits = |side: &[Sign]| match side {
        [Sign::Wildcard('*')] => true,
        marks => marks.iter().all(|mark| *mark == Sign::Wildcard('?')),
    };
    fits(before) && fits(after)
}

fn percent(letter: char) -> String {
    match letter {
        '.' | '-' | '_' => letter.to_string(),
        _ => letter.to_string().bytes().fold(String::new(), |written, byte| format!("{written}%{byte:02x}")),
    }
}
