//! Programmes across years. Sheets of several years, and the records of programmes that the plan's documents
//! name, become one group where a number or a document says so, or where the full name and ministry are equal
//! in adjacent years. Similarity alone never merges anything, and every union keeps its evidence.

mod name;
mod unions;

use std::collections::{BTreeMap, HashMap};

use base::{FiscalYear, Names, Source};
use rayon::prelude::*;
use register::{Belief, RecordRef};
use serde::Serialize;

use crate::view::{Sheet, View};
use unions::Unions;

pub use name::{NameParts, parts};

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
        self.sheets.last().and_then(|&at| view.sheets.get(at).map(AsRef::as_ref))
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
        let unions = Unions::of(view, &sheet_names);
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

fn groups(view: &View, names: &[NameParts], mut unions: Unions) -> Vec<ProgrammeGroup> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..unions.count() {
        let root = unions.root(at);
        members.entry(root).or_default().push(at);
    }
    let mut evidence: HashMap<usize, Vec<Union>> = HashMap::new();
    for (later, earlier, belief, why) in unions.take_evidence() {
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
mod tests;
