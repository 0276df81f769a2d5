//! Text in two languages, and the normalisation by which text is compared and searched.
//! Raw text is always kept; what these functions return is only for comparing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The language a person is answered in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Japanese.
    #[default]
    Ja,
    /// English.
    En,
}

impl Lang {
    /// The one of two texts that is in this language.
    pub fn pick<'a>(self, ja: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

/// A name in Japanese and English. The Japanese is the official one unless the record says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Japanese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ja: String,
    /// English; empty where nobody has translated it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
}

impl Names {
    /// A name in both languages.
    pub fn of(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Names { ja: ja.into(), en: en.into() }
    }
    /// The name in `lang`, or in the other language where it is missing.
    pub fn get(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Ja => (&self.ja, &self.en),
            Lang::En => (&self.en, &self.ja),
        };
        if first.is_empty() { second } else { first }
    }
}

/// NFKC: full-width digits and brackets, half-width kana and compatibility characters become one form.
pub fn fold_width(text: &str) -> Cow<'_, str> {
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfkc().collect()),
    }
}

/// The form in which two names are the same name: NFKC, no blanks, one dash, one tilde, one middle dot,
/// 第二期 = 第2期, no bracket around the whole.
///
/// Documents justify lines by inserting blanks and break words at line ends, so blanks never distinguish.
pub fn name_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.nfkc() {
        match c {
            c if c.is_whitespace() || is_private(c) => {}
            '‐' | '‑' | '–' | '—' | '―' | '−' | '-' => key.push('-'),
            '〜' | '～' | '~' => key.push('~'),
            '･' | '・' => key.push('・'),
            c => key.extend(c.to_lowercase()),
        }
    }
    for (kanji, digit) in [("第一期", "第1期"), ("第二期", "第2期"), ("第三期", "第3期")] {
        if key.contains(kanji) {
            key = key.replace(kanji, digit);
        }
    }
    key
}

/// The form in which text is searched: [`name_key`] with katakana folded to hiragana and long-vowel
/// marks dropped, so that データ, ﾃﾞｰﾀ and でた find each other.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in fold_width(text).chars() {
        match c {
            'ー' => {}
            c if c.is_whitespace() || is_private(c) => {}
            'ァ'..='ヶ' => key.extend(char::from_u32(c as u32 - 0x60)),
            // Kana and kanji, most of what is searched, have no case.
            '\u{2E80}'..='\u{9FFF}' => key.push(c),
            c => key.extend(c.to_lowercase()),
        }
    }
    key
}

/// Bullets drawn with private-use characters, as PDF text layers of ministries' slides carry them.
fn is_private(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_key() {
        let key = name_key("医療機器開発推進研究事業(第2期)");
        for spelling in [
            "医療機器開発推進研究事業（第２期）",
            "医療機器開発推進 研究事業（第二期）",
            "\u{F06C}医療機器開発推進研究事業\n(第2期)",
        ] {
            assert_eq!(name_key(spelling), key, "{spelling}");
        }
    }

    #[test]
    fn near_identical_names_keep_different_keys() {
        assert_ne!(
            name_key("予防・健康づくりの社会実装加速化事業"),
            name_key("予防・健康づくりの社会実装に向けた研究開発基盤整備事業")
        );
    }

    #[test]
    fn search_ignores_width_kana_and_case() {
        assert_eq!(search_key("データ"), search_key("ﾃﾞｰﾀ"));
        assert_eq!(search_key("ＡＭＥＤ"), search_key("amed"));
        assert_eq!(search_key("スタートアップ"), search_key("すたーとあっぷ"));
    }

    #[test]
    fn a_missing_translation_falls_back() {
        assert_eq!(Names::of("計画", "").get(Lang::En), "計画");
    }
}
