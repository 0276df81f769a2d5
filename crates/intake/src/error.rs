//! Why a file cannot be read: one sentence that names the file and the place, in both languages.

use std::fmt;

use base::{Lang, Names};

/// A file that cannot be read. Nothing of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct IntakeError {
    /// The file as the caller named it; a file in an archive follows its archive after `!`.
    pub file: String,
    /// The place in it: `line 12`, `byte 4096`, an element path.
    pub place: Option<String>,
    /// What is wrong.
    pub trouble: Trouble,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The system would not give it.
    #[error("cannot be opened: {0}")]
    Open(String),
    /// A device, a pipe or the like.
    #[error("is neither a file nor a folder")]
    NotAFile,
    /// Nothing in it.
    #[error("is empty")]
    Empty,
    /// Over one of the [`crate::Limits`].
    #[error("has more than the {limit} {what} that are accepted")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
    /// Unpacks to far more than it holds.
    #[error("unpacks to more than {0} times its size; refused as a decompression bomb")]
    Bomb(u64),
    /// A damaged archive.
    #[error("is not a sound ZIP archive: {0}")]
    Archive(String),
    /// Neither of the encodings in use.
    #[error("is not text in UTF-8, UTF-16 or Shift_JIS (CP932): save it in one of these")]
    Encoding,
    /// UTF-8 with a broken character.
    #[error("is UTF-8 with a broken character; the file is damaged or cut off")]
    BrokenUtf8,
    /// The end is missing.
    #[error("is cut off: {0}")]
    CutOff(String),
    /// A row with more or fewer cells than the header.
    #[error("has {found} cells where the header has {expected}")]
    Ragged {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// A needed column that the header lacks.
    #[error("has no column `{column}`, which {group} needs; the header is: {header}")]
    NoColumn {
        /// The column.
        column: String,
        /// What was being read.
        group: String,
        /// The beginning of the header.
        header: String,
    },
    /// A cell of the key that is not what it must be.
    #[error("has `{found}` where {expected} must stand")]
    BadKey {
        /// What stands there.
        found: String,
        /// What must.
        expected: &'static str,
    },
    /// Not the format it was taken for.
    #[error("cannot be read as {format}: {why}")]
    Format {
        /// The format.
        format: &'static str,
        /// The parser's reason.
        why: String,
    },
    /// XML with a document type declaration.
    #[error("declares a document type (DTD); such XML is refused because entities can hide files and bombs")]
    Dtd,
    /// Nothing here is understood.
    #[error("is of no kind that is understood ({known}); say what it is with --as KIND")]
    UnknownKind {
        /// What is understood.
        known: String,
    },
    /// A kind name that does not exist.
    #[error("`{0}` is not a kind; the kinds are: {1}")]
    NoSuchKind(String, String),
}

impl IntakeError {
    /// Trouble with a file as a whole.
    pub fn new(file: impl Into<String>, trouble: Trouble) -> Self {
        IntakeError { file: file.into(), place: None, trouble }
    }
    /// Trouble at a place in a file.
    pub fn at(file: impl Into<String>, place: impl Into<String>, trouble: Trouble) -> Self {
        IntakeError { file: file.into(), place: Some(place.into()), trouble }
    }
    /// The sentence in a language.
    pub fn message(&self, lang: Lang) -> String {
        let names = self.trouble.names();
        match &self.place {
            Some(place) => format!("{}: {place}: {}", self.file, names.get(lang)),
            None => format!("{}: {}", self.file, names.get(lang)),
        }
    }
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl Trouble {
    /// What a person is told. The English is the `Display` of the error.
    pub fn names(&self) -> Names {
        Names::of(self.japanese(), self.to_string())
    }

    fn japanese(&self) -> String {
        match self {
            Trouble::Open(why) => format!("開けません：{why}"),
            Trouble::NotAFile => "ファイルでもフォルダでもありません".to_owned(),
            Trouble::Empty => "中身がありません".to_owned(),
            Trouble::TooMuch { what, limit } => format!("受け付ける上限（{what} {limit}）を超えています"),
            Trouble::Bomb(ratio) => format!("展開すると{ratio}倍を超えます。圧縮爆弾として拒みます"),
            Trouble::Archive(why) => format!("ZIPとして壊れています：{why}"),
            Trouble::Encoding => {
                "UTF-8・UTF-16・Shift_JIS（CP932）のいずれでもありません。いずれかで保存し直してください"
                    .to_owned()
            }
            Trouble::BrokenUtf8 => "UTF-8の文字が壊れています。破損しているか途中で切れています".to_owned(),
            Trouble::CutOff(why) => format!("途中で切れています：{why}"),
            Trouble::Ragged { found, expected } => {
                format!("列の数が{found}で、見出しの{expected}と合いません")
            }
            Trouble::NoColumn { column, group, header } => {
                format!("{group}に要る列「{column}」がありません。見出しは：{header}")
            }
            Trouble::BadKey { found, expected } => format!("「{found}」は{expected}ではありません"),
            Trouble::Format { format, why } => format!("{format}として読めません：{why}"),
            Trouble::Dtd => "文書型宣言（DTD）があります。実体参照の危険があるため拒みます".to_owned(),
            Trouble::UnknownKind { known } => {
                format!("種類が分かりません（読めるもの：{known}）。--as 種類 で指定してください")
            }
            Trouble::NoSuchKind(found, known) => {
                format!("「{found}」という種類はありません。種類は：{known}")
            }
        }
    }
}
