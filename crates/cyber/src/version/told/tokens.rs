//! A text in tokens: versions, words, signs, dates. Full-width characters become half-width ones, and every token knows its bytes in
//! the text as it was.

use std::ops::Range;

use unicode_normalization::char::{compose, decompose_compatible};

use super::glued;
use super::words::{JAPANESE, Word, english, is_month};

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
    pub(super) at: Range<usize>,
    /// Whether a blank stands before it.
    pub(super) apart: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Letters and digits with a digit among them.
    Version,
    /// A word of the grammar.
    Word(Word),
    /// A word that is not.
    Unknown,
    /// `<`, `<=`, `>`, `>=`, `=`, `!=`.
    Sign(Sign),
    /// `*`.
    Star,
    /// `~`, or a dash between blanks.
    Dash,
    /// `,` 「、」 `/` 「・」.
    Comma,
    /// `|`
    Bar,
    /// `;`, an end of line: what stands behind it is meant by itself.
    Stop,
    /// `+` behind a version.
    Plus,
    /// An opening parenthesis.
    Open,
    /// A closing one.
    Close,
    /// A day, month or year of the calendar.
    Date,
    /// Anything else.
    Other,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sign {
    Below,
    AtMost,
    Above,
    AtLeast,
    Equal,
    Unequal,
}

/// The tokens of a text.
pub(super) fn of(text: &str) -> Vec<Token> {
    let mut reading = Reading { letters: letters(text), at: 0, tokens: Vec::new(), apart: true };
    while reading.step() {}
    dates(reading.tokens)
}

/// The bytes from the first to the last of some tokens.
pub(super) fn span(tokens: &[Token]) -> Range<usize> {
    tokens.first().map_or(0, |one| one.at.start)..tokens.last().map_or(0, |one| one.at.end)
}

/// A character in its normal form and its bytes in the text.
struct Letter {
    is: char,
    at: Range<usize>,
}

/// NFKC, character by character, so that each keeps its place.
fn letters(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
    for (start, one) in text.char_indices() {
        let at = start..start + one.len_utf8();
        decompose_compatible(one, |part| {
            let composed = letters.last().and_then(|last| compose(last.is, part));
            match (letters.last_mut(), composed) {
                (Some(last), Some(composed)) => {
                    last.is = composed;
                    last.at.end = at.end;
                }
                _ => letters.push(Letter { is: part, at: at.clone() }),
            }
        });
    }
    letters
}

struct Reading {
    letters: Vec<Letter>,
    at: usize,
    tokens: Vec<Token>,
    apart: bool,
}

impl Reading {
    /// Reads one token or blank; false at the end.
    fn step(&mut self) -> bool {
        let Some(letter) = self.peek(0) else { return false };
        let next = self.peek(1);
        match letter {
            '|' => self.push(Kind::Bar, 1),
            '\n' | ';' => self.push(Kind::Stop, 1),
            _ if letter.is_whitespace() => self.blank(),
            _ if letter.is_ascii_alphanumeric() => self.run(),
            '<' | '>' | '=' | '!' | '≤' | '≥' | '≦' | '≧' | '≠' => self.sign(letter, next),
            '*' => self.push(Kind::Star, 1),
            '~' | '\u{301c}' | '–' | '—' | '―' | '→' => self.push(Kind::Dash, 1),
            '-' if self.apart && next.is_none_or(char::is_whitespace) => self.push(Kind::Dash, 1),
            ',' | '、' | '/' | '・' | '&' => self.push(Kind::Comma, 1),
            '(' | '[' | '【' | '〔' => self.push(Kind::Open, 1),
            ')' | ']' | '】' | '〕' => self.push(Kind::Close, 1),
            '+' => self.push(Kind::Plus, 1),
            ':' if self.is_behind_noun() => self.blank(),
            '"' | '“' | '「' | '『' if self.unquote(letter) => self.blank(),
            _ if is_japanese(letter) => self.japanese(),
            _ => self.push(Kind::Other, 1),
        }
        true
    }

    /// Letters, digits, and the signs inside a version; a word where no digit is among them.
    fn run(&mut self) {
        let mut length = 0;
        while let Some(letter) = self.peek(length) {
            let next = self.peek(length + 1);
            let inside = match letter {
                '.' => next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '*'),
                // `Firmware__20.011`
                '_' if next == Some('_') => self.letters[self.at + length..]
                    .iter()
                    .find(|one| one.is != '_')
                    .is_some_and(|one| one.is.is_ascii_alphanumeric()),
                '-' | '_' | '+' | '\'' => next.is_some_and(|next| next.is_ascii_alphanumeric()),
                '*' => length > 0 && self.peek(length - 1) == Some('.'),
                // `12.2(33)SXI4`
                '(' => next.is_some_and(|next| next.is_ascii_digit()) && self.closes(length + 1),
                ')' => (0..length).any(|before| self.peek(before) == Some('(')),
                '/' => self.is_slashed_word(length),
                _ => letter.is_ascii_alphanumeric(),
            };
            if !inside {
                break;
            }
            length += 1;
        }
        let text: String = self.letters[self.at..self.at + length].iter().map(|one| one.is).collect();
        let first = glued::first(&text);
        let blank = text[first..].len() - text[first..].trim_start_matches(['_', '-']).len();
        let text = &text[..first];
        match split_prefix(text) {
            0 => {
                self.push(kind_of_run(text), first);
                self.at += blank;
                self.apart = blank > 0;
            }
            prefix => {
                let word = text[..prefix].trim_end_matches('.').len();
                self.push(kind_of_run(&text[..word]), word);
                self.at += prefix - word;
            }
        }
        // The point of an abbreviation.
        if self.peek(0) == Some('.') && self.tokens.last().is_some_and(|last| last.kind != Kind::Version) {
            self.at += 1;
        }
    }

    /// A parenthesis with letters and digits only, closed at once.
    fn closes(&self, from: usize) -> bool {
        (from..from + 8).find_map(|at| match self.peek(at) {
            Some(')') => Some(true),
            Some(letter) if letter.is_ascii_alphanumeric() => None,
            _ => Some(false),
        }) == Some(true)
    }

    /// `n/a` and `s/n`, of which the stroke is part.
    fn is_slashed_word(&self, at: usize) -> bool {
        let pair = (
            self.peek(0).map(|one| one.to_ascii_lowercase()),
            self.peek(2).map(|one| one.to_ascii_lowercase()),
        );
        at == 1
            && matches!(pair, (Some('n'), Some('a')) | (Some('s'), Some('n')))
            && self.peek(3).is_none_or(|next| !next.is_ascii_alphanumeric())
    }

    fn blank(&mut self) {
        self.at += 1;
        self.apart = true;
    }

    /// `Version: 1.2`, `Firmware: <1.2`
    fn is_behind_noun(&self) -> bool {
        let noun = |last: &Token| matches!(last.kind, Kind::Word(Word::Noun | Word::Part | Word::Revision));
        self.tokens.last().is_some_and(noun)
    }

    /// Whether a version stands in quotation marks; the closing one becomes a blank.
    fn unquote(&mut self, opening: char) -> bool {
        let closing = match opening {
            '“' => '”',
            '「' => '」',
            '『' => '』',
            same => same,
        };
        let version = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
        let length =
            (1..self.letters.len()).take_while(|ahead| self.peek(*ahead).is_some_and(version)).count();
        let digit = (1..=length).any(|ahead| self.peek(ahead).is_some_and(|letter| letter.is_ascii_digit()));
        let quoted = digit && self.peek(length + 1) == Some(closing);
        if quoted {
            self.letters[self.at + length + 1].is = ' ';
        }
        quoted
    }

    fn sign(&mut self, letter: char, next: Option<char>) {
        let (sign, length) = match (letter, next) {
            ('<', Some('=')) | ('=', Some('<')) => (Sign::AtMost, 2),
            ('>', Some('=')) | ('=', Some('>')) => (Sign::AtLeast, 2),
            ('!', Some('=')) => (Sign::Unequal, 2),
            ('=', Some('=')) => (Sign::Equal, 2),
            ('<', _) => (Sign::Below, 1),
            ('>', _) => (Sign::Above, 1),
            ('=', _) => (Sign::Equal, 1),
            ('≤' | '≦', _) => (Sign::AtMost, 1),
            ('≥' | '≧', _) => (Sign::AtLeast, 1),
            ('≠', _) => (Sign::Unequal, 1),
            _ => return self.push(Kind::Other, 1),
        };
        self.push(Kind::Sign(sign), length);
    }

    fn japanese(&mut self) {
        let known = |at: usize| {
            JAPANESE.iter().find(|(word, _)| {
                word.chars().enumerate().all(|(index, letter)| self.peek(at + index) == Some(letter))
            })
        };
        if let Some((word, says)) = known(0) {
            return self.push(Kind::Word(*says), word.chars().count());
        }
        let mut length = 1;
        while self.peek(length).is_some_and(is_japanese) && known(length).is_none() {
            length += 1;
        }
        self.push(Kind::Unknown, length);
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).map(|letter| letter.is)
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let letters = &self.letters[self.at..self.at + length];
        let (Some(first), Some(last)) = (letters.first(), letters.last()) else { return };
        let at = first.at.start..last.at.end;
        let text = letters.iter().map(|one| one.is).collect();
        self.tokens.push(Token { kind, text, at, apart: self.apart });
        self.at += length;
        self.apart = false;
    }
}

/// The length of `Ver.`, `v`, `Rev.`, `FW` before a number in one run: `Ver.2.1.0`, `v3.3.0`, `vD25`, `Rev.B`, `FW1.02`.
pub(super) fn split_prefix(text: &str) -> usize {
    let lower = text.to_ascii_lowercase();
    let digit = |at: usize| text[at..].starts_with(|next: char| next.is_ascii_digit());
    if lower.starts_with("rev.") {
        return 4;
    }
    if text.starts_with('v')
        && text[1..].starts_with(|next: char| next.is_ascii_uppercase())
        && text.len() > 2
        && digit(2)
    {
        return 1;
    }
    let known = ["version.", "version", "ver.", "ver", "v.", "v", "fw", "sw", "hw"];
    known
        .into_iter()
        .filter(|prefix| lower.starts_with(prefix))
        .map(str::len)
        .find(|at| digit(*at))
        .unwrap_or(0)
}

fn kind_of_run(text: &str) -> Kind {
    let word = text.to_ascii_lowercase();
    if let Some(says) = english(&word) {
        Kind::Word(says)
    } else if glued::is_quarter(text) {
        Kind::Date
    } else if text.bytes().any(|byte| byte.is_ascii_digit()) && !glued::has_words(text) {
        Kind::Version
    } else {
        Kind::Unknown
    }
}

fn is_japanese(letter: char) -> bool {
    matches!(letter, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// Joins tokens that tell a date: `April 1, 2018`, `May 2018`, `8/30/2024`, `2018-04-01`, `2018年4月`.
fn dates(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let length = date_length(&tokens[at..]);
        if length == 0 {
            out.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let taken = &tokens[at..at + length];
        let text = taken.iter().map(|token| token.text.as_str()).collect();
        let end = taken[length - 1].at.end;
        out.push(Token { kind: Kind::Date, text, at: taken[0].at.start..end, apart: taken[0].apart });
        at += length;
    }
    out
}

/// How many tokens at the beginning are a date; 0 for none.
fn date_length(tokens: &[Token]) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let number = |at: usize, most: u32| text(at).parse::<u32>().is_ok_and(|it| (1..=most).contains(&it));
    let year = |at: usize| text(at).len() == 4 && number(at, 2199) && !text(at).starts_with('0');
    let month = |at: usize| is_month(&text(at).to_ascii_lowercase());
    if month(0) {
        return match () {
            () if number(1, 31) && text(2) == "," && year(3) => 4,
            () if number(1, 31) && year(2) => 3,
            () if text(1) == "," && year(2) => 3,
            () if year(1) => 2,
            () => 0,
        };
    }
    if number(0, 31) && month(1) && year(2) {
        return 3;
    }
    if text(1) == "/" && text(3) == "/" && number(2, 31) {
        return if (number(0, 31) && year(4)) || (year(0) && number(4, 31)) { 5 } else { 0 };
    }
    let parts: Vec<&str> = text(0).split('-').collect();
    if let [years, months, days] = parts[..]
        && (years.len(), months.len(), days.len()) == (4, 2, 2)
        && text(0).bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    {
        return 1;
    }
    japanese_date(tokens)
}

fn japanese_date(tokens: &[Token]) -> usize {
    let is_number = |at: usize| tokens.get(at).is_some_and(|token| token.text.parse::<u32>().is_ok());
    let begins = |at: usize, sign: char| tokens.get(at).is_some_and(|token| token.text.starts_with(sign));
    if !is_number(0) || !begins(1, '年') {
        return 0;
    }
    let month = if is_number(2) && begins(3, '月') { 2 } else { 0 };
    let day = if month > 0 && is_number(4) && begins(5, '日') { 2 } else { 0 };
    2 + month + day
}
