//! What a run of characters becomes on a terminal: its width, its style, and its harmless form.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Terminal;
use crate::plain::Tone;

/// How characters are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    ansi: bool,
    wide_signs: bool,
}

impl Ink {
    pub(super) fn of(terminal: &Terminal) -> Self {
        Ink { ansi: terminal.ansi, wide_signs: terminal.wide_signs }
    }
    /// The columns a text takes.
    pub(super) fn measure(self, text: &str) -> usize {
        if self.wide_signs { text.width_cjk() } else { text.width() }
    }
    /// Text in its style. Colour only repeats what a sign or a word already says.
    pub(super) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            _ if !self.ansi || text.trim().is_empty() => return text.to_owned(),
            Tone::Plain => return text.to_owned(),
            Tone::Strong => "1",
            Tone::Quiet => "2",
            Tone::Belief => "36",
            Tone::Inserted => "4;32",
            Tone::Deleted => "9;31",
            Tone::Missing => "2;3",
            Tone::Bound => "3",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// Columns in the unit of [`crate::flow`].
pub(super) fn columns(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The text without what would steer the terminal or reorder what is read: control characters and
/// bidirectional overrides become a replacement sign. Line feeds stay, tabs become blanks.
pub(super) fn harmless(text: &str) -> String {
    let replaced = text.replace("\r\n", "\n");
    let kept = replaced.chars().map(|c| match c {
        '\n' => '\n',
        '\t' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        c if c.is_control() || (c.width().is_none()) => '\u{FFFD}',
        c => c,
    });
    kept.collect()
}
