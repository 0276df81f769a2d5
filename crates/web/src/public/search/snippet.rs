//! What was found of a text: where the words stand, in whatever width and kana they are written, and the text around them.
//! Pure.

use std::ops::Range;

use base::spelling::Spelling;
use base::text::search_key;

/// Longer texts are looked through so far, in characters.
const LONGEST: usize = 20_000;

/// A piece of text, marked where it is what was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) marked: bool,
}

/// The words a text holds, each once.
pub(super) fn words_in(text: &str, words: &[Vec<Spelling>]) -> usize {
    let folded = Folded::of(text);
    words.iter().filter(|word| word.iter().any(|spelling| spelling.find_in(&folded.text).is_some())).count()
}

/// The text around the first word found, at most `room` characters on either side, with everything found in it marked; none
/// where no word is found.
pub(super) fn around(text: &str, words: &[Vec<Spelling>], room: usize) -> Option<Vec<Piece>> {
    let found = found(text, words);
    let first = found.first()?.clone();
    let start = text[..first.start].char_indices().rev().nth(room.saturating_sub(1)).map_or(0, |(at, _)| at);
    let end = text[first.end..].char_indices().nth(room).map_or(text.len(), |(at, _)| first.end + at);
    let mut pieces = Vec::new();
    let mut put = |text: &str, marked: bool| {
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), marked });
        }
    };
    if start > 0 {
        put("…", false);
    }
    let mut at = start;
    for range in found.into_iter().take_while(|range| range.end <= end) {
        put(&text[at..range.start], false);
        put(&text[range.clone()], true);
        at = range.end;
    }
    put(&text[at..end], false);
    if end < text.len() {
        put("…", false);
    }
    Some(pieces)
}

/// Where words stand in a text, in order, one range where they touch.
fn found(text: &str, words: &[Vec<Spelling>]) -> Vec<Range<usize>> {
    let folded = Folded::of(text);
    let mut ranges: Vec<Range<usize>> = words
        .iter()
        .flatten()
        .flat_map(|spelling| spelling.all_in(&folded.text))
        .filter_map(|range| folded.in_text(&range))
        .collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// A text in the form in which it is searched, with the place in the text that each byte comes from.
struct Folded {
    text: String,
    from: Vec<Range<usize>>,
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Folded { text: String::new(), from: Vec::new() };
        let mut chars = text.char_indices().take(LONGEST).peekable();
        while let Some((start, c)) = chars.next() {
            let mut end = start + c.len_utf8();
            while let Some((at, mark)) = chars.next_if(|(_, c)| joins(*c)) {
                end = at + mark.len_utf8();
            }
            let key = search_key(&text[start..end]);
            folded.from.extend(std::iter::repeat_n(start..end, key.len()));
            folded.text.push_str(&key);
        }
        folded
    }

    fn in_text(&self, range: &Range<usize>) -> Option<Range<usize>> {
        Some(self.from.get(range.start)?.start..self.from.get(range.end.checked_sub(1)?)?.end)
    }
}

/// Marks that make one character with the one before: accents, and the voice marks of half-width kana.
fn joins(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{3099}' | '\u{309A}' | '\u{FF9E}' | '\u{FF9F}')
}

#[cfg(test)]
mod tests {
    use base::spelling::spellings;

    use super::*;

    fn marked(text: &str, query: &str) -> String {
        let pieces = around(text, &spellings(query), 8).unwrap_or_default();
        pieces
            .iter()
            .map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect()
    }

    #[test]
    fn what_was_found_is_marked_as_it_is_written() {
        assert_eq!(marked("医療機器のﾃﾞｰﾀを使う", "データ"), "医療機器の[ﾃﾞｰﾀ]を使う");
        assert_eq!(marked("（ＡＭＥＤ）", "amed"), "（[ＡＭＥＤ]）");
        assert_eq!(marked("令和６年度の予算", "FY2024 予算"), "[令和６年度]の[予算]");
    }

    #[test]
    fn a_long_text_is_cut_around_what_was_found() {
        assert_eq!(
            marked("一二三四五六七八九十機器一二三四五六七八九十", "機器"),
            "…三四五六七八九十[機器]一二三四五六七八…"
        );
    }

    #[test]
    fn marks_that_touch_are_one() {
        assert_eq!(marked("医療機器", "医療 療機"), "[医療機]器");
        assert_eq!(around("何もない", &spellings("医療"), 8), None);
    }
}
