//! Advisories in memory, found by package. The compact file that is read in place lives in `index`.

use std::collections::HashMap;

use super::osv::Prepared;
use super::package::{Package, base};
use super::verdict::{Clear, Step, Verdict};
use crate::advisory::Advisory;

/// Entries of advisories by ecosystem and name.
#[derive(Default)]
pub struct Index {
    advisories: Vec<Advisory>,
    entries: Vec<Entry>,
    by_package: HashMap<String, HashMap<String, Vec<usize>>>,
}

struct Entry {
    advisory: usize,
    affected: usize,
    prepared: Prepared,
}

/// An advisory's entry that reaches a package, or may.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding<'a> {
    /// The advisory.
    pub advisory: &'a Advisory,
    /// The index into `Advisory::affected`.
    pub affected: usize,
    /// The answer.
    pub verdict: Verdict,
}

impl Index {
    /// Adds an advisory; entries that name no package of an ecosystem are kept with it but never found here.
    pub fn add(&mut self, advisory: Advisory) {
        for (affected, entry) in advisory.affected.iter().enumerate() {
            let Some(prepared) = Prepared::of(&advisory, entry) else { continue };
            let (ecosystem, name) = prepared.package();
            let names = self.by_package.entry(ecosystem.to_owned()).or_default();
            names.entry(name.to_owned()).or_default().push(self.entries.len());
            self.entries.push(Entry { advisory: self.advisories.len(), affected, prepared });
        }
        self.advisories.push(advisory);
    }

    /// Every advisory, in the order of adding.
    pub fn advisories(&self) -> &[Advisory] {
        &self.advisories
    }

    /// Whether anything is said about any package of an ecosystem: where not, silence means nothing.
    pub fn knows(&self, ecosystem: &str) -> bool {
        self.by_package.contains_key(base(ecosystem))
    }

    /// The first advisory of an id.
    pub fn advisory(&self, id: &str) -> Option<&Advisory> {
        self.advisories.iter().find(|advisory| advisory.id == id)
    }

    /// What is said about a package: every entry that names it, except those of other releases.
    pub fn judge(&self, package: &Package) -> impl Iterator<Item = Finding<'_>> {
        self.naming(package).filter_map(|entry| {
            let verdict = entry.prepared.judge(package);
            (verdict != Verdict::NotAffected(Clear::NotNamed)).then(|| Finding {
                advisory: &self.advisories[entry.advisory],
                affected: entry.affected,
                verdict,
            })
        })
    }

    /// The steps by which an advisory's entries were judged, each with the index of the entry.
    pub fn explain(&self, package: &Package, id: &str) -> Vec<(usize, Verdict, Vec<Step>)> {
        let entries = self.naming(package).filter(|entry| self.advisories[entry.advisory].id == id);
        entries
            .map(|entry| {
                let (verdict, steps) = entry.prepared.explain(package);
                (entry.affected, verdict, steps)
            })
            .collect()
    }

    fn naming(&self, package: &Package) -> impl Iterator<Item = &Entry> {
        let names = self.by_package.get(base(package.ecosystem()));
        let places = names.and_then(|names| names.get(package.name())).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.entries[*place])
    }
}
