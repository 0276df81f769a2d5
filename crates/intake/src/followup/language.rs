//! What the text itself says about joins: a model of character pairs and triples learned from the pieces of the same
//! document, and which characters can begin a sentence. No dictionary is needed.

use std::collections::HashMap;

/// Counts of neighbouring characters inside the document.
#[derive(Debug, Default)]
pub(super) struct Language {
    pairs: HashMap<(char, char), u32>,
    triples: HashMap<(char, char, char), u32>,
}

impl Language {
    /// Learns from runs of text that are certainly unbroken.
    pub(super) fn learn<'a>(runs: impl Iterator<Item = &'a str>) -> Self {
        let mut language = Language::default();
        for run in runs {
            let chars: Vec<char> = run.chars().collect();
            for pair in chars.windows(2) {
                *language.pairs.entry((pair[0], pair[1])).or_default() += 1;
            }
            for triple in chars.windows(3) {
                *language.triples.entry((triple[0], triple[1], triple[2])).or_default() += 1;
            }
        }
        language
    }

    /// How well `next` continues `before`: about -2 (never seen, unlikely scripts) to +4 (a known word goes on).
    pub(super) fn join(&self, before: &str, next: &str) -> f32 {
        let mut ends = before.chars().rev();
        let (Some(last), second_last) = (ends.next(), ends.next()) else { return 0.0 };
        let mut begins = next.chars();
        let (Some(first), second) = (begins.next(), begins.next()) else { return 0.0 };
        let seen = |count: Option<&u32>| {
            count.map_or(0.0, |count| (1.0 + f32::from(u16::try_from(*count).unwrap_or(u16::MAX))).ln())
        };
        let pair = seen(self.pairs.get(&(last, first)));
        let left = second_last.map_or(0.0, |c| seen(self.triples.get(&(c, last, first))));
        let right = second.map_or(0.0, |c| seen(self.triples.get(&(last, first, c))));
        (0.5 * pair + left + right).min(4.0) + script(last, first)
    }
}

/// How willingly a script follows another inside a text.
fn script(last: char, first: char) -> f32 {
    use Script::{Hiragana, Kanji, Katakana, Latin};
    match (Script::of(last), Script::of(first)) {
        (Katakana, Katakana) | (Latin, Latin) => 1.0,
        (Kanji, Hiragana | Kanji) => 0.5,
        (Katakana, Latin) | (Latin, Katakana) => -0.5,
        _ => 0.0,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Kanji,
    Hiragana,
    Katakana,
    Latin,
    Other,
}

impl Script {
    fn of(c: char) -> Script {
        match c {
            'ぁ'..='ゖ' => Script::Hiragana,
            'ァ'..='ヺ' | 'ー' => Script::Katakana,
            '一'..='鿿' | '々' => Script::Kanji,
            c if c.is_ascii_alphanumeric() => Script::Latin,
            _ => Script::Other,
        }
    }
}

/// Whether a text begins with a word that adds to what was said before: it may open a paragraph, hardly a cell.
pub(super) fn adds_to_before(text: &str) -> bool {
    ["また、", "さらに、", "なお、", "加えて、", "一方、", "その後", "そのほか", "このほか"]
        .iter()
        .any(|word| text.starts_with(word))
}

/// How badly a text is suited to begin a cell or a sentence: 0 (well) to 3 (it cannot).
pub(super) fn awkward_start(text: &str) -> f32 {
    const STARTERS: [&str; 22] = [
        "また", "さら", "これ", "その", "それ", "この", "あわ", "なお", "いず", "すべ", "がん", "はじ",
        "ここ", "もの", "ヒト", "より", "そし", "かつ", "ほか", "うち", "まず", "とも",
    ];
    if STARTERS.iter().any(|starter| text.starts_with(starter)) {
        return 0.0;
    }
    match text.chars().next() {
        Some(
            '、' | '。' | ')' | '）' | '」' | '』' | '】' | ']' | '］' | 'ー' | 'っ' | 'ゃ' | 'ゅ' | 'ょ'
            | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'を' | 'ん' | 'ン' | '々' | ':'
            | '：',
        ) => 3.0,
        Some(
            'て' | 'た' | 'れ' | 'る' | 'り' | 'の' | 'に' | 'へ' | 'が' | 'は' | 'で' | 'も' | 'と' | 'な'
            | 'や' | 'け' | 'め' | 'げ' | 'ず' | 'し' | 'ま',
        ) => 2.0,
        Some('ぁ'..='ゖ') => 1.0,
        Some(_) | None => 0.0,
    }
}
