//! Whether a text with digits is one version: `1.0-1.2` may be two, and `C.0x` is an unknown number of them.

use super::Why;
use super::family::{is_open, is_placeholder};
use super::tokens::split_prefix;

/// Refuses texts that may be a range as well as a version: `1.0-1.2`, `R6.01-R6.08`; and open places inside a number: `C.0x`.
pub(super) fn sound(text: &str) -> Result<(), Why> {
    let open_inside = text.contains('.') && !is_open(text) && text.split('.').any(is_placeholder);
    // `R7x` alone is how a maker may name a version, of `R7x_S7x` and `C.0x` it is not said which are meant.
    let half_open = text.split('.').any(|part| is_half_open(part, false))
        || text.contains(['-', '_']) && text.split(['.', '-', '_']).any(|part| is_half_open(part, true));
    if open_inside || half_open || may_be_range(text) { Err(Why::Ambiguous) } else { Ok(()) }
}

/// The shape of a version: letters as one letter, each number as one digit.
pub(super) fn shape(text: &str) -> String {
    let mut shape = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = match letter {
            '0'..='9' => '9',
            'a'..='z' | 'A'..='Z' => 'a',
            sign => sign,
        };
        if !(letter.is_ascii_alphanumeric() && shape.ends_with(letter)) {
            shape.push(letter);
        }
    }
    shape
}

/// `0x`, and with letters `S7x`: which numbers are meant is not said.
fn is_half_open(part: &str, with_letters: bool) -> bool {
    let digits = part.trim_end_matches(['x', 'X']);
    let number = if with_letters { &digits[front(digits).len()..] } else { digits };
    digits.len() < part.len() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a hyphen, or `_`, may stand for *to*: on both of its sides stands what would be a version alone, of one kind. A revision or
/// a pre-release behind a hyphen is of another kind than the version before it: `2.0-22165`, `2.0-beta9`, `1.2-3ubuntu1`.
fn may_be_range(text: &str) -> bool {
    let sides: Vec<&str> = text.split(['-', '_']).collect();
    let mut sign = 0;
    sides.windows(2).any(|pair| {
        let [left, right] = pair else { return false };
        sign += left.len() + 1;
        let hyphen = text.as_bytes().get(sign - 1) == Some(&b'-');
        let prefix = split_prefix(right);
        if prefix > 0 && left.contains(|letter: char| letter.is_ascii_digit()) {
            // `V1.0-V1.2`, of which the first `V` is taken off: the second begins a version anew.
            return true;
        }
        let right = &right[prefix..];
        let dotted = left.contains('.');
        // `10-00-01` and `R15B_PC4` are versions.
        is_plain(left)
            && is_plain(right)
            && dotted == right.contains('.')
            && (dotted || hyphen && sides.len() == 2)
            && (front(left).eq_ignore_ascii_case(front(right)) || shape(left) == shape(right))
            && !(sides.len() == 2 && falls_to_zero(left, right))
    })
}

/// `09-00`: neither a range, which would rise, nor a date, which has no month or day 0.
fn falls_to_zero(left: &str, right: &str) -> bool {
    left.len() == 2 && left != "00" && left.bytes().all(|byte| byte.is_ascii_digit()) && right == "00"
}

/// The letters before the first number.
fn front(text: &str) -> &str {
    &text[..text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).len()]
}

/// Numbers between dots, or open places, with at most three letters before and two behind: `R6.01.00`, `1.04E`, `1.x`.
fn is_plain(text: &str) -> bool {
    let letters = front(text);
    let rest = &text[letters.len()..];
    let core = rest.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let is_number = |part: &str| {
        is_placeholder(part) || !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let open = rest.split('.').all(is_number) && !rest.is_empty();
    letters.len() <= 3 && (open || rest.len() - core.len() <= 2 && core.split('.').all(is_number))
}
