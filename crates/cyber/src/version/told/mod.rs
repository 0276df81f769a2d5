//! Versions told in prose, Japanese (VULDEF) and English (CSAF): a text becomes ranges and single versions, or the part of it that
//! was not understood and why. The grammar is described in docs/design/0013-versions-in-prose.md; nothing is ordered here but bounds that
//! contradict each other, and which product is meant is not known.

mod beside;
mod bounds;
mod family;
mod glued;
mod halves;
mod inclusive;
mod notes;
mod phrases;
mod single;
mod sound;
mod tokens;
mod vers;
mod words;

use std::fmt;
use std::ops::Range;

/// The longest text that is read, in bytes; published ones stay far below.
pub const LONGEST_TOLD: usize = 4096;

/// What a text says of versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Ranges, each affected as a whole.
    pub ranges: Vec<ToldRange>,
    /// Single versions.
    pub listed: Vec<ToldVersion>,
    /// Versions that the text takes out again.
    pub excepted: Vec<ToldVersion>,
    /// What else the text says of them.
    pub qualifiers: Vec<Qualifier>,
    /// Parts that say something that is not in the above.
    pub not_understood: Vec<NotUnderstood>,
}

/// A version and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldVersion {
    /// The version, in half-width characters and without `Version` before it.
    pub text: String,
    /// Bytes of the text.
    pub at: Range<usize>,
}

/// A range; without either bound, all versions are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldRange {
    /// Where it begins; `None` stands before every version.
    pub from: Option<Bound>,
    /// Where it ends; `None` stands behind every version.
    pub to: Option<Bound>,
    /// Bytes of the text.
    pub at: Range<usize>,
}

/// An end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The version.
    pub version: String,
    /// Whether it belongs to the range.
    pub included: bool,
}

/// Something said of the versions besides their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualifier {
    /// What.
    pub kind: QualifierKind,
    /// Bytes of the text.
    pub at: Range<usize>,
}

/// What a qualifier says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QualifierKind {
    /// Which part of the product bears the version: firmware, software, `core`. It does not narrow what is affected.
    Part,
    /// An edition: `Windows 版`, `Enterprise Edition`, `x64`.
    Edition,
    /// What must hold besides: `on Windows 8.1`, `that have been installed in …`.
    Condition,
    /// Serial numbers.
    Serial,
    /// A note in parentheses.
    Note,
}

impl QualifierKind {
    /// Whether only some of the products with the version are meant, so that *affected* must not be concluded from the version alone.
    pub fn narrows(self) -> bool {
        self != Self::Part
    }
}

/// A part of a text from which nothing is concluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    /// Bytes of the text.
    pub at: Range<usize>,
    /// Why.
    pub why: Why,
}

/// Why a part was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It holds words that are not of the grammar: models, product names, sentences.
    Words,
    /// A date is told where a version is asked for.
    Date,
    /// An operating system is told where a version is asked for.
    OperatingSystem,
    /// Only serial numbers are told.
    Serial,
    /// More than one reading is possible: `1.0-1.2`, `A10 < A11`.
    Ambiguous,
    /// The lower bound lies above the upper one.
    Contradiction,
    /// The text says itself that it is not complete: 「など」, `and others`.
    Incomplete,
    /// The text says that nothing is known or stated.
    Unstated,
    /// A comparison without a version.
    NoVersion,
    /// Begins like VERS and is not.
    Vers,
    /// Longer than [`LONGEST_TOLD`].
    TooLong,
}

impl Told {
    /// Whether every part of the text was understood.
    pub fn is_whole(&self) -> bool {
        self.not_understood.is_empty()
    }
    /// Whether nothing at all was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads a text. Blank texts say nothing.
pub fn read(text: &str) -> Told {
    if text.len() > LONGEST_TOLD {
        return left(0..text.len(), Why::TooLong);
    }
    let trimmed = text.trim();
    if trimmed.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("vers:")) {
        let start = text.len() - text.trim_start().len();
        return vers::read(trimmed, start).unwrap_or_else(|why| left(start..start + trimmed.len(), why));
    }
    phrases::read(&tokens::of(text))
}

fn left(at: Range<usize>, why: Why) -> Told {
    Told { not_understood: vec![NotUnderstood { at, why }], ..Told::default() }
}

/// The canonical form, which [`read`] reads as the same ranges and versions: `>= 1.0 < 2.0 | 3.1`, with `;` between ranges that are open
/// on one side. What was not understood and qualifiers are not in it.
impl fmt::Display for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before: Option<&ToldRange> = None;
        for range in &self.ranges {
            let both_half = before.is_some_and(|before| before.is_half() && range.is_half());
            out.write_str(before.map_or("", |_| if both_half { "; " } else { " | " }))?;
            write!(out, "{range}")?;
            before = Some(range);
        }
        let listed = self.listed.iter().map(|one| marked(&one.text));
        let excepted = self.excepted.iter().map(|one| format!("!= {}", marked(&one.text)));
        for (index, part) in listed.chain(excepted).enumerate() {
            out.write_str(if before.is_some() || index > 0 { " | " } else { "" })?;
            out.write_str(&part)?;
        }
        Ok(())
    }
}

impl ToldRange {
    /// Whether it is open on one side only.
    fn is_half(&self) -> bool {
        self.from.is_some() != self.to.is_some()
    }
}

/// A version as it can be read again: letters alone are a revision (`B`, `B Build 7`).
fn marked(version: &str) -> String {
    let (first, rest) = version.split_once(' ').unwrap_or((version, ""));
    let letters = first.len() <= 3 && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let number = rest.split(' ').next().is_some_and(|next| next.contains(|sign: char| sign.is_ascii_digit()));
    if letters && !(number && single::NAMED.contains(&first)) {
        format!("Rev. {version}")
    } else {
        version.to_owned()
    }
}

impl fmt::Display for ToldRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = |strict: &'static str, wide: &'static str, bound: &Bound| {
            format!("{} {}", if bound.included { wide } else { strict }, marked(&bound.version))
        };
        match (&self.from, &self.to) {
            (None, None) => out.write_str("*"),
            (Some(from), None) => out.write_str(&sign(">", ">=", from)),
            (None, Some(to)) => out.write_str(&sign("<", "<=", to)),
            (Some(from), Some(to)) => write!(out, "{} {}", sign(">", ">=", from), sign("<", "<=", to)),
        }
    }
}
