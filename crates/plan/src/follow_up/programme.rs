//! One programme's part of the follow-up: its names, money and results over the years.

use std::collections::BTreeMap;

use crate::identity::ProgrammeGroup;
use crate::join::Naming;
use crate::money::MoneyYear;
use crate::view::{Sheet, SheetResult, View};

use super::answer::{ProgrammeAnswer, ResultSeries, ResultYear};

/// What is known of a programme. The goals it serves are the caller's to add.
pub(super) fn answer(
    view: &View,
    group: &ProgrammeGroup,
    naming: Option<&Naming>,
    money: Vec<MoneyYear>,
) -> ProgrammeAnswer {
    let newest = group.newest(view);
    let sheets: Vec<&Sheet> =
        group.sheets.iter().filter_map(|&at| view.sheets.get(at).map(AsRef::as_ref)).collect();
    let records = group.records.iter().filter_map(|&at| view.programmes.get(at));
    let of_sheets = sheets.iter().rev().flat_map(|sheet| sheet.origin.sources.clone());
    let of_records = records.flat_map(|record| record.origin.sources.clone());
    ProgrammeAnswer {
        key: group.key.clone(),
        name: group.name.clone(),
        names: group.names.clone(),
        parent: group.parent.clone(),
        ministry: group.ministry.clone(),
        desk: newest.map(|sheet| sheet.desk.clone()).unwrap_or_default(),
        unions: group.unions.clone(),
        naming: naming.cloned(),
        start_year: newest.map(|sheet| sheet.start_year).unwrap_or_default(),
        end_year: newest.map(|sheet| sheet.end_year).unwrap_or_default(),
        goals: Vec::new(),
        money,
        results: results(&sheets),
        no_outcome_reason: newest.and_then(|sheet| sheet.no_outcome_reason.clone()),
        sources: of_sheets.chain(of_records).collect(),
    }
}

/// Indicators over the years. Each year is stated by several sheets; the newest that gives a value is believed.
///
/// An indicator is the same where kind, words and unit are the same. The goal around it is worded anew every year (until
/// FY2027, until FY2028 …) and tells series apart only where one sheet measures several goals by the same indicator.
fn results(sheets: &[&Sheet]) -> Vec<ResultSeries> {
    let mut series: Vec<ResultSeries> = Vec::new();
    let mut places: BTreeMap<((String, String, String), usize), usize> = BTreeMap::new();
    for sheet in sheets {
        let mut goals: BTreeMap<(String, String, String), Vec<String>> = BTreeMap::new();
        for result in &sheet.results {
            let key = |text: &str| base::text::name_key(text);
            let indicator = (result.kind.clone(), key(&result.indicator), key(&result.unit));
            let of_indicator = goals.entry(indicator.clone()).or_default();
            let goal = key(&result.goal);
            let nth = of_indicator.iter().position(|known| *known == goal).unwrap_or_else(|| {
                of_indicator.push(goal);
                of_indicator.len() - 1
            });
            let at = *places.entry((indicator, nth)).or_insert_with(|| {
                series.push(empty(result));
                series.len() - 1
            });
            let year = ResultYear {
                fiscal_year: result.fiscal_year,
                target: result.target.clone(),
                actual: result.actual.clone(),
                sources: sheet.origin.sources.clone(),
            };
            put(&mut series[at].years, year);
        }
    }
    for one in &mut series {
        one.years.sort_by_key(|year| year.fiscal_year);
    }
    series
}

fn empty(result: &SheetResult) -> ResultSeries {
    ResultSeries {
        kind: result.kind.clone(),
        term: result.term.clone(),
        goal: result.goal.clone(),
        indicator: result.indicator.clone(),
        unit: result.unit.clone(),
        years: Vec::new(),
    }
}

fn put(years: &mut Vec<ResultYear>, year: ResultYear) {
    let Some(known) = years.iter_mut().find(|known| known.fiscal_year == year.fiscal_year) else {
        years.push(year);
        return;
    };
    let says_more = year.actual.value().is_some() || known.actual.value().is_none();
    if says_more {
        let target = if year.target.value().is_some() { year.target.clone() } else { known.target.clone() };
        *known = ResultYear { target, ..year };
    }
}
