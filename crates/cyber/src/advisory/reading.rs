//! What all readers of advisories share: bounds, errors, and the deviations a document is read in spite of. No format lives here.

use serde_json::{Map, Value};

/// The largest document read as one advisory, in bytes.
pub const LARGEST_DOCUMENT: usize = 64 << 20;

/// Why a document was not read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Above the bound.
    #[error("the document has {bytes} bytes; at most {LARGEST_DOCUMENT} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// No JSON, or nested deeper than 128.
    #[error("the document is no readable JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// No XML of the format, or beyond the bounds.
    #[error("the document is no readable XML: {0}")]
    Xml(String),
    /// No YAML, or beyond the bounds on aliases and nesting.
    #[error("the document is no readable YAML: {0}")]
    Yaml(String),
    /// The outermost value is no object.
    #[error("the document is no object")]
    NotAnObject,
    /// Without an id a record cannot be spoken of.
    #[error("the document has no text at {0}, so that the record has no name")]
    NoId(&'static str),
    /// A document that ends, or stops being JSON, between its records.
    #[error("the document breaks off in what begins at byte {at}")]
    Cut {
        /// Where what is not whole begins.
        at: usize,
    },
    /// A table without its head.
    #[error("the table has no column {0}")]
    NoColumn(&'static str),
}

/// Something read, and in what it departs from its format.
#[derive(Clone, Debug, PartialEq)]
pub struct Read<T> {
    /// What was read.
    pub value: T,
    /// Every departure, in the order of the document.
    pub deviations: Vec<Deviation>,
}

/// One departure from the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// Where: a JSON pointer, or `line:N` of a table.
    pub place: String,
    /// What.
    pub fault: Fault,
}

/// What may be wrong at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// A member the format requires is missing.
    Missing,
    /// A text was expected.
    NotText,
    /// A list was expected.
    NotList,
    /// An object was expected.
    NotObject,
    /// True or false was expected.
    NotBoolean,
    /// A number within its bounds was expected.
    NotNumber,
    /// A word outside the format's enumeration.
    UnknownWord,
    /// An event that tells nothing, or several things at once.
    UnclearEvent,
    /// A range without `introduced`.
    NoIntroduced,
    /// A range with both `fixed` and `last_affected`.
    FixedAndLastAffected,
    /// A name (CPE, package URL) that cannot be read.
    UnreadableName,
    /// A bound given both as included and as excluded.
    TwoBounds,
    /// Parts nested deeper than the format knows.
    TooDeep,
    /// A line of a table with too few or too many cells.
    OddLine,
}

/// Collects deviations while values are taken from a document.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) deviations: Vec<Deviation>,
}

impl Reader {
    pub(super) fn note(&mut self, place: impl Into<String>, fault: Fault) {
        self.deviations.push(Deviation { place: place.into(), fault });
    }

    /// The text of a member; absent and `null` are the same.
    pub(super) fn text(&mut self, object: &Map<String, Value>, member: &str, at: &str) -> Option<String> {
        match object.get(member) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.note(format!("{at}/{member}"), Fault::NotText);
                None
            }
        }
    }

    /// The truth value of a member.
    pub(super) fn boolean(&mut self, object: &Map<String, Value>, member: &str, at: &str) -> Option<bool> {
        match object.get(member) {
            None | Some(Value::Null) => None,
            Some(Value::Bool(value)) => Some(*value),
            Some(_) => {
                self.note(format!("{at}/{member}"), Fault::NotBoolean);
                None
            }
        }
    }

    /// A member that is an object.
    pub(super) fn object<'a>(
        &mut self,
        object: &'a Map<String, Value>,
        member: &str,
        at: &str,
    ) -> Option<&'a Map<String, Value>> {
        match object.get(member) {
            None | Some(Value::Null) => None,
            Some(Value::Object(members)) => Some(members),
            Some(_) => {
                self.note(format!("{at}/{member}"), Fault::NotObject);
                None
            }
        }
    }

    /// The items of a member that is a list.
    pub(super) fn list<'a>(&mut self, object: &'a Map<String, Value>, member: &str, at: &str) -> &'a [Value] {
        match object.get(member) {
            None | Some(Value::Null) => &[],
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.note(format!("{at}/{member}"), Fault::NotList);
                &[]
            }
        }
    }

    /// The items of a member that are objects, each with its place.
    pub(super) fn objects<'a>(
        &mut self,
        object: &'a Map<String, Value>,
        member: &str,
        at: &str,
    ) -> Vec<(String, &'a Map<String, Value>)> {
        let mut found = Vec::new();
        for (index, item) in self.list(object, member, at).iter().enumerate() {
            let place = format!("{at}/{member}/{index}");
            match item {
                Value::Object(members) => found.push((place, members)),
                _ => self.note(place, Fault::NotObject),
            }
        }
        found
    }

    /// The items of a member that are texts.
    pub(super) fn texts(&mut self, object: &Map<String, Value>, member: &str, at: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (index, item) in self.list(object, member, at).iter().enumerate() {
            match item {
                Value::String(text) => found.push(text.clone()),
                _ => self.note(format!("{at}/{member}/{index}"), Fault::NotText),
            }
        }
        found
    }

    pub(super) fn done<T>(self, value: T) -> Read<T> {
        Read { value, deviations: self.deviations }
    }
}

/// A JSON document within the bounds. `serde_json` refuses nesting beyond 128.
pub(super) fn json(bytes: &[u8]) -> Result<Map<String, Value>, ReadError> {
    within(bytes)?;
    match serde_json::from_slice(strip_mark(bytes))? {
        Value::Object(members) => Ok(members),
        _ => Err(ReadError::NotAnObject),
    }
}

pub(super) fn within(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.len() > LARGEST_DOCUMENT { Err(ReadError::TooLarge { bytes: bytes.len() }) } else { Ok(()) }
}

/// Without the byte order mark some publishers begin with.
pub(super) fn strip_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
