//! How much of a document is accepted, and why one cannot be read at all. What is wrong in a document that can be read is a
//! deviation, not an error.

use base::Names;

use super::deviation::Place;

/// Bounds of time and memory for reading what others wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document.
    pub bytes: usize,
    /// Objects in objects, elements in elements.
    pub depth: usize,
    /// Values of a JSON document, nodes of an XML document, lines of a tag-value document.
    pub nodes: usize,
    /// Deviations that are kept; further ones are only counted.
    pub deviations: usize,
}

impl Default for Limits {
    /// A tree takes several times the bytes of its document. The largest bills of the corpora have 4 MB; sixty times that leaves room, and
    /// keeps the memory of a reading below some 2 GB.
    fn default() -> Self {
        Limits { bytes: 256 << 20, depth: 120, nodes: 20_000_000, deviations: 10_000 }
    }
}

/// Why nothing was read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No bytes, or only blanks.
    #[error("the document is empty")]
    Empty,
    /// More bytes than [`Limits::bytes`].
    #[error("the document has {found} bytes, more than the {limit} that are accepted")]
    TooLarge {
        /// Bytes of the document.
        found: usize,
        /// The bound.
        limit: usize,
    },
    /// More levels than [`Limits::depth`].
    #[error("{place}: is nested deeper than the {limit} levels that are accepted")]
    TooDeep {
        /// Where the bound was passed.
        place: Place,
        /// The bound.
        limit: usize,
    },
    /// More values than [`Limits::nodes`].
    #[error("{place}: the document has more than the {limit} values that are accepted")]
    TooMany {
        /// Where the bound was passed.
        place: Place,
        /// The bound.
        limit: usize,
    },
    /// Neither UTF-8 nor UTF-16 with its mark.
    #[error("the document is not UTF-8 (byte {at} is wrong): {hint}")]
    Encoding {
        /// Offset of the first byte that is no UTF-8.
        at: usize,
        /// What it may be instead.
        hint: &'static str,
    },
    /// Neither JSON, XML nor tag-value of a known kind.
    #[error("the document is no SBOM that is known here: {0}")]
    Unknown(&'static str),
    /// Broken JSON, XML or tag-value.
    #[error("{place}: cannot be read as {format}: {why}")]
    Syntax {
        /// Where.
        place: Place,
        /// JSON, XML or SPDX tag-value.
        format: &'static str,
        /// What the parser said.
        why: String,
    },
    /// A document type declaration, which could expand without bound or fetch other files.
    #[error("{place}: declares a document type (DTD), which is refused")]
    Dtd {
        /// Where.
        place: Place,
    },
}

impl ReadError {
    /// The sentence for a person.
    pub fn names(&self) -> Names {
        let ja = match self {
            Self::Empty => "文書が空です".to_owned(),
            Self::TooLarge { found, limit } => {
                format!("文書が{found}バイトあり、受け付ける{limit}バイトを超えています")
            }
            Self::TooDeep { place, limit } => {
                format!("{}：入れ子が、受け付ける{limit}段より深くなっています", place.names().ja)
            }
            Self::TooMany { place, limit } => {
                format!("{}：値が、受け付ける{limit}個を超えています", place.names().ja)
            }
            Self::Encoding { at, hint } => {
                format!("UTF-8ではありません（{at}バイト目）。UTF-8で保存し直してください（{hint}）")
            }
            Self::Unknown(why) => format!("知られている形式のSBOMではありません（{why}）"),
            Self::Syntax { place, format, why } => {
                format!("{}：{format}として読めません（{why}）", place.names().ja)
            }
            Self::Dtd { place } => {
                format!("{}：文書型宣言（DTD）があります。安全のため受け付けません", place.names().ja)
            }
        };
        Names::of(ja, self.to_string())
    }
}
