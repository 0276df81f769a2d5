//! What a document does otherwise than its format says: each deviation with its grade and its place. Reading goes on after
//! one; whether it refuses the document is for the caller (`Reading::strict`).

use std::fmt;

use base::Names;

/// Where something stands in a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A JSON pointer (RFC 6901); empty for the whole document.
    Pointer(Box<str>),
    /// A line, counted from 1, of XML or tag-value, and the path of elements or the tag.
    Line {
        /// The line.
        line: u32,
        /// `bom/components/component`, or a tag.
        path: Box<str>,
    },
}

impl Place {
    /// A line without a path.
    pub(crate) fn line(line: u64, path: &str) -> Self {
        Place::Line { line: u32::try_from(line).unwrap_or(u32::MAX), path: path.into() }
    }

    /// For a person.
    pub fn names(&self) -> Names {
        let ja = match self {
            Place::Pointer(pointer) if pointer.is_empty() => "文書全体".to_owned(),
            Place::Pointer(pointer) => pointer.to_string(),
            Place::Line { line, path } if path.is_empty() => format!("{line}行目"),
            Place::Line { line, path } => format!("{line}行目（{path}）"),
        };
        Names::of(ja, self.to_string())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Pointer(pointer) if pointer.is_empty() => write!(f, "the document"),
            Place::Pointer(pointer) => write!(f, "{pointer}"),
            Place::Line { line, path } if path.is_empty() => write!(f, "line {line}"),
            Place::Line { line, path } => write!(f, "line {line} ({path})"),
        }
    }
}

/// How grave a deviation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// The specification allows it but advises against it, or only other documents can tell.
    Warning,
    /// The specification forbids it; a strict reading refuses the document.
    Error,
}

/// One deviation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// How grave.
    pub grade: Grade,
    /// Where.
    pub place: Place,
    /// What.
    pub kind: DeviationKind,
}

/// What a document does otherwise than its format says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviationKind {
    /// A version of the format that is not known; it was read as the nearest known one.
    UnknownVersion(String),
    /// A member, element, attribute or tag that the format does not have here.
    Unknown(String),
    /// One that the format does have, but in another version than the document's.
    OtherVersion(String),
    /// A required one is missing.
    Missing(String),
    /// One that may stand once stands again.
    Repeated(String),
    /// An element stands in the wrong order.
    Misplaced(String),
    /// Text where only elements may stand.
    StrayText(String),
    /// Another type of value.
    WrongType {
        /// The type that is asked for.
        expected: &'static str,
        /// The type that was found.
        found: &'static str,
    },
    /// A value that its list does not have.
    NotListed {
        /// The value.
        value: String,
        /// The list.
        list: String,
    },
    /// A value of another form.
    WrongForm {
        /// The value.
        value: String,
        /// The name of the form.
        form: String,
    },
    /// A number, length or count beyond its bounds.
    OutOfBounds {
        /// What was found.
        found: String,
        /// The bounds, as `1..1024`.
        bounds: String,
    },
    /// The same item twice in a list of distinct items.
    SameItem,
    /// None, or more than one, of several forms that exclude each other.
    Alternatives(String),
    /// Members that exclude each other.
    Together(String),
    /// A reference that another object already has.
    SameReference(String),
    /// A reference to nothing.
    Dangling(String),
    /// An object that depends on itself, directly or through others.
    Cycle(String),
}

impl DeviationKind {
    /// The sentence for a person.
    pub fn text(&self) -> Names {
        use DeviationKind as K;
        match self {
            K::UnknownVersion(v) => Names::of(
                format!("版「{v}」は知られていないため、最も近い版として読みました"),
                format!("version “{v}” is not known; it was read as the nearest known one"),
            ),
            K::Unknown(name) => Names::of(
                format!("「{name}」はこの場所の規格にありません"),
                format!("“{name}” is not part of the format here"),
            ),
            K::OtherVersion(name) => Names::of(
                format!("「{name}」はこの文書の版の規格にはありません"),
                format!("“{name}” is not part of the format in this document's version"),
            ),
            K::Missing(name) => Names::of(
                format!("必須の「{name}」がありません"),
                format!("the required “{name}” is missing"),
            ),
            K::Repeated(name) => {
                Names::of(format!("「{name}」が重複しています"), format!("“{name}” stands more than once"))
            }
            K::Misplaced(name) => Names::of(
                format!("「{name}」の順序が規格と異なります"),
                format!("“{name}” stands out of order"),
            ),
            K::StrayText(text) => Names::of(
                format!("要素の間に文字「{text}」があります"),
                format!("there is text between elements: “{text}”"),
            ),
            K::WrongType { expected, found } => Names::of(
                format!("型が {expected} ではなく {found} です"),
                format!("is {found} where {expected} is asked for"),
            ),
            K::NotListed { value, list } => Names::of(
                format!("「{value}」は一覧 {list} にありません"),
                format!("“{value}” is not in the list {list}"),
            ),
            K::WrongForm { value, form } => Names::of(
                format!("「{value}」は {form} の形ではありません"),
                format!("“{value}” is not of the form {form}"),
            ),
            K::OutOfBounds { found, bounds } => {
                Names::of(format!("{found} は範囲 {bounds} の外です"), format!("{found} is outside {bounds}"))
            }
            K::SameItem => Names::of("同じ項目が二度あります", "the same item stands twice"),
            K::Alternatives(names) => Names::of(
                format!("{names} のうち一つだけが必要です"),
                format!("exactly one of {names} is asked for"),
            ),
            K::Together(names) => {
                Names::of(format!("{names} は同時に使えません"), format!("{names} exclude each other"))
            }
            K::SameReference(name) => Names::of(
                format!("参照名「{name}」が二度使われています"),
                format!("the reference “{name}” is used twice"),
            ),
            K::Dangling(name) => Names::of(
                format!("参照先「{name}」がありません"),
                format!("“{name}” refers to nothing in the document"),
            ),
            K::Cycle(name) => Names::of(
                format!("「{name}」の依存関係が循環しています"),
                format!("“{name}” depends on itself"),
            ),
        }
    }
}

impl DeviationKind {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        self.kinds().0
    }

    /// What all deviations of this kind have in common, for a person.
    pub fn name(&self) -> Names {
        let (_, ja, en) = self.kinds();
        Names::of(ja, en)
    }

    fn kinds(&self) -> (&'static str, &'static str, &'static str) {
        use DeviationKind as K;
        match self {
            K::UnknownVersion(_) => {
                ("sbom-unknown-version", "知られていない版", "unknown version of the format")
            }
            K::Unknown(_) => ("sbom-unknown-member", "規格にない項目", "not part of the format"),
            K::OtherVersion(_) => {
                ("sbom-other-version", "ほかの版の項目", "part of another version of the format")
            }
            K::Missing(_) => ("sbom-missing-member", "必須項目の欠落", "required member missing"),
            K::Repeated(_) => ("sbom-repeated", "重複した項目", "stands more than once"),
            K::Misplaced(_) => ("sbom-misplaced", "順序の相違", "out of order"),
            K::StrayText(_) => ("sbom-stray-text", "要素の間の文字", "text between elements"),
            K::WrongType { .. } => ("sbom-wrong-type", "型の相違", "wrong type"),
            K::NotListed { .. } => ("sbom-not-listed", "一覧にない値", "value outside its list"),
            K::WrongForm { .. } => ("sbom-wrong-form", "形式の相違", "value of another form"),
            K::OutOfBounds { .. } => ("sbom-out-of-bounds", "範囲外", "outside its bounds"),
            K::SameItem => ("sbom-same-item", "同じ項目の繰り返し", "the same item twice"),
            K::Alternatives(_) => ("sbom-alternatives", "択一の違反", "alternatives not respected"),
            K::Together(_) => ("sbom-together", "排他の違反", "members that exclude each other"),
            K::SameReference(_) => ("sbom-same-reference", "参照名の重複", "reference used twice"),
            K::Dangling(_) => ("sbom-dangling", "参照先なし", "reference to nothing"),
            K::Cycle(_) => ("sbom-cycle", "依存の循環", "dependency on itself"),
        }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind.text().en)
    }
}

/// Deviations as they are found, bounded.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) kept: Vec<Deviation>,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    limit: usize,
}

impl Found {
    pub(crate) fn new(limit: usize) -> Self {
        Found { kept: Vec::new(), errors: 0, warnings: 0, limit }
    }
    pub(crate) fn error(&mut self, place: Place, kind: DeviationKind) {
        self.push(Deviation { grade: Grade::Error, place, kind });
    }
    pub(crate) fn warning(&mut self, place: Place, kind: DeviationKind) {
        self.push(Deviation { grade: Grade::Warning, place, kind });
    }
    pub(crate) fn push(&mut self, deviation: Deviation) {
        match deviation.grade {
            Grade::Error => self.errors += 1,
            Grade::Warning => self.warnings += 1,
        }
        if self.kept.len() < self.limit {
            self.kept.push(deviation);
        }
    }
    /// An empty one with the same bound, to be appended.
    pub(crate) fn beside(&self) -> Self {
        Found::new(self.limit)
    }
    pub(crate) fn append(&mut self, other: Found) {
        let (unkept_errors, unkept_warnings) = (
            other.errors - other.kept.iter().filter(|one| one.grade == Grade::Error).count(),
            other.warnings - other.kept.iter().filter(|one| one.grade == Grade::Warning).count(),
        );
        other.kept.into_iter().for_each(|one| self.push(one));
        self.errors += unkept_errors;
        self.warnings += unkept_warnings;
    }
}

/// A value as it is shown in a deviation: not longer than a line.
pub(crate) fn shown(value: &str) -> String {
    match value.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value.to_owned(),
    }
}
