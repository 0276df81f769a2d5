//! Versions that are only numbers between separators, where a longer version is later than its own beginning: R (`package_version`),
//! Hackage (Data.Version) and GHC.

use super::key::{END, Key, is_number};

pub(super) fn key(text: &str, separators: &[char]) -> Option<Box<[u8]>> {
    let mut key = Key::new();
    for number in text.split(separators) {
        if !is_number(number) {
            return None;
        }
        key.number(number);
    }
    Some(key.mark(END).done())
}
