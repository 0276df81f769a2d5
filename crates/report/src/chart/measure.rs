//! How wide text is, without a font at hand: a full-width character takes one em, any other a little more than it
//! does in the fonts the style sheets name, so that what is found to fit does fit.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use crate::flow;

/// The width of a half-width character, in em.
const HALF: f64 = 0.58;

/// The width of a text in units of its size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| em(c) * size).sum()
}

/// The text, cut with an ellipsis where it is wider than `room`.
pub(super) fn cut(text: &str, size: f64, room: f64) -> Cow<'_, str> {
    if width(text, size) <= room {
        return Cow::Borrowed(text);
    }
    let mut left = room - width("…", size);
    let kept: String = text
        .chars()
        .take_while(|c| {
            left -= em(*c) * size;
            left >= 0.0
        })
        .collect();
    Cow::Owned(format!("{}…", kept.trim_end()))
}

/// The text on at most `most` lines, the last of them cut where more would be needed. Broken by the rules of
/// [`crate::flow`].
pub(super) fn wrap(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let measure = |(): (), text: &str| thousandths(width(text, size));
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let filled = flow::fill(&[((), one_line)], thousandths(room), &measure);
    let mut lines: Vec<String> =
        filled.into_iter().map(|line| line.runs.into_iter().map(|((), text)| text).collect()).collect();
    if lines.len() > most {
        let rest = lines.split_off(most.max(1) - 1).concat();
        lines.push(cut(&rest, size, room).into_owned());
    }
    lines
}

fn em(c: char) -> f64 {
    let mut buffer = [0; 4];
    match c.encode_utf8(&mut buffer).width_cjk() {
        0 => 0.0,
        1 if c.is_ascii_uppercase() || matches!(c, 'm' | 'w' | '%' | '@') => 0.75,
        1 => HALF,
        _ => 1.0,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just before")]
fn thousandths(units: f64) -> u32 {
    (units.clamp(0.0, 1e6) * 1000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_width_character_is_one_em() {
        assert!((width("医療機器", 14.0) - 56.0).abs() < 0.001);
        assert_eq!(cut("医療機器基本計画", 10.0, 50.0), "医療機器…");
        assert_eq!(wrap("医療機器基本計画の推進", 10.0, 50.0, 2), ["医療機器基", "本計画の…"]);
    }

    proptest! {
        #[test]
        fn nothing_cut_or_wrapped_is_wider_than_its_room(text in "\\PC{0,60}", room in 20.0..300.0_f64) {
            prop_assert!(width(&cut(&text, 13.0, room), 13.0) <= room);
            let lines = wrap(&text, 13.0, room, 3);
            prop_assert!(lines.len() <= 3);
            for line in lines {
                prop_assert!(width(&line, 13.0) <= room + 0.01, "{line}");
            }
        }
    }
}
