//! The characters of a text in one width, each with its place in the raw text, and what can be recognised
//! among them without knowing what the text is about: brackets, amounts, fiscal years.

use std::ops::Range;

use base::{FiscalYear, Unit, Yen};
use unicode_normalization::UnicodeNormalization;

/// A text folded to one width, character by character, so that places in it lead back to the raw text.
pub(super) struct Text {
    pub(super) chars: Vec<char>,
    raw_at: Vec<usize>,
    /// For each character, the innermost bracket that is open there.
    enclosing: Vec<Option<usize>>,
    /// For each opening or closing bracket, its partner.
    partner: Vec<Option<usize>>,
}

impl Text {
    pub(super) fn fold(raw: &str) -> Self {
        let mut chars = Vec::with_capacity(raw.len() / 3 + 8);
        let mut raw_at = Vec::with_capacity(chars.capacity() + 1);
        for (at, c) in raw.char_indices() {
            for folded in std::iter::once(c).nfkc() {
                chars.push(folded);
                raw_at.push(at);
            }
        }
        raw_at.push(raw.len());
        let (enclosing, partner) = brackets(&chars);
        Text { chars, raw_at, enclosing, partner }
    }

    pub(super) fn raw(&self, range: &Range<usize>) -> Range<usize> {
        self.raw_at[range.start]..self.raw_at[range.end]
    }
    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.chars[range].iter().collect()
    }
    pub(super) fn enclosing(&self, at: usize) -> Option<usize> {
        self.enclosing.get(at).copied().flatten()
    }
    pub(super) fn partner(&self, at: usize) -> Option<usize> {
        self.partner.get(at).copied().flatten()
    }
    pub(super) fn starts_with(&self, at: usize, word: &str) -> bool {
        let mut rest = self.chars.get(at..).unwrap_or_default().iter();
        word.chars().all(|c| rest.next() == Some(&c))
    }
    pub(super) fn skip_blanks(&self, mut at: usize) -> usize {
        while self.chars.get(at).is_some_and(|c| c.is_whitespace()) {
            at += 1;
        }
        at
    }
}

fn brackets(chars: &[char]) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let mut enclosing = vec![None; chars.len()];
    let mut partner = vec![None; chars.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        if matches!(c, ')' | ']') && open.last().is_some_and(|&start| chars[start] == opening(*c)) {
            let start = open.pop().unwrap_or(at);
            partner[start] = Some(at);
            partner[at] = Some(start);
        }
        enclosing[at] = open.last().copied();
        match c {
            '(' | '[' => open.push(at),
            // A bracket left open by a lost line end does not swallow the next sentence.
            '。' => open.retain(|&start| at - start < LONGEST_BRACKET),
            _ => {}
        }
    }
    (enclosing, partner)
}

/// Characters after which an unclosed bracket is taken for a slip of the print at the next full stop.
const LONGEST_BRACKET: usize = 200;

fn opening(close: char) -> char {
    if close == ')' { '(' } else { '[' }
}

/// An amount of yen and its place.
pub(super) struct Found<T> {
    pub(super) range: Range<usize>,
    pub(super) value: T,
}

/// Every amount with a unit of yen, in order: 13億円, 9百万円, 298,082千円, 41億7,500万円.
pub(super) fn amounts(text: &Text) -> Vec<Found<Yen>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.chars.len() {
        if !text.chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        match amount_at(text, at) {
            Some((yen, end)) => {
                found.push(Found { range: at..end, value: yen });
                at = end;
            }
            None => at = number_end(text, at),
        }
    }
    found
}

fn number_end(text: &Text, start: usize) -> usize {
    let inner = |at: usize| text.chars.get(at).is_some_and(char::is_ascii_digit);
    let mut at = start;
    while inner(at) || (matches!(text.chars.get(at), Some(',' | '.')) && inner(at + 1)) {
        at += 1;
    }
    at
}

const SCALES: [(&str, Unit); 5] = [
    ("百万", Unit::Million),
    ("千", Unit::Thousand),
    ("万", Unit::TenThousand),
    ("億", Unit::HundredMillion),
    ("兆", Unit::Trillion),
];

fn amount_at(text: &Text, start: usize) -> Option<(Yen, usize)> {
    let mut parts: Vec<(String, Unit)> = Vec::new();
    let mut at = start;
    loop {
        let end = number_end(text, at);
        let number = text.text(at..end);
        at = text.skip_blanks(end);
        let scale = SCALES.iter().find(|(word, _)| text.starts_with(at, word));
        at += scale.map_or(0, |(word, _)| word.chars().count());
        parts.push((number, scale.map_or(Unit::Yen, |(_, unit)| *unit)));
        match text.chars.get(at) {
            Some('円') => break,
            Some(c) if c.is_ascii_digit() && scale.is_some() && parts.len() < SCALES.len() => {}
            _ => return None,
        }
    }
    Some((joined(&parts)?, at + 1))
}

/// 41億7,500万円 is one amount printed in two units: its last unit says how fine it is.
fn joined(parts: &[(String, Unit)]) -> Option<Yen> {
    let (number, last) = parts.last()?;
    if parts.len() == 1 {
        return format!("{number}{}", last.name()).parse().ok();
    }
    let descending = parts.windows(2).all(|pair| pair[0].1.yen() > pair[1].1.yen());
    let mut total = 0_i64;
    for (number, unit) in parts {
        let number: i64 = number.replace(',', "").parse().ok()?;
        total = total.checked_add(number.checked_mul(unit.yen())?)?;
    }
    descending.then(|| Yen::whole(total / last.yen(), *last)).flatten()
}

/// Every fiscal year within a range: 令和6年度, R6年度, 2024年度, 令和元年度; and R6 alone before a budget word.
pub(super) fn years(text: &Text, range: Range<usize>) -> Vec<Found<FiscalYear>> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        match year_at(text, at, range.end) {
            Some((year, end)) => {
                found.push(Found { range: at..end, value: year });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn year_at(text: &Text, start: usize, limit: usize) -> Option<(FiscalYear, usize)> {
    let chars = &text.chars;
    let era = ["令和", "平成", "昭和", "R", "H"].into_iter().find(|era| text.starts_with(start, era));
    let era_length = era.map_or(0, |era| era.chars().count());
    let latin = era_length == 1;
    let joined_before = |test: fn(&char) -> bool| start > 0 && test(&chars[start - 1]);
    if (latin && joined_before(char::is_ascii_alphanumeric))
        || (era.is_none() && joined_before(char::is_ascii_digit))
    {
        return None;
    }
    let number = text.skip_blanks(start + era_length);
    let mut end = number;
    while end < limit
        && (chars[end].is_ascii_digit() || (end == number && chars[end] == '元' && era.is_some()))
    {
        end += 1;
    }
    if end == number || (era.is_none() && end - number != 4) {
        return None;
    }
    let digits = text.text(number..end);
    let after = text.skip_blanks(end);
    let spelled = text.starts_with(after, "年度");
    let short = latin && ["予算", "補正", "当初", "概算"].iter().any(|word| text.starts_with(after, word));
    if !spelled && !short {
        return None;
    }
    let year = format!("{}{digits}", era.unwrap_or_default()).parse().ok()?;
    Some((year, if spelled { after + 2 } else { end }))
}
