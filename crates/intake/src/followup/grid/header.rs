//! The head of the table: which column is the measure, the results, the plans, the ministries; in one row or in
//! several, in any spelling of the years.

use base::FiscalYear;
use base::text::fold_width;

use super::{Grid, GridRow, Slot};
use crate::followup::anatomy;
use crate::followup::table::Column;

/// What a column of the grid holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// One of the table's three.
    Cell(Column),
    /// The ministries, in a column of their own.
    Ministries,
}

/// The head of a table, found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Its rows in the grid.
    pub rows: std::ops::Range<usize>,
    /// Roles by column; none for a column that is not of the follow-up table.
    pub roles: Vec<Option<Role>>,
    pub results_year: Option<FiscalYear>,
    pub plans_year: Option<FiscalYear>,
    /// No column is named as the measure's: the one beside the results was taken.
    pub measure_inferred: bool,
}

/// The most rows a head is set in.
const TALLEST: usize = 3;
/// Rows of titles and notes above a head are fewer.
const SEARCHED: usize = 2_000;
/// No head of a column has as many bytes.
const LONGEST_HEAD: usize = 300;
/// Longest name of a column without its year and remarks in brackets.
const LONGEST_NAME: usize = 14;

impl Header {
    /// The first and fullest head of a grid.
    pub(super) fn find(grid: &Grid) -> Option<Header> {
        let mut best: Option<(usize, Header)> = None;
        for start in 0..grid.rows.len().min(SEARCHED) {
            for height in 1..=TALLEST.min(grid.rows.len() - start) {
                let Some(header) = Header::at(&grid.rows, start, height) else { continue };
                let worth = 4 * header.worth() - height;
                if best.as_ref().is_none_or(|(other, _)| worth > *other) {
                    best = Some((worth, header));
                }
            }
        }
        best.map(|(_, header)| header)
    }

    /// The head in these rows, if they are one.
    pub(super) fn at(rows: &[GridRow], start: usize, height: usize) -> Option<Header> {
        let rows_of_head = rows.get(start..start + height)?;
        if rows_of_head.iter().any(|row| row.outside) {
            return None;
        }
        let width = rows_of_head.iter().map(|row| row.slots.len()).max()?;
        let mut header = Header {
            rows: start..start + height,
            roles: vec![None; width],
            results_year: None,
            plans_year: None,
            measure_inferred: false,
        };
        let mut weak_measure = None;
        for column in 0..width {
            let name = name(rows_of_head, column);
            let Some((role, year)) = role(&name) else {
                if weak_measure.is_none() && is_weak_measure(&name) {
                    weak_measure = Some(column);
                }
                continue;
            };
            if header.roles.contains(&Some(role)) {
                continue;
            }
            header.roles[column] = Some(role);
            match role {
                Role::Cell(Column::Results) => header.results_year = year,
                Role::Cell(Column::Plans) => header.plans_year = year,
                _ => {}
            }
        }
        header.complete(weak_measure)
    }

    /// Both of the last columns, or one of them beside the measure's, make a head.
    fn complete(mut self, weak_measure: Option<usize>) -> Option<Header> {
        let measure = self.column(Role::Cell(Column::Measure));
        let results = self.column(Role::Cell(Column::Results));
        let plans = self.column(Role::Cell(Column::Plans));
        let first = match (measure, results, plans) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => return Some(self),
            (None, Some(results), Some(plans)) => results.min(plans),
            _ => return None,
        };
        let beside = (0..first).rev().find(|column| self.roles[*column].is_none());
        let column = weak_measure.filter(|column| *column < first).or(beside)?;
        self.measure_inferred = weak_measure != Some(column);
        self.roles[column] = Some(Role::Cell(Column::Measure));
        Some(self)
    }

    /// The column of a role.
    pub(super) fn column(&self, role: Role) -> Option<usize> {
        self.roles.iter().position(|other| *other == Some(role))
    }

    fn worth(&self) -> usize {
        let roles = self.roles.iter().flatten().count();
        roles * 2 + usize::from(self.results_year.is_some()) + usize::from(self.plans_year.is_some())
            - usize::from(self.measure_inferred)
    }
}

/// The name of a column: what stands in it over the rows of the head, cells that reach across or down read once.
fn name(rows: &[GridRow], column: usize) -> String {
    let mut name = String::new();
    for row in rows {
        let mut at = column;
        while at > 0 && row.slots.get(at) == Some(&Slot::Left) {
            at -= 1;
        }
        if let Some(words) = row.slots.get(at).and_then(Slot::words) {
            if words.text.len() > LONGEST_HEAD {
                return String::new();
            }
            name.push_str(&words.text);
        }
    }
    bare(&name)
}

/// Without blanks, line breaks, width and remarks in brackets: `令和６\n(2024) 年度` is 令和6年度.
fn bare(name: &str) -> String {
    let mut depth = 0_u32;
    let mut bare = String::new();
    for c in fold_width(name).chars() {
        match c {
            '(' | '<' => depth += 1,
            ')' | '>' => depth = depth.saturating_sub(1),
            c if depth > 0 || c.is_whitespace() || matches!(c, '【' | '】' | '[' | ']' | '「' | '」') => {
            }
            c => bare.push(c),
        }
    }
    bare
}

fn role(name: &str) -> Option<(Role, Option<FiscalYear>)> {
    let short = name.chars().count() <= LONGEST_NAME;
    if name.contains("該当箇所") && name.chars().count() <= 2 * LONGEST_NAME {
        return Some((Role::Cell(Column::Measure), None));
    }
    for (column, words) in [(Column::Plans, &["予定"][..]), (Column::Results, &["実績", "状況"])] {
        if let Some(year) = anatomy::column_year(name, words) {
            return Some((Role::Cell(column), Some(year)));
        }
        if short && words.iter().any(|word| name.contains(word)) {
            return Some((Role::Cell(column), None));
        }
    }
    let ministries = ["担当", "所管", "府省", "省庁"].iter().any(|word| name.contains(word));
    (short && ministries).then_some((Role::Ministries, None))
}

/// Names that the measure's column has where it is not called 該当箇所.
fn is_weak_measure(name: &str) -> bool {
    matches!(
        name,
        "施策" | "具体的施策" | "取組" | "項目" | "基本計画" | "計画の記載" | "基本計画の記載" | "施策の内容"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::followup::grid::Place;

    fn grid(rows: &[&[&str]]) -> Grid {
        let row = |(index, cells): (usize, &&[&str])| {
            let slots = cells.iter().map(|text| match *text {
                "^" => Slot::Above,
                "<" => Slot::Left,
                text => Slot::of(text),
            });
            GridRow::new(Place::Line(u32::try_from(index).unwrap() + 1), slots.collect())
        };
        Grid { name: String::new(), rows: rows.iter().enumerate().map(row).collect() }
    }

    #[test]
    fn a_head_is_found_in_every_spelling_of_its_years() {
        for (results, plans) in [
            ("令和6年度の実績・状況", "令和7年度の取組予定"),
            ("令和６年度の\n実績・状況", "令和７年度の\n取組予定"),
            ("2024年度の実績・状況", "2025年度の取組予定"),
            ("令和6（2024）年度の実績・状況（令和7年3月末時点）", "R7年度 取組予定"),
        ] {
            let header = Header::find(&grid(&[&["該当\n箇所", results, plans]]))
                .unwrap_or_else(|| panic!("{results}"));
            assert_eq!(
                (header.results_year, header.plans_year),
                (Some(FiscalYear::new(2024)), Some(FiscalYear::new(2025))),
                "{results}"
            );
        }
    }

    #[test]
    fn a_head_of_two_rows_below_a_title_is_one_head() {
        let found = Header::find(&grid(&[
            &["各省における取り組みの状況について", "", "", ""],
            &["該当箇所", "担当", "令和6年度", "令和7年度"],
            &["^", "^", "実績・状況", "取組予定"],
        ]));
        let header = found.unwrap();
        assert_eq!(header.rows, 1..3);
        assert_eq!(header.column(Role::Ministries), Some(1));
        assert_eq!(header.plans_year, Some(FiscalYear::new(2025)));
    }

    #[test]
    fn a_title_that_speaks_of_the_state_of_things_is_no_head() {
        assert_eq!(
            Header::find(&grid(&[&["各省における取り組みの状況について", "今後の予定についての資料である"]])),
            None
        );
    }

    #[test]
    fn a_head_that_does_not_name_the_measure_takes_the_column_beside_the_results() {
        let header = Header::find(&grid(&[&["No", "", "令和6年度の実績", "令和7年度の予定"]])).unwrap();
        assert_eq!(header.column(Role::Cell(Column::Measure)), Some(1));
        assert!(header.measure_inferred);
    }
}
