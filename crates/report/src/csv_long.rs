//! Tables for machines: long-form CSV with its data dictionary. What may be written follows the Digital
//! Agency's machine-readability rules; a table that breaks one is refused, never bent.
//!
//! | rule (machine_readability_rule) | here |
//! |---|---|
//! | L1-09 a blank is not zero | an absent value is a blank cell, and `<column>_missing` says why |
//! | L1-14 one record a line | every row has every column; line feeds inside a text become blanks |
//! | L2-01 number cells hold only numbers | a column's type is checked cell by cell; no digit grouping, no unit |
//! | L2-02 no omitted labels | a key column is never blank |
//! | L3-04 units | in the dictionary, one per column |
//! | L3-05 western years | years are four digits, days `2025-02-07` |
//! | L3-08 definitions | the dictionary, in Japanese and English |
//! | L3-09 long form | years are rows; a column named after a year is refused |

use std::collections::HashSet;

use base::{Missing, Names};

use crate::Number;

/// A table of records of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LongTable {
    /// Its name, also the file's: small letters, digits and underscores.
    pub name: String,
    /// Its columns in the order in which they are written.
    pub columns: Vec<ColumnDef>,
    /// Its records, each with a value for every column.
    pub rows: Vec<Vec<Value>>,
}

/// A column and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnDef {
    /// Its name in the file: small letters, digits and underscores.
    pub name: String,
    /// What its cells hold.
    pub kind: Kind,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// What it means.
    pub definition: Names,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text that names the record, or part of its name. Never blank.
    Key,
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Decimal numbers.
    Decimal,
    /// Western years of four digits.
    Year,
    /// Days.
    Date,
    /// `true` or `false`.
    Flag,
}

/// The value of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number or a year.
    Number(Number),
    /// A day.
    Date(jiff::civil::Date),
    /// Yes or no.
    Flag(bool),
    /// There is none, for a reason.
    Missing(Missing),
}

/// The encoding of the file. Both are UTF-8, which a published file has to state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Without a byte order mark.
    #[default]
    Utf8,
    /// With a byte order mark, which spreadsheets in Japan need to open a file by double click.
    Utf8WithBom,
}

impl Encoding {
    /// As it is stated beside the file.
    pub fn stated(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8 (no BOM)",
            Encoding::Utf8WithBom => "UTF-8 with BOM",
        }
    }
}

/// A table that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenRule {
    /// A name that other tools trip over.
    #[error(
        "`{0}` is not a name for a table or column: use small letters, digits and `_`, beginning with a letter"
    )]
    Name(String),
    /// Two columns of one name, or one that a `_missing` column would collide with.
    #[error("table `{table}`: two columns would be named `{column}`")]
    Twice {
        /// The table.
        table: String,
        /// The name.
        column: String,
    },
    /// L3-09.
    #[error(
        "table `{table}`: column `{column}` is named after a year; write one row a year instead (rule L3-09)"
    )]
    YearAsColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// L3-08.
    #[error("table `{table}`: column `{column}` is not defined in both languages (rule L3-08)")]
    Undefined {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// L1-14.
    #[error("table `{table}`, record {row}: {found} values for {wanted} columns (rule L1-14)")]
    Ragged {
        /// The table.
        table: String,
        /// The record, from 1.
        row: usize,
        /// Values in it.
        found: usize,
        /// Columns.
        wanted: usize,
    },
    /// L2-01, L2-02, L3-05.
    #[error("table `{table}`, record {row}, column `{column}`: {why}")]
    Cell {
        /// The table.
        table: String,
        /// The record, from 1.
        row: usize,
        /// The column.
        column: String,
        /// What is wrong, with the rule.
        why: String,
    },
}

impl ColumnDef {
    /// A column defined in Japanese and English.
    pub fn new(name: impl Into<String>, kind: Kind, ja: impl Into<String>, en: impl Into<String>) -> Self {
        ColumnDef { name: name.into(), kind, unit: None, definition: Names::of(ja, en) }
    }
    /// The unit of its numbers.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }
}

impl LongTable {
    /// A table without records.
    pub fn new(name: impl Into<String>, columns: impl IntoIterator<Item = ColumnDef>) -> Self {
        LongTable { name: name.into(), columns: columns.into_iter().collect(), rows: Vec::new() }
    }
    /// The file's bytes, or the first rule that the table breaks.
    pub fn csv(&self, encoding: Encoding) -> Result<Vec<u8>, BrokenRule> {
        self.check()?;
        let mut lines = vec![self.header()];
        lines.extend(self.rows.iter().map(|row| self.line(row)));
        Ok(written(&lines, encoding))
    }
    /// What every column of the written file means: a CSV of its own.
    pub fn dictionary(&self, encoding: Encoding) -> Result<Vec<u8>, BrokenRule> {
        self.check_columns()?;
        let head = ["table", "column", "type", "unit", "definition_ja", "definition_en", "encoding"];
        let mut lines = vec![head.map(str::to_owned).to_vec()];
        for column in &self.columns {
            let definition = (column.definition.ja.clone(), column.definition.en.clone());
            lines.push(self.entry(
                &column.name,
                column.kind.name(),
                column.unit.clone(),
                definition,
                encoding,
            ));
            if column.kind.may_be_missing() {
                let definition = (
                    format!(
                        "{}の値がない理由：not-yet 未確定、none なし、not-printed 記載なし、not-applicable 該当なし、unknown 不明。空欄は値があること",
                        column.name
                    ),
                    format!(
                        "why {} has no value: not-yet, none, not-printed, not-applicable or unknown; blank where there is one",
                        column.name
                    ),
                );
                lines.push(self.entry(&missing_name(column), "code", None, definition, encoding));
            }
        }
        Ok(written(&lines, encoding))
    }
    /// Whether the table follows the rules.
    pub fn check(&self) -> Result<(), BrokenRule> {
        self.check_columns()?;
        self.rows.iter().enumerate().try_for_each(|(index, row)| self.check_row(index + 1, row))
    }

    fn check_columns(&self) -> Result<(), BrokenRule> {
        let mut seen = HashSet::new();
        if !is_name(&self.name) {
            return Err(BrokenRule::Name(self.name.clone()));
        }
        for name in self.header() {
            let column = name.clone();
            if !is_name(&name) {
                return Err(BrokenRule::Name(name));
            }
            if has_year(&name) {
                return Err(BrokenRule::YearAsColumn { table: self.name.clone(), column });
            }
            if !seen.insert(name) {
                return Err(BrokenRule::Twice { table: self.name.clone(), column });
            }
        }
        let undefined =
            self.columns.iter().find(|c| c.definition.ja.is_empty() || c.definition.en.is_empty());
        undefined.map_or(Ok(()), |column| {
            Err(BrokenRule::Undefined { table: self.name.clone(), column: column.name.clone() })
        })
    }

    fn check_row(&self, row: usize, values: &[Value]) -> Result<(), BrokenRule> {
        let table = self.name.clone();
        let (found, wanted) = (values.len(), self.columns.len());
        if found != wanted {
            return Err(BrokenRule::Ragged { table, row, found, wanted });
        }
        for (column, value) in self.columns.iter().zip(values) {
            column.kind.check(value).map_err(|why| BrokenRule::Cell {
                table: table.clone(),
                row,
                column: column.name.clone(),
                why,
            })?;
        }
        Ok(())
    }

    fn header(&self) -> Vec<String> {
        let names = self.columns.iter().flat_map(|column| {
            let missing = column.kind.may_be_missing().then(|| missing_name(column));
            std::iter::once(column.name.clone()).chain(missing)
        });
        names.collect()
    }

    fn line(&self, row: &[Value]) -> Vec<String> {
        let mut line = Vec::with_capacity(row.len() * 2);
        for (column, value) in self.columns.iter().zip(row) {
            line.push(shown(value));
            if column.kind.may_be_missing() {
                line.push(if let Value::Missing(reason) = value {
                    code(*reason).into()
                } else {
                    String::new()
                });
            }
        }
        line
    }

    fn entry(
        &self,
        column: &str,
        kind: &str,
        unit: Option<String>,
        (ja, en): (String, String),
        encoding: Encoding,
    ) -> Vec<String> {
        let (table, column, kind) = (self.name.clone(), column.to_owned(), kind.to_owned());
        vec![table, column, kind, unit.unwrap_or_default(), ja, en, encoding.stated().to_owned()]
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Key => "key",
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Decimal => "decimal",
            Kind::Year => "year",
            Kind::Date => "date",
            Kind::Flag => "flag",
        }
    }
    fn may_be_missing(self) -> bool {
        self != Kind::Key
    }
    fn check(self, value: &Value) -> Result<(), String> {
        match (self, value) {
            (Kind::Key, Value::Missing(_)) => Err("a key is never blank (rule L2-02)".into()),
            (Kind::Key, Value::Text(text)) if text.trim().is_empty() => {
                Err("a key is never blank (rule L2-02)".into())
            }
            (Kind::Text, Value::Text(text)) if text.trim().is_empty() => {
                Err("a blank text does not say why there is none: give a reason (rule L1-09)".into())
            }
            (Kind::Year, Value::Number(Number::Integer(1868..=2200)))
            | (Kind::Key | Kind::Text, Value::Text(_))
            | (Kind::Integer, Value::Number(Number::Integer(_)))
            | (Kind::Decimal, Value::Number(_))
            | (Kind::Date, Value::Date(_))
            | (Kind::Flag, Value::Flag(_))
            | (_, Value::Missing(_)) => Ok(()),
            (Kind::Year, Value::Number(number)) => {
                Err(format!("{number} is not a western year (rule L3-05)"))
            }
            (kind, value) => Err(format!("`{}` is not of type {} (rule L2-01)", shown(value), kind.name())),
        }
    }
}

fn missing_name(column: &ColumnDef) -> String {
    format!("{}_missing", column.name)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// `budget_2025`, `fy2025`, `r7`.
fn has_year(name: &str) -> bool {
    name.split('_').any(|part| {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let prefix = &part[..part.len() - digits.len()];
        let number: Option<u32> = digits.parse().ok();
        match (prefix, number) {
            ("" | "fy" | "y", Some(number)) => (1868..=2200).contains(&number),
            ("r" | "h" | "s", Some(number)) => (1..=64).contains(&number),
            _ => false,
        }
    })
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => {
            text.split(['\r', '\n']).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
        }
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Missing(_) => String::new(),
    }
}

/// The same words as in records.
fn code(reason: Missing) -> &'static str {
    match reason {
        Missing::NotYet => "not-yet",
        Missing::None => "none",
        Missing::NotPrinted => "not-printed",
        Missing::NotApplicable => "not-applicable",
        Missing::Unknown => "unknown",
    }
}

/// Lines end in CR LF and cells are quoted where needed (RFC 4180).
fn written(lines: &[Vec<String>], encoding: Encoding) -> Vec<u8> {
    let mut bytes = match encoding {
        Encoding::Utf8 => Vec::new(),
        Encoding::Utf8WithBom => "\u{FEFF}".as_bytes().to_vec(),
    };
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(&mut bytes);
    for line in lines {
        // Writing into memory cannot fail.
        let _ = writer.write_record(line);
    }
    let _ = writer.flush();
    drop(writer);
    bytes
}
