//! The rules by which sheets and records are one programme, and the bookkeeping of why.

use std::collections::{BTreeMap, HashMap};

use base::{BudgetKind, FiscalYear, Names, Yen};
use register::Belief;

use super::name::{NameParts, parts};
use crate::ministry;
use crate::view::{Sheet, View};

/// Later, earlier, belief and reason of a union.
type Evidence = (usize, usize, Belief, Names);

/// A union-find over sheets and records that remembers why.
pub(super) struct Unions {
    parent: Vec<usize>,
    evidence: Vec<Evidence>,
}

impl Unions {
    /// Applies all rules, the certain ones first.
    pub(super) fn of(view: &View, names: &[NameParts]) -> Self {
        let mut unions = Unions::new(view.sheets.len() + view.programmes.len());
        by_number(view, &mut unions);
        by_past_sheets(view, names, &mut unions);
        by_former_name(view, names, &mut unions);
        by_equal_name(view, names, &mut unions);
        by_shared_years(view, names, &mut unions);
        by_record(view, names, &mut unions);
        unions
    }
    /// How many sheets and records there are.
    pub(super) fn count(&self) -> usize {
        self.parent.len()
    }
    /// Why unions were made, once.
    pub(super) fn take_evidence(&mut self) -> Vec<Evidence> {
        std::mem::take(&mut self.evidence)
    }

    fn new(count: usize) -> Self {
        Unions { parent: (0..count).collect(), evidence: Vec::new() }
    }
    /// The group of a sheet or record.
    pub(super) fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }
    fn join(&mut self, later: usize, earlier: usize, belief: Belief, why: Names) {
        let (a, b) = (self.root(later), self.root(earlier));
        if a != b {
            // The smaller index stays the root, so that the result does not depend on the order of joins.
            self.parent[a.max(b)] = a.min(b);
            self.evidence.push((later, earlier, belief, why));
        }
    }
}

/// The budget-programme id of the RS system is stable from year to year.
fn by_number(view: &View, unions: &mut Unions) {
    let mut newest: HashMap<i64, usize> = HashMap::new();
    for (at, sheet) in view.sheets.iter().enumerate() {
        let Some(id) = sheet.rs_id else { continue };
        if let Some(earlier) = newest.insert(id, at) {
            let why = Names::of(format!("同じ予算事業ID {id}"), format!("the same budget-programme id {id}"));
            unions.join(at, earlier, Belief::Stated, why);
        }
    }
}

/// A sheet names its own past: JUDGIT by year and number, the RS system by the former number.
fn by_past_sheets(view: &View, names: &[NameParts], unions: &mut Unions) {
    let mut numbered: HashMap<(FiscalYear, &str), Vec<usize>> = HashMap::new();
    let mut unique: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, sheet) in view.sheets.iter().enumerate() {
        if !sheet.number.is_empty() {
            numbered.entry((sheet.sheet_year, sheet.number.as_str())).or_default().push(at);
            unique.entry(sheet.number.as_str()).or_default().push(at);
        }
    }
    for (at, sheet) in view.sheets.iter().enumerate() {
        for past in &sheet.past {
            let same_ministry =
                |other: &&usize| ministry::same(&view.sheets[**other].ministry, &sheet.ministry);
            let stated =
                numbered.get(&(past.year, past.number.as_str())).into_iter().flatten().filter(same_ministry);
            // Some sheets print another year beside the number of last year's sheet; the equal name settles it.
            let last =
                numbered.get(&(sheet.sheet_year.previous(), past.number.as_str())).into_iter().flatten();
            let last = last.filter(same_ministry).filter(|&&other| names[other].key == names[at].key);
            let found: Vec<usize> = stated.chain(last).copied().filter(|&other| other < at).collect();
            for earlier in found {
                let why = Names::of(
                    format!("過去のシートとして {} の {} を挙げている", past.year.japanese(), past.number),
                    format!("it names {} of {} as its past sheet", past.number, past.year),
                );
                unions.join(at, earlier, Belief::Stated, why);
            }
        }
        let Some(old) = &sheet.old_number else { continue };
        // Only a number that carries its year and ministry is unique over the years.
        let candidates = unique.get(old.as_str()).map_or(&[][..], Vec::as_slice);
        if let ([earlier], true) = (candidates, old.contains('-') && !old.is_ascii()) {
            let why = Names::of(format!("旧事業番号 {old}"), format!("former number {old}"));
            unions.join(at, *earlier, Belief::Stated, why);
        }
    }
}

/// 「甲（旧：丙）」 says that 丙 of an earlier year is the same programme of the same ministry.
fn by_former_name(view: &View, names: &[NameParts], unions: &mut Unions) {
    let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        by_key.entry(&name.key).or_default().push(at);
    }
    for (at, name) in names.iter().enumerate() {
        let Some(former) = &name.former else { continue };
        let sheet = &view.sheets[at];
        let earlier = by_key.get(former.as_str()).into_iter().flatten().filter(|&&other| {
            view.sheets[other].sheet_year < sheet.sheet_year
                && ministry::same(&view.sheets[other].ministry, &sheet.ministry)
        });
        if let Some(&earlier) = earlier.max_by_key(|&&other| view.sheets[other].sheet_year) {
            let why = Names::of("シートが旧名を記している", "the sheet gives the former name");
            unions.join(at, earlier, Belief::Stated, why);
        }
    }
}

/// Equal name, equal ministry, adjacent years, and no second sheet of that name in either year.
fn by_equal_name(view: &View, names: &[NameParts], unions: &mut Unions) {
    let mut by_year: BTreeMap<(&str, FiscalYear), Vec<usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        by_year.entry((name.key.as_str(), view.sheets[at].sheet_year)).or_default().push(at);
    }
    for ((key, year), sheets) in &by_year {
        let [later] = sheets.as_slice() else { continue };
        let Some([earlier]) = by_year.get(&(*key, year.previous())).map(Vec::as_slice) else { continue };
        let (a, b) = (&view.sheets[*later], &view.sheets[*earlier]);
        let two_ids = a.rs_id.is_some() && b.rs_id.is_some() && a.rs_id != b.rs_id;
        if !two_ids && ministry::same(&a.ministry, &b.ministry) {
            let why =
                Names::of("隣り合う年度で事業名と府省が同じ", "equal name and ministry in adjacent years");
            unions.join(*later, *earlier, Belief::Suggested { score: None }, why);
        }
    }
}

/// Equal name, equal ministry, sheets of some years missing between, and both sheets state the same money for the years
/// they share. Sheets reach back three years, so that a gap of one or two can be bridged by amounts, never by the name alone.
fn by_shared_years(view: &View, names: &[NameParts], unions: &mut Unions) {
    let mut by_name: BTreeMap<&str, BTreeMap<FiscalYear, Vec<usize>>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        by_name.entry(name.key.as_str()).or_default().entry(view.sheets[at].sheet_year).or_default().push(at);
    }
    for years in by_name.values() {
        let sheets: Vec<&Vec<usize>> = years.values().collect();
        for pair in sheets.windows(2) {
            let ([earlier], [later]) = (pair[0].as_slice(), pair[1].as_slice()) else { continue };
            let (a, b) = (&view.sheets[*earlier], &view.sheets[*later]);
            if ministry::same(&a.ministry, &b.ministry) && same_money(a, b) {
                let why = Names::of(
                    "事業名と府省が同じで、両方のシートにある年度の金額が一致する",
                    "equal name and ministry, and equal amounts for the years both sheets state",
                );
                unions.join(*later, *earlier, Belief::Suggested { score: None }, why);
            }
        }
    }
}

/// Whether two sheets state the same initial budget for every year they share, and for one year at least some money.
fn same_money(a: &Sheet, b: &Sheet) -> bool {
    let initial = |sheet: &Sheet| -> BTreeMap<FiscalYear, Yen> {
        let amounts = sheet.money.iter().filter(|money| money.kind == BudgetKind::Initial);
        amounts.filter_map(|money| Some((money.fiscal_year, *money.yen.value()?))).collect()
    };
    let (a, b) = (initial(a), initial(b));
    let shared: Vec<(Yen, Yen)> = a.iter().filter_map(|(year, yen)| Some((*yen, *b.get(year)?))).collect();
    shared.iter().any(|(yen, _)| yen.yen() > 0) && shared.iter().all(|(one, other)| one.agrees_with(*other))
}

/// A record of the plan's documents and the one programme that bears its name.
fn by_record(view: &View, names: &[NameParts], unions: &mut Unions) {
    let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        by_key.entry(&name.key).or_default().push(at);
        if let Some(part) = &name.part {
            by_key.entry(part).or_default().push(at);
        }
    }
    for (place, programme) in view.programmes.iter().enumerate() {
        let keys = std::iter::once(&programme.name).chain(&programme.other_names).map(|name| parts(name).key);
        let found: Vec<usize> = keys
            .flat_map(|key| by_key.get(key.as_str()).cloned().unwrap_or_default())
            .filter(|&at| {
                programme.ministry.is_empty()
                    || ministry::same(&programme.ministry, &view.sheets[at].ministry)
            })
            .collect();
        let Some(&newest) = found.iter().max_by_key(|&&at| view.sheets[at].sheet_year) else { continue };
        let root = unions.root(newest);
        if found.iter().all(|&at| unions.root(at) == root) {
            let why = Names::of(
                "資料の事業名とシートの事業名が同じ",
                "the document and the sheet print the same name",
            );
            unions.join(view.sheets.len() + place, newest, Belief::Suggested { score: None }, why);
        }
    }
}
