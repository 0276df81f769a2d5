//! The follow-up table as it was read, before it becomes records.

use base::FiscalYear;

/// The three columns, in the order they stand on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The measure, ending in its ministries: 該当箇所.
    Measure,
    /// What was done in the year of results: 実績・状況.
    Results,
    /// What is planned for the next: 取組予定.
    Plans,
}

impl Column {
    /// All, from left to right.
    pub const ALL: [Column; 3] = [Column::Measure, Column::Results, Column::Plans];

    /// Position from the left, from 0.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The id used in records.
    pub fn id(self) -> &'static str {
        match self {
            Column::Measure => "measure",
            Column::Results => "results",
            Column::Plans => "plans",
        }
    }
}

/// One cell, put together again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The text, its lines joined without inserting anything.
    pub text: String,
    /// The lines of the file it came from, from 1; empty for forms without lines.
    pub lines: Vec<u32>,
    /// How sure the reader is that all of this text, and no other, belongs here: 0 to 100.
    pub confidence: u8,
    /// What a person should look at, in the file's own words.
    pub doubts: Vec<Doubt>,
}

/// A piece of a cell that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The line it stands on.
    pub line: u32,
    /// The piece as printed.
    pub piece: String,
    /// The column that fits next best, or none where only the row is in doubt.
    pub rival: Option<Column>,
    /// 0 to 100.
    pub confidence: u8,
}

/// One measure of one year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The vision heading it stands under: (1)「…」に向けて, without the number and the closing words.
    pub vision: Option<String>,
    /// The goal heading it stands under, without its brackets.
    pub goal: Option<String>,
    /// The measure heading it stands under.
    pub heading: Option<String>,
    /// Its cells, by [`Column::index`].
    pub cells: [Cell; 3],
    /// Ministries where the table has a column of its own for them (担当).
    pub ministries: Option<String>,
    /// Columns whose beginning is lost in the file.
    pub beginning_lost: Vec<Column>,
    /// Columns whose end is lost in the file.
    pub end_lost: Vec<Column>,
    /// Nothing in the file ties this row's cells together: where it begins is inferred.
    pub start_inferred: bool,
}

/// A goal that the table only repeats by reference (再掲, 上記参照).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeated {
    /// The vision heading it stands under.
    pub vision: Option<String>,
    /// The goal.
    pub goal: String,
    /// The line.
    pub line: u32,
}

/// A page, or several, of the follow-up table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The title of the document, as printed.
    pub title: Option<String>,
    /// Where the document was published, as printed.
    pub url: Option<String>,
    /// The meeting it was a paper of, as printed.
    pub meeting: Option<String>,
    /// Pages, as printed.
    pub pages: Vec<u32>,
    /// The file says that a machine read the text.
    pub machine_read: bool,
    /// The year of the results column.
    pub results_year: Option<FiscalYear>,
    /// The year of the plans column.
    pub plans_year: Option<FiscalYear>,
    /// The rows, in the order of the table.
    pub rows: Vec<Row>,
    /// Goals repeated by reference.
    pub repeated: Vec<Repeated>,
    /// Line ranges that repeat earlier ones and were read once, as (first, last, first of the original).
    pub duplicates: Vec<(u32, u32, u32)>,
}

impl Row {
    /// A cell by column.
    pub fn cell(&self, column: Column) -> &Cell {
        &self.cells[column.index()]
    }
}
