//! RPM: epoch, version and release, each compared by `rpmvercmp` (rpm's documentation, "Comparing versions").

use super::key::{END as NO_RELEASE, Key, is_number, take_while};

/// What may stand at one place, lowest first.
const TILDE: u8 = 1;
const END: u8 = 2;
const CARET: u8 = 3;
const LETTERS: u8 = 4;
const NUMBER: u8 = 5;
const RELEASE: u8 = 1;

pub(super) fn key(text: &str) -> Option<Box<[u8]>> {
    if text.contains(['/', '<', '>', '=', ',', '(', ')', '*', '$']) {
        return None;
    }
    // Only digits before the colon are an epoch (rpm's `parseEVR`); otherwise the colon separates like any other sign.
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) if epoch.is_empty() || is_number(epoch) => (epoch, rest),
        _ => ("0", text),
    };
    let (version, release) =
        rest.rsplit_once('-').map_or((rest, None), |(version, release)| (version, Some(release)));
    let mut key = Key::new();
    push(key.number(epoch), version);
    match release {
        Some(release) => push(key.mark(RELEASE), release),
        None => drop(key.mark(NO_RELEASE)),
    }
    Some(key.done())
}

fn push(key: &mut Key, text: &str) {
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        rest = match letter {
            '~' => {
                key.mark(TILDE);
                after
            }
            '^' => {
                key.mark(CARET);
                after
            }
            _ if letter.is_ascii_digit() => {
                let (digits, after) = take_while(rest, |letter| letter.is_ascii_digit());
                key.mark(NUMBER).number(digits);
                after
            }
            _ if letter.is_ascii_alphabetic() => {
                let (letters, after) = take_while(rest, |letter| letter.is_ascii_alphabetic());
                key.mark(LETTERS).text(letters);
                after
            }
            _ => after,
        };
    }
    key.mark(END);
}
