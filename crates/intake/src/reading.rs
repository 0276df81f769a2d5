//! What every reader gives back: the records, and what was read, what was not, and why.

use std::collections::HashMap;

use base::Names;
use register::Record;

use crate::Kind;

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know: a group that is absent, a column that is not used.
    Note,
    /// Something is off and a person should look; what could be read is kept.
    Warning,
}

/// Something a reader noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// How much it matters.
    pub severity: Severity,
    /// File and place: `1-2.csv line 12`, an element path.
    pub place: String,
    /// What was noticed.
    pub text: Names,
}

impl Remark {
    /// Good to know.
    pub fn note(place: impl Into<String>, text: Names) -> Self {
        Remark { severity: Severity::Note, place: place.into(), text }
    }
    /// A person should look.
    pub fn warning(place: impl Into<String>, text: Names) -> Self {
        Remark { severity: Severity::Warning, place: place.into(), text }
    }
}

/// One file that went into a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRead {
    /// Its name.
    pub file: String,
    /// What it turned out to be.
    pub what: Names,
    /// Its size, unpacked.
    pub bytes: usize,
    /// Its rows, sheets or elements.
    pub rows: usize,
}

/// The result of reading one source: a file, or several that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The kind.
    pub kind: Kind,
    /// The files.
    pub files: Vec<FileRead>,
    /// The records, complete and in a fixed order.
    pub records: Vec<Record>,
    /// What was noticed.
    pub remarks: Vec<Remark>,
}

impl Reading {
    /// One sentence: how many records came out of how much.
    pub fn summary(&self) -> Names {
        let rows: usize = self.files.iter().map(|file| file.rows).sum();
        let (files, records) = (self.files.len(), self.records.len());
        Names::of(
            format!("{}：{files}ファイル・{rows}行から{records}件", self.kind.names().ja),
            format!("{}: {records} records from {files} files, {rows} rows", self.kind.names().en),
        )
    }
}

/// Whether a record that was read gives way to what is on record of it already. A document's title, status and address were
/// written with more knowledge than a file carries in itself; what a person has said of a row, with the original beside it, is
/// better than what a machine reads of it once more.
pub fn yields_to(read: &Record, recorded: &Record) -> bool {
    let by_machine = !read.sources.is_empty() && read.sources.iter().all(|source| source.machine_read);
    let by_person = recorded.sources.iter().any(|source| source.said_by.is_some());
    read.register == "document" || (by_machine && by_person)
}

/// The first remarks of every sort, and how many there are beyond them. Remarks that differ in figures and quotations only are
/// of one sort.
pub fn few_of_each_sort(remarks: &[Remark], few: usize) -> (Vec<&Remark>, usize) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let shown: Vec<&Remark> = remarks
        .iter()
        .filter(|remark| {
            let count = seen.entry(sort(remark)).or_default();
            *count += 1;
            *count <= few
        })
        .collect();
    let hidden = remarks.len() - shown.len();
    (shown, hidden)
}

fn sort(remark: &Remark) -> String {
    let mut quoted = false;
    let mut is_of_the_sort = |c: &char| {
        quoted = match c {
            '「' | '“' | '`' if !quoted => true,
            '」' | '”' | '`' => false,
            _ => quoted,
        };
        !quoted && !c.is_numeric()
    };
    remark.text.ja.chars().filter(&mut is_of_the_sort).collect()
}

/// How far a long reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 while unknown.
    pub total: u64,
}

/// The stages of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Opening and unpacking; steps are bytes.
    Opening,
    /// Taking files apart; steps are files.
    Parsing,
    /// Making records; steps are records.
    Building,
}

impl Stage {
    /// What a person is shown.
    pub fn names(self) -> Names {
        match self {
            Stage::Opening => Names::of("開いています", "opening"),
            Stage::Parsing => Names::of("読んでいます", "reading"),
            Stage::Building => Names::of("記録にまとめています", "building records"),
        }
    }
}

/// Whoever wants to know how far a reading has come.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Sync);
