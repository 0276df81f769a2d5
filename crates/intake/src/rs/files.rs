//! The files of a year: each taken apart once, its rows found by programme.

use base::Names;

use crate::bytes::Input;
use crate::csv_table::Table;
use crate::error::{IntakeError, Trouble};
use crate::limits::Limits;
use crate::reading::Remark;

use super::header::{Layout, header_key};
use super::{Group, cell};

/// What makes a sheet: its year and the budget-programme id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) year: i32,
    pub(crate) id: i64,
}

/// One CSV file.
#[derive(Debug)]
pub(crate) struct File<'a> {
    pub(crate) name: &'a str,
    pub(crate) group: Group,
    pub(crate) table: Table<'a>,
    pub(crate) layout: Layout,
    pub(crate) bytes: usize,
    /// Its rows in the order of their keys, and as printed within a key.
    rows: Vec<(Key, u32)>,
}

impl<'a> File<'a> {
    pub(crate) fn parse(name: &'a str, text: &'a str, limits: &Limits) -> Result<Self, IntakeError> {
        let table = Table::parse(name, text, limits)?;
        let keys: Vec<String> = table.header().map(|heading| header_key(&heading)).collect();
        let group = Group::of_header(&keys).ok_or_else(|| {
            let why = "its header is of none of the groups 1-1 to 6-1 (事業年度 and 予算事業ID must be among the columns)";
            let trouble = Trouble::Format { format: "RS system CSV", why: why.to_owned() };
            IntakeError::at(name, "line 1", trouble)
        })?;
        let layout = Layout::of(name, &table, group)?;
        let mut rows = Vec::with_capacity(table.rows());
        for row in 0..table.rows() {
            let key = key(name, &table, &layout, row)?;
            rows.push((key, u32::try_from(row).unwrap_or(u32::MAX)));
        }
        rows.sort_by_key(|(key, _)| *key);
        Ok(File { name, group, table, layout, bytes: text.len(), rows })
    }

    /// The rows of one sheet, in the order of the file.
    pub(crate) fn rows_of(&self, key: Key) -> impl Iterator<Item = usize> + '_ {
        let from = self.rows.partition_point(|(other, _)| *other < key);
        self.rows[from..].iter().take_while(move |(other, _)| *other == key).map(|(_, row)| *row as usize)
    }

    /// The sheet years it speaks of.
    pub(crate) fn years(&self) -> impl Iterator<Item = i32> + '_ {
        let mut last = None;
        self.rows.iter().map(|(key, _)| key.year).filter(move |year| last.replace(*year) != Some(*year))
    }
}

fn key(name: &str, table: &Table<'_>, layout: &Layout, row: usize) -> Result<Key, IntakeError> {
    let (year, id) = (table.raw(row, layout.year), table.raw(row, layout.id));
    let bad = |found: &str, expected| {
        let found = found.chars().take(40).collect();
        IntakeError::at(name, format!("line {}", table.line(row)), Trouble::BadKey { found, expected })
    };
    let read_year =
        cell::content(year).and_then(cell::year).ok_or_else(|| bad(year, "事業年度 (a fiscal year)"))?;
    let read_id = cell::content(id).and_then(cell::whole).filter(|id| *id >= 0);
    Ok(Key { year: read_year, id: read_id.ok_or_else(|| bad(id, "予算事業ID (a whole number)"))? })
}

/// Every key of any file, in order.
pub(crate) fn keys(files: &[File<'_>]) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for file in files {
        let mut last = None;
        keys.extend(file.rows.iter().map(|(key, _)| *key).filter(|key| last.replace(*key) != Some(*key)));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Positions of the inputs that are not byte for byte another one; downloads are often kept both zipped and not.
pub(crate) fn without_copies(inputs: &[Input], remarks: &mut Vec<Remark>) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        match kept.iter().find(|seen| inputs[**seen].bytes == input.bytes) {
            Some(seen) => {
                let first = &inputs[*seen].name;
                let text = Names::of(
                    format!("{first} と同じ内容なので一度だけ読みます"),
                    format!("the same as {first}; read once"),
                );
                remarks.push(Remark::note(&input.name, text));
            }
            None => kept.push(at),
        }
    }
    kept
}

/// Where two files of a group speak of the same sheet, the first is kept: two editions must not be added together.
pub(crate) fn one_file_per_sheet(files: &mut [File<'_>], remarks: &mut Vec<Remark>) {
    for later in 1..files.len() {
        let (before, rest) = files.split_at_mut(later);
        let file = &mut rest[0];
        let rivals: Vec<&File<'_>> = before.iter().filter(|other| other.group == file.group).collect();
        if rivals.is_empty() {
            continue;
        }
        let held = |key: Key| {
            rivals.iter().find(|rival| rival.rows_of(key).next().is_some()).map(|rival| rival.name)
        };
        let mut doubles: Vec<(Key, &str)> =
            file.rows.iter().filter_map(|(key, _)| Some((*key, held(*key)?))).collect();
        doubles.dedup();
        for (key, first) in &doubles {
            let sheet = format!("{}-{}", key.year, key.id);
            let text = Names::of(
                format!("シート{sheet}は {first} にもあります。そちらだけを読みました"),
                format!("sheet {sheet} is in {first} too; only that one was read"),
            );
            remarks.push(Remark::warning(file.name, text));
        }
        file.rows.retain(|(key, _)| doubles.binary_search_by_key(key, |(double, _)| *double).is_err());
    }
}
