//! Words of a text about versions → tokens. A closed table of phrases in two languages; every other word stays a `Word` or, when it has a
//! version's form, a `Version`. What tokens mean together is the grammar's affair.

use unicode_normalization::UnicodeNormalization;

/// A token with the words it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// What a token does in the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word of a version's form.
    Version,
    /// A word the table does not know.
    Word,
    /// "all", 「すべて」, "*".
    All,
    /// "version", "software", 「のバージョン」: carries no meaning of its own.
    Noun,
    /// Stands before a version: `<`, `<=`, `>`, `>=` and their words.
    Prefix(Side),
    /// Stands after a version: "and prior", 「以降」, 「未満」.
    Suffix(Side),
    /// Joins two ends: "through", "to", 「から」, 「〜」.
    Through,
    /// Opens a range: "from".
    From,
    /// 「系」, "series".
    Series,
    /// "and", "or", 「および」, comma, `|`, `/`.
    And,
    /// "only", 「のみ」.
    Only,
    /// A remark in brackets, without the brackets.
    Remark,
    /// Opens a remark that goes on to the end of the text: "which", "running".
    Clause,
    /// "except", 「を除く」: takes something away again, which the grammar does not read.
    Except,
}

/// Which side of a version is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Below,
    UpTo,
    Above,
    From,
}

use Kind::{All, And, Clause, Except, From, Noun, Only, Prefix, Series, Suffix, Through};

/// English phrases, in lower case, words parted by one space.
const ENGLISH: &[(&str, Kind)] = &[
    ("all", All),
    ("any", All),
    ("every", All),
    ("*", All),
    ("version", Noun),
    ("versions", Noun),
    ("ver", Noun),
    ("ver.", Noun),
    ("v", Noun),
    ("v.", Noun),
    ("revision", Noun),
    ("revisions", Noun),
    ("rev", Noun),
    ("rev.", Noun),
    ("release", Noun),
    ("releases", Noun),
    ("build", Noun),
    ("builds", Noun),
    ("software", Noun),
    ("firmware", Noun),
    ("sw", Noun),
    ("fw", Noun),
    ("with software", Noun),
    ("with firmware", Noun),
    ("using software", Noun),
    ("using firmware", Noun),
    (":", Noun),
    ("<", Prefix(Side::Below)),
    ("prior to", Prefix(Side::Below)),
    ("before", Prefix(Side::Below)),
    ("earlier than", Prefix(Side::Below)),
    ("older than", Prefix(Side::Below)),
    ("lower than", Prefix(Side::Below)),
    ("less than", Prefix(Side::Below)),
    ("below", Prefix(Side::Below)),
    ("up to but not including", Prefix(Side::Below)),
    ("<=", Prefix(Side::UpTo)),
    ("≤", Prefix(Side::UpTo)),
    ("up to and including", Prefix(Side::UpTo)),
    ("less than or equal to", Prefix(Side::UpTo)),
    ("no later than", Prefix(Side::UpTo)),
    (">", Prefix(Side::Above)),
    ("later than", Prefix(Side::Above)),
    ("newer than", Prefix(Side::Above)),
    ("higher than", Prefix(Side::Above)),
    ("greater than", Prefix(Side::Above)),
    ("after", Prefix(Side::Above)),
    ("above", Prefix(Side::Above)),
    (">=", Prefix(Side::From)),
    ("≥", Prefix(Side::From)),
    ("greater than or equal to", Prefix(Side::From)),
    ("=", Noun),
    ("through", Through),
    ("thru", Through),
    ("through to", Through),
    ("to", Through),
    ("-", Through),
    ("–", Through),
    ("—", Through),
    ("from", From),
    ("starting from", From),
    ("starting with", From),
    ("series", Series),
    ("family", Series),
    ("and", And),
    ("or", And),
    ("and/or", And),
    ("as well as", And),
    ("&", And),
    (",", And),
    (";", And),
    ("|", And),
    ("/", And),
    ("only", Only),
    ("which", Clause),
    ("that", Clause),
    ("running", Clause),
    ("on", Clause),
    ("when", Clause),
    ("if", Clause),
    ("where", Clause),
    ("with", Clause),
    ("used", Clause),
    ("installed", Clause),
    ("for", Clause),
    ("in", Clause),
    ("except", Except),
    ("excluding", Except),
    ("other than", Except),
    ("but", Except),
    ("not", Except),
    ("no", Except),
    ("without", Except),
    ("unless", Except),
    ("unaffected", Except),
    ("fixed", Except),
    ("patched", Except),
];

/// Words that after "and", "or" (with or without "all") turn a version into the end of a range.
const AND_PRIOR: &[(&str, Side)] = &[
    ("prior", Side::UpTo),
    ("earlier", Side::UpTo),
    ("below", Side::UpTo),
    ("older", Side::UpTo),
    ("lower", Side::UpTo),
    ("previous", Side::UpTo),
    ("before", Side::UpTo),
    ("preceding", Side::UpTo),
    ("later", Side::From),
    ("newer", Side::From),
    ("above", Side::From),
    ("higher", Side::From),
    ("up", Side::From),
    ("onward", Side::From),
    ("onwards", Side::From),
    ("subsequent", Side::From),
    ("greater", Side::From),
    ("after", Side::From),
    ("beyond", Side::From),
];

/// Japanese phrases; the longest that fits is taken.
const JAPANESE: &[(&str, Kind)] = &[
    ("すべて", All),
    ("全て", All),
    ("全", All),
    ("バージョン", Noun),
    ("ヴァージョン", Noun),
    ("リビジョン", Noun),
    ("リリース", Noun),
    ("ビルド", Noun),
    ("版", Noun),
    ("の", Noun),
    ("ファームウェア", Noun),
    ("ファームウエア", Noun),
    ("ソフトウェア", Noun),
    ("ソフトウエア", Noun),
    ("から", Through),
    ("〜", Through),
    ("乃至", Through),
    ("ないし", Through),
    ("より前", Suffix(Side::Below)),
    ("よりも前", Suffix(Side::Below)),
    ("より古い", Suffix(Side::Below)),
    ("未満", Suffix(Side::Below)),
    ("以前", Suffix(Side::UpTo)),
    ("以下", Suffix(Side::UpTo)),
    ("まで", Suffix(Side::UpTo)),
    ("およびそれ以前", Suffix(Side::UpTo)),
    ("及びそれ以前", Suffix(Side::UpTo)),
    ("またはそれ以前", Suffix(Side::UpTo)),
    ("又はそれ以前", Suffix(Side::UpTo)),
    ("とそれ以前", Suffix(Side::UpTo)),
    ("以降", Suffix(Side::From)),
    ("以後", Suffix(Side::From)),
    ("以上", Suffix(Side::From)),
    ("およびそれ以降", Suffix(Side::From)),
    ("及びそれ以降", Suffix(Side::From)),
    ("またはそれ以降", Suffix(Side::From)),
    ("又はそれ以降", Suffix(Side::From)),
    ("とそれ以降", Suffix(Side::From)),
    ("より後", Suffix(Side::Above)),
    ("より新しい", Suffix(Side::Above)),
    ("系", Series),
    ("系列", Series),
    ("シリーズ", Series),
    ("および", And),
    ("及び", And),
    ("ならびに", And),
    ("並びに", And),
    ("または", And),
    ("又は", And),
    ("と", And),
    ("、", And),
    ("，", And),
    ("・", And),
    ("のみ", Only),
    ("だけ", Only),
    ("を除く", Except),
    ("除く", Except),
    ("以外", Except),
    ("対象外", Except),
    ("ではない", Except),
];

/// Words between a version and a further number that belong to the version: "1.3.1 Build 13", "10 SP 2".
const PARTS_OF_A_VERSION: &[&str] = &["build", "sp", "mr", "patch", "update", "hotfix", "hf"];

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let folded: String = text.replace('～', "〜").nfkc().collect();
    let text = folded.trim();
    let text = whole_bracket(text).unwrap_or(text);
    let text = match text.strip_prefix("vers:") {
        Some(rest) => rest.split_once('/').map_or(text, |(_, constraints)| constraints),
        None => text,
    };
    with_version_parts(phrases(&words(text)))
}

/// The inside, when one pair of brackets holds the whole text.
fn whole_bracket(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    (!inner.contains(['(', ')'])).then(|| inner.trim())
}

/// A piece of text before phrases are found in it.
#[derive(Debug, PartialEq)]
enum Piece {
    Word(String),
    Remark(String),
    Known(Kind, String),
}

/// Splits at white space, brackets, punctuation and between scripts.
fn words(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = if first.is_whitespace() {
            first.len_utf8()
        } else if first == '(' || first == '[' {
            bracket(rest, &mut pieces)
        } else if is_japanese(first) {
            japanese(rest, &mut pieces)
        } else {
            western(rest, &mut pieces)
        };
        rest = &rest[taken..];
    }
    pieces
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

/// A remark in brackets; an unclosed bracket is a word of its own.
fn bracket(text: &str, pieces: &mut Vec<Piece>) -> usize {
    let (open, close) = if text.starts_with('(') { ('(', ')') } else { ('[', ']') };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        depth += usize::from(c == open);
        depth -= usize::from(c == close);
        if depth == 0 {
            pieces.push(Piece::Remark(text[1..at].trim().to_owned()));
            return at + 1;
        }
    }
    pieces.push(Piece::Word(open.to_string()));
    1
}

/// The longest Japanese phrase, or the unknown characters up to the next one.
fn japanese(text: &str, pieces: &mut Vec<Piece>) -> usize {
    let phrase_at = |text: &str| {
        JAPANESE.iter().filter(|(phrase, _)| text.starts_with(phrase)).max_by_key(|(phrase, _)| phrase.len())
    };
    if let Some((phrase, kind)) = phrase_at(text) {
        pieces.push(Piece::Known(*kind, (*phrase).to_owned()));
        return phrase.len();
    }
    let end = text
        .char_indices()
        .skip(1)
        .find(|(at, c)| !is_japanese(*c) || phrase_at(&text[*at..]).is_some())
        .map_or(text.len(), |(at, _)| at);
    pieces.push(Piece::Word(text[..end].to_owned()));
    end
}

/// One word of letters, digits and the marks versions use; or one operator; or one mark of punctuation.
fn western(text: &str, pieces: &mut Vec<Piece>) -> usize {
    for operator in ["<=", ">=", "<", ">", "≤", "≥", "=", ",", ";", "|", "&", ":"] {
        if text.starts_with(operator) {
            pieces.push(Piece::Word(operator.to_owned()));
            return operator.len();
        }
    }
    let end = text
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_whitespace() || is_japanese(*c) || "<>≤≥=,;|&:".contains(*c))
        .map_or(text.len(), |(at, _)| at);
    let end = text[..end].find('(').filter(|at| *at > 0 && !text[*at..end].contains(')')).unwrap_or(end);
    let word = &text[..end];
    pieces.push(Piece::Word(if word.len() > 1 {
        word.trim_end_matches(['.', '!']).to_owned()
    } else {
        word.to_owned()
    }));
    end
}

/// The longest English phrase at each place; a word of none is a version or a word.
fn phrases(pieces: &[Piece]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let (kind, text, taken) = match piece {
            Piece::Remark(text) => (Kind::Remark, text.clone(), 1),
            Piece::Known(kind, text) => (*kind, text.clone(), 1),
            Piece::Word(word) => match english(&pieces[at..]) {
                Some((kind, taken)) => (kind, joined(&pieces[at..at + taken]), taken),
                None => match version_form(word) {
                    Some(version) => (Kind::Version, version, 1),
                    None => (Kind::Word, word.clone(), 1),
                },
            },
        };
        tokens.push(Token { kind, text });
        at += taken;
    }
    tokens
}

/// The longest phrase that the pieces begin with, and how many pieces it takes.
fn english(pieces: &[Piece]) -> Option<(Kind, usize)> {
    let lower: Vec<String> = pieces
        .iter()
        .take(5)
        .map_while(|piece| match piece {
            Piece::Word(word) => Some(word.to_lowercase()),
            _ => None,
        })
        .collect();
    if let Some(found) = and_prior(&lower) {
        return Some(found);
    }
    (1..=lower.len()).rev().find_map(|count| {
        let phrase = lower[..count].join(" ");
        ENGLISH.iter().find(|(known, _)| *known == phrase).map(|(_, kind)| (*kind, count))
    })
}

/// "and prior", "or all later", "onwards".
fn and_prior(lower: &[String]) -> Option<(Kind, usize)> {
    let word = |at: usize| lower.get(at).map(String::as_str);
    if matches!(word(0), Some("onward" | "onwards")) {
        return Some((Suffix(Side::From), 1));
    }
    if !matches!(word(0), Some("and" | "or" | "&")) {
        return None;
    }
    let at = 1 + usize::from(matches!(word(1), Some("all" | "any")));
    let (_, side) = AND_PRIOR.iter().find(|(known, _)| word(at) == Some(known))?;
    // "and prior to 3.0", "or later than 2.1" open another range; they do not close this one.
    (!matches!(word(at + 1), Some("to" | "than"))).then_some((Suffix(*side), at + 1))
}

fn joined(pieces: &[Piece]) -> String {
    let words: Vec<&str> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Word(text) | Piece::Remark(text) | Piece::Known(_, text) => text.as_str(),
        })
        .collect();
    words.join(" ")
}

/// The version in a word of a version's form: at most three letters (and one mark) before the first digit, then digits, letters and
/// `. _ + - ~`. Two dotted numbers of like length joined by a hyphen could as well be a range, so they have no such form.
fn version_form(word: &str) -> Option<String> {
    let word = without_v(word);
    let letters = word.chars().take_while(char::is_ascii_alphabetic).count();
    let rest = &word[letters..];
    let rest = if letters > 0 { rest.strip_prefix(['.', '-', '_']).unwrap_or(rest) } else { rest };
    let formed = letters <= 3
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || "._+-~".contains(c))
        && rest.ends_with(|c: char| c.is_ascii_alphanumeric())
        && !two_dotted_numbers(word);
    let mut version = word.to_owned();
    if !formed {
        let stem = word.strip_suffix(".*")?;
        version = format!("{}.*", version_form(stem)?);
    }
    Some(version)
}

/// Drops the "v", "ver" or "rev" that is glued before a number, and a small "v" before a letter and a number ("vD25").
fn without_v(word: &str) -> &str {
    let digit = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit());
    for noun in ["version", "ver.", "ver", "rev.", "rev", "v.", "v"] {
        let starts = word.get(..noun.len()).is_some_and(|start| start.eq_ignore_ascii_case(noun));
        if let Some(rest) = starts.then(|| &word[noun.len()..]).filter(digit) {
            return rest;
        }
    }
    word.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase())).unwrap_or(word)
}

fn two_dotted_numbers(word: &str) -> bool {
    let dots = |part: &str| part.matches('.').count();
    let numeric = |part: &str| part.contains('.') && part.chars().all(|c| c.is_ascii_digit() || c == '.');
    word.split_once('-')
        .is_some_and(|(left, right)| numeric(left) && numeric(right) && dots(left) == dots(right))
}

/// Joins "1.3.1 Build 13" into one version.
fn with_version_parts(tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        joined.push(token.clone());
        if token.kind != Kind::Version {
            continue;
        }
        let parts = tokens[at..]
            .iter()
            .take_while(|next| PARTS_OF_A_VERSION.contains(&next.text.to_lowercase().as_str()))
            .count();
        let number =
            tokens.get(at + parts).filter(|next| parts > 0 && next.text.chars().all(|c| c.is_ascii_digit()));
        if let (Some(version), true) = (joined.last_mut(), number.is_some()) {
            for part in &tokens[at..=at + parts] {
                version.text.push(' ');
                version.text.push_str(&part.text);
            }
            at += parts + 1;
        }
    }
    joined
}
