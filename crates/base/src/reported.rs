//! A value, or why there is none. "Not yet", "none", "zero", "not printed" and "unknown" are different
//! answers, and a reader of the plan must be able to tell them apart.

use serde::{Deserialize, Serialize};

use crate::text::Names;

/// Why a value is absent. Zero is not among these: zero is a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// It will exist, but its time has not come (execution of the running year).
    NotYet,
    /// It was looked for, and there is none (no measure was taken).
    None,
    /// The document was read, and does not print it.
    NotPrinted,
    /// It cannot exist here.
    NotApplicable,
    /// Nobody has said.
    Unknown,
}

impl Missing {
    /// What a reader is shown.
    pub fn names(self) -> Names {
        match self {
            Missing::NotYet => Names::of("未確定", "not yet"),
            Missing::None => Names::of("なし", "none"),
            Missing::NotPrinted => Names::of("記載なし", "not printed"),
            Missing::NotApplicable => Names::of("該当なし", "not applicable"),
            Missing::Unknown => Names::of("不明", "unknown"),
        }
    }
}

/// A value as somebody reported it, or the reason why there is none.
///
/// In files a value stands as itself and an absence as `{ missing = "not-yet" }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Reported<T> {
    /// There is none, for a reason.
    Missing {
        /// The reason.
        missing: Missing,
    },
    /// The value.
    Value(T),
}

impl<T> Reported<T> {
    /// An absence.
    pub const fn missing(missing: Missing) -> Self {
        Reported::Missing { missing }
    }
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Reported::Value(value) => Some(value),
            Reported::Missing { .. } => None,
        }
    }
    /// The reason, if there is no value.
    pub fn reason(&self) -> Option<Missing> {
        match self {
            Reported::Value(_) => None,
            Reported::Missing { missing } => Some(*missing),
        }
    }
    /// The same absence, or the value changed by `f`.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Reported<U> {
        match self {
            Reported::Value(value) => Reported::Value(f(value)),
            Reported::Missing { missing } => Reported::Missing { missing },
        }
    }
}

impl<T> Default for Reported<T> {
    /// Nobody has said.
    fn default() -> Self {
        Reported::missing(Missing::Unknown)
    }
}

impl<T> From<Option<T>> for Reported<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Reported::default, Reported::Value)
    }
}
