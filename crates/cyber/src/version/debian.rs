//! Debian: deb-version(7), "Sorting algorithm". opam compares a whole text by the same rule.

use super::key::{Key, is_number, take_while};

/// Characters of the parts without digits: the tilde below the end, the end below letters, letters below the rest.
const TILDE: u8 = 1;
const END: u8 = 2;
const AFTER_LETTERS: u8 = 0x80;

pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    let (epoch, version) = text.split_once(':').unwrap_or(("0", text));
    let (upstream, revision) = version.rsplit_once('-').unwrap_or((version, ""));
    let revision_only = |byte: u8| byte.is_ascii_alphanumeric() || b"+.~".contains(&byte);
    let allowed = is_number(epoch)
        && upstream.bytes().all(|byte| revision_only(byte) || b"-:".contains(&byte))
        && revision.bytes().all(revision_only)
        && upstream.bytes().any(|byte| byte.is_ascii_digit());
    if !allowed {
        return None;
    }
    let mut key = Key::new();
    key.number(epoch);
    push(&mut key, upstream);
    push(&mut key, revision);
    Some(key.done())
}

/// opam: `OpamVersionCompare`, Debian's order over the whole text.
pub(super) fn opam_key(text: &str) -> Option<Box<[u8]>> {
    let allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+.~".contains(&byte));
    if !allowed || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut key = Key::new();
    push(&mut key, text);
    Some(key.done())
}

/// Parts without digits and numbers in turn; either may be empty, an empty number is zero.
fn push(key: &mut Key, text: &str) {
    let mut rest = text;
    loop {
        let (letters, after) = take_while(rest, |letter| !letter.is_ascii_digit());
        for byte in letters.bytes() {
            key.mark(match byte {
                b'~' => TILDE,
                _ if byte.is_ascii_alphabetic() => byte,
                _ => byte | AFTER_LETTERS,
            });
        }
        let (number, after) = take_while(after, |letter| letter.is_ascii_digit());
        key.mark(END).number(number);
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    key.mark(END);
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Less};

    use crate::version::{Scheme, Version, order};

    #[test]
    fn the_manuals_own_order_of_characters_holds() {
        let ascending = ["1~~", "1~~a", "1~", "1", "1a", "1+", "1.1", "1:0"];
        for pair in ascending.windows(2) {
            assert_eq!(order(Scheme::Debian, pair[0], pair[1]), Some(Less), "{pair:?}");
        }
        assert_eq!(order(Scheme::Debian, "1.0-0", "0:1.0"), Some(Equal));
        for text in ["a:1", "1_2", "1-2_3", ":1", "abc"] {
            assert_eq!(Version::parse(Scheme::Debian, text), None, "{text}");
        }
    }
}
