//! What changed since the last submission: rules with another verdict, documents, components, findings. Both sides are sealed, so that
//! the comparison sees the same of each.

use std::collections::BTreeMap;

use super::kind::DocumentKind;
use super::seal::{Sealed, SealedDocument, SealedFinding};
use super::verdict::Verdict;
use crate::sbom::{self, Difference};

/// What changed from an older file to a newer one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rules with another verdict; none where a rule was or is not there.
    pub verdicts: Vec<(String, Option<Verdict>, Option<Verdict>)>,
    /// Documents: what was named, what is named. Matched by kind and number.
    pub documents: Vec<(Option<SealedDocument>, Option<SealedDocument>)>,
    /// The bills.
    pub bills: Difference,
    /// Findings; none where nothing was looked up for one of the two, and nothing can be said.
    pub findings: Option<FindingChanges>,
    /// Inputs whose bytes are others, were added or are gone, by name.
    pub inputs: Vec<String>,
}

/// How findings changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingChanges {
    /// New ones.
    pub new: Vec<SealedFinding>,
    /// Those that are no more.
    pub gone: Vec<SealedFinding>,
    /// Those of which something else is stated: the older status and the newer finding.
    pub restated: Vec<(Option<String>, SealedFinding)>,
}

/// Compares an older file with a newer one.
pub fn changes(older: &Sealed, newer: &Sealed) -> Changes {
    let findings = older.findings.as_ref().zip(newer.findings.as_ref());
    Changes {
        verdicts: verdicts(older, newer),
        documents: documents(older, newer),
        bills: sbom::difference(&older.bill(), &newer.bill()),
        findings: findings.map(|(older, newer)| findings_changed(older, newer)),
        inputs: inputs(older, newer),
    }
}

impl Changes {
    /// Whether nothing is otherwise than it was, and everything could be compared.
    pub fn is_empty(&self) -> bool {
        self.verdicts.is_empty()
            && self.documents.is_empty()
            && self.bills.changes.is_empty()
            && self.findings.as_ref().is_some_and(|one| *one == FindingChanges::default())
    }
}

fn verdicts(older: &Sealed, newer: &Sealed) -> Vec<(String, Option<Verdict>, Option<Verdict>)> {
    let before: BTreeMap<&String, Verdict> =
        older.verdicts.iter().map(|(id, verdict)| (id, *verdict)).collect();
    let after: BTreeMap<&String, Verdict> =
        newer.verdicts.iter().map(|(id, verdict)| (id, *verdict)).collect();
    let of_newer =
        newer.verdicts.iter().map(|(id, verdict)| (id.clone(), before.get(id).copied(), Some(*verdict)));
    let dropped = older.verdicts.iter().filter(|(id, _)| !after.contains_key(id));
    let dropped = dropped.map(|(id, verdict)| (id.clone(), Some(*verdict), None));
    of_newer.chain(dropped).filter(|(_, before, after)| before != after).collect()
}

fn documents(older: &Sealed, newer: &Sealed) -> Vec<(Option<SealedDocument>, Option<SealedDocument>)> {
    type Sides<'a> = (Vec<&'a SealedDocument>, Vec<&'a SealedDocument>);
    let mut sides: BTreeMap<(DocumentKind, Option<&String>), Sides<'_>> = BTreeMap::new();
    for one in &older.documents {
        sides.entry((one.kind, one.id.as_ref())).or_default().0.push(one);
    }
    for one in &newer.documents {
        sides.entry((one.kind, one.id.as_ref())).or_default().1.push(one);
    }
    let mut changed = Vec::new();
    for (before, after) in sides.into_values() {
        let gone: Vec<_> = before.iter().filter(|one| !after.contains(one)).collect();
        let come: Vec<_> = after.iter().filter(|one| !before.contains(one)).collect();
        for at in 0..gone.len().max(come.len()) {
            let one = |side: &[&&SealedDocument]| side.get(at).map(|one| (**one).clone());
            changed.push((one(&gone), one(&come)));
        }
    }
    changed
}

fn findings_changed(older: &[SealedFinding], newer: &[SealedFinding]) -> FindingChanges {
    type Key<'a> = (&'a str, &'a str);
    fn keyed(findings: &[SealedFinding]) -> BTreeMap<Key<'_>, &SealedFinding> {
        findings.iter().map(|one| ((one.vulnerability.as_str(), one.component.as_str()), one)).collect()
    }
    let (before, after) = (keyed(older), keyed(newer));
    let mut changed = FindingChanges::default();
    for (key, one) in &after {
        match before.get(key) {
            None => changed.new.push((*one).clone()),
            Some(was) if was.status != one.status => {
                changed.restated.push((was.status.clone(), (*one).clone()));
            }
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    changed.gone.extend(gone.map(|(_, one)| (*one).clone()));
    changed
}

fn inputs(older: &Sealed, newer: &Sealed) -> Vec<String> {
    let sides = [(newer, older), (older, newer)];
    let mut names: Vec<String> = sides
        .into_iter()
        .flat_map(|(one, other)| one.inputs.iter().filter(|input| !other.inputs.contains(input)))
        .map(|input| input.file.clone())
        .collect();
    names.sort();
    names.dedup();
    names
}
