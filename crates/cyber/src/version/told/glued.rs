//! Words joined to a version by `_`, `-` or nothing: `Firmware_6.62`, `1.2_and_prior`, `1.2-and-prior`. `_` before and behind a word is
//! a blank; where `-` or nothing joins a word, the whole is none of the grammar. `2018_SP3_P05` and `4.36_build_4.3.7.9` hold no such
//! word and are one version.

use super::words::{Word, english};

/// What goes on with a version it is joined to, besides the appendices of the grammar.
const APPENDICES: [&str; 21] = [
    "hf",
    "fp",
    "kit",
    "upd",
    "rev",
    "final",
    "release",
    "ga",
    "pre",
    "preview",
    "dev",
    "devel",
    "snapshot",
    "nightly",
    "stable",
    "lts",
    "fix",
    "bugfix",
    "canary",
    "milestone",
    "esr",
];

/// Marks of a version that are none without the version before them.
const MARKS: [&str; 11] =
    ["sp", "hf", "hotfix", "patch", "update", "upd", "kit", "build", "beta", "alpha", "rc"];

/// How much of a run is read at once: all, or up to where `_` stands for a blank. Signs between are left to the caller.
pub(super) fn first(run: &str) -> usize {
    if let Some(length) = architecture(run) {
        return length;
    }
    let behind = |at: &usize| architecture(&run[at + 1..]).is_some();
    let cut = run.match_indices(['_', '-']).map(|(at, _)| at).find(behind);
    let run = &run[..cut.unwrap_or(run.len())];
    let mut begin = 0;
    for piece in run.split('_') {
        let leads = begin == 0 && (piece.len() > 1 || english(&piece.to_ascii_lowercase()).is_some());
        let letters =
            !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
        if begin + piece.len() < run.len() && letters && leads {
            return piece.len();
        }
        if begin > 0 && letters && piece.split('-').any(is_word) {
            return run[..begin].trim_end_matches('_').len();
        }
        begin += piece.len() + 1;
    }
    run.len()
}

/// Whether words are joined to a version so that it is none.
pub(super) fn has_words(run: &str) -> bool {
    let joined = run.contains(['-', '_']) && run.split(['-', '_']).any(is_word);
    joined || run.split(|sign: char| !sign.is_ascii_alphanumeric()).any(runs_into_word)
}

/// `SP1`, `Update10`: says which appendix of a version, but not of which.
pub(super) fn is_mark(run: &str) -> bool {
    let number = run.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let mark = run[..run.len() - number.len()].to_ascii_lowercase();
    number.starts_with(|first: char| first.is_ascii_digit()) && MARKS.contains(&mark.as_str())
}

/// `Q2_2023`: a quarter before its year tells a time, and would be ordered by the quarter.
pub(super) fn is_quarter(run: &str) -> bool {
    let [quarter, year @ ..] = run.trim_start_matches(['q', 'Q']).as_bytes() else { return false };
    let year = year.strip_prefix(b"_").or(year.strip_prefix(b"-")).unwrap_or(year);
    run.starts_with(['q', 'Q'])
        && (b'1'..=b'4').contains(quarter)
        && year.len() == 4
        && (year.starts_with(b"19") || year.starts_with(b"20"))
        && year.iter().all(u8::is_ascii_digit)
}

/// The length of the name of an architecture that a text begins with, up to a sign or the end.
fn architecture(text: &str) -> Option<usize> {
    let mut ends = (3..=7).rev().filter(|end| matches!(text.as_bytes().get(*end), None | Some(b'_' | b'-')));
    let name = |end: usize| english(&text.get(..end)?.to_ascii_lowercase());
    ends.find(|end| name(*end) == Some(Word::Architecture))
}

/// A word of the grammar, or another of three letters or more. Up to three capitals are a maker's code: `MMT-1710`.
fn is_word(piece: &str) -> bool {
    let lower = piece.to_ascii_lowercase();
    let code = piece.len() <= 3 && piece.bytes().all(|byte| byte.is_ascii_uppercase());
    piece.len() > 1
        && piece.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !APPENDICES.contains(&lower.as_str())
        && match english(&lower) {
            Some(Word::Appendix) => false,
            Some(_) => true,
            None => piece.len() > 2 && !code,
        }
}

/// `1.2andprior`, `1.0to2.0`: letters behind a digit that end in a word, or are one that joins versions. Numbers to the base of sixteen
/// are none (`9bceff`).
fn runs_into_word(piece: &str) -> bool {
    let joins = |word: &str| {
        matches!(
            english(word),
            Some(
                Word::And
                    | Word::To
                    | Word::Up
                    | Word::Until
                    | Word::From
                    | Word::Than
                    | Word::Less
                    | Word::More
                    | Word::Only
                    | Word::Except
                    | Word::Between
            )
        )
    };
    let mut rest = piece.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    loop {
        rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        if rest.is_empty() {
            return false;
        }
        let behind = rest.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        let letters = rest[..rest.len() - behind.len()].to_ascii_lowercase();
        let known = APPENDICES.contains(&letters.as_str()) || english(&letters) == Some(Word::Appendix);
        let number = letters.bytes().all(|byte| byte.is_ascii_hexdigit());
        if joins(&letters) || behind.is_empty() && letters.len() > 3 && !known && !number {
            return true;
        }
        rest = behind;
    }
}
