//! Names of registers and records.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that cannot be an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an id: use letters, digits, `-`, `_`, `.` and at most 200 bytes (a reference is `register:record`)"
)]
pub struct NotAnId(pub String);

fn check(text: &str) -> Result<(), NotAnId> {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || text.len() > 200 || !text.chars().all(allowed) {
        return Err(NotAnId(text.to_owned()));
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks and wraps a text.
            pub fn new(text: impl Into<String>) -> Result<Self, NotAnId> {
                let text = text.into();
                check(&text)?;
                Ok($name(text))
            }
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                $name::new(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                $name::new(text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }
        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

id! {
    /// The id of a register, as its file is named: `samd-designation`.
    RegisterId
}
id! {
    /// The id of a record within its register: `rs-7174`, `plan-2.goal-b`.
    RecordId
}

/// A record of a register, written `register:record`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordRef {
    /// The register.
    pub register: RegisterId,
    /// The record in it.
    pub record: RecordId,
}

impl RecordRef {
    /// Checks both parts.
    pub fn new(register: &str, record: &str) -> Result<Self, NotAnId> {
        Ok(RecordRef { register: register.parse()?, record: record.parse()? })
    }
}

impl fmt::Display for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.register, self.record)
    }
}

impl FromStr for RecordRef {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (register, record) = text.split_once(':').ok_or_else(|| NotAnId(text.to_owned()))?;
        RecordRef::new(register, record)
    }
}

impl TryFrom<String> for RecordRef {
    type Error = NotAnId;
    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<RecordRef> for String {
    fn from(reference: RecordRef) -> String {
        reference.to_string()
    }
}
