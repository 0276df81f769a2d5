//! Versions told in words: 「2.13.0 から 2.15.0 より前のバージョン」, "Versions 4.4 through 4.12", "<= 2.3.0". What lives here is a small
//! grammar over tokens, in Japanese and English. What does not: any order of versions (a bound is kept as it was written), and any
//! guess: a text that is not consumed to its last word is *not understood*, and says which words were left.

mod grammar;
mod lexer;

use serde::{Deserialize, Serialize};

/// Texts longer than this (in bytes) are not read.
pub const MAX_BYTES: usize = 2_000;

/// What a text about versions says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versions {
    /// Every version.
    All,
    /// The union of these, never empty, in the order told.
    Listed(Vec<Told>),
    /// The text, or a part of it, is not understood: nothing may be concluded from it.
    NotUnderstood {
        /// The words the grammar has no place for.
        words: String,
    },
}

/// One version, series or range, with the words that narrow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Which versions.
    pub extent: Extent,
    /// Words before it that are no version words, such as "core" in "core 2.0 から 2.12.1 より前": the part of the product spoken of.
    pub about: Option<String>,
    /// A remark or condition after it, such as "(United States)" or "running on Windows 8.1". It narrows the range in a way only a
    /// person can judge.
    pub remark: Option<String>,
}

/// A set of versions, its bounds as they were written (a leading "v" before a number is dropped).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// One version, or another designation of a version's form.
    Exactly(String),
    /// A series: "9.x", 「9 系」.
    Series(String),
    /// A range; at least one end is given.
    Range {
        /// The lower end; `None` means from the first version on.
        from: Option<Bound>,
        /// The upper end; `None` means no end.
        to: Option<Bound>,
    },
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The version as written; it may be a series ("12.2.x").
    pub version: String,
    /// Whether the version itself is in the range.
    pub inclusive: bool,
}

/// Reads one text. Pure, linear in the length of the text.
#[must_use]
pub fn read(text: &str) -> Versions {
    if text.len() > MAX_BYTES {
        let end = (0..=80).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        return Versions::NotUnderstood { words: format!("{}…", &text[..end]) };
    }
    grammar::read(&lexer::tokens(text))
}

impl Versions {
    /// Whether the text was read to its end.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        !matches!(self, Self::NotUnderstood { .. })
    }
}

#[cfg(test)]
mod tests;
