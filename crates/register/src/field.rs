//! Fields: the types a register's columns can have, and the shape of their values in JSON and TOML.

use std::collections::BTreeMap;

use base::Names;
use serde::{Deserialize, Serialize};

use crate::id::RegisterId;

/// A declared field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its type.
    #[serde(flatten)]
    pub kind: FieldType,
    /// The heading a person sees.
    pub label: Names,
    /// What exactly is meant, where the label does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Names>,
    /// A record without it (and without a reason why it is missing) is refused.
    #[serde(default)]
    pub required: bool,
    /// Its text is found by search.
    #[serde(default)]
    pub search: bool,
    /// Lists can be filtered by it.
    #[serde(default)]
    pub filter: bool,
    /// Unit shown in headings: 兆円, 件/年. Money carries its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// The type of a field, and how a value of it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FieldType {
    /// A string in the document's own language.
    Text,
    /// `{ ja = "…", en = "…" }`.
    Names,
    /// A whole number.
    Integer,
    /// A number as printed, written as a string to keep its precision (`"10"`, `"1.9"`).
    Decimal,
    /// `true` or `false`.
    Flag,
    /// `2025-02-07` (also read: `R7.2.7`).
    Date,
    /// A calendar year (年), a number.
    Year,
    /// A fiscal year (年度), a number.
    FiscalYear,
    /// Money as printed: `"7.7億円"`.
    Yen,
    /// One of the listed values.
    Choice {
        /// Value and what a person sees.
        options: BTreeMap<String, Names>,
    },
    /// `register:record`.
    Ref {
        /// The only register it may point into.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<RegisterId>,
    },
    /// A web address.
    Url,
    /// Several values of one type, in order.
    List {
        /// The type of each.
        of: Box<FieldType>,
    },
    /// Rows of named columns, each an object.
    Table {
        /// The columns.
        columns: BTreeMap<String, Field>,
    },
    /// For each item: is it met, and what shows it.
    Checklist {
        /// Item id and what a person sees.
        items: BTreeMap<String, Names>,
    },
}

impl FieldType {
    /// The columns of a table; none of any other type.
    pub fn columns(&self) -> impl Iterator<Item = (&String, &Field)> {
        match self {
            FieldType::Table { columns } => Some(columns),
            _ => None,
        }
        .into_iter()
        .flatten()
    }
    /// The word by which declarations name the type.
    pub fn name(&self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Names => "names",
            FieldType::Integer => "integer",
            FieldType::Decimal => "decimal",
            FieldType::Flag => "flag",
            FieldType::Date => "date",
            FieldType::Year => "year",
            FieldType::FiscalYear => "fiscal-year",
            FieldType::Yen => "yen",
            FieldType::Choice { .. } => "choice",
            FieldType::Ref { .. } => "ref",
            FieldType::Url => "url",
            FieldType::List { .. } => "list",
            FieldType::Table { .. } => "table",
            FieldType::Checklist { .. } => "checklist",
        }
    }
}
