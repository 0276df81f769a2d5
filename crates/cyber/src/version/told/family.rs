//! Versions with an open end, `12.2.x.x`: all that begin with the numbers before it. They are told as a range from these numbers to
//! the next ones.

/// Whether a text ends in places that are left open: `1.X`, `5.x.x`, `1.*`.
pub(super) fn is_open(text: &str) -> bool {
    text.rsplit('.').next().is_some_and(is_placeholder) && text.contains('.')
}

/// The first version of an open one, and the first behind it: `12.2` and `12.3` of `12.2.x`. `None` where a placeholder stands before a
/// number, or what is before it does not end in a number.
pub(super) fn ends(text: &str) -> Option<(String, String)> {
    let mut fixed = text;
    while let Some((before, _)) = fixed.rsplit_once('.').filter(|(_, last)| is_placeholder(last)) {
        fixed = before;
    }
    if fixed.split('.').any(is_placeholder) {
        return None;
    }
    Some((fixed.to_owned(), following(fixed)?))
}

/// The same text with its last number one higher: `12.2` becomes `12.3`.
fn following(text: &str) -> Option<String> {
    let letters = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &text[letters.len()..];
    let next = digits.parse::<u64>().ok()?.checked_add(1)?;
    // `2.0-beta3.x`: what follows beta 3 is not said.
    let tail = letters.rsplit('.').next().unwrap_or_default();
    (digits.len() <= 9 && !tail.contains(['-', '_', '+']))
        .then(|| format!("{letters}{next:0width$}", width = digits.len()))
}

/// `x`, `X`, `*`, `xx`
pub(super) fn is_placeholder(part: &str) -> bool {
    matches!(part, "x" | "X" | "*")
        || (part.len() > 1 && part.len() < 4 && part.bytes().all(|byte| byte == b'x' || byte == b'X'))
}
