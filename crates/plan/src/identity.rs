//! Programmes across years. Sheets of several years, and the records of programmes that the plan's documents
//! name, become one group where a number or a document says so, or where the full name and ministry are equal
//! in adjacent years. Similarity alone never merges anything, and every union keeps its evidence.

use std::collections::{BTreeMap, HashMap};

use base::text::name_key;
use base::{FiscalYear, Names, Source};
use rayon::prelude::*;
use register::{Belief, RecordRef};
use serde::Serialize;

use crate::ministry;
use crate::view::{Sheet, View};

/// The parts of a programme's printed name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// Key of the whole name, without a former name in brackets and without a leading fiscal year.
    pub key: String,
    /// 「甲（うち乙）」: the key of 乙. The sheet is about 乙 alone.
    pub part: Option<String>,
    /// And the key of 甲, of which it is a part. Two parts of one parent are two programmes.
    pub parent: Option<String>,
    /// 「甲（旧：丙）」: the key of 丙.
    pub former: Option<String>,
}

/// A name that a programme bore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NameInYear {
    /// The year of the sheet; `None` for a name from the plan's documents.
    pub year: Option<FiscalYear>,
    /// The name as printed.
    pub name: String,
}

/// Why two sheets or records are taken for one programme.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Union {
    /// The later of the two.
    pub later: RecordRef,
    /// The earlier.
    pub earlier: RecordRef,
    /// Stated by a number or a document, or suggested by equal names.
    pub belief: Belief,
    /// In words.
    pub why: Names,
}

/// A programme that follows another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Succession {
    /// Key of the newer programme.
    pub newer: String,
    /// Key of the older one.
    pub older: String,
    /// Why.
    pub belief: Belief,
    /// In words, with the words of the document.
    pub why: String,
    /// Where it is said.
    pub sources: Vec<Source>,
}

/// One programme over the years.
#[derive(Clone, Debug, Serialize)]
pub struct ProgrammeGroup {
    /// Its key: that of the newest RS sheet, else of the newest sheet, else the id of its record.
    pub key: String,
    /// Every key it is or was known by, its own included. Decisions of people are found by any of them.
    pub keys: Vec<String>,
    /// Its newest name.
    pub name: String,
    /// Every name it bore, newest first.
    pub names: Vec<NameInYear>,
    /// The programme it is a part (うち) of, as printed.
    pub parent: Option<String>,
    /// Its ministry; empty where it is not printed.
    pub ministry: String,
    /// Sheets, as places in [`View::sheets`], oldest first.
    pub sheets: Vec<usize>,
    /// Records of the plan's documents, as places in [`View::programmes`].
    pub records: Vec<usize>,
    /// Why these are one.
    pub unions: Vec<Union>,
}

impl ProgrammeGroup {
    /// Its newest sheet.
    pub fn newest<'v>(&self, view: &'v View) -> Option<&'v Sheet> {
        self.sheets.last().and_then(|&at| view.sheets.get(at))
    }
}

/// All programmes, and how to find one by name.
#[derive(Clone, Debug, Default)]
pub struct Programmes {
    /// The groups, by key.
    pub groups: Vec<ProgrammeGroup>,
    /// Successions between them.
    pub successions: Vec<Succession>,
    by_name: HashMap<String, Vec<usize>>,
    by_key: HashMap<String, usize>,
}

impl Programmes {
    /// Groups the sheets and programme records of a view.
    pub fn of(view: &View) -> Self {
        let sheet_names: Vec<NameParts> = view.sheets.par_iter().map(|sheet| parts(&sheet.name)).collect();
        let mut unions = Unions::new(view.sheets.len() + view.programmes.len());
        by_number(view, &mut unions);
        by_past_sheets(view, &sheet_names, &mut unions);
        by_former_name(view, &sheet_names, &mut unions);
        by_equal_name(view, &sheet_names, &mut unions);
        by_record(view, &sheet_names, &mut unions);
        let mut programmes =
            Programmes { groups: groups(view, &sheet_names, unions), ..Programmes::default() };
        programmes.index(view, &sheet_names);
        programmes.successions = successions(view, &programmes);
        programmes
    }

    /// The groups that bear or bore a name, in full or as a part. More than one means the name is ambiguous.
    pub fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(&parts(name).key).map_or(&[], Vec::as_slice)
    }
    /// The group known by a key, old keys included.
    pub fn by_key(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }

    fn index(&mut self, view: &View, names: &[NameParts]) {
        for (at, group) in self.groups.iter().enumerate() {
            let mut keys: Vec<String> = Vec::new();
            for &sheet in &group.sheets {
                keys.push(names[sheet].key.clone());
                keys.extend(names[sheet].part.clone());
                keys.extend(view.sheets[sheet].other_names.iter().map(|name| parts(name).key));
            }
            for &record in &group.records {
                let programme = &view.programmes[record];
                keys.push(parts(&programme.name).key);
                keys.extend(programme.other_names.iter().map(|name| parts(name).key));
            }
            keys.sort();
            keys.dedup();
            for key in keys {
                self.by_name.entry(key).or_default().push(at);
            }
            for key in &group.keys {
                self.by_key.entry(key.clone()).or_insert(at);
            }
        }
    }
}

/// Takes a printed name apart.
pub fn parts(name: &str) -> NameParts {
    let mut key = name_key(name);
    let mut parts = NameParts::default();
    if let Some((open, close, inner)) = bracket(&key, &["(旧:", "(旧名称:", "(旧事業名:", "(旧事業名", "(旧"])
    {
        parts.former = Some(inner);
        key.replace_range(open..close, "");
    }
    let key = without_year(&key).to_owned();
    if let Some((open, close, inner)) = bracket(&key, &["(うち、", "(うち"])
        && close == key.len()
    {
        parts.parent = Some(key[..open].to_owned());
        parts.part = Some(inner);
    }
    parts.key = key;
    parts
}

/// The bracket that begins with one of the openings: its bytes and its inner text.
fn bracket(key: &str, openings: &[&str]) -> Option<(usize, usize, String)> {
    let (open, opening) = openings.iter().find_map(|opening| Some((key.find(opening)?, opening)))?;
    let inner = open + opening.len();
    let mut depth = 1;
    for (at, c) in key[inner..].char_indices() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            let text = &key[inner..inner + at];
            return (!text.is_empty()).then(|| (open, inner + at + 1, text.to_owned()));
        }
    }
    None
}

/// 令和6年度…事業 is the same programme in the next year.
fn without_year(key: &str) -> &str {
    let Some(end) = key.find("年度") else { return key };
    let (year, rest) = (&key[..end + "年度".len()], &key[end + "年度".len()..]);
    if year.parse::<FiscalYear>().is_ok() && !rest.is_empty() { rest } else { key }
}

/// A union-find over sheets and records that remembers why.
struct Unions {
    parent: Vec<usize>,
    evidence: Vec<(usize, usize, Belief, Names)>,
}

impl Unions {
    fn new(count: usize) -> Self {
        Unions { parent: (0..count).collect(), evidence: Vec::new() }
    }
    fn root(&mut self, mut at: usize) -> usize {
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

fn groups(view: &View, names: &[NameParts], mut unions: Unions) -> Vec<ProgrammeGroup> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..unions.parent.len() {
        let root = unions.root(at);
        members.entry(root).or_default().push(at);
    }
    let mut evidence: HashMap<usize, Vec<Union>> = HashMap::new();
    for (later, earlier, belief, why) in std::mem::take(&mut unions.evidence) {
        let union = Union { later: reference(view, later), earlier: reference(view, earlier), belief, why };
        evidence.entry(unions.root(later)).or_default().push(union);
    }
    let mut groups: Vec<ProgrammeGroup> = members
        .into_iter()
        .map(|(root, members)| group(view, names, &members, evidence.remove(&root).unwrap_or_default()))
        .collect();
    groups.sort_by(|a, b| a.key.cmp(&b.key));
    groups
}

fn group(view: &View, names: &[NameParts], members: &[usize], mut unions: Vec<Union>) -> ProgrammeGroup {
    let count = view.sheets.len();
    let (sheets, records): (Vec<usize>, Vec<usize>) = members.iter().partition(|&&at| at < count);
    let records: Vec<usize> = records.into_iter().map(|at| at - count).collect();
    let newest_rs = sheets.iter().rev().find(|&&at| view.sheets[at].rs_id.is_some());
    let newest = newest_rs.or(sheets.last()).copied();
    let record_keys = records.iter().map(|&at| view.programmes[at].origin.id().to_owned());
    let mut keys: Vec<String> =
        sheets.iter().rev().map(|&at| sheet_key(&view.sheets[at])).chain(record_keys).collect();
    let key =
        newest.map_or_else(|| keys.first().cloned().unwrap_or_default(), |at| sheet_key(&view.sheets[at]));
    keys.sort();
    keys.dedup();
    let sheet_names = sheets.iter().rev().flat_map(|&at| {
        let sheet = &view.sheets[at];
        let all = std::iter::once(&sheet.name).chain(&sheet.other_names);
        all.map(|name| NameInYear { year: Some(sheet.sheet_year), name: name.clone() })
    });
    let record_names =
        records.iter().map(|&at| NameInYear { year: None, name: view.programmes[at].name.clone() });
    let names_borne: Vec<NameInYear> = sheet_names.chain(record_names).collect();
    let ministries = sheets.iter().rev().map(|&at| &view.sheets[at].ministry);
    let mut ministries = ministries.chain(records.iter().map(|&at| &view.programmes[at].ministry));
    unions.sort_by(|a, b| (&a.later, &a.earlier).cmp(&(&b.later, &b.earlier)));
    ProgrammeGroup {
        key,
        keys,
        name: names_borne.first().map(|name| name.name.clone()).unwrap_or_default(),
        names: names_borne,
        parent: newest.and_then(|at| names[at].parent.clone()),
        ministry: ministries.find(|name| !name.is_empty()).cloned().unwrap_or_default(),
        sheets,
        records,
        unions,
    }
}

fn sheet_key(sheet: &Sheet) -> String {
    match (sheet.key.as_str(), sheet.rs_id) {
        ("", Some(id)) => format!("rs-{id}"),
        ("", None) => sheet.origin.id().to_owned(),
        (key, _) => key.to_owned(),
    }
}

fn reference(view: &View, at: usize) -> RecordRef {
    let origin = match view.sheets.get(at) {
        Some(sheet) => &sheet.origin,
        None => &view.programmes[at - view.sheets.len()].origin,
    };
    origin.record.clone()
}

/// Successions that records link and that rows of the follow-up state in words (Xの後継事業となるY).
fn successions(view: &View, programmes: &Programmes) -> Vec<Succession> {
    let mut found: Vec<Succession> = Vec::new();
    let mut add =
        |newer: Option<usize>, older: Option<usize>, belief: Belief, why: String, sources: Vec<Source>| {
            let (Some(newer), Some(older)) = (newer, older) else { return };
            let (newer, older) = (programmes.groups[newer].key.clone(), programmes.groups[older].key.clone());
            if newer != older && !found.iter().any(|known| known.newer == newer && known.older == older) {
                found.push(Succession { newer, older, belief, why, sources });
            }
        };
    for programme in &view.programmes {
        for link in programme.links.iter().filter(|link| link.kind == "succeeds") {
            let sources =
                link.source.clone().map_or_else(|| programme.origin.sources.clone(), |source| vec![source]);
            let newer = programmes.by_key(programme.origin.id());
            add(
                newer,
                programmes.by_key(link.to.record.as_str()),
                link.belief.clone(),
                link.why.clone(),
                sources,
            );
        }
    }
    for row in &view.rows {
        for quoted in [&row.results, &row.plans].into_iter().flat_map(|text| crate::budget_text::find(text)) {
            let only = |name: &Option<String>| match name.as_deref().map(|name| programmes.named(name)) {
                Some([one]) => Some(*one),
                _ => None,
            };
            let why = format!(
                "「{}の後継事業となる{}」",
                quoted.succeeds.as_deref().unwrap_or_default(),
                quoted.programme.as_deref().unwrap_or_default()
            );
            add(
                only(&quoted.programme),
                only(&quoted.succeeds),
                Belief::Stated,
                why,
                row.origin.sources.clone(),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::record;
    use serde_json::{Value, json};

    fn sheet(id: &str, year: i32, name: &str, more: impl Into<Value>) -> register::Record {
        let mut fields = json!({ "sheet_year": year, "name": name, "ministry": "経済産業省", "key": id });
        fields.as_object_mut().unwrap().extend(more.into().as_object().unwrap().clone());
        record(&format!("programme-sheet:{id}"), fields, vec![])
    }

    fn groups_of(records: &[register::Record]) -> Vec<Vec<String>> {
        let programmes = Programmes::of(&View::from_records(records));
        programmes.groups.into_iter().map(|group| group.keys).collect()
    }

    #[test]
    fn the_parts_of_a_name_are_told_apart() {
        let name = parts("スタートアップ支援事業（うち医工連携グローバル展開事業）");
        assert_eq!(name.part.as_deref(), Some("医工連携グローバル展開事業"));
        assert_eq!(name.parent.as_deref(), Some("スタートアップ支援事業"));
        let name = parts("強靱化事業(旧:先進技術開発事業)");
        assert_eq!((name.key.as_str(), name.former.as_deref()), ("強靱化事業", Some("先進技術開発事業")));
        assert_eq!(parts("令和６年度適正化事業").key, parts("適正化事業").key);
        assert_eq!(parts("甲事業（うち乙）の推進").part, None, "a bracket inside a name is no part");
    }

    #[test]
    fn one_number_is_one_programme_whatever_its_names() {
        let groups = groups_of(&[
            sheet("a", 2024, "安定供給確保事業", json!({ "rs_id": 7729 })),
            sheet("b", 2025, "リスク評価及び安定供給確保事業", json!({ "rs_id": 7729 })),
        ]);
        assert_eq!(groups, [["a", "b"]]);
    }

    #[test]
    fn two_parts_of_one_parent_stay_two_programmes() {
        let groups = groups_of(&[
            sheet("a", 2024, "甲事業（うち乙事業）", json!({ "rs_id": 1 })),
            sheet("b", 2024, "甲事業（うち丙事業）", json!({ "rs_id": 2 })),
        ]);
        assert_eq!(groups.len(), 2);
    }

    #[test]
    fn similar_names_are_never_merged() {
        let groups = groups_of(&[
            sheet("a", 2020, "医工連携事業化推進事業", json!({})),
            sheet("b", 2021, "医工連携イノベーション推進事業", json!({})),
        ]);
        assert_eq!(groups.len(), 2);
    }

    #[test]
    fn equal_names_in_adjacent_years_are_only_suggested() {
        let records = [sheet("a", 2020, "甲事業", json!({})), sheet("b", 2021, "甲 事業", json!({}))];
        let programmes = Programmes::of(&View::from_records(&records));
        assert_eq!(programmes.groups[0].unions[0].belief, Belief::Suggested { score: None });
        let far = [sheet("a", 2018, "甲事業", json!({})), sheet("b", 2021, "甲事業", json!({}))];
        assert_eq!(groups_of(&far).len(), 2);
        let twice = [
            sheet("a", 2020, "甲事業", json!({})),
            sheet("b", 2021, "甲事業", json!({})),
            sheet("c", 2021, "甲事業", json!({})),
        ];
        assert_eq!(groups_of(&twice).len(), 3, "which of the two it is nobody has said");
    }

    #[test]
    fn a_sheet_states_its_own_past() {
        let past =
            json!({ "past_sheets": [{ "fiscal_year": 2020, "ministry": "経済産業省", "number": "0036" }] });
        let old = json!({ "old_number": "2021-経産-20-0037", "rs_id": 5 });
        let groups = groups_of(&[
            sheet("a", 2020, "甲事業", json!({ "number": "0036" })),
            sheet("b", 2021, "乙事業", {
                let mut p = past;
                p["number"] = json!("2021-経産-20-0037");
                p
            }),
            sheet("c", 2024, "丙事業", old),
            sheet("d", 2022, "丁事業(旧:乙事業)", json!({})),
        ]);
        assert_eq!(groups, [["a", "b", "c", "d"]]);
    }

    #[test]
    fn a_record_joins_the_one_sheet_that_bears_its_name_and_brings_its_successions() {
        let successor = crate::sample::link("succeeds", "programme:old", Belief::Stated);
        let records = [
            sheet("rs-1", 2024, "支援事業（うち新事業）", json!({ "rs_id": 1 })),
            sheet("rs-2", 2024, "旧事業", json!({ "rs_id": 2 })),
            record("programme:new", json!({ "name": "新事業" }), vec![successor]),
            record("programme:old", json!({ "name": "旧事業" }), vec![]),
        ];
        let programmes = Programmes::of(&View::from_records(&records));
        assert_eq!(programmes.groups.len(), 2);
        assert_eq!(
            (programmes.successions[0].newer.as_str(), programmes.successions[0].older.as_str()),
            ("rs-1", "rs-2")
        );
        assert_eq!(programmes.named("新事業").len(), 1, "the inner name finds the part");
        assert_eq!(programmes.named("支援事業").len(), 0, "the parent is not the part");
    }

    #[test]
    fn the_order_of_records_does_not_matter() {
        let mut records = vec![
            sheet("a", 2019, "甲事業", json!({})),
            sheet("b", 2020, "甲事業", json!({})),
            sheet("c", 2021, "甲事業", json!({})),
            sheet("d", 2021, "乙事業", json!({})),
        ];
        let forward = groups_of(&records);
        records.reverse();
        assert_eq!(groups_of(&records), forward);
    }
}
