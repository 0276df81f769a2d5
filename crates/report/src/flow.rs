//! Filling lines: Japanese text breaks between any two characters except where the line-breaking rules
//! (kinsoku, after JIS X 4051) forbid it, other text at blanks. The unit of width is the caller's: terminal
//! columns or thousandths of a point. Nothing is known here of tables or pages.

/// A filled line: runs of one style each, and the width they take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line<S> {
    pub(crate) runs: Vec<(S, String)>,
    pub(crate) width: u32,
}

/// Breaks runs of text into lines no wider than `width`; a line feed always ends a line. A single character
/// wider than that stands on a line of its own. There is always at least one line.
pub(crate) fn fill<S: Copy + PartialEq>(
    runs: &[(S, String)],
    width: u32,
    measure: &impl Fn(S, &str) -> u32,
) -> Vec<Line<S>> {
    let mut lines = Lines { done: Vec::new(), line: empty(), blank: None, width };
    for word in words(runs) {
        match word {
            Word::Feed => lines.end(),
            Word::Blank(style, text) => lines.blank(style, measure(style, &text), &text),
            Word::Solid(parts) => {
                let parts: Vec<_> = parts.into_iter().map(|(s, text)| (s, measure(s, &text), text)).collect();
                lines.solid(parts, measure);
            }
        }
    }
    lines.end();
    lines.done
}

/// What is never torn apart, a blank where a line may end, or the end of a line.
enum Word<S> {
    Solid(Vec<(S, String)>),
    Blank(S, String),
    Feed,
}

struct Lines<S> {
    done: Vec<Line<S>>,
    line: Line<S>,
    blank: Option<(S, u32, String)>,
    width: u32,
}

impl<S: Copy + PartialEq> Lines<S> {
    fn end(&mut self) {
        self.blank = None;
        self.done.push(std::mem::replace(&mut self.line, empty()));
    }
    /// Blanks are written only when something follows on the same line.
    fn blank(&mut self, style: S, width: u32, text: &str) {
        match &mut self.blank {
            Some((_, total, blanks)) => {
                *total += width;
                blanks.push_str(text);
            }
            None => self.blank = Some((style, width, text.to_owned())),
        }
    }
    fn solid(&mut self, parts: Vec<(S, u32, String)>, measure: &impl Fn(S, &str) -> u32) {
        let total: u32 = parts.iter().map(|(_, width, _)| width).sum();
        let blank = self.blank.as_ref().map_or(0, |(_, width, _)| *width);
        let fits = self.line.width + blank + total <= self.width;
        if !fits && !self.line.runs.is_empty() {
            self.end();
        } else if let Some((style, width, text)) = self.blank.take()
            && (fits || width < self.width)
        {
            self.put(style, width, &text);
        }
        for (style, width, text) in parts {
            if self.line.width + width <= self.width {
                self.put(style, width, &text);
            } else {
                self.torn(style, &text, measure);
            }
        }
    }
    /// A word wider than the line is torn between characters.
    fn torn(&mut self, style: S, text: &str, measure: &impl Fn(S, &str) -> u32) {
        for cluster in clusters(text) {
            let width = measure(style, cluster);
            if self.line.width + width > self.width && !self.line.runs.is_empty() {
                self.end();
            }
            self.put(style, width, cluster);
        }
    }
    fn put(&mut self, style: S, width: u32, text: &str) {
        self.line.width += width;
        match self.line.runs.last_mut() {
            Some((last, run)) if *last == style => run.push_str(text),
            _ => self.line.runs.push((style, text.to_owned())),
        }
    }
}

fn empty<S>() -> Line<S> {
    Line { runs: Vec::new(), width: 0 }
}

fn words<S: Copy + PartialEq>(runs: &[(S, String)]) -> Vec<Word<S>> {
    let mut words: Vec<Word<S>> = Vec::new();
    let mut before: Option<char> = None;
    for (style, text) in runs {
        for cluster in clusters(text) {
            let Some(c) = cluster.chars().next() else { continue };
            if c == '\n' {
                words.push(Word::Feed);
                before = None;
                continue;
            }
            if c == ' ' || c == '\t' || c == '\u{3000}' {
                words.push(Word::Blank(*style, cluster.to_owned()));
                before = None;
                continue;
            }
            match words.last_mut() {
                Some(Word::Solid(parts)) if before.is_some_and(|before| !may_break(before, c)) => {
                    match parts.last_mut() {
                        Some((last, part)) if last == style => part.push_str(cluster),
                        _ => parts.push((*style, cluster.to_owned())),
                    }
                }
                _ => words.push(Word::Solid(vec![(*style, cluster.to_owned())])),
            }
            before = cluster.chars().next_back();
        }
    }
    words
}

/// Characters with the marks that combine with them: accents, variation selectors, joined emoji.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = rest.chars().next()?.len_utf8();
        while let Some(next) = rest[end..].chars().next() {
            let joined = rest[..end].ends_with('\u{200D}');
            if !joined && !combines(next) {
                break;
            }
            end += next.len_utf8();
        }
        let (cluster, tail) = rest.split_at(end);
        rest = tail;
        Some(cluster)
    })
}

fn combines(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{200D}' | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a line may end between two characters that no blank parts.
fn may_break(before: char, after: char) -> bool {
    let wide = is_wide(before) || is_wide(after);
    let figure = (before.is_ascii_digit() || MULTIPLES.contains(before)) && UNITS.contains(after);
    wide && !figure && !NEVER_FIRST.contains(after) && !NEVER_LAST.contains(before)
}

/// A figure is not torn from its unit: 298,082千円, 令和7年度.
const MULTIPLES: &str = "千百万億兆";
const UNITS: &str = "千百万億兆円年月日件人社品目";

/// Closing marks, iteration and long-vowel marks, small kana (JIS X 4051, 行頭禁則文字).
const NEVER_FIRST: &str = "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】°′″℃％%‰,.:;?!)]}…‥〜～\
    ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ｡､｣･ﾞﾟｧｨｩｪｫｬｭｮｯｰ";

/// Opening marks and signs that belong to what follows (行末禁則文字).
const NEVER_LAST: &str = "‘“（〔［｛〈《「『【([{￥＄¥$£#＃№≤≥｢";

/// Characters between which Japanese text breaks.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24FF}' | '\u{25A0}'..='\u{26FF}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{1F000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    fn filled(text: &str, width: u32) -> Vec<String> {
        let measure = |(): (), text: &str| u32::try_from(text.width()).unwrap();
        fill(&[((), text.to_owned())], width, &measure)
            .into_iter()
            .map(|line| line.runs.into_iter().map(|((), text)| text).collect())
            .collect()
    }

    #[test]
    fn a_full_stop_never_begins_a_line() {
        assert_eq!(filled("医療機器の研究。開発", 14), ["医療機器の研", "究。開発"]);
        assert_eq!(filled("センター（大学）", 10), ["センター", "（大学）"]);
        assert_eq!(filled("基準「安全」を", 6), ["基準", "「安", "全」を"]);
    }

    #[test]
    fn figures_and_latin_words_stay_whole() {
        assert_eq!(filled("予算は298,082千円である", 13), ["予算は", "298,082千円で", "ある"]);
        assert_eq!(filled("a device network", 10), ["a device", "network"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_torn() {
        assert_eq!(filled("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(filled("https://example.org/x", 8), ["https://", "example.", "org/x"]);
    }

    #[test]
    fn line_feeds_are_kept() {
        assert_eq!(filled("一\n\n二", 10), ["一", "", "二"]);
        assert_eq!(filled("", 10), [""]);
    }

    proptest! {
        #[test]
        fn nothing_but_blanks_is_lost_and_no_line_is_too_wide(text in "[ぁ-んァ-ヶ一-龠a-z0-9、。（）「」 \n]{0,80}", width in 2_u32..30) {
            let lines = filled(&text, width);
            for line in &lines {
                prop_assert!(line.width() <= width as usize, "{line:?}");
            }
            let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(solid(&lines.concat()), solid(&text));
        }
    }
}
