//! Headers: the key by which two spellings of a heading are the same heading, and the columns of a file matched to
//! the columns that are known.

use crate::csv_table::Table;
use crate::error::{IntakeError, Trouble};

use super::Group;
use super::columns::{self, COMMON, Column, To};

/// Width, blanks, brackets and dashes never distinguish headings; the long-vowel mark stands in for a dash in some.
pub(crate) fn header_key(heading: &str) -> String {
    base::text::name_key(heading).replace('ー', "-").trim_start_matches('\u{feff}').to_owned()
}

/// The columns of one file, matched.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Column of the sheet year.
    pub(crate) year: usize,
    /// Column of the programme id.
    pub(crate) id: usize,
    /// The other known columns, by position.
    pub(crate) columns: Vec<(usize, &'static Column)>,
    /// The year columns of a wide table.
    pub(crate) years: Vec<(usize, i32)>,
    /// Headings as printed.
    pub(crate) headings: Vec<String>,
    /// Positions that are not known; their cells are not read.
    pub(crate) unknown: Vec<usize>,
    /// Known headings that the file lacks.
    pub(crate) absent: Vec<&'static str>,
}

impl Layout {
    /// Matches a file's header to its group.
    pub(crate) fn of(file: &str, table: &Table<'_>, group: Group) -> Result<Self, IntakeError> {
        let headings: Vec<String> = table.header().map(|heading| heading.trim().to_owned()).collect();
        let keys: Vec<String> = headings.iter().map(|heading| header_key(heading)).collect();
        let find = |names: &[&str]| {
            let mut wanted = names.iter().map(|name| header_key(name));
            wanted.find_map(|wanted| keys.iter().position(|key| *key == wanted))
        };
        let lacking = |column: &str| {
            let header: String = headings.join(", ").chars().take(200).collect();
            let trouble = Trouble::NoColumn { column: column.to_owned(), group: group.names().en, header };
            IntakeError::at(file, "line 1", trouble)
        };
        if let Some(needed) = group.needs().iter().find(|needed| find(own_names(group, needed)).is_none()) {
            return Err(lacking(needed));
        }
        let (mut year, mut id) = (None, None);
        let (mut matched, mut absent) = (Vec::new(), Vec::new());
        for column in COMMON.iter().chain(columns::of(group)) {
            match (find(column.names), column.to) {
                (Some(at), To::Year) => year = Some(at),
                (Some(at), To::Id) => id = Some(at),
                (Some(at), _) => matched.push((at, column)),
                (None, _) => absent.push(column.names[0]),
            }
        }
        let (Some(year), Some(id)) = (year, id) else {
            return Err(lacking(if year.is_none() { "事業年度" } else { "予算事業ID" }));
        };
        let years = if group == Group::Results { year_columns(&headings) } else { Vec::new() };
        let known = |at: &usize| {
            *at == year
                || *at == id
                || matched.iter().any(|(seen, _)| seen == at)
                || years.iter().any(|(seen, _)| seen == at)
        };
        let unknown = (0..headings.len()).filter(|at| !known(at)).collect();
        Ok(Layout { year, id, columns: matched, years, headings, unknown, absent })
    }
}

/// All spellings of a needed column.
fn own_names(group: Group, needed: &&'static str) -> &'static [&'static str] {
    let column = columns::of(group).iter().find(|column| column.names.contains(needed));
    column.map_or(&[], |column| column.names)
}

fn year_columns(headings: &[String]) -> Vec<(usize, i32)> {
    let year = |heading: &str| {
        let digits = base::text::fold_width(heading.trim_end_matches("年度")).into_owned();
        digits.parse::<i32>().ok().filter(|year| (1990..=2100).contains(year))
    };
    headings.iter().enumerate().filter_map(|(at, heading)| Some((at, year(heading)?))).collect()
}
