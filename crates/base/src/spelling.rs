//! What a search looks for: the words of a query, each with the spellings that mean the same. Today these are years: 令和6年度,
//! R6, 2024年度 and FY2024 find each other. Width, case, kana and long vowels are [`search_key`]'s business.

use std::ops::Range;

use crate::text::{fold_width, search_key};
use crate::year::Era;

/// A spelling in the form of [`search_key`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spelling {
    /// What is looked for.
    pub text: String,
    /// It must not be a part of a longer number, date or year: R6 is not in R60, 令和6年 is not in 令和6年度.
    pub alone: bool,
}

/// The words of a query. Of every word at least one spelling must be found. Words that fold to nothing ask for nothing.
pub fn spellings(query: &str) -> Vec<Vec<Spelling>> {
    let joined = joined(&fold_width(query));
    let mut words = Vec::new();
    for word in joined.split_whitespace() {
        let mut rest = word;
        while let Some((before, year, after)) = first_year(rest) {
            words.extend(literal(before));
            words.push(year.spellings());
            rest = after;
        }
        words.extend(literal(rest));
    }
    words.dedup();
    words
}

impl Spelling {
    /// Where it stands in a text that is in the form of [`search_key`].
    pub fn all_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let found = text.match_indices(&self.text).map(|(start, found)| start..start + found.len());
        found.filter(move |range| !self.alone || stands_alone(text, range))
    }

    /// Where it stands first.
    pub fn find_in(&self, text: &str) -> Option<Range<usize>> {
        self.all_in(text).next()
    }
}

fn literal(word: &str) -> Option<Vec<Spelling>> {
    let text: String = search_key(word).chars().filter(|c| *c != '\0').collect();
    (!text.is_empty()).then(|| vec![Spelling { text, alone: false }])
}

/// Blanks inside a year do not part it: `令和 6 年度`, `FY 2024`.
fn joined(query: &str) -> String {
    let mut out = String::with_capacity(query.len());
    let mut parts = query.split_whitespace().peekable();
    while let Some(part) = parts.next() {
        out.push_str(part);
        let next = parts.peek().copied().unwrap_or_default();
        let opens =
            part.eq_ignore_ascii_case("fy") || Era::strip(part).is_some_and(|(_, rest)| rest.is_empty());
        let a_number = next.starts_with(|c: char| c.is_ascii_digit() || c == '元');
        let a_unit = part.ends_with(|c: char| c.is_ascii_digit()) && next.starts_with('年');
        if !(opens && a_number || a_unit) {
            out.push(' ');
        }
    }
    out
}

/// What a year was said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Fiscal,
    Calendar,
    Either,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SaidYear {
    western: i32,
    kind: Kind,
}

impl SaidYear {
    fn spellings(self) -> Vec<Spelling> {
        let mut bare = vec![self.western.to_string()];
        for (era, n) in Era::years_of(self.western) {
            let initial = era.initial().to_ascii_lowercase();
            let first = (n == 1).then(|| "元".to_owned());
            for n in first.into_iter().chain([n.to_string()]) {
                bare.extend([format!("{}{n}", era.kanji()), format!("{initial}{n}")]);
            }
        }
        let mut texts = Vec::new();
        if self.kind != Kind::Calendar {
            texts.push(format!("fy{}", self.western));
            texts.extend(bare.iter().map(|year| format!("{year}年度")));
        }
        if self.kind != Kind::Fiscal {
            texts.extend(bare.iter().map(|year| format!("{year}年")));
        }
        texts.extend(bare);
        texts.into_iter().map(|text| Spelling { text, alone: true }).collect()
    }
}

/// The first year in a word, with what stands before and after it.
fn first_year(word: &str) -> Option<(&str, SaidYear, &str)> {
    word.char_indices().find_map(|(at, _)| {
        let (before, here) = word.split_at(at);
        let (year, after) = year_at(before, here)?;
        Some((before, year, after))
    })
}

/// A year at the beginning of a text, and what follows it.
fn year_at<'a>(before: &str, here: &'a str) -> Option<(SaidYear, &'a str)> {
    let after_word =
        before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '/');
    let fiscal = here.get(..2).filter(|start| start.eq_ignore_ascii_case("fy") && !after_word);
    if fiscal.is_some() {
        let (western, rest) = western(&here[2..])?;
        let rest = rest.strip_prefix("年度").unwrap_or(rest);
        return ends(rest).then_some((SaidYear { western, kind: Kind::Fiscal }, rest));
    }
    let upper = here.get(..1).map(str::to_ascii_uppercase);
    let era = match Era::strip(here) {
        Some((era, rest)) if here.starts_with(era.kanji()) => Some((era, rest)),
        _ if after_word => None,
        _ => upper
            .and_then(|initial| Some((Era::strip(&initial)?.0, &here[1..])))
            .filter(|(era, _)| *era >= Era::Showa),
    };
    let (western, rest) = match era {
        Some((era, rest)) => {
            let (n, rest) = number(rest, 2)?;
            (era.western(n).filter(|year| Era::years_of(*year).any(|(of, _)| of == era))?, rest)
        }
        None if !after_word => western(here)?,
        None => return None,
    };
    let (kind, rest) = match (rest.strip_prefix("年度"), rest.strip_prefix('年')) {
        (Some(rest), _) => (Kind::Fiscal, rest),
        (None, Some(rest)) => (Kind::Calendar, rest),
        (None, None) => (Kind::Either, rest),
    };
    // 令和6年2月7日, R6.1.16 and 2024-05-16 are days, which are searched as they are written.
    let a_day = kind == Kind::Calendar && rest.starts_with(|c: char| c.is_ascii_digit());
    (ends(rest) && !a_day).then_some((SaidYear { western, kind }, rest))
}

fn western(text: &str) -> Option<(i32, &str)> {
    number(text, 4).filter(|(year, _)| (1868..=2200).contains(year))
}

/// A number of at most `digits` digits, of exactly four where four are asked for; 元 is one.
fn number(text: &str, digits: usize) -> Option<(i32, &str)> {
    if let Some(rest) = text.strip_prefix('元').filter(|_| digits == 2) {
        return Some((1, rest));
    }
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let fits = if digits == 4 { length == 4 } else { (1..=digits).contains(&length) };
    fits.then(|| Some((text[..length].parse().ok()?, &text[length..])))?
}

/// Whether a year may end before a text.
fn ends(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some('.' | '-' | '/') => !chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_ascii_alphanumeric(),
        None => true,
    }
}

fn stands_alone(text: &str, found: &Range<usize>) -> bool {
    let (word, before) = (&text[found.clone()], text[..found.start].chars().next_back());
    let mut after = text[found.end..].chars();
    let (next, second) = (after.next(), after.next());
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    // Folded text has no blanks: a western year may follow an English word directly.
    let begins = match word.chars().next() {
        Some(first) if first.is_ascii_digit() => !digit(before) && !matches!(before, Some('-' | '.')),
        Some('f') => true,
        Some(first) if first.is_ascii() => !before.is_some_and(|c| c.is_ascii_alphanumeric()),
        _ => true,
    };
    let ends = match word.chars().next_back() {
        Some('年') => next != Some('度'),
        Some(last) if last.is_ascii_digit() || last == '元' => {
            let joined = matches!(next, Some('.' | '-' | '/' | ',')) && digit(second);
            !digit(next) && next != Some('年') && !joined
        }
        _ => true,
    };
    begins && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(query: &str, text: &str) -> bool {
        let text = search_key(text);
        let words = spellings(query);
        !words.is_empty()
            && words.iter().all(|word| word.iter().any(|spelling| spelling.find_in(&text).is_some()))
    }

    #[test]
    fn any_spelling_of_a_fiscal_year_finds_any_other() {
        let all = [
            "令和6年度",
            "令和６年度",
            "令和 6 年度",
            "R6",
            "Ｒ６年度",
            "r6年度",
            "2024年度",
            "FY2024",
            "FY 2024",
            "2024",
        ];
        for (query, text) in all.iter().flat_map(|query| all.iter().map(move |text| (query, text))) {
            assert!(finds(query, &format!("予算（{text}）")), "{query} finds {text}");
        }
    }

    #[test]
    fn the_year_in_which_the_era_changed_has_two_names() {
        for query in ["平成31", "平成31年度", "令和元年度", "令和1年度", "H31", "2019年度", "FY2019"]
        {
            for text in ["平成 31 年度の取組", "令和元年度", "H31年度", "FY2019"] {
                assert!(finds(query, text), "{query} finds {text}");
            }
        }
        assert!(finds("昭和64年", "平成元年") && finds("1989年", "昭和64年"));
    }

    #[test]
    fn a_calendar_year_is_not_a_fiscal_year() {
        assert!(
            !finds("令和6年", "令和6年度") && !finds("2024年度", "2024年") && !finds("R6年度", "令和6年")
        );
        assert!(finds("2040年", "2040年時点") && finds("2024", "令和6年時点") && finds("2024", "2024年度"));
    }

    #[test]
    fn another_year_a_day_or_a_longer_number_is_not_found() {
        for text in ["R60", "令和60年度", "令和16年度", "HR6", "R6.1.16", "120244", "2024-05-16", "R7"]
        {
            assert!(!finds("R6", text), "{text}");
        }
        assert!(finds("R6.1.16", "R6.1.16") && !finds("R6.1.16", "令和6年度"));
    }

    #[test]
    fn a_year_inside_a_word_is_looked_for_with_the_rest_of_the_word() {
        assert!(finds("令和6年度補正予算", "2024年度の補正予算"));
        assert!(!finds("令和6年度補正予算", "2024年度の当初予算"));
        assert_eq!(spellings("令和6~8年度").len(), 2);
    }

    #[test]
    fn other_words_are_found_inside_words_and_in_any_width_and_kana() {
        assert!(finds("ﾌﾟﾛｸﾞﾗﾑ 機器", "医療機器プログラム"));
        assert!(finds("サーバー", "ｻｰﾊﾞ") && finds("ＡＭＥＤ", "(amed)"));
        assert_eq!(
            spellings("rs-2024 H264 B12 iso13485"),
            ["rs-2024", "h264", "b12", "iso13485"]
                .map(|text| vec![Spelling { text: text.into(), alone: false }])
        );
    }

    #[test]
    fn what_folds_to_nothing_asks_for_nothing() {
        assert_eq!(spellings(" ー \u{3000}"), Vec::<Vec<Spelling>>::new());
    }
}
